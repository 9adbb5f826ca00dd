"""A withdrawal is told of a page, not of a site in trouble; and a redesign once, though two comparers see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from drain_desk import HOUR, START, Desk, numbered

from monitor.compare.drain import UNFINISHED
from monitor.compare.presence import is_outage
from storage.records import Change, ChangeKind, Observation, Outcome, Run, Settlement

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


def crawled(desk: Desk, missing: Sequence[int], standing: Sequence[int]) -> None:
    """A crawl by hand that finds some pages gone and others there."""
    desk.archive.running.start(Run("hand", "yunxi", desk.now))
    for number in missing:
        desk.gone(page=str(number), by_hand=True, run="hand", after=timedelta(seconds=2))
    for number in standing:
        desk.visit(numbered(number, "a"), page=str(number), by_hand=True, run="hand", after=timedelta(seconds=2))
    desk.archive.running.finish(Run("hand", "yunxi", desk.now, finished_at=desk.now))


@pytest.mark.parametrize(
    ("pages", "missing", "told"),
    [
        (12, range(12), 0), (12, range(11, -1, -1), 0), (9, range(5), 0), (3, range(3), 0), (12, [7], 1),
        (12, range(4), 4), (12, range(5), 5), (4, range(3), 3), (2, range(2), 2), (1, [0], 1),
    ],
)  # fmt: skip
def test_a_site_that_is_gone_by_hand_tells_no_withdrawal_in_whatever_order(
    desk: Desk, pages: int, missing: Sequence[int], told: int
) -> None:
    for number in range(pages):
        desk.visit(numbered(number, "a"), page=str(number))
    desk.drain()
    desk.now += HOUR
    crawled(desk, missing, [number for number in range(pages) if number not in missing])
    assert desk.kinds() == ["removed"] * told


def test_a_withdrawal_waits_for_the_end_of_its_crawl_but_not_for_ever(desk: Desk) -> None:
    for number in range(2):
        desk.visit(numbered(number, "a"), page=str(number))
    desk.drain()
    desk.now += HOUR
    desk.archive.running.start(Run("hand", "yunxi", desk.now))
    desk.gone(page="0", by_hand=True, run="hand")
    assert desk.drain() == []
    assert desk.archive.running.counts()["pending"] == 1
    desk.now += UNFINISHED + HOUR
    assert desk.kinds() == ["removed"]


def test_a_withdrawal_that_a_killed_crawl_saw_is_told_once_another_began(desk: Desk) -> None:
    for number in range(4):
        desk.visit(numbered(number, "a"), page=str(number))
    desk.drain()
    desk.now += HOUR
    desk.archive.running.start(Run("killed", "yunxi", desk.now))
    desk.gone(page="0", by_hand=True, run="killed", after=timedelta(seconds=2))
    assert desk.drain() == []
    desk.archive.running.start(Run("elsewhere", "lanting", desk.now))
    assert desk.drain() == []
    desk.archive.running.start(Run("next", "yunxi", desk.now))
    (told,) = desk.drain()
    assert told.kind is ChangeKind.REMOVED
