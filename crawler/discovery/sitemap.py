"""Sitemaps: the articles that a site names to search engines, newest first."""

from __future__ import annotations

import re
import zlib
from urllib.parse import urlsplit

from lxml import etree

from crawler.addresses import may_be_page
from crawler.discovery.feed import MOST_ENTRIES, address_of, local_name, plain, said
from crawler.discovery.paging import resolve
from crawler.extraction.dates import date_in_address, iso
from crawler.platforms import is_article_address, is_column_address
from storage.records import Link

SITEMAPS = frozenset({"urlset", "sitemapindex"})
"""Root elements of sitemaps, in small letters."""

_MOST_PARTS = 5
"""Sitemaps of an index that are looked at: those touched last."""
_OTHER_PARTS = re.compile(r"image|video|tags?\b|author|categor", re.IGNORECASE)
"""What names the sitemap of something else than articles."""
_GZIP = b"\x1f\x8b"
_NUMBER = re.compile(r"\d{4}")
_LAST_NUMBER = re.compile(r"(\d{1,18})[^\d/]*$")


def unpacked(body: bytes, most: int) -> bytes:
    """A sitemap out of its gzip file, or the body as it is; empty where it unpacks to more than ``most`` bytes."""
    if not body.startswith(_GZIP):
        return body
    try:
        stream = zlib.decompressobj(wbits=31)
        plain_body = stream.decompress(body, most)
    except zlib.error:
        return b""
    whole = stream.eof and b"<" in plain_body[:200]
    return plain_body if whole else b""


def read_sitemap(root: etree._Element, url: str | None) -> tuple[Link, ...]:
    """The articles of a ``urlset``, newest first as far as dates, and then numbers, tell.

    Only a news sitemap gives them titles.
    """
    found: dict[str, Link] = {}
    for entry in root:
        address = resolve(address_of(said(entry, "loc")), url) if local_name(entry) == "url" else None
        if address and may_be_article(address):
            found.setdefault(address, _link(entry, address))
    return tuple(sorted(found.values(), key=_age, reverse=True)[:MOST_ENTRIES])


def _age(link: Link) -> tuple[str, int]:
    """What is greater for a newer article: systems count their articles up."""
    number = _LAST_NUMBER.search(link.url)
    return link.date or date_in_address(link.url) or "", int(number[1]) if number else 0


def read_index(root: etree._Element, url: str | None) -> tuple[str, ...]:
    """The sitemaps of a ``sitemapindex`` that hold the newest articles."""
    found: dict[str, str] = {}
    for entry in root:
        address = resolve(address_of(said(entry, "loc")), url) if local_name(entry) == "sitemap" else None
        if address and address != url and not _OTHER_PARTS.search(urlsplit(address).path):
            found.setdefault(address, said(entry, "lastmod"))
    ranked = sorted(found, key=lambda address: found[address], reverse=True)
    return tuple(ranked[:_MOST_PARTS])


def _link(entry: etree._Element, address: str) -> Link:
    news = next((child for child in entry if local_name(child) == "news"), None)
    title = plain(said(news, "title")) if news is not None else ""
    published = said(news, "publication_date") if news is not None else ""
    return Link(address, title, iso(published) or iso(said(entry, "lastmod")))


def may_be_article(address: str) -> bool:
    """Whether an address can be an article's, told from itself: a system's form, a number at its end, a day before."""
    parts = urlsplit(address)
    if not may_be_page(address) or parts.path in ("", "/"):
        return False
    if is_article_address(address):
        return True
    folder, _, name = parts.path.rpartition("/")
    below_a_day = folder[-2:].isdecimal() and "." in name and any(map(str.isdecimal, name))
    return not is_column_address(address) and (below_a_day or _NUMBER.search(name) is not None)
