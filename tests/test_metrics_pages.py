"""``/metrics`` and ``/healthz``: figures that Prometheus reads, and whether all is well, told to strangers."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import namedtuple
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from drain_desk import Desk, busy_day
from prometheus_client import parser
from starlette.testclient import TestClient
from web_desk import BASE, SITES

from crawler.locks import ServiceBusy
from monitor.config import Settings
from monitor.metrics import health
from monitor.metrics.exposition import Exposition
from monitor.metrics.health import FREE_ENOUGH, Health
from monitor.metrics.pulse import STILL, Pulse
from monitor.web.app import build_app
from monitor.web.vitals import Vitals
from storage.archive import Archive
from storage.crew import Queue, Worker
from storage.errors import DatabaseUnreachable
from storage.outbox import LetterState
from storage.records import ChangeKind, Outcome

Usage = namedtuple("Usage", "total used free")
TOKEN = "sixteen-signs-and-more"


class Shown:
    """The pages of an archive whose service's clock is moved by hand."""

    def __init__(self, archive: Archive, home: Path) -> None:
        self.desk, self.seconds = Desk(archive), 0.0
        self.pulse = Pulse(lambda: self.seconds)
        archive.running.announce(SITES)
        self._archive, self._home = archive, home

    def client(self, **web: object) -> TestClient:
        clock = lambda: self.desk.now  # noqa: E731
        told = Vitals.of(self._archive, clock, home=self._home, pulse=self.pulse)
        settings = Settings.model_validate({"web": {"requests_per_minute": 100_000, **web}})
        return TestClient(build_app(self._archive, settings, clock, told=told), base_url=BASE)


@pytest.fixture
def shown(archive: Archive, tmp_path: Path) -> Shown:
    return Shown(archive, tmp_path)


