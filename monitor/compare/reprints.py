"""One story on several pages: whether two texts are one story, and who had it first.

Candidates come from the index of stories (``marks``); a candidate is a copy when the texts themselves say so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from cydifflib import SequenceMatcher

from monitor.compare.align import HAN, fold, reading
from monitor.compare.facts import Kind, Token, tokens
from monitor.compare.marks import figure_pairs, words_only
from storage.records import CHINA, Article, Version, china_day

SHARED_MARKS = 2
"""How many marks two pages share before they are looked at."""

COPY = 0.6
"""Containment of character 5-grams in the shorter text from which it is a copy of the other.

Measured on 114 gold pages: different stories stay below .26, the daily reports of one office reach .61 (their facts
tell them apart), copies with one character in twenty changed stay above .70.
"""

SAME_FIGURES = 0.55
"""Share of the pairs of successive figures from which two texts after one form are one text.

On 2,500 made articles (``bench.copies``) items of a series share at most .46 of them, where single figures agree up to
.67 by chance (7时, 2021年); copies share .60 and more.
"""

_GRAM = 5
_SHORTEST_TEXT = 60
_A_STORY = 200
_LONGEST_FORM = 2000
_SAME_FACTS = 0.5
_ENOUGH_FACTS = 3
_ENOUGH_PAIRS = 3
_PLENTY_OF_PAIRS = 8
_ENOUGH_LISTED = 4
_SHORTEST_BLANK = 2
_BLANK_SHARE = 0.03
_TELLING = frozenset({Kind.NUMBER, Kind.DATE, Kind.DOCUMENT, Kind.PERSON})
_CLAUSE = re.compile(r"[^\w、]+")
_LISTED = re.compile(f"[{HAN}]{{2,4}}")
_SHORTEST_NAME = 3
_PRINTED_LATER = timedelta(days=1)
"""How much later than its copy an original may be dated: a paper's own page bears tomorrow's date."""


class Wording:
    """An article's text as reprints are judged by it; what is costly is worked out when it is first asked for."""

    def __init__(self, article: Article) -> None:
        self._said = [reading(paragraph) for paragraph in article.canonical]
        folded = [fold(text) for text in self._said]
        self.plain = words_only(folded)
        self.headline = words_only([fold(reading(article.title or ""))])
        self.pairs = Counter(figure_pairs(folded))

    @cached_property
    def grams(self) -> frozenset[str]:
        """The character 5-grams."""
        return frozenset(self.plain[at : at + _GRAM] for at in range(len(self.plain) - _GRAM + 1))

    @cached_property
    def listed(self) -> Counter[str]:
        """What stands in rows of two to four characters each: 葛明哲、陈国栋、曹喆."""
        rows = (row.split("、") for text in self._said for row in _CLAUSE.split(text) if "、" in row)
        return Counter(item for row in rows for item in row if _LISTED.fullmatch(item))

    @cached_property
    def facts(self) -> Counter[str]:
        """Figures, dates, document numbers and people, each as often as it is named."""
        return Counter(token.key for token in self._tokens if token.kind in _TELLING)

    @cached_property
    def people(self) -> frozenset[str]:
        """Who is named, as far as something around a name marks it as one."""
        return frozenset(token.key for token in self._tokens if token.kind is Kind.PERSON)

    @cached_property
    def _tokens(self) -> list[Token]:
        return [token for text in self._said for token in tokens(text)]

    def shares(self, other: Wording) -> float:
        """How much of the shorter of two texts stands in the longer one, 0..1.

        1.0 for a copy cut to half, since what was cut says nothing against it.
        """
        shorter = min(len(self.grams), len(other.grams))
        return len(self.grams & other.grams) / shorter if shorter else 0.0

    def tells(self, other: Wording) -> bool:
        """Whether two texts are one story: see ``is_reprint``."""
        if min(len(self.plain), len(other.plain)) < _SHORTEST_TEXT:
            return False
        # The cheapest question first: most candidates are items of one series.
        fewer = min(self.pairs.total(), other.pairs.total())
        if fewer >= _ENOUGH_PAIRS and (self.pairs & other.pairs).total() < SAME_FIGURES * fewer:
            return False
        if self.shares(other) < COPY or not self._lists_the_same(other):
            return False
        if fewer >= _PLENTY_OF_PAIRS:
            return True
        return self._has_same_facts(other) and (fewer >= _ENOUGH_PAIRS or not self._fills_otherwise(other))

    def matches(self, other: Wording) -> bool:
        """Whether two texts of one story are about as long: neither is a part of the other, or a piece among others."""
        return min(len(self.plain), len(other.plain)) >= COPY * max(len(self.plain), len(other.plain))

    def _has_same_facts(self, other: Wording) -> bool:
        """Whether the facts of the text with fewer of them mostly stand in the other one as well."""
        a, b = sorted((self.facts, other.facts), key=Counter.total)
        return a.total() < _ENOUGH_FACTS or (a & b).total() >= _SAME_FACTS * a.total()

    def _fills_otherwise(self, other: Wording) -> bool:
        """Whether two texts with hardly a figure are one form, its blanks filled otherwise: who is appointed to what.

        Nobody named in one is named in the other; or what differs within is no mend of single characters. A short
        notice under another headline may have no mend at all: 任命张华同志 and 任命张林同志 are two.
        """
        if self.people and other.people and not self.people & other.people:
            return True
        if max(len(self.plain), len(other.plain)) > _LONGEST_FORM:
            return False
        shorter = min(len(self.plain), len(other.plain))
        mended = self.headline == other.headline or shorter >= _A_STORY
        inner = SequenceMatcher(None, self.plain, other.plain, autojunk=False).get_opcodes()[1:-1]
        blanks = [min(i2 - i1, j2 - j1) for op, i1, i2, j1, j2 in inner if op == "replace"]
        if not mended:
            return bool(blanks)
        filled: int = sum(length for length in blanks if length >= _SHORTEST_BLANK)
        return filled >= _BLANK_SHARE * shorter

    def _lists_the_same(self, other: Wording) -> bool:
        """Whether what one text lists (names, villages) is mostly listed by the other too; true where one lists little.

        A decision after a form that honours seven people is told by these names alone, which a cutter seldom knows.
        """
        a, b = sorted((self.listed, other.listed), key=Counter.total)
        return a.total() < _ENOUGH_LISTED or (a & b).total() >= _SAME_FACTS * a.total()


