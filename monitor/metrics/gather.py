"""One look at everything that is told to whoever watches: the archive, this process, the machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.metrics.children import children_memory
from monitor.metrics.pulse import Durations, Pulse, Work
from monitor.metrics.visitlog import VisitLog
from storage.archive import Archive
from storage.changes import ChangeKind
from storage.crew import Queue, is_lost
from storage.measuring import Visits
from storage.outbox import LetterState
from storage.records import Outcome

COUNTED_EVERY = timedelta(minutes=1)
"""How often the whole archive is counted: what grows by a few in a minute need not be counted at each look."""

FEW_SITES = 50
"""Of so many sites each is told by itself; of more, one line each would swamp whoever collects them."""

ARCHIVE = ("pages", "versions", "bodies")


@dataclass(frozen=True, slots=True)
class Standing:
    """How an archive stands. ``due`` counts pages of sites that are watched, ``waiting`` the sites they belong to;
    ``late`` is how many seconds ago the first of them should have been visited. ``unread`` is how many seconds ago one
    of a site's columns was last read, where there are few sites. ``queue`` is there where workers take crawls from one;
    ``queued_for`` is how many seconds the first of them has waited."""

    visits: Mapping[Outcome, Visits]
    changes: Mapping[ChangeKind, int]
    letters: Mapping[LetterState, int]
    counts: Mapping[str, int]
    size: int
    undecided: int
    sites: int
    due: int
    waiting: int
    late: float
    unread: Mapping[str, float]
    workers: int = 0
    lost_workers: int = 0
    queue: Queue | None = None
    queued_for: float = 0.0


@dataclass(frozen=True, slots=True)
class Process:
    """How one process does."""

    silent: float | None
    at_work: Mapping[Work, int]
    took: Mapping[Work, Durations]
    children: int
    children_bytes: int


class Gatherer:
    """Looks at an archive; ``watched`` gives the keys of the sites that are watched now. One look at a time."""

    def __init__(self, archive: Archive, clock: Callable[[], datetime], watched: Callable[[], Collection[str]]) -> None:
        self._archive, self._clock, self._watched = archive, clock, watched
        self._log = VisitLog(archive.measuring)
        self._told: dict[ChangeKind, int] = {}
        self._counted: tuple[datetime, dict[str, int]] | None = None
        self._lock = threading.Lock()

    def standing(self) -> Standing:
        """How the archive stands now. Raises StorageError."""
        with self._lock:
            now, watched, measuring = self._clock(), self._watched(), self._archive.measuring
            due = {site: some for site, some in measuring.due(now).items() if site in watched}
            queue = self._archive.running.queue()
            oldest = queue.oldest_at if queue else None
            crew = self._archive.running.workers(now)
            first = min((some.since for some in due.values()), default=now)
            return Standing(
                visits=self._log.read(now),
                changes=self._changes(),
                letters=self._archive.outbox.counts(),
                counts=self._counts(now),
                size=measuring.size(),
                undecided=measuring.undecided(),
                sites=len(watched),
                due=sum(some.pages for some in due.values()),
                waiting=len(due),
                late=(now - first).total_seconds(),
                unread=self._unread(now, watched),
                workers=sum(not is_lost(worker, now) for worker in crew),
                lost_workers=sum(is_lost(worker, now) for worker in crew),
                queue=queue,
                queued_for=max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
            )

    def _changes(self) -> dict[ChangeKind, int]:
        for kind, number in self._archive.measuring.changes().items():
            self._told[kind] = max(number, self._told.get(kind, 0))
        return dict(self._told)

    def _counts(self, now: datetime) -> dict[str, int]:
        # A clock that was put back counts anew.
        if self._counted is None or not timedelta() <= now - self._counted[0] < COUNTED_EVERY:
            counts = self._archive.running.counts()
            self._counted = now, {name: counts[name] for name in ARCHIVE}
        return self._counted[1]

    def _unread(self, now: datetime, watched: Collection[str]) -> dict[str, float]:
        if len(watched) > FEW_SITES:
            return {}
        read = self._archive.measuring.read_at()
        return {site: max(0.0, (now - read[site]).total_seconds()) for site in sorted(watched) if site in read}


def process_of(pulse: Pulse) -> Process:
    """How this process does now."""
    children, size = children_memory()
    return Process(pulse.silent(), pulse.at_work(), pulse.took(), children, size)
