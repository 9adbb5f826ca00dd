"""How a site does. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

DEAD = "dead"
"""The evidence of a visit that read a list: the ids of pages that it leads to though they were found missing."""


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """How a site has answered lately; ``failures`` counts the failed visits of the asked-for China day.

    ``stale_columns`` are the column addresses that brought no new article for longer than the national inspection
    allows: two weeks, or six months for those of them that are ``stale_notices``, too (``storage.overdue``). ``note``
    is one Chinese line for the reader, or ``None`` when all is well. ``missing`` is how many articles were looked at
    that day and not found, ``dead_links`` how many pages its lists lead to by the day's end though they are gone, and
    how many files were asked for that day and gone.
    """

    site: str
    name: str
    last_success_at: datetime | None
    failures: int = 0
    visits: int = 0
    pages: int = 0
    blocked: int = 0
    stale_columns: tuple[str, ...] = ()
    note: str | None = None
    missing: int = 0
    stale_notices: tuple[str, ...] = ()
    dead_links: int = 0
