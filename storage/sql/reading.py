"""The readers' side of the archive over SQLAlchemy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from storage.hijacks import is_over
from storage.records import Change, ChangeKind, Observation, Version
from storage.sql.comparing import read_body, select_observations
from storage.sql.crawling import select_versions
from storage.sql.engine import Database
from storage.sql.files import with_files
from storage.sql.narrow import among
from storage.sql.rows import change_from, observation_from, version_from
from storage.sql.tables import changes, observations, pages, versions

URLS_AT_ONCE = 500


class SqlReading:
    """See ``storage.archive.Reading``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def changes(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        site: str | None = None,
        kind: ChangeKind | None = None,
        after: int = 0,
    ) -> list[Change]:
        wanted = select(changes).order_by(changes.c.id)
        if after:
            wanted = wanted.where(changes.c.id > after)
        if since is not None:
            wanted = wanted.where(changes.c.detected_at >= since)
        if until is not None:
            wanted = wanted.where(changes.c.detected_at < until)
        if site is not None:
            wanted = wanted.where(changes.c.site == site)
        if kind is not None:
            wanted = wanted.where(changes.c.kind == kind.value)
        with self._database.read() as connection:
            return [change_from(row) for row in connection.execute(wanted)]

    def history(self, url: str) -> list[Version]:
        wanted = select_versions().where(pages.c.url == url).order_by(versions.c.page_id, versions.c.number)
        with self._database.read() as connection:
            return with_files(connection, [version_from(row) for row in connection.execute(wanted)])

    def observations(self, url: str) -> list[Observation]:
        wanted = select_observations().where(pages.c.url == url).order_by(observations.c.id)
        with self._database.read() as connection:
            return [observation_from(row) for row in connection.execute(wanted)]

    def newest(self, urls: Sequence[str]) -> dict[str, Version]:
        return self._of_urls(urls, versions.c.number == pages.c.version)

    def _of_urls(self, urls: Sequence[str], which: ColumnElement[bool]) -> dict[str, Version]:
        found: dict[str, Version] = {}
        with self._database.read() as connection:
            for start in range(0, len(urls), URLS_AT_ONCE):
                some = pages.c.url.in_(urls[start : start + URLS_AT_ONCE])
                wanted = select_versions().where(some, which)
                some_found = with_files(connection, [version_from(row) for row in connection.execute(wanted)])
                found |= {version.url: version for version in some_found}
        return found

    def as_of(self, urls: Sequence[str], before: datetime) -> dict[str, Version]:
        earlier = versions.alias()
        number = (
            select(func.max(earlier.c.number))
            .where(earlier.c.page_id == pages.c.id, earlier.c.seen_at < before)
            .scalar_subquery()
        )
        return self._of_urls(urls, versions.c.number == number)

    def hijacked(self, urls: Collection[str], before: datetime) -> set[str]:
        wanted, kinds = sorted(urls), (ChangeKind.TAMPERED.value, ChangeKind.RESTORED.value)
        # By the pages' own index: of either kind there may be very many in the log.
        newest = func.max(func.coalesce(changes.c.to_version, 0)).label("newest")
        told = select(changes.c.url, changes.c.kind, newest).where(
            among(changes.c.kind, *kinds), changes.c.detected_at < before
        )
        last: dict[tuple[str, str], int] = {}
        with self._database.read() as connection:
            for start in range(0, len(wanted), URLS_AT_ONCE):
                some = select(pages.c.id).where(pages.c.url.in_(wanted[start : start + URLS_AT_ONCE]))
                found = told.where(changes.c.page_id.in_(some)).group_by(changes.c.url, changes.c.kind)
                last |= {(row.url, row.kind): row.newest for row in connection.execute(found)}
        tampered, restored = kinds
        begun = {url: since for (url, kind), since in last.items() if kind == tampered}
        return {url for url, since in begun.items() if not is_over(since, last.get((url, restored), 0))}

    def versions(self, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], Version]:
        wanted = sorted(keys)
        found: dict[tuple[str, int], Version] = {}
        with self._database.read() as connection:
            for start in range(0, len(wanted), URLS_AT_ONCE):
                some = wanted[start : start + URLS_AT_ONCE]
                of_pages = pages.c.url.in_({url for url, _ in some})
                kept = select_versions().where(of_pages, versions.c.number.in_({number for _, number in some}))
                rows = [row for row in connection.execute(kept) if (row.url, row.number) in keys]
                read = with_files(connection, [version_from(row) for row in rows])
                found |= {(version.url, version.number): version for version in read}
        return found

    def body(self, body_hash: str) -> bytes | None:
        return read_body(self._database, body_hash)
