"""Digests kept ready: gathered when something happened, not when somebody looks, and beside who looks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from threading import Event

import pytest
from drain_desk import EDITED, Desk

from monitor.web import editions
from monitor.web.editions import MOST, QUEUE, STALE, Editions, Ready
from storage.records import china_day

SECOND = timedelta(seconds=1)
LONG, SHORT = timedelta(minutes=1), timedelta(milliseconds=1)


class Watch:
    """Editions under a clock that moves on by hand, and by ``cost`` for each gathering; ``go`` holds gathering up."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.gathered, self.cost = desk.now, list[date](), timedelta()
        self.go = Event()
        self.go.set()
        self.kept = Editions(desk.archive, lambda: self.now, patience=LONG)
        self.day = china_day(desk.now)
        gather = editions.edition

        def counted(archive: object, day: date, now: datetime, **more: object) -> object:
            assert self.go.wait(20)
            self.gathered.append(day)
            self.now += self.cost
            return gather(archive, day, now, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(editions, "edition", counted)

    def of(self, day: date, days: int = 1) -> Ready:
        found = self.kept.of(day, days)
        assert found is not None
        return found


@pytest.fixture
def told(desk: Desk) -> Desk:
    desk.visit()
    desk.drain()
    return desk


@pytest.fixture
def watch(told: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    made = Watch(told, monkeypatch)
    yield made
    made.go.set()
    made.kept.close()


def test_a_day_is_gathered_once_while_nothing_happens(watch: Watch) -> None:
    first = watch.of(watch.day)
    watch.now += SECOND
    assert watch.of(watch.day) is first
    watch.now += STALE
    assert watch.of(watch.day) is not first
    assert watch.gathered == [watch.day, watch.day]


def test_a_day_is_gathered_anew_when_something_happened(told: Desk, watch: Watch) -> None:
    assert len(watch.of(watch.day).digest.changes) == 1
    told.visit(EDITED)
    told.drain()
    watch.now = told.now
    assert len(watch.of(watch.day).digest.changes) == 2


def test_gathering_is_never_most_of_what_is_done(told: Desk, watch: Watch) -> None:
    watch.cost = 10 * SECOND
    first = watch.of(watch.day)
    told.visit(EDITED)
    told.drain()
    watch.now += 20 * SECOND
    assert watch.of(watch.day) is first
    watch.now += 60 * SECOND
    assert watch.of(watch.day) is not first


def test_a_day_that_is_over_stays_as_it_is(watch: Watch) -> None:
    watch.now += timedelta(days=2)
    first = watch.of(watch.day)
    watch.now += timedelta(days=9)
    assert watch.of(watch.day) is first


def test_a_day_and_the_week_that_begins_with_it_are_two(watch: Watch) -> None:
    assert watch.of(watch.day).digest.last is None
    assert watch.of(watch.day, 7).digest.last == watch.day + timedelta(days=6)


def test_only_so_many_days_are_kept(watch: Watch) -> None:
    for back in range(MOST + 1):
        watch.of(watch.day - timedelta(days=back))
    watch.of(watch.day - timedelta(days=MOST))
    assert len(watch.gathered) == MOST + 1
    watch.of(watch.day)
    assert watch.gathered[-1] == watch.day
    assert len(watch.gathered) == MOST + 2


def test_nobody_waits_for_long(told: Desk, watch: Watch) -> None:
    watch.go.clear()
    assert watch.kept.of(watch.day, patience=SHORT) is None
    watch.go.set()
    first = watch.of(watch.day)
    told.visit(EDITED)
    told.drain()
    watch.now += STALE
    watch.go.clear()
    assert watch.kept.of(watch.day, patience=SHORT) is first
    watch.go.set()
    assert watch.of(watch.day) is not first
    assert len(watch.gathered) == 2


def test_a_small_day_is_waited_for_and_a_busy_one_is_not(
    told: Desk, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "PATIENCE", LONG)
    by_size = Editions(told.archive, lambda: told.now)
    assert by_size.of(watch.day) is not None
    monkeypatch.setattr(editions, "SMALL", 0)
    busy = Editions(told.archive, lambda: told.now)
    watch.go.clear()
    assert busy.of(watch.day) is None
    watch.go.set()
    for one in (by_size, busy):
        one.close()


def test_many_days_asked_for_at_once_do_not_pile_up(watch: Watch) -> None:
    watch.go.clear()
    asked = [watch.kept.of(watch.day - timedelta(days=back), patience=SHORT) for back in range(3 * QUEUE)]
    assert asked == [None] * 3 * QUEUE
    assert watch.kept.begin(watch.day - timedelta(days=99)) is None
    watch.go.set()
    last = watch.kept.begin(watch.day - timedelta(days=QUEUE - 1))
    assert last is None or last.result(20)
    assert watch.of(watch.day - timedelta(days=99)).digest.changes == ()


def test_a_fault_is_told_to_who_waits_and_the_next_one_tries_again(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(editions, "edition", None)
        with pytest.raises(TypeError):
            watch.of(watch.day)
    assert "could not be gathered" in caplog.text
    assert watch.of(watch.day).digest.day == watch.day


def test_what_was_made_of_it_is_made_once(watch: Watch) -> None:
    drawn: list[Ready] = []
    ready = watch.kept.of(watch.day, draw=drawn.append)
    assert ready is not None
    assert drawn == [ready]
    made = [ready.once("page zh", lambda number=number: str(number)) for number in range(3)]
    assert made == ["0", "0", "0"]
    assert ready.once("page en", lambda: "other") == "other"
