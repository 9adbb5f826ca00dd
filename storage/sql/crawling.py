"""The crawl's side of the archive over SQLAlchemy."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, insert, or_, select, update

from storage.archive import Decide
from storage.attachments import KeptFile
from storage.calm import Calm
from storage.lives import Life, Why
from storage.records import Intake, Page, Role, Version, Visit
from storage.searching import Kept
from storage.sql.bodykeep import Said, keep_page_body
from storage.sql.calm import forget_calm, read_calm, write_calm
from storage.sql.engine import Database, till_its_turn
from storage.sql.files import with_files, write_files
from storage.sql.past import read_lives, requests_since
from storage.sql.quiet import record_quiet
from storage.sql.renewal import renew_sheet
from storage.sql.rows import (
    changed_values,
    observation_values,
    page_from,
    page_values,
    version_from,
    version_values,
)
from storage.sql.said import FIRST, FIRST_SAID, IS_FIRST, base_of, first_body, own_text
from storage.sql.search import index_versions
from storage.sql.tables import observations, pages, versions
from storage.sql.upsert import insert_unknown, take_turn

KNOWN_AT_ONCE = 500
RELISTED = frozenset({"listed_title", "listed_date", "due_at", "due_why"})
"""What a list that shows an article otherwise than before writes of it."""
OBSERVED = insert(observations).returning(observations.c.id)
WRITTEN = insert(versions).returning(versions.c.id)
CHANGED = update(pages).where(pages.c.id == bindparam("its_id"))
"""What every page takes. Built once and given its values apart: with them in it SQLAlchemy takes twice as long."""
CLOCK_AHEAD = timedelta(hours=1)
"""From so long on a visit that is still to come was dated by a wrong clock, not by another machine's."""


def select_versions() -> Select[tuple[object, ...]]:
    """Versions with the site and address of their page, and with what they are packed against."""
    whole = select(versions, FIRST_SAID, pages.c.site, pages.c.url).join(pages, pages.c.id == versions.c.page_id)
    return whole.outerjoin(FIRST, IS_FIRST)


