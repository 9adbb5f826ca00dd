"""What is asked of many pages at once, on both databases: the same as page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from browsing_town import NOON, Town

from storage.archive import Archive
from storage.changes import ChangeKind
from storage.sql import browsing, reading

DAY = timedelta(days=1)


@pytest.fixture
def town(archive: Archive) -> Town:
    return Town(archive)


def test_pages_are_handed_out_together_as_one_by_one(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "PAGES_AT_ONCE", 2)
    known = [town.article(f"{number}.html") for number in range(5)]
    found = town.archive.browsing.pages([*known, 999])
    assert found == {number: town.archive.browsing.page(number) for number in known}
    assert town.archive.browsing.pages([]) == {}


def test_pages_that_stand_hijacked_are_known_as_of_then(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "URLS_AT_ONCE", 2)
    pages = [town.article(f"{number}.html") for number in range(6)]
    urls = [town.archive.comparing.page(page).url for page in pages]
    told = (ChangeKind.TAMPERED, 0, 2), (ChangeKind.TAMPERED, 1, 2), (ChangeKind.RESTORED, 1, 3)
    again = (ChangeKind.TAMPERED, 2, 2), (ChangeKind.RESTORED, 2, 3), (ChangeKind.TAMPERED, 2, 4)
    # Withdrawn as it was hijacked, and put back so.
    put_back = (ChangeKind.TAMPERED, 5, 2), (ChangeKind.REMOVED, 5, None), (ChangeKind.RESTORED, 5, 2)
    for hour, (kind, page, number) in enumerate((*told, *again, *put_back)):
        town.tell(pages[page], kind, NOON + timedelta(hours=hour), to_version=number)
    town.tell(pages[3], ChangeKind.EDITED, NOON, to_version=2)
    town.tell(pages[4], ChangeKind.TAMPERED, NOON + DAY, to_version=2)
    hijacked = town.archive.reading.hijacked
    assert hijacked([*urls, "http://127.0.0.1/none"], NOON + DAY) == {urls[0], urls[2], urls[5]}
    assert hijacked(urls, NOON + timedelta(hours=2)) == {urls[0], urls[1]}
    assert hijacked(urls[1:5], NOON + 2 * DAY) == {urls[2], urls[4]}
    assert hijacked([], NOON + DAY) == set()
