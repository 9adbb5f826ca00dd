"""Who reads what came: ordinary pages are read where they arrive, long ones beside the reactor, in a thread.

What was read goes to the archive at once, or as soon as no other process writes there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from scrapy.http import Request, Response

from crawler.errand import Errand
from crawler.pipeline import came
from crawler.spiders.turn import Turn
from storage.records import Visit

LONG = 150_000
"""Bytes from which a page is long to read."""
MANY_TAGS = 3_000
"""Tags from which it is. Of 183 pages of the field the longest with fewer of both took 25 ms; pages of tables in tables
or of thousands of links take tenths of seconds, and no other site is answered for so long."""

Read = tuple[Errand, Visit, str | None]
"""What a response came to: see ``crawler.pipeline.came``."""
GoOn = Callable[[Errand, Visit, str | None], Iterator[Request]]


def is_long(body: bytes) -> bool:
    """Whether a page may take long to read, as far as its size and its tags tell."""
    return len(body) >= LONG or (len(body) >= MANY_TAGS and body.count(b"<") >= MANY_TAGS)


class Desk:
    """Reads pages for a crawl. What is long is read by one thread, one page after the other.

    Python runs one thread at a time, and hands over every few milliseconds: the reactor answers in between. A second
    thread would only hand over more often. Nothing but reading is done there: the archive is the reactor's own.
    """

    def __init__(self, turn: Turn) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")
        self._turn = turn

    def take(
        self, response: Response, errand: Errand, go_on: GoOn
    ) -> Iterator[Request] | Coroutine[Any, Any, Iterator[Request]]:
        """Read what came, and go on with it. A coroutine where that is done beside the reactor, or has to wait."""
        held = (part.body or b"" for part in errand.parts if part.article is None)
        if is_long(response.body) or any(map(is_long, held)):
            return self._beside(response, errand, go_on)
        read = came(response, errand)
        return go_on(*read) if self._may_go_on(read) else self._in_turn(read, go_on)

    async def _beside(self, response: Response, errand: Errand, go_on: GoOn) -> Iterator[Request]:
        read = await asyncio.get_running_loop().run_in_executor(self._thread, came, response, errand)
        return go_on(*read) if self._may_go_on(read) else await self._in_turn(read, go_on)

    def _may_go_on(self, read: Read) -> bool:
        _, visit, further = read
        # What was not read is not written by itself, and of an article's pages only the whole is.
        return visit.article is None or further is not None or self._turn.is_mine()

    async def _in_turn(self, read: Read, go_on: GoOn) -> Iterator[Request]:
        await self._turn.come()
        # Written here and now: Scrapy would come back for it when the turn may be over.
        return iter(list(go_on(*read)))

    def close(self) -> None:
        """Let the thread end: at the end of a crawl it has nothing to read."""
        self._thread.shutdown(wait=False)
