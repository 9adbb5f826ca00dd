"""When to look again, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.habits import (
    Common,
    Habits,
    article_limits,
    column_limits,
    learn_common,
    learn_habits,
)
from crawler.hazard import Watched, birth, learn_hazards, own_rate, scheduled
from crawler.recrawl import JITTER, LONGEST_WAIT, Due, most_worth, next_due, site_rest
from crawler.rhythm import EVEN, hour_of, moment_of
from crawler.sites import Schedule
from storage.lives import Life, Why
from storage.records import Outcome, Page, Role, Told

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
"""Nine o'clock on a Monday in China."""
RULE = Schedule()
ARTICLE = Page("a", "http://127.0.0.1/1.html", Role.ARTICLE, NOW, version=1)
NEWS = "http://127.0.0.1/news/"
QUIET = "http://127.0.0.1/quiet/"
DAY = timedelta(days=1)


def wait(page: Page, outcome: Outcome = Outcome.UNCHANGED, habits: Habits | None = None) -> timedelta:
    due = next_due(page, outcome, RULE, NOW, habits)
    assert due.at is not None
    return due.at - NOW


def about(expected: timedelta) -> tuple[timedelta, timedelta]:
    return expected * (1 - JITTER), expected * (1 + JITTER)


@pytest.mark.parametrize(
    ("page", "outcome", "expected"),
    [
        (ARTICLE, Outcome.NEW_VERSION, RULE.day),
        (replace(ARTICLE, first_seen_at=NOW - timedelta(days=3)), Outcome.UNCHANGED, RULE.week),
        (replace(ARTICLE, first_seen_at=NOW - timedelta(days=20)), Outcome.UNCHANGED, RULE.month),
        (replace(ARTICLE, first_seen_at=NOW - timedelta(days=90)), Outcome.NOT_MODIFIED, RULE.older),
        # An old article that was edited an hour ago is young again.
        (
            replace(ARTICLE, version=2, first_seen_at=NOW - timedelta(days=90), changed_at=NOW - timedelta(hours=1)),
            Outcome.UNCHANGED,
            RULE.day,
        ),
        # Found on the first day, but printed years ago.
        (replace(ARTICLE, listed_date="2021-12-07"), Outcome.NEW_VERSION, RULE.older),
        # Printed on the day on which it was found: it may be minutes old.
        (replace(ARTICLE, listed_date="2026-11-23"), Outcome.NEW_VERSION, RULE.day),
        (replace(ARTICLE, listed_date="without"), Outcome.NEW_VERSION, RULE.day),
        (ARTICLE, Outcome.GONE, RULE.missing),
        (replace(ARTICLE, told=Told.REMOVED), Outcome.GONE, RULE.month),
        (replace(ARTICLE, told=Told.REMOVED, missing_since=NOW - timedelta(days=40)), Outcome.GONE, RULE.older),
        # A dead link is asked for soon, in case its list was quicker, and then no more every two hours for ever.
        (replace(ARTICLE, version=0, missing_since=NOW), Outcome.GONE, RULE.missing),
        (replace(ARTICLE, version=0, missing_since=NOW - timedelta(days=20)), Outcome.SOFT_GONE, RULE.month),
        (replace(ARTICLE, version=0, missing_since=NOW - timedelta(days=90)), Outcome.GONE, RULE.older),
        (replace(ARTICLE, missing_since=NOW - timedelta(days=90)), Outcome.GONE, RULE.missing),
        (replace(ARTICLE, told=Told.MOVED, ok_at=NOW - timedelta(days=40)), Outcome.MOVED, RULE.older),
        (replace(ARTICLE, role=Role.COLUMN), Outcome.LISTED, RULE.column),
        (replace(ARTICLE, failures=1), Outcome.FAILED, RULE.failing),
        (replace(ARTICLE, failures=3), Outcome.FAILED, RULE.failing * 4),
        (replace(ARTICLE, failures=99, first_seen_at=NOW - timedelta(days=90)), Outcome.BLOCKED, timedelta(hours=64)),
        # Its site may be well again at any time, and it was going to be looked at often.
        (replace(ARTICLE, failures=99), Outcome.BLOCKED, RULE.day),
        (replace(ARTICLE, role=Role.COLUMN, failures=99), Outcome.FAILED, LONGEST_WAIT[Role.COLUMN]),
    ],
)
def test_the_first_days_go_by_the_schedule(page: Page, outcome: Outcome, expected: timedelta) -> None:
    low, high = about(expected)
    assert low <= wait(page, outcome) <= high


