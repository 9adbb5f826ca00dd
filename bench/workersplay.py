"""One run of ``bench.workers``: the homes of its programs, its rounds, and when a round is over."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from bench.county import County
from bench.countyfarm import column_of
from bench.fleet import Fleet, Server, Sites
from bench.netns import Network
from bench.unrest import Unrest
from bench.workerslog import Played, read_log
from storage.archive import Archive
from storage.errors import StorageError
from storage.sql import open_archive

LOOKS_EVERY, ASKS_EVERY = 0.05, 0.5
"""Seconds between two looks at the programs, and between two questions to the archive."""
STEADY = 4
"""So often in a row nothing is found waiting before a round is over."""
ROUND_WITHIN = 600.0
"""Seconds after which a round that is not over is given up."""

PAUSE = 0.005
"""Seconds between two requests to a site: without any, Scrapy asks for all that waits in its queue at once."""

_SELDOM = dict.fromkeys(("column", "day", "week", "month", "older", "missing"), "30d")
_UNCONFIRMED = """
UPDATE pages SET due_at = now() WHERE missing_since IS NOT NULL AND told <> 'removed' AND due_at IS NOT NULL
"""


def homes(folder: Path, database: str, county: County, workers: int) -> Mapping[str, tuple[Path, tuple[str, ...]]]:
    """A home for each machine, and the ``shixun`` command that runs there.

    Nothing is due by itself but what failed; ``Play`` says when a round begins. The workers' homes know the database
    and no site.
    """
    sites = {site.key: {"name": site.name, "columns": [column_of(site)]} for site in county.sites}
    defaults = {
        "delay": PAUSE,
        "schedule": {**_SELDOM, "failing": "1s"},
        "removal": {"visits": 2, "over": "1s"},
        "limits": {"seconds": 10},
    }
    settings = {
        "contact": "desk@shixun.example",
        "database": database,
        "service": {"tick": "1s", "crawls": 0 if workers else 2},
        "web": {"on": False},
        "defaults": defaults,
        "sites": sites,
    }
    found: dict[str, tuple[Path, tuple[str, ...]]] = {"service": (folder / "service", ("serve",))}
    for number in range(1, workers + 1):
        found[f"worker{number}"] = folder / f"worker{number}", ("worker", "--crawls", "1", "--name", f"worker{number}")
    for machine, (home, _) in found.items():
        home.mkdir(parents=True)
        told = settings if machine == "service" else {"database": database, "sites": {}}
        (home / "sites.yaml").write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    return found


@dataclass(slots=True)
class Play:
    """A run. Its archive is read by a socket, whatever happens to the network."""

    name: str
    network: Network
    server: Server
    fleet: Fleet
    sites: Sites
    unrest: Unrest
    requests: list[int] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    bounds: list[int] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)

    def run(self, county: County) -> Played:
        """Play all rounds and read what they left."""
        begun = time.monotonic()
        archive = open_archive(self.server.socket_address(self.name))
        try:
            for round_ in range(1, county.rounds + 1):
                self._round(round_, archive, len(county.sites))
            seconds = time.monotonic() - begun
            for member in self.fleet.members.values():
                for code in member.ended:
                    self.happened.append(f"{member.name} ended by itself with {code}; see {member.home / 'err.log'}")
            ends = self.fleet.end()
            self.happened.append(
                "SIGTERM: " + ", ".join(f"{name} {code} in {took:.1f} s" for name, (code, took) in ends.items())
            )
            happened = [*self.unrest.happened, *self.happened]
            return read_log(
                self.name, archive, self._connect(), self.bounds, self.requests, self.breaches, seconds, happened
            )
        finally:
            archive.close()

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.server.socket_address(self.name), autocommit=True)

    def _round(self, round_: int, archive: Archive, sites: int) -> None:
        """A round: everything is due, then once more what is missing and not told yet."""
        begun = time.monotonic()
        self.sites.say(f"round {round_}")
        if round_ > 1:
            archive.running.make_due(datetime.now(UTC))
        self._settle(round_, archive, sites, troubled=True)
        with self._connect() as connection:
            connection.execute(_UNCONFIRMED.encode())
        self._settle(round_, archive, sites, troubled=False)
        told = self.sites.say("told")
        self.requests.append(int(str(told["requests"])))
        breaches = told["breaches"]
        assert isinstance(breaches, list)
        self.breaches.extend(f"round {round_}: {breach}" for breach in breaches)
        with self._connect() as connection:
            (last,) = connection.execute(b"SELECT max(id) FROM observations").fetchone() or (0,)
        self.bounds.append(int(str(last or 0)))
        self.happened.append(f"round {round_}: {self.requests[-1]} requests in {time.monotonic() - begun:.0f} s")

    def _settle(self, round_: int, archive: Archive, sites: int, *, troubled: bool) -> None:
        """Keep the programs running, and bring about what befalls, until nothing waits. Raises RuntimeError."""
        deadline, asked, quiet = time.monotonic() + ROUND_WITHIN, 0.0, 0
        while quiet < STEADY:
            self.fleet.look()
            if troubled:
                self.unrest.befall(round_, self.sites.requests(), self)
            if time.monotonic() - asked >= ASKS_EVERY:
                asked = time.monotonic()
                waits = self._waits(archive, sites)
                quiet = 0 if waits or not (self.unrest.is_over(round_) or not troubled) else quiet + 1
            if time.monotonic() > deadline:
                said = "\n".join([*self.unrest.happened, *self.fleet.last_words()])
                raise RuntimeError(f"{self.name}, round {round_}: not over in {ROUND_WITHIN:.0f} s: {waits}\n{said}")
            time.sleep(LOOKS_EVERY)

    def _waits(self, archive: Archive, sites: int) -> str | None:
        """What still waits to be read or compared; ``None`` where nothing does."""
        try:
            known, due = len(archive.running.site_names()), archive.running.due_sites(datetime.now(UTC))
            pending = archive.running.counts()["pending"]
        except StorageError as error:
            return str(error)
        if known < sites or due or pending:
            return f"{known} sites known, {len(due)} due ({', '.join(list(due)[:5])}…), {pending} visits pending"
        return None
