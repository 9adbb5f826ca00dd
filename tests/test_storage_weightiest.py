"""The weightiest changes of a span of days, held on both databases against the log read whole."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from browsing_town import NOON, Town

from storage.archive import Archive
from storage.browsing import Wanted
from storage.changes import Change, ChangeKind
from storage.records import china_day

TODAY = date(2026, 11, 20)
KINDS = (ChangeKind.NEW, ChangeKind.EDITED, ChangeKind.REMOVED, ChangeKind.TAMPERED)
HEAVY = {ChangeKind.REMOVED, ChangeKind.TAMPERED}


@pytest.fixture
def log(archive: Archive) -> list[Change]:
    """Forty changes of two pages over three days, of few weights."""
    town, dice = Town(archive), Random(3)
    pages = [town.article("1.html"), town.article("2.html", site="beishan")]
    for number in range(40):
        at = NOON + timedelta(hours=dice.randint(-30, 30))
        town.tell(pages[number % 2], dice.choice(KINDS), at, dice.choice([0.2, 0.5, 0.9, 1.0]))
    return archive.reading.changes()


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(first_day=TODAY, last_day=TODAY),
        Wanted(first_day=TODAY, last_day=TODAY, kinds=sorted(HEAVY), least_weight=0.5),
        Wanted(last_day=TODAY, sites=["beishan"]),
    ],
)
def test_the_weightiest_come_first_and_hijacks_among_equals(
    archive: Archive, log: list[Change], wanted: Wanted
) -> None:
    among = [
        change
        for change in log
        if (wanted.first_day is None or china_day(change.detected_at) >= wanted.first_day)
        and china_day(change.detected_at) <= TODAY
        and change.kind in (wanted.kinds or KINDS)
        and change.site in (wanted.sites or ("yunxi", "beishan"))
        and change.weight >= wanted.least_weight
    ]
    among.sort(key=lambda change: (-change.weight, change.kind is not ChangeKind.TAMPERED, -change.id))
    assert len(among) > 5
    for limit in (3, 99):
        found = archive.browsing.weightiest(wanted, limit=limit)
        assert [entry.change for entry in found] == among[:limit]
    assert archive.browsing.weightiest(Wanted(first_day=date(2027, 1, 1))) == []
