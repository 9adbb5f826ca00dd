"""A big archive for the benches of screens, search and digests: made articles, their edits, withdrawals and visits.

``python -m bench.bigarchive FOLDER [--pages N] [--versions N] [--changes N] [--observations N] [--days N] [--sites N]
[--database ADDRESS]`` writes it as an archive of the schema before the counts, in bulk, and opens it, so that
the migrations make of it what they make of any archive of that size. The database is ``FOLDER/shixun.db`` unless an
empty one is named; ``FOLDER/bigarchive.json`` says where and of what size it is, and what is there already is kept.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from time import perf_counter

import zstandard

from bench.bulk import Filler, filling, settle_down
from bench.chronicle import LENGTHS, Leaf, News, Pace, Province
from storage.archive import Archive
from storage.changes import ChangeKind
from storage.codec import article_to_json, dump, edits_to_list, facts_to_dict
from storage.records import CHINA, Article, PageKind
from storage.sql import open_archive

SCHEMA = "0003"
"""The schema that the rows below are written in."""

LAST_DAY = date(2026, 11, 23)
"""The running day. The one before is the busy one."""
NOW = datetime(2026, 11, 23, 12, tzinfo=CHINA)
BUSY = 2000
COLUMNS = 6
RUNS_A_DAY = 4

_PAGES = (
    "id, site, url, role, found_on, depth, listed_title, listed_date, first_seen_at, etag, checked_at, ok_at, "
    "changed_at, due_at, failures, missing_since, version, base_version, told, sketched_version, story"
)
_VERSIONS = "id, page_id, number, seen_at, fingerprint, body_hash, title, template, text, article"
_CHANGES = (
    "site, page_id, url, kind, detected_at, title, from_version, to_version, weight, how, "
    "paragraphs_added, paragraphs_removed, reprint_of, edits, facts, evidence"
)
_SEEN = "page_id, run, at, status, outcome, duration_ms, size, version, evidence, by_hand, pending"


@dataclass(frozen=True, slots=True)
class Size:
    """How big an archive is made."""

    pages: int = 100_000
    versions: int = 200_000
    changes: int = 700_000
    observations: int = 2_000_000
    days: int = 400
    sites: int = 60


def site_key(number: int) -> str:
    """A site's key."""
    return f"site-{number:02}"


def column_url(site: int, column: int) -> str:
    """A column's address."""
    return f"http://127.0.0.1:1/{site:02}/{column}/"


class Scribe:
    """Writes down what happened, in the rows of the archive."""

    def __init__(self, filler: Filler, size: Size, dice: Random) -> None:
        self.filler, self.size, self.dice = filler, size, dice
        self._versions = self._bodies = 0
        self._pack = zstandard.ZstdCompressor(level=1, write_checksum=True).compress

    def sites(self) -> None:
        """Sites and their columns."""
        began = datetime.combine(LAST_DAY - timedelta(days=self.size.days), datetime.min.time(), CHINA)
        for site in range(self.size.sites):
            self.filler.add("sites", "key, name, template", (site_key(site), f"栖川市第{site + 1}站", "a" * 16))
            for column in range(COLUMNS):
                url, number = column_url(site, column), site * COLUMNS + column + 1
                values = (number, site_key(site), url, "column", url, 0, None, None, began, '"e"', NOW, NOW, NOW)
                self.filler.add("pages", _PAGES, (*values, NOW, 0, None, 0, 0, "nothing", 0, None))

    def page(self, leaf: Leaf) -> None:
        """A page as it stands in the end."""
        day = leaf.found_at.date().isoformat()
        found = (column_url(leaf.site, leaf.column), 0, leaf.title, day, leaf.found_at, '"e"')
        seen = (leaf.checked_at, leaf.ok_at, leaf.changed_at, NOW + timedelta(minutes=leaf.number % 9000), 0)
        state = (leaf.missing_since, leaf.version, leaf.version, leaf.told.value, leaf.version, leaf.story)
        self.filler.add("pages", _PAGES, (leaf.number, site_key(leaf.site), leaf.url, "article", *found, *seen, *state))

    def news(self, news: News) -> None:
        """A change, the version that it told of, and the visit that saw it."""
        leaf = news.leaf
        if news.says is not None:
            self._version(news)
        last = leaf.version
        numbers = (last - 1 or None, last) if news.says else (last, None)
        edits = json.dumps(edits_to_list(news.edits), ensure_ascii=False)
        paragraphs = [sum(edit.op == op and edit.field == "body" for edit in news.edits) for op in ("insert", "delete")]
        how = "404" if news.kind is ChangeKind.REMOVED else None
        head = (site_key(leaf.site), leaf.number, leaf.url, news.kind.value, news.at, leaf.title, *numbers)
        facts = dump(facts_to_dict(news.facts))
        row = (*head, news.weight, how, *paragraphs, news.copied_from, edits, facts, "{}")
        self.filler.add("changes", _CHANGES, row)
        gone = news.kind is ChangeKind.REMOVED
        outcome = "new-version" if news.says else "gone" if gone else "unchanged"
        self.visit(leaf.number, news.at, outcome, 404 if gone else 200, last)

    def _version(self, news: News) -> None:
        leaf = news.leaf
        self._versions += 1
        text = "</p><p>".join(leaf.paragraphs)
        head = f"<meta charset=utf-8><title>{leaf.title}</title><!-- {self._versions} -->"
        body = f"<html><head>{head}</head><body><p>{text}</p></body></html>".encode()
        name = sha256(body).hexdigest()
        self.filler.add("bodies", "hash, size, packed, used_by", (name, len(body), self._pack(body), 1))
        article = Article(
            PageKind.ARTICLE,
            leaf.title,
            leaf.found_at.isoformat(timespec="seconds"),
            f"栖川市第{leaf.site + 1}站",
            paragraphs=leaf.paragraphs,
            canonical=leaf.paragraphs,
            extractor="7",
            template="a" * 16,
        )
        said = (name, leaf.title, "a" * 16, "\n".join(leaf.paragraphs), article_to_json(article))
        self.filler.add("versions", _VERSIONS, (self._versions, leaf.number, news.says, news.at, name, *said))

    def visit(self, page: int, at: datetime, outcome: str, status: int | None, version: int | None) -> None:
        """A row of the first log."""
        took = int(self.dice.lognormvariate(5, 0.7))
        run = f"{at:%Y%m%d}-{at.hour * RUNS_A_DAY // 24}"
        seen = (page, run, at, status, outcome, took, 0 if status == 304 else 9000, version, "{}", False, False)
        self.filler.add("observations", _SEEN, seen)

    def runs(self, day: date) -> None:
        """The crawls of a day."""
        for number in range(RUNS_A_DAY):
            at = datetime.combine(day, datetime.min.time(), CHINA) + timedelta(hours=number * 24 / RUNS_A_DAY)
            for site in range(self.size.sites):
                row = (f"{day:%Y%m%d}-{number}", site_key(site), at, at + timedelta(minutes=9), "finished", 20)
                self.filler.add("runs", "id, site, started_at, finished_at, reason, visits", row)


