"""How likely an article is to change in the next hour, by its age and by how often it changed before. Pure.

A rate is the mean of a Gamma posterior over counts of changes (Poisson) in bands of age: so many changes seen, over so
many hours watched. Changes seen at visits understate the rate of a page that changes between two of them; a page that
does so often has a rate by Cho and Garcia-Molina's estimator (Estimating frequency of change, ACM TOIT 2003). For the
others a visit is due when a small part of a change is to be expected, so that two between visits are rare.

An article that never changed follows one curve, by its age. One that did has three parts: ``further`` times that
curve, since whoever writes carelessly mends more; a second curve by the time since its latest change, since mends come
in rows; and a rate of its own where it is a bulletin, which changes every day for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from math import inf, log

from crawler.rhythm import Rhythm, hour_of
from crawler.sites import Schedule
from storage.lives import Life
from storage.records import CHINA

EDGES = (0.0, 1.0, 3.0, 8.0, 24.0, 72.0, 168.0, 720.0, 2160.0, inf)
"""Hours of age at which the bands begin, and the end of the last."""
BANDS = len(EDGES) - 1
ORDINARY = 0.02
"""Changes to be expected when an article is visited as the schedule says, before anything was learned."""
_ROUNDS = 12
"""Rounds in which changes are dealt out to the ages between two visits and the rates counted anew (EM)."""
_FEW = 4
"""How many further changes of an article count for all others."""
_LATEST = 20
_OWN_HOURS = 48.0
"""An article's own rate is that of its latest changes, over at least so many hours of the clock."""
_ASLEEP = 100_000.0
_BAND_PRIOR = 1.0
_FEW_PRIOR = 0.5
_SITE_PRIOR = 4.0
_COLUMN_PRIOR = 3.0
_PAGE_PRIOR = 1.0
"""Weights of what is expected against what was seen, in changes."""


@dataclass(frozen=True, slots=True)
class Hazards:
    """Changes an hour by band: ``first`` by age, ``again`` by the time since the latest change; ``further`` times the
    former and the latter together are the rate of an article that changed."""

    first: tuple[float, ...]
    again: tuple[float, ...]
    further: float = 1.0

    def times(self, factor: float) -> Hazards:
        """The rates of articles that never changed so many times as high."""
        return replace(self, first=tuple(rate * factor for rate in self.first))


@dataclass(frozen=True, slots=True)
class Watched:
    """An article's past in hours of China's clock: when it was born, since when it is watched, until when.

    ``changes`` are the hours at which each was seen, ``before`` those of the visits before. ``gone`` are those whose
    last change was the end.
    """

    born: float
    since: float
    until: float
    changes: tuple[float, ...] = ()
    before: tuple[float, ...] = ()
    gone: bool = False


def birth(first_seen_at: datetime, listed_date: str | None) -> datetime:
    """When an article was published, as far as its list and its own date tell; never after it was found.

    A first crawl finds years of old articles at once. A bare day is over at its end: what was found on that day, or in
    the night after, may be minutes old.
    """
    if not listed_date:
        return first_seen_at
    try:
        printed = datetime.fromisoformat(listed_date)
    except ValueError:
        return first_seen_at
    printed = printed if printed.tzinfo else printed.replace(tzinfo=CHINA)
    if "T" not in listed_date:
        try:
            printed += timedelta(days=1)
        except OverflowError:
            return first_seen_at
    return min(first_seen_at, printed)


def wait_by_age(hours: float, schedule: Schedule) -> timedelta:
    """How long the schedule lets an article of that age wait."""
    if hours < 24:
        return schedule.day
    if hours < 168:
        return schedule.week
    if hours < 720:
        return schedule.month
    return schedule.older


def wait_when_gone(hours: float, schedule: Schedule) -> timedelta:
    """How long a withdrawn article waits that has been gone for so many hours: as an old one after a month."""
    return max(schedule.month, wait_by_age(hours, schedule))


def scheduled(schedule: Schedule) -> Hazards:
    """The rates under which the schedule would be right: what holds before anything was seen."""
    rates = tuple(ORDINARY / max(wait_by_age(edge, schedule).total_seconds() / 3600, 1e-6) for edge in EDGES[:-1])
    return Hazards(rates, tuple(rate / 4 for rate in rates))


