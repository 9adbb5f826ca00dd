"""What the service posts, and that nothing it owes its readers is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from drain_desk import HIJACKED, STORY, Desk, busy_day
from service_watch import QUICK, Running, archive_at, catalogue, entry, until

from crawler.sites import load_catalogue
from monitor.config import load_settings
from monitor.deliver.dispatch import Dispatcher
from monitor.deliver.posting import post_alerts
from monitor.service import Service
from storage.archive import Archive
from storage.demo import CityServer
from storage.errors import DatabaseLocked
from storage.outbox import LetterState
from storage.records import CHINA
from storage.sql import open_archive

CATALOGUE = """\
sites:
  yunxi: {name: 云溪发布, columns: ['http://www.yunxi.example/news/']}
subscribers:
  desk: {to: file:desk, what: [digest, alerts]}
"""
MORNING = datetime(2026, 11, 22, 7, 30, tzinfo=CHINA)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    told = Desk(opened)
    busy_day(told)
    told.drain()
    yield told
    opened.close()


def service_at(home: Path, archive: Archive, now: datetime) -> Service:
    """A service as it stands once it has begun, its clock stopped."""
    (home / "sites.yaml").write_text(CATALOGUE, "utf-8")
    service = Service(home, clock=lambda: now)
    service.catalogue = load_catalogue(home)
    service.settings = load_settings(service.catalogue)
    service.archive = archive
    return service


def items(archive: Archive) -> list[str]:
    return [letter.item for letter in reversed(archive.outbox.letters())]


def test_the_morning_posts_what_it_writes_once(desk: Desk, tmp_path: Path) -> None:
    for _ in range(2):
        asyncio.run(service_at(tmp_path, desk.archive, MORNING).morning())
    assert items(desk.archive) == ["digest:2026-11-21"]


def test_killed_between_writing_and_posting_it_posts_later(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> int:
        raise DatabaseLocked("the database is held by another process")

    with monkeypatch.context() as patched:
        patched.setattr("monitor.service.post_morning", locked)
        asyncio.run(service_at(tmp_path, desk.archive, MORNING).morning())
    assert items(desk.archive) == []
    for _ in range(2):
        asyncio.run(service_at(tmp_path, desk.archive, MORNING + timedelta(hours=1)).catch_up())
    assert items(desk.archive) == ["digest:2026-11-21"]


def test_a_digest_that_cannot_be_written_is_sent_all_the_same(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way of the folder", "utf-8")
    asyncio.run(service_at(tmp_path, desk.archive, MORNING).morning())
    assert items(desk.archive) == ["digest:2026-11-21"]


def test_the_days_when_it_was_off_are_told_too(desk: Desk, tmp_path: Path) -> None:
    asyncio.run(service_at(tmp_path, desk.archive, MORNING - timedelta(days=9)).morning())
    asyncio.run(service_at(tmp_path, desk.archive, MORNING + timedelta(hours=2)).catch_up())
    days = ["2026-11-12", "2026-11-19", "2026-11-20", "2026-11-21"]
    assert items(desk.archive) == [f"digest:{day}" for day in days]
    assert sorted(path.stem for path in (tmp_path / "out").glob("*.md")) == [f"digest-{day}" for day in days]


def test_before_its_hour_nothing_is_posted(desk: Desk, tmp_path: Path) -> None:
    asyncio.run(service_at(tmp_path, desk.archive, MORNING - timedelta(minutes=1)).catch_up())
    assert items(desk.archive) == []


def test_it_posts_what_is_urgent_and_sends_it(desk: Desk, tmp_path: Path) -> None:
    service = service_at(tmp_path, desk.archive, MORNING)
    post_alerts(desk.archive, service.settings, MORNING)
    desk.visit(STORY, page="9")
    desk.visit(HIJACKED, page="9")
    desk.drain()
    dispatcher = Dispatcher(desk.archive, tmp_path, lambda: service.settings, lambda: MORNING)
    asyncio.run(service.deliver(dispatcher))
    dispatcher.drain()
    assert desk.archive.outbox.counts() == {LetterState.SENT: 1}
    assert sorted(path.suffix for path in (tmp_path / "out" / "desk").glob("alert-*")) == [".html", ".md"]


def test_a_fault_of_the_store_is_survived(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def locked(*_: object) -> int:
        raise DatabaseLocked("the database is held by another process")

    service = service_at(tmp_path, desk.archive, MORNING)
    monkeypatch.setattr(desk.archive.outbox, "latest_change", locked)
    asyncio.run(service.deliver(Dispatcher(desk.archive, tmp_path, lambda: service.settings, lambda: MORNING)))
    assert "delivery: the database is held" in caplog.text


def test_a_running_service_wakes_who_wants_to_be_woken(
    tmp_path: Path, city_server: CityServer, serve: Callable[[], Running]
) -> None:
    """From a crawl to a file in a reader's folder, by the real process and its own clock."""
    city_server.round = 2
    readers = "subscribers: {desk: {to: file:desk, what: alerts}}\nalerts: {kinds: [new]}\n"
    catalogue(tmp_path, entry(city_server, "xueyuan"), pace=readers + QUICK)
    watch = serve()
    until(lambda: list((tmp_path / "out" / "desk").glob("alert-*.html")), "an alert in the reader's folder")
    until(lambda: "sent to desk" in watch.err, "a line in the log")
    status, seconds = watch.end()
    assert (status, seconds < 15) == (0, True)
    with archive_at(tmp_path) as archive:
        assert set(archive.outbox.counts()) == {LetterState.SENT}