def visits(province: Province, day: date, count: int, until: int) -> Iterator[tuple[int, Leaf | None, str]]:
    """Visits that saw nothing new, as (second of the day, article or ``None`` for a column, outcome)."""
    dice = province.dice
    for second in sorted(dice.choices(range(until), k=count)):
        roll = dice.random()
        ill = "failed" if roll < 0.02 else "blocked" if roll < 0.025 else ""
        if dice.random() < 0.4 or not province.leaves:
            yield second, None, ill or ("listed" if roll < 0.5 else "not-modified")
        else:
            yield second, province.any_leaf(), ill or ("unchanged" if roll < 0.3 else "not-modified")


def write(filler: Filler, size: Size, lengths: Sequence[str] = LENGTHS) -> None:
    """A whole archive into an empty database, of articles of these lengths."""
    dice = Random(2026)
    scribe, province = Scribe(filler, size, dice), Province(size.sites, COLUMNS, dice, lengths)
    scribe.sites()
    for back in range(size.days - 1, -1, -1):
        day = LAST_DAY - timedelta(days=back)
        pace, until = pace_of(size, back), 86_400 if back else 43_200
        start = datetime.combine(day, datetime.min.time(), CHINA)
        for news in province.day(day, pace, until):
            scribe.news(news)
        seen = size.observations // size.days - pace.new - pace.edited - pace.other
        for second, leaf, outcome in visits(province, day, max(seen, 0), until):
            at = start + timedelta(seconds=second)
            status = {"failed": None, "blocked": 403, "not-modified": 304}.get(outcome, 200)
            number = dice.randint(1, size.sites * COLUMNS) if leaf is None else leaf.number
            scribe.visit(number, at, outcome, status, None if leaf is None or not status else leaf.version)
            if leaf is not None:
                leaf.checked_at = max(at, leaf.checked_at or at)
        scribe.runs(day)
    for leaf in province.leaves:
        scribe.page(leaf)


def pace_of(size: Size, back: int) -> Pace:
    """How much happens so many days before the last: on the busy day its own, the rest shared by the others."""
    busy = Pace(BUSY * 11 // 20, BUSY * 6 // 20, BUSY * 3 // 20)
    if back == 1:
        return busy
    others = size.days - 1
    place = others - 1 - max(back - 1, 0)

    def share(total: int) -> int:
        return total * (place + 1) // others - total * place // others

    new, edited = size.pages - size.sites * COLUMNS - busy.new, size.versions - size.pages - busy.edited
    edited += size.sites * COLUMNS
    return Pace(share(new), share(edited), share(size.changes - size.versions - busy.other))


def make(folder: Path, size: Size, database: str | None = None) -> str:
    """Make the archive in a folder, unless it is there in that size; its address."""
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "bigarchive.json"
    address = database or f"sqlite:///{folder / 'shixun.db'}"
    made = {"database": address, **asdict(size)}
    if note.exists() and json.loads(note.read_text()) == made:
        return address
    began = perf_counter()
    with filling(address, SCHEMA) as filler:
        write(filler, size)
    filled = perf_counter()
    open_archive(address).close()
    settle_down(address)
    note.write_text(json.dumps(made))
    sys.stderr.write(f"filled in {filled - began:.0f} s, migrated in {perf_counter() - filled:.0f} s\n")
    return address


def opened(folder: Path) -> Archive:
    """The archive that ``make`` made in a folder. Raises FileNotFoundError where there is none."""
    return open_archive(json.loads((folder / "bigarchive.json").read_text())["database"])


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.bigarchive", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    for name, usual in asdict(Size()).items():
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--database", help="address of an empty database; a SQLite file in the folder unless given")
    given = vars(parser.parse_args())
    folder, database = given.pop("folder"), given.pop("database")
    sys.stdout.write(f"{make(folder, Size(**given), database)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
