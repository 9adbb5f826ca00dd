"""A withdrawal is told of a page, not of a site in trouble; and a redesign once, though two comparers see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from drain_desk import START, Desk, numbered

from monitor.compare.presence import is_outage
from storage.records import Change, ChangeKind, Observation, Outcome, Settlement

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def streak(visits: int, over: timedelta) -> list[Observation]:
    step = over / max(1, visits - 1)
    return [Observation("a", "u", NOW + n * step, f"r{n}", Outcome.GONE) for n in range(visits)]


@pytest.mark.parametrize(
    ("visits", "over", "missing", "seen", "outage"),
    [
        (2, timedelta(hours=3), 30, 30, True),
        (2, timedelta(hours=3), 16, 30, True),
        (12, timedelta(hours=23), 30, 30, True),
        (3, timedelta(days=2), 30, 30, True),
        (4, timedelta(days=1), 30, 30, False),
        (2, timedelta(hours=3), 15, 30, False),
        (2, timedelta(hours=3), 4, 4, False),
        (2, timedelta(hours=3), 5, 60, False),
    ],
)
def test_a_site_in_trouble(visits: int, over: timedelta, missing: int, seen: int, outage: bool) -> None:
    assert is_outage(streak(visits, over), missing, seen) is outage


def test_a_redesign_that_another_comparer_told_is_not_told_again(desk: Desk) -> None:
    for number in range(2):
        desk.visit(numbered(number, "a"), page=str(number))
    desk.drain()
    for number in range(2):
        desk.visit(numbered(number, "b"), page=str(number))
    comparing = desk.archive.comparing
    frame, new = comparing.site_template("yunxi"), "b" * 192
    told = Change("yunxi", "http://www.yunxi.example/news/", ChangeKind.REDESIGNED, START)
    settled = []
    for observation in comparing.pending():
        page = comparing.page(observation.page_id)
        after = replace(page, base_version=2)
        settled.append(comparing.settle(Settlement(observation, page, after, (told,), new, frame=frame)))
    assert settled == [True, False]
    assert [change.kind for change in desk.log()].count(ChangeKind.REDESIGNED) == 1
    assert desk.drain() == []
    assert desk.archive.running.counts()["pending"] == 0
