"""A change with what is needed to tell it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.digest.passages import Passage, passages
from monitor.digest.stories import opening
from monitor.tell import fact_pairs
from monitor.titles import titled
from storage.records import Article, Change, ChangeKind, Version

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
    """A change with what is needed to tell it, or several of one page that are told as one.

    ``title`` is never empty: the change's, the article's, the site's for a redesign, or the address.
    ``kept`` is the last text that was kept of a withdrawn page, as printed, and ``opening`` its beginning; ``said`` is
    the canonical text of the page where one is at hand. ``number`` counts the day's changes as they happened, from 1.
    ``steps`` are the single changes of an item that stands for several, as they happened
    (``monitor.digest.steps``); then ``change`` of edits goes from before the first to after the last.
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
    steps: tuple[Item, ...] = ()

    @property
    def paired(self) -> tuple[Fact, ...]:
        """The facts that became others: they say by themselves what happened, where one that came or went does not."""
        return tuple(fact for fact in self.facts if fact.before and fact.after)

    @property
    def singles(self) -> tuple[Item, ...]:
        """The item by its single changes."""
        return self.steps or (self,)

    @property
    def restored_at(self) -> datetime | None:
        """When a hijacked or withdrawn page was well again before the digest's end; ``None`` where it was not."""
        last = self.steps[-1].change if self.steps else None
        return last.detected_at if last is not None and last.kind is ChangeKind.RESTORED else None

    @property
    def is_undone(self) -> bool:
        """Whether several edits left the page as it was before the first of them."""
        return bool(self.steps) and self.change.kind in EDITS and not self.change.edits


EDITS = (ChangeKind.EDITED, ChangeKind.RETITLED, ChangeKind.REDATED)
"""Kinds of changes to what a page says, the one that counts most first."""


def item_of(
    change: Change,
    articles: Mapping[str, Version],
    versions: Mapping[tuple[str, int], Version],
    sites: Mapping[str, str],
    number: int,
) -> Item:
    """A single change as an item. The arguments are those of ``monitor.digest.day.build``."""
    newest = articles.get(change.url)
    known = newest.article if newest else None
    withdrawn = change.kind is ChangeKind.REMOVED
    name = sites.get(change.site) or change.site
    unnamed = name if change.kind is ChangeKind.REDESIGNED else change.url
    return Item(
        change=change,
        site_name=name,
        title=titled(change.title, known) or unnamed,
        number=number,
        published_at=known.published_at if known else None,
        source=known.source if known else None,
        passages=passages(
            change,
            article_at(change.url, change.to_version, newest, versions),
            article_at(change.url, change.from_version, newest, versions),
        ),
        facts=facts_of(change),
        kept=known.paragraphs if known and withdrawn else (),
        opening=opening(known) if known and withdrawn else "",
        said=known.canonical if known else (),
    )


def facts_of(change: Change) -> tuple[Fact, ...]:
    """The facts that a change touches, each once."""
    return tuple(Fact(*pair, times) for pair, times in Counter(fact_pairs(change.facts)).items())


def article_at(
    url: str, number: int | None, newest: Version | None, versions: Mapping[tuple[str, int], Version]
) -> Article | None:
    """What the page said in that version, where it is at hand."""
    if number is None:
        return None
    version = versions.get((url, number))
    if version is None and newest is not None and newest.number == number:
        version = newest
    return version.article if version else None


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
