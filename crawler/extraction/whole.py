"""One article that a site spreads over several pages (下一页, 【1】【2】【3】): read page by page, kept as one.

The raw pages are kept one behind the other with a seam between them, so that a better extractor can read all of them
again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crawler.extraction.learned import Learned
from crawler.extraction.read import read_page
from storage.records import Article, PageKind, Role

SEAM = b"\n<!-- shixun: the next page of this article -->\n"
MOST_PAGES = 30
"""Beyond this a pager runs in circles (a calendar, a forum) rather than through one article."""


def stitch(bodies: Sequence[bytes]) -> bytes:
    """Raw pages as one body."""
    return SEAM.join(bodies)


def read_whole(body: bytes, url: str | None = None, *, learned: Learned | None = None) -> Article:
    """Read a kept body: the article of one page, or of all that were stitched together. Never raises."""
    first, *rest = (read_page(page, url, role=Role.ARTICLE, learned=learned) for page in body.split(SEAM))
    return join(first, rest)


def join(first: Article, rest: Sequence[Article]) -> Article:
    """An article with its further pages: the labels of the first, the text and files of all, people in order.

    A paragraph that each page opens or closes with (the headline again, the byline) is told once; one that only comes
    again in the midst of a later page (a heading, a table's line) stays.
    """
    whole = first
    for page in rest:
        if page.kind is not PageKind.ARTICLE:
            continue
        fresh = _fresh(page.canonical, frozenset(whole.canonical))
        whole = replace(
            whole,
            paragraphs=(*whole.paragraphs, *page.paragraphs[fresh]),
            canonical=(*whole.canonical, *page.canonical[fresh]),
            attachments=tuple(dict.fromkeys((*whole.attachments, *page.attachments))),
            authors=tuple(dict.fromkeys((*whole.authors, *page.authors))),
            editors=tuple(dict.fromkeys((*whole.editors, *page.editors))),
            flags=tuple(dict.fromkeys((*whole.flags, *page.flags))),
        )
    return whole


def _fresh(paragraphs: Sequence[str], said: frozenset[str]) -> slice:
    """The part of a page between what it repeats at its head and at its foot."""
    start, end = 0, len(paragraphs)
    while start < end and paragraphs[start] in said:
        start += 1
    while end > start and paragraphs[end - 1] in said:
        end -= 1
    return slice(start, end)
