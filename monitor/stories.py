"""A story by the pages that print it: who was first, who copied, which copies differ, what became of each. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from monitor.compare.difference import honest_difference
from monitor.compare.reprints import Wording, first_of
from monitor.tell import Lang
from monitor.titles import headline
from storage.records import Article, Change, ChangeKind, Facts
from storage.stories import Printing

EXCERPT = 0.8
"""A copy shorter than this share of the original is an excerpt; one longer by as much says more."""

_MOST_FACTS = 2
_LONGEST_FACT = 16
_WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "excerpt": "节选{0:.0%}",
        "more": "另有增补",
        "edits": "{0}处改动",
        "others": "另有{0}处",
        "title": "标题不同",
        "shortened": "删至{0:.0%}",
        "grown": "有增补",
        "retitled": "改了标题",
        "and": ";",
    },
    "en": {
        "excerpt": "excerpt, {0:.0%}",
        "more": "says more",
        "edits": "edits: {0}",
        "others": "{0} more",
        "title": "another title",
        "shortened": "cut to {0:.0%}",
        "grown": "text added",
        "retitled": "title changed",
        "and": "; ",
    },
}
_GONE = frozenset({ChangeKind.REMOVED, ChangeKind.MOVED})


@dataclass(frozen=True, slots=True)
class Apart:
    """How a copy differs from its original; labels that differ on every site (source, editors, dates) say nothing.

    ``share`` is the length of the copy's text by the original's, ``facts`` are short (original's, copy's) pairs and
    ``edits`` counts what was put otherwise.
    """

    share: float = 1.0
    facts: tuple[tuple[str, str], ...] = ()
    edits: int = 0
    title: bool = False

    @property
    def size(self) -> int:
        """How much differs, to tell which of two texts a copy is nearer to."""
        return len(self.facts) + self.edits + self.title

    def told(self, lang: Lang = "zh") -> str:
        """In few words: ``节选40%;4156名→4165名;标题不同``; empty where nothing of note differs."""
        return self._told(lang, "excerpt", "more", "title")

    def changed(self, lang: Lang = "zh") -> str:
        """The same where it is what one page changed: ``删至40%;4156名→4165名;改了标题``."""
        return self._told(lang, "shortened", "grown", "retitled")

    def _told(self, lang: Lang, short: str, long: str, title: str) -> str:
        say = _WORDS[lang]
        size = say[short].format(self.share) if self.share < EXCERPT else ""
        size = say[long] if self.share > 1 / EXCERPT else size
        facts = [f"{before}→{after}" for before, after in self.facts[:_MOST_FACTS]]
        others = [say["others"].format(len(self.facts) - _MOST_FACTS)] if len(self.facts) > _MOST_FACTS else []
        edits = say["edits"].format(self.edits) if self.edits and not self.facts else ""
        return say["and"].join(word for word in (size, *facts, *others, edits, say[title] * self.title) if word)


@dataclass(frozen=True, slots=True)
class Part:
    """One page's part in a story.

    ``apart`` is how its newest text differs from that text of the original which it was taken from, ``None`` where it
    does not (and for the original): that which it is nearest to, the newest first. ``behind`` is what the original
    changed after that text, ``None`` where the copy stands by its newest. ``since`` is what the change log last told of
    it after it was new, ``None`` for nothing; ``stands`` is false once it was withdrawn.
    """

    site: str
    url: str
    title: str | None
    published_at: str | None
    source: str | None
    apart: Apart | None = None
    since: ChangeKind | None = None
    stands: bool = True
    behind: Apart | None = None

    @property
    def differs(self) -> str | None:
        """How it differs in few Chinese words, ``None`` for not at all."""
        return self.apart.told() if self.apart else None


@dataclass(frozen=True, slots=True)
class Line:
    """A story: the original, and its copies in the order in which they were seen."""

    original: Part
    copies: tuple[Part, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The original, then the copies."""
        return (self.original, *self.copies)


def lines(printings: Sequence[Printing], names: Mapping[str, str] | None = None) -> tuple[Line, ...]:
    """The stories that more than one page printed, from ``storage.archive.Stories.printings``.

    ``names`` are the sites' names by key: a page that names the site of another as its source is the copy.
    """
    stories = (_settled(list(group)) for _, group in groupby(printings, key=lambda printing: printing.story))
    return tuple(_line(story, names) for story in stories if len(story) > 1)


