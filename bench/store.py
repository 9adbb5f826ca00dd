"""What is stored of a page: bytes a version, and versions a second.

``python -m bench.store [FOLDER] [--database ADDRESS]`` (``make bench-store``) keeps every article of the made city
through its rounds, as a crawl keeps them, and the version pairs of the real pages in FOLDER (``../shared/pages``; left
out where they are not there). It prints for first and further versions the bytes of HTML, what zstd makes of them by
themselves, and what is stored: bodies with their share of the sheets, and the cells of text and article. The city is
recorded on SQLite and, where an empty PostgreSQL database is named, there as well. Exit status 1 where a
gate is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import zstandard
from sqlalchemy import Connection, and_, func, select

from bench.pages import REAL
from crawler.extraction.whole import read_whole
from crawler.finding import fingerprint
from storage.bodies import body_hash
from storage.demo import City
from storage.records import Intake, Observation, Outcome, Page, PageKind, Role, Version, Visit
from storage.sql import open_archive
from storage.sql.bodykeep import read_body
from storage.sql.engine import Database, make_engine
from storage.sql.tables import bodies, sheets, versions

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
FIRST, FURTHER, REAL_FURTHER = 0.20, 0.03, 0.10
"""The gates: what is stored of versions as a share of their HTML."""


def keep(seen: Visit, page: Page, latest: Version | None, known: Mapping[str, Page]) -> Intake:
    """Decide as a crawl does: a version is what says something else than the last one."""
    assert seen.article is not None
    assert seen.body is not None
    said = fingerprint(seen.article)
    same = latest is not None and latest.fingerprint == said
    outcome, number = Outcome.UNCHANGED if same else Outcome.NEW_VERSION, page.version + (not same)
    visit = Observation(seen.site, seen.url, seen.at, seen.run, outcome, status=200)
    new = Version(seen.site, seen.url, number, seen.at, said, seen.article, body_hash=body_hash(seen.body))
    return Intake(visit, replace(page, version=number), None if same else new)


def visit(site: str, url: str, body: bytes) -> Visit | None:
    """A page as it is answered and read; ``None`` for one that is no article."""
    read = read_whole(body, url)
    if read.kind is not PageKind.ARTICLE:
        return None
    return Visit(site, url, Role.ARTICLE, NOW, "r", status=200, body=body, article=read)


def city_visits() -> Iterator[Visit]:
    """Every article of the made city in each round."""
    city = City(2026)
    for round_ in range(1, city.rounds + 1):
        for site in city.sites:
            for path in city.addresses(site.key, round_):
                answer = city.page(site.key, path, round_, round_)
                if answer.status == 200 and city.wording(site.key, path, round_) is not None:
                    seen = visit(site.key, f"http://127.0.0.1/{site.key}{path}", answer.body)
                    if seen is not None:
                        yield seen


def pair_visits(folder: Path) -> Iterator[Visit]:
    """Real pages that were saved twice, each pair a site of its own; kept even where the text is the same."""
    for line in (folder / "pairs.jsonl").read_text("utf-8").splitlines():
        pair = json.loads(line)
        for side, name in enumerate((pair["a"], pair["b"])):
            body = (folder / f"{name}.html").read_bytes()
            read = replace(read_whole(body, pair["url"]), index_number=f"{side}")
            url = f"http://127.0.0.1/{pair['pair']}"
            yield Visit(pair["pair"], url, Role.ARTICLE, NOW, "r", status=200, body=body, article=read)


def record(address: str, visits: Iterable[Visit]) -> tuple[int, float, float]:
    """Record visits one by one; how many, and the seconds of CPU and of wall time they took."""
    archive = open_archive(address)
    count, cpu, wall = 0, process_time(), perf_counter()
    try:
        for seen in visits:
            archive.crawling.record(seen, keep)
            count += 1
    finally:
        archive.close()
    return count, process_time() - cpu, perf_counter() - wall


def shares(address: str) -> Iterator[tuple[str, int, list[float]]]:
    """First and further versions: how many, and bytes of HTML, zstd alone, body, cell, and body and cell together."""
    database = Database(make_engine(address))
    try:
        with database.read() as connection:
            lots = connection.execute(select(func.coalesce(func.sum(func.length(sheets.c.packed)), 0))).scalar_one()
            sharing = (bodies.c.sheet.is_not(None), bodies.c.base.is_(None))
            on_sheets = connection.execute(select(func.sum(bodies.c.size)).where(*sharing)).scalar()
            for name, which in (("first", versions.c.number == 1), ("further", versions.c.number > 1)):
                shared = and_(*sharing).label("shared")
                wanted: Any = select(bodies.c.hash, bodies.c.size, shared, bodies.c.packed, versions.c.packed)
                rows = connection.execute(wanted.join(versions, versions.c.body_hash == bodies.c.hash).where(which))
                yield name, *_summed(connection, rows.all(), lots / (on_sheets or 1))
    finally:
        database.close()


def _summed(connection: Connection, rows: Iterable[Any], share: float) -> tuple[int, list[float]]:
    count, sums = 0, [0.0] * 5
    for name, size, shared, packed, cell in rows:
        body = read_body(connection, name) or b""
        alone = len(zstandard.ZstdCompressor(level=9).compress(body))
        kept = len(packed) + (size * share if shared else 0)
        count += 1
        for place, value in enumerate((size, alone, kept, len(cell), kept + len(cell))):
            sums[place] += value
    return count, sums


def told(name: str, address: str, gates: Mapping[str, float]) -> bool:
    """Print a table; whether all its gates hold."""
    held = True
    for which, count, (html, *parts) in shares(address):
        if not count:
            continue
        gate = gates.get(which)
        over = gate is not None and parts[-1] > gate * html
        held = held and not over
        columns = "".join(f"{part / html:10.2%}" for part in parts)
        limit = f"{gate:8.0%}" if gate is not None else f"{'-':>8}"
        sys.stdout.write(f"{name:12}{which:9}{count:6}{html / count:10.0f}{columns}{limit}{'  OVER' if over else ''}\n")
    return held


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.store", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path, nargs="?", default=REAL)
    parser.add_argument("--database", help="address of an empty PostgreSQL database to record the city on as well")
    given = parser.parse_args()
    visits = list(city_visits())
    heads = "".join(f"{head:>10}" for head in ("HTML", "zstd -9", "body", "cell", "stored"))
    with tempfile.TemporaryDirectory() as folder:
        city = f"sqlite:///{folder}/city.db"
        taken = {"SQLite": record(city, visits)}
        if given.database:
            taken["PostgreSQL"] = record(given.database, visits)
        sys.stdout.write(f"{'':21}{'n':>6}{heads}{'gate':>8}\n")
        held = told("made city", city, {"first": FIRST, "further": FURTHER})
        if (given.folder / "pairs.jsonl").is_file():
            pairs = f"sqlite:///{folder}/pairs.db"
            record(pairs, pair_visits(given.folder))
            held = told("real pairs", pairs, {"further": REAL_FURTHER}) and held
        else:
            sys.stdout.write("real pairs: not there, left out\n")
    for name, (count, cpu, wall) in taken.items():
        sys.stdout.write(f"{name}: {count / wall:.0f} visits a second, {1000 * cpu / count:.2f} ms of CPU each\n")
    return int(not held)


if __name__ == "__main__":
    sys.exit(main())
