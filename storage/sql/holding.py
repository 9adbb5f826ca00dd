"""What one process at a time does, on all machines: PostgreSQL's advisory locks, which end with their connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

from sqlalchemy import Connection, Engine, text

from storage.errors import DatabaseUnreachable


def lock_key(name: str) -> int:
    """The number by which the server knows a lock; signed, 64 bits."""
    return int.from_bytes(blake2b(f"shixun {name}".encode(), digest_size=8).digest(), signed=True)


def try_lock(connection: Connection, name: str) -> bool:
    """Take a lock for as long as the connection lasts, or return False where another has it."""
    taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": lock_key(name)}).scalar_one()
    return bool(taken)


class Hold:
    """The one connection of a process that has claimed something. Lost, it is not made anew."""

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.connect()
        self._one_at_a_time = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction on it. Raises DatabaseUnreachable once it is lost."""
        with self._one_at_a_time:
            # SQLAlchemy would connect once more, and what was claimed would be written without being held.
            if self._connection.invalidated or self._connection.closed:
                raise DatabaseUnreachable("the connection that held the sites was lost; others may crawl them by now")
            with self._connection.begin():
                yield self._connection

    def close(self) -> None:
        """Let go of all that was claimed."""
        with self._one_at_a_time:
            # Back in the pool it would still hold them.
            self._connection.invalidate()
            self._connection.close()
