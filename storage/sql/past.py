"""What the archive tells of the past of articles, for when to look again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from storage.lives import Life
from storage.records import MISSING, READ, ChangeKind, Outcome, Role, Told
from storage.sql.engine import Database
from storage.sql.rows import words
from storage.sql.tables import changes, observations, pages, runs

TOLD = (ChangeKind.EDITED, ChangeKind.RETITLED, ChangeKind.REDATED, ChangeKind.REMOVED, ChangeKind.MOVED)
"""What a visit is for. A redesign is told for the site, and what hijackers did says nothing of when editors edit."""
IDS_AT_ONCE = 500
LISTED_FOR = timedelta(days=60)
"""When a column's older stories came says little of its habits now, and there are very many visits to columns."""
LISTED_FOR_ALL = timedelta(days=10)
"""The same where all sites are looked at together: there are stories enough in fewer days."""
LONGEST_BETWEEN = timedelta(days=2)
"""A column that was not looked at for longer says nothing of when a story came."""

_Visits = dict[int, list[tuple[datetime, Outcome]]]


def read_lives(database: Database, site: str | None, limit: int) -> list[Life]:
    """The newest articles of a site, or of all, that have been visited, newest first."""
    which = [pages.c.role == Role.ARTICLE.value, pages.c.checked_at.is_not(None)]
    if site is not None:
        which.append(pages.c.site == site)
    newest = select(pages).where(*which).order_by(pages.c.id.desc()).limit(limit)
    with database.read() as connection:
        rows = connection.execute(newest).all()
        told = _told(connection, [row.id for row in rows], site)
        visits = _visits(connection, observations.c.page_id, sorted(told))
        listed = _listed(connection, rows, LISTED_FOR if site is not None else LISTED_FOR_ALL)
    return [_life(row, told.get(row.id, ()), visits, listed.get((row.site, row.found_on), ())) for row in rows]


def requests_since(database: Database, site: str, since: datetime, until: datetime) -> int:
    """Requests to a site in the crawls that began between two moments."""
    began = runs.c.started_at.between(since, until)
    spent = select(func.coalesce(func.sum(runs.c.requests), 0)).where(runs.c.site == site, began)
    with database.read() as connection:
        return int(connection.execute(spent).scalar_one())


def _life(row: Row[Any], told: Sequence[datetime], visits: _Visits, listed: Sequence[datetime]) -> Life:
    before = bisect_left(listed, row.first_seen_at)
    return Life(
        page_id=row.id,
        column=row.found_on,
        first_seen_at=row.first_seen_at,
        listed_date=row.listed_date,
        checked_at=row.checked_at,
        unlisted_at=listed[before - 1] if before else None,
        changes=tuple(_spans(told, visits.get(row.id, ()))),
        gone=row.told in (Told.REMOVED.value, Told.MOVED.value),
    )


def _spans(told: Sequence[datetime], visits: Sequence[tuple[datetime, Outcome]]) -> Iterator[tuple[datetime, datetime]]:
    """For each change the visit before it and the one that saw it; of a withdrawal the first that found it gone."""
    moments = [at for at, _ in visits]
    for moment in told:
        seen = bisect_right(moments, moment) - 1
        while seen > 0 and visits[seen][1] in MISSING and visits[seen - 1][1] in MISSING:
            seen -= 1
        before = next((at for at, outcome in reversed(visits[: max(seen, 0)]) if outcome in READ), None)
        if before is not None:
            yield before, moments[seen]


def _told(connection: Connection, ids: Sequence[int], site: str | None) -> dict[int, list[datetime]]:
    told: dict[int, list[datetime]] = defaultdict(list)
    if not ids:
        return told
    since = changes.c.page_id.between(min(ids), max(ids))
    wanted = select(changes.c.page_id, changes.c.detected_at).where(since, changes.c.kind.in_(TOLD))
    if site is not None:
        wanted = wanted.where(changes.c.site == site)
    known = set(ids)
    for row in connection.execute(wanted.order_by(changes.c.detected_at)):
        if row.page_id in known:
            told[row.page_id].append(row.detected_at)
    return told


def _visits(connection: Connection, which: ColumnElement[int], ids: Sequence[int]) -> _Visits:
    visits: _Visits = defaultdict(list)
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = which.in_(ids[start : start + IDS_AT_ONCE])
        wanted = select(observations.c.page_id, observations.c.at, observations.c.outcome).where(some)
        for row in connection.execute(wanted.order_by(observations.c.page_id, observations.c.id)):
            visits[row.page_id].append((row.at, Outcome(row.outcome)))
    return visits


def _listed(
    connection: Connection, rows: Sequence[Row[Any]], longest: timedelta
) -> dict[tuple[str, str], list[datetime]]:
    """When each column of some articles was looked at, from before the oldest of them was found."""
    columns = {(row.site, row.found_on) for row in rows if row.found_on}
    listed: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    if not columns:
        return listed
    found = [row.first_seen_at for row in rows]
    began = max(min(found), max(found) - longest) - LONGEST_BETWEEN
    wanted = (
        select(pages.c.site, pages.c.url, observations.c.at)
        .join(observations, observations.c.page_id == pages.c.id)
        .where(
            pages.c.role == Role.COLUMN.value,
            pages.c.site.in_({site for site, _ in columns}),
            pages.c.url == pages.c.found_on,
            observations.c.at >= began,
            observations.c.outcome.in_(words({Outcome.LISTED, Outcome.NOT_MODIFIED, Outcome.UNCHANGED})),
        )
        .order_by(observations.c.id)
    )
    for row in connection.execute(wanted):
        listed[row.site, row.url].append(row.at)
    return listed
