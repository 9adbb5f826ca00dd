"""The service's side of the archive over SQLAlchemy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    cast,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.records import Ailing, Outcome, Role, Run, SiteHealth, Told
from storage.sql.crew import SqlCrew
from storage.sql.deadlinks import dead_links
from storage.sql.enlisted import unlisted
from storage.sql.figures import begin, close_days, last_good, next_day, visits_counted, visits_of_day
from storage.sql.narrow import among
from storage.sql.overdue import Overdue, overdue_columns
from storage.sql.tables import bodies, day_counts, observations, pages, runs, sites, versions
from storage.sql.tallies import ALL_SITES
from storage.sql.upsert import upsert

MANY_MISSING = 5
"""Articles missing on one day from which, if they are more than half of those that answered, the site is called ill.

The comparison holds such withdrawals back until they last (``monitor.compare.presence``).
"""

SAME_TEXT = 3
"""Articles that became one text on one day from which it is none of theirs; the comparison tells no edit then."""


class SqlRunning(SqlCrew):
    """See ``storage.running.Running``."""

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
            oldest = due.order_by(func.min(pages.c.due_at), pages.c.site)
            return {row.site: row.n for row in connection.execute(oldest)}

    def make_due(self, now: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(update(pages).where(pages.c.due_at > now).values(due_at=now))

    def site_names(self) -> dict[str, str]:
        with self._database.read() as connection:
            return {row.key: row.name for row in connection.execute(select(sites).order_by(sites.c.key))}

    def announce(self, names: dict[str, str]) -> None:
        known = self.site_names()
        news = sorted((key, name) for key, name in names.items() if known.get(key) != name)
        if not news:
            return
        with self._database.write() as connection:
            # In one order for all, or two services that start at once would wait for each other.
            for key, name in news:
                upsert(connection, sites, {"key": key, "name": name, "template": ""}, {"name": name})

    def unlisted(self, columns: Mapping[str, Sequence[str]], now: datetime) -> list[str]:
        with self._database.read() as connection:
            return unlisted(connection, columns, now)

    def health(self, day: date, now: datetime, site: str | None = None) -> list[SiteHealth]:
        end = begin(next_day(day))
        of_site = [] if site is None else [pages.c.site == site]
        with self._database.read() as connection:
            visits = visits_of_day(connection, day, site)
            latest = last_good(connection, day, visits, site)
            seen = (pages.c.first_seen_at < end, *of_site)
            counted = select(pages.c.site, func.count().label("n")).where(*seen).group_by(pages.c.site)
            known = {row.site: row.n for row in connection.execute(counted)}
            stale = overdue_columns(connection, end, min(now, end), *of_site)
            dead = dead_links(connection, begin(day), end, site)
            same = _same_text(connection, day, site)
            named = select(sites) if site is None else select(sites).where(sites.c.key == site)
            names = connection.execute(named.order_by(sites.c.key)).all()
            return [
                replace(
                    _health(row, visits.get(row.key), stale.get(row.key, Overdue()), same.get(row.key, 0)),
                    last_success_at=latest.get(row.key),
                    pages=known[row.key],
                    dead_links=dead[row.key],
                )
                for row in names
                if row.key in known
            ]

    def ailing(self) -> list[Ailing]:
        with self._database.read() as connection:
            return [
                Ailing(row.site, row.url, Role(row.role), row.since, row.ok_at, Outcome(row.outcome), row.how)
                for row in connection.execute(_AILING)
            ]

    def counts(self) -> dict[str, int]:
        counted: dict[str, Select[Any]] = {
            "pages": select(func.count()).select_from(pages),
            # A page's versions are numbered from one on: its newest says how many there are.
            "versions": _sum(pages.c.version).where(pages.c.role == Role.ARTICLE.value),
            "bodies": select(func.count()).select_from(bodies),
            "changes": _sum(day_counts.c.n).where(day_counts.c.site == ALL_SITES),
            "pending": select(func.count()).select_from(observations).where(observations.c.pending),
        }
        with self._database.read() as connection:
            found = {name: connection.execute(query).scalar_one() for name, query in counted.items()}
            return {**found, "observations": visits_counted(connection)}


def _sum(counted: ColumnElement[int]) -> Select[Any]:
    return select(cast(func.coalesce(func.sum(counted), 0), BigInteger))


def _ailing() -> Select[Any]:
    last, first = observations.alias(), observations.alias()
    newest = select(func.max(observations.c.id)).where(observations.c.page_id == pages.c.id).scalar_subquery()
    since = select(func.min(first.c.at)).where(
        first.c.page_id == pages.c.id, or_(pages.c.ok_at.is_(None), first.c.at > pages.c.ok_at)
    )
    column = and_(pages.c.role == Role.COLUMN.value, pages.c.depth == 0)
    failed = and_(pages.c.failures > 0, last.c.outcome.in_((Outcome.FAILED.value, Outcome.BLOCKED.value)))
    untold = pages.c.told.in_((Told.NOTHING.value, Told.LIVE.value))
    missing = and_(pages.c.missing_since.is_not(None), pages.c.version > 0, untold)
    article = and_(pages.c.role == Role.ARTICLE.value, or_(failed, missing))
    return (
        select(
            *(pages.c.site, pages.c.url, pages.c.role, pages.c.ok_at, last.c.outcome, last.c.how),
            func.coalesce(since.scalar_subquery(), last.c.at, type_=last.c.at.type).label("since"),
        )
        .select_from(pages)
        .join(last, last.c.id == newest)
        .where(pages.c.due_at.is_not(None), or_(pages.c.failures > 0, pages.c.missing_since.is_not(None)))
        .where(or_(column, article))
        .order_by(pages.c.site, pages.c.role.desc(), "since", pages.c.url)
    )


_AILING = _ailing()


def _same_text(connection: Connection, day: date, site: str | None) -> dict[str, int]:
    """How many articles of a site that were read before showed the very same text on a China day, if many did."""
    alike = (
        select(pages.c.site, func.count(versions.c.page_id.distinct()).label("n"))
        .join(pages, pages.c.id == versions.c.page_id)
        .where(
            versions.c.seen_at >= begin(day),
            versions.c.seen_at < begin(next_day(day)),
            versions.c.number > 1,
            pages.c.role == Role.ARTICLE.value,
            *([] if site is None else [among(pages.c.site, site)]),
        )
        .group_by(pages.c.site, versions.c.fingerprint)
        .order_by(pages.c.site, func.count())
    )
    return {row.site: row.n for row in connection.execute(alike) if row.n >= SAME_TEXT}


def _health(site: Row[Any], visits: Row[Any] | None, stale: Overdue, same: int) -> SiteHealth:
    """A site's day by its visits, its columns and how many of its pages showed one text."""
    failures = int(visits.failures) if visits else 0
    blocked = int(visits.blocked) if visits else 0
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
    if news := len(stale.columns) - len(stale.notices):
        notes.append(f"{news} 个栏目超过两周未更新")
    if stale.notices:
        notes.append(f"{len(stale.notices)} 个栏目超过半年未更新")
    return SiteHealth(
        site=site.key,
        name=site.name or site.key,
        last_success_at=None,
        failures=failures,
        visits=int(visits.visits) if visits else 0,
        blocked=blocked,
        stale_columns=stale.columns,
        note=";".join(notes) or None,
        missing=int(visits.missing) if visits else 0,
        stale_notices=stale.notices,
    )