def test_a_list_page_behind_the_first_is_read_only_when_asked_for() -> None:
    behind = replace(ARTICLE, role=Role.COLUMN, depth=1)
    assert next_due(behind, Outcome.LISTED, RULE, NOW) == Due(None, Why.LET_GO)
    assert next_due(replace(behind, failures=1), Outcome.FAILED, RULE, NOW).at is not None


def test_a_second_visit_comes_late_enough_to_confirm_a_withdrawal() -> None:
    pages = [replace(ARTICLE, url=f"http://127.0.0.1/{number}.html", missing_since=NOW) for number in range(50)]
    waits = {wait(page, Outcome.GONE) for page in pages}
    assert len(waits) == 50
    assert RULE.missing <= min(waits)
    assert max(waits) <= RULE.missing * (1 + JITTER)


def test_addresses_are_spread_and_each_keeps_its_place() -> None:
    waits = {wait(replace(ARTICLE, url=f"http://127.0.0.1/{number}.html")) for number in range(50)}
    assert len(waits) == 50
    assert wait(ARTICLE) == wait(ARTICLE)


# A site that has been watched for four weeks: news on workdays from 9 to 18, edits in the hours after.

STARTED = NOW - timedelta(days=28)


def life(number: int, found: datetime, *edits: float, column: str = NEWS) -> Life:
    """An article found at a visit half an hour after the one before, edited so many hours later, checked until now."""
    moments = [found + timedelta(hours=hours) for hours in edits]
    seen = tuple((moment - timedelta(minutes=20), moment) for moment in moments)
    return Life(number, column, found, None, NOW, found - timedelta(minutes=30), seen)


def office_lives() -> list[Life]:
    """Four stories a workday at 10, 12, 15 and 17 o'clock in China; every third is edited two hours later."""
    days = [STARTED + day * DAY for day in range(28)]
    found = [day.replace(hour=hour) for day in days if day.weekday() < 5 for hour in (2, 4, 7, 9)]
    return [life(number, moment, *([2.0] if number % 3 == 0 else [])) for number, moment in enumerate(found)]


def learn(lives: list[Life], **more: object) -> Habits:
    common = learn_common(lives, RULE, NOW)
    since: Mapping[str, datetime] = {NEWS: STARTED, QUIET: STARTED}
    habits = learn_habits(lives, since, RULE, int(str(more.get("budget", 2000))), common, NOW)
    assert habits is not None
    return habits


@pytest.fixture(scope="module")
def habits() -> Habits:
    return learn(office_lives())


def column_wait(url: str, at: datetime, habits: Habits) -> timedelta:
    page = Page("a", url, Role.COLUMN, STARTED, column=url, due_at=at)
    due = next_due(page, Outcome.LISTED, RULE, at, habits)
    assert due.at is not None
    assert due.why is Why.NEWS
    return due.at - at


def test_a_column_of_working_hours_is_left_alone_at_night_and_on_sundays() -> None:
    habits = learn(office_lives(), budget=20)
    busy = column_wait(NEWS, NOW + timedelta(hours=1), habits)
    night = column_wait(NEWS, NOW + timedelta(hours=18), habits)  # 3 o'clock
    sunday = column_wait(NEWS, NOW - timedelta(hours=18), habits)  # 15 o'clock on Sunday
    assert busy < timedelta(hours=4)
    assert night > 1.5 * busy
    assert sunday > 1.5 * busy


