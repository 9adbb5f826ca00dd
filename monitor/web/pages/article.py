"""``/article/ID``: one article, its time line first."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monitor.tell import readable
from monitor.titles import headline
from monitor.web.asked import nothing_here, number
from monitor.web.hijacks import hijack
from monitor.web.house import house_of
from monitor.web.look import show
from monitor.web.telling import told
from storage.records import Role, Told

TOLD_WHOLE = 20
"""Changes that are told with their passages; older ones are a line each."""

VISITS = 20
"""Latest visits that are listed."""

SHOWN = 12
"""Paragraphs of the text that are shown; the rest stands on the version's own page."""


def routes() -> list[Route]:
    """Where this is."""
    return [
        Route("/article/{page:number}", article, name="article"),
        Route("/article/{page:number}/diff", choose, name="choose"),
    ]


def article(request: Request) -> Response:
    """The article: what is known of it, what happened to it, its versions and visits."""
    house = house_of(request)
    browsing, page_id = house.archive.browsing, request.path_params["page"]
    dossier = browsing.dossier(page_id)
    if dossier is None or dossier.page.role is not Role.ARTICLE:
        raise nothing_here()
    names = house.archive.running.site_names()
    newest = browsing.version(page_id, dossier.page.version) if dossier.page.version else None
    entries = sorted(dossier.entries, key=lambda entry: -entry.change.id)
    return show(
        request,
        "article.html.j2",
        here="sites",
        dossier=dossier,
        page=dossier.page,
        newest=newest,
        paragraphs=readable(newest.article) if newest else (),
        SHOWN=SHOWN,
        title=_title(dossier.page.listed_title, headline(newest.article) if newest else None, dossier.page.url),
        told=told(house.archive.reading, entries[:TOLD_WHOLE], names),
        older=entries[TOLD_WHOLE:],
        visits=browsing.observations(page_id, limit=VISITS),
        tampered=dossier.page.told is Told.TAMPERED,
        hijack=hijack(browsing, newest) if newest else None,
        names=names,
    )


def choose(request: Request) -> Response:
    """Two versions chosen in the form, led on to their comparison."""
    page_id, one, other = request.path_params["page"], number(request, "from"), number(request, "to")
    if not one or not other:
        raise nothing_here()
    return RedirectResponse(f"/article/{page_id}/diff/{one}/{other}", 303)


def _title(listed: str | None, printed: str | None, url: str) -> str:
    return printed or listed or url
