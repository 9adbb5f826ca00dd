"""At which hours of the week news comes, learned from when it came. Pure.

Time is counted in hours of China's clock as plain numbers, since a schedule is made of very many sums of them: hour 0
is a Monday's midnight. A week has 168 hours; the rate of each is the mean of a Gamma posterior, whose prior is what all
columns together show, so that a column with little history is taken to keep office hours where the others do.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

WEEK = 168
_MONDAY = datetime(1970, 1, 4, 16, tzinfo=UTC)
"""Midnight of a Monday in China."""

Story = tuple[float, float]
"""When a column was last seen without a story, and when it named it, in hours; it came between the two."""

_ROUNDS, _ROUNDS_OF_ALL = 3, 12
"""Rounds in which stories are dealt out to the hours between two visits and the rates counted anew (EM)."""
_LONGEST = 24.0
_FLAT = 2.0
"""Stories that an hour of the day is taken to have had as in an even rhythm, besides those counted."""
_HOUR_PRIOR = 2.0
_DAY_PRIOR = 2.0
"""The weight of what is shared, in stories, against a column's own hours and its own days of the week."""
_LEVEL_PRIOR = 1.0
"""The weight, in stories, of an ordinary column's rate against a column's own."""
_HALF_LIFE = 28 * 24.0
"""Hours after which a story says half as much of its column: habits change."""
_LATELY = 72.0
_LULL_PRIOR = 2.0
"""A holiday's silence, or a burst: the stories of the last days against those that were to be expected."""
_LEAST, _MOST = 0.1, 3.0


def hour_of(moment: datetime) -> float:
    """An aware moment as hours since a Monday's midnight in China."""
    return (moment - _MONDAY).total_seconds() / 3600


def moment_of(hour: float) -> datetime:
    """The moment, aware UTC, of such an hour."""
    return _MONDAY + timedelta(hours=hour)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Rates for the 168 hours of a week, from Monday's midnight in China, and their running sum (169 numbers)."""

    rates: tuple[float, ...]
    sums: tuple[float, ...]

    @staticmethod
    def of(rates: Sequence[float]) -> Rhythm:
        """The rhythm of these 168 rates."""
        return Rhythm(tuple(rates), (0.0, *accumulate(rates)))

    def until(self, hour: float) -> float:
        """The sum of the rates from hour 0 to an hour."""
        weeks, rest = divmod(hour, WEEK)
        whole = int(rest)
        return weeks * self.sums[-1] + self.sums[whole] + (rest - whole) * self.rates[whole]

    def when(self, total: float) -> float:
        """The hour at which that sum is reached: the inverse of ``until``. All rates must be above 0."""
        weeks, rest = divmod(total, self.sums[-1])
        whole = min(bisect_right(self.sums, rest) - 1, WEEK - 1)
        return weeks * WEEK + whole + (rest - self.sums[whole]) / self.rates[whole]

    def even(self) -> Rhythm:
        """The same rhythm with a mean rate of 1: a clock that runs fast while people work."""
        mean = self.sums[-1] / WEEK
        return Rhythm.of([rate / mean for rate in self.rates])


EVEN = Rhythm.of([1.0] * WEEK)
"""Every hour like every other: what holds before anything was learned."""


def shared_rhythm(stories: Sequence[Story], now: float) -> Rhythm:
    """When in the week stories come on the whole, with a mean rate of 1.

    Workdays are taken together, and so are Saturday and Sunday: 48 rates, each drawn towards an even one.
    """
    rhythm = EVEN
    for _ in range(_ROUNDS_OF_ALL):
        found = [0.0] * 48
        for story in stories:
            for hour, share in _dealt(story, rhythm):
                found[_bin(hour)] += share * _weight(story[1], now)
        total = sum(found)
        even = [total * (5 if slot < 24 else 2) / WEEK for slot in range(48)]
        factors = [(_FLAT + n) / (_FLAT + expected) for n, expected in zip(found, even, strict=True)]
        rhythm = Rhythm.of([factors[_bin(hour)] for hour in range(WEEK)]).even()
    return rhythm


