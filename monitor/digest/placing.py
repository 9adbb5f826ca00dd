"""Where edits stand: a change says what was replaced and in which paragraph, the two texts prove the place. Pure.

First a paragraph's edits together must turn its older form into its newer one, character by character; that is proof
however often the same words stand there. Where no older paragraph explains it (one was split in two, or is not at
hand) an edit stands at its own offset; if it has none, where its words stand once, or where the characters on both
its sides surround its other side in the older text, and in one place alone. What cannot be placed is given back: no
place is better than a wrong one. Lines are texts as the comparison reads them (``monitor.compare.align.reading``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.records import Edit

_ANCHORS = (12, 8, 4)
_MOST = 60
_PATIENCE = 300
_START, _END = "\x02", "\x03"


@dataclass(frozen=True, slots=True)
class Slot:
    """An edit's place in the newer text: ``lines[line][start:end]`` is what it put there, empty for a deletion."""

    line: int
    start: int
    end: int
    edit: Edit


def place(edits: Sequence[Edit], new_lines: Sequence[str], old_lines: Sequence[str]) -> tuple[list[Slot], list[Edit]]:
    """The edits' places in reading order, and the edits that have none. Edits are expected in reading order."""
    here: dict[int, list[Edit]] = {}
    gone: dict[int, list[Edit]] = {}
    for edit in edits:
        (gone if edit.op == "delete" else here).setdefault(edit.paragraph or 0, []).append(edit)
    slots: list[Slot] = []
    for old, deleted in sorted(gone.items()):
        slots += _explained(range(old, old + 1), _nearest(old, len(new_lines)), here, deleted, new_lines, old_lines)
    explained = {slot.line for slot in slots}
    for new in sorted(set(here) - explained):
        slots += _explained(_nearest(new, len(old_lines)), range(new, new + 1), here, [], new_lines, old_lines)
    found = [id(slot.edit) for slot in slots]
    loose: list[Edit] = []
    for edit in edits:
        if id(edit) in found:
            found.remove(id(edit))
        elif slot := _alone(edit, new_lines, old_lines, slots):
            slots.append(slot)
        else:
            loose.append(edit)
    return sorted(slots, key=lambda slot: (slot.line, slot.start, slot.end)), loose


def _nearest(number: int, size: int) -> list[int]:
    return sorted(range(size), key=lambda other: (abs(other - number), other))


def _explained(
    olds: Sequence[int],
    news: Sequence[int],
    here: dict[int, list[Edit]],
    deleted: Sequence[Edit],
    new_lines: Sequence[str],
    old_lines: Sequence[str],
) -> list[Slot]:
    """The places of the edits of the first pair of lines that they turn into one another; none where no pair does."""
    for old in olds:
        for new in news:
            if not (old < len(old_lines) and 0 <= new < len(new_lines) and old >= 0):
                continue
            edits = here.get(new, [])
            grown = sum(len(edit.after) - len(edit.before) for edit in (*edits, *deleted))
            if len(new_lines[new]) - len(old_lines[old]) != grown or len(edits) + len(deleted) > _MOST:
                continue
            starts = _Alignment(old_lines[old], new_lines[new], edits, deleted).starts()
            if starts is not None:
                return [Slot(new, start, start + len(edit.after), edit) for start, edit in starts]
    return []


