"""The watched columns that brought nothing for longer than the national inspection allows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, and_, exists, func, select

from storage.codec import load
from storage.overdue import NEWS, NOTICES, allowed
from storage.records import CHINA, Role, china_day
from storage.sql.narrow import IS_COLUMN
from storage.sql.said import FIRST, FIRST_SAID, IS_FIRST, SAID, said_of
from storage.sql.tables import pages, versions

COLUMNS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Overdue:
    """A site's columns that are overdue, in the order of their addresses; ``notices`` are those given six months."""

    columns: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def overdue_columns(
    connection: Connection, end: datetime, judged_at: datetime, *which: ColumnElement[bool]
) -> Mapping[str, Overdue]:
    """Watched columns whose newest article, of those first seen before ``end``, is too old at ``judged_at``, by site.

    Its age counts from when it was first seen, or from the date that its list prints where that is older.
    """
    silent = _silent(connection, end, judged_at - NEWS, *which)
    given = _allowed(connection, end, [row.id for row in silent])
    patient = [row.id for row in silent if given[row.id] is NOTICES]
    over = {row.id for some in _chunks(patient) for row in _silent(connection, end, judged_at - NOTICES, some)}
    found: dict[str, Overdue] = {}
    for row in silent:
        if given[row.id] is NEWS or row.id in over:
            known = found.get(row.site, Overdue())
            notices = (*known.notices, row.url) if row.id in over else known.notices
            found[row.site] = Overdue((*known.columns, row.url), notices)
    return found


def _chunks(ids: list[int]) -> Iterator[ColumnElement[bool]]:
    for start in range(0, len(ids), COLUMNS_AT_ONCE):
        yield pages.c.id.in_(ids[start : start + COLUMNS_AT_ONCE])


def _brought(found: FromClause, end: datetime) -> ColumnElement[bool]:
    return and_(
        found.c.site == pages.c.site,
        found.c.role == Role.ARTICLE.value,
        found.c.found_on == pages.c.url,
        found.c.first_seen_at < end,
    )


def _silent(connection: Connection, end: datetime, limit: datetime, *which: ColumnElement[bool]) -> list[Row[Any]]:
    """Watched columns that brought articles, but none since a moment."""
    found = pages.alias()
    brought = _brought(found, end)
    dated_since = found.c.listed_date >= limit.astimezone(CHINA).date().isoformat()
    newest = select(func.max(found.c.first_seen_at)).where(brought).scalar_subquery()
    fresh = exists().where(brought, found.c.first_seen_at >= limit, dated_since)
    wanted = select(pages.c.id, pages.c.site, pages.c.url, newest.label("seen"), fresh.label("fresh"))
    watched = wanted.where(IS_COLUMN, pages.c.depth == 0, pages.c.due_at.is_not(None), *which)
    # In the order of the columns' own index, or SQLite would look at all that is due.
    ordered = connection.execute(watched.order_by(pages.c.site, pages.c.url))
    rows = [row for row in ordered if row.seen is not None and not row.fresh]
    # A first crawl sees an old column's articles today; the dates that the list prints tell how old they are.
    new_dates = exists().where(brought, dated_since)
    undated = ~exists().where(brought, found.c.listed_date.is_not(None))
    lively: set[int] = set()
    for some in _chunks([row.id for row in rows if row.seen >= limit]):
        lively.update(connection.execute(select(pages.c.id).where(some, new_dates | undated)).scalars())
    return [row for row in rows if row.id not in lively]


def _allowed(connection: Connection, end: datetime, ids: list[int]) -> dict[int, timedelta]:
    """How long each of these columns may bring nothing."""
    found, newest = pages.alias(), pages.alias()
    latest = (
        select(newest.c.id)
        .where(_brought(newest, end), newest.c.version > 0)
        .order_by(newest.c.first_seen_at.desc(), newest.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    counted = (
        select(
            *(pages.c.id, pages.c.url, latest.label("latest")),
            *(func.count().label("n"), func.count(found.c.listed_date).label("dated")),
            *(func.min(found.c.listed_date).label("first"), func.max(found.c.listed_date).label("last")),
            *(func.min(found.c.first_seen_at).label("found"), func.max(found.c.first_seen_at).label("seen")),
        )
        .join(found, _brought(found, end))
        .group_by(pages.c.id, pages.c.url)
    )
    given: dict[int, timedelta] = {}
    for some in _chunks(ids):
        rows = connection.execute(counted.where(some)).all()
        names = _names(connection, [row.latest for row in rows if row.latest is not None])
        given |= {row.id: allowed(row.url, names.get(row.latest), *_life(row)) for row in rows}
    return given


def _life(row: Row[Any]) -> tuple[int, date | None, date | None]:
    """How many articles a column brought, from which day to which: by their printed dates, where most have one."""
    first, last = (_day(printed) for printed in (row.first, row.last))
    if 2 * row.dated > row.n and first is not None and last is not None:
        return row.dated, first, last
    return row.n, china_day(row.found), china_day(row.seen)


def _day(printed: str | None) -> date | None:
    try:
        return None if printed is None else date.fromisoformat(printed[:10])
    except ValueError:
        return None


def _names(connection: Connection, ids: list[int]) -> dict[int, str | None]:
    """What these articles call their column."""
    newest = and_(versions.c.page_id == pages.c.id, versions.c.number == pages.c.version)
    said: Any = select(pages.c.id, *SAID, FIRST_SAID).join(versions, newest).outerjoin(FIRST, IS_FIRST)
    return {row.id: load(said_of(row)[0]).get("column") for row in connection.execute(said.where(pages.c.id.in_(ids)))}
