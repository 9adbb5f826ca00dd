"""Words that a day used unusually often: not what is frequent, but what is frequent today and is not usually.

Pure. Words are nominated by a keyword extractor from today's texts alone (so that a month of texts is never cut), then
counted by texts: in how many of today's and of the earlier texts each stands. Counting texts rather than occurrences
keeps one long article from making the day.

Ranked by the signed root of the log-likelihood ratio of the two shares (Dunning 1993, "Accurate Methods for the
Statistics of Surprise and Coincidence"): it reads like a z-score, bears words that were never said before, and does not
let a word said twice on a small day outrank one that a third of a large day is about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log, sqrt

THRESHOLD = 2.58
"""Surprise from which a word is unusual: half a per cent of words would reach it by chance."""

_ALWAYS = 0.9
_LONGEST = 6
_GRAMMAR = frozenset("的了在是和与及或为由将被把向从对等以于到让使已也都就并而但之其该此各每某约共近超")
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
        ),
    )
)
"""Units, firms' forms and words that every municipal text says: telling of no day."""

NOMINATED = 200
"""Words looked at: the extractor's best of today."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """An unusual word: the share of today's texts that say it, in per cent, and the same of the earlier texts."""

    word: str
    score: float
    usual: float


def unusual(
    today: Sequence[str],
    before: Sequence[str],
    keywords: Callable[[Sequence[str], int], Sequence[tuple[str, float]]],
    limit: int = 12,
) -> tuple[Keyword, ...]:
    """The words that set today's texts off from those of the last thirty days, most unusual first.

    One text a story: hand in a reprinted article once. ``keywords(texts, limit)`` nominates words with weights
    (``monitor.words.keywords``). With no earlier texts nothing is unusual, and the order is the extractor's. A word
    that one text alone says is told only on a day of one or two texts. Of two words that stand in the same texts, one
    within the other, the higher ranked is told.
    """
    if not today:
        return ()
    fewest = min(2, max(1, len(today) - 1))
    ranked: list[tuple[float, int, str, frozenset[int], float]] = []
    for place, word in enumerate(_nominated(today, keywords)):
        saying = frozenset(number for number, text in enumerate(today) if word in text)
        if len(saying) < fewest:
            continue
        earlier = sum(word in text for text in before)
        score = surprise(len(saying), len(today), earlier, len(before))
        if before and score < THRESHOLD:
            continue
        ranked.append((-score, place, word, saying, _share(earlier, len(before))))
    told: list[tuple[str, frozenset[int], float]] = []
    for _, _, word, saying, usual in sorted(ranked, key=lambda row: row[:3]):
        if len(told) == limit:
            break
        if not any(saying == other and (word in known or known in word) for known, other, _ in told):
            told.append((word, saying, usual))
    return tuple(Keyword(word, _share(len(saying), len(today)), usual) for word, saying, usual in told)


def _nominated(
    today: Sequence[str], keywords: Callable[[Sequence[str], int], Sequence[tuple[str, float]]]
) -> list[str]:
    """The extractor's words as whole as the texts use them, each once, without units and scraps of grammar."""
    running = "\n".join(today)
    whole = (_whole(word, running) for word, _ in keywords(today, NOMINATED))
    return [word for word in dict.fromkeys(whole) if word not in _PLAIN and word[0] not in _GRAMMAR]


def _whole(word: str, running: str) -> str:
    """A word that the cutter broke, made whole by the character that nearly always stands beside it (梧|岗区)."""
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
