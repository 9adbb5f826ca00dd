"""Manners that Scrapy lacks: waiting before a retry, staying on the site, ending with the parent and when asked to."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import random
import time
import zlib
from collections import Counter
from collections.abc import Iterable
from http.cookiejar import Cookie
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured, ResponseDataLossError
from scrapy.http import Response
from scrapy.http.cookies import CookieJar
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings
from scrapy.utils.asyncio import AsyncioLoopingCall

from crawler.addresses import is_loopback
from crawler.parentage import end_with_parent
from crawler.sites import Site

FIRST_WAIT = 2.0
LONGEST_WAIT = 15.0
LOOPBACK_WAIT = 0.05
TOO_MANY = 429
FAILURES = 8
STOP_PATIENCE = 2.0
"""Seconds that a crawl which is asked to stop still gives the answers on their way; its launcher is more patient."""


MOST_LOOKS = 20
"""Pages led away that one crawl follows for one site: where all of it leads away, a sample tells."""


class OffSite(IgnoreRequest):
    """A request, most often a redirect, that would leave the site that is being crawled."""


def may_look(site: Site, url: str) -> bool:
    """Whether a page of a site that leads to ``url`` may be followed there: a public address, nobody's own house."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or is_loopback(url) or "." not in (parts.hostname or ""):
        return is_loopback(url) and is_loopback(site.columns[0])
    try:
        return ipaddress.ip_address(parts.hostname or "").is_global
    except ValueError:
        return True


def retry_wait(url: str, attempt: int, retry_after: str | None, chance: float) -> float | None:
    """Seconds to wait before a retry: doubling from two, jittered by ``chance`` in 0..1, or what the server asks for.

    ``None`` where the server's ``Retry-After`` asks for more than ``LONGEST_WAIT`` (or for a date): a crawl does not
    hang about at a closed door, the page's next visit comes late enough.
    """
    if retry_after and retry_after.strip():
        asked = float(retry_after) if retry_after.strip().isdecimal() else LONGEST_WAIT + 1
        return asked if asked <= LONGEST_WAIT else None
    if is_loopback(url):
        return LOOPBACK_WAIT
    return float(min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT)) * (0.5 + chance)


class HostRests(IgnoreRequest):
    """A request that was not made, since its host asked for rest or fails again and again; its page stays due."""


class BackoffRetryMiddleware(RetryMiddleware):
    """Scrapy's retries, but not at once; and a host in trouble is left alone for the rest of the crawl.

    In trouble is one that answers 429 and asks for more time than a crawl has, and one that fails ``FAILURES`` times in
    a row, whichever pages it is asked for.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._failures: Counter[str] = Counter()
        self._resting: dict[str, str] = {}

    def process_request(self, request: Request) -> None:
        """Raises HostRests for a host that is left alone."""
        why = self._resting.get(urlsplit(request.url).netloc)
        if why is not None and "errand" in request.meta:
            raise OffSite(why) if request.meta.get("dont_retry") else HostRests(why)

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        again = super().process_response(request, response)
        self._count(request, f"answers {response.status}" if response.status in self.retry_http_codes else None)
        if not isinstance(again, Request):
            return again
        asked = response.headers.get("Retry-After")
        if await self._waited(again, asked.decode("latin-1") if asked else None):
            return again
        if response.status == TOO_MANY:
            self._resting[urlsplit(request.url).netloc] = "asks for rest (429)"
        return response

    async def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        again = super().process_exception(request, exception)
        if isinstance(exception, self.exceptions_to_retry):
            self._count(request, f"fails ({type(exception).__name__})")
        if isinstance(again, Request):
            await self._waited(again, None)
        return again

    def _count(self, request: Request, failed: str | None) -> None:
        """Count a host's failures in a row; not those of a stranger that a page led to."""
        if request.meta.get("dont_retry"):
            return
        host = urlsplit(request.url).netloc
        self._failures[host] = self._failures[host] + 1 if failed else 0
        if failed and self._failures[host] >= FAILURES:
            self._resting.setdefault(host, f"{failed} again and again")

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
    """No request leaves the site it is made for, also not by a redirect, but for a look at where a known page leads.

    Hijackers lead a city's articles to their own pages, and what these show is the evidence. It is one look, as the
    stranger's robots.txt allows, without a second try.
    """

    def __init__(self) -> None:
        self._looks: Counter[str] = Counter()

    def process_request(self, request: Request) -> None:
        """Raises OffSite for an address that its site does not own."""
        site = request.meta.get("site")
        if isinstance(site, Site) and not site.owns(request.url):
            if not self._looks_on(request, site):
                raise OffSite(f"leads off the site: {request.url}")
            # What a stranger's server does is no trouble of the site's.
            request.meta["dont_retry"] = True
        if request.meta.get("redirect_times"):
            # What was known of the page asked for says nothing of the one it leads to: an old error page would answer
            # 304, and a withdrawal would look like an unchanged article.
            for name in ("If-None-Match", "If-Modified-Since"):
                request.headers.pop(name, None)

    def _looks_on(self, request: Request, site: Site) -> bool:
        if not (request.meta.get("known") and request.meta.get("redirect_times") and may_look(site, request.url)):
            return False
        # One that leads on and on is one look: Scrapy counts its steps.
        first = not request.meta.get("dont_retry")
        self._looks[site.key] += first
        return not first or self._looks[site.key] <= MOST_LOOKS


