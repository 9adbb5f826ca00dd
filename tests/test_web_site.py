"""The sites' table, a site's page, and the list of stories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from browsing_town import NOON, Town
from starlette.testclient import TestClient
from web_desk import SITES, WebDesk

from monitor.web.pages.sites import chosen
from monitor.web.pages.stories import settled, shared
from monitor.web.thirty import answers, changes_chart, line_of
from monitor.web.wording import last_path
from storage.browsing import DayCount, ResponseDay, SiteCard
from storage.changes import ChangeKind
from storage.records import Outcome, Page, Role, Told
from storage.sql import open_archive

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Two columns, one of them quiet for weeks; 40 articles, 20 of them withdrawn; visits that failed."""
    opened = open_archive(f"sqlite:///{tmp_path_factory.mktemp('town') / 'shixun.db'}")
    opened.running.announce({"yunxi": "云溪发布"})
    town, late = Town(opened), NOON + timedelta(days=20)
    lively, quiet = town.column("lively"), town.column("xwdt")
    opened.crawling.enlist_columns("yunxi", [lively, quiet], NOON)
    town.article("old", column=quiet)
    pages = [town.article(f"n{number}", column=lively, at=late + timedelta(minutes=number)) for number in range(40)]
    for page in pages[:20]:
        town.tell(page, ChangeKind.REMOVED, late + timedelta(hours=1))
    town.visit("n30", Outcome.FAILED, late + timedelta(hours=2))
    town.visit("n31", Outcome.UNCHANGED, late + timedelta(hours=2), took=4321)
    yield town
    opened.close()


@pytest.fixture(scope="module")
def site(town: Town) -> TestClient:
    return WebDesk(town.archive, NOON + timedelta(days=20, hours=3)).client()


def text(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page)))


def part(page: str, name: str) -> str:
    """A section of a page, by its id."""
    return page.partition(f'id="{name}"')[2].partition("</section>")[0]


CARDS = [
    SiteCard("a", "乙", articles=1, withdrawn=5, columns=2, checked_at=NOON, news_at=None),
    SiteCard("b", "甲", articles=9, withdrawn=0, columns=2, checked_at=None, news_at=NOON),
    SiteCard(
        "c", "Alpha", articles=3, withdrawn=1, columns=3, checked_at=NOON + timedelta(1), news_at=NOON - timedelta(1)
    ),
]


@pytest.mark.parametrize(
    ("order", "keys"),
    [
        ("name", "cab"),
        ("articles", "bca"),
        ("withdrawn", "acb"),
        ("columns", "cab"),
        ("checked", "cab"),
        ("news", "bca"),
    ],
)
def test_sites_stand_in_the_order_asked_for(order: str, keys: str) -> None:
    assert "".join(card.key for card in chosen(CARDS, "", order)) == keys


@pytest.mark.parametrize(
    ("looked_for", "keys"), [("甲", "b"), ("ＡＬＰＨＡ", "c"), ("C", "c"), ("丙", ""), ("", "cab")]
)
def test_sites_are_chosen_by_name_or_key(looked_for: str, keys: str) -> None:
    assert "".join(card.key for card in chosen(CARDS, looked_for, "name")) == keys


def test_the_table_tells_all_sites(web: TestClient) -> None:
    page = web.get("/sites").text
    assert all(f'href="/site/{key}"' in page and name in page for key, name in SITES.items())
    assert page.count("<svg") == 2
    assert "近三十天的变动，最多一天" in page
    assert 'aria-sort="ascending"' in page


def test_the_table_is_filtered_and_sorted_by_its_form(web: TestClient) -> None:
    page = web.get("/sites?q=日报&sort=withdrawn").text
    assert re.findall(r'<th scope="row"><a href="/site/(\w+)"', page) == ["lanqiao"]
    assert 'value="日报"' in page
    assert '<option value="withdrawn" selected' in page
    assert "sort=news" in page
    assert "没有名称相符的站点" in web.get("/sites?q=%3Cb%3E").text


def test_a_site_tells_its_columns_and_which_are_overdue(site: TestClient) -> None:
    page = site.get("/site/yunxi").text
    told = [item.partition("</li>")[0] for item in page.split("<li>") if "最近新文章" in item]
    assert [("/xwdt/" in item, "逾期未更新" in item) for item in told] == [(False, False), (True, True)]


def test_a_column_is_named_and_an_article_says_whose_time_it_is(site: TestClient) -> None:
    page = site.get("/site/yunxi").text
    assert re.search(r'<a class="address" href="[^"]*/xwdt/" [^>]*title="[^"]*/xwdt/">…/yunxi/xwdt</a>', page)
    assert "首次收录 " in text(part(page, "before"))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://a.example/", "a.example"),
        ("http://a.example/index.html", "a.example"),
        ("http://a.example/zwgk/x/gsgg/index.html?p=1", "…/x/gsgg"),
    ],
)
def test_a_column_without_a_name_is_told_by_its_path(url: str, name: str) -> None:
    assert last_path(url) == name


