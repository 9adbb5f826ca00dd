"""Whether any body at all gets an answer: thousands of damaged pages and pages built to be slow, each within bounds.

``python -m bench.mutations [FOLDER] [--count N] [--seed S]`` (``make bench-mutations``) reads N of them (10,000 unless
given) in child processes and prints a table by kind. An answer, or an empty page with a flag that says why, is right;
an exception, a dead process, more than 2 s of CPU time or more than 300 MB is a breach, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from random import Random
from time import process_time
from zlib import crc32

from bench.damage import BOMBS, DAMAGES, HUGE, Damage
from bench.pages import load_pages, made_pages
from crawler.extraction.read import read_page
from storage.records import PageKind, Role

SECONDS = 2.0
MEGABYTES = 300.0
_REFUSALS = frozenset({"oversized", "binary"})
_HANG = 30.0
"""Seconds of wall time after which a child that is not done is ended; a busy machine may hold it up for that long."""
_ROLES = (None, Role.ARTICLE, Role.COLUMN)
_BOMB_SHARE, _HUGE_SHARE = 0.08, 0.002
"""Shares of the pages that are built to be slow, and that are far too long: they take longest to make."""
ADDRESS = "http://www.example.gov.cn/xw/202101/t20210102_3.html"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one body: ``fault`` is ``None`` where it was read or refused within bounds."""

    kind: str
    number: int
    refused: bool = False
    seconds: float = 0.0
    megabytes: float = 0.0
    fault: str | None = None


def kind_of(number: int, seed: int) -> tuple[str, Damage]:
    """The kind that the body of this number is of."""
    dice = Random(f"{seed} kind {number}")
    chance = dice.random()
    kinds = HUGE if chance < _HUGE_SHARE else BOMBS if chance < _HUGE_SHARE + _BOMB_SHARE else DAMAGES
    name = dice.choice(list(kinds))
    return name, kinds[name]


def body_of(number: int, seed: int, pages: Sequence[bytes]) -> bytes:
    """The body of this number."""
    dice = Random(f"{seed} body {number}")
    return kind_of(number, seed)[1](dice, dice.choice(pages))


def read_one(number: int, seed: int, pages: Sequence[bytes]) -> Outcome:
    """Make one body and read it, in this process."""
    kind, body = kind_of(number, seed)[0], body_of(number, seed, pages)
    _forget_peak()
    start = process_time()
    try:
        article = read_page(body, ADDRESS, role=_ROLES[crc32(body) % len(_ROLES)])
    except BaseException as error:
        return Outcome(kind, number, fault=f"{type(error).__name__}: {str(error)[:80]}")
    seconds, megabytes = process_time() - start, _peak()
    late = f"took {seconds:.1f} s" if seconds > SECONDS else None
    large = f"took {megabytes:.0f} MB" if megabytes > MEGABYTES else None
    refused = article.kind is PageKind.EMPTY and not _REFUSALS.isdisjoint(article.flags)
    return Outcome(kind, number, refused, seconds, megabytes, late or large)


def _forget_peak() -> None:
    """Begin the measurement of peak memory anew, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _peak() -> float:
    """MB of resident memory at the peak since it was last forgotten; since the start where it cannot be."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:", 1)[1].split(maxsplit=1)[0]) / 1024
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _serve(pipe: Connection, seed: int, pages: Sequence[bytes]) -> None:
    while (number := pipe.recv()) is not None:
        pipe.send(read_one(number, seed, pages))


def _ask(numbers: Iterable[int], seed: int, pages: Sequence[bytes]) -> Iterator[Outcome]:
    """Have bodies read one by one in a child process; one that hangs or dies is replaced and told."""
    pipe, child = _child(seed, pages)
    for number in numbers:
        pipe.send(number)
        fault = "hung"
        if pipe.poll(_HANG):
            try:
                yield pipe.recv()
                continue
            except EOFError:
                child.join()
                fault = f"died ({child.exitcode})"
        child.kill()
        pipe.close()
        yield Outcome(kind_of(number, seed)[0], number, fault=fault)
        pipe, child = _child(seed, pages)
    pipe.send(None)
    child.join()


def _child(seed: int, pages: Sequence[bytes]) -> tuple[Connection, SpawnProcess]:
    context = get_context("spawn")
    pipe, theirs = context.Pipe()
    child = context.Process(target=_serve, args=(theirs, seed, pages), daemon=True)
    child.start()
    theirs.close()
    return pipe, child


def read_many(count: int, seed: int, pages: Sequence[bytes]) -> list[Outcome]:
    """What became of the first ``count`` bodies, read on all cores."""
    lanes = min(count, os.cpu_count() or 1)
    with ThreadPoolExecutor(lanes) as pool:
        asked = pool.map(lambda lane: list(_ask(range(lane, count, lanes), seed, pages)), range(lanes))
        return sorted((outcome for found in asked for outcome in found), key=lambda outcome: outcome.number)


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The figures by kind, a line each, and every breach with its number."""
    yield f"{'':24}{'pages':>8}{'answers':>9}{'refusals':>9}{'breaches':>9}{'slowest s':>11}{'peak MB':>9}"
    kinds = {kind: [o for o in outcomes if o.kind == kind] for kind in (*DAMAGES, *BOMBS, *HUGE)}
    for kind, found in [*kinds.items(), ("all", list(outcomes))]:
        if found:
            broken, refused = sum(o.fault is not None for o in found), sum(o.refused for o in found)
            slowest, peak = max(o.seconds for o in found), max(o.megabytes for o in found)
            answers = len(found) - refused - broken
            yield f"{kind:24}{len(found):8}{answers:9}{refused:9}{broken:9}{slowest:11.2f}{peak:9.0f}"
    for outcome in outcomes:
        if outcome.fault:
            yield f"  {outcome.number} ({outcome.kind}): {outcome.fault}"


def main() -> int:
    """Print the table; 1 where a body was not read within bounds."""
    asked = argparse.ArgumentParser(prog="python -m bench.mutations", description=__doc__.split("\n", 1)[0])
    asked.add_argument("folder", nargs="?", type=Path, help="a folder of *.html to damage")
    asked.add_argument("--count", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=2026)
    given = asked.parse_args()
    pages = [*load_pages(given.folder)[1].values(), *made_pages().values()]
    outcomes = read_many(given.count, given.seed, pages)
    sys.stdout.writelines(f"{line}\n" for line in table(outcomes))
    return int(any(outcome.fault for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
