"""What the pages say, asked over HTTP from an archive with a day of everything in it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from threading import Event

import pytest
from starlette.testclient import TestClient
from web_desk import HOSTILE_TITLE, WebDesk

from monitor.config import Settings
from monitor.digest.wording import WORDS as DIGEST_WORDS
from monitor.titles import headline, titled
from monitor.web.app import build_app
from monitor.web.house import House
from monitor.web.pages import log
from monitor.web.phrases import en, zh
from storage.browsing import Entry, Wanted
from storage.errors import BodyUnreadable
from storage.records import Article, ChangeKind, PageKind, Told, china_day

KINDS = [
    ChangeKind.NEW,
    ChangeKind.EDITED,
    ChangeKind.REMOVED,
    ChangeKind.TAMPERED,
    ChangeKind.MOVED,
    ChangeKind.RESTORED,
]


def entry(web_desk: WebDesk, kind: ChangeKind) -> Entry:
    return web_desk.archive.browsing.changes(Wanted(kinds=[kind]), limit=1)[0]


def text(page: str) -> str:
    """What a reader sees of a page, roughly."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page)))


def addresses(web_desk: WebDesk) -> list[str]:
    """Every kind of page there is."""
    hostile, first = web_desk.page("hostile").id, web_desk.page("1").id
    story = web_desk.archive.browsing.stories(limit=1)[0][0]
    return [
        "/",
        "/day/2026-11-21",
        "/week/2026-11-20",
        "/day/2026-11-21/log",
        f"/article/{hostile}",
        f"/article/{hostile}/v/1",
        f"/article/{hostile}/v/2/snapshot",
        f"/article/{hostile}/diff/1/2",
        f"/article/{hostile}/diff/2/1?view=side",
        f"/article/{first}",
        f"/story/{story}",
        *(f"/change/{entry(web_desk, kind).change.id}" for kind in KINDS),
    ]


def test_the_tables_of_words_have_the_same_keys() -> None:
    assert set(zh.WORDS) == set(en.WORDS)
    for key in zh.WORDS:
        assert re.findall(r"\{\d\}", zh.WORDS[key]).sort() == re.findall(r"\{\d\}", en.WORDS[key]).sort()


def test_the_sites_words_and_the_digests_do_not_contradict() -> None:
    both = set(zh.WORDS) & set(DIGEST_WORDS["zh"])
    assert {key for key in both if zh.WORDS[key] != DIGEST_WORDS["zh"][key]} == set()


def test_no_page_lets_a_page_write_its_markup(web: TestClient, web_desk: WebDesk) -> None:
    shown = 0
    for address in addresses(web_desk):
        answer = web.get(address)
        assert answer.status_code == 200, address
        page = answer.text
        assert "\u202e" not in page
        for written in ("<script>", "onerror=alert(2)>", "<iframe src=http", "<style>@import", "<b>来源"):
            assert written not in page, address
        assert not re.search(r'href="(?!https?://|/|#)', page), address
        shown += "通知<script>alert(1)</script><img src=x onerror=alert(2)>" in text(
            page.replace("&lt;", "&amp;lt;")
        ) or ("&lt;script&gt;alert(1)" in page)
    assert shown >= 5


def test_a_tampered_page_is_never_linked(web: TestClient, web_desk: WebDesk) -> None:
    told = entry(web_desk, ChangeKind.TAMPERED)
    assert told.change.url.endswith("hijacked.html")
    ways = ("", "/v/1", "/v/2", "/diff/1/2", "/v/2/snapshot")
    for address in (f"/change/{told.change.id}", *(f"/article/{told.page_id}{way}" for way in ways)):
        page = web.get(address).text
        assert told.change.url in page or "/diff/" in address
        assert f'href="{told.change.url}"' not in page
    assert f'href="{told.change.url}"' not in web.get("/").text
    (new,) = web_desk.archive.browsing.changes(Wanted(kinds=[ChangeKind.NEW], page_id=told.page_id))
    assert f'href="{told.change.url}"' not in web.get(f"/change/{new.change.id}").text
    day = china_day(told.change.detected_at)
    for form in ("html", "md"):
        assert told.change.url not in re.findall(r'(?:href="|\(<)([^">]*)', web.get(f"/day/{day}.{form}").text)


