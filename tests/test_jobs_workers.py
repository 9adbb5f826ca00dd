"""Workers crawl what a service puts into the queue: killed, asked to end, with a second service beside the first."""

from __future__ import annotations

import signal
from datetime import UTC, datetime

from service_watch import STOPS_WITHIN, articles, entry, processes, until
from worker_yard import Yard

STATES = "SELECT site, state FROM shixun_jobs.queue"


def test_a_worker_crawls_what_the_service_defers_and_its_home_knows_the_database_alone(yard: Yard) -> None:
    keys = ("jiaotong", "xueyuan")
    service = yard.serve("desk", *(entry(yard.server, key) for key in keys), more="mail: {host: m.cn, from: a@b.cn}\n")
    worker = yard.work("far")
    wanted = sorted(address for key in keys for address in articles(yard.server, key))
    until(lambda: yard.told() == wanted, "everything told")
    assert {run.site for run in yard.archive.running.runs()} == set(keys)
    (seen,) = yard.archive.running.workers(datetime.now(UTC))
    assert seen.name == "far"
    assert service.end()[0] == 0
    assert worker.end()[0] == 0
    assert not service.family()
    assert "Traceback" not in service.err + worker.err


def test_killed_its_sites_are_taken_over_and_nothing_is_told_twice(yard: Yard) -> None:
    wanted = articles(yard.server, "jiaotong")
    yard.serve("desk", entry(yard.server, "jiaotong", delay=0.2))
    first = yard.work("first")
    until(lambda: yard.kept() >= 4, "the first pages of a slow crawl")
    children = first.family()
    assert first.crawls()
    second = yard.work("second")
    first.end(signal.SIGKILL)
    until(lambda: not children & set(processes()), "the orphans' end", 5)
    assert yard.kept() < len(wanted), "the crawl was over before the signal came"
    until(lambda: yard.told() == wanted, "everything told by the second worker")
    assert "taken over" in second.err + yard.begun[0].err


def test_asked_to_end_it_puts_back_what_is_not_done(yard: Yard) -> None:
    wanted = articles(yard.server, "jiaotong")
    service = yard.serve("desk", entry(yard.server, "jiaotong", delay=0.2))
    first = yard.work("first")
    until(lambda: yard.kept() >= 3, "the first pages of a slow crawl")
    status, seconds = first.end()
    service.end()
    assert (status, seconds < STOPS_WITHIN) == (0, True)
    assert yard.ask(STATES) == [("jiaotong", "todo")]
    assert yard.ask("SELECT * FROM workers") == []
    assert yard.kept() < len(wanted), "the crawl was over before the signal came"
    # With the service gone, what it had put there is done all the same.
    yard.work("second")
    until(lambda: yard.told() == wanted, "everything told by the second worker")
