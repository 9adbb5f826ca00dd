"""A change's edits as marked passages with a little context around them.

Pure. ``placing`` finds the places; here they become passages: the sentence around an edit, long sameness left out. An
edit that has no sure place is told without context rather than in a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from monitor.compare.align import HAN, reading
from monitor.digest.placing import Slot, place
from monitor.tell import exchanged_file
from storage.records import Article, Change, Edit

MarkKind = Literal["same", "del", "ins", "gap"]
Shape = Literal["edit", "added", "removed", "moved", "exchanged"]

REACH = 30
"""Characters of context on each side of an edit, unless its sentence ends before."""

_ALIKE = 0.4
"""Share of a headline that must have stayed for what did not to be shown within it."""

_SENTENCE_ENDS = "。!?;！？；\n"
_COMMAS = "，、,:："
_OVERRUN = 8
_CLOCK = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*$")
_FULL_WIDTH = str.maketrans(",:;?!", "，：；？！")
_CHINESE_MARK = re.compile(rf"(?<=[{HAN}”’》）])[,:;?!]|[,:;?!](?=[{HAN}“‘《（])")


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of text that stayed, was deleted or inserted; a ``gap`` (empty text) is sameness left out."""

    kind: MarkKind
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Marked text of one paragraph or label.

    ``field`` is ``body`` or the label's name; ``added``, ``removed`` and ``moved`` are whole paragraphs, ``exchanged``
    is the name of a file in whose place another stands, ``edit`` anything else. ``places`` are the paragraph's numbers
    before and after a move, from 1, where both are known.
    """

    marks: tuple[Mark, ...]
    field: str = "body"
    shape: Shape = "edit"
    places: tuple[int, int] | None = None


def passages(change: Change, newer: Article | None, older: Article | None) -> tuple[Passage, ...]:
    """The change's edits as marked passages: labels first, then the body in reading order, whole paragraphs last.

    ``newer`` and ``older`` are the articles of the change's two versions, ``None`` where they are not at hand.
    """
    labels: list[Passage] = []
    placed: list[tuple[int, Passage]] = []
    body = [edit for edit in change.edits if edit.field == "body"]
    for field, all_edits in _by_field(edit for edit in change.edits if edit.field != "body"):
        names = [exchanged_file(edit) for edit in all_edits]
        labels += [Passage((Mark("same", name),), field, "exchanged") for name in names if name]
        edits = [edit for edit, name in zip(all_edits, names, strict=True) if not name]
        if field == "published_at":
            labels += [Passage(_dates(edit), field) for edit in edits]
        elif marks := _narrowed(edits):
            labels.append(Passage(marks, field))
        else:
            labels += [passage for _, passage in _placed(edits, _label(newer, field), _label(older, field), field)]
    new_lines = _lines(newer.canonical if newer else ())
    old_lines = _lines(older.canonical if older else ())
    whole = [(edit, shape) for edit in body if (shape := _whole(edit, new_lines, old_lines)) is not None]
    rest = [edit for edit in body if _whole(edit, new_lines, old_lines) is None]
    placed = _placed(rest, new_lines, old_lines, "body")
    placed.sort(key=lambda pair: pair[0])
    return (
        *labels,
        *(passage for _, passage in placed),
        *(_paragraph(edit, shape, old_lines) for edit, shape in whole),
    )


def typeset(text: str) -> str:
    """Canonical text as Chinese is set: marks beside Chinese characters in full width, figures and Latin as they are.

    Comparison knows half-width marks alone; the length stays the same.
    """
    return _CHINESE_MARK.sub(lambda mark: mark[0].translate(_FULL_WIDTH), text)


def _dates(edit: Edit) -> tuple[Mark, ...]:
    """Both printed dates whole, as dates are read: ``2026-11-14 14:42``."""
    before, after = (_CLOCK.sub(r"\1 \2", side) for side in (edit.before, edit.after))
    marks = (Mark("del", before), Mark("same", " → " if before and after else ""), Mark("ins", after))
    return tuple(mark for mark in marks if mark.text)


def _narrowed(edits: Sequence[Edit]) -> tuple[Mark, ...]:
    """A headline told whole on both sides, with only what differs marked; nothing where most of it does."""
    (edit,) = edits if len(edits) == 1 else (None,)
    if edit is None or edit.field != "title" or not (edit.before and edit.after):
        return ()
    before, after = edit.before, edit.after
    lead = _shared(before, after)
    while lead and (_inside_word(before, lead) or _inside_word(after, lead)):
        lead -= 1
    tail = _shared(before[lead:][::-1], after[lead:][::-1])
    while tail and (_inside_word(before, len(before) - tail) or _inside_word(after, len(after) - tail)):
        tail -= 1
    if lead + tail < _ALIKE * max(len(before), len(after)):
        return ()
    was, now = before[lead : len(before) - tail], after[lead : len(after) - tail]
    marks = (Mark("same", after[:lead]), Mark("del", was), Mark("ins", now), Mark("same", after[len(after) - tail :]))
    return tuple(mark for mark in marks if mark.text)


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    parted = (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(parted, min(len(one), len(other)))


def _by_field(edits: Iterable[Edit]) -> list[tuple[str, list[Edit]]]:
    ordered = sorted(edits, key=lambda edit: edit.field != "title")
    return [(field, list(group)) for field, group in groupby(ordered, key=lambda edit: edit.field)]


def _label(article: Article | None, field: str) -> tuple[str, ...]:
    """A label's text as the one line of a text; nothing where there is no such label."""
    value = getattr(article, field, None) if article else None
    if isinstance(value, str):
        return _lines((value,))
    if isinstance(value, tuple) and value and all(isinstance(item, str) for item in value):
        return _lines(("、".join(value),))
    return ()


