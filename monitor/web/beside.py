"""Two texts beside each other, paragraph by paragraph, with everything marked that the comparison tells. Pure.

``monitor.compare.edits`` says which stretches of the two texts differ; what is left stayed, sign for sign, so both can
be walked side by side. A row ends where a paragraph ends on both sides: one that was split in two stands beside both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal, Protocol, get_args

from monitor.compare.align import COUNTER, Body, Span
from monitor.compare.edits import touches_between
from monitor.digest.passages import typeset
from storage.records import Article

LONGEST = 50_000
"""Characters of each text that are compared; a page that said more was never meant to be read."""

NEIGHBOURS = 1
"""Rows that stayed beside one that did not, and are shown with it."""

FOLDED = 3
"""So many rows that stayed are folded together."""

Kind = Literal["same", "del", "ins", "away", "here"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one kind: it stayed, was deleted or inserted, was moved ``away`` or stands ``here`` since it was moved.

    ``edited`` marks what became otherwise while it was moved.
    """

    kind: Kind
    text: str
    edited: bool = False


Paragraph = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Paragraphs that stand beside each other; a side is empty where the other has nothing to match.

    ``merged`` is both in one, as a reader of an inline view sees them.
    """

    old: tuple[Paragraph, ...]
    new: tuple[Paragraph, ...]
    merged: tuple[Paragraph, ...]

    @property
    def stayed(self) -> bool:
        """Whether nothing here differs."""
        return all(piece.kind == "same" for paragraph in self.merged for piece in paragraph)


@dataclass(frozen=True, slots=True)
class Fold:
    """Rows in a row, to be shown or (``stayed``) folded away."""

    rows: tuple[Row, ...]
    stayed: bool


class Placed(Protocol):
    """A token at a place of its stream."""

    @property
    def at(self) -> int: ...
    @property
    def end(self) -> int: ...


def is_long(article: Article) -> bool:
    """Whether only the beginning of a text is compared."""
    return sum(map(len, article.canonical)) > LONGEST


def beginning(article: Article) -> Article:
    """The article with as much of its text as is compared; one that is not too long as it is."""
    if not is_long(article):
        return article
    return replace(article, canonical=_cut(article.canonical), paragraphs=_cut(article.paragraphs))


def beside(old: Article, new: Article) -> tuple[Row, ...]:
    """Both texts as rows. Furniture and counters of visits are left out, as in the comparison."""
    was, now = _body(old), _body(new)
    news, quiet, moves = touches_between(was, now)
    left, right = _Side(was), _Side(now)
    left.mark("away", [move.old for move in moves])
    right.mark("here", [move.new for move in moves])
    left.mark("quiet", [_span(token) for touch in quiet for token in touch.old])
    right.mark("quiet", [_span(token) for touch in quiet for token in touch.new])
    left.mark("del", [_span(token) for touch in news for token in touch.old])
    right.mark("ins", [_span(token) for touch in news for token in touch.new])
    return tuple(_Walk(left, right).rows())


def folded(rows: Sequence[Row]) -> list[Fold]:
    """The rows in order, long sameness apart; what stands beside a difference stays with it."""
    near = {at + step for at, row in enumerate(rows) if not row.stayed for step in range(-NEIGHBOURS, NEIGHBOURS + 1)}
    folds: list[Fold] = []
    for far, group in groupby(enumerate(rows), key=lambda numbered: numbered[0] not in near):
        held = tuple(row for _, row in group)
        apart = far and len(held) >= FOLDED
        if folds and not apart and not folds[-1].stayed:
            held = (*folds.pop().rows, *held)
        folds.append(Fold(held, apart))
    return folds


def _cut(paragraphs: Sequence[str]) -> tuple[str, ...]:
    room, kept = LONGEST, []
    for paragraph in paragraphs:
        kept.append(paragraph[:room])
        room -= len(kept[-1])
        if room <= 0:
            break
    return tuple(kept)


def _body(article: Article) -> Body:
    # A counter that moved is no news, and would put the two texts out of step.
    return Body(tuple(COUNTER.sub("", paragraph) for paragraph in Body.of(_cut(article.canonical)).paragraphs))


def _span(token: Placed) -> Span:
    return Span(token.at, token.end)


class _Side:
    """One text, what each of its signs is, and how far it has been read."""

    def __init__(self, body: Body) -> None:
        self.text = "".join(map(typeset, body.paragraphs))
        self.kinds = ["same"] * len(self.text)
        self.edited = [False] * len(self.text)
        self.starts = frozenset(body.starts)
        self.at = 0

    def mark(self, kind: str, spans: Iterable[Span]) -> None:
        """Say what these stretches are; an edit inside moved text leaves it moved."""
        for span in spans:
            for at in range(span.start, span.end):
                if self.kinds[at] in ("away", "here"):
                    self.edited[at] = kind in ("del", "ins")
                else:
                    self.kinds[at] = kind

    @property
    def kind(self) -> str:
        """What the next sign is; empty at the end."""
        return self.kinds[self.at] if self.at < len(self.text) else ""

    @property
    def at_start(self) -> bool:
        """Whether a paragraph ends here, or the text."""
        return self.at in self.starts

    def run(self) -> int:
        """How many signs are of one kind from here, within the paragraph."""
        end = self.at + 1
        while end < len(self.text) and end not in self.starts and self._alike(end):
            end += 1
        return end - self.at

    def _alike(self, at: int) -> bool:
        return self.kinds[at] == self.kinds[self.at] and self.edited[at] == self.edited[self.at]

    def take(self, size: int) -> Piece:
        """The next signs, read."""
        start, self.at = self.at, self.at + size
        kind = self.kinds[start]
        shown: Kind = kind if kind in get_args(Kind) else "same"  # type: ignore[assignment]
        return Piece(shown, self.text[start : self.at], self.edited[start])


class _Walk:
    """Both texts read in step; a row is closed where a paragraph ends on both sides."""

    def __init__(self, left: _Side, right: _Side) -> None:
        self._left, self._right = left, right
        self._begin()

    def _begin(self) -> None:
        self._old, self._new, self._merged = _Cell(), _Cell(), _Cell()

    def rows(self) -> Iterator[Row]:
        """The rows, to the end of both texts."""
        left, right = self._left, self._right
        while left.kind or right.kind:
            if left.kind and left.kind != "same":
                self._read_old()
            elif right.kind and (right.kind != "same" or not left.kind):
                self._read_new()
            elif not right.kind:
                self._read_old()
            else:
                self._read_both(min(left.run(), right.run()))
            if left.at_start and right.at_start and not self._waits():
                yield Row(self._old.whole(), self._new.whole(), self._merged.whole())
                self._begin()

    def _read_old(self) -> None:
        piece = self._left.take(self._left.run())
        self._old.add(piece, ends=self._left.at_start)
        if piece.kind != "same":
            alone = self._left.at_start and self._merged.is_only(piece.kind)
            self._merged.add(piece, ends=alone)

    def _read_new(self) -> None:
        piece = self._right.take(self._right.run())
        self._new.add(piece, ends=self._right.at_start)
        self._merged.add(piece, ends=self._right.at_start)

    def _read_both(self, size: int) -> None:
        self._old.add(self._left.take(size), ends=self._left.at_start)
        piece = self._right.take(size)
        self._new.add(piece, ends=self._right.at_start)
        self._merged.add(piece, ends=self._right.at_start)

    def _waits(self) -> bool:
        """Whether a deleted paragraph waits for the one put in its place."""
        return self._right.kind == "ins" and not self._new and self._old.is_only("del")


class _Cell:
    """One side of a row as it grows."""

    def __init__(self) -> None:
        self._closed: list[Paragraph] = []
        self._open: list[Piece] = []

    def __bool__(self) -> bool:
        return bool(self._closed or self._open)

    def add(self, piece: Piece, *, ends: bool) -> None:
        """Put a piece to the paragraph that is open."""
        last = self._open[-1] if self._open else None
        if last and (last.kind, last.edited) == (piece.kind, piece.edited):
            self._open[-1] = Piece(piece.kind, last.text + piece.text, piece.edited)
        elif piece.text:
            self._open.append(piece)
        if ends and self._open:
            self._closed.append(tuple(self._open))
            self._open = []

    def is_only(self, kind: str) -> bool:
        """Whether there is nothing of another kind here."""
        held = [*self._open, *(piece for paragraph in self._closed for piece in paragraph)]
        return all(piece.kind == kind for piece in held)

    def whole(self) -> tuple[Paragraph, ...]:
        """The paragraphs, the open one too."""
        return (*self._closed, tuple(self._open)) if self._open else tuple(self._closed)
