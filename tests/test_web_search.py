"""The search page: the form, the marks, older versions, queries that cannot be read, pages of hits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from urllib.parse import quote, urlencode

import pytest
from browsing_town import NOON, Town
from starlette.testclient import TestClient
from web_desk import WebDesk

from monitor.search.query import Unreadable
from monitor.web.pages.search import Form, pieces
from storage.records import ChangeKind, Outcome
from storage.sql import open_archive


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """25 pages that say 河堤, one of them only in its older version."""
    opened = open_archive(f"sqlite:///{tmp_path_factory.mktemp('search') / 'shixun.db'}")
    opened.running.announce({"yunxi": "云溪发布", "lanqiao": "兰桥日报"})
    town = Town(opened)
    for number in range(24):
        town.visit(f"n{number}", Outcome.NEW_VERSION, NOON + timedelta(hours=number), said=f"加固河堤{number}处")
    town.visit("cut", Outcome.NEW_VERSION, NOON, site="lanqiao", said="河堤与<b>垮塌</b>")
    town.visit("cut", Outcome.NEW_VERSION, NOON + timedelta(hours=1), site="lanqiao", said="堤岸正常")
    yield WebDesk(opened, NOON + timedelta(days=3)).client()
    opened.close()


def text(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page)))


def hits(page: str) -> list[str]:
    return re.findall(r'<li class="item"><h2><a href="([^"]*)"', page)


def ask(site: TestClient, words: str, behind: str = "") -> str:
    answer = site.get(f"/search?q={quote(words)}{behind}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    ("marks", "cut"),
    [
        ([], [(False, "abcdef")]),
        ([(0, 2)], [(True, "ab"), (False, "cdef")]),
        ([(1, 2), (4, 6)], [(False, "a"), (True, "b"), (False, "cd"), (True, "ef")]),
        ([(0, 6)], [(True, "abcdef")]),
    ],
)
def test_a_text_is_cut_at_its_marks(marks: list[tuple[int, int]], cut: list[tuple[bool, str]]) -> None:
    assert list(pieces("abcdef", marks)) == cut


def test_the_fields_are_laid_over_the_words_filters() -> None:
    query = Form("河堤 site:a kind:new day:2025", "b", "removed", "2026-11-01", "").query()
    assert query.words == ("河堤",)
    assert (query.sites, query.kinds) == (frozenset({"b"}), frozenset({ChangeKind.REMOVED}))
    assert (query.first_day, query.last_day) == (date(2026, 11, 1), None)
    own = Form("河堤 site:a kind:new day:2025").query()
    assert (own.sites, own.kinds, own.last_day) == (frozenset({"a"}), frozenset({ChangeKind.NEW}), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        (Form("河堤", since="2026-11-31"), "day"),
        (Form("河堤", since="2026-11-02", until="2026-11-01"), "backwards"),
        (Form("河堤", kind="lost"), "kind"),
        (Form("", kind="removed"), "no-word"),
    ],
)
def test_fields_that_cannot_be_meant_are_unreadable(form: Form, fault: str) -> None:
    with pytest.raises(Unreadable) as caught:
        form.query()
    assert caught.value.fault == fault


def test_a_search_is_a_feed_where_one_query_says_it_all(site: TestClient) -> None:
    page = ask(site, "河堤", "&site=yunxi&from=2026-11-20&to=2026-11-21")
    feed = re.search(r'type="application/atom\+xml" href="([^"]*)"', page)
    assert feed is not None
    asked = Form("河堤", "yunxi", "", "2026-11-20", "2026-11-21")
    assert asked.in_words == "河堤 site:yunxi day:2026-11-20..2026-11-21"
    assert unescape(feed[1]) == "/feed/search.atom?" + urlencode({"q": asked.in_words})
    assert site.get(unescape(feed[1])).status_code == 200
    assert "atom+xml" not in ask(site, "河堤 site:lanqiao", "&site=yunxi")


def test_without_words_there_is_a_form_and_examples(site: TestClient) -> None:
    page = ask(site, "")
    assert hits(page) == []
    assert "没有找到" not in page
    examples = re.findall(r'<dt><a href="(/search\?q=[^"]*)"', page)
    assert len(examples) == 5
    assert all(site.get(unescape(example)).status_code == 200 for example in examples)
    assert page.count('type="search"') == 1


def test_hits_have_marks_and_lead_to_their_articles(site: TestClient) -> None:
    page = ask(site, "河堤7处")
    assert len(hits(page)) == 1
    assert "加固<mark>河堤7处</mark>" in page
    assert re.fullmatch(r"/article/\d+", hits(page)[0])
    assert 'value="河堤7处"' in page


def test_words_of_an_older_version_are_told_so(site: TestClient) -> None:
    page = ask(site, "垮塌")
    (address,) = hits(page)
    assert address.endswith("/v/1")
    assert "只见于旧版" in page
    assert re.search(r'href="/article/\d+/diff/1/2"', page)
    assert "<b>" not in page
    assert "<b>垮塌</b>" in text(page)
    assert "只见于旧版" not in ask(site, "堤岸")


def test_hits_are_paged_without_one_twice(site: TestClient) -> None:
    page = ask(site, "河堤")
    first = hits(page)
    onward = re.search(r'<link rel="next" href="([^"]*)"', page)
    assert onward is not None
    further = site.get(unescape(onward[1])).text
    assert len(first) == 20
    assert len({*first, *hits(further)}) == 25
    assert 'rel="next"' not in further
    assert "从头看起" in further
    assert "第 1–20 条" in page
    assert "第 21–25 条" in further


@pytest.mark.parametrize(
    ("behind", "number"),
    [
        ("&site=lanqiao", 1),
        ("&from=2026-11-21", 12),
        ("&to=2026-11-20&site=yunxi", 12),
        ("&kind=removed", 0),
        ("&to=1999-12-31", 0),
        ("&from=2100-01-01", 0),
    ],
)
def test_the_fields_narrow_what_is_found(site: TestClient, behind: str, number: int) -> None:
    assert len(hits(ask(site, "河堤", behind))) == number


@pytest.mark.parametrize(("words", "told"), [("青铜", "没有找到"), ("河堤 -加固 -垮塌", "没有找到")])
def test_nothing_found_is_told(site: TestClient, words: str, told: str) -> None:
    page = ask(site, words)
    assert told in page
    assert 'role="status"' in page


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("q=%22a", "引号没有成对"),
        ("q=a&from=x", "看不懂的日期"),
        ("q=a&site=nobody", "没有这个站点：nobody"),
        ("q=a&site=%22", "没有这个站点"),
        ("q=a&site=a%20b", "没有这个站点"),
        ("q=a&after=x", "翻页的位置"),
        ("kind=new", "请至少写一个"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(site: TestClient, query: str, told: str) -> None:
    answer = site.get(f"/search?{query}")
    assert answer.status_code == 400
    assert told in answer.text
    assert 'role="alert"' in answer.text


def test_what_was_typed_is_escaped(site: TestClient) -> None:
    page = site.get("/search", params={"q": '"><script>alert(1)</script>', "from": '"><b>'}).text
    assert "<script>alert" not in page
    assert '"><b>' not in page


def test_hostile_texts_are_escaped(web: TestClient) -> None:
    page = ask(web, "4156户")
    assert "<img" not in page
    assert "<script>fetch" not in page
