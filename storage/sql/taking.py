"""Records taken into an archive over SQLAlchemy: what is not known here yet is written, in one transaction a batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, tuple_, update

from storage.changes import Change
from storage.errors import StorageError
from storage.exchange import GivenVersion, KnownSite, News, Record, Taken
from storage.records import Lesson, Observation, Page, Run, Version
from storage.searching import Kept
from storage.sql.bodykeep import Said, keep_page_body
from storage.sql.engine import Database
from storage.sql.figures import keep_again
from storage.sql.files import write_files
from storage.sql.renewal import draw_up, put_in_place
from storage.sql.rows import change_values, lesson_values, observation_values, page_from, page_values, version_values
from storage.sql.said import base_of, first_body, own_text
from storage.sql.search import index_versions
from storage.sql.tables import (
    bodies,
    changes,
    lessons,
    observations,
    outbox_places,
    pages,
    runs,
    site_hosts,
    sites,
    versions,
    word_counts,
)
from storage.sql.tallies import count_changes
from storage.sql.upsert import insert_unknown

Place = tuple[str, str]
"""A page by its site and its address."""


def take(database: Database, records: Sequence[Record], strangers: set[Place], past: Collection[str]) -> Taken:
    """See ``storage.exchange.Exchange``."""
    with database.write() as connection:
        taker = _Taker(connection, strangers)
        for kind, some in groupby(records, type):
            taker.take(kind, list(some), past)
    return Taken(taker.new, taker.known, taker.others)


def has_visit(database: Database, page_id: int, run: str, at: datetime) -> bool:
    """See ``storage.exchange.Exchange``."""
    seen = observations.c
    asked = select(seen.id).where(seen.page_id == page_id, seen.run == run, seen.at == at).limit(1)
    with database.read() as connection:
        return connection.execute(asked).first() is not None


def recount(database: Database, days: Collection[date]) -> None:
    """See ``storage.exchange.Exchange``."""
    for day in sorted(days):
        with database.write() as connection:
            keep_again(connection, day)
            connection.execute(delete(word_counts).where(word_counts.c.day == day))


class _Taker:
    """One transaction in which records are taken in, and what became of them."""

    def __init__(self, connection: Connection, strangers: set[Place]) -> None:
        self._connection = connection
        self._strangers = strangers
        self.new: Counter[str] = Counter()
        self.known: Counter[str] = Counter()
        self.others = 0

    def take(self, kind: type, some: list[Any], past: Collection[str]) -> None:
        """Take in records of one kind."""
        if kind is KnownSite:
            self._sites(some)
        elif kind is Lesson:
            self._lessons(some)
        elif kind is Run:
            self._runs(some)
        elif kind is Page:
            self._pages(some)
        elif kind is GivenVersion:
            self._versions(some)
        elif kind is Observation:
            self._visits(some)
        else:
            self._changes(some, past)

    def _count(self, kind: str, fresh: bool) -> None:
        (self.new if fresh else self.known)[kind] += 1

    def _inserted(self, table: Table, row: dict[str, Any]) -> bool:
        """Write a row unless its key is there; whether it was written."""
        unknown = insert_unknown(self._connection, table).values(row).returning(*table.primary_key.columns)
        return self._connection.execute(unknown).first() is not None

    def _sites(self, some: list[KnownSite]) -> None:
        for site in some:
            row = {"key": site.key, "name": site.name, "template": site.template}
            fresh = self._inserted(sites, row)
            self._count("site", fresh)
            for name in ("name", "template"):
                # What nobody said here yet.
                unsaid = update(sites).where(sites.c.key == site.key, sites.c[name] == "")
                self._connection.execute(unsaid.values({name: row[name]}))
            if site.hosts:
                hosts = [{"site": site.key, "host": host} for host in site.hosts]
                self._connection.execute(insert_unknown(self._connection, site_hosts), hosts)

    def _lessons(self, some: list[Lesson]) -> None:
        for lesson in some:
            row = lesson_values(lesson)
            fresh = self._inserted(lessons, row)
            self._count("lesson", fresh)
            same = (lessons.c.site == lesson.site, lessons.c.name == lesson.name)
            later = update(lessons).where(*same, lessons.c.learned_at < lesson.learned_at)
            self._connection.execute(later.values({name: row[name] for name in ("learned_at", "versions", "template")}))

    def _runs(self, some: list[Run]) -> None:
        for run in some:
            ended: dict[str, Any] = {"finished_at": run.finished_at, "reason": run.reason}
            ended |= {"visits": run.visits, "requests": run.requests}
            row = {"id": run.id, "site": run.site, "started_at": run.started_at, **ended}
            fresh = self._inserted(runs, row)
            self._count("run", fresh)
            if not fresh and run.finished_at is not None:
                same = (runs.c.id == run.id, runs.c.site == run.site, runs.c.finished_at.is_(None))
                self._connection.execute(update(runs).where(*same).values(ended))

    def _pages(self, some: list[Page]) -> None:
        known = self._known((page.site, page.url) for page in some)
        fresh: dict[Place, Page] = {}
        for page in some:
            place = (page.site, page.url)
            here = known.get(place)
            self._count("page", here is None and place not in fresh)
            if here is None:
                fresh.setdefault(place, page)
            elif here.first_seen_at != page.first_seen_at:
                # Found here by itself, not copied from there: two histories of one page are never mixed.
                self._strangers.add(place)
            elif _is_later(page, here):
                self._connection.execute(update(pages).where(pages.c.id == here.id).values(page_values(page)))
        if fresh:
            self._connection.execute(insert(pages), [page_values(page) for page in fresh.values()])

    def _known(self, places: Any) -> dict[Place, Page]:
        wanted = sorted(set(places))
        if not wanted:
            return {}
        found = self._connection.execute(select(pages).where(tuple_(pages.c.site, pages.c.url).in_(wanted)))
        return {(row.site, row.url): page_from(row) for row in found}

    def _ids(self, places: Sequence[Place]) -> dict[Place, int]:
        """The ids of pages whose records are taken in; others are counted."""
        known = self._known(places)
        ids = {place: page.id for place, page in known.items() if place not in self._strangers}
        self.others += sum(place not in ids for place in places)
        return ids

    def _versions(self, some: list[GivenVersion]) -> None:
        ids = self._ids([(given.version.site, given.version.url) for given in some])
        asked = select(versions.c.page_id, versions.c.number).where(versions.c.page_id.in_(sorted(ids.values())))
        known = {tuple(row) for row in self._connection.execute(asked)}
        for given in some:
            page_id = ids.get((given.version.site, given.version.url))
            if page_id is None:
                continue
            key = (page_id, given.version.number)
            self._count("version", key not in known)
            if key not in known:
                known.add(key)
                self._version(given.version, page_id, given.bodies)

    def _version(self, version: Version, page_id: int, given: Mapping[str, bytes]) -> None:
        held = self._held({version.body_hash, *(file.hash for file in version.files)}, given)
        name, full = version.body_hash, False
        if name is None or name not in held:
            version = replace(version, body_hash=None)
        else:
            first = first_body(self._connection, page_id)
            its = Said(page_id, version.number, own_text(version.article))
            full = keep_page_body(self._connection, name, given.get(name), version.site, first, its)
        kept_files = [file if file.hash in held else replace(file, hash=None) for file in version.files]
        values = version_values(version, page_id, base_of(self._connection, page_id))
        row = insert(versions).values(values).returning(versions.c.id)
        number = self._connection.execute(row).scalar_one()
        said = (version.article.title or "", "\n".join(version.article.canonical))
        kept = Kept(number, page_id, version.number, version.number, version.site, version.url, version.seen_at, *said)
        index_versions(self._connection, [kept])
        if kept_files:
            write_files(self._connection, number, kept_files, given)
        if full and (renewal := draw_up(self._connection, version.site)) is not None:
            put_in_place(self._connection, version.site, renewal)

    def _held(self, names: set[str | None], given: Mapping[str, bytes]) -> set[str]:
        """Which of these bodies are in the archive, or given."""
        asked = select(bodies.c.hash).where(bodies.c.hash.in_(sorted(name for name in names if name)))
        return set(self._connection.execute(asked).scalars()) | given.keys()

    def _visits(self, some: list[Observation]) -> None:
        ids = self._ids([(visit.site, visit.url) for visit in some])
        at = observations.c.at
        among = (observations.c.page_id.in_(sorted(ids.values())), at.between(*_span(visit.at for visit in some)))
        held = observations.c
        asked = select(held.page_id, held.run, at, held.id, held.pending).where(*among)
        known = {(row.page_id, row.run, row.at): row for row in self._connection.execute(asked)}
        rows, compared = {}, []
        for visit in some:
            page_id = ids.get((visit.site, visit.url))
            if page_id is None:
                continue
            key = (page_id, visit.run, visit.at)
            fresh = key not in known and key not in rows
            self._count("visit", fresh)
            if fresh:
                rows[key] = observation_values(visit, page_id)
            elif key in known and known[key].pending and not visit.pending:
                compared.append(known[key].id)
        if rows:
            self._connection.execute(insert(observations), list(rows.values()))
        if compared:
            # What it meant was told there, and is taken in with the changes.
            self._connection.execute(update(observations).where(held.id.in_(compared)).values(pending=False))

    def _changes(self, some: list[News], past: Collection[str]) -> None:
        paged = [(news.change.site, news.page) for news in some if news.page is not None]
        ids = self._ids(paged)
        known = self._told(some)
        before = self._connection.execute(select(func.coalesce(func.max(changes.c.id), 0))).scalar_one()
        numbered = []
        for news in some:
            change = news.change
            page_id = None if news.page is None else ids.get((change.site, news.page))
            if page_id is None and news.page is not None:
                continue
            key = (page_id, *_identity(change))
            self._count("change", key not in known)
            if key not in known:
                known.add(key)
                row = insert(changes).values(change_values(change, page_id)).returning(changes.c.id)
                numbered.append((self._connection.execute(row).scalar_one(), change))
        count_changes(self._connection, numbered)
        if numbered:
            self._pass_over(past, before, numbered[-1][0])

    def _told(self, some: list[News]) -> set[tuple[object, ...]]:
        told = changes.c
        key = (told.page_id, told.site, told.url, told.kind, told.detected_at, told.from_version, told.to_version)
        when = told.detected_at.between(*_span(news.change.detected_at for news in some))
        asked = select(*key).where(when, told.site.in_({news.change.site for news in some}))
        return {tuple(row) for row in self._connection.execute(asked)}

    def _pass_over(self, past: Collection[str], before: int, last: int) -> None:
        """Let the posting of these logs go on behind what was taken in: it is no news."""
        mine = outbox_places.c
        places = self._connection.execute(select(mine.name, mine.reached).where(mine.name.in_(sorted(past)))).all()
        for place in places:
            if place.reached < before:
                raise StorageError("changes were told here that were not posted yet: post them, and take in again")
            here = update(outbox_places).where(mine.name == place.name)
            self._connection.execute(here.values(reached=last))


def _identity(change: Change) -> tuple[object, ...]:
    """What tells a change from all others of its page."""
    told = (change.detected_at, change.from_version, change.to_version)
    return (change.site, change.url, change.kind.value, *told)


def _is_later(page: Page, here: Page) -> bool:
    """Whether a page is known there in a later state than here."""
    if page.checked_at is None or here.checked_at is None:
        return page.checked_at is not None
    theirs = (page.checked_at, page.version, page.base_version)
    return page.version >= here.version and theirs > (here.checked_at, here.version, here.base_version)


def _span(moments: Any) -> tuple[Any, Any]:
    all_of_them = list(moments)
    return min(all_of_them), max(all_of_them)
