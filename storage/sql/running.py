"""The service's side of the archive over SQLAlchemy."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, insert, select, update

from storage.records import CHINA, Role, Run, SiteHealth
from storage.sql.engine import Database
from storage.sql.figures import begin, close_days, last_good, next_day, visits_of_day
from storage.sql.narrow import IS_COLUMN
from storage.sql.tables import bodies, changes, observations, pages, runs, sites, versions
from storage.sql.upsert import upsert

STALE_AFTER = timedelta(days=14)
"""National inspection indicators: a news column not updated for two weeks fails (FIELD.md)."""

MANY_MISSING = 5
"""Articles missing on one day from which, if they are more than half of those that answered, the site is called ill.

The comparison holds such withdrawals back until they last (``monitor.compare.presence``).
"""

SAME_TEXT = 3
"""Articles that became one text on one day from which it is none of theirs; the comparison tells no edit then."""


class SqlRunning:
    """See ``storage.archive.Running``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, run: Run) -> None:
        with self._database.write() as connection:
            connection.execute(insert(runs).values(id=run.id, site=run.site, started_at=run.started_at))

    def finish(self, run: Run) -> None:
        ended = {"finished_at": run.finished_at, "reason": run.reason, "visits": run.visits, "requests": run.requests}
        with self._database.write() as connection:
            connection.execute(update(runs).where(runs.c.id == run.id, runs.c.site == run.site).values(ended))
            if run.finished_at is not None:
                close_days(connection, run.finished_at)

    def runs(self, limit: int = 20) -> list[Run]:
        newest = select(runs).order_by(runs.c.started_at.desc(), runs.c.site).limit(limit)
        with self._database.read() as connection:
            return [
                Run(row.id, row.site, row.started_at, row.finished_at, row.reason, row.visits, row.requests)
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
        end = begin(next_day(day))
        with self._database.read() as connection:
            visits = visits_of_day(connection, day)
            latest = last_good(connection, day, visits)
            seen = pages.c.first_seen_at < end
            counted = select(pages.c.site, func.count().label("n")).where(seen).group_by(pages.c.site)
            known = {row.site: row.n for row in connection.execute(counted)}
            stale = _stale_columns(connection, end, min(now, end))
            same = _same_text(connection, day)
            names = connection.execute(select(sites).order_by(sites.c.key)).all()
            return [
                _health(row, visits.get(row.key), latest.get(row.key), known[row.key], stale, same.get(row.key, 0))
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


def _same_text(connection: Connection, day: date) -> dict[str, int]:
    """How many articles of each site that were read before showed the very same text on a China day, if many did."""
    alike = (
        select(pages.c.site, func.count(versions.c.page_id.distinct()).label("n"))
        .join(pages, pages.c.id == versions.c.page_id)
        .where(
            versions.c.seen_at >= begin(day),
            versions.c.seen_at < begin(next_day(day)),
            versions.c.number > 1,
            pages.c.role == Role.ARTICLE.value,
        )
        .group_by(pages.c.site, versions.c.fingerprint)
        .order_by(pages.c.site, func.count())
    )
    return {row.site: row.n for row in connection.execute(alike) if row.n >= SAME_TEXT}


def _stale_columns(connection: Connection, end: datetime, judged_at: datetime) -> dict[str, tuple[str, ...]]:
    """Watched columns whose newest article, of those first seen before ``end``, is too old at ``judged_at``.

    Its age counts from when it was first seen, or from the date that its list prints where that is older.
    """
    limit = judged_at - STALE_AFTER
    found = pages.alias()
    brought = and_(
        found.c.site == pages.c.site,
        found.c.role == Role.ARTICLE.value,
        found.c.found_on == pages.c.url,
        found.c.first_seen_at < end,
    )
    dated_since = found.c.listed_date >= limit.astimezone(CHINA).date().isoformat()
    newest = select(func.max(found.c.first_seen_at)).where(brought).scalar_subquery()
    fresh = exists().where(brought, found.c.first_seen_at >= limit, dated_since)
    wanted = select(pages.c.id, pages.c.site, pages.c.url, newest.label("seen"), fresh.label("fresh"))
    watched = wanted.where(IS_COLUMN, pages.c.depth == 0, pages.c.due_at.is_not(None))
    # In the order of the columns' own index, or SQLite would look at all that is due.
    ordered = connection.execute(watched.order_by(pages.c.site, pages.c.url))
    rows = [row for row in ordered if row.seen is not None and not row.fresh]
    # A first crawl sees an old column's articles today; the dates that the list prints tell how old they are.
    new_dates = exists().where(brought, dated_since)
    undated = ~exists().where(brought, found.c.listed_date.is_not(None))
    seen_lately = [row.id for row in rows if row.seen >= limit]
    lively = set(
        connection.execute(select(pages.c.id).where(pages.c.id.in_(seen_lately), new_dates | undated)).scalars()
    )
    stale: dict[str, list[str]] = {}
    for row in rows:
        if row.id not in lively:
            stale.setdefault(row.site, []).append(row.url)
    return {site: tuple(columns) for site, columns in stale.items()}


def _health(
    site: Row[Any],
    visits: Row[Any] | None,
    last_success_at: datetime | None,
    known: int,
    stale: dict[str, tuple[str, ...]],
    same: int,
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
    if same:
        notes.append(f"{same} 个页面换成同一内容,疑为网站故障")
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
        missing=int(visits.missing) if visits else 0,
    )
