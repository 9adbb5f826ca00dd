"""Crawls over real HTTP of columns whose lists are no HTML: services, a feed, a sitemap. Two rounds, the second with
one article more that only the service knows of, while the column's own page answers 304.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from command_line import Run
from crawl_child import entry, finish, open_home, start_crawl, write_catalogue
from crawl_server import Answer, CrawlServer, listing, page, robots, story
from crawl_town import Town

from storage.records import Outcome, Role

KEYS = ("proxy", "unit", "search", "catalogue", "feed", "map", "index", "whole", "shut", "moved")
COLUMN = "/col/col12/index.html"
CHANNEL = "0123456789abcdef" * 2
JSON = {"Content-Type": "application/json;charset=UTF-8"}
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit?webId=1&pageId=99"
UNIT_2 = f"{UNIT}&paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A2%7D"
SEARCH = f"/common/search/{CHANNEL}?_isAgg=true&_isJson=true&_pageSize=20&_template=index&page=1"
CATALOGUE = "/gkmlpt/api/all/0?page=1&sid=66"
PROXY = "/module/web/jpage/dataproxy.jsp"
FIRST, SECOND = (f"{PROXY}?startrecord={start}&endrecord={start + 2}&perpage=1" for start in (1, 4))
CALL = (
    "<script>$('#777').jpage({totalRecord:4,proxyUrl:'/module/web/jpage/dataproxy.jsp',perPage:1,"
    "ajaxParam:{col:1,webid:60,columnid:12,unitid:'777'}});</script>"
)
FOUND = ["/art/2026/11/1/art_12_1.html", "/art/2026/11/1/art_12_2.html"]
LATER = "/art/2026/11/1/art_12_9.html"


def shell(body: str) -> list[Answer]:
    """A column's page that only names its service, and never changes."""
    text = f'<html><head><meta charset="utf-8"><title>要闻</title></head><body>{body}</body></html>'
    return [page(text.encode(), ETag='"shell"'), Answer(status=304)]


def items(paths: list[str]) -> list[str]:
    return [
        f"<li><a href='{path}'>云溪市召开第{path[-6]}次重点工作推进会议</a><b>2026-11-01</b></li>" for path in paths
    ]


def store(paths: list[str], total: int) -> Answer:
    held = "".join(f"<record><![CDATA[{item}]]></record>" for item in items(paths))
    text = f"<datastore><totalrecord>{total}</totalrecord><recordset>{held}</recordset></datastore>"
    return page(text.encode(), Content_Type="text/xml")


def piece(paths: list[str]) -> Answer:
    html = f"<ul>{''.join(items(paths))}</ul><div class='pagination' rows='2' count='{len(FOUND) + 2}'></div>"
    return Answer(json.dumps({"success": True, "data": {"html": html}}).encode(), headers=JSON, needs="Referer")


def results(paths: list[str]) -> Answer:
    told = [{"title": f"第{path[-6]}次重点工作会议", "url": path, "publishedTimeStr": "2026-11-01"} for path in paths]
    return Answer(json.dumps({"data": {"rows": 20, "total": 3, "results": told}}).encode(), headers=JSON)


def articles(paths: list[str]) -> Answer:
    told = [{"title": f"第{path[-6]}次重点工作会议", "url": path, "created_at": "2026-11-01"} for path in paths]
    return Answer(json.dumps({"total": 3, "articles": told}).encode(), headers=JSON)


def rss(paths: list[str]) -> Answer:
    told = "".join(f"<item><title>第{path[-6]}次重点工作会议</title><link>{path}</link></item>" for path in paths)
    return page(f"<rss><channel>{told}</channel></rss>".encode(), Content_Type="application/rss+xml")


def urlset(server: CrawlServer, paths: list[str]) -> Answer:
    told = "".join(f"<url><loc>{server.url(path)}</loc></url>" for path in paths)
    return page(f"<urlset>{told}</urlset>".encode(), Content_Type="application/xml")


