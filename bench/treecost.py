"""What a process and all that it starts take: CPU, wall time, and the most memory that they hold together."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from threading import Event, Thread
from time import perf_counter

INTERVAL = 0.1
"""Seconds between two looks at the memory."""
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU and wall seconds, and the peak of the tree's memory in MB: shared pages divided among those who share."""

    cpu: float
    wall: float
    peak: float


def tree(root: int) -> list[int]:
    """A process and its living descendants; empty when it is gone."""
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        try:
            tasks = os.listdir(f"/proc/{process}/task")
        except OSError:
            continue
        found.append(process)
        waiting += [child for task in tasks for child in _children(process, task)]
    return found


def _children(process: int, task: str) -> list[int]:
    """What a thread has started; a thread may end while its process is looked at."""
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{task}/children").read_text().split()]
    except OSError:
        return []


def memory(root: int) -> float:
    """MB that the tree holds now (PSS)."""
    held = 0
    for process in tree(root):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        held += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return held / 1024


def cpu(root: int) -> float:
    """CPU seconds of the tree so far, with those of its children that have ended."""
    ticks = 0
    for process in tree(root):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / _TICK


class Watching:
    """Looks at a tree's memory while the block runs; ``peak`` in MB."""

    def __init__(self, root: int) -> None:
        self.root = root
        self.peak = 0.0
        self._done = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._done.wait(INTERVAL):
            self.peak = max(self.peak, memory(self.root))

    def __enter__(self) -> Watching:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], allowed: float
) -> tuple[Cost, str, int, str]:
    """What a command took, its standard output, its exit status, and the end of its standard error.

    It is ended after ``allowed`` seconds; ``TimeoutError`` is raised then.
    """
    started, late = perf_counter(), Event()
    with (folder / "stdout").open("w+b") as out, (folder / "stderr").open("w+b") as err:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=folder, env=environment
        )
        stop = Thread(target=_stop, args=(process.pid, allowed, late))
        stop.start()
        try:
            with Watching(process.pid) as watching:
                _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            end(process.pid)
            raise
        finally:
            timed_out = late.is_set()
            late.set()
            stop.join()
        wall = perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said, complained = out.read().decode("utf-8", "replace"), err.read()[-2000:].decode("utf-8", "replace")
    if timed_out:
        raise TimeoutError(f"{command[0]} took more than {allowed:.0f} s")
    return Cost(used.ru_utime + used.ru_stime, wall, watching.peak), said, process.returncode, complained


def _stop(process: int, allowed: float, done: Event) -> None:
    """End a tree that runs too long. ``done`` is set by whoever comes first."""
    if not done.wait(allowed):
        done.set()
        end(process)


def end(root: int) -> None:
    """End a process and all that it started."""
    for each in reversed(tree(root)):
        with suppress(ProcessLookupError):
            os.kill(each, SIGKILL)
