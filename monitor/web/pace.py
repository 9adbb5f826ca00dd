"""How often a client may ask: a bucket of tokens each, filled at an even pace."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from threading import Lock

MOST_CLIENTS = 4096
"""Clients that are remembered; beyond that the one not seen for longest begins anew."""


class Pace:
    """At most ``per_minute`` requests a minute for each client, all of them at once if it likes.

    ``tick`` gives seconds that never go back.
    """

    def __init__(self, per_minute: int, tick: Callable[[], float]) -> None:
        self._most, self._tick = float(per_minute), tick
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def spent(self, client: str) -> float:
        """As ``wait``, and nothing is taken."""
        now, each = self._tick(), self._most / 60
        with self._lock:
            left, at = self._buckets.get(whose(client), (self._most, now))
        left = min(self._most, left + (now - at) * each)
        return 0.0 if left >= 1 else (1 - left) / each

    def wait(self, client: str) -> float:
        """0 where the client may go on, and one of its tokens is taken; else after how many seconds it may."""
        now, each = self._tick(), self._most / 60
        with self._lock:
            left, at = self._buckets.pop(whose(client), (self._most, now))
            left = min(self._most, left + (now - at) * each)
            allowed = left >= 1
            self._buckets[whose(client)] = (left - 1 if allowed else left, now)
            if len(self._buckets) > MOST_CLIENTS:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) / each


def whose(client: str) -> str:
    """Who an address counts as: of IPv6 the network, since one machine has 2^64 addresses."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if not isinstance(address, IPv6Address):
        return client
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else address.exploded[:19]