def test_a_column_that_never_brought_anything_is_asked_seldom_but_every_day(habits: Habits) -> None:
    at = NOW + timedelta(hours=1)
    assert column_wait(NEWS, at, habits) * 2 < column_wait(QUIET, at, habits) <= timedelta(days=1) * (1 + JITTER)


def test_a_holiday_is_noticed_by_its_silence() -> None:
    lives = office_lives()
    silent = [one for one in lives if one.first_seen_at < NOW - timedelta(days=5)]
    monday = [learn(some).columns[NEWS].rates[10] for some in (silent, lives)]
    assert monday[0] < 0.7 * monday[1]


def known(habits: Habits, *, age: timedelta, number: int = 1001, **more: object) -> tuple[timedelta, Due]:
    page = replace(ARTICLE, id=number, column=NEWS, first_seen_at=NOW - age, due_at=NOW, **more)  # type: ignore[arg-type]
    due = next_due(page, Outcome.UNCHANGED, RULE, NOW, habits)
    assert due.at is not None
    return due.at - NOW, due


def test_an_article_is_asked_for_when_it_may_change_and_less_and_less(habits: Habits) -> None:
    waits = [known(habits, age=timedelta(hours=hours))[0] for hours in (2, 30, 200, 900)]
    assert waits == sorted(waits)
    assert waits[0] < timedelta(hours=3)
    assert waits[-1] > 10 * waits[0]


def test_one_that_was_edited_today_is_asked_for_sooner_than_its_like(habits: Habits) -> None:
    hour = hour_of(NOW)
    past = Watched(hour - 48, hour - 48, hour, (hour - 3,), (hour - 4,))
    edited = replace(habits, pages={1001: past})
    assert known(edited, age=2 * DAY)[0] * 2 < known(edited, age=2 * DAY, number=1002)[0]
    # The edit that this very visit saw counts too.
    page = replace(ARTICLE, id=1003, column=NEWS, first_seen_at=NOW - 2 * DAY, version=2, due_at=NOW)
    just = next_due(page, Outcome.NEW_VERSION, RULE, NOW, habits)
    assert just.figures["changes"] == 1
    assert just.at is not None
    assert just.at - NOW < known(habits, age=2 * DAY, number=1002)[0]


def test_a_bulletin_has_a_rate_of_its_own_and_two_mends_make_none() -> None:
    hazards = scheduled(RULE)
    seen = tuple(float(hour) for hour in range(20, 500, 12))
    bulletin = Watched(0, 0, 500, seen, tuple(hour - 4 for hour in seen))
    assert own_rate(bulletin, hazards, EVEN) == pytest.approx(1 / 12, rel=0.4)
    # Seen changed at nearly every visit, it changes more often than it was seen to.
    seldom = replace(bulletin, before=(19.0, *seen[:-1]))
    assert own_rate(seldom, hazards, EVEN) > 2 * own_rate(bulletin, hazards, EVEN)
    assert own_rate(Watched(0, 0, 500, (2, 5), (1, 4)), hazards, EVEN) < 1 / 300


def test_what_may_have_come_in_the_first_hour_is_not_put_down_to_when_it_was_seen() -> None:
    lives = [Watched(0, 0, 200, (6.0,), (0.0,)) for _ in range(40)] + [Watched(0, 0, 200) for _ in range(40)]
    early = [Watched(0, 0, 200, (6.0,), (5.0,)) for _ in range(40)] + [Watched(0, 0, 200) for _ in range(40)]
    assert (
        learn_hazards(lives, scheduled(RULE), EVEN).first[0] > 3 * learn_hazards(early, scheduled(RULE), EVEN).first[0]
    )


