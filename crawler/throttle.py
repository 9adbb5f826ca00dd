"""How fast a host is asked: Scrapy's downloader and throttle, mended where they ask two at once or misjudge a host."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.utils.asyncio import AsyncioLoopingCall
from twisted.internet.defer import Deferred

from crawler.attachments import NOT_MODIFIED

BEAT = 0.05
"""Seconds between two beats; where one comes later, this process did something else for so long."""
REMEMBERED = 64
"""Stalls that are remembered; a request that waits longer than these took is a slow host's."""


class OneAtATime(Downloader):
    """Scrapy's downloader, with the limit of requests to a host that are on their way at once held without a delay too.

    Scrapy 2.19 counts a request among them when its task begins to run, which on asyncio is one turn of the loop after
    it was handed out: where no delay stops it, all that waits for the host goes out in that turn, limit or none.
    """

    def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> Coroutine[Any, Any, None]:
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)


@dataclass(slots=True)
class Stalls:
    """When this process last did not listen to the network, and how long. All times on one monotonic clock, seconds."""

    beat_at: float
    past: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def beat(self, now: float) -> None:
        """The process listens: what is missing since the last beat was a stall."""
        late = now - self.beat_at - BEAT
        if late > BEAT:
            self.past.append((now, late))
        self.beat_at = now

    def longest(self, now: float, latency: float) -> float:
        """The longest stall that ended within ``latency`` seconds before ``now``, one that lasts still included.

        An answer that came during a stall was seen at its end: so much of the latency may be ours. No more than one
        stall is: at the end of the one before it had not come yet.
        """
        since = now - latency
        lasting = now - self.beat_at - BEAT
        return max([0.0, lasting, *(late for ended, late in self.past if ended > since)])


class SiteThrottle(AutoThrottle):
    """Scrapy's throttle with a site's own delay for its floor: it slows down for a slow host, never below the floor.

    The delay counts from the last answer. Scrapy counts from its own decision to ask, and carries that out late where
    another page is just being read: two requests then meet the host close together. How long a host took is counted
    without our own stalls, and an answer of 304 is as good a measure as a page: Scrapy lets only a 200 shorten the
    delay again, so that a site where nothing changed was asked at the pace of its slowest answer till the end.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._stalls = Stalls(time.monotonic())
        self._heart: AsyncioLoopingCall | None = None
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    def _opened(self) -> None:
        self._heart = AsyncioLoopingCall(lambda: self._stalls.beat(time.monotonic()))
        self._heart.start(BEAT, now=True)

    def _closed(self) -> None:
        if self._heart is not None:
            self._heart.stop()

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        _, slot = self._get_slot(request, spider)
        if slot is not None and self.mindelay:
            slot.lastseen = time.monotonic()

    def _get_slot(self, request: Request, spider: Spider) -> tuple[str | None, Slot | None]:
        key, slot = super()._get_slot(request, spider)
        own = self.crawler.settings.getdict("DOWNLOAD_SLOTS").get(key, {})
        self.mindelay = float(own.get("delay", self._min_delay()))
        return key, slot

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        theirs = max(0.0, latency - self._stalls.longest(time.monotonic(), latency))
        answered = response.replace(status=200) if response.status == NOT_MODIFIED else response
        super()._adjust_delay(slot, theirs, answered)
