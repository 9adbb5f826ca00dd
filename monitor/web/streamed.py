"""Long files on their way to a client: few at once, made piece by piece in threads, ended where nobody takes them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from storage.errors import StorageError

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Files on their way at once, of all clients together."""

AGAIN = 30
"""Seconds after which to come again while so many are on their way."""

PATIENCE = 60.0
"""Seconds that a client may take for one piece: a file that nobody takes keeps another from being made."""


class Gate:
    """Lets so many through at once."""

    def __init__(self, most: int = AT_ONCE) -> None:
        self._left, self._lock = most, Lock()

    @contextmanager
    def entered(self) -> Iterator[bool]:
        """Whether there was room; what was taken is given back at the end."""
        with self._lock:
            room = self._left > 0
            self._left -= room
        try:
            yield room
        finally:
            with self._lock:
                self._left += room


class Streamed(StreamingResponse):
    """A file whose ``pieces`` are made as the client takes them. ``patience`` is in seconds."""

    def __init__(
        self, pieces: Iterator[bytes], gate: Gate, *, media_type: str, name: str, patience: float = PATIENCE
    ) -> None:
        # A site's key is letters and digits, a day and an id are too: no name needs quoting.
        super().__init__(
            pieces, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'}
        )
        self._pieces, self._gate, self._patience = pieces, gate, patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file; to a HEAD only what it would be."""
        if scope["method"] == "HEAD":
            await Response(headers=dict(self.headers))(scope, receive, send)
            return
        with self._gate.entered() as room:
            if not room:
                await _full()(scope, receive, send)
                return
            await self._sent(scope, receive, send)

    async def _sent(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def hurried(message: Message) -> None:
            async with asyncio.timeout(self._patience):
                await send(message)

        try:
            await super().__call__(scope, receive, hurried)
        except* (StorageError, TimeoutError, ClientDisconnect) as failed:
            # The answer has begun: cut off before its end it cannot be taken for a whole one.
            log.error("%s was cut off: %s", scope["path"], failed.exceptions[0])
        finally:
            close = getattr(self._pieces, "close", None)
            if close is not None:
                close()


def _full() -> Response:
    headers = {"retry-after": str(AGAIN), "cache-control": "no-store"}
    return PlainTextResponse("so many files are on their way already; come again soon\n", 503, headers)
