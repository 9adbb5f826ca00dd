"""The records of stories: what a page is found by among all others, and how the pages of one story stand."""

from __future__ import annotations

from dataclasses import dataclass

from storage.changes import Change
from storage.records import Version


@dataclass(frozen=True, slots=True)
class Sketch:
    """What one version of a page is found by: ``marks`` are signed 64-bit numbers, some of which every copy has too.

    ``None`` for a version that is passed over (a hijacked one): the page is found by what it said before.
    """

    page_id: int
    version: int
    marks: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Printing:
    """One page's printing of a story as it stood at a moment.

    ``story`` is the same number for all of one story. ``first`` and ``newest`` are its first version and the newest
    that was seen by then and not told as hijacked, ``told`` what the change log said of the page since it was new,
    oldest first. ``between`` are the honest versions between these two, oldest first; of very many the latest.
    """

    story: int
    first: Version
    newest: Version
    told: tuple[Change, ...] = ()
    between: tuple[Version, ...] = ()
