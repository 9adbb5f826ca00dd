"""What an address asks for, read: numbers, days, choices. What cannot be meant is no page (404), never a fault."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request

YEARS = range(1990, 2200)
"""Years that a day may lie in, as on the command line."""


class NumberConvertor(Convertor[int]):
    """An id or a version's number in a path: from 1 on, and small enough for every database."""

    regex = "[1-9][0-9]{0,8}"

    def convert(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_string(self, value: int) -> str:
        """The number in an address."""
        return str(value)


class DayConvertor(Convertor[date]):
    """A China day in a path, ``2026-11-23``; a day that no calendar has is no page."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def convert(self, value: str) -> date:
        """The day."""
        return read_day(value)

    def to_string(self, value: date) -> str:
        """The day in an address."""
        return value.isoformat()


register_url_convertor("number", NumberConvertor())
register_url_convertor("day", DayConvertor())


def nothing_here(why: str = "") -> HTTPException:
    """What to raise where there is no such page."""
    return HTTPException(404, why)


def read_day(text: str) -> date:
    """A China day. Raises HTTPException."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise nothing_here() from None
    if day.year not in YEARS or len(text) != 10:
        raise nothing_here()
    return day


def number(request: Request, name: str) -> int | None:
    """A number in the query, where one is given. Raises HTTPException for what is none."""
    text = request.query_params.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10):
        raise nothing_here()
    return int(text)


def choice(request: Request, name: str, *choices: str) -> str:
    """What the query chooses among these, the first of them unless it names another."""
    chosen = request.query_params.get(name, "")
    return chosen if chosen in choices else choices[0]


def with_query(request: Request, **values: str | int | None) -> str:
    """The address asked for with these put into its query; ``None`` takes a name out."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in values]
    kept += [(name, str(value)) for name, value in values.items() if value is not None]
    return request.url.path + ("?" + urlencode(kept) if kept else "")
