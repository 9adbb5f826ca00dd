"""Shixun beside urlwatch, webchanges and changedetection.io on the same made pages.

``python -m bench.peers [--pages 300 2000] [--peers NAME…] [--rounds NAME…]`` (``make bench-peers``) makes each peer an
environment of its own below ``build/peers`` (once, with pip), serves made Chinese pages on loopback
(``bench.peerfarm``, in a process of its own that counts with nobody), and has everybody visit them in turn, round by
round: first; only the counters move; only the clocks; only the lists of much-read stories; everything; everything, and
one article in twenty is edited, gone or has another title. ``--rounds`` names some of them; above ``CLASSES`` pages
those in which one class moves are left out. Whatever is told in a quiet round is false, and so is in the last round
what is told of a page that was not edited; what is not told of an edited one is missed, and it is unread where the
words that changed are not in what was told.

Prints a table a size, ratios to Shixun (above 1: more than Shixun) and gates: more pages a second, less CPU a page and
less memory than webchanges and changedetection.io, at least level with urlwatch; nothing false, nothing missed. Exit
status 1 where a gate is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGTERM, signal
from urllib.request import ProxyHandler, build_opener

from bench.contestants import Contestant, Environments, Report, Shixun, Urlwatch, Webchanges
from bench.peerfarm import STEER
from bench.treecost import Cost
from bench.watchserver import Changedetection

CLASSES = 500
"""Up to so many pages there is a round for each class of what moves."""
ROUNDS: Mapping[str, Mapping[str, int]] = {
    "first": {"visit": 1},
    "counters": {"counter": 2},
    "clocks": {"clock": 2},
    "lists": {"hot": 2},
    "everything": {"visit": 2, "counter": 3, "clock": 3, "hot": 3},
    "edits": {"visit": 3, "counter": 4, "clock": 4, "hot": 4, "edited": 1},
}
"""What is served in each round, beside what was before."""
LEVEL = 1.05
"""How much more than urlwatch counts as level with it."""
PEERS: Mapping[str, Callable[[Path, Path, Sequence[str]], Contestant]] = {
    "urlwatch": Urlwatch,
    "webchanges": Webchanges,
    "changedetection.io": Changedetection,
}


@dataclass(slots=True)
class Score:
    """What a contestant took in each round, and what it got wrong."""

    costs: dict[str, Cost] = field(default_factory=dict)
    false: dict[str, int] = field(default_factory=dict)
    missed: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)

    @property
    def cpu(self) -> float:
        """CPU seconds of all rounds."""
        return sum(cost.cpu for cost in self.costs.values())

    @property
    def wall(self) -> float:
        """Seconds of all rounds."""
        return sum(cost.wall for cost in self.costs.values())

    @property
    def peak(self) -> float:
        """The most MB of any round."""
        return max(cost.peak for cost in self.costs.values())


Edits = Mapping[str, Mapping[str, str]]
"""The edits by address: kind, words that a report must show, encoding of the page."""


@dataclass(frozen=True, slots=True)
class Farm:
    """The pages that are served."""

    port: int
    sites: Sequence[Mapping[str, Sequence[str]]]

    @property
    def pages(self) -> list[str]:
        """Every address."""
        return [page for site in self.sites for page in site["pages"]]

    def steer(self, moved: Mapping[str, int]) -> Edits:
        """Say what is served from now on."""
        asked = "&".join(f"{name}={count}" for name, count in moved.items())
        with build_opener(ProxyHandler({})).open(
            f"http://{self.sites[0]['host']}:{self.port}{STEER}?{asked}"
        ) as answer:
            told = json.load(answer)
        return {f"http://{each['host']}:{self.port}{each['path']}": each for each in told}


@contextmanager
def served(pages: int, seed: int) -> Iterator[Farm]:
    """The pages in a process of their own."""
    command = [sys.executable, "-m", "bench.peerfarm", str(pages), str(seed)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            told = json.loads(process.stdout.readline())
            yield Farm(told["port"], told["sites"])
        finally:
            process.stdin.close()


def folded(words: str) -> str:
    """Words as they are compared: of one width, on one line."""
    return "".join(unicodedata.normalize("NFKC", words).split())


def judge(score: Score, name: str, report: Report, edits: Edits, words: Callable[[str], str]) -> None:
    """Count what a round's report got wrong. ``words`` says what was told, given what the report holds of a page."""
    score.costs[name] = report.cost
    score.false[name] = len(report.told.keys() - edits.keys())
    for page, edit in edits.items():
        kind = f"{edit['kind']} {edit['encoding']}"
        if page not in report.told:
            score.missed[kind] += 1
        elif folded(edit["said"])[1:-1] not in folded(words(report.told[page])):
            score.unread[kind] += 1


def rounds_of(pages: int) -> list[str]:
    """The rounds on so many pages."""
    return list(ROUNDS) if pages <= CLASSES else ["first", "everything", "edits"]


