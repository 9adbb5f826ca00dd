"""What services and workers tell each other by way of the archive, and what one of them at a time has."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from storage.archive import Archive
from storage.crew import Worker
from storage.errors import DatabaseUnreachable
from storage.records import Run
from storage.sql import open_archive

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
ZHANG = Worker("a-1", "张家口", "zjk", 7, "0.4.0", NOW - timedelta(hours=1), NOW, 2, ("loudi", "wugang"))


def test_workers_are_known_while_they_note_that_they_are_well(archive: Archive) -> None:
    running = archive.running
    running.note_worker(replace(ZHANG, id="b-2", name="宝鸡"))
    running.note_worker(replace(ZHANG, doing=()))
    running.note_worker(ZHANG)
    assert [worker.id for worker in running.workers(NOW)] == ["b-2", "a-1"]
    assert running.workers(NOW)[1] == ZHANG
    assert running.workers(NOW + timedelta(hours=25)) == []
    running.dismiss("b-2")
    assert running.workers(NOW) == [ZHANG]


def test_a_worker_that_was_killed_is_forgotten(archive: Archive) -> None:
    archive.running.note_worker(ZHANG)
    late = NOW + timedelta(days=2)
    archive.running.note_worker(replace(ZHANG, id="b-2", seen_at=late))
    assert [worker.id for worker in archive.running.workers(NOW)] == ["b-2"]


def test_a_catalogue_is_forgotten_a_week_after_it_was_the_last(archive: Archive) -> None:
    running = archive.running
    running.publish_catalogue("old", "sites: {}", NOW)
    running.publish_catalogue("kept", "sites: {a: 1}", NOW)
    running.publish_catalogue("kept", "sites: {a: 1}", NOW + timedelta(days=8))
    assert (running.published("old"), running.published("kept")) == (None, "sites: {a: 1}")


def test_no_queue_where_none_is_used(archive: Archive) -> None:
    assert archive.running.queue() is None


@pytest.fixture
def other(postgresql: object) -> tuple[str, Archive]:
    address = postgresql.fresh_database()  # type: ignore[attr-defined]
    return address, open_archive(address)


def test_one_process_at_a_time_has_a_turn(other: tuple[str, Archive]) -> None:
    address, first = other
    with closing(first), closing(open_archive(address)) as second:
        with first.running.turn("compare") as mine, second.running.turn("compare") as theirs:
            assert (mine, theirs) == (True, False)
            with second.running.turn("digest") as another:
                assert another
        with second.running.turn("compare") as theirs:
            assert theirs


def test_a_site_is_claimed_by_one_process_until_it_ends(other: tuple[str, Archive]) -> None:
    address, first = other
    with closing(open_archive(address)) as second:
        assert first.running.claim("loudi")
        assert first.running.claim("wugang")
        assert not second.running.claim("loudi")
        assert second.running.claim("guiyang")
        first.close()
        assert second.running.claim("loudi")


def test_a_lost_connection_ends_all_writing_of_whoever_claimed(other: tuple[str, Archive]) -> None:
    address, first = other
    with closing(first), closing(open_archive(address)) as second:
        assert first.running.claim("loudi")
        first.running.check_claims()
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid != pg_backend_pid()"
            )
        with pytest.raises(DatabaseUnreachable):
            first.running.check_claims()
        # Not even by a connection of its own: another may have the site by now.
        assert second.running.claim("loudi")
        for _ in range(2):
            with pytest.raises(DatabaseUnreachable, match="the connection that held the sites was lost"):
                first.running.start(Run("late", "loudi", NOW))
        assert second.running.runs() == []


def test_what_is_not_shared_is_always_had(tmp_path: object) -> None:
    with closing(open_archive(f"sqlite:///{tmp_path}/a.db")) as alone:
        assert alone.running.claim("loudi")
        alone.running.check_claims()
        with alone.running.turn("compare") as mine:
            assert mine
