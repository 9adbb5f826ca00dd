"""Boxes that hide from people and not from search engines, by the styles that a page itself writes.

Menus and tabs are put out of sight whole (``display: none``), as honest pages do; what is told here is what only those
do who want to be read and not seen: far off the screen, without size or colour, under everything else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.markup import Markup

_SUNK = re.compile(
    r"text-indent\s*:\s*-\s*\d{3,}|font-size\s*:\s*[01](?:px|pt)?\s*(?:;|$|!)|(?:left|top|right|bottom|margin(?:-left|-top)?)\s*:\s*-\s*\d{3,}|"
    r"(?:^|[;\s])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$)|clip\s*:\s*rect\(\s*0|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|z-index\s*:\s*-\d",
    re.IGNORECASE,
)
_INK = re.compile(r"(?<![\w-])color\s*:\s*([^;!]+)", re.IGNORECASE)
_PAPER = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_NO_COLOUR = frozenset(("transparent", "inherit", "none", "initial", "unset"))
_NAMED = {"white": "ffffff", "black": "000000"}
_AROUND = 4
"""Boxes outwards that are asked for the colour behind an element."""


def sunk_boxes(markup: Markup) -> list[HtmlElement]:
    """The elements that are hidden as only search engines do not mind."""
    return list(dict.fromkeys((*_styled(markup, _sinks), *boxes_of_own_colour(markup))))


def boxes_of_own_colour(markup: Markup) -> list[HtmlElement]:
    """Elements whose words have the colour of what is behind them, as far as the page itself says both."""
    found = _styled(markup, _is_own_colour)
    grounds = {ground for style in set(markup.styles) if style and (ground := _ground(style))}
    grounds |= {_colour(body.get("bgcolor") or "") for body in markup.tree.iter("body")} - {""}
    inked = _styled(markup, lambda style: _ink(style) in grounds) if grounds else []
    tagged = (each for each in markup.tree.iter("font") if each.get("color"))
    for element in (*inked, *tagged):
        ink = _ink(element.get("style") or "") or _colour(element.get("color") or "")
        if ink == _behind(element):
            found.append(element)
    return found


def _behind(element: HtmlElement) -> str:
    """The colour that one of the next few boxes around an element says it has; empty where a sheet may say another."""
    for box in (element, *islice(element.iterancestors(), _AROUND)):
        said = _ground(box.get("style") or "") or _colour(box.get("bgcolor") or "")
        if said:
            return said
        if box.get("background") or (box is not element and (box.get("class") or box.get("id"))):
            return ""
    return ""


def _styled(markup: Markup, wanted: Callable[[str], bool]) -> list[HtmlElement]:
    """The elements whose own style is as wanted; each style is asked once."""
    styles = {style for style in markup.styles if style and ":" in style}
    chosen = {style for style in styles if wanted(style)}
    if not chosen:
        return []
    return [each for each, style in zip(markup.elements, markup.styles, strict=True) if style in chosen]


@lru_cache(maxsize=8192)
def _sinks(style: str) -> bool:
    return _SUNK.search(style) is not None


@lru_cache(maxsize=8192)
def _is_own_colour(style: str) -> bool:
    ink = _ink(style)
    return bool(ink) and ink == _ground(style)


@lru_cache(maxsize=8192)
def _ink(style: str) -> str:
    found = _INK.search(style)
    return _colour(found[1]) if found else ""


@lru_cache(maxsize=8192)
def _ground(style: str) -> str:
    """The colour that a style gives its element's ground; empty where it says none or a picture."""
    found = _PAPER.search(style)
    return _colour(found[1]) if found else ""


def _colour(value: str) -> str:
    value = value.strip().lower().lstrip("#")
    value = _NAMED.get(value, value)
    if value in _NO_COLOUR:
        return ""
    return "".join(2 * char for char in value) if len(value) == 3 else value
