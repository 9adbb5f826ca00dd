"""A name of which one or two characters became others, read from the letters themselves.

The cutter knows a name by its dictionary and its neighbours, and seldom cuts an invented or misspelt one alike in both
texts: 张子昂说 that became 张子新说 is a name and then three words. What changed is the same place in both, though: the
characters around the change tell whether a surname stands before it and a given name is all that it can be.
"""

from __future__ import annotations

import re

from monitor.words import cut, has_a_meaning, is_known, is_post, is_surname, marks_a_name

_HAN = re.compile("[\u4e00-\u9fff\u3400-\u4dbf]+")
_OPENS = re.compile(r"(?:^|[^\w]|[\s《“])$")
_PARTICLES = frozenset("的地得了着过和与在等")
_RANKS = frozenset("省市县区镇乡村")
_IN_A_LIST = re.compile("[、和]")
_PARTY = frozenset("委党组")
_GOES_ON = frozenset("在到等从")
_BEHIND_A_NAME = frozenset("在到赴等与和及对向就为将从也还已曾一率带同把给被作又再并都")
"""Words of one character that stand behind a name and end none."""
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
    if not _PARTICLES.isdisjoint("".join(changed)) or _RANKS.issuperset(changed):
        return None
    for first in range(max(0, end - _NAME), start):
        for last in (end, end + 1):
            pair = (old[first:last], new[first:last])
            if last <= len(old) and _is_name_pair(pair, old[:first], old[last:]):
                whole = first - (len(pair[0]) == _NAME and first > 0 and is_surname(old[first - 1 : first + 1]))
                return old[whole:last], new[whole:last]
    return None


def other_name(
    before: str, after: str, left: str = "", right: str = "", *, known: bool = False
) -> tuple[str, str] | None:
    """Both names where an edit put one whole name in the place of another, else ``None``.

    Each has a name's form and means nothing else; something beside it says that a person is named there, or it stands
    in a list of names, or one of both is ``known`` to be a name.
    """
    head, tail = _common(before, after), _common(before[::-1], after[::-1])
    for start, end in dict.fromkeys(((0, 0), (0, tail), (head, 0), (head, tail))):
        pair = before[start : len(before) - end], after[start : len(after) - end]
        if all(map(_is_name, pair)) and pair[0] != pair[1]:
            beside = left + before[:start], before[len(before) - end :] + right
            if known or _is_named_there(*beside):
                return pair
    return None


def _is_named_there(left: str, right: str) -> bool:
    if is_post(left.rstrip(" :(")[-_CONTEXT:]) or marks_a_name(right[:_CONTEXT]):
        return True
    return bool(_IN_A_LIST.search(left[-1:]) or _IN_A_LIST.match(right[:1]))


def new_post(before: str, after: str, left: str, right: str) -> list[tuple[str, str]]:
    """市长王建国 that became 副市长王建国 or 书记王建国: the edit stands in or before the post, a name follows."""
    changed = before + after
    if not _HAN.fullmatch(changed.replace("、", "")) or not _PARTICLES.isdisjoint(changed):
        return []
    for taken in range(min(_CONTEXT, len(right)) + 1):
        if not (
            is_post((before + right[:taken]) or left[-_CONTEXT:])
            and is_post((after + right[:taken]) or left[-_CONTEXT:])
        ):
            continue
        if name := _leading_name(right[taken:]):
            posts = _bare_posts(before + right[:taken], after + right[:taken])
            return [(posts[0] + name, posts[1] + name)]
    return []


def _bare_posts(before: str, after: str) -> tuple[str, str]:
    """Two posts without what of an office stands before both (建设局局长, 科科长); a party's stays (市委书记)."""
    heads = range(_common(before, after), 0, -1)
    head = next((at for at in heads if is_post(before[at:]) and is_post(after[at:])), 0)
    return (before[head:], after[head:]) if head and before[head - 1] not in _PARTY else (before, after)


def _is_name(text: str) -> bool:
    surname = text[:2] if len(text) == _NAME + 1 and is_surname(text[:2]) else text[:1]
    given = text[len(surname) :]
    in_form = bool(_HAN.fullmatch(text)) and is_surname(surname) and 1 <= len(given) < _NAME
    return in_form and not has_a_meaning(text)


def _leading_name(text: str) -> str:
    """The full name that a text begins with, empty for none.

    What follows marks it or it ends a clause; or a word begins there that cannot go on with a name (在, 等, 现场).
    """
    for follows in (_ends_a_name, _begins_a_word):
        for length in (_NAME + 1, _NAME, _NAME - 1):
            name, rest = text[:length], text[length:]
            if len(name) == length and _is_name(name) and follows(name, rest):
                return name
    return ""


def _ends_a_name(name: str, rest: str) -> bool:
    return not rest or not _HAN.match(rest) or (name[-1] not in _GOES_ON and marks_a_name(rest[:_CONTEXT]))


def _begins_a_word(name: str, rest: str) -> bool:
    """Whether ``rest`` opens a predicate behind a name none of whose parts is a word that begins one."""
    if name[-1] in _BEHIND_A_NAME or (has_a_meaning(name[:2]) and not is_surname(name[:2])):
        return False
    if rest[0] in _BEHIND_A_NAME:
        return True
    word = cut(rest[:_CONTEXT])[0]
    return len(name) >= _NAME and len(word) > 1 and is_known(word) and not is_known(name[-1] + word[0])


def _is_name_pair(pair: tuple[str, str], before: str, after: str) -> bool:
    name = pair[0]
    if not 2 <= len(name) <= _NAME or not all(_HAN.fullmatch(text) and is_surname(text[0]) for text in pair):
        return False
    if any(has_a_meaning(text) or text[-1] in _PARTICLES for text in pair):
        return False
    if before.endswith("、") and after.startswith(("、", "等")):
        return True
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
