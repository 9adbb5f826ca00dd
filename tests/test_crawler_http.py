"""Crawls over real HTTP on loopback: many sites in trouble, crawled together twice, and what was kept of it.

The sites differ in one thing each; a test looks into the archive and into what the site's server was asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise

import pytest
from crawl_child import CONTACT, finish, open_home, start_crawl, suffix_cache, write_catalogue
from crawl_server import CrawlServer
from crawl_town import DELAY, EIGHT, ENTRY, KEYS, THREE, TRUE, Town, script

from storage.records import Outcome, Role

AGAIN = ("validators", "parts", "budget", "robots")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """All sites crawled once, and some of them again with every known page."""
    home = tmp_path_factory.mktemp("town")
    with ExitStack() as stack:
        servers = {key: stack.enter_context(CrawlServer()) for key in KEYS}
        # Two sites on one host, told apart by their port alone.
        servers["guest"] = stack.enter_context(CrawlServer(str(servers["baker"].server_address[0])))
        town = Town(home, servers)
        sites = script(servers)
        write_catalogue(home, sites)
        town.note(finish(start_crawl(home, list(sites))))
        town.note(finish(start_crawl(home, AGAIN, recheck="all")))
        town.archive = open_home(home)
        try:
            yield town
        finally:
            town.archive.close()


def test_both_crawls_end_by_themselves_and_without_a_fault(town: Town) -> None:
    assert [crawl.status for crawl in town.crawls] == [0, 0]
    assert [(crawl.closed["reason"], crawl.closed["fault"]) for crawl in town.crawls] == [("finished", None)] * 2
    assert town.outcome("calm", ENTRY) == (Outcome.LISTED, None)
    assert [town.outcome("calm", path)[0] for path in THREE] == [Outcome.NEW_VERSION] * 3


def test_robots_holds_for_every_request_also_those_that_came_while_it_was_on_its_way(town: Town) -> None:
    for crawl in (0, 1):
        assert sorted(town.paths("robots", crawl)) == sorted(["/robots.txt", ENTRY, THREE[0], THREE[2]])
    for path in ("/shut/a/", "/shut/b/", THREE[1]):
        assert town.outcome("robots", path) == (Outcome.REFUSED, "IgnoreRequest: Forbidden by robots.txt")


def test_rules_for_our_own_name_go_before_those_for_all(town: Town) -> None:
    assert town.outcome("named", THREE[0])[0] is Outcome.REFUSED
    assert town.paths("named") == ["/robots.txt", ENTRY, *THREE[1:]]


def test_robots_is_fetched_once_a_host_and_before_anything_else(town: Town) -> None:
    for key, asked in town.asked[0].items():
        paths = [each.path for each in asked]
        assert paths.count("/robots.txt") == (key != "elsewhere"), key
        assert paths[:1] in (["/robots.txt"], []), key


def test_every_request_says_who_asks_and_whom_to_write_to(town: Town) -> None:
    agents = {each.headers["user-agent"] for crawl in town.asked for asked in crawl.values() for each in asked}
    assert len(agents) == 1
    agent = agents.pop()
    assert agent.startswith("Shixun/")
    assert f"contact {CONTACT}" in agent


def test_readers_of_chinese_ask_for_chinese(town: Town) -> None:
    languages = {each.headers["accept-language"] for asked in town.asked[0].values() for each in asked}
    assert languages == {"zh-CN,zh;q=0.9"}


def test_a_host_is_asked_one_thing_at_a_time(town: Town) -> None:
    # The column of "single" was held until another site had been read; its second column waited.
    assert town.paths("single")[:3] == ["/robots.txt", ENTRY, "/gg/"]
    assert town.paths("guest").count("/robots.txt") == 1
    # Where the crawler hangs up, the server does not see it.
    assert {key: most for key, most in town.at_once.items() if most > 1 and key != "silent"} == {}


def test_what_is_listed_first_is_read_first(town: Town) -> None:
    assert town.paths("calm") == ["/robots.txt", ENTRY, *THREE]


def test_a_sites_delay_is_a_floor(town: Town) -> None:
    gaps = [later.at - earlier.at for earlier, later in pairwise(town.asked[0]["delayed"])]
    assert len(gaps) == 1 + len(EIGHT)
    assert min(gaps) >= DELAY


def test_a_page_that_was_read_is_asked_for_only_if_it_changed(town: Town) -> None:
    def asked(path: str) -> dict[str, str]:
        (request,) = town.requests("validators", path, crawl=1)
        return {name: value for name, value in request.headers.items() if name.startswith("if-")}

    assert asked(ENTRY) == {"if-none-match": '"list"'}
    assert asked(THREE[0]) == {"if-none-match": '"one"'}
    assert asked(THREE[1]) == {"if-modified-since": "Fri, 20 Nov 2026 00:30:00 GMT"}
    for path in (ENTRY, *THREE[:2]):
        assert town.outcome("validators", path) == (Outcome.NOT_MODIFIED, None)
    assert [len(town.titles("validators", path)) for path in THREE[:2]] == [1, 1]


def test_a_page_that_was_never_read_is_asked_for_without_conditions(town: Town) -> None:
    for path, first in ((THREE[2], Outcome.EMPTY), ("/xw/4.html", Outcome.GONE)):
        assert town.outcome("validators", path, visit=0)[0] is first
        (request,) = town.requests("validators", path, crawl=1)
        assert not [name for name in request.headers if name.startswith("if-")]
        assert town.outcome("validators", path)[0] is Outcome.NEW_VERSION
    first_visits = [each for asked in town.asked[0].values() for each in asked]
    assert not [each.path for each in first_visits if "if-none-match" in each.headers]


def test_no_request_leaves_the_site(town: Town) -> None:
    assert town.asked[0]["elsewhere"] == []
    outcome, how = town.outcome("away", "/xw/off.html")
    assert (outcome, (how or "")[:8]) == (Outcome.REFUSED, "OffSite:")
    assert set(town.pages("away")) == {f"/xw/{name}.html" for name in ("off", "home", "loop", "file", "bad", "meta")}


def test_a_redirect_to_the_front_page_is_a_page_gone(town: Town) -> None:
    assert town.outcome("away", "/xw/home.html") == (Outcome.SOFT_GONE, "redirect")


def test_redirects_in_a_circle_end(town: Town) -> None:
    assert town.outcome("away", "/xw/loop.html") == (Outcome.REFUSED, "IgnoreRequest: max redirections reached")
    assert Counter(town.paths("away"))["/xw/loop.html"] == 3


def test_a_redirect_to_a_file_or_to_nowhere_is_a_failure_and_not_followed(town: Town) -> None:
    assert town.outcome("away", "/xw/file.html") == (Outcome.FAILED, "302")
    assert town.outcome("away", "/xw/bad.html") == (Outcome.FAILED, "ValueError: Invalid IPv6 URL")


def test_a_meta_refresh_is_evidence_and_not_followed(town: Town) -> None:
    assert "/xw/target.html" not in town.paths("away")
    assert town.titles("away", "/xw/meta.html") == ["带跳转标记的一篇"]
    (kept,) = town.versions("away", "/xw/meta.html")
    assert kept.surface.redirects


@pytest.mark.parametrize("path", THREE, ids=["announced", "chunked", "packed"])
def test_a_page_larger_than_the_site_may_send_is_refused_and_asked_for_once(town: Town, path: str) -> None:
    outcome, how = town.outcome("limits", path)
    assert outcome is Outcome.REFUSED
    assert how is not None
    assert not how.endswith(": ")
    assert len(town.requests("limits", path)) == 1
    assert town.titles("limits", path) == []
    assert town.titles("limits", "/xw/4.html") == ["不长的一篇"]


def test_a_server_that_accepts_and_never_answers_is_a_failure_after_its_seconds(town: Town) -> None:
    outcome, how = town.outcome("silent", THREE[1])
    assert outcome is Outcome.FAILED
    assert "took longer than 0.5 seconds" in (how or "")
    assert len(town.requests("silent", THREE[1])) == 3
    assert [town.outcome("silent", path)[0] for path in (THREE[0], THREE[2])] == [Outcome.NEW_VERSION] * 2


def test_a_host_where_nobody_answers_fails_and_the_others_go_on(town: Town) -> None:
    (column,) = town.archive_of().crawling.pages("dead", Role.COLUMN)
    (seen,) = town.archive_of().reading.observations(column.url)
    assert seen.outcome is Outcome.FAILED
    assert (seen.how or "").startswith("DownloadConnectionRefusedError: ")


def test_a_server_in_trouble_is_asked_three_times(town: Town) -> None:
    assert [len(town.requests("busy", path)) for path in THREE[:2]] == [3, 3]
    assert town.titles("busy", THREE[0]) == ["第三次才有的一篇"]
    assert town.outcome("busy", THREE[1]) == (Outcome.FAILED, "503")


def test_a_door_that_is_closed_for_an_hour_is_not_waited_at(town: Town) -> None:
    assert len(town.requests("busy", THREE[2])) == 1
    assert town.outcome("busy", THREE[2]) == (Outcome.FAILED, "503")


@pytest.mark.parametrize(
    ("name", "outcome", "how"),
    [
        ("cut", Outcome.FAILED, "ResponseDataLossError: the answer broke off"),
        ("cutgzip", Outcome.FAILED, "ResponseDataLossError: the compressed answer broke off"),
        ("notgzip", Outcome.FAILED, "BadGzipFile: Not a gzipped file (b'<h')"),
        ("pdf", Outcome.REFUSED, "not a page: application/pdf"),
        ("empty", Outcome.EMPTY, "empty"),
    ],
)
def test_a_broken_answer_is_an_observation_and_no_version(town: Town, name: str, outcome: Outcome, how: str) -> None:
    assert town.outcome("broken", f"/xw/{name}.html") == (outcome, how)
    assert town.titles("broken", f"/xw/{name}.html") == []


@pytest.mark.parametrize("name", ["gbk", "utf8", "untyped", "trailer"])
def test_a_page_with_wrong_headers_is_read_all_the_same(town: Town, name: str) -> None:
    assert town.titles("broken", f"/xw/{name}.html") == [TRUE]


def test_a_column_is_paged_through_to_the_sites_limit_and_no_further(town: Town) -> None:
    lists = [path for path in town.paths("deep") if "index" in path or path == ENTRY]
    assert lists == [ENTRY, "/xw/index_1.html", "/xw/index_2.html"]
    assert len(town.pages("deep")) == 9
    assert all(found.version == 1 for found in town.pages("deep").values())


def test_a_run_asks_for_no_more_pages_than_it_may_and_the_next_one_goes_on(town: Town) -> None:
    assert town.paths("budget") == ["/robots.txt", ENTRY, *THREE]
    rest = {f"/xw/{number}.html" for number in range(4, 9)}
    assert rest <= set(town.paths("budget", crawl=1))
    assert all(found.version == 1 for found in town.pages("budget").values())


def test_an_article_in_several_pages_is_kept_as_one(town: Town) -> None:
    (kept,) = town.versions("parts", "/xw/10.html")
    assert kept.canonical == (
        "第一页说的是春天的工作安排。",
        "第二页说的是夏天的工作安排。",
        "第三页说的是秋天的工作安排。",
    )
    assert town.outcome("parts", "/xw/10.html")[0] is Outcome.UNCHANGED
    assert set(town.pages("parts")) == {"/xw/10.html", "/xw/20.html"}


def test_an_article_with_a_page_missing_fails_and_is_kept_once_it_is_whole(town: Town) -> None:
    assert town.outcome("parts", "/xw/20.html", visit=0) == (Outcome.FAILED, "page 2 of the article answered 404")
    (kept,) = town.versions("parts", "/xw/20.html")
    assert kept.canonical == ("第一页说的是水利。", "第二页说的是电力。")


def test_a_cookie_comes_back_to_its_own_site_and_to_no_other(town: Town) -> None:
    def cookies(key: str) -> dict[str, str | None]:
        return {each.path: each.headers.get("cookie") for each in town.asked[0][key]}

    assert cookies("baker") == {"/robots.txt": None, ENTRY: None} | dict.fromkeys(THREE, "visitor=one")
    assert set(cookies("guest").values()) == {None}


def test_nobody_but_the_sites_is_asked_anything(town: Town) -> None:
    # Scrapy's own cookies fetch the list of public suffixes from a third party, or note here that they could not.
    assert not suffix_cache(town.home).exists()
