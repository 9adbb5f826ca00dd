"""What an article has besides text: linked documents, pictures, films, and PDF shown by a viewer inside the page."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from crawler.discovery.paging import resolve
from crawler.extraction.markup import tidy
from storage.records import Attachment

_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|rtf|csv|txt|zip|rar|7z)$", re.IGNORECASE)
_LONGEST_ENDING = 6
_DOWNLOAD = re.compile(r"/(?:download|downfile|attachment)[\w./]*\?|[?&](?:filename|wbfileid|attachid)=", re.IGNORECASE)
_ICON = re.compile(
    r"\.svg\b|icon|logo|share|qr|ewm|arrow|print|blank|spacer|line\.|btn|button|^\s*$|\s\d{1,2}(?:px)?$", re.IGNORECASE
)
_VIEWED = re.compile(r"[?&](?:file|url|src|pdf)=([^&#]+\.(?:pdf|ofd|docx?|xlsx?))(?=[&#]|$)", re.IGNORECASE)
"""The document that a viewer's address names (viewer.html?file=/u/notice.pdf)."""
_VIEWER = ("pdfsrc", "sudyfile-src", "data-pdf")
_EMBEDDING = frozenset(("iframe", "embed", "object"))


def find_attachments(box: HtmlElement, url: str | None, base: str | None = None) -> tuple[Attachment, ...]:
    """Every file that a box offers once, in order, named by its link or, failing that, by its address."""
    found: dict[str, Attachment] = {}
    for element in box.iter():
        target = _target(element)
        address = resolve(target, url, base) if target else None
        if address and address not in found:
            name = tidy(element.get("title") or "") if element.tag != "a" else tidy(element.text_content())
            fallback = unquote(urlsplit(address).path.rsplit("/", 1)[-1])
            found[address] = Attachment(address, name or tidy(element.get("title") or "") or fallback)
    return tuple(found.values())


def shows_media(element: HtmlElement) -> bool:
    """Whether a box shows a picture, a film or a document: the body of an article that prints no text."""
    for inner in element.iter("img", "video", "embed", "object", "iframe", "div", "p"):
        if inner.tag in ("div", "p"):
            if any(inner.get(name) for name in _VIEWER):
                return True
        elif not _ICON.search(
            f"{inner.get('src') or inner.get('data') or ''} {inner.get('class') or ''} {inner.get('width') or ''}"
        ):
            return True
    return False


def _target(element: HtmlElement) -> str | None:
    if element.tag == "a":
        href = element.get("href") or ""
        path, asked, _ = href.split("#", 1)[0].partition("?")
        return href if _FILE.search(path.strip()[-_LONGEST_ENDING:]) or (asked and _DOWNLOAD.search(href)) else None
    for name in _VIEWER:
        value = element.get(name)
        if value:
            return str(value)
    if element.tag in _EMBEDDING:
        source = element.get("src") or element.get("data") or ""
        viewed = _VIEWED.search(source)
        return unquote(viewed[1]) if viewed else source if _FILE.search(source.split("?", 1)[0]) else None
    return None
