"""The drain on a real archive: visits go in as a crawl keeps them, and each piece of news comes out once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from drain_desk import EDITED, HIJACKED, HOUR, NOTICE, OTHER, STORY, Desk, address, story

from storage.records import (
    Article,
    ChangeKind,
    Outcome,
    PageKind,
    Role,
    Told,
)


def test_a_first_sight_is_new_and_a_second_one_is_nothing(desk: Desk) -> None:
    assert desk.visit() is Outcome.NEW_VERSION
    (new,) = desk.drain()
    assert (new.kind, new.url, new.title, new.from_version, new.to_version) == (
        ChangeKind.NEW, address("1"), "市政府研究供暖保障", None, 1,
    )  # fmt: skip
    desk.visit()
    assert desk.drain() == []
    assert desk.archive.running.counts()["pending"] == 0


def test_an_edit_names_both_versions_and_the_figure(desk: Desk) -> None:
    desk.visit()
    desk.visit(EDITED)
    _, edited = desk.drain()
    assert (edited.kind, edited.from_version, edited.to_version) == (ChangeKind.EDITED, 1, 2)
    assert edited.facts.numbers == (("4156户", "4165户"),)
    assert desk.log()[1].edits == edited.edits


def test_an_edit_that_is_undone_is_two_edits(desk: Desk) -> None:
    for article in (STORY, EDITED, STORY):
        desk.visit(article)
    first, there, back = desk.drain()
    assert first.kind is ChangeKind.NEW
    assert there.facts.numbers == (("4156户", "4165户"),)
    assert back.facts.numbers == (("4165户", "4156户"),)
    assert (back.kind, back.from_version, back.to_version) == (ChangeKind.EDITED, 2, 3)


def test_a_withdrawal_is_told_at_the_second_miss_and_never_again(desk: Desk) -> None:
    desk.visit()
    assert desk.kinds() == ["new"]
    desk.gone()
    assert desk.kinds() == []
    desk.gone(after=2 * HOUR)
    (removed,) = desk.drain()
    assert (removed.kind, removed.how, removed.to_version, removed.note) == (ChangeKind.REMOVED, "404", None, None)
    assert removed.evidence["visits"] == 2
    desk.gone()
    desk.gone(after=48 * HOUR)
    assert desk.kinds() == []


def test_two_misses_within_the_span_are_not_enough(desk: Desk) -> None:
    desk.visit()
    desk.gone()
    desk.gone(after=2 * HOUR - timedelta(seconds=1))
    assert desk.kinds() == ["new"]
    desk.gone(after=timedelta(seconds=1))
    assert desk.kinds() == ["removed"]


@pytest.mark.parametrize(
    "silent",
    [
        {"article": None, "status": 503},
        {"article": None, "status": None, "error": "TimeoutError: 30 s"},
        {"article": Article(PageKind.BLOCKED), "status": 412},
        {"article": Article(PageKind.EMPTY, flags=("scripted",))},
        {"article": None, "refused": True, "error": "robots"},
    ],
)
def test_a_visit_that_saw_nothing_neither_confirms_a_withdrawal_nor_resets_it(
    desk: Desk, silent: dict[str, object]
) -> None:
    desk.visit()
    desk.gone()
    for _ in range(3):
        desk.visit(**{"after": 2 * HOUR, **silent})  # type: ignore[arg-type]
    assert desk.kinds() == ["new"]
    desk.gone()
    (removed,) = desk.drain()
    assert removed.kind is ChangeKind.REMOVED
    assert removed.evidence["visits"] == 2


def test_a_visit_that_read_the_page_begins_the_count_anew(desk: Desk) -> None:
    desk.visit()
    desk.gone()
    desk.visit(after=2 * HOUR)
    desk.gone()
    assert desk.kinds() == ["new"]
    desk.gone(after=2 * HOUR)
    assert desk.kinds() == ["removed"]


def test_one_look_by_hand_is_enough_and_is_named(desk: Desk) -> None:
    desk.visit()
    desk.visit(NOTICE, by_hand=True)
    _, removed = desk.drain()
    assert (removed.kind, removed.how, removed.note) == (ChangeKind.REMOVED, "soft-404", "一次手动复查所见")
    desk.visit(NOTICE, by_hand=True)
    assert desk.kinds() == []


def test_a_page_that_comes_back_as_it_was_is_restored_without_edits(desk: Desk) -> None:
    desk.visit()
    desk.gone()
    desk.gone(after=2 * HOUR)
    desk.drain()
    assert desk.visit() is Outcome.UNCHANGED
    (back,) = desk.drain()
    assert (back.kind, back.edits, back.to_version) == (ChangeKind.RESTORED, (), 1)
    desk.visit()
    assert desk.kinds() == []


def test_a_page_that_comes_back_otherwise_tells_the_difference_with_its_return(desk: Desk) -> None:
    desk.visit()
    desk.gone(by_hand=True)
    desk.drain()
    desk.visit(EDITED)
    (back,) = desk.drain()
    assert (back.kind, back.facts.numbers) == (ChangeKind.RESTORED, (("4156户", "4165户"),))


def test_a_move_is_told_of_the_old_address_and_the_new_one_is_not_new(desk: Desk) -> None:
    desk.visit()
    desk.drain()
    assert desk.visit(final_url=address("2")) is Outcome.MOVED
    desk.visit(page="2")
    desk.visit(story(*OTHER, title="稻香文化节开幕"), page="3")
    moved, other = desk.drain()
    assert (moved.kind, moved.url, moved.evidence["to"]) == (ChangeKind.MOVED, address("1"), address("2"))
    assert (other.kind, other.url) == (ChangeKind.NEW, address("3"))
    desk.visit(EDITED, page="2")
    assert desk.kinds() == ["edited"]


def test_a_hijacked_page_that_comes_back_hijacked_is_not_sound(desk: Desk) -> None:
    for article in (STORY, HIJACKED):
        desk.visit(article)
    desk.gone(by_hand=True)
    assert desk.kinds() == ["new", "tampered", "removed"]
    assert desk.visit(HIJACKED) is Outcome.UNCHANGED
    assert desk.kinds() == ["tampered"]
    desk.visit(STORY)
    assert desk.kinds() == ["restored"]


def test_a_hijacking_is_told_once_and_its_end_with_the_real_difference_only(desk: Desk) -> None:
    desk.visit()
    desk.visit(HIJACKED)
    desk.visit(replace(HIJACKED, surface=replace(HIJACKED.surface, keywords="棋牌,彩票")))
    _, tampered = desk.drain()
    assert (tampered.kind, tampered.title) == (ChangeKind.TAMPERED, STORY.title)
    desk.visit(EDITED)
    (clean,) = desk.drain()
    assert (clean.kind, clean.note) == (ChangeKind.RESTORED, "篡改已清除")
    assert [(edit.before, edit.after) for edit in clean.edits] == [("4156户", "4165户")]
    assert (clean.from_version, clean.to_version) == (3, 4)


def test_a_hijacking_that_left_the_text_alone_ends_without_edits(desk: Desk) -> None:
    for article in (STORY, HIJACKED, STORY):
        desk.visit(article)
    assert [(change.kind.value, change.edits) for change in desk.drain()] == [
        ("new", ()), ("tampered", ()), ("restored", ()),
    ]  # fmt: skip


def test_a_page_that_was_never_told_is_not_withdrawn_before_it_is_told(desk: Desk) -> None:
    desk.visit()
    desk.gone()
    desk.gone(after=2 * HOUR)
    assert desk.kinds() == ["new", "removed"]
    (page,) = desk.archive.crawling.pages("yunxi", Role.ARTICLE)
    assert page.told is Told.REMOVED
