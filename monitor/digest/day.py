"""One China day told: what the change log says, put in the order in which a person wants to read it. Pure.

Nothing here is worded or coloured: a ``Digest`` is what all renderers share. It depends on its arguments alone and not
on their order, so that the same day always gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypedDict

from monitor.digest.health import Indicators, in_trouble, indicators, is_backdated
from monitor.digest.keywords import Keyword
from monitor.digest.passages import Passage, passages
from monitor.digest.stories import Story, followed, opening, stories
from monitor.stories import Line, Part
from monitor.tell import fact_pairs
from storage.browsing import DayCount
from storage.records import Article, Change, ChangeKind, SiteHealth, Version

MEND_WEIGHT = 0.08
"""Edits below this weight that touch no fact are typo-sized mends, told in a fold: the shortest rewording weighs more
(``monitor.compare.weight``)."""


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
    ``kept`` is the last text that was kept of a withdrawn page, as printed, and ``opening`` its beginning; ``said`` is
    the canonical text of the page where one is at hand. ``number`` counts the day's changes as they happened, from 1.
    """

    change: Change
    site_name: str
    title: str
    number: int = 0
    published_at: str | None = None
    source: str | None = None
    passages: tuple[Passage, ...] = ()
    facts: tuple[Fact, ...] = ()
    kept: tuple[str, ...] = ()
    opening: str = ""
    said: tuple[str, ...] = ()

    @property
    def paired(self) -> tuple[Fact, ...]:
        """The facts that became others: they say by themselves what happened, where one that came or went does not."""
        return tuple(fact for fact in self.facts if fact.before and fact.after)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a chosen digest was narrowed to; empty collections and a weight of nought narrow nothing."""

    sites: tuple[str, ...] = ()
    kinds: tuple[ChangeKind, ...] = ()
    least_weight: float = 0.0
    words: tuple[str, ...] = ()


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
    ``reprints`` are the stories on several pages that something of the day touched, as they stood at its end;
    ``followed`` tells those of them that were not printed anew.
    ``backdated`` are new articles that were dated back. ``days`` count the changes of the thirty days up to this one,
    ``site_days`` the same of single sites; days without a change are left out. A digest of several days begins on
    ``day`` and ends with ``last``. ``chosen`` says what the digest was narrowed to (``monitor.digest.choose``).
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
    followed: tuple[Story, ...] = ()
    backdated: tuple[Item, ...] = ()
    days: tuple[DayCount, ...] = ()
    site_days: tuple[tuple[str, tuple[DayCount, ...]], ...] = ()
    indicators: tuple[Indicators, ...] = ()
    last: date | None = None
    chosen: Choice | None = None

    @property
    def until(self) -> date:
        """The last China day that is told."""
        return self.last or self.day

    @property
    def items(self) -> tuple[Item, ...]:
        """What is told of single changes, section by section: all changes but new articles that nothing is said of."""
        told = (self.tampered, self.removed, self.edited, self.mends, self.retitled, self.redated, self.moved)
        return tuple(item for part in (*told, self.restored, self.redesigned, self.backdated) for item in part)

    def elsewhere(self, url: str) -> tuple[Part, ...]:
        """The other printings of a page's story that still stand, as far as the day touched the story."""
        for line in self.reprints:
            if any(part.url == url for part in line.parts):
                return tuple(part for part in line.parts if part.url != url and part.stands)
        return ()

    def name_of(self, site: str) -> str:
        """The site's name, or its key where it has none."""
        return dict(self.sites).get(site) or site

    def count(self, kind: ChangeKind) -> int:
        """How many changes of this kind the day had."""
        return dict(self.counts).get(kind, 0)


@dataclass(frozen=True, slots=True)
class Past:
    """What the archive knows beyond the day itself; all of it may be left out.

    ``days`` and ``site_days`` count changes, the thirty days up to the digest's end; ``weeks`` has (visits, failures)
    of each site in the seven days up to it.
    """

    days: tuple[DayCount, ...] = ()
    site_days: tuple[tuple[str, tuple[DayCount, ...]], ...] = ()
    weeks: Mapping[str, tuple[int, int]] = field(default_factory=dict)


