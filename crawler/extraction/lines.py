"""A page as the lines a reader sees, top to bottom, and the boxes that hold them.

One pass over the tree; every later question (which box is the body, where is the headline, what is furniture) is
asked of these lines and not of the tree again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.markup import Markup, tidy

_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr html legend li main marquee nav ol p pre section summary table tbody td tfoot th "
    "thead tr ul ucaptitle ucapcontent founder-title founder-content founder-author founder-date founder-introtitle "
    "founder-subtitle"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SKIPPED_NAMES = (
    "script style noscript iframe object embed select button textarea input svg template title head map video audio"
)
_SKIPPED = frozenset(_SKIPPED_NAMES.split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_LAYOUT = frozenset({"tr", "table", "ul", "ol", "form", "h1", "h2", "h3"})
_LONGEST_LINE = 20_000
"""Characters from which a line is told as several: no paragraph has as many, and no pattern is asked about more."""
_LONGEST_PARTED = 280
"""Characters of a line that may be a byline, whose elements part its values."""
_LONGEST_CELL = 300
"""A cell of more characters is layout, not data."""


class Line(NamedTuple):
    """One printed line. ``linked`` counts its characters inside links; ``heading`` is 1 to 6 inside ``<h1>``…``<h6>``.

    ``box`` is the index of the innermost box; ``cells`` is above 0 for a row of a data table. ``pieces`` are the texts
    that elements inside a short line part it into, ``seams`` those of them before which one element ends as another
    begins, nothing between.
    """

    text: str
    box: int
    linked: int = 0
    heading: int = 0
    hidden: bool = False
    cells: int = 0
    pieces: tuple[str, ...] = ()
    seams: tuple[int, ...] = ()

    @property
    def link_share(self) -> float:
        """The share of the line's characters that are links, 0 to 1."""
        return self.linked / max(1, len(self.text))


@dataclass(slots=True)
class Box:
    """A block element and the lines it holds: ``start`` up to but not including ``end``.

    ``names`` are its tag, id and class: whoever looks for a box by its name asks for them.
    """

    element: HtmlElement
    parent: int
    start: int
    end: int = -1
    names: tuple[str, str | None, str | None] = ("", None, None)


@dataclass(slots=True)
class _Cursor:
    """What the pass knows at one point of the tree; ``hiding`` are the open elements that say they are not shown."""

    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    open_boxes: list[int] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    seams: list[int] = field(default_factory=list)
    linked: int = 0
    links: int = 0
    hiding: list[HtmlElement] = field(default_factory=list)
    heading: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, text: str, *, seam: bool) -> None:
        """More of the line at hand; a ``seam`` where one element ended and another began since the last."""
        if seam and self.parts:
            self.seams.append(len(self.parts))
        self.parts.append(text)
        if self.links:
            self.linked += len(text.strip())

    def flush(self) -> None:
        """End the line at hand, if there is one."""
        if not self.parts:
            return
        text = tidy("".join(self.parts) if len(self.parts) > 1 else self.parts[0])
        box = self.open_boxes[-1] if self.open_boxes else 0
        for start in range(0, len(text), _LONGEST_LINE):
            part = text[start : start + _LONGEST_LINE]
            self.lines.append(Line(part, box, min(self.linked, len(part)), self.heading, bool(self.hiding)))
        if len(self.parts) > 1 and 0 < len(text) <= _LONGEST_PARTED:
            self.lines[-1] = self.lines[-1]._replace(pieces=tuple(self.parts), seams=tuple(self.seams))
        self.parts.clear()
        self.seams.clear()
        self.linked = 0


def read_lines(markup: Markup) -> tuple[list[Line], list[Box]]:
    """The visible lines of a page and its boxes in document order; box 0 is the root."""
    cursor, hidden = _Cursor(), _hidden(markup)
    parts, hiding = cursor.parts, cursor.hiding
    walk = etree.iterwalk(markup.tree, events=("start", "end"))
    seam = closed = False
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _SKIPPED:
                walk.skip_subtree()
                continue
            if tag in _BLOCKS:
                _open(cursor, element, tag)
            elif tag == "br":
                cursor.flush()
            elif tag == "a" and element.get("href"):
                cursor.links += 1
            seam, closed = seam or closed, False
            if hidden and element in hidden:
                hiding.append(element)
            text = element.text
        else:
            if tag in _BLOCKS:
                _close(cursor, element, tag)
            elif cursor.links and tag == "a" and element.get("href"):
                cursor.links -= 1
            if hiding and hiding[-1] is element:
                hiding.pop()
            text = element.tail
            closed = not text
        if text and (parts or not text.isspace()):
            cursor.add(text, seam=seam)
            seam = False
    cursor.flush()
    return cursor.lines, cursor.boxes


def _hidden(markup: Markup) -> set[HtmlElement]:
    """The elements that say of themselves that they are not shown."""
    styles = {style for style in set(markup.styles) if style and _HIDDEN.search(style)}
    return {
        each
        for each, style in zip(markup.elements, markup.styles, strict=True)
        if style in styles or each.get("hidden") is not None
    }


def _open(cursor: _Cursor, element: HtmlElement, tag: str) -> None:
    """Begin the box of a block."""
    if cursor.parts:
        cursor.flush()
    boxes, around = cursor.boxes, cursor.open_boxes
    parent = around[-1] if around else -1
    around.append(len(boxes))
    boxes.append(Box(element, parent, len(cursor.lines), -1, (tag, element.get("id"), element.get("class"))))
    if tag in _HEADINGS:
        cursor.heading = _HEADINGS[tag]
    elif tag == "tr":
        cursor.rows.append(len(cursor.lines))


def _close(cursor: _Cursor, element: HtmlElement, tag: str) -> None:
    """End the box of a block."""
    if cursor.parts:
        cursor.flush()
    if tag in _HEADINGS:
        cursor.heading = 0
    if tag == "tr":
        _join_row(cursor, element)
    cursor.boxes[cursor.open_boxes.pop()].end = len(cursor.lines)


def _join_row(cursor: _Cursor, row: HtmlElement) -> None:
    """A row of data is one line, its cells joined by a space; a row that lays out the page stays as it is."""
    start = cursor.rows.pop()
    if not 2 <= len(cursor.lines) - start <= 4 * len(row) or sum(cell.tag in ("td", "th") for cell in row) < 2:
        return
    box, lines = cursor.open_boxes[-1], cursor.lines[start:]
    if any(inner.element.tag in _LAYOUT for inner in cursor.boxes[box + 1 :]):
        return
    if any(line.linked or line.heading or len(line.text) > _LONGEST_CELL for line in lines):
        return
    text = " ".join(line.text for line in lines)
    cursor.lines[start:] = [Line(text, box, hidden=lines[0].hidden, cells=len(lines))]
    for inner in cursor.boxes[box + 1 :]:
        inner.start, inner.end = min(inner.start, start), min(inner.end, start + 1)


def ancestors(boxes: Sequence[Box], index: int) -> Iterator[int]:
    """The box and the boxes around it, innermost first."""
    while index >= 0:
        yield index
        index = boxes[index].parent
