"""A host in trouble is left alone; and what is known of a page says nothing of the one it leads to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from crawl_child import Crawled, entry, finish, start_crawl, write_catalogue
from crawl_server import Answer, CrawlServer, listing, page, story, to
from hypothesis import given
from hypothesis import strategies as st

from crawler.launch import deal
from crawler.middlewares import FAILURES
from crawler.sites import database_address
from storage.records import Outcome, Role, china_day
from storage.sql import open_archive

ARTICLES = [f"/a/{number}.html" for number in range(1, 41)]
OVERSHOOT = 16
"""Requests that Scrapy may have handed to the downloader before the first answer came (CONCURRENT_REQUESTS)."""


@dataclass
class Rest:
    """Two crawls of three sites: one host asks for rest, one fails, one withdraws an article by a redirect."""

    crawls: list[Crawled]
    asked: dict[str, Counter[str]]
    home: Path


@pytest.fixture(scope="module")
def rest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rest]:
    home = tmp_path_factory.mktemp("rest")
    with CrawlServer() as tired, CrawlServer() as broken, CrawlServer() as honest:
        write_catalogue(home, {"tired": entry(tired), "broken": entry(broken), "honest": entry(honest)})
        for server in (tired, broken):
            server.say("/xw/", page(listing(*ARTICLES)))
        for path in ARTICLES:
            tired.say(path, Answer(status=429, headers={"Retry-After": "3600"}))
            broken.say(path, Answer(status=500))
        honest.say("/xw/", page(listing("/a/1.html", "/a/2.html", "/a/3.html")))
        dated = {"Last_Modified": "Fri, 20 Nov 2026 01:00:00 GMT", "ETag": '"story"'}
        honest.say("/a/1.html", page(story("供暖管网改造"), **dated), to("/error.html"))
        honest.say("/a/2.html", to("/a/2/"))
        honest.say("/a/2/", page(story("校园足球联赛")))
        honest.say("/a/3.html", page(story("老旧小区加装电梯")))
        honest.say("/error.html", page("<html><body>页面不存在</body></html>".encode()))
        crawls = [finish(start_crawl(home, ["tired", "broken", "honest"]))]
        asked = {"tired": Counter(tired.paths()), "broken": Counter(broken.paths())}
        honest.forget()
        crawls.append(finish(start_crawl(home, ["honest"], recheck="all")))
        asked["error"] = Counter(str(sorted(set(seen.headers) & CONDITIONS)) for seen in honest.requests("/error.html"))
        yield Rest(crawls, asked, home)


CONDITIONS = {"if-none-match", "if-modified-since"}


def test_a_host_that_asks_for_rest_is_left_alone(rest: Rest) -> None:
    asked = sum(count for path, count in rest.asked["tired"].items() if path in ARTICLES)
    assert 1 <= asked <= OVERSHOOT
    assert "tired: the host asks for rest (429)" in str(rest.crawls[0].closed["fault"])


def test_a_host_that_fails_again_and_again_is_left_alone(rest: Rest) -> None:
    pages = [path for path in rest.asked["broken"] if path in ARTICLES]
    assert 5 <= len(pages) <= FAILURES + OVERSHOOT
    assert "broken: the host answers 500 again and again" in str(rest.crawls[0].closed["fault"])


def test_what_was_not_asked_for_is_no_visit_and_waits(rest: Rest) -> None:
    archive = open_archive(database_address(rest.home))
    now = datetime.now(UTC)
    for key in ("tired", "broken"):
        pages = archive.crawling.pages(key, Role.ARTICLE)
        assert len(pages) == len(ARTICLES)
        assert archive.crawling.pages(key, Role.ARTICLE, due=now) == []
        unasked = [one for one in pages if one.checked_at is None]
        assert len(unasked) >= len(ARTICLES) - FAILURES - OVERSHOOT
        assert all(one.failures == 0 for one in unasked)
    archive.close()


def test_no_condition_is_carried_over_a_redirect(rest: Rest) -> None:
    assert rest.asked["error"] == {"[]": 1}
    archive = open_archive(database_address(rest.home))
    pages = {one.url.rpartition("/")[2]: one.url for one in archive.crawling.pages("honest", Role.ARTICLE)}
    outcomes = {name: [seen.outcome for seen in archive.reading.observations(url)] for name, url in pages.items()}
    archive.close()
    assert outcomes["1.html"] == [Outcome.NEW_VERSION, Outcome.SOFT_GONE]
    # An address that always led to its folder is no move.
    assert outcomes["2.html"] == [Outcome.NEW_VERSION, Outcome.UNCHANGED]
    assert outcomes["3.html"] == [Outcome.NEW_VERSION, Outcome.UNCHANGED]


def test_a_host_that_is_down_is_told_for_every_site_on_it(tmp_path: Path) -> None:
    with CrawlServer() as server:
        sites = {f"site{number}": entry(server, f"/{number}/") for number in range(5)}
        write_catalogue(tmp_path, sites)
    crawled = finish(start_crawl(tmp_path, list(sites)))
    seen = [event for event in crawled.events if event["event"] == "visit"]
    assert {event["site"]: event["outcome"] for event in seen} == dict.fromkeys(sites, "failed")
    archive = open_archive(database_address(tmp_path))
    archive.running.announce({key: key for key in sites})
    health = archive.running.health(china_day(datetime.now(UTC)), datetime.now(UTC))
    archive.close()
    assert [site.failures for site in health] == [1] * len(sites)


def test_a_days_requests_hold_for_what_a_list_names_as_well(tmp_path: Path) -> None:
    with CrawlServer() as server:
        server.say("/xw/", page(listing(*ARTICLES)))
        for path in ARTICLES:
            server.say(path, page(story(f"供暖管网改造第{path[3:5]}期")))
        write_catalogue(tmp_path, {"yunxi": entry(server, limits={"requests_per_day": 12})})
        for _ in range(2):
            # What a list names that is not of this day has half of them.
            finish(start_crawl(tmp_path, ["yunxi"], columns="due", by_hand="0"))
            assert len(server.paths()) == 6
        archive = open_archive(database_address(tmp_path))
        assert sorted(run.requests for run in archive.running.runs()) == [0, 6]
        assert archive.running.due_sites(datetime.now(UTC)) == {}
        archive.close()
        # By hand a person may ask for more.
        finish(start_crawl(tmp_path, ["yunxi"]))
        assert len(server.paths()) > 6


@given(
    hosts=st.lists(st.integers(0, 9), max_size=60),
    hands=st.integers(1, 8),
)
def test_sites_of_one_host_are_dealt_to_one_child(hosts: list[int], hands: int) -> None:
    sites = [f"site{number}" for number in range(len(hosts))]
    where = dict(zip(sites, map(str, hosts), strict=True))
    dealt = deal(sites, hands, where)
    assert sorted(site for hand in dealt for site in hand) == sorted(sites)
    homes = [{where[site] for site in hand} for hand in dealt]
    assert sum(map(len, homes)) == len(set(hosts))
    assert len(dealt) <= hands
