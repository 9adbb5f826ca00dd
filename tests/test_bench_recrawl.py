"""The bench of looking again: what counts as seen, and that its gates can fail."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import pytest

from bench.oracle import Oracle
from bench.policy import Policy
from bench.province import START, Column, Province, Story, laws, make_province
from bench.recrawl import Fixed, Seen, at_requests, gates, one_interval, play

OFFICES, NEWSROOMS = laws(3)


class Told:
    """Visits a column and a story at hours that are told beforehand."""

    def __init__(self, column: Sequence[float], story: Sequence[float]) -> None:
        self._hours = {"column": [START + hour for hour in column], "story": [START + hour for hour in story]}

    def _next(self, of: str, hour: float) -> float:
        return next((one for one in self._hours[of] if one > hour), inf)

    def column(self, number: int, hour: float, found: Sequence[int], answered: bool) -> float:
        return self._next("column", hour)

    def story(self, number: int, hour: float, edited: bool, withdrawn: bool, answered: bool) -> float:
        return self._next("story", hour)


def one_story(edits: Sequence[float], withdrawn: float = inf, down: tuple[float, float] = (-1, -1)) -> Province:
    """A story of the first hour on the only column, edited and withdrawn so many hours after the start."""
    story = Story(0, 0, START + 1, 1.0, 0.0, [START + hour for hour in edits], START + withdrawn)
    outage = (START + down[0], START + down[1])
    return Province(OFFICES, 10, [Column(0, [0.1] * 168, [0])], [story], [[outage]], [])


@pytest.mark.parametrize(
    ("edits", "withdrawn", "down", "seen"),
    [
        ([5], inf, (-1, -1), 1),
        ([5, 12], inf, (-1, -1), 2),
        # Overwritten before anybody came, before it was read for the first time, after the last visit.
        ([5, 6], inf, (-1, -1), 1),
        ([1.5], inf, (-1, -1), 0),
        ([31], inf, (-1, -1), 0),
        # Withdrawn before the visit that would have seen it.
        ([5], 9, (-1, -1), 0),
        # The visits at 10 and 20 found nobody in; the one at 30 sees the edit, or the second of two.
        ([5], inf, (9, 21), 1),
        ([5, 15], inf, (9, 21), 1),
    ],
)
def test_an_edit_is_seen_by_a_visit_before_the_next_one(
    edits: Sequence[float], withdrawn: float, down: tuple[float, float], seen: int
) -> None:
    kept = play(one_story(edits, withdrawn, down), Told([2], [10, 20, 30]))
    assert (kept.edits, len(kept.withdrawals)) == (seen, int(withdrawn < inf))
    # A column at once and at 2, a story when it was found and at its three hours.
    assert kept.by_site == [6]


@pytest.fixture(scope="module", params=[OFFICES, NEWSROOMS], ids=lambda law: law.name)
def province(request: pytest.FixtureRequest) -> Province:
    return make_province(request.param, 3, sites=4, pages=700, days=40)


def test_a_province_is_the_same_for_the_same_seed_and_as_large_as_asked_for(province: Province) -> None:
    again = make_province(province.law, 3, sites=4, pages=700, days=40)
    assert again.stories == province.stories
    assert province.pages() == 700
    other = make_province(laws(4)[0], 4, sites=4, pages=700, days=40)
    assert other.stories != province.stories
    lags = [edit - one.born for one in province.stories if one.born > START and not one.pulse for edit in one.edits]
    assert sum(lag < 72 for lag in lags) > 0.6 * len(lags)
    sites = province.only([2])
    assert sites.edits() == sum(len(story.edits) for story in province.stories if story.site == 2)


def test_the_policy_lies_between_fixed_intervals_and_the_oracle(province: Province) -> None:
    ours = play(province, Policy(province))
    fixed = one_interval(province, ours.by_site)
    oracle, _ = at_requests(province, lambda c: Oracle(province, 2.0, c), ours.by_site, [0.05] * 4, 5)
    assert abs(fixed.requests / ours.requests - 1) < 0.05
    assert abs(oracle.requests / ours.requests - 1) < 0.05
    missed = [province.edits() - seen.edits for seen in (oracle, ours, fixed)]
    assert missed == sorted(missed)
    assert missed[1] < 0.8 * missed[2]


def test_the_gates_fail_where_the_policy_is_no_better_than_the_others() -> None:
    province = one_story([5] * 100)
    good, poor = Seen([1], edits=95), Seen([1], edits=40)
    names = ("one interval for all", "two intervals", "Shixun's policy", "oracle")

    def hold(*seen: Seen) -> list[bool]:
        return [holds for holds, _ in gates(province, dict(zip(names, seen, strict=True)))]

    assert hold(poor, poor, good, good) == [True, True]
    assert hold(poor, poor, poor, good) == [False, False]
    # The better of the fixed intervals counts.
    assert hold(poor, good, good, good) == [False, True]


def test_intervals_go_by_age_and_a_withdrawn_story_is_left_alone() -> None:
    way = Fixed(one_story([]), [3.0], [[1.0, 2.0, 4.0, 8.0]])
    assert way.column(0, 100.0, (), True) == 103.0
    waits = [way.story(0, START + 1 + age, False, False, True) - (START + 1 + age) for age in (1, 30, 200, 900)]
    assert waits == [1.0, 2.0, 4.0, 8.0]
    assert way.story(0, 100.0, False, True, True) == inf
