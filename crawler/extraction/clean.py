"""Which lines of a body's box are the article: not furniture, related news, comments, the imprint or the byline."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extraction.furniture import (
    begins_closing,
    begins_comments,
    begins_related,
    is_furniture,
    is_imprint,
    is_label_line,
    is_reprint_terms,
    is_signature,
)
from crawler.extraction.lines import Line, ancestors
from crawler.extraction.sheet import SHORT, Sheet, shows_text

_RESUMED = 30
"""Characters of running text in a line from which an article goes on below a block of related news."""
_AFTERWORD = 0.35
"""What may stand below the line that signs an article and the links under it, against what stands above: else it is
the page's."""
_LONGEST_VALUE = 40
_SENTENCE = re.compile(r"[,。;!?]")
_COUNTED = re.compile(r"(?:点击|浏览|阅读|访问|人气|字号|字体|打印|分享)[^:]{0,4}:$")
"""A label whose value is a number, or none."""
_HAN = re.compile(r"[\u3400-\u9fff]{2}")
_ABOUT_MEETING = re.compile(r"(?:地点|地址|主[讲题持]|报告人|参[加会]|对象|内容|会议|活动|讲座|时长)[^\s:]{0,4}\s*:")
"""What a notice says beside the time of what it announces."""
_NOT_LETTERS = re.compile(r"[\s*-]+")
_DOTS = re.compile(r"[.…]+$")
_LEAST_DIGEST = 40
"""Characters of a line from which it is no refrain but a digest."""
_WHEN = re.compile(r"\s*(?:时\s*间|日\s*期)\s*:")
_LONGEST_CAPTION = 15
_HEAD_BLOCK = 3
_LINKED = 0.6
"""The share of links from which a line is a link."""
_SEVERAL_LINKS = 3
_A_PARAGRAPH = 30.0
"""Characters of running text from which a line is a paragraph of the article."""
_NEARLY = 0.8
"""The share of an article's text that the box around its paragraphs holds."""
_A_BLOCK = 1.0
"""What a box under a heading of related news may hold in running text, against what was read before it."""


def clean(sheet: Sheet, held: Sequence[int], start: int) -> list[int]:
    """The lines of a box that are the article: furniture, related blocks, imprint and bare links left out."""
    below = [i for i in held if i >= start]
    shown = [i for i in below if not sheet.lines[i].hidden]
    if not shows_text([sheet.lines[i] for i in below], [sheet.weights[i] for i in below]):
        shown = below
    kept: list[int] = []
    related = False
    so_far = 0.0
    behind = 0
    signed: tuple[int, float] | None = None
    for i in shown:
        if i < behind:
            continue
        text, weight = sheet.plain[i], sheet.weights[i]
        if signed is None and so_far >= SHORT and is_signature(text):
            signed = len(kept), so_far
        if _ends(sheet, i, start, so_far):
            break
        if begins_related(text):
            if so_far >= SHORT and _is_below(sheet, i, kept) and sum(sheet.weights[i : shown[-1] + 1]) < 0.5 * so_far:
                break
            related = not is_furniture(text)
            behind = _behind_related(sheet, i, so_far)
            continue
        if related and weight < _RESUMED:
            continue
        related = False
        if is_furniture(text):
            continue
        so_far += weight
        kept.append(i)
    if signed and _is_afterword(sheet.lines, kept[signed[0] :], so_far - signed[1], signed[1]):
        kept = kept[: signed[0]]
    return trim(_without_link_runs(sheet.lines, _without_columns(sheet, kept)), sheet, start)


def _ends(sheet: Sheet, i: int, start: int, so_far: float) -> bool:
    """Whether a line ends the article: its reprint terms, its readers' comments, the imprint."""
    text = sheet.plain[i]
    if so_far >= SHORT:
        return begins_closing(text) or begins_comments(text)
    return (so_far > 0 and begins_closing(text) and is_reprint_terms(text)) or ends_page(sheet, i, start)


def _behind_related(sheet: Sheet, heading: int, so_far: float) -> int:
    """The line behind a block of other articles that has a box of its own, summaries and all; else the next line."""
    end = heading + 1
    for box in ancestors(sheet.boxes, sheet.lines[heading].box):
        if sheet.boxes[box].start < heading:
            break
        end = max(end, sheet.boxes[box].end)
    return end if sum(sheet.weights[heading:end]) < _A_BLOCK * so_far else heading + 1


def _is_below(sheet: Sheet, heading: int, kept: Sequence[int]) -> bool:
    """Whether a heading stands below the box that holds nearly all the text so far: what it heads is the page's."""
    last = next((i for i in reversed(kept) if sheet.weights[i] >= _A_PARAGRAPH), None)
    if last is None:
        return False
    so_far = sum(sheet.weights[i] for i in kept)
    for box in ancestors(sheet.boxes, sheet.lines[last].box):
        start, end = sheet.boxes[box].start, sheet.boxes[box].end
        if sum(sheet.weights[i] for i in kept if start <= i < end) >= _NEARLY * so_far:
            return end <= heading
    return False


