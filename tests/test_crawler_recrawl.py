"""When to look again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.recrawl import JITTER, LONGEST_WAIT, next_due
from crawler.sites import Schedule
from storage.records import Outcome, Page, Role, Told

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
RULE = Schedule()
ARTICLE = Page("a", "http://127.0.0.1/1.html", Role.ARTICLE, NOW, version=1)


def wait(page: Page, outcome: Outcome = Outcome.UNCHANGED) -> timedelta:
    due = next_due(page, outcome, RULE, NOW)
    assert due is not None
    return due - NOW


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
        (replace(ARTICLE, listed_date="without"), Outcome.NEW_VERSION, RULE.day),
        (ARTICLE, Outcome.GONE, RULE.missing),
        (replace(ARTICLE, told=Told.REMOVED), Outcome.GONE, RULE.month),
        (replace(ARTICLE, role=Role.COLUMN), Outcome.LISTED, RULE.column),
        (replace(ARTICLE, failures=1), Outcome.FAILED, RULE.failing),
        (replace(ARTICLE, failures=3), Outcome.FAILED, RULE.failing * 4),
        (replace(ARTICLE, failures=99), Outcome.BLOCKED, timedelta(hours=64)),
        (replace(ARTICLE, role=Role.COLUMN, failures=99), Outcome.FAILED, LONGEST_WAIT[Role.COLUMN]),
    ],
)
def test_how_long_until_the_next_look(page: Page, outcome: Outcome, expected: timedelta) -> None:
    low, high = about(expected)
    assert low <= wait(page, outcome) <= high


def test_a_list_page_behind_the_first_is_read_only_when_asked_for() -> None:
    behind = replace(ARTICLE, role=Role.COLUMN, depth=1)
    assert next_due(behind, Outcome.LISTED, RULE, NOW) is None
    assert next_due(replace(behind, failures=1), Outcome.FAILED, RULE, NOW) is not None


def test_addresses_are_spread_and_each_keeps_its_place() -> None:
    waits = {wait(replace(ARTICLE, url=f"http://127.0.0.1/{number}.html")) for number in range(50)}
    assert len(waits) == 50
    assert wait(ARTICLE) == wait(ARTICLE)


@given(
    age=st.timedeltas(timedelta(0), timedelta(days=4000)),
    failures=st.integers(0, 10_000),
    outcome=st.sampled_from(list(Outcome)),
)
def test_a_visit_is_never_due_before_it_was_made_nor_forgotten(age: timedelta, failures: int, outcome: Outcome) -> None:
    page = replace(ARTICLE, first_seen_at=NOW - age, failures=failures)
    assert timedelta(0) < wait(page, outcome) < timedelta(days=16)
