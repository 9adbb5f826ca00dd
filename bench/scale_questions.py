"""What ``bench.scale`` asks of an archive of one size, and what each answer costs."""

from __future__ import annotations

import asyncio
import gc
import json
import resource
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from uuid import uuid4

from bench.bigarchive import BUSY, LAST_DAY, NOW, site_key
from bench.search import Words, questions
from crawler.intake import take_in
from crawler.launch import Listen, Order
from crawler.pace import due_articles, room_of
from crawler.sites import Site, load_catalogue
from monitor.compare.drain import Drain
from monitor.digest.edition import edition, render
from monitor.search.find import search
from monitor.search.query import parse
from monitor.service import Service
from storage.archive import Archive
from storage.folding import fold
from storage.records import Outcome, Role, Visit

TRIES = 3
LATER = timedelta(minutes=20)
"""After the moment at which all columns are due: some articles of most sites are as well."""
DAY = timedelta(days=1)
SEARCHED = "search: "
SEARCHES = (
    *("2 characters, common", "2 characters, rare", "4 characters, nowhere", "2 words, common"),
    *("4 words, rare", "figures", "in the title"),
)
WAITING = 200
"""Visits with an edit that are compared."""
SAMPLE = 400
SITES_ASKED = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """What a question costs: milliseconds of this process and by the clock, and how much there was to do.

    ``unit`` names what is counted where the work grows with it; empty where the answer is looked up, whatever there is.
    """

    name: str
    cpu: float
    wall: float
    unit: str = ""
    units: int = 1


def cost(name: str, ask: Callable[[], object], unit: str = "", units: int = 1, tries: int = TRIES) -> Cost:
    """The cheapest of some tries: what else the machine does is not the archive's time."""
    cpu = wall = float("inf")
    for _ in range(tries):
        begun, at_work = perf_counter(), process_time()
        ask()
        cpu, wall = min(cpu, 1000 * (process_time() - at_work)), min(wall, 1000 * (perf_counter() - begun))
    return Cost(name, cpu, wall, unit, units)


def resident() -> float:
    """What this process holds in memory now, in MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def peak() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


async def crawl_nothing(_order: Order, _listen: Listen) -> list[str]:
    """A launcher that does nothing."""
    return []


async def tick_costs(home: Path) -> tuple[list[Cost], dict[str, float]]:
    """A real service's ticks over an archive, but for the crawls: they are begun and end at once; and its memory."""
    moment, memory = NOW + LATER, {"imported": resident()}
    service = Service(home, clock=lambda: moment, launcher=crawl_nothing)
    begun, at_work = perf_counter(), process_time()
    running = asyncio.create_task(service.run())
    while not hasattr(service, "archive"):
        await asyncio.sleep(0)
    sites = len(service.catalogue.sites)
    memory["open"] = resident()
    await service.tick()
    first = Cost("first tick, from the start", *_since(begun, at_work), "site", sites)
    memory["first tick"] = resident()
    cpu = wall = float("inf")
    for _ in range(TRIES + 2):
        while service.is_crawling:
            await asyncio.sleep(0)
        begun, at_work = perf_counter(), process_time()
        await service.tick()
        spent = _since(begun, at_work)
        cpu, wall = min(cpu, spent[0]), min(wall, spent[1])
    memory |= {"ticks": resident(), "peak": peak()}
    service.stop()
    await running
    return [first, Cost("a tick decides", cpu, wall, "site", sites)], memory


def _since(begun: float, at_work: float) -> tuple[float, float]:
    return 1000 * (process_time() - at_work), 1000 * (perf_counter() - begun)


def lookups(archive: Archive, sites: Sequence[Site]) -> Iterator[Cost]:
    """What a crawl of a site asks first."""
    now = NOW + LATER
    chosen = Random(1).sample(sites, min(SITES_ASKED, len(sites)))

    def each(ask: Callable[[Site], object]) -> Callable[[], object]:
        return lambda: [ask(site) for site in chosen]

    crawling = archive.crawling
    yield _shared(cost("a site's due columns", each(lambda site: crawling.pages(site.key, Role.COLUMN, due=now))))
    yield _shared(cost("a site's requests of a day", each(lambda site: room_of(crawling, site, now, by_hand=False))))
    rooms = {site.key: room_of(crawling, site, now, by_hand=False) for site in chosen}
    due = each(lambda site: due_articles(crawling, site, None, now, rooms[site.key]))
    yield _shared(cost("a site's due articles", due))


def _shared(of_all: Cost) -> Cost:
    return replace(of_all, cpu=of_all.cpu / SITES_ASKED, wall=of_all.wall / SITES_ASKED)


