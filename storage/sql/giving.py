"""An archive as records, read over SQLAlchemy as it stands at one moment."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, or_, select

from storage.errors import BodyUnreadable
from storage.exchange import GivenVersion, KnownSite, News, Part, Record
from storage.records import Run, Version
from storage.sql.comparing import read_body, select_observations
from storage.sql.crawling import select_versions
from storage.sql.engine import Database
from storage.sql.files import with_files
from storage.sql.rows import change_from, lesson_from, observation_from, page_from, version_from
from storage.sql.tables import changes, lessons, observations, pages, runs, site_hosts, sites, versions
from storage.sql.transfer import as_bytes, snapshot

AT_ONCE = 200
MOST_GIVEN = 100_000
"""Bodies that are remembered as given; what was forgotten is given once more."""


def give(database: Database, part: Part) -> Generator[Record, None, None]:
    """See ``storage.exchange.Exchange``."""
    with snapshot(database) as connection:
        yield from _sites(connection, part)
        for row in _each(connection, _ordered(connection, select(lessons), lessons.c.site, part)):
            yield lesson_from(row)
        for row in _each(connection, _runs(connection, part)):
            yield Run(row.id, row.site, row.started_at, row.finished_at, row.reason, row.visits, row.requests)
        for row in _each(connection, select(pages).where(*_chosen(part)).order_by(pages.c.id)):
            yield page_from(row)
        yield from _versions(database, connection, part)
        for row in _each(connection, _visits(part)):
            yield observation_from(row)
        for row in _each(connection, _changes(part)):
            yield News(change_from(row), row.page_url)


def _each(connection: Connection, wanted: Select[Any]) -> Iterator[Row[Any]]:
    with connection.execute(wanted.execution_options(yield_per=AT_ONCE)) as found:
        yield from found


def _sites(connection: Connection, part: Part) -> Iterator[KnownSite]:
    hosts: dict[str, list[str]] = {}
    for row in connection.execute(select(site_hosts)):
        hosts.setdefault(row.site, []).append(row.host)
    for row in connection.execute(select(sites).order_by(as_bytes(connection, sites.c.key))).all():
        if part.site in (None, row.key):
            yield KnownSite(row.key, row.name, row.template, tuple(sorted(hosts.get(row.key, ()))))


def _ordered(connection: Connection, wanted: Select[Any], site: Any, part: Part) -> Select[Any]:
    if part.site is not None:
        wanted = wanted.where(site == part.site)
    name = as_bytes(connection, lessons.c.name)
    return wanted.order_by(as_bytes(connection, site), lessons.c.learned_at, name)


def _runs(connection: Connection, part: Part) -> Select[Any]:
    of_site = [] if part.site is None else [runs.c.site == part.site]
    order = (runs.c.started_at, as_bytes(connection, runs.c.id), as_bytes(connection, runs.c.site))
    return select(runs).where(*of_site, *_within(runs.c.started_at, part)).order_by(*order)


def _within(moment: Any, part: Part) -> Iterator[ColumnElement[bool]]:
    if part.since is not None:
        yield moment >= part.since
    if part.until is not None:
        yield moment < part.until


def _chosen(part: Part) -> Iterator[ColumnElement[bool]]:
    """Which pages belong to a part."""
    if part.site is not None:
        yield pages.c.site == part.site
    if part.since is not None or part.until is not None:
        visited = exists().where(observations.c.page_id == pages.c.id, *_within(observations.c.at, part))
        changed = exists().where(changes.c.page_id == pages.c.id, *_within(changes.c.detected_at, part))
        yield or_(visited, changed)


def _visits(part: Part) -> Select[Any]:
    of_site = [] if part.site is None else [pages.c.site == part.site]
    return select_observations().where(*of_site, *_within(observations.c.at, part)).order_by(observations.c.id)


def _changes(part: Part) -> Select[Any]:
    of_site = [] if part.site is None else [changes.c.site == part.site]
    told = select(changes, pages.c.url.label("page_url")).outerjoin(pages, pages.c.id == changes.c.page_id)
    return told.where(*of_site, *_within(changes.c.detected_at, part)).order_by(changes.c.id)


def _versions(database: Database, connection: Connection, part: Part) -> Iterator[GivenVersion]:
    wanted = select_versions().where(*_chosen(part)).order_by(versions.c.id).execution_options(yield_per=AT_ONCE)
    given: set[str] = set()
    with connection.execute(wanted) as found:
        for rows in found.partitions():
            for version in with_files(connection, [version_from(row) for row in rows]):
                if not part.bodies:
                    yield GivenVersion(_bare(version))
                    continue
                named = [version.body_hash, *(file.hash for file in version.files)]
                bodies, damaged = _bodies(database, [name for name in named if name and name not in given])
                given.update(bodies)
                if len(given) > MOST_GIVEN:
                    given.clear()
                yield GivenVersion(version, bodies, damaged)


def _bare(version: Version) -> Version:
    """A version that names no bytes: what it would name is not there."""
    attachments = tuple(replace(attachment, hash=None) for attachment in version.article.attachments)
    files = tuple(replace(file, hash=None) for file in version.files)
    article = replace(version.article, attachments=attachments)
    return replace(version, body_hash=None, files=files, article=article)


def _bodies(database: Database, names: list[str]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Those of these bodies that are there, and the names of those that are damaged."""
    found, damaged = {}, []
    for name in names:
        try:
            body = read_body(database, name)
        except BodyUnreadable:
            damaged.append(name)
        else:
            found.update({} if body is None else {name: body})
    return found, tuple(damaged)
