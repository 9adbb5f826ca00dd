"""What tests of many machines share: services and workers, each with a home of its own, over one PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from conftest import PostgreSQL
from service_watch import STOPS_WITHIN, processes

from storage.archive import Archive
from storage.demo import CityServer
from storage.sql import open_archive

BEAT = "0.5"
"""Seconds between two signs of life: one that gives none is given up after three times as long."""


class Process:
    """A running ``shixun`` and what it has printed."""

    def __init__(self, home: Path, *words: str) -> None:
        self.home = home
        self._err, self._out = home / "stderr", home / "stdout"
        known = {name: value for name, value in os.environ.items() if not name.startswith("SHIXUN")}
        with open(self._out, "wb") as out, open(self._err, "wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "monitor.cli", "--home", str(home), *words],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=known | {"SHIXUN_BEAT": BEAT}, cwd=home,
            )  # fmt: skip

    @property
    def err(self) -> str:
        return self._err.read_text("utf-8")

    @property
    def out(self) -> str:
        return self._out.read_text("utf-8")

    def children(self) -> list[int]:
        return [pid for pid, (parent, _) in processes().items() if parent == self.process.pid]

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal and wait: exit status, and seconds that it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(STOPS_WITHIN + 15), time.monotonic() - begun


class Yard:
    """One database, and the processes that share it."""

    def __init__(self, folder: Path, database: str, server: CityServer) -> None:
        self._folder, self.database, self.server = folder, database, server
        self.begun: list[Process] = []
        self.archive: Archive = open_archive(database)

    def serve(self, name: str, *entries: str, crawls: int = 0, tick: str = "0.3s", more: str = "") -> Process:
        """A service that has this catalogue; with ``crawls`` 0 it leaves all of it to workers."""
        return self._begin(
            name,
            f"service: {{tick: {tick}, crawls: {crawls}}}\nweb: {{on: no}}\n{more}sites:\n{''.join(entries)}",
            "serve",
        )

    def work(self, name: str, crawls: int = 2) -> Process:
        """A worker whose home knows the database and nothing else."""
        return self._begin(name, "", "worker", "--crawls", str(crawls), "--name", name)

    def _begin(self, name: str, settings: str, *words: str) -> Process:
        home = self._folder / name
        home.mkdir(exist_ok=True)
        (home / "sites.yaml").write_text(f"database: '{self.database}'\n{settings}", "utf-8")
        self.begun.append(Process(home, *words))
        return self.begun[-1]

    def told(self) -> list[str]:
        """Addresses in the change log, as often as they were told."""
        return sorted(change.url for change in self.archive.reading.changes())

    def kept(self) -> int:
        """How many versions of pages are kept."""
        return self.archive.running.counts()["versions"]

    def ask(self, question: str) -> list[tuple[object, ...]]:
        """What the database itself answers; nothing before its tables are there."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            try:
                return connection.execute(question).fetchall()  # type: ignore[call-overload,no-any-return]
            except psycopg.errors.UndefinedTable:
                return []


@pytest.fixture
def yard(tmp_path: Path, postgresql: PostgreSQL, city_server: CityServer) -> Iterator[Yard]:
    """A database without processes; whatever still runs at the end is killed."""
    opened = Yard(tmp_path, postgresql.fresh_database(), city_server)
    yield opened
    for process in opened.begun:
        if process.process.poll() is None:
            process.process.kill()
            process.process.wait()
    opened.archive.close()
