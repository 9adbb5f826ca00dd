"""An archive moved to another database, of either kind: every table, row by row, verified before it is one.

All of it is one transaction on either side. The old archive is read as it stood at one moment; the new one is empty
until everything was written into it, read again from both and found the same. Killed at any point, it is still empty,
and the move is begun anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice, zip_longest
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    LargeBinary,
    Row,
    String,
    Table,
    collate,
    func,
    insert,
    make_url,
    select,
    text,
    update,
)

from storage.errors import NotAlike, NotEmpty, StorageError
from storage.moving import Moved, Step, TableMoved
from storage.sql.engine import Database, make_engine
from storage.sql.migrate import ensure_schema
from storage.sql.schema import metadata
from storage.sql.search import SqlSearching
from storage.sql.tables import changes, observations, search_floor, versions

ROWS_AT_ONCE = 500
BODIES_AT_ONCE = 16
"""Rows that are read together where a row may be as large as the largest attachment."""
TOLD_EVERY = 5_000
INDEXED_AT_ONCE = 500
HIDDEN = "***"

# Not copied: where the index of the search ends, which is made anew. FTS5 keeps none of what was put into it.
TABLES: Sequence[Table] = [table for table in metadata.sorted_tables if table is not search_floor]


def move_archive(old: str, new: str, step: Step = lambda what, done, whole: None) -> Moved:
    """Copy the archive at one address into the empty database at another, verify it, and make its search index.

    Raises NotEmpty, NotAlike (and nothing was kept) or another StorageError.
    """
    with _opened(old) as source, _opened(new) as target:
        if source.engine.url == target.engine.url:
            raise NotEmpty("an archive cannot be moved onto itself")
        with snapshot(source) as reading:
            ends = _ends(reading)
            with target.write() as writing:
                _hold(writing)
                whole = sum(reading.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES)
                _copy(reading, writing, whole, step)
                tables = _verify(reading, writing, whole, step)
        _index(target, step)
        with source.read() as reading:
            return Moved(tables, went_on=_ends(reading) != ends)


def shown(address: str) -> str:
    """A database address as it may be printed: without its password. Raises DatabaseUnreachable."""
    make_engine(address).dispose()
    url = make_url(address)
    secret = {name: HIDDEN for name in url.query if "password" in name}
    return url.update_query_dict(secret).render_as_string(hide_password=True).replace(quote(HIDDEN), HIDDEN)


@contextmanager
def _opened(address: str) -> Iterator[Database]:
    database = Database(make_engine(address))
    try:
        ensure_schema(database)
        yield database
    finally:
        database.close()


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A transaction that sees one state of the database from its first question to its last."""
    if database.engine.dialect.name == "postgresql":
        engine = database.engine.execution_options(isolation_level="REPEATABLE READ")
        with Database(engine).read() as connection:
            yield connection
    else:
        with database.read() as connection:
            yield connection


def _ends(connection: Connection) -> tuple[int | None, ...]:
    """How far the three logs go."""
    logs = (observations, versions, changes)
    return tuple(connection.execute(select(func.max(log.c.id))).scalar() for log in logs)


