"""What the archive's size does to what everything costs: 10,000, 100,000 and 1,000,000 pages.

``python -m bench.scale FOLDER [--pages N,N,N] [--postgres ADDRESS]`` (``make bench-scale``) makes an archive of each
size once, in ``FOLDER/N``, with 200 pages a site (the largest takes a quarter of an hour and 4 GB), and asks each the
same. A first process a size runs a real service over it, whose crawls end at once, and times its ticks; a second times
what crawls, ``shixun status``, the comparison, the digest and the search ask. Each question is asked some times and the
least is printed: milliseconds of the process, by the clock in brackets, then what the largest archive costs against the
smallest. What grows with the work is told by its unit (a site, a page, a due page), and may cost twice as much a unit;
what is looked up may cost three times as much; a search has its time. Of PostgreSQL the server's own work is not in the
process's milliseconds.

``--postgres`` is the address of its databases with ``{}`` where the size stands; each must be there and empty, or made
by this program before.
Exit status 1 where a gate is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.scale_archive import make
from bench.scale_questions import SEARCHED, Cost, told

SIZES = (10_000, 100_000, 1_000_000)
PROPORTIONAL, FLAT = 2.0, 3.0
"""How many times as much the largest archive may cost as the smallest: by unit of work, and to look something up."""
LEAST_MS = 0.2
"""What takes less is not compared: the clock's own steps would be."""
SEARCH_MS = 100.0
"""A search in the largest archive. It costs what its hits cost, up to a page of them, and a small one has fewer."""
TICK_MS, TICK_MB = 1000.0, 100.0
PARTS = ("tick", "rest")


def asked(folder: Path, part: str) -> tuple[list[Cost], dict[str, float]]:
    """The costs of one part at one size, from a process of its own, and its memory."""
    command = [sys.executable, "-m", "bench.scale", str(folder), "--part", part]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])
    return [Cost(*row) for row in found["costs"]], found["memory"]


def growth(small: Cost, large: Cost) -> float:
    """How many times as much the larger archive costs: by unit of work where there is one."""
    cheap = max(small.cpu, LEAST_MS) / small.units
    return max(large.cpu, LEAST_MS) / large.units / cheap


def line(costs: Sequence[Cost]) -> tuple[str, bool]:
    """A question's line of the table, and whether its gate holds."""
    ratio = growth(costs[0], costs[-1])
    held = ratio <= (PROPORTIONAL if costs[0].unit else FLAT)
    if costs[0].name.startswith(SEARCHED):
        held = costs[-1].cpu <= SEARCH_MS
    figures = " ".join(f"{one.cpu:9.2f} ({one.wall:8.2f})" for one in costs)
    each = f"{1000 * costs[-1].cpu / costs[-1].units:9.2f} µs a {costs[-1].unit}" if costs[-1].unit else ""
    return f"{costs[0].name:32} {figures} {ratio:6.2f} {'' if held else 'OVER'} {each}", held


def table(found: Mapping[int, Sequence[Cost]]) -> tuple[str, bool]:
    """What is printed, and whether all gates hold."""
    head = " ".join(f"{size:>20,}" for size in found)
    lines, holds = [f"{'ms of the process (by the clock)':32} {head}  ratio"], True
    for costs in zip(*found.values(), strict=True):
        written, held = line(costs)
        lines.append(written.rstrip())
        holds &= held
    return "\n".join(lines) + "\n", holds


def memory_line(size: int, memory: Mapping[str, float]) -> str:
    """What the service of one size held."""
    ticks = memory["ticks"] - memory["open"]
    return (
        f"{size:,} pages: the service's process held {memory['imported']:.0f} MB of program, {memory['open']:.0f} with "
        f"the catalogue, {memory['first tick']:.0f} after its first tick, {memory['peak']:.0f} at most; "
        f"ticks added {ticks:.0f} MB\n"
    )


def run(folder: Path, sizes: Sequence[int], postgres: str | None) -> bool:
    """Make what is missing, ask, print; whether all gates hold."""
    found: dict[int, list[Cost]] = {}
    held = True
    for size in sizes:
        home = folder / (f"{size}-postgresql" if postgres else str(size))
        make(home, size, postgres.format(size) if postgres else None)
        found[size] = []
        for part in PARTS:
            costs, memory = asked(home, part)
            found[size] += costs
            if part == "tick":
                sys.stdout.write(memory_line(size, memory))
                sys.stdout.flush()
                held &= memory["peak"] - memory["imported"] < TICK_MB
    written, even = table(found)
    sys.stdout.write(written)
    tick = next(one for one in found[sizes[-1]] if one.name == "a tick decides")
    sys.stdout.write(
        f"a tick at {sizes[-1]:,} pages: {tick.wall:.0f} ms (gate {TICK_MS:.0f}), and within {TICK_MB:.0f} MB"
    )
    sys.stdout.write(" over the program's own\n")
    return held and even and tick.wall < TICK_MS


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", default=",".join(map(str, SIZES)), help="sizes by commas, the smallest first")
    parser.add_argument("--postgres", help="the databases: postgresql:///scale{}")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        sys.stdout.write(f"{told(given.folder, given.part)}\n")
        return 0
    return 0 if run(given.folder, [int(size) for size in given.pages.split(",")], given.postgres) else 1


if __name__ == "__main__":
    sys.exit(main())
