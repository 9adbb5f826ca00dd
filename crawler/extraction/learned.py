"""What a site taught of its template, and where it stands on a page.

Three things are learned (``crawler.extraction.learning`` says from what): blocks that say the same on every page, lists
of links to other pages, and lines at the edges of the story that come on nearly every page. A block outside the story
is known by its place, and may be reworded there. At the story's edges words are known, wherever they stand: whatever is
altered there shows again, and a redesign of the site does not bring its furniture back as news.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from crawler.extraction.lines import Box, Line
from crawler.extraction.places import Place, places_of

MOVING = "\u2317"
"""Stands in a learned line where its number moved (⌗)."""

MOSTLY = 0.8
"""The share of a box's characters that are links, from which it is a list of links."""

_KNOWN = 0.5
"""The share of a line's character pairs that its block taught, from which the line is the block's, if reworded."""

_TELLING = 10
"""Characters from which a block's line is known by its words alone, out of its place."""

_FIGURES = "0-9零〇一二两三四五六七八九十百千万亿"
NUMBER = re.compile(rf"[{_FIGURES}](?:[,.]?[{_FIGURES}])*")
_SLOT = re.compile(rf"{MOVING}|{NUMBER.pattern}")


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """A box that says the same on every page: its place and its canonical lines."""

    place: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """Lines of one page that were learned: ``furniture`` is no text anywhere, ``edges`` none at the story's edges."""

    furniture: frozenset[int] = frozenset()
    edges: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Learned:
    """A site's furniture, in order, each once: ``lists`` are places, ``sayings`` canonical lines at the story's edges.

    Numbers that moved from page to page are ``MOVING``.
    """

    blocks: tuple[Block, ...] = ()
    lists: tuple[str, ...] = ()
    sayings: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.blocks or self.lists or self.sayings)

    @cached_property
    def name(self) -> str:
        """A short hash of what was learned: the same content has the same name."""
        return sha256(self.to_json().encode()).hexdigest()[:8]

    def to_json(self) -> str:
        """One line of JSON that ``from_json`` reads."""
        content = {
            "blocks": [[block.place, list(block.lines)] for block in self.blocks],
            "lists": list(self.lists),
            "sayings": list(self.sayings),
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Learned:
        """What ``to_json`` wrote."""
        cell: dict[str, Any] = json.loads(text)
        return cls(
            blocks=tuple(Block(place, tuple(lines)) for place, lines in cell["blocks"]),
            lists=tuple(cell["lists"]),
            sayings=tuple(cell["sayings"]),
        )

    def joined(self, more: Learned) -> Learned:
        """All of it with all of ``more``. Nothing is forgotten: old pages keep the template they were made with."""
        blocks: dict[str, dict[str, None]] = defaultdict(dict)
        for block in (*self.blocks, *more.blocks):
            blocks[block.place].update(dict.fromkeys(block.lines))
        return Learned(
            tuple(sorted(Block(place, tuple(lines)) for place, lines in blocks.items())),
            tuple(sorted({*self.lists, *more.lists})),
            tuple(sorted({*self.sayings, *more.sayings})),
        )

    def marks(self, lines: Sequence[Line], boxes: Sequence[Box], plain: Sequence[str]) -> Marks:
        """Which lines of a page are learned furniture; ``plain`` are the canonical ``lines``."""
        places = places_of(boxes) if self.blocks or self.lists else []
        furniture: set[int] = set()
        for place in places:
            block = self._blocks.get(place.path)
            if block is not None:
                furniture.update(i for i in range(place.start, place.end) if block.knows(plain[i]))
            elif place.path in self._lists and is_list(lines, place):
                furniture.update(range(place.start, place.end))
        said = (i for i, text in enumerate(plain) if any(matches(w, text) for w in self._words.get(shape(text), ())))
        return Marks(frozenset(furniture), frozenset(said) - furniture)

    @cached_property
    def _blocks(self) -> Mapping[str, _Vocabulary]:
        return {block.place: _Vocabulary.of(block.lines) for block in self.blocks}

    @cached_property
    def _lists(self) -> frozenset[str]:
        return frozenset(self.lists)

    @cached_property
    def _words(self) -> Mapping[str, Sequence[str]]:
        """What is known by its words alone, by its shape."""
        index: dict[str, list[str]] = defaultdict(list)
        lines = (line for block in self.blocks for line in block.lines if len(line) >= _TELLING)
        for words in (*self.sayings, *lines):
            index[shape(words)].append(words)
        return index


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """What a block says, whole and in pairs of characters."""

    whole: frozenset[str]
    pairs: frozenset[str]

    @classmethod
    def of(cls, lines: Sequence[str]) -> _Vocabulary:
        shapes = [shape(line) for line in lines]
        return cls(frozenset(shapes), frozenset(pair for text in shapes for pair in _pairs(text)))

    def knows(self, text: str) -> bool:
        """Whether a line is one of the block's, though it may have been reworded since."""
        said = shape(text)
        if said in self.whole:
            return True
        pairs = _pairs(said)
        return bool(pairs) and sum(pair in self.pairs for pair in pairs) >= _KNOWN * len(pairs)


def reading_name(extractor: str, learned: Learned | None) -> str:
    """What a reading is called: the extractor, and what it had learned of the site."""
    return f"{extractor}+{learned.name}" if learned else extractor


def lesson_name(reading: str) -> str | None:
    """What the reading of that name had learned, or ``None``."""
    return reading.partition("+")[2] or None


def shape(text: str) -> str:
    """A line with every number masked; what lines have in common that differ in numbers only."""
    return NUMBER.sub(MOVING, text)


def matches(words: str, text: str) -> bool:
    """Whether a line of the same shape as learned words has all their numbers, but for those that move."""
    wanted, found = _SLOT.findall(words), _SLOT.findall(text)
    return len(wanted) == len(found) and all(w in (MOVING, f) for w, f in zip(wanted, found, strict=True))


def is_list(lines: Sequence[Line], place: Place) -> bool:
    """Whether a box holds links and hardly anything else."""
    held = lines[place.start : place.end]
    length = sum(len(line.text) for line in held)
    return length > 0 and sum(line.linked for line in held) >= MOSTLY * length


def _pairs(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)]
