"""Manners that Scrapy lacks: waiting before a retry, staying on the site, ending with the parent."""

from __future__ import annotations

import asyncio
import ctypes
import os
import random
import signal
import sys
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.asyncio import AsyncioLoopingCall

from crawler.addresses import is_loopback
from crawler.sites import Site

FIRST_WAIT = 2.0
LONGEST_WAIT = 15.0
LOOPBACK_WAIT = 0.05
PR_SET_PDEATHSIG = 1


class OffSite(IgnoreRequest):
    """A request, most often a redirect, that would leave the site that is being crawled."""


def retry_wait(url: str, attempt: int, retry_after: str | None, chance: float) -> float | None:
    """Seconds to wait before a retry: doubling from two, jittered by ``chance`` in 0..1, or what the server asks for.

    ``None`` where the server's ``Retry-After`` asks for more than ``LONGEST_WAIT`` (or for a date): a crawl does not
    hang about at a closed door, the page's next visit comes late enough.
    """
    if retry_after and retry_after.strip():
        asked = float(retry_after) if retry_after.strip().isdigit() else LONGEST_WAIT + 1
        return asked if asked <= LONGEST_WAIT else None
    if is_loopback(url):
        return LOOPBACK_WAIT
    return float(min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT)) * (0.5 + chance)


class BackoffRetryMiddleware(RetryMiddleware):
    """Scrapy's retries, but not at once: a host in trouble is given time."""

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        again = super().process_response(request, response)
        if isinstance(again, Request):
            asked = response.headers.get("Retry-After")
            return again if await self._waited(again, asked.decode("latin-1") if asked else None) else response
        return again

    async def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        again = super().process_exception(request, exception)
        if isinstance(again, Request):
            await self._waited(again, None)
        return again

    async def _waited(self, again: Request, retry_after: str | None) -> bool:
        seconds = retry_wait(again.url, int(again.meta["retry_times"]), retry_after, random.random())
        if seconds is None:
            return False
        await asyncio.sleep(seconds)
        return True


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's robots.txt, for every request.

    Scrapy 2.19 lets through what comes while robots.txt is on its way: the requests that wait share one Deferred, and
    awaiting it hands the parser to the first and ``None``, which allows everything, to the others. Here they share a
    task.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._asked: dict[str, asyncio.Task[RobotParser | None]] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of the request's host, asked for once a crawl."""
        host = urlsplit(request.url).netloc
        if host not in self._asked:
            self._asked[host] = asyncio.ensure_future(super().robot_parser(request))
        return await asyncio.shield(self._asked[host])


class OwnSiteMiddleware:
    """No request leaves the site it is made for, also not by a redirect."""

    def process_request(self, request: Request) -> None:
        """Raises OffSite for an address that its site does not own."""
        site = request.meta.get("site")
        if isinstance(site, Site) and not site.owns(request.url):
            raise OffSite(f"leads off the site: {request.url}")


class SiteThrottle(AutoThrottle):
    """Scrapy's throttle with a site's own delay for its floor: it slows down for a slow host, never below the floor."""

    def _get_slot(self, request: Request, spider: Spider) -> tuple[str | None, Slot | None]:
        key, slot = super()._get_slot(request, spider)
        own = self.crawler.settings.getdict("DOWNLOAD_SLOTS").get(key, {})
        self.mindelay = float(own.get("delay", self._min_delay()))
        return key, slot


class ParentWatch:
    """Ends a crawl whose launcher is gone, so that no orphan goes on asking a site.

    The kernel does it at once on Linux; elsewhere a look every second does.
    """

    def __init__(self, crawler: Crawler, parent: int) -> None:
        self._crawler = crawler
        self._parent = parent
        self._look: AsyncioLoopingCall | None = None
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Only for a crawl that a launcher started; one started by hand has no parent to watch."""
        parent = os.environ.get("SHIXUN_PARENT")
        if not parent:
            raise NotConfigured
        return cls(crawler, int(parent))

    def _opened(self) -> None:
        self._look = AsyncioLoopingCall(self._check)
        self._look.start(1.0, now=True)

    def _closed(self) -> None:
        if self._look is not None:
            self._look.stop()

    def _check(self) -> None:
        if os.getppid() != self._parent:
            os._exit(1)
