"""The processes that crawl for one archive, on whatever machines: who they are, what waits for them, whose turn it is.

On SQLite there is one service on one machine, and nothing of this is asked but turns and claims, which are always had.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


def is_shared(address: str) -> bool:
    """Whether the database at an address may be used by processes on several machines."""
    return address.startswith(("postgresql:", "postgresql+"))


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that crawls what a service has put into the queue; ``doing`` are the sites it has taken on.

    ``seen_at`` is when it last noted that it is well, by its own clock.
    """

    id: str
    name: str
    host: str
    pid: int
    version: str
    started_at: datetime
    seen_at: datetime
    crawls: int
    doing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """How many sites wait to be crawled, are being crawled, and could not be; ``oldest_at`` is since when one waits."""

    waiting: int = 0
    doing: int = 0
    failed: int = 0
    oldest_at: datetime | None = None


class Crew(Protocol):
    """What services and workers tell each other by way of the archive."""

    def workers(self, now: datetime) -> list[Worker]:
        """Those that noted within the last day that they are well, by name; one that ended as it should is not there.

        A worker notes it every few seconds: one whose ``seen_at`` lies a minute back is dead or cut off.
        """
        ...

    def note_worker(self, worker: Worker) -> None:
        """A worker is well."""
        ...

    def dismiss(self, worker_id: str) -> None:
        """A worker has ended."""
        ...

    def queue(self) -> Queue | None:
        """What waits for workers; ``None`` where no queue is used."""
        ...

    def publish_catalogue(self, name: str, text: str, now: datetime) -> None:
        """Let workers read the sites that a service has checked. What a week ago was the last is forgotten."""
        ...

    def published(self, name: str) -> str | None:
        """A catalogue by its name; ``None`` where it is forgotten."""
        ...

    def turn(self, name: str) -> AbstractContextManager[bool]:
        """Whether this process may do what one at a time does, on all machines; held to the end of the block."""
        ...

    def claim(self, site: str) -> bool:
        """Take a site for this process alone, on all machines, or return False where another has it.

        Held by the one connection that this process uses from then on, which is never made anew: where it is lost,
        nothing more can be written, and the next one may have the site.
        """
        ...

    def check_claims(self) -> None:
        """Raise DatabaseUnreachable where the sites that were claimed may be another's by now."""
        ...
