"""Words that a day used unusually often: not what is frequent, but what is frequent today and is not usually.

Pure. Words are counted by texts: in how many of today's, and of the earlier ones, each stands. Counting texts rather
than occurrences keeps one long article from making the day. Of earlier days their counts are enough (``Counts``), so
that no month of texts is ever read again.

Ranked by the signed root of the log-likelihood ratio of the two shares (Dunning 1993, "Accurate Methods for the
Statistics of Surprise and Coincidence"): it reads like a z-score, bears words that were never said before, and does not
let a word said twice on a small day outrank one that a third of a large day is about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt
from typing import Protocol

KNOWN_DAYS = 7
"""Days with new articles from which words are told as a day's talk: on fewer, names of districts come out on top."""

THRESHOLD = 2.58
"""Surprise from which a word is unusual: half a per cent of words would reach it by chance."""

_ALWAYS = 0.9
_LONGEST = 6
_SHORT = 3
_GRAMMAR = frozenset("要的了在是和与及或为由将被把向从对等以于到让使已也都就并而但之其该此各每某约共近超")
_PLAIN = frozenset(
    (
        *("万元", "亿元", "分钟", "小时", "公里", "平方米", "人次", "有限公司", "股份有限公司"),
        *(
            "今年",
            "去年",
            "日前",
            "近日",
            "日起",
            "上午",
            "下午",
            "全市",
            "全区",
            "全县",
            "全省",
            "本市",
            "工作",
            "会议",
            "中有",
            "还有",
            "另有",
            "共有",
            "均有",
        ),
    )
)
"""Units, firms' forms and words that every municipal text says: telling of no day."""

NOMINATED = 60
"""Words looked at more closely: the most surprising."""

_FEWEST = 0.01
"""Share of a large day's texts below which a word is nobody's talk."""

_MANY, _COMMON = 20, 0.2
"""Of so many first texts, words are nobody's news that a larger share of them says."""

_RUNNING = 40
"""Texts that are read to make a broken word whole."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Of a set of texts: how many there are, how many of them say each word, and of how many days they are."""

    texts: int = 0
    words: Mapping[str, int] = field(default_factory=dict)
    days: int = 1


@dataclass(frozen=True, slots=True)
class Keyword:
    """An unusual word: the share of today's texts that say it, in per cent, and the same of the earlier texts.

    ``texts`` is how many of today's say it; ``days`` how many of the thirty days before had texts to hold it against.
    """

    word: str
    score: float
    usual: float
    texts: int = 0
    days: int = 30

    @property
    def held(self) -> bool:
        """Whether there is enough of a past to say that the word is unusual."""
        return self.days >= KNOWN_DAYS


class Cutting(Protocol):
    """Who cuts texts into words (``monitor.words.Lexicon``)."""

    def said(self, text: str) -> Collection[str]:
        """The words of a text that can tell something."""
        ...

    def names_something(self, word: str) -> bool:
        """Whether a word by itself can say what a day was about."""
        ...


def counted(texts: Iterable[Collection[str]]) -> Counts:
    """The counts of texts, each given by the words it says."""
    words: Counter[str] = Counter()
    number = 0
    for said in texts:
        words.update(said if isinstance(said, frozenset) else frozenset(said))
        number += 1
    return Counts(number, words, min(number, 1))


def together(days: Iterable[Counts], only: Collection[str]) -> Counts:
    """The counts of several days as one, of these words alone."""
    words = dict.fromkeys(only, 0)
    texts = known = 0
    for day in days:
        texts += day.texts
        known += bool(day.texts)
        for word in words:
            words[word] += day.words.get(word, 0)
    return Counts(texts, words, known)


