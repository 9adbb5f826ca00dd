"""``/article/ID/v/N``: one version as it was read."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.tell import readable
from monitor.titles import headline
from monitor.web.asked import nothing_here
from monitor.web.hijacks import hijack
from monitor.web.house import house_of
from monitor.web.look import show
from storage.records import Told


def routes() -> list[Route]:
    """Where this is."""
    return [Route("/article/{page:number}/v/{number:number}", version, name="version")]


def version(request: Request) -> Response:
    """The text, what stood around it, and where it came from."""
    house = house_of(request)
    browsing = house.archive.browsing
    page_id, number = request.path_params["page"], request.path_params["number"]
    page, shown = browsing.page(page_id), browsing.version(page_id, number)
    if page is None or shown is None:
        raise nothing_here()
    found = hijack(browsing, shown)
    return show(
        request,
        "version.html.j2",
        here="sites",
        page=page,
        version=shown,
        article=shown.article,
        title=headline(shown.article) or page.listed_title or page.url,
        paragraphs=readable(shown.article),
        tampered=page.told is Told.TAMPERED or found is not None,
        hijack=found,
        names=house.archive.running.site_names(),
    )
