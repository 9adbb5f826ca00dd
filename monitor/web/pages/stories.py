"""``/stories``: stories that several pages print, the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.titles import headline
from monitor.web.asked import number, with_query
from monitor.web.house import house_of
from monitor.web.look import show
from storage.records import Page, Told, Version

AT_ONCE = 30
"""Stories on one page."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A story in a list: its number, a title, the sites that print it in the order found, and how its pages stand."""

    number: int
    title: str
    sites: tuple[str, ...]
    pages: int
    withdrawn: int
    page: Page


def routes() -> list[Route]:
    """Where this is."""
    return [Route("/stories", stories, name="stories")]


def stories(request: Request) -> Response:
    """The stories behind ``before``."""
    house = house_of(request)
    browsing = house.archive.browsing
    found = browsing.stories(before=number(request, "before"), limit=AT_ONCE + 1)
    shown = found[:AT_ONCE]
    told = [(story, pages) for story, pages in ((story, settled(pages)) for story, pages in shown) if len(pages) > 1]
    newest = house.archive.reading.newest([pages[0].url for _, pages in told])
    return show(
        request,
        "stories.html.j2",
        here="stories",
        stories=[shared(story, pages, newest) for story, pages in told],
        more=with_query(request, before=shown[-1][0]) if len(found) > AT_ONCE else None,
        names=house.archive.running.site_names(),
    )


def settled(pages: Sequence[Page]) -> list[Page]:
    """A story's pages without those that moved to another of them: an article that moved is no copy of itself."""
    here = {page.url for page in pages}
    return [page for page in pages if page.told is not Told.MOVED or page.moved_to not in here - {page.url}]


def shared(story: int, pages: Sequence[Page], newest: Mapping[str, Version]) -> Shared:
    """A story by its pages. ``newest`` are versions by address."""
    first = pages[0]
    version = newest.get(first.url)
    title = (headline(version.article) if version else None) or first.listed_title or first.url
    withdrawn = sum(page.told is Told.REMOVED for page in pages)
    return Shared(story, title, tuple(dict.fromkeys(page.site for page in pages)), len(pages), withdrawn, first)
