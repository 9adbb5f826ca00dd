"""``/``, ``/day/D`` and ``/week/D``: a digest inside the site; ``/day/D.html`` and the like: the digest by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.digest import html, points, wording
from monitor.digest.day import Digest
from monitor.digest.edition import WEEK, Format, render
from monitor.digest.item import Item
from monitor.digest.stories import Story
from monitor.tell import Lang
from monitor.web.asked import YEARS, nothing_here
from monitor.web.editions import Ready
from monitor.web.house import House, house_of
from monitor.web.look import lang_of, show
from storage.browsing import Wanted
from storage.records import ChangeKind

TYPES: Mapping[Format, str] = {"html": "text/html", "md": "text/markdown", "json": "application/json"}
"""The files that a day can be had as."""

LONGEST = timedelta(seconds=20)
"""How long who asks for a file is kept waiting."""

AGAIN = 2
"""Seconds until a browser asks again for a day that was not ready."""

FIRST, WEIGHTY = 20, 0.5
"""So many changes of at least that weight are told of a day that is not ready, the weightiest first."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a day or a week stands among the others. ``way`` is ``day`` or ``week``, as in addresses."""

    day: date
    last: date
    way: str
    previous: date
    following: date | None


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier day in a few lines, for a day that has nothing yet."""

    day: date
    counts: list[tuple[ChangeKind, int]]
    lines: Sequence[str]


def routes() -> list[Route]:
    """Where this is."""
    return [
        Route("/", today, name="today"),
        Route("/day/{day:day}", one_day, name="day"),
        Route("/day/{day:day}.{form}", alone, name="day_file"),
        Route("/week/{day:day}", week, name="week"),
    ]


def today(request: Request) -> Response:
    """The running day; before its first crawl with the latest day that had changes."""
    house = house_of(request)
    before = None if house.archive.browsing.visits(house.today, house.today) else _before(house, lang_of(request))
    return _shown(request, house.today, before=before)


def one_day(request: Request) -> Response:
    """Any day that has begun."""
    return _shown(request, _begun(request))


def week(request: Request) -> Response:
    """The calendar week that a day lies in, Monday to Sunday."""
    day = _begun(request)
    return _shown(request, day - timedelta(days=day.weekday()), WEEK)


def alone(request: Request) -> Response:
    """The digest as a file that stands alone."""
    form = request.path_params["form"]
    if form not in TYPES:
        raise nothing_here()
    house, lang = house_of(request), lang_of(request)
    ready = house.editions.of(_begun(request), patience=LONGEST)
    if ready is None:
        return _not_yet(request, _begun(request), 1)
    text = ready.once(f"{form} {lang}", lambda: render(ready.digest, form, lang))
    answer = Response(text, media_type=TYPES[form])
    if form == "html":
        answer.headers["content-security-policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return answer


def prepare(house: House, lang: Lang) -> None:
    """Have the running day made before anybody asks for it."""
    house.editions.begin(house.today, draw=lambda ready: _inner(house, ready, lang))


def _begun(request: Request) -> date:
    day: date = request.path_params["day"]
    if day > house_of(request).today:
        raise nothing_here()
    return day


def _before(house: House, lang: Lang) -> Before | None:
    """The latest day that had changes, with its summary where it is ready; ``None`` where none had."""
    counted = house.archive.browsing.days(date(YEARS.start, 1, 1), house.today - timedelta(days=1))
    if not counted or house.archive.browsing.days(house.today, house.today):
        return None
    ready = house.editions.of(counted[-1].day)
    told = tuple(points.points(ready.digest, lang)) if ready else ()
    return Before(counted[-1].day, [(kind, counted[-1].counts[kind]) for kind in counted[-1].counts], told)


def _shown(request: Request, day: date, days: int = 1, before: Before | None = None) -> Response:
    """The digest's parts, made once for all who look; around them what differs from reader to reader."""
    house, lang = house_of(request), lang_of(request)
    ready = house.editions.of(day, days, draw=lambda ready: _inner(house, ready, lang))
    if ready is None:
        return _not_yet(request, day, days)
    digest = ready.digest
    return show(
        request,
        "today.html.j2",
        here="today",
        digest=digest,
        inner=Markup(_inner(house, ready, lang)),
        span_name=points.span_name(digest, lang),
        as_of=wording.as_of(digest, lang),
        forms=tuple(TYPES) if days == 1 else (),
        place=_place(house, day, days),
        before=before,
    )


def _place(house: House, day: date, days: int) -> Place:
    following = day + timedelta(days=days)
    return Place(
        day=day,
        last=following - timedelta(days=1),
        way="week" if days == WEEK else "day",
        previous=day - timedelta(days=days),
        following=following if following <= house.today else None,
    )


def _not_yet(request: Request, day: date, days: int) -> Response:
    """What is known at once of a day that is being gathered; the browser comes again by itself."""
    house = house_of(request)
    last = day + timedelta(days=days - 1)
    browsing = house.archive.browsing
    told = [kind for kind in ChangeKind if kind is not ChangeKind.NEW]
    weighty = browsing.weightiest(Wanted(kinds=told, first_day=day, last_day=last, least_weight=WEIGHTY), limit=FIRST)
    counted = sum((Counter(dict(one.counts)) for one in browsing.days(day, last)), Counter[ChangeKind]())
    answer = show(
        request,
        "soon.html.j2",
        here="today",
        counts=[(kind, counted[kind]) for kind in ChangeKind if counted[kind]],
        entries=weighty,
        names=house.archive.running.site_names(),
        place=_place(house, day, days),
    )
    answer.headers["refresh"] = str(AGAIN)
    answer.headers["cache-control"] = "no-store"
    return answer


class _Rest:
    """Where what a section leaves out is told: the log of the day or the week, narrowed to its kind and site."""

    def __init__(self, digest: Digest) -> None:
        self._log = f"/{'week' if digest.last else 'day'}/{digest.day}/log"

    def __call__(self, told: Sequence[Item | Story], site: str = "") -> str:
        kind = ChangeKind.NEW if isinstance(told[0], Story) else told[0].change.kind
        return f"{self._log}?{urlencode({'kind': kind.value} | ({'site': site} if site else {}))}"


def _inner(house: House, ready: Ready, lang: Lang) -> str:
    return ready.once(
        f"inner {lang}",
        lambda: house.screens.render(
            "digest.html.j2",
            lang,
            {
                **html.parts(ready.digest, lang),
                "inside": ready.inside,
                "page_of": lambda change: f"/change/{change.id}" if change.id else None,
                "names": dict(ready.digest.sites),
                "rest_at": _Rest(ready.digest),
            },
        ),
    )
