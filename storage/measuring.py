"""What whoever watches the watcher asks of the archive: few figures, each cheap however large the archive is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from storage.changes import ChangeKind
from storage.records import Outcome

FETCH_BOUNDS = (50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000)
"""Milliseconds up to which answers are counted together."""


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits of one outcome: how many, how many of them were answered, within which of the bounds each, and in how many
    milliseconds together. ``within`` counts each answer once, under the first bound that it kept."""

    number: int = 0
    answered: int = 0
    within: tuple[int, ...] = (0,) * len(FETCH_BOUNDS)
    milliseconds: int = 0

    def __add__(self, other: Visits) -> Visits:
        """Both together."""
        within = tuple(mine + theirs for mine, theirs in zip(self.within, other.within, strict=True))
        return Visits(
            self.number + other.number,
            self.answered + other.answered,
            within,
            self.milliseconds + other.milliseconds,
        )


@dataclass(frozen=True, slots=True)
class Due:
    """How many pages of a site are due, and since when the first of them."""

    pages: int
    since: datetime


class Measuring(Protocol):
    """Figures of the archive as it is now."""

    def answers(self) -> None:
        """Ask the database the least that there is to ask. Raises StorageError."""
        ...

    def newest_visit(self) -> int:
        """The id of the newest visit, 0 before the first."""
        ...

    def visits(self, after: int, upto: int | None = None) -> dict[Outcome, Visits]:
        """The visits with ids above ``after``, up to ``upto``, by what they came to."""
        ...

    def changes(self) -> dict[ChangeKind, int]:
        """How many changes of each kind were ever told."""
        ...

    def due(self, now: datetime) -> dict[str, Due]:
        """The pages due by ``now``, by site."""
        ...

    def undecided(self) -> int:
        """How many visits wait to be compared."""
        ...

    def read_at(self) -> dict[str, datetime]:
        """When one of its columns was last read, by site; a site of which none ever was is left out."""
        ...

    def size(self) -> int:
        """Bytes of the database: of the file and its log of writes (SQLite), or of all its tables (PostgreSQL)."""
        ...
