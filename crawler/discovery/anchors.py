"""The links of a page, read once: where each leads, what it says, and how many-th it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple, cast

from lxml import etree
from lxml.html import HtmlElement

from crawler.discovery.paging import resolve
from crawler.extraction.markup import tidy

MOST_LINKS = 5000
"""Links of a page that are looked at: the longest of 400 real lists has under a thousand."""

_OPENED = re.compile(
    r"(?:location(?:\.href)?\s*=|(?:location\.(?:assign|replace)|(?:window\.)?open|\w{1,30})\s*\()\s*"
    r"(?P<quote>[\"'])(?P<address>[^\"'\s<>(){}]{3,500})(?P=quote)",
    re.IGNORECASE,
)
"""A script's way to a page: ``location.href='…'``, ``window.open('…')``, ``goto('…')``."""
_LONGEST_CLICK = 1000
"""Characters of what a click does that are looked at."""
_IS_ADDRESS = re.compile(
    r"^(?:https?:/)?[a-z0-9_.~%-]*/|\.(?:[sj]?html?|jsp|aspx?|php|do|action)\b|^\?\w+=", re.IGNORECASE
)
_CLICKED = etree.XPath("//*[@onclick or @data-href or @data-url][not(self::a)][ancestor::body]")
_SPOKEN = re.compile(r"([\"'])((?:(?!\1)[^\\\n<>]){4,200})\1")
"""A text that a script inside a link prints, cut to a width."""
_HAN = re.compile(r"[\u4e00-\u9fff]{2}")
_CARRIERS = ("data-href", "data-url", "data-link")
_MOST_PARTS = 500
"""Elements of a link that are read where scripts stand among them: one with more was never closed."""


class Anchor(NamedTuple):
    """A link: its element, absolute address, printed words, and place among the page's links."""

    element: HtmlElement
    address: str
    words: str
    place: int


def read_anchors(tree: HtmlElement, url: str | None, base: str | None) -> list[Anchor]:
    """The links that lead somewhere, in order; at most ``MOST_LINKS``. ``url`` and ``base`` as in ``resolve``."""
    return _read(tree.iter("a"), url, base)


def read_carriers(tree: HtmlElement, url: str | None, base: str | None) -> list[Anchor]:
    """Elements that are no links but are opened by a click as one (``<li onclick="location.href='…'">``)."""
    return _read(iter(cast(list[HtmlElement], _CLICKED(tree))), url, base)


def words_of(element: HtmlElement) -> str:
    """What an element prints, white space collapsed; a script inside it prints its longest text."""
    if len(element) == 0:
        return tidy(element.text or "")
    if next(element.iter("script", "style"), None) is None:
        return tidy(element.text_content())
    said = tidy("".join(_shown(element)))
    return said or max((_spoken(script.text or "") for script in element.iter("script")), key=len, default="")


def _shown(element: HtmlElement) -> Iterator[str]:
    """The texts of an element that are no script and no style, in order."""
    for event, inner in islice(etree.iterwalk(element, events=("start", "end")), 2 * _MOST_PARTS):
        if event == "end":
            yield (inner.tail or "") if inner is not element else ""
        elif inner.tag not in ("script", "style"):
            yield inner.text or ""


def _spoken(script: str) -> str:
    texts = (tidy(text) for _, text in _SPOKEN.findall(script))
    return max((text for text in texts if _HAN.search(text)), key=len, default="")


def _read(elements: Iterator[HtmlElement], url: str | None, base: str | None) -> list[Anchor]:
    known: dict[str, str | None] = {}
    found: list[Anchor] = []
    for place, element in enumerate(elements):
        written = _written_address(element)
        if written is None:
            continue
        if written not in known:
            known[written] = resolve(written, url, base)
        address = known[written]
        if address:
            found.append(Anchor(element, address, words_of(element) or tidy(element.get("value") or ""), place))
            if len(found) >= MOST_LINKS:
                break
    return found


def _written_address(element: HtmlElement) -> str | None:
    """Where an element leads as it is written: its ``href``, else what its script or its data open."""
    href = (element.get("href") or "").strip()
    if href and href[0] != "#" and not href[:11].lower().startswith("javascript:"):
        return href
    for script in (element.get("onclick"), href if len(href) > 11 else None):
        opened = _OPENED.search(script[:_LONGEST_CLICK]) if script else None
        if opened and _IS_ADDRESS.search(opened["address"]):
            return opened["address"]
    carried = next((value for name in _CARRIERS if (value := element.get(name))), None)
    return carried.strip() if carried and _IS_ADDRESS.search(carried) else None
