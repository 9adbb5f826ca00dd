"""One story on several pages: finding copies by their sentences, and who had it first.

Candidates come from an inverted index of sentence hashes (``sketch``: recall .999 on 10,000 articles, where SimHash
found .64); a candidate is a copy when the texts themselves say so (``is_reprint``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

from monitor.compare.align import fold, reading
from monitor.compare.facts import Kind, tokens
from storage.records import CHINA, Article, Version, china_day

SHARED_SENTENCES = 2
"""How many sentences two pages share before they are looked at: one may be a slogan that everybody quotes."""

COPY = 0.6
"""Containment of character 5-grams in the shorter text from which it is a copy of the other.

Measured on 114 gold pages: different stories stay below .26, the daily reports of one office reach .61 (their facts
tell them apart), copies with one character in twenty changed stay above .70.
"""

_GRAM = 5
_SHORTEST_SENTENCE = 10
_SHORTEST_TEXT = 60
_SAME_FACTS = 0.5
_ENOUGH_FACTS = 3
_SENTENCE_END = re.compile(r"[。!?;]+")
_NOT_WORDS = re.compile(r"[\W_]+")


def sketch(article: Article) -> tuple[int, ...]:
    """The article's sentences as sorted signed 64-bit hashes, the same on every machine.

    Sentences of ten characters and more, without punctuation and spaces, so that a copy that is set otherwise has the
    same.
    """
    sentences = (
        _NOT_WORDS.sub("", sentence)
        for paragraph in article.canonical
        for sentence in _SENTENCE_END.split(fold(reading(paragraph)))
    )
    return tuple(sorted({_hash(sentence) for sentence in sentences if len(sentence) >= _SHORTEST_SENTENCE}))


def _hash(sentence: str) -> int:
    return int.from_bytes(blake2b(sentence.encode(), digest_size=8).digest(), "big", signed=True)


def similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """How much of the shorter of two texts stands in the longer one, 0..1, by character 5-grams.

    Takes canonical paragraphs. 1.0 for a copy cut to half, since what was cut says nothing against it.
    """
    a, b = _grams(_plain(one)), _grams(_plain(other))
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def is_reprint(one: Article, other: Article) -> bool:
    """Whether two articles are one story: copied, cut, lightly edited, with another dateline, or set anew.

    Not one story are two that share slogans (below ``COPY``), two of one series (the daily air report, the weekly list
    of tenders) whose text is a template and whose figures, dates and names differ, and texts too short to tell.
    """
    if min(len(_plain(one.canonical)), len(_plain(other.canonical))) < _SHORTEST_TEXT:
        return False
    return similarity(one.canonical, other.canonical) >= COPY and _same_facts(one, other)


def _plain(paragraphs: Sequence[str]) -> str:
    return _NOT_WORDS.sub("", fold(reading("".join(paragraphs))))


def _grams(text: str) -> set[str]:
    return {text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)}


def _same_facts(one: Article, other: Article) -> bool:
    """Whether the facts of the article with fewer of them mostly stand in the other one as well."""
    a, b = sorted((_facts(one), _facts(other)), key=Counter.total)
    return a.total() < _ENOUGH_FACTS or (a & b).total() >= _SAME_FACTS * a.total()


def _facts(article: Article) -> Counter[str]:
    return Counter(
        token.key
        for paragraph in article.canonical
        for token in tokens(reading(paragraph))
        if token.kind in (Kind.NUMBER, Kind.DATE, Kind.DOCUMENT, Kind.PERSON)
    )


def first_of(candidates: Sequence[Version]) -> Version:
    """The version that had the story first: by printed date as precise as all the earliest print, then by first sight.

    A date without a clock time is the whole day, so it does not come before a page of the same day that prints 09:00.
    A page that prints no date, or one later than it was seen, counts from when it was seen. Raises ValueError for an
    empty sequence.
    """
    if not candidates:
        raise ValueError("no candidates")
    earliest = min(_day(version) for version in candidates)
    rivals = [version for version in candidates if _day(version) == earliest]
    clocks = [_clock(version) for version in rivals]
    if all(clocks):
        first = min(clock for clock in clocks if clock)
        rivals = [version for version, clock in zip(rivals, clocks, strict=True) if clock == first]
    return min(rivals, key=lambda version: version.seen_at)


def _printed(version: Version) -> str | None:
    printed, seen = version.article.published_at, china_day(version.seen_at).isoformat()
    return printed if printed and printed[:10] <= seen else None


def _day(version: Version) -> str:
    return (_printed(version) or china_day(version.seen_at).isoformat())[:10]


def _clock(version: Version) -> str | None:
    """The printed time to the minute in China time, or ``None``."""
    printed = _printed(version)
    if not printed or "T" not in printed:
        return None
    moment = datetime.fromisoformat(printed)
    return (moment.astimezone(CHINA) if moment.tzinfo else moment).strftime("%H:%M")
