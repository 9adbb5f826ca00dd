"""Opening a database, and its faults in our own words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import wraps
from pathlib import Path
from time import monotonic, sleep
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from storage.errors import DatabaseLocked, DatabaseUnreachable, DiskFull, StorageError, TurnLost
from storage.sql.holding import Hold

BUSY_SECONDS = 30
"""How long a writer waits for its turn. Three processes on one WAL database waited 58 ms at worst (DEPENDENCIES.md)."""

LOOKS, LOOKS_AGAIN = 60, 0.0005
"""How often, and after how many seconds, a writer looks whether it is its turn before it leaves the waiting to SQLite.

That sleeps 1, 2, 5, 10, 15 ms …, and a page is written in less than five: two crawling processes slept a fifth of their
time (``python -m bench.cores``).
"""

PG_DISK_FULL = "53100"
PG_LOCKED = "55P03"
PG_TURN_LOST = frozenset({"40P01", "40001"})
PG_CLIENT = {
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "8000",
}
PG_SERVER = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
"""When each side gives a silent other up. The client first: cut off, it must have ended before the server lets go of
what it held (``storage.sql.holding``). Seconds, but for the last of each, which are milliseconds."""

TRIES = 4
"""How often a transaction is made that PostgreSQL fails since it and another wait for each other."""

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


def make_engine(address: str) -> Engine:
    """An engine for a database address (``sqlite:///…`` or ``postgresql+psycopg://…``). Raises DatabaseUnreachable."""
    try:
        url = make_url(address)
        if url.get_backend_name() == "sqlite":
            if url.database and url.database != ":memory:":
                Path(url.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
            _prepare_sqlite(engine)
            return engine
        if url.get_backend_name() == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
            return create_engine(url, pool_pre_ping=True, connect_args=_patience(url))
    except (ArgumentError, NoSuchModuleError, ImportError, OSError) as error:
        raise DatabaseUnreachable(f"cannot open the database: {error}") from error
    raise DatabaseUnreachable(f"a database address begins with sqlite:/// or postgresql://, not {url.drivername}://")


def _patience(url: URL) -> dict[str, str]:
    """How long either side waits for the other; what the address itself says goes before it."""
    asked = url.query.get("options", "")
    ours = " ".join(f"-c {name}={value}" for name, value in PG_SERVER.items())
    options = " ".join([ours, *([asked] if isinstance(asked, str) else asked)]).strip()
    return {name: value for name, value in PG_CLIENT.items() if name not in url.query} | {"options": options}


def libpq_words(address: str) -> dict[str, str]:
    """A PostgreSQL address as the words that libpq connects by, with the same patience as the archive has."""
    engine = make_engine(address)
    _, words = engine.dialect.create_connect_args(engine.url)
    return {name: str(value) for name, value in (dict(words) | _patience(engine.url)).items() if name != "context"}


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        # The driver's own transaction handling begins too late to hold a lock; on_begin below takes it over.
        connection.isolation_level = None
        cursor = connection.cursor()
        _keep_a_wal(cursor)
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA journal_size_limit = 67108864")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        # A writer takes the lock first, so that it waits its turn and never fails on an upgrade half-way.
        reads = connection.get_execution_options().get("reads_only", False)
        if reads or not _begin_soon(connection):
            connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _keep_a_wal(cursor: sqlite3.Cursor) -> None:
    """Have a write-ahead log. SQLite does not wait by itself where two processes make one of a new file at once."""
    till = monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > till:
                raise
            sleep(LOOKS_AGAIN)
        else:
            return


def _begin_soon(connection: Connection) -> bool:
    """Begin a write transaction as soon as another writer is done; false where that takes long, or fails."""
    raw: Any = connection.connection.dbapi_connection
    with _at_once(raw), suppress(sqlite3.OperationalError):
        for _ in range(LOOKS):
            if _begun(raw):
                return True
            sleep(LOOKS_AGAIN)
    return False


def _begun(raw: sqlite3.Connection) -> bool:
    """Begin a write transaction unless another writer has one. Raises OperationalError for all other reasons."""
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


@contextmanager
def _at_once(raw: sqlite3.Connection) -> Iterator[None]:
    """Have SQLite say at once that another writes."""
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {round(1000 * BUSY_SECONDS)}")


@contextmanager
def translated() -> Iterator[None]:
    """Turn the database's exceptions into ``storage.errors``."""
    try:
        yield
    except DBAPIError as error:
        raise _translate(error) from error
    except sqlite3.Error as error:
        if "disk is full" in str(error):
            raise DiskFull(f"the disk is full, nothing was half written: {error}") from error
        raise StorageError(f"database: {error}") from error


def _translate(error: DBAPIError) -> StorageError:
    text = str(error.orig).strip().split("\n")[0]
    code = getattr(error.orig, "sqlstate", None)
    if "disk is full" in text or "disk I/O error" in text or code == PG_DISK_FULL:
        return DiskFull(f"the disk is full, nothing was half written: {text}")
    if code in PG_TURN_LOST:
        return TurnLost(f"two writers of the database waited for each other: {text}")
    if "locked" in text or "busy" in text or code == PG_LOCKED:
        return DatabaseLocked(f"the database is held by another process for more than {BUSY_SECONDS} s: {text}")
    if isinstance(error, OperationalError) or "not a database" in text or "malformed" in text:
        return DatabaseUnreachable(f"the database cannot be used: {text}")
    return StorageError(f"database: {text}")


def till_its_turn(act: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
    """For a method that is one write transaction of several rows: make it anew where it lost its turn.

    A crawl and a comparison lock the same pages in orders of their own. PostgreSQL breaks such a circle after a second
    by failing one of them, which has written nothing then. SQLite has one writer at a time.
    """

    @wraps(act)
    def tried(*given: _Given.args, **named: _Given.kwargs) -> _Answer:
        for _ in range(TRIES - 1):
            with suppress(TurnLost):
                return act(*given, **named)
        return act(*given, **named)

    return tried


class Database:
    """An engine with two ways in: ``write`` and ``read`` transactions, both with our own errors."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._readers = engine.execution_options(reads_only=True)
        self._hold: Hold | None = None

    @property
    def is_shared(self) -> bool:
        """Whether processes on several machines may use it."""
        return self.engine.dialect.name == "postgresql"

    @property
    def is_holding(self) -> bool:
        """Whether this process has claimed something."""
        return self._hold is not None

    def is_busy(self) -> bool:
        """Whether a write would have to wait since another process writes to a file that has one writer at a time.

        Where it cannot be told it need not wait: the write itself will say what is wrong.
        """
        if self.is_shared:
            return False
        with suppress(DBAPIError, sqlite3.Error), closing(self.engine.raw_connection()) as connection:
            raw: Any = connection.dbapi_connection
            with _at_once(raw):
                if not _begun(raw):
                    return True
                raw.execute("ROLLBACK")
        return False

    def hold(self) -> None:
        """Do everything on one connection from now on, which is not made anew when it is lost."""
        if self._hold is None:
            with translated():
                self._hold = Hold(self.engine)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed whole at the end of the block, or rolled back."""
        with translated(), self._hold.transaction() if self._hold else self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database and writes nothing."""
        with translated(), self._hold.transaction() if self._hold else self._readers.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        if self._hold:
            self._hold.close()
        self.engine.dispose()
