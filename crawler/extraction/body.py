"""Which box of a page is the article's body, and its paragraphs.

A recognised publishing system names its container; elsewhere boxes are scored by the running text they hold: free of
links, with the punctuation of sentences, below the headline, above the page's imprint. Nothing here knows a site.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from crawler.extraction.clean import clean, ends_page, trim
from crawler.extraction.furniture import (
    begins_closing,
    begins_related,
    is_furniture,
    is_imprint,
    is_label_line,
    is_removal_terms,
    is_reprint_terms,
)
from crawler.extraction.lines import Box, Line, ancestors
from crawler.extraction.sheet import SHORT, Sheet

_KEEP_DESCENDING = 0.8
"""The share of a box's running text that one inner box must hold for the search to go on inside it."""
_MOST = 0.6
"""That share where the inner box holds the headline as well."""
_NEARLY = 0.9
"""The share of a named box's running text that a named box inside it must hold to be the body in its place."""
_A_WORD = 0.5
"""Running text below the headline under which a box that no system names holds nothing (附件:)."""
_LEAST = 8
"""Characters of text that a named box holds at the least, if it is a body."""
_A_PARAGRAPH = 30.0
"""Characters of running text from which a line that comes again is a copy, and not a short answer or a refrain."""
_SOME_LINKED = 0.3
"""The share of links in what stands below a headline, from which it may be a list that is the article."""
_OPENING = 28
"""Letters by which a paragraph is known again."""
_NOT_LETTERS = re.compile(r"[\W_]+")
_STOPS = ("。", "!", "?", "”", "…")


@dataclass(frozen=True, slots=True)
class Body:
    """The body as found: ``first`` and ``last`` are its first and last line of all lines, ``kept`` those that are text.

    ``weight`` is its running text in characters, ``share`` the part of the page's running text that it holds, and
    ``box`` the box it was found in.
    """

    kept: tuple[int, ...]
    box: int
    weight: float
    share: float
    how: str

    @property
    def first(self) -> int:
        """Its first line."""
        return self.kept[0]

    @property
    def last(self) -> int:
        """Its last line."""
        return self.kept[-1]


def find_body(sheet: Sheet, *, start: int = 0, named: Sequence[int] = ()) -> Body | None:
    """The box that holds the article, or ``None`` where nothing on the page is running text.

    ``start`` is the line the headline stands on (what is above it is not the body), ``named`` the boxes that the
    page's publishing system calls its body.
    """
    weights = _counted(sheet, start)
    sums = [0.0, *accumulate(weights)]
    total = sums[-1]
    box, how = _named_box(sheet, sums, named), "selector"
    if box is None:
        if total <= 0:
            return None
        box, how = _descend(sheet, sums, start), "pattern"
    held = sheet.boxes[box]
    kept = clean(sheet, [i for i in range(held.start, held.end) if i not in sheet.aside], start)
    if not kept:
        return None
    weight = sum(weights[i] if how == "pattern" else _free(sheet.lines[i]) for i in kept)
    if (start and how == "pattern" and weight < _A_WORD) or _is_terms(sheet, kept, start):
        return None
    return Body(tuple(kept), box, weight, min(1.0, weight / max(total, weight)), how)


def _is_terms(sheet: Sheet, kept: Sequence[int], start: int) -> bool:
    """Whether nothing but the site's words on infringement stands below a headline that announces no statement."""
    return "声明" not in sheet.plain[start] and all(is_removal_terms(sheet.plain[i]) for i in kept)


def widen(body: Body, sheet: Sheet, held: Sequence[int], start: int) -> Body:
    """A body with the lines ``held`` in place of its own, cleaned like any other; unchanged if that leaves less."""
    kept = clean(sheet, held, start)
    weight = float(sum(sheet.weights[i] for i in kept))
    return Body(tuple(kept), body.box, weight, 1.0, "library") if weight > body.weight else body


def find_linked_body(sheet: Sheet, headline: int) -> Body | None:
    """The body of an article that is a list of links (a compilation of policies): all its box holds below the headline.

    For pages that are known by their labels to be articles; ``headline`` is the line that the headline stands on.
    """
    plain = sheet.plain
    for box in ancestors(sheet.boxes, sheet.lines[headline].box):
        kept = [
            i
            for i in range(headline + 1, sheet.boxes[box].end)
            if not (i in sheet.apart or is_furniture(plain[i]) or begins_related(plain[i]) or begins_closing(plain[i]))
        ]
        kept = trim([i for i in kept if not (sheet.lines[i].hidden or is_imprint(plain[i]))], sheet, headline)
        text = sum(len(plain[i]) for i in kept)
        if text >= SHORT:
            linked = sum(sheet.lines[i].linked for i in kept)
            return Body(tuple(kept), box, float(text), 1.0, "pattern") if linked >= _SOME_LINKED * text else None
    return None


