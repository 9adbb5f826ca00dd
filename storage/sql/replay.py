"""Answered visits for the archive files that replay tools read, some at a time, oldest first."""

from __future__ import annotations

from datetime import date
from heapq import nsmallest
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select

from storage.browsing import KeptVisit
from storage.sql.figures import begin, next_day
from storage.sql.narrow import among
from storage.sql.rows import observation_from
from storage.sql.tables import observations, pages, site_days, versions

AT_ONCE = 200
PAGES_AT_ONCE = 500
IDS_AT_ONCE = 20_000
RARE = 0.004
"""Below this share of all visits a site's are looked for page by page, not in the order of the log."""


def read_kept(
    connection: Connection, site: str | None, day: date | None, page_id: int | None, after: int
) -> list[KeptVisit]:
    """At most ``AT_ONCE`` visits; see ``storage.browsing.Browsing.kept``."""
    asked: list[ColumnElement[bool]] = [observations.c.status.is_not(None)]
    if day is not None:
        asked += [observations.c.at >= begin(day), observations.c.at < begin(next_day(day))]
    if page_id is not None:
        asked.append(observations.c.page_id == page_id)
    if site is not None and page_id is None and day is None:
        ids = _of_site(connection, site, after)
    else:
        # The sum keeps the planner from walking the whole log in its order: the day has an index.
        later = observations.c.id + 0 > after if day is not None and page_id is None else observations.c.id > after
        ids = _ids(connection, [*asked, later], site)
    return _with_versions(connection, ids)


def _ids(connection: Connection, which: list[ColumnElement[bool]], of_site: str | None) -> list[int]:
    answered = select(observations.c.id).where(*which)
    if of_site is not None:
        answered = answered.join(pages, pages.c.id == observations.c.page_id).where(among(pages.c.site, of_site))
    return list(connection.execute(answered.order_by(observations.c.id).limit(AT_ONCE)).scalars())


def _of_site(connection: Connection, site: str, after: int) -> list[int]:
    last = connection.execute(select(func.max(observations.c.id))).scalar() or 0
    visits = connection.execute(select(func.sum(site_days.c.visits)).where(site_days.c.site == site)).scalar() or 0
    if visits < RARE * last:
        return _of_pages(connection, site, after)
    found: list[int] = []
    while after < last and len(found) < AT_ONCE:
        within = observations.c.id.between(after + 1, after + IDS_AT_ONCE)
        found += _ids(connection, [observations.c.status.is_not(None), within], site)
        after += IDS_AT_ONCE
    return found[:AT_ONCE]


def _of_pages(connection: Connection, site: str, after: int) -> list[int]:
    of_site = list(connection.execute(select(pages.c.id).where(pages.c.site == site)).scalars())
    found: list[int] = []
    for start in range(0, len(of_site), PAGES_AT_ONCE):
        some = observations.c.page_id.in_(of_site[start : start + PAGES_AT_ONCE])
        seen = select(observations.c.id).where(some, observations.c.id > after, observations.c.status.is_not(None))
        found = nsmallest(AT_ONCE, [*found, *connection.execute(seen).scalars()])
    return found


def _with_versions(connection: Connection, ids: list[int]) -> list[KeptVisit]:
    """The visits, each with the version it brought; where it brought none, with the newest of those seen by then."""
    known = versions.alias()
    by_then = and_(known.c.page_id == observations.c.page_id, known.c.seen_at <= observations.c.at)
    stood = select(func.max(known.c.number)).where(by_then).correlate(observations).scalar_subquery()
    number = func.coalesce(observations.c.version, stood)
    said = and_(versions.c.page_id == observations.c.page_id, versions.c.number == number)
    full: Any = (
        select(observations, pages.c.site, pages.c.url, versions.c.number, versions.c.seen_at, versions.c.body_hash)
        .join(pages, pages.c.id == observations.c.page_id)
        .outerjoin(versions, said)
        .where(observations.c.id.in_(ids))
        .order_by(observations.c.id)
    )
    return [
        KeptVisit(observation_from(row), row.number, row.seen_at, row.body_hash) for row in connection.execute(full)
    ]
