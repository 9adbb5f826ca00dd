"""Which stretches of two rows differ: the longest common row first, within bounds on a page of any size.

The longest common stretch is what a reader sees as unchanged, but looking for it costs as many steps as there are pairs
of equal items, again for each stretch found: on a line of a million characters, or a table of five thousand equal
cells, that is minutes. There the rows are first cut at what stands just once in both.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from cydifflib import SequenceMatcher

Block = tuple[int, int, int, int]
"""Items ``i1``..``i2`` of the older row that became ``j1``..``j2`` of the newer one."""

_MOST_PAIRS = 2_000_000
"""Pairs of equal items up to which the longest common stretch is looked for: tens of times those of a long article."""

_WINDOW = 6
"""Items in a row that make an anchor where they stand once in both rows."""


def differing(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """The blocks that differ, in order; what lies between two of them is equal in both rows."""
    if _pairs(old, new) <= _MOST_PAIRS:
        return _matched(old, new, 0, 0)
    found: list[Block] = []
    for i1, i2, j1, j2 in _between(_anchors(old, new), len(old), len(new)):
        was, now = old[i1:i2], new[j1:j2]
        lead = _common(was, now)
        tail = _common(was[lead:][::-1], now[lead:][::-1])
        was, now = was[lead : len(was) - tail], now[lead : len(now) - tail]
        if _pairs(was, now) <= _MOST_PAIRS:
            found += _matched(was, now, i1 + lead, j1 + lead)
        else:
            found += _in_step(was, now, i1 + lead, j1 + lead)
    return found


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pairs of equal items two rows have; for short ones their product, which is no less."""
    if len(old) * len(new) <= _MOST_PAIRS:
        return len(old) * len(new)
    counts = Counter(old)
    return sum(counts[item] * count for item, count in Counter(new).items())


def _matched(old: Sequence[str], new: Sequence[str], i: int, j: int) -> list[Block]:
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(i + i1, i + i2, j + j1, j + j2) for code, i1, i2, j1, j2 in codes if code != "equal"]


def _in_step(old: Sequence[str], new: Sequence[str], i: int, j: int) -> list[Block]:
    """Two rows of a few items said over and over: compared item by item where they are equally long, else as one."""
    if len(old) != len(new):
        return [(i, i + len(old), j, j + len(new))]
    found: list[Block] = []
    for at, (was, now) in enumerate(zip(old, new, strict=True)):
        if was == now:
            continue
        if found and found[-1][1] == i + at:
            found[-1] = (found[-1][0], i + at + 1, found[-1][2], j + at + 1)
        else:
            found.append((i + at, i + at + 1, j + at, j + at + 1))
    return found


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Where windows that stand once in both rows begin, the most of them that keep their order (Cohen's patience)."""
    there = _once(new)
    pairs = [(i, there[window]) for window, i in _once(old).items() if window in there]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, j) in enumerate(pairs):
        place = bisect_left(tails, j)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [j]
        ends[place : place + 1] = [at]
    chosen: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = before[at]
    return chosen[::-1]


def _once(row: Sequence[str]) -> dict[tuple[str, ...], int]:
    """The windows that stand once in a row, and where, in its order."""
    windows = list(zip(*(row[at:] for at in range(_WINDOW)), strict=False))
    counts = Counter(windows)
    return {window: at for at, window in enumerate(windows) if counts[window] == 1}


def _between(anchors: Sequence[tuple[int, int]], of_old: int, of_new: int) -> Iterator[Block]:
    """What lies between the first items of anchors, empty stretches left out."""
    i = j = 0
    for there_i, there_j in (*anchors, (of_old, of_new)):
        if there_i > i or there_j > j:
            yield i, there_i, j, there_j
        i, j = min(there_i + 1, of_old), min(there_j + 1, of_new)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items two rows begin with in common."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
