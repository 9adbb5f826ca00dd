"""The figures that a monitor asks for, each from an index or from what is kept counted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, select, text

from storage.changes import ChangeKind
from storage.measuring import FETCH_BOUNDS, Due, Visits
from storage.records import Outcome, Role
from storage.sql.engine import Database
from storage.sql.tables import day_counts, observations, pages
from storage.sql.tallies import ALL_SITES

_WRITES = ("", "-wal")
"""What the files of a SQLite database end with: the database, and what was written to it lately."""


class SqlMeasuring:
    """See ``storage.measuring.Measuring``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def answers(self) -> None:
        with self._database.read() as connection:
            connection.execute(select(pages.c.id).limit(1)).first()

    def newest_visit(self) -> int:
        with self._database.read() as connection:
            return int(connection.execute(select(func.max(observations.c.id))).scalar() or 0)

    def visits(self, after: int, upto: int | None = None) -> dict[Outcome, Visits]:
        held = observations.c
        asked = _VISITS.where(held.id > after, *([] if upto is None else [held.id <= upto]))
        with self._database.read() as connection:
            return {
                Outcome(row.outcome): Visits(row.n, row.answered, tuple(row[4:]), row.milliseconds)
                for row in connection.execute(asked)
            }

    def changes(self) -> dict[ChangeKind, int]:
        held = day_counts.c
        counted = select(held.kind, _sum(held.n).label("n")).where(held.site == ALL_SITES).group_by(held.kind)
        with self._database.read() as connection:
            return {ChangeKind(row.kind): row.n for row in connection.execute(counted.order_by(held.kind))}

    def due(self, now: datetime) -> dict[str, Due]:
        counted = select(pages.c.site, func.count().label("n"), func.min(pages.c.due_at).label("since"))
        counted = counted.where(pages.c.due_at <= now).group_by(pages.c.site)
        with self._database.read() as connection:
            return {row.site: Due(row.n, row.since) for row in connection.execute(counted)}

    def undecided(self) -> int:
        with self._database.read() as connection:
            waiting = select(func.count()).select_from(observations).where(observations.c.pending)
            return int(connection.execute(waiting).scalar_one())

    def read_at(self) -> dict[str, datetime]:
        columns = pages.c.role == Role.COLUMN.value
        latest = select(pages.c.site, func.max(pages.c.ok_at).label("at")).where(columns).group_by(pages.c.site)
        with self._database.read() as connection:
            return {row.site: row.at for row in connection.execute(latest) if row.at is not None}

    def size(self) -> int:
        url = self._database.engine.url
        if url.get_backend_name() == "sqlite":
            files = [Path(f"{url.database}{end}") for end in _WRITES]
            return sum(file.stat().st_size for file in files if file.exists())
        with self._database.read() as connection:
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def _sum(counted: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(counted), 0), BigInteger)


def _visits() -> Any:
    held = observations.c
    answered = held.status.is_not(None)
    floors = (-1, *FETCH_BOUNDS)
    within = (
        _sum(case((and_(answered, held.duration_ms > floor, held.duration_ms <= bound), 1), else_=0))
        for floor, bound in zip(floors, FETCH_BOUNDS, strict=False)
    )
    return select(
        held.outcome,
        func.count().label("n"),
        _sum(case((answered, 1), else_=0)).label("answered"),
        _sum(case((answered, held.duration_ms), else_=0)).label("milliseconds"),
        *within,
    ).group_by(held.outcome)


_VISITS = _visits()
