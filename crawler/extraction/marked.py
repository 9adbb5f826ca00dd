"""Values that markup names beside the headline: ``<span class="source">``, ``<a id="author_baidu">``, ``<time>``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from crawler.extraction.byline import Field, fields
from crawler.extraction.dates import iso
from crawler.extraction.furniture import is_furniture
from crawler.extraction.markup import tidy
from crawler.extraction.people import are_people
from crawler.extraction.sheet import Sheet

_SUFFIX = r"(?:[_-]?(?:baidu|name|title|text|txt|span|info|con)){0,2}\d*"
_NAMES = {
    "source": re.compile(
        rf"(?:[a-z]{{1,12}}[_-]?)?(?<!re)source{_SUFFIX}|(?:[a-z]{{1,8}}[_-])?(?:laiyuan|ly|from|origin|copyfrom|comefrom){_SUFFIX}|media[_-]?name",
        re.IGNORECASE,
    ),
    "account": re.compile(
        r"(?:[a-z]{1,10}[_-])*nickname|(?:author|account|media|user|profile)[_-]?name|js_name|account", re.IGNORECASE
    ),
    "author": re.compile(rf"(?:[a-z]{{1,10}}[_-]?)?(?:author|writer|zuozhe|reporter|jizhe){_SUFFIX}", re.IGNORECASE),
}
_HASHED = re.compile(r"[-_]{1,3}(?=[\w-]*\d)[\w-]{5,12}$")
"""What a build puts behind a class so that it is nobody else's (source-2bea4nhZ)."""
_TIMED = re.compile(r"(?:^|[\s_-])(?:time|date|moment)(?:$|[\s_-])|(?:Time|Date)(?:$|\s)", re.IGNORECASE)
_MOMENTS = ("datetime", "data-time", "data-datetime", "data-date")
_LONGEST = 40
_MOST = 60
"""Elements looked at in one line's box: a byline has few, a page's whole frame has many."""


def marked_fields(sheet: Sheet, lines: Sequence[int]) -> list[Field]:
    """The sources and authors that elements of these lines are named for, canonical; ``lines`` stand beside a headline.

    An element that holds a label's name alone, several values, a button or a counter is no value.
    """
    found: list[Field] = []
    for box in dict.fromkeys(sheet.lines[i].box for i in lines):
        inner = [each for each in sheet.boxes[box].element.iter() if isinstance(each.tag, str)]
        if len(inner) > _MOST:
            continue
        for element in inner:
            if moment := _moment(element):
                found.append(Field("date", moment))
            kind = _kind(element)
            field = _value(sheet, element, kind) if kind else None
            if field:
                found.append(field)
    return found


def _kind(element: HtmlElement) -> str | None:
    names = [_HASHED.sub("", name) for name in (*(element.get("class") or "").split(), element.get("id") or "")]
    return next((kind for kind, named in _NAMES.items() if any(named.fullmatch(name) for name in names)), None)


def _moment(element: HtmlElement) -> str | None:
    """The date in an attribute of ``<time>``, or of an element named for its time; it may print 3天前."""
    if element.tag != "time" and not _TIMED.search(element.get("class") or ""):
        return None
    told = next((value for name in _MOMENTS if (value := element.get(name))), "")
    return iso(told[:_LONGEST]) if told else None


def _value(sheet: Sheet, element: HtmlElement, kind: str) -> Field | None:
    text = sheet.canon.line(tidy(element.text_content()))
    if not 2 <= len(text) <= _LONGEST or is_furniture(text):
        return None
    values = fields(text)
    if len(values) != 1 or values[0].kind not in ("bare", kind) or not values[0].value:
        return None
    value = values[0].value
    return Field(kind, value) if kind != "author" or are_people(value) else None
