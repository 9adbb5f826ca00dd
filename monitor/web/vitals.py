"""``/healthz`` and ``/metrics``: what a machine asks of the machine."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from monitor.metrics.exposition import Exposition
from monitor.metrics.gather import Gatherer
from monitor.metrics.health import Health
from monitor.metrics.pulse import Pulse
from storage.archive import Archive

_FRESH = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Vitals:
    """What is told of a service's health, and the figures it gives."""

    health: Health
    exposition: Exposition

    @classmethod
    def of(
        cls,
        archive: Archive,
        clock: Callable[[], datetime],
        *,
        home: Path | None = None,
        pulse: Pulse | None = None,
        watched: Callable[[], Collection[str]] | None = None,
    ) -> Self:
        """Of an archive. ``home`` is the folder whose disk must have room, ``pulse`` the service's where one runs;
        ``watched`` gives the sites' keys, else all that the archive has names for are."""
        pulse = pulse or Pulse()
        gatherer = Gatherer(archive, clock, watched or (lambda: archive.running.site_names().keys()))
        return cls(Health(home, pulse, archive.measuring.answers), Exposition(pulse, gatherer))


def routes() -> list[BaseRoute]:
    """The two addresses."""
    return [Route("/healthz", healthz, name="healthz"), Route("/metrics", metrics, name="metrics")]


async def healthz(request: Request) -> Response:
    """``ok`` where all is well; 503 where not: ``{"ok": false, "reasons": ["clock"]}``. Told to anybody who asks."""
    reasons = await _vitals(request).health.reasons()
    if reasons:
        return JSONResponse({"ok": False, "reasons": reasons}, 503, _FRESH)
    return PlainTextResponse("ok\n", headers=_FRESH)


def metrics(request: Request) -> Response:
    """The figures, for Prometheus."""
    text, media_type = _vitals(request).exposition.text(request.headers.get("accept", ""))
    return Response(text, headers={**_FRESH, "content-type": media_type})


def _vitals(request: Request) -> Vitals:
    vitals = request.app.state.vitals
    assert isinstance(vitals, Vitals)
    return vitals
