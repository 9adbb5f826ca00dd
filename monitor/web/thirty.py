"""A site's last thirty days as charts with their words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from monitor.charts import Bar, Piece, columns, spark
from monitor.digest.pictures import GROUPS, SPAN, Chart, span
from monitor.digest.wording import date_name
from monitor.tell import Lang
from monitor.web import wording
from storage.browsing import DayCount, ResponseDay

Said = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Answers:
    """How a site answered in thirty days: (visits and failures) and response times, drawn."""

    visits: Chart
    times: Chart | None


def first_of(today: date) -> date:
    """The first of the thirty days up to today."""
    return today - timedelta(days=SPAN - 1)


def line_of(key: str, name: str, counted: Sequence[DayCount], today: date, lang: Lang) -> Markup:
    """A site's changes as a line the height of a letter; nothing where there were none."""
    values = [day.total for day in span(today, tuple(counted))]
    if not any(values):
        return Markup("")
    return spark(key, values, wording.say(lang, "spark_of", name, max(values), sum(values)))


def changes_chart(counted: Sequence[DayCount], today: date, lang: Lang) -> Chart | None:
    """A site's changes, a column a day; ``None`` where there were none."""
    days = span(today, tuple(counted))
    most = max(day.total for day in days)
    if not most:
        return None
    say = _say(lang)
    feet = _feet([day.day for day in days], lang)
    bars = [
        Bar(
            tuple(Piece(shade.value, sum(day.counts.get(kind, 0) for kind in kinds)) for shade, kinds in GROUPS),
            say("busiest_bar", _name(day.day, lang), day.total),
        )
        for day in days
    ]
    desc = say("changes_30_desc", feet[0], feet[-1], sum(day.total for day in days), most)
    return Chart(columns("changes", bars, say("changes_30"), desc), feet, most)


def answers(told: Sequence[ResponseDay], today: date, lang: Lang) -> Answers | None:
    """How a site answered; ``None`` where nobody asked."""
    if not any(one.visits for one in told):
        return None
    known = {one.day: one for one in told}
    days = [today - timedelta(days=back) for back in reversed(range(SPAN))]
    every = [known.get(day) or ResponseDay(day, 0, 0, 0) for day in days]
    return Answers(_visits(every, lang), _times(every, lang))


def _visits(days: Sequence[ResponseDay], lang: Lang) -> Chart:
    say, feet = _say(lang), _feet([one.day for one in days], lang)
    bars = [
        Bar(
            (
                Piece("failed", one.failures),
                Piece("blocked", one.blocked),
                Piece("opened", max(0, one.visits - one.failures - one.blocked)),
            ),
            say("visit_bar", _name(one.day, lang), one.visits, one.failures, one.blocked),
        )
        for one in days
    ]
    sums = [sum(getattr(one, name) for one in days) for name in ("visits", "failures", "blocked")]
    drawn = columns("answers", bars, say("health_30"), say("health_30_desc", feet[0], feet[-1], *sums))
    return Chart(drawn, feet, max(bar.total for bar in bars))


def _times(days: Sequence[ResponseDay], lang: Lang) -> Chart | None:
    say, feet = _say(lang), _feet([one.day for one in days], lang)
    slowest = max(days, key=lambda one: one.slowest_ms or 0)
    if not slowest.slowest_ms:
        return None
    bars = [
        Bar(
            (Piece("median", one.median_ms or 0), Piece("slowest", (one.slowest_ms or 0) - (one.median_ms or 0))),
            say("response_bar", _name(one.day, lang), one.median_ms or "–", one.slowest_ms or "–"),
        )
        for one in days
    ]
    desc = say("response_desc", slowest.slowest_ms, _name(slowest.day, lang))
    return Chart(columns("times", bars, say("response_times"), desc), feet, slowest.slowest_ms)


def _say(lang: Lang) -> Said:
    return lambda key, *values: wording.say(lang, key, *values)


def _feet(days: Sequence[date], lang: Lang) -> tuple[str, ...]:
    return tuple(_name(day, lang) for day in (days[0], days[len(days) // 2], days[-1]))


def _name(day: date, lang: Lang) -> str:
    return date_name(day, day, lang)
