"""The next sheet of a site: made of what waits on its shelf, where that pays.

Packing eight bodies anew takes longer than to keep one, so it is done in two steps: a sheet is drawn up while nobody
is kept waiting, and put in place in a transaction that only writes. In between another process may have done the same,
or have dropped a body: then what was drawn up is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from storage import bodies as packing
from storage.errors import BodyUnreadable
from storage.sql.bodykeep import let_go_bodies, read_body
from storage.sql.engine import Database, till_its_turn
from storage.sql.said import read_own_text
from storage.sql.sheets import Waiting, find_shelf, hold_shelf, let_go_sheet, use_sheet, write_sheet, write_shelf
from storage.sql.tables import bodies

SHEET_WORTH = 1.1
"""A sheet of bodies may cost so much of what these cost by now: those that come after them are like them."""
SHORTEST_CUT = 24
"""Bytes of the shortest paragraph that is left out of a sheet: what is shorter may stand in the template as well."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """What waited on a shelf beside which sheet, and what to make of it: a packed sheet and bodies packed against it.

    Without a sheet what waited is let go of: a new one would not pay, or nothing of it can be read any more.
    """

    old: int | None
    waiting: Sequence[Waiting]
    sheet: bytes | None = None
    packed: Mapping[Leaning, bytes] = field(default_factory=dict)


Leaning = tuple[str, int | None, int | None]
"""A body by its name, and the page and number of the version whose text it is packed against, if any."""


@till_its_turn
def renew_sheet(database: Database, site: str) -> None:
    """Make the next sheet of a site whose shelf is full."""
    with database.read() as connection:
        renewal = draw_up(connection, site)
    if renewal is not None:
        with database.write() as connection:
            put_in_place(connection, site, renewal)


def draw_up(connection: Connection, site: str) -> Renewal | None:
    """What to make of a site's shelf; ``None`` where it is not full. Writes nothing.

    The texts of its members are kept as what their versions say, and are cut out of the sheet.
    """
    shelf = find_shelf(connection, site)
    if shelf is None or not shelf.is_full():
        return None
    nothing = Renewal(shelf.sheet, shelf.waiting)
    members = [found for one in shelf.waiting if (found := _member(connection, one))]
    if not members:
        return nothing
    plain = b"".join(_without(member.body, member.text) for member in members)
    sheet = packing.squeeze(plain)
    packed = {member.leaning: packing.pack(member.body, plain + member.text) for member in members}
    size = len(sheet) + sum(map(len, packed.values()))
    if shelf.sheet is not None and size > SHEET_WORTH * sum(member.packed for member in members):
        return nothing
    return Renewal(shelf.sheet, shelf.waiting, sheet, packed)


def put_in_place(connection: Connection, site: str, renewal: Renewal) -> None:
    """Do what was drawn up, if the shelf still is as it was then but for what came to wait on it since."""
    shelf = hold_shelf(connection, site)
    seen = len(renewal.waiting)
    if shelf.sheet != renewal.old or shelf.waiting[:seen] != list(renewal.waiting):
        return
    shelf.waiting = shelf.waiting[seen:]
    if renewal.sheet is not None and (rows := _held(connection, renewal)):
        shelf.sheet = write_sheet(connection, site, renewal.sheet)
        _repack(connection, rows, renewal.packed, shelf.sheet)
        let_go_sheet(connection, renewal.old)
    write_shelf(connection, site, shelf)


def _held(connection: Connection, renewal: Renewal) -> dict[str, Row[Any]]:
    """Those to be packed anew that lean on the same text still, held until the transaction ends; in one order."""
    held = select(bodies).where(bodies.c.hash.in_([name for name, _, _ in renewal.packed]))
    rows = connection.execute(held.order_by(bodies.c.hash).with_for_update())
    return {row.hash: row for row in rows if (row.hash, row.said_page, row.said_number) in renewal.packed}


def _repack(connection: Connection, rows: Mapping[str, Row[Any]], packed: Mapping[Leaning, bytes], sheet: int) -> None:
    smaller = [{"name": name, "smaller": again} for (name, _, _), again in packed.items() if name in rows]
    now = {"packed": bindparam("smaller"), "sheet": sheet, "beside": None, "base": None}
    connection.execute(update(bodies).where(bodies.c.hash == bindparam("name")).values(now), smaller)
    use_sheet(connection, sheet, len(rows))
    for old, times in Counter(row.sheet for row in rows.values()).items():
        let_go_sheet(connection, old, times)
    let_go_bodies(connection, [other for row in rows.values() for other in (row.beside, row.base) if other is not None])


@dataclass(frozen=True, slots=True)
class _Member:
    """A body that waits, what it is packed against of its version, and in how many bytes it stands by now."""

    leaning: Leaning
    body: bytes
    text: bytes
    packed: int


def _member(connection: Connection, one: Waiting) -> _Member | None:
    """What waits; ``None`` where it cannot be read."""
    row = connection.execute(select(bodies).where(bodies.c.hash == one.name)).first()
    if row is None:
        return None
    try:
        body = read_body(connection, one.name)
        text = b"" if row.said_page is None else read_own_text(connection, row.said_page, row.said_number)
    except BodyUnreadable:
        return None
    if body is None or text is None:
        return None
    return _Member((one.name, row.said_page, row.said_number), body, text, one.packed)


def _without(body: bytes, text: bytes) -> bytes:
    """A page without what it prints of its article: what other pages of its site may share."""
    for said in sorted(set(text.split(b"\n")), key=len, reverse=True):
        if len(said) >= SHORTEST_CUT:
            body = body.replace(said, b"")
    return body
