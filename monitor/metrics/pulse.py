"""What a process notes of itself while it runs: that its clock goes, what it is at, and how long that takes.

Standard library alone: what is measured here is told by ``monitor.metrics.exposition``.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeVar, get_args

Work = Literal["crawl", "compare", "digest"]
"""What takes time: the crawl of a batch of sites, a look at what waits to be compared, a digest that is written."""

_Done = TypeVar("_Done")

BOUNDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0)
"""Seconds up to which durations are counted together."""

STILL = timedelta(minutes=5)
"""How long a clock that goes may at least be silent: a machine may be busy."""

_BEATS_MISSED = 3


@dataclass(frozen=True, slots=True)
class Durations:
    """How long one kind of work took. ``within`` counts each once, under the first of ``BOUNDS`` that it kept; what
    took longer than all of them is in ``number`` alone."""

    number: int = 0
    seconds: float = 0.0
    within: tuple[int, ...] = (0,) * len(BOUNDS)

    def plus(self, seconds: float) -> Durations:
        """With one more."""
        at = bisect_left(BOUNDS, seconds)
        within = tuple(count + (place == at) for place, count in enumerate(self.within))
        return Durations(self.number + 1, self.seconds + seconds, within)


class Pulse:
    """The pulse of one process, felt from any of its threads. ``tick`` gives seconds that only ever grow."""

    def __init__(self, tick: Callable[[], float] = time.monotonic) -> None:
        self._tick, self._lock = tick, threading.Lock()
        self._beat_at: float | None = None
        self._silence = STILL
        self._at_work: Counter[Work] = Counter()
        self._took: dict[Work, Durations] = {work: Durations() for work in get_args(Work)}

    def beat(self, next_within: timedelta) -> None:
        """The clock ticked, and should tick again within that time."""
        self._silence = max(STILL, _BEATS_MISSED * next_within)
        self._beat_at = self._tick()

    def beating(self, asked: Callable[[], bool]) -> Callable[[], bool]:
        """For work that a tick waits for: whenever it asks this, whether it is to stop, it is alive."""

        def ask() -> bool:
            self._beat_at = self._tick()
            return asked()

        return ask

    def silent(self) -> float | None:
        """Seconds since the clock was last heard of; ``None`` where none was ever begun: pages without a service."""
        return None if self._beat_at is None else max(0.0, self._tick() - self._beat_at)

    @property
    def stands(self) -> bool:
        """Whether a clock that was begun has been silent for too long."""
        silent = self.silent()
        return silent is not None and silent > self._silence.total_seconds()

    @contextmanager
    def timed(self, work: Work, number: int = 1) -> Iterator[None]:
        """Measure a block, also one that fails; ``number`` is how many sites are at work in it."""
        begun = self._tick()
        with self._lock:
            self._at_work[work] += number
        try:
            yield
        finally:
            with self._lock:
                self._at_work[work] -= number
                self._took[work] = self._took[work].plus(self._tick() - begun)

    async def during(self, work: Work, done: Awaitable[_Done], number: int = 1) -> _Done:
        """Measure what is awaited."""
        with self.timed(work, number):
            return await done

    def at_work(self) -> Mapping[Work, int]:
        """What is under way: sites for crawls, else how many times at once."""
        with self._lock:
            return {work: self._at_work[work] for work in get_args(Work)}

    def took(self) -> Mapping[Work, Durations]:
        """How long the works that ended took."""
        with self._lock:
            return dict(self._took)
