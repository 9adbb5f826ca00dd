"""Made provinces for ``bench.recrawl``: sites with columns, stories with edits and withdrawals, days without answer.

Two provinces under different laws, neither of them the model of ``crawler.recrawl``: lags of edits are drawn from
mixtures of lognormal, Weibull and uniform laws, not from rates by bands of age; stories come in batches, bursts and at
evening hours as well; edits breed edits; holidays are silent. How much a site, a column and a story is edited is
heavy-tailed. ``--seed`` draws the laws' own figures too. Times are hours of China's clock, as in ``crawler.rhythm``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import accumulate
from math import erf, exp, inf, log, sqrt
from random import Random

from crawler.rhythm import WEEK, hour_of
from storage.records import CHINA

START = hour_of(datetime(2026, 1, 5, tzinfo=CHINA))
"""A Monday; the spring festival's silence comes on the fortieth day."""
HOLIDAY = (START + 40 * 24, START + 48 * 24)
AGES = (0.0, *(0.05 * 1.25**step for step in range(58)))
"""Hours of age between which a law of lags is taken to be even: from 3 minutes to two years."""


@dataclass(frozen=True, slots=True)
class Law:
    """How a province behaves. ``lag`` is the share of a story's edits that come before an age in hours.

    ``edits`` is the mean number of edits of a story, ``breeding`` the chance that an edit brings another within about
    ``breeding_hours``, ``bulletins`` the share of stories that are edited for ever, ``withdrawn`` the share that is
    withdrawn, ``withdrawal`` the median hours until then (lognormal, with ``spread``), ``holiday`` what is left of the
    news then. ``shapes`` draws the hours of a column.
    """

    name: str
    lag: Callable[[float], float]
    edits: float
    breeding: float
    breeding_hours: float
    bulletins: float
    withdrawn: float
    withdrawal: float
    spread: float
    holiday: float
    shapes: Sequence[Callable[[Random], list[float]]]
    work: Sequence[float]


@dataclass(slots=True)
class Story:
    """An article. ``amount`` is the number of edits its law lets expect, ``pulse`` those a bulletin has in an hour."""

    site: int
    column: int
    born: float
    amount: float
    pulse: float
    edits: list[float]
    withdrawn: float


@dataclass(slots=True)
class Column:
    """A list page: its site, its true rates by the hour of the week, and the numbers of its stories by birth."""

    site: int
    rates: list[float]
    stories: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Province:
    """All of it. ``down`` are the spans in which a site does not answer; ``work`` is when edits are made (mean 1)."""

    law: Law
    days: int
    columns: list[Column]
    stories: list[Story]
    down: list[list[tuple[float, float]]]
    shape: list[float]
    """The share of a story's edits to come in an hour, by the steps of ``AGES``."""

    @property
    def end(self) -> float:
        """The last hour."""
        return START + 24 * self.days

    def pages(self) -> int:
        """Columns and stories."""
        return len(self.columns) + len(self.stories)

    def only(self, sites: Sequence[int]) -> Province:
        """Some of its sites, as a province of their own."""
        place = {site: number for number, site in enumerate(sites)}
        columns = [
            replace(column, site=place[column.site], stories=[]) for column in self.columns if column.site in place
        ]
        kept = [number for number, column in enumerate(self.columns) if column.site in place]
        renamed = {number: place for place, number in enumerate(kept)}
        stories: list[Story] = []
        for story in self.stories:
            if story.site in place:
                columns[renamed[story.column]].stories.append(len(stories))
                stories.append(replace(story, site=place[story.site], column=renamed[story.column]))
        return replace(self, columns=columns, stories=stories, down=[self.down[site] for site in sites])

    def edits(self) -> int:
        """All edits of the time."""
        return sum(len(story.edits) for story in self.stories)


