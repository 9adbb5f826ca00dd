"""From Scrapy's responses and failures to visits, and from visits to the archive.

Kept beside the spider rather than as a Scrapy item pipeline: the spider needs the archive's answer (which addresses are
new) before it can go on, and an address must be kept in the same transaction as the list that named it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urljoin

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, ResponseDataLossError
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler.addresses import may_be_list, may_be_page, plain_address, same_page
from crawler.attachments import NOT_MODIFIED, is_page
from crawler.calm import calm_of, is_calm, is_restless, learn_calm, seen_again
from crawler.discovery.service import answered_at
from crawler.extraction.learned import Learned, reading_name
from crawler.extraction.read import EXTRACTOR, read_page
from crawler.extraction.whole import MOST_PAGES, join, stitch
from crawler.finding import fingerprint
from crawler.habits import Habits
from crawler.instead import is_led_away, led_away
from crawler.intake import take_in
from crawler.lessons import read_again
from crawler.middlewares import HostRests
from crawler.sites import Site
from storage.archive import Archive
from storage.attachments import FileVisit, KeptFile
from storage.bodies import body_hash
from storage.calm import Calm
from storage.errors import BodyUnreadable
from storage.records import Article, Intake, Link, Outcome, Page, PageKind, Role, Told, Version, Visit

UNSAID: dict[type, str] = {
    DownloadCancelledError: "larger than the site's page_bytes",
    ResponseDataLossError: "the answer broke off",
}
"""What Scrapy's own errors mean where they come without a word."""

PAGES = ("text/html", "application/xhtml")
HTML = ("text/html", "application/xhtml", "text/plain", "application/xml", "text/xml")
JSON = ("application/json", "text/json")
LISTS = (
    *(*JSON, "application/javascript", "text/javascript", "application/x-javascript"),
    *("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/gzip", "application/x-gzip"),
)
"""What a column may be besides a page: a list service's answer, a feed, a sitemap."""


MOST_CALM = 1_000_000
"""Bytes of a page whose places are looked for."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What a request was sent for; travels in its meta. ``parts`` are the visits of an article's pages before this.

    ``learned`` is what the site taught of its template, ``habits`` what it says of when to look again, ``calm`` what is
    remembered of the page's bytes. Where a file is asked for, ``files`` begins with it and holds those whose turn comes
    after it, and ``visit`` is the article's visit that waits for them.
    """

    site: Site
    page: Page
    run: str
    by_hand: bool
    parts: tuple[Visit, ...] = ()
    learned: Learned | None = None
    habits: Habits | None = None
    visit: Visit | None = None
    files: tuple[KeptFile, ...] = ()
    calm: Calm | None = None


def visit_of(response: Response, errand: Errand) -> Visit:
    """The visit that a response makes, its page read where there is one to read."""
    kind = (response.headers.get("Content-Type") or b"text/html").decode("latin-1").lower()
    where = answered_at(errand.page.url, response.url, redirected="redirect_urls" in response.meta)
    visit = Visit(
        site=errand.site.key,
        url=errand.page.url,
        role=errand.page.role,
        at=datetime.now(UTC),
        run=errand.run,
        status=response.status,
        final_url=plain_address(where),
        duration_ms=round(response.meta.get("download_latency", 0) * 1000),
        by_hand=errand.by_hand,
    )
    if response.status == NOT_MODIFIED:
        return visit
    if response.status == 200 and not kind.strip().startswith(HTML if visit.role is Role.ARTICLE else (*HTML, *LISTS)):
        return replace(visit, refused=True, error=f"not a page: {kind.split(';')[0]}")
    etag, last_modified = _header(response, "ETag"), _header(response, "Last-Modified")
    brought = replace(visit, body=response.body, etag=etag, last_modified=last_modified)
    if is_as_it_was(errand, visit, response.body):
        # Without a place nothing moved since the version was read: it is remembered by all of its bytes.
        same = errand.calm is not None and not errand.calm.places
        return replace(brought, calm=True, same_bytes=same)
    learned = errand.learned if visit.role is Role.ARTICLE else None
    article = own_links(errand.site, where, read_page(response.body, where, role=visit.role, learned=learned))
    if is_led_away(errand.site, visit):
        # Its validators are a stranger's: kept, they would answer 304 for the page itself once it is back.
        return replace(visit, body=response.body, article=led_away(article, plain_address(where)))
    return replace(brought, article=article)


