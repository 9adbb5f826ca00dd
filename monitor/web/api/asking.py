"""What the API is asked and how it answers: parameters, cursors, JSON with a tag, problems."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import Path, Query
from pydantic import BeforeValidator
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.web.asked import YEARS, with_query
from monitor.web.house import House

T = TypeVar("T")

MOST = 200
"""Entries on one page of a list."""

LARGEST_ID = 999_999_999
JSON, PROBLEM = "application/json", "application/problem+json"


class Trouble(HTTPException):
    """An answer that is none, with its status and why."""


def _china_day(given: object) -> object:
    """A day written as ``2026-11-23`` and no other way. Raises ValueError."""
    if not isinstance(given, str) or len(given) != 10:
        raise ValueError("write a day as 2026-11-23")
    if date.fromisoformat(given).year not in YEARS:
        raise ValueError(f"no day before {YEARS.start} or after {YEARS.stop - 1}")
    return given


Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Day = Annotated[date, BeforeValidator(_china_day)]
Limit = Annotated[int, Query(ge=1, le=MOST, description="entries on a page")]
Cursor = Annotated[str | None, Query(max_length=200, description="where a list goes on: as its `next` says")]
Key = Annotated[str, Path(min_length=1, max_length=200, description="a site's key")]


def place(cursor: str | None, of: str) -> str | None:
    """What a cursor of that list holds. Raises Trouble for one of another list, or of none."""
    if not cursor:
        return None
    try:
        held = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError:
        held = ""
    name, _, where = held.partition(" ")
    if name != of or not where:
        raise Trouble(422, "this cursor is of no use here; take the one that `next` gives")
    return where


def behind(cursor: str | None, of: str) -> int | None:
    """The id that a list goes on behind. Raises Trouble."""
    where = place(cursor, of)
    if where is None:
        return None
    if not (where.isascii() and where.isdigit() and len(where) < 19):
        raise Trouble(422, "this cursor is of no use here; take the one that `next` gives")
    return int(where)


def onward(request: Request, of: str, where: int | str | None) -> str | None:
    """The address of what comes behind."""
    if where is None:
        return None
    return with_query(request, cursor=urlsafe_b64encode(f"{of} {where}".encode()).decode().rstrip("="))


def listed(
    request: Request, of: str, found: Sequence[T], limit: int, shape: Callable[[T], object], id_of: Callable[[T], int]
) -> Response:
    """A page of a list of which one more than ``limit`` was asked for, with the address of the next page."""
    shown = found[:limit]
    on = onward(request, of, id_of(shown[-1]) if len(found) > limit else None)
    return answer(request, {"items": [shape(one) for one in shown], "next": on})


def answer(request: Request, value: Mapping[str, Any]) -> Response:
    """JSON. Half a surrogate pair, which no encoding holds, becomes a question mark."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")
    headers = {"link": f'<{value["next"]}>; rel="next"'} if value.get("next") else {}
    return tagged(request, body, JSON, headers)


def tagged(request: Request, body: bytes, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    """A body with its tag; nothing but 304 where the asker has it already."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    all_headers = {"etag": tag, **(headers or {})}
    if has_it(request, tag):
        return Response(status_code=304, headers=all_headers)
    return Response(body, media_type=media_type, headers=all_headers)


def has_it(request: Request, tag: str) -> bool:
    """Whether the asker says that it has the body with that tag."""
    held = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return tag in held or "*" in held


def problem(status: int, title: str, detail: str, **more: object) -> Response:
    """What went wrong, as RFC 9457 has it."""
    said = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    body = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, status, media_type=PROBLEM, headers={"cache-control": "no-store"})


def none_such(what: str) -> Trouble:
    """What to raise where there is none."""
    return Trouble(404, f"no such {what}")


def known_sites(house: House, *keys: str) -> dict[str, str]:
    """The sites' names by key. Raises Trouble where one of these is not among them."""
    names = house.archive.running.site_names()
    if any(key not in names for key in keys):
        raise none_such("site")
    return names
