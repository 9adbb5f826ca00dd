"""``/change/ID``: one change of the log, whole."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.web.asked import nothing_here
from monitor.web.house import house_of
from monitor.web.look import show
from monitor.web.telling import told
from storage.records import ChangeKind, Page, Told, china_day


def routes() -> list[Route]:
    """Where this is."""
    return [Route("/change/{change:number}", change, name="change")]


def change(request: Request) -> Response:
    """The change as the digest tells it, with the ways to all around it."""
    house = house_of(request)
    entry = house.archive.browsing.change(request.path_params["change"])
    if entry is None:
        raise nothing_here()
    browsing, names = house.archive.browsing, house.archive.running.site_names()
    page = browsing.page(entry.page_id) if entry.page_id else None
    original = browsing.page_at(entry.change.reprint_of) if entry.change.reprint_of else None
    return show(
        request,
        "change.html.j2",
        here="today",
        told=told(house.archive.reading, [entry], names)[0],
        entry=entry,
        day=china_day(entry.change.detected_at),
        tampered=entry.change.kind is ChangeKind.TAMPERED or _is_hijacked(page),
        original_tampered=_is_hijacked(original),
        names=names,
    )


def _is_hijacked(page: Page | None) -> bool:
    return page is not None and page.told is Told.TAMPERED
