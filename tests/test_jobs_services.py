"""Services over one PostgreSQL: two beside each other, one that crawls by itself; and a worker without a database."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from service_watch import articles, entry, processes, until
from worker_yard import Yard


def test_two_services_run_no_crawl_twice_and_tell_nothing_twice(yard: Yard) -> None:
    keys = ("jiaotong", "xueyuan")
    entries = [entry(yard.server, key) for key in keys]
    for name in ("desk", "other"):
        yard.serve(name, *entries, crawls=1)
    wanted = sorted(address for key in keys for address in articles(yard.server, key))
    until(lambda: yard.told() == wanted, "everything told")
    assert [process.end()[0] for process in yard.begun] == [0, 0]
    # Put there by both within a moment, a site may be looked at once more: there is nothing to ask it for then.
    assert sorted(run.site for run in yard.archive.running.runs() if run.visits) == sorted(keys)
    assert yard.told() == wanted
    told = [line for process in yard.begun for line in process.out.splitlines()]
    assert len(told) == len(wanted)
    assert "Traceback" not in "".join(process.err for process in yard.begun)


def test_a_worker_needs_a_database_that_machines_can_share(tmp_path: Path, yard: Yard) -> None:
    (tmp_path / "alone").mkdir()
    yard.database = "sqlite:///shixun.db"
    worker = yard.work("alone")
    assert worker.process.wait(20) == 2
    assert worker.err.strip().endswith("worker 需要服务所用的 PostgreSQL 地址,如 postgresql://user@host/name")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_service_that_crawls_by_itself_ends_as_it_always_did(yard: Yard, number: signal.Signals) -> None:
    service = yard.serve("desk", entry(yard.server, "jiaotong", delay=0.4), crawls=1)
    until(lambda: yard.kept() >= 2, "the first pages of a slow crawl")
    children = service.family()
    assert service.crawls()
    service.end(number)
    until(lambda: not children & set(processes()), "the end of its children", 5)
    assert "Traceback" not in service.err
