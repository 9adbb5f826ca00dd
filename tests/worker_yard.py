"""What tests of many machines share: services and workers, each with a home of its own, over one PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from conftest import PostgreSQL
from service_watch import Running

from storage.archive import Archive
from storage.demo import CityServer
from storage.sql import open_archive

BEAT = "0.5"
"""Seconds between two signs of life: one that gives none is given up after three times as long."""


class Yard:
    """One database, and the processes that share it."""

    def __init__(self, folder: Path, database: str, server: CityServer) -> None:
        self._folder, self.database, self.server = folder, database, server
        self.begun: list[Running] = []
        self.archive: Archive = open_archive(database)

    def serve(self, name: str, *entries: str, crawls: int = 0, tick: str = "0.3s", more: str = "") -> Running:
        """A service that has this catalogue; with ``crawls`` 0 it leaves all of it to workers."""
        return self._begin(
            name,
            f"service: {{tick: {tick}, crawls: {crawls}}}\nweb: {{on: no}}\n{more}sites:\n{''.join(entries)}",
            "serve",
        )

    def work(self, name: str, crawls: int = 2) -> Running:
        """A worker whose home knows the database and nothing else."""
        return self._begin(name, "", "worker", "--crawls", str(crawls), "--name", name)

    def _begin(self, name: str, settings: str, *words: str) -> Running:
        home = self._folder / name
        home.mkdir(exist_ok=True)
        (home / "sites.yaml").write_text(f"database: '{self.database}'\n{settings}", "utf-8")
        self.begun.append(Running(home, *words, SHIXUN_BEAT=BEAT))
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
