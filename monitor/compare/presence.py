"""Is a page gone? One bad answer is no proof: a withdrawal is told once several visits, some time apart, agree."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.sites import Removal
from storage.records import CHINA, Observation

BY_HAND = "一次手动复查所见"


def is_confirmed(streak: Sequence[Observation], rule: Removal) -> bool:
    """Whether an unbroken row of visits that found a page gone is enough to call it withdrawn.

    A visit made by hand with ``--recheck all`` is enough by itself: a person asked, and the change says so.
    """
    if not streak:
        return False
    if streak[-1].by_hand:
        return True
    return len(streak) >= rule.visits and streak[-1].at - streak[0].at >= rule.over


def removal_evidence(streak: Sequence[Observation]) -> dict[str, object]:
    """What speaks for a withdrawal: each visit's answer, and what the page printed instead."""
    last = streak[-1]
    return {
        "visits": len(streak),
        "first_missing_at": streak[0].at.astimezone(CHINA).isoformat(timespec="seconds"),
        "answers": [seen.how for seen in streak][-5:],
        **last.evidence,
    }