def _hold(connection: Connection) -> None:
    """Keep the new archive for this transaction alone. Raises NotEmpty where it holds anything."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {', '.join(table.name for table in TABLES)} IN EXCLUSIVE MODE"))
    else:
        # A row may refer to one that comes later; all is looked at when it is committed.
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    for table in TABLES:
        if connection.execute(select(text("1")).select_from(table).limit(1)).first() is not None:
            raise NotEmpty(f"the database holds an archive already: there are rows in {table.name}")


def _copy(reading: Connection, writing: Connection, whole: int, step: Step) -> None:
    done = 0
    for table in TABLES:
        fill = _fill_postgresql if writing.dialect.name == "postgresql" else _fill_sqlite
        with closing(_rows(reading, table)) as rows:
            for count in fill(writing, table, rows):
                done += count
                step("copy", done, whole)
        if writing.dialect.name == "postgresql":
            _count_on(writing, table)
    newest = select(func.coalesce(func.max(versions.c.id), 0)).scalar_subquery()
    writing.execute(update(search_floor).values(version_id=newest))


def _fill_sqlite(connection: Connection, table: Table, rows: Iterator[Row[Any]]) -> Iterator[int]:
    """Write rows; yields how many, some at a time."""
    while some := list(islice(rows, _at_once(table))):
        connection.execute(insert(table), [dict(row._mapping) for row in some])
        yield len(some)


def _fill_postgresql(connection: Connection, table: Table, rows: Iterator[Row[Any]]) -> Iterator[int]:
    """The same by one COPY, so that rows may refer to one another in any order."""
    import psycopg

    names = ", ".join(f'"{column.name}"' for column in table.columns)
    spelled = _spellings(table, connection.dialect)
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    count = 0
    try:
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(
                    [cell if spell is None else spell(cell) for cell, spell in zip(row, spelled, strict=True)]
                )
                count += 1
                if count % TOLD_EVERY == 0:
                    yield TOLD_EVERY
    except psycopg.Error as error:
        # A text with a NUL, or one longer than its column: SQLite takes both.
        raise StorageError(f"{table.name}, near row {count + 1}: {str(error).strip().splitlines()[0]}") from error
    yield count % TOLD_EVERY


def _spellings(table: Table, dialect: Dialect) -> list[Callable[[Any], Any] | None]:
    """How each column's values are handed to the driver; ``None`` for as they are."""
    return [column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns]


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows behind the ones that were copied."""
    column = table.autoincrement_column
    if column is None:
        return
    highest = connection.execute(select(func.max(column))).scalar()
    if highest is not None:
        number = text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)")
        connection.execute(number, {"table": table.name, "column": column.name, "highest": highest})


def _at_once(table: Table) -> int:
    large = any(isinstance(column.type, LargeBinary) for column in table.columns)
    return BODIES_AT_ONCE if large else ROWS_AT_ONCE


def as_bytes(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column to order by as both databases do, whatever the locale: text by its bytes."""
    if isinstance(column.type, String) and connection.dialect.name == "postgresql":
        return collate(column, "C")
    return column


def _rows(connection: Connection, table: Table) -> Generator[Row[Any], None, None]:
    """A table's rows in the order of their keys, the same on both databases; few are in memory."""
    key = [as_bytes(connection, column) for column in table.primary_key.columns]
    wanted = select(table).order_by(*key).execution_options(yield_per=_at_once(table))
    with connection.execute(wanted) as found:
        yield from found


def _verify(reading: Connection, writing: Connection, whole: int, step: Step) -> tuple[TableMoved, ...]:
    """Read every row of both sides and compare its values. Raises NotAlike."""
    moved, done = [], 0
    for table in TABLES:
        digest, count = hashlib.sha256(), 0
        with closing(_rows(reading, table)) as old, closing(_rows(writing, table)) as new:
            for count, (was, now) in enumerate(zip_longest(old, new), 1):
                if was is None or now is None or tuple(was) != tuple(now):
                    raise NotAlike(f"{table.name}: row {count} is not the same in both databases; nothing was kept")
                _add(digest, was)
                if count % TOLD_EVERY == 0:
                    step("verify", done + count, whole)
        done += count
        moved.append(TableMoved(table.name, count, digest.hexdigest()))
    step("verify", done, whole)
    return tuple(moved)


def _add(digest: Any, row: Row[Any]) -> None:
    for cell in row:
        said = cell if isinstance(cell, bytes) else repr(cell).encode()
        digest.update(b"%d:" % len(said) + said)


def _index(database: Database, step: Step) -> None:
    """Make the index of the search. Cut off here, the service goes on with it."""
    searching = SqlSearching(database)
    whole = searching.unindexed()
    left = whole
    while left:
        left = searching.fill(INDEXED_AT_ONCE)
        step("index", whole - left, whole)
