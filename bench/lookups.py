"""How long it takes to look a story up among a million stored sketches, and to store another.

``python -m bench.lookups [--stored N] [--database ADDRESS]`` (``make bench-lookups``) fills an empty archive with made
sketches, in a throw-away SQLite file unless an address is given: 22 marks that a page has alone, one that a thousand
pages have (a form) and one that a hundred thousand have (a slogan). It prints the median and the 95th percentile of
lookups, wall time, by what is looked up. Exit status 1 where a 95th percentile is not below 5 ms.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter

from sqlalchemy import Connection, text

from storage.archive import Archive
from storage.sql import open_archive
from storage.sql.engine import Database, make_engine
from storage.stories import Sketch

GATE_MS = 5.0
OWN = 22
SLOGANS = 10
FORMS = 1000
_ROUNDS = 300
_TRIES = 3
"""Each lookup is timed so often and the fastest counts: what else the machine does at that moment is not its time."""

_BATCH = 200
_PRIME = 2**31 - 1

_PAGES = """
INSERT INTO pages (id, site, url, role, depth, first_seen_at, failures, version, base_version, told, sketched_version)
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :stored)
SELECT n, 's', 'http://127.0.0.1/' || n, 'article', 0, '2026-01-01 00:00:00', 0, 1, 1, 'live', 1 FROM numbers
"""
_MARKS = f"""
INSERT INTO sketches (hash, page_id)
WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {OWN + 1})
SELECT CASE n WHEN {OWN} THEN -1 - id % {SLOGANS}
              WHEN {OWN + 1} THEN -1 - {SLOGANS} - id % {FORMS}
              ELSE ((id * {OWN} + n) * 48271 % {_PRIME}) * {2**31} + id * {OWN} + n END AS mark, id
FROM pages CROSS JOIN numbers ORDER BY mark, id
"""


def marks_of(page_id: int) -> list[int]:
    """The marks that a stored page was made with."""
    own = [(place * 48271 % _PRIME) * 2**31 + place for place in range(page_id * OWN, (page_id + 1) * OWN)]
    return [*own, -1 - page_id % SLOGANS, -1 - SLOGANS - page_id % FORMS]


def fill(address: str, stored: int) -> None:
    """Put so many made sketches into an empty archive."""
    engine = Database(make_engine(address))
    with engine.write() as connection:
        connection.execute(text(_PAGES), {"stored": stored})
        _fill_index(connection)
    with engine.write() as connection:
        connection.execute(text("ANALYZE"))
    engine.close()


def _fill_index(connection: Connection) -> None:
    # Row by row in another order than its own, an index of this size would take an hour to grow.
    connection.execute(text("DROP INDEX ix_sketches_page_id"))
    connection.execute(text(_MARKS))
    connection.execute(text("CREATE INDEX ix_sketches_page_id ON sketches (page_id)"))


def asked(stored: int, dice: Random) -> Iterator[tuple[str, list[int], int | None]]:
    """What is looked up, as (kind, marks, the page to be found first or ``None``)."""
    for _ in range(_ROUNDS):
        page_id = dice.randrange(1, stored + 1)
        shown = marks_of(page_id)
        strange = [dice.randrange(2**62, 2**63) for _ in range(OWN)]
        yield "a copy", shown, page_id
        yield "a third, edited", [*dice.sample(shown[:OWN], 5), *strange[:17], *shown[OWN:]], page_id
        yield "nobody's story", [*strange, *shown[OWN:]], None
        yield "only what all quote", [*(-1 - mark for mark in range(SLOGANS)), *strange[:4], *shown[OWN:]], None


def time_lookups(archive: Archive, stored: int) -> tuple[dict[str, list[float]], int]:
    """Milliseconds of the lookups by kind, and how many did not find what they were to find."""
    taken: dict[str, list[float]] = {}
    lost = 0
    for kind, marks, wanted in asked(stored, Random(2026)):
        found, fastest = archive.stories.alike(marks, excluding=0, shared=2), float("inf")
        for _ in range(_TRIES):
            start = perf_counter()
            archive.stories.alike(marks, excluding=0, shared=2)
            fastest = min(fastest, 1000 * (perf_counter() - start))
        taken.setdefault(kind, []).append(fastest)
        lost += wanted is not None and wanted not in found[:1]
    return taken, lost


def time_storing(archive: Archive, stored: int) -> float:
    """Milliseconds that it takes to sketch a page anew, in batches as a drain does it."""
    dice = Random(7)
    chosen = [dice.randrange(1, stored + 1) for _ in range(5 * _BATCH)]
    start = perf_counter()
    for at in range(0, len(chosen), _BATCH):
        some = chosen[at : at + _BATCH]
        archive.stories.sketch(Sketch(page_id, 1, tuple(marks_of(page_id))) for page_id in some)
    return 1000 * (perf_counter() - start) / len(chosen)


def run(stored: int, address: str) -> bool:
    """Fill an empty archive, print the table; whether the gate holds."""
    open_archive(address).close()
    fill(address, stored)
    archive = open_archive(address)
    try:
        taken, lost = time_lookups(archive, stored)
        storing = time_storing(archive, stored)
    finally:
        archive.close()
    sys.stdout.write(table(taken, lost, storing, stored, address.split(":", 1)[0]))
    return lost == 0 and all(p95(times) < GATE_MS for times in taken.values())


def p95(times: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(times, n=20)[-1]


def table(taken: Mapping[str, list[float]], lost: int, storing: float, stored: int, kind: str) -> str:
    """What is printed."""
    lines = [f"{stored:,} sketches on {kind}; ms a lookup (gate: p95 below {GATE_MS})"]
    lines += [f"  {what:22} median {median(times):6.3f}  p95 {p95(times):6.3f}" for what, times in taken.items()]
    lines += [f"not found: {lost} of {2 * _ROUNDS}", f"ms to sketch a page: {storing:.3f}"]
    return "\n".join(lines) + "\n"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.lookups", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--stored", type=int, default=1_000_000)
    parser.add_argument("--database", help="address of an empty database; a throw-away SQLite file unless given")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return 0 if run(given.stored, given.database or f"sqlite:///{Path(folder, 'million.db')}") else 1


if __name__ == "__main__":
    sys.exit(main())