def test_a_page_that_was_tampered_with_is_linked_again_once_it_is_restored(web: TestClient, web_desk: WebDesk) -> None:
    page = web_desk.page("4")
    assert f'href="{page.url}"' in web.get(f"/article/{page.id}").text
    tampered = web_desk.archive.browsing.changes(Wanted(kinds=[ChangeKind.TAMPERED], page_id=page.id))[0]
    assert f'href="{page.url}"' not in web.get(f"/change/{tampered.change.id}").text


def test_the_day_leads_to_articles_and_changes(web: TestClient, web_desk: WebDesk) -> None:
    told = entry(web_desk, ChangeKind.EDITED)
    day = web.get(f"/day/{china_day(told.change.detected_at)}").text
    assert f'href="/article/{told.page_id}"' in day
    assert f'href="/change/{told.change.id}"' in day


def test_a_day_before_anything_is_told_as_empty_and_a_day_to_come_is_no_page(
    web: TestClient, web_desk: WebDesk
) -> None:
    assert "没有变化" in web.get("/day/2020-01-01").text
    assert web.get("/day/2027-01-01").status_code == 404
    assert 'rel="next"' not in web.get("/").text
    assert 'rel="next"' in web.get("/day/2026-11-19").text
    assert web_desk.now.year == 2026


