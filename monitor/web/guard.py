"""The ASGI middleware in front of every page: who asks, how much, how often; and what goes along with each answer.

Nothing here writes a token, a cookie or an address with its query to a log.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.web.door import COOKIE, Door
from monitor.web.pace import Pace

log = logging.getLogger(__name__)

LONGEST_ADDRESS = 2_048
"""Bytes of path and query together."""

LARGEST_HEADERS = 16_384
MOST_HEADERS = 64
LARGEST_FORM = 4_096
"""Bytes of the only body that is read: the token's form."""

TRIES_A_MINUTE = 6
"""How often a client may try a token in a minute, by the form or as a program does."""

ENTER = "/enter"
OPEN = frozenset({"/healthz", ENTER})
API, STATIC = "/api/", "/static/"
"""What is answered without a token: nothing in it comes from the archive."""

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

ALWAYS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "cache-control": "private, no-cache",
}
"""On every answer, an error's too, unless a page has said otherwise."""


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Guard:
    """Lets in what ``door`` admits. ``tick`` is for the pace, ``clock`` (seconds since 1970) for the passes."""

    def __init__(
        self,
        app: ASGIApp,
        door: Door,
        *,
        tick: Callable[[], float] = time.monotonic,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._app, self._door, self._clock = app, door, clock
        self._pace, self._tries = Pace(door.per_minute, tick), Pace(TRIES_A_MINUTE, tick)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            # A web socket is nothing that we have: closed before it opens.
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await self._app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in ALWAYS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._refusal(scope)
        try:
            if refused is not None:
                refused = _as_problem(refused) if scope["path"].startswith(API) else refused
                await refused(scope, receive, guarded)
            else:
                await self._app(scope, _limited(receive), guarded)
        except Exception as error:
            if begun:
                raise
            if isinstance(error, _TooLarge):
                await _no(413, "more than the form holds")(scope, receive, guarded)
                return
            log.exception("%s could not be shown", scope["path"])
            await _no(500, "something went wrong here; the log says what")(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to who may not come in; ``None`` for who may."""
        headers = Headers(scope=scope)
        client = scope["client"][0] if scope.get("client") else ""
        posts = scope["method"] == "POST"
        oversize = _oversize(scope)
        if oversize is not None:
            return oversize
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._door.knows(hosts[0]):
            return _no(421, "this address is not ours; add it to web.hosts in sites.yaml if it should be")
        if scope["method"] not in ("GET", "HEAD") and not (posts and scope["path"] == ENTER):
            return _no(405, "only GET and HEAD", allow="GET, HEAD")
        if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
            return _no(403, "another site's page may not load this")
        wait = max(self._pace.wait(client), self._tries.wait(client) if posts else 0.0)
        if wait:
            return _too_often(wait)
        return self._without_token(scope, headers, client)

    def _without_token(self, scope: Scope, headers: Headers, client: str) -> Response | None:
        path = scope["path"]
        if self._door.token is None or path in OPEN or path.startswith(STATIC):
            return None
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            admitted = self._door.admits(given.strip())
            # The right token does not count as a try, but after too many wrong ones it is no better than they.
            wait = self._tries.spent(client) if admitted else self._tries.wait(client)
            if wait:
                return _too_often(wait)
        else:
            admitted = self._door.honours(_cookie(headers), self._clock())
        return None if admitted else _at_the_door(scope, headers)


def _oversize(scope: Scope) -> Response | None:
    query = scope.get("query_string", b"")
    if len(scope.get("raw_path") or scope["path"].encode()) + len(query) > LONGEST_ADDRESS:
        return _no(414, "an address that long means nothing here")
    sizes = [len(name) + len(value) for name, value in scope["headers"]]
    if len(sizes) > MOST_HEADERS or sum(sizes) > LARGEST_HEADERS:
        return _no(431, "too many headers")
    # No address of ours holds a control character, and PostgreSQL takes no NUL. One that begins with two slashes would
    # name another host where it stands in a link of ours.
    path = scope["path"]
    if _CONTROL.search(path) or path[1:2] in ("/", "\\") or b"%00" in query:
        return _no(400, "no such address")
    return None


def _too_often(wait: float) -> Response:
    return _no(429, "too many requests", retry_after=str(int(wait) + 1))


def _at_the_door(scope: Scope, headers: Headers) -> Response:
    """Whoever has no token yet: a person is shown where to enter it, a program is told to bring it."""
    if "text/html" in headers.get("accept", ""):
        query = scope.get("query_string", b"").decode("latin-1")
        wanted = scope["path"] + (f"?{query}" if query else "")
        return RedirectResponse(f"{ENTER}?next={quote(wanted, safe='')}", 303, {"cache-control": "no-store"})
    return _no(401, "a token is wanted", www_authenticate="Bearer")


def _cookie(headers: Headers) -> str:
    try:
        held = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return held.value if held else ""


def _no(status: int, why: str, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return PlainTextResponse(why + "\n", status, {"cache-control": "no-store", **named})


def _as_problem(refused: Response) -> Response:
    """A refusal as the API says what went wrong (RFC 9457)."""
    if refused.status_code < 400:
        return refused
    status, why = refused.status_code, bytes(refused.body).decode().strip()
    kept = {name: value for name, value in refused.headers.items() if not name.startswith("content-")}
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": why}
    return JSONResponse(said, status, kept, media_type="application/problem+json")


class _TooLarge(Exception):
    """A body beyond what the form holds."""


def _limited(receive: Receive) -> Receive:
    """The request's body, cut off where it grows beyond the form."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LARGEST_FORM:
            raise _TooLarge
        return message

    return counted
