"""Which sites of a catalogue the archive does not watch as the catalogue says: asked in one go, for very many sites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.sql.crawling import CLOCK_AHEAD
from storage.sql.narrow import IS_COLUMN
from storage.sql.tables import observations, pages


def unlisted(connection: Connection, columns: Mapping[str, Sequence[str]], now: datetime) -> list[str]:
    """The keys of those sites, given with their columns, for which ``enlist_columns`` has anything to do."""
    newest = connection.execute(select(func.max(observations.c.at))).scalar()
    if newest is not None and newest > now + CLOCK_AHEAD:
        # Visited by a clock that was ahead, pages may be due too late: each site's are looked at.
        return list(columns)
    watched: dict[str, set[str]] = defaultdict(set)
    named_by: dict[str, set[str]] = defaultdict(set)
    lists = select(pages.c.site, pages.c.url, pages.c.found_on).where(IS_COLUMN, pages.c.due_at.is_not(None))
    for site, url, found_on in connection.execute(lists):
        if url == found_on:
            watched[site].add(url)
        if found_on is not None:
            named_by[site].add(found_on)
    return [key for key, own in columns.items() if set(own) - watched[key] or named_by[key] - set(own)]
