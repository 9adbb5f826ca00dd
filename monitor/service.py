"""The service: ask what is due, crawl it, compare, and write the digest at its hour.

APScheduler keeps the clock; what is due stands in the archive. Whatever was cut off, however it was cut off, is due at
the next tick: a visit that was not kept did not happen, a visit that was kept is compared once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from crawler.agent import program_version
from crawler.faults import fault
from crawler.hands import Nursery
from crawler.launch import Listen, Order, deal, environment, launch
from crawler.locks import ServiceBusy, service_lock
from crawler.sites import Catalogue, Rereading
from crawler.yamlfile import ConfigError
from monitor.clockwork import CHINA_ZONE, clockwork
from monitor.compare.drain import Drain
from monitor.config import Settings, load_settings
from monitor.deliver.dispatch import Dispatcher
from monitor.deliver.posting import post_alerts, post_morning, unposted
from monitor.digest.edition import edition, is_published, publish, write_whole
from monitor.jobs import open_posting
from monitor.metrics.pulse import Pulse
from monitor.once import Once
from monitor.terms import usable_terms
from storage.archive import Archive
from storage.errors import StorageError
from storage.records import CHINA, Change, china_day
from storage.sql import open_archive

if TYPE_CHECKING:
    from monitor.jobs.posting import Posting

log = logging.getLogger(__name__)

LATE_DIGEST = timedelta(hours=12)
"""A digest whose hour was missed (a machine asleep) is still written within this time."""

DELIVERS_EVERY, DELIVERS_OFTENEST = 15, 2
"""Seconds between two looks at the outbox, fewer where the service ticks faster: so soon an alert is on its way."""
CATCHES_UP_EVERY = 600
"""Seconds between two looks whether yesterday's digest was written and posted."""
SITES_AT_ONCE = 20
"""Sites handed to one launch; the rest of a long queue waits for a free place."""


def ignore(_event: object) -> None:
    """The listener of a service that nobody watches."""


class Pages(Protocol):
    """The archive's web pages while they are served."""

    async def stop(self) -> None:
        """Finish the answers on their way and close."""
        ...


def no_pages(_service: Service) -> Pages | None:
    """What a service without web pages serves."""
    return None


