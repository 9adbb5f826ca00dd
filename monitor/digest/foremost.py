"""The weightiest of a digest's changes over all kinds: what an editor would put on the front page. Pure."""

from __future__ import annotations

from collections import Counter

from monitor.digest.day import Digest, Item
from storage.records import ChangeKind

MOST = 8
"""Changes that are told as foremost."""

FEWEST = 5
"""Changes from which a choice among them is worth making."""

ALIKE = 3
"""Changes of one kind among the foremost: a day of withdrawals has other news, too."""

LEAST = 0.3
"""Weight below which nothing is foremost: wording, furniture, who edited."""


def foremost(digest: Digest) -> tuple[Item, ...]:
    """The weightiest changes, one of a page and few of a kind, in their section's order where they weigh alike.

    Nothing where a digest tells so few that there is nothing to choose. Tampering is not among them: it stands above.
    """
    alarmed = {item.change.url for item in digest.tampered}
    ranked = sorted(digest.items, key=lambda item: -item.change.weight)
    if len(ranked) - len(digest.tampered) < FEWEST:
        return ()
    told: dict[str, Item] = {}
    kinds: Counter[ChangeKind] = Counter()
    for item in ranked:
        if len(told) == MOST or item.change.weight < LEAST:
            break
        kind = item.change.kind
        if item.change.url not in alarmed and item.change.url not in told and kinds[kind] < ALIKE:
            told[item.change.url] = item
            kinds[kind] += 1
    return tuple(told.values())
