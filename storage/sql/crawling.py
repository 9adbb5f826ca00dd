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
            for url in columns:
                page = Page(site=site, url=url, role=Role.COLUMN, first_seen_at=now, column=url, due_at=now)
                row = connection.execute(_one(site, url)).first()
                if row is None:
                    connection.execute(insert(pages).values(page_values(page)))
                elif row.role != Role.COLUMN.value or row.due_at is None:
                    values = {"role": Role.COLUMN.value, "due_at": now, "depth": 0, "found_on": url}
                    connection.execute(update(pages).where(pages.c.id == row.id).values(values))
            left = and_(pages.c.site == site, pages.c.role == Role.COLUMN.value, pages.c.found_on.not_in(list(columns)))
            connection.execute(update(pages).where(left).values(due_at=None))

    def pages(self, site: str, role: Role, *, due: datetime | None = None, limit: int = 1000) -> list[Page]:
        wanted = select(pages).where(pages.c.site == site, pages.c.role == role.value, pages.c.due_at.is_not(None))
        if due is not None:
            wanted = wanted.where(pages.c.due_at <= due)
        # What was never read comes first, or a full queue of revisits would keep fresh news waiting.
        wanted = wanted.order_by(pages.c.version > 0, pages.c.due_at, pages.c.id).limit(limit)
        with self._database.read() as connection:
            return [page_from(row) for row in connection.execute(wanted)]

    def record(self, visit: Visit, decide: Decide) -> Intake:
        with self._database.write() as connection:
            page = self._page(connection, visit)
            latest = self._version(connection, page)
            known = self._known(connection, visit)
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
        row = connection.execute(_one(visit.site, visit.url).with_for_update()).first()
        if row is not None:
            return page_from(row)
        page = Page(site=visit.site, url=visit.url, role=visit.role, first_seen_at=visit.at)
        created = connection.execute(insert(pages).values(page_values(page)).returning(pages.c.id)).one()
        return replace(page, id=created.id)

    def _version(self, connection: Connection, page: Page) -> Version | None:
        if not page.version:
            return None
        newest = select_versions().where(versions.c.page_id == page.id, versions.c.number == page.version)
        return version_from(connection.execute(newest).one())

    def _known(self, connection: Connection, visit: Visit) -> frozenset[str]:
        links = [link.url for link in visit.article.links] if visit.article else []
        if visit.article:
            links += visit.article.lists
            links += [visit.article.next_page] if visit.article.next_page else []
        known: set[str] = set()
        for start in range(0, len(links), KNOWN_AT_ONCE):
            some = links[start : start + KNOWN_AT_ONCE]
            found = connection.execute(select(pages.c.url).where(pages.c.site == visit.site, pages.c.url.in_(some)))
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
        used = update(bodies).where(bodies.c.hash == name).values(used_by=bodies.c.used_by + 1)
        if not connection.execute(used).rowcount:
            values = {"hash": name, "size": len(body), "packed": packing.pack(body), "used_by": 1}
            connection.execute(insert(bodies).values(values))

    def _enlist(self, connection: Connection, found: Page) -> Page:
        """Insert a page, or make it due where it is a continued column that is known already."""
        row = connection.execute(_one(found.site, found.url)).first()
        if row is not None:
            known = page_from(row)
            due = update(pages).where(pages.c.id == known.id, or_(pages.c.due_at.is_(None), pages.c.depth > 0))
            connection.execute(due.values(due_at=found.due_at))
            return replace(known, due_at=found.due_at)
        created = connection.execute(insert(pages).values(page_values(found)).returning(pages.c.id)).one()
        return replace(found, id=created.id)


def _one(site: str, url: str) -> Select[tuple[object, ...]]:
    return select(pages).where(pages.c.site == site, pages.c.url == url)
