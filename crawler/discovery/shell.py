"""Columns drawn by script: which list service a page names, read from its scripts without running them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml.html import HtmlElement

from crawler.discovery.paging import resolve
from crawler.discovery.service import RECORDS, page_behind, with_query
from crawler.platforms import is_service_address

_MOST_SERVICES = 3
"""Services of one page that are asked: its list, and no menus beside it."""
_LONGEST_SCRIPT = 200_000
_MARK = re.compile(
    r"<record|dataproxy\.jsp|columnid|\bjpage\b|/gkmlpt/|_isjson|channel_?id|common/search/|searchlist/", re.IGNORECASE
)

_PROXY = re.compile(r"[\"']([^\"'\s<>]{0,200}/dataproxy\.jsp)(?:\?([^\"'<>]{0,1000}))?[\"']", re.IGNORECASE)
_BLOCK = re.compile(r"\{([^{}]{1,2000})\}")
_PAIR = re.compile(r"[\"']?(?<!\w)(\w{1,40})[\"']?\s{0,9}:\s{0,9}(?:'([^']{0,300})'|\"([^\"]{0,300})\"|(-?\d{1,12}))")
_PER_PAGE = re.compile(r"per_?page[\"']?\s{0,9}[:=]\s{0,9}[\"']?(\d{1,4})", re.IGNORECASE)
_TOTAL = re.compile(r"total_?records?[\"']?\s{0,9}(?:[:=]\s{0,9}[\"']?|>\s{0,9})(\d{1,9})", re.IGNORECASE)
_NEXT_GROUP = re.compile(
    r"<nextgroup>\s{0,99}(?:<!\[CDATA\[)?\s{0,99}<a\b[^>]{0,300}?\shref=(?:\"([^\"<>]{1,1500})\"|'([^'<>]{1,1500})')",
    re.IGNORECASE,
)
_UNIT_TOTAL = re.compile(r"\bjpage\.\w{1,20}\(\s{0,9}[\"']?#?(\w{1,40})[\"']?\s{0,9},\s{0,9}(\d{1,9})\s{0,9},")
"""The call that pages through a store: its unit, how many records that has, and how many are shown at a time."""
_USUAL_PAGE = 15
_GROUP = 3
"""A JCMS script asks for three of its pages at once."""

_UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_LIST_UNIT = re.compile(r"列表|分页|内容|list|page", re.IGNORECASE)

_CHANNEL = re.compile(r"channel_?id[\"']?\s{0,9}[:=]\s{0,9}[\"']([0-9a-f]{32})[\"']", re.IGNORECASE)
_SEARCH = re.compile(r"/((?:common/search|searchlist)/)(?:([0-9a-f]{32})\b)?", re.IGNORECASE)
_SITE = re.compile(r"\bSID[\"']?\s{0,9}[:=]\s{0,9}[\"']?(\d{1,12})")
_CATALOGUE = re.compile(r"/gkmlpt/api/all/(\d{1,9})\b")


@dataclass(frozen=True, slots=True)
class Named:
    """Services that a page names: ``first`` those that are to be asked for its list, ``behind`` the one that goes on
    where the list that the page itself prints ends.
    """

    first: tuple[str, ...] = ()
    behind: str | None = None


def named_services(tree: HtmlElement, url: str | None, base: str | None = None, *, listed: bool = False) -> Named:
    """The services of a column page at ``url``.

    ``listed`` says that the page prints a list; that it is the service's own is believed where the place which the
    script fills cannot be found. A page whose place is filled needs no service for its first page.
    """
    if url is None:
        return Named()
    scripts = [text[:_LONGEST_SCRIPT] for script in tree.iter("script") if _MARK.search(text := script.text or "")]
    for named in (_units(tree, url, base, listed), _proxies(tree, scripts, url, base, listed)):
        if named.first or named.behind:
            return named
    if listed:
        return Named()
    one = _channel(tree, scripts, url) or _catalogue(scripts, url)
    return Named((one,)) if one else Named()


def _units(tree: HtmlElement, url: str, base: str | None, listed: bool) -> Named:
    """The jpaas units of a page: elements whose attribute ``queryData`` holds the parameters of an address."""
    found: dict[str, tuple[bool, HtmlElement]] = {}
    for element in tree.xpath("//*[@querydata]")[:50]:
        pairs = dict(_pairs(element.get("querydata") or ""))
        address = resolve(element.get("url") or _UNIT, url, base)
        if "pageId" in pairs and address and "/jpaas-publish-server/" in address:
            wanted = _LIST_UNIT.search(pairs.get("tagId", "")) is not None
            found.setdefault(f"{address.partition('?')[0]}?{urlencode(pairs)}", (wanted, element))
    likely = {address: element for address, (wanted, element) in found.items() if wanted}
    units = likely or {address: element for address, (_, element) in found.items()}
    filled = [(address, element) for address, element in units.items() if _is_filled(element.getparent(), listed)]
    if filled:
        return Named(behind=_unit_behind(*filled[0]))
    return Named(tuple(units)[:_MOST_SERVICES])


def _is_filled(place: HtmlElement | None, listed: bool) -> bool:
    """Whether the place that a script fills holds links before it ran."""
    if place is None or place.tag in ("body", "html", "head"):
        return listed
    return place.find(".//a[@href]") is not None


def _unit_behind(address: str, element: HtmlElement) -> str | None:
    place = element.getparent()
    pager = next(iter(place.xpath(".//*[@count][@rows]")), None) if place is not None else None
    if pager is None:
        return None
    rows, count = (pager.get(name) or "" for name in ("rows", "count"))
    if not (rows.isdecimal() and count.isdecimal() and len(rows + count) < 18):
        return None
    return page_behind(address, int(rows), int(count), int(rows))


def _proxies(tree: HtmlElement, scripts: list[str], url: str, base: str | None, listed: bool) -> Named:
    """The JCMS services of a page: the address of the proxy, and what its script sends along."""
    text = "\n".join(scripts)
    if (group := next_group(text, url)) is not None:
        return Named(behind=None if _holds_all(scripts, group) else group)
    proxy = _PROXY.search(text)
    if proxy is None:
        return Named()
    address = resolve(proxy[1], url, base)
    sent = [pairs for block in _BLOCK.findall(text) if "columnid" in (pairs := dict(_pairs(block)))]
    sent = sent or [pairs for pairs in [dict(parse_qsl(proxy[2] or ""))] if "columnid" in pairs]
    if address is None or not sent:
        return Named()
    size = _number(_PER_PAGE.search(text)) or _USUAL_PAGE
    store = text.count("<record>")
    first: list[str] = []
    for pairs in sent[:_MOST_SERVICES]:
        places = tree.xpath("//*[@id=$id]", id=pairs.get("unitid", "")) if pairs.get("unitid") else []
        filled = store > 0 or (any(_is_filled(place, listed) for place in places) if places else listed)
        if filled:
            return Named(behind=_proxy_behind(text, address, pairs, store, size))
        first.append(_proxy_address(address, pairs, 1, _GROUP * size, size))
    return Named(tuple(dict.fromkeys(first)))


def _proxy_behind(text: str, address: str, pairs: dict[str, str], store: int, size: int) -> str | None:
    """Where the records go on that a page holds in its store."""
    total = _number(_TOTAL.search(text))
    if not store or total is None or store >= total:
        return None
    return _proxy_address(address, pairs, store + 1, store + _GROUP * size, size)


def _proxy_address(address: str, pairs: dict[str, str], start: int, end: int, size: int) -> str:
    sent = {name: value for name, value in pairs.items() if name not in RECORDS}
    return f"{address}?{urlencode(sent | {'startrecord': start, 'endrecord': end, 'perpage': size})}"


def next_group(text: str, url: str | None) -> str | None:
    """The address of the next records that a JCMS store names itself (``<nextgroup>``).

    What it does not say again is as it was for the records before.
    """
    found = _NEXT_GROUP.search(text)
    address = resolve((found[1] or found[2]).replace("&amp;", "&"), url) if found else None
    if address is None or not is_service_address(address):
        return None
    before = parse_qsl(urlsplit(url).query) if url and is_service_address(url) else []
    records = {name: value for name, value in before if name not in RECORDS}
    address = with_query(address, **records | dict(parse_qsl(urlsplit(address).query)))
    return address if address != url else None


def _holds_all(scripts: list[str], group: str) -> bool:
    """Whether a page's store holds all the records of its unit, by their own total; then no group comes next.

    Such a store names one all the same, and that would list again what the page lists.
    """
    unit = dict(parse_qsl(urlsplit(group).query)).get("unitid")
    stores = [text for text in scripts if "<record>" in text]
    store = next((text for text in stores if _NEXT_GROUP.search(text)), "")
    called = (int(total) for text in scripts for said, total in _UNIT_TOTAL.findall(text) if said == unit)
    total = next(called, None) or total_records("\n".join(scripts) if len(stores) == 1 else store)
    return total is not None and 0 < total <= store.count("<record>")


def total_records(text: str) -> int | None:
    """How many records a JCMS store says its list has."""
    return _number(_TOTAL.search(text))


def _channel(tree: HtmlElement, scripts: list[str], url: str) -> str | None:
    """The UCAP search for the articles of the page's channel."""
    text = "\n".join(scripts)
    asked = _SEARCH.search(text)
    label = next(
        (m.get("content") or "" for m in tree.iter("meta") if (m.get("name") or "").lower() == "channelid"), ""
    )
    named = _CHANNEL.search(text)
    channel = (asked[2] if asked else None) or (named[1] if named else None) or label
    if not re.fullmatch(r"[0-9a-f]{32}", channel, re.IGNORECASE):
        return None
    path = asked[1] if asked else "common/search/"
    return resolve(f"/{path}{channel}?_isAgg=true&_isJson=true&_pageSize=20&_template=index&page=1", url)


def _catalogue(scripts: list[str], url: str) -> str | None:
    """The Guangdong catalogue of a page below ``/gkmlpt/``: its own category where a script names one, else all."""
    folder, mark, _ = urlsplit(url).path.partition("/gkmlpt/")
    text = "\n".join(scripts) if mark else ""
    site = _SITE.search(text)
    if site is None:
        return None
    category = _CATALOGUE.search(text)
    return resolve(f"{folder}/gkmlpt/api/all/{category[1] if category else 0}?page=1&sid={site[1]}", url)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for name, single, double, number in _PAIR.findall(text[:4000]):
        yield name, single or double or number


def _number(found: re.Match[str] | None) -> int | None:
    return int(found[1]) if found else None
