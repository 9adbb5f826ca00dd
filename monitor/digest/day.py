"""One China day told: what the change log says, put in the order in which a person wants to read it. Pure.

Nothing here is worded or coloured: a ``Digest`` is what all renderers share. It depends on its arguments alone and not
on their order, so that the same day always gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from monitor.digest.keywords import Keyword
from monitor.digest.passages import Passage, passages
from monitor.digest.stories import Story, opening, stories
from monitor.stories import Line
from monitor.tell import fact_pairs
from storage.records import Article, Change, ChangeKind, SiteHealth, Version

MEND_WEIGHT = 0.08
"""Edits below this weight that touch no fact are typo-sized mends, told in a fold: the shortest rewording weighs more
(``monitor.compare.weight``)."""

FAILING = 0.05
"""Share of failed visits from which a site is in trouble: the national inspection's indicator for a site that does not
open (政府网站与政务新媒体检查指标)."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that an edit touches; a lone side is empty. ``times`` is how often the same was done to it."""

    family: str
    before: str
    after: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """A change with what is needed to tell it.

    ``title`` is never empty: the change's, the article's, the site's for a redesign, or the address.
    ``kept`` is the last text that was kept of a withdrawn page, as printed, and ``opening`` its beginning.
    """

    change: Change
    site_name: str
    title: str
    published_at: str | None = None
    source: str | None = None
    passages: tuple[Passage, ...] = ()
    facts: tuple[Fact, ...] = ()
    kept: tuple[str, ...] = ()
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many changes of each kind a site had; kinds that did not happen are left out."""

    site: str
    name: str
    counts: tuple[tuple[ChangeKind, int], ...]

    @property
    def total(self) -> int:
        """All the site's changes."""
        return sum(number for _, number in self.counts)


@dataclass(frozen=True, slots=True)
class Digest:
    """A day's news about pages. ``changes`` are all of them as they happened; each is also told in one section.

    ``edited`` are the edits worth reading, weightiest first, ``mends`` the typo-sized ones; ``stories`` hold every new
    article. ``counts`` names all kinds. ``health`` has the sites in trouble first.
    ``reprints`` are the stories on several pages that something of the day touched, as they stood at its end.
    """

    day: date
    generated_at: datetime
    sites: tuple[tuple[str, str], ...]
    counts: tuple[tuple[ChangeKind, int], ...]
    changes: tuple[Change, ...]
    tampered: tuple[Item, ...]
    removed: tuple[Item, ...]
    edited: tuple[Item, ...]
    mends: tuple[Item, ...]
    retitled: tuple[Item, ...]
    redated: tuple[Item, ...]
    moved: tuple[Item, ...]
    restored: tuple[Item, ...]
    redesigned: tuple[Item, ...]
    stories: tuple[Story, ...]
    tallies: tuple[Tally, ...]
    keywords: tuple[Keyword, ...]
    health: tuple[SiteHealth, ...]
    reprints: tuple[Line, ...] = ()

    def name_of(self, site: str) -> str:
        """The site's name, or its key where it has none."""
        return dict(self.sites).get(site) or site

    def count(self, kind: ChangeKind) -> int:
        """How many changes of this kind the day had."""
        return dict(self.counts).get(kind, 0)


def build(
    day: date,
    changes: Sequence[Change],
    articles: Mapping[str, Version],
    *,
    health: Sequence[SiteHealth],
    sites: Mapping[str, str],
    keywords: Sequence[Keyword],
    generated_at: datetime,
    versions: Mapping[tuple[str, int], Version] | None = None,
) -> Digest:
    """The digest of one China day.

    ``changes`` are those detected on that day; ``articles`` gives for an address its newest version (titles, dates,
    openings, the last kept text of withdrawn pages); ``sites`` names by key; ``keywords`` as ``unusual`` ranks them.
    ``versions`` gives by (address, number) the versions that the changes speak of: where they are at hand, each edit is
    shown in its sentence, else by itself. ``generated_at`` is aware.
    """
    ordered = sorted(changes, key=_happening)
    kinds = _by_kind([_item(change, articles, versions or {}, sites) for change in ordered])
    edited = kinds[ChangeKind.EDITED]
    return Digest(
        day=day,
        generated_at=generated_at,
        sites=tuple(sorted(sites.items())),
        counts=tuple((kind, len(kinds[kind])) for kind in ChangeKind),
        changes=tuple(ordered),
        tampered=kinds[ChangeKind.TAMPERED],
        removed=kinds[ChangeKind.REMOVED],
        edited=tuple(item for item in edited if not is_mend(item.change)),
        mends=tuple(item for item in edited if is_mend(item.change)),
        retitled=kinds[ChangeKind.RETITLED],
        redated=kinds[ChangeKind.REDATED],
        moved=kinds[ChangeKind.MOVED],
        restored=kinds[ChangeKind.RESTORED],
        redesigned=kinds[ChangeKind.REDESIGNED],
        stories=stories(ordered, articles),
        tallies=_tallies(ordered, sites),
        keywords=tuple(keywords),
        health=tuple(sorted(health, key=_trouble)),
    )


