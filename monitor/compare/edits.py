"""Edits as short as they can be said: inside what was replaced, words are matched, and an edit is whole words.

A figure with its unit, a date, a name, a document number is one word (``facts.tokens``), so 4156名 became 4165名, not
56 became 65. Common scraps between two long replacements are swallowed, since ``的`` that two unrelated sentences share
tells nobody anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from monitor.compare.align import COUNTER, Body, Move, Span, align, fold, reading, same_words
from monitor.compare.facts import Kind, Token, Touched, facts_of, tokens
from monitor.compare.matching import differing
from storage.records import Edit, Facts

_SCRAP = 2
"""Common text between two edits stays only where it is longer than half of the shorter of both."""

_RANKS = frozenset("省市县区镇乡")
"""What two names of one form have in common (永宁市财政局, 临川市审计局): the edit is one, of the whole name."""

_PASSAGE = 12
"""Characters of text that does not stand in two places by chance."""

_AROUND = 6
"""Words on either side of an edit that tell which names it touches."""

_LIKENESS_OF_A_MOVED_PARAGRAPH = 0.75
_SENTENCE_ENDS = frozenset('。!?;"”')
_CLAUSE_ENDS = frozenset(",、:")


@dataclass(frozen=True, slots=True)
class Said:
    """What two bodies differ by. A paragraph counts as added or removed when all of it is."""

    edits: tuple[Edit, ...] = ()
    touched: tuple[Touched, ...] = ()
    paragraphs_added: int = 0
    paragraphs_removed: int = 0

    @property
    def facts(self) -> Facts:
        """What the edits touch."""
        return facts_of(self.touched)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A token at a position of its stream, in a paragraph."""

    token: Token
    at: int
    paragraph: int

    @property
    def end(self) -> int:
        return self.at + len(self.token.text)


@dataclass(frozen=True, slots=True)
class _Change:
    """Tokens ``i1``..``i2`` of the older text that became ``j1``..``j2`` of the newer one."""

    i1: int
    i2: int
    j1: int
    j2: int


@dataclass(frozen=True, slots=True)
class _Touch:
    """An edit before it is said: its tokens on both sides, and those that follow it."""

    old: tuple[_Placed, ...]
    new: tuple[_Placed, ...]
    following: tuple[Token, ...] = ()
    preceding: Token | None = None
    left: str = ""
    right: str = ""

    @property
    def facts(self) -> Touched:
        old, new = (tuple(p.token for p in side) for side in (self.old, self.new))
        return Touched(old, new, self.following, self.preceding, self.left, self.right)


def body_edits(old: Body, new: Body) -> Said:
    """The edits between two bodies, in the order of the newer text, deletions where their text stood before.

    Empty when the bodies say the same, whatever their paragraphs, spaces, widths, quotes and counters.
    """
    if old.says_the_same(new):
        return Said()
    touches, _, moves = touches_between(old, new)
    was, now = (frozenset(sentence.key for sentence in body.sentences) for body in (old, new))
    edits = [edit for touch in touches for edit in _edits(touch, old, new)]
    edits += [_move(move, old, new) for move in moves]
    return Said(
        edits=tuple(sorted(edits, key=_reading_order)),
        touched=tuple(touch.facts for touch in touches if not _is_repeated(touch, was, now)),
        paragraphs_added=sum(_is_whole(edit, new) for edit in edits if edit.op == "insert"),
        paragraphs_removed=sum(_is_whole(edit, old) for edit in edits if edit.op == "delete"),
    )


def touches_between(old: Body, new: Body) -> tuple[list[_Touch], list[_Touch], tuple[Move, ...]]:
    """What differs between two bodies, by its places: news, differences that are no news, and what was moved."""
    alignment = align(old, new)
    every = [touch for run in alignment.runs for touch in _touches(_placed(old, run.old), _placed(new, run.new))]
    news, moved = _moved_and_edited(old, new, [touch for touch in every if _is_news(touch)])
    return news, [touch for touch in every if not _is_news(touch)], (*alignment.moves, *moved)


def _is_repeated(touch: _Touch, old: Collection[str], new: Collection[str]) -> bool:
    """Whether a passage came of which all sentences stand in the text already, or one went that still does.

    ``old`` and ``new`` are what the sentences of both texts say. It was said twice, which is no new fact.
    """
    side, other = (touch.new, old) if touch.new else (touch.old, new)
    said = _text(side)
    lone = not (touch.old and touch.new)
    return lone and len(said) >= _PASSAGE and all(sentence.key in other for sentence in Body((said,)).sentences)


def text_edits(before: str, after: str, field: str) -> Said:
    """The edits between two values of the label ``field``, as short as in a body, without paragraph and offset."""
    said = body_edits(Body((reading(before),)), Body((reading(after),)))
    edits = tuple(replace(edit, field=field, paragraph=None, offset=None) for edit in said.edits)
    return Said(edits=edits, touched=said.touched)


