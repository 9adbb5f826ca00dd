"""How long the archive's questions and its pages take on a big archive, one after another.

``python -m bench.screens FOLDER [--rounds N] [--cpu] [--only PART ...]`` asks what
``python -m bench.bigarchive FOLDER`` made, on whichever database that was told to make it: first the archive's own
questions, then every page, feed and listing through the application. It prints the median and the 95th percentile of
each, wall time, beside its gate; each round asks something else (another site, article, day), and the fastest of three
tries counts. Exit status 1 where a 95th percentile is over its gate.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from bench.bigarchive import LAST_DAY, NOW, opened
from bench.timing import Ask, p95, table, timed
from bench.visitor import Address, Known, Visitor, feeds, listings, screens, searches
from storage.archive import Archive
from storage.browsing import Wanted
from storage.changes import ChangeKind

QUESTION_MS = 50.0
"""What a question to the archive may take: a screen asks two or three and has to be drawn as well."""

SCREEN_MS = 150.0
"""What a screen may take, from its request to its last byte, and a piece of a download or a digest."""

SEARCH_MS = 100.0
"""What a search may take, as a page, in the API and as a feed."""

WATCHWORDS = {"alerts": {"watchwords": ["供暖", "停水"]}}


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


def opened_by(addresses: Mapping[str, Address], open_it: Callable[[str], None]) -> dict[str, Ask]:
    """Addresses as questions."""

    def asking(address: Address) -> Ask:
        return lambda dice: open_it(address(dice))

    return {name: asking(address) for name, address in addresses.items()}


def gates(archive: Archive, known: Known, visitor: Visitor, alarmed: Visitor) -> dict[str, tuple[Ask, float]]:
    """All that is asked, with what it may take."""

    shown: dict[str, Ask] = pieces(archive, known)
    shown |= opened_by(screens(visitor, known), visitor.open)
    shown |= opened_by({"/day/D, not ready": lambda dice: f"/day/{known.day(dice)}"}, visitor.open_unready)
    shown |= opened_by({"/week/D, not ready": lambda dice: f"/week/{known.day(dice)}"}, visitor.open_unready)
    shown |= opened_by(feeds(visitor, known) | listings(visitor, known), visitor.open)
    alerts: dict[str, Address] = {
        "/feed/alerts, watchwords": lambda dice: f"/feed/alerts.atom?before={known.change(dice)}"
    }
    shown |= opened_by(alerts, alarmed.open)
    found = opened_by(searches(visitor, known), visitor.open)
    return {
        **{name: (ask, QUESTION_MS) for name, ask in questions(archive, known).items()},
        **{name: (ask, SCREEN_MS) for name, ask in shown.items()},
        **{name: (ask, SEARCH_MS) for name, ask in found.items()},
    }


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.screens", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--cpu", action="store_true", help="the processor's time, not the clock's: for a busy machine")
    parser.add_argument("--only", nargs="+", metavar="PART", help="only questions whose names have one of these parts")
    given = parser.parse_args()
    archive = opened(given.folder)
    known = Known(archive)
    visitor, alarmed = Visitor(archive, known), Visitor(archive, known, WATCHWORDS)
    try:
        asked = gates(archive, known, visitor, alarmed)
        if given.only:
            asked = {name: held for name, held in asked.items() if any(part in name for part in given.only)}
        visitor.prepare()
        taken = timed(asked, given.rounds, process_time if given.cpu else perf_counter)
    finally:
        visitor.close()
        archive.close()
    sys.stdout.write(table(taken, asked))
    return int(any(p95(times) > asked[name][1] for name, times in taken.items()))


if __name__ == "__main__":
    sys.exit(main())
