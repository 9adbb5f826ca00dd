"""A story by the pages that print it: who was first, who copied, which copies differ, what became of each. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from monitor.compare.difference import honest_difference
from monitor.compare.reprints import Wording, first_of
from monitor.tell import Lang
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
        "and": ";",
    },
    "en": {
        "excerpt": "excerpt, {0:.0%}",
        "more": "says more",
        "edits": "edits: {0}",
        "others": "{0} more",
        "title": "another title",
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

    def told(self, lang: Lang = "zh") -> str:
        """In few words: ``节选40%;4156名→4165名;标题不同``; empty where nothing of note differs."""
        say = _WORDS[lang]
        size = say["excerpt"].format(self.share) if self.share < EXCERPT else ""
        size = say["more"] if self.share > 1 / EXCERPT else size
        facts = [f"{before}→{after}" for before, after in self.facts[:_MOST_FACTS]]
        others = [say["others"].format(len(self.facts) - _MOST_FACTS)] if len(self.facts) > _MOST_FACTS else []
        edits = say["edits"].format(self.edits) if self.edits and not self.facts else ""
        return say["and"].join(word for word in (size, *facts, *others, edits, say["title"] * self.title) if word)


@dataclass(frozen=True, slots=True)
class Part:
    """One page's part in a story.

    ``apart`` is how its newest text differs from the original's newest, ``None`` where it does not (and for the
    original). ``since`` is what the change log last told of it after it was new, ``None`` for nothing; ``stands`` is
    false once it was withdrawn.
    """

    site: str
    url: str
    title: str | None
    published_at: str | None
    source: str | None
    apart: Apart | None = None
    since: ChangeKind | None = None
    stands: bool = True

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
    said, known = original.newest.article, dict[tuple[object, ...], Apart | None]()

    def from_original(copy: Article) -> Apart | None:
        # Most copies say the same, and comparing is what costs.
        same = (copy.title, copy.canonical)
        if same not in known:
            known[same] = None if same == (said.title, said.canonical) else apart(said, copy)
        return known[same]

    return Line(_part(original), tuple(_part(copy, from_original(copy.newest.article)) for copy in copies))


def _part(printing: Printing, differing: Apart | None = None) -> Part:
    article = printing.newest.article
    return Part(
        site=printing.newest.site,
        url=printing.newest.url,
        title=article.title,
        published_at=article.published_at,
        source=article.source,
        apart=differing,
        since=printing.told[-1].kind if printing.told else None,
        stands=_stands(printing.told),
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


def difference_in_words(original: Article, copy: Article) -> str | None:
    """How a copy differs from the original, in few Chinese words: 节选40%;4156名→4165名;标题不同."""
    differing = apart(original, copy)
    return differing.told() if differing else None


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
