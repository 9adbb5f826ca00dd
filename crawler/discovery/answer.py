"""What a list service, a feed or a sitemap answers: JSON or XML in, a column's articles out. Pure, and never raises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree, html
from lxml.html import HtmlElement

from crawler.addresses import may_be_page
from crawler.discovery.feed import FEEDS, parse_xml, plain, read_feed, root_name
from crawler.discovery.listing import find_links
from crawler.discovery.paging import resolve
from crawler.discovery.service import page_behind
from crawler.discovery.shell import next_group, total_records
from crawler.discovery.sitemap import SITEMAPS, may_be_article, read_index, read_sitemap
from crawler.extraction.dates import first_date, iso
from crawler.extraction.markup import tidy
from crawler.platforms import is_service_address
from storage.records import CHINA, Link

_STORES = frozenset({"datastore", "recordset"})
_CALLBACK = re.compile(r"\s*[\w$.]{1,80}\s?\(\s*(?=[\[{])")
_JSON_START = re.compile(r"\s*[\[{]")
_MOST_RECORDS = 1000
_MOST_NODES = 50_000
_DEEPEST = 12
_A_LIST = 1.0
"""What a piece of HTML must score to be a list of articles and no menu (see ``Listing.score``)."""

_TITLES = ("title", "showTitle", "docTitle", "articleTitle", "subject", "infoTitle", "newsTitle", "bt")
_ADDRESSES = ("url", "link", "href", "linkUrl", "docUrl", "docPubUrl", "articleUrl", "infoUrl", "post_url", "pageUrl")
_DAYS = (
    *(
        "display_publish_time",
        "publishedTimeStr",
        "publishTimeStr",
        "pubDate",
        "publishDate",
        "publishTime",
        "docRelTime",
    ),
    *(
        "first_publish_time",
        "publishedTime",
        "pubTime",
        "releaseTime",
        "date",
        "created_at",
        "createTime",
        "create_time",
    ),
)
_TOTALS = ("total", "totalCount", "totalRecord", "post_count", "count", "totalElements", "recordCount")
_SIZES = ("rows", "pageSize", "_pageSize", "size", "perPage")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: ``links`` in order, the address of the ``next_page``, and for an index of sitemaps the
    ``services`` that hold the articles. One without links is an answer too: an empty list, or none at all.
    """

    links: tuple[Link, ...] = ()
    next_page: str | None = None
    services: tuple[str, ...] = ()


def read_answer(text: str, url: str | None) -> Answer | None:
    """The answer in a response's text; ``None`` for a page of HTML, and what else is to be read as one."""
    if _JSON_START.match(text) or _CALLBACK.match(text):
        return _read_json(text, url)
    name = root_name(text)
    if name in _STORES:
        return _read_store(text, url)
    if name not in FEEDS | SITEMAPS:
        return None
    root = parse_xml(text)
    if root is None:
        return Answer()
    if name in FEEDS:
        return Answer(*read_feed(root, url))
    return Answer(read_sitemap(root, url), services=read_index(root, url))


def _read_store(text: str, url: str | None) -> Answer:
    """A JCMS store: each record is a piece of HTML about one article."""
    parts = text.split("<record>", _MOST_RECORDS + 1)[1 : _MOST_RECORDS + 1]
    pieces = [part.partition("</record>")[0].strip().removeprefix("<![CDATA[").removesuffix("]]>") for part in parts]
    found = [link for piece in pieces if (link := _link_in(piece, url)) is not None]
    behind = next_group(text, url) or (page_behind(url, len(pieces), total_records(text)) if url else None)
    return Answer(tuple({link.url: link for link in reversed(found)}.values())[::-1], behind)


def _link_in(piece: str, url: str | None) -> Link | None:
    """The article of one record: as a list would be read, else its longest link."""
    tree = _tree(piece)
    if tree is None:
        return None
    if listed := find_links(tree, url).links:
        return max(listed, key=lambda link: len(link.title))
    named = [(a.get("title") or tidy(a.text_content()), resolve(a.get("href"), url)) for a in tree.iter("a")]
    title, address = max(named, key=lambda pair: len(pair[0]) if pair[1] else -1, default=("", None))
    return Link(address, title, first_date(tidy(" ".join(tree.itertext())))) if address and title else None


