"""``/api/articles``: pages, their versions, texts and visits. ``/api/stories``: who printed what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse
from starlette.requests import Request
from starlette.responses import Response

from monitor import stories as told
from monitor.tell import readable
from monitor.web.api import models, shapes
from monitor.web.api.asking import Cursor, Id, Limit, answer, behind, listed, none_such, tagged
from monitor.web.house import House, house_of
from storage.browsing import Dossier
from storage.records import Page, Version

router = APIRouter()

Address = Annotated[str, Query(min_length=1, max_length=2000, description="the address of a page")]


@router.get("/articles", response_model=models.Dossier)
def at(request: Request, url: Address) -> Response:
    """The page with that address."""
    browsing = house_of(request).archive.browsing
    page = browsing.page_at(url)
    dossier = browsing.dossier(page.id, entries=1) if page else None
    if dossier is None:
        raise none_such("page")
    return answer(request, shapes.dossier(dossier))


@router.get("/articles/{article}", response_model=models.Dossier)
def article(request: Request, article: Id) -> Response:
    """A page with its versions and how its visits ended. Its changes: ``/api/changes?article=ID``."""
    return answer(request, shapes.dossier(_dossier(house_of(request), article)))


@router.get("/articles/{article}/visits", response_model=models.Visits)
def visits(request: Request, article: Id, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Visits to a page, newest first."""
    browsing = house_of(request).archive.browsing
    if browsing.page(article) is None:
        raise none_such("page")
    found = browsing.observations(article, before=behind(cursor, "visits"), limit=limit + 1)
    return listed(request, "visits", found, limit, shapes.visit, lambda seen: seen.id)


@router.get("/articles/{article}/versions", response_model=models.Versions)
def versions(request: Request, article: Id) -> Response:
    """All versions of a page, oldest first."""
    held = _dossier(house_of(request), article).versions
    return answer(request, {"items": [shapes.version_card(card) for card in held]})


@router.get("/articles/{article}/versions/{number}", response_model=models.Version)
def version(request: Request, article: Id, number: Id) -> Response:
    """One version with all that was read of it."""
    return answer(request, shapes.version(_version(house_of(request), article, number)))


@router.get("/articles/{article}/versions/{number}/text", response_class=PlainTextResponse)
def text(request: Request, article: Id, number: Id) -> Response:
    """The title and the paragraphs of a version, a line each."""
    kept = _version(house_of(request), article, number).article
    lines = [kept.title or "", *readable(kept)]
    body = "".join(" ".join(line.split()) + "\n" for line in lines)
    return tagged(request, body.encode("utf-8", "replace"), "text/plain")


@router.get("/articles/{article}/diff/{old}/{new}", response_model=models.Compared)
def difference(request: Request, article: Id, old: Id, new: Id) -> Response:
    """Two versions of a page compared as the monitor compares them; either may be the earlier one.

    Of a text of more than 50,000 characters only so many are compared.
    """
    house = house_of(request)
    was, now = _version(house, article, old), _version(house, article, new)
    return answer(request, {"article": article, "old": old, "new": new, "change": shapes.compared(was, now)})


@router.get("/stories", response_model=models.Stories)
def stories(request: Request, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Stories that two or more pages tell, newest first."""
    found = house_of(request).archive.browsing.stories(before=behind(cursor, "stories"), limit=limit + 1)

    def shape(story: tuple[int, Sequence[Page]]) -> shapes.Shape:
        number, pages = story
        return {"id": number, "pages": [shapes.page(page, page.listed_title, number) for page in pages]}

    return listed(request, "stories", found, limit, shape, lambda story: story[0])


@router.get("/stories/{story}", response_model=models.Story)
def story(request: Request, story: Id) -> Response:
    """The printings of a story as they stand now: the original first, then the copies."""
    house = house_of(request)
    printings = house.archive.browsing.printings(story, house.clock() + timedelta(seconds=1))
    found = told.lines(printings, house.archive.running.site_names())
    if not found:
        raise none_such("story")
    by_url = {printing.newest.url: printing for printing in printings}
    line = found[0]
    shown = [
        shapes.printing(by_url[part.url], part, original=part is line.original)
        for part in (line.original, *line.copies)
        if part.url in by_url
    ]
    return answer(request, {"id": story, "printings": shown})


def _dossier(house: House, article: int) -> Dossier:
    dossier = house.archive.browsing.dossier(article, entries=1)
    if dossier is None:
        raise none_such("page")
    return dossier


def _version(house: House, article: int, number: int) -> Version:
    kept = house.archive.browsing.version(article, number)
    if kept is None:
        raise none_such("version")
    return kept
