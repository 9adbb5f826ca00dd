"""The next page: of a column, however its system numbers them, and of an article that runs over several pages."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.extraction.markup import tidy

_NEXT = re.compile(
    r"^[\s\[【(]*(?:下\s*一?\s*页|后一页|往后|next(?:\s*page)?)[\s\]】)>»›]*$|^\s*(?:>>?|»|›)\s*$", re.IGNORECASE
)
_NEXT_PART = re.compile(r"^[\s\[【(]*下\s*一?\s*页[\s\]】)>»›]*$")
_NUMBERED_PART = re.compile(
    r"[_-]\d{1,2}(?=\.\w{2,5}$)|[?&](?:page|pageno|p|pageindex)=\d{1,2}\b|/\d{1,2}(?=\.\w{2,5}$)", re.IGNORECASE
)
_NEXT_TITLE = re.compile(r"^\s*(?:下一?页|next)", re.IGNORECASE)
_SCRIPT = re.compile(
    r"createPage(?:HTML|Html|\w{0,12})\s*\(\s*(?:['\"][^'\"]*['\"]\s*,\s*)?(\d+)\s*,\s*(\d+)\s*,\s*['\"]([\w./-]+)['\"]\s*,\s*['\"](\w+)['\"]"
)


def resolve(href: str | None, url: str | None, base: str | None = None) -> str | None:
    """An absolute http address without its fragment, or ``None`` for what leads to no other page."""
    if not href:
        return None
    href = href.strip().replace("\\", "/")
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:", "about:")):
        return None
    try:
        root = urljoin(url, base) if url and base else url
        address = urljoin(root, href) if root else href
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https", "") or (root and parts.scheme == ""):
        return None
    if ":" in href.split("/")[0] and parts.scheme not in ("http", "https"):
        return None
    return address.split("#", 1)[0] or None


def next_part(box: HtmlElement, url: str | None, base: str | None = None) -> str | None:
    """The address of the next page of one article, or ``None``.

    下一页 that leads to another article is not meant: the address must be the article's own with a number put behind
    (``84213_2.html``, ``?page=2``).
    """
    for link in box.iter("a"):
        if not _NEXT_PART.match(tidy(link.text_content()) if len(link) < 4 else ""):
            continue
        address = resolve(link.get("href"), url, base)
        if address and _continues(address, url):
            return address
    return None


def _continues(address: str, url: str | None) -> bool:
    numbered = _NUMBERED_PART.search(address)
    if not numbered:
        return False
    if not url:
        return True
    own = _NUMBERED_PART.sub("", url.split("#", 1)[0])
    stem = re.sub(r"\.\w{2,5}$", "", own)
    return address != url and address.startswith(stem)


def next_page(tree: HtmlElement, url: str | None, base: str | None = None) -> str | None:
    """The address of the page after this one, or ``None`` on the last.

    A printed link (下一页) is believed first, whichever way its system counts (Boda counts downwards); then the call
    ``createPageHTML(total, current, 'index', 'shtml')`` from which TRS pages draw their pager.
    """
    for link in tree.iter("a"):
        text = tidy(link.text_content()) if len(link) < 4 else ""
        if _NEXT.match(text) or _NEXT_TITLE.match(link.get("title") or ""):
            address = resolve(link.get("href"), url, base)
            if address and address != (url or "").split("#", 1)[0]:
                return address
    for script in tree.iter("script"):
        match = _SCRIPT.search(script.text or "")
        if match:
            total, current = int(match[1]), int(match[2])
            if current + 1 < total:
                return resolve(f"{match[3]}_{current + 1}.{match[4]}", url, base)
    return None
