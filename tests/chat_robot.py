"""A chat's robot for tests, on loopback: it keeps what it is told, and answers as the test says."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = "0a1b2c3d-0000-4000-8000-abcdefabcdef"


class Robot(HTTPServer):
    """Keeps what it is told, and answers with what the test says; ``None`` hangs up."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.told: list[dict[str, object]] = []
        self.odd = False
        self.answer: tuple[int, str] | None = (200, '{"errcode": 0, "errmsg": "ok"}')

    @property
    def hook(self) -> str:
        """Its address for the library."""
        return f"json://127.0.0.1:{self.server_port}/{KEY}"


class _Answering(BaseHTTPRequestHandler):
    server: Robot

    def do_POST(self) -> None:
        size = int(self.headers["content-length"])
        self.server.told.append(json.loads(self.rfile.read(size)))
        if self.server.answer is None:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        status, body = self.server.answer
        self.send_response(status)
        if self.server.odd:
            self.wfile.write(b"".join([*self._headers_buffer, b"this is no header\r\n\r\n"]))
            self._headers_buffer = []
            return
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def listening() -> Iterator[Robot]:
    """A robot in a thread of its own."""
    with Robot() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
