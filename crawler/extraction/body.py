"""Which box of a page is the article's body, and its paragraphs.

A recognised publishing system names its container; elsewhere boxes are scored by the running text they hold: free of
links, with the punctuation of sentences, below the headline, above the page's imprint. Nothing here knows a site.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from crawler.extraction.furniture import begins_closing, begins_related, is_furniture, is_label_line, is_reprint_terms
from crawler.extraction.lines import Box, Line, ancestors
from crawler.extraction.sheet import SHORT, Sheet

_KEEP_DESCENDING = 0.8
"""The share of a box's running text that one inner box must hold for the search to go on inside it."""
_LEAST = 8
"""Characters of text that a named box holds at the least, if it is a body."""
_RESUMED = 30
"""Characters of running text in a line from which an article goes on below a block of related news."""
_LONGEST_VALUE = 40
_LONGEST_CAPTION = 15
_HEAD_BLOCK = 3


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
        box, how = _descend(sheet.boxes, sums), "pattern"
    held = sheet.boxes[box]
    kept = _clean(sheet, [i for i in range(held.start, held.end) if i not in sheet.aside], start)
    if not kept:
        return None
    weight = sum(weights[i] if how == "pattern" else _free(sheet.lines[i]) for i in kept)
    return Body(tuple(kept), box, weight, min(1.0, weight / max(total, weight)), how)


def widen(body: Body, sheet: Sheet, held: Sequence[int], start: int) -> Body:
    """A body with the lines ``held`` in place of its own, cleaned like any other; unchanged if that leaves less."""
    kept = _clean(sheet, held, start)
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
            if not (is_furniture(plain[i]) or begins_related(plain[i]) or begins_closing(plain[i]))
        ]
        kept = _trim(kept, plain, headline)
        text = sum(len(plain[i]) for i in kept)
        if text >= SHORT:
            return Body(tuple(kept), box, float(text), 1.0, "pattern")
    return None


def _free(line: Line) -> int:
    return len(line.text) - line.linked


def _counted(sheet: Sheet, start: int) -> list[float]:
    """The weights that count in the search: none above the headline, aside, hidden, or below the page's imprint."""
    weights: list[float] = []
    so_far = 0.0
    closed = False
    for i, (line, weight) in enumerate(zip(sheet.lines, sheet.weights, strict=True)):
        closed = closed or (so_far >= SHORT and begins_closing(sheet.plain[i]))
        out = closed or i < start or i in sheet.aside or (line.hidden and sheet.shows_text)
        weights.append(0.0 if out else weight)
        so_far += weights[-1]
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
    held, total = _held(sheet.boxes[best], sums), sums[-1]
    return best if held >= 0.5 * total or total - held < 2 * SHORT else None


def _descend(boxes: Sequence[Box], sums: Sequence[float]) -> int:
    """From the whole page inwards, as long as one inner box holds nearly all the running text."""
    children: list[list[int]] = [[] for _ in boxes]
    for index, box in enumerate(boxes):
        if box.parent >= 0 and box.end > box.start:
            children[box.parent].append(index)
    here = 0
    while children[here]:
        inner = max(children[here], key=lambda index: _held(boxes[index], sums))
        held = _held(boxes[inner], sums)
        if held < _KEEP_DESCENDING * _held(boxes[here], sums) or held <= 0:
            break
        if boxes[inner].end - boxes[inner].start <= 1 < boxes[here].end - boxes[here].start:
            break
        here = inner
    return here


def _clean(sheet: Sheet, held: Sequence[int], start: int) -> list[int]:
    """The lines of a box that are the article: furniture, related blocks, imprint and bare links left out."""
    below = [i for i in held if i >= start]
    shown = [i for i in below if not sheet.lines[i].hidden]
    if not any(sheet.weights[i] >= SHORT for i in shown):
        shown = below
    kept: list[int] = []
    related = False
    so_far = 0.0
    for i in shown:
        text, weight = sheet.plain[i], sheet.weights[i]
        if begins_closing(text) and (so_far >= SHORT or (so_far > 0 and is_reprint_terms(text))):
            break
        if begins_related(text):
            related = not is_furniture(text)
            continue
        if related and weight < _RESUMED:
            continue
        related = False
        if is_furniture(text):
            continue
        so_far += weight
        kept.append(i)
    return _trim(_without_link_runs(sheet.lines, kept), sheet.plain, start)


def _without_link_runs(lines: Sequence[Line], kept: list[int]) -> list[int]:
    """Without rows of links: three or more in a row, or any at the edges."""
    linked = [lines[i].link_share > 0.6 for i in kept]
    result: list[int] = []
    position = 0
    while position < len(kept):
        end = position
        while end < len(kept) and linked[end]:
            end += 1
        run = end - position
        at_edge = position == 0 or end == len(kept)
        if run and (run >= 3 or at_edge):
            position = end
            continue
        end = max(end, position + 1)
        result.extend(kept[position:end])
        position = end
    return result


def _trim(kept: list[int], plain: Sequence[str], start: int) -> list[int]:
    """Without the headline, and without label lines and their values at either edge."""
    first, last = _past_head(kept, plain), len(kept)
    while first < last and (kept[first] <= start or _is_label(plain, kept[first], head=True)):
        if kept[first] == start == 0 and last - first == 1:
            break
        first += 1
    while last > first and _is_label(plain, kept[last - 1], head=False):
        last -= 1
    return kept[first:last]


def _past_head(kept: list[int], plain: Sequence[str]) -> int:
    """How many lines belong to a block of labels with a caption of its own (背景资料 / 分类:… / 发布于 …)."""
    for position, i in enumerate(kept[:_HEAD_BLOCK]):
        if is_label_line(plain[i], head=True):
            return position + 1
        if len(plain[i]) > _LONGEST_CAPTION:
            return 0
    return 0


def _is_label(plain: Sequence[str], i: int, *, head: bool) -> bool:
    """Whether a line is a label line, or the value of a label that ends the line before (作者: / 许月)."""
    if is_label_line(plain[i], head=head):
        return True
    before = plain[i - 1] if i else ""
    return len(plain[i]) <= _LONGEST_VALUE and before.endswith(":") and is_label_line(before, head=head)
