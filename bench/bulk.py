"""Filling an empty archive with very many rows at once: plain inserts on SQLite, COPY on PostgreSQL.

Indexes and foreign keys are taken away for as long as it takes: grown row by row they would take an hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from storage.sql.engine import Database, make_engine
from storage.sql.migrate import MIGRATIONS

AT_ONCE = 5000

_SQLITE_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname LIKE 'ix_%'"
_KEYS = """
SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || conname,
  'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype = 'f'
"""


NUMBERED = ("pages", "versions")
"""Tables whose ids are given by who fills them."""
_COUNT_ON = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 1) FROM {table}))"


class Filler:
    """Rows for the tables of one database, written some thousand at a time."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.sqlite = connection.dialect.name == "sqlite"
        self._waiting: dict[tuple[str, str], list[Sequence[Any]]] = {}

    def add(self, table: str, columns: str, row: Sequence[Any]) -> None:
        """One more row; ``columns`` are named as SQL names them, moments are aware."""
        rows = self._waiting.setdefault((table, columns), [])
        rows.append(row)
        if len(rows) >= AT_ONCE:
            self._write(table, columns, rows)
            rows.clear()

    def flush(self) -> None:
        """Write what waits."""
        for (table, columns), rows in self._waiting.items():
            self._write(table, columns, rows)
        self._waiting.clear()

    def _write(self, table: str, columns: str, rows: list[Sequence[Any]]) -> None:
        if not rows:
            return
        if self.sqlite:
            marks = ", ".join("?" * len(rows[0]))
            stored = [tuple(_stored(value) for value in row) for row in rows]
            self.connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({marks})", stored)
            return
        cursor: Any = self.connection.connection.cursor()
        with cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _stored(value: Any) -> Any:
    """A value as SQLAlchemy stores it in SQLite."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value


@contextmanager
def filling(address: str, schema: str) -> Iterator[Filler]:
    """An empty database of that schema, to be filled in one transaction; in the end it has its indexes again."""
    database = Database(make_engine(address))
    try:
        with database.write() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, schema)
        with database.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                driver: Any = connection.connection
                # The next connection takes the journal back into use.
                for setting in ("foreign_keys = OFF", "journal_mode = OFF", "synchronous = OFF"):
                    driver.execute(f"PRAGMA {setting}")
                driver.execute("PRAGMA cache_size = -400000")
            with connection.begin():
                later = _take_away(connection)
                filler = Filler(connection)
                yield filler
                filler.flush()
                for statement in later:
                    connection.execute(text(statement))
    finally:
        database.close()


def _take_away(connection: Connection) -> list[str]:
    """Drop indexes and foreign keys; what makes them anew."""
    sqlite = connection.dialect.name == "sqlite"
    found = connection.execute(text(_SQLITE_INDEXES if sqlite else _INDEXES)).all()
    for name, _ in found:
        connection.execute(text(f"DROP INDEX {name}"))
    later = [statement for _, statement in found]
    for drop, add in [] if sqlite else connection.execute(text(_KEYS)).all():
        connection.execute(text(drop))
        later.append(add)
    return later


def settle_down(address: str) -> None:
    """What a server does by itself once it has been filled: it counts on from the ids that were given, has statistics,
    and pages that all may see."""
    database = Database(make_engine(address))
    try:
        if database.engine.dialect.name == "postgresql":
            with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                for table in NUMBERED:
                    connection.execute(text(_COUNT_ON.format(table=table)))
                connection.execute(text("VACUUM ANALYZE"))
    finally:
        database.close()