def script(town: dict[str, CrawlServer]) -> dict[str, dict[str, object]]:
    """What each server answers in the first round, and the catalogue."""
    more = [*FOUND[:1], "/art/2026/11/1/art_12_3.html", "/art/2026/11/1/art_12_4.html"]
    for server in town.values():
        for number in (*range(1, 5), 9):
            server.say(f"/art/2026/11/1/art_12_{number}.html", page(story(f"云溪市召开第{number}次会议")))
    for key in ("proxy", "shut", "moved"):
        town[key].say(COLUMN, *shell(f'<div id="777"></div>{CALL}'))
        town[key].say(FIRST, store([*FOUND, more[1]], 4))
        town[key].say(SECOND, store(more[2:], 4))
    town["shut"].say("/robots.txt", robots("User-agent: *", "Disallow: /module/"))
    unit = "<div><script queryData=\"{'webId':'1','pageId':'99'}\"></script></div>"
    town["unit"].say(COLUMN, *shell(unit))
    town["unit"].say(UNIT, piece(FOUND))
    town["unit"].say(UNIT_2, piece(more[1:]))
    town["search"].say(COLUMN, *shell(f'<meta name="channelid" content="{CHANNEL}">'))
    town["search"].say(SEARCH, results(FOUND))
    town["catalogue"].say("/gkmlpt/index", *shell("<script>window._CONFIG={SID:'66',SITE:'/gkmlpt/'}</script>"))
    town["catalogue"].say(CATALOGUE, articles(FOUND))
    town["feed"].say("/rss.xml", rss(FOUND))
    town["map"].say("/sitemap.xml", urlset(town["map"], [*FOUND, "/", COLUMN]))
    part = town["index"].url("/sitemap-news.xml")
    town["index"].say(
        "/sitemap.xml", page(f"<sitemapindex><sitemap><loc>{part}</loc></sitemap></sitemapindex>".encode())
    )
    town["index"].say("/sitemap-news.xml", urlset(town["index"], FOUND))
    whole = listing(*FOUND, *more[1:]).replace(b"<ul>", b'<ul id="777">').replace(b"</body>", f"{CALL}</body>".encode())
    town["whole"].say(COLUMN, page(whole))
    columns = {"catalogue": "/gkmlpt/index", "feed": "/rss.xml", "map": "/sitemap.xml", "index": "/sitemap.xml"}
    return {key: entry(server, columns.get(key, COLUMN)) for key, server in town.items()}


def second_round(town: dict[str, CrawlServer]) -> None:
    """One article more that only the services, the feed and the sitemap name; and a column that goes without."""
    later = [LATER, *FOUND]
    town["proxy"].say(FIRST, store(later, 5))
    town["unit"].say(UNIT, piece(later[:2]))
    town["search"].say(SEARCH, results(later))
    town["catalogue"].say(CATALOGUE, articles(later))
    town["feed"].say("/rss.xml", rss(later))
    town["map"].say("/sitemap.xml", urlset(town["map"], later))
    town["index"].say("/sitemap-news.xml", urlset(town["index"], later))
    town["moved"].say(COLUMN, page(listing(*FOUND, LATER)))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """All columns crawled three times, by hand, with no article due."""
    home = tmp_path_factory.mktemp("services")
    with ExitStack() as stack:
        servers = {key: stack.enter_context(CrawlServer()) for key in KEYS}
        write_catalogue(home, script(servers))
        town = Town(home, servers)
        town.note(finish(start_crawl(home, KEYS)))
        second_round(servers)
        town.note(finish(start_crawl(home, KEYS, recheck="none")))
        town.note(finish(start_crawl(home, ("moved",), recheck="none")))
        town.archive = open_home(home)
        try:
            yield town
        finally:
            town.archive.close()


def test_both_rounds_end_by_themselves_and_without_a_fault(town: Town) -> None:
    assert [(crawl.status, crawl.closed["fault"]) for crawl in town.crawls] == [(0, None)] * 3


def test_a_proxy_is_asked_by_a_form_and_paged_to_its_end(town: Town) -> None:
    asked = town.requests("proxy", FIRST) + town.requests("proxy", SECOND)
    assert [parse_qs(each.form or "") for each in asked] == [
        {"col": ["1"], "webid": ["60"], "columnid": ["12"], "unitid": ["777"]}
    ] * 2
    assert {each.headers["referer"] for each in asked} == {town.servers["proxy"].url(COLUMN)}
    assert [path for path in town.paths("proxy") if "dataproxy" in path] == [FIRST, SECOND]
    assert len(town.pages("proxy")) == 5


