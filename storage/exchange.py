"""An archive given away and taken in, a record at a time: what it knows, told without its row numbers.

Records name pages by site and address. Frozen records, standard library only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from storage.changes import Change
from storage.records import Lesson, Observation, Page, Run, Version

IMPORTED = "warc-"
"""How the names of runs begin whose visits were made by another crawler, long ago maybe, and taken in from a file."""


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of an archive. ``None`` asks for all; ``since`` is inclusive, ``until`` exclusive, both aware.

    A span chooses visits, changes and crawls, and the pages these are about; of such a page all versions are given,
    since what is remembered of a page speaks of them. Without ``bodies`` no raw response is.
    """

    site: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    bodies: bool = True


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A site: its name, the frame last told of it, and the outside hosts that its honest pages link to."""

    key: str
    name: str = ""
    template: str = ""
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenVersion:
    """A version, with those raw responses and files that it names and no earlier record gave, by their hash.

    ``damaged`` are the hashes of those that cannot be read any more.
    """

    version: Version
    bodies: Mapping[str, bytes] = field(default_factory=dict)
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """A change, and the address of the page it was told of; ``None`` where that is not known."""

    change: Change
    page: str | None = None


Record = KnownSite | Lesson | Run | Page | GivenVersion | Observation | News
"""In this order they are given: none speaks of a page that comes later."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of records, by what they are: ``new`` ones were written, of ``known`` ones at most news of them.

    ``others`` are records of pages that stand here with a history of their own, and were left out.
    """

    new: Mapping[str, int] = field(default_factory=dict)
    known: Mapping[str, int] = field(default_factory=dict)
    others: int = 0


class Exchange(Protocol):
    """Giving and taking. Both raise ``storage.errors.StorageError``."""

    def give(self, part: Part) -> Iterator[Record]:
        """All records of a part as they stand at one moment, each log in its order. Few are in memory.

        A body that was dropped, or is damaged, is left out.
        """
        ...

    def take(self, records: Sequence[Record], strangers: set[tuple[str, str]], past: Collection[str]) -> Taken:
        """Write what is not known here yet of some records, in the order they were given, in one transaction.

        What is known stays as it is, but that a page, a crawl and a lesson are brought up to a later state of the same.
        ``strangers`` is kept by the caller from the first call to the last. The logs named ``past`` are those whose
        posting (``storage.outbox``) passes over what is taken in. Raises StorageError where one of them is behind.
        """
        ...

    def has_visit(self, page_id: int, run: str, at: datetime) -> bool:
        """Whether a visit to a page, of that run and at that moment, is kept."""
        ...

    def recount(self, days: Collection[date]) -> None:
        """Count anew what is kept of China days that are over: records of them were taken in."""
        ...
