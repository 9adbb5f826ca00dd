"""Digital papers: a column that is not a list but a day, whose pages each list their own articles.

Founder's system (方正) sends a paper's front page by meta refresh to the day's first page, ``…/2018-09/10/node_2.htm``
(newer: ``/pc/layout/201809/10/node_01.html``); every page of the day links to all the others (版面导航).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

DAY_PAGE = re.compile(r"^(?P<folder>.*/)node_\d+\.s?html?$", re.IGNORECASE)


def day_pages(tree: HtmlElement, url: str, redirects: Sequence[str] = ()) -> tuple[str, ...]:
    """Addresses of the other list pages that belong to a column: a paper's pages of the same day, in printed order.

    ``redirects`` are where the page sends its visitors by itself; only those that are a day's page are followed. Pages
    of another day (上一期) and the archive's calendar are not of this day. ``url`` is the page's own address.
    """
    here = DAY_PAGE.match(urlsplit(url).path)
    hrefs: Iterable[str] = tree.xpath("//a/@href | //area/@href") if here else redirects
    found = dict.fromkeys(_resolved(url, href.strip()) for href in hrefs if href.strip())
    return tuple(address for address in found if _same_day(address, url, here["folder"] if here else None))


def _resolved(url: str, href: str) -> str:
    """The address without its fragment; empty for what is none (``http://[bad/``)."""
    try:
        address = urljoin(url, href).partition("#")[0]
        urlsplit(address)
    except ValueError:
        return ""
    return address


def _same_day(address: str, url: str, folder: str | None) -> bool:
    there = DAY_PAGE.match(urlsplit(address).path)
    if there is None or urlsplit(address).netloc != urlsplit(url).netloc or address == url:
        return False
    return folder is None or there["folder"] == folder
