"""The calendar: shades of days, months of weeks, and the page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from starlette.testclient import TestClient
from web_desk import WebDesk

from monitor.web.heat import LEVELS, year_of
from storage.browsing import DayCount
from storage.records import ChangeKind

NEW = date(2026, 1, 1)


def counted(*totals: int) -> list[DayCount]:
    """So many new articles on the days from 1 January on."""
    return [DayCount(NEW + timedelta(days=back), {ChangeKind.NEW: total}) for back, total in enumerate(totals)]


def levels(*totals: int) -> list[int]:
    months = year_of(2026, counted(*totals), date(2026, 12, 31))
    days = [day for week in months[0].weeks for day in week if day]
    return [day.level for day in days[: len(totals)]]


@pytest.mark.parametrize(
    ("totals", "shades"),
    [
        ((1, 2, 3, 4), [1, 2, 3, 4]),
        ((1, 2, 3, 4000), [1, 2, 3, 4]),
        ((4, 3, 2, 1), [4, 3, 2, 1]),
        ((0, 5, 0), [0, LEVELS, 0]),
        ((7, 7, 7), [LEVELS] * 3),
        ((1, 1, 1, 1, 1, 1, 1, 90), [4, 4, 4, 4, 4, 4, 4, 4]),
    ],
)
def test_shades_go_by_rank(totals: tuple[int, ...], shades: list[int]) -> None:
    assert levels(*totals) == shades


def test_a_year_ends_today_and_its_weeks_begin_on_monday() -> None:
    months = year_of(2026, (), date(2026, 11, 23))
    assert [month.first.month for month in months] == list(range(1, 12))
    assert all(len(week) == 7 for month in months for week in month.weeks)
    days = [day.day for month in months for week in month.weeks for day in week if day]
    assert days == [NEW + timedelta(days=back) for back in range(len(days))]
    assert days[-1] == date(2026, 11, 23)
    assert all(
        day.day.weekday() == at for month in months for week in month.weeks for at, day in enumerate(week) if day
    )


def test_months_before_the_watch_began_are_left_out_and_its_first_days_are_told_apart() -> None:
    months = year_of(2026, (), date(2026, 11, 23), date(2026, 10, 5))
    assert [month.first.month for month in months] == [10, 11]
    days = [day for month in months for week in month.weeks for day in week if day]
    assert [day.day.day for day in days if not day.watched] == [1, 2, 3, 4]
    assert len(year_of(2026, (), date(2026, 11, 23), date(2025, 10, 5))) == 11


def test_a_day_is_grave_by_what_was_withdrawn_alone() -> None:
    days = [
        DayCount(NEW, {ChangeKind.EDITED: 3, ChangeKind.REMOVED: 0}),
        DayCount(NEW + timedelta(1), {ChangeKind.REMOVED: 1}),
    ]
    told = [day for week in year_of(2026, days, NEW + timedelta(1))[0].weeks for day in week if day]
    assert [day.is_grave for day in told] == [False, True]
    assert told[0].counts == ((ChangeKind.EDITED, 3),)


def text(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page)))


def test_the_page_links_every_day_and_tells_its_kinds(web: TestClient, web_desk: WebDesk) -> None:
    page = web.get("/calendar").text
    linked = re.findall(r'href="/day/(\d{4}-\d\d-\d\d)"', page)
    assert linked[0] == "2026-11-21"
    assert linked[-1] == (web_desk.now + timedelta(hours=8)).date().isoformat()
    assert page.count('<td class="unwatched"') == 20
    days = {day.day: day for day in web_desk.archive.browsing.days(NEW, date(2026, 12, 31))}
    (busiest,) = days.values()
    told = text(page)
    assert f"11月21日：{busiest.total} 件变动" in told
    assert f"撤下 {busiest.counts[ChangeKind.REMOVED]}" in told
    assert page.count("<caption>") == 1
    assert 'rel="prev"' not in page
    assert 'rel="next"' not in page


def test_of_one_site_it_counts_and_links_that_site(web_desk: WebDesk) -> None:
    page = web_desk.client().get("/calendar?site=lanqiao&lang=en").text
    assert 'href="/day/2026-11-21/log?site=lanqiao"' in page
    assert "2 in all" in text(page)
    assert 'href="/calendar/2025' not in page
    assert '<option value="lanqiao" selected' in page


def test_years_without_anything_lead_no_further_back(web: TestClient) -> None:
    page = web.get("/calendar/2025").text
    assert 'rel="next" href="/calendar/2026"' in page
    assert 'rel="prev"' not in page


@pytest.mark.parametrize("address", ["/calendar/2027", "/calendar/1989", "/calendar/x", "/calendar?site=nobody"])
def test_what_is_no_year_and_no_site_is_no_page(web: TestClient, address: str) -> None:
    assert web.get(address).status_code == 404
