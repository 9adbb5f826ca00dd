"""Writing a row that another process may be writing too.

Looking first and inserting afterwards is two steps, and on PostgreSQL another process may come between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Insert, Table, func, select
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def _insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_unknown(connection: Connection, table: Table) -> Insert:
    """An insert that leaves out rows whose key is there already; it returns and counts only what it wrote."""
    return _insert(connection, table).on_conflict_do_nothing()


def upsert(connection: Connection, table: Table, row: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
    """Write ``row``, or where its primary key is there already, set only what ``changed`` says."""
    key = list(table.primary_key.columns)
    connection.execute(
        _insert(connection, table).values(**row).on_conflict_do_update(index_elements=key, set_=dict(changed))
    )


def take_turn(connection: Connection, site: str) -> None:
    """Wait until no other transaction enlists addresses of this site, and hold the turn to the end of this one.

    Two lists that name the same new addresses in different orders would otherwise wait for each other on PostgreSQL.
    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(site, 0))))
