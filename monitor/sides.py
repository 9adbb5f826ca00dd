"""One side of an edit in a few words: the clause around a figure, a date in short, a row with its cells apart.

Texts are what comparison reads (``align.reading``), fit for a screen already.
"""

from __future__ import annotations

import re

_MOMENT = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:T(?P<clock>\d\d:\d\d))?")
_CLAUSE_ENDS = re.compile("[,，。;；:：!！?？]")
_ROW = re.compile(r"[^,，。;；!！?？]*\d \d")
"""Of the spaces between cells, comparison keeps those between two figures alone."""
_BEFORE_A_CELL = re.compile(r"(?<=[\u3400-\u9fff])(?=\d)")
_ARTICLE = re.compile(r"^第[一二三四五六七八九十百\d]{1,5}[条章节](?=[\u3400-\u9fff])(?![的至到之和规])")

_RUN = re.compile(r"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ.,%:/-]+$")
"""A figure or a Latin word at the end of a text."""
_RUN_GOES_ON = re.compile(r"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ][0-9A-Za-z０-９Ａ-Ｚａ-ｚ.%]|[.,][0-9]")


def around(text: str, said: str, limit: int) -> str:
    """A few words of a text around what it says: all of it where that is short, else the clause, cut to ``limit``.

    Empty where nothing is said.
    """
    text = parted(text)
    if not said or said not in text or len(said) >= limit:
        return said
    if len(text) <= limit:
        return text.strip("、,，")
    clause = next((part for part in _CLAUSE_ENDS.split(text) if said in part), text)
    at = clause.index(said)
    start = max(0, min(at - (limit - len(said)) // 2, len(clause) - limit))
    end = start + limit
    return ("…" if start else "") + clause[start:end].strip() + ("…" if end < len(clause) else "")


def whole_end(text: str, end: int) -> int:
    """Where a text that is cut at ``end`` is best cut: before the figure or Latin word that would be cut in two, unless
    there is little else."""
    parted = _RUN.search(text[:end]) if _RUN_GOES_ON.match(text[max(0, end - 1) : end + 1]) else None
    return parted.start() if parted and 2 * parted.start() >= end else end


def parted(text: str) -> str:
    """A row or a heading with the spaces between its words that comparison leaves out: 云台县90.0 4, 第三条申请人."""
    if _ROW.match(text):
        text = _BEFORE_A_CELL.sub(" ", text)
    return _ARTICLE.sub(r"\g<0> ", text)


def moments(before: str, after: str, year: int | None, *, chinese: bool) -> tuple[str, str]:
    """Two printed dates, short: ``11月24日 00:59``, with the year where that is not ``year`` or not the same.

    Dates are ISO text in China time; what is none is told as it stands.
    """
    sides = [_MOMENT.match(side) for side in (before, after)]
    years = {found["year"] for found in sides if found}
    dated = len(years) > 1 or (year is not None and years != {str(year)})
    told = [_moment(found, chinese=chinese, dated=dated) if found else "" for found in sides]
    return told[0] or before, told[1] or after


def _moment(found: re.Match[str], *, chinese: bool, dated: bool) -> str:
    clock = f" {found['clock']}" if found["clock"] else ""
    if not chinese:
        return f"{found['year']}-{found['month']}-{found['day']}{clock}"
    day = f"{int(found['month'])}月{int(found['day'])}日{clock}"
    return f"{found['year']}年{day}" if dated else day
