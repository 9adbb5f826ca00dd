"""The next page of a column, however its system numbers them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from crawler.discovery.anchors import Anchor, read_anchors, read_carriers
from crawler.discovery.paging import resolve

_NEXT = re.compile(
    r"[\s\[【(（]*(?:下\s*一?\s*页|后\s*一?\s*页|往后|next(?:\s*page)?)[\s\]】)）>＞»›→]*|\s*(?:>|＞|»|›)\s*",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"[\s\[【(（<＜«‹←]*(?:上\s*一?\s*页|前\s*一?\s*页|首\s*页|第\s*一\s*页|prev(?:ious)?|first)[\s\]】)）]*",
    re.IGNORECASE,
)
_NEXT_TITLE = re.compile(r"\s*(?:下\s*一?\s*页|next)", re.IGNORECASE)
_LONGEST = 16
"""Characters of a pager's link."""
_LONGEST_SCRIPT = 50_000
"""Characters of a script that may draw a pager."""
_NUMBER = re.compile(r"[\s\[【(（]*(\d{1,4})[\s\]】)）]*")
_PAGER_CALL = re.compile(
    r"createPage\w{0,12}\s*\(\s*(?P<named>['\"][^'\"]*['\"]\s*,\s*)?(?P<total>\d+)\s*,\s*(?P<current>\d+)\s*,"
    r"\s*['\"](?P<stem>[\w./-]+)['\"]\s*,\s*['\"]\.?(?P<ending>\w+)['\"]",
    re.IGNORECASE,
)
_COUNT_PAGE = re.compile(r"\b(?:countPage|pageCount|totalPage)s?\s*=\s*[\"']?(\d+)", re.IGNORECASE)
_CURRENT_PAGE = re.compile(r"\b(?:currentPage|curPage|pageIndex)\s*=\s*[\"']?(\d+)", re.IGNORECASE)
_WRITTEN_STEM = re.compile(
    r"[\"'=]([\w-]{1,30})_[\"']?\s*\+[^;]{0,80}?[\"'](?:\.|\+)?\s*(?:\"\s*\+\s*\")?\.?(s?html?|jsp)\b"
)


def next_page(
    tree: HtmlElement, url: str | None, base: str | None = None, anchors: Sequence[Anchor] | None = None
) -> str | None:
    """The address of the page after this one, or ``None`` on the last.

    A printed link (下一页) is believed first, whichever way its system counts (Boda counts downwards), but not where it
    leads to this page or to where 上一页 and 首页 lead; then the calls from which scripts draw a pager; then bare page
    numbers; then a choice of pages. ``anchors`` are the page's links if they have been read already.
    """
    own = (url or "").split("#", 1)[0]
    links = read_anchors(tree, url, base) if anchors is None else anchors
    printed, turned = _printed(links, own)
    if not printed:
        printed, turned = _printed(read_carriers(tree, url, base), own)
    if printed:
        return turned
    return _scripted(tree, url, base) or _numbered(links, own) or _chosen(tree, url, base, own)


def _printed(links: Sequence[Anchor], own: str) -> tuple[bool, str | None]:
    """Whether 下一页 is printed as a link, and where it leads onwards."""
    short = [link for link in links if len(link.words) <= _LONGEST]
    behind = {link.address for link in short if link.words and _BACK.fullmatch(link.words)}
    said = [link.address for link in short if _says_next(link)]
    onwards = [address for address in said if address != own and address not in behind]
    return bool(said), next(iter(onwards), None)


def _says_next(link: Anchor) -> bool:
    if link.words and _NEXT.fullmatch(link.words):
        return True
    title = link.element.get("title") or ""
    if not title and not link.words:
        title = "".join(image.get("alt") or "" for image in link.element.iter("img"))
    return bool(title) and len(title) <= _LONGEST and _NEXT_TITLE.match(title) is not None


def _scripted(tree: HtmlElement, url: str | None, base: str | None) -> str | None:
    for script in tree.iter("script"):
        text = (script.text or "")[:_LONGEST_SCRIPT]
        if not text or "age" not in text:
            continue
        call = _PAGER_CALL.search(text)
        if call:
            return resolve(_called(call), url, base)
        count, current = _COUNT_PAGE.search(text), _CURRENT_PAGE.search(text)
        stem = _WRITTEN_STEM.search(text) if count and current else None
        if count and current and stem:
            onwards = int(current[1]) + 1
            return resolve(f"{stem[1]}_{onwards}.{stem[2]}", url, base) if onwards < int(count[1]) else None
    return None


def _called(call: re.Match[str]) -> str | None:
    """The page that ``createPageHTML`` names next: ``(25, 0, …)`` counts from 0, ``('box', 25, 1, …)`` from 1."""
    total, current = int(call["total"]), int(call["current"])
    last = total if call["named"] and current > 0 else total - 1
    return f"{call['stem']}_{current + 1}.{call['ending']}" if current < last else None


def _numbered(links: Sequence[Anchor], own: str) -> str | None:
    """The number after this page's own in a row of bare page numbers, where this page's own is told."""
    rows: dict[HtmlElement, dict[int, Anchor]] = {}
    for link in links:
        number = _NUMBER.fullmatch(link.words) if len(link.words) <= 8 else None
        row = _row(link.element) if number else None
        if number and row is not None:
            rows.setdefault(row, {})[int(number[1])] = link
    for row, pages in rows.items():
        current = _current(row, pages, own)
        if current is not None and current + 1 in pages and pages[current + 1].address != own:
            return pages[current + 1].address
    return None


def _row(element: HtmlElement) -> HtmlElement | None:
    parent = element.getparent()
    return parent.getparent() if parent is not None and len(parent) == 1 else parent


def _current(row: HtmlElement, pages: dict[int, Anchor], own: str) -> int | None:
    """The number of this page: what leads to itself, or the one number of the row that leads nowhere."""
    itself = next((number for number, link in pages.items() if own and link.address == own), None)
    if itself is not None:
        return itself
    bare = [number for number in _unlinked(row) if number not in pages]
    return bare[0] if len(bare) == 1 and (bare[0] + 1 in pages or bare[0] - 1 in pages) else None


def _unlinked(row: HtmlElement) -> Iterator[int]:
    for text in row.itertext():
        number = _NUMBER.fullmatch(text)
        if number:
            yield int(number[1])


def _chosen(tree: HtmlElement, url: str | None, base: str | None, own: str) -> str | None:
    """The option after the chosen one of a choice of pages (``<select onchange="location.href=this.value">``)."""
    for choice in tree.iter("select"):
        if "location" not in (choice.get("onchange") or ""):
            continue
        options = list(choice.iter("option"))
        chosen = [i for i, option in enumerate(options) if option.get("selected") is not None]
        if len(chosen) != 1 or not all(_NUMBER.search(option.text_content()) for option in options):
            continue
        after = options[chosen[0] + 1 :]
        written = after[0].get("value") if after else None
        address = resolve(written, url, base) if written and not written.isdigit() else None
        return address if address != own else None
    return None
