"""A web server on loopback that answers as a test's script says, and remembers what it was asked.

A host of its own for every server (127.0.0.2, 127.0.0.3 …), as sites have: Scrapy paces by host, not by port.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import TracebackType
from typing import Self

LONGEST_HOLD = 20.0
"""Seconds after which a held answer is given up, so that a test that went wrong ends."""

_HOSTS = count(2)


@dataclass(frozen=True)
class Answer:
    """One scripted answer.

    ``after`` holds it back until the event is set. ``claimed`` is a Content-Length other than the body's own;
    ``chunked`` sends none at all. A request without the header that it ``needs`` is answered 403 instead; one that
    knows its ETag 304, where it is ``steady``.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    after: threading.Event | None = None
    claimed: int | None = None
    chunked: bool = False
    needs: str = ""
    steady: bool = False


@dataclass(frozen=True)
class Asked:
    """One request as it came: ``at`` by the server's own clock, header names in small letters; ``form`` of a POST."""

    path: str
    at: float
    headers: Mapping[str, str]
    form: str | None = None


class CrawlServer(ThreadingHTTPServer):
    """A context manager that serves a script. Unscripted addresses answer 404; the last answer of a list repeats."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, host: str | None = None) -> None:
        super().__init__((host or f"127.0.0.{next(_HOSTS)}", 0), _Handler)
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self._at_once = 0
        self._script: dict[str, list[Answer]] = {}
        self._events: dict[str, threading.Event] = defaultdict(threading.Event)
        self._books = threading.Lock()
        self._closing = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawler that hangs up is what some tests are about: no traceback on the terminal."""

    @property
    def host(self) -> str:
        """Address and port as they stand in a URL."""
        return f"{self.server_address[0]!s}:{self.server_address[1]}"

    def url(self, path: str) -> str:
        """The full address of a path."""
        return f"http://{self.host}{path}"

    def say(self, path: str, *answers: Answer) -> None:
        """Script a path: one answer a request, the last one for good."""
        with self._books:
            self._script[path] = list(answers)

    def reached(self, path: str) -> threading.Event:
        """An event that is set once a path is asked for."""
        with self._books:
            return self._events[path]

    def requests(self, path: str) -> list[Asked]:
        """What was asked of one path, in order."""
        with self._books:
            return [asked for asked in self.asked if asked.path == path]

    def paths(self) -> list[str]:
        """The paths that were asked for, in order, robots.txt aside."""
        with self._books:
            return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def forget(self) -> None:
        """Begin a new record, as between two crawls."""
        with self._books:
            self.asked.clear()
            self.most_at_once = 0

    def take(self, path: str, headers: Mapping[str, str], form: str | None = None) -> Answer:
        """Note a request and take its answer from the script."""
        with self._books:
            self.asked.append(Asked(path, time.monotonic(), headers, form))
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            answers = self._script.get(path, [])
            answer = answers.pop(0) if len(answers) > 1 else answers[0] if answers else Answer(status=404)
            self._events[path].set()
        return answer

    def give_back(self) -> None:
        """Note that an answer is on its way out."""
        with self._books:
            self._at_once -= 1

    def hold(self, event: threading.Event) -> bool:
        """Wait for an event; False where the server closed or the test forgot about it."""
        ends = time.monotonic() + LONGEST_HOLD
        while not event.wait(0.02):
            if self._closing.is_set() or time.monotonic() > ends:
                return False
        return True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = LONGEST_HOLD
    server: CrawlServer

    def do_GET(self) -> None:
        """Answer as scripted."""
        self._answer(None)

    def do_POST(self) -> None:
        """Answer as scripted, whatever the form says."""
        self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

    def _answer(self, form: str | None) -> None:
        answer = self.server.take(self.path, {name.lower(): value for name, value in self.headers.items()}, form)
        if answer.needs and answer.needs not in self.headers:
            answer = Answer(status=403)
        if answer.steady and self.headers.get("If-None-Match") == answer.headers["ETag"]:
            answer = Answer(status=304)
        try:
            if answer.after is not None and not self.server.hold(answer.after):
                self.close_connection = True
                return
        finally:
            self.server.give_back()
        self.send_response(answer.status)
        for name, value in ({"Content-Type": "text/html; charset=utf-8"} | dict(answer.headers)).items():
            self.send_header(name, value)
        if answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body) if answer.claimed is None else answer.claimed))
        self.end_headers()
        if answer.chunked:
            self.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(answer.body), answer.body))
        else:
            self.wfile.write(answer.body)
        if answer.claimed is not None:
            self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None:
        """No lines on the terminal."""


def story(title: str, *paragraphs: str, behind: str | None = None) -> bytes:
    """An article's page in UTF-8; ``behind`` is the address of its next page."""
    said = paragraphs or (f"本报讯 {title}一事，市有关部门今天作了说明，各项工作正在有序推进，请广大市民放心。",)
    text = "".join(f"<p>{paragraph}</p>" for paragraph in said)
    pager = f'<p><a href="{behind}">下一页</a></p>' if behind else ""
    return (
        f'<html><head><meta charset="utf-8"><title>{title}-云溪新闻网</title></head><body><h1>{title}</h1>'
        f"<div>发布时间：2026-11-20 08:30 来源：云溪日报</div><div>{text}{pager}</div></body></html>"
    ).encode()


def listing(*paths: str, behind: str | None = None) -> bytes:
    """A column's page that lists articles; ``behind`` is the address of the next list page."""
    items = "".join(
        f'<li><a href="{path}">云溪市召开第{number}次重点工作推进会议</a><span>2026-11-20</span></li>'
        for number, path in enumerate(paths, start=1)
    )
    pager = f'<div><a href="{behind}">下一页</a></div>' if behind else ""
    head = '<html><head><meta charset="utf-8"><title>要闻</title></head>'
    return f"{head}<body><ul>{items}</ul>{pager}</body></html>".encode()


def page(body: bytes, **headers: str) -> Answer:
    """A 200 with these headers; underscores stand for hyphens."""
    return Answer(body, headers={name.replace("_", "-"): value for name, value in headers.items()})


def to(address: str, status: int = 302) -> Answer:
    """A redirect."""
    return Answer(status=status, headers={"Location": address})


def robots(*lines: str) -> Answer:
    """A robots.txt."""
    return Answer("\n".join(lines).encode(), headers={"Content-Type": "text/plain"})
