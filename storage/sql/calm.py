"""What is remembered of pages' bytes over SQLAlchemy."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from storage.calm import Calm, Place
from storage.sql.tables import calm
from storage.sql.upsert import upsert

AT_ONCE = 500


def read_calm(connection: Connection, page_ids: Collection[int]) -> dict[int, Calm]:
    """What is remembered of pages, by id; those of which nothing is are left out."""
    known: dict[int, Calm] = {}
    ordered = sorted(page_ids)
    for start in range(0, len(ordered), AT_ONCE):
        some = select(calm).where(calm.c.page_id.in_(ordered[start : start + AT_ONCE]))
        for row in connection.execute(some):
            known[row.page_id] = Calm(row.rest, row.reading, row.version, row.read_at, _unpacked(row.places))
    return known


def write_calm(connection: Connection, seen: Mapping[int, Calm]) -> None:
    """Remember this of pages from now on."""
    for page_id in sorted(seen):
        one = seen[page_id]
        values = {
            "rest": one.rest,
            "reading": one.reading,
            "version": one.version,
            "read_at": one.read_at,
            "places": _packed(one.places),
        }
        upsert(connection, calm, {"page_id": page_id, **values}, values)


def _packed(places: tuple[Place, ...]) -> bytes:
    """Places as compressed JSON; bytes of pages stand in it as the characters of the same numbers."""
    if not places:
        return b""
    told = [[_text(p.before), _text(p.behind), p.size, p.run, *sorted(map(_text, p.kinds))] for p in places]
    return zlib.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def _unpacked(packed: bytes) -> tuple[Place, ...]:
    if not packed:
        return ()
    return tuple(
        Place(_bytes(before), _bytes(behind), size, run, frozenset(map(_bytes, kinds)))
        for before, behind, size, run, *kinds in json.loads(zlib.decompress(packed))
    )


def _text(stood: bytes) -> str:
    return stood.decode("latin-1")


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")
