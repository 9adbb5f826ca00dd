"""What is seen of a made province at equal numbers of requests: fixed intervals, Shixun's policy, and an oracle.

``python -m bench.recrawl [--sites 200] [--pages 60000] [--days 90] [--seed 1]`` (``make bench-recrawl``) plays two
provinces (``bench.province``) to the end with each way of looking again. First Shixun's: ``crawler.recrawl.next_due``
with the habits that ``crawler.habits`` learns from what it saw, called as a crawl calls them; then, with as many
requests, one interval for all pages; one for columns and one for articles; intervals by age; and an oracle.

Each site costs the same number of requests in every way. The intervals of the second and third are those that see most
of the edits, looked for on a tenth of the very sites that they are then judged on. The oracle knows every story's true
rate of edits at every moment and every column's true rate of news; it visits a story when the expected number of unseen
edits reaches its site's threshold, which is the best there is for Poisson edits, and a column by the edits that its
unfound stories are to have; the weight of columns against stories is looked for in the same way. Nobody knows what will
happen.

An edit is seen where a visit comes after it and before the next edit, the withdrawal and the last day, and the story
had been read before it. The gates: the policy misses at most half the edits that the better of the fixed intervals
miss, and sees at least .90 of those the oracle sees. Exit status 1 where one does not hold.
"""

from __future__ import annotations

import argparse
import heapq
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import inf
from statistics import median
from typing import Protocol

from bench.oracle import Oracle
from bench.policy import Policy
from bench.province import START, Province, laws, make_province

HALF, ORACLE_SHARE = 0.5, 0.90
TUNED_ON = 10
"""Every how manieth site the free figures of the others are looked for on."""


class Way(Protocol):
    """A way of looking again. Stories and columns are known by their numbers, moments are hours of China's clock."""

    def column(self, number: int, hour: float, found: Sequence[int], answered: bool) -> float:
        """When to visit a column again that was just visited and named these stories for the first time."""
        ...

    def story(self, number: int, hour: float, edited: bool, withdrawn: bool, answered: bool) -> float:
        """When to visit a story again; ``inf`` for never."""
        ...


@dataclass(slots=True)
class Seen:
    """What came of it: requests to each site, edits seen with their delays in hours, and withdrawals."""

    by_site: list[int]
    edits: int = 0
    delays: list[float] = field(default_factory=list)
    withdrawals: list[float] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """All requests."""
        return sum(self.by_site)

    def share(self, province: Province) -> float:
        """The share of all edits that was seen."""
        return self.edits / max(province.edits(), 1)


class Fixed:
    """Intervals in hours: one for columns, and one for articles of each age (up to so many hours), in each site."""

    def __init__(self, province: Province, columns: Sequence[float], articles: Sequence[Sequence[float]]) -> None:
        self._stories = province.stories
        self._sites = [column.site for column in province.columns]
        self._columns, self._articles = columns, articles

    def column(self, number: int, hour: float, found: Sequence[int], answered: bool) -> float:
        return hour + self._columns[self._sites[number]]

    def story(self, number: int, hour: float, edited: bool, withdrawn: bool, answered: bool) -> float:
        if withdrawn:
            return inf
        story = self._stories[number]
        return hour + self._articles[story.site][bisect_right(UPTO, hour - story.born)]


class Play:
    """A province from its first hour to its last, looked at in one way."""

    def __init__(self, province: Province, way: Way) -> None:
        self._province, self._way = province, way
        self._queue: list[tuple[float, int]] = []
        self._listed = [0] * len(province.columns)
        self._visited = [-inf] * len(province.stories)
        self._gone = [False] * len(province.stories)
        self.seen = Seen([0] * len(province.down))

    def run(self) -> Seen:
        """Play it. Columns have negative numbers in the queue."""
        queue, columns, end = self._queue, len(self._province.columns), self._province.end
        for number in range(columns):
            # The first crawl takes the first day, and finds all that is old.
            heapq.heappush(queue, (START + 24 * number / columns, ~number))
        while queue and queue[0][0] < end:
            hour, number = heapq.heappop(queue)
            again = self._column(~number, hour) if number < 0 else self._story(number, hour)
            if again < end:
                heapq.heappush(queue, (max(again, hour + 1 / 60), number))
        return self.seen

    def _answers(self, site: int, hour: float) -> bool:
        return not any(start <= hour < end for start, end in self._province.down[site])

    def _column(self, number: int, hour: float) -> float:
        column = self._province.columns[number]
        self.seen.by_site[column.site] += 1
        if not self._answers(column.site, hour):
            return self._way.column(number, hour, (), False)
        found = []
        stories = self._province.stories
        while self._listed[number] < len(column.stories):
            story = column.stories[self._listed[number]]
            if stories[story].born > hour:
                break
            self._listed[number] += 1
            if stories[story].withdrawn > hour:
                found.append(story)
        for story in found:
            heapq.heappush(self._queue, (self._story(story, hour), story))
        return self._way.column(number, hour, found, True)

    def _story(self, number: int, hour: float) -> float:
        story, last = self._province.stories[number], self._visited[number]
        self.seen.by_site[story.site] += 1
        if not self._answers(story.site, hour):
            return self._way.story(number, hour, False, False, False)
        gone = story.withdrawn <= hour
        edited = False
        if last > -inf and not gone:
            fresh = [edit for edit in story.edits if last < edit <= hour]
            edited = bool(fresh)
            if fresh:
                self.seen.edits += 1
                self.seen.delays.append(hour - fresh[-1])
        if gone and not self._gone[number]:
            self._gone[number] = True
            self.seen.withdrawals.append(hour - story.withdrawn)
        self._visited[number] = hour
        return self._way.story(number, hour, edited, gone, True)