class _Alignment:
    """One older and one newer line, and the search for places at which the edits turn the one into the other."""

    def __init__(self, old: str, new: str, edits: Sequence[Edit], deleted: Sequence[Edit]) -> None:
        self.old, self.new = old, new
        # Which deletion comes between which other edits is not told: two rows, each in its own order.
        self.rows = (edits, deleted)
        self.failed: set[tuple[int, int, int, int]] = set()

    def starts(self) -> list[tuple[int, Edit]] | None:
        """Each edit with its start in the newer line, or ``None`` where they do not explain it."""
        return self._from(0, 0, 0, 0)

    def _from(self, i: int, j: int, first: int, second: int) -> list[tuple[int, Edit]] | None:
        """From ``old[i:]`` and ``new[j:]`` on, with ``first`` and ``second`` edits of the two rows used up."""
        # A text made to be ambiguous gives more dead ends than any honest one.
        if (i, j, first, second) in self.failed or len(self.failed) > _PATIENCE:
            return None
        if first == len(self.rows[0]) and second == len(self.rows[1]):
            return [] if self.old[i:] == self.new[j:] else None
        same = self._same(i, j)
        for row, used in ((0, first), (1, second)):
            if used == len(self.rows[row]):
                continue
            edit = self.rows[row][used]
            for step in self._steps(edit, i, j, same):
                rest = self._from(
                    i + step + len(edit.before),
                    j + step + len(edit.after),
                    first + (row == 0),
                    second + (row == 1),
                )
                if rest is not None:
                    return [(j + step, edit), *rest]
        self.failed.add((i, j, first, second))
        return None

    def _same(self, i: int, j: int) -> int:
        """How many characters the rests of both lines share from here."""
        size = min(len(self.old) - i, len(self.new) - j)
        return next((step for step in range(size) if self.old[i + step] != self.new[j + step]), size)

    def _steps(self, edit: Edit, i: int, j: int, same: int) -> list[int]:
        """How far on within the shared run the edit can stand."""
        if edit.before:
            places = occurrences(self.old[i : i + same + len(edit.before)], edit.before)
        else:
            places = occurrences(self.new[j : j + same + len(edit.after)], edit.after)
        return [step for step in places if self.new.startswith(edit.after, j + step)]


def occurrences(line: str, words: str) -> list[int]:
    """Every place at which the words stand in the line, also overlapping ones."""
    places: list[int] = []
    at = line.find(words) if words else -1
    while at >= 0:
        places.append(at)
        at = line.find(words, at + 1)
    return places


def _alone(edit: Edit, new_lines: Sequence[str], old_lines: Sequence[str], taken: Sequence[Slot]) -> Slot | None:
    """The one place of an edit that no pair of lines explains, or ``None``."""
    number = edit.paragraph or 0
    if edit.op == "delete":
        slot = _gap_left(edit, new_lines, old_lines)
    elif 0 <= number < len(new_lines):
        slot = _one_place(edit, number, new_lines[number], old_lines)
    else:
        slot = None
    overlaps = slot and any(
        slot.line == other.line and slot.start < other.end and other.start < slot.end for other in taken
    )
    return None if overlaps else slot


def _one_place(edit: Edit, number: int, line: str, old_lines: Sequence[str]) -> Slot | None:
    size = len(edit.after)
    every = _offered(edit, line, edit.after)
    if len(every) > _PATIENCE:
        return None
    padded, olds = _padded(line), [_padded(old) for old in old_lines]
    for width in _ANCHORS:
        proven = [
            at
            for at in every
            if any(
                _before(padded, at + 1, width) + edit.before + padded[at + 1 + size :][:width] in old for old in olds
            )
        ]
        if proven:
            every = proven
            break
    return Slot(number, every[0], every[0] + size, edit) if len(every) == 1 else None


def _gap_left(edit: Edit, new_lines: Sequence[str], old_lines: Sequence[str]) -> Slot | None:
    """Where in the newer text the deleted words would stand: between what stood on both sides of them."""
    number = edit.paragraph or 0
    if not 0 <= number < len(old_lines):
        return None
    old = _padded(old_lines[number])
    for width in _ANCHORS:
        found: set[tuple[int, int]] = set()
        for at in (1 + offered for offered in _offered(edit, old_lines[number], edit.before)):
            left, right = _before(old, at, width), old[at + len(edit.before) :][:width]
            for new, line in enumerate(new_lines):
                found |= {(new, place + len(left) - 1) for place in occurrences(_padded(line), left + right)}
            if len(found) > 1:
                return None
        if found:
            ((new, start),) = found
            return Slot(new, start, start, edit)
    return None


def _offered(edit: Edit, line: str, words: str) -> list[int]:
    """Where the words may stand in the edit's own line: at its offset, or wherever they are found."""
    if edit.offset is not None and words and line.startswith(words, edit.offset):
        return [edit.offset]
    return occurrences(line, words)


def _padded(line: str) -> str:
    """The line between marks, so that its ends are neighbours to go by too."""
    return _START + line + _END


def _before(line: str, at: int, width: int) -> str:
    return line[max(0, at - width) : at]