def unusual(
    today: Sequence[str],
    before: Counts,
    cutting: Cutting,
    rarity: Callable[[str], float],
    limit: int = 12,
    *,
    said: Sequence[Collection[str]] | None = None,
) -> tuple[Keyword, ...]:
    """The words that set today's texts off from those of the last thirty days, most unusual first.

    One text a story: hand in a reprinted article once. With no earlier texts nothing is unusual, and the order is that
    of words both frequent and rare in the language at large (``rarity``: ``monitor.words.rarity``). A word that one
    text alone says is never told. Of two words that stand in the same texts, one within
    the other, the higher ranked is told. ``said`` are the words of each text where they are known already.
    """
    if not today:
        return ()
    said = [cutting.said(text) for text in today] if said is None else said
    ranked = _ranked(counted(said), before, cutting, rarity)
    told: list[tuple[str, frozenset[int], float]] = []
    for word in ranked:
        if len(told) == limit:
            break
        saying = frozenset(number for number, words in enumerate(said) if word in words)
        whole = _whole(word, "\n".join(today[number] for number in sorted(saying)[:_RUNNING]))
        if whole in _PLAIN or whole[0] in _GRAMMAR:
            continue
        if not any(saying == other and (whole in known or known in whole) for known, other, _ in told):
            told.append((whole, saying, _share(before.words.get(word, 0), before.texts)))
    return tuple(
        Keyword(word, _share(len(saying), len(today)), usual, len(saying), before.days) for word, saying, usual in told
    )


def _ranked(day: Counts, before: Counts, cutting: Cutting, rarity: Callable[[str], float]) -> list[str]:
    """The day's unusual words, the most surprising first; those first in order of letters where two are alike."""
    fewest = max(2, round(_FEWEST * day.texts))
    often = [(word, number) for word, number in day.words.items() if number >= fewest and word not in _PLAIN]
    if before.texts:
        weighed = [(surprise(n, day.texts, before.words.get(word, 0), before.texts), n, word) for word, n in often]
        weighed = [row for row in weighed if row[0] >= THRESHOLD]
    else:
        # Without a past the words of every text, such as the city's name, can only be told by how many say them.
        most = day.texts if day.texts < _MANY else day.texts * _COMMON
        weighed = [(n * rarity(word), n, word) for word, n in often if n <= most]
    weighed.sort(key=lambda row: (-row[0], -row[1], row[2]))
    return [word for _, _, word in weighed[:NOMINATED] if cutting.names_something(word)]


def _whole(word: str, running: str) -> str:
    """A word that the cutter broke, made whole by the character that nearly always stands beside it (梧|岗区).

    Long words are whole: what always stands beside them is the sentence that copies share.
    """
    if len(word) > _SHORT:
        return word
    while len(word) < _LONGEST:
        before = Counter(re.findall(f"(.)(?={re.escape(word)})", running))
        after = Counter(re.findall(f"(?<={re.escape(word)})(.)", running))
        times = running.count(word)
        sides = [(count, char + word, char) for char, count in before.most_common(1)]
        sides += [(count, word + char, char) for char, count in after.most_common(1)]
        grown = [text for count, text, char in sides if count >= _ALWAYS * times and times >= 3 and _is_part(char)]
        if not grown:
            return word
        word = grown[0]
    return word


def _is_part(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" and char not in _GRAMMAR


def surprise(said: int, texts: int, said_before: int, texts_before: int) -> float:
    """How far ``said`` of ``texts`` is from ``said_before`` of ``texts_before``, above nought where it is more.

    The signed root of Dunning's G², 0 where there is nothing to tell apart (no texts on one side).
    """
    if not texts or not texts_before:
        return 0.0
    share = (said + said_before) / (texts + texts_before)
    apart = (
        _term(said, texts * share)
        + _term(texts - said, texts * (1 - share))
        + _term(said_before, texts_before * share)
        + _term(texts_before - said_before, texts_before * (1 - share))
    )
    more = said * texts_before >= said_before * texts
    return sqrt(max(0.0, 2 * apart)) * (1 if more else -1)


def _term(found: int, expected: float) -> float:
    return found * log(found / expected) if found else 0.0


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