def _settled(printings: Sequence[Printing]) -> list[Printing]:
    """The printings of a story, a page that moved being one with that which stands where it moved to.

    It is no copy of itself, and was not withdrawn; its first version is when the story came.
    """
    standing = {(printing.newest.site, printing.newest.url): printing for printing in printings}
    for here, printing in list(standing.items()):
        last = printing.told[-1] if printing.told else None
        there = (here[0], str(last.evidence.get("to"))) if last and last.kind is ChangeKind.MOVED else here
        if there != here and there in standing:
            standing[there] = replace(standing[there], first=standing.pop(here).first)
    return list(standing.values())


def _line(printings: Sequence[Printing], names: Mapping[str, str] | None) -> Line:
    first = first_of([printing.first for printing in printings], names)
    original = next(printing for printing in printings if printing.first.page_id == first.page_id)
    copies = [printing for printing in printings if printing is not original]
    copies.sort(key=lambda printing: (printing.first.seen_at, printing.first.url))
    beside = _Beside(original)
    return Line(_part(original), tuple(_part(copy, *beside.of(copy)) for copy in copies))


Judged = tuple[Apart | None, Apart | None]
"""How a copy differs from the text that it was taken from, and what the original changed after that text."""


class _Beside:
    """Copies beside an original that may have been changed after they were taken. What is found is kept, since most
    copies say the same, and comparing is what costs."""

    def __init__(self, original: Printing) -> None:
        self._newest = original.newest.article
        self._versions = (original.newest, *reversed(original.between), original.first)
        self._known: dict[tuple[object, ...], Judged] = {}

    def of(self, copy: Printing) -> Judged:
        """A copy, judged by the text that it is nearest to; among such, by that which stood when it was first seen."""
        stood = next((one for one in self._versions if one.seen_at <= copy.first.seen_at), self._versions[-1])
        key = (stood.number, *_said(copy.newest.article))
        if key not in self._known:
            self._known[key] = self._judged(copy.newest.article, stood.article)
        return self._known[key]

    def _judged(self, copy: Article, stood: Article) -> Judged:
        beside_newest = _from(self._newest, copy)
        if beside_newest is None:
            return None, None
        # Versions may differ by what no reader sees: of those that say the same one is looked at.
        others = {_said(text): text for text in (stood, *(one.article for one in self._versions))}
        newest = _said(self._newest)
        found = [(beside_newest if said == newest else _from(text, copy), text) for said, text in others.items()]
        nearest, taken = min(found, key=lambda pair: (pair[0] is not None, pair[0].size if pair[0] else 0))
        return nearest, _from(taken, self._newest)


def _from(original: Article, copy: Article) -> Apart | None:
    return None if _said(original) == _said(copy) else apart(original, copy)


def _said(article: Article) -> tuple[object, ...]:
    return (article.title, article.canonical)


def _part(printing: Printing, differing: Apart | None = None, behind: Apart | None = None) -> Part:
    article = printing.newest.article
    return Part(
        site=printing.newest.site,
        url=printing.newest.url,
        title=headline(article),
        published_at=article.published_at,
        source=article.source,
        apart=differing,
        since=printing.told[-1].kind if printing.told else None,
        stands=_stands(printing.told),
        behind=behind,
    )


def _stands(told: Sequence[Change]) -> bool:
    """Whether a page was not withdrawn, or was put back since."""
    ends = [change.kind for change in told if change.kind in _GONE or change.kind is ChangeKind.RESTORED]
    return not ends or ends[-1] not in _GONE


def apart(original: Article, copy: Article) -> Apart | None:
    """How a copy differs from the original, ``None`` for not at all.

    What a copy puts before or after the text says nothing, as long as that is short.
    """
    found = honest_difference(original, copy)
    if found is None:
        return None
    replaced = sum(edit.op == "replace" and edit.field == "body" for edit in found.edits)
    differing = Apart(
        share=len(Wording(copy).plain) / max(1, len(Wording(original).plain)),
        facts=_short_facts(found.facts) if replaced else (),
        edits=replaced,
        title=any(edit.field == "title" for edit in found.edits),
    )
    return differing if differing.told() else None


def _short_facts(facts: Facts) -> tuple[tuple[str, str], ...]:
    said = (
        facts.numbers,
        facts.dates,
        facts.people,
        facts.organisations,
        facts.places,
        facts.documents,
        facts.negations,
    )
    pairs = (pair for family in said for pair in family)
    return tuple((a, b) for a, b in pairs if a and b and max(len(a), len(b)) <= _LONGEST_FACT)
