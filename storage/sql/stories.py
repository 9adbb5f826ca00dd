"""The stories' side of the archive over SQLAlchemy: an inverted index of marks, and which pages tell one story."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice

from sqlalchemy import (
    ColumnElement,
    Connection,
    TextClause,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from storage.hijacks import hijack_of
from storage.records import Change, ChangeKind, Version
from storage.sql.crawling import select_versions
from storage.sql.engine import Database, till_its_turn
from storage.sql.rows import change_from, version_from
from storage.sql.said import FIRST, FIRST_SAID, IS_FIRST
from storage.sql.tables import changes, pages, sketches, versions
from storage.stories import Printing, Sketch

POSTINGS = 32
"""How many pages of one mark are looked at, the earliest: a slogan that a hundred thousand quote costs no more."""

MARKS_AT_ONCE = 100
URLS_AT_ONCE = 500
STORIES_AT_ONCE = 100

BETWEEN = 6
"""Versions between a page's first and its newest by which copies are judged, the latest."""


class SqlStories:
    """See ``storage.archive.Stories``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unsketched(self, limit: int) -> list[Version]:
        newest = and_(versions.c.page_id == pages.c.id, versions.c.number == pages.c.version)
        wanted = (
            select(versions, FIRST_SAID, pages.c.site, pages.c.url)
            .join(versions, newest)
            .outerjoin(FIRST, IS_FIRST)
            .where(pages.c.sketched_version != pages.c.version)
            .order_by(pages.c.id.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return [version_from(row) for row in connection.execute(wanted)]

    def sketched(self, page_ids: Sequence[int]) -> dict[int, int]:
        wanted = select(pages.c.id, pages.c.sketched_version).where(pages.c.id.in_(list(page_ids)))
        with self._database.read() as connection:
            return {row.id: row.sketched_version for row in connection.execute(wanted)}

    def sketch(self, drawn: Iterable[Sketch]) -> None:
        self._sketch({one.page_id: one for one in drawn})

    @till_its_turn
    def _sketch(self, by_page: Mapping[int, Sketch]) -> None:
        replaced = [page_id for page_id, one in sorted(by_page.items()) if one.marks is not None]
        rows = [{"hash": mark, "page_id": one.page_id} for one in by_page.values() for mark in set(one.marks or ())]
        # In the order of the key, so that neighbours are written together.
        rows.sort(key=lambda row: (row["hash"], row["page_id"]))
        drawn_at = update(pages).where(pages.c.id == bindparam("page")).values(sketched_version=bindparam("drawn"))
        with self._database.write() as connection:
            # Two comparers that index one page take turns, or each would add to what the other deleted.
            locked = select(pages.c.id).where(pages.c.id.in_(sorted(by_page))).order_by(pages.c.id).with_for_update()
            connection.execute(locked)
            connection.execute(delete(sketches).where(sketches.c.page_id.in_(replaced)))
            if rows:
                connection.execute(insert(sketches), rows)
            if by_page:
                drawn_now = [{"page": one.page_id, "drawn": one.version} for one in by_page.values()]
                connection.execute(drawn_at, sorted(drawn_now, key=lambda row: row["page"]))

    def alike(self, marks: Iterable[int], *, excluding: int, shared: int, limit: int = 20) -> list[int]:
        wanted = sorted(set(marks))
        found: dict[int, list[int]] = defaultdict(list)
        with self._database.read() as connection:
            for start in range(0, len(wanted), MARKS_AT_ONCE):
                for mark, page_id in _postings(connection, wanted[start : start + MARKS_AT_ONCE]):
                    found[mark].append(page_id)
        return _ranked(found, excluding, shared)[:limit]

    def newest(self, page_ids: Sequence[int]) -> list[Version]:
        newest = and_(pages.c.id.in_(list(page_ids)), versions.c.number == pages.c.version)
        return self._in_order(page_ids, newest)

    def earliest(self, page_ids: Sequence[int]) -> list[Version]:
        return self._in_order(page_ids, and_(pages.c.id.in_(list(page_ids)), versions.c.number == 1))

    def _in_order(self, page_ids: Sequence[int], wanted: ColumnElement[bool]) -> list[Version]:
        with self._database.read() as connection:
            found = {row.page_id: version_from(row) for row in connection.execute(select_versions().where(wanted))}
        return [found[page_id] for page_id in page_ids if page_id in found]

    @till_its_turn
    def join(self, page_ids: Sequence[int]) -> None:
        named = select(pages.c.id, pages.c.story).where(pages.c.id.in_(list(page_ids))).order_by(pages.c.id)
        with self._database.write() as connection:
            stands = {row.id: row.story for row in connection.execute(named.with_for_update())}
            stories = {story for story in stands.values() if story is not None}
            joined = min(stories | set(stands))
            alone = [page_id for page_id, story in stands.items() if story is None]
            connection.execute(update(pages).where(pages.c.id.in_(alone)).values(story=joined))
            if stories - {joined}:
                connection.execute(update(pages).where(pages.c.story.in_(stories - {joined})).values(story=joined))

    def printings(self, urls: Sequence[str], before: datetime) -> list[Printing]:
        named: set[int] = set()
        with self._database.read() as connection:
            for start in range(0, len(urls), URLS_AT_ONCE):
                some = pages.c.url.in_(urls[start : start + URLS_AT_ONCE])
                stories = select(pages.c.story).where(some, pages.c.story.is_not(None))
                named.update(connection.execute(stories).scalars())
            return read_printings(connection, sorted(named), before)


_FOR_EACH = text(
    "SELECT asked.hash, postings.page_id FROM unnest(CAST(:marks AS BIGINT[])) AS asked(hash)"
    f" CROSS JOIN LATERAL (SELECT page_id FROM sketches WHERE hash = asked.hash ORDER BY page_id LIMIT {POSTINGS})"
    " AS postings"
)
"""PostgreSQL plans this once, where the other form costs it a plan a branch."""


def _postings(connection: Connection, marks: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The earliest pages of each mark, as (mark, page): one look into the key for each mark, however many have it."""
    if connection.dialect.name == "postgresql":
        yield from ((mark, page_id) for mark, page_id in connection.execute(_FOR_EACH, {"marks": list(marks)}))
        return
    given = {f"mark{number}": mark for number, mark in enumerate(marks)}
    yield from ((mark, page_id) for mark, page_id in connection.execute(_all_at_once(len(marks)), given))