class Service:
    """A running service. ``on_event`` hears crawl events, ``on_change`` every change as it is told.

    ``open_pages`` is called once the archive is open, in the loop; it may raise ConfigError. ``launcher`` crawls
    in the place of child processes, and returns what went wrong, a line each.
    """

    def __init__(
        self,
        home: Path,
        *,
        on_event: Listen = ignore,
        on_change: Callable[[Change], None] = ignore,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        open_pages: Callable[[Service], Pages | None] = no_pages,
        launcher: Callable[[Order, Listen], Awaitable[list[str]]] | None = None,
    ) -> None:
        self.home, self._nursery = home, Nursery(environment())
        self._launch = launcher or partial(launch, hands=1, nursery=self._nursery)
        self._on_event, self._on_change, self._clock, self._open_pages = on_event, on_change, clock, open_pages
        self._lock = service_lock(home)
        self._crawling: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticking, self._comparing, self._publishing = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()
        self._stopping, self._stop = threading.Event(), asyncio.Event()
        self._enlisted: dict[str, tuple[str, ...]] = {}
        self._enlisted_at = datetime.min.replace(tzinfo=UTC)
        self._scheduler = AsyncIOScheduler(timezone=CHINA_ZONE)
        self._fault: str | None = None
        self._once, self._delivery, self.pulse = Once(log), Once(log), Pulse()
        self._posting: Posting | None = None
        self._file = Rereading(home)
        self.archive: Archive
        self.catalogue: Catalogue
        self.settings: Settings

    async def run(self) -> None:
        """Work until ``stop`` or a signal. Raises ServiceBusy, ConfigError or StorageError before it begins."""
        self.catalogue = self._file.catalogue()
        self.settings = load_settings(self.catalogue)
        if not self._lock.acquire():
            raise ServiceBusy(fault("service-busy", self._lock.holder(), self.home))
        try:
            self.archive = open_archive(self.catalogue.database)
            try:
                place = (self.archive, self._clock, self._on_event, self._on_change, self.pulse)
                self._posting = await open_posting(self.home, self.catalogue.database, *place)
                await self._work()
            finally:
                self.archive.close()
        finally:
            self._lock.release()

    async def _work(self) -> None:
        scheduler, loop = self._scheduler, asyncio.get_running_loop()
        once = {"coalesce": True, "max_instances": 1}
        late = int(LATE_DIGEST.total_seconds())
        tick, morning = clockwork(self.settings)
        # However late it comes, a tick is worth having.
        scheduler.add_job(self.tick, tick, id="tick", next_run_time=datetime.now(UTC), misfire_grace_time=None, **once)
        scheduler.add_job(self.morning, morning, id="morning", misfire_grace_time=late, **once)
        dispatcher = self._begin_delivery()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        scheduler.start()
        pages = None
        log.info("市讯 %s 正在看守 %d 个站点;Ctrl-C 结束", program_version(), len(self.catalogue.sites))
        try:
            pages = self._open_pages(self)
            await self._stop.wait()
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)
            # In this order: no new work, then the crawls, then the scheduler, which would cancel what it runs.
            scheduler.pause()
            await self._end_tasks()
            await asyncio.to_thread(dispatcher.stop)
            if pages is not None:
                await pages.stop()
            scheduler.shutdown(wait=False)

    def _begin_delivery(self) -> Dispatcher:
        """Have the outbox looked after. Raises StorageError."""
        # What is urgent is posted from here on; what was told before anybody listened is in the digest.
        post_alerts(self.archive, self.settings, self._clock())
        dispatcher = Dispatcher(self.archive, self.home, lambda: self.settings, self._clock)
        pause = min(DELIVERS_EVERY, max(DELIVERS_OFTENEST, self.settings.service.tick.total_seconds()))
        often = IntervalTrigger(seconds=pause, timezone=CHINA_ZONE)
        owed = IntervalTrigger(seconds=CATCHES_UP_EVERY, timezone=CHINA_ZONE)
        at_once = {"next_run_time": datetime.now(UTC), "misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler.add_job(self.catch_up, owed, id="owed", **at_once)
        self._scheduler.add_job(self.deliver, often, (dispatcher,), id="deliver", **at_once)
        return dispatcher

    def stop(self) -> None:
        """Ask the service to end: running crawls finish the page they are at, the comparison the page it is at."""
        self._stopping.set()
        self._stop.set()

    @property
    def is_crawling(self) -> bool:
        """Whether a crawl is on its way, or what it brought is still being compared."""
        return bool(self._tasks)

    async def _end_tasks(self) -> None:
        if self._posting:
            # A tick that began before may yet have its worker begin.
            async with self._ticking:
                await self._posting.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._nursery.close()
        async with self._comparing:
            pass

    async def tick(self) -> None:
        """Compare what waits, and begin crawls of what is due. Never raises: a service outlives its troubles."""
        self.pulse.beat(self.settings.service.tick)
        async with self._ticking:
            try:
                self._reload()
                self._enlist()
                await self.compare()
                if self._posting is None:
                    self._begin_crawls()
                elif not self._stopping.is_set():
                    await self._posting.begin(self.catalogue, self.settings.service.crawls)
                self._once.well("the archive can be used again")
            except StorageError as error:
                self._once.trouble(str(error))

    def _reload(self) -> None:
        """Read ``sites.yaml`` again, so that a site can be added while the service runs.

        A broken one is told once, and the last good one holds until it is right again.
        """
        try:
            catalogue = self._file.catalogue()
            settings = load_settings(catalogue)
        except ConfigError as error:
            if self._fault != str(error):
                log.error("%s; what it said before still holds", error)
            self._fault = str(error)
            return
        if self._fault is not None:
            log.info("sites.yaml is right again")
        self._fault = None
        if settings != self.settings:
            for job, trigger in zip(("tick", "morning"), clockwork(settings), strict=True):
                self._scheduler.reschedule_job(job, trigger=trigger)
        self.catalogue, self.settings = catalogue, settings

    def _enlist(self) -> None:
        now = self._clock()
        if now < self._enlisted_at:
            # The clock was put back: what was visited meanwhile must not wait until it comes there again.
            self._enlisted = {}
        self._enlisted_at = now
        columns = {key: site.columns for key, site in self.catalogue.sites.items()}
        if columns == self._enlisted:
            return
        self.archive.running.announce({key: site.name for key, site in self.catalogue.sites.items()})
        changed = {key: addresses for key, addresses in columns.items() if self._enlisted.get(key) != addresses}
        for key in self.archive.running.unlisted(changed, now):
            self.archive.crawling.enlist_columns(key, changed[key], now)
        self._enlisted = columns

    def _begin_crawls(self) -> None:
        free = self.settings.service.crawls - len(self._tasks)
        if free <= 0 or self._stopping.is_set():
            return
        due = self.archive.running.due_sites(self._clock())
        hosts = {key: site.host for key, site in self.catalogue.sites.items()}
        asked = {hosts.get(key) for key in self._crawling}
        waiting = [key for key in due if key in hosts and hosts[key] not in asked]
        for batch in deal(waiting[: free * SITES_AT_ONCE], free, hosts):
            self._crawling.update(batch)
            task = asyncio.create_task(self._crawl(batch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _crawl(self, sites: Sequence[str]) -> None:
        # A crawl reads what this service has checked, not a file that is just being edited.
        copy = self.home / ".locks" / f"sites-{sites[0]}.yaml"
        try:
            copy.parent.mkdir(exist_ok=True)
            write_whole(copy, self.catalogue.excerpt(sites))
            order = Order(self.home, tuple(sites), recheck="due", columns="due", by_hand=False, catalogue=copy)
            for fault in await self.pulse.during("crawl", self._launch(order, self._on_event), len(sites)):
                log.error("%s", fault)
            await self.compare()
        except (StorageError, OSError) as error:
            log.error("the crawl of %s: %s", ", ".join(sites), error)
        finally:
            self._crawling.difference_update(sites)
            copy.unlink(missing_ok=True)

    async def compare(self) -> None:
        """Drain what has not been compared, off the loop, one drain at a time. Raises StorageError.

        Cancelled, the drain still ends by itself, at the visit it is at, and tells what it wrote.
        """
        await asyncio.shield(self._drain())

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        drain = Drain(self.archive, self.catalogue.sites, self._clock, stop=self.pulse.beating(self._stopping.is_set))

        def tell_each() -> None:
            with self.archive.running.turn("compare") as mine:
                for change in drain.changes() if mine else ():
                    loop.call_soon_threadsafe(self._on_change, change)

        async with self._comparing:
            await asyncio.to_thread(self.pulse.timed("compare")(tell_each))

    async def morning(self) -> None:
        """Write yesterday's digest."""
        await self._publish(china_day(self._clock()) - timedelta(days=1), over=True)

    async def catch_up(self) -> None:
        """Write and post yesterday's digest, and those of the days before, where that was missed, whatever the reason;
        what is done is left alone."""
        now = self._clock().astimezone(CHINA)
        yesterday = now.date() - timedelta(days=1)
        if now.time() < self.settings.digest.at:
            return
        try:
            if is_published(self.home / "out", yesterday):
                if await asyncio.to_thread(unposted, self.archive, yesterday, now):
                    await self._post(yesterday)
                return
            watched = await asyncio.to_thread(self.archive.running.health, yesterday, now)
        except StorageError as error:
            self._once.trouble(str(error))
            return
        # A service that is new here has nothing to say of the day before.
        if any(site.visits or site.last_success_at for site in watched):
            await self._publish(yesterday, over=False)

    async def _publish(self, day: date, *, over: bool) -> None:
        async with self._publishing:
            with contextlib.suppress(StorageError):
                await self.compare()
            try:
                owed = await asyncio.to_thread(unposted, self.archive, day, self._clock())
                for each in [*(one for one in owed if one < day), day]:
                    paths = await asyncio.to_thread(self.write_digest, each, over=over and each == day)
                    log.info("the digest of %s: %s", each, paths[0])
            except (StorageError, OSError) as error:
                log.error("the digest of %s could not be written: %s", day, error)
            # Also where it could not be written: whoever reads it by mail need not know that a disk is full.
            await self._post(day)

    async def _post(self, day: date) -> None:
        try:
            posted = await asyncio.to_thread(post_morning, self.archive, self.settings, day, self._clock())
        except StorageError as error:
            log.error("the digest of %s could not be posted: %s", day, error)
        else:
            log.info("the digest of %s: %d letters", day, posted)

    async def deliver(self, dispatcher: Dispatcher) -> None:
        """Post what is urgent, and begin to send what is due. Never raises."""
        try:
            await asyncio.to_thread(post_alerts, self.archive, self.settings, self._clock())
            await asyncio.to_thread(dispatcher.tick)
        except StorageError as error:
            self._delivery.trouble(f"delivery: {error}")
        else:
            self._delivery.well("delivery goes on")

    def write_digest(self, day: date, *, over: bool = True) -> list[Path]:
        """Write the digest of a China day into ``out/``; with ``over`` off only what is not there yet."""
        digest = self.pulse.timed("digest")(edition)(self.archive, day, self._clock(), terms=usable_terms(self.home))
        return publish(digest, self.home / "out", self.settings.digest.lang, over=over)