def test_less_of_a_budget_makes_longer_waits_and_fewer_requests() -> None:
    lives = office_lives()
    rich, poor = learn(lives), learn(lives, budget=30)
    assert poor.requests <= 31 < rich.requests
    assert poor.threshold > 2 * rich.threshold
    assert known(poor, age=timedelta(hours=30))[0] > known(rich, age=timedelta(hours=30))[0]


def test_a_site_of_two_days_has_no_habits_yet() -> None:
    common = Common(EVEN, scheduled(RULE))
    lives = [life(1, NOW - DAY)]
    assert learn_habits(lives, {NEWS: NOW - timedelta(hours=47)}, RULE, 2000, common, NOW) is None
    assert learn_habits(lives, {NEWS: NOW - timedelta(hours=49)}, RULE, 2000, common, NOW) is not None
    assert learn_habits([], {}, RULE, 2000, common, NOW) is None


def test_where_there_is_no_room_for_all_the_likeliest_to_have_changed_come_first(habits: Habits) -> None:
    def due(number: int, age: timedelta, **more: object) -> Page:
        page = replace(ARTICLE, id=1000 + number, column=NEWS, first_seen_at=NOW - age, due_at=NOW)
        return replace(page, **{"checked_at": NOW - timedelta(hours=5), **more})  # type: ignore[arg-type]

    old, fresh = due(1, 60 * DAY), due(2, timedelta(hours=6))
    missing, unread = due(3, 60 * DAY, missing_since=NOW - DAY), due(4, 60 * DAY, version=0)
    overdue = due(5, 60 * DAY, checked_at=NOW - 40 * DAY, due_at=NOW - 26 * DAY)
    chosen = most_worth([old, fresh, missing, unread, overdue], 4, NOW, habits)
    assert {page.id for page in chosen} == {1002, 1003, 1004, 1005}
    assert most_worth([old, fresh], 5, NOW, habits) == [old, fresh]
    assert most_worth([old, fresh], 0, NOW, habits) == most_worth([old, fresh], -3, NOW, None) == []


def test_an_ailing_site_rests_the_longer_the_more_often_it_failed() -> None:
    columns = [replace(ARTICLE, role=Role.COLUMN, failures=failures) for failures in (3, 5)]
    assert site_rest(columns, RULE) == RULE.failing * 8
    # One column answered last time: the trouble is young.
    assert site_rest([*columns, replace(ARTICLE, role=Role.COLUMN)], RULE) == site_rest([], RULE) == RULE.failing
    assert site_rest([replace(columns[0], failures=99)], RULE) == LONGEST_WAIT[Role.COLUMN]


@pytest.mark.parametrize("why", list(Why))
def test_every_reason_is_told_in_both_languages(why: Why) -> None:
    figures = dict.fromkeys(("failures", "age", "rate", "waiting", "changes", "chance"), 0.25)
    due = Due(NOW, why, figures)
    assert due.chinese
    assert due.english.isascii()
    assert "{" not in due.chinese + due.english


def test_the_figures_of_a_reason_are_those_of_the_wait(habits: Habits) -> None:
    waited, due = known(habits, age=timedelta(hours=5))
    assert due.why is Why.CHANGES
    assert due.figures["age"] == pytest.approx(5)
    low, high = article_limits(RULE)
    assert low * (1 - JITTER) <= waited <= high * (1 + JITTER)
    assert due.figures["chance"] == pytest.approx(habits.threshold, rel=0.05) or waited <= low * (1 + JITTER)


def test_limits_are_the_schedules_own_where_it_asks_for_more() -> None:
    second = timedelta(seconds=2)
    eager = Schedule(column=second, day=second, week=second, month=second, older=second)
    assert article_limits(eager) == (second, second)
    assert column_limits(eager) == (second, timedelta(days=1))
    assert article_limits(RULE) == (timedelta(minutes=10), RULE.older)


