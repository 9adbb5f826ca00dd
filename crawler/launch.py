"""Crawls in child processes: a hang, a crash or a leak of one ends with it.

Sites are dealt out to as many children as there are cores, not one each: a child asks many sites at once, and each
has memory of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crawler.hands import Hand, Nursery, begin

Listen = Callable[[dict[str, object]], None]
"""Called for every event that a child reports: visit, busy, closed."""

SITES_WORTH_A_CHILD = 4


@dataclass(frozen=True, slots=True)
class Order:
    """What a launched crawl is to do; the words are those of ``MunicipalSpider``."""

    home: Path
    sites: tuple[str, ...]
    recheck: str = "due"
    columns: str = "all"
    by_hand: bool = True
    catalogue: Path | None = None
    hosts: Mapping[str, str] = field(default_factory=dict)
    """Which host each site stands on; a site not named here stands on one of its own."""


def deal(sites: Sequence[str], hands: int, hosts: Mapping[str, str] | None = None) -> list[tuple[str, ...]]:
    """Deal sites out to at most ``hands`` children, each with enough of them to be worth its start.

    Sites of one host go to one child: two would ask it twice as often as either promises.
    """
    wanted = -(-len(sites) // SITES_WORTH_A_CHILD)
    dealt: list[list[str]] = [[] for _ in range(max(1, min(hands, wanted)))]
    together: dict[str, list[str]] = {}
    for site in sites:
        together.setdefault((hosts or {}).get(site, f"site {site}"), []).append(site)
    for group in together.values():
        min(dealt, key=len).extend(group)
    return [tuple(hand) for hand in dealt if hand]


async def launch(
    order: Order, listen: Listen, *, hands: int | None = None, nursery: Nursery | None = None
) -> list[str]:
    """Crawl, and return what went wrong, a line each.

    Cancelled, or with an error out of ``listen``, it stops all children cleanly and waits for them. Who launches again
    and again lends its ``nursery``; else there is one for this launch, if more than one child is to be begun.
    """
    batches = deal(order.sites, hands or cores(), order.hosts)
    if nursery is None and len(batches) > 1:
        async with Nursery(environment()) as own:
            return await _all(order, batches, listen, own)
    return await _all(order, batches, listen, nursery)


async def _all(order: Order, batches: Sequence[tuple[str, ...]], listen: Listen, nursery: Nursery | None) -> list[str]:
    children = [asyncio.ensure_future(_child(order, batch, listen, nursery)) for batch in batches]
    try:
        faults = await asyncio.gather(*children)
    except BaseException:
        # gather lets go at the first child that ends; the others are still being stopped.
        for child in children:
            child.cancel()
        await asyncio.gather(*children, return_exceptions=True)
        raise
    return [fault for fault in faults if fault]


def cores() -> int:
    """Cores that this process may use: where it is held to some, as in a container, not all that the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


async def _child(order: Order, sites: tuple[str, ...], listen: Listen, nursery: Nursery | None) -> str | None:
    log = order.home / "logs" / "crawl.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    if nursery is None:
        hand: Hand = await begin(_command(order, sites), environment(), log)
    else:
        hand = await nursery.fork(_given(order, sites), log)
    try:
        closed = await _listen_to(hand.stdout, listen)
        code = await hand.wait()
    except BaseException:
        await _stop(hand)
        raise
    if closed is None:
        return f"the crawl of {', '.join(sites)} was cut off (exit {code}); see {log}"
    fault = closed.get("fault")
    return str(fault) if fault else None


def _given(order: Order, sites: tuple[str, ...]) -> list[str]:
    arguments = {
        "site": ",".join(sites),
        "home": str(order.home),
        "recheck": order.recheck,
        "columns": order.columns,
        "by_hand": str(int(order.by_hand)),
    }
    if order.catalogue is not None:
        arguments["catalogue"] = str(order.catalogue)
    return [f"{name}={value}" for name, value in arguments.items()]


def _command(order: Order, sites: tuple[str, ...]) -> list[str]:
    # -P keeps the current folder out of the import path: a home may hold a folder named storage.
    return [sys.executable, "-P", "-m", "crawler.child", "municipal", *_given(order, sites)]


def environment() -> dict[str, str]:
    """What a crawl of this process's finds in its environment."""
    return os.environ | {
        "SCRAPY_SETTINGS_MODULE": "crawler.settings",
        "SHIXUN_PARENT": str(os.getpid()),
        "SHIXUN_REPORT": "1",
    }


async def _listen_to(events: asyncio.StreamReader, listen: Listen) -> dict[str, object] | None:
    """Pass a child's events on; the last one, ``closed``, is returned, ``None`` where it never came."""
    closed = None
    async for line in events:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if event.get("event") == "closed":
            closed = event
        listen(event)
    return closed


async def _stop(hand: Hand, patience: float = 10.0) -> None:
    """Ask a child to stop, which finishes what it is reading; kill it when it does not."""
    if hand.returncode is not None:
        return
    hand.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(hand.wait(), patience)
    except TimeoutError:
        hand.send_signal(signal.SIGKILL)
        await hand.wait()
