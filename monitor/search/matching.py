"""Where the words of a query stand in a text. Pure; works on folded text (``storage.folding``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from storage.signs import RUN

Span = tuple[int, int]

_PIECE = re.compile(rf"[{RUN}]+|\S")
_IS_RUN = re.compile(rf"[{RUN}]+")


@lru_cache(maxsize=256)
def pattern_of(word: str) -> re.Pattern[str]:
    """What finds a folded word: letter for letter, white space aside; numbers and Latin words only whole."""
    pieces = [
        rf"(?<![{RUN}]){piece}(?![{RUN}])" if _IS_RUN.fullmatch(piece) else re.escape(piece)
        for piece in _PIECE.findall(word)
    ]
    return re.compile(r"[^\S\n]*".join(pieces))


@dataclass(frozen=True, slots=True)
class Places:
    """Where each word stands in a title and in a text, in the order of the words."""

    title: tuple[tuple[Span, ...], ...]
    text: tuple[tuple[Span, ...], ...]


def places_of(words: Sequence[str], title: str, text: str) -> Places | None:
    """Where the words stand; ``None`` unless each stands in the title or in the text."""
    patterns = [pattern_of(word) for word in words]
    if not all(pattern.search(text) or pattern.search(title) for pattern in patterns):
        return None
    return Places(tuple(_spans(p, title) for p in patterns), tuple(_spans(p, text) for p in patterns))


def holds(word: str, text: str) -> bool:
    """Whether a text has a word."""
    return pattern_of(word).search(text) is not None


def _spans(pattern: re.Pattern[str], text: str) -> tuple[Span, ...]:
    return tuple(found.span() for found in pattern.finditer(text))
