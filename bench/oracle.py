"""Who knows every rate: the best that can be seen with so many requests, for ``bench.recrawl``."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import inf

from bench.province import AGES, Province
from crawler.rhythm import Rhythm

STEP = 0.25
"""Hours: the steps in which the oracle looks forward where rates change fast."""
NEVER = 24.0 * 120


class Oracle:
    """Visits a story when ``threshold`` unseen edits are to be expected of it, by its true rate.

    For Poisson edits at any rates that is the best: of a story's visits the sum of ``1 - exp(-x)`` over the numbers x
    of edits to be expected between two of them is seen, which is greatest where all x are alike. ``weight`` is for
    columns: one is visited when that many edits (in squares of the threshold) are to be expected before they are found
    of the stories that wait there.
    """

    def __init__(self, province: Province, weight: float, thresholds: Sequence[float]) -> None:
        self._province, self._thresholds = province, thresholds
        self._work = Rhythm.of(province.law.work)
        self._sums = (0.0, *accumulate(s * (b - a) for s, a, b in zip(province.shape, AGES, AGES[1:], strict=False)))
        self._rhythms = [Rhythm.of(column.rates) for column in province.columns]
        known = [[province.stories[n].amount for n in column.stories] for column in province.columns]
        self._amounts = [sum(amounts) / len(amounts) if amounts else 0.0 for amounts in known]
        self._worth = [weight * threshold * threshold / 2 for threshold in thresholds]
        self._followed: dict[int, float] = {}

    def column(self, number: int, hour: float, found: Sequence[int], answered: bool) -> float:
        if not answered:
            return hour + 1.0
        rhythm, amount = self._rhythms[number], self._amounts[number]
        # The share of its edits that a story loses by waiting, from nothing to what the youngest hours hold.
        at, lost, worth = hour, 0.0, self._worth[self._province.columns[number].site]
        early = amount * self._before(2.0) / 2.0
        waiting = 0.0
        while lost < worth and at < hour + 24:
            came = rhythm.until(at + STEP) - rhythm.until(at)
            work = self._work.until(at + STEP) - self._work.until(at)
            lost += early * (waiting + came / 2) * work
            waiting += came
            at += STEP
        return at

    def story(self, number: int, hour: float, edited: bool, withdrawn: bool, answered: bool) -> float:
        if withdrawn:
            return inf
        if not answered:
            return hour + 1.0
        story = self._province.stories[number]
        law, left = self._province.law, self._thresholds[story.site]
        if edited:
            self._followed[number] = hour
        bred = self._followed.get(number, -inf) if law.breeding else -inf
        work, shape = self._work, self._province.shape
        at = hour
        step = bisect_right(AGES, max(at - story.born, 0.0)) - 1
        while step < len(shape):
            rate = story.amount * shape[step] + story.pulse
            if at - bred < 4 * law.breeding_hours:
                # What an edit may bring after it: spread over the hours in which it comes.
                end = min(story.born + AGES[step + 1], at + law.breeding_hours / 4)
                rate += law.breeding / (2 * law.breeding_hours)
            else:
                end = story.born + AGES[step + 1]
            there = work.until(at)
            due = rate * (work.until(end) - there)
            if due >= left:
                return work.when(there + left / rate)
            left -= due
            at = end
            if end >= story.born + AGES[step + 1]:
                step += 1
            if at > hour + NEVER:
                break
        return hour + NEVER

    def _before(self, age: float) -> float:
        """The share of a story's edits that is to come before an age."""
        step = min(bisect_right(AGES, age) - 1, len(self._province.shape) - 1)
        return self._sums[step] + self._province.shape[step] * (age - AGES[step])
