"""How one answer looks: its language, its moment, where in the site it stands; and templates shown that way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor.tell import Lang
from monitor.web.asked import with_query
from monitor.web.house import House, house_of
from storage.records import china_day

LANG = "lang"
"""The query's name of a language, and the cookie's."""

_YEAR = 366 * 86_400

NAV = ("today", "calendar", "sites", "stories", "search")
"""The site's parts as the head of every page names them, by the names of their routes; those that are there."""

_PLACES = {"today": "/"}
_OWN_FEED = re.compile(r"/((?:site|article|story)/[^/]+)")
_LANGS: Mapping[str | None, Lang] = {"zh": "zh", "en": "en"}


@dataclass(frozen=True, slots=True)
class Look:
    """What every template is given. ``here`` is the part of the site that is open, ``path`` this page's,
    ``turned`` it in the other language, ``nav`` the parts of the site as (name, address)."""

    lang: Lang
    now: datetime
    here: str
    turned: str
    path: str
    nav: tuple[tuple[str, str], ...]

    @property
    def today(self) -> date:
        """The China day that it is."""
        return china_day(self.now)

    @property
    def feed(self) -> str:
        """Where what is shown here can be subscribed to: the site's, article's or story's own feed, else all days'."""
        own = _OWN_FEED.match(self.path)
        return f"/feed/{own[1]}.atom" if own else "/feed/digests.atom"

    @property
    def other(self) -> Lang:
        """The language that the page can be turned to."""
        return "en" if self.lang == "zh" else "zh"


def lang_of(request: Request) -> Lang:
    """The language asked for: by the address, else as before, else as the digest is written."""
    usual = house_of(request).settings.digest.lang
    said = (request.query_params.get(LANG), request.cookies.get(LANG))
    return next((_LANGS[one] for one in said if one in _LANGS), usual)


def look_of(request: Request, here: str = "") -> Look:
    """How the answer to a request looks."""
    house = house_of(request)
    lang = lang_of(request)
    return Look(
        lang=lang,
        now=house.clock(),
        here=here,
        path=request.url.path,
        turned=with_query(request, lang="en" if lang == "zh" else "zh"),
        nav=tuple((name, _PLACES.get(name, f"/{name}")) for name in NAV if name in house.pages),
    )


def show(request: Request, template: str, *, here: str = "", status: int = 200, **values: object) -> HTMLResponse:
    """A page. ``values`` are what its template names; every template has ``look`` and ``pages``, the routes' names."""
    house: House = house_of(request)
    look = look_of(request, here)
    page = house.screens.render(template, look.lang, {"look": look, "pages": house.pages, **values})
    answer = HTMLResponse(page, status)
    chosen = request.query_params.get(LANG)
    if chosen == look.lang:
        answer.set_cookie(LANG, chosen, max_age=_YEAR, httponly=True, samesite="lax")
    return answer
