"""The Atom feeds: well-formed, valid, safe, and what they tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from lxml import etree
from lxml.html import fragment_fromstring
from markupsafe import Markup
from starlette.testclient import TestClient
from web_desk import HOSTILE_TITLE, WebDesk

from monitor.digest.item import Item
from monitor.digest.passages import Mark, Passage
from monitor.web.atom import Base, Feed, Post, writable, written
from monitor.web.posts import of_change
from monitor.web.telling import Told
from storage.browsing import Entry, Wanted
from storage.records import Change, ChangeKind, Role
from storage.sql import open_archive

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[A-Za-z0-9._~!$&'()*+,;=:@/?%-]+")
ONCE = {"id", "title", "updated", "content", "summary", "published", "rights", "subtitle", "generator", "icon", "logo"}
KNOWN = ONCE | {"author", "category", "link", "entry", "contributor"}
HARMLESS = {"div", "p", "a", "del", "ins", "mark", "ul", "li"}


def rel(link: etree._Element) -> str:
    """What a link is, also where it does not say so."""
    return link.get("rel") or "alternate"


def asked(web: TestClient, address: str) -> etree._Element:
    answer = web.get(address)
    assert answer.status_code == 200, (address, answer.text)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = valid(answer.content)
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo, parsed.bozo_exception
    assert len(parsed.entries) == len(root.findall(f"{ATOM}entry"))
    return root


def valid(body: bytes) -> etree._Element:
    """The feed, after it was held against what RFC 4287 demands."""
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False))
    assert root.tag == f"{ATOM}feed"
    of_its_own(root)
    links = [(rel(link), link.get("type"), link.get("hreflang")) for link in root.findall(f"{ATOM}link")]
    assert len(links) == len(set(links))
    assert ("self", "application/atom+xml", None) in links
    entries = root.findall(f"{ATOM}entry")
    assert root.find(f"{ATOM}author") is not None
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    for entry in entries:
        of_its_own(entry)
        assert [rel(link) for link in entry.findall(f"{ATOM}link")] in (["alternate"], ["alternate", "via"])
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert (content.get("type"), len(content)) == ("html", 0)
        harmless(content.text or "")
    return root


def of_its_own(element: etree._Element) -> None:
    """Whether a feed or an entry has what it must have, once, and nothing that is unknown."""
    names = [etree.QName(child).localname for child in element]
    assert all(etree.QName(child).namespace == ATOM[1:-1] for child in element)
    assert set(names) <= KNOWN
    assert all(names.count(name) <= 1 for name in ONCE)
    assert {"id", "title", "updated"} <= set(names)
    assert TAG.fullmatch(element.findtext(f"{ATOM}id") or "")
    assert MOMENT.fullmatch(element.findtext(f"{ATOM}updated") or "")
    assert (element.findtext(f"{ATOM}title") or "").strip()
    for link in element.findall(f"{ATOM}link"):
        assert re.match(r"https?://", link.get("href") or "")
    for author in element.findall(f"{ATOM}author"):
        assert author.findtext(f"{ATOM}name")
    for category in element.findall(f"{ATOM}category"):
        assert category.get("term")


def harmless(html: str) -> None:
    """Whether content is nothing but the few tags of ours, its links to the web."""
    whole = fragment_fromstring(html, create_parent="div")
    for one in whole.iter():
        assert one.tag in HARMLESS, one.tag
        assert set(one.attrib) <= {"href"}
        assert one.tag != "a" or re.match(r"https?://", one.get("href") or "")


def terms(root: etree._Element, scheme: str = "kind") -> set[str]:
    found = root.findall(f"{ATOM}entry/{ATOM}category")
    return {one.get("term") or "" for one in found if (one.get("scheme") or "").endswith(f":{scheme}")}


def link_of(root: etree._Element, wanted: str) -> str | None:
    return next((link.get("href") for link in root.findall(f"{ATOM}link") if rel(link) == wanted), None)


def walked(web: TestClient, address: str | None) -> Iterator[str]:
    """The ids of all entries, page by page."""
    for _ in range(50):
        if address is None:
            return
        root = asked(web, address)
        yield from (entry.findtext(f"{ATOM}id") or "" for entry in root.findall(f"{ATOM}entry"))
        address = link_of(root, "next")
    raise AssertionError("the feed has no end")


def addresses(desk: WebDesk) -> list[str]:
    """Every kind of feed."""
    column = desk.archive.browsing.columns("yunxi")
    return [
        "/feed/changes.atom",
        "/feed/changes.atom?site=yunxi&kind=edited&kind=tampered&weight=0.1&lang=en",
        "/feed/alerts.atom",
        "/feed/digests.atom",
        "/feed/site/yunxi.atom",
        f"/feed/article/{desk.page('hostile').id}.atom",
        f"/feed/story/{desk.archive.browsing.stories(limit=1)[0][0]}.atom",
        "/feed/search.atom?q=云溪 合龙",
        *(f"/feed/column/{card.page.id}.atom" for card in column[:1]),
    ]


def test_every_feed_is_valid_and_most_have_something_to_tell(web: TestClient, web_desk: WebDesk) -> None:
    told = [len(asked(web, address).findall(f"{ATOM}entry")) for address in addresses(web_desk)]
    assert sum(number > 0 for number in told) >= 6, told


def test_feeds_of_an_empty_archive_are_valid(tmp_path: object, web_desk: WebDesk) -> None:
    opened = open_archive(f"sqlite:///{tmp_path}/shixun.db")
    try:
        client = WebDesk(opened, web_desk.now).client()
        for name in ("changes", "alerts", "digests", "search"):
            root = asked(client, f"/feed/{name}.atom?q=水")
            assert root.findtext(f"{ATOM}updated") == "2000-01-01T08:00:00+08:00"
    finally:
        opened.close()


def test_a_hostile_page_writes_no_markup_and_a_tampered_one_is_not_linked(web: TestClient, web_desk: WebDesk) -> None:
    page = web_desk.page("hostile")
    body = web.get(f"/feed/article/{page.id}.atom").text
    asked(web, f"/feed/article/{page.id}.atom")
    assert "\u202e" not in body
    assert HOSTILE_TITLE.replace("\u202e", "")[:20] in feedparser.parse(body).entries[0].title.replace("&lt;", "<")
    tampered = web_desk.archive.browsing.changes(Wanted(kinds=[ChangeKind.TAMPERED]), limit=1)[0]
    told = web.get("/feed/changes.atom?kind=tampered")
    assert f'href="{tampered.change.url}"' not in told.text
    # Nor by what was told of it before.
    hijacked = web.get(f"/feed/article/{web_desk.page('hijacked').id}.atom").text
    assert 'term="new"' in hijacked
    assert f'href="{tampered.change.url}"' not in hijacked
    edited = web_desk.archive.browsing.changes(Wanted(kinds=[ChangeKind.EDITED]), limit=1)[0]
    assert f'href="{edited.change.url}" rel="via"' in web.get("/feed/changes.atom?kind=edited").text


def test_a_change_is_told_with_its_passages_and_kind(web: TestClient, web_desk: WebDesk) -> None:
    root = asked(web, f"/feed/article/{web_desk.page('hostile').id}.atom")
    entry = root.findall(f"{ATOM}entry")[0]
    assert terms(root) == {"new", "edited"}
    assert terms(root, "site") == {"yunxi"}
    assert re.search(r"<(del|ins)>[^<]+</", entry.findtext(f"{ATOM}content") or "")


def test_changes_are_narrowed_and_walked_whole(
    web: TestClient, web_desk: WebDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert terms(asked(web, "/feed/changes.atom?kind=removed&kind=moved")) == {"removed", "moved"}
    assert terms(asked(web, "/feed/changes.atom?site=lanqiao"), "site") == {"lanqiao"}
    monkeypatch.setattr("monitor.web.feeds.AT_ONCE", 6)
    ids = [entry.change.id for entry in web_desk.archive.browsing.changes(Wanted(), limit=500)]
    found = list(walked(web, "/feed/changes.atom"))
    assert [int(one.rpartition("/")[2]) for one in found] == ids
    second = asked(web, link_of(asked(web, "/feed/changes.atom"), "next") or "")
    assert link_of(second, "first") == link_of(asked(web, "/feed/changes.atom"), "self")
    assert second.findtext(f"{ATOM}id") == asked(web, "/feed/changes.atom").findtext(f"{ATOM}id")


def test_alerts_are_what_the_settings_call_urgent(web_desk: WebDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    from monitor.config import AlertsSection, Settings

    monkeypatch.setattr(Settings, "alerts", AlertsSection(), raising=False)
    usual = web_desk.client()
    assert terms(asked(usual, "/feed/alerts.atom")) == {"tampered"}
    rules = AlertsSection(watchwords=("云溪",), kinds=(ChangeKind.MOVED,))
    client = web_desk.client()
    house = client.app.state.house  # type: ignore[attr-defined]
    object.__setattr__(house.settings, "alerts", rules)
    told = asked(client, "/feed/alerts.atom")
    assert "moved" in terms(told)
    assert "tampered" not in terms(told) or "云溪" in (told.findtext(f"{ATOM}entry/{ATOM}content") or "")
    monkeypatch.setattr("monitor.web.feeds.LOOKED_AT", 4)
    all_ids = [one.findtext(f"{ATOM}id") for one in told.findall(f"{ATOM}entry")]
    assert list(walked(client, "/feed/alerts.atom")) == all_ids


def test_a_day_is_told_once_it_is_over(web: TestClient, web_desk: WebDesk) -> None:
    days = [post.findtext(f"{ATOM}id") or "" for post in asked(web, "/feed/digests.atom").findall(f"{ATOM}entry")]
    assert not any(str(web_desk.now.date() + timedelta(days=1)) in day for day in days)
    later = WebDesk(web_desk.archive, web_desk.now + timedelta(days=2))
    told = asked(later.client(), "/feed/digests.atom").findall(f"{ATOM}entry")
    newest = told[0]
    assert newest.findtext(f"{ATOM}updated") == "2026-11-22T00:00:00+08:00"
    assert (newest.findtext(f"{ATOM}id") or "").endswith("digest/2026-11-21")
    assert len(set(walked(later.client(), "/feed/digests.atom"))) == len(told)


def test_a_search_is_a_feed_of_its_newest_hits(web: TestClient) -> None:
    root = asked(web, "/feed/search.atom?q=合龙")
    moments = [entry.findtext(f"{ATOM}updated") or "" for entry in root.findall(f"{ATOM}entry")]
    assert moments == sorted(moments, reverse=True)
    assert "<mark>合龙</mark>" in (root.findtext(f"{ATOM}entry/{ATOM}content") or "")
    assert link_of(root, "alternate") == "http://127.0.0.1:8765/search?q=%E5%90%88%E9%BE%99"


@pytest.mark.parametrize(
    "address",
    [
        "changes.atom?kind=nothing",
        "changes.atom?site=nowhere",
        "changes.atom?weight=nan",
        "changes.atom?before=x",
        "site/nowhere.atom",
        "article/99999.atom",
        "column/99999.atom",
        "story/99999.atom",
        "search.atom",
        "search.atom?q=a&cursor=x",
        "digests.atom?before=yesterday",
    ],
)
def test_what_is_no_feed_is_no_page(web: TestClient, address: str) -> None:
    assert web.get(f"/feed/{address}").status_code == 404


def test_a_feed_that_the_reader_has_is_not_sent_again(web: TestClient) -> None:
    first = web.get("/feed/changes.atom")
    assert web.get("/feed/changes.atom", headers={"if-none-match": first.headers["etag"]}).status_code == 304
    assert web.get("/feed/changes.atom", headers={"if-none-match": '"another"'}).status_code == 200
    # What was seen earlier may be told later: no moment says that the feed is as it was.
    assert "last-modified" not in first.headers
    since = {"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert web.get("/feed/changes.atom", headers=since).status_code == 200


def test_ids_stay_however_the_feed_is_asked_for(web: TestClient, web_desk: WebDesk) -> None:
    usual = asked(web, "/feed/changes.atom").findtext(f"{ATOM}entry/{ATOM}id")
    assert web.get("/feed/changes.atom", headers={"host": "localhost:8765"}).text.count(usual or "?") == 1
    named = web_desk.client(address="https://archive.example.cn", token="a-token-that-is-long-enough-0123456789")
    let_in = {"authorization": "Bearer a-token-that-is-long-enough-0123456789"}
    root = valid(named.get("/feed/changes.atom", headers=let_in).content)
    assert (root.findtext(f"{ATOM}id") or "").startswith("tag:archive.example.cn,2026:feed/changes")
    assert link_of(root, "self") == "https://archive.example.cn/feed/changes.atom"


def test_what_no_xml_can_hold_is_left_out() -> None:
    spoilt = "甲\x00\x0b\ufffe\uffff\ud800\u202e乙"
    assert writable(spoilt) == "甲 乙"
    post = Post("x/1", spoilt, datetime(2026, 1, 1, tzinfo=UTC), "/x", Markup("<p>{}</p>").format(writable(spoilt)))
    feed = Feed("feed/x", spoilt, "/", "/feed/x.atom", [post], "/feed/x.atom")
    assert valid(written(feed, Base.of(None, "http://127.0.0.1:1"), "zh", "市讯")) is not None


def test_whatever_stands_in_a_change_is_escaped() -> None:
    spoilt = "<script>alert(1)</script>&"
    change = Change("yunxi", "javascript:alert(2)", ChangeKind.EDITED, datetime(2026, 1, 1, tzinfo=UTC), note=spoilt)
    passage = Passage((Mark("same", spoilt), Mark("ins", spoilt), Mark("gap", "")))
    item = Item(change=change, site_name=spoilt, title=spoilt, source=spoilt, passages=(passage,))
    told, at = Told(Entry(change, 1), item, (1, 2)), "http://127.0.0.1:1"
    post = of_change(told, {"yunxi": spoilt}, "zh", at, words=[spoilt])
    harmless(post.content)
    assert "<ins>&lt;script&gt;" in post.content
    assert post.via is None


def test_a_column_tells_only_what_was_found_on_it(web: TestClient, web_desk: WebDesk) -> None:
    browsing = web_desk.archive.browsing
    known = [browsing.page(number) for number in range(1, 60)]
    columns = [page for page in known if page and page.role is Role.COLUMN]
    for page in columns:
        found = {
            f"tag:shixun.localhost,2026:article/{card.page.id}"
            for card in browsing.articles(page.site, limit=200)
            if card.page.column == page.url
        }
        assert set(walked(web, f"/feed/column/{page.id}.atom")) == found
    assert web.get(f"/feed/column/{web_desk.page('1').id}.atom").status_code == 404
