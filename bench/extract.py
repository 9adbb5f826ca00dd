"""How fast pages are read, and in how much memory, beside trafilatura's ``bare_extraction`` with metadata.

``python -m bench.extract [FOLDER] [--grow N]`` (``make bench-extract``) reads the same pages with both, each in
processes of its own, and then ``N`` pages (5,000 unless given) with ours alone, to see whether memory grows. Times are
CPU time. trafilatura is handed decoded text, since it cannot be trusted with the bytes; ours decodes within its time.
"""

from __future__ import annotations

import argparse
import gc
import logging
import resource
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle, islice, product
from multiprocessing import get_context
from pathlib import Path
from statistics import mean, median, quantiles
from time import process_time
from typing import TypeVar

from bench.pages import load_pages, made_pages
from crawler.extraction.decode import decode
from crawler.extraction.read import EXTRACTOR, read_page

_MB = 1024 * 1024
_Answer = TypeVar("_Answer")
_ROUNDS = 5
_WARM_UP = 24
"""Made pages read before the clock runs, so that what is loaded once counts with neither."""
_GLOSSED = "<p>時(shí)間(jiān)過(guò)得很快,市民紛紛走進公園賞花。</p><p>简体字</p>".encode()
"""A page in traditional characters with pinyin: the dictionaries for such are loaded with the first."""


@dataclass(frozen=True, slots=True)
class Memory:
    """MB of memory in use before the first page that counts, and at the peak."""

    before: float
    peak: float


def ours(body: bytes) -> object:
    """Shixun's reading, from bytes to an ``Article``."""
    return read_page(body)


def theirs(body: bytes) -> object:
    """trafilatura's reading with metadata and its default settings; its text is decoded for it beforehand."""
    import trafilatura

    return trafilatura.bare_extraction(_text(body), with_metadata=True)


@lru_cache(maxsize=1)
def _text(body: bytes) -> str:
    return decode(body).text


READERS: Mapping[str, Callable[[bytes], object]] = {"Shixun": ours, "trafilatura": theirs}


def read_all(reader: str, pages: Mapping[str, bytes]) -> tuple[dict[str, float], Memory]:
    """The milliseconds that each page takes a reader, and its memory; to be called in a process of its own."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    made = made_pages()
    for body in [_GLOSSED, *islice(made.values(), 0, None, max(1, len(made) // _WARM_UP))]:
        READERS[reader](body)
    gc.freeze()  # the collector's rounds through what the bench itself holds are no reader's time
    before = _in_use()
    taken: dict[str, float] = {}
    for page, body in pages.items():
        _text(body)
        start = process_time()
        READERS[reader](body)
        taken[page] = 1000 * (process_time() - start)
    return taken, Memory(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MB)


def measure(pages: Mapping[str, bytes]) -> tuple[dict[str, dict[str, float]], dict[str, Memory]]:
    """Milliseconds by reader and page, and the memory of each.

    Both read all pages in turn, ``_ROUNDS`` times, each time in a new process that has read none of them; of a page's
    times the least counts, since other programs may have had the machine in the others.
    """
    taken: dict[str, dict[str, float]] = {reader: dict.fromkeys(pages, float("inf")) for reader in READERS}
    held: dict[str, Memory] = {}
    for _, reader in product(range(_ROUNDS), READERS):
        times, held[reader] = _alone(read_all, reader, pages)
        taken[reader] = {page: min(least, times[page]) for page, least in taken[reader].items()}
    return taken, held


def _alone(call: Callable[..., _Answer], *given: object) -> _Answer:
    """Call a function in a new process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(call, *given).result()


def growth(pages: Mapping[str, bytes], count: int) -> tuple[float, float]:
    """MB of memory in use after a warm-up of a fifth of ``count`` pages, and after ``count`` more."""
    reading: Iterator[bytes] = cycle(pages.values())
    for body in islice(reading, count // 5):
        read_page(body)
    warm = _in_use()
    for body in islice(reading, count):
        read_page(body)
    return warm, _in_use()


def _in_use() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / _MB


def table(origin: str, pages: Mapping[str, bytes], grow: int) -> Iterator[str]:
    """The figures, a line each."""
    size = sum(map(len, pages.values())) / len(pages) / 1024
    yield f"{len(pages)} pages of {origin}, {size:.0f} KB on average; Shixun's extractor {EXTRACTOR}"
    yield f"{'':28}{''.join(f'{reader:>14}' for reader in READERS)}"
    taken, held = measure(pages)
    rows: tuple[tuple[str, Callable[[list[float]], float]], ...] = (
        ("CPU ms a page, mean", mean),
        ("CPU ms a page, median", median),
        ("CPU ms a page, p95", lambda found: quantiles(found, n=20)[-1]),
        ("CPU ms of the worst page", max),
    )
    for name, figure in rows:
        yield _row(name, [figure(list(taken[reader].values())) for reader in READERS])
    ratio = sum(taken["trafilatura"].values()) / sum(taken["Shixun"].values())
    yield _row("times as fast", [ratio])
    yield _row("peak memory, MB", [held[reader].peak for reader in READERS])
    yield _row("in use before reading, MB", [held[reader].before for reader in READERS])
    worst = max(taken["Shixun"], key=taken["Shixun"].__getitem__)
    yield f"worst page of Shixun's: {worst}"
    if grow:
        warm, after = _alone(growth, pages, grow)
        yield f"memory in use after {grow // 5} pages {warm:.1f} MB, after {grow} more {after - warm:+.1f} MB"


def _row(name: str, figures: list[float]) -> str:
    return f"{name:28}{''.join(f'{figure:14.2f}' for figure in figures)}"


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(prog="python -m bench.extract", description=__doc__.split("\n", 1)[0])
    asked.add_argument("folder", nargs="?", type=Path, help="a folder of *.html")
    asked.add_argument("--grow", type=int, default=5000, help="pages read to see whether memory grows; 0 for none")
    given = asked.parse_args()
    origin, pages = load_pages(given.folder)
    for line in table(origin, pages, given.grow):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
