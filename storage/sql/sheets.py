"""Sheets: some bodies of a site in one piece, which its other bodies are packed against.

Each site has a shelf: the sheet that is packed against now, the bodies kept since then, and the last one that shows
what the site prints on all its pages. A full shelf is made the next sheet where that pays, so that a redesign or a
new list beside every article soon costs nothing more. A sheet is packed by itself and never changed; one that no
body needs and no shelf holds is dropped.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection, Integer, bindparam, delete, insert, select, update

from storage import bodies as packing
from storage.errors import BodyUnreadable
from storage.sql.tables import sheets, shelves
from storage.sql.upsert import insert_unknown

MEMBERS = 8
LARGEST = 1 << 18
"""A sheet is made of so many bodies, or of fewer once they have so many bytes."""

SHELVED = update(shelves).where(shelves.c.site == bindparam("its_site"))
USED = update(sheets).where(sheets.c.id == bindparam("number"))
USED = USED.values(used_by=sheets.c.used_by + bindparam("times", type_=Integer))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A body that may become part of a sheet: its name, its bytes plain and as it is packed until then."""

    name: str
    size: int
    packed: int


@dataclass(slots=True)
class Shelf:
    """What new bodies of a site may be packed against."""

    sheet: int | None
    beside: str | None
    waiting: list[Waiting]

    def is_full(self) -> bool:
        """Whether it is time to make a sheet."""
        return len(self.waiting) >= MEMBERS or sum(one.size for one in self.waiting) >= LARGEST


def hold_shelf(connection: Connection, site: str) -> Shelf:
    """A site's shelf, held until the transaction ends; an empty one for a site of which nothing was kept yet."""
    if (shelf := find_shelf(connection, site, held=True)) is not None:
        return shelf
    connection.execute(insert_unknown(connection, shelves).values(site=site, waiting="[]"))
    shelf = find_shelf(connection, site, held=True)
    assert shelf is not None
    return shelf


def find_shelf(connection: Connection, site: str, *, held: bool = False) -> Shelf | None:
    """A site's shelf as it is now, or ``held`` until the transaction ends; ``None`` where nothing was kept yet."""
    wanted = select(shelves).where(shelves.c.site == site)
    row = connection.execute(wanted.with_for_update() if held else wanted).first()
    return None if row is None else Shelf(row.sheet, row.beside, [Waiting(*one) for one in json.loads(row.waiting)])


def write_shelf(connection: Connection, site: str, shelf: Shelf) -> None:
    """Put a shelf back."""
    waiting = json.dumps([[one.name, one.size, one.packed] for one in shelf.waiting], separators=(",", ":"))
    values = {"sheet": shelf.sheet, "beside": shelf.beside, "waiting": waiting}
    connection.execute(SHELVED, values | {"its_site": site})


def write_sheet(connection: Connection, site: str, packed: bytes) -> int:
    """A new sheet, used once: by its site's shelf."""
    row = insert(sheets).values(site=site, packed=packed, used_by=1).returning(sheets.c.id)
    return int(connection.execute(row).scalar_one())


def read_sheet(connection: Connection, number: int | None, *, held: bool = False) -> bytes | None:
    """A sheet's bodies, plain, one behind the other; ``None`` where there is none. Raises BodyUnreadable.

    One that is ``held`` to pack against stays until the transaction ends; damaged, it counts as none.
    """
    if number is None:
        return None
    wanted = select(sheets.c.packed).where(sheets.c.id == number)
    packed = connection.execute(wanted.with_for_update() if held else wanted).scalar()
    try:
        return None if packed is None else packing.spread(packed)
    except BodyUnreadable as error:
        if held:
            return None
        raise BodyUnreadable(f"sheet {number} is {error}") from error


def use_sheet(connection: Connection, number: int, times: int = 1) -> None:
    """Count that bodies are packed against a sheet."""
    connection.execute(USED, {"number": number, "times": times})


def let_go_sheet(connection: Connection, number: int | None, times: int = 1) -> None:
    """Give back uses of a sheet, and drop it with the last."""
    if number is not None:
        use_sheet(connection, number, -times)
        connection.execute(delete(sheets).where(sheets.c.id == number, sheets.c.used_by <= 0))