def _without_columns(sheet: Sheet, kept: list[int]) -> list[int]:
    """Without what stands behind the last paragraph in boxes of their own: columns of links, headings of nothing."""
    last = next((i for i in reversed(kept) if sheet.weights[i] >= _A_PARAGRAPH), None)
    if last is None or kept[-1] == last:
        return kept
    columns: dict[int, bool] = {}
    result = [i for i in kept if i <= last]
    for i in (i for i in kept if i > last):
        around = [box for box in ancestors(sheet.boxes, sheet.lines[i].box) if sheet.boxes[box].start > last]
        if around and around[-1] not in columns:
            columns[around[-1]] = _is_column(sheet, around[-1])
        if not (around and columns[around[-1]]):
            result.append(i)
    while sheet.lines[result[-1]].heading and sheet.boxes[_outer(sheet, result[-1])].start > last:
        result.pop()
    return result


def _outer(sheet: Sheet, i: int) -> int:
    """The box around a line's own."""
    box = sheet.lines[i].box
    return max(0, sheet.boxes[box].parent)


def _is_column(sheet: Sheet, box: int) -> bool:
    """Whether a box holds links above all."""
    held = sheet.lines[sheet.boxes[box].start : sheet.boxes[box].end]
    if sum(line.link_share > _LINKED for line in held) < _SEVERAL_LINKS:
        return False
    return sum(line.linked for line in held) >= _LINKED * sum(len(line.text) for line in held)


def _is_afterword(lines: Sequence[Line], behind: Sequence[int], weight: float, before: float) -> bool:
    """Whether what follows the line that signs an article is the page's: links, with a few words between them."""
    links = sum(lines[i].link_share > _LINKED for i in behind)
    return links >= _SEVERAL_LINKS and weight < _AFTERWORD * before


def _without_link_runs(lines: Sequence[Line], kept: list[int]) -> list[int]:
    """Without rows of links: three or more in a row, or any at the edges."""
    linked = [lines[i].link_share > _LINKED for i in kept]
    result: list[int] = []
    position = 0
    while position < len(kept):
        end = position
        while end < len(kept) and linked[end]:
            end += 1
        run = end - position
        at_edge = position == 0 or end == len(kept)
        if run and (run >= _SEVERAL_LINKS or at_edge):
            position = end
            continue
        end = max(end, position + 1)
        result.extend(kept[position:end])
        position = end
    return result


def trim(kept: list[int], sheet: Sheet, start: int) -> list[int]:
    """Without the headline, and without label lines, their values and learned lines at either edge."""
    plain, edges = sheet.plain, sheet.edges
    first, last = _past_head(kept, plain), len(kept)
    while first < last and (kept[first] <= start or kept[first] in edges or _is_label(sheet, kept[first], head=True)):
        if first + 1 < last and kept[first] > start and _announces(plain[kept[first]], plain[kept[first + 1]]):
            break
        if kept[first] == start == 0 and last - first == 1:
            break
        first += 1
    while last > first and (kept[last - 1] in edges or _is_label(sheet, kept[last - 1], head=False)):
        last -= 1
    return _without_digest(kept[first:last], plain)


def _without_digest(kept: list[int], plain: Sequence[str]) -> list[int]:
    """Without a first line that a system made of the beginning of the text, cut where it was long enough.

    A paragraph that comes twice is none.
    """
    if len(kept) < 2:
        return kept
    digest = _DOTS.sub("", _NOT_LETTERS.sub("", plain[kept[0]]))
    if len(digest) < _LEAST_DIGEST:
        return kept
    text = ""
    for i in kept[1:]:
        text += _NOT_LETTERS.sub("", plain[i])
        if len(text) >= len(digest):
            return kept[1:] if text.startswith(digest) and text != digest else kept
    return kept


def _announces(line: str, following: str) -> bool:
    """Whether a line 时间:… is what a notice says: when something will be, with the place in the line below."""
    return _WHEN.match(line) is not None and _ABOUT_MEETING.match(following) is not None


def _past_head(kept: list[int], plain: Sequence[str]) -> int:
    """How many lines belong to a block of labels with a caption of its own (背景资料 / 分类:… / 发布于 …)."""
    for position, i in enumerate(kept[:_HEAD_BLOCK]):
        if is_label_line(plain[i], head=True):
            announces = position + 1 < len(kept) and _announces(plain[i], plain[kept[position + 1]])
            return 0 if announces else position + 1
        if len(plain[i]) > _LONGEST_CAPTION:
            return 0
    return 0


def _is_label(sheet: Sheet, i: int, *, head: bool) -> bool:
    """Whether a line is a label line, or the value of a label that ends the line before (作者: / 许月)."""
    if is_label_line(sheet.plain[i], head=head):
        return True
    before = sheet.plain[i - 1] if i and i - 1 not in sheet.apart else ""
    if sheet.lines[i].cells or len(sheet.plain[i]) > _LONGEST_VALUE or _SENTENCE.search(sheet.plain[i]):
        return False
    if sheet.plain[i].endswith(":") or (_COUNTED.search(before) and _HAN.search(sheet.plain[i])):
        return False
    return before.endswith(":") and is_label_line(before, head=head)


def ends_page(sheet: Sheet, i: int, start: int) -> bool:
    """Whether a line below the headline is the imprint with nothing of note behind it: the page had no text."""
    if not (i > start > 0 and is_imprint(sheet.plain[i])):
        return False
    behind = zip(sheet.lines[i:], sheet.weights[i:], strict=True)
    return sum(weight for line, weight in behind if not line.hidden) < 3 * SHORT