def compete(farm: Farm, everybody: Sequence[Contestant], rounds: Sequence[str]) -> dict[str, Score]:
    """The rounds in their order; who fails is told and stays out."""
    scores = {each.name: Score() for each in everybody}
    for name, moved in [(name, moved) for name, moved in ROUNDS.items() if name in rounds]:
        edits = farm.steer(moved)
        for each in [each for each in everybody if each.name in scores]:
            try:
                report = each.visit()
            except (TimeoutError, RuntimeError, OSError) as fault:
                sys.stdout.write(f"{each.name} fails in round {name}: {fault}\n")
                del scores[each.name]
                continue
            known = Report(report.cost, {}) if name == "first" else report
            judge(scores[each.name], name, known, edits, each.words if isinstance(each, Changedetection) else str)
            cost = report.cost
            sys.stderr.write(f"{name} {each.name}: CPU {cost.cpu:.1f} s, wall {cost.wall:.1f} s, {cost.peak:.0f} MB\n")
    return scores


def table(scores: Mapping[str, Score], pages: int, edited: int) -> Iterator[str]:
    """What is printed of a size."""
    ours = scores["Shixun"]
    heads = f"{'pages/s':>9}{'CPU ms a page':>15}{'MB':>6}{'CPU':>7}{'MB':>7}"
    yield f"{'':20}{heads}{'false':>7}{'missed':>8}{'unread':>8}"
    for name, score in scores.items():
        visits = pages * len(score.costs)
        ratios = f"{score.cpu / ours.cpu:6.2f}x{score.peak / ours.peak:6.2f}x"
        wrong = f"{sum(score.false.values()):7}{sum(score.missed.values()):8}{sum(score.unread.values()):8}"
        spent = f"{visits / score.wall:9.1f}{1000 * score.cpu / visits:15.2f}{score.peak:6.0f}"
        yield f"{name:20}{spent}{ratios}{wrong}"
    rounds = list(ours.costs)
    yield f"CPU ms a page   {''.join(f'{name:>12}' for name in rounds)}"
    for name, score in scores.items():
        yield f"{name:20}" + "".join(f"{1000 * score.costs[each].cpu / pages:12.2f}" for each in rounds)[4:]
    yield f"told falsely    {''.join(f'{name:>12}' for name in rounds)}  of {pages} pages"
    for name, score in scores.items():
        yield f"{name:20}" + "".join(f"{score.false[each]:12}" for each in rounds)[4:]
    for name, score in scores.items():
        for what, counted in (("missed", score.missed), ("unread", score.unread)):
            if counted:
                said = ", ".join(f"{kind} {count}" for kind, count in sorted(counted.items()))
                yield f"{name} {what} of {edited} edits: {said}"


def gates(scores: Mapping[str, Score]) -> Iterator[str]:
    """The gates that are missed, a line each."""
    ours = scores["Shixun"]
    for name, score in scores.items():
        if name == "Shixun":
            continue
        room = LEVEL if name == "urlwatch" else 1.0
        for what, we, they in (
            ("seconds a page", ours.wall, score.wall),
            ("CPU a page", ours.cpu, score.cpu),
            ("memory", ours.peak, score.peak),
        ):
            if we > they * room:
                yield f"OVER: {what} {we / they:.2f} times that of {name}"
    for what, count in (("false", sum(ours.false.values())), ("missed", ours.missed.total())):
        if count:
            yield f"OVER: {what} {count}"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--pages", type=int, nargs="+", default=[300, 2000])
    parser.add_argument("--peers", nargs="*", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--rounds", nargs="+", choices=list(ROUNDS), help="the first is always among them")
    parser.add_argument("--environments", type=Path, default=Path("build/peers"))
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    # Ended from outside, it still ends the server and the pages' process, and clears its folder.
    signal(SIGTERM, lambda *_: sys.exit(143))
    made = Environments(given.environments.resolve())
    for name in given.peers:
        made.of(name)
    missed: list[str] = []
    for pages in given.pages:
        with served(pages, given.seed) as farm:
            missed += run_size(farm, given.peers, made, ["first", *(given.rounds or rounds_of(pages))])
    return int(bool(missed))


def run_size(farm: Farm, peers: Sequence[str], made: Environments, rounds: Sequence[str]) -> list[str]:
    """The rounds on a farm's pages, printed; the gates that are missed."""
    with tempfile.TemporaryDirectory() as folder:
        everybody: list[Contestant] = [Shixun(Path(folder, "shixun"), farm.sites)]
        everybody += [PEERS[name](Path(folder, name), made.of(name), farm.pages) for name in peers]
        count = len(farm.pages)
        sys.stdout.write(f"{count} pages of {len(farm.sites)} sites\n")
        for each in everybody:
            sys.stdout.write(f"  {each.name} {made.versions.get(each.name, '')}: {each.set_up}\n")
        try:
            scores = compete(farm, everybody, rounds)
        finally:
            for each in everybody:
                each.close()
        lines = [*table(scores, count, len(farm.steer(ROUNDS["edits"]))), *(over := list(gates(scores)))]
        sys.stdout.writelines(f"{line}\n" for line in lines)
        sys.stdout.flush()
    return over


if __name__ == "__main__":
    sys.exit(main())
