"""A site's habits, between the archive and the pure learning (``crawler.habits``)."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from crawler.habits import Common, Habits, learn_common, learn_habits
from crawler.hazard import Hazards
from crawler.recrawl import most_worth
from crawler.rhythm import Rhythm
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


def due_articles(
    crawling: Crawling, site: Site, habits: Habits | None, now: datetime, *, spared: int | None
) -> list[Page]:
    """The articles of a site to visit now, those of most worth where there is no room for all. Raises StorageError.

    Where nobody asked for the crawl, a day's requests are counted, ``spared`` of them for columns; ``None`` by hand.
    """
    room = site.limits.pages_per_run
    if spared is not None:
        spent = crawling.requests_since(site.key, now - timedelta(days=1))
        room = max(min(room, site.limits.requests_per_day - spent - spared), 0)
        if not room:
            # Else the service would begin a crawl at each tick that may do nothing.
            crawling.postpone(site.key, now + BUDGET_WAITS)
    due = crawling.pages(site.key, Role.ARTICLE, due=now, limit=max(MOST_WEIGHED, room))
    return most_worth(due, room, now, habits)


def common_habits(crawling: Crawling, home: Path, now: datetime) -> Common:
    """What all sites have in common, learned once a day and kept beside the locks: it can be learned again at will."""
    kept = home / ".locks" / "habits.json"
    try:
        told = json.loads(kept.read_text("utf-8"))
        if timedelta(0) <= now - datetime.fromisoformat(told["at"]) < COMMON_HOLDS:
            hazards = Hazards(tuple(told["first"]), tuple(told["again"]), float(told["further"]))
            return Common(Rhythm.of(told["clock"]), hazards)
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
