"""What the processes that this one started take of the machine: a crawl's memory is its child's, not ours."""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")


def children_memory(pid: int | None = None, proc: Path = _PROC) -> tuple[int, int]:
    """How many processes descend from one (this one unless named), and their resident bytes together.

    Nought where the system does not tell (no ``/proc``); a process that ends meanwhile is left out.
    """
    number = total = 0
    waiting = _children(proc / str(pid or os.getpid()))
    while waiting:
        child = waiting.pop()
        try:
            pages = int((child / "statm").read_text().split()[1])
        except (OSError, ValueError, IndexError):
            continue
        number, total = number + 1, total + pages * os.sysconf("SC_PAGE_SIZE")
        waiting += _children(child)
    return number, total


def _children(process: Path) -> list[Path]:
    found: list[Path] = []
    try:
        for thread in (process / "task").iterdir():
            found += [process.parent / pid for pid in (thread / "children").read_text().split()]
    except OSError:
        # It ended while it was looked at.
        return found
    return found
