"""``/api/sites``, ``/api/search``, ``/api/health``, ``/api/status``."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from monitor.search.asjson import hit_json
from monitor.search.find import search as find
from monitor.search.query import LONGEST as LONGEST_QUERY
from monitor.search.query import Unreadable, parse
from monitor.search.wording import fault_line
from monitor.tell import china_time
from monitor.web.api import models, shapes
from monitor.web.api.asking import (
    Cursor,
    Day,
    Key,
    Limit,
    Trouble,
    answer,
    behind,
    known_sites,
    listed,
    none_such,
    onward,
    place,
)
from monitor.web.house import house_of

router = APIRouter()

LONGEST = 400
"""Days of responses that can be had at once."""

RUNS = 20
"""Latest crawls that the status tells."""

Asked = Annotated[str, Query(min_length=1, max_length=LONGEST_QUERY, description="words as typed into the search")]


@router.get("/sites", response_model=models.Sites)
def sites(request: Request) -> Response:
    """Every site that was ever watched."""
    return answer(request, {"items": [shapes.site(card) for card in house_of(request).archive.browsing.sites()]})


@router.get("/sites/{key}", response_model=models.Site)
def site(request: Request, key: Key) -> Response:
    """One site."""
    card = next((one for one in house_of(request).archive.browsing.sites() if one.key == key), None)
    if card is None:
        raise none_such("site")
    return answer(request, shapes.site(card))


@router.get("/sites/{key}/columns", response_model=models.Columns)
def columns(request: Request, key: Key) -> Response:
    """A site's watched columns."""
    house = house_of(request)
    known_sites(house, key)
    return answer(request, {"items": [shapes.column(card) for card in house.archive.browsing.columns(key)]})


@router.get("/sites/{key}/responses", response_model=models.Responses)
def responses(request: Request, key: Key, first_day: Day | None = None, last_day: Day | None = None) -> Response:
    """How a site answered day by day: the last 30 days unless others are asked for."""
    house = house_of(request)
    known_sites(house, key)
    last = last_day or house.today
    first = first_day or last - timedelta(days=29)
    if (last - first).days >= LONGEST:
        raise Trouble(422, f"at most {LONGEST} days at once")
    return answer(
        request, {"items": [shapes.response(day) for day in house.archive.browsing.responses(key, first, last)]}
    )


@router.get("/sites/{key}/articles", response_model=models.Articles)
def articles(request: Request, key: Key, withdrawn: bool = False, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """A site's articles, those found last first; or only those that were withdrawn."""
    house = house_of(request)
    known_sites(house, key)
    found = house.archive.browsing.articles(
        key, withdrawn=withdrawn, before=behind(cursor, "articles"), limit=limit + 1
    )
    return listed(request, "articles", found, limit, shapes.article, lambda card: card.page.id)


@router.get("/search", response_model=models.Hits)
def search(request: Request, q: Asked, cursor: Cursor = None, limit: Limit = 20) -> Response:
    """Full text over all versions; 422 for a query that cannot be read."""
    try:
        found = find(house_of(request).archive, parse(q), cursor=place(cursor, "search"), limit=limit)
    except Unreadable as error:
        raise Trouble(422, fault_line(error, "en")) from None
    return answer(
        request,
        {
            "items": [hit_json(hit) for hit in found.hits],
            "next": onward(request, "search", found.next),
            "unindexed": found.unindexed,
        },
    )


@router.get("/health", response_model=models.SitesHealth)
def health(request: Request, day: Day | None = None) -> Response:
    """How every site did on a day, today unless another is asked for."""
    house = house_of(request)
    when = day or house.today
    if when > house.today:
        raise none_such("day yet")
    found = house.archive.running.health(when, house.clock())
    return answer(request, {"day": when.isoformat(), "items": [shapes.health(one) for one in found]})


@router.get("/status", response_model=models.Status)
def status(request: Request) -> Response:
    """What is kept, what is due, and the latest crawls."""
    house = house_of(request)
    running, now = house.archive.running, house.clock()
    return answer(
        request,
        {
            "now": china_time(now),
            "counts": running.counts(),
            "due": running.due_sites(now),
            "runs": [shapes.run(one) for one in running.runs(RUNS)],
        },
    )
