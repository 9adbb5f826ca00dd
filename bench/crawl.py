"""What a crawl costs beside one that parses nothing: CPU a page, wall time, memory.

``python -m bench.crawl [--sites N] [--seed S]`` (``make bench-crawl``) serves made sites on loopback (``bench.farm``,
in a process of its own that counts with neither side) and visits them in turn with a Scrapy crawl that parses nothing
(``bench.emptycrawl``) and with ours, in children measured whole, start and end included:

- first: every page for the first time;
- 304: every page again, all answer that nothing changed;
- unchanged: every page again, without validators, with everything moving on it that moves at each visit;
- changed: the same, and five articles in a hundred say another figure.

Beside the first crawl stands what trafilatura's ``bare_extraction`` takes for the same pages. Prints a table with
ratios and gates (304 at most 1.25 times the empty crawl, unchanged 1.6 times; first: what it takes beyond the empty
crawl at most 1.3 times bare extraction), and whether exactly the changed pages have a second version; and how much
sooner a first crawl of twenty sites ends on all cores than on one (``bench.cores``). Exit status 1 where a gate is
missed.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from urllib.request import urlopen

from bench.cores import gained
from bench.farm import STEER, TOLD
from bench.starts import starts
from crawler.sites import database_address
from storage.records import Role
from storage.sql import open_archive

WARM_UPS = 3
"""Visits between the first crawl and the unchanged one that is measured: what moves on a site is learned by them."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a child took: CPU and wall seconds, peak memory in MB, pages visited."""

    cpu: float
    wall: float
    peak: float
    pages: int

    @property
    def page_ms(self) -> float:
        """Milliseconds of CPU a page."""
        return 1000 * self.cpu / self.pages


@dataclass(frozen=True, slots=True)
class Farm:
    """The sites that are served, as ``bench.farm`` printed them."""

    port: int
    sites: Sequence[dict[str, object]]

    def say(self, **weather: int) -> None:
        """Say what is served from now on."""
        self._ask(f"{STEER}?" + "&".join(f"{name}={value}" for name, value in weather.items()))

    def truth(self) -> set[str]:
        """The addresses of the articles that say something else than at first."""
        told = self._ask(TOLD)
        return {f"http://{host}:{self.port}{path}" for host, paths in told.items() for path in paths}

    def _ask(self, what: str) -> dict[str, list[str]]:
        with urlopen(f"http://{self.sites[0]['host']}:{self.port}{what}") as answer:
            told: dict[str, list[str]] = json.load(answer)
        return told


@contextmanager
def served(sites: int, seed: int) -> Iterator[Farm]:
    """The farm in a process of its own."""
    command = [sys.executable, "-m", "bench.farm", str(sites), str(seed)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            told = json.loads(process.stdout.readline())
            yield Farm(told["port"], told["sites"])
        finally:
            process.stdin.close()


def measured(command: Sequence[str], **environment: str) -> tuple[float, float, float]:
    """CPU and wall seconds and peak MB of a child. Raises ``CalledProcessError`` where it ends with a fault."""
    started = perf_counter()
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=subprocess.PIPE, env=os.environ | environment)
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.stderr.buffer.write(said)
        raise subprocess.CalledProcessError(process.returncode, command)
    return used.ru_utime + used.ru_stime, perf_counter() - started, used.ru_maxrss / 1024


def empty(folder: Path, asked: Sequence[tuple[str, str | None]]) -> tuple[Cost, dict[str, str | None]]:
    """The crawl that parses nothing, and the tags it was answered with."""
    (folder / "asked.json").write_text(json.dumps(asked))
    paths = (str(folder / "asked.json"), str(folder / "kept.json"))
    took = measured([sys.executable, "-m", "bench.emptycrawl", *paths])
    tags: dict[str, str | None] = json.loads((folder / "kept.json").read_text())
    return Cost(*took, len(asked)), tags


def ours(home: Path, keys: Sequence[str]) -> Cost:
    """Our crawl of all sites in one child, every known page visited."""
    before = visits(home)
    given = (f"site={','.join(keys)}", f"home={home}", "recheck=all")
    took = measured(
        [sys.executable, "-P", "-m", "crawler.child", "municipal", *given], SCRAPY_SETTINGS_MODULE="crawler.settings"
    )
    return Cost(*took, visits(home) - before)


def visits(home: Path) -> int:
    """Visits that are kept."""
    archive = open_archive(database_address(home))
    try:
        return archive.running.counts()["observations"]
    finally:
        archive.close()


def known(home: Path, keys: Sequence[str]) -> tuple[list[str], set[str]]:
    """The addresses of all pages that are watched, and of those that have a second version."""
    archive = open_archive(database_address(home))
    try:
        columns = [page for key in keys for page in archive.crawling.pages(key, Role.COLUMN)]
        articles = [page for key in keys for page in archive.crawling.pages(key, Role.ARTICLE, limit=1_000_000)]
    finally:
        archive.close()
    return [page.url for page in (*columns, *articles)], {page.url for page in articles if page.version > 1}


