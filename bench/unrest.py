"""What befalls the machines of ``bench.workers``, and when: seeded, at moments counted in requests to the sites."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from bench.fleet import Fleet, Server, parent_of
from bench.netns import Network

KILLED = ("crawl", "worker", "crawl", "worker", "service")
"""Who is killed, in turn before the dice mix them."""
NURSERIES = 0.3
"""Of the crawls that are killed, the share whose nursery is, and with it all the crawls of its program."""
EARLIEST, LATEST = 0.03, 0.93
"""Shares of a round's requests between which something befalls."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that befalls in a round when its sites have been asked so often. ``what`` is ``kill``, ``restart`` or
    ``cut``; ``whom`` the kind of program, PostgreSQL's way to end, or the machine."""

    round: int
    requests: int
    what: str
    whom: str
    seconds: float = 0.0


def trouble(given: argparse.Namespace, workers: Sequence[str], requests: Sequence[int]) -> list[Moment]:
    """All that befalls, in order. ``requests`` are those of each round of an undisturbed run."""
    dice = Random(f"unrest {given.seed}")

    def when(round_: int) -> int:
        return int(requests[round_ - 1] * dice.uniform(EARLIEST, LATEST))

    rounds = range(1, len(requests) + 1)
    kills = [KILLED[number % len(KILLED)] for number in range(given.kills)]
    dice.shuffle(kills)
    found = [Moment(each := rounds[place % len(rounds)], when(each), "kill", whom) for place, whom in enumerate(kills)]
    for place, how in enumerate(("fast", "immediate")):
        each = rounds[(place + 1) % len(rounds)]
        found.append(Moment(each, when(each), "restart", how))
    if workers and given.cut:
        found.append(Moment(rounds[-1], int(requests[-1] * 0.1), "cut", dice.choice(list(workers)), given.cut))
    return sorted(found, key=lambda moment: (moment.round, moment.requests))


class Watched(Protocol):
    """What unrest is brought to."""

    network: Network
    server: Server
    fleet: Fleet


@dataclass(slots=True)
class Unrest:
    """Brings about one moment after another; ``happened`` says what came of each."""

    moments: list[Moment]
    happened: list[str] = field(default_factory=list)
    mend_at: float | None = None
    _cut: str = ""
    _dice: Random = field(default_factory=lambda: Random("whom"))

    def befall(self, round_: int, requests: int, watched: Watched) -> None:
        """Bring about what is due at so many requests of a round; a kill waits until there is somebody to kill."""
        if self.mend_at is not None and time.monotonic() >= self.mend_at:
            watched.network.mend(self._cut)
            self.mend_at = None
            self.happened.append(f"round {round_}, {requests} requests: the cable of {self._cut} is in again")
        if self.moments and (self.moments[0].round, self.moments[0].requests) <= (round_, requests):
            said = self._bring(self.moments[0], watched)
            if said:
                self.moments.pop(0)
                self.happened.append(f"round {round_}, {requests} requests: {said}")

    def is_over(self, round_: int) -> bool:
        """Whether nothing more befalls in a round."""
        return self.mend_at is None and not any(moment.round <= round_ for moment in self.moments)

    def _bring(self, moment: Moment, watched: Watched) -> str | None:
        if moment.what == "kill":
            return self._kill(moment.whom, watched.fleet)
        if moment.what == "restart":
            begun = time.monotonic()
            watched.server.stop(Server.FAST if moment.whom == "fast" else Server.IMMEDIATE)
            watched.server.start()
            return f"PostgreSQL restarted ({moment.whom}), {time.monotonic() - begun:.1f} s"
        busy = [name for name, _ in watched.fleet.children()]
        if moment.whom not in busy:
            return None
        watched.network.cut(moment.whom)
        self._cut, self.mend_at = moment.whom, time.monotonic() + moment.seconds
        return f"the cable of {moment.whom} is out for {moment.seconds:.0f} s, {busy.count(moment.whom)} crawls on it"

    def _kill(self, whom: str, fleet: Fleet) -> str | None:
        crawls = sorted(fleet.children())
        if whom == "crawl":
            if not crawls:
                return None
            name, child = self._dice.choice(crawls)
            if self._dice.random() < NURSERIES:
                with suppress(OSError):
                    fleet.kill_child(parent_of(child))
                return f"SIGKILL for the nursery of {name}, {sum(each == name for each, _ in crawls)} crawls in it"
            fleet.kill_child(child)
            return f"SIGKILL for a crawl of {name}"
        busy = sorted({name for name, _ in crawls} - {"service"})
        # Without workers the service does their work.
        name = self._dice.choice(busy) if whom == "worker" and busy else "service"
        if whom == "worker" and not busy and any(member != "service" for member in fleet.members):
            return None
        return (
            f"SIGKILL for {name}, {sum(each == name for each, _ in crawls)} crawls on it" if fleet.kill(name) else None
        )
