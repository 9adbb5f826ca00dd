"""A digest narrowed to what one reader wants: sites, kinds, weight, words. Pure.

What is left out is left out of every count, so that each line of a chosen digest is true of what it shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from monitor.compare.align import fold, reading
from monitor.digest.day import Choice, Digest, arranged, counted, tallies
from monitor.digest.item import Item
from monitor.digest.steps import ALARMS
from monitor.digest.stories import Story
from storage.browsing import DayCount
from storage.records import Change, ChangeKind

_NEVER_LIGHT = frozenset({ChangeKind.TAMPERED})


def choose(
    digest: Digest,
    sites: Collection[str] = (),
    kinds: Collection[ChangeKind] = (),
    least_weight: float = 0.0,
    words: Collection[str] = (),
) -> Digest:
    """The digest with only the changes of these sites and kinds, of at least that weight, that say any of the words.

    Empty collections and a weight of nought narrow nothing. ``sites`` are keys. A word is looked for in titles, edits,
    facts, notes and texts, whatever its case and width. Tampering is never left out for its weight or its words. A
    story stays whole where one of its new articles stays, and a site's health where the site does; without any other
    narrowing than sites and kinds the counts of the last thirty days are narrowed too, else they are left out.
    """
    wanted = Choice(
        tuple(sorted(set(sites))),
        tuple(kind for kind in ChangeKind if kind in set(kinds)),
        least_weight,
        tuple(sorted(folded for word in set(words) if (folded := _plain(word)))),
    )
    if wanted == Choice():
        return digest
    texts = _texts(digest) if wanted.words else {}
    told = {id(change) for change in digest.changes if _is_wanted(change, wanted, texts)}
    told |= _further_steps(digest, wanted, told)
    changes = tuple(change for change in digest.changes if id(change) in told)
    chosen = Choice(wanted.sites, wanted.kinds, least_weight, tuple(sorted(set(words))))
    return replace(_of_sites(_of_changes(digest, changes), wanted), chosen=chosen)


def _of_changes(digest: Digest, changes: tuple[Change, ...]) -> Digest:
    """The digest with these of its changes, and what is told of them."""
    kept = set(map(id, changes))
    told = [one for item in digest.items for one in _kept_of(item, kept)]
    fresh = {change.url for change in changes if change.kind is ChangeKind.NEW}
    urls = {change.url for change in changes}
    return replace(
        digest,
        changes=changes,
        counts=counted(changes),
        **arranged(sorted(told, key=lambda item: item.number)),
        stories=tuple(story for story in digest.stories if _is_fresh(story, fresh)),
        tallies=tallies(changes, dict(digest.sites)),
        followed=tuple(story for story in digest.followed if any(one.url in urls for one in story.articles)),
        reprints=tuple(line for line in digest.reprints if any(part.url in urls for part in line.parts)),
    )


def _further_steps(digest: Digest, wanted: Choice, told: Collection[int]) -> set[int]:
    """Changes that say too little of what a reader wants, by identity: steps of an item of which another says enough.

    Who is told that an article was altered has to be told that it was altered back.
    """
    return {
        id(step.change)
        for item in digest.items
        if any(id(step.change) in told for step in item.steps)
        for step in item.steps
        if not wanted.kinds or step.change.kind in wanted.kinds
    }


def _kept_of(item: Item, kept: Collection[int]) -> Sequence[Item]:
    """The item as it is where all its changes are kept; what is kept of it, change by change, where they are not.

    A hijack or a withdrawal keeps what became of it.
    """
    singles = [one for one in item.singles if id(one.change) in kept]
    first = item.singles[0]
    if len(singles) == len(item.singles) or (first.change.kind in ALARMS and first in singles):
        return [item]
    return singles


def _of_sites(digest: Digest, wanted: Choice) -> Digest:
    """The digest with what it says of the chosen sites' health and past, and of talk only where that is all sites'."""
    talk = not (wanted.sites or wanted.words or (wanted.kinds and ChangeKind.NEW not in wanted.kinds))
    days, site_days = _past(digest, wanted)
    return replace(
        digest,
        sites=tuple(pair for pair in digest.sites if not wanted.sites or pair[0] in wanted.sites),
        health=tuple(one for one in digest.health if not wanted.sites or one.site in wanted.sites),
        indicators=tuple(one for one in digest.indicators if not wanted.sites or one.health.site in wanted.sites),
        keywords=digest.keywords if talk else (),
        days=days,
        site_days=site_days,
    )


def _is_wanted(change: Change, wanted: Choice, texts: Mapping[int, str]) -> bool:
    if wanted.sites and change.site not in wanted.sites:
        return False
    if wanted.kinds and change.kind not in wanted.kinds:
        return False
    if change.kind in _NEVER_LIGHT:
        return True
    if change.weight < wanted.least_weight:
        return False
    return not wanted.words or any(word in texts[id(change)] for word in wanted.words)


def _plain(text: str) -> str:
    return fold(reading(text)).casefold()


def _texts(digest: Digest) -> dict[int, str]:
    """All that is said of and by each change, by the change's identity."""
    items = {id(one.change): one for item in digest.items for one in item.singles}
    printed = {article.url: article.said for story in digest.stories for article in story.articles}
    return {
        id(change): _plain("\x02".join(_words(change, items.get(id(change)), printed.get(change.url, ()))))
        for change in digest.changes
    }


def _words(change: Change, item: Item | None, said: Iterable[str]) -> Iterable[str]:
    yield change.title or ""
    yield change.note or ""
    for edit in change.edits:
        yield edit.before
        yield edit.after
    if item is not None:
        yield item.title
        yield from item.kept
        yield from item.said
    yield from said


def _is_fresh(story: Story, urls: Collection[str]) -> bool:
    return any(article.fresh and article.url in urls for article in story.articles)


def _past(digest: Digest, wanted: Choice) -> tuple[tuple[DayCount, ...], tuple[tuple[str, tuple[DayCount, ...]], ...]]:
    """The thirty days, of all chosen sites together and of each; nothing where they cannot be narrowed alike."""
    if wanted.least_weight or wanted.words:
        return (), ()
    by_site = tuple(
        (site, _of_kinds(days, wanted)) for site, days in digest.site_days if not wanted.sites or site in wanted.sites
    )
    if not wanted.sites:
        return _of_kinds(digest.days, wanted), by_site
    if {site for site, _ in by_site} != set(wanted.sites):
        return (), by_site
    together: dict[date, Counter[ChangeKind]] = {}
    for _, days in by_site:
        for one in days:
            together.setdefault(one.day, Counter()).update(one.counts)
    return tuple(DayCount(day, dict(counts)) for day, counts in sorted(together.items())), by_site


def _of_kinds(days: Iterable[DayCount], wanted: Choice) -> tuple[DayCount, ...]:
    if not wanted.kinds:
        return tuple(days)
    narrowed = (DayCount(one.day, {k: n for k, n in one.counts.items() if k in wanted.kinds}) for one in days)
    return tuple(one for one in narrowed if one.total)
