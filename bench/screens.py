"""How long the archive's questions and its pages take on a big archive, one after another.

``python -m bench.screens FOLDER [--rounds N] [--cpu]`` asks what ``python -m bench.bigarchive FOLDER`` made. It
prints the median and the 95th percentile of each question that the screens ask, wall time, beside its gate; each round
asks something else (another site, article, day), and the fastest of three tries counts. Exit status 1 where a 95th
percentile is over its gate.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter, process_time

from starlette.testclient import TestClient

from bench.bigarchive import COLUMNS, LAST_DAY, NOW, opened, site_key
from monitor.config import Settings
from monitor.web.app import build_app
from storage.archive import Archive
from storage.browsing import Wanted
from storage.changes import ChangeKind

QUESTION_MS = 50.0
"""What a question to the archive may take: a screen asks two or three and has to be drawn as well."""

SCREEN_MS = 150.0
"""What a screen may take, from its request to its last byte, and a piece of a download or a digest."""

TRIES = 3
"""What else the machine does at that moment is not the archive's time."""

Ask = Callable[[Random], object]


class Known:
    """What there is to ask about: ids of pages, stories and changes, drawn afresh for each question."""

    def __init__(self, archive: Archive) -> None:
        browsing = archive.browsing
        self.sites = [card.key for card in browsing.sites()]
        self.columns = COLUMNS * len(self.sites)
        self.last_change = browsing.changes(Wanted(), limit=1)[0].change.id
        self.stories = [number for number, _ in browsing.stories(limit=500)]
        newest = [card for site in self.sites for card in browsing.articles(site, limit=1)]
        self.last_page = max(card.page.id for card in newest)

    def site(self, dice: Random) -> str:
        """A site; every fourth time the greatest."""
        return dice.choice([site_key(0), *dice.choices(self.sites, k=3)])

    def page(self, dice: Random) -> int:
        """An article."""
        return dice.randint(self.columns + 1, self.last_page)

    def change(self, dice: Random) -> int:
        """A change, or the place in the log behind it."""
        return dice.randint(1, self.last_change)

    def day(self, dice: Random) -> date:
        """A day of the last year."""
        return LAST_DAY - timedelta(days=dice.randint(0, 364))


def questions(archive: Archive, known: Known) -> dict[str, Ask]:
    """What screens ask, by what it is called in the table."""
    browsing = archive.browsing
    year = LAST_DAY - timedelta(days=364)
    rare, edited = [ChangeKind.TAMPERED], [ChangeKind.EDITED, ChangeKind.RETITLED]

    def few_sites(dice: Random) -> list[str]:
        return dice.sample(known.sites, min(10, len(known.sites)))

    def span(dice: Random) -> Wanted:
        last = known.day(dice)
        return Wanted(first_day=last - timedelta(days=30), last_day=last)

    def one_day(dice: Random) -> Wanted:
        day = known.day(dice)
        return Wanted(first_day=day, last_day=day)

    return {
        "changes": lambda dice: browsing.changes(Wanted(), before=known.change(dice)),
        "changes of a kind": lambda dice: browsing.changes(Wanted(kinds=edited), before=known.change(dice)),
        "changes, a rare kind": lambda dice: browsing.changes(Wanted(kinds=rare), before=known.change(dice)),
        "changes of a site": lambda dice: browsing.changes(Wanted([known.site(dice)]), before=known.change(dice)),
        "changes of a site and kind": lambda dice: browsing.changes(Wanted([known.site(dice)], edited)),
        "changes, a site's rare": lambda dice: browsing.changes(Wanted([known.site(dice)], rare)),
        "changes of ten sites": lambda dice: browsing.changes(Wanted(few_sites(dice), edited)),
        "changes of a day": lambda dice: browsing.changes(one_day(dice)),
        "changes of a month": lambda dice: browsing.changes(span(dice)),
        "changes of weight 0.9": lambda dice: browsing.changes(Wanted(least_weight=0.9), before=known.change(dice)),
        "changes of weight 0.95": lambda dice: browsing.changes(Wanted(least_weight=0.95), before=known.change(dice)),
        "one change": lambda dice: browsing.change(known.change(dice)),
        "days of a year": lambda _: browsing.days(year, LAST_DAY),
        "days of a site's year": lambda dice: browsing.days(year, LAST_DAY, known.site(dice)),
        "sites": lambda _: browsing.sites(),
        "columns": lambda dice: browsing.columns(known.site(dice)),
        "responses of 90 days": lambda dice: browsing.responses(
            known.site(dice), LAST_DAY - timedelta(days=89), LAST_DAY
        ),
        "articles": lambda dice: browsing.articles(known.site(dice), before=known.page(dice)),
        "articles withdrawn": lambda dice: browsing.articles(known.site(dice), withdrawn=True),
        "one article": lambda dice: browsing.dossier(known.page(dice)),
        "one version": lambda dice: browsing.version(known.page(dice), 1),
        "visits of an article": lambda dice: browsing.observations(known.page(dice)),
        "visits of a column": lambda dice: browsing.observations(dice.randint(1, known.columns)),
        "a story": lambda dice: browsing.printings(dice.choice(known.stories), NOW),
        "stories": lambda dice: browsing.stories(before=known.page(dice)),
    }


