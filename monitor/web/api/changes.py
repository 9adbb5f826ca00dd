"""``/api/changes``: the change log. ``/api/days``, ``/api/weeks``: counts and digests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from monitor.digest.edition import WEEK, render
from monitor.web.api import models, shapes
from monitor.web.api.asking import (
    JSON,
    LARGEST_ID,
    Cursor,
    Day,
    Id,
    Limit,
    Trouble,
    answer,
    behind,
    known_sites,
    listed,
    none_such,
    tagged,
)
from monitor.web.house import house_of
from storage.browsing import Wanted
from storage.records import ChangeKind

router = APIRouter()

LONGEST = 800
"""Days that can be counted at once."""

PATIENCE = timedelta(seconds=20)
"""How long who asks for a digest is kept waiting."""

Sites = Annotated[list[str] | None, Query(max_length=100, description="keys of sites; all without it")]
Kinds = Annotated[list[ChangeKind] | None, Query(max_length=20, description="kinds of change; all without it")]
Weight = Annotated[float, Query(ge=0.0, le=1.0, allow_inf_nan=False, description="the least weight")]
Article = Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="the id of one page")]


@router.get("/changes", response_model=models.Changes)
def changes(
    request: Request,
    site: Sites = None,
    kind: Kinds = None,
    first_day: Day | None = None,
    last_day: Day | None = None,
    least_weight: Weight = 0.0,
    article: Article = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """The changes asked for, newest first. Days are inclusive China days."""
    house = house_of(request)
    known_sites(house, *(site or ()))
    wanted = Wanted(site or (), kind or (), first_day, last_day, least_weight, article)
    found = house.archive.browsing.changes(wanted, before=behind(cursor, "changes"), limit=limit + 1)
    return listed(request, "changes", found, limit, shapes.change, lambda entry: entry.change.id)


@router.get("/changes/{change}", response_model=models.Change)
def change(request: Request, change: Id) -> Response:
    """One change."""
    entry = house_of(request).archive.browsing.change(change)
    if entry is None:
        raise none_such("change")
    return answer(request, shapes.change(entry))


@router.get("/days", response_model=models.Days)
def days(
    request: Request, first_day: Day | None = None, last_day: Day | None = None, site: str | None = None
) -> Response:
    """How many changes of each kind each day had: the last 30 days unless others are asked for."""
    house = house_of(request)
    last = last_day or house.today
    first = first_day or last - timedelta(days=29)
    if (last - first).days >= LONGEST:
        raise Trouble(422, f"at most {LONGEST} days at once")
    if site is not None:
        known_sites(house, site)
    return answer(request, {"items": [shapes.day(one) for one in house.archive.browsing.days(first, last, site)]})


@router.get("/days/{day}/digest", response_model=models.Digest)
def of_day(request: Request, day: Day) -> Response:
    """The digest of a day. 503 with ``Retry-After`` while it is being gathered."""
    return _digest(request, day, 1)


@router.get("/weeks/{day}/digest", response_model=models.Digest)
def of_week(request: Request, day: Day) -> Response:
    """The digest of the calendar week that a day lies in."""
    return _digest(request, day - timedelta(days=day.weekday()), WEEK)


def _digest(request: Request, day: date, days: int) -> Response:
    house = house_of(request)
    if day > house.today:
        raise none_such("day yet")
    ready = house.editions.of(day, days, patience=PATIENCE)
    if ready is None:
        raise Trouble(503, "the digest is being gathered; ask again", {"retry-after": "5"})
    # The text that the site's own ``/day/D.json`` is made of, in whatever language it was asked for first.
    text = ready.once("json zh", lambda: render(ready.digest, "json", "zh"))
    return tagged(request, text.encode("utf-8", "replace"), JSON)
