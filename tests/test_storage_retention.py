"""What is let go of once it is old, and what never is, on both databases."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from drain_desk import EDITED, STORY, Desk, address, long_past, noise, raw

from storage.archive import Archive
from storage.retention import Pruned, Rule
from storage.searching import Asked

PAGE = address("1")


@pytest.fixture
def desk(archive: Archive) -> Desk:
    return Desk(archive)


def kept(desk: Desk) -> list[tuple[int, bool]]:
    return [(version.number, version.body_hash is not None) for version in desk.archive.reading.history(PAGE)]


def prune(desk: Desk, rule: Rule) -> Pruned:
    """Prune one at a time until nothing is left to."""
    whole = Pruned()
    while (some := desk.archive.retention.prune(rule, limit=1)) != Pruned():
        whole += some
    return whole


def test_raw_pages_of_spare_versions_go_and_their_texts_stay(desk: Desk) -> None:
    long_past(desk)
    change = desk.log()[-1]
    spared = {1, 7, change.from_version, change.to_version}
    rule = Rule(bodies_before=desk.now + timedelta(hours=1))
    bodies = desk.archive.running.counts()["bodies"]
    assert desk.archive.retention.spare(rule) == Pruned(7 - len(spared), 0)
    assert prune(desk, rule) == Pruned(7 - len(spared), 0)
    assert kept(desk) == [(number, number in spared) for number in range(1, 8)]
    # A raw page that another one leans on stays, told by nobody, until that one goes.
    assert bodies - (7 - len(spared)) <= desk.archive.running.counts()["bodies"] < bodies
    for version in desk.archive.reading.history(PAGE):
        if version.body_hash is not None:
            assert desk.archive.reading.body(version.body_hash)


def test_texts_go_after_them_and_the_log_stays_whole(desk: Desk) -> None:
    long_past(desk)
    told = desk.log()
    spared = {1, 7, told[-1].from_version, told[-1].to_version}
    rule = Rule(desk.now + timedelta(hours=1), desk.now + timedelta(hours=1))
    gone = 7 - len(spared)
    assert desk.archive.retention.spare(rule) == Pruned(gone, gone)
    assert prune(desk, rule) == Pruned(gone, gone)
    assert {number for number, _ in kept(desk)} == spared
    assert desk.log() == told
    assert desk.archive.retention.spare(rule) == Pruned()
    # What is told next stands beside what was told last.
    desk.visit(STORY, body=raw(*STORY.canonical))
    assert desk.kinds() == ["edited"]


def test_the_search_finds_no_version_that_is_gone(desk: Desk) -> None:
    long_past(desk)
    asked = Asked(words=("供暖保障",))
    before = {found.id for found in desk.archive.searching.candidates(asked)}
    prune(desk, Rule(desk.now + timedelta(hours=1), desk.now + timedelta(hours=1)))
    ids = {version.id for version in desk.archive.reading.history(PAGE)}
    assert ids < before
    assert {found.id for found in desk.archive.searching.candidates(asked, limit=len(ids))} == ids


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(Rule(), id="nothing is asked for"),
        pytest.param("old", id="nothing is that old"),
        pytest.param("site", id="another site"),
    ],
)
def test_what_the_rule_does_not_name_stays(desk: Desk, rule: Rule | str) -> None:
    long_past(desk)
    soon, early = desk.now + timedelta(hours=1), desk.now - timedelta(days=9)
    rules = {"old": Rule(early, early), "site": Rule(soon, soon, "lanqiao")}
    chosen = rule if isinstance(rule, Rule) else rules[rule]
    assert desk.archive.retention.spare(chosen) == Pruned()
    assert prune(desk, chosen) == Pruned()
    assert len(kept(desk)) == 7


def test_what_waits_to_be_compared_stays(desk: Desk) -> None:
    long_past(desk)
    desk.visit(STORY, body=raw(*STORY.canonical))
    desk.visit(**noise(6))
    rule = Rule(desk.now + timedelta(hours=1), desk.now + timedelta(hours=1))
    assert desk.archive.retention.spare(rule) == Pruned()
    assert desk.kinds() == ["edited"]
    assert desk.archive.retention.spare(rule) != Pruned()


def test_a_body_that_a_kept_version_shares_stays(desk: Desk) -> None:
    desk.visit(STORY, body=raw(*STORY.canonical))
    desk.visit(**{**noise(1), "body": raw(*STORY.canonical)})
    desk.visit(**noise(2))
    desk.drain()
    assert prune(desk, Rule(bodies_before=desk.now + timedelta(hours=1))) == Pruned(1, 0)
    first, second, _ = desk.archive.reading.history(PAGE)
    assert second.body_hash is None
    assert first.body_hash is not None
    assert desk.archive.reading.body(first.body_hash) == raw(*STORY.canonical)


def test_the_disk_gets_its_room_back(desk: Desk, database: str) -> None:
    dice = random.Random(6)
    for number in range(50):
        desk.visit(**{**noise(number), "body": dice.randbytes(30_000)})
    desk.drain()
    before = desk.archive.retention.size()
    prune(desk, Rule(bodies_before=desk.now + timedelta(hours=1)))
    desk.archive.retention.vacuum()
    if database.startswith("sqlite"):
        # PostgreSQL keeps the room for its own rows; only what stands at a file's end goes back.
        assert desk.archive.retention.size() < before - 1_000_000
    desk.visit(EDITED)
    assert desk.kinds() == ["edited"]