@lru_cache(maxsize=MARKS_AT_ONCE)
def _all_at_once(marks: int) -> TextClause:
    """SQLite knows no lateral join: a branch a mark."""
    each = (
        f"SELECT * FROM (SELECT hash, page_id FROM sketches WHERE hash = :mark{number}"
        f" ORDER BY page_id LIMIT {POSTINGS}) AS postings{number}"
        for number in range(marks)
    )
    return text(" UNION ALL ".join(each))


def _ranked(found: dict[int, list[int]], excluding: int, shared: int) -> list[int]:
    """The pages by how rare the marks are that they share; a mark of all tenders says less than one of two pages."""
    share: Counter[int] = Counter()
    weight: dict[int, float] = defaultdict(float)
    for page_ids in found.values():
        for page_id in page_ids:
            share[page_id] += 1
            weight[page_id] += 1 / len(page_ids)
    enough = [page_id for page_id, count in share.items() if count >= shared and page_id != excluding]
    return sorted(enough, key=lambda page_id: (-weight[page_id], page_id))


def read_printings(connection: Connection, stories: Sequence[int], before: datetime) -> list[Printing]:
    """The pages of stories that were read before a moment, each with its first version and its newest by then."""
    found: list[Printing] = []
    for start in range(0, len(stories), STORIES_AT_ONCE):
        found += _printings(connection, stories[start : start + STORIES_AT_ONCE], before)
    return found


def _printings(connection: Connection, stories: Sequence[int], before: datetime) -> list[Printing]:
    number = versions.c.number
    seen = (
        select(func.min(number).label("first"), func.max(number).label("newest"), pages.c.id, pages.c.story)
        .join(pages, pages.c.id == versions.c.page_id)
        .where(pages.c.story.in_(stories), versions.c.seen_at < before)
        .group_by(pages.c.id)
        .order_by(pages.c.story, pages.c.id)
    )
    spans = connection.execute(seen).all()
    told = _told(connection, [span.id for span in spans], before)
    clean = {span.id: _clean(span.newest, told[span.id]) for span in spans}
    between = {span.id: _between(span.first, clean[span.id], told[span.id]) for span in spans}
    wanted = {span.first for span in spans} | set(clean.values()) | {one for some in between.values() for one in some}
    kept = select_versions().where(versions.c.page_id.in_(list(clean)), number.in_(sorted(wanted)))
    # A number that is wanted of one page comes of all; reading what it said is what costs.
    ours = {(span.id, one) for span in spans for one in (span.first, clean[span.id], *between[span.id])}
    rows = ((row.page_id, row.number, row) for row in connection.execute(kept))
    by_number = {(page, one): version_from(row) for page, one, row in rows if (page, one) in ours}
    return [
        Printing(
            span.story,
            by_number[span.id, span.first],
            by_number[span.id, clean[span.id]],
            tuple(told[span.id]),
            tuple(by_number[span.id, one] for one in between[span.id] if (span.id, one) in by_number),
        )
        for span in spans
    ]


def _between(first: int, newest: int, told: Sequence[Change]) -> list[int]:
    """The latest honest versions between two, oldest first."""
    honest = (one for one in range(newest - 1, first, -1) if hijack_of(one, told) is None)
    return list(islice(honest, BETWEEN))[::-1]


def _told(connection: Connection, ids: Sequence[int], before: datetime) -> dict[int, list[Change]]:
    """What the change log said of each page before a moment, since it was new."""
    logged = (
        select(changes)
        .where(changes.c.page_id.in_(ids), changes.c.detected_at < before, changes.c.kind != ChangeKind.NEW.value)
        .order_by(changes.c.id)
    )
    told: dict[int, list[Change]] = defaultdict(list)
    for row in connection.execute(logged):
        told[row.page_id].append(change_from(row))
    return told


def _clean(newest: int, told: Sequence[Change]) -> int:
    """A page's newest version; while it is told as hijacked the last one before: spam is no printing of a story."""
    hijack = hijack_of(newest, told)
    return newest if hijack is None or hijack.from_version is None else hijack.from_version
