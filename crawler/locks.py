"""Locks that the kernel lets go of when their holder dies, however it dies."""

from __future__ import annotations

import asyncio
import fcntl
import os
import resource
from collections.abc import Callable
from pathlib import Path

from crawler.faults import Fault

MANY_FILES = 65_536
TRIES = 50
WAIT = 0.1
"""Seconds between two tries to take a lock that is held."""


class ServiceBusy(Fault):
    """Another service watches the same home."""


class FileLock:
    """An exclusive lock on a file that holds the process number of whoever has it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def acquire(self) -> bool:
        """Take the lock now, or return False where another process has it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        self._handle = handle
        return True

    async def wait(self) -> bool:
        """Take the lock within ``TRIES`` times ``WAIT``: a crawl that was just killed lets go of it within a moment."""
        for _ in range(TRIES):
            if self.acquire():
                return True
            await asyncio.sleep(WAIT)
        return False

    def release(self) -> None:
        """Let go of the lock."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def holder(self) -> int | None:
        """The process that has the lock, as far as the file tells."""
        try:
            return int(self._path.read_text() or 0) or None
        except (OSError, ValueError):
            return None


def allow_many_files() -> None:
    """Let this process open as many files as the machine allows: a crawl holds a lock for each of its sites."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MANY_FILES if most == resource.RLIM_INFINITY else min(most, MANY_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


class SiteLock:
    """A site for one process: by its file on this machine, by ``claim`` on all that share the archive.

    ``claim`` asks the archive (``storage.crew``), and what it gives ends with the archive's connection.
    """

    def __init__(self, file: FileLock, claim: Callable[[], bool]) -> None:
        self._file, self._claim = file, claim

    async def wait(self) -> bool:
        """Take the site within the time that one who was just killed takes to let go of it."""
        if not await self._file.wait():
            return False
        for _ in range(TRIES):
            if self._claim():
                return True
            await asyncio.sleep(WAIT)
        self._file.release()
        return False

    def release(self) -> None:
        """Let go of the file; the claim goes with the connection."""
        self._file.release()


def site_lock(home: Path, key: str) -> FileLock:
    """One site is crawled by one process at a time, or its host would be asked twice as often as promised."""
    return FileLock(home / ".locks" / f"site-{key}")


def service_lock(home: Path) -> FileLock:
    """One service a home."""
    return FileLock(home / ".locks" / "service")