def _free(line: Line) -> int:
    return len(line.text) - line.linked


def _counted(sheet: Sheet, start: int) -> list[float]:
    """The weights that count in the search: none above the headline, aside, hidden, or below the page's imprint.

    A paragraph that comes again, not at once, counts once: pages print an article a second time for telephones, give
    or take a word.
    """
    weights: list[float] = []
    so_far = 0.0
    begun = 0
    closed = False
    said: dict[str, int] = {}
    paragraph = -1
    for i, (line, weight) in enumerate(zip(sheet.lines, sheet.weights, strict=True)):
        text = sheet.plain[i]
        closed = closed or (begins_closing(text) if so_far >= SHORT else ends_page(sheet, i, start))
        if closed or not weight:
            weights.append(0.0)
            continue
        out = i < start or i in sheet.aside or (line.hidden and sheet.shows_text) or is_reprint_terms(text)
        out = out or (i > start > 0 == begun and is_label_line(text, head=True))
        if weight >= _A_PARAGRAPH:
            opening = _NOT_LETTERS.sub("", text[: 2 * _OPENING])[:_OPENING]
            out = out or said.get(opening, paragraph) != paragraph
            said[opening] = paragraph = i
        weights.append(0.0 if out else weight)
        so_far += weights[-1]
        begun += i > start and weights[-1] > 0
    return weights


def _held(box: Box, sums: Sequence[float]) -> float:
    return sums[box.end] - sums[box.start]


def _named_box(sheet: Sheet, sums: Sequence[float], named: Sequence[int]) -> int | None:
    """The named box with most text, unless far more running text stands outside it."""

    def text(index: int) -> int:
        held = range(sheet.boxes[index].start, sheet.boxes[index].end)
        return sum(_free(sheet.lines[i]) for i in held if not is_furniture(sheet.plain[i]))

    best = max(named, key=text, default=None)
    if best is None or text(best) < _LEAST:
        return None
    if nearly := _NEARLY * _held(sheet.boxes[best], sums):
        inside = [index for index in named if best in ancestors(sheet.boxes, index)]
        best = [index for index in inside if _held(sheet.boxes[index], sums) >= nearly][-1]
    held, total = _held(sheet.boxes[best], sums), sums[-1]
    return best if held >= 0.5 * total or total - held < 2 * SHORT else None


def _descend(sheet: Sheet, sums: Sequence[float], start: int) -> int:
    """From the whole page inwards, as long as one inner box holds nearly all the running text.

    One that holds the headline, on line ``start``, need only hold most of it: what stands beside it is a column. A
    table of data belongs to what is said above and below it.
    """
    boxes = sheet.boxes
    children: list[list[int]] = [[] for _ in boxes]
    for index, box in enumerate(boxes):
        if box.parent >= 0 and box.end > box.start:
            children[box.parent].append(index)
    here = 0
    while children[here]:
        inner = max(children[here], key=lambda index: _held(boxes[index], sums))
        held = _held(boxes[inner], sums)
        enough = _MOST if boxes[inner].start <= start < boxes[inner].end and start else _KEEP_DESCENDING
        if held < enough * _held(boxes[here], sums) or held <= 0:
            break
        if boxes[inner].element.tag == "table" and held < _held(boxes[here], sums) and _is_data(sheet, boxes[inner]):
            break
        if any(_is_twin(sheet, boxes[inner], boxes[other]) for other in children[here] if other != inner):
            break
        if boxes[inner].end - boxes[inner].start <= 1 < boxes[here].end - boxes[here].start:
            break
        here = inner
    return here


def _is_data(sheet: Sheet, table: Box) -> bool:
    """Whether most of a table's lines are rows of data: a page's layout is made of tables, too."""
    rows = sum(line.cells > 0 for line in sheet.lines[table.start : table.end])
    return rows > 0.5 * (table.end - table.start)


def _is_twin(sheet: Sheet, inner: Box, other: Box) -> bool:
    """Whether a box beside ``inner`` is more of the same text, as pasted articles wrap each paragraph in boxes.

    Such boxes are alike and have no name; what a page sets beside an article has one.
    """
    one, two = inner.element, other.element
    if one.tag != two.tag or any(element.get(name) for element in (one, two) for name in ("class", "id")):
        return False
    held = range(other.start, other.end)
    return any(
        sheet.weights[i] >= _A_PARAGRAPH and sheet.plain[i].endswith(_STOPS) for i in held if i not in sheet.aside
    )