@pytest.mark.parametrize(
    ("form", "kind"), [("html", "text/html"), ("md", "text/markdown"), ("json", "application/json")]
)
def test_a_day_can_be_had_as_a_file(web: TestClient, form: str, kind: str) -> None:
    answer = web.get(f"/day/2026-11-20.{form}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert "sandbox" in answer.headers["content-security-policy"] or form != "html"


@pytest.mark.parametrize(
    "address",
    [
        "/day/2026-02-30",
        "/day/2026-13-01",
        "/day/0001-01-01",
        "/day/2026-11-20.exe",
        "/day/2026-11-20.mail",
        "/day/２０２６-11-20",
        "/article/0",
        "/article/01",
        "/article/-1",
        "/article/99999999999999999999",
        "/article/999999999",
        "/article/1/v/0",
        "/article/1/v/999",
        "/article/1/diff/1/999",
        "/article/1/diff?from=1",
        "/article/1/diff?from=x&to=2",
        "/change/999999999",
        "/story/999999999",
        "/snapshot/1/999",
        "/snapshot/999999999/1",
        "/article/1/v/1/snapshot/",
        "/static/../app.py",
        "/static/..%2fapp.py",
    ],
)
def test_what_is_not_there_is_no_page(web: TestClient, address: str) -> None:
    answer = web.get(address)
    assert answer.status_code == 404
    assert "没有这一页" in answer.text


def test_an_article_tells_what_happened_newest_first(web: TestClient, web_desk: WebDesk) -> None:
    page = web_desk.page("1")
    shown = web.get(f"/article/{page.id}").text
    kinds = re.findall(r'class="badge b-(\w+)"', shown)
    assert kinds == ["edited", "edited", "new"]
    assert f'href="/article/{page.id}/diff/1/2"' in shown
    assert f'href="/article/{page.id}/v/3/snapshot"' in shown
    assert "4156户" in shown
    assert "<del>4156户</del>" in shown
    assert "<ins>4165户</ins>" in shown
    assert f'href="{page.url}"' in shown


def test_a_column_is_no_article(web: TestClient, web_desk: WebDesk) -> None:
    web_desk.archive.crawling.enlist_columns("yunxi", ("http://www.yunxi.example/news/",), web_desk.now)
    column = web_desk.archive.browsing.page_at("http://www.yunxi.example/news/")
    assert column is not None
    assert web.get(f"/article/{column.id}").status_code == 404


def test_two_versions_are_compared_both_ways(web: TestClient, web_desk: WebDesk) -> None:
    page = web_desk.page("1").id
    inline = web.get(f"/article/{page}/diff/1/2").text
    assert "<del>4156户</del><ins>4165户</ins>" in inline
    side = web.get(f"/article/{page}/diff/1/2?view=side").text
    assert "<del>4156户</del>" in side
    assert "<del>4156户</del><ins>4165户</ins>" not in side.partition('class="texts"')[2]
    back = web.get(f"/article/{page}/diff/2/1").text
    assert "<del>4165户</del><ins>4156户</ins>" in back
    assert zh.WORDS["backwards"] in back
    assert web.get(f"/article/{page}/diff/2/3").text.count("市政府研究") >= 2


def test_a_choice_of_two_versions_leads_to_their_comparison(web: TestClient, web_desk: WebDesk) -> None:
    page = web_desk.page("1").id
    assert web.get(f"/article/{page}/diff?from=1&to=3").headers["location"] == f"/article/{page}/diff/1/3"
    assert web.get(f"/article/{page}/diff/2/2").headers["location"] == f"/article/{page}/v/2"


def test_a_story_says_who_was_first_and_who_copied(web: TestClient, web_desk: WebDesk) -> None:
    (number, pages) = next(
        found for found in web_desk.archive.browsing.stories(limit=10) if any("plain" in page.url for page in found[1])
    )
    shown = web.get(f"/story/{number}").text
    assert "<svg" in shown
    assert shown.index("云溪发布") < shown.index("兰桥日报")
    for page in pages:
        assert f'href="/article/{page.id}"' in shown
        assert f"/story/{number}" in web.get(f"/article/{page.id}").text


def test_a_snapshot_is_sandboxed_and_scrubbed(web: TestClient, web_desk: WebDesk) -> None:
    page = web_desk.page("hostile").id
    frame = web.get(f"/article/{page}/v/1/snapshot")
    assert re.search(rf'<iframe [^>]*\bsandbox src="/snapshot/{page}/1"', frame.text)
    assert "frame-src 'self'" in frame.headers["content-security-policy"]
    raw = web.get(f"/snapshot/{page}/1")
    policy = raw.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert "alert(1" not in raw.text.replace("inert", "")
    assert "frame-src" not in web.get(f"/article/{page}").headers["content-security-policy"]


def test_a_version_without_its_bytes_says_so(
    web: TestClient, web_desk: WebDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = web_desk.page("plain").id
    for body, words in ((None, "没有留存"), (b"%PDF-1.7 ...", "不是网页"), (b"<p>" + b"a" * 3_100_000, "网页过大")):
        monkeypatch.setattr(type(web_desk.archive.reading), "body", lambda _self, _name, body=body: body)
        shown = web.get(f"/article/{page}/v/1/snapshot").text
        assert words in shown
        assert "<iframe" not in shown
        assert web.get(f"/snapshot/{page}/1").status_code == 404


def test_the_language_is_asked_for_and_remembered(web_desk: WebDesk) -> None:
    client = web_desk.client()
    page = web_desk.page("1").id
    assert '<html lang="zh-Hans">' in client.get(f"/article/{page}").text
    turned = client.get(f"/article/{page}?lang=en")
    assert '<html lang="en">' in turned.text
    assert "lang=en" in turned.headers["set-cookie"]
    assert "Time line" in client.get(f"/article/{page}").text
    assert 'href="/article/1/diff/1/2?view=side&amp;lang=zh"' in client.get("/article/1/diff/1/2?view=side").text
    assert "时间线" in client.get(f"/article/{page}?lang=zh").text
    assert "时间线" in client.get(f"/article/{page}?lang=xx").text


def test_every_moment_is_china_time(web: TestClient, web_desk: WebDesk) -> None:
    for address in addresses(web_desk):
        moments = re.findall(r'datetime="([^"]*)"', web.get(address).text)
        assert all(moment.endswith("+08:00") for moment in moments), address


def test_a_title_is_escaped_where_it_is_the_pages_own(web: TestClient, web_desk: WebDesk) -> None:
    page = web.get(f"/article/{web_desk.page('hostile').id}").text
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert unescape(title).startswith(HOSTILE_TITLE.replace("\u202e", ""))


def test_a_day_that_is_not_ready_is_told_at_once_and_shown_by_itself(web_desk: WebDesk) -> None:
    settings = Settings.model_validate({"web": {"requests_per_minute": 1000}})
    app = build_app(web_desk.archive, settings, lambda: web_desk.now, patience=timedelta())
    house: House = app.state.house
    held = Event()
    house.editions.begin(date(2020, 1, 1), draw=lambda _: held.wait(20))
    client = TestClient(app, "http://127.0.0.1")
    soon = client.get("/day/2026-11-21")
    assert (soon.status_code, soon.headers["refresh"]) == (200, "2")
    assert zh.WORDS["soon"] in soon.text
    told = web_desk.archive.browsing.changes(Wanted(kinds=[ChangeKind.REMOVED], least_weight=0.5), limit=1)[0]
    assert f'href="/change/{told.change.id}"' in soon.text
    held.set()
    begun = house.editions.begin(date(2026, 11, 21))
    assert begun is not None
    begun.result(20)
    ready = client.get("/day/2026-11-21")
    assert "refresh" not in ready.headers
    assert 'id="removed"' in ready.text
    house.editions.close()


def test_a_damaged_body_is_told_and_is_no_fault_of_the_archive(
    web: TestClient, web_desk: WebDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> bytes:
        raise BodyUnreadable("kept body abc is damaged")

    monkeypatch.setattr(type(web_desk.archive.reading), "body", damaged)
    page = web_desk.page("plain").id
    shown = web.get(f"/article/{page}/v/1/snapshot")
    assert shown.status_code == 200
    assert zh.WORDS["snapshot_damaged"] in shown.text
    assert web.get(f"/snapshot/{page}/1").status_code == 404


def test_the_log_of_a_day_can_be_narrowed_and_goes_on(
    web: TestClient, web_desk: WebDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(address: str) -> list[int]:
        return [int(number) for number in re.findall(r'href="/change/(\d+)"', web.get(address).text)]

    every = [one.change for one in web_desk.archive.browsing.changes(Wanted(), limit=100)]
    assert told("/day/2026-11-21/log") == [one.id for one in every]
    assert told("/week/2026-11-17/log") == [one.id for one in every]
    assert told("/day/2026-11-20/log") == []
    edited = [one.id for one in every if one.kind is ChangeKind.EDITED]
    assert told("/day/2026-11-21/log?kind=edited") == edited
    copied = [one.id for one in every if one.site == "lanqiao" and one.kind is ChangeKind.NEW]
    assert told("/day/2026-11-21/log?kind=new&site=lanqiao") == copied
    monkeypatch.setattr(log, "AT_ONCE", 4)
    first = web.get("/day/2026-11-21/log").text
    onward = unescape(first.partition('<link rel="next" href="')[2].partition('"')[0])
    assert told("/day/2026-11-21/log") + told(onward) == [one.id for one in every[:8]]
    for wrong in ("kind=x", "site=nobody", "before=x"):
        assert web.get(f"/day/2026-11-21/log?{wrong}").status_code == 404


def test_what_a_section_leaves_out_is_a_step_away(web_desk: WebDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = web_desk.client()
    for engine in client.app.state.house.screens._engines.values():  # type: ignore[attr-defined]
        monkeypatch.setitem(engine.globals, "LISTED", 1)
    assert 'href="/day/2026-11-21/log?kind=new&amp;site=yunxi"' in client.get("/day/2026-11-21").text
    assert 'href="/week/2026-11-16/log?kind=new&amp;site=yunxi"' in client.get("/week/2026-11-21").text


def test_what_hijackers_hid_is_told_beside_equal_texts_also_when_it_is_cleaned_up(
    web: TestClient, web_desk: WebDesk
) -> None:
    page = web_desk.page("4")
    assert page.told is not Told.TAMPERED
    assert page.version == 3
    (tampered,) = web_desk.archive.browsing.changes(Wanted(kinds=[ChangeKind.TAMPERED], page_id=page.id))
    for way in ("diff/1/2", "diff/2/3", "diff/2/3?view=side", "v/2", "v/2/snapshot"):
        shown = web.get(f"/article/{page.id}/{way}").text
        assert "第 2 版疑遭篡改" in shown, way
        assert f'href="/change/{tampered.change.id}"' in shown, way
        assert "澳门新葡京" in shown, way
        assert "http://spam.invalid/1" in shown, way
        assert "spam.invalid" not in "".join(re.findall(r'(?:href|src)="([^"]*)"', shown)), way
        assert f'href="{page.url}"' not in shown, way
    assert zh.WORDS["same_text_hijacked"] in web.get(f"/article/{page.id}/diff/1/2").text
    for way in ("diff/1/3", "v/1", "v/3", "v/3/snapshot"):
        shown = web.get(f"/article/{page.id}/{way}").text
        assert "疑遭篡改" not in shown, way
        assert "澳门新葡京" not in shown, way
    assert zh.WORDS["compared_form"] in web.get(f"/article/{page.id}/diff/1/3").text


@pytest.mark.parametrize(
    ("behind", "feed"),
    [
        ("", "digests"),
        ("day/2026-11-21", "digests"),
        ("stories", "digests"),
        ("calendar", "digests"),
        ("site/yunxi", "site/yunxi"),
    ],
)
def test_every_screen_names_its_feed(web: TestClient, behind: str, feed: str) -> None:
    page = web.get(f"/{behind}").text
    assert re.findall(r'<link rel="alternate" [^>]*href="([^"]*)"', page) == [f"/feed/{feed}.atom"]
    assert web.get(f"/feed/{feed}.atom").status_code == 200


def test_articles_and_stories_name_their_own_feeds_and_today_shows_one(web: TestClient, web_desk: WebDesk) -> None:
    page, story = web_desk.page("1").id, web_desk.archive.browsing.stories(limit=1)[0][0]
    for behind in (f"article/{page}", f"story/{story}"):
        assert f'type="application/atom+xml" href="/feed/{behind}.atom"' in web.get(f"/{behind}").text
    assert ">订阅</a>" in web.get("/").text


def test_before_the_days_first_crawl_the_latest_day_is_shown(web_desk: WebDesk) -> None:
    later = WebDesk(web_desk.archive, web_desk.now + timedelta(days=2))
    last = china_day(web_desk.now)
    for address in ("/", "/?lang=en"):
        page = later.client().get(address).text
        assert f'<a href="/day/{last.isoformat()}">' in page
        assert ("今天还没有抓取" in page) == (address == "/")
        assert 'class="tally"' in page
    assert "今天还没有抓取" not in web_desk.client().get("/").text
    assert "今天还没有抓取" not in later.client().get(f"/day/{last + timedelta(days=1)}").text


def test_titles_are_shown_as_printed_unless_a_mirror_spoilt_them() -> None:
    article = Article(PageKind.ARTICLE, title="通告:(修订)", printed={"title": "通告：（修订）"})
    assert headline(article) == "通告：（修订）"
    assert headline(replace(article, flags=("pinyin-injected",))) == "通告:(修订)"
    assert headline(replace(article, printed={})) == "通告:(修订)"
    assert [titled(told, article) for told in (None, "通告:(修订)", "别的")] == ["通告：（修订）"] * 2 + ["别的"]
    assert titled("别的", None) == "别的"
