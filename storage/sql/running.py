"""The service's side of the archive over SQLAlchemy."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, distinct, func, insert, select, update

from storage.records import CHINA, MISSING, READ, Outcome, Role, Run, SiteHealth
from storage.sql.engine import Database
from storage.sql.rows import words
from storage.sql.tables import bodies, changes, observations, pages, runs, sites, versions
from storage.sql.upsert import upsert

STALE_AFTER = timedelta(days=14)
"""National inspection indicators: a news column not updated for two weeks fails (FIELD.md)."""

MANY_MISSING = 5
"""Articles missing on one day from which, if they are more than half of those that answered, the site is called ill.

The comparison holds such withdrawals back until they last (``monitor.compare.presence``).
"""


class SqlRunning:
    """See ``storage.archive.Running``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, run: Run) -> None:
        with self._database.write() as connection:
            connection.execute(insert(runs).values(id=run.id, site=run.site, started_at=run.started_at))

    def finish(self, run: Run) -> None:
        ended = {"finished_at": run.finished_at, "reason": run.reason, "visits": run.visits}
        with self._database.write() as connection:
            connection.execute(update(runs).where(runs.c.id == run.id, runs.c.site == run.site).values(ended))

    def runs(self, limit: int = 20) -> list[Run]:
        newest = select(runs).order_by(runs.c.started_at.desc(), runs.c.site).limit(limit)
        with self._database.read() as connection:
            return [
                Run(row.id, row.site, row.started_at, row.finished_at, row.reason, row.visits)
                for row in connection.execute(newest)
            ]

    def due_sites(self, now: datetime) -> dict[str, int]:
        due = select(pages.c.site, func.count().label("n")).where(pages.c.due_at <= now).group_by(pages.c.site)
        with self._database.read() as connection:
            return {row.site: row.n for row in connection.execute(due.order_by(pages.c.site))}

    def make_due(self, now: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(update(pages).where(pages.c.due_at > now).values(due_at=now))

    def site_names(self) -> dict[str, str]:
        with self._database.read() as connection:
            return {row.key: row.name for row in connection.execute(select(sites).order_by(sites.c.key))}

    def announce(self, names: dict[str, str]) -> None:
        with self._database.write() as connection:
            # In one order for all, or two services that start at once would wait for each other.
            for key, name in sorted(names.items()):
                upsert(connection, sites, {"key": key, "name": name, "template": ""}, {"name": name})

    def health(self, day: date, now: datetime) -> list[SiteHealth]:
        start = datetime.combine(day, time(), CHINA)
        end = start + timedelta(days=1)
        with self._database.read() as connection:
            visits = {row.site: row for row in connection.execute(_visits(start, end))}
            seen = pages.c.first_seen_at < end
            counted = select(pages.c.site, func.count().label("n")).where(seen).group_by(pages.c.site)
            known = {row.site: row.n for row in connection.execute(counted)}
            stale = _stale_columns(connection, end, min(now, end))
            names = connection.execute(select(sites).order_by(sites.c.key)).all()
            return [
                _health(row, visits.get(row.key), _last_success(connection, row.key, end), known[row.key], stale)
                for row in names
                if row.key in known
            ]

    def counts(self) -> dict[str, int]:
        counted = {
            "pages": select(func.count()).select_from(pages),
            "observations": select(func.count()).select_from(observations),
            "versions": select(func.count())
            .select_from(versions)
            .join(pages, pages.c.id == versions.c.page_id)
            .where(pages.c.role == Role.ARTICLE.value),
            "bodies": select(func.count()).select_from(bodies),
            "changes": select(func.count()).select_from(changes),
            "pending": select(func.count()).select_from(observations).where(observations.c.pending),
        }
        with self._database.read() as connection:
            return {name: connection.execute(query).scalar_one() for name, query in counted.items()}


def _visits(start: datetime, end: datetime) -> Any:
    outcome = observations.c.outcome
    return (
        select(
            pages.c.site,
            func.count().label("visits"),
            func.sum(case((outcome == Outcome.FAILED.value, 1), else_=0)).label("failures"),
            func.sum(case((outcome == Outcome.BLOCKED.value, 1), else_=0)).label("blocked"),
            func.sum(case((outcome.in_(words(READ)), 1), else_=0)).label("good"),
            _pages_of(outcome.in_(words(MISSING))).label("missing"),
            _pages_of(outcome.in_(words(READ | MISSING))).label("answered"),
        )
        .join(pages, pages.c.id == observations.c.page_id)
        .where(observations.c.at >= start, observations.c.at < end)
        .group_by(pages.c.site)
    )


def _pages_of(which: ColumnElement[bool]) -> ColumnElement[int]:
    """How many articles had such a visit."""
    return func.count(distinct(case((and_(which, pages.c.role == Role.ARTICLE.value), pages.c.id))))


def _stale_columns(connection: Connection, end: datetime, judged_at: datetime) -> dict[str, tuple[str, ...]]:
    """Watched columns whose newest article, of those first seen before ``end``, is too old at ``judged_at``.

    Its age counts from when it was first seen, or from the date that its list prints where that is older.
    """
    column = pages.alias()
    watched = and_(
        column.c.site == pages.c.site,
        column.c.url == pages.c.found_on,
        column.c.role == Role.COLUMN.value,
        column.c.depth == 0,
        column.c.due_at.is_not(None),
    )
    newest = (
        select(
            pages.c.site,
            pages.c.found_on,
            func.max(pages.c.first_seen_at).label("seen"),
            func.max(pages.c.listed_date).label("dated"),
        )
        .join(column, watched)
        .where(pages.c.role == Role.ARTICLE.value, pages.c.first_seen_at < end)
        .group_by(pages.c.site, pages.c.found_on)
        .order_by(pages.c.site, pages.c.found_on)
    )
    limit = judged_at - STALE_AFTER
    day = limit.astimezone(CHINA).date().isoformat()
    stale: dict[str, list[str]] = {}
    for row in connection.execute(newest):
        # A first crawl sees an old column's articles today; the dates that the list prints tell how old they are.
        if row.seen < limit or (row.dated is not None and row.dated[:10] < day):
            stale.setdefault(row.site, []).append(row.found_on)
    return {site: tuple(columns) for site, columns in stale.items()}


def _last_success(connection: Connection, site: str, before: datetime) -> datetime | None:
    newest = (
        select(observations.c.at)
        .join(pages, pages.c.id == observations.c.page_id)
        .where(pages.c.site == site, observations.c.at < before, observations.c.outcome.in_(words(READ)))
        .order_by(observations.c.at.desc())
        .limit(1)
    )
    found: datetime | None = connection.execute(newest).scalar()
    return found


def _health(
    site: Row[Any],
    visits: Row[Any] | None,
    last_success_at: datetime | None,
    known: int,
    stale: dict[str, tuple[str, ...]],
) -> SiteHealth:
    failures = int(visits.failures) if visits else 0
    blocked = int(visits.blocked) if visits else 0
    columns = stale.get(site.key, ())
    notes = []
    if visits is None:
        notes.append("当日没有访问")
    elif not visits.good:
        notes.append("当日未能正常打开")
    elif failures:
        notes.append(f"{failures} 次访问失败")
    if visits and visits.missing >= MANY_MISSING and 2 * visits.missing > visits.answered:
        notes.append(f"{visits.missing} 个页面同时打不开,疑为网站故障")
    if blocked:
        notes.append(f"{blocked} 次被防火墙拦截")
    if columns:
        notes.append(f"{len(columns)} 个栏目超过两周未更新")
    return SiteHealth(
        site=site.key,
        name=site.name or site.key,
        last_success_at=last_success_at,
        failures=failures,
        visits=int(visits.visits) if visits else 0,
        pages=known,
        blocked=blocked,
        stale_columns=columns,
        note=";".join(notes) or None,
    )
