"""What is remembered of pages' bytes over SQLAlchemy."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, delete, select

from storage.calm import Calm, Place
from storage.sql.tables import calm, pages
from storage.sql.upsert import upsert

AT_ONCE = 500


def read_calm(connection: Connection, page_ids: Collection[int]) -> dict[int, Calm]:
    """What is remembered of pages, by id; those of which nothing is are left out."""
    known: dict[int, Calm] = {}
    ordered = sorted(page_ids)
    for start in range(0, len(ordered), AT_ONCE):
        some = select(calm).where(calm.c.page_id.in_(ordered[start : start + AT_ONCE]))
        for row in connection.execute(some):
            known[row.page_id] = _unpacked(row.places, Calm(row.rest, row.reading, row.version, row.read_at))
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
            "places": _packed(one),
        }
        upsert(connection, calm, {"page_id": page_id, **values}, values)


def forget_calm(connection: Connection, which: ColumnElement[bool]) -> None:
    """Remember nothing of the bytes of such pages any more: they are read whole the next time."""
    connection.execute(delete(calm).where(calm.c.page_id.in_(select(pages.c.id).where(which))))


def _packed(one: Calm) -> bytes:
    """Places and what else is remembered as compressed JSON, a seed behind it on a line of its own.

    Bytes of pages stand in the JSON as the characters of the same numbers.
    """
    if not (one.places or one.parts or one.said or one.seed):
        return b""
    places = [[_text(p.before), _text(p.behind), p.size, p.run, *sorted(map(_text, p.kinds))] for p in one.places]
    told = {"places": places, "parts": one.parts, "said": one.said}
    line = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(line + b"\n" + one.seed, 6)


def _unpacked(packed: bytes, plain: Calm) -> Calm:
    if not packed:
        return plain
    line, _, seed = zlib.decompress(packed).partition(b"\n")
    told = json.loads(line)
    if isinstance(told, list):
        # As they were kept before lists and articles of several pages could be known.
        told = {"places": told, "parts": (), "said": ""}
    places = tuple(
        Place(_bytes(before), _bytes(behind), size, run, frozenset(map(_bytes, kinds)))
        for before, behind, size, run, *kinds in told["places"]
    )
    return replace(plain, places=places, parts=tuple(told["parts"]), said=told["said"], seed=seed)


def _text(stood: bytes) -> str:
    return stood.decode("latin-1")


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")