def play(province: Province, way: Way) -> Seen:
    """What a way of looking again sees of a province."""
    return Play(province, way).run()


def at_requests(
    province: Province, make: Callable[[list[float]], Way], wanted: Sequence[int], scales: list[float], rounds: int
) -> tuple[Seen, list[float]]:
    """What is seen where each site costs that many requests.

    ``make`` takes a scale for each site, of which more makes fewer requests; they are brought nearer by the ratio of
    what they spend and what is wanted, in so many rounds; one that is right within half a per cent stays.
    """
    for _ in range(rounds):
        seen, tried = play(province, make(scales)), scales
        ratios = [spent / want for spent, want in zip(seen.by_site, wanted, strict=True)]
        scales = [
            scale * min(max(ratio, 0.25), 4.0) if abs(ratio - 1) > 0.005 else scale
            for scale, ratio in zip(scales, ratios, strict=True)
        ]
        if scales == tried:
            break
    return seen, tried


def some_sites(province: Province) -> list[int]:
    """Every tenth site."""
    return [site for site in range(len(province.down)) if site % TUNED_ON == 0]


COLUMN_WAITS = (0.33, 0.67, 1.0, 1.5, 2.0, 3.0, 6.0)
"""Hours tried between two visits to a column."""
TIERS = (
    (1.0, 3.0, 10.0, 30.0),
    (1.0, 4.0, 16.0, 64.0),
    (1.0, 12.0, 60.0, 400.0),
)
"""How the intervals of articles may stand to each other at the ages of ``UPTO``."""
UPTO = (24.0, 168.0, 720.0)


def one_interval(province: Province, wanted: Sequence[int]) -> Seen:
    """One interval for columns and articles alike."""

    def make(scales: list[float]) -> Way:
        return Fixed(province, scales, [[scale] * 4 for scale in scales])

    return at_requests(province, make, wanted, fitting(province, wanted, None, (1.0,) * 4), 2)[0]


def fitting(province: Province, wanted: Sequence[int], column: float | None, shape: Sequence[float]) -> list[float]:
    """For each site the scale of a shape at which it costs that many requests, where columns wait so many hours.

    Hours of life by age tell how many visits there are; ``column`` is ``None`` where columns wait as articles do.
    """
    visits, spent = [0.0] * len(wanted), [0.0] * len(wanted)
    for one in province.columns:
        hours = province.end - START
        if column is None:
            visits[one.site] += hours
        else:
            spent[one.site] += hours / column
    for story in province.stories:
        spent[story.site] += 1
        edges = [story.born, *(story.born + upto for upto in UPTO), inf]
        for low, high, step in zip(edges, edges[1:], shape, strict=False):
            visits[story.site] += max(min(high, province.end, story.withdrawn) - max(low, START), 0.0) / step
    return [hours / max(want - cost, 0.02 * want) for hours, want, cost in zip(visits, wanted, spent, strict=True)]


def tuned_intervals(province: Province, wanted: Sequence[int], shapes: Sequence[Sequence[float]]) -> tuple[Seen, str]:
    """The best of fixed intervals for columns and, of these shapes, for articles by age, at so many requests."""
    sites = some_sites(province)
    sample, few = province.only(sites), [wanted[site] for site in sites]
    best: tuple[int, float, Sequence[float]] | None = None
    for shape in shapes:
        for column in COLUMN_WAITS:
            seen = play(sample, _by_age(sample, column, shape)(fitting(sample, few, column, shape)))
            if seen.requests < 1.03 * sum(few) and (best is None or seen.edits > best[0]):
                best = (seen.edits, column, shape)
    assert best is not None
    _, column, shape = best
    scales = fitting(province, wanted, column, shape)
    seen, scales = at_requests(province, _by_age(province, column, shape), wanted, scales, 2)
    waits = ", ".join(f"{median(scales) * step:.2g}" for step in dict.fromkeys(shape))
    return seen, f"columns {column:.2g} h, articles about {waits} h"


