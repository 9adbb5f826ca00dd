"""A name of which one or two characters became others, read from the letters themselves.

The cutter knows a name by its dictionary and its neighbours, and seldom cuts an invented or misspelt one alike in both
texts: 张子昂说 that became 张子新说 is a name and then three words. What changed is the same place in both, though: the
characters around the change tell whether a surname stands before it and a given name is all that it can be.
"""

from __future__ import annotations

import re

from monitor.words import has_a_meaning, is_post, is_surname, marks_a_name

_HAN = re.compile("[\u4e00-\u9fff\u3400-\u4dbf]+")
_OPENS = re.compile(r"(?:^|[^\w]|[\s《“])$")
_MOST_CHANGED = 2
_NAME = 3
_CONTEXT = 4


def renamed(before: str, after: str, left: str = "", right: str = "") -> tuple[str, str] | None:
    """The (old, new) name where an edit changed part of one given name, else ``None``.

    ``left`` and ``right`` are the text that stands before and after the edit in both versions. A full name of three
    characters (or two, where a post or a verb of speaking beside it says so) that keeps its surname; what has a meaning
    as a word (全社会 → 全社区) is none.
    """
    old, new = left + before + right, left + after + right
    start = _common(old, new)
    tail = _common(old[start:][::-1], new[start:][::-1])
    changed = (old[start : len(old) - tail], new[start : len(new) - tail])
    if (
        not all(_HAN.fullmatch(text) and len(text) <= _MOST_CHANGED for text in changed)
        or len({*map(len, changed)}) > 1
    ):
        return None
    end = len(old) - tail
    for first in range(max(0, end - _NAME), start):
        for last in (end, end + 1):
            pair = (old[first:last], new[first:last])
            if last <= len(old) and _is_name_pair(pair, old[:first], old[last:]):
                return pair
    return None


def _is_name_pair(pair: tuple[str, str], before: str, after: str) -> bool:
    name = pair[0]
    if not 2 <= len(name) <= _NAME or not all(_HAN.fullmatch(text) and is_surname(text[0]) for text in pair):
        return False
    if any(has_a_meaning(text) for text in pair):
        return False
    if is_post(before.rstrip(" :")[-_CONTEXT:]) or marks_a_name(after[:_CONTEXT]):
        return True
    # With no witness it must be a whole name that opens a clause, and its given name no word that means something.
    alone = len(name) == _NAME and bool(_OPENS.search(before[-1:]))
    return alone and not any(has_a_meaning(text[1:]) for text in pair)


def _common(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
