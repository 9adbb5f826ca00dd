"""What of a page belongs to the list on it, and what is an article's own: its day, its text, its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice

from lxml.html import HtmlElement

from crawler.discovery.listing import Listing
from crawler.extraction.dates import find_dates, split_date
from crawler.extraction.lines import ancestors
from crawler.extraction.outline import Outline
from crawler.extraction.pagetitle import squash

_SOME_LINKS = 3
"""Links in a body from which it may be a list with summaries."""
_SETTLED = 250
"""Characters of running text from which a page may be an article without any mark but its name."""
_LONG_NAME = 12
"""Characters of a name from which it is a headline and no site's."""
_SOME_BLOCKS = 3
"""Blocks that offer to show more of them (更多), from which a page that is called a site is its home page."""
_SITE_NAME = re.compile(r"[^\s_|>»—–-]{2,30}(?:网站?|门户|平台|在线|首页)")
_ARTICLE_PLACE = re.compile(r"article|content|detail|zoom|(?:^|[_-])text(?:$|[_-])", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_LONGEST_DAY = 60
"""Characters of a line that prints a day rather than tells of one."""
_MOSTLY = 0.8
"""The share of a body that a list's summaries are, where it is no article."""


def is_plain(page: Outline) -> bool:
    """Whether a page is plainly an article: a headline and a day over a body that holds hardly a link."""
    if page.headline is None or page.headline.line is None or page.labels.published_at is None:
        return False
    return is_compact(page)


def is_compact(page: Outline) -> bool:
    """Whether a page has a body that holds hardly a link."""
    if page.body is None:
        return False
    box = page.sheet.boxes[page.body.box].element
    return sum(1 for _ in islice(box.iter("a"), _SOME_LINKS)) < _SOME_LINKS


def is_entitled(page: Outline) -> bool:
    """Whether a page prints a headline and calls itself by it; a front calls itself by its site's name."""
    if page.headline is None or page.headline.line is None:
        return False
    said = squash(page.headline.text)
    return any(said in squash(title) for title in page.markup.titles)


def is_called(page: Outline) -> bool:
    """Whether a page prints a headline, calls itself by it, and it is longer than the name of a column or a site."""
    if page.headline is None or not is_entitled(page):
        return False
    said = squash(page.headline.text)
    return len(said) >= _LONG_NAME and not _SITE_NAME.fullmatch(said)


def is_shell(page: Outline) -> bool:
    """Whether a page has an empty place that is named for an article and that a script names: it is filled in later."""
    if page.running >= _SETTLED:
        return False
    empty = (
        name
        for element in page.markup.tree.iter("div", "section", "article", "p")
        if (name := element.get("id") or "") and _ARTICLE_PLACE.search(name) and _is_empty(element)
    )
    names = [re.compile(rf"[\"'#]{re.escape(name)}[\"']") for name in islice(empty, _SOME_LINKS)]
    scripts = [script.text or "" for script in page.markup.tree.iter("script")] if names else []
    return any(name.search(text) for name in names for text in scripts)


def _is_empty(element: HtmlElement) -> bool:
    return len(element) == 0 and not (element.text or "").strip()


def is_named(page: Outline) -> bool:
    """Whether a page that prints no headline is called by one: a longer name before its column's and its site's."""
    if page.headline is None or page.headline.line is not None or page.running < _SETTLED:
        return False
    said = squash(page.headline.text)
    named = any(name.startswith(said) and len(name) > len(said) + 1 for name in map(squash, page.markup.titles))
    return named and len(said) >= _LONG_NAME


def is_front(page: Outline, listing: Listing) -> bool:
    """Whether the list is one block of many; blocks built alike are one list unless the page is called a whole site."""
    if listing.is_one_of_many:
        return True
    named = any(_SITE_NAME.fullmatch(title) for title in page.markup.titles[:1])
    return named and listing.more >= _SOME_BLOCKS and not listing.turned


def is_dated(page: Outline, listing: Listing) -> bool:
    """Whether a page has a day of its own: not only one that an item of its list prints."""
    day = page.labels.published_at
    if day is None or not listing.items:
        return day is not None
    is_held = _held_by_items(page, listing)
    if is_entitled(page) and page.headline and page.headline.line is not None:
        # The one link of a notice is an item as large as the notice, headline and all.
        line = page.headline.line
        if is_held(line) and not page.sheet.lines[line].linked and len(listing.links) == 1:
            return True
    printed = page.labels.used or _printing(page.sheet.plain, day)
    return not printed or not all(map(is_held, printed))


def _printing(plain: Sequence[str], day: str) -> list[int]:
    """The lines that print a day; where none does, those where a tile of it begins (25 over 2021-04)."""
    short = [index for index, line in enumerate(plain) if len(line) <= _LONGEST_DAY and _DIGIT.search(line)]
    printed = [i for i in short if any(found.iso[:10] == day[:10] for found in find_dates(plain[i]))]
    return printed or [i for i in short if day[:10] in (split_date([plain[i]]), split_date(plain[i : i + 2]))]


def summaries(page: Outline, listing: Listing) -> float:
    """Characters of the body that are a list's summaries; none where the page has a day of its own or other text."""
    if page.body is None or not listing.summed or is_dated(page, listing):
        return 0.0
    is_held = _held_by_items(page, listing)
    told = sum(page.sheet.weights[index] for index in page.body.kept if is_held(index))
    return told if told >= _MOSTLY * page.running else 0.0


def _held_by_items(page: Outline, listing: Listing) -> Callable[[int], bool]:
    """Whether a line of the page stands in an item of its list."""
    sheet, items = page.sheet, set(listing.items)
    return lambda index: any(
        sheet.boxes[box].element in items for box in ancestors(sheet.boxes, sheet.lines[index].box)
    )
