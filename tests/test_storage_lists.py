"""Lists that stand for a column besides its own page: who is asked for them and how long, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from crawler.extraction.read import EXTRACTOR
from crawler.intake import take_in
from crawler.sites import Site
from storage.archive import Archive
from storage.records import Article, Link, PageKind, Role, Visit

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
HOST = "http://127.0.0.1"
ONE, TWO = f"{HOST}/gkmlpt/index", f"{HOST}/gkmlpt/policy"
SERVICE = f"{HOST}/gkmlpt/api/all/0?page=1&sid=66"
SITE = Site(key="yunxi", name="云溪", columns=(ONE, TWO))


def say(archive: Archive, column: str, *lists: str, hours: int = 0) -> None:
    """A visit that read a column, which named these lists."""
    article = Article(PageKind.LIST, links=(Link(f"{HOST}/a/1.html", "通知"),), lists=lists, extractor=EXTRACTOR)
    at = NOW + timedelta(hours=hours)
    visit = Visit("yunxi", column, Role.COLUMN, at, "r", 200, column, body=b"x", article=article, etag='"e"')
    archive.crawling.record(visit, partial(take_in, SITE))


def watched(archive: Archive) -> dict[str, str | None]:
    """The lists that are asked for, and what is known of their pages."""
    return {page.url: page.etag for page in archive.crawling.pages("yunxi", Role.COLUMN)}


def test_a_list_stands_as_long_as_its_column_names_it(archive: Archive) -> None:
    archive.crawling.enlist_columns("yunxi", [ONE], NOW)
    say(archive, ONE, SERVICE)
    assert watched(archive) == {ONE: '"e"', SERVICE: None}
    say(archive, ONE, hours=1)
    assert SERVICE not in watched(archive)


def test_a_list_that_one_of_two_columns_lets_go_is_asked_of_the_other(archive: Archive) -> None:
    archive.crawling.enlist_columns("yunxi", [ONE, TWO], NOW)
    say(archive, ONE, SERVICE)
    say(archive, TWO, SERVICE)
    say(archive, ONE, hours=1)
    # Answering 304, the other column would never name it again.
    assert watched(archive) == {ONE: None, TWO: None}
    say(archive, TWO, SERVICE, hours=2)
    say(archive, ONE, hours=3)
    assert watched(archive) == {ONE: '"e"', TWO: '"e"', SERVICE: None}


def test_a_column_that_comes_back_brings_its_lists(archive: Archive) -> None:
    archive.crawling.enlist_columns("yunxi", [ONE, TWO], NOW)
    say(archive, TWO, SERVICE)
    archive.crawling.enlist_columns("yunxi", [ONE], NOW)
    assert set(watched(archive)) == {ONE}
    archive.crawling.enlist_columns("yunxi", [ONE, TWO], NOW + timedelta(hours=1))
    assert watched(archive) == {ONE: None, TWO: '"e"', SERVICE: None}
