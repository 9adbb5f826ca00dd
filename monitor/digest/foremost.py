"""The weightiest of a digest's changes over all kinds: what an editor would put on the front page. Pure."""

from __future__ import annotations

from collections import Counter

from monitor.digest.day import Digest
from monitor.digest.item import Fact, Item
from storage.records import ChangeKind, Edit

MOST = 8
"""Changes that are told as foremost."""

FEWEST = 5
"""Changes from which a choice among them is worth making."""

ALIKE = 3
"""Changes of one kind among the foremost that touch no fact: a day of withdrawals has other news, too."""

LEAST = 0.3
"""Weight below which nothing is foremost: wording, furniture, who edited."""


_WITHIN = 12
"""Characters of an edit that lies within a sentence."""

_ALL_ELSE = 2
_KEY = ("negations", "numbers", "people", "documents", "dates")
"""Families of facts whose change alters what an article says, the gravest first."""


def standing(item: Item) -> tuple[int, float]:
    """Where an item stands among the others: meaning reversed, key facts become others, all else; then by weight."""
    if item.change.weight < LEAST:
        return (_ALL_ELSE, -item.change.weight)
    became = any(fact.family in _KEY for fact in item.paired)
    return (0 if _is_reversed(item) else 1 if became else _ALL_ELSE, -item.change.weight)


def _is_reversed(item: Item) -> bool:
    """Whether a negation came, went or became another within a sentence; one that went with its sentence says less."""
    signs = [fact for fact in item.facts if fact.family == "negations"]
    return any(
        (fact.before and fact.after) or any(_is_short(edit, fact) for edit in item.change.edits) for fact in signs
    )


def _is_short(edit: Edit, fact: Fact) -> bool:
    return fact.before in edit.before and fact.after in edit.after and max(len(edit.before), len(edit.after)) <= _WITHIN


def foremost(digest: Digest) -> tuple[Item, ...]:
    """The weightiest changes, one of a page, in their section's order where they stand alike; first of all those that
    turned what an article says, and of those that touch no fact few of a kind.

    Nothing where a digest tells so few that there is nothing to choose. Tampering is not among them: it stands above.
    """
    alarmed = {item.change.url for item in digest.tampered}
    ranked = sorted(digest.items, key=standing)
    if len(ranked) - len(digest.tampered) < FEWEST:
        return ()
    told: dict[str, Item] = {}
    kinds: Counter[ChangeKind] = Counter()
    for item in ranked:
        if len(told) == MOST or item.change.weight < LEAST:
            break
        kind, url = item.change.kind, item.change.url
        alike = standing(item)[0] == _ALL_ELSE and kinds[kind] >= ALIKE
        if url not in alarmed and url not in told and not alike:
            told[url] = item
            kinds[kind] += 1
    return tuple(told.values())