def laws(seed: int) -> tuple[Law, Law]:
    """Two laws whose figures are drawn by a seed: offices by day, and newsrooms that never quite sleep."""
    drawn = Random(seed)

    def about(figure: float) -> float:
        return figure * drawn.uniform(0.8, 1.25)

    soon, later, late = about(3.0), about(24.0), about(15 * 24.0)

    def offices(age: float) -> float:
        return 0.45 * _lognormal(age, soon, 1.0) + 0.35 * _lognormal(age, later, 0.9) + 0.2 * _lognormal(age, late, 1.3)

    scale, shape, span = about(9.0), drawn.uniform(0.6, 0.75), 24 * about(50.0)

    def newsrooms(age: float) -> float:
        return 0.82 * (1 - exp(-float((age / scale) ** shape))) + 0.18 * min(age / span, 1.0)

    day = _week(lambda hour, weekday: 0.05 + (8 <= hour < 18 and hour != 12) * (1.0 if weekday < 5 else 0.15))
    night = _week(lambda hour, weekday: 0.15 + (9 <= hour < 24) * (1.0 if weekday < 5 else 0.6) + (hour >= 20) * 0.8)
    habits = (_office, _office, _weekly, _morning), (_evening, _always, _office, _weekly)
    return (
        Law("offices", offices, about(0.6), 0.0, 1.0, 0.0015, 0.03, about(60.0), 1.6, 0.05, habits[0], day),
        Law("newsrooms", newsrooms, about(0.4), 0.2, about(2.5), 0.001, 0.02, about(12.0), 2.0, 0.3, habits[1], night),
    )


def _lognormal(age: float, median: float, spread: float) -> float:
    return 0.5 * (1 + erf(log(age / median) / (spread * sqrt(2)))) if age > 0 else 0.0


