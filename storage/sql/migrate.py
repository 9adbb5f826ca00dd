"""Bringing a database up to the schema this program knows.

A process that finds the schema already right never imports Alembic: every crawl child opens the database.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage.errors import NewerDatabase
from storage.sql.engine import Database, translated
from storage.sql.schema import SCHEMA

MIGRATIONS = Path(__file__).with_name("migrations")

# Any number will do that no other program on the same server uses: these are the bytes "shixun".
PG_LOCK = 0x73686978756E


def current(connection: Connection) -> str | None:
    """The schema that a database says it has; ``None`` for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def ensure_schema(database: Database) -> None:
    """Upgrade to ``SCHEMA``. Raises NewerDatabase where the database is ahead of this program."""
    with database.read() as connection:
        if current(connection) == SCHEMA:
            return
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": PG_LOCK})
        # Another process may have been first while this one waited for its turn.
        found = current(connection)
        if found != SCHEMA:
            _upgrade(connection, found)


def _upgrade(connection: Connection, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise NewerDatabase(
            f"the database has schema {found}, this program knows {SCHEMA} and older: "
            "upgrade Shixun, or name another home"
        )
    with translated():
        command.upgrade(config, SCHEMA)
