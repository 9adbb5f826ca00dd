"""What many machines must get over: a database that goes away, a worker that was given up and is back."""

from __future__ import annotations

import subprocess

from conftest import PostgreSQL
from service_watch import articles, entry, until
from worker_yard import Yard


def test_the_database_is_away_for_a_while_in_mid_crawl(yard: Yard, postgresql: PostgreSQL) -> None:
    wanted = articles(yard.server, "jiaotong")
    service = yard.serve("desk", entry(yard.server, "jiaotong", delay=0.2))
    worker = yard.work("far")
    until(lambda: yard.kept() >= 4, "the first pages of a slow crawl")
    assert worker.crawls()
    postgresql.stop()
    until(lambda: "ERROR" in service.err and "the queue cannot be used" in worker.err, "both tell it")
    until(lambda: not worker.crawls(), "the end of the crawl")
    postgresql.start()
    assert yard.kept() < len(wanted), "the crawl was over before the database was stopped"
    until(lambda: yard.told() == wanted, "everything told afterwards")
    assert "the queue can be used again" in worker.err
    assert "the archive can be used again" in service.err
    log = (worker.home / "logs" / "crawl.log").read_text("utf-8")
    assert "Traceback" not in service.err + worker.err + log
    # The crawl, its comparison and the queue; what the service could not do: the tick, and delivery.
    assert worker.err.count(" ERROR ") <= 3, worker.err
    assert service.err.count(" ERROR ") <= 2, service.err
    assert [process.end()[0] for process in yard.begun] == [0, 0]


def test_a_worker_that_was_frozen_and_given_up_does_not_go_on_beside_its_successor(yard: Yard) -> None:
    wanted = articles(yard.server, "jiaotong")
    yard.serve("desk", entry(yard.server, "jiaotong", delay=0.2))
    first = yard.work("first")
    until(lambda: yard.kept() >= 4, "the first pages of a slow crawl")
    (child,) = first.crawls()
    for pid in (first.process.pid, child):
        subprocess.run(["kill", "-STOP", str(pid)], check=True)
    # What the server does to a client whose machine is silent for too long.
    yard.ask(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid != pg_backend_pid()"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    second = yard.work("second")
    until(lambda: "taken over" in second.err + yard.begun[0].err, "the rescue of its site")
    until(second.crawls, "the successor's crawl")
    for pid in (first.process.pid, child):
        subprocess.run(["kill", "-CONT", str(pid)], check=True)
    until(lambda: child not in first.crawls(), "the end of the crawl that was given up", 15)
    until(lambda: yard.told() == wanted, "everything told by the second worker")
    assert yard.kept() == len(wanted)
    assert first.process.poll() is None
    assert "the connection that held the sites was lost" in first.err or "cannot be used" in first.err
