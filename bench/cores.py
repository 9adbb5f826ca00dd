"""How much sooner a first crawl ends on all cores than on one, for ``bench.crawl``.

``python -m bench.cores HOME KEYS CORES`` crawls the sites of a home (keys with commas) as ``shixun crawl`` does, held
to so many cores, and prints the seconds that it took. The farm that serves the pages is held to none: where the crawl
has one core the farm has the others for itself, where it has all the farm takes its share of them. What is gained is
counted too low rather than too high.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

from crawler.launch import Order, launch
from crawler.sites import database_address
from storage.sql import open_archive

SITES = 20
GATE = 1.6


def gained(folder: Path, entries: Mapping[str, object]) -> tuple[str, bool]:
    """A line that tells what all cores gain over one on the first sites, and whether that is enough.

    Both kinds of crawl come in turn, three times, and the quickest of each counts: a stranger's work on the machine
    only adds.
    """
    some = dict(list(entries.items())[:SITES])
    cores = len(os.sched_getaffinity(0))
    took: dict[int, list[float]] = {1: [], cores: []}
    for turn in range(3):
        for held in (1, cores):
            home = folder / f"cores-{held}-{turn}"
            home.mkdir()
            (home / "sites.yaml").write_text(json.dumps({"contact": "desk@shixun.example", "sites": some}), "utf-8")
            command = [sys.executable, "-m", "bench.cores", str(home), ",".join(some), str(held)]
            took[held].append(float(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout))
    one, all_ = min(took[1]), min(took[cores])
    enough = cores < 2 or one / all_ >= GATE
    said = f"first crawl of {len(some)} sites: {one:.1f} s on one core, {all_:.1f} s on {cores}, "
    return f"{said}{one / all_:.2f} times as fast (gate {GATE}){'' if enough else '  UNDER'}\n", enough


def crawl(home: Path, keys: Sequence[str], cores: int) -> float:
    """Seconds of a crawl on so many cores. Raises RuntimeError with what went wrong."""
    # The tables are made by the launcher, as by every command: two children would make them at once.
    open_archive(database_address(home)).close()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    started = perf_counter()
    faults = asyncio.run(launch(Order(home, tuple(keys)), lambda _: None, hands=cores))
    if faults:
        raise RuntimeError("; ".join(faults))
    return perf_counter() - started


if __name__ == "__main__":
    sys.stdout.write(f"{crawl(Path(sys.argv[1]), sys.argv[2].split(','), int(sys.argv[3]))}\n")
