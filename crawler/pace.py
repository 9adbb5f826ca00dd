"""A site's habits, between the archive and the pure learning (``crawler.habits``)."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from math import inf
from pathlib import Path
from typing import Any

from crawler.habits import Common, Habits, learn_common, learn_habits
from crawler.hazard import BANDS, Hazards
from crawler.recrawl import is_news, most_worth
from crawler.rhythm import WEEK, Rhythm
from crawler.sites import Schedule, Site
from storage.archive import Crawling
from storage.records import Page, Role

OF_ALL = 5000
"""The newest articles of all sites, which say what is common to them."""
OF_SITE = 3000
COMMON_HOLDS = timedelta(days=1)
BUDGET_WAITS = timedelta(hours=1)
MOST_COLUMNS = 1000
MOST_WEIGHED = 4000
"""Due articles that are weighed against each other where a crawl has no room for all."""


def site_habits(crawling: Crawling, home: Path, site: Site, now: datetime) -> Habits | None:
    """A site's habits now; ``None`` before it has been watched for some days. Raises StorageError."""
    pages = crawling.pages(site.key, Role.COLUMN, limit=MOST_COLUMNS)
    columns = {page.url: page.first_seen_at for page in pages if page.column in (None, page.url)}
    if not columns or now - min(columns.values()) < timedelta(days=2):
        return None
    lives = crawling.lives(site.key, OF_SITE)
    common = common_habits(crawling, home, now)
    beyond = max(crawling.articles(site.key) - len(lives), 0)
    return learn_habits(lives, columns, site.schedule, site.limits.requests_per_day, common, now, beyond)


@dataclass(frozen=True, slots=True)
class Room:
    """How many requests one crawl may make, and how many it has made when old articles never read must wait."""

    whole: int
    backlog: int

    def holds(self, page: Page, asked: int, now: datetime) -> bool:
        """Whether a page that was just named may still be asked for in a crawl that made so many requests."""
        return asked < (self.whole if page.version or is_news(page, now) else self.backlog)


def room_of(crawling: Crawling, site: Site, now: datetime, *, by_hand: bool) -> Room:
    """The room of a crawl that begins now: that of the run by hand, else also what is left of a day's requests.

    Old articles that were never read, of which a sitemap may name ten thousands, have half of a day. Columns are asked
    whatever is left: it is their plan that is made to fit a day. Raises StorageError.
    """
    run = site.limits.pages_per_run
    if by_hand:
        return Room(run, run)
    a_day = site.limits.requests_per_day
    left = max(a_day - crawling.requests_since(site.key, now - timedelta(days=1), now), 0)
    return Room(min(run, left), min(run, max(left - a_day // 2, 0)))


def due_articles(
    crawling: Crawling, site: Site, habits: Habits | None, now: datetime, room: Room, *, spared: int = 0
) -> list[Page]:
    """The articles of a site to visit now, those of most worth where there is no room for all. Raises StorageError.

    ``spared`` requests are the columns'.
    """
    whole = max(room.whole - spared, 0)
    due = crawling.pages(site.key, Role.ARTICLE, due=now, limit=max(MOST_WEIGHED, whole))
    old = [page.id for page in due if not page.version and not is_news(page, now)]
    waiting = set(old[max(room.backlog - spared, 0) :])
    chosen = most_worth([page for page in due if page.id not in waiting], whole, now, habits)
    if not chosen and (waiting or not whole):
        # Else the service would begin a crawl at each tick that may do nothing.
        crawling.postpone(site.key, now + BUDGET_WAITS)
    return chosen


def common_habits(crawling: Crawling, home: Path, now: datetime) -> Common:
    """What all sites have in common, learned once a day and kept beside the locks: it can be learned again at will."""
    kept = home / ".locks" / "habits.json"
    try:
        told = json.loads(kept.read_text("utf-8"))
        if timedelta(0) <= now - datetime.fromisoformat(told["at"]) < COMMON_HOLDS:
            return _common_from(told)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    common = learn_common(crawling.lives(None, OF_ALL), Schedule(), now)
    told = {"at": now.isoformat(), "clock": common.clock.rates, **asdict(common.hazards)}
    # Where nothing can be written beside the archive, it is learned each time.
    with contextlib.suppress(OSError):
        kept.parent.mkdir(exist_ok=True)
        half = kept.with_suffix(f".{os.getpid()}")
        half.write_text(json.dumps(told), "utf-8")
        half.replace(kept)
    return common


def _common_from(told: Mapping[str, Any]) -> Common:
    """What was kept of the habits of all. Raises ValueError where another version of this program kept otherwise."""
    clock, first, again = ([float(rate) for rate in told[name]] for name in ("clock", "first", "again"))
    further = float(told["further"])
    if (len(clock), len(first), len(again)) != (WEEK, BANDS, BANDS):
        raise ValueError("habits in other bands")
    if not all(0 < rate < inf for rate in (*clock, *first, *again, further)):
        raise ValueError("habits that are no rates")
    return Common(Rhythm.of(clock), Hazards(tuple(first), tuple(again), further))
