"""Long change logs in small pieces: the counts by day say between which ids the wanted changes stand.

So each look into the log is a short range of ids, whatever is asked for and however rare it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from storage.browsing import Entry, Wanted
from storage.records import ChangeKind
from storage.sql.figures import begin, next_day
from storage.sql.rows import change_from
from storage.sql.tables import changes, day_counts, pages
from storage.sql.tallies import ALL_SITES

IDS_AT_ONCE = 5000
"""How far apart the first and the last change of one look may stand."""


def read_entries(connection: Connection, wanted: Wanted, before: int | None, limit: int) -> list[Entry]:
    """The change log as asked for, newest first."""
    full = select_entries().where(changes.c.id.in_(_ids(connection, wanted, before, limit)))
    return [entry_from(row) for row in connection.execute(full.order_by(changes.c.id.desc()))]


def _ids(connection: Connection, wanted: Wanted, before: int | None, limit: int) -> list[int]:
    asked = select(changes.c.id).where(*_conditions(wanted)).order_by(changes.c.id.desc())
    if wanted.page_id is not None:
        if before is not None:
            asked = asked.where(changes.c.id < before)
        return list(connection.execute(asked.limit(limit)).scalars())
    found: list[int] = []
    for lowest, highest in _ranges(_days(connection, wanted, before), before):
        within = asked.where(changes.c.id.between(lowest, highest)).limit(limit - len(found))
        found += connection.execute(within).scalars()
        if len(found) >= limit:
            break
    return found


def select_entries() -> Select[Any]:
    """Changes with the story that their page tells."""
    return select(changes, pages.c.story).outerjoin(pages, pages.c.id == changes.c.page_id)


def entry_from(row: Row[Any]) -> Entry:
    """A change with its page; a redesign is told where it was first seen, but is news about the site."""
    change = change_from(row)
    if change.kind is ChangeKind.REDESIGNED:
        return Entry(change, None)
    return Entry(change, row.page_id, row.story)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.page_id is not None:
        yield changes.c.page_id == wanted.page_id
        yield changes.c.kind != ChangeKind.REDESIGNED.value
    if wanted.sites:
        yield changes.c.site.in_(sorted(wanted.sites))
    if wanted.kinds:
        yield changes.c.kind.in_(sorted(wanted.kinds))
    if wanted.first_day is not None:
        yield changes.c.detected_at >= begin(wanted.first_day)
    if wanted.last_day is not None:
        yield changes.c.detected_at < begin(next_day(wanted.last_day))
    if wanted.least_weight > 0:
        yield changes.c.weight >= wanted.least_weight


def _days(connection: Connection, wanted: Wanted, before: int | None) -> Sequence[Any]:
    """The days that have such changes, with their first and last id; those that end last first."""
    held = day_counts.c
    asked = (
        select(func.min(held.first_id).label("first"), func.max(held.last_id).label("last"))
        .where(held.site.in_(sorted(wanted.sites) or [ALL_SITES]))
        .group_by(held.day)
        .order_by(func.max(held.last_id).desc())
    )
    if wanted.kinds:
        asked = asked.where(held.kind.in_(sorted(wanted.kinds)))
    if wanted.first_day is not None:
        asked = asked.where(held.day >= wanted.first_day)
    if wanted.last_day is not None:
        asked = asked.where(held.day <= wanted.last_day)
    if wanted.least_weight > 0:
        asked = asked.where(held.heaviest >= wanted.least_weight)
    if before is not None:
        asked = asked.where(held.first_id < before)
    return connection.execute(asked).all()


def _ranges(days: Sequence[Any], before: int | None) -> Iterator[tuple[int, int]]:
    """Ranges of ids, the highest first, that hold all changes of these days; the ids of two days may interlock."""
    place = 0
    highest = None if before is None else before - 1
    while place < len(days):
        top = days[place].last if highest is None else min(highest, days[place].last)
        bottom = days[place].first
        place += 1
        while place < len(days) and top - days[place].first < IDS_AT_ONCE:
            bottom = min(bottom, days[place].first)
            place += 1
        if bottom <= top:
            yield bottom, top
            highest = bottom - 1