def is_as_it_was(errand: Errand, visit: Visit, body: bytes) -> bool:
    """Whether a page's bytes alone tell that it says what was read last, where that was, and stands as it did."""
    page = errand.page
    where = visit.final_url or visit.url
    settled = page.told in (Told.NOTHING, Told.LIVE) and page.missing_since is None and page.failures == 0
    if visit.status != 200 or not settled or not same_page(where, page.leads_to or page.url):
        return False
    return is_calm(body, errand.calm, reading_name(EXTRACTOR, errand.learned), page.version, visit.at)


def calm_after(archive: Archive, errand: Errand, visit: Visit, intake: Intake) -> Calm | None:
    """What to remember of the bytes of an article that was read whole and is kept; ``None`` for nothing new."""
    body, article = visit.body, visit.article
    if body is None or article is None or article.kind is not PageKind.ARTICLE or article.next_page or errand.parts:
        return None
    if visit.role is not Role.ARTICLE or errand.site.attachments == "keep" or len(body) > MOST_CALM:
        return None
    plain = calm_of(body, article.extractor, intake.page.version, visit.at)
    if intake.observation.outcome is Outcome.NEW_VERSION:
        return plain
    restless = is_restless(errand.calm, article.extractor, intake.page.version, visit.at)
    if intake.observation.outcome is not Outcome.UNCHANGED or restless:
        return None
    if errand.calm is not None and (again := seen_again(body, errand.calm, plain)) is not None:
        return again
    kept = kept_body(archive, errand.page.id, intake.page.version)
    if kept is None:
        return None
    said, where = fingerprint(article), visit.final_url or visit.url

    def says_the_same(less: bytes) -> bool:
        return fingerprint(read_page(less, where, role=Role.ARTICLE, learned=errand.learned)) == said

    before = errand.calm.places if errand.calm is not None and errand.calm.version == plain.version else ()
    return learn_calm(kept, body, plain, says_the_same, before)


def kept_body(archive: Archive, page_id: int, number: int) -> bytes | None:
    """The bytes that a version was read from, where they are still there."""
    version = archive.learning.version(page_id, number)
    try:
        return archive.learning.body(version.body_hash) if version is not None and version.body_hash else None
    except BodyUnreadable:
        return None


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


def file_visit(response: Response, file: KeptFile) -> FileVisit:
    """What a response says of a file. A page in its place is an error page or a firewall's, whatever it is called."""
    seen = FileVisit(file.url, datetime.now(UTC))
    if response.status == NOT_MODIFIED and file.hash:
        return replace(seen, hash=file.hash, etag=file.etag, last_modified=file.last_modified)
    if response.status != 200:
        return replace(seen, error=str(response.status))
    kind = (response.headers.get("Content-Type") or b"").decode("latin-1").strip().lower()
    if kind.startswith((*PAGES, *JSON)) or not response.body or is_page(response.body):
        what = "a page" if is_page(response.body) else kind.split(";")[0] or "empty"
        return replace(seen, error=f"not a file: {what}")
    name = body_hash(response.body)
    body = None if name == file.hash else response.body
    etag, last_modified = _header(response, "ETag"), _header(response, "Last-Modified")
    return replace(seen, hash=name, body=body, etag=etag, last_modified=last_modified)


def file_failed(failure: Failure, file: KeptFile) -> FileVisit:
    """What a failed request says of a file: nothing but that it did not come."""
    return FileVisit(file.url, datetime.now(UTC), error=_said(failure.value))