def _dealt(story: Story, rhythm: Rhythm) -> list[tuple[int, float]]:
    """The hours of the week in which a story may have come, with the chance of each by the rates that are known."""
    after, found = story
    after = min(after, found)
    hours = range(int(max(after, found - _LONGEST)), int(found) + 1)
    if len(hours) == 1:
        return [(hours[0] % WEEK, 1.0)]
    rates = [rhythm.rates[hour % WEEK] * (min(hour + 1, found) - max(hour, after)) for hour in hours]
    total = sum(rates)
    if total <= 0:
        return [(hours[-1] % WEEK, 1.0)]
    return [(hour % WEEK, max(rate, 0.0) / total) for hour, rate in zip(hours, rates, strict=True)]


def column_rhythms(
    stories: Mapping[str, Sequence[Story]], since: Mapping[str, float], shared: Rhythm, now: float
) -> dict[str, Rhythm]:
    """The rhythm of each column in stories an hour. ``since`` is when each column began to be watched, in hours."""
    spans = {column: _span(began, now) for column, began in since.items()}
    counts = {column: sum(_weight(story[1], now) for story in stories.get(column, ())) for column in since}
    watched = sum(spans.values())
    ordinary = (sum(counts.values()) + 0.1) / (watched + 24.0)
    rhythms = {}
    for column, span in spans.items():
        level = (_LEVEL_PRIOR + counts[column]) / (_LEVEL_PRIOR / ordinary + span)
        lately = min(_LATELY, now - since[column])
        rhythm = _own(stories.get(column, ()), span, level, shared, now)
        found = sum(story[1] > now - lately for story in stories.get(column, ()))
        expected = rhythm.until(now) - rhythm.until(now - lately)
        mood = min(max((_LULL_PRIOR + found) / (_LULL_PRIOR + expected), _LEAST), _MOST)
        rhythms[column] = Rhythm.of([rate * mood for rate in rhythm.rates])
    return rhythms


def _own(stories: Sequence[Story], span: float, level: float, shared: Rhythm, now: float) -> Rhythm:
    """A column's rates: the level, spread as the shared rhythm is, bent by the column's own hours and weekdays."""
    weeks, rhythm = span / WEEK, Rhythm.of([level * rate for rate in shared.rates])
    hourly, daily = [0.0] * 48, [0.0] * 7
    for hour, rate in enumerate(rhythm.rates):
        hourly[_bin(hour)] += rate * weeks
        daily[hour // 24] += rate * weeks
    for _ in range(_ROUNDS if stories else 1):
        by_hour, by_day = [0.0] * 48, [0.0] * 7
        for story in stories:
            weight = _weight(story[1], now)
            for hour, share in _dealt(story, rhythm):
                by_hour[_bin(hour)] += weight * share
                by_day[hour // 24] += weight * share
        bent_hour = [(_HOUR_PRIOR + n) / (_HOUR_PRIOR + e) for n, e in zip(by_hour, hourly, strict=True)]
        bent_day = [(_DAY_PRIOR + n) / (_DAY_PRIOR + e) for n, e in zip(by_day, daily, strict=True)]
        rates = [rate * bent_hour[_bin(hour)] * bent_day[hour // 24] for hour, rate in enumerate(shared.rates)]
        scale = level * WEEK / sum(rates)
        rhythm = Rhythm.of([max(rate * scale, 1e-6) for rate in rates])
    return rhythm


def _bin(hour: int) -> int:
    """Which of 48 kinds an hour of the week is: the hours of a workday, then those of a weekend's day."""
    return hour % 24 + (24 if hour >= 5 * 24 else 0)


def _weight(story: float, now: float) -> float:
    return float(0.5 ** (max(now - story, 0.0) / _HALF_LIFE))


def _span(began: float, now: float) -> float:
    """Hours of watching, the older the less."""
    whole = max(now - began, 0.0)
    return float(_HALF_LIFE / 0.6931471805599453 * (1 - 0.5 ** (whole / _HALF_LIFE)))
