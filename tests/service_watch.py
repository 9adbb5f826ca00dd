"""What tests of the service share: a running ``shixun serve``, and what can be seen of it from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.demo import City, CityServer
from storage.records import ChangeKind
from storage.sql import open_archive

QUICK = """\
service: {tick: 0.5s, crawls: 2}
web: {on: no}
"""
"""A service without pages that looks often whether anything is due, and visits a page once while a test watches."""

PACE = (
    """\
defaults:
  schedule: {column: 2s, day: 2s, week: 2s, month: 2s, older: 2s, missing: 1s, failing: 2s}
  removal: {visits: 2, over: 1s}
"""
    + QUICK
)
"""For tests of what comes with the next visits."""

PATIENCE = 60
STOPS_WITHIN = 15


def until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Look again and again until something holds; fail with what was waited for when it does not in time."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"in vain for {seconds} s: {what}"
        pause.wait(0.05)


class Running:
    """A running ``shixun`` and what it has printed so far, into ``stdout`` and ``stderr`` with ``end`` behind them."""

    def __init__(self, home: Path, *words: str, end: str = "", **more: str) -> None:
        self.home = home
        self._out, self._err = home / f"stdout{end}", home / f"stderr{end}"
        known = {name: value for name, value in os.environ.items() if not name.startswith("SHIXUN")}
        with open(self._out, "wb") as out, open(self._err, "wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "monitor.cli", "--home", str(home), *words],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=known | more, cwd=home,
            )  # fmt: skip

    @property
    def out(self) -> str:
        return self._out.read_text("utf-8")

    @property
    def err(self) -> str:
        return self._err.read_text("utf-8")

    def children(self) -> list[int]:
        """Processes that it started and that run: the nursery of its crawls."""
        return _children([self.process.pid])

    def crawls(self) -> list[int]:
        """Its crawls that run: what its nursery has forked."""
        return _children(self.children())

    def family(self) -> set[int]:
        """All processes that descend from it and run."""
        return {*self.children(), *self.crawls()}

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal and wait: exit status, and seconds that it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(STOPS_WITHIN + 15), time.monotonic() - begun


def _children(parents: list[int]) -> list[int]:
    return [pid for pid, (parent, _) in processes().items() if parent in parents]


def processes() -> dict[int, tuple[int, str]]:
    """Every process that runs (no zombies), with its parent and state."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state != "Z":
                found[int(folder.name)] = (int(parent), state)
    return found


@pytest.fixture
def city_server() -> Iterator[CityServer]:
    """The made city in its first round."""
    with CityServer(City()) as serving:
        yield serving


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[], Running]]:
    """Starts services on one home; whatever still runs at the end is killed."""
    begun: list[Running] = []

    def start() -> Running:
        begun.append(Running(tmp_path, "serve", end=f"-{len(begun)}"))
        return begun[-1]

    yield start
    for watch in begun:
        if watch.process.poll() is None:
            watch.process.kill()
            watch.process.wait()


def entry(server: CityServer, key: str, *, delay: float | None = None) -> str:
    """A site's entry in ``sites.yaml``; ``delay`` in seconds between two requests."""
    (site,) = [each for each in server.sites if each.key == key]
    lines = [f"  {key}:", f"    name: {site.name}", "    columns:"]
    lines += [f"      - {server.url(key, column.path)}" for column in site.columns]
    return "\n".join([*lines, *([f"    delay: {delay}"] if delay else [])]) + "\n"


def catalogue(home: Path, *entries: str, pace: str = QUICK) -> None:
    """Write ``sites.yaml`` in place, the way an editor that saves at one stroke does."""
    draft = home / "sites.yaml.part"
    draft.write_text(pace + "sites:\n" + "".join(entries), "utf-8")
    draft.replace(home / "sites.yaml")


@contextmanager
def archive_at(home: Path) -> Iterator[Archive]:
    """The archive of a service's home."""
    opened = open_archive(f"sqlite:///{home / 'shixun.db'}")
    try:
        yield opened
    finally:
        opened.close()


def told(home: Path, *kinds: ChangeKind) -> list[str]:
    """Addresses in the change log, as often as they were told."""
    with archive_at(home) as opened:
        return [change.url for change in opened.reading.changes() if not kinds or change.kind in kinds]


def visited(home: Path) -> int:
    """How many versions of pages are kept."""
    if not (home / "shixun.db").exists():
        return 0
    with archive_at(home) as opened:
        return opened.running.counts()["versions"]


def articles(server: CityServer, key: str) -> list[str]:
    """The addresses of a site's articles in round 1."""
    return sorted(server.url(key, each.path) for each in server.city.truth(1) if each.site == key)
