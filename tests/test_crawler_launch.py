"""Crawls as children: dealt out, listened to, locked, stopped, orphaned; and the fetching of a few pages."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawl_child import (
    IMPATIENT,
    altered,
    command,
    entry,
    environment,
    finish,
    open_home,
    start_crawl,
    write_catalogue,
)
from crawl_server import Answer, CrawlServer, listing, page, robots, story
from hypothesis import given
from hypothesis import strategies as st

from crawler import launch as launching
from crawler import middlewares
from crawler.fetch import fetch_pages
from crawler.launch import SITES_WORTH_A_CHILD, Order, deal, launch
from crawler.locks import FileLock, site_lock
from storage.records import Outcome

NEVER = threading.Event()
ENTRY = "/xw/"
TWO = ("/xw/1.html", "/xw/2.html", "/xw/3.html")
SOON = middlewares.STOP_PATIENCE + 5
"""Seconds in which a crawl that was told to stop is gone, also on a machine that is busy with other tests."""


BREAKING = """
import crawler.pipeline as pipeline
read = pipeline.visit_of
def visit_of(response, errand):
    if response.url.endswith("/2.html"):
        raise KeyError("没有想到的事")
    return read(response, errand)
pipeline.visit_of = visit_of
"""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[CrawlServer]:
    """A site of three articles, and no proxy between it and the children."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with CrawlServer() as serving:
        serving.say(ENTRY, page(listing(*TWO)))
        for path in TWO:
            serving.say(path, page(story(f"云溪市召开重点工作推进会议 {path[4]}")))
        yield serving


def held(server: CrawlServer) -> CrawlServer:
    """The same site, whose second article never comes."""
    server.say(TWO[1], Answer(after=NEVER))
    return server


def is_free(home: Path, key: str) -> bool:
    """Whether nobody crawls a site any more."""
    lock = site_lock(home, key)
    free = lock.acquire()
    lock.release()
    return free


@given(st.lists(st.text("abc", min_size=1), unique=True), st.integers(1, 16))
def test_every_site_is_dealt_once_and_hands_are_even(sites: list[str], hands: int) -> None:
    batches = deal(sites, hands)
    assert sorted(site for batch in batches for site in batch) == sorted(sites)
    assert len(batches) <= hands
    assert all(batches)
    sizes = [len(batch) for batch in batches] or [0]
    assert max(sizes) - min(sizes) <= 1


