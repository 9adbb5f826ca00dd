"""The queue itself: what it refuses, what it gives back, and how its tables come to be."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from conftest import PostgreSQL

from crawler.sites import load_catalogue
from monitor.jobs import posting
from monitor.jobs.crew import catalogue_text
from monitor.jobs.post import Place
from monitor.jobs.queue import SCHEMA, Busy, CutOff, Errand, OtherQueue, Pace, PutBack, Queue, QueueLost
from storage.archive import Archive
from storage.sql import open_archive

QUICK = Pace(beat=0.2, stalled=0.6)
LOUDI, WUGANG = Errand("loudi", "a.cn", "c"), Errand("wugang", "a.cn", "c")
GUIYANG = Errand("guiyang", "b.cn", "c")


@pytest.fixture
def address(postgresql: PostgreSQL) -> str:
    return postgresql.fresh_database()


def ask(address: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(address, autocommit=True) as server:
        answer = server.execute(question)  # type: ignore[call-overload]
        return answer.fetchall() if answer.description else []


def states(address: str) -> dict[object, object]:
    return dict(ask(address, f"SELECT site, state FROM {SCHEMA}.queue"))  # type: ignore[arg-type]


async def work(
    address: str, crawl: Callable[[str], Awaitable[None]], *, until: Callable[[], bool], pace: Pace = QUICK
) -> None:
    """Let a worker do what it can until something holds."""
    stop = asyncio.Event()

    async def take(site: str, _catalogue: str) -> None:
        await crawl(site)

    async with Queue(address, pace) as queue:
        working = asyncio.create_task(queue.work(take, 8, stop))
        async with asyncio.timeout(20):
            while not until():
                await asyncio.sleep(0.02)
        stop.set()
        await working


def test_a_site_waits_once_whoever_puts_it_there(address: str) -> None:
    async def both() -> list[int]:
        async with Queue(address, QUICK) as first, Queue(address, QUICK) as second:
            put = list(await asyncio.gather(*(queue.put([LOUDI, GUIYANG]) for queue in (first, second) * 4)))
            assert await first.queued() == {"loudi", "guiyang"}
            return [*put, await second.put([LOUDI, WUGANG])]

    put = asyncio.run(both())
    assert (sum(put[:8]), put[8]) == (2, 1)
    assert states(address) == {"loudi": "todo", "guiyang": "todo", "wugang": "todo"}
    with closing(open_archive(address)) as archive:
        queue = archive.running.queue()
    assert queue is not None
    assert (queue.waiting, queue.doing, queue.failed) == (3, 0, 0)
    assert queue.oldest_at is not None


def test_a_worker_that_was_struck_off_while_it_lives_says_so_and_ends(address: str) -> None:
    """Others took it for dead: to go on, it must be known again."""

    async def run() -> None:
        stop = asyncio.Event()

        async def take(_site: str, _catalogue: str) -> None:
            ask(address, f"DELETE FROM {SCHEMA}.procrastinate_workers")

        async with Queue(address, QUICK) as queue:
            await queue.put([LOUDI])
            async with asyncio.timeout(20):
                await queue.work(take, 8, stop)

    with pytest.raises(QueueLost, match="was given up; it begins anew"):
        asyncio.run(run())


def test_two_sites_of_a_host_take_turns(address: str) -> None:
    at_it: set[str] = set()
    seen: list[frozenset[str]] = []

    async def run() -> None:
        both_hosts = asyncio.Event()

        async def crawl(site: str) -> None:
            at_it.add(site)
            seen.append(frozenset(at_it))
            if len(at_it) == 2:
                both_hosts.set()
            # Were hosts to wait for each other, this would be for ever.
            await both_hosts.wait()
            at_it.remove(site)

        async with Queue(address, QUICK) as queue:
            await queue.put([LOUDI, WUGANG, GUIYANG])
        await work(address, crawl, until=lambda: len(seen) == 3 and not at_it)

    asyncio.run(run())
    assert not any({"loudi", "wugang"} <= together for together in seen)
    assert states(address) == {}


@pytest.mark.parametrize(
    ("trouble", "then"), [(PutBack(), "todo"), (Busy(), "todo"), (CutOff("exit -9"), "todo"), (None, None)]
)
def test_what_is_not_done_is_tried_again(address: str, trouble: Exception | None, then: str | None) -> None:
    tried: list[str] = []

    async def crawl(site: str) -> None:
        tried.append(site)
        if trouble:
            # It is due still, and a second service has put it there meanwhile.
            raise trouble

    async def run() -> None:
        async with Queue(address, QUICK) as queue:
            await queue.put([LOUDI])
        await work(address, crawl, until=lambda: bool(tried) and "doing" not in states(address).values())

    asyncio.run(run())
    assert states(address).get("loudi") == then
    if isinstance(trouble, Busy):
        assert tried == ["loudi"]


def test_put_back_where_it_waits_already_it_waits_once(address: str) -> None:
    every = f"SELECT state FROM {SCHEMA}.queue"
    crawled: list[str] = []

    async def run() -> None:
        async with Queue(address, QUICK) as queue:
            await queue.put([LOUDI])

            async def crawl(site: str) -> None:
                crawled.append(site)
                # Due still, it was put there by the next tick.
                await queue.put([LOUDI])
                raise PutBack

            await work(address, crawl, until=lambda: len(crawled) >= 2)

    asyncio.run(run())
    assert ask(address, every) == [("todo",)]


def test_given_up_and_back_it_does_not_end_what_its_successor_does(address: str) -> None:
    """A worker whose site was taken over meanwhile must leave the job alone."""

    async def run() -> list[str]:
        heard: list[str] = []
        first_began, first_may_end, second_may_end = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def first(_site: str) -> None:
            first_began.set()
            await first_may_end.wait()

        async def second(_site: str) -> None:
            heard.append("taken over")
            first_may_end.set()
            await second_may_end.wait()

        async with Queue(address, QUICK) as queue:
            await queue.put([LOUDI])
            lost = asyncio.create_task(work(address, first, until=first_may_end.is_set, pace=Pace(60, 180)))
            await first_began.wait()
            # Its signs of life do not reach the database.
            ask(address, f"UPDATE {SCHEMA}.procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
            heard += await queue.rescue()
            assert await queue.rescue() == []
            next_one = asyncio.create_task(work(address, second, until=second_may_end.is_set))
            await lost
            heard.append(str(states(address)["loudi"]))
            second_may_end.set()
            await next_one
        return heard

    assert asyncio.run(run()) == ["loudi", "taken over", "doing"]
    assert states(address) == {}


def test_a_long_queue_waits_outside_and_everybody_gets_in(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "QUEUED_AT_MOST", 2)
    keys = ("a", "b", "c", "d", "e")
    entries = "".join(f"  {key}: {{name: {key}, columns: [http://{key}.cn/x]}}\n" for key in keys)
    (tmp_path / "sites.yaml").write_text(f"sites:\n{entries}", "utf-8")
    known = load_catalogue(tmp_path)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    seen = []

    async def ticks(archive: Archive) -> None:
        desk = posting.Posting(
            Place(tmp_path, address, archive, lambda: now, lambda _event: None, lambda _change: None)
        )
        await desk.prepare()
        for _ in range(3):
            await desk.begin(known, 0)
            await desk.begin(known, 0)
            seen.append(sorted(map(str, states(address))))
            ask(address, f"SET search_path = {SCHEMA}; DELETE FROM procrastinate_jobs")

    with closing(open_archive(address)) as archive:
        for key in keys:
            archive.crawling.enlist_columns(key, known.sites[key].columns, now)
        asyncio.run(ticks(archive))
    assert seen == [["a", "b"], ["c", "d"], ["a", "e"]]


def test_its_tables_are_made_anew_for_another_procrastinate_where_nobody_uses_them(address: str) -> None:
    async def opened() -> None:
        async with Queue(address, QUICK) as queue:
            await queue.put([LOUDI])

    asyncio.run(opened())
    ask(address, f"COMMENT ON SCHEMA {SCHEMA} IS 'another'")
    ask(address, f"INSERT INTO {SCHEMA}.procrastinate_workers DEFAULT VALUES")
    with pytest.raises(OtherQueue, match="1 processes still use it"):
        asyncio.run(opened())
    ask(address, f"UPDATE {SCHEMA}.procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    asyncio.run(opened())
    assert states(address) == {"loudi": "todo"}


def test_a_database_that_is_away_is_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def opened() -> None:
        async with Queue(f"postgresql://postgres@/x?host={tmp_path}", QUICK):
            pass

    with caplog.at_level(logging.WARNING), pytest.raises(QueueLost, match=r"^the queue cannot be used: .*$"):
        asyncio.run(opened())
    assert caplog.records == []


def test_what_workers_are_told_of_a_catalogue_holds_no_secret_and_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "sites.yaml").write_text(
        "contact: desk@example.cn\ndatabase: postgresql://u:secret@h/x\n"
        "web: {token: secret-secret-secret}\nmail: {host: m.cn, from: a@b.cn, password: secret}\n"
        "defaults:\n  delay: 0571\nsites:\n  loudi:\n    name: no\n    columns: [http://a.cn/x]\n    hosts:\n",
        "utf-8",
    )
    known = load_catalogue(tmp_path)
    text = catalogue_text(known)
    assert "secret" not in text
    (tmp_path / "copy.yaml").write_text(text, "utf-8")
    copy = load_catalogue(tmp_path, tmp_path / "copy.yaml")
    assert (copy.sites, copy.contact) == (known.sites, known.contact)