@pytest.mark.parametrize("role", list(Role))
def test_a_schedule_without_any_wait_is_answered(habits: Habits, role: Role) -> None:
    none = timedelta(0)
    never = Schedule(column=none, day=none, week=none, month=none, older=none)
    page = replace(ARTICLE, role=role, column=NEWS, due_at=NOW)
    at = next_due(page, Outcome.UNCHANGED, never, NOW, habits).at
    assert at is not None
    assert NOW <= at <= NOW + timedelta(days=1)


def test_the_clock_of_a_printed_date_is_believed_and_a_bare_day_is_over_at_its_end() -> None:
    assert birth(NOW, "2026-11-23T08:00:00+08:00") == NOW - timedelta(hours=1)
    assert birth(NOW, "2026-11-22") == NOW - timedelta(hours=9)
    assert birth(NOW, "2026-11-23") == birth(NOW, "2027-01-01") == birth(NOW, "9999-12-31") == birth(NOW, None) == NOW


@given(hour=st.floats(0, 1e6), span=st.floats(0, 1e4))
def test_a_rhythm_turns_hours_into_sums_and_back(habits: Habits, hour: float, span: float) -> None:
    clock = habits.columns[NEWS]
    assert clock.when(clock.until(hour)) == pytest.approx(hour, abs=1e-2)
    assert clock.until(hour + span) >= clock.until(hour)
    assert abs((moment_of(hour_of(NOW + timedelta(hours=hour))) - NOW) - timedelta(hours=hour)) < timedelta(seconds=1)


@given(
    age=st.timedeltas(timedelta(0), timedelta(days=4000)),
    failures=st.integers(0, 10_000),
    outcome=st.sampled_from(list(Outcome)),
    role=st.sampled_from(list(Role)),
    learned=st.booleans(),
)
def test_a_visit_is_never_due_before_it_was_made_nor_forgotten(
    habits: Habits, age: timedelta, failures: int, outcome: Outcome, role: Role, learned: bool
) -> None:
    page = replace(ARTICLE, role=role, column=NEWS, first_seen_at=NOW - age, failures=failures, version=2, due_at=NOW)
    assert timedelta(0) < wait(page, outcome, habits if learned else None) < timedelta(days=16)


def moments() -> st.SearchStrategy[datetime]:
    return st.integers(-100 * 24, 48).map(lambda hours: NOW + timedelta(hours=hours))


LIVES = st.builds(
    Life,
    page_id=st.integers(1, 99),
    column=st.sampled_from([NEWS, QUIET, None]),
    first_seen_at=moments(),
    listed_date=st.sampled_from([None, "", "2021-12-07", "0001-01-01", "9999-12-31", "2026-11-20T08:00:00+08:00", "?"]),
    checked_at=st.none() | moments(),
    unlisted_at=st.none() | moments(),
    changes=st.lists(st.tuples(moments(), moments()), max_size=30).map(tuple),
    gone=st.booleans(),
)


@given(lives=st.lists(LIVES, max_size=12), budget=st.integers(1, 5000), hours=st.integers(0, 90 * 24))
def test_no_past_is_so_odd_that_nothing_can_be_learned_of_it(lives: list[Life], budget: int, hours: int) -> None:
    """A clock that was set back, an archive put together from two: whatever it tells, a crawl goes on."""
    since = {NEWS: NOW - timedelta(hours=hours), QUIET: NOW}
    common = learn_common(lives, RULE, NOW)
    learned = learn_habits(lives, since, RULE, budget, common, NOW)
    assert (learned is None) == (hours < 48)
    for url in (NEWS, QUIET):
        page = Page("a", url, Role.COLUMN, NOW, column=url, due_at=NOW)
        assert timedelta(0) < wait(page, Outcome.LISTED, learned) < timedelta(days=16)
    for one in lives:
        page = replace(ARTICLE, id=one.page_id, column=one.column, first_seen_at=one.first_seen_at, version=2)
        assert timedelta(0) < wait(page, Outcome.NEW_VERSION, learned) < timedelta(days=16)
        assert timedelta(0) < wait(page, Outcome.UNCHANGED, learned) < timedelta(days=16)
