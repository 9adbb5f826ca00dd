"""A story by the pages that print it: who was first, who copied, which copies differ, what became of each. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from monitor.compare.difference import honest_difference
from monitor.compare.reprints import Wording, first_of
from storage.records import Article, Change, ChangeKind, Facts
from storage.stories import Printing

EXCERPT = 0.8
"""A copy shorter than this share of the original is an excerpt; one longer by as much says more."""

_MOST_FACTS = 2
_LONGEST_FACT = 16
_GONE = frozenset({ChangeKind.REMOVED, ChangeKind.MOVED})


@dataclass(frozen=True, slots=True)
class Part:
    """One page's part in a story.

    ``differs`` says in few Chinese words how its newest text differs from the original's newest, ``None`` where it does
    not (and for the original). ``since`` is what the change log last told of it after it was new, ``None`` for nothing;
    ``stands`` is false once it was withdrawn.
    """

    site: str
    url: str
    title: str | None
    published_at: str | None
    source: str | None
    differs: str | None = None
    since: ChangeKind | None = None
    stands: bool = True


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
    stories = (list(group) for _, group in groupby(printings, key=lambda printing: printing.story))
    return tuple(_line(story, names) for story in stories if len(story) > 1)


def _line(printings: Sequence[Printing], names: Mapping[str, str] | None) -> Line:
    first = first_of([printing.first for printing in printings], names)
    original = next(printing for printing in printings if printing.first.page_id == first.page_id)
    copies = [printing for printing in printings if printing is not original]
    copies.sort(key=lambda printing: (printing.first.seen_at, printing.first.url))
    said = original.newest.article
    return Line(_part(original), tuple(_part(copy, difference_in_words(said, copy.newest.article)) for copy in copies))


def _part(printing: Printing, differs: str | None = None) -> Part:
    article = printing.newest.article
    return Part(
        site=printing.newest.site,
        url=printing.newest.url,
        title=article.title,
        published_at=article.published_at,
        source=article.source,
        differs=differs,
        since=printing.told[-1].kind if printing.told else None,
        stands=_stands(printing.told),
    )


def _stands(told: Sequence[Change]) -> bool:
    """Whether a page was not withdrawn, or was put back since."""
    ends = [change.kind for change in told if change.kind in _GONE or change.kind is ChangeKind.RESTORED]
    return not ends or ends[-1] not in _GONE


def difference_in_words(original: Article, copy: Article) -> str | None:
    """How a copy differs from the original, in few words: 节选40%;4156名→4165名;标题不同. ``None`` for not at all.

    Labels differ on every site (source, editors, dates) and say nothing; neither does what a copy puts before or after
    the text, as long as that is short.
    """
    found = honest_difference(original, copy)
    if found is None:
        return None
    share = len(Wording(copy).plain) / max(1, len(Wording(original).plain))
    size = f"节选{share:.0%}" if share < EXCERPT else "另有增补" if share > 1 / EXCERPT else ""
    edits = [edit for edit in found.edits if edit.field == "body"]
    replaced = sum(edit.op == "replace" for edit in edits)
    facts = _facts_in_words(found.facts) if replaced else []
    other = f"{replaced}处改动" if replaced and not facts else ""
    title = "标题不同" if any(edit.field == "title" for edit in found.edits) else ""
    return ";".join(words for words in (size, *facts, other, title) if words) or None


def _facts_in_words(facts: Facts) -> list[str]:
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
    short = [(a, b) for a, b in pairs if a and b and max(len(a), len(b)) <= _LONGEST_FACT]
    words = [f"{before}→{after}" for before, after in short[:_MOST_FACTS]]
    return [*words, f"另有{len(short) - _MOST_FACTS}处"] if len(short) > _MOST_FACTS else words
