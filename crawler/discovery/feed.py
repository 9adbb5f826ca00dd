"""Feeds: RSS 2.0, RSS 1.0 (RDF) and Atom, also those that only nearly are XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from html import unescape
from itertools import islice

from lxml import etree

from crawler.discovery.paging import resolve
from crawler.extraction.dates import iso
from crawler.extraction.markup import tidy
from storage.records import Link

_ROOT = re.compile(r"\s*+(?:(?><\?[^>]{0,500}>|<!--.{0,2000}?-->)\s*+)*+<([A-Za-z][\w:.-]{0,60})", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,2000}(?:\[.*?\]\s{0,99})?>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{0,31});")
_PROLOGUE = 8000
_BARE_AND = re.compile(r"&(?!#?[A-Za-z0-9]{1,32};)")
_TAG = re.compile(r"<[^<>]{1,500}>")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DATES = ("pubDate", "published", "date", "issued", "updated", "modified")
"""In the order they are believed: when a story was published, before when it was touched."""
MOST_ENTRIES = 1000
"""Entries of one feed or sitemap that are taken in; a feed has 20 to 100, a sitemap up to 50,000."""

FEEDS = frozenset({"rss", "rdf", "feed"})
"""Root elements of feeds, in small letters and without their prefix."""


def root_name(text: str) -> str:
    """The name of an XML text's root element in small letters, without its prefix; empty for what has none."""
    found = _ROOT.match(_without_doctype(text)[:_PROLOGUE])
    return found[1].rpartition(":")[2].lower() if found else ""


def parse_xml(text: str) -> etree._Element | None:
    """The root of an XML text, as much of it as can be read.

    The text is decoded already, whatever its declaration says. Its own entities are not: their declarations are cut
    off, so that none expands; the named characters of HTML are read for what they are.
    """
    text = _NOT_XML.sub("", _without_doctype(text).lstrip())
    # libxml2 loses even its own five names where it resolves none: they go as numbers.
    text = _BARE_AND.sub("&#38;", _ENTITY.sub(_as_character, text))
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _without_doctype(text: str) -> str:
    """The text without its document type, and what that declares."""
    start = text[:_PROLOGUE].upper().find("<!DOCTYPE")
    found = _DOCTYPE.match(text, start) if start >= 0 else None
    return text[:start] + text[found.end() :] if found else text


def _as_character(entity: re.Match[str]) -> str:
    character = unescape(entity[0])
    if character == entity[0]:
        return f"&#38;{entity[1]};"
    return f"&#{ord(character)};" if character in "&<>\"'" else character


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def said(element: etree._Element, *names: str) -> str:
    """The text of the first child of one of these names that has any, one name after the other."""
    for name in names:
        for child in element:
            if local_name(child) == name and (text := tidy("".join(map(str, child.itertext())))):
                return text
    return ""


def read_feed(root: etree._Element, url: str | None) -> tuple[tuple[Link, ...], str | None]:
    """The stories of a feed in its order, and the address of its next page (Atom's ``rel="next"``)."""
    channel = next((child for child in root if local_name(child) == "channel"), root)
    base = _base(root, channel, url)
    found: dict[str, Link] = {}
    for entry in islice(_entries(root, channel), MOST_ENTRIES):
        link = _link(entry, url, base)
        if link is not None:
            found.setdefault(link.url, link)
    behind = next((c.get("href") for c in channel if local_name(c) == "link" and c.get("rel") == "next"), None)
    return tuple(found.values()), resolve(behind, url, base)


def _entries(root: etree._Element, channel: etree._Element) -> Iterator[etree._Element]:
    """RSS 2.0 keeps its items in the channel, RSS 1.0 beside it; Atom calls them entries."""
    for holder in dict.fromkeys((channel, root)):
        yield from (child for child in holder if local_name(child) in ("item", "entry"))


def _base(root: etree._Element, channel: etree._Element, url: str | None) -> str | None:
    """What relative addresses start from: what the feed says, else the page that it is the feed of."""
    given = root.get("{http://www.w3.org/XML/1998/namespace}base") or said(channel, "link")
    return given if given.startswith(("http://", "https://")) or url else None


def _link(entry: etree._Element, url: str | None, base: str | None) -> Link | None:
    address = resolve(_address(entry), url, base)
    title = plain(said(entry, "title"))
    return Link(address, title, _date(entry)) if address and title else None


def _address(entry: etree._Element) -> str | None:
    links = [child for child in entry if local_name(child) == "link"]
    for link in links:
        if link.get("href") and link.get("rel", "alternate") == "alternate":
            return link.get("href")
    if text := address_of(said(entry, "link")):
        return text
    permanent = next((child for child in entry if local_name(child) == "guid"), None)
    if permanent is not None and permanent.get("isPermaLink", "true") == "true":
        text = address_of(said(entry, "guid"))
        return text if text.startswith(("http://", "https://", "/")) else None
    return None


def address_of(text: str) -> str:
    """An address as it was meant: what stands in CDATA still has its and-signs written out."""
    return text.replace("&#38;", "&").replace("&amp;", "&")


def plain(text: str) -> str:
    """A title without the markup that some feeds and services send along."""
    return tidy(unescape(_TAG.sub("", unescape(text) if "&" in text else text)))


def _date(entry: etree._Element) -> str | None:
    return next((day for name in _DATES if (day := china_date(said(entry, name)))), None)


def china_date(text: str) -> str | None:
    """A feed's date, as ISO or mail writes it, as ISO text in China time, as precise as it is written."""
    if len(text) > 60:
        return None
    return iso(text) or (iso(moment) if (moment := _mail_date(text)) else None)


def _mail_date(text: str) -> str | None:
    """``Fri, 20 Nov 2026 08:30:00 +0800``; without a zone the clock is China's."""
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
