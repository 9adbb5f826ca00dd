"""How sites answered, by China day: read from the visits of days that are not over, else from what was kept of them.

A visit writes nothing but itself. The first crawl that ends once a day is over keeps that day's figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from statistics import median_low
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, delete, distinct, func, insert, select

from storage.browsing import ResponseDay
from storage.records import CHINA, MISSING, READ, Outcome, Role, china_day
from storage.sql.narrow import among
from storage.sql.rows import words
from storage.sql.tables import observations, pages, site_days, sites
from storage.sql.upsert import take_turn

GRACE = timedelta(hours=1)
"""A visit is written when it has ended; one that began before midnight may end after it."""

_DAY = timedelta(days=1)


def next_day(day: date) -> date:
    """The day after."""
    return day + _DAY


def begin(day: date) -> datetime:
    """The moment at which a China day begins."""
    return datetime.combine(day, time(), CHINA)


def _last_kept(connection: Connection, upto: date) -> date | None:
    """The last China day up to ``upto`` whose figures are kept."""
    last: date | None = connection.execute(select(func.max(site_days.c.day)).where(site_days.c.day <= upto)).scalar()
    return last


def close_days(connection: Connection, now: datetime) -> None:
    """Keep the figures of the days that are over."""
    last = china_day(now - GRACE) - _DAY
    if _first_to_keep(connection, last) is None:
        return
    take_turn(connection, site_days.name)
    # Another process may have been first while this one waited for its turn.
    day, kept = _first_to_keep(connection, last), _last_kept(connection, last)
    if day is not None and kept is not None:
        # Counted again: a clock that was wrong may have ended it too early.
        _keep(connection, kept)
    while day is not None:
        _keep(connection, day)
        day = _next_visited(connection, next_day(day), last)


def keep_again(connection: Connection, day: date) -> None:
    """Count a day again whose figures are kept already, or would be by now: visits of it came in late."""
    last = connection.execute(select(func.max(site_days.c.day))).scalar()
    if last is not None and day <= last:
        take_turn(connection, site_days.name)
        _keep(connection, day)


def _keep(connection: Connection, day: date) -> None:
    rows = [_closed(figures, day) for figures in _day_of_all(connection, day)]
    if rows:
        connection.execute(delete(site_days).where(site_days.c.day == day))
        connection.execute(insert(site_days), rows)


def _first_to_keep(connection: Connection, last: date) -> date | None:
    kept = _last_kept(connection, last)
    return _next_visited(connection, None if kept is None else next_day(kept), last)


def _next_visited(connection: Connection, first: date | None, last: date) -> date | None:
    """The first China day with a visit, between two days; ``first`` may be the beginning of the log."""
    seen = select(observations.c.at).where(observations.c.at < begin(next_day(last))).order_by(observations.c.at)
    if first is not None:
        seen = seen.where(observations.c.at >= begin(first))
    earliest = connection.execute(seen.limit(1)).scalar()
    return None if earliest is None else china_day(earliest)


def _day_of_all(connection: Connection, day: date) -> Iterator[tuple[Any, Sequence[int]]]:
    answered = select(pages.c.site, observations.c.duration_ms).join(pages, pages.c.id == observations.c.page_id)
    within = (observations.c.at >= begin(day), observations.c.at < begin(next_day(day)))
    times: dict[str, list[int]] = defaultdict(list)
    for row in connection.execute(answered.where(*within, observations.c.status.is_not(None))):
        times[row.site].append(row.duration_ms)
    for row in connection.execute(visits_by_site(*within)).all():
        yield row, times[row.site]


def _closed(figures: tuple[Any, Sequence[int]], day: date) -> dict[str, Any]:
    row, times = figures
    took = {"median_ms": median_low(times) if times else None, "slowest_ms": max(times, default=None)}
    return {**row._mapping, **took, "day": day}


def visits_counted(connection: Connection) -> int:
    """All visits: those of days that are over as they were kept, and those since."""
    kept, last = connection.execute(
        select(func.coalesce(func.sum(site_days.c.visits), 0), func.max(site_days.c.day))
    ).one()
    since = select(func.count()).select_from(observations)
    if last is not None:
        since = since.where(observations.c.at >= begin(next_day(last)))
    return int(kept) + int(connection.execute(since).scalar_one())


def visits_of_day(connection: Connection, day: date, site: str | None = None) -> dict[str, Row[Any]]:
    """What came of the visits of a China day, by site or of one site; see ``visits_by_site`` for what a row has."""
    # Of all sites also where one is asked for: whether a day is kept is not told by a site that was not visited.
    rows = connection.execute(select(site_days).where(site_days.c.day == day)).all()
    if not rows:
        within = (observations.c.at >= begin(day), observations.c.at < begin(next_day(day)), *_visited(site))
        rows = connection.execute(visits_by_site(*within)).all()
    return {row.site: row for row in rows if site in (None, row.site)}


def _visited(site: str | None) -> Iterator[ColumnElement[bool]]:
    """Visits to one site; those of a span of time are found by their time."""
    if site is not None:
        yield among(pages.c.site, site)


def visits_by_site(*which: ColumnElement[bool]) -> Select[Any]:
    """Counts of visits by site; ``missing`` and ``answered`` count articles, each once."""
    outcome = observations.c.outcome
    good = outcome.in_(words(READ))
    return (
        select(
            pages.c.site,
            func.count().label("visits"),
            func.sum(case((outcome == Outcome.FAILED.value, 1), else_=0)).label("failures"),
            func.sum(case((outcome == Outcome.BLOCKED.value, 1), else_=0)).label("blocked"),
            func.sum(case((good, 1), else_=0)).label("good"),
            _pages_of(outcome.in_(words(MISSING))).label("missing"),
            _pages_of(outcome.in_(words(READ | MISSING))).label("answered"),
            func.max(observations.c.at).label("last_at"),
            func.max(case((good, observations.c.at))).label("last_good_at"),
        )
        .join(pages, pages.c.id == observations.c.page_id)
        .where(*which)
        .group_by(pages.c.site)
    )


def _pages_of(which: ColumnElement[bool]) -> ColumnElement[int]:
    """How many articles had such a visit."""
    return func.count(distinct(case((and_(which, pages.c.role == Role.ARTICLE.value), pages.c.id))))


def last_good(
    connection: Connection, day: date, visits: Mapping[str, Any], site: str | None = None
) -> dict[str, datetime]:
    """The latest visit of each site or of one that read its page, up to the end of a day with these ``visits``."""
    of_site = select(site_days.c.last_good_at).where(site_days.c.site == sites.c.key, site_days.c.day < day)
    newest = of_site.where(site_days.c.last_good_at.is_not(None)).order_by(site_days.c.day.desc()).limit(1)
    asked = select(sites.c.key, newest.scalar_subquery().label("good"))
    if site is not None:
        asked = asked.where(sites.c.key == site)
    found = {row.key: row.good for row in connection.execute(asked)}
    last_kept = _last_kept(connection, day - _DAY)
    if last_kept != day - _DAY:
        # Days before this one of which nothing is kept yet, or nothing at all was seen.
        since = [] if last_kept is None else [observations.c.at >= begin(next_day(last_kept))]
        for row in connection.execute(visits_by_site(observations.c.at < begin(day), *since, *_visited(site))):
            found[row.site] = row.last_good_at or found.get(row.site)
    found |= {site: row.last_good_at for site, row in visits.items() if row.last_good_at is not None}
    return {site: at for site, at in found.items() if at is not None}


def responses(connection: Connection, site: str, first: date, last: date) -> list[ResponseDay]:
    """How a site answered day by day, oldest first."""
    last_kept = _last_kept(connection, last)
    # Days that are kept while this is read are read from their visits.
    kept = site_days.c.day.between(first, last_kept or first - _DAY)
    wanted = select(site_days).where(site_days.c.site == site, kept)
    days = [
        ResponseDay(row.day, row.visits, row.failures, row.blocked, row.median_ms, row.slowest_ms)
        for row in connection.execute(wanted.order_by(site_days.c.day))
    ]
    start = first if last_kept is None else max(first, next_day(last_kept))
    return days if start > last else [*days, *_open_days(connection, site, begin(start), begin(next_day(last)))]


def visits_of_days(connection: Connection, first: date, last: date) -> dict[str, tuple[int, int]]:
    """How many visits each site had from one China day to another, and how many of them failed."""
    last_kept = _last_kept(connection, last)
    held = site_days.c
    kept = select(held.site, func.sum(held.visits).label("visits"), func.sum(held.failures).label("failures"))
    asked = [kept.where(held.day.between(first, last_kept or first - _DAY)).group_by(held.site)]
    start = first if last_kept is None else max(first, next_day(last_kept))
    if start <= last:
        asked.append(visits_by_site(observations.c.at >= begin(start), observations.c.at < begin(next_day(last))))
    found: dict[str, tuple[int, int]] = {}
    for row in (row for rows in asked for row in connection.execute(rows)):
        visits, failures = found.get(row.site, (0, 0))
        found[row.site] = visits + int(row.visits), failures + int(row.failures)
    return found


def _open_days(connection: Connection, site: str, start: datetime, end: datetime) -> Iterator[ResponseDay]:
    seen = (
        select(observations.c.at, observations.c.outcome, observations.c.status, observations.c.duration_ms)
        .join(pages, pages.c.id == observations.c.page_id)
        .where(observations.c.at >= start, observations.c.at < end, among(pages.c.site, site))
    )
    by_day: dict[date, list[Any]] = defaultdict(list)
    for row in connection.execute(seen):
        by_day[china_day(row.at)].append(row)
    for day, visits in sorted(by_day.items()):
        times = [visit.duration_ms for visit in visits if visit.status is not None]
        yield ResponseDay(
            day=day,
            visits=len(visits),
            failures=sum(visit.outcome == Outcome.FAILED.value for visit in visits),
            blocked=sum(visit.outcome == Outcome.BLOCKED.value for visit in visits),
            median_ms=median_low(times) if times else None,
            slowest_ms=max(times, default=None),
        )
