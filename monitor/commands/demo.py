"""``shixun demo``: the service at work on the made city, round by round, before one's eyes."""

from __future__ import annotations

import asyncio
import logging
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from crawler.sites import database_address
from crawler.yamlfile import ConfigError
from monitor import tell
from monitor.commands.screen import DONE, FAILED, context_of
from monitor.demonstration import Score, score
from monitor.digest.edition import edition, publish
from monitor.service import Service
from storage.demo import City, CityServer, sites_yaml
from storage.records import Change, ChangeKind, Page, Role, Told, china_day
from storage.sql import open_archive

PACE = """
# 演示:一轮当作一夜,每轮开始时所有网页都该看一遍;撤下一秒后再证实。真实站点请用默认值。
# The demonstration: a round stands for a night, all pages are due when it begins; a real site gets the defaults.
defaults:
  schedule: {missing: 1s, failing: 1s}
  removal: {visits: 2, over: 1s}
service: {tick: 1s, crawls: 2}
"""
LOOK_AGAIN = 0.25
PATIENCE = 2
SHOWN_NEW = 3
"""New articles of one round that are printed one by one; the rest are counted."""


class Demonstration:
    """The service on the city. It advances the city when all of a round has been seen, compared and confirmed."""

    def __init__(self, home: Path, server: CityServer, console: Console) -> None:
        self._server, self._console = server, console
        self._names = {site.key: site.name for site in server.sites}
        self._told: list[Change] = []
        self._visits = 0
        self.service = Service(home, on_event=self._hear, on_change=self._hear_change)
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

    def _hear(self, event: dict[str, object]) -> None:
        if event.get("event") == "visit":
            self._visits += 1
            self.display.update(self._bar, advance=1)

    def _hear_change(self, change: Change) -> None:
        self._told.append(change)
        fresh = sum(told.kind is ChangeKind.NEW for told in self._told)
        if change.kind is not ChangeKind.NEW or change.reprint_of or fresh <= SHOWN_NEW:
            self._say("  " + tell.as_line(change, sites=self._names))

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    async def play(self, rounds: int, *, stay: bool) -> None:
        """Play the rounds, one after the other; then end the service, unless it is to stay."""
        running = asyncio.create_task(self.service.run())
        playing = asyncio.create_task(self._play(rounds, running))
        await asyncio.wait({running, playing}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            # Interrupted, or it could not begin: its own error is the one to tell.
            playing.cancel()
            await running
            return
        await playing
        if stay:
            self._say("\n城市和服务继续运行,Ctrl-C 结束 (the city and the service stay up)")
            await running
        self.service.stop()
        await running

    async def _play(self, rounds: int, running: asyncio.Task[None]) -> None:
        for number in range(1, rounds + 1):
            begun = datetime.now(UTC)
            self._server.round = number
            self._told, self._visits = [], 0
            if number > 1:
                await asyncio.to_thread(self.service.archive.running.make_due, begun)
            self._say(f"第 {number} 轮 · 城市改动 {len(self._server.city.truth(number))} 处")
            self.display.reset(self._bar, description=f"第 {number} 轮 抓取", total=None)
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
        if fresh > SHOWN_NEW:
            self._say(f"  【新增】…… 本轮共 {fresh} 篇")
        self._say(
            f"  访问 {self._visits} 次 · 说对 {found.right} · 漏说 {len(found.missing)} · 多说 {len(found.surplus)}"
            f" · 说错 {len(found.wrong)}"
        )
        for happening, _, fault in found.wrong:
            self._say(f"  ✗ {happening.site}{happening.path} {fault}")
        for happening in found.missing:
            self._say(f"  ✗ 漏说 {happening.site}{happening.path} {happening.kind} {happening.note}")
        for change in found.surplus:
            self._say(f"  ✗ 多说 {change.url} {change.kind}")

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
    keep: Annotated[bool, typer.Option("--keep", help="stay up afterwards")] = False,
) -> None:
    """The service on an embedded demonstration city. 演示:一座会变的小城。"""
    options = context_of(context)
    # At this pace a tick is often still comparing when the next is due; that it is passed over is as meant.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    out = options.home / "out" / "demo"
    home = _fresh(out / "home")
    console = Console(highlight=False)
    with CityServer(City(seed, china_day(datetime.now(UTC)) - timedelta(days=City.rounds - 1))) as server:
        (home / "sites.yaml").write_text(PACE + sites_yaml(server), "utf-8")
        console.print(f"市讯演示:本机上一座会变的小城,{len(server.sites)} 个站点,{rounds} 轮")
        play = Demonstration(home, server, console)
        with play.display:
            asyncio.run(play.play(rounds, stay=keep))
    _write_digest(play, home, out, options.lang, console)
    raise typer.Exit(DONE if play.scores and all(found.perfect for found in play.scores) else FAILED)


def _fresh(home: Path) -> Path:
    """An empty home for the demonstration; only its own earlier one is ever cleared away."""
    if home.exists() and any(home.iterdir()) and not (home / ".demo").exists():
        raise ConfigError(f"{home}: is not a demonstration's folder; move it away first")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / ".demo").touch()
    return home


def _write_digest(play: Demonstration, home: Path, out: Path, lang: tell.Lang, console: Console) -> None:
    archive = open_archive(database_address(home))
    try:
        digest = edition(archive, china_day(datetime.now(UTC)), datetime.now(UTC))
    finally:
        archive.close()
    paths = publish(digest, out, lang)
    right = sum(found.right for found in play.scores)
    told = right + sum(len(found.surplus) + len(found.wrong) for found in play.scores)
    happened = right + sum(len(found.missing) + len(found.wrong) for found in play.scores)
    console.print(f"\n城市共改动 {happened} 处;市讯说出 {told} 处,说对 {right} 处。")
    console.print(f"简报 {paths[0]}", soft_wrap=True)
