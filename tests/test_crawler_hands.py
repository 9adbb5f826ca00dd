"""Crawls forked by a nursery: begun, listened to, signalled, and what becomes of them when it is lost."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawl_child import entry, environment, open_home, write_catalogue
from crawl_server import Answer, CrawlServer, listing, page, story
from service_watch import processes, until

from crawler.hands import Hand, Nursery
from crawler.launch import Order, launch
from crawler.launch import environment as launched_in

NEVER = threading.Event()
PAGES = ("/xw/1.html", "/xw/2.html", "/xw/3.html")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[CrawlServer]:
    """A site of three articles, and no proxy between it and the children."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with CrawlServer() as serving:
        serving.say("/xw/", page(listing(*PAGES)))
        for path in PAGES:
            serving.say(path, page(story(f"云溪市召开重点工作推进会议 {path[4]}")))
        yield serving


@pytest.fixture
def home(tmp_path: Path, server: CrawlServer) -> Path:
    """Two sites on one server, and an archive with its tables."""
    write_catalogue(tmp_path, {"one": entry(server), "two": entry(server, "/xw/2/")})
    open_home(tmp_path).close()
    return tmp_path


def children_of(process: int) -> list[int]:
    return [pid for pid, (parent, _) in processes().items() if parent == process]


def nursery_of(launcher: int) -> int:
    """The one nursery among a process's children: others may be a test session's servers."""
    (found,) = [pid for pid in children_of(launcher) if b"crawler.nursery" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return found


async def forked(nursery: Nursery, home: Path, site: str) -> Hand:
    (home / "logs").mkdir(exist_ok=True)
    return await nursery.fork([f"site={site}", f"home={home}"], home / "logs" / "crawl.log")


async def said(hand: Hand) -> tuple[list[str], int]:
    """The kinds of its events, and its exit status."""
    events = [json.loads(line)["event"] async for line in hand.stdout]
    return events, await hand.wait()


def test_one_nursery_forks_crawls_one_after_the_other(home: Path, server: CrawlServer) -> None:
    async def crawled() -> None:
        async with Nursery(launched_in()) as nursery:
            seen = set()
            for site in ("one", "two"):
                events: list[dict[str, object]] = []
                assert await launch(Order(home, (site,)), events.append, nursery=nursery) == []
                assert events[-1]["event"] == "closed"
                seen.add(nursery_of(os.getpid()))
            assert len(seen) == 1
        assert seen.isdisjoint(processes())

    asyncio.run(crawled())
    assert [path for path in server.paths() if path in PAGES] == list(PAGES)
    assert "Traceback" not in (home / "logs" / "crawl.log").read_text("utf-8")


def test_a_fork_ends_by_the_signal_it_is_sent_and_tells_which(home: Path, server: CrawlServer) -> None:
    server.say(PAGES[1], Answer(after=NEVER))

    async def ended(number: int, times: int) -> tuple[list[str], int]:
        async with Nursery(launched_in()) as nursery:
            hand = await forked(nursery, home, "one")
            await asyncio.to_thread(until, lambda: server.paths().count(PAGES[1]) == times, "a page that never comes")
            assert hand.returncode is None
            hand.send_signal(number)
            found = await said(hand)
            assert hand.returncode == found[1]
            # One that has ended is sent nothing any more.
            hand.send_signal(number)
            return found

    assert asyncio.run(ended(signal.SIGKILL, 1))[1] == -signal.SIGKILL
    events, code = asyncio.run(ended(signal.SIGTERM, 2))
    assert (events[-1], code) == ("closed", 0)


def test_a_signal_that_comes_with_the_fork_is_not_lost(home: Path, server: CrawlServer) -> None:
    server.say(PAGES[1], Answer(after=NEVER))

    async def ended() -> int:
        async with Nursery(launched_in()) as nursery:
            hand = await forked(nursery, home, "one")
            hand.send_signal(signal.SIGTERM)
            async with asyncio.timeout(20):
                return (await said(hand))[1]

    assert asyncio.run(ended()) in (-signal.SIGTERM, 0)


def test_crawls_end_with_a_nursery_that_is_killed_and_the_next_has_another(home: Path, server: CrawlServer) -> None:
    server.say(PAGES[1], Answer(after=NEVER))

    async def killed() -> None:
        async with Nursery(launched_in()) as nursery:
            hand = await forked(nursery, home, "one")
            await asyncio.to_thread(server.reached(PAGES[1]).wait, 30)
            lost = nursery_of(os.getpid())
            (crawl,) = children_of(lost)
            os.kill(lost, signal.SIGKILL)
            events, code = await said(hand)
            assert (events[-1], code) == ("visit", -signal.SIGKILL)
            await asyncio.to_thread(until, lambda: crawl not in processes(), "the end of its crawl", 5)
            server.say(PAGES[1], page(story("云溪市召开重点工作推进会议 2")))
            events, code = await said(await forked(nursery, home, "one"))
            assert (events[-1], code) == ("closed", 0)

    asyncio.run(killed())


def test_a_nursery_that_is_hung_up_on_ends_what_still_runs(home: Path, server: CrawlServer) -> None:
    server.say(PAGES[1], Answer(after=NEVER))

    async def left() -> list[int]:
        nursery = Nursery(launched_in())
        await forked(nursery, home, "one")
        await asyncio.to_thread(server.reached(PAGES[1]).wait, 30)
        family = [nursery_of(os.getpid()), *children_of(nursery_of(os.getpid()))]
        await nursery.close()
        return family

    family = asyncio.run(left())
    assert len(family) == 2
    until(lambda: not set(family) & set(processes()), "the end of both", 5)


def test_a_nursery_whose_beginning_is_cancelled_leaves_nothing_open(home: Path) -> None:
    (home / "logs").mkdir()

    async def cancelled() -> None:
        async with Nursery(launched_in()) as nursery:
            beginning = asyncio.create_task(forked(nursery, home, "one"))
            await asyncio.sleep(0)
            beginning.cancel()
            with pytest.raises(asyncio.CancelledError):
                await beginning

    before = sorted(os.listdir("/proc/self/fd"))
    asyncio.run(cancelled())
    assert sorted(os.listdir("/proc/self/fd")) == before


def test_a_nursery_that_does_not_listen_is_killed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.hands.ENDS_WITHIN", 0.1)

    async def stopped() -> int:
        nursery = Nursery(launched_in())
        events, _ = await said(await forked(nursery, home, "one"))
        assert events[-1] == "closed"
        deaf = nursery_of(os.getpid())
        os.kill(deaf, signal.SIGSTOP)
        async with asyncio.timeout(20):
            await nursery.close()
        return deaf

    assert asyncio.run(stopped()) not in processes()


def test_a_nursery_that_cannot_begin_is_told_as_a_crawl_cut_off(home: Path) -> None:
    async def broken() -> list[str]:
        async with Nursery(launched_in() | {"SCRAPY_SETTINGS_MODULE": "no.such"}) as nursery:
            return await launch(Order(home, ("one",)), lambda _: None, nursery=nursery)

    (fault,) = asyncio.run(broken())
    assert fault.startswith("the crawl of one was cut off (exit -9); see ")
    assert "No module named 'no'" in (home / "logs" / "crawl.log").read_text("utf-8")


def test_what_is_loaded_before_the_fork_may_be_forked_and_is_all_that_a_crawl_loads(home: Path) -> None:
    """No thread and no reactor; and what a crawl would still load it would load for each child anew."""
    code = """
import os, sys
from crawler import child, nursery
nursery.load()
print(len(os.listdir("/proc/self/task")), "twisted.internet.reactor" in sys.modules)
before = set(sys.modules)
child.crawl("municipal", sys.argv[1:])
more = {name for name in set(sys.modules) - before if not name.startswith("encodings.")}
# What is asked for and switched off.
print(*sorted(more - {"scrapy.downloadermiddlewares.offsite", "scrapy.spidermiddlewares.depth"}))
"""
    given = ["site=one", f"home={home}"]
    command = [sys.executable, "-P", "-c", code, *given]
    ended = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.splitlines() == ["1 False", "twisted.internet.reactor"]
