"""Bodies in the database: what each is packed against, how many use it, and letting it go.

A body is packed against up to four things at once: its site's sheet (``storage.sql.sheets``), a body that the site
answered shortly before, which shows what stands on all its pages by now, the first body of its page, and the text of
the version it was read as, which is kept anyhow. The way to the bottom is short: a sheet stands for itself, a page's
first body is packed against nothing but a sheet and its text, and what stands beside another body has nothing beside
itself. ``used_by`` counts the bodies that need one as well as the versions and files that name it: as long as anything
needs a body it stays. A version that lets its body go is needed by it no longer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, select, update

from storage import bodies as packing
from storage.errors import BodyUnreadable
from storage.sql.said import read_own_text
from storage.sql.sheets import Shelf, Waiting, hold_shelf, let_go_sheet, read_sheet, use_sheet, write_shelf
from storage.sql.tables import bodies, versions
from storage.sql.upsert import insert_unknown

WORTH = 0.87
"""How much of what it would be otherwise a body may take beside another, to be packed beside it."""
LITTLE = 0.97
"""What is hardly smaller against others is packed by itself."""
LARGEST_SHARED = 1 << 17
"""Bytes of the largest body that others of its site are packed against; a page's own first one may be any size."""


@dataclass(frozen=True, slots=True)
class Against:
    """What a body is packed against: a sheet's number, the names of two bodies, and a version's page and number."""

    sheet: int | None = None
    beside: str | None = None
    base: str | None = None
    said_page: int | None = None
    said_number: int | None = None


ALONE = Against()
ONCE_MORE = update(bodies).where(bodies.c.hash == bindparam("name")).values(used_by=bodies.c.used_by + 1)


@dataclass(frozen=True, slots=True)
class Said:
    """A version that is kept together with its body: its page's id, its number, and its text in the page's bytes."""

    page_id: int
    number: int
    text: bytes


def keep_body(connection: Connection, name: str, body: bytes | None) -> None:
    """Count one more use of a body, and store it by itself where it is new; ``None`` for one known to be there."""
    if not _count_use(connection, name) and body is not None:
        _store(connection, name, body, packing.pack(body), ALONE)


def keep_page_body(
    connection: Connection, name: str, body: bytes | None, site: str, first: str | None, said: Said | None = None
) -> bool:
    """The same for the body of a page of a site, and of the version ``said`` that is kept in the same transaction.

    ``first`` names the first body that is kept of the page, if any. Whether the site's shelf is full by now, and it is
    time for a sheet (``storage.sql.renewal``).
    """
    if _count_use(connection, name) or body is None:
        return False
    shelf = hold_shelf(connection, site)
    packed, against = _pack(connection, body, shelf, first, said)
    if not _store(connection, name, body, packed, against) or len(body) > LARGEST_SHARED:
        return False
    if against.beside is None:
        shelf.beside = name
    shelf.waiting.append(Waiting(name, len(body), len(packed)))
    write_shelf(connection, site, shelf)
    return shelf.is_full()


def read_body(connection: Connection, name: str) -> bytes | None:
    """A kept body, or ``None`` where it was never kept or has been dropped. Raises BodyUnreadable."""
    row = connection.execute(select(bodies).where(bodies.c.hash == name)).first()
    if row is None:
        return None
    return packing.unpack(row.packed, name, _known(connection, name, _against(row)))


def let_go_bodies(connection: Connection, names: Iterable[str]) -> None:
    """Give back one use of each name (as often as it is named), and drop what nobody and nothing needs any more.

    What others are packed against stays for as long as they do: they count among its uses.
    """
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        fewer = update(bodies).where(bodies.c.hash == name).values(used_by=bodies.c.used_by - 1)
        connection.execute(fewer)
        unused = delete(bodies).where(bodies.c.hash == name, bodies.c.used_by <= 0)
        row = connection.execute(unused.returning(bodies.c.sheet, bodies.c.beside, bodies.c.base)).first()
        if row is not None:
            waiting += [other for other in (row.beside, row.base) if other is not None]
            let_go_sheet(connection, row.sheet)


