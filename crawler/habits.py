"""What a site's past says of its next days: when its columns bring news, how its articles change.

Pure. A site's schedule and its daily budget say how many requests it may cost; the habits say where they are worth
most. A visit is worth the changes that would be lost without it. For Poisson changes at rate r looked for at intervals
t that is ``1 - exp(-rt)(1 + rt)`` a visit, which is the same for all pages where rt is (compare Azar, Horvitz,
Lubetzky, Peres and Shahaf, Tractable near-optimal policies for crawling, PNAS 2018, on freshness). So every article is
due when the same number of changes is to be expected of it, the site's ``threshold``, which is set so that the requests
of a day are spent. A column is worth its stories' first hours: what is edited before a story is found is lost too, so
that finding stories is weighed on the same scale.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log2, sqrt

from crawler.hazard import (
    EDGES,
    Course,
    Hazards,
    Watched,
    expected,
    factor,
    learn_hazards,
    own_rate,
    scheduled,
    wait_by_age,
    wait_when_gone,
    watched,
)
from crawler.rhythm import Rhythm, column_rhythms, hour_of, shared_rhythm
from crawler.sites import Schedule
from storage.lives import Life

WATCHED_ENOUGH = 48.0
"""Hours: before a site has been watched for two days, the schedule alone holds."""
SECOND = timedelta(seconds=1)
QUICKEST = timedelta(minutes=10)
"""No page is asked for more often than that, unless the schedule itself says so."""
COLUMN_CEILING = timedelta(hours=24)
"""A column is looked at every day, however seldom it brings news, unless the schedule itself says otherwise."""
EAGER = 0.005
"""What a story that waits an hour to be found is worth besides its edits, in edits: a monitor should be early."""
_STALE = 96.0
"""Hours: what was so old already when it was found (on a list page further back) is no news."""
_RECENT = 14 * 24.0
_BINS = 4
"""Steps of rates in which the threshold is looked for, to a doubling."""


@dataclass(frozen=True, slots=True)
class Common:
    """What all sites together show: a clock that runs with their working hours (mean 1), and rates of change."""

    clock: Rhythm
    hazards: Hazards


@dataclass(frozen=True, slots=True)
class Habits:
    """What a site's past says of its next days.

    ``columns`` are stories an hour by column, ``factors`` how much more its articles change than the site's (whose
    rates are ``hazards``), ``pages`` the past of the articles that changed, ``threshold`` the changes to be expected at
    which an article is worth a visit, ``requests`` how many a day that makes.
    """

    clock: Rhythm
    hazards: Hazards
    columns: Mapping[str, Rhythm] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    pages: Mapping[int, Watched] = field(default_factory=dict)
    threshold: float = 0.02
    requests: float = 0.0

    def waiting(self, column: str) -> float:
        """Changes an hour of the clock that are lost of a story of a column that waits to be found."""
        return sum(self.hazards.first[:2]) / 2 * self.factors.get(column, 1.0)


def article_limits(schedule: Schedule) -> tuple[timedelta, timedelta]:
    """The shortest and the longest wait of an article: the longest lets no withdrawal go unseen."""
    shortest = max(min(schedule.day, QUICKEST), SECOND)
    return shortest, max(shortest, schedule.day, schedule.older)


def column_limits(schedule: Schedule) -> tuple[timedelta, timedelta]:
    """The shortest and the longest wait of a column."""
    return max(min(schedule.column, QUICKEST), SECOND), max(schedule.column, COLUMN_CEILING)


def learn_common(lives: Sequence[Life], schedule: Schedule, now: datetime) -> Common:
    """What articles of all sites show. Stories that a column named at its first visit are left out of the clock."""
    pasts = [watched(life) for life in lives]
    end = hour_of(now)
    stories = [_story(life, past) for life, past in zip(lives, pasts, strict=True) if past.since - past.born < _STALE]
    clock = shared_rhythm([story for story in stories if story], end)
    return Common(clock, learn_hazards(pasts, scheduled(schedule), clock))


def learn_habits(
    lives: Sequence[Life],
    columns: Mapping[str, datetime],
    schedule: Schedule,
    budget: int,
    common: Common,
    now: datetime,
    beyond: int = 0,
) -> Habits | None:
    """A site's habits; ``None`` before it has been watched long enough.

    ``columns`` are its columns and since when each is watched, ``lives`` its newest articles, ``beyond`` how many older
    ones it has besides, ``budget`` the requests that a day may cost.
    """
    end = hour_of(now)
    since = {column: hour_of(began) for column, began in columns.items()}
    if end - min(since.values(), default=end) < WATCHED_ENOUGH:
        return None
    pasts = [watched(life) for life in lives]
    stories: dict[str, list[tuple[float, float]]] = defaultdict(list)
    by_column: dict[str, list[Watched]] = defaultdict(list)
    for life, past in zip(lives, pasts, strict=True):
        by_column[life.column or ""].append(past)
        if past.since - past.born < _STALE and (story := _story(life, past)):
            stories[life.column or ""].append(story)
    hazards, factors = _factors(by_column, common)
    rhythms = column_rhythms(stories, since, common.clock, end)
    pages = {life.page_id: past for life, past in zip(lives, pasts, strict=True) if past.changes}
    habits = Habits(common.clock, hazards, rhythms, factors, pages)
    threshold, requests = _threshold(habits, lives, pasts, schedule, budget, end, beyond)
    return Habits(common.clock, hazards, rhythms, factors, pages, threshold, requests)


def _story(life: Life, past: Watched) -> tuple[float, float] | None:
    """Between which hours a story came; ``None`` for what its column named at its first visit."""
    return (hour_of(life.unlisted_at), past.since) if life.unlisted_at else None


def _factors(by_column: Mapping[str, Sequence[Watched]], common: Common) -> tuple[Hazards, dict[str, float]]:
    """The site's rates, and how much more each column's articles change.

    First changes only: a bulletin that changes every day says nothing of the articles beside it.
    """
    due = {
        column: sum(expected(common.hazards.first, past, common.clock) for past in pasts)
        for column, pasts in by_column.items()
    }
    seen = {column: sum(bool(past.changes) for past in pasts) for column, pasts in by_column.items()}
    whole = factor(sum(seen.values()), sum(due.values()), of_site=True)
    factors = {column: factor(seen[column], whole * due[column]) for column in by_column}
    return common.hazards.times(whole), factors


def course_of(habits: Habits, column: str | None, page_id: int, born: float) -> Course:
    """The rates of change that an article follows, by all that is known of it."""
    past, hazards = habits.pages.get(page_id), habits.hazards
    if past is None:
        return Course(((hazards.first, born, habits.factors.get(column or "", 1.0)),))
    curves = ((hazards.first, born, hazards.further), (hazards.again, past.changes[-1], 1.0))
    return Course(curves, own_rate(past, hazards, habits.clock))


def _threshold(
    habits: Habits,
    lives: Sequence[Life],
    pasts: Sequence[Watched],
    schedule: Schedule,
    budget: int,
    now: float,
    beyond: int,
) -> tuple[float, float]:
    """The threshold that spends what the schedule would, within the budget; and the requests a day that it makes.

    The articles of a site's next day are counted from those of its last two weeks, so that the hour does not matter.
    """
    articles: Counter[int] = Counter()
    spent, fixed = 0.0, beyond / _days(article_limits(schedule)[1])
    recent = 0.0
    for life, past in zip(lives, pasts, strict=True):
        age = now - past.born
        recent += age < _RECENT and past.since - past.born < _STALE
        wait = wait_by_age(age if not past.changes else now - past.changes[-1], schedule)
        if life.gone:
            fixed += 1 / _days(wait_when_gone(now - past.changes[-1] if past.changes else 0.0, schedule))
        elif age >= 24:
            spent += 1 / _days(wait)
            course = course_of(habits, life.column, life.page_id, past.born)
            articles[_step(course.rate(now))] += 1000
    daily = recent / (_RECENT / 24)
    spent += daily / _days(schedule.day)
    for band, low in enumerate(EDGES[:4]):
        articles[_step(habits.hazards.first[band])] += round(1000 * daily * (EDGES[band + 1] - low) / 24)
    columns: Counter[int] = Counter()
    for column, rhythm in habits.columns.items():
        spent += 1 / _days(schedule.column)
        lost = habits.waiting(column)
        pace = zip(rhythm.rates, habits.clock.rates, strict=True)
        columns.update(_step(sqrt(rate * (lost * busy + EAGER))) for rate, busy in pace)
    return _solve(articles, columns, schedule, fixed, min(spent + fixed, float(budget)))


def _solve(
    articles: Counter[int], columns: Counter[int], schedule: Schedule, fixed: float, wanted: float
) -> tuple[float, float]:
    limits = [[1 / _days(limit) for limit in pair] for pair in (article_limits(schedule), column_limits(schedule))]

    def requests(threshold: float) -> float:
        total = fixed
        for counts, share, (most, least) in ((articles, 1e-3, limits[0]), (columns, 1 / 168, limits[1])):
            for step, count in counts.items():
                total += share * count * min(max(24 * _rate(step) / threshold, least), most)
        return total

    low, high = -20.0, 4.0
    for _ in range(24):
        middle = (low + high) / 2
        if requests(2**middle) > wanted:
            low = middle
        else:
            high = middle
    return 2**high, requests(2**high)


def _step(rate: float) -> int:
    return round(_BINS * log2(max(rate, 1e-9)))


def _rate(step: int) -> float:
    return float(2 ** (step / _BINS))


def _days(span: timedelta) -> float:
    return max(span.total_seconds(), 1e-3) / 86400