def label_edit(field: str, before: str, after: str) -> Edit:
    """A label's whole value that became another, came, or went."""
    op = "replace" if before and after else "insert" if after else "delete"
    return Edit(op, before, after, field=field)


def _reading_order(edit: Edit) -> tuple[int, int]:
    return edit.paragraph or 0, edit.offset or 0


def _placed(body: Body, spans: Sequence[Span]) -> list[_Placed]:
    """The tokens of ``spans``, cut paragraph by paragraph."""
    found: list[_Placed] = []
    for span in spans:
        at = span.start
        while at < span.end:
            paragraph, _ = body.place(at)
            end = min(span.end, body.starts[paragraph + 1])
            for token in tokens(body.stream[at:end]):
                found.append(_Placed(token, at, paragraph))
                at += len(token.text)
    return found


def _touches(old: Sequence[_Placed], new: Sequence[_Placed]) -> Iterator[_Touch]:
    changes = [_Change(*block) for block in differing([p.token.key for p in old], [p.token.key for p in new])]
    for change in _slid(_without_scraps(changes, old, new), old, new):
        settled = _trimmed(change, old, new)
        following = tuple(p.token for p in new[settled.j2 : settled.j2 + 2])
        preceding = new[settled.j1 - 1].token if settled.j1 else None
        left, right = new[max(0, settled.j1 - _AROUND) : settled.j1], new[settled.j2 : settled.j2 + _AROUND]
        sides = tuple(old[settled.i1 : settled.i2]), tuple(new[settled.j1 : settled.j2])
        yield _Touch(*sides, following, preceding, _text(left), _text(right))


def _text(placed: Sequence[_Placed]) -> str:
    return "".join(p.token.text for p in placed)


def _is_news(touch: _Touch) -> bool:
    before, after = _text(touch.old), _text(touch.new)
    return not same_words(before, after) and not same_words(COUNTER.sub("", before), COUNTER.sub("", after))


def _without_scraps(changes: Sequence[_Change], old: Sequence[_Placed], new: Sequence[_Placed]) -> list[_Change]:
    """Neighbouring changes joined where what they have in common between them is a scrap."""
    joined: list[_Change] = []
    for change in changes:
        joined.append(change)
        while len(joined) > 1 and _is_scrap(joined[-2], joined[-1], old, new):
            right, left = joined.pop(), joined.pop()
            joined.append(_Change(left.i1, right.i2, left.j1, right.j2))
    return joined


def _is_scrap(left: _Change, right: _Change, old: Sequence[_Placed], new: Sequence[_Placed]) -> bool:
    if _swaps_a_fact(left, old, new) or _swaps_a_fact(right, old, new):
        return False
    between = _text(old[left.i2 : right.i1])
    if between in _RANKS:
        return True
    common = len(between)
    sizes = [max(len(_text(old[c.i1 : c.i2])), len(_text(new[c.j1 : c.j2]))) for c in (left, right)]
    both_sides = all(c.i2 > c.i1 and c.j2 > c.j1 for c in (left, right))
    return both_sides and common * _SCRAP <= min(sizes)


def _swaps_a_fact(change: _Change, old: Sequence[_Placed], new: Sequence[_Placed]) -> bool:
    if change.i2 - change.i1 != 1 or change.j2 - change.j1 != 1:
        return False
    before, after = old[change.i1].token, new[change.j1].token
    return before.kind is after.kind and before.kind is not Kind.WORD


def _slid(changes: Sequence[_Change], old: Sequence[_Placed], new: Sequence[_Placed]) -> list[_Change]:
    """Insertions and deletions pushed to where a reader sees them: at a paragraph's or sentence's start, if they can.

    ``…活动。[其中…活动。]`` rather than ``…活动[。其中…活动]。``: both give the same text. None is pushed past another.
    """
    settled: list[_Change] = []
    for at, change in enumerate(changes):
        before = settled[-1] if settled else _Change(0, 0, 0, 0)
        after = changes[at + 1] if at + 1 < len(changes) else _Change(len(old), len(old), len(new), len(new))
        back = min(change.i1 - before.i2, change.j1 - before.j2)
        ahead = min(after.i1 - change.i2, after.j1 - change.j2)
        shift = 0
        if change.i1 == change.i2:
            shift = _best_shift(new, change.j1, change.j2, back, ahead)
        elif change.j1 == change.j2:
            shift = _best_shift(old, change.i1, change.i2, back, ahead)
        settled.append(_Change(change.i1 + shift, change.i2 + shift, change.j1 + shift, change.j2 + shift))
    return settled


def _best_shift(side: Sequence[_Placed], start: int, end: int, back: int, ahead: int) -> int:
    """By how many tokens, at most ``back`` or ``ahead``, a stretch moves to the cleanest place with the same text."""
    shifts = [0]
    while shifts[-1] > -back and side[start + shifts[-1] - 1].token.key == side[end + shifts[-1] - 1].token.key:
        shifts.append(shifts[-1] - 1)
    shift = 0
    while shift < ahead and side[start + shift].token.key == side[end + shift].token.key:
        shift += 1
        shifts.append(shift)
    return max(shifts, key=lambda by: (_boundary(side, start + by) + _boundary(side, end + by), -abs(by)))