def stand_without(connection: Connection, names: Iterable[str], version_ids: Iterable[int]) -> None:
    """Pack those of some bodies anew that are packed against the texts of some versions, which may go then."""
    its = and_(versions.c.page_id == bodies.c.said_page, versions.c.number == bodies.c.said_number)
    leaning = select(bodies).join(versions, its).where(bodies.c.hash.in_(sorted(set(names))))
    wanted = leaning.where(versions.c.id.in_(list(version_ids))).with_for_update(of=bodies)
    for row in connection.execute(wanted).all():
        against = replace(_against(row), said_page=None, said_number=None)
        try:
            body = packing.unpack(row.packed, row.hash, _known(connection, row.hash, _against(row)))
            packed = packing.pack(body, _known(connection, row.hash, against))
        except BodyUnreadable:
            # It is lost with its text or without it.
            continue
        again = update(bodies).where(bodies.c.hash == row.hash)
        connection.execute(again.values(packed=packed, said_page=None, said_number=None))


def _pack(
    connection: Connection, body: bytes, shelf: Shelf, first: str | None, said: Said | None
) -> tuple[bytes, Against]:
    """A body packed as small as what there is of its page and site allows, and what it is packed against."""
    sheet = read_sheet(connection, shelf.sheet, held=True)
    base = None if first is None else _bottom(connection, first)
    text = b"" if said is None else said.text
    like = (sheet or b"") + (base or b"") + text
    against = Against(shelf.sheet if sheet else None, None, first if base else None)
    if said is not None and text:
        against = replace(against, said_page=said.page_id, said_number=said.number)
    packed = packing.pack(body, like)
    if base and shelf.beside not in (None, first):
        beside = _bottom(connection, str(shelf.beside), based=True)
        if beside:
            closer = packing.pack(body, (sheet or b"") + beside + base + text)
            if len(closer) < WORTH * len(packed):
                packed, against = closer, replace(against, beside=shelf.beside)
    if like and len(packed) > len(body) // 5 and LITTLE * len(alone := packing.pack(body)) <= len(packed):
        return alone, ALONE
    return packed, against


def _bottom(connection: Connection, name: str, *, based: bool = False) -> bytes | None:
    """A body that others may be packed against, held until the transaction ends; ``None`` where it may not be one.

    It stands beside no other, and on its page's first body only where it is ``based``: the ways down stay short.
    """
    held = select(bodies).where(bodies.c.hash == name).with_for_update()
    row = connection.execute(held).first()
    if row is None or row.beside is not None or (row.base is not None and not based):
        return None
    try:
        return read_body(connection, name)
    except BodyUnreadable:
        # What is damaged must not take others with it.
        return None


def _against(row: Row[Any]) -> Against:
    return Against(row.sheet, row.beside, row.base, row.said_page, row.said_number)


def _known(connection: Connection, name: str, against: Against) -> bytes:
    """The bytes that a body was packed against. Raises BodyUnreadable where some of them are lost."""
    found = [read_sheet(connection, against.sheet)] if against.sheet is not None else []
    try:
        found += [read_body(connection, other) for other in (against.beside, against.base) if other is not None]
        if against.said_page is not None and against.said_number is not None:
            found.append(read_own_text(connection, against.said_page, against.said_number))
    except BodyUnreadable as error:
        raise BodyUnreadable(f"kept body {name[:12]} needs another: {error}") from error
    if None in found:
        raise BodyUnreadable(f"kept body {name[:12]} is packed against what is not there any more")
    return b"".join(part for part in found if part is not None)


def _count_use(connection: Connection, name: str) -> bool:
    return connection.execute(ONCE_MORE, {"name": name}).rowcount > 0


def _store(connection: Connection, name: str, body: bytes, packed: bytes, against: Against) -> bool:
    """Insert a body with one use; false where another process was first, whose body is used once more then."""
    row = {"hash": name, "size": len(body), "packed": packed, "used_by": 1}
    new = insert_unknown(connection, bodies).returning(bodies.c.hash)
    if connection.execute(new, row | asdict(against)).first() is None:
        _count_use(connection, name)
        return False
    for other in (against.beside, against.base):
        if other is not None:
            _count_use(connection, other)
    if against.sheet is not None:
        use_sheet(connection, against.sheet)
    return True
