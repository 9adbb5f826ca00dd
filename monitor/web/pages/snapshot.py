"""``/article/ID/v/N/snapshot`` with the page as it was received in a sandbox, and ``/snapshot/ID/N``, that page."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from crawler.extraction.decode import decode
from monitor.titles import headline
from monitor.web.asked import nothing_here
from monitor.web.guard import POLICY
from monitor.web.hijacks import hijack
from monitor.web.house import house_of
from monitor.web.look import show
from monitor.web.scrub import POLICY as HARMLESS
from monitor.web.scrub import scrub
from storage.errors import BodyUnreadable
from storage.records import Page, Told, Version

log = logging.getLogger(__name__)

LARGEST = 3_000_000
"""Bytes of a page that is still shown."""


@dataclass(frozen=True, slots=True)
class Received:
    """A version, and the bytes it was read from; ``None`` where they were not kept."""

    page: Page
    version: Version
    body: bytes | None
    damaged: bool = False

    @property
    def trouble(self) -> str | None:
        """Why it cannot be shown, as a key of the wording."""
        if self.damaged:
            return "snapshot_damaged"
        if self.body is None:
            return "snapshot_none"
        if len(self.body) > LARGEST:
            return "snapshot_large"
        return "snapshot_binary" if "binary" in decode(self.body).flags else None


def routes() -> list[Route]:
    """Where this is."""
    return [
        Route("/article/{page:number}/v/{number:number}/snapshot", framed, name="snapshot"),
        Route("/snapshot/{page:number}/{number:number}", raw, name="raw_snapshot"),
    ]


def framed(request: Request) -> Response:
    """The page around the sandbox."""
    received = _received(request)
    found = hijack(house_of(request).archive.browsing, received.version)
    answer = show(
        request,
        "snapshot.html.j2",
        here="sites",
        page=received.page,
        version=received.version,
        trouble=received.trouble,
        size=len(received.body or b""),
        title=headline(received.version.article) or received.page.url,
        tampered=received.page.told is Told.TAMPERED or found is not None,
        hijack=found,
        names=house_of(request).archive.running.site_names(),
    )
    answer.headers["content-security-policy"] = f"{POLICY}; frame-src 'self'"
    return answer


def raw(request: Request) -> Response:
    """The received page itself, scrubbed; whoever opens it alone has the sandbox too."""
    received = _received(request)
    if received.trouble or received.body is None:
        raise nothing_here()
    answer = HTMLResponse(scrub(decode(received.body).text))
    answer.headers["content-security-policy"] = f"sandbox; {HARMLESS}; frame-ancestors 'self'"
    return answer


def _received(request: Request) -> Received:
    archive, page_id = house_of(request).archive, request.path_params["page"]
    page = archive.browsing.page(page_id)
    version = archive.browsing.version(page_id, request.path_params["number"])
    if page is None or version is None:
        raise nothing_here()
    try:
        body = archive.reading.body(version.body_hash) if version.body_hash else None
    except BodyUnreadable as error:
        log.error("%s", error)
        return Received(page, version, None, damaged=True)
    return Received(page, version, body)
