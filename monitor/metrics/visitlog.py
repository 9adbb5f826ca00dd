"""The visits of all processes on one archive, counted from the log itself, so that no count is ever read twice.

Ids of visits are given out before they are committed (PostgreSQL): one may appear below others that were seen already.
So what came lately is counted anew at each look, and only what is old enough to be whole is added up for good.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta

from storage.measuring import Measuring, Visits
from storage.records import Outcome

SETTLES = timedelta(minutes=10)
"""No transaction that writes a visit stays open for so long."""


class VisitLog:
    """Counts of visits since the first look; they never go back, whatever is deleted. For one thread at a time."""

    def __init__(self, measuring: Measuring) -> None:
        self._measuring = measuring
        self._looks: deque[tuple[datetime, int]] = deque()
        self._settled_upto: int | None = None
        self._settled: dict[Outcome, Visits] = {}
        self._told: dict[Outcome, Visits] = {}

    def read(self, now: datetime) -> Mapping[Outcome, Visits]:
        """The visits by what they came to."""
        newest = self._measuring.newest_visit()
        if self._settled_upto is None:
            self._settled_upto = newest
        self._looks.append((now, newest))
        self._settle(now)
        late = self._measuring.visits(after=self._settled_upto)
        for outcome, visits in _together(self._settled, late).items():
            known = self._told.get(outcome, Visits())
            if visits.number >= known.number:
                self._told[outcome] = visits
        return dict(self._told)

    def _settle(self, now: datetime) -> None:
        assert self._settled_upto is not None
        reached = self._settled_upto
        while self._looks and now - self._looks[0][0] >= SETTLES:
            reached = max(reached, self._looks.popleft()[1])
        if reached > self._settled_upto:
            whole = self._measuring.visits(after=self._settled_upto, upto=reached)
            self._settled = _together(self._settled, whole)
            self._settled_upto = reached


def _together(some: Mapping[Outcome, Visits], others: Mapping[Outcome, Visits]) -> dict[Outcome, Visits]:
    """Both by outcome, added up."""
    return {
        outcome: some.get(outcome, Visits()) + others.get(outcome, Visits())
        for outcome in Outcome
        if outcome in some or outcome in others
    }
