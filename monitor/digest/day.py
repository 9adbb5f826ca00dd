"""One China day told: what the change log says, put in the order in which a person wants to read it. Pure.

Nothing here is worded or coloured: a ``Digest`` is what all renderers share. It depends on its arguments alone and not
on their order, so that the same day always gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from monitor.digest.health import Indicators, in_trouble, indicators, is_backdated
from monitor.digest.item import Item, is_mend, item_of
from monitor.digest.keywords import Keyword
from monitor.digest.steps import together
from monitor.digest.stories import Story, followed, stories
from monitor.stories import Line, Part
from storage.browsing import DayCount
from storage.records import Change, ChangeKind, SiteHealth, Version


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """The parts of a digest that hold items, each item in one of them, in reading order.

    ``edited`` are the edits worth reading, weightiest first, ``mends`` the typo-sized ones. ``backdated`` are new
    articles that were dated back.
    """

    tampered: tuple[Item, ...] = ()
    removed: tuple[Item, ...] = ()
    edited: tuple[Item, ...] = ()
    mends: tuple[Item, ...] = ()
    retitled: tuple[Item, ...] = ()
    redated: tuple[Item, ...] = ()
    moved: tuple[Item, ...] = ()
    restored: tuple[Item, ...] = ()
    redesigned: tuple[Item, ...] = ()
    backdated: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest(Sections):
    """A day's news about pages. ``changes`` are all of them as they happened; each is also told in one section.

    ``stories`` hold every new article. ``counts`` names all kinds. ``health`` has the sites in trouble first.
    ``reprints`` are the stories on several pages that something of the day touched, as they stood at its end;
    ``followed`` tells those of them that were not printed anew. ``days`` count the changes of the thirty days up to
    this one, ``site_days`` the same of single sites; days without a change are left out. A digest of several days
    begins on ``day`` and ends with ``last``. ``hijacked`` are addresses that are never linked.
    ``chosen`` says what it was narrowed to (``monitor.digest.choose``).
    """

    day: date
    generated_at: datetime
    sites: tuple[tuple[str, str], ...]
    counts: tuple[tuple[ChangeKind, int], ...]
    changes: tuple[Change, ...]
    stories: tuple[Story, ...]
    tallies: tuple[Tally, ...]
    keywords: tuple[Keyword, ...]
    health: tuple[SiteHealth, ...]
    reprints: tuple[Line, ...] = ()
    followed: tuple[Story, ...] = ()
    days: tuple[DayCount, ...] = ()
    site_days: tuple[tuple[str, tuple[DayCount, ...]], ...] = ()
    indicators: tuple[Indicators, ...] = ()
    hijacked: frozenset[str] = frozenset()
    last: date | None = None
    chosen: Choice | None = None

    @property
    def until(self) -> date:
        """The last China day that is told."""
        return self.last or self.day

    @property
    def items(self) -> tuple[Item, ...]:
        """What is told of single changes, section by section: all changes but new articles that nothing is said of."""
        return tuple(item for part in fields(Sections) for item in getattr(self, part.name))

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
    hijacked: Collection[str] = (),
    last: date | None = None,
) -> Digest:
    """The digest of one China day, or of the days from ``day`` to ``last``.

    ``changes`` are those detected then; ``articles`` gives for an address its newest version (titles, dates,
    openings, the last kept text of withdrawn pages); ``sites`` names by key; ``keywords`` as ``unusual`` ranks them.
    ``versions`` gives by (address, number) the versions that the changes speak of: where they are at hand, each edit is
    shown in its sentence, else by itself. ``hijacked`` are addresses that stood hijacked at the digest's end, though
    the days themselves tell nothing of it. ``generated_at`` is aware.
    """
    ordered, known = sorted(changes, key=_happening), versions or {}
    single = [
        item_of(change, articles, known, sites, number)
        for number, change in enumerate(ordered, 1)
        if change.kind is not ChangeKind.NEW or is_backdated(change)
    ]
    return Digest(
        day=day,
        generated_at=generated_at,
        sites=tuple(sorted(sites.items())),
        changes=tuple(ordered),
        counts=counted(ordered),
        **arranged(together(single, articles, known)),
        stories=stories(ordered, articles, reprints),
        followed=followed(ordered, articles, reprints),
        tallies=tallies(ordered, sites),
        keywords=tuple(keywords),
        health=tuple(sorted(health, key=_trouble)),
        reprints=tuple(reprints),
        days=past.days,
        site_days=past.site_days,
        indicators=indicators(health, ordered, past.weeks),
        hijacked=frozenset(hijacked).union(_hijacked(ordered, reprints)),
        last=last if last != day else None,
    )


def _hijacked(changes: Sequence[Change], lines: Sequence[Line]) -> set[str]:
    """The addresses of pages that were hijacked on the day, or stand so in a story: also where they are told as new."""
    told = {change.url for change in changes if change.kind is ChangeKind.TAMPERED}
    return told | {part.url for line in lines for part in line.parts if part.since is ChangeKind.TAMPERED}


def counted(changes: Sequence[Change]) -> tuple[tuple[ChangeKind, int], ...]:
    """How many changes of every kind there are, also of those that did not happen."""
    counts = Counter(change.kind for change in changes)
    return tuple((kind, counts[kind]) for kind in ChangeKind)


def arranged(items: Sequence[Item]) -> dict[str, Any]:
    """Items by the section they are told in (the fields of ``Sections``), each kind in reading order.

    Of like weight those first of which more was kept, then in the order given. Pages that are still hijacked or gone
    stand before those that were well again by the digest's end.
    """
    read = sorted(items, key=lambda item: (bool(item.restored_at), -item.change.weight, -sum(map(len, item.kept))))
    kinds = {kind: tuple(item for item in read if item.change.kind is kind) for kind in ChangeKind}
    edits, new = kinds.pop(ChangeKind.EDITED), kinds.pop(ChangeKind.NEW)
    return {
        **{kind.value: told for kind, told in kinds.items()},
        "edited": tuple(item for item in edits if not is_mend(item.change)),
        "mends": tuple(item for item in edits if is_mend(item.change)),
        "backdated": tuple(item for item in new if is_backdated(item.change)),
    }


def _happening(change: Change) -> tuple[datetime, int, str, str, str, str]:
    """The order in which changes happened; the whole record last, so that no two different ones tie."""
    return (change.detected_at, change.id, change.site, change.url, change.kind.value, repr(change))


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
