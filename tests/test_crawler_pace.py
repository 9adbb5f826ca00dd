"""A site's habits between the archive and the pure learning, and its budget of a day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from test_storage_archive import COLUMN, NOW, discovering, keeping, listed, visit

from crawler.pace import BUDGET_WAITS, Room, common_habits, due_articles, room_of, site_habits
from crawler.recrawl import most_worth
from crawler.rhythm import EVEN
from crawler.sites import Limits, Site
from storage.archive import Archive
from storage.lives import Why
from storage.records import Outcome, Page, Role, Run
from storage.sql import open_archive

HOUR = timedelta(hours=1)
SITE = Site(key="yunxi", name="云溪", columns=(COLUMN,), limits=Limits(requests_per_day=10))
URLS = [f"http://127.0.0.1/a/{number}.html" for number in range(6)]


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Archive]:
    """A site that named a story every twelve hours for three days, each read once and due again after an hour."""
    archive = open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    archive.crawling.enlist_columns("yunxi", [COLUMN], NOW - 72 * HOUR)
    for number, url in enumerate(URLS):
        at = NOW + (12 * number - 70) * HOUR
        archive.crawling.record(listed(*URLS[:number], at=at - HOUR), discovering())
        archive.crawling.record(listed(url, at=at), discovering(url))
        archive.crawling.record(visit(at, url=url), keeping(Outcome.NEW_VERSION))
    yield archive
    archive.close()


def spend(archive: Archive, visits: int) -> None:
    archive.running.start(Run("r", "yunxi", NOW - HOUR))
    archive.running.finish(Run("r", "yunxi", NOW - HOUR, NOW, "finished", visits, visits))


def due(archive: Archive, *, spared: int = 0, by_hand: bool = False) -> list[Page]:
    room = room_of(archive.crawling, SITE, NOW, by_hand=by_hand)
    return due_articles(archive.crawling, SITE, None, NOW, room, spared=spared)


def test_a_day_has_its_budget_and_columns_have_a_share_of_it(watched: Archive) -> None:
    assert len(due(watched, spared=1)) == 6
    spend(watched, 5)
    assert len(due(watched, spared=1)) == 4
    assert len(due(watched, spared=3)) == 2
    # Somebody who asks by hand gets what is due.
    assert len(due(watched, by_hand=True)) == 6


def test_where_it_is_spent_nothing_is_due_for_a_while(watched: Archive) -> None:
    spend(watched, 10)
    assert due(watched, spared=1) == []
    assert watched.running.due_sites(NOW + BUDGET_WAITS - HOUR / 60) == {}
    assert watched.running.due_sites(NOW + BUDGET_WAITS) == {"yunxi": 7}


def test_what_was_named_last_year_waits_for_what_was_read_and_news_do_not(watched: Archive) -> None:
    old = [f"http://127.0.0.1/old/{number}.html" for number in range(20)]
    watched.crawling.record(listed(*old, at=NOW - 30 * HOUR), discovering(*old))
    assert room_of(watched.crawling, SITE, NOW, by_hand=False) == Room(10, 5)
    chosen = due(watched, spared=1)
    assert len([page for page in chosen if page.version]) == 5
    assert len([page for page in chosen if not page.version]) == 4
    fresh = f"{COLUMN}fresh.html"
    watched.crawling.record(listed(fresh, at=NOW - HOUR), discovering(fresh))
    spend(watched, 6)
    room = room_of(watched.crawling, SITE, NOW, by_hand=False)
    assert room == Room(4, 0)
    chosen = due(watched, spared=1)
    assert {page.url for page in chosen if not page.version} == {fresh}
    assert len(chosen) == 3
    # So it is with what the crawl itself finds.
    (news,) = (page for page in chosen if page.url == fresh)
    assert room.holds(news, 3, NOW)
    assert not room.holds(news, 4, NOW)
    assert not room.holds(replace(news, listed_date="2021-12-07"), 0, NOW)


@pytest.mark.parametrize("many", ["missing", "unread"])
def test_neither_missing_pages_nor_unread_ones_keep_the_others_waiting(many: str) -> None:
    old = Page("yunxi", COLUMN, Role.ARTICLE, NOW - 900 * HOUR, version=1, id=1)
    sorts = {"missing": replace(old, id=2, missing_since=NOW), "unread": replace(old, id=3, version=0)}
    chosen = most_worth([*([sorts[many]] * 50), *sorts.values(), old], 4, NOW, None)
    assert {page.id for page in chosen} == {2, 3}


def test_old_articles_that_alone_wait_begin_no_crawl_at_each_tick(watched: Archive) -> None:
    for url in URLS:
        watched.crawling.record(visit(NOW, url=url), keeping(Outcome.UNCHANGED))
    watched.crawling.record(listed(at=NOW - 30 * HOUR), discovering("http://127.0.0.1/old/1.html"))
    watched.crawling.record(listed(at=NOW), discovering())
    spend(watched, 5)
    assert due(watched) == []
    assert watched.running.due_sites(NOW) == {}
    (waiting,) = (page for page in watched.crawling.pages("yunxi", Role.ARTICLE) if not page.version)
    assert (waiting.due_at, waiting.due_why) == (NOW + BUDGET_WAITS, Why.POSTPONED)


def test_a_site_has_habits_after_two_days_and_they_are_its_own(watched: Archive, tmp_path: Path) -> None:
    assert site_habits(watched.crawling, tmp_path, SITE, NOW - 25 * HOUR) is None
    habits = site_habits(watched.crawling, tmp_path, SITE, NOW)
    assert habits is not None
    assert set(habits.columns) == {COLUMN}
    assert 6 < habits.columns[COLUMN].sums[-1] < 28
    other = Site(key="other", name="他", columns=(COLUMN,))
    assert site_habits(watched.crawling, tmp_path, other, NOW) is None


def test_what_all_sites_share_is_learned_once_a_day(watched: Archive, tmp_path: Path) -> None:
    first = common_habits(watched.crawling, tmp_path, NOW)
    assert first.clock != EVEN
    kept = tmp_path / ".locks" / "habits.json"
    stamp = kept.read_bytes()
    assert common_habits(watched.crawling, tmp_path, NOW + 23 * HOUR) == first
    assert kept.read_bytes() == stamp
    common_habits(watched.crawling, tmp_path, NOW + 25 * HOUR)
    assert kept.read_bytes() != stamp
    # So do one that an older program wrote, with other bands, and one of nonsense.
    for name, value in (("first", [0.1]), ("clock", [0.0] * 168), ("clock", [1.0] * 24), ("further", 0)):
        kept.write_text(json.dumps({**json.loads(stamp), name: value}), "utf-8")
        assert common_habits(watched.crawling, tmp_path, NOW) == first
    # A file that was cut off, or one that cannot be written, costs the learning and no more.
    kept.write_text("{", "utf-8")
    assert common_habits(watched.crawling, tmp_path, NOW) == first
    (tmp_path / "file").write_text("", "utf-8")
    assert common_habits(watched.crawling, tmp_path / "file", NOW) == first
    assert {page.url for page in watched.crawling.pages("yunxi", Role.ARTICLE)} == set(URLS)
