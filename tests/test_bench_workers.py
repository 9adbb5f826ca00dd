"""What ``bench.workers`` measures by: its made sites, the book at their doors, its moments, how logs are compared."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bench.county import COLUMN, County
from bench.countyfarm import Book, address_of
from bench.unrest import trouble
from bench.workerslog import Played, Seen, compared, judged, turned_back
from storage.changes import Change, ChangeKind

ROUNDS = 4
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def county() -> County:
    return County(20, ROUNDS, 4, 7)


def test_sites_show_what_the_truth_says(county: County) -> None:
    seen: Counter[ChangeKind] = Counter()
    for site, true in county.truth():
        before, after = (site.answer(true.path, max(1, each)) for each in (true.round - 1, true.round))
        seen[true.kind] += 1
        statuses = (before.status, after.status)
        match true.kind:
            case ChangeKind.NEW:
                assert statuses == ((200, 200) if true.round == 1 else (404, 200))
            case ChangeKind.REMOVED:
                assert statuses == (200, 404)
            case ChangeKind.RESTORED:
                assert statuses == (404, 200)
            case ChangeKind.MOVED:
                assert statuses == (200, 301)
            case _:
                assert statuses == (200, 200)
                assert before.body != after.body
    assert set(seen) >= set(ChangeKind) - {ChangeKind.TAMPERED, ChangeKind.REDESIGNED}


def test_what_no_truth_names_stays_as_it_is(county: County) -> None:
    told = {(site.key, true.path, true.round) for site, true in county.truth()}
    for site in county.sites:
        for round_ in range(2, ROUNDS + 1):
            for stand in site.rounds[round_ - 2]:
                if (site.key, stand.path, round_) not in told:
                    assert site.answer(stand.path, round_).body == site.answer(stand.path, round_ - 1).body


def test_a_list_names_what_is_there_and_nothing_else(county: County) -> None:
    for site in county.sites:
        shown = site.answer(COLUMN, ROUNDS).text
        for stand in site.rounds[-1]:
            assert (f'"{stand.path}"' in shown) is not stand.gone


@pytest.mark.parametrize(
    ("asked", "breaches"),
    [
        pytest.param("begin 1 a, end 1, begin 2 b, end 2", 0, id="one after another"),
        pytest.param("begin 1 a, end 1, begin 1 a", 0, id="the same again"),
        pytest.param("begin 1 a, begin 2 b", 1, id="two at once"),
        pytest.param("begin 1 a, begin 2 a", 1, id="two crawls of one machine at once"),
        pytest.param("begin 1 a, end 1, begin 2 b, end 2, begin 1 a", 1, id="goes on beside its successor"),
        pytest.param("begin 1 a, end 1, begin 2 b, end 2, begin 3 a", 0, id="its turn again, with a new crawl"),
    ],
)
def test_the_book_tells_a_site_that_is_asked_by_two(asked: str, breaches: int) -> None:
    book = Book()
    for step in asked.split(", "):
        match step.split():
            case ["begin", talk, machine]:
                beside = book.begins(0, int(talk), machine, "/")
                book.breaches.extend([beside] if beside else [])
            case ["end", talk]:
                book.ends(0, int(talk))
    assert len(book.breaches) == breaches


def test_what_befalls_is_seeded_and_spread_over_the_rounds() -> None:
    given = argparse.Namespace(seed=1, kills=20, cut=45)
    moments = trouble(given, ["worker1", "worker2"], [100, 200, 300, 400])
    assert moments == trouble(given, ["worker1", "worker2"], [100, 200, 300, 400])
    assert Counter(moment.what for moment in moments) == {"kill": 20, "restart": 2, "cut": 1}
    kills = [moment for moment in moments if moment.what == "kill"]
    assert Counter(moment.round for moment in kills) == dict.fromkeys((1, 2, 3, 4), 5)
    assert {moment.whom for moment in kills} == {"crawl", "worker", "service"}
    assert all(0 < moment.requests < 100 * moment.round for moment in moments)


def _change(path: str, kind: ChangeKind = ChangeKind.NEW, later: int = 0) -> Change:
    return Change("county000", f"http://{address_of(0)}{path}", kind, NOON + timedelta(hours=later), id=later)


def _played(changes: Sequence[Change], seen: Sequence[Seen] = (), pending: int = 0) -> Played:
    return Played("one", changes, seen, pending, [10], [], 1.0, [])


ONE, TWO = _change("/xw/1.html"), _change("/xw/2.html")
READ = Seen(1, "county000", "http://10.232.0.1/xw/1.html", "first", "new-version")


@pytest.mark.parametrize(
    ("unrest", "at_fault"),
    [
        pytest.param(_played([replace(TWO, id=9, detected_at=NOON + timedelta(days=1)), ONE]), False, id="other times"),
        pytest.param(_played([ONE]), True, id="one lost"),
        pytest.param(_played([ONE, ONE, TWO]), True, id="one told twice"),
        pytest.param(_played([ONE, replace(TWO, kind=ChangeKind.EDITED)]), True, id="told otherwise"),
        pytest.param(_played([ONE, TWO], pending=1), True, id="one not compared"),
        pytest.param(_played([ONE, TWO], [READ, READ]), False, id="a visit kept twice is told, and no fault"),
        pytest.param(
            _played([ONE, TWO], [READ, replace(READ, run="second"), READ]), True, id="a crawl beside its successor"
        ),
    ],
)
def test_two_runs_are_alike_but_for_times_and_numbers(unrest: Played, at_fault: bool) -> None:
    assert compared(_played([ONE, TWO], [READ]), unrest)[1] is at_fault


def test_visits_kept_more_often_are_counted() -> None:
    lines, _ = compared(_played([ONE], [READ]), _played([ONE], [READ, READ, replace(READ, url="other")]))
    (said,) = [line for line in lines if line.startswith("visits kept more often")]
    assert "2 of 3, 1 of them twice" in said


def test_crawls_one_after_another_do_not_turn_back() -> None:
    other = replace(READ, site="county001")
    assert list(turned_back([READ, other, READ, replace(READ, run="second")])) == []


def test_the_log_is_judged_by_the_truth(county: County) -> None:
    changes = [
        Change(site.key, f"http://{address_of(site.place)}{true.path}", true.kind, NOON)
        for site, true in county.truth()
    ]
    false = replace(changes[0], url="http://10.232.0.1/xw/0.html")
    assert judged(_played(changes), county, address_of) == (len(changes), 0, 0)
    assert judged(_played([false, *changes[1:]]), county, address_of) == (len(changes) - 1, 1, 1)
