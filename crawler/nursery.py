"""``python -m crawler.nursery``: loads what a crawl needs once, then forks one for each order that it is given.

A crawl begun by itself spends most of a second of the processor on loading; forked from here, some hundredths, and
what was loaded is in memory once for all of them. Orders come by the Unix socket that is standard input, a JSON line
each (``crawler.hands``), with the descriptor of the pipe that the crawl's events go to; back goes a line for each end.

Nothing may run in threads here, no reactor be installed and no database be open: a fork would inherit half of it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import os
import random
import selectors
import signal
import socket
import sys
import traceback
from collections import deque
from importlib import import_module
from typing import Any, NoReturn

from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import load_object
from scrapy.utils.project import get_project_settings

from crawler.child import crawl
from crawler.parentage import end_with_parent

_MODULES = (
    # Before all else: Scrapy's TLS looks through every module that is loaded, for each frame that waits for it.
    "scrapy.core.downloader.handlers.http11",
    "scrapy.crawler",
    "crawler.spiders.municipal",
)
_ROWS = ("EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES")
_PARTS = (
    *("DOWNLOADER", "DUPEFILTER_CLASS", "LOG_FORMATTER", "SCHEDULER", "SCHEDULER_MEMORY_QUEUE"),
    *("SCHEDULER_PRIORITY_QUEUE", "STATS_CLASS"),
)
"""Scrapy's settings that name many things in their order, and those that name one."""

_ENDS = (signal.SIGTERM, signal.SIGINT)
"""A terminal or a supervisor tells a whole family at once: crawls end in their own time, their nursery after them."""


def main() -> None:
    """Serve until the launcher hangs up; its crawls end with that."""
    parent = os.getppid()
    end_with_parent()
    # Kept from it, and not ignored: one that comes as a crawl is forked must not get lost.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    gc.disable()
    load()
    gc.freeze()
    os.environ["SHIXUN_PARENT"] = str(os.getpid())
    if os.getppid() == parent:
        _Nursery(socket.socket(fileno=sys.stdin.fileno())).serve()


def load() -> None:
    """Load what every crawl loads, and no more: what only some pages want, a crawl loads by itself."""
    for name in _MODULES:
        import_module(name)
    settings = get_project_settings()
    rows = [part for row in _ROWS for part in build_component_list(settings.getwithbase(row))]
    for part in (*rows, *(settings[name] for name in _PARTS)):
        load_object(part)


class _Nursery:
    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._crawls: dict[int, int] = {}
        self._read = b""
        self._pipes: deque[int] = deque()

    def serve(self) -> None:
        """Fork, pass signals on and tell of ends, until the other side of the line is closed."""
        woken, wakes = os.pipe()
        os.set_blocking(wakes, False)
        signal.set_wakeup_fd(wakes)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        with selectors.DefaultSelector() as selector:
            selector.register(self._line, selectors.EVENT_READ)
            selector.register(woken, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select()}
                if woken in ready:
                    os.read(woken, 512)
                    self._tell_ends()
                if self._line in ready and not self._take_orders():
                    break
        for pid in self._crawls:
            os.kill(pid, signal.SIGKILL)

    def _take_orders(self) -> bool:
        """Read what has come; whether the line is still open."""
        some, pipes, _, _ = socket.recv_fds(self._line, 1 << 16, 16)
        if not some:
            return False
        self._pipes.extend(pipes)
        *lines, self._read = (self._read + some).split(b"\n")
        for line in lines:
            order = json.loads(line)
            if "signal" in order:
                self._pass_on(order)
            else:
                self._begin(order, self._pipes.popleft())
        return True

    def _begin(self, order: dict[str, Any], pipe: int) -> None:
        try:
            pid = os.fork()
        except OSError as error:
            sys.stderr.write(f"{error}\n")
            self._tell(order["number"], 1)
        else:
            if pid == 0:
                _be_crawl(self._line, order, pipe)
            self._crawls[pid] = order["number"]
        os.close(pipe)

    def _pass_on(self, order: dict[str, Any]) -> None:
        # A crawl that has ended keeps its number until that was told: nobody else's can be meant.
        for pid, number in self._crawls.items():
            if number == order["number"]:
                os.kill(pid, order["signal"])

    def _tell_ends(self) -> None:
        for pid in list(self._crawls):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self._tell(self._crawls.pop(pid), os.waitstatus_to_exitcode(status))

    def _tell(self, number: int, code: int) -> None:
        with contextlib.suppress(OSError):
            self._line.sendall(json.dumps({"number": number, "code": code}).encode() + b"\n")


def _be_crawl(line: socket.socket, order: dict[str, Any], pipe: int) -> NoReturn:
    """What a fork does, and nothing after it: of its nursery's work it must not go on with any."""
    code = 1
    try:
        end_with_parent()
        signal.set_wakeup_fd(-1)
        for number in (*_ENDS, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
        # Else all crawls would draw the same numbers.
        random.seed()
        _take_files(line, order["log"], pipe)
        code = 0 if crawl("municipal", order["given"]) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            logging.shutdown()
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _take_files(line: socket.socket, log: str, pipe: int) -> None:
    """Standard input from nowhere, output to the launcher, errors to the log, which may be a new one by now."""
    nowhere = os.open(os.devnull, os.O_RDONLY)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    line.detach()
    for given, wanted in ((nowhere, 0), (pipe, 1), (written, 2)):
        os.dup2(given, wanted)
        os.close(given)


if __name__ == "__main__":
    main()
