"""What all of the API's answers share, and changes, as JSON schemas; the rest stands in ``models``.

Times are ISO 8601 in China time, days China days. What pages say is data and stands as it was read.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from storage.records import ChangeKind

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
Pairs = list[tuple[str, str]]
Counts = dict[str, int]
Next = Annotated[str | None, Field(description="the address of what comes behind, null at the end")]


class Answer(BaseModel):
    """What every answer is."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] | None = None


class Index(Answer):
    """Where everything is."""

    name: str
    version: str
    addresses: list[str]


class Edit(Answer):
    """One edit. ``field`` stands only where it is not the body."""

    op: Literal["replace", "insert", "delete", "move"]
    before: str
    after: str
    paragraph: int | None
    field: str = "body"


class Facts(Answer):
    """What the edits touch, as (before, after)."""

    numbers: Pairs
    dates: Pairs
    people: Pairs
    documents: Pairs
    negations: Pairs
    organisations: Pairs
    places: Pairs


class Difference(Answer):
    """A change as ``changes --json`` prints it."""

    site: str
    url: str
    kind: ChangeKind
    detected_at: Moment
    title: str | None
    from_version: int | None
    to_version: int | None
    weight: float
    how: str | None
    edits: list[Edit]
    facts: Facts
    paragraphs_added: int
    paragraphs_removed: int
    reprint_of: str | None
    evidence: dict[str, Any]
    note: str | None


class Change(Difference):
    """A change of the log; ``article`` is its page's id, null for news about a whole site."""

    id: int
    article: int | None
    story: int | None


class Changes(Answer):
    """Changes, newest first."""

    items: list[Change]
    next: Next


class DayCount(Answer):
    """How many changes of each kind a day had."""

    day: Day
    total: int
    counts: Counts


class Days(Answer):
    """The days that had changes, oldest first."""

    items: list[DayCount]