class SqlCrawling:
    """See ``storage.archive.Crawling``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._full: set[str] = set()

    @till_its_turn
    def enlist_columns(self, site: str, columns: Sequence[str], now: datetime) -> None:
        with self._database.write() as connection:
            take_turn(connection, site)
            for url in columns:
                page = Page(site=site, url=url, role=Role.COLUMN, first_seen_at=now, column=url, due_at=now)
                known, created = _find_or_create(connection, page)
                if not created:
                    self._watch_as_column(connection, known, now)
            _let_go(connection, site, pages.c.found_on.not_in(list(columns)))
            # Visited by a clock that was ahead, a page would be due as late as that clock said.
            ahead = and_(pages.c.site == site, pages.c.due_at > now, pages.c.checked_at > now + CLOCK_AHEAD)
            connection.execute(update(pages).where(ahead).values(due_at=now, due_why=None))

    def _watch_as_column(self, connection: Connection, known: Page, now: datetime) -> None:
        if known.role is Role.COLUMN and known.due_at is not None and known.column == known.url:
            return
        values = {"role": Role.COLUMN.value, "due_at": now, "depth": 0, "found_on": known.url}
        if known.role is not Role.COLUMN:
            # Its links were never taken in: an answer of 304 would keep them unknown for as long as it stands still.
            values |= {"etag": None, "last_modified": None}
            forget_calm(connection, pages.c.id == known.id)
        connection.execute(update(pages).where(pages.c.id == known.id).values(values))
        # It may answer 304 and not name them again.
        its_lists = and_(pages.c.role == Role.COLUMN.value, pages.c.depth == 0, pages.c.found_on == known.url)
        asleep = and_(pages.c.site == known.site, its_lists, pages.c.due_at.is_(None))
        connection.execute(update(pages).where(asleep).values(due_at=now))

    def pages(self, site: str, role: Role, *, due: datetime | None = None, limit: int = 1000) -> list[Page]:
        watched = and_(pages.c.site == site, pages.c.role == role.value, pages.c.due_at.is_not(None))
        sorts = (pages.c.version > 0, pages.c.missing_since.is_not(None))
        turn = func.row_number().over(partition_by=sorts, order_by=(pages.c.due_at, pages.c.id))
        counted = select(pages.c.id, turn.label("turn")).where(
            watched if due is None else watched & (pages.c.due_at <= due)
        )
        among = counted.subquery()
        wanted = select(pages).join(among, among.c.id == pages.c.id).where(among.c.turn <= limit)
        # What was never read comes first, or a full queue of revisits would keep fresh news waiting.
        wanted = wanted.order_by(pages.c.version > 0, pages.c.due_at, pages.c.id)
        with self._database.read() as connection:
            return [page_from(row) for row in connection.execute(wanted)]

    def files(self, page_id: int) -> tuple[KeptFile, ...]:
        wanted = select_versions().where(versions.c.page_id == page_id, versions.c.number == pages.c.version)
        with self._database.read() as connection:
            newest = with_files(connection, [version_from(row) for row in connection.execute(wanted)])
        known = {file.url: file for version in newest for file in version.files}
        offered = [attachment.url for version in newest for attachment in version.article.attachments]
        return tuple(known.get(url) or KeptFile(url) for url in dict.fromkeys(offered))

    def lives(self, site: str | None, limit: int) -> list[Life]:
        return read_lives(self._database, site, limit)

    def articles(self, site: str) -> int:
        watched = (pages.c.site == site, pages.c.role == Role.ARTICLE.value, pages.c.due_at.is_not(None))
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(pages).where(*watched)).scalar_one()

    def requests_since(self, site: str, since: datetime, until: datetime) -> int:
        return requests_since(self._database, site, since, until)

    @till_its_turn
    def postpone(self, site: str, until: datetime) -> None:
        due = update(pages).where(pages.c.site == site, pages.c.due_at < until)
        with self._database.write() as connection:
            connection.execute(due.values(due_at=until, due_why=Why.POSTPONED.value))

    def is_busy(self) -> bool:
        return self._database.is_busy()

    def record(self, visit: Visit, decide: Decide) -> Intake:
        intake = self._record(visit, decide)
        while self._full:
            renew_sheet(self._database, self._full.pop())
        return intake

    @till_its_turn
    def _record(self, visit: Visit, decide: Decide) -> Intake:
        named = _addresses_named(visit)
        with self._database.write() as connection:
            if named:
                take_turn(connection, visit.site)
            page = self._page(connection, visit)
            latest = self._version(connection, page)
            known = self._known(connection, visit.site, named)
            intake = decide(visit, page, latest, known)
            version = self._keep_version(connection, visit, intake)
            if intake.files and (newest := version or latest) is not None:
                write_files(connection, newest.id, intake.files, {f.hash: f.body for f in visit.files if f.hash})
            row = connection.execute(OBSERVED, observation_values(intake.observation, page.id)).one()
            if changed := changed_values(page, intake.page):
                connection.execute(CHANGED, changed | {"its_id": page.id})
            if visit.role is Role.COLUMN and visit.article is not None:
                # What was remembered of its bytes may be of what it named before: a kill could leave it standing.
                forget_calm(connection, pages.c.id == page.id)
            if intake.standing is not None:
                url = intake.page.url
                named_once = and_(pages.c.found_on == url, pages.c.url.not_in([url, *intake.standing]))
                _let_go(connection, visit.site, and_(named_once, pages.c.depth == 0))
            for found in intake.relisted:
                shown = {name: value for name, value in page_values(found).items() if name in RELISTED}
                connection.execute(update(pages).where(pages.c.id == found.id).values(shown))
            discovered = self._enlist_all(connection, intake.discovered, known)
        observation = replace(intake.observation, id=row.id, page_id=page.id)
        return replace(intake, observation=observation, version=version, discovered=discovered)

    def calm(self, page_ids: Collection[int]) -> dict[int, Calm]:
        with self._database.read() as connection:
            return read_calm(connection, page_ids)

    @till_its_turn
    def remember_calm(self, seen: Mapping[int, Calm]) -> None:
        if seen:
            with self._database.write() as connection:
                write_calm(connection, seen)

    @till_its_turn
    def record_quiet(self, visits: Sequence[tuple[int, Visit]], decide: Decide) -> list[Intake]:
        if not visits:
            return []
        with self._database.write() as connection:
            return record_quiet(connection, visits, decide)

    def _page(self, connection: Connection, visit: Visit) -> Page:
        page = Page(site=visit.site, url=visit.url, role=visit.role, first_seen_at=visit.at)
        return _find_or_create(connection, page)[0]

    def _version(self, connection: Connection, page: Page) -> Version | None:
        if not page.version:
            return None
        newest = select_versions().where(versions.c.page_id == page.id, versions.c.number == page.version)
        return with_files(connection, [version_from(connection.execute(newest).one())])[0]

    def _known(self, connection: Connection, site: str, named: Sequence[str]) -> dict[str, Page]:
        known: dict[str, Page] = {}
        for start in range(0, len(named), KNOWN_AT_ONCE):
            some = pages.c.url.in_(named[start : start + KNOWN_AT_ONCE])
            for row in connection.execute(select(pages).where(pages.c.site == site, some)):
                known[row.url] = page_from(row)
        return known

    def _keep_version(self, connection: Connection, visit: Visit, intake: Intake) -> Version | None:
        version = intake.version
        if version is None:
            return None
        page_id, is_first = intake.page.id, version.number == 1
        if version.body_hash is not None:
            first = None if is_first else first_body(connection, page_id)
            said = Said(page_id, version.number, own_text(version.article))
            if keep_page_body(connection, version.body_hash, visit.body, visit.site, first, said):
                self._full.add(visit.site)
        values = version_values(version, page_id, None if is_first else base_of(connection, page_id))
        created = connection.execute(WRITTEN, values).one()
        kept = replace(version, id=created.id, page_id=page_id)
        index_versions(connection, [_searched(kept, "\n".join(version.article.canonical))])
        return kept

    def _enlist_all(self, connection: Connection, found: Sequence[Page], known: Mapping[str, Page]) -> tuple[Page, ...]:
        """Insert what is unknown together; the pages as they are then, in their order."""
        fresh = [page_values(page) for page in found if page.url not in known]
        new = insert_unknown(connection, pages).returning(pages.c.id, pages.c.url)
        ids = {row.url: row.id for row in connection.execute(new, fresh)} if fresh else {}
        return tuple(
            replace(page, id=ids[page.url]) if page.url in ids else self._enlist(connection, page) for page in found
        )

    def _enlist(self, connection: Connection, found: Page) -> Page:
        """Insert a page, or make it due where it is a continued column that is known already."""
        known, created = _find_or_create(connection, found)
        if created:
            return known
        if found.role is known.role is Role.COLUMN and known.due_at is None and found.depth == known.depth == 0:
            # Another column let it go, and would do so again.
            its_own = update(pages).where(pages.c.id == known.id)
            connection.execute(its_own.values(due_at=found.due_at, found_on=found.column))
            return replace(known, due_at=found.due_at, column=found.column)
        due = update(pages).where(pages.c.id == known.id, or_(pages.c.due_at.is_(None), pages.c.depth > 0))
        connection.execute(due.values(due_at=found.due_at))
        return replace(known, due_at=found.due_at)


def _searched(version: Version, text: str) -> Kept:
    """What the search is told of a new version."""
    title, number = version.article.title or "", version.number
    where = (version.site, version.url, version.seen_at)
    return Kept(version.id, version.page_id, number, number, *where, title, text)


def _let_go(connection: Connection, site: str, which: ColumnElement[bool]) -> None:
    """Let such lists of a site be due no longer.

    One may stand for another column as well, whose next answer could be 304: the columns are asked to say all afresh.
    """
    lists = and_(pages.c.site == site, pages.c.role == Role.COLUMN.value)
    let_go = update(pages).where(lists, which, pages.c.due_at.is_not(None))
    if connection.execute(let_go.values(due_at=None)).rowcount:
        columns = and_(lists, pages.c.found_on == pages.c.url, pages.c.due_at.is_not(None))
        connection.execute(update(pages).where(columns).values(etag=None, last_modified=None))
        forget_calm(connection, columns)


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
        new = insert_unknown(connection, pages).returning(pages.c.id)
        number = connection.execute(new, page_values(page)).scalar()
        if number is not None:
            return replace(page, id=number), True
        row = connection.execute(held).one()
    return page_from(row), False


def _one(site: str, url: str) -> Select[tuple[object, ...]]:
    return select(pages).where(pages.c.site == site, pages.c.url == url)
