"""The form in which words are searched: what looks alike to a reader is written alike.

Each character is folded by itself (NFKC, lower case, simplified, dashes as hyphens), so that a place in the folded text
can be found again in the text. Text that stands in the archive is canonical already: nearly all of it is left as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

_FOLDED_PLANES = ((0, 0x10000), (0x1D400, 0x1D800), (0x1F100, 0x1F300), (0x2F800, 0x2FA20))
"""Where the characters stand that have another form: beyond the first plane letters of mathematics, signs in circles
and the doubles of Han characters."""

_BEYOND = re.compile("[\U00010000-\U0010ffff]")
"""Looked for by itself: a class that goes beyond the first plane is read range by range at every character."""

_SURROGATES = range(0xD800, 0xE000)

DASHES = "\u2010\u2012\u2013\u2014\u2015\u2212"
"""What is written as a hyphen: dashes of every length, and the minus."""

_ALIKE = {**dict.fromkeys(DASHES, "-"), "\u2236": ":"}
"""Signs that look like another one and are not the same to NFKC. None of them is in the index of the search."""


@cache
def _forms() -> tuple[re.Pattern[str], Mapping[str, str]]:
    import opencc

    plain = [chr(code) for first, end in _FOLDED_PLANES for code in range(first, end) if code not in _SURROGATES]
    folded = [unicodedata.normalize("NFKC", character).casefold() for character in plain]
    # A line a character: the converter knows phrases, and would turn the same character into this one or that.
    han = [form for form in folded if len(form) == 1 and form >= "\u3400"]
    simple = dict(zip(han, opencc.OpenCC("t2s").convert("\n".join(han)).split("\n"), strict=True))
    forms = {old: _ALIKE.get(new, simple.get(new, new)) for old, new in zip(plain, folded, strict=True)}
    changed = {old: new for old, new in forms.items() if new != old}
    return re.compile(_ranges([ord(old) for old in sorted(changed) if old < "\U00010000"])), changed


def _ranges(codes: list[int]) -> str:
    """A class of characters, spelled in ranges: sorted code points in, no brackets of a pattern among them."""
    spans: list[list[int]] = []
    for code in codes:
        if spans and code == spans[-1][1] + 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans) + "]"


def fold(text: str) -> str:
    """A text in the form that is searched; no character of it becomes less than one."""
    pattern, forms = _forms()
    if _BEYOND.search(text):
        text = _BEYOND.sub(lambda found: forms.get(found[0], found[0]), text)
    return pattern.sub(lambda found: forms[found[0]], text)


def unfolded(text: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of ``fold(text)`` as spans of the text itself."""
    folded = fold(text)
    if len(folded) == len(text):
        return places
    origin: list[int] = []
    for place, character in enumerate(text):
        origin += [place] * len(fold(character))
    return [(origin[start], origin[end - 1] + 1) for start, end in places if end > start]
