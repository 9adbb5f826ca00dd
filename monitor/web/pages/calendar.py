"""``/calendar``, ``/calendar/2026``: a year by its days, each the darker the more changed, of all sites or of one."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.web.asked import YEARS, nothing_here
from monitor.web.heat import LEVELS, year_of
from monitor.web.house import house_of
from monitor.web.look import show


def routes() -> list[Route]:
    """Where this is."""
    return [
        Route("/calendar", this_year, name="calendar"),
        Route("/calendar/{year:number}", one_year, name="calendar_year"),
    ]


def this_year(request: Request) -> Response:
    """The year that it is."""
    return _calendar(request, house_of(request).today.year)


def one_year(request: Request) -> Response:
    """A year by its number; one that is still to come is no page."""
    year: int = request.path_params["year"]
    if year not in YEARS or year > house_of(request).today.year:
        raise nothing_here()
    return _calendar(request, year)


def _calendar(request: Request, year: int) -> Response:
    house = house_of(request)
    names = house.archive.running.site_names()
    site = request.query_params.get("site", "")
    if site and site not in names:
        raise nothing_here()
    # What was watched without a change leaves no trace here; whatever is found first is told as new.
    known = house.archive.browsing.days(date(YEARS.start, 1, 1), date(year, 12, 31), site or None)
    began = known[0].day if known else house.today
    counted = [day for day in known if day.day.year == year]
    months = year_of(year, counted, house.today, began)
    behind = f"?site={site}" if site else ""
    earlier = year - 1 if began.year < year else None
    return show(
        request,
        "calendar.html.j2",
        here="calendar",
        year=year,
        months=months,
        total=sum(month.total for month in months),
        busiest=max((day for day in counted if day.total), key=lambda day: day.total, default=None),
        days=sum(1 for day in counted if day.total),
        levels=LEVELS,
        site=site,
        earlier=f"/calendar/{earlier}{behind}" if earlier else None,
        later=f"/calendar/{year + 1}{behind}" if year < house.today.year else None,
        names=names,
    )
