"""The pages served: beside the service in its loop, or alone. Uvicorn does the talking."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime

import uvicorn
from starlette.applications import Starlette

from crawler.faults import fault
from crawler.locks import ServiceBusy
from crawler.sites import Catalogue
from monitor.config import Settings, WebSection
from monitor.metrics.pulse import Pulse
from monitor.service import Service
from monitor.terms import terms_of
from monitor.web.app import build_app
from monitor.web.door import OpenDoor, is_loopback_name
from monitor.web.guard import LARGEST_HEADERS
from monitor.web.house import House
from monitor.web.pages.day import prepare
from monitor.web.prompt import Prompt
from monitor.web.vitals import Vitals
from storage.archive import Archive

log = logging.getLogger(__name__)

AT_ONCE = 64
"""Requests that are answered at once; more are told to come again."""

PATIENCE = 3
"""Seconds that answers on their way are given when the pages end."""


class PortTaken(ServiceBusy):
    """The address cannot be listened at: most often another program does."""


class _Server(uvicorn.Server):
    """A server that leaves the signals to whoever runs the loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Pages:
    """The pages at an address, open from ``start`` to ``stop``."""

    def __init__(self, app: Starlette, web: WebSection) -> None:
        self._web = web
        self._server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                log_level="warning",
                # An access log would hold what people searched for.
                access_log=False,
                lifespan="off",
                ws="none",
                http=Prompt,
                proxy_headers=False,
                server_header=False,
                limit_concurrency=AT_ONCE,
                timeout_graceful_shutdown=PATIENCE,
                h11_max_incomplete_event_size=2 * LARGEST_HEADERS,
            )
        )
        self._house: House = app.state.house
        self._task: asyncio.Task[None] | None = None
        self.address = ""

    def start(self) -> None:
        """Listen, and say where. Raises PortTaken."""
        listener = _listener(self._web.host, self._web.port)
        host, port = listener.getsockname()[:2]
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        self._task.add_done_callback(_tell_end)
        prepare(self._house, self._house.settings.digest.lang)
        log.info("网页在 %s", self.address)
        if not is_loopback_name(self._web.host):
            log.warning("网页对本机以外开放(%s),凭口令进入;口令会以明文经过网络,请置于 HTTPS 代理之后", self._web.host)

    async def stop(self) -> None:
        """Finish the answers on their way and close."""
        if self._task is None:
            return
        self._server.should_exit = True
        await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.to_thread(self._house.editions.close)
        self._task = None

    async def end(self) -> None:
        """Wait until the pages are stopped."""
        if self._task is not None:
            await asyncio.shield(self._task)


def pages_of(
    catalogue: Catalogue,
    archive: Archive,
    settings: Settings,
    clock: Callable[[], datetime],
    *,
    pulse: Pulse | None = None,
    watched: Callable[[], Collection[str]] | None = None,
) -> Pages:
    """The pages of an archive, not open yet; of a service's with its ``pulse``, and the sites that it watches by then.

    Raises ConfigError where others could come in without a token.
    """
    watched = watched or catalogue.sites.keys
    told = Vitals.of(archive, clock, home=catalogue.home, pulse=pulse, watched=watched)
    try:
        app = build_app(archive, settings, clock, terms=terms_of(catalogue.home), told=told)
    except OpenDoor:
        raise catalogue.file.error(("web",), fault("open-door", settings.web.host)) from None
    return Pages(app, settings.web)


def beside(service: Service) -> Pages | None:
    """The pages beside a running service; ``None`` where there are to be none. Raises ConfigError.

    Watching goes on where the address is taken: what is not watched is lost, a page can be looked at later.
    """
    if not service.settings.web.on:
        return None
    pages = pages_of(
        service.catalogue,
        service.archive,
        service.settings,
        lambda: datetime.now(UTC),
        pulse=service.pulse,
        watched=lambda: service.catalogue.sites,
    )
    try:
        pages.start()
    except PortTaken as error:
        log.error("%s; the service goes on without pages. Set web.port, or web.on: no", error)
        return None
    return pages


def _listener(host: str, port: int) -> socket.socket:
    bare = host.strip("[]")
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((bare, port))
        # Before the address is told: who reads it may ask at once.
        listener.listen()
    except OSError as error:
        listener.close()
        raise PortTaken(fault("port-taken", host, port, error.strerror or error)) from error
    listener.setblocking(False)
    return listener


def _tell_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("the pages ended: %s", error)
