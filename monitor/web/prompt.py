"""Connections that say nothing: closed after a while, so that they keep nobody out. The only file that knows uvicorn's
protocol class."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from monitor.web.pace import whose

WHOLE_WITHIN = 10.0
"""Seconds in which a request has to be there whole, from the moment that its connection stands or its first byte came.
Between two requests uvicorn waits five seconds."""

FROM_ONE = 48
"""Connections that one client may hold: fewer than are answered at once, so that there is room for others."""


class Prompt(H11Protocol):
    """A connection that has to come to the point."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait; one connection too many of a client is closed at once."""
        super().connection_made(transport)
        held = sum(isinstance(one, Prompt) and one.whose == self.whose for one in self.connections)
        if held > FROM_ONE:
            transport.abort()
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        """Go on waiting while a request is not there whole."""
        super().data_received(data)
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._wait()
        else:
            self._be_content()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._be_content()
        super().connection_lost(exc)

    @property
    def whose(self) -> str:
        """Who the client counts as."""
        return whose(self.client[0]) if self.client else ""

    def _wait(self) -> None:
        # Bytes that come one by one do not put it off.
        if self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(WHOLE_WITHIN, self.transport.abort)

    def _be_content(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
