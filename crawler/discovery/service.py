"""List services: the addresses that a column's script asks for its list, how they are asked, and how they count on.

In our books a list is one plain address. What a script would send by a form or in a header stands in its query, and
``how_to_ask`` takes it apart again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.platforms import is_service_address

_DATAPROXY = re.compile(r"/dataproxy\.jsp$", re.IGNORECASE)
_BUILD_UNIT = re.compile(r"/jpaas-publish-server/", re.IGNORECASE)
_SEARCH = re.compile(r"/(?:common/search|searchlist)/", re.IGNORECASE)
_CATALOGUE = re.compile(r"/gkmlpt/api/", re.IGNORECASE)
RECORDS = ("startrecord", "endrecord", "perpage")
"""What a JCMS script leaves in the address; the rest it sends as a form."""
_CATALOGUE_PAGE = 100
"""Records that the Guangdong catalogue puts on a page, whatever is asked of it."""
_FEED = re.compile(r"\.(?:rss|xml(?:\.gz)?|json)$|/(?:rss|feed|atom)/?$|sitemap[^/]*$", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for an address of our books: ``url`` as it goes over the wire, ``body`` a form where it is a POST."""

    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def how_to_ask(url: str, column: str | None = None) -> Ask:
    """The request for an address; ``column`` is the page whose list it is, which services want to be named.

    A page, a feed, or anything else that is no service is simply got.
    """
    if not is_service_address(url):
        return Ask("GET", url)
    parts = urlsplit(url)
    home = urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
    headers = {"Referer": home if column is None or column == url else column}
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    form = [pair for pair in pairs if pair[0] not in RECORDS]
    if not _DATAPROXY.search(parts.path) or len(form) == len(pairs):
        return Ask("GET", url, headers=headers)
    records = urlencode([pair for pair in pairs if pair[0] in RECORDS])
    headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
    return Ask("POST", urlunsplit(parts._replace(query=records)), urlencode(form).encode(), headers)


def answered_at(url: str, ended_at: str, *, redirected: bool) -> str:
    """The address that answered when ``url`` was asked for: a service's own keeps what was sent by a form."""
    return url if is_service_address(url) and not redirected else ended_at


def is_standing(url: str) -> bool:
    """Whether a list that a column names stays its list from visit to visit: a service, a feed, a sitemap.

    A day's page of a paper is not: it is read once.
    """
    return is_service_address(url) or _FEED.search(urlsplit(url).path) is not None


def with_query(url: str, **changed: str) -> str:
    """The address with some of its query's values set; new ones stand behind the others."""
    parts = urlsplit(url)
    values = dict(parse_qsl(parts.query, keep_blank_values=True)) | changed
    return urlunsplit(parts._replace(query=urlencode(values)))


def page_behind(url: str, held: int, total: int | None = None, size: int | None = None) -> str | None:
    """The address of a service's next page; ``None`` past the end, and for an address that counts in no known way.

    ``held`` is how many articles the answer at ``url`` lists, ``total`` how many the list has in all, ``size`` how many
    it gives a page; ``None`` where the answer does not tell.
    """
    if not held or not is_service_address(url):
        return None
    parts = urlsplit(url)
    values = dict(parse_qsl(parts.query, keep_blank_values=True))
    if _DATAPROXY.search(parts.path):
        return _records_behind(url, values, held, total)
    if _BUILD_UNIT.search(parts.path):
        wanted = _parameters(values.get("paramJson", ""))
        number, size = _int(wanted.get("pageNo"), 1), size or _int(wanted.get("pageSize"), 0)
        behind = json.dumps({"pageNo": number + 1, "pageSize": size}, separators=(",", ":"))
        return with_query(url, paramJson=behind) if _goes_on(number, size, held, total) else None
    if _CATALOGUE.search(parts.path):
        size = _CATALOGUE_PAGE
    elif _SEARCH.search(parts.path):
        size = _int(values.get("_pageSize"), size or 0)
    else:
        return None
    number = _int(values.get("page"), 1) or 1
    return with_query(url, page=str(number + 1)) if _goes_on(number, size, held, total) else None


def _records_behind(url: str, values: Mapping[str, str], held: int, total: int | None) -> str | None:
    start, end = _int(values.get("startrecord"), 0), _int(values.get("endrecord"), 0)
    span = end - start + 1
    if start < 1 or span < 1 or (end >= total if total is not None else held < span):
        return None
    return with_query(url, startrecord=str(end + 1), endrecord=str(end + span))


def _goes_on(number: int, size: int, held: int, total: int | None) -> bool:
    if size < 1:
        return False
    return number * size < total if total is not None else held >= size


def _parameters(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _int(value: object, default: int) -> int:
    """A whole number as an address or an answer writes it; whatever else stands there is the default."""
    return int(str(value)) if _NUMBER.fullmatch(str(value)) else default
