"""Paging through a search, on both databases: while the archive grows, from forged places, the newest first."""

from __future__ import annotations

import pytest
from search_room import Room

from monitor.search import find
from storage.archive import Archive
from storage.searching import Asked, Candidate
from storage.sql import search, searchindex


@pytest.fixture
def room(archive: Archive) -> Room:
    """An empty archive to keep texts in."""
    return Room(archive)


def walk(room: Room, cursor: str | None, **more: object) -> list[str]:
    """All that stands behind a place, as ``page/version``."""
    shown: list[str] = []
    while cursor:
        found = room.ask("供暖", cursor=cursor, **more)
        shown += named(found)
        cursor = found.next
    return shown


def named(found: find.Found) -> list[str]:
    """The hits as ``page/version``."""
    return [f"{hit.url.rsplit('/', 1)[1][:-5]}/{hit.number}" for hit in found.hits]


@pytest.mark.parametrize("window", [100, 8])
@pytest.mark.parametrize("newest_first", [False, True])
def test_what_comes_meanwhile_takes_nothing_away(
    room: Room, window: int, newest_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "WINDOW", window)
    monkeypatch.setattr(find, "TITLES", 3)
    for number in range(30):
        room.keep(
            number, f"第{number}号供暖通知" + "供暖" * (number % 5), title="供暖" if number in (4, 21) else "通告"
        )
    more = {"limit": 5, "newest_first": newest_first}
    first = room.ask("供暖", **more)
    whole = [*named(first), *walk(room, first.next, **more)]
    assert len(whole) == len(set(whole)) == 30
    if newest_first:
        assert whole == [f"{number}/1" for number in range(29, -1, -1)]
    for number in (int(whole[2][:-2]), int(whole[12][:-2]), int(whole[28][:-2]), 90, 91):
        room.keep(number, "供暖又有新消息", title="供暖")
    assert [*named(first), *walk(room, first.next, **more)] == whole
    assert {"90/1", "91/1"} < set(named(room.ask("供暖", limit=99, newest_first=newest_first)))


def test_a_newer_version_is_known_though_it_is_left_out(room: Room) -> None:
    for number in range(6):
        room.keep(number, "供暖")
    first = room.ask("供暖", limit=2)
    room.keep(0, "停水")
    room.keep(1, "供暖又停水")
    hits = {hit.url[-6]: hit for hit in room.ask("供暖", cursor=first.next, limit=9).hits}
    assert (hits["0"].number, hits["0"].newest, hits["0"].only_older) == (1, 2, True)
    assert (hits["1"].number, hits["1"].newest, hits["1"].only_older, hits["1"].versions) == (1, 2, False, 1)


def test_a_page_that_changes_often_is_shown_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "WINDOW", 8)
    monkeypatch.setattr(find, "EACH", 4)
    for number in range(24):
        room.keep(1, f"供暖第{number}稿" if number < 18 else "停水")
    room.keep(2, "供暖")
    first = room.ask("供暖")
    assert sorted([*named(first), *walk(room, first.next)]) == ["1/18", "2/1"]


def test_a_place_beyond_all_versions_is_the_newest_one(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        room.keep(number, "供暖")
    asked_at: list[int] = []
    really = searchindex.find

    def spy(connection: object, wanted: object, before: int, *more: object) -> list[Candidate]:
        asked_at.append(before)
        # Not what was asked: a place that is far too high takes PostgreSQL's memory.
        return really(connection, wanted, min(before, 99), *more)  # type: ignore[arg-type]

    monkeypatch.setattr(search, "find", spy)
    newest = room.archive.searching.candidates(Asked(("供暖",)))[0].id
    for before in (10**18 - 1, 300_000_000_000):
        assert len(room.archive.searching.candidates(Asked(("供暖",)), before=before)) == 3
        assert len(room.ask("供暖", cursor=f"{before}.{before}.0.{before}").hits) == 3
    assert set(asked_at) == {newest + 1}


def test_the_newest_come_first_where_that_is_asked(room: Room) -> None:
    for number in range(60):
        room.keep(number, "供暖" * 9, title="供暖通告")
    room.keep(60, "年度报告。" * 300 + "供暖")
    room.keep(7, "供暖")
    newest = named(room.ask("供暖", limit=50, newest_first=True))
    assert newest[:3] == ["7/2", "60/1", "59/1"]
    assert "60/1" not in named(room.ask("供暖", limit=50))
    assert len(set(walk(room, room.ask("供暖", limit=9, newest_first=True).next, limit=9, newest_first=True))) == 52
