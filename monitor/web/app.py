"""The archive as web pages: a Starlette application over an open archive, read-only."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from types import ModuleType
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from monitor.config import Settings, WebSection
from monitor.terms import TERMS
from monitor.web import feeds, vitals
from monitor.web.api.app import at_home, build_api
from monitor.web.assets import addresses, asset_routes, assets
from monitor.web.door import Door
from monitor.web.editions import Editions
from monitor.web.guard import Guard
from monitor.web.house import House
from monitor.web.look import show
from monitor.web.pages import (
    article,
    calendar,
    change,
    day,
    difference,
    downloads,
    enter,
    log,
    search,
    site,
    sites,
    snapshot,
    stories,
    story,
    version,
)
from monitor.web.screens import Screens
from monitor.web.streamed import Gate
from monitor.web.vitals import Vitals
from storage.archive import Archive
from storage.errors import StorageError

_logger = logging.getLogger(__name__)

PAGES: Sequence[ModuleType] = (
    *(day, log, article, version, difference, change, story, snapshot),
    *(calendar, sites, site, stories, search, enter, feeds, downloads, vitals),
)
"""Where addresses are answered: modules with a ``routes()`` each."""


def build_app(
    archive: Archive,
    settings: Settings,
    clock: Callable[[], datetime],
    *,
    terms: Iterable[tuple[str, str]] = TERMS,
    patience: timedelta | None = None,
    told: Vitals | None = None,
) -> Starlette:
    """The application. ``clock`` gives the moment, aware; ``terms`` are words that the digest should know,
    ``patience`` is how long a reader waits for a digest before being told that it is made (see Editions), ``told`` what
    ``/healthz`` and ``/metrics`` say; else they speak of the archive alone.

    Raises OpenDoor where a token is needed and there is none.
    """
    door = door_of(settings.web)
    made = assets()
    routes: list[BaseRoute] = [*asset_routes(made)]
    for page in PAGES:
        routes += page.routes()
    api = build_api()
    routes.append(Mount("/api", api, name="api"))
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, door=door, clock=lambda: clock().timestamp())],
        exception_handlers={HTTPException: _no_page, StorageError: _no_archive},
    )
    # A redirect to a guessed address would have to name the host and the scheme that a proxy knows better.
    app.router.redirect_slashes = False
    names = frozenset(route.name for route in routes if isinstance(route, Route | Mount) and route.name)
    app.state.house = House(
        archive, settings, clock, Screens(addresses(made)), Editions(archive, clock, terms, patience), names
    )
    app.state.door = door
    app.state.gate = Gate()
    app.state.vitals = told or Vitals.of(archive, clock)
    at_home(api, app.state.house)
    return app


def door_of(web: WebSection) -> Door:
    """Who may come in. Raises OpenDoor where a token is needed and there is none."""
    called = urlsplit(web.address).hostname if web.address else None
    return Door.at(web.host, (*web.hosts, called) if called else web.hosts, web.secret, web.requests_per_minute)


def _no_page(request: Request, error: Exception) -> Response:
    """A page that is not there, or an address that is not asked that way."""
    assert isinstance(error, HTTPException)
    key = "no_page" if error.status_code == 404 else "not_so"
    answer = show(request, "trouble.html.j2", status=error.status_code, key=key)
    answer.headers.update(error.headers or {})
    return answer


def _no_archive(request: Request, error: Exception) -> Response:
    """The archive does not answer. What is wrong may name a server or a folder: it goes to the log alone."""
    _logger.error("%s: %s", request.url.path, error)
    answer = show(request, "trouble.html.j2", status=503, key="no_archive")
    answer.headers["retry-after"] = "10"
    return answer