def _boundary(side: Sequence[_Placed], at: int) -> int:
    """How clean a cut before token ``at`` is: 2 between paragraphs or sentences, 1 between clauses."""
    if at in {0, len(side)} or side[at - 1].paragraph != side[at].paragraph:
        return 2
    last = side[at - 1].token.text[-1]
    return 2 if last in _SENTENCE_ENDS else 1 if last in _CLAUSE_ENDS else 0


def _trimmed(change: _Change, old: Sequence[_Placed], new: Sequence[_Placed]) -> _Change:
    """Equal text at both ends taken off: whole words on both sides, which the cutter may have cut differently."""
    lead = _common_lead(old[change.i1 : change.i2], new[change.j1 : change.j2])
    change = replace(change, i1=change.i1 + lead[0], j1=change.j1 + lead[1])
    tail = _common_lead(old[change.i1 : change.i2][::-1], new[change.j1 : change.j2][::-1], backwards=True)
    return replace(change, i2=change.i2 - tail[0], j2=change.j2 - tail[1])


def _common_lead(old: Sequence[_Placed], new: Sequence[_Placed], *, backwards: bool = False) -> tuple[int, int]:
    """How many tokens of each side give the longest common text that is whole words on both."""
    best = (0, 0)
    i = j = 0
    left = right = ""
    while i < len(old) or j < len(new):
        if len(left) <= len(right) and i < len(old):
            left, i = _grown(left, old[i].token.key, backwards=backwards), i + 1
        elif j < len(new):
            right, j = _grown(right, new[j].token.key, backwards=backwards), j + 1
        else:
            break
        if left == right:
            best = (i, j)
        elif not _agree(left, right, backwards=backwards):
            break
    return best


def _grown(text: str, key: str, *, backwards: bool) -> str:
    return key + text if backwards else text + key


def _agree(left: str, right: str, *, backwards: bool) -> bool:
    if backwards:
        return left.endswith(right) or right.endswith(left)
    return left.startswith(right) or right.startswith(left)


def _moved_and_edited(old: Body, new: Body, touches: Sequence[_Touch]) -> tuple[list[_Touch], list[Move]]:
    """A paragraph deleted here and, a little changed, inserted there: a move, and the edits inside it."""
    left = [t for t in touches if t.old and not t.new and old.whole_paragraphs(t.old[0].at, t.old[-1].end)]
    arrived = [t for t in touches if t.new and not t.old and new.whole_paragraphs(t.new[0].at, t.new[-1].end)]
    kept, moves = list(touches), []
    for here in left:
        there = max(arrived, key=lambda t: _likeness(here.old, t.new), default=None)
        if there is None or _likeness(here.old, there.new) < _LIKENESS_OF_A_MOVED_PARAGRAPH:
            continue
        arrived.remove(there)
        kept = [t for t in kept if t is not here and t is not there]
        kept += filter(_is_news, _touches(here.old, there.new))
        moves.append(Move(Span(here.old[0].at, here.old[-1].end), Span(there.new[0].at, there.new[-1].end)))
    return kept, moves


def _likeness(old: Sequence[_Placed], new: Sequence[_Placed]) -> float:
    """The share of text that two token rows have in common, order aside, by the longer of both."""
    before, after = Counter(p.token.key for p in old), Counter(p.token.key for p in new)
    common = sum(len(key) * count for key, count in (before & after).items())
    return common / max(1, len(_text(old)), len(_text(new)))


def _move(move: Move, old: Body, new: Body) -> Edit:
    paragraph, offset = new.place(move.new.start)
    before, after = old.stream[move.old.start : move.old.end], new.stream[move.new.start : move.new.end]
    return Edit("move", before, after, paragraph, offset=offset)


def _edits(touch: _Touch, old: Body, new: Body) -> Iterator[Edit]:
    """A touch as edits, one a paragraph: paragraphs replaced in order, those left over deleted or inserted."""
    was = [tuple(group) for _, group in groupby(touch.old, key=lambda p: p.paragraph)]
    now = [tuple(group) for _, group in groupby(touch.new, key=lambda p: p.paragraph)]
    paired = min(len(was), len(now))
    for before, after in zip(was, now, strict=False):
        yield Edit("replace", _text(before), _text(after), *_where(new, after))
    for before in was[paired:]:
        yield Edit("delete", _text(before), "", *_where(old, before))
    for after in now[paired:]:
        yield Edit("insert", "", _text(after), *_where(new, after))


def _where(body: Body, side: Sequence[_Placed]) -> tuple[int, str, int]:
    paragraph, offset = body.place(side[0].at)
    return paragraph, "body", offset


def _is_whole(edit: Edit, body: Body) -> bool:
    """Whether an insertion or deletion is all of its paragraph of ``body``."""
    return edit.paragraph is not None and fold(body.paragraphs[edit.paragraph]) == fold(edit.before + edit.after)