def of_the_whole(archive: Archive, pages: int, sites: int) -> Iterator[Cost]:
    """What is asked of all sites at once, as the service and ``shixun status`` do."""
    now, running = NOW + LATER, archive.running
    due = running.due_sites(now)
    yield cost("due sites", lambda: running.due_sites(now), "due page", sum(due.values()))
    later = now + 7 * DAY
    yield cost("due sites after a week's stop", lambda: running.due_sites(later), "page", pages)
    yield cost("health of a day", lambda: running.health(LAST_DAY, now), "site", sites)
    yield cost("what ails", running.ailing, "page", pages)
    yield cost("counts", running.counts, "page", pages)


def compared(archive: Archive, sites: dict[str, Site]) -> Cost:
    """Edited articles, visited and then compared; the archive is so many versions the longer for it."""
    dice, last = Random(process_time()), archive.running.counts()["pages"]
    moment, done = NOW + timedelta(minutes=30), 0
    while done < WAITING:
        page = archive.comparing.page(dice.randint(last // 10, last))
        latest = archive.comparing.version(page.id, page.version)
        if latest is None or page.missing_since is not None or page.site not in sites:
            continue
        said = f"经核实,截至当日共办结{dice.randint(100, 999)}件,尚有{dice.randint(10, 99)}件正在办理。"
        article = replace(latest.article, paragraphs=(*latest.article.paragraphs, said))
        article = replace(article, canonical=(*latest.article.canonical, said))
        seen = {"status": 200, "final_url": page.url, "body": said.encode(), "article": article}
        visit = Visit(page.site, page.url, Role.ARTICLE, moment, f"scale-{uuid4()}", **seen)  # type: ignore[arg-type]
        kept = archive.crawling.record(visit, partial(take_in, sites[page.site]))
        done += kept.observation.outcome is Outcome.NEW_VERSION
    told: list[object] = []
    drain = Drain(archive, sites, lambda: moment)
    found = cost("a waiting visit compared", lambda: told.extend(drain.changes()), tries=1)
    if len(told) < WAITING:
        raise SystemExit(f"{WAITING} edits were to be told, {len(told)} were")
    return replace(found, cpu=found.cpu / WAITING, wall=found.wall / WAITING)


def digest(archive: Archive, sites: int) -> Cost:
    """The busy day's digest, gathered and drawn as a page: 2,000 changes at every size, and a line of health a site."""
    busy = LAST_DAY - DAY
    unit, units = "change or site", BUSY + sites
    return cost("digest of 2,000 changes", lambda: render(edition(archive, busy, NOW), "html"), unit, units, tries=2)


def searches(archive: Archive) -> Iterator[Cost]:
    """One page of hits for words of several sorts, drawn from the texts."""
    dice, pages = Random(7), archive.running.counts()["pages"]
    drawn = (archive.comparing.version(dice.randint(pages // 10, pages), 1) for _ in range(SAMPLE))
    words = Words(archive, [fold("\n".join(version.article.canonical)) for version in drawn if version])
    asked = questions(words)
    for name in SEARCHES:
        asks = [partial(asked[name][0], Random(f"{name} {number}")) for number in range(10)]
        found = [cost(f"{SEARCHED}{name}", ask) for ask in asks]
        # The middle one: which words a search is for differs more than the archives do.
        yield sorted(found, key=lambda one: one.cpu)[len(found) // 2]
    one_site = f"site:{site_key(3)} 公告"
    yield cost(f"{SEARCHED}of a site", lambda: search(archive, parse(one_site)))


def told(folder: Path, part: str) -> str:
    """What one size costs, as JSON: the ``tick`` in a process of its own, whose memory counts, or the ``rest``."""
    if part == "tick":
        costs, memory = asyncio.run(tick_costs(folder))
        return _as_json(costs, memory)
    begun, at_work = perf_counter(), process_time()
    catalogue = load_catalogue(folder)
    read = Cost("sites.yaml read and checked", *_since(begun, at_work), "site", len(catalogue.sites))
    from storage.sql import open_archive

    archive = open_archive(catalogue.database)
    gc.freeze()
    try:
        sites, pages = catalogue.sites, archive.running.counts()["pages"]
        costs = [read, *of_the_whole(archive, pages, len(sites)), *lookups(archive, list(sites.values()))]
        costs += [compared(archive, sites), digest(archive, len(sites)), *searches(archive)]
    finally:
        archive.close()
    return _as_json(costs, {"peak": peak()})


def _as_json(costs: Sequence[Cost], memory: dict[str, float]) -> str:
    rows = [[one.name, one.cpu, one.wall, one.unit, one.units] for one in costs]
    return json.dumps({"costs": rows, "memory": memory})
