"""When to look again: pure, and the same answer for the same question.

Columns are looked at often. An article is looked at often while it is fresh, because that is when it is mended and
withdrawn, and more and more seldom as it ages; an edit makes it young again. A missing page is looked at again soon, so
that a withdrawal can be confirmed; an ailing one ever more seldom, so that it is not burdened.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from crawler.sites import Schedule
from storage.records import AILING, CHINA, MISSING, Outcome, Page, Role, Told

DAY = timedelta(days=1)
JITTER = 0.1
"""Visits are spread by up to a tenth either way, so that a first crawl's pages do not all fall due in one minute."""

MOST_DOUBLINGS = 8
LONGEST_WAIT = {Role.COLUMN: timedelta(hours=6), Role.ARTICLE: timedelta(days=3)}


def next_due(page: Page, outcome: Outcome, schedule: Schedule, now: datetime) -> datetime | None:
    """When a page that was just visited is due again; ``None`` for a list page that is read only when asked for.

    A list that its column let go while it was on its way (it is not due any more) stays let go.
    """
    if page.role is Role.COLUMN and page.due_at is None and page.column not in (None, page.url):
        return None
    if page.role is Role.COLUMN and page.depth and outcome not in AILING:
        return None
    if outcome in AILING:
        # A page that refuses us (robots, a document) or holds nothing will hardly mend within minutes.
        doublings = min(max(page.failures, 1) - 1, MOST_DOUBLINGS)
        wait = min(schedule.failing * (1 << doublings), LONGEST_WAIT[page.role])
    elif page.role is Role.COLUMN:
        wait = schedule.column
    elif outcome in MISSING or outcome is Outcome.MOVED:
        wait = schedule.missing if page.told not in (Told.REMOVED, Told.MOVED) else schedule.month
    else:
        wait = _by_age(page, schedule, now)
    return now + wait * _spread(page.url)


def _by_age(page: Page, schedule: Schedule, now: datetime) -> timedelta:
    age = now - (page.changed_at or page.first_seen_at)
    if page.listed_date and page.version <= 1:
        # A first crawl finds years of old articles at once: their printed date tells their age, not our discovery.
        age = max(age, now - _moment(page.listed_date, now))
    if age < DAY:
        return schedule.day
    if age < 7 * DAY:
        return schedule.week
    if age < 30 * DAY:
        return schedule.month
    return schedule.older


def _moment(printed: str, now: datetime) -> datetime:
    try:
        return datetime.fromisoformat(printed[:10]).replace(tzinfo=CHINA)
    except ValueError:
        return now


def _spread(url: str) -> float:
    """A factor from ``1 - JITTER`` to ``1 + JITTER`` that an address keeps."""
    share = int.from_bytes(hashlib.blake2b(url.encode(), digest_size=4).digest()) / 2**32
    return 1 - JITTER + 2 * JITTER * share
