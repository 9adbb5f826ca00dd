"""A digest's charts: which of its figures are drawn, and in which words they are told. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from monitor.charts import Bar, Piece, bar, columns, spark
from monitor.digest.day import Digest
from monitor.digest.wording import date_name, say
from monitor.tell import Lang, kind_name
from storage.browsing import DayCount
from storage.records import CHINA, ChangeKind

SPAN = 30
"""Days that a chart of days shows."""

GROUPS: tuple[tuple[ChangeKind, tuple[ChangeKind, ...]], ...] = (
    (ChangeKind.TAMPERED, (ChangeKind.TAMPERED,)),
    (ChangeKind.REMOVED, (ChangeKind.REMOVED,)),
    (ChangeKind.EDITED, (ChangeKind.EDITED, ChangeKind.RETITLED, ChangeKind.REDATED)),
    (ChangeKind.NEW, (ChangeKind.NEW,)),
    (ChangeKind.MOVED, (ChangeKind.RESTORED, ChangeKind.MOVED, ChangeKind.REDESIGNED)),
)
"""Kinds that a small chart draws as one, by the kind whose colour they have, from the ground up."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart, the words along its foot, and the most that a column of it holds."""

    drawn: Markup
    foot: tuple[str, ...]
    most: int


def days_chart(digest: Digest, lang: Lang) -> Chart | None:
    """The changes of the thirty days up to the digest's end, a column a day; ``None`` where there is no past."""
    days = span(digest.until, digest.days)
    if sum(1 for day in days if day.total) < 2:
        return None
    most = max(day.total for day in days)
    first, last = days[0].day, days[-1].day
    named = [date_name(day, digest.day, lang) for day in (first, days[len(days) // 2].day, last)]
    desc = say(lang, "days_desc", named[0], named[-1], most, named[-1], days[-1].total)
    bars = [
        Bar(_pieces(day.counts), say(lang, "day_total", date_name(day.day, digest.day, lang), day.total))
        for day in days
    ]
    drawn = columns("days", bars, say(lang, "days"), desc, now=None if digest.last else len(days) - 1)
    return Chart(drawn, tuple(named), most)


def hours_chart(digest: Digest, lang: Lang) -> Chart | None:
    """At which hours the changes were found; ``None`` for a quiet day."""
    found = Counter(change.detected_at.astimezone(CHINA).hour for change in digest.changes)
    if len(found) < 2:
        return None
    # Of two busy hours the earlier is named.
    busiest = min(found, key=lambda hour: (-found[hour], hour))
    bars = [Bar((Piece("hour", found[hour]),), say(lang, "hour_total", hour, found[hour])) for hour in range(24)]
    drawn = columns("hours", bars, say(lang, "hours"), say(lang, "hours_desc", busiest, found[busiest]))
    return Chart(drawn, tuple(say(lang, "hour", hour) for hour in (0, 6, 12, 18, 23)), found[busiest])


def site_bars(digest: Digest, lang: Lang) -> dict[str, Markup]:
    """Each site's changes of the day by kind, drawn to the scale of the busiest, by its key."""
    most = max((tally.total for tally in digest.tallies), default=0)
    return {
        tally.site: bar(
            f"bar{number}",
            [Piece(kind.value, count) for kind, count in tally.counts],
            most,
            tally.name,
            say(lang, "comma").join(f"{kind_name(kind, lang)} {count}" for kind, count in tally.counts),
        )
        for number, tally in enumerate(digest.tallies)
    }


def site_sparks(digest: Digest, lang: Lang) -> dict[str, Markup]:
    """Each site's thirty days as a line, by its key; nothing of a site whose past is not at hand."""
    told: dict[str, Markup] = {}
    if sum(1 for day in digest.days if day.total) < 2:
        return told
    for number, (site, counted) in enumerate(digest.site_days):
        values = [day.total for day in span(digest.until, counted)]
        title = say(lang, "spark_desc", digest.name_of(site), max(values))
        told[site] = spark(f"spark{number}", values, title)
    return told


def legend(digest: Digest, lang: Lang) -> list[tuple[ChangeKind, str]]:
    """The colours of the chart of days with their names, only those that it shows."""
    shown = {kind for day in digest.days for kind, number in day.counts.items() if number}
    return [
        (colour, say(lang, "others") if colour is ChangeKind.MOVED else kind_name(colour, lang))
        for colour, kinds in reversed(GROUPS)
        if shown.intersection(kinds)
    ]


def span(last: date, counted: tuple[DayCount, ...]) -> list[DayCount]:
    """The thirty days up to ``last``, also those without a change."""
    known = {day.day: day for day in counted}
    days = (last - timedelta(days=back) for back in reversed(range(SPAN)))
    return [known.get(day) or DayCount(day, {}) for day in days]


def _pieces(counts: Mapping[ChangeKind, int]) -> tuple[Piece, ...]:
    return tuple(Piece(colour.value, sum(counts.get(kind, 0) for kind in kinds)) for colour, kinds in GROUPS)
