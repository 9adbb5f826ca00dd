"""A site's habits between the archive and the pure learning, and its budget of a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from test_storage_archive import COLUMN, NOW, discovering, keeping, listed, visit

from crawler.pace import BUDGET_WAITS, common_habits, due_articles, site_habits
from crawler.rhythm import EVEN
from crawler.sites import Limits, Site
from storage.archive import Archive
from storage.records import Outcome, Role, Run
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
    archive.running.finish(Run("r", "yunxi", NOW - HOUR, NOW, "finished", visits))


def test_a_day_has_its_budget_and_columns_have_a_share_of_it(watched: Archive) -> None:
    crawling = watched.crawling
    assert len(due_articles(crawling, SITE, None, NOW, spared=1)) == 6
    spend(watched, 5)
    assert len(due_articles(crawling, SITE, None, NOW, spared=1)) == 4
    assert len(due_articles(crawling, SITE, None, NOW, spared=3)) == 2
    # Somebody who asks by hand gets what is due.
    assert len(due_articles(crawling, SITE, None, NOW, spared=None)) == 6


def test_where_it_is_spent_nothing_is_due_for_a_while(watched: Archive) -> None:
    spend(watched, 10)
    assert due_articles(watched.crawling, SITE, None, NOW, spared=1) == []
    assert watched.running.due_sites(NOW + BUDGET_WAITS - HOUR / 60) == {}
    assert watched.running.due_sites(NOW + BUDGET_WAITS) == {"yunxi": 7}


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
    # A file that was cut off, or one that cannot be written, costs the learning and no more.
    kept.write_text("{", "utf-8")
    assert common_habits(watched.crawling, tmp_path, NOW) == first
    (tmp_path / "file").write_text("", "utf-8")
    assert common_habits(watched.crawling, tmp_path / "file", NOW) == first
    assert {page.url for page in watched.crawling.pages("yunxi", Role.ARTICLE)} == set(URLS)
