"""``/downloads``: what there is to take away of a page, a site or a day; ``/download/WAY/KEY/FILE``: those files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.downloads.changes import as_csv, as_lines
from monitor.downloads.scope import Scope
from monitor.downloads.warc import LARGEST, as_warc
from monitor.tell import Lang
from monitor.web.asked import nothing_here, number, read_day
from monitor.web.house import House, house_of
from monitor.web.look import lang_of, show
from monitor.web.streamed import AT_ONCE, Gate, Streamed
from storage.records import Page

Make = Callable[[House, Scope, Lang, int], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class File:
    """A kind of file: its media type, what its name begins to end with, and how it is made."""

    type: str
    ending: str
    make: Make


def _lines(house: House, scope: Scope, _lang: Lang, _after: int) -> Iterator[bytes]:
    return as_lines(house.archive.browsing, scope)


def _csv(house: House, scope: Scope, lang: Lang, _after: int) -> Iterator[bytes]:
    return as_csv(house.archive.browsing, scope, house.archive.running.site_names(), lang)


def _warc(house: House, scope: Scope, _lang: Lang, after: int) -> Iterator[bytes]:
    return as_warc(house.archive, scope, house.clock(), after=after)


FILES: Mapping[str, File] = {
    "changes.csv": File("text/csv; charset=utf-8; header=present", "-changes.csv", _csv),
    "changes.jsonl": File("application/jsonl", "-changes.jsonl", _lines),
    # Its gzip members are the format's own, and no encoding of this answer.
    "archive.warc.gz": File("application/gzip", ".warc.gz", _warc),
}


def routes() -> list[Route]:
    """Where this is."""
    return [
        Route("/downloads", downloads, name="downloads"),
        Route("/download/{way}/{key}/{file}", download, name="download"),
    ]


def downloads(request: Request) -> Response:
    """What each file holds. Of today, unless the query names a page, a site or a day."""
    house = house_of(request)
    names = house.archive.running.site_names()
    asked = [(way, request.query_params[way]) for way in ("page", "site", "day") if request.query_params.get(way)]
    if len(asked) > 1:
        raise nothing_here()
    scope = _scope(house, names, *(asked[0] if asked else ("day", house.today.isoformat())))
    page = house.archive.browsing.page(scope.page_id) if scope.page_id is not None else None
    return show(
        request,
        "downloads.html.j2",
        scope=scope,
        page=page,
        title=_title(house, page),
        files=[
            (name, f"/download/{scope.way}/{scope.key}/{name}", f"{scope.name}{FILES[name].ending}") for name in FILES
        ],
        largest=LARGEST // 1_000_000_000,
        at_once=AT_ONCE,
        names=names,
    )


def download(request: Request) -> Response:
    """A file, made while it is sent. ``?after=`` is the id of the visit that an archive file goes on behind."""
    house, asked = house_of(request), request.path_params
    file = FILES.get(asked["file"])
    if file is None:
        raise nothing_here()
    scope = _scope(house, house.archive.running.site_names(), asked["way"], asked["key"])
    after = number(request, "after") or 0
    gate = request.app.state.gate
    assert isinstance(gate, Gate)
    part = f"-behind-{after}" if after else ""
    pieces = file.make(house, scope, lang_of(request), after)
    return Streamed(pieces, gate, media_type=file.type, name=f"{scope.name}{part}{file.ending}")


def _scope(house: House, names: Mapping[str, str], way: str, key: str) -> Scope:
    """What a file is about. Raises HTTPException where there is no such page, site or day."""
    if way == "site" and key in names:
        return Scope(site=key)
    if way == "day" and (day := read_day(key)) <= house.today:
        return Scope(day=day)
    if way == "page" and key.isascii() and key.isdigit() and len(key) < 10 and key == str(int(key)):
        page = house.archive.browsing.page(int(key))
        if page is not None:
            return Scope(page_id=page.id)
    raise nothing_here()


def _title(house: House, page: Page | None) -> str:
    if page is None:
        return ""
    newest = house.archive.browsing.version(page.id, page.version) if page.version else None
    return (newest.article.title if newest else None) or page.listed_title or page.url
