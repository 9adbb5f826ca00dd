"""The drain over many pages: moves, reprints, redesigns, upgrades; and stopped, doubled or in trouble."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from drain_desk import EDITED, SITES, START, STORY, TEXT, Desk, address, busy_day, numbered, raw, story, told_with_stops
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extraction.whole import read_whole
from monitor.compare import drain as drain_module
from monitor.compare.decide import Case, decide
from monitor.compare.drain import Drain
from storage.archive import Archive
from storage.errors import BodyUnreadable
from storage.records import (
    ChangeKind,
    Outcome,
    PageKind,
    Role,
    Settlement,
)
from storage.sql import open_archive


def test_a_page_that_may_have_moved_waits_for_the_old_address(desk: Desk) -> None:
    desk.visit()
    desk.drain()
    desk.visit(page="2")
    for _ in range(2):
        assert desk.drain() == []
    (old,) = [page for page in desk.archive.crawling.pages("yunxi", Role.ARTICLE) if page.url == address("1")]
    assert old.due_at == desk.now
    assert desk.visit(final_url=address("2")) is Outcome.MOVED
    assert [(change.kind, change.url) for change in desk.drain()] == [(ChangeKind.MOVED, address("1"))]
    assert desk.archive.running.counts()["pending"] == 0


def test_a_page_that_may_have_moved_waits_though_the_old_one_was_read_otherwise(desk: Desk) -> None:
    today = read_whole(raw(*TEXT), address("1"))
    desk.visit(replace(today, extractor="0", title="旧版误读的标题"), body=raw(*TEXT))
    desk.drain()
    desk.visit(read_whole(raw(*TEXT), address("2")), page="2", body=raw(*TEXT))
    assert desk.drain() == []


@pytest.mark.parametrize("answer", [{}, {"article": None, "status": 503}])
def test_a_second_copy_on_a_site_is_new_once_the_first_has_answered(desk: Desk, answer: dict[str, object]) -> None:
    desk.visit()
    desk.drain()
    desk.visit(page="2")
    assert desk.drain() == []
    desk.visit(**answer)  # type: ignore[arg-type]
    (new,) = desk.drain()
    assert (new.kind, new.url, new.reprint_of) == (ChangeKind.NEW, address("2"), address("1"))


def test_what_a_held_page_says_next_does_not_overtake_it(desk: Desk) -> None:
    desk.visit()
    desk.drain()
    desk.visit(page="2")
    desk.drain()
    desk.visit(replace(STORY, title="市政府召开供暖专题会"), page="2")
    desk.drain()
    desk.visit()
    desk.drain()
    told = [(change.kind.value, change.from_version, change.to_version) for change in desk.log()[1:]]
    assert told == [("new", None, 1), ("retitled", 1, 2)]


def test_a_held_page_that_goes_is_not_called_back(desk: Desk) -> None:
    desk.visit()
    desk.drain()
    desk.visit(page="2")
    desk.drain()
    desk.gone(page="2", by_hand=True)
    desk.drain()
    desk.visit()
    desk.drain()
    assert desk.told() == [("new", "1.html"), ("new", "2.html"), ("removed", "2.html")]


def test_an_upgrade_of_the_extractor_is_never_an_edit(desk: Desk) -> None:
    """Version 1 was read by an older program that lost the last paragraph and took the source for a line of text."""
    body = raw(*TEXT)
    today = read_whole(body, address("1"))
    assert today.kind is PageKind.ARTICLE
    old = replace(
        today, extractor="0", source=None, canonical=("来源:云溪日报", *today.canonical[:-1]), paragraphs=TEXT[:2]
    )
    desk.visit(old, body=body)
    desk.drain()
    assert desk.visit(today, body=body) is Outcome.NEW_VERSION
    assert desk.kinds() == []
    later = raw(TEXT[0], TEXT[1].replace("4156户", "4165户"), TEXT[2])
    desk.visit(read_whole(later, address("1")), body=later)
    (edited,) = desk.drain()
    assert [(edit.before, edit.after) for edit in edited.edits] == [("4156户", "4165户")]


def test_an_edit_that_comes_with_an_upgrade_is_told_alone(desk: Desk) -> None:
    old = replace(read_whole(raw(*TEXT), address("1")), extractor="0", canonical=("旧版误读",), title="旧版误读的标题")
    desk.visit(old, body=raw(*TEXT))
    later = raw(TEXT[0], TEXT[1].replace("4156户", "4165户"), TEXT[2])
    desk.visit(read_whole(later, address("1")), body=later)
    _, edited = desk.drain()
    assert (edited.kind, [(edit.before, edit.after) for edit in edited.edits]) == (
        ChangeKind.EDITED, [("4156户", "4165户")],
    )  # fmt: skip


def test_a_page_whose_kept_body_is_damaged_is_compared_by_what_was_read_of_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = replace(STORY, extractor="0")
    desk.visit(old, body=raw(*TEXT))
    desk.drain()

    def damaged(_hash: str) -> bytes:
        raise BodyUnreadable("kept body 00 is damaged")

    monkeypatch.setattr(desk.archive.comparing, "body", damaged)
    desk.visit(EDITED)
    assert desk.kinds() == ["edited"]


def test_what_cannot_be_decided_holds_up_no_other_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        desk.visit(numbered(number, "a"), page=str(number))

    def refusing(case: Case, now: datetime) -> Settlement:
        if case.page.url == address("1"):
            raise ZeroDivisionError
        return decide(case, now)

    monkeypatch.setattr(drain_module, "decide", refusing)
    drain = Drain(desk.archive, SITES, lambda: START)
    assert [change.url for change in drain.changes()] == [address("0"), address("2")]
    assert drain.failed == 1
    monkeypatch.undo()
    (late,) = desk.drain()
    assert (late.kind, late.url) == (ChangeKind.NEW, address("1"))


def test_a_site_with_two_frames_from_the_first_day_is_not_redesigned_by_an_edit(desk: Desk) -> None:
    for number in range(12):
        desk.visit(numbered(number, "a" if number < 4 else "b"), page=str(number))
    desk.drain()
    edited = numbered(7, "b")
    desk.visit(replace(edited, canonical=(*edited.canonical, "新增一段说明文字。")), page="7")
    assert desk.kinds() == ["edited"]
    # One page that is put into the other frame is none either.
    desk.visit(numbered(1, "b"), page="1")
    assert desk.kinds() == []


@pytest.mark.parametrize("pages", [6, 9])
def test_a_redesign_of_the_site_is_one_event(desk: Desk, pages: int) -> None:
    for number in range(pages):
        desk.visit(numbered(number, "a"), page=str(number))
    assert desk.kinds() == ["new"] * pages
    for number in range(pages):
        desk.visit(numbered(number, "b"), page=str(number))
    (redesigned,) = desk.drain()
    assert (redesigned.kind, redesigned.url) == (ChangeKind.REDESIGNED, SITES["yunxi"].columns[0])
    for number in range(pages):
        desk.visit(numbered(number, "b"), page=str(number))
    assert desk.kinds() == []


def test_one_page_in_a_frame_of_its_own_is_no_redesign(desk: Desk) -> None:
    for number in range(6):
        desk.visit(numbered(number, "a"), page=str(number))
    desk.drain()
    desk.visit(numbered(3, "b"), page="3")
    assert desk.kinds() == []


@pytest.mark.parametrize("order", list(itertools.permutations(("first", "second", "third"))))
def test_a_reprint_names_the_first_publisher_in_whatever_order_they_were_visited(
    desk: Desk, order: tuple[str, ...]
) -> None:
    printed = {"first": "2026-11-20T08:00:00+08:00", "second": "2026-11-20T15:30:00+08:00", "third": "2026-11-21"}
    keys = {"first": "yunxi", "second": "lanqiao", "third": "shiquan"}
    desk.now = START + timedelta(days=2)
    for name in order:
        desk.visit(story(published_at=printed[name], source="云溪日报"), page=name, key=keys[name])
    found = {change.url: change.reprint_of for change in desk.drain()}
    first = address("first")
    assert found == {first: None, address("second", "lanqiao"): first, address("third", "shiquan"): first}


def test_a_busy_day_is_told_as_a_reader_would(desk: Desk) -> None:
    busy_day(desk)
    desk.drain()
    assert desk.told() == [
        ("new", "1.html"), ("new", "2.html"), ("new", "3.html"), ("new", "4.html"), ("new", "5.html"),
        ("edited", "1.html"), ("tampered", "4.html"), ("removed", "3.html"), ("restored", "4.html"),
        ("edited", "1.html"), ("moved", "5.html"),
    ]  # fmt: skip


@pytest.fixture
def whole(busy: Path, tmp_path: Path) -> list[object]:
    """What a drain tells that nobody stops."""
    return told_with_stops(busy, tmp_path, [])


def test_a_drain_that_is_stopped_anywhere_and_continued_tells_the_same(
    busy: Path, tmp_path: Path, whole: list[object]
) -> None:
    assert len(whole) == 11
    for k in range(25):
        assert told_with_stops(busy, tmp_path, [k]) == whole, k


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stops=st.lists(st.integers(0, 12), min_size=2, max_size=5))
def test_any_row_of_stops_tells_the_same(busy: Path, tmp_path: Path, whole: list[object], stops: list[int]) -> None:
    assert told_with_stops(busy, tmp_path, stops) == whole


def test_two_drains_at_once_tell_everything_once(desk: Desk, tmp_path: Path) -> None:
    busy_day(desk)
    other = open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    both, heard = Barrier(2), [[], []]  # type: tuple[Barrier, list[list[Change]]]

    def drain(number: int, archive: Archive) -> None:
        both.wait()
        heard[number] = list(Drain(archive, SITES, lambda: desk.now).changes())

    threads = [Thread(target=drain, args=pair) for pair in enumerate((desk.archive, other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    late = desk.drain()
    told = sorted((change.kind.value, change.url) for change in (*heard[0], *heard[1], *late))
    assert told == sorted((change.kind.value, change.url) for change in desk.log())
    assert len(desk.log()) == 11
    assert desk.archive.running.counts()["pending"] == 0


def test_a_site_that_left_the_catalogue_is_still_told(desk: Desk) -> None:
    desk.visit()
    changes = list(Drain(desk.archive, {}, lambda: desk.now).changes())
    assert [change.kind for change in changes] == [ChangeKind.NEW]
