"""Three workers on three machines, killed and cut off: does the change log stay what an undisturbed run leaves?

``python -m bench.workers [--sites N] [--rounds N] [--articles N] [--kills N] [--workers N] [--seed S]`` (``make
bench-workers``; Linux, as root, with PostgreSQL's programs) makes machines of network namespaces (``bench.netns``): one
PostgreSQL server, made sites that change by rounds (``bench.county``), ``shixun serve``, and ``shixun worker`` on each
of the others. All rounds are played undisturbed, then again on a fresh database with SIGKILLs at seeded moments in the
middle of the work, spread over service, workers and crawls; a fast and an immediate restart of PostgreSQL; and a worker
whose cable is out for longer than it takes to be given up. What dies is started again, as a supervisor would.

Prints how each run went, and what was told, missed and told falsely by the sites' own truth; where the two change logs
differ in anything but times and numbers; visits that were kept twice; sites that were asked by two at once. Exit status
1 where the logs differ, something pending was left, or a site was asked by two at once; 2 where there can be no run.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

from bench.county import County
from bench.countyfarm import address_of
from bench.fleet import Fleet, Server, Sites, has_user, programs
from bench.netns import PREFIX, Network, lacking, sweep
from bench.unrest import Unrest, trouble
from bench.workerslog import Played, compared, judged
from bench.workersplay import Play, homes


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.workers", description=(__doc__ or "").split("\n", 1)[0])
    for name, default in (
        *(("--sites", 200), ("--rounds", 4), ("--articles", 5), ("--workers", 3)),
        *(("--kills", 20), ("--cut", 45), ("--seed", 2026)),
    ):
        parser.add_argument(name, type=int, default=default)
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    lacks = lacking() or (None if programs() and has_user() else "PostgreSQL's programs are not installed")
    if lacks:
        sys.stderr.write(f"bench-workers: {lacks}\n")
        return 2
    # What is told to end takes its machines away first.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    sweep()
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}-{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        try:
            return both(Path(folder), given)
        except RuntimeError as error:
            sys.stderr.write(f"bench-workers: {error}\n")
            return 1


def both(folder: Path, given: argparse.Namespace) -> int:
    """Play undisturbed, then disturbed, and return the exit status."""
    county = County(given.sites, given.rounds, given.articles, given.seed)
    workers = [f"worker{number}" for number in range(1, given.workers + 1)]
    with Network(["database", "sites", "service", *workers]) as network:
        network.serves("sites")
        server = Server(network, "database", folder)
        server.start()
        played: list[Played] = []
        try:
            for name in ("calm", "unrest"):
                moments = trouble(given, workers, played[0].requests) if played else []
                played.append(play(name, folder, network, server, county, given, Unrest(moments)))
                tell(played[-1], county)
        finally:
            server.stop(server.FAST)
    lines, fault = compared(*played)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return int(fault)


def play(
    name: str,
    folder: Path,
    network: Network,
    server: Server,
    county: County,
    given: argparse.Namespace,
    unrest: Unrest,
) -> Played:
    """All rounds on a fresh database."""
    server.fresh(name)
    fleet = Fleet(network)
    sites = Sites(network, "sites", (given.sites, given.rounds, given.articles, given.seed))
    try:
        for machine, (home, words) in homes(folder / name, server.address(name), county, given.workers).items():
            fleet.add(machine, home, *words)
        return Play(name, network, server, fleet, sites, unrest).run(county)
    finally:
        fleet.end()
        sites.end()


def tell(played: Played, county: County) -> None:
    """Print how a run went."""
    kinds = Counter(change.kind.value for change in played.changes)
    told, missed, false = judged(played, county, address_of)
    sys.stdout.write(
        f"{played.name}: {played.seconds:.0f} s, {sum(played.requests)} requests, {len(played.seen)} visits kept, "
        f"{len(played.changes)} changes ({', '.join(f'{kind} {number}' for kind, number in sorted(kinds.items()))})\n"
        f"  by the sites' own truth {told} told, {missed} missed, {false} false; {played.pending} visits not compared\n"
    )
    sys.stdout.writelines(f"  {line}\n" for line in played.happened)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
