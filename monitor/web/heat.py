"""A year of the archive as months of weeks: how many changes each day had, and how much that is for this year. Pure."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from storage.browsing import DayCount
from storage.records import ChangeKind

LEVELS = 4
"""Shades that a day with changes may have."""

_GRAVE = (ChangeKind.REMOVED, ChangeKind.TAMPERED)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar. ``level`` is 0 for a day without changes, else 1 to ``LEVELS``; ``watched`` is false
    before anything was watched."""

    day: date
    counts: tuple[tuple[ChangeKind, int], ...] = ()
    level: int = 0
    watched: bool = True

    @property
    def total(self) -> int:
        """All changes of the day."""
        return sum(number for _, number in self.counts)

    @property
    def is_grave(self) -> bool:
        """Whether something was withdrawn or tampered with."""
        return any(kind in _GRAVE for kind, _ in self.counts)


@dataclass(frozen=True, slots=True)
class Month:
    """A month: its weeks from Monday on, ``None`` for days of another month and days that are still to come."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]

    @property
    def total(self) -> int:
        """All changes of the month."""
        return sum(day.total for week in self.weeks for day in week if day)


def year_of(year: int, counted: Sequence[DayCount], today: date, began: date | None = None) -> tuple[Month, ...]:
    """The months of a year up to ``today``, without those before ``began``, the first day that was watched.

    Shades go by rank, so that one loud day does not pale all others.
    """
    known = {day.day: day for day in counted if day.total}
    ranked = sorted(day.total for day in known.values())

    def told(day: date) -> Day:
        found = known.get(day)
        if found is None:
            return Day(day, watched=began is None or day >= began)
        counts = tuple((kind, found.counts[kind]) for kind in ChangeKind if found.counts.get(kind))
        return Day(day, counts, ceil(LEVELS * bisect_right(ranked, found.total) / len(ranked)))

    months = (date(year, month, 1) for month in range(1, 13))
    since = began.replace(day=1) if began else date.min
    shown = (first for first in months if since <= first <= today)
    return tuple(_month(first, (told(day) for day in _days(first, today))) for first in shown)


def _days(first: date, today: date) -> Iterable[date]:
    days = monthrange(first.year, first.month)[1]
    return (day for day in (first + timedelta(days=number) for number in range(days)) if day <= today)


def _month(first: date, days: Iterable[Day]) -> Month:
    cells: list[Day | None] = [None] * first.weekday()
    cells += days
    cells += [None] * (-len(cells) % 7)
    return Month(first, tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7)))
