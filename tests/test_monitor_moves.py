"""A page that moved and was edited on the way: the move is told of the old address, the edit of the new one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from drain_desk import OTHER, TEXT, Desk, address, desk, story

from monitor.compare.decide import Case
from monitor.compare.drain import Drain
from storage.records import Article, ChangeKind, Observation, Outcome

__all__ = ["desk"]

RENAMED = story(TEXT[0], TEXT[1].replace("4156户", "4165户"), TEXT[2], title="市政府部署供暖保障工作")


def test_what_was_edited_on_the_way_is_told_once_and_of_the_new_address(desk: Desk) -> None:
    desk.visit()
    assert desk.visit(RENAMED, final_url=address("2")) is Outcome.MOVED
    desk.visit(RENAMED, page="2")
    _, moved, edited = desk.drain()
    assert (moved.kind, moved.url) == (ChangeKind.MOVED, address("1"))
    assert (edited.kind, edited.url, edited.from_version, edited.to_version) == (
        ChangeKind.EDITED, address("2"), None, 1,
    )  # fmt: skip
    assert edited.facts.numbers == (("4156户", "4165户"),)
    assert edited.evidence == {"moved_from": address("1")}
    desk.visit(RENAMED, page="2")
    assert desk.kinds() == []


def test_a_page_that_moved_as_it_was_is_told_of_no_edit(desk: Desk) -> None:
    desk.visit()
    desk.visit(final_url=address("2"))
    desk.visit(page="2")
    assert desk.kinds() == ["new", "moved"]


@pytest.mark.parametrize(
    "there",
    [story(*OTHER, title="稻香文化节开幕"), story(TEXT[0], *OTHER, title="稻香文化节开幕")],
)
def test_an_address_that_leads_to_another_story_is_gone(desk: Desk, there: Article) -> None:
    desk.visit()
    assert desk.visit(there, final_url=address("3")) is Outcome.SOFT_GONE
    desk.visit(there, final_url=address("3"), after=timedelta(hours=3))
    assert desk.kinds() == ["new", "removed"]


def test_a_move_seen_while_the_new_address_is_decided_is_no_news(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crawl goes on while its first visits are compared: the old address may answer at any moment."""
    desk.visit()
    desk.drain()
    desk.visit(page="2")
    gathered = Drain._case

    def meanwhile(drain: Drain, observation: Observation) -> Case:
        case = gathered(drain, observation)
        if observation.url == address("2"):
            monkeypatch.undo()
            assert desk.visit(final_url=address("2")) is Outcome.MOVED
        return case

    monkeypatch.setattr(Drain, "_case", meanwhile)
    desk.drain()
    desk.drain()
    assert [change.kind for change in desk.log()] == [ChangeKind.NEW, ChangeKind.MOVED]
