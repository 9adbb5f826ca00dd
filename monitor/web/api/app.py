"""The API as an application of its own, mounted at ``/api``; its description stands at ``/api/openapi.json``."""

from __future__ import annotations

import logging
from typing import Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from crawler.agent import program_version
from monitor.web.api import articles, changes, models, sites
from monitor.web.api.asking import PROBLEM, answer, problem
from monitor.web.house import House
from storage.errors import StorageError

log = logging.getLogger(__name__)

TITLES = {404: "not found", 405: "not asked that way", 422: "cannot be meant", 503: "not now"}

_REFUSED = {
    "description": "what went wrong; in plain text where the request did not come as far as the API",
    "content": {
        PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}},
        "text/plain": {"schema": {"type": "string"}},
    },
}


def build_api() -> FastAPI:
    """The API. Its ``state.house`` is the archive that it reads: see ``at_home``."""
    api = FastAPI(
        title="Shixun",
        version=program_version(),
        # Pages that describe it would load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        root_path_in_servers=False,
    )
    for part in (changes, articles, sites):
        api.include_router(part.router)
    api.add_api_route("/", _index, response_model=models.Index)
    api.add_exception_handler(HTTPException, _trouble)
    api.add_exception_handler(RequestValidationError, _unmeant)
    api.add_exception_handler(StorageError, _no_archive)
    api.add_exception_handler(Exception, _fault)
    api.add_middleware(_Heads)
    described: dict[str, Any] = {}
    # FastAPI has it replaced this way; its type is that of a method.
    api.openapi = lambda: described or described.update(_description(api)) or described  # type: ignore[method-assign]
    return api


def at_home(api: FastAPI, house: House) -> None:
    """Let the API read that house's archive."""
    api.state.house = house


class _Heads:
    """HEAD answered as GET is, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":

            async def bare(message: Any) -> None:
                await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

            await self._app({**scope, "method": "GET"}, receive, bare)
        else:
            await self._app(scope, receive, send)


def _index(request: Request) -> Response:
    """Where everything is."""
    api = cast(FastAPI, request.app)
    addresses = [f"/api{path}" for path in sorted(api.openapi()["paths"])]
    return answer(request, {"name": "shixun", "version": api.version, "addresses": addresses})


def _description(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI description; how requests are refused is the same everywhere."""
    found = get_openapi(
        title="Shixun",
        version=api.version,
        summary="A municipal news archive and its changes, read-only",
        routes=api.routes,
        servers=[{"url": "/api"}],
    )
    schemas = found["components"]["schemas"]
    schemas["Problem"] = models.Problem.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path in found["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"] |= {
                "304": {"description": "what the asker has is still so"},
                "4XX": _REFUSED,
                "503": _REFUSED,
            }
    return found


def _trouble(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    refused = problem(error.status_code, TITLES.get(error.status_code, "no"), error.detail)
    refused.headers.update(error.headers or {})
    return refused


def _unmeant(_request: Request, error: Exception) -> Response:
    """A parameter that cannot be meant; what was given is not said back."""
    assert isinstance(error, RequestValidationError)
    errors = [{"where": [str(part) for part in one["loc"]], "why": one["msg"]} for one in error.errors()]
    return problem(422, TITLES[422], "; ".join(f"{one['where'][-1]}: {one['why']}" for one in errors), errors=errors)


def _no_archive(request: Request, error: Exception) -> Response:
    """The archive does not answer. What is wrong may name a server or a folder: it goes to the log alone."""
    log.error("%s: %s", request.url.path, error)
    refused = problem(503, TITLES[503], "the archive does not answer; ask again")
    refused.headers["retry-after"] = "10"
    return refused


def _fault(_request: Request, _error: Exception) -> Response:
    """A fault of ours; the server logs it."""
    return problem(500, "a fault", "something went wrong here; the log says what")
