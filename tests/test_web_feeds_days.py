"""What a feed must not leave out: a change told late, the newest hit, the gravest change, the days before a rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from browsing_town import NOON, Town
from search_room import Room
from starlette.testclient import TestClient
from web_desk import WebDesk

from monitor.config import Settings
from monitor.web.app import build_app
from storage.archive import Archive
from storage.records import ChangeKind
from storage.sql import open_archive

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive that knows one site."""
    archive = open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    archive.running.announce({"yunxi": "云溪"})
    yield archive
    archive.close()


def ids(body: str) -> list[str]:
    """The ends of the ids of a feed's entries."""
    return re.findall(r"<entry>\s*<id>[^<]*:([^<]*)</id>", body)


def test_a_change_that_is_told_late_is_not_hidden_by_a_newer_one(opened: Archive) -> None:
    town = Town(opened)
    first, second = town.article("1"), town.article("2")
    newer = town.tell(first, ChangeKind.EDITED, NOON + 60 * MINUTE)
    client = WebDesk(opened, NOON + DAY).client()
    had = client.get("/feed/changes.atom")
    late = town.tell(second, ChangeKind.REMOVED, NOON + 59 * MINUTE)
    held = {"if-modified-since": had.headers.get("last-modified", "Fri, 01 Jan 2100 00:00:00 GMT")}
    for headers in (held, {"if-none-match": had.headers["etag"]}):
        answer = client.get("/feed/changes.atom", headers=headers)
        assert (answer.status_code, set(ids(answer.text))) == (200, {f"change/{newer}", f"change/{late}"})


def test_a_saved_search_tells_its_newest_hit_though_others_answer_better(opened: Archive) -> None:
    room = Room(opened)
    for number in range(60):
        room.keep(number, "供暖通知，供暖供暖。", title="供暖通告")
    kept = room.keep(60, f"{'很长的报告。' * 300}供暖一次。", title="年度报告")
    client = WebDesk(opened, room.now + DAY).client()
    first = client.get("/feed/search.atom?q=供暖").text
    told = ids(first)
    assert (told[0], len(told)) == (f"version/{kept.page_id}/1", 50)
    onward = re.search(r'<link href="http://127.0.0.1:8765(/[^"]*)" rel="next"', first)
    assert onward is not None
    assert len({*told, *ids(client.get(onward[1].replace("&amp;", "&")).text)}) == 61


def busy(opened: Archive) -> int:
    """A day with a hijack first and many heavy edits behind it; the id of that hijack."""
    town = Town(opened)
    pages = [town.article(f"{number}") for number in range(62)]
    told = town.tell(pages[0], ChangeKind.TAMPERED, NOON + MINUTE, weight=1.0)
    for page in pages[1:]:
        town.tell(page, ChangeKind.EDITED, NOON + 5 * MINUTE, weight=0.9)
    return told


def test_the_gravest_change_of_a_day_is_told_however_early_it_came(opened: Archive) -> None:
    told = busy(opened)
    feed = WebDesk(opened, NOON + 2 * DAY).client().get("/feed/digests.atom").text
    assert re.findall(r"/change/(\d+)", feed)[0] == str(told)


def test_the_gravest_change_of_a_day_that_is_not_ready_is_told_first(opened: Archive) -> None:
    told = busy(opened)
    app = build_app(opened, Settings(), lambda: NOON + DAY, patience=timedelta())
    held = Event()
    app.state.house.editions.begin(NOON.date() - DAY, draw=lambda _: held.wait(20))
    try:
        soon = TestClient(app, "http://127.0.0.1").get("/day/2026-11-20")
        assert "refresh" in soon.headers
        assert re.findall(r'href="/change/(\d+)"', soon.text)[0] == str(told)
    finally:
        held.set()
        app.state.house.editions.close()


def test_a_fortnight_without_a_change_ends_no_feed_of_digests(opened: Archive) -> None:
    town = Town(opened)
    page = town.article("1")
    backs = (0, 3, 40, 41, 100)
    for back in backs:
        town.tell(page, ChangeKind.EDITED, NOON - back * DAY)
    days = [f"digest/{(NOON - back * DAY).date()}" for back in backs]
    for rest in (1, 15, 30):
        client = WebDesk(opened, NOON + rest * DAY).client()
        address: str | None = "/feed/digests.atom"
        told: list[str] = []
        at_once = []
        while address is not None:
            feed = client.get(address).text
            told += ids(feed)
            at_once.append(len(ids(feed)))
            onward = re.search(r'<link href="http://127.0.0.1:8765(/[^"]*)" rel="next"', feed)
            address = onward[1] if onward else None
            assert len(at_once) < 9
        assert (told, at_once) == (days, [2, 2, 1, 0])
