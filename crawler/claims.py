"""A crawl that lost its claim on its sites ends: another process may be at them by now."""

from __future__ import annotations

import os
import signal
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import AsyncioLoopingCall

from storage.errors import StorageError

LOOKS_EVERY = 5.0
"""Seconds. With what the connection waits for a silent server it is less than the server waits for a silent client
(``storage.sql.engine``): whoever was cut off has ended before another may have its sites."""


class ClaimWatch:
    """Asks again and again whether the spider's claims hold, where it has an archive."""

    def __init__(self, crawler: Crawler) -> None:
        self._look: AsyncioLoopingCall | None = None
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For every crawl."""
        return cls(crawler)

    def _opened(self, spider: Spider) -> None:
        if hasattr(spider, "archive"):
            self._look = AsyncioLoopingCall(self._check, spider)
            self._look.start(LOOKS_EVERY, now=False)

    def _closed(self) -> None:
        if self._look is not None and self._look.running:
            self._look.stop()

    def _check(self, spider: Any) -> None:
        try:
            spider.archive.running.check_claims()
        except StorageError as error:
            self._closed()
            spider.fault = spider.fault or str(error)
            # As its launcher would stop it: nothing more is asked, and what does not answer is not waited for.
            os.kill(os.getpid(), signal.SIGTERM)
