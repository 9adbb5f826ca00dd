"""A page's several changes of one day, or one week, as one item with its steps. Pure.

Edits of a page become one item that shows what stands there now against what stood there before the first of them; each
edit is a step of it. A hijack or a withdrawal that was undone before the digest's end says so itself: the page's
restoring is its last step, and no item of its own. A page that was edited and then withdrawn stays two items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from monitor.compare.difference import honest_difference
from monitor.digest.item import EDITS, Item, article_at, facts_of
from monitor.digest.passages import passages
from storage.records import Change, ChangeKind, Facts, Version

ALARMS = (ChangeKind.TAMPERED, ChangeKind.REMOVED)


def together(
    items: Sequence[Item], articles: Mapping[str, Version], versions: Mapping[tuple[str, int], Version]
) -> list[Item]:
    """The items, in the order of their first changes, with those of one page that belong together as one.

    ``items`` are single changes in the order in which they happened; ``articles`` and ``versions`` as in
    ``monitor.digest.day.build``. Edits between versions that are not at hand stay single.
    """
    pages: dict[str, list[Item]] = {}
    for item in items:
        pages.setdefault(item.change.url, []).append(item)
    told: list[Item] = []
    for page in pages.values():
        told += page if len(page) == 1 else _of_page(page, articles, versions)
    return sorted(told, key=lambda item: item.number)


def _of_page(
    page: Sequence[Item], articles: Mapping[str, Version], versions: Mapping[tuple[str, int], Version]
) -> list[Item]:
    edits = [item for item in page if item.change.kind in EDITS]
    whole = _edited(edits, articles, versions) if len(edits) > 1 else None
    told = [whole] if whole else edits
    chains: dict[ChangeKind, list[Item]] = {}
    for item in page:
        kind = item.change.kind
        if kind in ALARMS:
            chains.setdefault(kind, []).append(item)
        elif kind is ChangeKind.RESTORED and chains:
            for chain in chains.values():
                chain.append(item)
        elif kind not in EDITS:
            told.append(item)
    for first, *rest in chains.values():
        told.append(replace(first, steps=(first, *rest)) if rest else first)
    return told


def _edited(
    edits: Sequence[Item], articles: Mapping[str, Version], versions: Mapping[tuple[str, int], Version]
) -> Item | None:
    """Several edits of a page as one, from before the first to after the last; ``None`` where that cannot be shown."""
    first, last = edits[0].change, edits[-1].change
    newest = articles.get(first.url)
    older = article_at(first.url, first.from_version, newest, versions)
    newer = article_at(last.url, last.to_version, newest, versions)
    if older is None or newer is None:
        return None
    found = honest_difference(older, newer)
    kind = min((item.change.kind for item in edits), key=EDITS.index)
    change: Change = replace(
        last,
        kind=kind,
        from_version=first.from_version,
        # What was changed and changed back weighs as much as it did.
        weight=max(item.change.weight for item in edits),
        edits=found.edits if found else (),
        facts=found.facts if found else Facts(),
        paragraphs_added=found.paragraphs_added if found else 0,
        paragraphs_removed=found.paragraphs_removed if found else 0,
        note=found.note if found else None,
    )
    return replace(
        edits[-1],
        change=change,
        number=edits[0].number,
        passages=passages(change, newer, older),
        facts=facts_of(change),
        steps=tuple(edits),
    )
