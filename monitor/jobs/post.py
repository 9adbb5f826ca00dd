"""A worker's life: it takes sites from the queue, tells that it is well, and comes back after the database was away."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from crawler.agent import program_version
from crawler.launch import Listen
from crawler.sites import Catalogue
from monitor.compare.drain import Drain
from monitor.jobs.crew import SITES_A_HAND, Crew
from monitor.jobs.queue import OtherQueue, Pace, Queue
from monitor.metrics.pulse import Pulse
from monitor.once import Once
from storage.archive import Archive
from storage.crew import Worker
from storage.errors import StorageError
from storage.records import Change

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds until a lost queue is looked for again; each time twice as long."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a worker works: its home, the archive, and who hears what it does."""

    home: Path
    database: str
    archive: Archive
    clock: Callable[[], datetime]
    listen: Listen
    on_change: Callable[[Change], None]
    pulse: Pulse = field(default_factory=Pulse)


class Post:
    """A worker with so many children at once. ``stop`` ends it: what is not done goes back into the queue."""

    def __init__(self, place: Place, crawls: int, name: str | None = None, pace: Pace | None = None) -> None:
        self._place, self._crawls, self._pace = place, crawls, pace or Pace.usual()
        host = socket.gethostname()
        began = place.clock()
        self._worker = Worker(
            id=f"{host[:40]}-{os.getpid()}-{secrets.token_hex(3)}",
            name=name or host,
            host=host,
            pid=os.getpid(),
            version=program_version(),
            started_at=began,
            seen_at=began,
            crawls=crawls,
        )
        self._once = Once(log)
        self._stop = asyncio.Event()

    @property
    def name(self) -> str:
        """By which it is known to whoever looks after the crew."""
        return self._worker.name

    def stop(self) -> None:
        """Ask it to end."""
        self._stop.set()

    async def run(self) -> None:
        """Work until ``stop``, however often the database goes away meanwhile."""
        log.info("市讯 %s 开始抓取,名为 %s,同时 %d 路;Ctrl-C 结束", self._worker.version, self.name, self._crawls)
        wait = FIRST_WAIT
        while not self._stop.is_set():
            try:
                async with Queue(self._place.database, self._pace) as queue:
                    self._once.well("the queue can be used again")
                    wait = FIRST_WAIT
                    await self._attend(queue)
            except (OtherQueue, StorageError) as error:
                self._once.trouble(str(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), wait)
            wait = min(2 * wait, LONGEST_WAIT)
        with contextlib.suppress(StorageError):
            await asyncio.to_thread(self._place.archive.running.dismiss, self._worker.id)

    async def _attend(self, queue: Queue) -> None:
        """Work at an open queue until ``stop``, or until it is lost."""
        place = self._place
        at = (place.home, place.database, place.archive)
        crew = Crew(*at, self._crawls, place.listen, self._compare, place.pulse, place.clock)
        beating = asyncio.create_task(self._beat(queue, crew))
        halting = asyncio.create_task(self._halt(crew))
        try:
            await queue.work(crew.crawl, self._crawls * SITES_A_HAND, self._stop)
        finally:
            for task in (beating, halting):
                task.cancel()
            await asyncio.gather(beating, halting, return_exceptions=True)
            await crew.halt()

    async def _halt(self, crew: Crew) -> None:
        await self._stop.wait()
        await asyncio.shield(crew.halt())

    async def _beat(self, queue: Queue, crew: Crew) -> None:
        """Tell that all is well, and put back what others had taken that are not."""
        while True:
            # Where the database is away the queue notices it by itself.
            with contextlib.suppress(StorageError):
                well = replace(self._worker, seen_at=self._place.clock(), doing=crew.doing)
                await asyncio.to_thread(self._place.archive.running.note_worker, well)
                if rescued := await queue.rescue():
                    log.info("taken over from a worker that gives no sign of life: %s", ", ".join(sorted(rescued)))
            await asyncio.sleep(self._pace.beat)

    async def _compare(self, catalogue: Catalogue) -> None:
        """Compare what was brought, unless another process is at it; it or the service's next tick finds it then."""
        loop, place = asyncio.get_running_loop(), self._place
        drain = Drain(place.archive, catalogue.sites, place.clock, stop=place.pulse.beating(self._stop.is_set))

        def tell_each() -> None:
            with place.archive.running.turn("compare") as mine:
                for change in drain.changes() if mine else ():
                    loop.call_soon_threadsafe(place.on_change, change)

        await asyncio.shield(asyncio.to_thread(place.pulse.timed("compare")(tell_each)))
