"""What fails now, on both databases: the latest visit counts, whatever came before."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from drain_desk import HOUR, START, Desk, address, site

from crawler.intake import take_in
from storage.archive import Archive
from storage.records import Ailing, Outcome, Role, Visit

COLUMN = "http://www.yunxi.example/news/"


def look_at_column(desk: Desk, after: timedelta = HOUR, **seen: object) -> Outcome:
    """A visit to the column of the site; without an answer unless one is given."""
    desk.now += after
    visit = Visit("yunxi", COLUMN, Role.COLUMN, desk.now, run=f"c{next(desk.runs)}", **seen)  # type: ignore[arg-type]
    return desk.archive.crawling.record(visit, partial(take_in, site("yunxi"))).observation.outcome


def test_a_column_fails_from_its_first_failure_until_it_is_read(archive: Archive) -> None:
    desk = Desk(archive)
    archive.crawling.enlist_columns("yunxi", [COLUMN], START)
    assert archive.running.ailing() == []
    assert look_at_column(desk, error="ConnectionRefusedError: no") is Outcome.FAILED
    begun = desk.now
    look_at_column(desk, status=503)
    (ailing,) = archive.running.ailing()
    assert ailing == Ailing("yunxi", COLUMN, Role.COLUMN, begun, None, Outcome.FAILED, "503")
    look_at_column(desk, status=304)
    assert archive.running.ailing() == []


def test_an_article_that_robots_forbid_or_that_is_told_as_gone_does_not_fail(archive: Archive) -> None:
    desk = Desk(archive)
    desk.visit(page="1")
    desk.visit(page="2")
    desk.drain()
    desk.visit(None, page="1", error="IgnoreRequest: robots.txt", refused=True)
    assert archive.running.ailing() == []
    read_at = desk.now - 2 * HOUR
    desk.visit(None, page="1", error="TimeoutError: late")
    desk.gone(page="2")
    first, second = archive.running.ailing()
    assert (first.url, first.outcome, second.url, second.outcome) == (
        *(address("1"), Outcome.FAILED),
        *(address("2"), Outcome.GONE),
    )
    assert first.ok_at == read_at
    desk.gone(page="2", after=3 * HOUR)
    assert "removed" in desk.kinds()
    assert [page.url for page in archive.running.ailing()] == [address("1")]
