"""Which sites have columns to be enlisted: found in one go, and the same ones that enlisting would change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from crawler.intake import take_in
from crawler.sites import Site
from storage.archive import Archive
from storage.records import Role, Visit

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
COLUMNS = {
    "yunxi": ("http://www.yunxi.example/a/", "http://www.yunxi.example/b/"),
    "lanqiao": ("http://www.lanqiao.example/a/",),
}


@pytest.fixture
def enlisted(archive: Archive) -> Archive:
    for key, columns in COLUMNS.items():
        archive.crawling.enlist_columns(key, columns, NOW)
    return archive


def test_what_is_watched_as_the_catalogue_says_needs_nothing(enlisted: Archive) -> None:
    assert enlisted.running.unlisted(COLUMNS, NOW) == []


def test_in_an_empty_archive_every_site_is_to_be_enlisted(archive: Archive) -> None:
    assert archive.running.unlisted(COLUMNS, NOW) == ["yunxi", "lanqiao"]


@pytest.mark.parametrize(
    "columns",
    [
        (*COLUMNS["yunxi"], "http://www.yunxi.example/c/"),
        COLUMNS["yunxi"][:1],
        ("http://www.yunxi.example/c/",),
    ],
    ids=["one more", "one fewer", "another"],
)
def test_a_site_whose_columns_became_others_is_found_until_it_is_enlisted(
    enlisted: Archive, columns: tuple[str, ...]
) -> None:
    wanted = COLUMNS | {"yunxi": columns}
    assert enlisted.running.unlisted(wanted, NOW) == ["yunxi"]
    enlisted.crawling.enlist_columns("yunxi", columns, NOW)
    assert enlisted.running.unlisted(wanted, NOW) == []


def test_columns_in_another_order_are_the_same_columns(enlisted: Archive) -> None:
    assert enlisted.running.unlisted({"yunxi": COLUMNS["yunxi"][::-1]}, NOW) == []


def test_a_column_that_came_back_is_watched_anew(enlisted: Archive) -> None:
    enlisted.crawling.enlist_columns("yunxi", COLUMNS["yunxi"][:1], NOW)
    assert enlisted.running.unlisted(COLUMNS, NOW) == ["yunxi"]


def test_the_site_that_is_due_longest_comes_first_whatever_its_key(archive: Archive) -> None:
    for minutes, key in enumerate(("yunxi", "lanqiao", "anping")):
        archive.crawling.enlist_columns(key, [f"http://{key}.example/"], NOW + timedelta(minutes=minutes))
    assert list(archive.running.due_sites(NOW + timedelta(hours=1))) == ["yunxi", "lanqiao", "anping"]


@pytest.mark.parametrize(("ahead", "found"), [(timedelta(minutes=59), []), (timedelta(minutes=61), list(COLUMNS))])
def test_after_a_clock_that_was_ahead_every_site_is_looked_at(
    enlisted: Archive, ahead: timedelta, found: list[str]
) -> None:
    visit(enlisted, NOW + ahead)
    assert enlisted.running.unlisted(COLUMNS, NOW) == found


def visit(archive: Archive, at: datetime) -> None:
    """A column is visited and does not answer."""
    (column,) = archive.crawling.pages("lanqiao", Role.COLUMN)
    site = Site(key="lanqiao", name="兰桥", columns=COLUMNS["lanqiao"])
    archive.crawling.record(
        Visit("lanqiao", column.url, Role.COLUMN, at, "r1", error="no answer"), partial(take_in, site)
    )