def _lines(texts: Sequence[str]) -> tuple[str, ...]:
    """Texts as the comparison read them: an edit is said in the words of this reading."""
    return tuple(map(reading, texts))


def _whole(edit: Edit, new_lines: Sequence[str], old_lines: Sequence[str]) -> Shape | None:
    """What an edit of a whole paragraph does to it; ``None`` where it is an edit inside one."""
    if edit.op == "move":
        return "moved"
    if edit.op == "insert" and edit.after == _line(new_lines, edit.paragraph):
        return "added"
    if edit.op == "delete" and edit.before == _line(old_lines, edit.paragraph):
        return "removed"
    return None


def _line(lines: Sequence[str], number: int | None) -> str | None:
    if number is None:
        return lines[0] if len(lines) == 1 else None
    return lines[number] if 0 <= number < len(lines) else None


def _paragraph(edit: Edit, shape: Shape, old_lines: Sequence[str]) -> Passage:
    if shape == "moved":
        return Passage((Mark("same", typeset(edit.after or edit.before)),), shape=shape, places=_moved(edit, old_lines))
    return Passage((_deleted(edit) if shape == "removed" else _inserted(edit),), shape=shape)


def _moved(edit: Edit, old_lines: Sequence[str]) -> tuple[int, int] | None:
    """Which paragraph it was and which it is, counted from 1; ``None`` where that is not sure."""
    stood = [
        number
        for number, line in enumerate(old_lines, 1)
        if line and (edit.before.startswith(line) or edit.before in line)
    ]
    return (stood[0], edit.paragraph + 1) if len(stood) == 1 and edit.paragraph is not None else None


def _deleted(edit: Edit) -> Mark:
    return Mark("del", typeset(edit.before))


def _inserted(edit: Edit) -> Mark:
    return Mark("ins", typeset(edit.after))


def _placed(
    edits: Sequence[Edit], new_lines: Sequence[str], old_lines: Sequence[str], field: str
) -> list[tuple[int, Passage]]:
    """One passage for all edits placed in one line, one for each edit without a sure place; with the line's number."""
    slots, loose = place(edits, new_lines, old_lines)
    told = [
        (number, Passage(_marked(typeset(new_lines[number]), list(group)), field))
        for number, group in groupby(slots, key=lambda slot: slot.line)
    ]
    for edit in loose:
        marks = tuple(mark for mark in (_deleted(edit), _inserted(edit)) if mark.text)
        told.append((edit.paragraph or 0, Passage(marks, field)))
    return told


def _marked(line: str, slots: Sequence[Slot]) -> tuple[Mark, ...]:
    """The line as marks: each edit with its context, and a gap wherever sameness is left out."""
    marks: list[Mark] = []
    shown = 0
    for index, slot in enumerate(slots):
        start = max(shown, _left_edge(line, slot.start))
        if start > shown and (index or not _opens_sentence(line, start)):
            marks.append(Mark("gap", ""))
        marks.append(Mark("same", line[start : slot.start]))
        marks += [_deleted(slot.edit), Mark("ins", line[slot.start : slot.end])]
        following = slots[index + 1].start if index + 1 < len(slots) else len(line)
        shown = min(_right_edge(line, slot.end), following)
        marks.append(Mark("same", line[slot.end : shown]))
    if shown < len(line) and not _opens_sentence(line, shown):
        marks.append(Mark("gap", ""))
    return _joined(mark for mark in marks if mark.text or mark.kind == "gap")


def _joined(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Neighbouring runs of sameness as one."""
    told: list[Mark] = []
    for mark in marks:
        if told and mark.kind == told[-1].kind == "same":
            told[-1] = Mark("same", told[-1].text + mark.text)
        else:
            told.append(mark)
    return tuple(told)


def _opens_sentence(line: str, at: int) -> bool:
    return at == 0 or line[at - 1] in _SENTENCE_ENDS


def _left_edge(line: str, at: int) -> int:
    """Where the context before ``at`` begins: at its sentence's start, or ``REACH`` back at a whole word or figure."""
    edge = at
    while edge > 0 and not _opens_sentence(line, edge):
        if at - edge >= REACH and not _inside_word(line, edge):
            break
        if at - edge >= REACH + _OVERRUN:
            break
        edge -= 1
    return edge + 1 if edge < at and line[edge] in _COMMAS else edge


def _right_edge(line: str, at: int) -> int:
    """Where the context behind ``at`` ends: with its sentence, or ``REACH`` on at a whole word or figure."""
    if _opens_sentence(line, at) and at:
        return at
    edge = at
    while edge < len(line):
        if line[edge] in _SENTENCE_ENDS:
            return edge + 1
        if edge - at >= REACH and not _inside_word(line, edge):
            break
        if edge - at >= REACH + _OVERRUN:
            break
        edge += 1
    return edge


def _inside_word(line: str, at: int) -> bool:
    """Whether a cut at ``at`` would part a figure or a Latin word."""
    pair = line[at - 1 : at + 1]
    return len(pair) == 2 and pair.isascii() and all(sign.isalnum() or sign in ".,%-" for sign in pair)
