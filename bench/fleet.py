"""What runs on the machines of ``bench.netns``: a PostgreSQL server, the made sites, the service and its workers.

Each is started again when it dies, as a supervisor would; deaths that nobody ordered are counted apart.
"""

from __future__ import annotations

import ctypes
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from bench.netns import SUBNET, Network

USER = "postgres"
RESTARTS_AFTER = 0.5
"""Seconds between a death and the next start: a supervisor's pause."""
BEAT = "5"
"""Seconds between two signs of life of a worker; after three times as many its crawls are given to another."""
STARTS_WITHIN = 30.0
LAST_WORDS = 6
_DIE_WITH_PARENT = 1


def programs() -> Path | None:
    """Where PostgreSQL's programs are."""
    found = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return Path(found).resolve().parent if found else places[0].parent if places else None


def die_with_parent() -> None:
    """Have the kernel end a child with whoever started it, however that ends."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


class Server:
    """A PostgreSQL server on a machine: by TCP for the machines, by a socket in its folder for whoever measures."""

    FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT
    """How it ends: letting go of everybody in good order, or at once, as in a crash."""

    def __init__(self, network: Network, machine: str, folder: Path) -> None:
        places = programs()
        assert places is not None
        self._programs, self._network, self._machine = places, network, machine
        self.folder = folder / "postgresql"
        self.folder.mkdir()
        shutil.chown(self.folder, USER)
        self._data = self.folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._make()

    def address(self, database: str) -> str:
        """A database as machines name it."""
        return f"postgresql://{USER}@{self._network.addresses[self._machine]}/{database}"

    def socket_address(self, database: str) -> str:
        """A database as it is named outside of the namespaces."""
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def fresh(self, database: str) -> None:
        """Make a new, empty database."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user=USER, dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}".encode())

    def start(self) -> None:
        """Start it, and wait until it answers."""
        as_user = (f"--reuid={USER}", f"--regid={USER}", "--init-groups", "--pdeathsig=QUIT")
        command = ("setpriv", *as_user, str(self._programs / "postgres"), "-D", str(self._data))
        with open(self.folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                self._network.command(self._machine, *command), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + STARTS_WITHIN
        while subprocess.run([self._programs / "pg_isready", "-q", "-h", self.folder], check=False).returncode:
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError(f"PostgreSQL does not start; see {self.folder / 'log'}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals) -> None:
        """End it, ``FAST`` or ``IMMEDIATE``."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(STARTS_WITHIN)

    def _make(self) -> None:
        initdb = (str(self._programs / "initdb"), "-D", str(self._data), "-U", USER, "-A", "trust", "-N")
        subprocess.run([*initdb, "-E", "UTF8", "--locale=C"], check=True, user=USER, cwd=self.folder, stdout=-3)
        with open(self._data / "pg_hba.conf", "a") as rules:
            rules.write(f"host all {USER} {SUBNET} trust\n")
        with open(self._data / "postgresql.conf", "a") as settings:
            settings.write(
                f"listen_addresses = '{self._network.addresses[self._machine]}'\n"
                f"unix_socket_directories = '{self.folder}'\nmax_connections = 200\nfsync = off\n"
            )


class Sites:
    """The made sites on a machine; steered by lines on its input."""

    def __init__(self, network: Network, machine: str, county: Sequence[int]) -> None:
        command = network.command(machine, sys.executable, "-m", "bench.countyfarm", *map(str, county))
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one thread
        )
        self._answer()

    def say(self, line: str) -> dict[str, object]:
        """Say a line, and return what is told; see ``bench.countyfarm``."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._answer()

    def requests(self) -> int:
        """How often sites were asked in this round."""
        told = self.say("told")["requests"]
        assert isinstance(told, int)
        return told

    def end(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def _answer(self) -> dict[str, object]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the made sites are served no more")
        told: dict[str, object] = json.loads(line)
        return told


@dataclass(slots=True)
class Member:
    """A program that is kept running on a machine. ``ended`` are exit codes that nobody ordered."""

    name: str
    command: Sequence[str]
    home: Path
    process: subprocess.Popen[bytes] | None = None
    died_at: float = 0.0
    ordered: bool = False
    ended: list[int] = field(default_factory=list)


class Fleet:
    """Programs kept running. ``look`` is to be called often: it starts again what died a while ago."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.members: dict[str, Member] = {}

    def add(self, machine: str, home: Path, *words: str) -> None:
        """Run a ``shixun`` command on a machine from now on, with a home of its own."""
        shixun = (sys.executable, "-P", "-m", "monitor.cli", "--home", str(home), *words)
        member = self.members[machine] = Member(machine, self._network.command(machine, *shixun), home)
        self._start(member)

    def look(self) -> None:
        """Start again what died ``RESTARTS_AFTER`` seconds ago."""
        for member in self.members.values():
            if member.process is not None and (code := member.process.poll()) is not None:
                if not member.ordered:
                    member.ended.append(code)
                member.process, member.died_at, member.ordered = None, time.monotonic(), False
            if member.process is None and time.monotonic() - member.died_at >= RESTARTS_AFTER:
                self._start(member)

    def kill(self, machine: str) -> bool:
        """SIGKILL for a program alone: its children must end by themselves. False where it does not run."""
        member = self.members[machine]
        if member.process is None or member.process.poll() is not None:
            return False
        member.ordered = True
        member.process.kill()
        return True

    def kill_child(self, process: int) -> None:
        """SIGKILL for a crawl that ``children`` told, or for its nursery."""
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    def children(self) -> list[tuple[str, int]]:
        """The crawls that run, each with whose it is."""
        parents = {member.process.pid: name for name, member in self.members.items() if member.process is not None}
        return [(parents[parent], pid) for pid, parent in crawls().items() if parent in parents]

    def last_words(self) -> list[str]:
        """What each program said last, for whoever must find out why it does not go on."""
        said = {name: (member.home / "err.log").read_text("utf-8", "replace") for name, member in self.members.items()}
        return [f"{name}: {line}" for name, text in said.items() for line in text.splitlines()[-LAST_WORDS:]]

    def end(self) -> dict[str, tuple[int, float]]:
        """SIGTERM for all; exit status and seconds until each ended."""
        begun, ends = time.monotonic(), {}
        running = {name: member.process for name, member in self.members.items() if member.process is not None}
        for process in running.values():
            process.terminate()
        for name, process in running.items():
            try:
                code = process.wait(STARTS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
            ends[name] = code, time.monotonic() - begun
        self.members.clear()
        return ends

    def _start(self, member: Member) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SHIXUN")}
        environment = kept | {"SHIXUN_BEAT": BEAT}
        out: IO[bytes]
        with open(member.home / "out.log", "ab") as out, open(member.home / "err.log", "ab") as err:
            member.process = subprocess.Popen(
                member.command,
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment, cwd=member.home,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - one thread
            )  # fmt: skip


def crawls() -> dict[int, int]:
    """Every crawl that runs on this computer, with the program whose nursery forked it."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if b"crawler.nursery" in (folder / "cmdline").read_bytes():
                    parents[int(folder.name)] = parent_of(int(folder.name))
            except OSError:
                continue
    return {pid: parents[parent] for pid, parent in parents.items() if parent in parents}


def parent_of(process: int) -> int:
    """Who began a process. Raises OSError where it is gone."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def has_user() -> bool:
    """Whether the user is there that PostgreSQL is run as."""
    return USER in {user.pw_name for user in pwd.getpwall()}
