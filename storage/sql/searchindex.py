"""The index of the search in its two forms: FTS5 on SQLite, GIN over arrays on PostgreSQL.

Neither is a table that SQLAlchemy knows. Both hold the signs of ``storage.signs`` without places, and list versions
newest first: FTS5 reads its lists backwards; GIN knows no order, so there each version also has the signs of the blocks
of ids it stands in, and is looked for in ever longer stretches of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, text

from storage.searching import Candidate

BLOCKS = (2**10, 2**14, 2**18)
"""How many ids the blocks of each size hold."""
FIRST_STRETCH, GROWTH = 2 * BLOCKS[0], 8
FIRST_TOLD = 256
"""How many versions of pages with a rare kind of change are looked at first."""
RARE = {"sqlite": 20_000, "postgresql": 5_000}
"""Changes of a kind up to which their pages are listed first, rather than each candidate asked for its changes."""

_PUT_SQLITE = text("INSERT INTO search_signs (rowid, signs) VALUES (:id, :signs)")
_PUT_POSTGRESQL = text("INSERT INTO search_signs VALUES (:id, :page_id, CAST(:signs AS integer[]))")
# FTS5 keeps no text of its own here, and must be told what it knew of a row.
_TAKE_SQLITE = text("INSERT INTO search_signs (search_signs, rowid, signs) VALUES ('delete', :id, :signs)")

_FIND_SQLITE = """
SELECT found.id, versions.page_id FROM (
  SELECT rowid AS id FROM search_signs WHERE search_signs MATCH :wanted AND rowid < :before {kinds}
  ORDER BY rowid DESC LIMIT :limit
) AS found JOIN versions ON versions.id = found.id ORDER BY found.id DESC
"""
_ANY_KIND_SQLITE = """
AND EXISTS (SELECT 1 FROM versions JOIN changes ON changes.page_id = versions.page_id
  WHERE versions.id = search_signs.rowid AND +changes.kind IN ({kinds}))
"""
_RARE_KIND_SQLITE = """
AND +rowid IN (SELECT versions.id FROM changes JOIN versions ON versions.page_id = changes.page_id
  WHERE changes.kind IN ({kinds}))
"""
_FIND_POSTGRESQL = """
WITH found AS MATERIALIZED (
  SELECT version_id, page_id FROM search_signs WHERE signs @> CAST(:every AS integer[]) {some}
)
SELECT version_id AS id, page_id FROM found WHERE version_id < :before {kinds} ORDER BY version_id DESC LIMIT :limit
"""
_ANY_KIND_POSTGRESQL = """
AND EXISTS (SELECT 1 FROM changes WHERE changes.page_id = found.page_id AND changes.kind IN ({kinds}))
"""
_TOLD_POSTGRESQL = """
SELECT id FROM versions WHERE page_id IN (SELECT page_id FROM changes WHERE kind IN ({kinds})) ORDER BY id
"""
_FIND_AMONG_POSTGRESQL = """
SELECT version_id AS id, page_id FROM search_signs
WHERE version_id = ANY(CAST(:among AS bigint[])) AND signs @> CAST(:every AS integer[]) {some}
ORDER BY version_id DESC LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Signed:
    """A version with its signs."""

    id: int
    page_id: int
    signs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Signs:
    """What is looked for: all of ``every``, one of each of ``some``, and pages with a change of one of ``kinds``."""

    every: Sequence[str]
    some: Sequence[Sequence[str]] = ()
    kinds: Sequence[str] = ()


@dataclass(slots=True)
class ToldBefore:
    """The versions of pages with a rare kind of change, as they were last listed, oldest first.

    One search asks for them some ten times. They are listed anew once their stamp is another: the kinds, how many such
    changes were told, the newest version.
    """

    listed: tuple[tuple[object, ...], Sequence[int]] = ((), ())

    def below(self, before: int, stamp: tuple[object, ...], listing: Callable[[], Sequence[int]]) -> Sequence[int]:
        """Those below an id, newest first."""
        # Both in one name: searches run in several threads.
        known, ids = self.listed
        if known != stamp:
            ids = listing()
            self.listed = (stamp, ids)
        return ids[: bisect_left(ids, before)][::-1]


def put(connection: Connection, versions: Iterable[Signed]) -> None:
    """Put versions into the index, each only once."""
    if connection.dialect.name == "sqlite":
        rows = [{"id": version.id, "signs": " ".join(version.signs)} for version in versions]
        statement = _PUT_SQLITE
    else:
        rows = [
            {
                "id": version.id,
                "page_id": version.page_id,
                "signs": sorted({_number(sign) for sign in (*version.signs, *_blocks_of(version.id))}),
            }
            for version in versions
        ]
        statement = _PUT_POSTGRESQL
    if rows:
        connection.execute(statement, rows)


def take_out(connection: Connection, versions: Iterable[Signed]) -> None:
    """Take versions out of the index; PostgreSQL does it itself where their rows are dropped."""
    rows = [{"id": version.id, "signs": " ".join(version.signs)} for version in versions]
    if rows and connection.dialect.name == "sqlite":
        connection.execute(_TAKE_SQLITE, rows)