def _by_age(province: Province, column: float, shape: Sequence[float]) -> Callable[[list[float]], Way]:
    def make(scales: list[float]) -> Way:
        return Fixed(province, [column] * len(scales), [[scale * step for step in shape] for scale in scales])

    return make


def tuned_oracle(province: Province, wanted: Sequence[int]) -> Seen:
    """What the oracle sees, with the best weight of columns."""
    sites = some_sites(province)
    sample, few = province.only(sites), [wanted[site] for site in sites]
    tried = []
    for weight in (1.0, 2.0):
        knows = partial(Oracle, sample, weight)
        seen, scales = at_requests(sample, knows, few, [0.05] * len(few), 3)
        tried.append((seen.edits, weight, median(scales)))
    _, weight, scale = max(tried)
    return at_requests(province, partial(Oracle, province, weight), wanted, [scale] * len(wanted), 3)[0]


def rows(province: Province) -> dict[str, Seen]:
    """What each way sees, by name, the policy's first."""
    ours = play(province, Policy(province))
    two, its_waits = tuned_intervals(province, ours.by_site, [(1.0,) * 4])
    ages, their_waits = tuned_intervals(province, ours.by_site, TIERS)
    return {
        "one interval for all": one_interval(province, ours.by_site),
        f"two intervals, tuned: {its_waits}": two,
        f"by age, tuned: {their_waits}": ages,
        "Shixun's policy": ours,
        "oracle": tuned_oracle(province, ours.by_site),
    }


def table(province: Province, seen: dict[str, Seen]) -> Iterator[str]:
    """The figures of a province, a line each."""
    edits, gone = province.edits(), sum(story.withdrawn < province.end for story in province.stories)
    yield (
        f"{province.law.name}: {len(province.down)} sites, {province.pages()} pages, {province.days} days; "
        f"{edits} edits, {gone} withdrawals"
    )
    yield f"  {'requests':>9} {'edits seen':>11} {'missed':>8} {'delay h':>8} {'withdrawals':>12} {'delay h':>8}"
    for name, one in seen.items():
        delay, later = (median(of) if of else 0.0 for of in (one.delays, one.withdrawals))
        yield (
            f"  {one.requests:9} {one.share(province):11.3f} {edits - one.edits:8} {delay:8.2f} "
            f"{len(one.withdrawals):12} {later:8.1f}  {name}"
        )


def gates(province: Province, seen: dict[str, Seen]) -> Iterator[tuple[bool, str]]:
    """Which gates hold in a province, with their figures."""
    ours, oracle, *fixed = (
        seen["Shixun's policy"],
        seen["oracle"],
        *(one for name, one in seen.items() if name.startswith(("one", "two"))),
    )
    least = min(province.edits() - one.edits for one in fixed)
    missed = province.edits() - ours.edits
    yield missed <= HALF * least, f"misses {least / max(missed, 1):.2f} times fewer edits than fixed intervals (≥ 2)"
    part = ours.edits / max(oracle.edits, 1)
    yield part >= ORACLE_SHARE, f"sees {part:.3f} of the edits that the oracle sees (≥ {ORACLE_SHARE})"


def main() -> None:
    """Print the tables; exit status 1 where a gate does not hold."""
    asked = argparse.ArgumentParser(prog="python -m bench.recrawl", description=__doc__.split("\n", 1)[0])
    asked.add_argument("--sites", type=int, default=200)
    asked.add_argument("--pages", type=int, default=60_000)
    asked.add_argument("--days", type=int, default=90)
    asked.add_argument("--seed", type=int, default=1, help="draws the laws and what happens under them")
    given = asked.parse_args()
    failed = False
    for law in laws(given.seed):
        province = make_province(law, given.seed, sites=given.sites, pages=given.pages, days=given.days)
        seen = rows(province)
        for line in table(province, seen):
            sys.stdout.write(f"{line}\n")
        for holds, said in gates(province, seen):
            failed = failed or not holds
            sys.stdout.write(f"  {'holds' if holds else 'FAILS'}: {said}\n")
        sys.stdout.flush()
    sys.exit(failed)


if __name__ == "__main__":
    main()