def test_a_unit_that_wants_a_referer_gets_it(town: Town) -> None:
    assert [path for path in town.paths("unit") if "api-gateway" in path] == [UNIT, UNIT_2]
    assert {*FOUND, "/art/2026/11/1/art_12_3.html"} < set(town.pages("unit"))


@pytest.mark.parametrize("key", ["search", "catalogue", "feed", "map", "index"])
def test_a_list_that_is_no_page_names_its_articles_and_nothing_else(town: Town, key: str) -> None:
    assert sorted(town.pages(key)) == [*FOUND, LATER]
    assert town.titles(key, FOUND[0]) == ["云溪市召开第1次会议"]


@pytest.mark.parametrize("key", ["proxy", "unit", "search", "catalogue", "feed", "map", "index"])
def test_what_only_the_service_brings_is_found_though_the_column_stays_the_same(town: Town, key: str) -> None:
    assert LATER not in town.paths(key, 0)
    assert town.paths(key, 1).count(LATER) == 1
    (column,) = (
        path for path, found in town.pages(key, Role.COLUMN).items() if found.column == found.url and not found.depth
    )
    if key not in ("feed", "map", "index"):
        assert town.outcome(key, column) == (Outcome.NOT_MODIFIED, None)
    assert all(found.column == found.column and found.due_at for found in town.pages(key, Role.COLUMN).values())


def test_each_list_is_asked_once_a_crawl(town: Town) -> None:
    for key in KEYS:
        for crawl in (0, 1):
            paths = town.paths(key, crawl)
            assert sorted(paths) == sorted(set(paths)), key


def test_robots_holds_for_services(town: Town) -> None:
    assert [path for path in town.paths("shut") if "dataproxy" in path] == []
    refused = [page for path, page in town.pages("shut", Role.COLUMN).items() if "dataproxy" in path]
    assert [page.failures for page in refused] == [2]


def test_a_page_that_prints_its_list_needs_no_service(town: Town) -> None:
    assert [path for path in town.paths("whole") if "dataproxy" in path] == []
    assert len(town.pages("whole")) == 4


def test_a_service_that_its_column_names_no_more_is_asked_no_more(town: Town) -> None:
    assert FIRST in town.paths("moved", 1)
    assert [path for path in town.paths("moved", 2) if "dataproxy" in path] == []
    assert set(town.pages("moved", Role.COLUMN)) == {COLUMN}
    assert LATER in town.pages("moved")


def test_a_service_that_two_columns_name_is_asked_as_long_as_one_of_them_does(tmp_path: Path) -> None:
    named = "<script>window._CONFIG={SID:'66',SITE:'/gkmlpt/'}</script>"
    columns = ("/gkmlpt/index", "/gkmlpt/policy")
    asked = []
    with CrawlServer() as server:
        for number in (*range(1, 5), 9):
            server.say(f"/art/2026/11/1/art_12_{number}.html", page(story(f"云溪市召开第{number}次会议")))
        server.say(CATALOGUE, articles(FOUND))
        for column in columns:
            server.say(column, replace(shell(named)[0], steady=True))
        write_catalogue(tmp_path, {"two": entry(server, *columns)})
        for crawl in range(5):
            server.forget()
            if crawl == 1:
                server.say("/gkmlpt/index", page(listing(*FOUND)))
            crawled = finish(start_crawl(tmp_path, ("two",), recheck="none"))
            assert crawled.status == 0, crawled.log
            asked.append(server.paths().count(CATALOGUE))
    assert asked == [1] * 5


def test_sites_check_follows_a_column_to_its_service(town: Town, run: Run) -> None:
    key = town.servers["proxy"]
    key.say(COLUMN, shell(f'<div id="777"></div>{CALL}')[0])
    answer = run("sites", "check", "proxy", home=town.home)
    assert answer.status == 0
    assert "✓ proxy" in answer.out
    assert "云溪市召开第9次重点工作推进会议" in answer.out
