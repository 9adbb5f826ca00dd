"""Addresses as a page writes them, and the next page of an article that runs over several."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.extraction.markup import tidy

_NEXT_PART = re.compile(r"^[\s\[【(]*下\s*一?\s*页[\s\]】)>»›]*$")
_NUMBERED_PART = re.compile(
    r"[_-]p?\d{1,2}(?=\.\w{2,5}$)|[?&](?:page|pageno|p|pageindex)=\d{1,2}\b|/\d{1,2}(?=\.\w{2,5}$)", re.IGNORECASE
)
_NUMBER = re.compile(r"^[\s\[【(]*(\d{1,2})[\s\]】)]*$")

_HTTP = ("http://", "https://")
_LONGEST_ADDRESS = 4000
"""Characters above which an ``href`` is no address: a picture written into it, or a page's text."""


def resolve(href: str | None, url: str | None, base: str | None = None) -> str | None:
    """An absolute http address without its fragment, or ``None`` for what leads to no other page."""
    if not href or len(href) > _LONGEST_ADDRESS:
        return None
    return _resolved(href, url, base)


@lru_cache(maxsize=8192)
def _resolved(href: str, url: str | None, base: str | None) -> str | None:
    href = href.strip().replace("\\", "/")
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:", "about:")):
        return None
    try:
        root = urljoin(url, base) if url and base else url
        address = urljoin(root, href) if root else href
        if _has_scheme(href) or not (root is None or root.startswith(_HTTP)):
            scheme = urlsplit(address).scheme
            if scheme not in ("http", "https", "") or ((root or ":" in href.split("/")[0]) and not scheme):
                return None
    except ValueError:
        return None
    return address.split("#", 1)[0] or None


def _has_scheme(href: str) -> bool:
    """Whether an address may begin with a scheme or a host: what else is written goes on where its page stands."""
    return href.startswith("//") or ":" in href.split("/", 1)[0]


def next_part(box: HtmlElement, url: str | None, base: str | None = None) -> str | None:
    """The address of the next page of one article, or ``None``.

    下一页 that leads to another article is not meant: the address must be the article's own with a number put behind
    (``84213_2.html``, ``?page=2``). Where only numbers stand (【1】【2】【3】), the one without a link is this page.
    """
    numbered: dict[int, str] = {}
    for link in box.iter("a"):
        text = tidy(link.text_content()) if len(link) < 4 else ""
        number = _NUMBER.match(text)
        if not number and not _NEXT_PART.match(text):
            continue
        address = resolve(link.get("href"), url, base)
        if number and address and _same_article(address, url):
            numbered.setdefault(int(number[1]), address)
        elif address and _continues(address, url):
            return address
    here = next(number for number in range(1, len(numbered) + 2) if number not in numbered)
    following = numbered.get(here + 1)
    return following if url and following and _continues(following, url) else None


def _same_article(address: str, url: str | None) -> bool:
    """Whether an address is another page of the article at ``url``, its first page included."""
    own = url.split("#", 1)[0] if url else ""
    return address != own and _NUMBERED_PART.sub("", address) == _NUMBERED_PART.sub("", own)


def _continues(address: str, url: str | None) -> bool:
    numbered = _NUMBERED_PART.search(address)
    if not numbered:
        return False
    if not url:
        return True
    own = _NUMBERED_PART.sub("", url.split("#", 1)[0])
    stem = re.sub(r"\.\w{2,5}$", "", own)
    return address != url and address.startswith(stem)
