"""When to try again, and when to stop. Pure.

A letter that did not arrive is tried after a minute, then after twice as long each time up to an hour, for three days:
by then a digest is no news any more. A letter in doubt (handed over, never answered) has most likely arrived: it is
left alone for a quarter of an hour at least, sent again under the same Message-ID, by which mail systems know it for
the same, and not more often than twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.deliver.outcome import Doubtful, NotSent, Refused, Unaddressed
from storage.outbox import Letter, LetterState, Verdict

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=3)
DOUBT_PAUSE = timedelta(minutes=15)
MOST_DOUBTS = 2
"""Doubts after which a letter is sent once more; with the next one it ends as unsure: thrice handed over is enough."""

SWAY = 0.25
"""By how much of itself a pause is lengthened or shortened, so that what failed together does not return together."""


def pause(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many attempts; ``chance`` lies between 0 and 1."""
    doubled = FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 20))
    return min(doubled, LONGEST_PAUSE) * (1 - SWAY + 2 * SWAY * chance)


def verdict(letter: Letter, fault: NotSent, now: datetime, chance: float) -> Verdict:
    """What becomes of a letter after this fault. ``letter`` is as it was claimed, this attempt counted."""
    error = str(fault)
    if isinstance(fault, Refused):
        return Verdict(LetterState.REFUSED, now, error)
    if isinstance(fault, Doubtful):
        if letter.doubts >= MOST_DOUBTS:
            return Verdict(LetterState.UNSURE, now, error, doubtful=True)
        again = now + DOUBT_PAUSE * (1 << letter.doubts)
        return Verdict(LetterState.WAITING, again, error, doubtful=True)
    again = now + pause(letter.attempts, chance)
    if again > letter.created_at + GIVEN_UP_AFTER and letter.attempts > 1:
        dropped = isinstance(fault, Unaddressed)
        return Verdict(LetterState.DROPPED if dropped else LetterState.GIVEN_UP, now, error)
    return Verdict(LetterState.WAITING, again, error)