_NO_PAST = Past()


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
    reprints: Sequence[Line] = (),
    past: Past = _NO_PAST,
    last: date | None = None,
) -> Digest:
    """The digest of one China day, or of the days from ``day`` to ``last``.

    ``changes`` are those detected then; ``articles`` gives for an address its newest version (titles, dates,
    openings, the last kept text of withdrawn pages); ``sites`` names by key; ``keywords`` as ``unusual`` ranks them.
    ``versions`` gives by (address, number) the versions that the changes speak of: where they are at hand, each edit is
    shown in its sentence, else by itself. ``generated_at`` is aware.
    """
    ordered = sorted(changes, key=_happening)
    return Digest(
        day=day,
        generated_at=generated_at,
        sites=tuple(sorted(sites.items())),
        changes=tuple(ordered),
        counts=counted(ordered),
        **arranged(_items(ordered, articles, versions or {}, sites)),
        stories=stories(ordered, articles, reprints),
        followed=followed(ordered, articles, reprints),
        tallies=tallies(ordered, sites),
        keywords=tuple(keywords),
        health=tuple(sorted(health, key=_trouble)),
        reprints=tuple(reprints),
        days=past.days,
        site_days=past.site_days,
        indicators=indicators(health, ordered, past.weeks),
        last=last if last != day else None,
    )


class Arranged(TypedDict):
    """The parts of a digest that hold items."""

    tampered: tuple[Item, ...]
    removed: tuple[Item, ...]
    edited: tuple[Item, ...]
    mends: tuple[Item, ...]
    retitled: tuple[Item, ...]
    redated: tuple[Item, ...]
    moved: tuple[Item, ...]
    restored: tuple[Item, ...]
    redesigned: tuple[Item, ...]
    backdated: tuple[Item, ...]


def counted(changes: Sequence[Change]) -> tuple[tuple[ChangeKind, int], ...]:
    """How many changes of every kind there are, also of those that did not happen."""
    counts = Counter(change.kind for change in changes)
    return tuple((kind, counts[kind]) for kind in ChangeKind)


def arranged(items: Sequence[Item]) -> Arranged:
    """Items by the section they are told in, each kind in reading order.

    Of like weight those first of which more was kept, then in the order given.
    """
    read = sorted(items, key=lambda item: (-item.change.weight, -sum(map(len, item.kept))))
    kinds = {kind: tuple(item for item in read if item.change.kind is kind) for kind in ChangeKind}
    return Arranged(
        tampered=kinds[ChangeKind.TAMPERED],
        removed=kinds[ChangeKind.REMOVED],
        edited=tuple(item for item in kinds[ChangeKind.EDITED] if not is_mend(item.change)),
        mends=tuple(item for item in kinds[ChangeKind.EDITED] if is_mend(item.change)),
        retitled=kinds[ChangeKind.RETITLED],
        redated=kinds[ChangeKind.REDATED],
        moved=kinds[ChangeKind.MOVED],
        restored=kinds[ChangeKind.RESTORED],
        redesigned=kinds[ChangeKind.REDESIGNED],
        backdated=tuple(item for item in kinds[ChangeKind.NEW] if is_backdated(item.change)),
    )


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


def _happening(change: Change) -> tuple[datetime, int, str, str, str, str]:
    """The order in which changes happened; the whole record last, so that no two different ones tie."""
    return (change.detected_at, change.id, change.site, change.url, change.kind.value, repr(change))


def _items(
    ordered: Sequence[Change],
    articles: Mapping[str, Version],
    versions: Mapping[tuple[str, int], Version],
    sites: Mapping[str, str],
) -> list[Item]:
    """What is told of single changes: of all but new articles that nothing is said of."""
    return [
        _item(change, articles, versions, sites, number)
        for number, change in enumerate(ordered, 1)
        if change.kind is not ChangeKind.NEW or is_backdated(change)
    ]


def _item(
    change: Change,
    articles: Mapping[str, Version],
    versions: Mapping[tuple[str, int], Version],
    sites: Mapping[str, str],
    number: int,
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
        number=number,
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
        said=known.canonical if known else (),
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


def tallies(changes: Sequence[Change], sites: Mapping[str, str]) -> tuple[Tally, ...]:
    """How many changes of each kind each site had, the busiest site first."""
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
