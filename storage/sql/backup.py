"""A copy of a whole database, made while others write, and an archive made of such a copy.

SQLite copies itself (its online backup: one state of the database, as one read transaction sees it); for PostgreSQL its
own ``pg_dump`` and ``pg_restore`` do it, which must be at hand.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, inspect, make_url

from storage.errors import DatabaseUnreachable, NotEmpty, StorageError
from storage.sql.engine import Database, make_engine, translated

SQLITE, POSTGRESQL = "shixun.db", "shixun.pgdump"
"""What the copy of each database is called."""


def copy_database(address: str, folder: Path) -> Path:
    """Copy the database at an address into a folder; the file. Raises StorageError, OSError."""
    url = make_url(address)
    if url.get_backend_name() == "postgresql":
        target = folder / POSTGRESQL
        _run(url, ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])
        return target
    target = folder / SQLITE
    # Opened to read alone: a home without an archive must not get an empty one by being copied.
    source = f"{Path(url.database or '').resolve().as_uri()}?mode=ro"
    with translated(), closing(sqlite3.connect(source, uri=True)) as held, closing(sqlite3.connect(target)) as copy:
        held.backup(copy)
        _check(copy)
    return target


def restore_database(address: str, copy: Path) -> None:
    """Make the database at an address what a copy holds. There must be none there yet. Raises StorageError, OSError."""
    url = make_url(address)
    kind = url.get_backend_name()
    if (kind == "postgresql") != (copy.name == POSTGRESQL):
        raise StorageError(
            f"{copy.name} is not a copy of a {kind} database; `shixun migrate` goes from one to the other"
        )
    if kind == "postgresql":
        refuse_inhabited(address)
        _run(url, ["pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(copy)])
        return
    target = Path(url.database or "")
    refuse_inhabited(address)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    shutil.copyfile(copy, part)
    with translated(), closing(sqlite3.connect(part)) as restored:
        _check(restored)
    with open(part, "rb+") as written:
        os.fsync(written.fileno())
    part.rename(target)


def refuse_inhabited(address: str) -> None:
    """Raises NotEmpty where there is an archive, or any table, at an address already."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        if Path(url.database or "").exists():
            raise NotEmpty(f"there is a database already: {url.database}; nothing was touched")
        return
    database = Database(make_engine(address))
    try:
        with database.read() as connection:
            if inspect(connection).get_table_names():
                raise NotEmpty(f"the database {url.database} is not empty; nothing was touched")
    finally:
        database.close()


def _check(database: sqlite3.Connection) -> None:
    (said,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise DatabaseUnreachable(f"the copy of the database is damaged: {said}")


def _run(url: URL, command: list[str]) -> None:
    """Run a program of PostgreSQL's on a database; the address goes by the environment, where nobody reads it."""
    if shutil.which(command[0]) is None:
        raise StorageError(f"{command[0]} is not installed (on Debian: apt-get install postgresql-client)")
    query = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    places = {
        "PGHOST": query.get("host") or url.host,
        "PGPORT": query.get("port") or (str(url.port) if url.port else None),
        "PGUSER": query.get("user") or url.username,
        "PGPASSWORD": query.get("password") or url.password,
        "PGSSLMODE": query.get("sslmode"),
        "PGDATABASE": url.database,
    }
    given = os.environ | {name: str(value) for name, value in places.items() if value}
    if command[0] == "pg_restore":
        command = [command[0], f"--dbname={url.database}", *command[1:]]
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
        raise StorageError(f"{command[0]}: {said}")
