"""What a list tells for free: an article that it shows with another title or day is visited at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.intake import take_in
from crawler.sites import Site
from storage.records import Article, Link, Page, PageKind, Role, Visit

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
COLUMN = "http://www.yunxi.example/news/"
URL = "http://www.yunxi.example/news/1.html"
SITE = Site(key="yunxi", name="云溪", columns=(COLUMN,))
LIST = Page("yunxi", COLUMN, Role.COLUMN, NOW, id=1, column=COLUMN, due_at=NOW)
KNOWN = Page(
    "yunxi",
    URL,
    Role.ARTICLE,
    NOW - timedelta(days=9),
    id=2,
    column=COLUMN,
    listed_title="我市召开供暖工作会议",
    listed_date="2026-11-14",
    checked_at=NOW - timedelta(hours=8),
    due_at=NOW + timedelta(days=2),
    version=1,
)


def shown(title: str, date: str | None = "2026-11-14", page: Page = KNOWN, column: Page = LIST) -> tuple[Page, ...]:
    article = Article(PageKind.LIST, links=(Link(URL, title, date),))
    visit = Visit("yunxi", column.url, Role.COLUMN, NOW, "r", 200, final_url=column.url, article=article)
    return take_in(SITE, visit, column, None, {page.url: page}).relisted


@pytest.mark.parametrize(
    ("title", "date"),
    [("我市召开供热工作会议", "2026-11-14"), ("我市召开供暖工作会议", "2026-11-15"), ("关于供暖的通告", None)],
)
def test_another_title_or_day_makes_it_due_at_once(title: str, date: str | None) -> None:
    (found,) = shown(title, date)
    assert (found.due_at, found.listed_title) == (NOW, title)
    assert found.listed_date == (date or KNOWN.listed_date)
    # It is known from then on: the next list that shows the same brings no visit.
    assert shown(title, date, found) == ()


@pytest.mark.parametrize(
    ("title", "date", "page"),
    [
        ("我市召开供暖工作会议", "2026-11-14", KNOWN),
        # Cut off, spaced, in full width, or with the clock that only this list prints.
        ("我市召开供暖工…", "2026-11-14", KNOWN),
        ("我市召开供暖 工作会议", "2026-11-14T08:30:00+08:00", KNOWN),
        ("我市召开供暖工作会议", None, KNOWN),
        ("我市召开供暖工作会议", "2026-11-14", replace(KNOWN, listed_title="我市召开供暖...")),
        # Another column may have its own headline for it; one that was never read or is let go is no matter.
        ("要闻:供暖", "2026-11-15", replace(KNOWN, column="http://www.yunxi.example/top/")),
        ("要闻:供暖", "2026-11-15", replace(KNOWN, version=0)),
        ("要闻:供暖", "2026-11-15", replace(KNOWN, due_at=None)),
        ("要闻:供暖", "2026-11-15", replace(KNOWN, role=Role.COLUMN)),
    ],
)
def test_the_same_title_printed_otherwise_says_nothing(title: str, date: str | None, page: Page) -> None:
    assert shown(title, date, page) == ()


def test_a_list_that_shows_another_title_each_time_does_not_burden_a_site() -> None:
    just = replace(KNOWN, checked_at=NOW - timedelta(minutes=1))
    (found,) = shown("另一个标题", page=just)
    assert found.due_at == NOW + timedelta(minutes=9)
    # Nor is a visit that is due anyway put off.
    (soon,) = shown("另一个标题", page=replace(just, due_at=NOW + timedelta(minutes=2)))
    assert soon.due_at == NOW + timedelta(minutes=2)


def test_a_list_behind_the_first_speaks_for_its_column_too() -> None:
    behind = Page("yunxi", f"{COLUMN}index_1.html", Role.COLUMN, NOW, id=3, column=COLUMN, depth=1, due_at=NOW)
    assert len(shown("我市召开供热工作会议", column=behind)) == 1
