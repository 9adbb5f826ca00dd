"""changedetection.io as a contestant of ``bench.peers``: its server, driven by its own API."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

from bench.contestants import SECONDS, Report, bare_environment
from bench.treecost import Cost, Watching, cpu

WORKERS = 10
"""Fetches at a time; five are its default."""
BATCH = 500
"""Addresses a call of its import."""
LOOK = 0.5
"""Seconds between two questions whether it is done."""
SETTINGS = {
    "FETCH_WORKERS": str(WORKERS),
    "WORKER_MAX_JOBS": "1000000",
    "MINIMUM_SECONDS_RECHECK_TIME": "0",
    "DISABLE_VERSION_CHECK": "true",
    "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
    "LOGGER_LEVEL": "ERROR",
    "LISTEN_HOST": "127.0.0.1",
}


@dataclass(slots=True)
class Changedetection:
    """changedetection.io: a watch a page, fetched by its requests fetcher, compared as text."""

    folder: Path
    environment: Path
    urls: Sequence[str]
    name: str = "changedetection.io"
    set_up: str = f"requests fetcher, text, FETCH_WORKERS {WORKERS}, workers never renewed, log of errors only"
    _process: subprocess.Popen[bytes] | None = None
    _port: int = 0
    _opener: Any = field(default_factory=lambda: build_opener(ProxyHandler({})))

    def start(self) -> None:
        """Start the server. Given one page, it does not watch the pages that it brings along."""
        store = self.folder / "store"
        store.mkdir(parents=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        command = [str(self.environment / "bin" / "changedetection.io"), "-h", "127.0.0.1", "-p", str(self._port)]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [*command, "-d", str(store), "-u", self.urls[0]],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=bare_environment(self.folder, **SETTINGS),
            )
        self._until(self._answers, 90)
        self._until(lambda: self._checked(0.0), 90)

    def visit(self) -> Report:
        first = self._process is None
        if first:
            self.start()
        assert self._process is not None
        before = self._watches()
        root, started = self._process.pid, perf_counter()
        spent = cpu(root)
        with Watching(root) as watching:
            if first:
                for place in range(0, len(self.urls), BATCH):
                    self._ask("import", "\n".join(self.urls[place : place + BATCH]).encode())
            else:
                self._ask("watch?recheck_all=1")
            self._until(lambda: self._done(before), SECONDS)
            wall = perf_counter() - started
            spent = cpu(root) - spent
        return Report(Cost(spent, wall, watching.peak), {} if first else self._told(before))

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _told(self, before: dict[str, Any]) -> dict[str, str]:
        told: dict[str, str] = {}
        for key, watch in self._watches().items():
            known = before[key]
            if watch["last_changed"] != known["last_changed"]:
                told[watch["url"]] = key
            elif watch["last_error"] and watch["last_error"] != known["last_error"]:
                told[watch["url"]] = str(watch["last_error"])
        return told

    def words(self, key: str) -> str:
        """The difference between the last two texts of a watch, as its API tells it; an error's words as they are."""
        return key if " " in key else self._text(f"watch/{key}/difference/previous/latest")

    def _done(self, before: dict[str, Any]) -> bool:
        system = json.loads(self._text("systeminfo"))
        if system["queue_size"] or system["watch_count"] < len(self.urls):
            return False
        health = json.loads(self._page("worker-health"))
        if health["worker_status"]["running_uuids"]:
            return False
        oldest = {key: watch["last_checked"] for key, watch in before.items()}
        # The one page that was given at the start is not asked again before its time.
        oldest = oldest if len(oldest) > 1 else {}
        return all(watch["last_checked"] > oldest.get(key, 0) for key, watch in self._watches().items())

    def _checked(self, since: float) -> bool:
        watches = self._watches()
        return bool(watches) and all(watch["last_checked"] > since for watch in watches.values())

    def _answers(self) -> bool:
        try:
            return bool(self._watches()) or True
        except (URLError, OSError):
            return False

    def _watches(self) -> dict[str, Any]:
        watches: dict[str, Any] = json.loads(self._text("watch"))
        return watches

    def _ask(self, path: str, body: bytes | None = None) -> None:
        self._text(path, body)

    def _text(self, path: str, body: bytes | None = None) -> str:
        return self._page(f"api/v1/{path}", body)

    def _page(self, path: str, body: bytes | None = None) -> str:
        settings = json.loads((self.folder / "store" / "changedetection.json").read_text("utf-8"))
        key = settings["settings"]["application"]["api_access_token"]
        headers = {"x-api-key": key, "Content-Type": "text/plain"}
        asked = Request(f"http://127.0.0.1:{self._port}/{path}", data=body, headers=headers)
        with self._opener.open(asked, timeout=120) as answer:
            said: str = answer.read().decode("utf-8", "replace")
        return said

    def _until(self, holds: Any, seconds: float) -> None:
        end = monotonic() + seconds
        while not holds():
            if monotonic() > end or (self._process is not None and self._process.poll() is not None):
                raise TimeoutError(f"{self.name}: {(self.folder / 'log').read_text('utf-8', 'replace')[-400:]}")
            sleep(LOOK)
