"""How many changes of each kind a China day has, counted as they are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, select
from sqlalchemy.sql.elements import Case

from storage.browsing import DayCount
from storage.changes import Change, ChangeKind
from storage.records import china_day
from storage.sql.tables import day_counts
from storage.sql.upsert import upsert

ALL_SITES = ""
"""The key under which the changes of all sites are counted together: most who ask do not ask for one site."""


def count_changes(connection: Connection, told: Sequence[tuple[int, Change]]) -> None:
    """Count changes, given with their ids, in the transaction that writes them."""
    # In one order for all, or two comparers would wait for each other.
    counted = sorted(
        (site, china_day(change.detected_at), change.kind.value, number, change.weight)
        for number, change in told
        for site in {ALL_SITES, change.site}
    )
    mine = day_counts.c
    for site, day, kind, number, weight in counted:
        row = {"site": site, "day": day, "kind": kind, "n": 1}
        row |= {"first_id": number, "last_id": number, "heaviest": weight}
        again = {
            "n": mine.n + 1,
            "first_id": _chosen(mine.first_id > number, number, mine.first_id),
            "last_id": _chosen(mine.last_id < number, number, mine.last_id),
            "heaviest": _chosen(mine.heaviest < weight, weight, mine.heaviest),
        }
        upsert(connection, day_counts, row, again)


def count_days(
    connection: Connection, first: date, last: date, which: ColumnElement[bool]
) -> dict[str, list[DayCount]]:
    """The China days from ``first`` to ``last`` that had changes, by the keys they are counted under, oldest first."""
    held = day_counts.c
    counted = select(held.site, held.day, held.kind, held.n).where(which, held.day.between(first, last))
    by_day: dict[str, dict[date, dict[ChangeKind, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in connection.execute(counted.order_by(held.site, held.day, held.kind)):
        by_day[row.site][row.day][ChangeKind(row.kind)] = row.n
    return {site: [DayCount(day, counts) for day, counts in days.items()] for site, days in by_day.items()}


def _chosen(better: Any, new: float, old: Any) -> Case[Any]:
    return case((better, new), else_=old)
