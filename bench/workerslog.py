"""What a run of ``bench.workers`` left in its archive, and how two of them are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

import psycopg

from bench.county import County
from storage.archive import Archive
from storage.records import Change

EPOCH = datetime(2026, 11, 16, tzinfo=UTC)
SHOWN = 8
"""Lines of each kind of fault that are printed."""
_VISITS = (
    "SELECT o.id, p.site, p.url, o.run, o.outcome FROM observations o JOIN pages p ON p.id = o.page_id ORDER BY o.id"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit that is kept, with the round it fell into."""

    round: int
    site: str
    url: str
    run: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Played:
    """A run: its change log, visits, requests a round, breaches at the sites' doors, and what happened."""

    name: str
    changes: Sequence[Change]
    seen: Sequence[Seen]
    pending: int
    requests: Sequence[int]
    breaches: Sequence[str]
    seconds: float
    happened: Sequence[str]


def read_log(
    name: str,
    archive: Archive,
    connection: psycopg.Connection[tuple[object, ...]],
    bounds: Sequence[int],
    requests: Sequence[int],
    breaches: Sequence[str],
    seconds: float,
    happened: Sequence[str],
) -> Played:
    """Read what a run left. ``bounds`` are the newest visits at each round's end."""
    with connection:
        rows = connection.execute(_VISITS.encode()).fetchall()
    seen = []
    for number, *words in rows:
        round_ = 1 + sum(int(str(number)) > bound for bound in bounds)
        seen.append(Seen(round_, *map(str, words)))
    pending = archive.running.counts()["pending"]
    return Played(name, archive.reading.changes(), seen, pending, requests, breaches, seconds, happened)


def judged(played: Played, county: County, address_of: Callable[[int], str]) -> tuple[int, int, int]:
    """Changes told, missed and false by the sites' own truth."""
    true = Counter(
        (site.key, f"http://{address_of(site.place)}{each.path}", each.kind) for site, each in county.truth()
    )
    told = Counter((change.site, change.url, change.kind) for change in played.changes)
    return (told & true).total(), (true - told).total(), (told - true).total()


def bare(changes: Sequence[Change]) -> list[str]:
    """The change log with all that it says of each change but times and numbers, by page, each page's in order."""
    plain = [replace(change, id=0, detected_at=EPOCH, evidence={}) for change in changes]
    return [repr(change) for change in sorted(plain, key=lambda change: (change.site, change.url))]


def turned_back(seen: Sequence[Seen]) -> Iterator[str]:
    """Sites whose visits by one crawl go on after another crawl of it has begun."""
    by_site: dict[str, list[str]] = {}
    for each in seen:
        by_site.setdefault(each.site, []).append(each.run)
    for site, runs in sorted(by_site.items()):
        spans = [run for run, _ in groupby(runs)]
        for run, times in Counter(spans).items():
            if times > 1:
                yield f"{site}: the crawl {run} went on after another had begun"


def compared(calm: Played, unrest: Played) -> tuple[list[str], bool]:
    """What is printed of two runs, and whether something is at fault."""
    was, now = Counter(bare(calm.changes)), Counter(bare(unrest.changes))
    lost, added = list((was - now).elements()), list((now - was).elements())
    same = bare(calm.changes) == bare(unrest.changes)
    often = Counter((each.round, each.url) for each in calm.seen)
    again = Counter((each.round, each.url) for each in unrest.seen)
    extra, unseen = again - often, often - again
    doubled = [key for key in extra if often[key]]
    outcomes = Counter(each.outcome for each in unrest.seen) - Counter(each.outcome for each in calm.seen)
    doors = [*calm.breaches, *unrest.breaches]
    back = [*turned_back(calm.seen), *turned_back(unrest.seen)]
    lines = [
        f"change log {'the same' if same else 'NOT THE SAME'}: {len(calm.changes)} and {len(unrest.changes)} changes",
        f"changes lost: {len(lost)}, added: {len(added)}",
        *(f"  lost: {line}" for line in lost[:SHOWN]),
        *(f"  added: {line}" for line in added[:SHOWN]),
        f"visits kept more often than undisturbed: {extra.total()} of {len(unrest.seen)}, {len(doubled)} of them twice",
        f"visits kept less often: {unseen.total()}; more by outcome: {dict(outcomes) or 'none'}",
        f"requests asked again: {sum(unrest.requests) - sum(calm.requests)} of {sum(unrest.requests)}",
        f"sites asked by two at once: {len(doors)} at their doors, {len(back)} by what was kept",
        *(f"  {line}" for line in [*doors[:SHOWN], *back[:SHOWN]]),
    ]
    return lines, not same or bool(doors or back or calm.pending or unrest.pending)
