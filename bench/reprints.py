"""How well copies of one story are found among 20,000 articles, and at what cost.

``python -m bench.reprints [--articles N] [--database ADDRESS]`` (``make bench-reprints``) puts a made set
(``bench.copies``) day by day into an archive as a drain does: all of a day's articles are indexed, then each is looked
up, its candidates are read, and it joins the story of the closest. It prints precision, recall and F1 over all pairs of
the set, what was missed by kind of copy, and the milliseconds (CPU time) of each step. Exit status 1 where F1 is below
.98 or a sketch takes a millisecond.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations, groupby
from math import comb
from pathlib import Path
from time import process_time

from sqlalchemy import insert

from bench.copies import Made, made_set
from monitor.compare.marks import marks
from monitor.compare.reprints import SHARED_MARKS, kin_of
from storage.archive import Archive
from storage.records import Role, Version
from storage.sql import open_archive
from storage.sql.engine import Database, make_engine
from storage.sql.tables import pages
from storage.stories import Sketch

GATE_F1 = 0.98
GATE_MS = 1.0


@dataclass(slots=True)
class Tally:
    """What a run came to: the story of each article by its place in the set, and seconds of CPU time a step."""

    story: dict[int, int] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)
    candidates: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs of articles: told to be one story, truly one, and both."""

    told: int
    true: int
    both: int

    @property
    def precision(self) -> float:
        return self.both / self.told if self.told else 1.0

    @property
    def recall(self) -> float:
        return self.both / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        total = self.told + self.true
        return 2 * self.both / total if total else 1.0


def score(families: Sequence[int], stories: Sequence[int]) -> Score:
    """Over all pairs of a set, given the true family and the told story of each article."""

    def pairs(groups: Iterable[object]) -> int:
        return sum(comb(size, 2) for size in Counter(groups).values())

    return Score(pairs(stories), pairs(families), pairs(zip(families, stories, strict=True)))


def make_pages(database: str, made: Sequence[Made]) -> None:
    """Rows for the pages of a set, by their place in it; what they say stays with the bench."""
    engine = Database(make_engine(database))
    common = {"role": Role.ARTICLE.value, "version": 1, "told": "live"}
    rows = [
        common | {"id": place, "site": one.site, "url": f"http://127.0.0.1/{place}", "first_seen_at": one.seen}
        for place, one in enumerate(made, start=1)
    ]
    with engine.write() as connection:
        connection.execute(insert(pages), rows)
    engine.close()


def find_stories(archive: Archive, made: Sequence[Made]) -> Tally:
    """The set told day by day."""
    tally, seen = Tally(), dict[int, Version]()
    drawn: dict[int, tuple[int, ...]] = {}
    for _, day in groupby(enumerate(made, start=1), key=lambda pair: pair[1].seen.date()):
        fresh = dict(day)
        with _clocked(tally, "sketch"):
            drawn |= {place: marks(one.article) for place, one in fresh.items()}
        with _clocked(tally, "store"):
            archive.stories.sketch(Sketch(place, 1, drawn[place]) for place in fresh)
        seen |= {
            place: Version(one.site, str(place), 1, one.seen, "", one.article, page_id=place)
            for place, one in fresh.items()
        }
        for place in fresh:
            with _clocked(tally, "look up"):
                shared = min(SHARED_MARKS, len(drawn[place]))
                alike = archive.stories.alike(drawn[place], excluding=place, shared=shared)
            tally.candidates += len(alike)
            with _clocked(tally, "compare"):
                kin = kin_of(seen[place], [seen[other] for other in alike])
            with _clocked(tally, "join"):
                if kin.story:
                    archive.stories.join([place, *(other.page_id for other in kin.story)])
    return tally


@contextmanager
def _clocked(tally: Tally, step: str) -> Iterator[None]:
    start = process_time()
    yield
    tally.spent[step] = tally.spent.get(step, 0.0) + process_time() - start


def told_stories(database: str, count: int) -> list[int]:
    """The story of each page, its own where it tells one alone."""
    engine = Database(make_engine(database))
    with engine.read() as connection:
        rows = connection.execute(pages.select().order_by(pages.c.id)).all()
    engine.close()
    return [row.story or -row.id for row in rows][:count]


def missed(made: Sequence[Made], stories: Sequence[int]) -> Counter[str]:
    """By kind of copy, how many stand in another story than most of their family; and series told as one."""
    families: dict[int, list[int]] = defaultdict(list)
    for place, one in enumerate(made):
        families[one.family].append(place)
    found: Counter[str] = Counter()
    for places in families.values():
        most = Counter(stories[place] for place in places).most_common(1)[0][0]
        found.update(f"missed: {made[place].how}" for place in places if stories[place] != most)
    told: dict[int, set[int]] = defaultdict(set)
    for place, story in enumerate(stories):
        told[story].add(made[place].family)
    hows = {one.family: one.how for one in made if one.how in ("original", "series")}
    for mixed in told.values():
        found.update(f"wrong: {hows[a]} with {hows[b]}" for a, b in combinations(sorted(mixed), 2))
    return found


def report(made: Sequence[Made], tally: Tally, stories: Sequence[int]) -> tuple[str, bool]:
    """The tables, and whether the gates hold."""
    result = score([one.family for one in made], stories)
    by_kind = Counter(one.how for one in made)
    each = {step: 1000 * seconds / len(made) for step, seconds in tally.spent.items()}
    lines = [
        f"{len(made)} articles, {len({one.family for one in made})} stories, {result.true} pairs of one story",
        f"precision {result.precision:.4f}  recall {result.recall:.4f}  F1 {result.f1:.4f}  (gate {GATE_F1})",
        *(
            f"  {what:40} {count:5} of {by_kind[what.removeprefix('missed: ')] or len(made)}"
            for what, count in missed(made, stories).most_common(12)
        ),
        "CPU ms an article: "
        + ", ".join(f"{step} {ms:.3f}" for step, ms in each.items())
        + f"  (gate: sketch {GATE_MS})",
        f"candidates an article: {tally.candidates / len(made):.1f}",
    ]
    return "\n".join(lines) + "\n", result.f1 >= GATE_F1 and each["sketch"] < GATE_MS


def run(size: int, database: str, seed: int = 2026) -> bool:
    """Make a set, tell its stories in an empty database, print and judge; whether the gates hold."""
    made = made_set(size, seed)
    archive = open_archive(database)
    try:
        make_pages(database, made)
        tally = find_stories(archive, made)
    finally:
        archive.close()
    stories = told_stories(database, len(made))
    told, holds = report(made, tally, stories)
    sys.stdout.write(told)
    return holds


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--database", help="address of an empty database; a throw-away SQLite file unless given")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return 0 if run(options.articles, options.database or f"sqlite:///{Path(folder, 'set.db')}") else 1


if __name__ == "__main__":
    sys.exit(main())