def _by_kind(items: Sequence[Item]) -> dict[ChangeKind, tuple[Item, ...]]:
    """The items of each kind in reading order; of like weight in the order given."""
    read = sorted(items, key=lambda item: -item.change.weight)
    return {kind: tuple(item for item in read if item.change.kind is kind) for kind in ChangeKind}


def is_mend(change: Change) -> bool:
    """Whether an edit is typo-sized: light, within paragraphs, touching neither a fact nor the title."""
    return (
        change.kind is ChangeKind.EDITED
        and change.weight < MEND_WEIGHT
        and not fact_pairs(change.facts)
        and not change.paragraphs_added
        and not change.paragraphs_removed
        and all(edit.field != "title" for edit in change.edits)
    )


def in_trouble(health: SiteHealth) -> bool:
    """Whether a site's health has anything that a reader should know."""
    silent = health.last_success_at is None
    failing = health.failures > 0 and health.failures >= FAILING * health.visits
    return bool(silent or failing or health.blocked or health.stale_columns or health.note)


def _happening(change: Change) -> tuple[datetime, int, str, str, str, str]:
    """The order in which changes happened; the whole record last, so that no two different ones tie."""
    return (change.detected_at, change.id, change.site, change.url, change.kind.value, repr(change))


def _item(
    change: Change,
    articles: Mapping[str, Version],
    versions: Mapping[tuple[str, int], Version],
    sites: Mapping[str, str],
) -> Item:
    newest = articles.get(change.url)
    known = newest.article if newest else None
    withdrawn = change.kind is ChangeKind.REMOVED
    name = sites.get(change.site) or change.site
    unnamed = name if change.kind is ChangeKind.REDESIGNED else change.url
    return Item(
        change=change,
        site_name=name,
        title=change.title or (known.title if known else None) or unnamed,
        published_at=known.published_at if known else None,
        source=known.source if known else None,
        passages=passages(
            change,
            _at(change.url, change.to_version, newest, versions),
            _at(change.url, change.from_version, newest, versions),
        ),
        facts=tuple(Fact(*pair, times) for pair, times in Counter(fact_pairs(change.facts)).items()),
        kept=known.paragraphs if known and withdrawn else (),
        opening=opening(known) if known and withdrawn else "",
    )


def _at(
    url: str, number: int | None, newest: Version | None, versions: Mapping[tuple[str, int], Version]
) -> Article | None:
    """What the page said in that version, where it is at hand."""
    if number is None:
        return None
    version = versions.get((url, number))
    if version is None and newest is not None and newest.number == number:
        version = newest
    return version.article if version else None


def _tallies(changes: Sequence[Change], sites: Mapping[str, str]) -> tuple[Tally, ...]:
    by_site: dict[str, Counter[ChangeKind]] = {}
    for change in changes:
        by_site.setdefault(change.site, Counter())[change.kind] += 1
    told = [
        Tally(site, sites.get(site) or site, tuple((kind, counts[kind]) for kind in ChangeKind if counts[kind]))
        for site, counts in by_site.items()
    ]
    return tuple(sorted(told, key=lambda tally: (-tally.total, tally.site)))


def _trouble(health: SiteHealth) -> tuple[bool, bool, int, int, str]:
    silent = health.last_success_at is None
    return (not in_trouble(health), not silent, -health.failures, -len(health.stale_columns), health.site)
