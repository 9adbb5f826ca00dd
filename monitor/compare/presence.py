"""Is a page gone? One bad answer is no proof: a withdrawal is told once several visits, some time apart, agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from crawler.sites import Removal
from storage.records import CHINA, Observation

MOST_AT_ONCE = 5
"""Pages missing at once from which, if they are more than half of those looked at, it is the site that is broken."""
ALL_AT_ONCE = 3
"""Pages missing from which, if a person had all of a small site looked at and all of it is missing, that is so too."""
SAME_EVERYWHERE = 3
"""Pages that show one text, each in the place of another article, from which it is none of theirs."""
LASTS, LASTING_VISITS = timedelta(days=1), 4
"""How long, and at how many visits, a page is missing before its site's trouble is no excuse for it any more."""

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


def is_outage(streak: Sequence[Observation], missing: int, seen: int) -> bool:
    """Whether a page is missing with most of its site: a broken server, and no withdrawal until it lasts.

    ``seen`` are the site's pages looked at since this one went missing, ``missing`` those of them that are missing too.
    A column taken down (five pages of sixty) is no outage.
    """
    all_by_hand = streak[-1].by_hand and missing == seen >= ALL_AT_ONCE
    if not all_by_hand and (missing < MOST_AT_ONCE or 2 * missing <= seen):
        return False
    return len(streak) < LASTING_VISITS or streak[-1].at - streak[0].at < LASTS


def removal_evidence(streak: Sequence[Observation]) -> dict[str, object]:
    """What speaks for a withdrawal: each visit's answer, and what the page printed instead."""
    last = streak[-1]
    return {
        "visits": len(streak),
        "first_missing_at": streak[0].at.astimezone(CHINA).isoformat(timespec="seconds"),
        "answers": [seen.how for seen in streak][-5:],
        **last.evidence,
    }
