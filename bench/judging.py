"""What the monitor told of a pair of states, held against what is true of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.edits import Pair, Truth
from monitor.compare.align import Body, fold, reading, same_words
from monitor.digest.item import is_mend
from storage.records import Article, Change, Edit, Facts

_GROWN = 16
"""Characters by which an edit may be longer than the truth on either side: it is grown to whole words."""
_LOUD = 0.4
"""What a changed figure, name or negation weighs at least."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One pair judged. ``words`` is whether nothing but the truth was told, ``facts`` and ``weight`` what they say."""

    told: bool
    words: bool = False
    kind: bool = False
    facts: bool | None = None
    weight: bool | None = None


def judge(truth: Truth, old: Article, new: Article, change: Change | None) -> Verdict:
    """Told is what gives the newer text when the edits are applied to the older one; a label's edit by its field."""
    if change is None:
        return Verdict(False)
    told = _label_told(truth, change) if truth.field else rebuilds(old, new, change.edits)
    kind = change.kind is truth.kind and (truth.earlier is None or truth.earlier is ("倒填" in (change.note or "")))
    judged = bool(truth.facts or truth.quiet)
    return Verdict(
        told=told,
        words=told and _is_brief(truth, change),
        kind=kind,
        facts=_facts_right(truth, change.facts) if judged else None,
        weight=is_mend(change) if truth.mend else change.weight >= _LOUD if truth.facts else None,
    )


def _label_told(truth: Truth, change: Change) -> bool:
    return any(edit.field == truth.field for edit in change.edits)


def _is_brief(truth: Truth, change: Change) -> bool:
    """Whether only the field in question is told of, by its kind of edit, in few words more than the truth's own."""
    if any(edit.field != (truth.field or "body") for edit in change.edits):
        return False
    if truth.op == "move":
        return [edit.op for edit in change.edits] == ["move"]
    if truth.field:
        return True
    before, after = (sum(len(getattr(edit, side)) for edit in change.edits) for side in ("before", "after"))
    return before <= len(reading(truth.before)) + _GROWN and after <= len(reading(truth.after)) + _GROWN


def rebuilds(old: Article, new: Article, edits: Sequence[Edit]) -> bool:
    """Whether the edits of the body, applied to the older text, give the newer one."""
    was, now = Body.of(old.canonical), Body.of(new.canonical)
    said = [edit for edit in edits if edit.field == "body"]
    left, right = was.stream, now.stream
    for edit in sorted((e for e in said if e.op == "delete"), key=lambda e: _at(was, e), reverse=True):
        at = _at(was, edit)
        if not same_words(left[at : at + len(edit.before)], edit.before):
            return False
        left = left[:at] + left[at + len(edit.before) :]
    for edit in sorted((e for e in said if e.op != "delete"), key=lambda e: _at(now, e), reverse=True):
        at = _at(now, edit)
        if not same_words(right[at : at + len(edit.after)], edit.after):
            return False
        right = right[:at] + ("" if edit.op == "move" else edit.before) + right[at + len(edit.after) :]
        if edit.op == "move":
            left = fold(left).replace(fold(edit.before), "", 1)
    return bool(said) and same_words(left, right)


def _at(body: Body, edit: Edit) -> int:
    return body.starts[edit.paragraph or 0] + (edit.offset or 0)


def _facts_right(truth: Truth, facts: Facts) -> bool:
    if any(getattr(facts, family, ()) for family in truth.quiet):
        return False
    return all(
        _is_told(pair, getattr(facts, family, ()), near=family in truth.near) for family, pair in truth.facts.items()
    )


def _is_told(pair: Pair, told: Sequence[Pair], *, near: bool) -> bool:
    wanted = (reading(pair[0]), reading(pair[1]))
    if len(told) != 1:
        return False
    return (
        all(_fits(*sides) for sides in zip(wanted, told[0], strict=True))
        if near
        else _folded(wanted) == _folded(told[0])
    )


def _folded(pair: Pair) -> Pair:
    return fold(pair[0]), fold(pair[1])


def _fits(wanted: str, told: str) -> bool:
    """Whether a name was told with more or less of what stands around it: both empty, or one inside the other."""
    return (wanted in told or told in wanted) if wanted and told else wanted == told
