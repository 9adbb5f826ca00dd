"""``shixun demo``: the service at work on the made city, round by round, before one's eyes."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from crawler.faults import fault
from crawler.yamlfile import ConfigError
from monitor import tell
from monitor.commands.screen import DONE, FAILED, Context, context_of
from monitor.demonstration import Score, score
from monitor.digest.edition import edition, publish
from monitor.service import Service
from monitor.web.serving import Pages, beside
from storage.demo import City, CityServer, sites_yaml
from storage.records import Change, ChangeKind, Page, Role, Told, china_day

PACE = """
# 演示:一轮当作一夜,每轮开始时所有网页都该看一遍;撤下一秒后再证实。真实站点请用默认值。
# The demonstration: a round stands for a night, all pages are due when it begins; a real site gets the defaults.
defaults:
  schedule: {missing: 1s, failing: 1s}
  removal: {visits: 2, over: 1s}
service: {tick: 1s, crawls: 2}
web: {port: 0}
"""
LOOK_AGAIN = 0.25
PATIENCE = 2
SHOWN_NEW = 3
"""New articles of one round that are printed one by one; the rest are counted."""


class Demonstration:
    """The service on the city. It advances the city when all of a round has been seen, compared and confirmed.

    The archive's pages are served meanwhile, on a free port of this machine.
    """

    def __init__(self, options: Context, out: Path, server: CityServer, console: Console) -> None:
        self._options, self._out, self._server, self._console = options, out, server, console
        self._names = {site.key: site.name for site in server.sites}
        self._told: list[Change] = []
        self._visits = 0
        self.address: str | None = None
        self.service = Service(
            out / "home", on_event=self._hear, on_change=self._hear_change, open_pages=self._open_pages
        )
        self.display = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._bar = self.display.add_task("", total=None)
        self.scores: list[Score] = []

    def _open_pages(self, service: Service) -> Pages | None:
        pages = beside(service)
        if pages is not None:
            self.address = pages.address
            self._say(self._options.says("demo-pages", pages.address))
        return pages

    def _hear(self, event: dict[str, object]) -> None:
        if event.get("event") == "visit":
            self._visits += 1
            self.display.update(self._bar, advance=1)

    def _hear_change(self, change: Change) -> None:
        self._told.append(change)
        fresh = sum(told.kind is ChangeKind.NEW for told in self._told)
        if change.kind is not ChangeKind.NEW or change.reprint_of or fresh <= SHOWN_NEW:
            self._say("  " + tell.as_line(change, self._options.lang, self._names))

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    async def play(self, rounds: int, *, stay: bool) -> None:
        """Play the rounds, one after the other, and tell them; then end the service, unless it is to stay."""
        running = asyncio.create_task(self.service.run())
        playing = asyncio.create_task(self._play(rounds, running))
        await asyncio.wait({running, playing}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            # Interrupted, or it could not begin: its own error is the one to tell.
            playing.cancel()
            await running
            return
        await playing
        self.display.stop()
        await asyncio.to_thread(self._tell_end)
        if stay:
            stays = "demo-stays" if self.address else "demo-stays-blind"
            self._say(self._options.says(stays, self.address))
            await running
        else:
            self._say(self._options.says("demo-again", self.service.home))
        self.service.stop()
        await running

    async def _play(self, rounds: int, running: asyncio.Task[None]) -> None:
        for number in range(1, rounds + 1):
            begun = datetime.now(UTC)
            self._server.round = number
            self._told, self._visits = [], 0
            if number > 1:
                await asyncio.to_thread(self.service.archive.running.make_due, begun)
            self._say(self._options.says("demo-round", number, len(self._server.city.truth(number))))
            self.display.reset(self._bar, description=self._options.says("demo-crawling", number), total=None)
            # A crawl still on its way may hold an answer of this round, and would keep it as one of the next.
            while not running.done() and (
                not await asyncio.to_thread(self._is_seen, begun) or self.service.is_crawling
            ):
                await asyncio.sleep(LOOK_AGAIN)
            self._close_round(number)

    def _close_round(self, number: int) -> None:
        found = score(self._server, self._server.city.truth(number), self._told)
        self.scores.append(found)
        fresh = sum(told.kind is ChangeKind.NEW for told in self._told)
        says = self._options.says
        if fresh > SHOWN_NEW:
            self._say(says("demo-new", fresh))
        figures = (found.right, len(found.missing), len(found.surplus), len(found.wrong))
        self._say(says("demo-score", self._visits, *figures))
        for happening, _, what in found.wrong:
            self._say(f"  ✗ {happening.site}{happening.path} {what}")
        for happening in found.missing:
            self._say(says("demo-missing", happening.site, happening.path, happening.kind, happening.note))
        for change in found.surplus:
            self._say(says("demo-surplus", change.url, change.kind))

    def _tell_end(self) -> None:
        """Write the day's digest, and tell how much of what the city did was told."""
        now = datetime.now(UTC)
        paths = publish(edition(self.service.archive, china_day(now), now), self._out, self._options.lang)
        right = sum(found.right for found in self.scores)
        told = right + sum(len(found.surplus) + len(found.wrong) for found in self.scores)
        happened = right + sum(len(found.missing) + len(found.wrong) for found in self.scores)
        self._say(self._options.says("demo-sum", happened, told, right))
        self._say(self._options.says("demo-digest", paths[0]))

    def _is_seen(self, begun: datetime) -> bool:
        """Whether every page was visited since the round began, and nothing waits to be compared or confirmed."""
        if not hasattr(self.service, "archive"):
            return False
        archive = self.service.archive
        if archive.running.counts()["pending"]:
            return False
        pages = [
            page
            for site in self._server.sites
            for role in (Role.COLUMN, Role.ARTICLE)
            for page in archive.crawling.pages(site.key, role, limit=10_000)
        ]
        return bool(pages) and all(_is_settled(page, begun) for page in pages)


