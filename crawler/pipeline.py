"""From Scrapy's responses and failures to visits, and from visits to the archive.

Kept beside the spider rather than as a Scrapy item pipeline: the spider needs the archive's answer (which addresses are
new) before it can go on, and an address must be kept in the same transaction as the list that named it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, ResponseDataLossError
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler.addresses import plain_address
from crawler.attachments import NOT_MODIFIED, is_page
from crawler.discovery.service import answered_at
from crawler.errand import Errand
from crawler.extraction.read import EXTRACTOR, read_page
from crawler.extraction.whole import MOST_PAGES, join, stitch
from crawler.instead import is_led_away, led_away
from crawler.intake import take_in
from crawler.known import as_it_was, awaited_part, is_held, is_to_be_held
from crawler.lessons import read_again
from crawler.middlewares import HostRests
from crawler.named import own_links
from storage.archive import Archive
from storage.attachments import FileVisit, KeptFile
from storage.bodies import body_hash
from storage.records import Intake, Page, PageKind, Role, Version, Visit

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


def came(response: Response, errand: Errand) -> tuple[Errand, Visit, str | None]:
    """What a response came to: the visit, its errand with the pages read before it, and the next page to ask for.

    Pure, and the longest that the crawl does in one piece: see ``crawler.spiders.desk`` for who does it.
    """
    visit = visit_of(response, errand)
    further = awaited_part(errand) if is_held(visit) else None
    if further is None and not visit.calm:
        errand, visit = with_held_read(errand, visit)
        further = next_part(errand, visit)
    return errand, visit, further


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
    if (known := as_it_was(errand, brought, response.body)) is not None:
        return known
    return brought if is_to_be_held(errand, brought) else with_reading(errand, brought, where)


def with_reading(errand: Errand, visit: Visit, where: str) -> Visit:
    """A visit whose page came from ``where``, with what it says."""
    learned = errand.learned if visit.role is Role.ARTICLE else None
    article = own_links(errand.site, where, read_page(visit.body or b"", where, role=visit.role, learned=learned))
    if is_led_away(errand.site, visit):
        # Its validators are a stranger's: kept, they would answer 304 for the page itself once it is back.
        return replace(visit, etag=None, last_modified=None, article=led_away(article, plain_address(where)))
    return replace(visit, article=article)


def with_held_read(errand: Errand, visit: Visit) -> tuple[Errand, Visit]:
    """The pages of an article that were held unread are read after all, as far as each leads to the next one."""
    if not any(map(is_held, (*errand.parts, visit))):
        return errand, visit
    parts: list[Visit] = []
    for asked, part in zip((*errand.calm.parts, "") if errand.calm else (), errand.parts, strict=False):
        step = replace(errand, parts=tuple(parts))
        read = with_reading(step, part, part.final_url or part.url) if is_held(part) else part
        if next_part(step, read) != asked:
            return step, read
        parts.append(read)
    last = replace(errand, parts=tuple(parts) or errand.parts)
    return last, with_reading(last, visit, visit.final_url or visit.url) if is_held(visit) else visit


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


def keep(archive: Archive, errand: Errand, visit: Visit) -> Intake:
    """Write a visit to the archive. Raises StorageError, and nothing is half written."""
    again = read_again(archive.learning, errand.page, visit, errand.learned)
    return archive.crawling.record(visit, partial(take_in, errand.site, again=again, habits=errand.habits))


def is_quiet(errand: Errand, visit: Visit) -> bool:
    """Whether a visit brought nothing to read: a known article or list that is as it was, no file asked for."""
    stands = visit.calm or (visit.status == NOT_MODIFIED and visit.article is None)
    return stands and not visit.files and (visit.role is Role.COLUMN or errand.page.version > 0)


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
