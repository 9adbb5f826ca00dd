"""Where the end of an element ends a value: ``<span>来源:云溪日报</span><span>3分钟前</span>``, without a space.

A name may be printed in several elements as well (来源:<b>云溪</b><b>日报</b>, or a figure that a word processor sets
in an element of its own), so a seam alone parts nothing: what stands on both sides of it decides.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from crawler.extraction.beside import is_press
from crawler.extraction.byline import fields, has_label
from crawler.extraction.canonical import Canoniser
from crawler.extraction.dates import find_dates
from crawler.extraction.furniture import is_furniture
from crawler.extraction.people import are_people

_COUNTED = "浏览|点击|阅读|访问|查看|人气|热度|参与|评论|点赞|赞|收藏|分享|转发|回复|跟帖"
_AMOUNT = r"\d[\d.,]*\s*[万亿kKwW]?\+?"
_OF_ITS_OWN = re.compile(
    r"\d{1,2}:\d\d(?!\d)|(?:约|大约)?\s*\d+\s*(?:秒钟?|分钟?|个?小时|天|周|个?月|年)\s*(?:[前内]|读完|阅读)"
    r"|刚刚(?![\u3400-\u9fff])|[今昨前]天(?:(?![\u3400-\u9fff])|[上下]午|更新|发布)|(?:更新|发布|发表)于|\d{1,2}月\d{1,2}日"
    r"|\d{1,2}-\d{1,2}(?![\d-])|第\s*\d+\s*期|(?:AI|智能|语音|政策)\s*(?:解读|播报|朗读|摘要|问答|总结|导读)"
    rf"|(?:已有?|共有?)?\s*{_AMOUNT}\s*(?:人?次|人|条|个)?\s*(?:{_COUNTED})"
    rf"|(?:今日|昨日|累计|总)?(?:{_COUNTED}|PV|UV|Hits|Views)(?:次数|人数|数|量|率)?\s*[:：(（]?\s*\d",
    re.IGNORECASE,
)
"""What stands behind a byline's value and can be no part of it, by its own form: a moment, a counter, a button."""
_LONE_FIGURE = re.compile(rf"{_AMOUNT}$")
_BEHIND_A_FIGURE = re.compile(r"[套台度点频]")
"""央视13套: figures that a medium is called by."""
_BEGINS_ANEW = re.compile(r"[^\w\s(（《\"“'·、,，.。:：;；/|+&—–-]")
"""A sign or picture before a counter (👁 1234)."""
_OPEN = re.compile(r"(?:[:：丨|/(（\[【《、·—–-]|^)\s*$")
_GOES_ON = re.compile(r"\s*[:：;；,，.。、)）\]】》·/|丨—–-]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WHOLE_NAME = 3
"""Characters of a press or an office that has a name, and of a word that ends no person's name."""


def may_be_parted(text: str) -> bool:
    """Whether a canonical line may hold values that its elements part: it has a label or a year."""
    return _YEAR.search(text) is not None or has_label(text)


def parted(pieces: Sequence[str], seams: Collection[int], canon: Canoniser) -> str | None:
    """The canonical line of these pieces with a space wherever a value ends; ``None`` where none does.

    ``seams`` are the pieces before which one element ends as another begins; before the others an element begins or
    ends inside a text.
    """
    texts = canon.lines(pieces)
    joined = [pieces[0]]
    ends = False
    for at in range(1, len(pieces)):
        spaced = pieces[at - 1][-1:].isspace() or pieces[at][:1].isspace()
        if not spaced and _ends_before(texts, at, adjoining=at in seams):
            joined.append(" ")
            ends = True
        joined.append(pieces[at])
    return canon.line("".join(joined)) if ends else None


def _ends_before(texts: Sequence[str], at: int, *, adjoining: bool) -> bool:
    """Whether a value ends before ``texts[at]``."""
    left, ahead = "".join(texts[:at]), " ".join(texts[at:])
    if not left or not texts[at] or _OPEN.search(left) or _GOES_ON.match(ahead):
        return False
    told = fields(left)
    if not told or not told[-1].value:
        return False
    if adjoining and ahead[0].isdigit() and _parts_a_date(left, texts[at - 1], texts[at]):
        return True
    if left[-1].isdigit() and ahead[0].isdigit():
        return False
    if _OF_ITS_OWN.match(ahead) or _BEGINS_ANEW.match(ahead):
        return True
    behind = texts[at + 1] if at + 1 < len(texts) else ""
    return _is_another(told[-1].value, texts[at], behind, adjoining=adjoining)


def _parts_a_date(left: str, last: str, text: str) -> bool:
    """Whether a whole date ends or begins here; single figures are one another's."""
    before, after = find_dates(left), find_dates(text)
    ends = bool(before) and before[-1].end == len(left) and len(last) > len("20")
    return ends or (bool(after) and after[0].start == 0)


def _is_another(value: str, text: str, behind: str, *, adjoining: bool) -> bool:
    """Whether the next element's ``text`` does not go on with a value; ``behind`` is what stands behind that element.

    Words inside the value's own element go on with it, whatever they are.
    """
    if _LONE_FIGURE.match(text):
        counted = adjoining or (len(text) > 1 and is_press(value))
        return counted and not (is_press(behind) or _BEHIND_A_FIGURE.match(behind))
    if not adjoining:
        return False
    if is_furniture(text):
        return True
    if is_press(value) and len(value) >= _WHOLE_NAME:
        return not is_press(text)
    return are_people(value) and (are_people(text) or len(text) >= _WHOLE_NAME)
