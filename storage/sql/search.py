"""The search's side of the archive over SQLAlchemy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from storage.folding import fold
from storage.records import china_day
from storage.searching import Asked, Candidate, Kept
from storage.signs import signs_of, wanted_signs
from storage.sql.engine import Database, till_its_turn
from storage.sql.said import FIRST, FIRST_SAID, IS_FIRST, SAID, text_of
from storage.sql.searchindex import Signed, Signs, ToldBefore, find, put, take_out
from storage.sql.tables import pages, search_floor, versions

AT_ONCE = 500


class SqlSearching:
    """See ``storage.searching.Searching``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._told_before = ToldBefore()

    def candidates(self, asked: Asked, *, before: int | None = None, limit: int = 100) -> list[Candidate]:
        every, some = wanted_signs(asked)
        if not every:
            raise ValueError("nothing is asked for that stands in the index")
        if not all(some):
            return []
        wanted = Signs(every, some, sorted(asked.kinds))
        with self._database.read() as connection:
            # However high a place is named, nothing is looked for above the newest version.
            newest = connection.execute(select(func.max(versions.c.id))).scalar() or 0
            below = newest + 1 if before is None else min(before, newest + 1)
            return find(connection, wanted, below, limit, newest, self._told_before)

    def kept(self, candidates: Collection[Candidate], each: int = 50) -> list[Kept]:
        page_ids = sorted({candidate.page_id for candidate in candidates})
        newest = versions.c.number > pages.c.version - each
        found: dict[int, Kept] = {}
        with self._database.read() as connection:
            for some in _pieces(page_ids):
                _read(connection, _select().where(versions.c.page_id.in_(some), newest), found)
            for some in _pieces(sorted({candidate.id for candidate in candidates} - found.keys())):
                _read(connection, _select().where(versions.c.id.in_(some)), found)
        return [found[number] for number in sorted(found, reverse=True)]

    def unindexed(self) -> int:
        oldest = select(func.min(versions.c.id)).scalar_subquery()
        with self._database.read() as connection:
            floor, lowest = connection.execute(select(search_floor.c.version_id, oldest)).one()
        return 0 if lowest is None else max(0, int(floor) - int(lowest) + 1)

    def fill(self, limit: int) -> int:
        return self._fill(limit) if self.unindexed() else 0

    @till_its_turn
    def _fill(self, limit: int) -> int:
        with self._database.write() as connection:
            # Held to the end: two processes that fill at once would both write the same rows.
            floor = connection.execute(select(search_floor.c.version_id).with_for_update()).scalar_one()
            waiting = _select().where(versions.c.id <= floor).order_by(versions.c.id.desc()).limit(limit)
            rows = connection.execute(waiting).all()
            index_versions(connection, map(_kept, rows))
            reached = rows[-1].id - 1 if len(rows) == limit else 0
            connection.execute(update(search_floor).values(version_id=reached))
        return self.unindexed()


def index_versions(connection: Connection, written: Iterable[Kept]) -> None:
    """Put versions into the index, in the transaction that writes them."""
    put(connection, map(_signed, written))


def forget_versions(connection: Connection, ids: Sequence[int]) -> None:
    """Take versions out of the index, before they are dropped."""
    floor = connection.execute(select(search_floor.c.version_id)).scalar_one()
    known = _select().where(versions.c.id.in_(ids), versions.c.id > floor)
    take_out(connection, [_signed(_kept(row)) for row in connection.execute(known)])


def _signed(kept: Kept) -> Signed:
    signs = signs_of(fold(kept.title), fold(kept.text), kept.site, china_day(kept.seen_at))
    return Signed(kept.id, kept.page_id, frozenset(signs))


def _pieces(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), AT_ONCE):
        yield numbers[start : start + AT_ONCE]


def _read(connection: Connection, asked: Select[Any], found: dict[int, Kept]) -> None:
    found |= {row.id: _kept(row) for row in connection.execute(asked)}


def _select() -> Select[Any]:
    held = versions.c
    said = (held.id, held.page_id, held.number, held.seen_at, held.title, *SAID, FIRST_SAID)
    whole = select(*said, pages.c.site, pages.c.url, pages.c.version).join(pages, pages.c.id == held.page_id)
    return whole.outerjoin(FIRST, IS_FIRST)


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        row.id, row.page_id, row.number, row.version, row.site, row.url, row.seen_at, row.title or "", text_of(row)
    )