class SiteCookiesMiddleware(CookiesMiddleware):
    """Scrapy's cookies, in a jar a site (a host, where a request is made for no site).

    Scrapy's one jar gives a cookie to every port of a host and every site under a domain; against the worst of it it
    looks domains up in the list of public suffixes, which it downloads from a third party in the middle of a crawl. A
    jar that only meets its own site's hosts needs no such list.
    """

    def process_request(self, request: Request) -> Request | Response | None:  # type: ignore[override]
        """Put the request's own jar on it, and that jar's cookies."""
        site = request.meta.get("site")
        request.meta.setdefault("cookiejar", site.key if isinstance(site, Site) else urlsplit(request.url).netloc)
        return super().process_request(request)

    def _process_cookies(self, cookies: Iterable[Cookie], *, jar: CookieJar, request: Request) -> None:
        for cookie in cookies:
            jar.set_cookie_if_ok(cookie, request)


class WholeBodyMiddleware:
    """A gzip stream that breaks off is no answer: Scrapy would hand on the half of the page that it could unpack."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Raises ResponseDataLossError for a gzip body without its end."""
        packed = (response.headers.get("Content-Encoding") or b"").strip().lower() in (b"gzip", b"x-gzip")
        if packed and response.body and not _unpacks(response.body, int(request.meta.get("download_maxsize", 0))):
            raise ResponseDataLossError("the compressed answer broke off")
        return response


def _unpacks(packed: bytes, most: int) -> bool:
    """Whether a gzip stream reaches its end, or grows over ``most`` bytes (0: any), which is another's to refuse.

    A wrong checksum behind a whole stream is let pass, as browsers do.
    """
    stream, done = zlib.decompressobj(wbits=31), 0
    try:
        while packed and not stream.eof and (not most or done <= most):
            done += len(stream.decompress(packed, 1 << 18))
            packed = stream.unconsumed_tail
        return stream.eof or bool(most and done > most)
    except zlib.error as error:
        return "incorrect" in str(error)


class ParentWatch:
    """Ends a crawl whose launcher is gone, so that no orphan goes on asking a site.

    The kernel does it at once on Linux; elsewhere a look every second does.
    """

    def __init__(self, crawler: Crawler, parent: int) -> None:
        self._crawler = crawler
        self._parent = parent
        self._look: AsyncioLoopingCall | None = None
        end_with_parent()
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


class PromptStop:
    """Ends a crawl that was asked to stop and still waits for a server: closes its books, and goes.

    Scrapy's own graceful stop waits for every request that is on its way or queued behind a delay, and for its retries:
    minutes where a server does not answer.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._asked_at: float | None = None
        self._look: AsyncioLoopingCall | None = None
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For every crawl."""
        return cls(crawler)

    def _opened(self) -> None:
        self._look = AsyncioLoopingCall(self._check)
        self._look.start(0.25, now=False)

    def _closed(self) -> None:
        if self._look is not None and self._look.running:
            self._look.stop()

    def _check(self) -> None:
        if self._crawler.crawling:
            return
        self._asked_at = self._asked_at or time.monotonic()
        if time.monotonic() - self._asked_at >= STOP_PATIENCE:
            spider = self._crawler.spider
            self._crawler.signals.send_catch_log(signal=signals.spider_closed, spider=spider, reason="shutdown")
            logging.shutdown()
            os._exit(0)