def figures(client: TestClient) -> dict[str, float]:
    """What Prometheus would keep, by name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return dict(samples(answer.text))


def samples(text: str) -> Iterator[tuple[str, float]]:
    for family in parser.text_string_to_metric_families(text):
        assert family.documentation
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            yield f"{sample.name}{{{labels}}}" if labels else sample.name, sample.value


def test_a_busy_day_is_counted(shown: Shown) -> None:
    client = shown.client()
    before = figures(client)
    assert {before[f"shixun_visits_total{{outcome={outcome}}}"] for outcome in Outcome} == {0.0}
    busy_day(shown.desk)
    for seconds in (0, 1):
        with shown.pulse.timed("crawl"):
            shown.seconds += seconds
    with shown.pulse.timed("crawl", 3):
        shown.seconds += 4
        waiting = shown.desk.archive.running.counts()["pending"]
        held = figures(client)
    assert (held["shixun_visits_undecided"], held["shixun_at_work{work=crawl}"]) == (float(waiting), 3.0)
    told = shown.desk.drain()
    shown.desk.now += timedelta(minutes=2)
    after = figures(client)
    assert sum(after[f"shixun_visits_total{{outcome={outcome}}}"] for outcome in Outcome) == 14
    assert after["shixun_visits_total{outcome=gone}"] == 2
    for kind in ChangeKind:
        assert after[f"shixun_changes_total{{kind={kind}}}"] == sum(change.kind is kind for change in told)
    counts = shown.desk.archive.running.counts()
    for what in ("pages", "versions", "bodies"):
        assert after[f"shixun_archive_{what}"] == counts[what] > 0
    assert (after["shixun_sites"], after["shixun_visits_undecided"]) == (3.0, 0.0)
    assert {after[f"shixun_letters{{state={state}}}"] for state in LetterState} == {0.0}
    assert after["shixun_fetch_seconds_count"] == after["shixun_fetch_seconds_bucket{le=+Inf}"] == 14
    bounds = ("0.01", "1.0", "2.5", "5.0", "+Inf")
    assert [after[f"shixun_work_seconds_bucket{{le={bound},work=crawl}}"] for bound in bounds] == [1, 2, 2, 3, 3]
    assert (after["shixun_work_seconds_count{work=crawl}"], after["shixun_work_seconds_sum{work=crawl}"]) == (3, 5)
    assert after["process_resident_memory_bytes"] > 10_000_000
    assert after["process_cpu_seconds_total"] >= before["process_cpu_seconds_total"] > 0
    assert [name for name in after if name.startswith("shixun_build_info{version=")]


def test_no_counter_goes_back_whatever_is_deleted(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    client = shown.client()
    figures(client)
    busy_day(shown.desk)
    shown.desk.drain()
    before = figures(client)
    # As if all of it had been taken out by hand.
    monkeypatch.setattr(shown.desk.archive.measuring, "changes", lambda: dict.fromkeys(ChangeKind, 0))
    monkeypatch.setattr(shown.desk.archive.measuring, "visits", lambda **_: {})
    after = figures(client)
    gone_back = [name for name in before if "_total" in name or "_bucket" in name if after[name] < before[name]]
    assert gone_back == []
    assert after["shixun_visits_total{outcome=gone}"] == 2


def test_the_clock_is_told_where_a_service_keeps_one(shown: Shown) -> None:
    client = shown.client()
    assert "shixun_clock_silent_seconds" not in figures(client)
    shown.pulse.beat(timedelta(seconds=30))
    shown.seconds += 7
    assert figures(client)["shixun_clock_silent_seconds"] == 7.0


def test_workers_are_counted_and_those_that_are_lost_apart(shown: Shown) -> None:
    client, seen = shown.client(), shown.desk.now
    for number, back in enumerate((0, 60, 61)):
        worker = Worker(str(number), "w", "h", 1, "1", seen, seen - timedelta(seconds=back), 2)
        shown.desk.archive.running.note_worker(worker)
    told = figures(client)
    assert (told["shixun_workers"], told["shixun_workers_lost"]) == (2.0, 1.0)
    waits = Queue(waiting=3, doing=2, failed=1, oldest_at=seen - timedelta(seconds=9))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shown.desk.archive.running, "queue", lambda: waits)
        told = figures(client)
    assert [told[f"shixun_queue{{state={state}}}"] for state in ("waiting", "doing", "failed")] == [3.0, 2.0, 1.0]
    assert told["shixun_queue_oldest_seconds"] == 9.0


def test_a_process_without_pages_tells_of_itself_at_a_port() -> None:
    pulse = Pulse()
    with pulse.timed("crawl", 8), Exposition(pulse).served(0) as address:
        answer = httpx.get(address, trust_env=False)
        port = int(address.rpartition(":")[2].partition("/")[0])
        with pytest.raises(ServiceBusy, match=str(port)), Exposition(pulse).served(port):
            pass
    told = dict(samples(answer.text))
    assert told["shixun_at_work{work=crawl}"] == 8.0
    # Of the archive the service tells: all of its workers would say the same, and it would be added up.
    assert [name for name in told if "visits" in name or "archive" in name] == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, trust_env=False)


def test_the_figures_want_the_token_as_pages_do_and_health_is_told_to_anybody(shown: Shown) -> None:
    client = shown.client(token=TOKEN)
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["cache-control"] == "no-store"


def test_a_clock_that_stands_and_a_full_disk_are_told(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    client = shown.client()
    shown.pulse.beat(timedelta(seconds=30))
    shown.seconds += STILL.total_seconds() + 1
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "reasons": ["clock"]})
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _home: Usage(1, 1, FREE_ENOUGH))
    assert client.get("/healthz").json()["reasons"] == ["clock", "disk"]
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _home: Usage(1, 1, FREE_ENOUGH + 1))
    shown.pulse.beat(timedelta(seconds=30))
    assert client.get("/healthz").status_code == 200


def test_a_database_that_is_gone_is_told_and_its_address_is_not(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_given: object) -> None:
        raise DatabaseUnreachable("postgresql://secret@inside/shixun does not answer")

    monkeypatch.setattr(shown.desk.archive.measuring, "answers", gone)
    monkeypatch.setattr(shown.desk.archive.measuring, "due", gone)
    client = shown.client()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "reasons": ["database"]})
    refused = client.get("/metrics")
    assert refused.status_code == 503
    assert "secret" not in answer.text + refused.text


def test_a_database_that_hangs_is_asked_once_and_told_each_time() -> None:
    asked, go_on = [], threading.Event()

    def hang() -> None:
        asked.append(1)
        go_on.wait(30)

    async def live() -> None:
        looked = Health(None, Pulse(), hang, patience=0.01)
        assert [await looked.reasons() for _ in range(3)] == [["database"]] * 3
        assert len(asked) == 1
        go_on.set()
        looked._patience = 30
        assert await looked.reasons() == []
        assert await looked.reasons() == []
        assert len(asked) == 2

    try:
        asyncio.run(live())
    finally:
        go_on.set()


def test_the_table_of_figures_names_those_that_there_are(shown: Shown) -> None:
    shown.pulse.beat(timedelta(seconds=30))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shown.desk.archive.running, "queue", Queue)
        patch.setattr(shown.desk.archive.measuring, "read_at", lambda: dict.fromkeys(SITES, shown.desk.now))
        told = {name.partition("{")[0] for name in figures(shown.client()) if name.startswith("shixun_")}
    there = {re.sub("_(bucket|count|sum)$", "", name) if "_seconds_" in name else name for name in told}
    text = (Path(__file__).parents[1] / "docs" / "operate.md").read_text("utf-8")
    table = text.partition("| figure | from | means |")[2].partition("\n\n")[0]
    named: set[str] = set()
    for row in table.splitlines():
        first = row.split(" | ")[0]
        for name in re.findall(r"`([a-z_]+)[`{]", first):
            named.add(name if name.startswith(("shixun", "process")) else f"shixun_archive{name}")
    assert {name for name in named if name.startswith("shixun")} == there