def _is_settled(page: Page, begun: datetime) -> bool:
    if page.checked_at is None or page.checked_at < begun:
        # What robots.txt forbids is asked for ever more seldom.
        return page.failures > PATIENCE
    return page.missing_since is None or page.told in (Told.REMOVED, Told.MOVED, Told.NOTHING)


def demo(
    context: typer.Context,
    rounds: Annotated[int, typer.Option(min=1, max=City.rounds, help="how many rounds to play")] = City.rounds,
    seed: Annotated[int, typer.Option(help="another number makes another city")] = 2026,
    keep: Annotated[bool, typer.Option("--keep", help="stay up afterwards; at a terminal it does anyhow")] = False,
) -> None:
    """The service on an embedded demonstration city. 演示:一座会变的小城。"""
    options = context_of(context)
    # At this pace a tick is often still comparing when the next is due; that it is passed over is as meant.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    out = options.home / "out" / "demo"
    home = _fresh(out / "home")
    console = Console(highlight=False)
    # Whoever sits before it wants to look at the pages; a script wants it to end.
    stay = keep or (sys.stdin.isatty() and console.is_terminal)
    with CityServer(City(seed, china_day(datetime.now(UTC)) - timedelta(days=City.rounds - 1))) as server:
        (home / "sites.yaml").write_text(PACE + sites_yaml(server), "utf-8")
        console.print(options.says("demo-begins", len(server.sites), rounds))
        play = Demonstration(options, out, server, console)
        with play.display:
            asyncio.run(play.play(rounds, stay=stay))
    raise typer.Exit(DONE if play.scores and all(found.perfect for found in play.scores) else FAILED)


def _fresh(home: Path) -> Path:
    """An empty home for the demonstration; only its own earlier one is ever cleared away."""
    if home.exists() and any(home.iterdir()) and not (home / ".demo").exists():
        raise ConfigError(fault("not-demo"), f"{home}: ")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / ".demo").touch()
    return home