def similarity(one: Article, other: Article) -> float:
    """How much of the shorter of two articles stands in the longer one, 0..1, by character 5-grams."""
    return Wording(one).shares(Wording(other))


def is_reprint(one: Article, other: Article) -> bool:
    """Whether two articles are one story: copied, cut, lightly edited, with another dateline, or set anew.

    Not one story are two that share slogans (below ``COPY``), two of one series (the daily air report, the weekly list
    of tenders) whose text is a template and whose figures, dates and names differ, and texts too short to tell.
    """
    return Wording(one).tells(Wording(other))


@dataclass(frozen=True, slots=True)
class Kin:
    """What is found of a page's story: all that tell it, and those that surely belong to one story with it.

    A survey of the week holds several stories, and what it holds of them does not make them one. So where another page
    of about the same length is found, those that are longer or shorter by far belong only under the same headline,
    which a part keeps; where none is, those belong that tell the story of the closest.
    """

    alike: tuple[Version, ...] = ()
    story: tuple[Version, ...] = ()


def kin_of(fresh: Version, others: Iterable[Version]) -> Kin:
    """Which of ``others`` tell the story of ``fresh``, those with most text in common first."""
    said = Wording(fresh.article)
    read = [(other, Wording(other.article)) for other in others]
    alike = [(other, text) for other, text in read if said.tells(text)]
    if not alike:
        return Kin()
    alike.sort(key=lambda pair: -len(said.grams & pair[1].grams))
    even = [pair for pair in alike if said.matches(pair[1])]
    near = (
        even + [pair for pair in alike if pair not in even and pair[1].headline == said.headline != ""]
        if even
        else alike
    )
    closest = near[0][1]
    story = [other for other, text in near if text is closest or text.tells(closest)]
    return Kin(tuple(other for other, _ in alike), tuple(story))


def first_of(candidates: Sequence[Version], names: Mapping[str, str] | None = None) -> Version:
    """The version that had the story first: by printed date as precise as all the earliest print, then by first sight.

    A date without a clock time is the whole day, so it does not come before a page of the same day that prints 09:00.
    A page that prints no date, or one later than it was seen, counts from when it was seen. A page that names the site
    of another as its source is no original, unless it is dated days before that one. ``names`` are the sites' names by
    key. Raises ValueError for an empty sequence.
    """
    if not candidates:
        raise ValueError("no candidates")
    rivals = [one for one in candidates if not _is_derived(one, candidates, names or {})] or list(candidates)
    earliest = min(_day(version) for version in rivals)
    rivals = [version for version in rivals if _day(version) == earliest]
    clocks = [_clock(version) for version in rivals]
    if all(clocks):
        first = min(clock for clock in clocks if clock)
        rivals = [version for version, clock in zip(rivals, clocks, strict=True) if clock == first]
    # Of two seen at one moment the page that was found first, whichever of them is asked about.
    return min(rivals, key=lambda version: (version.seen_at, version.page_id, version.url))


def _is_derived(version: Version, candidates: Sequence[Version], names: Mapping[str, str]) -> bool:
    return any(
        other.site != version.site
        and names_site(version, other, names)
        and _day(other) <= _day(version) + _PRINTED_LATER
        for other in candidates
    )


def names_site(version: Version, other: Version, names: Mapping[str, str]) -> bool:
    """Whether a page prints the site of another as its source, and not its own: 来源:娄底日报 for 娄底日报数字报.

    Of two names one holds the other; names of two characters (日报, 新华) are too short to tell.
    """
    source = fold(reading(version.article.source or ""))
    return _is_named(source, other, names) and not _is_named(source, version, names)


def _is_named(source: str, version: Version, names: Mapping[str, str]) -> bool:
    for printed in (names.get(version.site), version.article.site_name):
        name = fold(reading(printed or ""))
        if min(len(name), len(source)) >= _SHORTEST_NAME and (name in source or source in name):
            return True
    return False


def _printed(version: Version) -> str | None:
    printed, seen = version.article.published_at, china_day(version.seen_at).isoformat()
    return printed if printed and printed[:10] <= seen else None


def _day(version: Version) -> date:
    printed = _printed(version)
    return date.fromisoformat(printed[:10]) if printed else china_day(version.seen_at)


def _clock(version: Version) -> str | None:
    """The printed time to the minute in China time, or ``None``."""
    printed = _printed(version)
    if not printed or "T" not in printed:
        return None
    moment = datetime.fromisoformat(printed)
    return (moment.astimezone(CHINA) if moment.tzinfo else moment).strftime("%H:%M")
