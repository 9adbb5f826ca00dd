"""The dead links of sites at a moment: what their lists still lead to though it is gone, and files that are gone.

What a list leads to is not kept; a visit that read it keeps which of the links were known to be dead
(``storage.health.DEAD``), and what was found on it by that very visit is known too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, select

from storage.codec import load
from storage.health import DEAD
from storage.records import AILING, MISSING, READ, Outcome, Role
from storage.sql.narrow import IS_COLUMN, among
from storage.sql.rows import words
from storage.sql.tables import files, observations, pages

LISTS_STAND = timedelta(days=31)
"""How long what a list led to is believed, where it only answered since that it stands as it was, or not at all."""

GONE = frozenset({"404", "410"})
"""What a file's visit says of one that is not there (``crawler.attachments.failures``)."""

_LATE = timedelta(hours=1)
"""A visit is written when it has ended, so that visits stand in the log nearly in their order."""
_AT_ONCE = 500

_T = TypeVar("_T")


def dead_links(connection: Connection, start: datetime, end: datetime, site: str | None = None) -> Counter[str]:
    """How many dead links each site has at ``end``: pages by its lists then, files by the visits since ``start``."""
    return _dead_pages(connection, end, site) + _dead_files(connection, start, end, site)


def _dead_pages(connection: Connection, end: datetime, site: str | None) -> Counter[str]:
    suspects: dict[int, str] = {}
    for rows in _chunks(_lists(connection, end, site)):
        for row in rows:
            suspects |= dict.fromkeys(load(row.evidence).get(DEAD, ()), row.site)
        suspects |= _found_then(connection, [row.visit for row in rows])
    dead: Counter[str] = Counter()
    seen = observations.alias()
    latest = (
        select(seen.c.outcome)
        .where(seen.c.page_id == pages.c.id, seen.c.at < end, among(seen.c.outcome, *words(set(Outcome) - AILING)))
        .order_by(seen.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    for ids in _chunks(sorted(suspects)):
        gone = select(pages.c.id).where(pages.c.id.in_(ids), latest.in_(words(MISSING)))
        dead.update(suspects[page_id] for page_id in connection.execute(gone).scalars())
    return dead


def _lists(connection: Connection, end: datetime, site: str | None) -> list[Row[Any]]:
    """The latest visit before ``end`` that read each watched list."""
    last = _last_visit(connection, end + _LATE)
    if last is None:
        return []
    seen = observations.alias()
    latest = (
        select(seen.c.id)
        .where(
            seen.c.page_id == pages.c.id,
            # By the log's order, or all that came since would be looked through.
            seen.c.id.between(_last_visit(connection, end - LISTS_STAND) or 0, last),
            seen.c.at < end,
            among(seen.c.outcome, Outcome.LISTED.value),
        )
        .order_by(seen.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    of_site = [] if site is None else [pages.c.site == site]
    watched = (IS_COLUMN, pages.c.depth == 0, pages.c.due_at.is_not(None), *of_site)
    asked = select(pages.c.site, latest.label("visit")).where(*watched).order_by(pages.c.site, pages.c.url).subquery()
    wanted = select(asked.c.site, asked.c.visit, observations.c.evidence)
    return list(connection.execute(wanted.join(observations, observations.c.id == asked.c.visit)))


def _last_visit(connection: Connection, before: datetime) -> int | None:
    newest = select(observations.c.id).where(observations.c.at < before).order_by(observations.c.at.desc()).limit(1)
    return connection.execute(newest).scalar()


def _found_then(connection: Connection, visits: list[int]) -> dict[int, str]:
    """The articles that these visits to lists found, with their sites, by page."""
    lists = pages.alias()
    found = and_(
        pages.c.site == lists.c.site,
        pages.c.role == Role.ARTICLE.value,
        pages.c.found_on == lists.c.found_on,
        pages.c.first_seen_at == observations.c.at,
    )
    wanted = select(pages.c.id, pages.c.site).select_from(observations)
    wanted = wanted.join(lists, lists.c.id == observations.c.page_id).join(pages, found)
    return {row.id: row.site for row in connection.execute(wanted.where(observations.c.id.in_(visits)))}


def _dead_files(connection: Connection, start: datetime, end: datetime, site: str | None) -> Counter[str]:
    if not connection.execute(select(exists(select(files.c.url)))).scalar():
        return Counter()
    wanted = (
        select(pages.c.id, pages.c.site, observations.c.evidence)
        .join(pages, pages.c.id == observations.c.page_id)
        .where(observations.c.at >= start, observations.c.at < end, *_of(site))
        .where(among(observations.c.outcome, *words(READ)), observations.c.evidence.like('%"files"%'))
        .order_by(observations.c.id)
    )
    latest: dict[tuple[str, int, str], str] = {}
    for row in connection.execute(wanted):
        latest |= {(row.site, row.id, url): why for url, why in load(row.evidence).get("files", {}).items()}
    return Counter(named for (named, _, _), why in latest.items() if why in GONE)


def _of(site: str | None) -> Iterator[ColumnElement[bool]]:
    if site is not None:
        yield among(pages.c.site, site)


def _chunks(items: Iterable[_T]) -> Iterator[list[_T]]:
    known = list(items)
    for start in range(0, len(known), _AT_ONCE):
        yield known[start : start + _AT_ONCE]
