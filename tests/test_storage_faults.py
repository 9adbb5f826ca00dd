"""What goes wrong with a database, each in real life: newer, locked, full, unreachable, damaged."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from random import Random

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from test_storage_archive import URL, keeping, visit

from storage import bodies
from storage.archive import Archive
from storage.errors import BodyUnreadable, DatabaseLocked, DatabaseUnreachable, DiskFull, NewerDatabase
from storage.records import Outcome
from storage.sql import engine as engine_module
from storage.sql import open_archive
from storage.sql.engine import Database, make_engine
from storage.sql.migrate import MIGRATIONS, ensure_schema
from storage.sql.schema import SCHEMA, metadata


def test_the_migrations_end_where_the_program_begins() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [SCHEMA]


def test_the_migrations_make_the_tables_that_the_program_uses(database: str) -> None:
    opened = Database(make_engine(database))
    ensure_schema(opened)
    with opened.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _is_described})
        assert compare_metadata(context, metadata) == []
    opened.close()


def _is_described(name: str | None, kind: str, _parents: object) -> bool:
    """All but the index of the search, which FTS5 keeps in tables of its own making, and PostgreSQL in another form."""
    return not (kind == "table" and name is not None and name.startswith("search_signs"))


def test_opening_twice_changes_nothing(database: str) -> None:
    open_archive(database).close()
    opened = Database(make_engine(database))
    with opened.read() as connection:
        before = connection.execute(text("SELECT version_num FROM alembic_version")).all()
    ensure_schema(opened)
    with opened.read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == before
    opened.close()


def test_a_newer_database_is_left_alone(database: str) -> None:
    open_archive(database).close()
    opened = Database(make_engine(database))
    with opened.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    opened.close()
    with pytest.raises(NewerDatabase, match=r"has schema 9999, this program knows .* upgrade"):
        open_archive(database)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "shixun.db").write_bytes(b"not a database, only a text that is long enough" * 20)
    with pytest.raises(DatabaseUnreachable, match="not a database"):
        open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(DatabaseUnreachable, match="database"):
        open_archive("postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")


@pytest.mark.parametrize("address", ["mysql://x/y", "nonsense", "sqlite:////proc/nowhere/shixun.db"])
def test_an_address_that_cannot_be_used_is_told(address: str) -> None:
    with pytest.raises(DatabaseUnreachable):
        open_archive(address)


def test_a_writer_that_waits_too_long_says_who_is_to_blame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "shixun.db"
    open_archive(f"sqlite:///{path}").close()
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.05)
    archive = open_archive(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseLocked, match="held by another process"):
        archive.crawling.record(visit(), keeping(Outcome.NEW_VERSION))
    # Readers are not kept out.
    assert archive.reading.history(URL) == []
    other.execute("ROLLBACK")
    archive.crawling.record(visit(), keeping(Outcome.NEW_VERSION))
    other.close()
    archive.close()


def test_a_new_file_is_opened_while_another_process_makes_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two crawls of a home without a database begin at once."""
    path = tmp_path / "shixun.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TABLE t (a)")
    other.execute("BEGIN IMMEDIATE")
    waits: list[float] = []

    def rest(seconds: float) -> None:
        waits.append(seconds)
        if other.in_transaction:
            other.execute("ROLLBACK")
            other.execute("DROP TABLE t")

    monkeypatch.setattr(engine_module, "sleep", rest)
    open_archive(f"sqlite:///{path}").close()
    assert waits == [engine_module.LOOKS_AGAIN]
    other.close()


def test_a_full_disk_loses_nothing_that_was_kept(tmp_path: Path) -> None:
    opened = Database(make_engine(f"sqlite:///{tmp_path / 'shixun.db'}"))
    ensure_schema(opened)
    opened.close()
    archive = open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    archive.crawling.record(visit(), keeping(Outcome.NEW_VERSION))
    _fill_up(archive)
    noise = Random(1).randbytes(288_000)  # which does not compress
    with pytest.raises(DiskFull, match="the disk is full, nothing was half written"):
        archive.crawling.record(visit(url=URL + "?2", body=noise), keeping(Outcome.NEW_VERSION))
    assert len(archive.reading.history(URL)) == 1
    assert archive.reading.observations(URL + "?2") == []
    archive.close()


def _fill_up(archive: Archive) -> None:
    """Let SQLite meet its limit of pages: the same answer as a full disk gives."""
    database: Database = archive._database  # type: ignore[attr-defined]
    with database.read() as connection:
        used = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {used + 2}"))


def test_a_damaged_body_is_told_and_never_handed_out() -> None:
    packed = bodies.pack(b"<p>" + b"body" * 100)
    name = bodies.body_hash(b"<p>" + b"body" * 100)
    assert bodies.unpack(packed, name) == b"<p>" + b"body" * 100
    with pytest.raises(BodyUnreadable, match="is damaged"):
        bodies.unpack(packed[:-3], name)
    with pytest.raises(BodyUnreadable, match="not what was stored"):
        bodies.unpack(bodies.pack(b"another"), name)
