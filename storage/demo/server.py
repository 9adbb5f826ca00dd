"""Serves the city over HTTP on loopback: a port a site, a round that can be advanced, counts of what was asked."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler
from types import TracebackType

from storage.demo.city import City
from storage.demo.truth import Answer, CitySite

_LONGEST_FORM = 65_536
_IDLE_SECONDS = 15.0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    timeout = _IDLE_SECONDS
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _SiteServer

    def do_GET(self) -> None:
        self._send(self.server.answer(self.path))

    def do_HEAD(self) -> None:
        self._send(self.server.answer(self.path), body=False)

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), _LONGEST_FORM)
        form = self.rfile.read(length).decode("utf-8", "replace")
        joint = "&" if "?" in self.path else "?"
        self._send(self.server.answer(f"{self.path}{joint}{form}" if form else self.path))

    def _send(self, answer: Answer, *, body: bool = True) -> None:
        kept = answer.status == 200 and self._is_known(answer)
        self.send_response(304 if kept else answer.status)
        for name, value in answer.headers.items():
            if not kept or name in ("ETag", "Last-Modified"):
                self.send_header(name, value)
        if not kept:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if body and not kept:
            self.wfile.write(answer.body)

    def _is_known(self, answer: Answer) -> bool:
        """Whether the asker holds this page already; a tag, where both are sent, decides alone (RFC 9110, 13.2.2)."""
        tag, asked_tag = answer.headers.get("ETag"), self.headers.get("If-None-Match")
        if asked_tag and tag:
            return tag in (each.strip().removeprefix("W/") for each in asked_tag.split(","))
        modified, asked = answer.headers.get("Last-Modified"), self.headers.get("If-Modified-Since")
        if not (modified and asked):
            return False
        try:
            return parsedate_to_datetime(modified) <= parsedate_to_datetime(asked)
        except ValueError:
            return False

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the counts tell what was asked."""


class _SiteServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, owner: CityServer, site: CitySite, port: int) -> None:
        self._owner = owner
        self._site = site
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def answer(self, path: str) -> Answer:
        """What the city answers now; counts the visit."""
        return self._owner.answer(self._site.key, path)

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor that hangs up in the middle is no fault of the city."""

    def hang_up(self) -> None:
        """Stop listening and close what visitors keep open."""
        self.shutdown()
        with self._lock:
            connections = tuple(self._open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self.server_close()


class CityServer:
    """A context manager that serves a city on 127.0.0.1.

    ``port_base`` gives the first site that port and each next one the next; without it ports are ephemeral.
    ``validators`` off sends no ETag and no Last-Modified anywhere. Set ``round`` to advance the city. Counts and rounds
    outlive the ``with`` block; ports do not.
    """

    def __init__(
        self, city: City, *, port_base: int | None = None, validators: bool = True, first_round: int = 1
    ) -> None:
        self.city = city
        self.validators = validators
        self.requests: Counter[tuple[str, str]] = Counter()
        self._port_base = port_base
        self._round = 1
        self._servers: dict[str, _SiteServer] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self.round = first_round

    @property
    def round(self) -> int:
        """The round that is served now. Setting it to one outside the city's rounds is a ``ValueError``."""
        return self._round

    @round.setter
    def round(self, value: int) -> None:
        if not 1 <= value <= self.city.rounds:
            raise ValueError(f"round {value} is not one of 1 to {self.city.rounds}")
        self._round = value

    @property
    def sites(self) -> tuple[CitySite, ...]:
        """The city's sites with the ports they are served on."""
        return tuple(replace(site, port=self._servers[site.key].port) for site in self.city.sites)

    def base(self, key: str) -> str:
        """The address of a site without a closing slash. ``KeyError`` if it is not being served."""
        return f"http://127.0.0.1:{self._servers[key].port}"

    def url(self, key: str, path: str) -> str:
        """The full address of a path of a site."""
        return self.base(key) + path

    def requests_to(self, key: str, path: str) -> int:
        """How often a path of a site was asked for, 304 answers included."""
        return self.requests[key, path]

    @property
    def forbidden_requests(self) -> int:
        """How often the page was asked for that robots.txt forbids; a polite crawler leaves it at 0."""
        return self.requests[self.city.forbidden]

    def answer(self, key: str, path: str) -> Answer:
        """What a site answers now; counts the visit. Safe to call from many threads."""
        with self._lock:
            self.requests[key, path] += 1
            answer = self.city.page(key, path, self._round, self.requests[key, path])
        if self.validators:
            return answer
        headers = {name: value for name, value in answer.headers.items() if name not in ("ETag", "Last-Modified")}
        return replace(answer, headers=headers)

    def __enter__(self) -> CityServer:
        try:
            for place, site in enumerate(self.city.sites):
                port = self._port_base + place if self._port_base else 0
                self._servers[site.key] = _SiteServer(self, site, port)
        except OSError:
            for server in self._servers.values():
                server.server_close()
            self._servers.clear()
            raise
        for server in self._servers.values():
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers.values():
            server.hang_up()
        for thread in self._threads:
            thread.join()
        self._servers.clear()
        self._threads.clear()


def sites_yaml(server: CityServer, keys: Collection[str] | None = None) -> str:
    """The text of a ``sites.yaml`` for the city as it is being served: keys, names and column addresses only.

    ``keys`` names the sites to write; ``None`` writes all.
    """
    lines = ["sites:"]
    for site in server.sites:
        if keys is not None and site.key not in keys:
            continue
        lines += [f"  {site.key}:", f"    name: {site.name}", "    columns:"]
        lines += [f"      - {server.url(site.key, column.path)}" for column in site.columns]
    return "\n".join(lines) + "\n"
