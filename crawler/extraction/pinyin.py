"""Pinyin that mirror sites put after characters: ``學(xué)``, ``展(zhan)``, some twice, some with a damaged tone.

Honest pages gloss a character too: a rare one (``郴(chēn)州``), one read unusually (``六(lù)安``), or a list of misread
ones. So single glosses are never judged; the page is, by glosses that no writer needs.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from crawler.extraction.hanzi import HAN, only_traditional, rank, to_simplified

_GLOSS = re.compile(rf"(?<=([{HAN}]))\s?\(\s?([^\s(){HAN}]{{1,8}}|[^\s()]{{1,6}})\s?\)")
"""A bracket of at most eight signs right behind a Han character, in text after NFKC."""

_BRACKET = re.compile(rf"\(\s?[^\s(){HAN}]{{1,8}}\s?\)")
"""The brackets that may be glosses: found many times as fast, since they begin with a letter and not with a choice."""

_LETTERS = re.compile(r"[a-z\u00fc\u00ea\u0251\u0261]+[1-5]?")
_TONE_MARKS = dict.fromkeys(map(ord, "\u0300\u0301\u0304\u030c"))
_LETTER_FORMS = str.maketrans({"v": "\u00fc", "\u0251": "a", "\u0261": "g"})
"""``v`` is how ü is typed; GB 2312 has an ɑ and a ɡ of its own for pinyin."""

_DAMAGED = re.compile(r"([a-z]*)([^\x00-\x7f]{1,2}|\?[^\x00-\x7f]?)([a-z]*)")
"""A syllable whose toned vowel came out as something else, at most one plain letter swallowed with it."""

_WELL_KNOWN = 600
"""Characters of this rank need no gloss: every reader knows them."""

_MOST_JUDGED = 2_000
"""Glosses that a page is judged by: whoever prints more has made up their mind."""
_ENOUGH = 12
_TRADITIONAL_TONED, _TRADITIONAL_TONELESS, _SIMPLIFIED_TONED, _SIMPLIFIED_TONELESS = 12, 6, 3, 2
"""How much a needless gloss tells. One toned gloss of an everyday traditional character is enough by itself; of
simplified ones, which lessons and slogans gloss too, it takes four that repeat or touch."""


@dataclass(frozen=True, slots=True)
class Gloss:
    """A bracket that gives a reading of the character before it; ``start`` and ``end`` span the bracket."""

    character: str
    syllable: str
    toned: bool
    start: int
    end: int


@lru_cache(maxsize=8_192)
def _toned_readings(character: str) -> tuple[str, ...]:
    """All readings of a character, its usual one first; those of its simplified form follow."""
    # Most pages have no gloss. Its phrases would take 40 MB, and single characters are all it is asked about.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    import pypinyin

    forms = dict.fromkeys((character, to_simplified(character)))
    found = [pypinyin.pinyin(form, heteronym=True, errors="ignore") for form in forms]
    return tuple(dict.fromkeys(reading for rows in found for row in rows for reading in row))


@lru_cache(maxsize=8_192)
def readings(character: str) -> frozenset[str]:
    """Readings of a Han character without tones, its simplified form's included; ü also as ``u``."""
    plain = {_toneless(reading) for reading in _toned_readings(character)}
    return frozenset(plain | {reading.replace("ü", "u") for reading in plain})


@lru_cache(maxsize=8_192)
def _toneless(syllable: str) -> str:
    decomposed = unicodedata.normalize("NFD", syllable.rstrip("12345")).translate(_TONE_MARKS)
    return unicodedata.normalize("NFC", decomposed).translate(_LETTER_FORMS)


def _glosses(text: str) -> Iterator[Gloss]:
    """Whole, undamaged glosses in a text after NFKC."""
    for bracket in _BRACKET.finditer(text):
        match = _GLOSS.match(text, bracket.start()) or _GLOSS.match(text, max(0, bracket.start() - 1))
        if match is None:
            continue
        printed = match[2]
        plain = _toneless(printed)
        if _LETTERS.fullmatch(plain) and plain in readings(match[1]):
            yield Gloss(match[1], plain, printed.translate(_LETTER_FORMS) != plain, match.start(), match.end())


def _needless(gloss: Gloss) -> bool:
    """Whether the gloss tells the usual reading of an everyday character, which no writer does for a reader's sake."""
    usual = _toneless(_toned_readings(gloss.character)[0])
    return rank(gloss.character) < _WELL_KNOWN and gloss.syllable == usual


def is_injected(text: str) -> bool:
    """Whether a page's text, after NFKC, has pinyin put in by machine.

    Needless glosses are counted by weight. On simplified characters they count only where they repeat or stand on
    neighbouring characters: a list of misread characters glosses each once.
    """
    if "(" not in text:
        return False
    needless = [gloss for gloss in islice(_glosses(text), _MOST_JUDGED) if _needless(gloss)]
    traditional = [gloss for gloss in needless if only_traditional(gloss.character)]
    score = sum(_TRADITIONAL_TONED if gloss.toned else _TRADITIONAL_TONELESS for gloss in traditional)
    if score >= _ENOUGH:
        return True
    simplified = [gloss for gloss in needless if not only_traditional(gloss.character)]
    if _repeat(simplified) or _touch(simplified):
        score += sum(_SIMPLIFIED_TONED if gloss.toned else _SIMPLIFIED_TONELESS for gloss in simplified)
    return score >= _ENOUGH


def _repeat(glosses: list[Gloss]) -> bool:
    return any(times > 1 for times in Counter(gloss.character for gloss in glosses).values())


def _touch(glosses: list[Gloss]) -> bool:
    return any(later.start == earlier.end + 1 for earlier, later in pairwise(glosses))


def _is_damaged_reading(character: str, printed: str) -> bool:
    """Whether a bracket is a reading of the character but for a spoilt vowel: ``會(hu眫)``, ``動(d?ng)``."""
    match = _DAMAGED.fullmatch(printed)
    if match is None:
        return False
    head, tail = match[1], match[3]
    return any(
        0 < len(reading) - len(head) - len(tail) <= 2
        and len(head) + len(tail) > 0
        and reading.startswith(head)
        and reading.endswith(tail)
        for reading in readings(character)
    )


def _without_gloss(match: re.Match[str]) -> str:
    character, printed = match[1], match[2]
    plain = _toneless(printed)
    if _LETTERS.fullmatch(plain):
        return "" if plain in readings(character) else match[0]
    return "" if _is_damaged_reading(character, printed) else match[0]


def without_pinyin(text: str) -> str:
    """A text of an injected page, after NFKC, without the brackets that give a reading of the character before them.

    Brackets that say anything else stay. Doubled glosses go together.
    """
    previous = None
    while previous != text:
        previous, text = text, _GLOSS.sub(_without_gloss, text)
    return text
