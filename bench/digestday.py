"""How long the digest of a busy day takes on a big archive, and in how much memory.

``python -m bench.digestday FOLDER [--rounds N]`` gathers and renders the busiest day of what
``python -m bench.bigarchive FOLDER`` made, in every format, each round in a process of its own: first without the
counts of words of the month before, as after an upgrade, then with them, as every morning. It prints seconds of each
part and the greatest memory; a morning's gathering and its page must stay below the gate. Exit status 1 where not.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time

from bench.bigarchive import LAST_DAY, NOW, opened

GATE_SECONDS = 3.0
GATE_MB = 300.0

BUSY_DAY = LAST_DAY - timedelta(days=1)
PARTS = ("gather", "html", "md", "json", "mail")


def told(folder: Path) -> dict[str, float]:
    """Seconds of each part of one digest, its changes, the bytes of its mail, and the memory of this process in MB."""
    # What a program of the command line loads is part of what a person waits for.
    begun, at_work = perf_counter(), process_time()
    from monitor.digest.edition import edition, render

    archive = opened(folder)
    found: dict[str, float] = {"load": perf_counter() - begun}
    begun = perf_counter()
    digest = edition(archive, BUSY_DAY, NOW)
    found["gather"] = perf_counter() - begun
    for form in ("html", "md", "json", "mail"):
        begun = perf_counter()
        text = render(digest, form)
        found[form] = perf_counter() - begun
        found[f"{form}_kb"] = len(text.encode()) / 1000
        # Everything up to the page; the other formats are nobody's wait in the morning.
        found.setdefault("cpu", process_time() - at_work)
    found["changes"] = len(digest.changes)
    found["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    archive.close()
    return found


def _round(folder: Path) -> dict[str, float]:
    """The same in a process of its own, so that memory is that of one digest."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.digestday", str(folder), "--once"], check=True, capture_output=True, text=True
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main() -> int:
    """Print the figures; 1 where a gate does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        sys.stdout.write(json.dumps(told(given.folder)))
        return 0
    first, rounds = _round(given.folder), [_round(given.folder) for _ in range(given.rounds)]
    sys.stdout.write(f"{first['changes']:.0f} changes on {BUSY_DAY}; the first digest of all: {_line(first)}\n")
    for figures in rounds:
        sys.stdout.write(f"{_line(figures)}\n")
    # What else the machine does at that moment is not the digest's time.
    seconds = min(figures["load"] + figures["gather"] + figures["html"] for figures in rounds)
    memory = max(figures["mb"] for figures in rounds)
    busy = min(figures["cpu"] for figures in rounds)
    sys.stdout.write(f"loaded, gathered and drawn as a page in {seconds:.2f} s (gate {GATE_SECONDS:g}), ")
    sys.stdout.write(f"of which its process was at work {busy:.2f} s; ")
    sys.stdout.write(f"all formats in {memory:.0f} MB (gate {GATE_MB:g})\n")
    return int(seconds >= GATE_SECONDS or memory >= GATE_MB)


def _line(figures: dict[str, float]) -> str:
    parts = ", ".join(f"{name} {figures[name]:.2f}" for name in ("load", *PARTS))
    sizes = ", ".join(f"{name} {figures[f'{name}_kb']:.0f} KB" for name in PARTS[1:])
    return f"{parts} s; {sizes}; {figures['mb']:.0f} MB"


if __name__ == "__main__":
    sys.exit(main())
