"""Fetches a few named pages into a folder, with the same manners as a crawl, and keeps no books of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.addresses import is_loopback
from crawler.agent import user_agent
from crawler.discovery.service import answered_at, how_to_ask
from crawler.sites import Site


def may_be_asked(url: str) -> bool:
    """Whether something is an address on the web at all."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


class PagesSpider(Spider):
    """Arguments (``-a``): ``folder``, which holds ``wanted.json`` (a list of addresses) and receives for the N-th of
    them ``N.body`` and ``N.json`` (``status``, ``url`` in the end, ``error``); ``own``, an address whose site no
    request may leave, not by a redirect either; empty for no such bounds."""

    name = "pages"

    def __init__(self, folder: str = ".", contact: str = "", own: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(folder)
        self.contact = contact or None
        self.bounds = {"site": Site(key="own", name=own, columns=(own,))} if own else {}
        self.wanted: list[str] = json.loads((self.folder / "wanted.json").read_text("utf-8"))

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider, and tell Scrapy who we are."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.settings.set("USER_AGENT", user_agent(spider.contact), priority="spider")
        if all(is_loopback(url) for url in spider.wanted if may_be_asked(url)):
            crawler.settings.set("DOWNLOAD_DELAY", 0, priority="spider")
            crawler.settings.set("AUTOTHROTTLE_ENABLED", False, priority="spider")
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """One request a page; an address that is none is told, and the others fetched."""
        for number, url in enumerate(self.wanted):
            if not may_be_asked(url):
                self._tell(number, error="not an http(s) address")
                continue
            ask = how_to_ask(url)
            yield Request(
                ask.url,
                method=ask.method,
                body=ask.body,
                headers=dict(ask.headers),
                callback=self.read,
                errback=self.failed,
                dont_filter=True,
                cb_kwargs={"number": number},
                meta={"n": number, **self.bounds},
            )

    def read(self, response: Response, number: int) -> None:
        """Put a page into the folder."""
        (self.folder / f"{number}.body").write_bytes(response.body)
        redirected = "redirect_urls" in response.meta
        where = answered_at(self.wanted[number], response.url, redirected=redirected)
        self._tell(number, status=response.status, url=where)

    def failed(self, failure: Failure) -> None:
        """Say why a page could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        self._tell(int(request.meta["n"]), error=f"{type(error).__name__}: {str(error)[:200]}")

    def _tell(self, number: int, **told: object) -> None:
        (self.folder / f"{number}.json").write_text(json.dumps(told), "utf-8")