def _tree(piece: str) -> HtmlElement | None:
    if "<a" not in piece.lower():
        return None
    try:
        return html.fromstring(f"<div>{piece}</div>")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _read_json(text: str, url: str | None) -> Answer | None:
    """A service's JSON, bare or in the call of a function: its records, or the HTML that it hands to the page."""
    if call := _CALLBACK.match(text):
        text = text[call.end() :].rstrip().rstrip(";").removesuffix(")")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    records = max((_records(values, url) for values in _lists(data)), key=len, default=[])
    if records:
        links = {link.url: link for link in reversed(records)}
        total, size = _figure(data, _TOTALS), _figure(data, _SIZES)
        return Answer(tuple(links.values())[::-1], page_behind(url, len(records), total, size) if url else None)
    for piece in _pieces(data):
        tree = _tree(piece)
        if tree is not None and (listing := find_links(tree, url)).links and listing.score > _A_LIST:
            return Answer(listing.links, _piece_behind(tree, url, len(listing.links)) or listing.next_page)
    return Answer()


def _piece_behind(tree: HtmlElement, url: str | None, held: int) -> str | None:
    """The next page of a jpaas unit: its piece of HTML carries a pager with ``rows`` a page and their ``count``."""
    pager = next(iter(tree.xpath(".//*[@count][@rows]")), None)
    if pager is None or url is None:
        return None
    return page_behind(url, held, _whole(pager.get("count")), _whole(pager.get("rows")))


def _nodes(data: object) -> Iterator[object]:
    """Everything in a JSON document from the outside in, to a bounded depth and number."""
    level: list[object] = [data]
    seen = 0
    for _ in range(_DEEPEST):
        inner: list[object] = []
        for node in level:
            seen += 1
            if seen > _MOST_NODES:
                return
            yield node
            if isinstance(node, dict):
                inner.extend(node.values())
            elif isinstance(node, list):
                inner.extend(node)
        level = inner


def _lists(data: object) -> Iterator[Sequence[Mapping[str, Any]]]:
    for node in _nodes(data):
        if isinstance(node, list):
            records = [each for each in node[:_MOST_RECORDS] if isinstance(each, dict)]
            if records:
                yield records


def _pieces(data: object) -> list[str]:
    pieces = [node for node in _nodes(data) if isinstance(node, str) and "<a" in node.lower()]
    return sorted(pieces, key=len, reverse=True)[:3]


def _records(values: Sequence[Mapping[str, Any]], url: str | None) -> list[Link]:
    """The articles of a list of records; none where most of them are something else (a menu, a set of tags)."""
    found = [link for record in values if (link := _record(record, url)) is not None]
    return found if 2 * len(found) > len(values) else []


def _record(record: Mapping[str, Any], url: str | None) -> Link | None:
    title = next((plain(record[name]) for name in _TITLES if isinstance(record.get(name), str) and record[name]), "")
    given = next((record[name] for name in _ADDRESSES if isinstance(record.get(name), str) and record[name]), None)
    address = resolve(given, url)
    if len(title) < 2 or address is None or len(address) > 2000:
        return None
    day = next((day for name in _DAYS if (day := _day(record.get(name)))), None)
    if is_service_address(address) or not may_be_page(address) or urlsplit(address).path in ("", "/"):
        return None
    return Link(address, title, day) if day is not None or may_be_article(address) else None


def _day(value: object) -> str | None:
    """A record's date. A bare moment tells its China day alone: some systems count it from the wrong zone."""
    if isinstance(value, str) and not value.isdecimal():
        return iso(value[:60])
    moment = _whole(value)
    if moment is None or moment < 10**8:
        return None
    seconds = moment / 1000 if moment >= 10**11 else moment
    if seconds >= 4 * 10**9:
        return None
    return iso(datetime.fromtimestamp(seconds, UTC).astimezone(CHINA).date().isoformat())


def _figure(data: object, names: tuple[str, ...]) -> int | None:
    """The first whole number of one of these names, from the outside in."""
    for node in _nodes(data):
        if isinstance(node, dict):
            for name in names:
                if (value := _whole(node.get(name))) is not None:
                    return value
    return None


def _whole(value: object) -> int | None:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 14 else None
