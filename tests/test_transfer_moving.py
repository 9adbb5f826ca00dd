"""An archive moved from SQLite to PostgreSQL and back: the same rows, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browsing_town import NOON, Town
from conftest import PostgreSQL
from sqlalchemy import insert, select, text, update

from storage.calm import Calm, Place
from storage.changes import ChangeKind
from storage.errors import NotAlike, NotEmpty, StorageError
from storage.outbox import Posting, Step
from storage.records import Lesson, Outcome, Run
from storage.searching import Asked
from storage.sql import open_archive, transfer
from storage.sql.engine import Database, make_engine
from storage.sql.schema import metadata
from storage.sql.tables import bodies, day_counts, pages, sketches, versions, word_counts
from storage.sql.transfer import move_archive
from storage.stories import Sketch


def peopled(address: str) -> None:
    """An archive with rows in every table that a town fills; also texts that are told apart by one sign."""
    archive = open_archive(address)
    town = Town(archive)
    archive.running.announce({"yunxi": "云溪", "Öst": "ö", "a_b": "", "a-b": ""})
    column = town.column("list")
    ids = [town.article(name, column=column) for name in ("1", "二", "Z", "a")]
    town.visit("1", Outcome.NEW_VERSION, NOON, said="供暖\t\\N\r\n\\.")
    town.visit("a", Outcome.FAILED, NOON)
    town.tell(ids[0], ChangeKind.EDITED, NOON, to_version=2)
    town.tell(ids[2], ChangeKind.REMOVED, NOON, weight=0.1 + 0.2)
    archive.crawling.remember_calm({ids[0]: Calm("r", "9", 2, NOON, (Place(b"\x00", b"\xff"),))})
    archive.learning.remember(Lesson("yunxi", "n", NOON, "{}"))
    archive.stories.sketch([Sketch(ids[0], 2, (-(2**63), 2**63 - 1)), Sketch(ids[1], 1, (7,))])
    archive.stories.join(ids[:2])
    archive.running.start(Run("run", "yunxi", NOON))
    archive.outbox.post([Posting("desk", "c", "digest:1", "l", "lane", NOON, {"读": 1})], NOON, Step("log", None, 9))
    archive.close()


def everything(address: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, as sets of values."""
    opened = Database(make_engine(address))
    with opened.read() as connection:
        found = {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }
    opened.close()
    return found


def write(address: str, *statements: Any) -> None:
    opened = Database(make_engine(address))
    with opened.write() as connection:
        for statement in statements:
            connection.execute(statement)
    opened.close()


@pytest.fixture
def home(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'shixun.db'}"
    peopled(address)
    return address


@pytest.fixture
def server(postgresql: PostgreSQL) -> str:
    return postgresql.fresh_database()


def test_there_and_back_is_the_same(home: str, server: str, tmp_path: Path) -> None:
    back = f"sqlite:///{tmp_path / 'back.db'}"
    before = everything(home)
    there = move_archive(home, server)
    assert everything(server) == before
    again = move_archive(server, back)
    assert everything(back) == before == everything(home)
    assert there == again
    assert there.rows == sum(map(len, before.values())) - len(before["search_floor"])
    filled = {name for name, rows in before.items() if rows}
    assert {"calm", "lessons", "sketches", "outbox", "runs", "changes", "bodies", "day_counts"} <= filled


def test_what_is_moved_is_found_and_new_rows_are_numbered_behind(home: str, server: str) -> None:
    move_archive(home, server)
    archive = open_archive(server)
    asked = Asked(("供暖",))
    assert archive.searching.unindexed() == 0
    assert [hit.id for hit in archive.searching.candidates(asked)] == [5]
    town = Town(archive)
    assert town.article("new") == 6
    assert town.tell(6, ChangeKind.NEW, NOON) == 3
    archive.close()


@pytest.fixture
def target(database: str, tmp_path: Path) -> str:
    """An empty database besides the home's, once of each kind."""
    return f"sqlite:///{tmp_path / 'new.db'}" if database.startswith("sqlite") else database


def test_an_archive_is_not_moved_over_another(home: str, target: str) -> None:
    open_archive(target).close()
    write(target, insert(word_counts).values(day=NOON.date(), packed=b""))
    before = everything(target)
    with pytest.raises(NotEmpty, match="rows in word_counts"):
        move_archive(home, target)
    assert everything(target) == before


def test_an_archive_is_not_moved_onto_itself(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'empty.db'}"
    with pytest.raises(NotEmpty, match="onto itself"):
        move_archive(address, address)


class Killed(Exception):
    pass


@pytest.mark.parametrize("when", ["copy", "verify"])
def test_cut_off_it_leaves_an_empty_archive_and_is_begun_anew(home: str, server: str, when: str) -> None:
    def cut(what: str, done: int, whole: int) -> None:
        if what == when and done == whole:
            raise Killed

    with pytest.raises(Killed):
        move_archive(home, server, cut)
    assert [name for name, rows in everything(server).items() if rows] == ["search_floor"]
    move_archive(home, server)
    assert everything(server)["pages"] == everything(home)["pages"]


@pytest.mark.parametrize(
    "damage",
    [
        update(pages).where(pages.c.id == 2).values(listed_title="x"),
        update(versions).where(versions.c.number == 2).values(text=versions.c.text + " "),
        update(bodies).values(packed=b"other"),
        insert(day_counts).values(site="x", day=NOON.date(), kind="new", n=1, first_id=1, last_id=1, heaviest=0.0),
        sketches.delete().where(sketches.c.hash == 7),
    ],
)
def test_what_did_not_arrive_as_it_was_is_not_kept(
    home: str, target: str, monkeypatch: pytest.MonkeyPatch, damage: Any
) -> None:
    copy = transfer._copy

    def badly(reading: Any, writing: Any, *rest: Any) -> None:
        copy(reading, writing, *rest)
        writing.execute(damage)

    monkeypatch.setattr(transfer, "_copy", badly)
    with pytest.raises(NotAlike, match=rf"^{damage.table.name}: row \d+ is not the same"):
        move_archive(home, target)
    assert [name for name, rows in everything(target).items() if rows] == ["search_floor"]


def test_what_the_other_database_cannot_hold_is_told(home: str, server: str) -> None:
    write(home, update(versions).where(versions.c.id == 3).values(title="a\0b"))
    with pytest.raises(StorageError, match=r"^versions, near row \d: .*0x00|NUL"):
        move_archive(home, server)
    assert not everything(server)["pages"]


def test_what_is_written_meanwhile_is_left_behind_and_told(home: str, server: str) -> None:
    def meanwhile(what: str, done: int, whole: int) -> None:
        if what == "verify" and done == whole:
            write(home, text("UPDATE observations SET id = 900 WHERE id = (SELECT max(id) FROM observations)"))

    before = everything(home)
    moved = move_archive(home, server, meanwhile)
    assert moved.went_on
    assert everything(server) == before
