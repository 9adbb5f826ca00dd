"""A new article with an old date: told where its column was watched all the while, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.compare.backdating import backdated, note_of
from storage.records import Page, Role

WATCHED = datetime(2026, 9, 1, 2, tzinfo=UTC)
SEEN = datetime(2026, 11, 20, 2, tzinfo=UTC)
COLUMN = Page("a", "http://a.gov.cn/xw/", Role.COLUMN, WATCHED)
PAGE = Page("a", "http://a.gov.cn/xw/1.html", Role.ARTICLE, SEEN, column=COLUMN.url)


def test_a_date_put_back_is_told_with_what_speaks_for_it() -> None:
    evidence = backdated("2026-10-08", PAGE, COLUMN)
    assert evidence == {
        "printed": "2026-10-08",
        "first_seen": "2026-11-20",
        "days": 43,
        "column_watched_since": "2026-09-01",
    }
    assert note_of(evidence) == "发布日期早于首见43天（疑似倒填）：2026-10-08"


@pytest.mark.parametrize(
    ("printed", "page", "column"),
    [
        pytest.param("2026-11-18T09:00:00+08:00", PAGE, COLUMN, id="published two days before"),
        pytest.param("2026-11-13", PAGE, COLUMN, id="a week before"),
        pytest.param("2026-08-20", PAGE, COLUMN, id="older than the watch"),
        pytest.param("2026-10-08", replace(PAGE, first_seen_at=WATCHED), COLUMN, id="a first crawl"),
        pytest.param("2026-10-08", PAGE, replace(COLUMN, depth=4), id="named on page 5"),
        pytest.param("2026-10-08", PAGE, None, id="found elsewhere"),
        pytest.param("2026-10-08", PAGE, replace(COLUMN, role=Role.ARTICLE), id="named by an article"),
        pytest.param("2026-10-08", replace(PAGE, listed_date="2026-11-19"), COLUMN, id="the list tells the day"),
        pytest.param("2026-10", PAGE, COLUMN, id="no day printed"),
        pytest.param(None, PAGE, COLUMN, id="no date printed"),
    ],
)
def test_honest_old_dates_are_left_alone(printed: str | None, page: Page, column: Page | None) -> None:
    assert backdated(printed, page, column) is None


def test_a_list_that_prints_the_same_old_day_vouches_for_nothing() -> None:
    assert backdated("2026-10-08", replace(PAGE, listed_date="2026-10-08"), COLUMN) is not None
