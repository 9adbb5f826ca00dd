"""Long change logs in small pieces: the counts by day say between which ids the wanted changes stand.

So each look into the log is a short range of ids, whatever is asked for and however rare it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select, union_all

from storage.browsing import Entry, Wanted
from storage.records import ChangeKind
from storage.sql.figures import begin, next_day
from storage.sql.rows import change_from
from storage.sql.tables import changes, day_counts, pages
from storage.sql.tallies import ALL_SITES

IDS_AT_ONCE = 5000
"""How far apart the first and the last id of one range may stand."""

RANGES_AT_ONCE = 16
"""Ranges of one look."""


class Range(NamedTuple):
    """Ids between which changes stand that are wanted, and about how many: days may share a range."""

    lowest: int
    highest: int
    n: int


def read_entries(connection: Connection, wanted: Wanted, before: int | None, limit: int) -> list[Entry]:
    """The change log as asked for, newest first."""
    full = select_entries().where(changes.c.id.in_(_ids(connection, wanted, before, limit)))
    return [entry_from(row) for row in connection.execute(full.order_by(changes.c.id.desc()))]


def read_weightiest(connection: Connection, wanted: Wanted, limit: int) -> list[Entry]:
    """The weightiest of the changes asked for: all those of its days are looked at."""
    conditions = list(_conditions(replace(wanted, kinds=())))
    if wanted.kinds:
        # The empty text keeps a planner from reading all changes of these kinds there ever were.
        conditions.append((changes.c.kind + "").in_(sorted(wanted.kinds)))
    hijacks_first = case((changes.c.kind == ChangeKind.TAMPERED.value, 0), else_=1)
    order = (changes.c.weight.desc(), hijacks_first, changes.c.id.desc())
    ids = connection.execute(select(changes.c.id).where(*conditions).order_by(*order).limit(limit)).scalars()
    full = select_entries().where(changes.c.id.in_(list(ids)))
    return [entry_from(row) for row in connection.execute(full.order_by(*order))]


def _ids(connection: Connection, wanted: Wanted, before: int | None, limit: int) -> list[int]:
    conditions = list(_conditions(wanted))
    if wanted.page_id is not None:
        asked = select(changes.c.id).where(*conditions).order_by(changes.c.id.desc())
        if before is not None:
            asked = asked.where(changes.c.id < before)
        return list(connection.execute(asked.limit(limit)).scalars())
    found: list[int] = []
    ranges = deque(_ranges(_days(connection, wanted, before), before))
    while ranges and len(found) < limit:
        missing = limit - len(found)
        look = _within(conditions, _next_look(ranges, missing))
        found += connection.execute(look.limit(missing)).scalars()
    return found


def _next_look(ranges: deque[Range], missing: int) -> list[Range]:
    """The next ranges, as many as are counted to hold what is missing: what is rare is found in few looks."""
    taken: list[Range] = []
    while ranges and len(taken) < RANGES_AT_ONCE and sum(one.n for one in taken) < missing:
        taken.append(ranges.popleft())
    return taken


def _within(conditions: Sequence[ColumnElement[bool]], ranges: Sequence[Range]) -> Select[Any]:
    """The wanted changes in these ranges, newest first. Each range is a look of its own, found by its ids."""
    looks = [select(changes.c.id).where(*conditions, changes.c.id.between(one.lowest, one.highest)) for one in ranges]
    ids = looks[0].subquery() if len(looks) == 1 else union_all(*looks).subquery()
    return select(ids.c.id).order_by(ids.c.id.desc())


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
    """The days that have such changes, with their first and last id and how many; those that end last first."""
    held = day_counts.c
    asked = (
        select(
            func.min(held.first_id).label("first"), func.max(held.last_id).label("last"), func.sum(held.n).label("n")
        )
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


def _ranges(days: Sequence[Any], before: int | None) -> Iterator[Range]:
    """Ranges of ids, the highest first, that hold all changes of these days; the ids of two days may interlock."""
    place = 0
    highest = None if before is None else before - 1
    while place < len(days):
        top = days[place].last if highest is None else min(highest, days[place].last)
        bottom, n = days[place].first, days[place].n
        place += 1
        while place < len(days) and top - days[place].first < IDS_AT_ONCE:
            bottom, n = min(bottom, days[place].first), n + days[place].n
            place += 1
        if bottom <= top:
            yield Range(bottom, top, n)
            highest = bottom - 1
