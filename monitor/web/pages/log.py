"""``/day/D/log``, ``/week/D/log``: the changes one after another, newest first; where its digest says there is more."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.digest.edition import WEEK
from monitor.web.asked import nothing_here, number, with_query
from monitor.web.house import house_of
from monitor.web.look import show
from monitor.web.telling import told
from storage.browsing import Wanted
from storage.records import ChangeKind

AT_ONCE = 30
"""Changes on one page."""

_KINDS = {kind.value: kind for kind in ChangeKind}


def routes() -> list[Route]:
    """Where this is."""
    return [
        Route("/day/{day:day}/log", of_day, name="log"),
        Route("/week/{day:day}/log", of_week, name="week_log"),
    ]


def of_day(request: Request) -> Response:
    """The changes of a day."""
    return _log(request, request.path_params["day"], 1)


def of_week(request: Request) -> Response:
    """The changes of the calendar week that a day lies in."""
    day: date = request.path_params["day"]
    return _log(request, day - timedelta(days=day.weekday()), WEEK)


def _log(request: Request, day: date, days: int) -> Response:
    """The changes asked for: of one kind, of one site, or all; those behind ``before``."""
    house = house_of(request)
    names = house.archive.running.site_names()
    site, kind = request.query_params.get("site", ""), request.query_params.get("kind", "")
    if (kind and kind not in _KINDS) or (site and site not in names):
        raise nothing_here()
    wanted = Wanted(
        sites=[site] if site else [],
        kinds=[_KINDS[kind]] if kind else [],
        first_day=day,
        last_day=day + timedelta(days=days - 1),
    )
    found = house.archive.browsing.changes(wanted, before=number(request, "before"), limit=AT_ONCE + 1)
    shown = found[:AT_ONCE]
    more = with_query(request, before=shown[-1].change.id) if len(found) > AT_ONCE else None
    return show(
        request,
        "log.html.j2",
        here="today",
        day=day,
        way="week" if days == WEEK else "day",
        site=site,
        kind=_KINDS.get(kind),
        kinds=[(one, with_query(request, kind=one.value, before=None)) for one in ChangeKind],
        all_kinds=with_query(request, kind=None, before=None),
        told=told(house.archive.reading, shown, names),
        more=more,
        names=names,
    )
