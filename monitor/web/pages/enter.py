"""``/enter``: where a person gives the token, once for a month."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monitor.web.door import COOKIE, DAYS_IN, Door
from monitor.web.house import house_of
from monitor.web.look import show


def routes() -> list[Route]:
    """Where this is."""
    return [Route("/enter", enter, methods=["GET", "POST"], name="enter")]


async def enter(request: Request) -> Response:
    """The form, or the answer to it."""
    door: Door = request.app.state.door
    if request.method != "POST":
        return await run_in_threadpool(_form, request, _inside(request.query_params.get("next", "")), 200)
    given = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=8)
    wanted = _inside(given.get("next", [""])[0])
    if not door.admits(given.get("token", [""])[0].strip()):
        return await run_in_threadpool(_form, request, wanted, 403)
    house = house_of(request)
    answer = RedirectResponse(wanted, 303, {"cache-control": "no-store"})
    answer.set_cookie(
        COOKIE,
        door.pass_for(house.clock().timestamp()),
        max_age=DAYS_IN * 86_400,
        httponly=True,
        # Whoever follows a digest's link from their mail is in already; a pass alone changes nothing here.
        samesite="lax",
        # A proxy in front may speak HTTPS where we do not.
        secure=request.url.scheme == "https" or (house.settings.web.address or "").startswith("https:"),
    )
    return answer


def _form(request: Request, wanted: str, status: int) -> Response:
    answer = show(request, "enter.html.j2", status=status, wanted=wanted, refused=status != 200)
    answer.headers["cache-control"] = "no-store"
    return answer


def _inside(wanted: str) -> str:
    """An address of this site to go on to; the first page for anything else."""
    parts = urlsplit(wanted) if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else None
    if parts is None or parts.netloc or any(ord(sign) <= 0x20 or sign == "\\" for sign in wanted):
        return "/"
    return wanted
