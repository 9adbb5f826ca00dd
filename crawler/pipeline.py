"""From Scrapy's responses and failures to visits, and from visits to the archive.

Kept beside the spider rather than as a Scrapy item pipeline: the spider needs the archive's answer (which addresses are
new) before it can go on, and an address must be kept in the same transaction as the list that named it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urljoin

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, ResponseDataLossError
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler.addresses import may_be_page, plain_address
from crawler.extraction.read import read_page
from crawler.extraction.whole import MOST_PAGES, join, stitch
from crawler.intake import take_in
from crawler.middlewares import HostRests
from crawler.sites import Site
from storage.archive import Archive
from storage.records import Article, Intake, Link, Page, PageKind, Role, Visit

UNSAID: dict[type, str] = {
    DownloadCancelledError: "larger than the site's page_bytes",
    ResponseDataLossError: "the answer broke off",
}
"""What Scrapy's own errors mean where they come without a word."""

HTML = ("text/html", "application/xhtml", "text/plain", "application/xml", "text/xml")


@dataclass(frozen=True, slots=True)
class Errand:
    """What a request was sent for; travels in its meta. ``parts`` are the visits of an article's pages before this."""

    site: Site
    page: Page
    run: str
    by_hand: bool
    parts: tuple[Visit, ...] = ()


def visit_of(response: Response, errand: Errand) -> Visit:
    """The visit that a response makes, its page read where there is one to read."""
    kind = (response.headers.get("Content-Type") or b"text/html").decode("latin-1").lower()
    visit = Visit(
        site=errand.site.key,
        url=errand.page.url,
        role=errand.page.role,
        at=datetime.now(UTC),
        run=errand.run,
        status=response.status,
        final_url=plain_address(response.url),
        duration_ms=round(response.meta.get("download_latency", 0) * 1000),
        by_hand=errand.by_hand,
    )
    if response.status == 304:
        return visit
    if response.status == 200 and not kind.strip().startswith(HTML):
        return replace(visit, refused=True, error=f"not a page: {kind.split(';')[0]}")
    article = read_page(response.body, response.url, role=errand.page.role)
    return replace(
        visit,
        body=response.body,
        article=own_links(errand.site, response.url, article),
        etag=_header(response, "ETag"),
        last_modified=_header(response, "Last-Modified"),
    )


def next_part(errand: Errand, visit: Visit) -> str | None:
    """The address of the article's next page, where there is one to go on to."""
    article = visit.article
    if errand.page.role is not Role.ARTICLE or article is None or article.kind is not PageKind.ARTICLE:
        return None
    seen = {part.final_url for part in (*errand.parts, visit)} | {errand.page.url}
    behind = article.next_page
    return behind if behind and behind not in seen and len(seen) < MOST_PAGES else None


def whole_visit(errand: Errand, last: Visit) -> Visit:
    """One visit of an article in several pages, from the visits of its pages; ``last`` may be the one that went wrong.

    Where a page could not be read the whole is a failure: half an article is not an edited one. A whole has no ETag,
    since its first page's says nothing about the others.
    """
    first, *rest = (*errand.parts, last)
    if not rest:
        return first
    if last.status != 200 or last.article is None or last.article.kind is not PageKind.ARTICLE:
        why = last.error or f"page {len(errand.parts) + 1} of the article answered {last.status}"
        return replace(first, status=None, article=None, body=None, error=why)
    assert first.article is not None
    return replace(
        first,
        body=stitch([part.body or b"" for part in (first, *rest)]),
        article=join(first.article, [part.article for part in rest if part.article is not None]),
        duration_ms=first.duration_ms + sum(part.duration_ms for part in rest),
        etag=None,
        last_modified=None,
    )


def visit_failed(failure: Failure, errand: Errand) -> Visit:
    """The visit that a failed request makes: what stood in the way, in one line."""
    error = failure.value
    request: Request | None = getattr(failure, "request", None)
    refused = isinstance(error, IgnoreRequest | DownloadCancelledError) and not isinstance(error, HostRests)
    said = str(error).strip() or UNSAID.get(type(error), "")
    return Visit(
        site=errand.site.key,
        url=errand.page.url,
        role=errand.page.role,
        at=datetime.now(UTC),
        run=errand.run,
        final_url=request.url if request is not None else None,
        error=": ".join([type(error).__name__, *said.splitlines()[:1]])[:240],
        refused=refused,
        by_hand=errand.by_hand,
    )


def own_links(site: Site, base: str, article: Article) -> Article:
    """An article whose links are plain addresses of this site's own pages, each once, in order."""
    own: dict[str, Link] = {}
    for link in article.links:
        url = plain_address(urljoin(base, link.url))
        if may_be_page(url) and site.owns(url):
            own.setdefault(url, replace(link, url=url))
    behind = plain_address(urljoin(base, article.next_page)) if article.next_page else None
    if behind is not None and not (may_be_page(behind) and site.owns(behind)):
        behind = None
    lists = dict.fromkeys(plain_address(urljoin(base, url)) for url in article.lists)
    return replace(
        article,
        links=tuple(own.values()),
        next_page=behind,
        lists=tuple(url for url in lists if may_be_page(url) and site.owns(url)),
    )


def keep(archive: Archive, site: Site, visit: Visit) -> Intake:
    """Write a visit to the archive. Raises StorageError, and nothing is half written."""
    return archive.crawling.record(visit, partial(take_in, site))


def conditional(page: Page) -> dict[str, str]:
    """Headers that ask for a page only if it is not what was read last."""
    headers = {}
    if page.ok_at is not None and (page.version or page.role is Role.COLUMN):
        if page.etag:
            headers["If-None-Match"] = page.etag
        if page.last_modified:
            headers["If-Modified-Since"] = page.last_modified
    return headers


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    # NUL has no place in a header, nor in a database's text.
    return value.decode("latin-1").replace("\0", "") if value else None