def watched(life: Life) -> Watched:
    """A life in hours."""
    since = hour_of(life.first_seen_at)
    until = hour_of(life.checked_at) if life.checked_at else since
    born = hour_of(birth(life.first_seen_at, life.listed_date))
    # In order even where a machine's clock was set back.
    seen = tuple(sorted(max(hour_of(at), since) for _, at in life.changes))
    before = tuple(min(hour_of(at), then) for (at, _), then in zip(life.changes, seen, strict=True))
    return Watched(born, since, max(until, since, *seen), seen, before, life.gone)


def expected(rates: Sequence[float], life: Watched, clock: Rhythm) -> float:
    """How many first changes an article was to have while it was watched and had none; seen are one, or none."""
    return integral(rates, life.born, life.since, life.changes[0] if life.changes else life.until, clock)


def _gaps(life: Watched) -> Iterable[tuple[float, float]]:
    """The spans after each change, to the next one or to the latest visit; a withdrawn article has none any more."""
    ends = life.changes[1:] if life.gone else (*life.changes[1:], life.until)
    return zip(life.changes, ends, strict=False)


def integral(rates: Sequence[float], born: float, start: float, end: float, clock: Rhythm) -> float:
    """Changes to be expected from ``start`` to ``end`` of what was born then, on a clock of working hours."""
    return sum(rates[band] * hours for band, hours in _bands(born, start, end, clock)) if end > start else 0.0


def learn_hazards(lives: Iterable[Watched], prior: Hazards, clock: Rhythm) -> Hazards:
    """Both curves, from what was seen of some articles, drawn towards ``prior``.

    When a change came is only known to lie between two visits: it is dealt out to the ages between them as the rates
    say that it may have come, and the rates are counted anew (EM, Dempster, Laird and Rubin 1977).
    """
    pasts = list(lives)
    curve = _Curve()
    for life in pasts:
        curve.quiet(life.born, life.since, life.before[0] if life.changes else life.until, clock)
        if life.changes:
            curve.changed(life.born, max(life.before[0], life.since), life.changes[0], clock)
    first = curve.rates(prior.first)
    again, further = _Further(first, clock).learn((life for life in pasts if life.changes), prior.again)
    return Hazards(first, again, further)


class _Further:
    """What changes once may change again: dealt out between the curve by age and the one since the latest change."""

    def __init__(self, first: Sequence[float], clock: Rhythm) -> None:
        self._first, self._clock = first, clock
        self._hours = [0.0] * BANDS
        self._by_age = 0.0
        self._changes: list[tuple[float, list[tuple[int, float]]]] = []

    def _quiet(self, born: float, start: float, end: float) -> None:
        if end > start:
            self._by_age += integral(self._first, born, start, end, self._clock)
            for band, hours in _bands(start, start, end, self._clock):
                self._hours[band] += hours

    def learn(self, lives: Iterable[Watched], prior: Sequence[float]) -> tuple[tuple[float, ...], float]:
        """The rates since the latest change, and how many times the curve by age holds besides."""
        for life in lives:
            # A bulletin's many changes would be taken for those of any article that was edited once.
            for start, before, end in islice(zip(life.changes, life.before[1:], life.changes[1:], strict=False), _FEW):
                self._quiet(life.born, start, before)
                late, after = max(before, start), max(end, before + 1e-3)
                by_age = integral(self._first, life.born, late, after, self._clock)
                self._changes.append((by_age, _bands(start, late, after, self._clock)))
            if not life.gone and len(life.changes) <= _FEW:
                self._quiet(life.born, life.changes[-1], life.until)
        rates, further = list(prior), 1.0
        for _ in range(_ROUNDS):
            seen, hours, again = [0.0] * BANDS, self._hours.copy(), 0.0
            for by_age, change in self._changes:
                total = further * by_age + sum(rates[band] * length for band, length in change)
                again += further * by_age / max(total, 1e-12)
                for band, length in change:
                    seen[band] += rates[band] * length / max(total, 1e-12)
                    hours[band] += length / 2
            further = (1 + again) / (1 + self._by_age)
            rates = [(_FEW_PRIOR + n) / (_FEW_PRIOR / rate + h) for n, h, rate in zip(seen, hours, prior, strict=True)]
        return tuple(rates), further


