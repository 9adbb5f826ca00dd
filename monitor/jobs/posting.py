"""The service's side of the queue: what is due is put there, and some of it done here."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from datetime import timedelta

from crawler.sites import Catalogue
from monitor.jobs.crew import catalogue_text
from monitor.jobs.post import Place, Post
from monitor.jobs.queue import Errand, Pace, Queue

log = logging.getLogger(__name__)

QUEUED_AT_MOST = 1000
"""Sites that wait or are being crawled; what is due beyond them waits for a later tick. Taking one from the queue costs
the more the longer it is."""

PUBLISHED_EVERY = timedelta(hours=1)
"""A catalogue that stays as it is is published again so often, or it would be forgotten."""


class Posting:
    """Puts sites into the queue, and keeps a worker of its own with so many children as ``begin`` is told."""

    def __init__(self, place: Place) -> None:
        self._place, self._pace = place, Pace.usual()
        self._published = ("", place.clock())
        self._post: Post | None = None
        self._working: asyncio.Task[None] | None = None
        self._crawls = 0
        self._last = ""

    async def prepare(self) -> None:
        """Make sure that there is a queue. Raises QueueLost or OtherQueue."""
        async with Queue(self._place.database, self._pace):
            pass

    async def begin(self, catalogue: Catalogue, crawls: int) -> None:
        """Put what is due and does not wait yet into the queue; with ``crawls`` take part in crawling it.

        Raises StorageError.
        """
        await self._attend(crawls)
        async with Queue(self._place.database, self._pace) as queue:
            if rescued := await queue.rescue():
                log.info("taken over from a worker that gives no sign of life: %s", ", ".join(sorted(rescued)))
            due = await self._due()
            queued = await queue.queued()
            # What another service had crawled in between is neither queued any more nor due.
            still = await self._due() if due else {}
            wanted = [site for site in due if site in catalogue.sites and site in still]
            if wanted:
                name = await self._publish(queue, catalogue)
                errands = [Errand(site, catalogue.sites[site].host, name) for site in wanted if site not in queued]
                # Those go first that did not fit in before.
                errands.sort(key=lambda errand: (errand.site <= self._last, errand.site))
                if errands := errands[: max(0, QUEUED_AT_MOST - len(queued))]:
                    await queue.put(errands)
                    self._last = errands[-1].site

    async def _due(self) -> Mapping[str, int]:
        return await asyncio.to_thread(self._place.archive.running.due_sites, self._place.clock())

    async def _publish(self, queue: Queue, catalogue: Catalogue) -> str:
        """Let workers read what is to be crawled, and do now and then what must be done now and then."""
        text, now = catalogue_text(catalogue), self._place.clock()
        name = hashlib.sha256(text.encode()).hexdigest()
        published, at = self._published
        if name != published or abs(now - at) > PUBLISHED_EVERY:
            await asyncio.to_thread(self._place.archive.running.publish_catalogue, name, text, now)
            await queue.forget()
            self._published = name, now
        return name

    async def _attend(self, crawls: int) -> None:
        """Have so many children crawl here; with 0 it is all left to other workers."""
        if crawls == self._crawls:
            return
        await self.stop()
        self._crawls = crawls
        if crawls:
            self._post = Post(self._place, crawls, pace=self._pace)
            self._working = asyncio.create_task(self._post.run())

    async def stop(self) -> None:
        """End the worker that works here: what is not done goes back into the queue."""
        if self._post is not None and self._working is not None:
            self._post.stop()
            await asyncio.gather(self._working, return_exceptions=True)
        self._post = self._working = None
        self._crawls = 0
