"""Questions timed one after another, and their table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from statistics import median, quantiles
from time import perf_counter

Ask = Callable[[Random], object]

TRIES = 3
"""What else the machine does at that moment is not the archive's time."""


def timed(
    asked: Mapping[str, tuple[Ask, float]], rounds: int, clock: Callable[[], float] = perf_counter
) -> dict[str, list[float]]:
    """Milliseconds of each question in each round, all questions taking turns."""
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(rounds):
        for name, (ask, _) in asked.items():
            fastest = float("inf")
            for _ in range(TRIES):
                dice, start = Random(f"{name} {number}"), clock()
                ask(dice)
                fastest = min(fastest, 1000 * (clock() - start))
            taken[name].append(fastest)
    return taken


def table(taken: Mapping[str, list[float]], asked: Mapping[str, tuple[Ask, float]]) -> str:
    """What is printed."""
    lines = [f"{'ms':28} {'p50':>8} {'p95':>8} {'gate':>6}"]
    for name, times in taken.items():
        over = "" if p95(times) <= asked[name][1] else "  OVER"
        lines.append(f"{name:28} {median(times):8.1f} {p95(times):8.1f} {asked[name][1]:6.0f}{over}")
    return "\n".join(lines) + "\n"


def p95(times: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(times, n=20)[-1]
