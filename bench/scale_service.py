"""Whether the service keeps its memory over 10,000 crawls of a catalogue of 5,000 sites.

``python -m bench.scale_service [--crawls N] [--sites N]`` runs a real ``Service`` over a new archive, tick after tick.
Real are the service, its ticks over sites that are all due, its comparison and the archive; each crawl is a process
with a pipe whose events are read, but not Scrapy: it prints the events of 20 visits that were made up, and a second
process writes for it what a crawl would write, one edited article each, which the service then compares and tells. So
what a real child costs is not in this table. Printed is what the service's process holds, by crawls. Exit status 1
where it holds 200 MB or more, or a tenth more at the end than after the first tenth.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import process_time

from bench.scale_questions import resident
from crawler.intake import take_in
from crawler.launch import Listen, Order
from crawler.sites import Site
from monitor.service import Service
from storage.records import Article, Change, PageKind, Role, Visit
from storage.sql import open_archive

GATE_MB, GATE_GROWTH = 200.0, 1.1
AT_ONCE = 20
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
EVENTS = 20

_TEXT = (
    "11月20日,市政府召开第{number}次常务会议,研究部署今冬明春供暖保障工作。",
    "会议指出,全市已完成老旧管网改造{number}公里,年度投资6.89亿元,各区县要落实属地责任。",
)


def site(number: int) -> Site:
    """One of the made sites, each on a host of its own."""
    return Site(key=f"site-{number}", name=f"第{number}站", columns=(f"http://s{number}.invalid/news/",))


def catalogue(sites: int) -> str:
    """``sites.yaml``. No tick comes by itself, and no digest is owed."""
    lines = [f"service: {{tick: 1d, crawls: {AT_ONCE}}}", 'digest: {at: "23:59"}', "sites:"]
    for one in map(site, range(sites)):
        lines += [f"  {one.key}: {{name: {one.name}, columns: [{one.columns[0]}]}}"]
    return "\n".join(lines) + "\n"


def write_edits(home: Path) -> None:
    """What stands for the writing half of a crawl: for each number on standard input an article that says it."""
    archive = open_archive(f"sqlite:///{home / 'shixun.db'}")
    for asked in sys.stdin:
        number = int(asked)
        one = site(number % 500)
        url, said = f"{one.columns[0]}1.html", tuple(part.format(number=number + 100) for part in _TEXT)
        article = Article(PageKind.ARTICLE, "供暖", None, paragraphs=said, canonical=said, template="a" * 16)
        seen = {"status": 200, "final_url": url, "body": said[1].encode(), "article": article}
        visit = Visit(one.key, url, Role.ARTICLE, NOW, f"run-{number}", **seen)  # type: ignore[arg-type]
        archive.crawling.record(visit, partial(take_in, one))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
    archive.close()


class Crawls:
    """The launcher that the service is given."""

    def __init__(self, home: Path, writer: asyncio.subprocess.Process) -> None:
        self.begun = self.heard = 0
        self._events, self._writer, self._turn = home / "events.jsonl", writer, asyncio.Lock()
        visit = {"event": "visit", "site": "site-0", "url": "http://s0.invalid/news/1.html", "outcome": "not-modified"}
        self._events.write_text(f"{json.dumps(visit)}\n" * EVENTS + '{"event": "closed"}\n')

    async def launch(self, _order: Order, listen: Listen) -> list[str]:
        """One crawl: a process whose events are heard, and an edited article in the archive."""
        self.begun += 1
        number = self.begun
        pipe = asyncio.subprocess.PIPE
        child = await asyncio.create_subprocess_exec("cat", str(self._events), stdout=pipe)
        assert child.stdout is not None
        async for line in child.stdout:
            listen(json.loads(line))
            self.heard += 1
        await child.wait()
        writes, answers = self._writer.stdin, self._writer.stdout
        assert writes is not None
        assert answers is not None
        async with self._turn:
            writes.write(f"{number}\n".encode())
            await answers.readline()
        return []


async def watch(home: Path, sites: int, crawls: int) -> bool:
    """Run the service for so many crawls and print what it holds; whether the gates hold."""
    (home / "sites.yaml").write_text(catalogue(sites), "utf-8")
    open_archive(f"sqlite:///{home / 'shixun.db'}").close()
    pipe, command = asyncio.subprocess.PIPE, (sys.executable, "-m", "bench.scale_service", "--writes", str(home))
    writer = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    made, told = Crawls(home, writer), 0

    def count(_change: Change) -> None:
        nonlocal told
        told += 1

    service = Service(home, clock=lambda: NOW, on_change=count, launcher=made.launch)
    running = asyncio.create_task(service.run())
    while not hasattr(service, "archive"):
        await asyncio.sleep(0)
    marks, held = sorted({max(crawls // share, 1) for share in (100, 10, 2, 1)}), {}
    while made.begun < crawls and not running.done():
        await service.tick()
        while service.is_crawling:
            await asyncio.sleep(0.001)
        if marks and made.begun >= marks[0]:
            marks.pop(0)
            held[made.begun] = resident()
            files = len(os.listdir("/proc/self/fd"))
            line = f"{made.begun:8,} crawls  {held[made.begun]:7.1f} MB  {files:4} open files  {told:7,} changes told"
            sys.stdout.write(f"{line}  {1000 * process_time() / made.begun:6.1f} ms a crawl\n")
            sys.stdout.flush()
    service.stop()
    await running
    assert writer.stdin is not None
    writer.stdin.close()
    await writer.wait()
    early, late = sorted(held.items())[1][1], sorted(held.items())[-1][1]
    grown = f"{late / early:.3f} times what it held after a tenth of them (gate {GATE_GROWTH})"
    sys.stdout.write(f"{late:.0f} MB (gate {GATE_MB:.0f}), {grown}\n")
    return late < GATE_MB and late / early <= GATE_GROWTH


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--crawls", type=int, default=10_000)
    parser.add_argument("--sites", type=int, default=5000)
    parser.add_argument("--writes", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.writes:
        write_edits(given.writes)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return 0 if asyncio.run(watch(Path(folder), given.sites, given.crawls)) else 1


if __name__ == "__main__":
    sys.exit(main())
