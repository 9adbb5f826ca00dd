"""A site's next sheet: drawn up while others write, put in place where all is still as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from drain_desk import Desk, story
from sqlalchemy import Connection, select

from storage import bodies as packing
from storage.archive import Archive
from storage.sql.bodykeep import keep_page_body, let_go_bodies, stand_without
from storage.sql.engine import Database, make_engine
from storage.sql.renewal import Renewal, draw_up, put_in_place, renew_sheet
from storage.sql.sheets import MEMBERS, find_shelf
from storage.sql.tables import bodies, sheets, versions

SITE = "yunxi"


@pytest.fixture
def archive_file(archive: Archive, database: str) -> Iterator[Database]:
    """An archive in which a shelf is one body short of full."""
    desk = Desk(archive)
    for number in range(MEMBERS - 1):
        desk.visit(story(title(number), *said(number)), page=str(number), body=body(number))
    opened = Database(make_engine(database))
    yield opened
    opened.close()


def title(number: int) -> str:
    return f"云溪市第{number}号公告"


def said(number: int) -> tuple[str, ...]:
    return tuple(
        f"第{number}号第{line}段:" + f"甲乙丙丁戊己庚辛壬癸{number * 7919 + line * 104729}" * 6 for line in range(5)
    )


def body(number: int) -> bytes:
    menu = "".join(f'<li><a href="/col/{item}/">栏目{item * 31337}</a></li>' for item in range(80))
    lines = "".join(f"<p>{line}</p>" for line in said(number))
    return f"<html><body><ul>{menu}</ul><h1>{title(number)}</h1>{lines}</body></html>".encode()


def fill(database: Database) -> Renewal:
    """Put the last body on the shelf, which makes it full, and draw up its sheet."""
    with database.write() as connection:
        assert keep_page_body(connection, packing.body_hash(body(99)), body(99), SITE, None)
    with database.read() as connection:
        drawn = draw_up(connection, SITE)
    assert drawn is not None
    assert drawn.sheet is not None
    assert len(drawn.packed) == MEMBERS
    return drawn


def place(database: Database, drawn: Renewal) -> None:
    with database.write() as connection:
        put_in_place(connection, SITE, drawn)


def names(connection: Connection) -> dict[str, int | None]:
    return {row.hash: row.sheet for row in connection.execute(select(bodies.c.hash, bodies.c.sheet))}


def all_read(archive: Archive, numbers: range) -> bool:
    return all(archive.reading.body(packing.body_hash(body(number))) == body(number) for number in (*numbers, 99))


def test_a_crawl_makes_a_sheet_as_soon_as_a_shelf_is_full(archive: Archive, archive_file: Database) -> None:
    with archive_file.read() as connection:
        assert not connection.execute(select(sheets)).all()
    Desk(archive).visit(story(title(99), *said(99)), page="99", body=body(99))
    with archive_file.read() as connection:
        (number,) = connection.execute(select(sheets.c.id)).scalars()
        assert set(names(connection).values()) == {number}
        shelf = find_shelf(connection, SITE)
    assert shelf is not None
    assert (shelf.sheet, shelf.waiting) == (number, [])
    assert all_read(archive, range(MEMBERS - 1))


def test_a_body_that_stands_without_its_text_by_then_is_left_as_it_is(archive: Archive, archive_file: Database) -> None:
    drawn = fill(archive_file)
    name = packing.body_hash(body(2))
    with archive_file.write() as connection:
        own = connection.execute(select(versions.c.id).where(versions.c.body_hash == name)).scalar_one()
        stand_without(connection, [name], [own])
    place(archive_file, drawn)
    with archive_file.read() as connection:
        assert [other for other, sheet in names(connection).items() if sheet is None] == [name]
        (used,) = connection.execute(select(sheets.c.used_by)).scalars()
    assert used == MEMBERS
    assert all_read(archive, range(MEMBERS - 1))


def test_a_body_that_is_gone_by_then_counts_for_nothing(archive: Archive, archive_file: Database) -> None:
    drawn = fill(archive_file)
    with archive_file.write() as connection:
        let_go_bodies(connection, [packing.body_hash(body(99))])
    place(archive_file, drawn)
    with archive_file.read() as connection:
        (used,) = connection.execute(select(sheets.c.used_by)).scalars()
        assert len(names(connection)) == MEMBERS - 1
    assert used == MEMBERS
    assert archive.reading.body(packing.body_hash(body(3))) == body(3)


def test_of_two_that_draw_up_the_same_one_is_put_in_place(archive: Archive, archive_file: Database) -> None:
    drawn = fill(archive_file)
    renew_sheet(archive_file, SITE)
    place(archive_file, drawn)
    renew_sheet(archive_file, SITE)
    with archive_file.read() as connection:
        assert [row.used_by for row in connection.execute(select(sheets))] == [MEMBERS + 1]
    assert all_read(archive, range(MEMBERS - 1))


def test_what_came_to_wait_meanwhile_waits_for_the_next(archive: Archive, archive_file: Database) -> None:
    drawn = fill(archive_file)
    with archive_file.write() as connection:
        assert keep_page_body(connection, packing.body_hash(body(98)), body(98), SITE, None)
    place(archive_file, drawn)
    with archive_file.read() as connection:
        shelf = find_shelf(connection, SITE)
    assert shelf is not None
    assert [one.name for one in shelf.waiting] == [packing.body_hash(body(98))]
    assert all_read(archive, range(MEMBERS - 1))
    assert archive.reading.body(packing.body_hash(body(98))) == body(98)


def test_a_sheet_that_would_not_pay_only_empties_the_shelf(archive: Archive, archive_file: Database) -> None:
    drawn = fill(archive_file)
    place(archive_file, replace(drawn, sheet=None, packed={}))
    with archive_file.read() as connection:
        shelf = find_shelf(connection, SITE)
        assert not connection.execute(select(sheets)).all()
    assert shelf is not None
    assert shelf.waiting == []
    assert all_read(archive, range(MEMBERS - 1))