def pieces(archive: Archive, known: Known) -> dict[str, Ask]:
    """What downloads ask again and again, and what digests ask of a whole day."""
    browsing = archive.browsing
    return {
        "health of a day": lambda dice: archive.running.health(known.day(dice), NOW),
        "health of today": lambda _: archive.running.health(LAST_DAY, NOW),
        "kept of a day": lambda dice: browsing.kept(day=known.day(dice)),
        "kept of a site": lambda dice: browsing.kept(site=known.site(dice), after=2 * known.change(dice)),
        "kept of a page": lambda dice: browsing.kept(page_id=known.page(dice)),
    }


def screens(archive: Archive, known: Known) -> dict[str, Ask]:
    """The web pages, each asked for through the application itself; a day that is not ready answers that it is not."""
    settings = Settings.model_validate({"web": {"requests_per_minute": 100_000}})
    client = TestClient(build_app(archive, settings, lambda: NOW), "http://127.0.0.1", follow_redirects=False)
    browsing = archive.browsing

    def shown(address: str) -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}")

    def compared(dice: Random, view: str) -> None:
        page = next(page for page in iter(lambda: known.page(dice), None) if browsing.version(page, 2))
        shown(f"/article/{page}/diff/1/2?view={view}")

    return {
        "GET /": lambda _: shown("/"),
        "GET /day/D": lambda dice: shown(f"/day/{known.day(dice)}"),
        "GET /day/D/log": lambda dice: shown(f"/day/{known.day(dice)}/log?before={known.change(dice)}"),
        "GET /article/ID": lambda dice: shown(f"/article/{known.page(dice)}"),
        "GET /article/ID/v/1": lambda dice: shown(f"/article/{known.page(dice)}/v/1"),
        "GET /article/ID/v/1/snapshot": lambda dice: shown(f"/article/{known.page(dice)}/v/1/snapshot"),
        "GET /article/ID/diff": lambda dice: compared(dice, "inline"),
        "GET /article/ID/diff, side": lambda dice: compared(dice, "side"),
        "GET /change/ID": lambda dice: shown(f"/change/{known.change(dice)}"),
        "GET /story/ID": lambda dice: shown(f"/story/{dice.choice(known.stories)}"),
    }


def gates(archive: Archive, known: Known) -> dict[str, tuple[Ask, float]]:
    """All that is asked, with what it may take."""
    asked = {name: (ask, QUESTION_MS) for name, ask in questions(archive, known).items()}
    return asked | {name: (ask, SCREEN_MS) for name, ask in (pieces(archive, known) | screens(archive, known)).items()}


def timed(
    asked: Mapping[str, tuple[Ask, float]], rounds: int, clock: Callable[[], float] = perf_counter
) -> dict[str, list[float]]:
    """Milliseconds of each question in each round, all questions taking turns."""
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(rounds):
        for name, (ask, _) in asked.items():
            fastest = float("inf")
            for _ in range(TRIES):
                dice, start = Random(f"{name} {number}"), clock()
                ask(dice)
                fastest = min(fastest, 1000 * (clock() - start))
            taken[name].append(fastest)
    return taken


def table(taken: Mapping[str, list[float]], asked: Mapping[str, tuple[Ask, float]]) -> str:
    """What is printed."""
    lines = [f"{'ms':28} {'p50':>8} {'p95':>8} {'gate':>6}"]
    for name, times in taken.items():
        over = "" if p95(times) <= asked[name][1] else "  OVER"
        lines.append(f"{name:28} {median(times):8.1f} {p95(times):8.1f} {asked[name][1]:6.0f}{over}")
    return "\n".join(lines) + "\n"


def p95(times: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(times, n=20)[-1]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.screens", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--cpu", action="store_true", help="the processor's time, not the clock's: for a busy machine")
    given = parser.parse_args()
    archive = opened(given.folder)
    try:
        asked = gates(archive, Known(archive))
        taken = timed(asked, given.rounds, process_time if given.cpu else perf_counter)
    finally:
        archive.close()
    sys.stdout.write(table(taken, asked))
    return int(any(p95(times) > asked[name][1] for name, times in taken.items()))


if __name__ == "__main__":
    sys.exit(main())
