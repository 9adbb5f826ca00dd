"""Killed with SIGKILL at twenty different moments, and run again: nothing lost, nothing told twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.demo import Answer, City, CityServer, sites_yaml
from storage.sql import open_archive

SITES = ("xueyuan", "tangting")
"""A few sites of the city; all of it would take the test's patience."""

ROUNDS = (1, 2, 3)
MOMENTS = (*(("request", number) for number in (1, 2, 6, 15, 30, 45)), ("told", 1), ("told", 2))
HELD = 30.0
EPOCH = datetime(2026, 11, 16, tzinfo=UTC)


class KillingServer(CityServer):
    """The city, with a trap: when the N-th request arrives, whoever waits for it is killed before it is answered."""

    trap: int = 0
    seen: int = 0
    victim: subprocess.Popen[str] | None = None
    _counting = threading.Lock()

    def answer(self, key: str, path: str) -> Answer:
        with self._counting:
            self.seen += 1
            sprung = self.seen == self.trap
        if sprung and self.victim is not None:
            kill(self.victim)
        return super().answer(key, path)


def kill(process: subprocess.Popen[str]) -> None:
    """SIGKILL for the launcher alone: its children must end by themselves."""
    process.send_signal(signal.SIGKILL)
    process.wait(HELD)


def command(home: Path) -> list[str]:
    return [sys.executable, "-m", "monitor.cli", "--home", str(home), "crawl", "--all", "--recheck", "all"]


@contextmanager
def crawling(home: Path) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command(home), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        yield process


def told(home: Path, server: CityServer) -> list[str]:
    """The change log with all that it says of each change, less what differs between any two runs."""
    archive = open_archive(f"sqlite:///{home / 'shixun.db'}")
    changes = archive.reading.changes()
    waiting = archive.running.counts()["pending"]
    archive.close()
    assert waiting == 0
    bare = [replace(change, id=0, detected_at=EPOCH, evidence={}) for change in changes]
    # By page, and for one page in the order in which it was told: crawls may visit pages in any order.
    bare.sort(key=lambda change: (change.site, change.url))
    return [portless(repr(change), server) for change in bare]


def portless(text: str, server: CityServer) -> str:
    """A text with each site's address, whose port is another for every server, put as its key."""
    for site in server.sites:
        text = text.replace(f"{server.base(site.key)}/", f"http://{site.key}/")
    return text


def play(home: Path, server: KillingServer, *, killing: bool) -> int:
    """Three rounds, each begun, killed and begun again at every moment if ``killing``. Returns the kills made."""
    home.mkdir()
    (home / "sites.yaml").write_text(sites_yaml(server, SITES), "utf-8")
    made = 0
    for number in ROUNDS:
        server.round = number
        for kind, moment in MOMENTS if killing else ():
            made += begin_and_kill(home, server, kind, moment)
        with crawling(home) as process:
            process.communicate()
        assert process.returncode == 0
    return made


def begin_and_kill(home: Path, server: KillingServer, kind: str, moment: int) -> bool:
    """Begin a crawl and kill it when its N-th request arrives, or when it has told its N-th change."""
    with crawling(home) as process:
        server.victim, server.seen = process, 0
        server.trap = moment if kind == "request" else 0
        assert process.stdout is not None
        for number, _ in enumerate(process.stdout, 1):
            if kind == "told" and number == moment:
                kill(process)
                break
    server.trap, server.victim = 0, None
    return process.returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="children end with their parent at once on Linux only")
def test_a_crawl_killed_at_twenty_moments_tells_what_an_undisturbed_one_tells(tmp_path: Path) -> None:
    city = City()
    with KillingServer(city) as quiet, KillingServer(city) as deadly, ThreadPoolExecutor(1) as aside:
        undisturbed = aside.submit(play, tmp_path / "calm", quiet, killing=False)
        kills = play(tmp_path / "killed", deadly, killing=True)
        undisturbed.result()
        calm, killed = told(tmp_path / "calm", quiet), told(tmp_path / "killed", deadly)
    assert kills >= 20
    assert len(calm) > 50
    assert [c for c in killed if c not in calm] == []
    assert killed == calm
