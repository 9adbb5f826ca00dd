"""Lists that stand in a page's scripts rather than in its markup."""

from __future__ import annotations

import re

from lxml import etree, html
from lxml.html import HtmlElement

_WRITTEN = re.compile(
    r"""document\.write(?:ln)?\s*\(\s*(?:"((?:[^"\\]|\\.)*+)"|'((?:[^'\\]|\\.)*+)')\s*\)""", re.DOTALL
)
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


def written_list(tree: HtmlElement) -> HtmlElement | None:
    """What the page's scripts write: ``document.writeln("<li>…")``."""
    texts = (script.text or "" for script in tree.iter("script"))
    written = ("".join(piece) for text in texts if "document.write" in text for piece in _WRITTEN.findall(text))
    return _built([piece.replace("\\'", "'").replace('\\"', '"').replace("\\/", "/") for piece in written])


def stored_list(tree: HtmlElement) -> HtmlElement | None:
    """What a JCMS page hands its script to page through: ``<record><![CDATA[<li>…]]>``."""
    texts = (script.text or "" for script in tree.iter("script"))
    # Cut behind the last end, no beginning is looked past all of the text for an end that is not there.
    ended = (text[: text.rfind("]]>") + 3] for text in texts if "<record>" in text and "]]>" in text)
    return _built([piece for text in ended for piece in _RECORD.findall(text)])


def _built(pieces: list[str]) -> HtmlElement | None:
    if not any("<a" in piece for piece in pieces):
        return None
    try:
        return html.fromstring(f"<div>{''.join(pieces)}</div>")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