def find(
    connection: Connection, wanted: Signs, before: int, limit: int, newest: int, told_before: ToldBefore
) -> list[Candidate]:
    """Versions with these signs and ids below ``before``, newest first. ``newest`` is the highest id there is."""
    given: dict[str, Any] = {f"kind_{place}": kind for place, kind in enumerate(wanted.kinds)}
    named = ", ".join(f":{name}" for name in given)
    rare, count = bool(wanted.kinds), 0
    if rare:
        told = text(f"SELECT sum(n) FROM day_counts WHERE site = '' AND kind IN ({named})")
        count = connection.execute(told, given).scalar() or 0
        rare = count <= RARE[connection.dialect.name]
    given |= {"before": before, "limit": limit}
    if connection.dialect.name == "sqlite":
        kinds = (_RARE_KIND_SQLITE if rare else _ANY_KIND_SQLITE).format(kinds=named) if wanted.kinds else ""
        return _find_sqlite(connection, wanted, given, kinds)
    # The planner knows nothing of how rare a sign is, and would read the whole table for one it takes for common.
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    if rare:
        listing = text(_TOLD_POSTGRESQL.format(kinds=named))
        told_ids = told_before.below(
            before, (*wanted.kinds, count, newest), lambda: connection.execute(listing, given).scalars().all()
        )
        return _find_told(connection, wanted, told_ids, limit)
    return _find_postgresql(connection, wanted, given, _ANY_KIND_POSTGRESQL.format(kinds=named) if named else "")


def _find_sqlite(connection: Connection, wanted: Signs, given: dict[str, Any], kinds: str) -> list[Candidate]:
    sets = [*([sign] for sign in wanted.every), *wanted.some]
    asked = " AND ".join("(" + " OR ".join(f'"{sign}"' for sign in signs) + ")" for signs in sets)
    return _candidates(connection, _FIND_SQLITE.format(kinds=kinds), given | {"wanted": asked})


def _find_postgresql(connection: Connection, wanted: Signs, given: dict[str, Any], kinds: str) -> list[Candidate]:
    found: list[Candidate] = []
    for low, high in _stretches(given["before"]):
        some, signs = _some([*wanted.some, list(_blocks(low, high))])
        rest = given | signs | {"before": high, "limit": given["limit"] - len(found), "every": _numbers(wanted.every)}
        found += _candidates(connection, _FIND_POSTGRESQL.format(some=some, kinds=kinds), rest)
        if len(found) >= given["limit"]:
            break
    return found


def _find_told(connection: Connection, wanted: Signs, told: Sequence[int], limit: int) -> list[Candidate]:
    """Of the pages with a rare kind of change, those with the signs: few versions are looked at one by one.

    First a few, the newest, then ever more: words that most of them have are found among the first.
    """
    connection.execute(text("SET LOCAL enable_bitmapscan = off"))
    some, signs = _some(wanted.some)
    asked, every = _FIND_AMONG_POSTGRESQL.format(some=some), _numbers(wanted.every)
    found: list[Candidate] = []
    start, many = 0, FIRST_TOLD
    while start < len(told) and len(found) < limit:
        these = {"among": told[start : start + many], "every": every, "limit": limit - len(found)}
        found += _candidates(connection, asked, signs | these)
        start, many = start + many, many * GROWTH
    return found


def _some(sets: Sequence[Sequence[str]]) -> tuple[str, dict[str, list[int]]]:
    """The conditions that ask for one sign of each set, and their values."""
    values = {f"some_{place}": _numbers(signs) for place, signs in enumerate(sets)}
    return " ".join(f"AND signs && CAST(:{name} AS integer[])" for name in values), values


def _candidates(connection: Connection, asked: str, given: dict[str, Any]) -> list[Candidate]:
    return [Candidate(row.id, row.page_id) for row in connection.execute(text(asked), given)]


def _numbers(signs: Iterable[str]) -> list[int]:
    return list(map(_number, signs))


def _number(sign: str) -> int:
    """A sign as a number of 32 bits. Two signs may share one: what is found is verified."""
    return crc32(sign.encode()) - 2**31


def _block(size: int, number: int) -> str:
    return f"\ue003{size}.{number}"


def _blocks_of(version_id: int) -> list[str]:
    return [_block(size, version_id // size) for size in BLOCKS]


def _blocks(low: int, high: int) -> Iterator[str]:
    """The fewest blocks that hold all ids from ``low``, which begins a block, to below ``high``."""
    while low < high:
        size = max(size for size in BLOCKS if low % size == 0 and (low + size <= high or size == BLOCKS[0]))
        yield _block(size, low // size)
        low += size


def _stretches(before: int) -> Iterator[tuple[int, int]]:
    """Stretches of ids, the highest first, each much longer than the one before."""
    high, long = before, FIRST_STRETCH
    while high > 0:
        low = max(0, high - long) // BLOCKS[0] * BLOCKS[0]
        yield low, high
        high, long = low, long * GROWTH
