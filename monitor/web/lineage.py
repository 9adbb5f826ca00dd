"""A story as a tree drawn down the page: who had it first, and from whom each copy has it. Pure.

A copy's parent is the earlier page whose site it names as its source, else the first. Places are those of the drawing,
in units of its view box; words are the template's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.stories import Line, Part
from storage.stories import Printing

STEP = 46
"""Height of one printing in the drawing."""

LANE = 26
"""Width of one generation."""

LEFT, TOP = 16, 24
WIDTH = 720
MOST = 60
"""Printings that are drawn; more are in the table alone."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A printing with its page, when it was first seen, and from which of the others it was taken (by place, 0 the
    first); ``None`` for the first itself."""

    part: Part
    page_id: int
    seen_at: datetime
    parent: int | None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """A printing in the drawing: the centre of its dot, and where its words begin."""

    copy: Copy
    x: int
    y: int
    path: str


def copies(line: Line, printings: Sequence[Printing], names: Mapping[str, str]) -> tuple[Copy, ...]:
    """The story's printings, the first before the others, those in the order in which they were seen."""
    first = {printing.newest.url: printing.first for printing in printings}
    told: list[Copy] = []
    for part in line.parts:
        seen = first[part.url]
        parent = _parent(part, told, names) if told else None
        depth = 0 if parent is None else told[parent].depth + 1
        told.append(Copy(part, seen.page_id, seen.seen_at, parent, depth))
    return tuple(told)


def _parent(part: Part, earlier: Sequence[Copy], names: Mapping[str, str]) -> int:
    """The latest of the earlier printings on the site that is named as the source; the first where none is."""
    named = (part.source or "").strip()
    for place in range(len(earlier) - 1, -1, -1):
        site = earlier[place].part.site
        if named and site != part.site and named == names.get(site):
            return place
    return 0


def drawn(told: Sequence[Copy]) -> tuple[Node, ...]:
    """The first ``MOST`` printings with their places and the lines that lead to them."""
    nodes: list[Node] = []
    for place, copy in enumerate(told[:MOST]):
        x, y = LEFT + copy.depth * LANE, TOP + place * STEP
        path = ""
        if copy.parent is not None:
            origin = nodes[copy.parent]
            path = f"M{origin.x} {origin.y}V{y - 10}Q{origin.x} {y} {origin.x + 10} {y}H{x}"
        nodes.append(Node(copy, x, y, path))
    return tuple(nodes)


def height(nodes: Sequence[Node]) -> int:
    """How high the drawing is."""
    return TOP * 2 + STEP * max(0, len(nodes) - 1)
