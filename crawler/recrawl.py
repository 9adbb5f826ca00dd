"""When to look again, and why: pure, and the same answer for the same question.

A site's first days go by its schedule: columns often; an article often while it is fresh, because that is when it is
mended and withdrawn, and more and more seldom as it ages; an edit makes it young again. From then on its habits say
where the same number of requests is worth most (``crawler.habits``), between limits that the schedule draws. A missing
page is looked at again soon, so that a withdrawal can be confirmed; an ailing one ever more seldom, and an ailing site
as a whole, so that it is not burdened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from math import exp

from crawler.habits import EAGER, Habits, article_limits, column_limits, course_of
from crawler.hazard import Watched, birth, wait_by_age, wait_when_gone
from crawler.rhythm import hour_of
from crawler.sites import Schedule
from storage.lives import Why
from storage.records import AILING, MISSING, Outcome, Page, Role, Told

DAY = timedelta(days=1)
JITTER = 0.1
"""Visits are spread by up to a tenth either way, so that a first crawl's pages do not all fall due in one minute."""

MOST_DOUBLINGS = 8
LONGEST_WAIT = {Role.COLUMN: timedelta(hours=6), Role.ARTICLE: timedelta(days=3)}


WORDS: Mapping[Why, tuple[str, str]] = {
    Why.LET_GO: ("只在需要时读取", "read only when it is asked for"),
    Why.AILING: (
        "连续 {failures:.0f} 次未能读取,间隔逐次加倍",
        "failed {failures:.0f} times in a row; each wait is doubled",
    ),
    Why.CONFIRM: ("页面不见了,尽快再看以确认", "the page is missing; soon looked at again to confirm it"),
    Why.GONE: ("已撤下或迁走,偶尔看是否恢复", "told as withdrawn or moved; seldom looked at, in case it returns"),
    Why.NEVER_THERE: (
        "列表上有而一直打不开,越久看得越少",
        "listed but never there so far; looked at more and more seldom",
    ),
    Why.COLUMN: ("栏目按设定的间隔查看", "a column, at the interval that is set"),
    Why.AGE: (
        "发布或上次改动已 {age:.1f} 小时,按设定的间隔查看",
        "published or last changed {age:.1f} h ago; at the interval that is set",
    ),
    Why.NEWS: (
        "此时段平均每小时 {rate:.2f} 篇新文章,届时约有 {waiting:.2f} 篇",
        "{rate:.2f} stories an hour at this time of the week; about {waiting:.2f} will wait by then",
    ),
    Why.CHANGES: (
        "发布 {age:.1f} 小时,已改 {changes:.0f} 次,每天预计改动 {rate:.3f} 次,到期时约 {chance:.1%} 会有改动",
        "published {age:.1f} h ago, changed {changes:.0f} times; {rate:.3f} a day expected, {chance:.1%} by then",
    ),
    Why.HASTENED: (
        "提前查看:列表上的标题或日期与已知的不同,或另一页面与它相同",
        "sooner than planned: a list shows it otherwise than before, or another page says the same",
    ),
    Why.POSTPONED: (
        "比计划晚:网站当日的请求已用完,或主机连续出错暂停访问",
        "later than planned: the site's requests of a day are spent, or its host is left alone for a while",
    ),
    Why.UNREAD: ("已登记,等候首次读取", "known, and waiting to be read for the first time"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """When a page is due again (``None``: only when it is asked for), by which rule, and the figures behind it."""

    at: datetime | None
    why: Why
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def chinese(self) -> str:
        """The reason in Chinese words."""
        return WORDS[self.why][0].format(**self.figures)

    @property
    def english(self) -> str:
        """The reason in English words."""
        return WORDS[self.why][1].format(**self.figures)


def next_due(page: Page, outcome: Outcome, schedule: Schedule, now: datetime, habits: Habits | None = None) -> Due:
    """When a page that was just visited is due again, and why. ``habits`` are its site's, once there are any.

    A list page behind a column's first is due no more, and neither is a list that its column let go while it was on its
    way (it is not due any more).
    """
    if page.role is Role.COLUMN and page.due_at is None and page.column not in (None, page.url):
        return Due(None, Why.LET_GO)
    if page.role is Role.COLUMN and page.depth and outcome not in AILING:
        return Due(None, Why.LET_GO)
    if outcome in AILING:
        # A page that refuses us (robots, a document) or holds nothing will hardly mend within minutes; but once its
        # site is well again, a fresh article must not wait for days.
        longest = LONGEST_WAIT[page.role]
        if page.role is Role.ARTICLE:
            longest = min(longest, max(wait_by_age(_age(page, now), schedule), schedule.failing))
        wait = backed_off(page.failures, schedule, longest)
        return _after(page, now, wait, Why.AILING, {"failures": float(page.failures)})
    if page.role is Role.COLUMN:
        return _column_due(page, schedule, now, habits)
    if outcome in MISSING or outcome is Outcome.MOVED:
        gone = hour_of(now) - hour_of(page.missing_since or page.ok_at or now)
        if not page.version:
            # A dead link, or a page that its list was quicker than: there is nothing to be confirmed.
            return _after(page, now, max(schedule.missing, wait_by_age(gone, schedule)), Why.NEVER_THERE)
        if page.told in (Told.REMOVED, Told.MOVED):
            return _after(page, now, wait_when_gone(gone, schedule), Why.GONE)
        return _after(page, now, schedule.missing, Why.CONFIRM)
    return _article_due(page, outcome, schedule, now, habits)


def backed_off(failures: int, schedule: Schedule, longest: timedelta) -> timedelta:
    """How long to leave alone what failed so many times in a row."""
    doublings = min(max(failures, 1) - 1, MOST_DOUBLINGS)
    return min(schedule.failing * (1 << doublings), longest)


def site_rest(columns: Iterable[Page], schedule: Schedule) -> timedelta:
    """How long to leave a whole site alone that fails again and again, by how often its columns failed before.

    Where one of its columns answered last time, the trouble is young.
    """
    failures = min((page.failures for page in columns if not page.depth), default=0)
    return backed_off(failures + 1, schedule, LONGEST_WAIT[Role.COLUMN])


def _column_due(page: Page, schedule: Schedule, now: datetime, habits: Habits | None) -> Due:
    rhythm = habits.columns.get(page.column or page.url) if habits else None
    if habits is None or rhythm is None:
        return _after(page, now, schedule.column, Why.COLUMN)
    shortest, longest = (limit.total_seconds() / 3600 for limit in column_limits(schedule))
    # Worth a visit where what the waiting stories lose outweighs an article's visit.
    worth, lost = habits.threshold**2 / 2, habits.waiting(page.column or page.url)
    start = hour_of(now)
    passed, waiting, losses = 0.0, 0.0, 0.0
    came, busy = rhythm.until(start), habits.clock.until(start)
    while passed < longest and (losses < worth or passed < shortest):
        step = max(shortest / 2, passed / 8)
        passed += step
        came, before = rhythm.until(start + passed), came
        busy, until = habits.clock.until(start + passed), busy
        losses += (waiting + (came - before) / 2) * (lost * (busy - until) + EAGER * step)
        waiting += came - before
    wait = timedelta(hours=min(max(passed, shortest), longest))
    rate = rhythm.until(start + 1) - rhythm.until(start)
    return _after(page, now, wait, Why.NEWS, {"rate": rate, "waiting": waiting})


def _article_due(page: Page, outcome: Outcome, schedule: Schedule, now: datetime, habits: Habits | None) -> Due:
    hour = hour_of(now)
    born = hour_of(birth(page.first_seen_at, page.listed_date))
    if habits is None:
        age = _age(page, now)
        return _after(page, now, wait_by_age(age, schedule), Why.AGE, {"age": age})
    if outcome is Outcome.NEW_VERSION and page.version > 1:
        habits = _changed_now(page, habits, born, hour)
    shortest, longest = article_limits(schedule)
    course = course_of(habits, page.column, page.id, born)
    due = course.reaches(habits.threshold, hour, habits.clock)
    wait = min(max(timedelta(hours=due - hour), shortest), longest)
    past = habits.pages.get(page.id)
    expected = course.expected(hour, hour_of(now + wait), habits.clock)
    figures = {
        "age": hour - born,
        "changes": float(len(past.changes)) if past else 0.0,
        "rate": expected / (wait / DAY),
        "chance": 1 - exp(-expected),
    }
    return _after(page, now, wait, Why.CHANGES, figures)


def _age(page: Page, now: datetime) -> float:
    """Hours since an article was published, or last changed."""
    return hour_of(now) - hour_of(page.changed_at or birth(page.first_seen_at, page.listed_date))


def _changed_now(page: Page, habits: Habits, born: float, hour: float) -> Habits:
    """The habits with a change that this visit saw; the change log will tell it to the next crawl."""
    past = habits.pages.get(page.id) or Watched(born, hour_of(page.first_seen_at), hour)
    past = replace(past, until=hour, changes=(*past.changes, hour), before=(*past.before, past.until))
    return replace(habits, pages={page.id: past})


def changes_expected(page: Page, habits: Habits, since: datetime, until: datetime) -> float:
    """How many changes of an article are to be expected between two moments."""
    course = course_of(habits, page.column, page.id, hour_of(birth(page.first_seen_at, page.listed_date)))
    return course.expected(hour_of(since), hour_of(until), habits.clock)


def is_news(page: Page, now: datetime) -> bool:
    """Whether a page that was never read was published within a day, as far as is known."""
    return not page.version and now - birth(page.first_seen_at, page.listed_date) < DAY


def most_worth(pages: Sequence[Page], room: int, now: datetime, habits: Habits | None) -> list[Page]:
    """The due pages to visit where there is room for so many only.

    What is missing, what was never read and what waited far too long take turns, so that none of them can keep the
    others waiting for days; then the rest by what a visit is worth. Without habits, as they are handed over.
    """
    if len(pages) <= room:
        return list(pages)
    missing = [page for page in pages if page.version and page.missing_since is not None]
    unread = [page for page in pages if not page.version]
    others = [page for page in pages if page.version and page.missing_since is None]
    late: list[Page] = []
    if habits is not None:
        worth = {page.id: _worth(page, now, habits) for page in others}
        others.sort(key=lambda page: worth[page.id], reverse=True)
        late = [page for page in others if worth[page.id] > 1]
    turns = [page for turn in zip_longest(missing, unread, late) for page in turn if page is not None]
    return [*turns, *others[len(late) :]][: max(room, 0)]


def _worth(page: Page, now: datetime, habits: Habits) -> float:
    """What a visit to a page that was read before is worth, in changes that would be lost without it."""
    if page.checked_at is None:
        return 1.0
    changes = changes_expected(page, habits, page.checked_at, now)
    planned = max(((page.due_at or now) - page.checked_at).total_seconds(), 1.0)
    # Every visit was planned for when it would be worth the same, but for those that are never to wait longer.
    late = habits.threshold * (now - page.checked_at).total_seconds() / planned
    return max(1 - exp(-changes) * (1 + changes), late * late / 2)


def _after(page: Page, now: datetime, wait: timedelta, why: Why, figures: Mapping[str, float] | None = None) -> Due:
    spread = _spread(page.url)
    if why is Why.CONFIRM:
        # What is to be confirmed over so long would else need a third visit, of which there was no need.
        spread = 1 + abs(spread - 1)
    return Due(now + wait * spread, why, figures or {})


def _spread(url: str) -> float:
    """A factor from ``1 - JITTER`` to ``1 + JITTER`` that an address keeps."""
    share = int.from_bytes(hashlib.blake2b(url.encode(), digest_size=4).digest()) / 2**32
    return 1 - JITTER + 2 * JITTER * share
