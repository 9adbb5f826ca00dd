"""How gently each host is asked, in the words of Scrapy's downloader, and that it is kept to."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.http import Response
from twisted.internet.defer import Deferred

from crawler.addresses import is_loopback
from crawler.sites import Site


def slots_of(sites: Sequence[Site], polite: float) -> dict[str, dict[str, float]]:
    """Scrapy's slots for every host of some sites: one request at a time, and seconds between two.

    Of two sites on one host the slower pace holds; a site without a delay of its own takes the ``polite`` one.
    """
    slots: dict[str, dict[str, float]] = {}
    for site in sites:
        delay = site.delay if site.delay is not None else 0.0 if is_loopback(site.columns[0]) else polite
        hosts = [urlsplit(address).hostname or "" for address in (*site.columns, *(f"//{host}" for host in site.hosts))]
        for bare in {host.removeprefix("www.") for host in hosts}:
            for host in (bare, f"www.{bare}"):
                slower = max(delay, slots.get(host, {}).get("delay", 0.0))
                slots[host] = {"concurrency": 1, "delay": slower}
    return slots


class PromptDownloader(Downloader):
    """Counts a request as on its way from the moment that it is sent off.

    Scrapy 2.19 counts it when the task that sends it has begun: where no delay stands between two requests it has taken
    all that wait for a host out of the queue by then, however few may be on their way at once.
    """

    def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> Coroutine[Any, Any, None]:
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)
