"""From decoded text to one tree: what a browser would show of a page, however it was put together.

City pages come with several ``<html>`` and ``<body>``, with content after ``</html>``, with control characters, and
nested far deeper than any page is meant to be. A browser shows all of it; so does this tree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import cast

from lxml import etree, html
from lxml.html import HtmlElement

LONGEST = 3_000_000
"""Characters of markup that are still parsed: the longest of 270 real pages has under a million."""
MOST_TAGS = 40_000
"""Opening brackets up to which markup is parsed: the fullest of 183 real pages has under 5,000."""
_LONGEST_VALUE = 20_000
"""Characters of a ``<meta>`` that are read."""

_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\r"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STORE = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:datastore|recordset)\b", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
"""What a JCMS list service answers: an XML store of HTML pieces. In a page of HTML the same marks are a script's."""
_FRAME_TAG = re.compile(r"<(/?)(html|body|head)\b[^>]{0,2000}>", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^>]{0,200}>", re.IGNORECASE)
_TITLE_END = re.compile(r"</?title\b", re.IGNORECASE)
_MOST_TITLES = 8
_MOST_COMMENTS = 8
_PROPERTIES = re.compile(r"<!--\s{0,8}(?:enpproperty|<pageinfo>)", re.IGNORECASE)
_LONGEST_PROPERTIES = 6000
_PROPERTY = re.compile(r"<([a-z][\w-]{1,30})>([^<]{1,500})</\1>", re.IGNORECASE)
_DEEP_LINKS = etree.XPath("//a[count(ancestor::a) > 8]")
"""Links inside links inside links: a link that is never closed is a page's slip, thousands are none of its links."""
_HIDING = "ng-hide"
"""The class by which Angular hides what a page does not show now; its style comes with the script."""
_HIDDEN = etree.XPath(f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {_HIDING} ')]")
_PRE = re.compile(r"<pre(?=[\s>])", re.IGNORECASE)
_MOST_BREAKS = 2000
"""Line ends of a page's ``<pre>`` that are read as such: tags are bounded as well."""
_TAG_START = re.compile("<")
_TAG = re.compile(r"<[^>]*>")
_PIECE = 100_000
"""Characters that are parted into words at a time: a word takes 60 bytes."""
_UNSEEN_SPACE = re.compile(r"[\u200b\u200e\u200f\u2060\ufeff]+")
_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
"""One class for every element: lxml's own choice by tag is made in Python, for each element anew."""


@dataclass(frozen=True, slots=True)
class Markup:
    """A parsed page.

    ``titles`` are the texts of every ``<title>``, in order. ``metas`` are ``<meta>`` contents by lower-cased name or
    property, the first that is not empty. ``properties`` are the labels that Founder systems print as
    ``<!--enpproperty <title>…</title> …-->``. ``base`` is the ``<base href>``. ``elements`` are all of the tree's: lxml
    makes a Python object for an element each time it meets it, unless there still is one, and the tree is gone through
    some ten times. ``styles`` are their ``style`` attributes.
    """

    tree: HtmlElement
    titles: tuple[str, ...] = ()
    metas: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    base: str | None = None
    flags: tuple[str, ...] = ()
    elements: Sequence[HtmlElement] = ()
    styles: Sequence[str | None] = ()


def tidy(text: str) -> str:
    """White space of every kind collapsed to one space, ends trimmed; the printed characters stay."""
    if len(text) > _PIECE:
        return _tidy_by_pieces(text)
    if not text.isprintable():  # what may be printed has no space but U+0020, and nothing unseen
        text = _UNSEEN_SPACE.sub(" ", text)
    return " ".join(text.split())


def _tidy_by_pieces(text: str) -> str:
    """The same for a text so long that its words at once would take hundreds of megabytes."""
    size = _PIECE - 2
    tidied = "".join(tidy(f"|{text[start : start + size]}|")[1:-1] for start in range(0, len(text), size))
    while "  " in tidied:
        tidied = tidied.replace("  ", " ")
    return tidied.strip()


def parse(text: str) -> Markup:
    """The tree of a page's text; never raises. What is beyond ``LONGEST`` or ``MOST_TAGS`` is cut: ``oversized``."""
    whole = len(text)
    text = _within_bounds(text)
    bounded = len(text)
    text = _CONTROL.sub("", text) if _has_controls(text) else text
    if _STORE.match(text):
        ended = text.rfind("]]>") + 3  # no beginning is looked past all of the text for an end that is not there
        text = _CDATA.sub(r"\1", text[:ended]) + text[ended:]
    if "<pre" in text or "<PRE" in text:
        text = _break_lines(text)
    properties = _read_properties(text)
    titles = _read_titles(text)
    tree = _parse_whole(_merge_frames(text))
    for inner in cast(list[HtmlElement], _DEEP_LINKS(tree)):
        inner.tag = "span"
    if _HIDING in text:
        for unshown in cast(list[HtmlElement], _HIDDEN(tree)):
            unshown.set("hidden", "")
    elements = list(tree.iter())
    base = next((each for each in tree.iter("base") if each.get("href") is not None), None)
    return Markup(
        tree=tree,
        titles=titles,
        metas=_read_metas(tree),
        properties=properties,
        base=None if base is None else base.get("href"),
        flags=("oversized",) if bounded < whole else (),
        elements=elements,
        styles=[element.get("style") for element in elements],
    )


def _break_lines(text: str) -> str:
    """Markup with a ``<br>`` for each line end inside ``<pre>``: elsewhere a line end is but a space."""
    left = _MOST_BREAKS
    pieces = _PRE.split(text)
    for i, piece in enumerate(pieces[1:], 1):
        start, end = piece.find(">") + 1, piece.find("</")
        printed = piece[start:end].strip() if 0 < start < end else ""
        left -= printed.count("\n")
        if printed and left >= 0:
            pieces[i] = piece[:start] + printed.replace("\n", "<br>") + piece[end:]
    return "<pre".join(pieces)


def _has_controls(text: str) -> bool:
    """Whether a text has any character that no markup may have: few have, and bytes are quicker to look through."""
    try:
        encoded = text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return len(encoded.translate(None, _CONTROLS)) < len(encoded) or "\ufffe" in text or "\uffff" in text


def _within_bounds(text: str) -> str:
    """As much of a page as is parsed: its characters, and its tags, which cost more than characters."""
    text = text[:LONGEST]
    if text.count("<") <= MOST_TAGS:
        return text
    return text[: next(islice(_TAG_START.finditer(text), MOST_TAGS, None)).start()]


def _parse_whole(text: str) -> HtmlElement:
    # libxml2 stops at 2,048 levels with huge_tree and at 256 without; both are beyond any real page.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        tree = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return html.document_fromstring("<html><body></body></html>")
    return tree if isinstance(tree, HtmlElement) else html.document_fromstring("<html><body></body></html>")


def _merge_frames(text: str) -> str:
    """One ``<html>``, ``<head>`` and ``<body>``: the later ones, and every early end, are taken out.

    libxml2 drops what follows ``</html>``, which is where 50 of 427 measured pages keep content.
    """
    seen: set[str] = set()

    def keep_first(match: re.Match[str]) -> str:
        name = match[2].lower()
        if match[1]:
            return match[0] if name == "head" and "body" not in seen else " "
        if name in seen or (name != "body" and "body" in seen):
            return " "
        seen.add(name)
        return match[0]

    return _FRAME_TAG.sub(keep_first, text)


def _read_titles(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for start in islice(_TITLE.finditer(text), _MOST_TITLES):
        end = _TITLE_END.search(text, start.end(), start.end() + 2000)
        title = tidy(unescape(_TAG.sub("", text[start.end() : end.start()]))) if end else ""
        if title:
            found.append(title)
    return tuple(found)


def _read_properties(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for comment in islice(_PROPERTIES.finditer(text), _MOST_COMMENTS):
        end = text.find("-->", comment.end(), comment.end() + _LONGEST_PROPERTIES)
        for name, value in _PROPERTY.findall(text[comment.end() : max(end, comment.end())]):
            found.setdefault(name.lower(), tidy(unescape(value)))
    return found


def _read_metas(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or ""
        value = tidy((meta.get("content") or "")[:_LONGEST_VALUE])
        if name and value:
            found.setdefault(name.strip().lower(), value)
    return found
