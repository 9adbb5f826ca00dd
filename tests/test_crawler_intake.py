"""What a visit is kept as: each answer a city server gives, and the near miss beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.extraction.read import EXTRACTOR
from crawler.finding import Finding, find, fingerprint
from crawler.intake import take_in
from crawler.pipeline import conditional
from crawler.sites import Site
from storage.records import (
    Article,
    Link,
    Outcome,
    Page,
    PageKind,
    Role,
    Surface,
    Told,
    Version,
    Visit,
)

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
COLUMN = "http://www.yunxi.example/xwzx/index.html"
URL = "http://www.yunxi.example/art/2026/11/20/art_1_2.html"
SITE = Site(key="yunxi", name="云溪", columns=(COLUMN,))
STORY = Article(
    PageKind.ARTICLE,
    title="市政府召开常务会议",
    published_at="2026-11-20",
    paragraphs=("会议研究了三项工作。",),
    canonical=("会议研究了三项工作。",),
)
KNOWN = Version("yunxi", URL, 1, NOW, fingerprint(STORY), STORY)
PAGE = Page("yunxi", URL, Role.ARTICLE, NOW, id=7, version=1, base_version=1, told=Told.LIVE, etag='"old"')
LISTING = Article(PageKind.LIST, links=(Link(URL, "市政府召开常务会议"),), extractor=EXTRACTOR)
NOTICE = Article(PageKind.MISSING, paragraphs=("您访问的页面不存在",))
FIREWALL = Article(PageKind.BLOCKED, title="访问被拦截")


def visit(status: int | None = 200, article: Article | None = STORY, **changed: object) -> Visit:
    made = Visit("yunxi", URL, Role.ARTICLE, NOW, "r", status=status, article=article, body=b"x", final_url=URL)
    return replace(made, **changed)  # type: ignore[arg-type]


HOME = "http://www.yunxi.example/"
ELSEWHERE = "http://www.yunxi.example/art/2026/11/21/art_1_9.html"


@pytest.mark.parametrize(
    ("seen", "latest", "outcome", "how"),
    [
        (visit(), None, Outcome.NEW_VERSION, None),
        (visit(), KNOWN, Outcome.UNCHANGED, None),
        (visit(304, None), KNOWN, Outcome.NOT_MODIFIED, None),
        (visit(article=replace(STORY, canonical=("会议研究了四项工作。",))), KNOWN, Outcome.NEW_VERSION, None),
        (visit(404, NOTICE), KNOWN, Outcome.GONE, "404"),
        (visit(410, None), KNOWN, Outcome.GONE, "410"),
        (visit(article=NOTICE), KNOWN, Outcome.SOFT_GONE, "soft-404"),
        (visit(article=replace(STORY, kind=PageKind.LIST), final_url=HOME), KNOWN, Outcome.SOFT_GONE, "redirect"),
        (visit(article=NOTICE, final_url=ELSEWHERE), KNOWN, Outcome.SOFT_GONE, "redirect"),
        (visit(final_url=ELSEWHERE), KNOWN, Outcome.MOVED, "redirect"),
        # A redirect to another story is no move of this one.
        (
            visit(article=replace(STORY, title="另一篇", canonical=("另一件事。",)), final_url=ELSEWHERE),
            KNOWN,
            Outcome.SOFT_GONE,
            "redirect",
        ),
        # The server's own tidying of an address is not a redirect to anywhere.
        (visit(final_url=URL.replace("http://www.", "https://")), KNOWN, Outcome.UNCHANGED, None),
        (visit(final_url=ELSEWHERE), None, Outcome.NEW_VERSION, None),
        (visit(article=replace(STORY, kind=PageKind.LIST), final_url=HOME), None, Outcome.SOFT_GONE, "redirect"),
        (visit(article=FIREWALL), KNOWN, Outcome.BLOCKED, "200"),
        (visit(412, FIREWALL), KNOWN, Outcome.BLOCKED, "412"),
        (visit(403, None), KNOWN, Outcome.BLOCKED, "403"),
        (visit(503, FIREWALL), KNOWN, Outcome.BLOCKED, "503"),
        (visit(503, replace(STORY, kind=PageKind.EMPTY)), KNOWN, Outcome.FAILED, "503"),
        (visit(400, None), KNOWN, Outcome.FAILED, "400"),
        (visit(None, None, error="TimeoutError: 30 s"), KNOWN, Outcome.FAILED, "TimeoutError: 30 s"),
        (visit(None, None, error="robots", refused=True), KNOWN, Outcome.REFUSED, "robots"),
        (visit(article=Article(PageKind.EMPTY, flags=("scripted",))), KNOWN, Outcome.EMPTY, "empty"),
        (visit(article=replace(STORY, kind=PageKind.LIST)), KNOWN, Outcome.EMPTY, "list"),
    ],
)
def test_what_a_visit_comes_to(seen: Visit, latest: Version | None, outcome: Outcome, how: str | None) -> None:
    found = find(SITE, seen, PAGE, latest)
    assert (found.outcome, found.how) == (outcome, how)


SHORT = "http://www.yunxi.example/s/7"


def test_an_address_that_always_leads_elsewhere_is_neither_moved_nor_gone() -> None:
    fresh = Page("yunxi", SHORT, Role.ARTICLE, NOW)
    first = take_in(SITE, visit(url=SHORT, final_url=ELSEWHERE), fresh, None, {})
    assert (first.observation.outcome, first.page.leads_to) == (Outcome.NEW_VERSION, ELSEWHERE)
    again = find(SITE, visit(url=SHORT, final_url=ELSEWHERE), first.page, KNOWN)
    assert again.outcome is Outcome.UNCHANGED
    edited = visit(url=SHORT, final_url=ELSEWHERE, article=replace(STORY, title="改了题", canonical=("另一件事。",)))
    assert find(SITE, edited, first.page, KNOWN).outcome is Outcome.NEW_VERSION
    # Where it leads now is another place.
    assert find(SITE, visit(url=SHORT, final_url=URL), first.page, KNOWN).outcome is Outcome.MOVED


def test_where_a_page_moved_to_is_watched_from_then_on() -> None:
    intake = take_in(SITE, visit(final_url=ELSEWHERE), replace(PAGE, column=COLUMN), KNOWN, {})
    assert [(page.url, page.role, page.column) for page in intake.discovered] == [(ELSEWHERE, Role.ARTICLE, COLUMN)]
    assert intake.page.due_at is not None
    told = replace(PAGE, told=Told.MOVED)
    assert take_in(SITE, visit(final_url=ELSEWHERE), told, KNOWN, {}).discovered == ()


FRAME = Article(PageKind.EMPTY, template="0a1b")


@pytest.mark.parametrize(
    ("article", "latest", "outcome"),
    [
        (FRAME, KNOWN, Outcome.SOFT_GONE),
        (FRAME, None, Outcome.EMPTY),
        (replace(FRAME, flags=("scripted",)), KNOWN, Outcome.EMPTY),
        (replace(FRAME, flags=("oversized",)), KNOWN, Outcome.EMPTY),
        # No markup at all is a server's fault, not an editor's act.
        (replace(FRAME, template=""), KNOWN, Outcome.EMPTY),
    ],
)
def test_an_emptied_frame_is_a_withdrawal(article: Article, latest: Version | None, outcome: Outcome) -> None:
    found = find(SITE, visit(article=article), PAGE, latest)
    assert found == Finding(outcome, "empty", {"flags": list(article.flags)})


@pytest.mark.parametrize(
    ("url", "final"),
    [
        ("http://www.yunxi.example/", "http://www.yunxi.example/index.html"),
        (COLUMN, "http://www.yunxi.example/"),
        (COLUMN, "http://www.yunxi.example/col/col7/index.html"),
    ],
)
def test_a_column_that_leads_to_a_list_is_a_list(url: str, final: str) -> None:
    seen = replace(listing(URL), url=url, final_url=final)
    assert find(SITE, seen, replace(COLUMN_PAGE, url=url), None).outcome is Outcome.LISTED


@pytest.mark.parametrize(
    ("seen", "pending", "version"),
    [
        (visit(), False, None),
        (visit(article=replace(STORY, title="改了题")), True, 2),
        (visit(404, None), True, None),
        (visit(503, None), False, None),
        (visit(article=FIREWALL), False, None),
        (visit(article=Article(PageKind.EMPTY)), False, None),
    ],
)
def test_an_error_is_never_a_version(seen: Visit, pending: bool, version: int | None) -> None:
    intake = take_in(SITE, seen, PAGE, KNOWN, {})
    assert intake.observation.pending is pending
    assert (intake.version.number if intake.version else None) == version
    assert intake.page.version == (version or 1)


@pytest.mark.parametrize(
    ("told", "outcome", "pending"),
    [
        (Told.LIVE, visit(404, None), True),
        (Told.REMOVED, visit(404, None), False),
        (Told.REMOVED, visit(), True),
        (Told.REMOVED, visit(304, None), True),
        (Told.MOVED, visit(final_url=ELSEWHERE), False),
        (Told.LIVE, visit(final_url=ELSEWHERE), True),
        (Told.TAMPERED, visit(), False),
    ],
)
def test_only_what_is_news_to_the_log_waits_for_comparison(told: Told, outcome: Visit, pending: bool) -> None:
    intake = take_in(SITE, outcome, replace(PAGE, told=told), KNOWN, {})
    assert intake.observation.pending is pending


def test_a_page_that_was_never_read_cannot_be_withdrawn() -> None:
    fresh = replace(PAGE, version=0, told=Told.NOTHING)
    assert not take_in(SITE, visit(404, None), fresh, None, {}).observation.pending


def test_the_etag_of_an_error_page_is_not_remembered() -> None:
    after = take_in(SITE, visit(article=NOTICE, etag='"gone"'), PAGE, KNOWN, {}).page
    assert (after.etag, after.missing_since) == ('"old"', NOW)
    later = NOW + timedelta(hours=1)
    again = take_in(SITE, visit(article=NOTICE, at=later), after, KNOWN, {}).page
    assert again.missing_since == NOW
    back = take_in(SITE, visit(at=later, etag='"new"'), again, KNOWN, {}).page
    assert (back.etag, back.missing_since, back.ok_at) == ('"new"', None, later)


def test_failures_add_up_and_are_forgiven() -> None:
    failed = take_in(SITE, visit(503, None), PAGE, KNOWN, {}).page
    twice = take_in(SITE, visit(503, None), failed, KNOWN, {}).page
    assert twice.failures == 2
    assert take_in(SITE, visit(), twice, KNOWN, {}).page.failures == 0


SURFACE = Surface(title="市政府召开常务会议-云溪市人民政府", keywords="云溪")


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (replace(STORY, canonical=("会议 研究了三项工作。", "")), True),
        (replace(STORY, column="要闻"), True),
        (replace(STORY, extractor="99"), True),
        (replace(STORY, links=(Link("http://x/", "相关阅读"),)), True),
        (replace(STORY, canonical=("会议研究了三项工作!",)), False),
        (replace(STORY, published_at="2026-11-21"), False),
        (replace(STORY, source="云溪日报"), False),
        (replace(STORY, document_number="云政发〔2026〕5号"), False),
        (replace(STORY, index_number="yx-01/2026-00005"), False),
        (replace(STORY, surface=replace(SURFACE, keywords="彩票")), False),
        (replace(STORY, surface=replace(SURFACE, hidden=(Link("http://x.invalid/", "棋牌"),))), False),
    ],
)
def test_the_fingerprint_names_what_readers_and_search_engines_are_told(changed: Article, same: bool) -> None:
    base = replace(STORY, surface=SURFACE)
    other = changed if changed.surface != Surface() else replace(changed, surface=SURFACE)
    assert (fingerprint(other) == fingerprint(base)) is same


COLUMN_PAGE = Page("yunxi", COLUMN, Role.COLUMN, NOW, id=1, column=COLUMN)
BEHIND = "http://www.yunxi.example/xwzx/index_1.html"


def listing(*urls: str, next_page: str | None = None) -> Visit:
    links = tuple(Link(url, f"标题 {url[-6:]}", "2026-11-20") for url in urls)
    article = Article(PageKind.LIST, links=links, next_page=next_page)
    return Visit("yunxi", COLUMN, Role.COLUMN, NOW, "r", status=200, article=article, final_url=COLUMN)


def test_a_column_names_new_addresses_and_the_page_behind_it() -> None:
    intake = take_in(SITE, listing(URL, ELSEWHERE, next_page=BEHIND), COLUMN_PAGE, None, {URL: PAGE})
    found = intake.discovered
    assert [(page.url, page.role, page.depth) for page in found] == [
        (ELSEWHERE, Role.ARTICLE, 0),
        (BEHIND, Role.COLUMN, 1),
    ]
    assert all(page.due_at == NOW and page.column == COLUMN for page in found)
    assert found[0].listed_date == "2026-11-20"


def test_a_column_with_nothing_new_is_not_paged_through_again() -> None:
    known = dict.fromkeys((URL, ELSEWHERE, BEHIND), PAGE)
    assert take_in(SITE, listing(URL, ELSEWHERE, next_page=BEHIND), COLUMN_PAGE, None, known).discovered == ()
    # One new article may have pushed another off this page before it was seen.
    some = take_in(SITE, listing(URL, ELSEWHERE, next_page=BEHIND), COLUMN_PAGE, None, {URL: PAGE, BEHIND: PAGE})
    assert [page.url for page in some.discovered] == [ELSEWHERE, BEHIND]


def test_paging_ends_at_the_sites_limit() -> None:
    last = replace(COLUMN_PAGE, depth=SITE.limits.list_pages - 1)
    found = take_in(SITE, listing(URL, next_page=BEHIND), last, None, {}).discovered
    assert [page.url for page in found] == [URL]


def test_a_column_without_links_is_an_ailing_column() -> None:
    assert find(SITE, listing(), COLUMN_PAGE, None) == Finding(Outcome.EMPTY, "no links")


LEARNED = replace(STORY, extractor="1+0a1b2c3d", canonical=("会议研究了三项工作,本文已有7人读过。",))


def test_a_page_read_otherwise_is_compared_with_its_version_read_again() -> None:
    """The stored version says something else only because another extractor read it."""
    again = replace(KNOWN, fingerprint=fingerprint(LEARNED), article=LEARNED)
    intake = take_in(SITE, visit(article=LEARNED), PAGE, KNOWN, {}, again)
    assert (intake.observation.outcome, intake.version) == (Outcome.UNCHANGED, None)
    assert (intake.page.read_by, intake.page.read_as) == ("1+0a1b2c3d", fingerprint(LEARNED))
    later = take_in(SITE, visit(article=LEARNED), intake.page, KNOWN, {})
    assert later.observation.outcome is Outcome.UNCHANGED
    edited = replace(LEARNED, title="市政府召开专题会议")
    assert take_in(SITE, visit(article=edited), intake.page, KNOWN, {}).observation.outcome is (Outcome.NEW_VERSION)


def test_what_is_remembered_of_another_reading_says_nothing() -> None:
    page = replace(PAGE, read_by="1+ffffffff", read_as=fingerprint(LEARNED))
    assert take_in(SITE, visit(article=LEARNED), page, KNOWN, {}).observation.outcome is Outcome.NEW_VERSION
    older = replace(KNOWN, number=9, fingerprint=fingerprint(LEARNED), article=LEARNED)
    intake = take_in(SITE, visit(article=LEARNED), PAGE, KNOWN, {}, older)
    assert intake.observation.outcome is Outcome.NEW_VERSION


def test_a_new_version_is_remembered_as_it_was_read() -> None:
    after = take_in(SITE, visit(article=LEARNED), PAGE, KNOWN, {}).page
    assert (after.version, after.read_by, after.read_as) == (2, "1+0a1b2c3d", fingerprint(LEARNED))
    kept = take_in(SITE, visit(304, None), after, KNOWN, {}).page
    assert (kept.read_by, kept.read_as) == (after.read_by, after.read_as)


def test_a_list_is_asked_for_afresh_once_the_extractor_reads_otherwise() -> None:
    """An older one may have overlooked what the list names, and would be told for ever that nothing is new."""
    column = Page("yunxi", COLUMN, Role.COLUMN, NOW, id=3, column=COLUMN, ok_at=NOW, etag='"old"')
    seen = visit(article=LISTING, role=Role.COLUMN, url=COLUMN, final_url=COLUMN, etag='"new"')
    after = take_in(SITE, seen, column, None, {}).page
    assert conditional(after) == {"If-None-Match": '"new"'}
    assert conditional(replace(after, read_by="1")) == conditional(column) == {}
    assert conditional(replace(PAGE, ok_at=NOW, read_by="1")) == {"If-None-Match": '"old"'}