@given(st.integers(1, 100), st.integers(1, 16))
def test_a_child_is_started_only_where_it_has_enough_to_do(sites: int, hands: int) -> None:
    batches = deal([str(number) for number in range(sites)], hands)
    assert len(batches) == 1 or len(batches) <= -(-sites // SITES_WORTH_A_CHILD)
    assert len(batches) >= min(hands, sites // SITES_WORTH_A_CHILD)


def test_a_site_is_crawled_by_one_process_and_a_stop_keeps_what_was_kept(
    tmp_path: Path, server: CrawlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = launching._command
    monkeypatch.setattr(launching, "_command", lambda *given: altered(usual(*given), IMPATIENT))
    with CrawlServer() as other:
        other.say(ENTRY, page(listing("/xw/9.html")))
        other.say("/xw/9.html", page(story("另一个网站的一篇")))
        write_catalogue(tmp_path, {"held": entry(held(server)), "open": entry(other)})
        first = start_crawl(tmp_path, ["held"], run="first")
        try:
            assert server.reached(TWO[1]).wait(30)
            asked = len(server.paths())
            events: list[dict[str, object]] = []
            faults = asyncio.run(launch(Order(tmp_path, ("held", "open")), events.append))
            assert faults == ["held is being crawled by another process"]
            assert [event["site"] for event in events if event["event"] == "busy"] == ["held"]
            assert {event["site"] for event in events if event["event"] == "visit"} == {"open"}
            assert len(server.paths()) == asked
            told = time.monotonic()
            first.send_signal(signal.SIGTERM)
            stopped = finish(first, SOON)
        finally:
            first.kill()
    assert time.monotonic() - told < SOON
    assert (stopped.status, stopped.closed["reason"], stopped.closed["visits"]) == (0, "shutdown", 2)
    assert is_free(tmp_path, "held")
    archive = open_home(tmp_path)
    assert [version.article.title for version in archive.reading.history(server.url(TWO[0]))] == [
        "云溪市召开重点工作推进会议 1"
    ]
    assert archive.reading.observations(server.url(TWO[1])) == []
    runs = {run.site: run for run in archive.running.runs()}
    archive.close()
    assert sorted(runs) == ["held", "open"]
    assert (runs["held"].id, runs["held"].reason, runs["held"].visits) == ("first", "shutdown", 2)


LAUNCHER = """
import asyncio, sys
from pathlib import Path
from crawler.launch import Order, launch
asyncio.run(launch(Order(Path(sys.argv[1]), ("held",)), print))
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="the kernel ends orphans on Linux alone")
def test_a_crawl_whose_launcher_is_killed_ends(tmp_path: Path, server: CrawlServer) -> None:
    write_catalogue(tmp_path, {"held": entry(held(server))})
    launcher = subprocess.Popen(
        [sys.executable, "-P", "-c", LAUNCHER, str(tmp_path)], env=environment(), stdout=subprocess.DEVNULL
    )
    try:
        assert server.reached(TWO[1]).wait(30)
        child = site_lock(tmp_path, "held").holder()
        assert child is not None
        assert child != launcher.pid
        watched = os.pidfd_open(child)
    finally:
        launcher.kill()
        launcher.wait()
    try:
        ended, _, _ = select.select([watched], [], [], 5)
    finally:
        os.close(watched)
    assert ended
    assert is_free(tmp_path, "held")


class _Signals:
    def connect(self, receiver: object, signal: object) -> None:
        """Nobody sends any here."""


class _Crawler:
    signals = _Signals()


@pytest.mark.parametrize("gone", [True, False])
def test_where_the_kernel_does_not_end_orphans_a_look_does(monkeypatch: pytest.MonkeyPatch, gone: bool) -> None:
    ended: list[int] = []
    monkeypatch.setattr("crawler.parentage.sys.platform", "darwin")
    monkeypatch.setattr("crawler.middlewares.os._exit", ended.append)
    watch = middlewares.ParentWatch(_Crawler(), os.getppid() + gone)  # type: ignore[arg-type]
    watch._check()
    assert ended == [1] * gone


class _Deaf(Exception):
    """What a listener breaks down with."""


def test_no_child_is_left_behind_by_a_launcher_that_breaks_down(tmp_path: Path, server: CrawlServer) -> None:
    def listen(event: dict[str, object]) -> None:
        if event["event"] == "visit" and event["site"] == "0":
            assert stuck.reached(TWO[1]).wait(30)
            raise _Deaf

    async def broken() -> set[str]:
        with pytest.raises(_Deaf):
            await launch(Order(tmp_path, tuple(sites)), listen, hands=2)
        return {key for key in sites if not is_free(tmp_path, key)}

    with CrawlServer() as stuck:
        stuck.say(ENTRY, page(listing(*TWO)))
        held(stuck)
        sites = {str(number): entry(stuck if number == 1 else held(server)) for number in range(5)}
        write_catalogue(tmp_path, sites)
        assert asyncio.run(broken()) == set()


def test_a_child_that_is_killed_is_told(tmp_path: Path, server: CrawlServer) -> None:
    def listen(event: dict[str, object]) -> None:
        child = site_lock(tmp_path, "held").holder()
        assert child is not None
        os.kill(child, signal.SIGKILL)

    write_catalogue(tmp_path, {"held": entry(held(server))})
    (fault,) = asyncio.run(launch(Order(tmp_path, ("held",)), listen))
    assert fault.startswith("the crawl of held was cut off (exit -9); see ")


def test_an_unexpected_error_is_the_runs_fault_and_costs_only_its_page(tmp_path: Path, server: CrawlServer) -> None:
    write_catalogue(tmp_path, {"odd": entry(server)})
    child = subprocess.Popen(
        altered(command(tmp_path, ["odd"]), BREAKING),
        env=environment(SHIXUN_REPORT="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    crawled = finish(child)
    assert crawled.closed["fault"] == "1 unexpected errors; see the crawl log"
    assert "没有想到的事" in crawled.log
    archive = open_home(tmp_path)
    kept = [archive.reading.observations(server.url(path)) for path in TWO]
    (run,) = archive.running.runs()
    archive.close()
    assert [[seen.outcome for seen in visits] for visits in kept] == [[Outcome.NEW_VERSION], [], [Outcome.NEW_VERSION]]
    assert run.reason == "finished, with 1 unexpected errors"


def test_a_few_pages_are_fetched_with_the_same_manners(server: CrawlServer) -> None:
    server.say("/robots.txt", robots("User-agent: *", "Disallow: /shut/"))
    server.say("/xw/moved.html", Answer(status=301, headers={"Location": TWO[0]}))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    wanted = [server.url(path) for path in (TWO[0], "/xw/none.html", "/shut/1.html", "/xw/moved.html")]
    wanted += [dead, "云溪日报", "http://[::1/", Path(__file__).as_uri()]
    found = fetch_pages(wanted, contact="desk@shixun.example")
    assert [each.url for each in found] == wanted
    assert [each.status for each in found] == [200, 404, None, 200, None, None, None, None]
    assert [each.error and each.error.split(":")[0] for each in found] == [
        *(None, None, "IgnoreRequest", None, "DownloadConnectionRefusedError"),
        *["not an http(s) address"] * 3,
    ]
    assert found[0].body == found[3].body == story("云溪市召开重点工作推进会议 1")
    assert found[3].final_url == server.url(TWO[0])
    assert "/shut/1.html" not in server.paths()
    assert {"contact desk@shixun.example" in asked.headers["user-agent"] for asked in server.asked} == {True}


def test_no_page_costs_no_child() -> None:
    assert fetch_pages([]) == []


@pytest.mark.parametrize(
    ("spider", "wanted", "unwanted"),
    [
        (
            "municipal",
            {"sqlalchemy", "crawler.extraction.read"},
            {"trafilatura", "alembic", "aiohttp", "sqlalchemy.dialects.postgresql"},
        ),
        ("pages", {"lxml"}, {"trafilatura", "sqlalchemy", "crawler.extraction.read", "aiohttp"}),
    ],
)
def test_a_child_loads_what_its_own_spider_needs(
    tmp_path: Path, server: CrawlServer, spider: str, wanted: set[str], unwanted: set[str]
) -> None:
    """A crawl is begun so often that it pays to load little."""
    write_catalogue(tmp_path, {"plain": entry(server)})
    open_home(tmp_path).close()
    (tmp_path / "wanted.json").write_text(json.dumps([server.url(TWO[0])]), "utf-8")
    own = {"municipal": ("site=plain", f"home={tmp_path}"), "pages": (f"folder={tmp_path}",)}
    code = f"import sys; from crawler.child import main; main(); print(*sys.modules.keys() & {wanted | unwanted!r})"
    child = [sys.executable, "-P", "-c", code, spider, *own[spider]]
    ended = subprocess.run(child, env=environment(), capture_output=True, text=True, timeout=60, check=True)
    assert set(ended.stdout.split()) == wanted


def test_a_lock_is_had_once_and_names_its_holder(tmp_path: Path) -> None:
    one, other = FileLock(tmp_path / "deep" / "lock"), FileLock(tmp_path / "deep" / "lock")
    assert one.acquire()
    assert not other.acquire()
    assert other.holder() == os.getpid()
    one.release()
    assert other.acquire()
    other.release()
    assert FileLock(tmp_path / "none").holder() is None