class _Curve:
    """Hours without a change by band of age, and changes as the hours by band in which they may have come."""

    def __init__(self) -> None:
        self._hours = [0.0] * BANDS
        self._changes: list[list[tuple[int, float]]] = []

    def quiet(self, born: float, start: float, end: float, clock: Rhythm) -> None:
        for band, hours in _bands(born, start, end, clock):
            self._hours[band] += hours

    def changed(self, born: float, start: float, end: float, clock: Rhythm) -> None:
        self._changes.append(_bands(born, start, max(end, start + 1e-3), clock))

    def rates(self, prior: Sequence[float]) -> tuple[float, ...]:
        """Rates of the bands; one that was hardly watched goes as the next older one does against the prior."""
        rates = list(prior)
        for _ in range(_ROUNDS):
            seen, hours = [0.0] * BANDS, self._hours.copy()
            for change in self._changes:
                total = sum(rates[band] * length for band, length in change)
                for band, length in change:
                    seen[band] += rates[band] * length / total
                    hours[band] += length / 2
            level = 1.0
            for band in reversed(range(BANDS)):
                expected = prior[band] * level
                rates[band] = (_BAND_PRIOR + seen[band]) / (_BAND_PRIOR / expected + hours[band])
                level = rates[band] / prior[band]
        return tuple(rates)


def _bands(born: float, start: float, end: float, clock: Rhythm) -> list[tuple[int, float]]:
    """The hours of the clock from ``start`` to ``end``, by the band of the age of what was born then."""
    found = []
    there = clock.until(start)
    for band in range(BANDS):
        edge = born + EDGES[band + 1]
        if edge > start:
            then = clock.until(min(edge, end))
            if then > there:
                found.append((band, then - there))
                there = then
            if edge >= end:
                break
    return found


def band_of(age: float) -> int:
    """The band of an age in hours."""
    return next(band for band in range(BANDS) if age < EDGES[band + 1])


def factor(seen: float, due: float, *, of_site: bool = False) -> float:
    """How much more the articles of a site, or of a column, change than was to be expected."""
    prior = _SITE_PRIOR if of_site else _COLUMN_PRIOR
    return (prior + seen) / (prior + due)


def own_rate(life: Watched, hazards: Hazards, clock: Rhythm) -> float:
    """Changes an hour that an article has besides those of any that changed: some are bulletins, edited for ever.

    What it changed more often than was to be expected, over the hours it was watched, and the less of it the less there
    is. Of changes between two visits only one is seen; how many there were is Cho and Garcia-Molina's estimate (2003,
    4.2), with the usual span between visits taken from those at which it had changed.
    """
    if len(life.changes) > _LATEST:
        # What a bulletin did long ago says little of it.
        since, late = life.changes[-_LATEST - 1], (life.changes[-_LATEST:], life.before[-_LATEST:])
        life = Watched(life.born, since, life.until, *late, life.gone)
    seen = len(life.changes)
    end = life.changes[-1] if life.gone else max(life.until, life.changes[-1])
    hours = max(clock.until(end) - clock.until(life.since), _OWN_HOURS)
    spans = sum(clock.until(at) - clock.until(before) for before, at in zip(life.before, life.changes, strict=True))
    visits = max(hours * seen / max(spans, 1e-3), seen)
    there_were = -log((visits - seen + 0.5) / (visits + 0.5)) * visits
    due = expected(hazards.first, life, clock)
    due += hazards.further * integral(hazards.first, life.born, life.changes[0], end, clock)
    due += sum(integral(hazards.again, start, start, end, clock) for start, end in _gaps(life))
    more = max(there_were - due, 0.0)
    return more * more / (more + _PAGE_PRIOR) / hours


@dataclass(frozen=True, slots=True)
class Course:
    """The rates that an article follows: curves by band, each from an hour of birth and times a factor; and its own."""

    curves: tuple[tuple[Sequence[float], float, float], ...]
    own: float = 0.0

    def rate(self, hour: float) -> float:
        """Changes an hour of the clock."""
        return self.own + sum(rates[band_of(max(hour - born, 0.0))] * factor for rates, born, factor in self.curves)

    def expected(self, start: float, end: float, clock: Rhythm) -> float:
        """Changes from one hour to another."""
        own = self.own * (clock.until(end) - clock.until(start)) if self.own else 0.0
        return own + sum(factor * integral(rates, born, start, end, clock) for rates, born, factor in self.curves)

    def reaches(self, changes: float, start: float, clock: Rhythm) -> float:
        """The hour at which so many changes are to be expected since ``start``; 100,000 hours on for none."""
        last = start + _ASLEEP
        edges = sorted({min(born + edge, last) for _, born, _ in self.curves for edge in EDGES[1:]})
        hour, there = start, clock.until(start)
        for edge in edges:
            if edge <= hour:
                continue
            rate, then = self.rate(hour), clock.until(edge)
            due = rate * (then - there)
            if due >= changes:
                return clock.when(there + changes / rate)
            changes -= due
            hour, there = edge, then
        return last
