"""What a process notes of itself, and what is counted of an archive so that no count ever goes back."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from drain_desk import HOUR, START, Desk
from test_storage_ailing import COLUMN, look_at_column

from monitor.metrics.children import children_memory
from monitor.metrics.gather import FEW_SITES, Gatherer
from monitor.metrics.pulse import BOUNDS, STILL, Durations, Pulse
from monitor.metrics.visitlog import SETTLES, VisitLog
from storage.archive import Archive
from storage.changes import ChangeKind
from storage.measuring import FETCH_BOUNDS, Due, Visits
from storage.records import Outcome


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("seconds", "place"), [(0.0, 0), (0.01, 0), (0.011, 1), (7200.0, len(BOUNDS) - 1), (7201.0, None)]
)
def test_a_duration_is_counted_under_the_first_bound_that_it_kept(seconds: float, place: int | None) -> None:
    counted = Durations().plus(seconds)
    assert (counted.number, counted.seconds) == (1, seconds)
    assert [at for at, number in enumerate(counted.within) if number] == ([] if place is None else [place])


def test_work_is_at_work_until_it_ends_however_it_ends() -> None:
    tick = Seconds()
    pulse = Pulse(tick)

    def fail() -> None:
        with pulse.timed("crawl", 20), pulse.timed("compare"):
            assert (pulse.at_work()["crawl"], pulse.at_work()["compare"]) == (20, 1)
            tick.now += 3
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()
    assert set(pulse.at_work().values()) == {0}
    assert [(one.number, one.seconds) for one in pulse.took().values()] == [(1, 3.0), (1, 3.0), (0, 0.0)]


def test_a_clock_stands_when_it_has_been_silent_for_several_ticks() -> None:
    tick = Seconds()
    pulse = Pulse(tick)
    assert (pulse.silent(), pulse.stands) == (None, False)
    pulse.beat(timedelta(seconds=30))
    tick.now += STILL.total_seconds()
    assert not pulse.stands
    tick.now += 1
    assert pulse.stands
    pulse.beat(timedelta(hours=1))
    tick.now += 3 * 3600
    assert not pulse.stands
    tick.now += 1
    assert pulse.stands


def test_a_long_comparison_that_goes_on_is_no_clock_that_stands() -> None:
    tick = Seconds()
    pulse = Pulse(tick)
    pulse.beat(timedelta(seconds=30))
    asked = pulse.beating(lambda: True)
    tick.now += 10 * STILL.total_seconds()
    assert asked()
    assert not pulse.stands


def test_visits_are_counted_by_outcome_and_by_how_long_they_took(archive: Archive) -> None:
    desk = Desk(archive)
    for took in (50, 51, 30_000, 30_001):
        desk.visit(duration_ms=took)
    desk.gone(page="2", duration_ms=7)
    desk.visit(None, page="3", status=None, error="refused", duration_ms=9)
    measuring = archive.measuring
    found = measuring.visits(after=0)
    first, again = found[Outcome.NEW_VERSION], found[Outcome.UNCHANGED]
    assert first == Visits(1, 1, (1, *[0] * (len(FETCH_BOUNDS) - 1)), 50)
    assert again == Visits(3, 3, (0, 1, *[0] * (len(FETCH_BOUNDS) - 3), 1), 51 + 30_000 + 30_001)
    assert (found[Outcome.GONE].number, found[Outcome.GONE].milliseconds) == (1, 7)
    # Nobody answered: it is a visit, and no duration.
    assert found[Outcome.FAILED] == Visits(1)
    newest = measuring.newest_visit()
    assert sum(some.number for some in measuring.visits(newest - 3, newest - 1).values()) == 2
    assert measuring.undecided() == archive.running.counts()["pending"] > 0


def test_the_other_figures_are_those_of_the_archive(archive: Archive) -> None:
    desk = Desk(archive)
    measuring = archive.measuring
    measuring.answers()
    assert (measuring.newest_visit(), measuring.visits(0), measuring.changes(), measuring.read_at()) == (0, {}, {}, {})
    column = "http://www.yunxi.example/news/"
    archive.crawling.enlist_columns("yunxi", [column], START)
    desk.visit()
    desk.visit(key="lanqiao")
    desk.drain()
    assert measuring.changes() == {ChangeKind.NEW: 2}
    assert measuring.due(START)["yunxi"] == Due(1, START)
    due = measuring.due(desk.now + 999 * HOUR)
    assert {site: some.pages for site, some in due.items()} == {"yunxi": 2, "lanqiao": 1}
    # An article that is read says nothing of whether its site's columns are.
    assert measuring.read_at() == {}
    assert measuring.size() > 8_000


class Log:
    """A log of visits by id, as committed so far."""

    def __init__(self) -> None:
        self.ids: set[int] = set()
        self.asked: list[int] = []

    def newest_visit(self) -> int:
        return max(self.ids, default=0)

    def visits(self, after: int, upto: int | None = None) -> dict[Outcome, Visits]:
        found = [one for one in self.ids if one > after and (upto is None or one <= upto)]
        self.asked.append(len(found))
        return {Outcome.UNCHANGED: Visits(len(found))} if found else {}


def counted(log: VisitLog, minutes: float) -> int:
    return log.read(START + timedelta(minutes=minutes)).get(Outcome.UNCHANGED, Visits()).number


def test_a_visit_committed_late_under_a_low_id_is_counted_and_none_is_counted_twice() -> None:
    held = Log()
    held.ids |= {1, 2, 3}
    log = VisitLog(held)  # type: ignore[arg-type]
    assert counted(log, 0) == 0
    held.ids |= {5, 6, 8}
    assert counted(log, 1) == 3
    held.ids |= {4, 7}
    assert counted(log, 2) == 5
    held.ids |= {10}
    after = 1 + SETTLES.total_seconds() / 60
    assert counted(log, after) == 6
    held.ids |= {9}
    assert counted(log, after + 1) == 7
    assert counted(log, after + 20) == 7


def test_what_has_settled_is_not_asked_for_again() -> None:
    held = Log()
    log = VisitLog(held)  # type: ignore[arg-type]
    for minute in range(100):
        held.ids |= {10 * minute + number for number in range(1, 11)}
        counted(log, minute)
    assert counted(log, 100) == 990
    assert max(held.asked) <= 10 * (SETTLES.total_seconds() / 60 + 2)


def test_what_is_deleted_from_the_log_stays_counted() -> None:
    held = Log()
    log = VisitLog(held)  # type: ignore[arg-type]
    counted(log, 0)
    held.ids |= set(range(1, 9))
    assert counted(log, 1) == 8
    held.ids -= set(range(1, 5))
    assert counted(log, 2) == 8
    held.ids |= set(range(9, 19))
    assert counted(log, 3) == 14


def test_only_sites_that_are_watched_are_late(archive: Archive) -> None:
    desk = Desk(archive)
    for key in ("yunxi", "lanqiao"):
        archive.crawling.enlist_columns(key, [f"http://www.{key}.example/news/"], START)
    watched = ["lanqiao"]
    gatherer = Gatherer(archive, lambda: START + 2 * HOUR, lambda: watched)
    standing = gatherer.standing()
    assert (standing.due, standing.waiting, standing.sites, standing.late) == (1, 1, 1, 7200.0)
    watched.clear()
    standing = gatherer.standing()
    assert (standing.due, standing.waiting, standing.late) == (0, 0, 0.0)
    assert desk.log() == []


def test_few_sites_are_told_one_by_one_and_many_are_not(archive: Archive) -> None:
    desk = Desk(archive)
    archive.crawling.enlist_columns("yunxi", [COLUMN], START)
    look_at_column(desk, status=304)
    sites = ["yunxi"]
    gatherer = Gatherer(archive, lambda: desk.now + HOUR, lambda: sites)
    assert gatherer.standing().unread == {"yunxi": 3600.0}
    sites += [f"s{number}" for number in range(FEW_SITES)]
    assert gatherer.standing().unread == {}


def test_the_whole_archive_is_counted_once_a_minute(archive: Archive) -> None:
    desk = Desk(archive)
    moment = [START]
    gatherer = Gatherer(archive, lambda: moment[0], list)
    assert gatherer.standing().counts["versions"] == 0
    desk.visit()
    moment[0] += timedelta(seconds=59)
    assert gatherer.standing().counts["versions"] == 0
    moment[0] += timedelta(seconds=1)
    assert gatherer.standing().counts["versions"] == 1


def test_the_memory_of_children_and_their_children_is_added_up(tmp_path: Path) -> None:
    for pid, children, pages in ((1, "2 3", 1), (2, "", 10), (3, "4 5", 20), (4, "", 40)):
        thread = tmp_path / str(pid) / "task" / str(pid)
        thread.mkdir(parents=True)
        (thread / "children").write_text(children)
        (tmp_path / str(pid) / "statm").write_text(f"999 {pages} 1")
    # The fifth ended meanwhile.
    assert children_memory(1, tmp_path) == (3, 70 * os.sysconf("SC_PAGE_SIZE"))
    assert children_memory(9, tmp_path) == (0, 0)


def test_a_real_child_is_seen() -> None:
    before, _ = children_memory()
    child = subprocess.Popen([sys.executable, "-c", "print(); input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None
        child.stdout.readline()
        number, size = children_memory()
        assert (number - before, size > 1_000_000) == (1, True)
    finally:
        child.communicate(b"\n")