def reading(urls: Sequence[str], reader: str) -> float:
    """Seconds of CPU that a reader of ``bench.extract`` takes for the pages, fetched beforehand, in its own process."""
    command = [sys.executable, "-m", "bench.crawl", "--read", reader]
    done = subprocess.run(command, input="\n".join(urls), stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


def read_all(reader: str, urls: Sequence[str]) -> float:
    """See ``reading``."""
    from bench.extract import READERS

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    bodies = []
    for url in urls:
        with urlopen(url) as answer:
            bodies.append(answer.read())
    for body in bodies[:20]:
        READERS[reader](body)
    start = process_time()
    for body in bodies:
        READERS[reader](body)
    return process_time() - start


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.crawl", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--sites", type=int, default=66)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--read", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        sys.stdout.write(f"{read_all(given.read, sys.stdin.read().split())}\n")
        return 0
    with tempfile.TemporaryDirectory() as folder, served(given.sites, given.seed) as farm:
        return compared(Path(folder), farm)


Row = tuple[str, Cost, Cost, float, float | None]
"""What was crawled, what it cost us and the empty crawl, the ratio, and its gate."""


def compared(folder: Path, farm: Farm) -> int:
    """Run all, print the table, and return the exit status."""
    home = folder / "home"
    home.mkdir()
    entries = {str(site["key"]): {"name": "栖川", "columns": site["columns"]} for site in farm.sites}
    (home / "sites.yaml").write_text(json.dumps({"contact": "desk@shixun.example", "sites": entries}), "utf-8")
    keys = list(entries)
    rows = [*validated(folder, home, keys), *moving(folder, home, keys, farm)]
    sys.stdout.writelines(f"{line}\n" for line in table(rows))
    told, (_, edited) = farm.truth(), known(home, keys)
    missed, false = len(told - edited), len(edited - told)
    sys.stdout.write(f"changed: {len(told)} pages, told {len(edited & told)}, missed {missed}, false {false}\n")
    sys.stdout.write(starts(home, keys[0]))
    line, enough = gained(folder, entries)
    sys.stdout.write(line)
    return int(missed + false > 0 or not enough or any(gate is not None and ratio > gate for *_, ratio, gate in rows))


def validated(folder: Path, home: Path, keys: Sequence[str]) -> Iterator[Row]:
    """The first crawl, and one in which every page answers that it is as it was."""
    first = ours(home, keys)
    urls, _ = known(home, keys)
    without, tags = empty(folder, [(url, None) for url in urls])
    bare, own = reading(urls, "trafilatura"), reading(urls, "Shixun")
    sys.stdout.write(
        f"a page: bare extraction {1000 * bare / len(urls):.2f} ms, our reading {1000 * own / len(urls):.2f} ms\n"
    )
    yield "first", first, without, (first.cpu - without.cpu) / bare, 1.3
    ours(home, keys)  # what the sites' templates teach is learned once, and is no later visit's cost
    again = ours(home, keys)
    without, _ = empty(folder, [(url, tags.get(url)) for url in urls])
    yield "304", again, without, again.page_ms / without.page_ms, 1.25


def moving(folder: Path, home: Path, keys: Sequence[str], farm: Farm) -> Iterator[Row]:
    """Crawls without validators, in which everything moves that moves: nothing said anew, then five in a hundred."""
    farm.say(validators=0)
    for visit in range(2, 2 + WARM_UPS):
        farm.say(visit=visit)
        ours(home, keys)
    urls, _ = known(home, keys)
    for name, visit, changed, gate in (("unchanged", 2 + WARM_UPS, 0, 1.6), ("changed 5 %", 3 + WARM_UPS, 5, None)):
        farm.say(visit=visit, changed=changed)
        with_us = ours(home, keys)
        without, _ = empty(folder, [(url, None) for url in urls])
        yield name, with_us, without, with_us.page_ms / without.page_ms, gate


def table(rows: Sequence[Row]) -> Iterator[str]:
    """What is printed."""
    heads = (("pages", 7), ("CPU ms a page", 15), ("empty", 7), ("wall s", 8), ("empty", 7), ("MB", 6), ("empty", 7))
    yield f"{'':12}" + "".join(f"{head:>{width}}" for head, width in heads) + f"{'ratio':>7}{'gate':>6}"
    for name, we, they, ratio, gate in rows:
        costs = f"{we.page_ms:15.2f}{they.page_ms:7.2f}{we.wall:8.1f}{they.wall:7.1f}{we.peak:6.0f}{they.peak:7.0f}"
        over = "  OVER" if gate is not None and ratio > gate else ""
        yield f"{name:12}{we.pages:7}{costs}{ratio:7.2f}{gate if gate is not None else '-':>6}{over}"


if __name__ == "__main__":
    sys.exit(main())
