"""How long searches take on a big archive, what its index weighs, and what a version's place in it costs.

``python -m bench.search FOLDER [--rounds N] [--cpu]`` asks what ``python -m bench.bigarchive FOLDER`` made; an index
that is not whole yet is filled first, and the cost of each version printed: of the first ones in a transaction each, as
a crawl writes them, of the others together, as an upgrade does. Then words of every sort are looked for, drawn from the
texts: common ones, and rare ones that one article of many has. It prints the median and the 95th percentile of one page
of hits with their snippets, beside the gate. Exit status 1 where a 95th percentile is over it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from sqlalchemy import text

from bench.bigarchive import LAST_DAY, opened, site_key
from bench.timing import Ask, p95, table, timed
from monitor.search.find import Found, search
from monitor.search.query import parse
from storage.archive import Archive
from storage.folding import fold
from storage.sql.engine import Database, make_engine

GATE_MS = 100.0
SAMPLE = 3000
COMMON = 40
"""So many of the words that most articles have are the common ones."""
ALONE, TOGETHER = 200, 100

_HAN = re.compile("[\u4e00-\u9fff]+")
_SIZES = {
    "sqlite": "SELECT sum(length(block)) FROM search_signs_data",
    "postgresql": "SELECT pg_total_relation_size('search_signs')",
}
_TEXTS = {
    "sqlite": "SELECT sum(length(CAST(text AS BLOB))), count(*) FROM versions",
    "postgresql": "SELECT sum(octet_length(text)), count(*) FROM versions",
}


def pieces(said: str, long: int) -> set[str]:
    """All pieces of so many characters within the runs of Han characters of a text."""
    return {run[at : at + long] for run in _HAN.findall(said) for at in range(len(run) - long + 1)}


class Words:
    """Words of the archive's texts, by their length: those that most articles have, and those that one of many has."""

    def __init__(self, archive: Archive, rows: list[str]) -> None:
        self.common: dict[int, list[str]] = {}
        self.rare: dict[int, list[str]] = {}
        for long in (1, 2, 4):
            held = Counter(piece for said in rows for piece in pieces(said, long))
            self.common[long] = [piece for piece, _ in held.most_common(COMMON)]
            self.rare[long] = [piece for piece, n in held.items() if n == 1] or list(held)[-COMMON:]
        self._archive = archive

    def look(self, *drawn: Callable[[Random], str]) -> Ask:
        """A search for one of each of these."""

        def ask(dice: Random) -> Found:
            return search(self._archive, parse(" ".join(draw(dice) for draw in drawn)))

        return ask

    def onward(self, drawn: Callable[[Random], str]) -> Ask:
        """The tenth page of such a search."""

        def ask(dice: Random) -> Found:
            return search(self._archive, parse(drawn(dice)), cursor=f"{100_000 + dice.randint(0, 9999)}.0.20.{10**9}")

        return ask


def questions(words: Words) -> dict[str, tuple[Ask, float]]:
    """What is looked for, by what it is called in the table."""

    def common(long: int) -> Callable[[Random], str]:
        return lambda dice: dice.choice(words.common[long])

    def rare(long: int) -> Callable[[Random], str]:
        return lambda dice: dice.choice(words.rare[long])

    def mixed(dice: Random) -> str:
        """Common pairs in an order that no text has."""
        return dice.choice(words.common[2]) + dice.choice(words.common[2])

    def day(dice: Random) -> str:
        return f"day:2026-{dice.randint(1, 9):02}..{LAST_DAY:%Y-%m}"

    asked = {f"{n} characters, common": words.look(common(n)) for n in (1, 2, 4)}
    asked |= {f"{n} characters, rare": words.look(rare(n)) for n in (1, 2, 4)}
    asked |= {
        "4 characters, nowhere": words.look(mixed),
        "2 words, common": words.look(common(2), common(2)),
        "3 words, common": words.look(common(1), common(2), common(2)),
        "2 words, common and rare": words.look(common(1), rare(2)),
        "4 words, rare": words.look(rare(2), common(2), common(4), common(1)),
        "figures": words.look(lambda dice: f"{dice.randint(2, 30)}日"),
        "one left out": words.look(common(2), lambda dice: f"-{dice.choice(words.common[4])}"),
        "in the title": words.look(lambda dice: f"title:{dice.choice(words.common[2])}"),
        "of a site": words.look(common(2), lambda dice: f"site:{site_key(dice.randint(0, 59))}"),
        "of a span of days": words.look(common(2), day),
        "of a month long ago": words.look(common(2), lambda dice: f"day:2026-{dice.randint(1, 6):02}"),
        "of a kind": words.look(common(2), lambda _: "kind:edited"),
        "of a rare kind": words.look(common(2), lambda _: "kind:tampered"),
        "further on": words.onward(common(2)),
    }
    return {name: (ask, GATE_MS) for name, ask in asked.items()}


def fill(archive: Archive) -> str:
    """Make the index whole; what each version cost, in words."""
    waiting = archive.searching.unindexed()
    if not waiting:
        return "the index was whole already"
    begun, at_work = perf_counter(), process_time()
    for _ in range(ALONE):
        archive.searching.fill(1)
    alone, alone_cpu = perf_counter() - begun, process_time() - at_work
    begun, at_work, rest = perf_counter(), process_time(), archive.searching.unindexed()
    while archive.searching.fill(TOGETHER):
        pass
    together, cpu = (perf_counter() - begun) / max(rest, 1), (process_time() - at_work) / max(rest, 1)
    return (
        f"{waiting} versions put into the index: alone {1000 * alone / ALONE:.2f} ms each "
        f"({1000 * alone_cpu / ALONE:.2f} of this process), "
        f"{TOGETHER} together {1000 * together:.2f} ms each ({1000 * cpu:.2f} of this process)"
    )


def weigh(address: str) -> tuple[str, list[str]]:
    """What the index weighs, in words, and a sample of the folded texts."""
    database = Database(make_engine(address))
    with database.read() as connection:
        kind = connection.dialect.name
        index = connection.execute(text(_SIZES[kind])).scalar() or 0
        size, count = connection.execute(text(_TEXTS[kind])).one()
        every = max(1, count // SAMPLE)
        rows = connection.execute(text("SELECT text FROM versions WHERE id % :every = 0"), {"every": every}).scalars()
        said = [fold(row) for row in rows]
    database.close()
    return f"{count} versions, {size / 1e6:.0f} MB of text; index {index / 1e6:.0f} MB, {index / size:.0%} of it", said


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--cpu", action="store_true", help="the processor's time, not the clock's: for a busy machine")
    given = parser.parse_args()
    archive = opened(given.folder)
    try:
        sys.stdout.write(f"{fill(archive)}\n")
        weighed, said = weigh(json.loads((given.folder / "bigarchive.json").read_text())["database"])
        sys.stdout.write(f"{weighed}\n")
        asked = questions(Words(archive, said))
        taken = timed(asked, given.rounds, process_time if given.cpu else perf_counter)
    finally:
        archive.close()
    sys.stdout.write(table(taken, asked))
    return int(any(p95(times) > asked[name][1] for name, times in taken.items()))


if __name__ == "__main__":
    sys.exit(main())
