"""Text that looks like what it says and is written otherwise, so that no search or filter finds its words.

Letters of another alphabet inside Latin words, radicals that look like characters, marks set over characters, entities
escaped twice, unprintable signs strewn between characters. Each rule asks for what no honest writer does: Greek and
Russian words, units (μm), formulas and a name's one character from a private font stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from crawler.extraction.hanzi import HAN

_TWINS = (
    "⺟母 ⺠民 ⺩王 ⻁虎 ⻄西 ⻅见 ⻆角 ⻇角 ⻉贝 ⻋车 ⻑長 ⻓长 ⻔门 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻢马 "
    "⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻬齐 ⻮齿 ⻰龙 ⺁厂 ⺄乙 ⺎兀 ⺒巳 ⺓幺 ⺝月 ⺼月"
)
_RADICALS = {ord(twins[0]): twins[1] for twins in _TWINS.split()}
_RADICAL = re.compile(f"[{''.join(map(chr, _RADICALS))}]")
"""Radicals that are printed like the character they are the radical of; NFKC knows two of their block."""

_MARKED = re.compile(
    rf"(?<=[{HAN}\u3001-\u3003\u3008-\u3011])[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
"""Accents, strokes and circles over Han characters, which have none."""

_LATIN_OF = {
    "А": "A", "В": "B", "Е": "E", "Ѕ": "S", "І": "I", "Ј": "J", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P",
    "С": "C", "Т": "T", "У": "Y", "Х": "X", "а": "a", "е": "e", "ѕ": "s", "і": "i", "ј": "j", "о": "o", "р": "p",
    "с": "c", "у": "y", "х": "x", "һ": "h", "ԁ": "d", "ԛ": "q", "ԝ": "w", "Ԛ": "Q", "Ԝ": "W",
    "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N", "Ο": "O", "Ρ": "P",
    "Τ": "T", "Υ": "Y", "Χ": "X", "ο": "o",
}  # fmt: skip
"""Cyrillic and Greek letters that are printed like Latin ones."""
_ALPHABETS = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_WORD = re.compile("[A-Za-z\u0370-\u03ff\u0400-\u052f]{2,}")
_FOREIGN_ZERO = re.compile("(?<=[0-9])[ОоΟο](?=[0-9])")

_ENTITY = r"&#(?:[xX][0-9a-fA-F]{2,6}|[0-9]{3,7});"
_ENTITIES = re.compile(_ENTITY)
_RUN_OF_ENTITIES = re.compile(rf"(?:{_ENTITY}){{4}}")
"""Text that is written in entities, and not a text about them."""
_MEANT = re.compile(rf"[{HAN}\u3001-\u3011\u2014\u2018-\u201d\uff01-\uff5e]")

_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]+")
_STREWN = re.compile(rf"(?<=[{HAN}]){_PRIVATE.pattern}(?=[{HAN}])")
_BESIDE_TEXT = re.compile(rf"(?<=[{HAN}]){_PRIVATE.pattern}|{_PRIVATE.pattern}(?=[{HAN}])")
_ENOUGH_PLACES = 8
"""Different characters behind which unprintable signs stand, if they are strewn: a name's own stands behind one."""


def undisguised(text: str) -> str:
    """A text in NFKC, with radicals, marks and letters that only look like its own replaced; in NFKC again."""
    if text.isascii():
        return text
    found = _RADICAL.sub(lambda radical: _RADICALS[ord(radical[0])], text)
    found = _MARKED.sub("", found)
    if _ALPHABETS.search(found):
        found = _WORD.sub(_in_one_alphabet, _FOREIGN_ZERO.sub("0", found))
    return text if found == text else unicodedata.normalize("NFKC", found)


def _in_one_alphabet(word: re.Match[str]) -> str:
    """A word that mixes alphabets, in Latin letters where it looks so; with any other letter (μm, TNFα) it stays."""
    letters = word[0]
    if letters.isascii() or len({(letter > "\x7f") + (letter >= "\u0400") for letter in letters}) == 1:
        return letters
    latin = "".join(_LATIN_OF.get(letter, letter) for letter in letters)
    return latin if latin.isascii() else letters


def is_escaped(text: str) -> bool:
    """Whether a page's text is in part printed as entities (``&#x5E02;&#x957F;``)."""
    return "&#" in text and any(_MEANT.match(unescape(run[0])) for run in _RUN_OF_ENTITIES.finditer(text))


def unescaped(text: str) -> str:
    """A text of such a page, with those entities read that are Han characters or their punctuation."""
    return _ENTITIES.sub(_meant, text) if "&#" in text else text


def _meant(entity: re.Match[str]) -> str:
    character = unescape(entity[0])
    return character if _MEANT.fullmatch(character) else entity[0]


def is_strewn(text: str) -> bool:
    """Whether a page's text has private-use signs, which no font prints, strewn between its characters."""
    if _PRIVATE.search(text) is None:
        return False
    return len({text[place.start() - 1] for place in _STREWN.finditer(text)}) >= _ENOUGH_PLACES


def without_strewn(text: str) -> str:
    """A text of such a page without those signs."""
    return _BESIDE_TEXT.sub("", text)
