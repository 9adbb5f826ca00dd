"""Visits that brought nothing to read, many in one transaction: a row each in the log, and what pages remember."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.archive import Decide
from storage.records import Intake, Page, Visit
from storage.sql.rows import Values, changed_values, observation_values, page_from
from storage.sql.tables import observations, pages

AT_ONCE = 200


def record_quiet(connection: Connection, visits: Sequence[tuple[int, Visit]], decide: Decide) -> list[Intake]:
    """See ``storage.archive.Crawling.record_quiet``."""
    before = _known(connection, {page for page, _ in visits})
    after = dict(before)
    intakes: list[Intake] = []
    for page, visit in visits:
        if page not in after:
            continue
        intake = decide(visit, after[page], None, {})
        if intake.version is not None or intake.discovered or intake.files:
            raise ValueError(f"not a quiet visit: {visit.url}")
        after[page] = intake.page
        intakes.append(replace(intake, observation=replace(intake.observation, page_id=page)))
    if intakes:
        rows = [observation_values(intake.observation, intake.observation.page_id) for intake in intakes]
        connection.execute(insert(observations), rows)
    _update(connection, [(before[page], after[page]) for page in before])
    return intakes


def _known(connection: Connection, ids: Collection[int]) -> dict[int, Page]:
    """The visited pages, held until the transaction ends, always in the order of their ids."""
    known: dict[int, Page] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        some = select(pages).where(pages.c.id.in_(ordered[start : start + AT_ONCE]))
        for row in connection.execute(some.order_by(pages.c.id).with_for_update()):
            known[row.id] = page_from(row)
    return known


def _update(connection: Connection, turned: Sequence[tuple[Page, Page]]) -> None:
    """Write what differs, one statement for all pages that differ in the same columns."""
    alike: dict[tuple[str, ...], list[Values]] = defaultdict(list)
    for old, new in turned:
        if changed := changed_values(old, new):
            alike[tuple(changed)].append({**changed, "page": old.id})
    for rows in alike.values():
        connection.execute(update(pages).where(pages.c.id == bindparam("page")), rows)
