"""The hands of a worker: sites that were taken from the queue are crawled together by few child processes.

A child opens the archive and reads a catalogue; so each is given several sites, those that came within a moment.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.hands import Nursery
from crawler.launch import Listen, Order, environment, launch
from crawler.sites import Catalogue, load_catalogue
from crawler.yamlfile import ConfigError
from monitor.jobs.queue import Busy, CutOff, PutBack
from monitor.metrics.pulse import Pulse
from storage.archive import Archive
from storage.errors import StorageError

log = logging.getLogger(__name__)

SITES_A_HAND = 8
"""Sites that one child crawls: enough that its start is worth it, few enough that other machines find work too."""

GATHERS_FOR = 0.1
"""Seconds in which sites are gathered for one child."""


PARTS = ("contact", "defaults", "sites")


@dataclass(eq=False, slots=True)
class _Task:
    """A site that was taken on, and what becomes of it."""

    site: str
    catalogue: str
    done: asyncio.Future[None]


def catalogue_text(catalogue: Catalogue) -> str:
    """What a worker must know of a catalogue: nothing of mail, readers, tokens and the database. Also YAML."""
    parts = {name: catalogue.file.data[name] for name in PARTS if catalogue.file.data.get(name)}
    return json.dumps(_without_nothing(parts), ensure_ascii=False)


def _without_nothing(value: object) -> object:
    # Read as YAML, a null would be the word.
    if isinstance(value, dict):
        return {name: _without_nothing(part) for name, part in value.items() if part is not None}
    return [_without_nothing(part) for part in value] if isinstance(value, list) else value


class Crew:
    """At most ``crawls`` children at once. ``after`` is called when one has ended, with the catalogue it crawled by."""

    def __init__(
        self,
        home: Path,
        database: str,
        archive: Archive,
        crawls: int,
        listen: Listen,
        after: Callable[[Catalogue], Awaitable[None]],
        pulse: Pulse,
        clock: Callable[[], datetime],
    ) -> None:
        self._home, self._database, self._archive, self._clock = home, database, archive, clock
        self._crawls, self._listen, self._after, self._pulse = crawls, listen, after, pulse
        self._waiting: list[_Task] = []
        self._doing: dict[asyncio.Task[None], list[_Task]] = {}
        self._halted = False
        self._known: tuple[str, Catalogue] | None = None
        self._nursery = Nursery(environment())

    @property
    def doing(self) -> tuple[str, ...]:
        """The sites that were taken on and are not done."""
        begun = [task for tasks in self._doing.values() for task in tasks]
        return tuple(sorted({task.site for task in (*begun, *self._waiting) if not task.done.done()}))

    async def crawl(self, site: str, catalogue: str) -> None:
        """Crawl what is due of a site, with others. Raises PutBack, Busy or CutOff."""
        if self._halted:
            raise PutBack
        task = _Task(site, catalogue, asyncio.get_running_loop().create_future())
        self._waiting.append(task)
        if len(self._doing) < self._crawls:
            self._begin()
        await task.done

    def _begin(self) -> None:
        gathered: list[_Task] = []
        hand = asyncio.create_task(self._work(gathered))
        self._doing[hand] = gathered
        hand.add_done_callback(self._ended)

    def _ended(self, hand: asyncio.Task[None]) -> None:
        tasks = self._doing.pop(hand)
        trouble = None if hand.cancelled() else hand.exception()
        if trouble is not None:
            log.error("the crawl of %s: %r", ", ".join(task.site for task in tasks), trouble, exc_info=trouble)
        _settle(tasks, CutOff(repr(trouble)) if trouble else PutBack())
        if self._waiting and not self._halted and len(self._doing) < self._crawls:
            self._begin()

    async def halt(self) -> None:
        """End all crawls: children finish the page they are at, and what is not done goes back."""
        self._halted = True
        _settle(self._waiting, PutBack())
        self._waiting = []
        for hand in list(self._doing):
            hand.cancel()
        await asyncio.gather(*self._doing, return_exceptions=True)
        await self._nursery.close()

    async def _work(self, gathered: list[_Task]) -> None:
        await asyncio.sleep(GATHERS_FOR)
        first = next(iter(self._waiting), None)
        if first is None:
            return
        gathered += [task for task in self._waiting if task.catalogue == first.catalogue][:SITES_A_HAND]
        self._waiting = [task for task in self._waiting if task not in gathered]
        try:
            # Two services may put a site there within a moment: what one of them had crawled is due no more.
            due = await asyncio.to_thread(self._archive.running.due_sites, self._clock())
            _settle([task for task in gathered if task.site not in due], None)
            wanted = [task for task in gathered if task.site in due]
            if not wanted:
                return
            catalogue, path = await asyncio.to_thread(self._hand_out, first.catalogue, wanted)
            try:
                await self._launch(wanted, path)
            finally:
                path.unlink(missing_ok=True)
            await self._after(catalogue)
        except (StorageError, ConfigError, OSError) as error:
            log.error("the crawl of %s: %s", ", ".join(task.site for task in gathered), error)
            _settle(gathered, CutOff(str(error)))

    def _hand_out(self, name: str, tasks: list[_Task]) -> tuple[Catalogue, Path]:
        """The catalogue, and a ``sites.yaml`` with these sites alone: a child need not read thousands of others."""
        text = self._archive.running.published(name)
        if text is None:
            raise StorageError("the sites to crawl are not published any more")
        whole = json.loads(text) | {"database": self._database}
        if self._known is None or self._known[0] != name:
            path = self._write("catalogue", whole)
            self._known = name, load_catalogue(self._home, path)
            path.unlink()
        chosen = {task.site: whole["sites"][task.site] for task in tasks}
        return self._known[1], self._write(f"hand-{id(tasks):x}", whole | {"sites": chosen})

    def _write(self, name: str, given: dict[str, object]) -> Path:
        path = self._home / ".locks" / f"{name}-{os.getpid()}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        # The address of the database may hold a password.
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(given, file, ensure_ascii=False, indent=1)
        return path

    async def _launch(self, tasks: list[_Task], path: Path) -> None:
        ends: list[str] = []
        busy: set[str] = set()

        def listen(event: dict[str, object]) -> None:
            if event.get("event") == "busy":
                busy.add(str(event["site"]))
            elif event.get("event") == "closed":
                ends.append(str(event["reason"]))
            self._listen(event)

        sites = tuple(task.site for task in tasks)
        order = Order(self._home, sites, recheck="due", columns="due", by_hand=False, catalogue=path)
        faults = await self._pulse.during("crawl", launch(order, listen, hands=1, nursery=self._nursery), len(sites))
        for each in faults:
            log.error("%s", each)
        whole = bool(ends) and not ends[0].startswith(("storage", "shutdown"))
        _settle([task for task in tasks if task.site in busy], Busy())
        _settle(tasks, None if whole else CutOff("; ".join(faults) or "shutdown"))


def _settle(tasks: list[_Task], trouble: Exception | None) -> None:
    for task in tasks:
        if task.done.done():
            continue
        if trouble is None:
            task.done.set_result(None)
        else:
            task.done.set_exception(trouble)
