"""A made archive of an older schema, small: what the migration counts is what the logs say, on both databases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median_low

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import event, inspect

from bench import bigarchive, screens, visitor
from storage.archive import Archive
from storage.browsing import DayCount, ResponseDay
from storage.records import Observation, Outcome, china_day
from storage.sql.engine import Database, make_engine
from storage.sql.migrate import MIGRATIONS

SIZE = bigarchive.Size(pages=120, versions=260, changes=500, observations=1500, days=6, sites=3)
BUSY = bigarchive.LAST_DAY - timedelta(days=1)
FIRST = bigarchive.LAST_DAY - timedelta(days=5)


@pytest.fixture
def made(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    monkeypatch.setattr(bigarchive, "BUSY", 60)
    bigarchive.make(tmp_path, SIZE, database)
    archive = bigarchive.opened(tmp_path)
    yield archive
    archive.close()


def visits(archive: Archive) -> list[Observation]:
    with archive._database.read() as connection:  # type: ignore[attr-defined]
        ids = connection.exec_driver_sql("SELECT id FROM pages").scalars().all()
    return [visit for page_id in ids for visit in archive.browsing.observations(page_id, limit=10**6)]


def test_what_the_migration_counts_is_what_the_logs_say(made: Archive) -> None:
    counted: Counter[tuple[str | None, date, str]] = Counter()
    for change in made.reading.changes():
        for site in (None, change.site):
            counted[site, china_day(change.detected_at), change.kind] += 1
    for site in (None, *made.running.site_names()):
        days = made.browsing.days(FIRST, bigarchive.LAST_DAY, site)
        found = {(site, count.day, kind): n for count in days for kind, n in count.counts.items()}
        assert found == {key: n for key, n in counted.items() if key[0] == site}
        assert all(isinstance(count, DayCount) for count in days)
    seen: defaultdict[tuple[str, date], list[Observation]] = defaultdict(list)
    for visit in visits(made):
        seen[visit.site, china_day(visit.at)].append(visit)
    for site in made.running.site_names():
        assert made.browsing.responses(site, FIRST, bigarchive.LAST_DAY) == [
            responses(day, some) for (of, day), some in sorted(seen.items()) if of == site
        ]


def responses(day: date, visits: list[Observation]) -> ResponseDay:
    times = [visit.duration_ms for visit in visits if visit.status is not None]
    ends = Counter(visit.outcome for visit in visits)
    return ResponseDay(day, len(visits), ends[Outcome.FAILED], ends[Outcome.BLOCKED], median_low(times), max(times))


def test_an_archive_is_made_in_its_size_and_only_once(made: Archive, tmp_path: Path, database: str) -> None:
    counts = made.running.counts()
    assert (counts["pages"], counts["versions"], counts["pending"]) == (SIZE.pages, SIZE.versions, 0)
    assert counts["changes"] == SIZE.changes
    (busy,) = made.browsing.days(BUSY, BUSY)
    assert busy.total == 60
    assert bigarchive.make(tmp_path, SIZE, database) == database
    assert made.running.counts() == counts


def test_every_question_is_asked_of_an_index(made: Archive) -> None:
    known = visitor.Known(made)
    asked = screens.questions(made, known) | screens.pieces(made, known)
    database: Database = made._database  # type: ignore[attr-defined]
    if database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole, and is right to")
    said: list[tuple[str, object]] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: said.append((call[2], call[3])))
    for name, ask in asked.items():
        said.clear()
        ask(Random(name))
        statements = [statement for statement in said if statement[0].startswith("SELECT")]
        assert statements, name
        with database.read() as connection:
            for statement, given in statements:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()  # type: ignore[arg-type]
                whole = [row[3] for row in plan if row[3].startswith("SCAN ") and row[3].split()[1] in LONG]
                assert not [step for step in whole if "ix_pages" not in step], (name, statement)


def test_every_page_of_it_is_opened(made: Archive) -> None:
    known = visitor.Known(made)
    opened, alarmed = visitor.Visitor(made, known), visitor.Visitor(made, known, screens.WATCHWORDS)
    opened.prepare()
    for name, (ask, _) in screens.gates(made, known, opened, alarmed).items():
        ask(Random(name))
    opened.close()
    # One that is not there is no page that took its time.
    with pytest.raises(RuntimeError, match="answers 404"):
        opened.open("/article/999999")


LONG = ("pages", "versions", "observations", "changes", "bodies")


def test_the_migration_can_be_taken_back(made: Archive, database: str) -> None:
    opened = Database(make_engine(database))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with opened.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
        assert not inspect(connection).has_table("day_counts")
    opened.close()
