"""What people ask who look around, over SQLAlchemy."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select

from storage.browsing import (
    ArticleCard,
    ColumnCard,
    DayCount,
    Dossier,
    Entry,
    KeptVisit,
    ResponseDay,
    SiteCard,
    VersionCard,
    Wanted,
)
from storage.records import Observation, Page, Role, Version
from storage.sql.changelog import entry_from, read_entries, read_weightiest, select_entries
from storage.sql.comparing import read_version, select_observations
from storage.sql.engine import Database
from storage.sql.figures import responses, visits_of_days
from storage.sql.narrow import IS_COLUMN, IS_WITHDRAWN
from storage.sql.replay import read_kept
from storage.sql.rows import observation_from, page_from
from storage.sql.said import FIRST, FIRST_SAID, IS_FIRST, SAID, said_of
from storage.sql.stories import read_printings
from storage.sql.tables import bodies, changes, day_counts, observations, pages, sites, versions
from storage.sql.tallies import ALL_SITES, count_days
from storage.stories import Printing

WATCHED = and_(IS_COLUMN, pages.c.found_on == pages.c.url, pages.c.depth == 0, pages.c.due_at.is_not(None))
"""The columns of the catalogue, without the lists that stand for them."""

PAGES_AT_ONCE = 500


class SqlBrowsing:
    """See ``storage.browsing.Browsing``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def changes(self, wanted: Wanted, *, before: int | None = None, limit: int = 50) -> list[Entry]:
        with self._database.read() as connection:
            return read_entries(connection, wanted, before, limit)

    def weightiest(self, wanted: Wanted, *, limit: int = 20) -> list[Entry]:
        with self._database.read() as connection:
            return read_weightiest(connection, wanted, limit)

    def change(self, change_id: int) -> Entry | None:
        with self._database.read() as connection:
            row = connection.execute(select_entries().where(changes.c.id == change_id)).first()
        return None if row is None else entry_from(row)

    def days(self, first: date, last: date, site: str | None = None) -> list[DayCount]:
        key = ALL_SITES if site is None else site
        with self._database.read() as connection:
            return count_days(connection, first, last, day_counts.c.site == key).get(key, [])

    def days_by_site(self, first: date, last: date) -> dict[str, list[DayCount]]:
        # A row that is found by its site needs no look at those of other days.
        known = select(sites.c.key)
        with self._database.read() as connection:
            return count_days(connection, first, last, day_counts.c.site.in_(known))

    def sites(self) -> list[SiteCard]:
        latest = select(changes.c.detected_at).where(changes.c.site == sites.c.key).order_by(changes.c.id.desc())
        named = select(sites.c.key, sites.c.name, latest.limit(1).scalar_subquery().label("news_at"))
        looked_at = func.max(pages.c.checked_at).label("at")
        watched = select(pages.c.site, func.count().label("n"), looked_at).where(WATCHED).group_by(pages.c.site)
        with self._database.read() as connection:
            articles = _count_by_site(connection, pages.c.role == Role.ARTICLE.value)
            withdrawn = _count_by_site(connection, IS_WITHDRAWN)
            columns = {row.site: row for row in connection.execute(watched)}
            return [
                SiteCard(
                    key=row.key,
                    name=row.name or row.key,
                    articles=articles.get(row.key, 0),
                    withdrawn=withdrawn.get(row.key, 0),
                    columns=columns[row.key].n if row.key in columns else 0,
                    checked_at=columns[row.key].at if row.key in columns else None,
                    news_at=row.news_at,
                )
                for row in connection.execute(named.order_by(sites.c.key))
            ]

    def columns(self, site: str) -> list[ColumnCard]:
        brought = (
            select(pages.c.found_on, func.count().label("n"), func.max(pages.c.first_seen_at).label("newest"))
            .where(pages.c.site == site, pages.c.role == Role.ARTICLE.value)
            .group_by(pages.c.found_on)
        )
        watched = select(pages).where(pages.c.site == site, WATCHED).order_by(pages.c.url)
        with self._database.read() as connection:
            by_column = {row.found_on: (row.n, row.newest) for row in connection.execute(brought)}
            return [
                ColumnCard(page_from(row), *by_column.get(row.url, (0, None))) for row in connection.execute(watched)
            ]

    def responses(self, site: str, first: date, last: date) -> list[ResponseDay]:
        with self._database.read() as connection:
            return responses(connection, site, first, last)

    def visits(self, first: date, last: date) -> dict[str, tuple[int, int]]:
        with self._database.read() as connection:
            return visits_of_days(connection, first, last)

    def articles(
        self, site: str, *, withdrawn: bool = False, before: int | None = None, limit: int = 50
    ) -> list[ArticleCard]:
        newest = and_(versions.c.page_id == pages.c.id, versions.c.number == pages.c.version)
        # The sum keeps a planner from walking all sites' pages in their order: a site's ids stand in one index.
        order = pages.c.id + 0
        ids = select(pages.c.id).where(pages.c.site == site).order_by(order.desc()).limit(limit)
        ids = ids.where(IS_WITHDRAWN if withdrawn else pages.c.role == Role.ARTICLE.value)
        if before is not None:
            ids = ids.where(order < before)
        with self._database.read() as connection:
            wanted = pages.c.id.in_(list(connection.execute(ids).scalars()))
            known = select(pages, versions.c.title).outerjoin(versions, newest).where(wanted).order_by(order.desc())
            return [
                ArticleCard(page_from(row), row.title or row.listed_title, row.version, row.story)
                for row in connection.execute(known)
            ]

    def page(self, page_id: int) -> Page | None:
        return self._page(pages.c.id == page_id)

    def pages(self, page_ids: Collection[int]) -> dict[int, Page]:
        wanted = sorted(set(page_ids))
        found: dict[int, Page] = {}
        with self._database.read() as connection:
            for start in range(0, len(wanted), PAGES_AT_ONCE):
                some = pages.c.id.in_(wanted[start : start + PAGES_AT_ONCE])
                found |= {row.id: page_from(row) for row in connection.execute(select(pages).where(some))}
        return found

    def page_at(self, url: str) -> Page | None:
        return self._page(pages.c.url == url)

    def _page(self, which: ColumnElement[bool]) -> Page | None:
        with self._database.read() as connection:
            row = connection.execute(select(pages).where(which).order_by(pages.c.id).limit(1)).first()
        return None if row is None else page_from(row)

    def dossier(self, page_id: int, entries: int = 200) -> Dossier | None:
        outcome = observations.c.outcome
        ended = select(outcome, func.count().label("n")).where(observations.c.page_id == page_id).group_by(outcome)
        with self._database.read() as connection:
            row = connection.execute(select(pages).where(pages.c.id == page_id)).first()
            if row is None:
                return None
            return Dossier(
                page=page_from(row),
                versions=_version_cards(connection, page_id),
                entries=tuple(read_entries(connection, Wanted(page_id=page_id), None, entries)),
                story=row.story,
                visits={visits.outcome: visits.n for visits in connection.execute(ended)},
            )

    def version(self, page_id: int, number: int) -> Version | None:
        return read_version(self._database, page_id, number)

    def observations(self, page_id: int, *, before: int | None = None, limit: int = 50) -> list[Observation]:
        seen = select_observations().where(observations.c.page_id == page_id).order_by(observations.c.id.desc())
        if before is not None:
            seen = seen.where(observations.c.id < before)
        with self._database.read() as connection:
            return [observation_from(row) for row in connection.execute(seen.limit(limit))]

    def printings(self, story: int, before: datetime) -> list[Printing]:
        with self._database.read() as connection:
            return read_printings(connection, [story], before)

    def stories(self, *, before: int | None = None, limit: int = 50) -> list[tuple[int, Sequence[Page]]]:
        told = select(pages.c.story).where(pages.c.story.is_not(None)).group_by(pages.c.story)
        if before is not None:
            told = told.where(pages.c.story < before)
        shared = told.having(func.count() > 1).order_by(pages.c.story.desc()).limit(limit)
        by_story: dict[int, list[Page]] = defaultdict(list)
        with self._database.read() as connection:
            numbers = list(connection.execute(shared).scalars())
            for row in connection.execute(select(pages).where(pages.c.story.in_(numbers)).order_by(pages.c.id)):
                by_story[row.story].append(page_from(row))
        return [(number, by_story[number]) for number in numbers]

    def kept(
        self, *, site: str | None = None, day: date | None = None, page_id: int | None = None, after: int = 0
    ) -> list[KeptVisit]:
        with self._database.read() as connection:
            return read_kept(connection, site, day, page_id, after)


def _count_by_site(connection: Connection, which: ColumnElement[bool]) -> dict[str, int]:
    counted = select(pages.c.site, func.count().label("n")).where(which).group_by(pages.c.site)
    return {row.site: row.n for row in connection.execute(counted)}


def _version_cards(connection: Connection, page_id: int) -> tuple[VersionCard, ...]:
    kept: Any = (
        select(
            versions.c.number,
            versions.c.seen_at,
            versions.c.title,
            versions.c.body_hash,
            *SAID,
            FIRST_SAID,
            bodies.c.size,
        )
        .outerjoin(FIRST, IS_FIRST)
        .outerjoin(bodies, bodies.c.hash == versions.c.body_hash)
        .where(versions.c.page_id == page_id)
        .order_by(versions.c.number)
    )
    return tuple(
        VersionCard(row.number, row.seen_at, row.title, row.body_hash, row.size or 0, _flags(row))
        for row in connection.execute(kept)
    )


def _flags(row: Row[Any]) -> tuple[str, ...]:
    return tuple(json.loads(said_of(row)[0])["flags"])
