"""``python -m storage.demo``: serve the city by hand, to look at it in a browser."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading

from storage.demo.city import City
from storage.demo.server import CityServer, sites_yaml


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted, advancing a round every so many seconds if asked to."""
    parser = argparse.ArgumentParser(prog="python -m storage.demo", description="Serve the made city on 127.0.0.1.")
    parser.add_argument("--port-base", type=int, default=8900, help="port of the first site (default: %(default)s)")
    parser.add_argument("--round", type=int, default=1, help=f"round to begin with, 1 to {City.rounds}")
    parser.add_argument("--every", type=float, help="advance a round every so many seconds")
    parser.add_argument("--seed", type=int, default=2026, help="another seed makes another city")
    chosen = parser.parse_args(arguments)
    if not 1 <= chosen.round <= City.rounds:
        parser.error(f"--round is not one of 1 to {City.rounds}")
    server = CityServer(City(chosen.seed), port_base=chosen.port_base, first_round=chosen.round)
    with contextlib.suppress(KeyboardInterrupt), server:
        sys.stdout.write(sites_yaml(server))
        sys.stdout.flush()
        _stay(server, chosen.every)
    return 0


def _stay(server: CityServer, every: float | None) -> None:
    never = threading.Event()
    while every and server.round < server.city.rounds:
        never.wait(every)
        server.round += 1
        sys.stderr.write(f"round {server.round}\n")
    never.wait()


if __name__ == "__main__":
    sys.exit(main())
