"""Are hijacks found, and honest changes left in peace?

``python -m bench.hijacks [FOLDER] [--each N] [--seed S]`` takes real pages (``../shared/pages`` where present, else the
made city's), lets made hijackers (``bench/hijackers.py``) at them in every style, N times each, and owners
(``bench/honest.py``) at every list, home page and article. It prints what was found by style and by change, the half
with held-out words apart, and exits 1 where a hijack is missed or an honest change alarms.

A page is taken through what a crawl and a comparison do with it: ``take_in`` must keep the hijacked state, ``decide``
must call it tampered and nothing else, and restored once the page is clean again.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from bench.gangs import gang_of
from bench.hijackers import IN_TEXT, STYLES, has_text
from bench.honest import HONEST
from bench.pages import REAL, load_pages
from crawler.extraction.decode import decode
from crawler.extraction.read import read_page
from crawler.intake import take_in
from crawler.sites import Site
from monitor.compare.decide import Case, decide
from storage.records import Page as Known
from storage.records import PageKind, Role, Version, Visit

START = datetime(2026, 11, 20, 1, tzinfo=UTC)
LEAST, STYLES_NEEDED = 60, 10
_EACH = 8


@dataclass(frozen=True, slots=True)
class Subject:
    """A page that is worked on: its address, its markup, and what it is watched as."""

    name: str
    url: str
    markup: str
    role: Role


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one page: the style or change, whether its words were held out, what was told at each visit."""

    what: str
    page: str
    held_out: bool
    told: tuple[str, ...]


def subjects(folder: Path | None) -> tuple[str, list[Subject]]:
    """The pages, in order of name: those read as articles, and the lists and home pages of the rest."""
    origin, pages = load_pages(folder)
    addresses = _addresses(folder or REAL)
    found: list[Subject] = []
    for number, (name, body) in enumerate(pages.items()):
        url = addresses.get(name) or f"http://www.city{number}.gov.cn/news/{number}.html"
        read = read_page(body, url, wary=True)
        role = Role.ARTICLE if read.kind is PageKind.ARTICLE else Role.COLUMN
        if read.kind in (PageKind.ARTICLE, PageKind.LIST) or read.links:
            found.append(Subject(name, url, decode(body).text, role))
    return origin, found


def _addresses(folder: Path) -> dict[str, str]:
    index = folder / "index.jsonl"
    if not index.is_file():
        return {}
    entries = (json.loads(line) for line in index.read_text("utf-8").splitlines())
    return {entry["file"]: entry["url"] for entry in entries if entry.get("url")}


def told_of(subject: Subject, states: Sequence[str]) -> tuple[str, ...]:
    """What is told of a page at each of its further states, after the first: the kinds of change, joined."""
    site = Site(key="site", name="site", columns=(f"http://{urlsplit(subject.url).netloc}/",))
    page = Known("site", subject.url, subject.role, START, id=1)
    versions: dict[int, Version] = {}
    hosts: frozenset[str] = frozenset()
    told: list[str] = []
    for number, markup in enumerate(states):
        body = markup.encode("utf-8", "replace")
        at = START + number * timedelta(hours=3)
        article = read_page(body, subject.url, role=subject.role)
        visit = Visit("site", subject.url, subject.role, at, str(number), 200, subject.url, body=body, article=article)
        intake = take_in(site, visit, page, versions.get(page.version), {})
        page = intake.page
        if intake.version is not None:
            versions[intake.version.number] = intake.version
        if not intake.observation.pending:
            told.append("")
            continue
        streak = (intake.observation,) if intake.version is None else ()
        case = Case(
            site, intake.observation, page, versions.get(page.base_version), intake.version, streak, hosts=hosts
        )
        settled = decide(case, at)
        page, hosts = settled.page, hosts | set(settled.hosts)
        told.append("+".join(change.kind.value for change in settled.changes))
    return tuple(told[1:])


def hijacks(pages: Sequence[Subject], each: int, seed: int) -> Iterator[Trial]:
    """Every style on ``each`` pages: hijacked, visited again, cleaned."""
    texts = [page for page in pages if page.role is Role.ARTICLE and has_text(page.markup)]
    for place, (name, style) in enumerate(STYLES.items()):
        for number in range(each):
            gang = gang_of(seed, name, number)
            # Home pages and lists are what hijackers like best: they take turns with articles.
            open_to = texts if name in IN_TEXT else pages
            subject = open_to[(place * 17 + number * 29 + seed) % len(open_to)]
            hijacked = style(subject.markup, gang)
            told = told_of(subject, (subject.markup, hijacked, hijacked, subject.markup))
            yield Trial(name, subject.name, gang.held_out, told)


def honest_changes(pages: Sequence[Subject], seed: int) -> Iterator[Trial]:
    """Every honest change on every page; what a page newly says may be told, that it is tampered with may not."""
    for subject in pages:
        for name, change in HONEST.items():
            changed = change(subject.markup, subject.url, Random(f"{seed} {name} {subject.name}"))
            yield Trial(name, subject.name, False, told_of(subject, (subject.markup, changed)))


RIGHT = ("tampered", "", "restored")


def table(found: Sequence[Trial], honest: Sequence[Trial]) -> Iterator[str]:
    """The figures, a line each, and every case that went wrong."""
    yield f"{'hijacks':22}{'pages':>7}{'found':>7}{'held out':>10}{'found':>7}"
    for name in STYLES:
        cases = [case for case in found if case.what == name]
        out = [case for case in cases if case.held_out]
        yield f"{name:22}{len(cases):7}{_right(cases):7}{len(out):10}{_right(out):7}"
    yield f"{'all':22}{len(found):7}{_right(found):7}"
    yield f"{'honest changes':22}{'pages':>7}{'alarms':>7}"
    alarms = Counter(case.what for case in honest if "tampered" in case.told)
    counted = Counter(case.what for case in honest)
    for name in HONEST:
        yield f"{name:22}{counted[name]:7}{alarms[name]:7}"
    yield f"{'all':22}{len(honest):7}{alarms.total():7}"
    for case in found:
        if case.told != RIGHT:
            yield f"  {case.what} of {case.page}: told {case.told}"
    for case in honest:
        if "tampered" in case.told:
            yield f"  {case.what} of {case.page}: alarm"


def _right(cases: Sequence[Trial]) -> int:
    return sum(case.told == RIGHT for case in cases)


def holds(found: Sequence[Trial], honest: Sequence[Trial]) -> bool:
    """Whether all hijacks were found, enough of them in enough styles, and nothing honest alarmed."""
    styles = {case.what for case in found}
    enough = len(found) >= LEAST and len(styles) >= STYLES_NEEDED
    return enough and _right(found) == len(found) and not any("tampered" in case.told for case in honest)


def main() -> int:
    """Print the table; 1 where the gate does not hold."""
    asked = argparse.ArgumentParser(prog="python -m bench.hijacks", description=__doc__.split("\n", 1)[0])
    asked.add_argument("folder", nargs="?", type=Path, help="a folder of *.html")
    asked.add_argument("--each", type=int, default=_EACH, help="hijacks in each style")
    asked.add_argument("--seed", type=int, default=2026)
    given = asked.parse_args()
    origin, pages = subjects(given.folder)
    sys.stdout.write(f"{len(pages)} pages of {origin}, seed {given.seed}\n")
    found = list(hijacks(pages, given.each, given.seed))
    honest = list(honest_changes(pages, given.seed))
    sys.stdout.writelines(f"{line}\n" for line in table(found, honest))
    return 0 if holds(found, honest) else 1


if __name__ == "__main__":
    sys.exit(main())