def file_headers(file: KeptFile) -> dict[str, str]:
    """Headers that ask for a file only if it is not the one that is kept."""
    return _conditions(file.etag, file.last_modified) if file.hash else {}


def visit_failed(failure: Failure, errand: Errand) -> Visit:
    """The visit that a failed request makes: what stood in the way, in one line."""
    error = failure.value
    request: Request | None = getattr(failure, "request", None)
    refused = isinstance(error, IgnoreRequest | DownloadCancelledError) and not isinstance(error, HostRests)
    return Visit(
        site=errand.site.key,
        url=errand.page.url,
        role=errand.page.role,
        at=datetime.now(UTC),
        run=errand.run,
        final_url=request.url if request is not None else None,
        error=_said(error),
        refused=refused,
        by_hand=errand.by_hand,
    )


def _said(error: BaseException | None) -> str:
    """An error in one line."""
    said = str(error).strip() or UNSAID.get(type(error), "")
    return ": ".join([type(error).__name__, *said.splitlines()[:1]])[:240]


def own_links(site: Site, base: str, article: Article) -> Article:
    """An article whose links are plain addresses of this site's own pages, each once, in order."""
    own: dict[str, Link] = {}
    for link in article.links:
        url = plain_address(urljoin(base, link.url))
        if may_be_page(url) and site.owns(url):
            own.setdefault(url, replace(link, url=url))
    behind = plain_address(urljoin(base, article.next_page)) if article.next_page else None
    if behind is not None and not (may_be_list(behind) and site.owns(behind)):
        behind = None
    lists = dict.fromkeys(plain_address(urljoin(base, url)) for url in article.lists)
    return replace(
        article,
        links=tuple(own.values()),
        next_page=behind,
        lists=tuple(url for url in lists if may_be_list(url) and site.owns(url)),
    )


def keep(archive: Archive, errand: Errand, visit: Visit) -> Intake:
    """Write a visit to the archive. Raises StorageError, and nothing is half written."""
    again = read_again(archive.learning, errand.page, visit, errand.learned)
    return archive.crawling.record(visit, partial(take_in, errand.site, again=again, habits=errand.habits))


def is_quiet(errand: Errand, visit: Visit) -> bool:
    """Whether a visit brought nothing to read: a known article that is as it was, no file asked for."""
    as_it_was = visit.calm or (visit.status == NOT_MODIFIED and visit.article is None)
    return as_it_was and visit.role is Role.ARTICLE and not visit.files and errand.page.version > 0


def keep_quiet(archive: Archive, waiting: Sequence[tuple[Errand, Visit]]) -> list[tuple[Errand, Visit, Intake]]:
    """Write quiet visits together. Raises StorageError, and none of them is written."""
    sent = {(visit.site, visit.url): (errand, visit) for errand, visit in waiting}

    def decide(visit: Visit, page: Page, latest: Version | None, known: Mapping[str, Page]) -> Intake:
        errand = sent[visit.site, visit.url][0]
        return take_in(errand.site, visit, page, latest, known, habits=errand.habits)

    kept = archive.crawling.record_quiet([(errand.page.id, visit) for errand, visit in waiting], decide)
    return [(*sent[intake.page.site, intake.page.url], intake) for intake in kept]


def conditional(page: Page) -> dict[str, str]:
    """Headers that ask for a page only if it is not what was read last.

    A list is read anew by each extractor: what it names may be other addresses, and nothing of it is kept to be read
    again.
    """
    is_known = page.read_by == EXTRACTOR if page.role is Role.COLUMN else page.version > 0
    return _conditions(page.etag, page.last_modified) if page.ok_at is not None and is_known else {}


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    wanted = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in wanted.items() if value}


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    # NUL has no place in a header, nor in a database's text.
    return value.decode("latin-1").replace("\0", "") if value else None
