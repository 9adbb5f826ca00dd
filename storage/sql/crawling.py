"""The crawl's side of the archive over SQLAlchemy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Select, and_, insert, or_, select, update

from storage import bodies as packing
from storage.archive import Decide
from storage.records import Intake, Page, Role, Version, Visit
from storage.sql.engine import Database
from storage.sql.rows import (
    observation_values,
    page_from,
    page_values,
    version_from,
    version_values,
)
from storage.sql.tables import bodies, observations, pages, versions
from storage.sql.upsert import insert_unknown, take_turn, upsert

KNOWN_AT_ONCE = 500


def select_versions() -> Select[tuple[object, ...]]:
    """Versions with the site and address of their page."""
    return select(versions, pages.c.site, pages.c.url).join(pages, pages.c.id == versions.c.page_id)


class SqlCrawling:
    """See ``storage.archive.Crawling``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enlist_columns(self, site: str, columns: Sequence[str], now: datetime) -> None:
        with self._database.write() as connection:
            take_turn(connection, site)
            for url in columns:
                page = Page(site=site, url=url, role=Role.COLUMN, first_seen_at=now, column=url, due_at=now)
                known, created = _find_or_create(connection, page)
                if not created:
                    self._watch_as_column(connection, known, now)
            left = and_(pages.c.site == site, pages.c.role == Role.COLUMN.value, pages.c.found_on.not_in(list(columns)))
            connection.execute(update(pages).where(left).values(due_at=None))

    def _watch_as_column(self, connection: Connection, known: Page, now: datetime) -> None:
        if known.role is Role.COLUMN and known.due_at is not None:
            return
        values = {"role": Role.COLUMN.value, "due_at": now, "depth": 0, "found_on": known.url}
        if known.role is not Role.COLUMN:
            # Its links were never taken in: an answer of 304 would keep them unknown for as long as it stands still.
            values |= {"etag": None, "last_modified": None}
        connection.execute(update(pages).where(pages.c.id == known.id).values(values))

    def pages(self, site: str, role: Role, *, due: datetime | None = None, limit: int = 1000) -> list[Page]:
        wanted = select(pages).where(pages.c.site == site, pages.c.role == role.value, pages.c.due_at.is_not(None))
        if due is not None:
            wanted = wanted.where(pages.c.due_at <= due)
        # What was never read comes first, or a full queue of revisits would keep fresh news waiting.
        wanted = wanted.order_by(pages.c.version > 0, pages.c.due_at, pages.c.id).limit(limit)
        with self._database.read() as connection:
            return [page_from(row) for row in connection.execute(wanted)]

    def postpone(self, site: str, until: datetime) -> None:
        due = update(pages).where(pages.c.site == site, pages.c.due_at < until)
        with self._database.write() as connection:
            connection.execute(due.values(due_at=until))

    def record(self, visit: Visit, decide: Decide) -> Intake:
        named = _addresses_named(visit)
        with self._database.write() as connection:
            if named:
                take_turn(connection, visit.site)
            page = self._page(connection, visit)
            latest = self._version(connection, page)
            known = self._known(connection, visit.site, named)
            intake = decide(visit, page, latest, known)
            version = self._keep_version(connection, visit, intake)
            row = connection.execute(
                insert(observations)
                .values(observation_values(intake.observation, page.id))
                .returning(observations.c.id)
            ).one()
            connection.execute(update(pages).where(pages.c.id == page.id).values(page_values(intake.page)))
            discovered = tuple(self._enlist(connection, found) for found in intake.discovered)
        observation = replace(intake.observation, id=row.id, page_id=page.id)
        return Intake(observation, intake.page, version, discovered)

    def _page(self, connection: Connection, visit: Visit) -> Page:
        page = Page(site=visit.site, url=visit.url, role=visit.role, first_seen_at=visit.at)
        return _find_or_create(connection, page)[0]

    def _version(self, connection: Connection, page: Page) -> Version | None:
        if not page.version:
            return None
        newest = select_versions().where(versions.c.page_id == page.id, versions.c.number == page.version)
        return version_from(connection.execute(newest).one())

    def _known(self, connection: Connection, site: str, named: Sequence[str]) -> frozenset[str]:
        known: set[str] = set()
        for start in range(0, len(named), KNOWN_AT_ONCE):
            some = named[start : start + KNOWN_AT_ONCE]
            found = connection.execute(select(pages.c.url).where(pages.c.site == site, pages.c.url.in_(some)))
            known.update(found.scalars())
        return frozenset(known)

    def _keep_version(self, connection: Connection, visit: Visit, intake: Intake) -> Version | None:
        version = intake.version
        if version is None:
            return None
        if visit.body is not None and version.body_hash is not None:
            self._keep_body(connection, version.body_hash, visit.body)
        values = version_values(version, intake.page.id)
        created = connection.execute(insert(versions).values(values).returning(versions.c.id)).one()
        return replace(version, id=created.id, page_id=intake.page.id)

    def _keep_body(self, connection: Connection, name: str, body: bytes) -> None:
        once_more = {"used_by": bodies.c.used_by + 1}
        if not connection.execute(update(bodies).where(bodies.c.hash == name).values(once_more)).rowcount:
            row = {"hash": name, "size": len(body), "packed": packing.pack(body), "used_by": 1}
            upsert(connection, bodies, row, once_more)

    def _enlist(self, connection: Connection, found: Page) -> Page:
        """Insert a page, or make it due where it is a continued column that is known already."""
        known, created = _find_or_create(connection, found)
        if created:
            return known
        due = update(pages).where(pages.c.id == known.id, or_(pages.c.due_at.is_(None), pages.c.depth > 0))
        connection.execute(due.values(due_at=found.due_at))
        return replace(known, due_at=found.due_at)


def _addresses_named(visit: Visit) -> list[str]:
    if visit.article is None:
        return []
    further = [visit.article.next_page] if visit.article.next_page else []
    return [*(link.url for link in visit.article.links), *visit.article.lists, *further]


def _find_or_create(connection: Connection, page: Page) -> tuple[Page, bool]:
    """The page of that address, held until the transaction ends, and whether it was created by this call."""
    held = _one(page.site, page.url).with_for_update()
    row = connection.execute(held).first()
    if row is None:
        new = insert_unknown(connection, pages).values(page_values(page)).returning(pages.c.id)
        number = connection.execute(new).scalar()
        if number is not None:
            return replace(page, id=number), True
        row = connection.execute(held).one()
    return page_from(row), False


def _one(site: str, url: str) -> Select[tuple[object, ...]]:
    return select(pages).where(pages.c.site == site, pages.c.url == url)