def _week(rate: Callable[[int, int], float]) -> list[float]:
    rates = [rate(hour % 24, hour // 24) for hour in range(WEEK)]
    mean = sum(rates) / WEEK
    return [one / mean for one in rates]


def _office(drawn: Random) -> list[float]:
    begin = drawn.choice((8, 9))
    return _week(lambda hour, weekday: 0.01 + (begin <= hour < 18) * (1.0 if weekday < 5 else 0.08))


def _morning(drawn: Random) -> list[float]:
    at = drawn.choice((6, 7, 8))
    return _week(lambda hour, _: 0.01 + (at <= hour < at + 2))


def _weekly(drawn: Random) -> list[float]:
    day, at = drawn.randrange(5), drawn.choice((9, 10, 15, 16))
    return _week(lambda hour, weekday: 0.005 + (weekday == day and at <= hour < at + 2))


def _evening(drawn: Random) -> list[float]:
    at = drawn.choice((16, 17, 18))
    return _week(lambda hour, _: 0.1 + (at <= hour < at + 6))


def _always(drawn: Random) -> list[float]:
    low = drawn.uniform(0.1, 0.3)
    return _week(lambda hour, weekday: (low if hour < 6 else 1.0) * (1.0 if weekday < 5 else 0.7))


def make_province(law: Law, seed: int, *, sites: int, pages: int, days: int) -> Province:
    """A province of so many sites and pages, watched for so many days; two fifths of its stories are older."""
    drawn = Random(f"{seed} {law.name}")
    before = [law.lag(age) for age in AGES]
    shape = [(b - a) / (high - low) for a, b, low, high in zip(before, before[1:], AGES, AGES[1:], strict=False)]
    province = Province(law, days, [], [], [], shape)
    weights = [drawn.lognormvariate(0, 0.9) for _ in range(sites)]
    for site, weight in enumerate(weights):
        some = drawn.randint(2, 6)
        shares = [drawn.lognormvariate(0, 0.8) * weight / sum(weights) for _ in range(some)]
        zeal = drawn.lognormvariate(-0.3, 0.75)
        rates = [drawn.choice(law.shapes)(drawn) for _ in range(some)]
        province.down.append(_outages(drawn, days))
        for share, own in zip(shares, rates, strict=True):
            _fill(province, site, own, share * pages / some * 1.5, zeal * drawn.lognormvariate(-0.25, 0.7), drawn)
    _trim(province, pages, drawn)
    return province


def _outages(drawn: Random, days: int) -> list[tuple[float, float]]:
    starts = sorted(START + 24 * drawn.uniform(5, max(days, 6)) for _ in range(drawn.choice((0, 0, 1, 1, 2))))
    return [(start, start + drawn.uniform(12, 30)) for start in starts]


def _fill(province: Province, site: int, rates: list[float], stories: float, zeal: float, drawn: Random) -> None:
    """A column with about so many stories: at single hours, or in batches where it publishes seldom."""
    number = len(province.columns)
    province.columns.append(Column(site, [0.6 * stories / (24 * province.days) * rate for rate in rates]))
    batch = drawn.choice((1, 1, 1, 2, 4))
    births = []
    for _ in range(_poisson(drawn, 0.6 * stories / batch)):
        moment = _hour(drawn, rates, province.days)
        if not (HOLIDAY[0] <= moment < HOLIDAY[1]) or drawn.random() < province.law.holiday:
            births += [moment + drawn.expovariate(4.0) for _ in range(drawn.randint(1, 2 * batch - 1))]
    births += [START - 24 * drawn.expovariate(1 / 200) for _ in range(_poisson(drawn, 0.4 * stories))]
    for born in births:
        if born < province.end:
            province.stories.append(_story(province, site, number, born, zeal, drawn))


def _hour(drawn: Random, rates: Sequence[float], days: int) -> float:
    week = drawn.randrange(-(-days // 7)) * WEEK
    sums = list(accumulate(rates))
    return START + week + bisect_right(sums, drawn.random() * sums[-1]) + drawn.random()


def _story(province: Province, site: int, column: int, born: float, zeal: float, drawn: Random) -> Story:
    law = province.law
    amount = law.edits * zeal * drawn.lognormvariate(-0.125, 0.5)
    pulse = drawn.lognormvariate(log(1 / 72), 0.7) if drawn.random() < law.bulletins else 0.0
    withdrawn = inf
    if drawn.random() < law.withdrawn:
        withdrawn = born + drawn.lognormvariate(log(law.withdrawal), law.spread)
        if withdrawn < START:
            withdrawn = inf
    story = Story(site, column, born, amount, pulse, [], withdrawn)
    story.edits = sorted(_edits(province, story, drawn))
    return story


def _edits(province: Province, story: Story, drawn: Random) -> list[float]:
    """Edits by thinning: proposed as often as at the busiest hour, kept as often as this hour is busy."""
    law, busiest = province.law, max(province.law.work)
    proposed = []
    for low, high, rate in zip(AGES, AGES[1:], province.shape, strict=False):
        if story.born + high > START and story.born + low < province.end:
            many = _poisson(drawn, (story.amount * rate + story.pulse) * (high - low) * busiest)
            proposed += [story.born + drawn.uniform(low, high) for _ in range(many)]
    edits = []
    for moment in proposed:
        if drawn.random() * busiest < law.work[int(moment) % WEEK]:
            edits.append(moment)
            while drawn.random() < law.breeding:
                edits.append(edits[-1] + drawn.expovariate(1 / law.breeding_hours))
    return [edit for edit in edits if START <= edit < min(province.end, story.withdrawn)]


def _poisson(drawn: Random, mean: float) -> int:
    """A Poisson number, by the sum of exponential gaps; normal where the mean is large."""
    if mean > 60:
        return max(0, round(drawn.gauss(mean, sqrt(mean))))
    number, left = 0, drawn.expovariate(1.0)
    while left < mean:
        number, left = number + 1, left + drawn.expovariate(1.0)
    return number


def _trim(province: Province, pages: int, drawn: Random) -> None:
    """Bring the number of pages to what was asked for: by lot, or with more old stories."""
    wanted = max(pages - len(province.columns), 0)
    while len(province.stories) < wanted:
        like = drawn.choice(province.stories)
        born = START - 24 * drawn.expovariate(1 / 200)
        province.stories.append(_story(province, like.site, like.column, born, 1.0, drawn))
    kept = min(wanted / len(province.stories), 1.0)
    for column in province.columns:
        column.rates = [rate * kept for rate in column.rates]
    province.stories = sorted(drawn.sample(province.stories, wanted), key=lambda story: story.born)
    for number, story in enumerate(province.stories):
        province.columns[story.column].stories.append(number)
