"""Machines made of network namespaces: a name, an address and a cable each, all on one switch.

Linux only, and only for root: ``lacking`` says what is missing. Nothing is left in the machine's own network: switch
and cables stand in namespaces too. What a killed run left behind is taken away by the next one.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

PREFIX = "sxbench"
SUBNET = "10.231.0.0/24"
SERVED = "10.232.0.0/16"
"""Every address of this network is one of the machine that serves it (``Network.serves``)."""

_OURS = re.compile(rf"{PREFIX}-(\d+)-\w+")
_PATIENCE = 10.0


def lacking() -> str | None:
    """What this machine lacks to make namespaces; ``None`` where it can."""
    if not sys.platform.startswith("linux"):
        return "network namespaces are Linux's"
    if os.geteuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None:
        return "network namespaces need the command ip (Debian: iproute2)"
    tried = subprocess.run(["unshare", "-n", "true"], check=False, stderr=subprocess.PIPE, text=True)
    return None if tried.returncode == 0 else f"no namespace can be made here: {tried.stderr.strip()}"


class Network:
    """A context manager: machines by name, numbered from 10.231.0.2 in the order in which they are named."""

    def __init__(self, machines: Sequence[str]) -> None:
        self._stem = f"{PREFIX}-{os.getpid()}"
        self._switch = f"{self._stem}-switch"
        stem, _, _ = SUBNET.rpartition(".")
        self.addresses = {name: f"{stem}.{place}" for place, name in enumerate(machines, 2)}

    def __enter__(self) -> Network:
        try:
            _ip("netns", "add", self._switch)
            _ip("-n", self._switch, "link", "add", "hub", "type", "bridge")
            _ip("-n", self._switch, "link", "set", "hub", "up")
            for place, (name, address) in enumerate(self.addresses.items()):
                self._add(name, place, address)
        except BaseException:
            self._take_away()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._take_away()

    def command(self, machine: str, *command: str) -> list[str]:
        """A command as it is run on a machine; the process is the command's own, so that a signal reaches it."""
        return ["ip", "netns", "exec", f"{self._stem}-{machine}", *command]

    def serves(self, machine: str) -> None:
        """Make every address of ``SERVED`` the machine's own, for all others to reach."""
        _ip("-n", f"{self._stem}-{machine}", "route", "add", "local", SERVED, "dev", "lo")
        for name in self.addresses:
            if name != machine:
                _ip("-n", f"{self._stem}-{name}", "route", "add", SERVED, "via", self.addresses[machine])

    def cut(self, machine: str) -> None:
        """Pull a machine's cable out at the switch: what it sends is lost, and nobody tells it so."""
        _ip("-n", self._switch, "link", "set", self._cable(machine), "down")

    def mend(self, machine: str) -> None:
        """Put it in again."""
        _ip("-n", self._switch, "link", "set", self._cable(machine), "up")

    def _cable(self, machine: str) -> str:
        return f"port{list(self.addresses).index(machine)}"

    def _add(self, name: str, place: int, address: str) -> None:
        space = f"{self._stem}-{name}"
        _ip("netns", "add", space)
        _ip("-n", space, "link", "set", "lo", "up")
        peer = ("peer", "name", f"port{place}", "netns", self._switch)
        _ip("link", "add", "eth0", "netns", space, "type", "veth", *peer)
        _ip("-n", self._switch, "link", "set", f"port{place}", "master", "hub", "up")
        _ip("-n", space, "addr", "add", f"{address}/{SUBNET.rpartition('/')[2]}", "dev", "eth0")
        _ip("-n", space, "link", "set", "eth0", "up")

    def _take_away(self) -> None:
        for space in spaces(os.getpid()):
            _remove(space)


def sweep() -> None:
    """Take away what runs that are no more left: namespaces with what still runs in them, and folders."""
    for space in spaces():
        if _is_left(space):
            _remove(space)
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}-*-*"):
        if _is_left(folder.name):
            shutil.rmtree(folder, ignore_errors=True)


def _is_left(name: str) -> bool:
    found = _OURS.fullmatch(name)
    return found is not None and not Path("/proc", found[1]).exists()


def spaces(owner: int | None = None) -> list[str]:
    """The namespaces that stand; of one run, where its process number is given."""
    listed = subprocess.run(["ip", "netns", "list"], check=True, stdout=subprocess.PIPE, text=True).stdout
    names = [line.split()[0] for line in listed.splitlines() if line.strip()]
    ours = [(name, _OURS.fullmatch(name)) for name in names]
    return [name for name, found in ours if found and owner in (None, int(found[1]))]


def _remove(space: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while (left := _running(space)) and time.monotonic() < deadline:
        for process in left:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.05)
    subprocess.run(["ip", "netns", "delete", space], check=False)


def _running(space: str) -> list[int]:
    listed = subprocess.run(
        ["ip", "netns", "pids", space], check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    return [int(word) for word in listed.stdout.split()]


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
