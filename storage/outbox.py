"""What is to be sent, to whom, and how far it got: the outbox between what is told and who hears it.

Frozen records and the door to them; standard library only. A letter's way::

    waiting ─► claimed ─► sending ─► sent
       ▲          │          │
       └──────────┴──────────┴─────► refused · given-up · unsure · dropped

``claimed`` is a lease: when it lapses, whoever comes next may take the letter. ``sending`` is written right before a
message is handed over for good. A letter found in it after its lease may have arrived or not: that is a doubt, and
doubts are counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class LetterState(StrEnum):
    """How far a letter got.

    ``refused``: its address will never take it. ``given-up``: not taken in all the time there was. ``unsure``: handed
    over more than once, and never answered. ``dropped``: its address has long stood in ``sites.yaml`` no more.
    """

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    GIVEN_UP = "given-up"
    UNSURE = "unsure"
    DROPPED = "dropped"


UNDER_WAY = frozenset({LetterState.WAITING, LetterState.CLAIMED, LetterState.SENDING})
LOST = frozenset({LetterState.REFUSED, LetterState.GIVEN_UP, LetterState.UNSURE})
"""Ends that the person who runs the service should know of."""


LONGEST_CLAIM = timedelta(hours=1)
"""A claim that holds longer was made by a clock that ran ahead, and holds no more."""


@dataclass(frozen=True, slots=True)
class Posting:
    """A letter to be posted: one item to one address of one subscriber; the three together are posted once, ever.

    ``channel`` names the address without telling it, ``label`` shows it masked. Letters of one ``lane`` go one after
    the other, lanes beside one another. ``details`` is what the item's text is made from.
    """

    subscriber: str
    channel: str
    item: str
    label: str
    lane: str
    not_before: datetime
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Letter:
    """A posted letter. ``attempts`` counts claims, ``doubts`` those whose end nobody knows; moments are aware."""

    id: int
    subscriber: str
    channel: str
    item: str
    label: str
    lane: str
    details: Mapping[str, object]
    state: LetterState
    created_at: datetime
    next_at: datetime
    attempts: int = 0
    doubts: int = 0
    last_error: str | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """How far a log has been posted: a named place that moves from ``was`` (``None`` before the first) to ``now``."""

    name: str
    was: int | None
    now: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a letter after an attempt that failed. ``attempted`` off takes the attempt back."""

    state: LetterState
    next_at: datetime
    error: str
    doubtful: bool = False
    attempted: bool = True


class Outbox(Protocol):
    """Letters on their way. Every method is one transaction and raises ``storage.errors.StorageError`` alone."""

    def reached(self, name: str) -> int | None:
        """How far the log of that name has been posted; ``None`` before the first time."""
        ...

    def latest_change(self, known: int = 0) -> int:
        """The id of the newest change, none below which can still be written; 0 for an empty log.

        ``known`` is one that is known to be such already.
        """
        ...

    def post(self, postings: Sequence[Posting], now: datetime, step: Step | None = None) -> int | None:
        """Post letters, and move the place of a log with them; how many were not known before.

        ``None``, and nothing posted, where somebody else moved the place first.
        """
        ...

    def hasten(self, item: str, now: datetime) -> None:
        """Make the letters of an item due now, but for those in doubt; those that were dropped wait again."""
        ...

    def lanes(self, now: datetime) -> list[str]:
        """Lanes with a letter that could be claimed now."""
        ...

    def claim(self, worker: str, lane: str, now: datetime, until: datetime) -> Letter | None:
        """Take the letter of a lane that is longest due, for oneself alone until then; counted as an attempt."""
        ...

    def renew(self, worker: str, until: datetime) -> None:
        """Prolong all that one has claimed."""
        ...

    def hand_over(self, letter_id: int, worker: str, until: datetime) -> bool:
        """Write down that a letter is about to be handed over; false where it is no longer one's own."""
        ...

    def sent(self, letter_id: int, now: datetime) -> None:
        """It arrived. True whoever holds it by now."""
        ...

    def failed(self, letter_id: int, worker: str, verdict: Verdict) -> bool:
        """Put a letter back, or end it; false where it is no longer one's own."""
        ...

    def doubt(self, now: datetime, again_at: datetime, most: int, error: str) -> int:
        """Put back what was being handed over when its sender vanished, to be sent again then; how many there were.

        A letter that now has more than ``most`` doubts ends as unsure.
        """
        ...

    def letters(
        self, states: Collection[LetterState] = (), *, item: str | None = None, limit: int = 100
    ) -> list[Letter]:
        """Letters in these states or in any, of an item or of all, newest first."""
        ...

    def counts(self) -> dict[LetterState, int]:
        """How many letters are in each state; states without any are left out."""
        ...
