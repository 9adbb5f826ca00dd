"""What the archive tells of an article's past, as far as it bears on when to look again; and why it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Life:
    """An article between its discovery and its latest visit. Moments are aware UTC.

    ``unlisted_at`` is when its column was last seen without it. ``changes`` are the edits and the withdrawal that the
    change log tells of it, oldest first: when it was last seen as it had been, and when otherwise. ``gone`` says that
    it was told as withdrawn or moved. ``checked_at`` is ``None`` where it was never visited.
    """

    page_id: int
    column: str | None
    first_seen_at: datetime
    listed_date: str | None
    checked_at: datetime | None
    unlisted_at: datetime | None = None
    changes: tuple[tuple[datetime, datetime], ...] = ()
    gone: bool = False


class Why(StrEnum):
    """The rule that a page's next visit follows."""

    LET_GO = "let-go"
    AILING = "ailing"
    CONFIRM = "confirm"
    GONE = "gone"
    NEVER_THERE = "never-there"
    COLUMN = "column"
    AGE = "age"
    NEWS = "news"
    CHANGES = "changes"
    HASTENED = "hastened"
    POSTPONED = "postponed"
    UNREAD = "unread"
