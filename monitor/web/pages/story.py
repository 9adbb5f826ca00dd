"""``/story/ID``: one story on several pages: who was first, who copied, how copies differ, who withdrew it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monitor.stories import lines
from monitor.web import wording
from monitor.web.asked import nothing_here
from monitor.web.house import House, house_of
from monitor.web.lineage import WIDTH, copies, drawn, height
from monitor.web.look import lang_of, show
from storage.stories import Printing


def routes() -> list[Route]:
    """Where this is."""
    return [Route("/story/{story:number}", story, name="story")]


def story(request: Request) -> Response:
    """The printings of a story as they stand now."""
    house = house_of(request)
    printings = house.archive.browsing.printings(request.path_params["story"], house.clock() + timedelta(seconds=1))
    names = house.archive.running.site_names()
    found = lines(printings, names)
    if not found:
        return _alone(house, printings)
    told = copies(found[0], printings, names)
    nodes, lang = drawn(told), lang_of(request)
    return show(
        request,
        "story.html.j2",
        here="stories",
        line=found[0],
        copies=told,
        nodes=nodes,
        width=WIDTH,
        height=height(nodes),
        sites=len({copy.part.site for copy in told}),
        gone=sum(not copy.part.stands for copy in told),
        later=lambda moment: wording.apart(told[0].seen_at, moment, lang),
        names=names,
    )


def _alone(house: House, printings: Sequence[Printing]) -> Response:
    """To the article itself, where all that printed a story is one page that moved."""
    page = house.archive.browsing.page_at(printings[-1].newest.url) if printings else None
    if page is None:
        raise nothing_here()
    return RedirectResponse(f"/article/{page.id}", 303)
