"""Search over every version: what may be asked of the index, and what it answers.

The index only proposes (see ``storage.signs``): whether a text really holds the words is for the asker to verify, so
that both databases give the same answers. Frozen records, standard library only.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from storage.changes import ChangeKind


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the index: folded words that all occur, of them ``titles`` in the title.

    Empty collections and ``None`` ask for all. ``kinds`` asks for pages that had such a change; ``days`` are inclusive
    China days on which a version was first seen.
    """

    words: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    sites: Collection[str] = ()
    kinds: Collection[ChangeKind] = ()
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that may hold what was asked for."""

    id: int
    page_id: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What a version says, and where it stands. ``newest`` is the number of its page's newest version."""

    id: int
    page_id: int
    number: int
    newest: int
    site: str
    url: str
    seen_at: datetime
    title: str
    text: str


class Searching(Protocol):
    """What a search asks, and how the index is kept whole. All of it raises ``storage.errors.StorageError`` alone."""

    def candidates(self, asked: Asked, *, before: int | None = None, limit: int = 100) -> list[Candidate]:
        """Versions that have all that is asked for, newest first, with ids below ``before``.

        All that hold the words are among them, and some that only hold their pieces.
        """
        ...

    def kept(self, candidates: Collection[Candidate], each: int = 50) -> list[Kept]:
        """These versions and the newest ``each`` of their pages, newest first."""
        ...

    def unindexed(self) -> int:
        """How many versions, the oldest ones, the index does not know yet."""
        ...

    def fill(self, limit: int) -> int:
        """Put the newest ``limit`` of those into the index; how many are left."""
        ...
