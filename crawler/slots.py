"""How gently each host is asked, in the words of Scrapy's downloader."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

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