def test_a_site_tells_how_it_answered(site: TestClient) -> None:
    page = site.get("/site/yunxi").text
    assert "失败 1 次" in page
    assert "最慢 4321 毫秒" in page
    assert re.search(r'<td class="number">4321</td>', page)


def test_articles_and_withdrawals_are_paged_each_by_itself(site: TestClient) -> None:
    seen: list[str] = []
    address: str | None = "/site/yunxi"
    while address:
        page = site.get(unescape(address)).text
        listed = re.findall(r'href="/article/(\d+)"', part(page, "before"))
        seen += listed
        assert len(re.findall(r'href="/article/', part(page, "gone"))) == 15
        further = re.search(r'href="([^"]*before=[^"]*)"', part(page, "before"))
        address = further[1] if further else None
    assert len(seen) == 41
    assert len(set(seen)) == 41
    assert seen == sorted(seen, key=int, reverse=True)
    further = re.search(r'href="([^"]*gone=[^"]*)"', part(page, "gone"))
    assert further is not None
    last = part(site.get(unescape(further[1])).text, "gone")
    assert len(re.findall(r'href="/article/', last)) == 5


def test_a_withdrawn_article_is_told_by_its_last_title(site: TestClient) -> None:
    assert "题n19说。" in text(part(site.get("/site/yunxi").text, "gone"))


@pytest.mark.parametrize("address", ["/site/nobody", "/site/yunxi?before=x", "/site/a%2Fb"])
def test_what_is_no_site_is_no_page(web: TestClient, address: str) -> None:
    assert web.get(address).status_code == 404


def test_what_pages_say_is_escaped(web_desk: WebDesk) -> None:
    web = web_desk.client()
    for address in ("/site/yunxi", "/sites", "/stories", "/site/yunxi?lang=en"):
        page = web.get(address).text
        assert "<script>alert" not in page
        assert "<img" not in page


def test_stories_lead_to_their_pages(web: TestClient, web_desk: WebDesk) -> None:
    page = web.get("/stories").text
    story, pages = web_desk.archive.browsing.stories(limit=1)[0]
    assert f'href="/story/{story}"' in page
    assert f"{len(pages)} 个页面" in text(page)


def test_a_story_is_told_by_its_first_title_and_who_withdrew_it() -> None:
    pages = [
        Page("a", "http://a/1", Role.ARTICLE, NOON, 1, listed_title="题"),
        Page("b", "http://b/1", Role.ARTICLE, NOON, 2, told=Told.REMOVED),
        Page("a", "http://a/2", Role.ARTICLE, NOON, 3),
    ]
    told = shared(7, pages, {})
    assert (told.title, told.sites, told.pages, told.withdrawn) == ("题", ("a", "b"), 3, 1)


def test_an_article_that_moved_is_no_copy_of_itself(web: TestClient, web_desk: WebDesk) -> None:
    moved = Page("a", "http://a/1", Role.ARTICLE, NOON, 1, told=Told.MOVED, moved_to="http://a/2")
    there, copy = replace(moved, url="http://a/2", told=Told.LIVE, moved_to=None), replace(moved, url="http://b/1")
    assert settled([moved, there]) == [there]
    assert settled([copy, there]) == [there]
    away = replace(moved, moved_to="http://elsewhere/")
    assert settled([away, there]) == [away, there]
    number = web_desk.archive.browsing.dossier(web_desk.page("6").id)
    assert number is not None
    assert f'"/story/{number.story}"' not in web.get("/stories").text
    answer = web.get(f"/story/{number.story}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/article/{web_desk.page('6').id}"


def test_nothing_is_drawn_of_nothing() -> None:
    assert line_of("k", "x", [], TODAY, "zh") == ""
    assert changes_chart([], TODAY, "zh") is None
    assert answers([], TODAY, "zh") is None
    silent = answers([ResponseDay(TODAY, 3, 3, 0)], TODAY, "zh")
    assert silent is not None
    assert silent.times is None


def test_thirty_days_are_drawn_each_with_its_words() -> None:
    chart = changes_chart([DayCount(TODAY, {ChangeKind.EDITED: 4, ChangeKind.NEW: 2})], TODAY, "en")
    assert chart is not None
    assert chart.most == 6
    assert chart.foot == ("25 Oct", "9 Nov", "23 Nov")
    assert chart.drawn.count("<g") == 30
    assert "23 Nov: 6" in chart.drawn
