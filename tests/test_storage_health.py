"""Health and runs as the archive tells them, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from test_storage_archive import COLUMN, NOW, URL, discovering, keeping, listed, visit

from storage.archive import Archive
from storage.records import (
    Intake,
    Observation,
    Outcome,
    Page,
    Role,
    Run,
)


def test_health_counts_the_visits_of_a_china_day(archive: Archive) -> None:
    archive.running.announce({"yunxi": "云溪市人民政府", "quiet": "无人访问"})
    # 23 November 00:10 in China is still the 22nd in UTC.
    midnight = datetime(2026, 11, 22, 16, 10, tzinfo=UTC)
    archive.crawling.record(visit(midnight), keeping(Outcome.NEW_VERSION))
    for minute in range(1, 3):
        archive.crawling.record(visit(midnight + timedelta(minutes=minute)), keeping(Outcome.FAILED))
    archive.crawling.record(visit(midnight + timedelta(minutes=5)), keeping(Outcome.BLOCKED))
    (health,) = archive.running.health(date(2026, 11, 23), midnight + timedelta(hours=1))
    assert (health.site, health.name) == ("yunxi", "云溪市人民政府")
    assert (health.visits, health.failures, health.blocked, health.pages) == (4, 2, 1, 1)
    assert health.last_success_at == midnight
    assert archive.running.health(date(2026, 11, 22), midnight + timedelta(hours=1)) == []


def test_the_health_of_a_past_day_stays_as_it_was(archive: Archive) -> None:
    archive.running.announce({"yunxi": "云溪市人民政府"})
    archive.crawling.enlist_columns("yunxi", [COLUMN], NOW)
    archive.crawling.record(listed(URL), discovering(URL))
    day = date(2026, 12, 10)
    evening = datetime(2026, 12, 10, 15, 59, tzinfo=UTC)
    (on_time,) = archive.running.health(day, evening)
    assert on_time.stale_columns == (COLUMN,)
    assert on_time.pages == 2
    # The first moment of 11 December in China: a fresh article, and a site that was not watched before.
    after = datetime(2026, 12, 10, 16, 0, tzinfo=UTC)
    fresh = "http://127.0.0.1/a/9.html"
    archive.crawling.record(listed(fresh, at=after), discovering(fresh))
    archive.running.announce({"beishan": "北山市人民政府"})
    archive.crawling.enlist_columns("beishan", [COLUMN], after)
    assert archive.running.health(day, after + timedelta(days=30)) == [on_time]
    next_day = {health.site: health for health in archive.running.health(day + timedelta(days=1), after)}
    assert next_day["yunxi"].stale_columns == ()
    assert set(next_day) == {"yunxi", "beishan"}


def test_what_came_of_age_after_a_day_was_not_stale_on_it(archive: Archive) -> None:
    archive.running.announce({"yunxi": "云溪市人民政府"})
    archive.crawling.enlist_columns("yunxi", [COLUMN], NOW)
    archive.crawling.record(listed(URL), discovering(URL))
    (health,) = archive.running.health(date(2026, 12, 6), NOW + timedelta(days=60))
    assert health.stale_columns == ()
    (health,) = archive.running.health(date(2026, 12, 7), NOW + timedelta(days=60))
    assert health.stale_columns == (COLUMN,)


def test_a_column_that_left_the_catalogue_is_not_stale(archive: Archive) -> None:
    other = "http://127.0.0.1/yw/"
    archive.running.announce({"yunxi": "云溪市人民政府"})
    archive.crawling.enlist_columns("yunxi", [COLUMN, other], NOW)
    for column in (COLUMN, other):
        seen = replace(listed(), url=column)
        page = Page("yunxi", f"{column}old.html", Role.ARTICLE, NOW, column=column, due_at=NOW)
        archive.crawling.record(
            seen,
            lambda seen, known, *_, page=page: Intake(
                Observation(seen.site, seen.url, seen.at, seen.run, Outcome.LISTED), known, None, (page,)
            ),
        )
    later = NOW + timedelta(days=15)
    (health,) = archive.running.health(later.date(), later)
    assert health.stale_columns == (COLUMN, other)
    archive.crawling.enlist_columns("yunxi", [COLUMN], later)
    (health,) = archive.running.health(later.date(), later)
    assert health.stale_columns == (COLUMN,)


def test_runs_are_remembered_also_when_cut_off(archive: Archive) -> None:
    archive.running.start(Run("r1", "yunxi", NOW))
    archive.running.start(Run("r2", "yunxi", NOW + timedelta(hours=1)))
    archive.running.finish(Run("r1", "yunxi", NOW, NOW + timedelta(minutes=1), "finished", 7))
    newest, older = archive.running.runs()
    assert (newest.id, newest.finished_at) == ("r2", None)
    assert (older.reason, older.visits) == ("finished", 7)
