"""Shixun's own way of looking again, for ``bench.recrawl``: its code, and such books as its archive keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import inf

from bench.province import START, Province
from crawler.habits import Habits, learn_common, learn_habits
from crawler.hazard import watched
from crawler.recrawl import next_due, site_rest
from crawler.rhythm import hour_of, moment_of
from crawler.sites import Schedule
from storage.lives import Life
from storage.records import CHINA, Outcome, Page, Role, Told

SCHEDULE = Schedule(
    column=timedelta(minutes=90),
    day=timedelta(hours=3),
    week=timedelta(days=1),
    month=timedelta(days=5),
    older=timedelta(days=30),
)
"""What the made province's people set: it says how many requests a site may cost."""
BUDGET = 400
COMMON = 5000
"""Articles that say what all sites have in common, the newest ones."""
LEARN_EVERY = 72.0
"""Hours between two times of learning; a crawl learns each time, but there are 200,000 crawls here."""
FAILURES = 8
"""Failures in a row after which a crawl leaves a site alone, as ``crawler.middlewares``."""


@dataclass(slots=True)
class _Book:
    """What is remembered of a story."""

    site: str
    column: str
    found_at: datetime
    listed: str
    unlisted_at: datetime | None
    changes: list[tuple[datetime, datetime]] = field(default_factory=list)
    version: int = 0
    failures: int = 0
    checked_at: datetime | None = None
    ok_at: datetime | None = None
    changed_at: datetime | None = None
    missing_since: datetime | None = None
    removed: bool = False


class Policy:
    """The state of an archive, as far as it is asked when a page is due again."""

    def __init__(self, province: Province, schedule: Schedule = SCHEDULE, budget: int = BUDGET) -> None:
        self._province, self._schedule, self._budget = province, schedule, budget
        now = moment_of(START)
        self._columns = [
            Page(f"{c.site}", f"c{n}", Role.COLUMN, now, column=f"c{n}", due_at=now)
            for n, c in enumerate(province.columns)
        ]
        self._books: dict[int, _Book] = {}
        self._of_site: dict[int, list[int]] = defaultdict(list)
        self._found: list[int] = []
        self._habits: dict[int, tuple[float, Habits | None]] = {}
        self._common = learn_common((), schedule, now)
        self._common_at = START
        self._failed: dict[int, int] = defaultdict(int)
        self._rest: dict[int, float] = {}
        self._by_site: dict[int, list[int]] = defaultdict(list)
        for number, column in enumerate(province.columns):
            self._by_site[column.site].append(number)

    def column(self, number: int, hour: float, found: Sequence[int], answered: bool) -> float:
        """See ``bench.recrawl.Way``."""
        column = self._columns[number]
        failures = 0 if answered else column.failures + 1
        outcome = Outcome.LISTED if answered else Outcome.FAILED
        now = moment_of(hour)
        column = Page(
            column.site,
            column.url,
            Role.COLUMN,
            column.first_seen_at,
            column=column.url,
            failures=failures,
            ok_at=now if answered else column.ok_at,
            due_at=now,
        )
        self._columns[number] = column
        site = self._province.columns[number].site
        self._note(site, answered)
        return self._due(column, outcome, hour, site)

    def story(self, number: int, hour: float, edited: bool, withdrawn: bool, answered: bool) -> float:
        """See ``bench.recrawl.Way``."""
        site, now = self._province.stories[number].site, moment_of(hour)
        book = self._books.get(number) or self._enlist(number, now)
        self._note(site, answered)
        if not answered:
            book.failures += 1
            return self._due(self._page(number, book), Outcome.FAILED, hour, site)
        book.failures = 0
        if withdrawn:
            if book.missing_since and not book.removed:
                book.removed = True
                book.changes.append((book.ok_at or now, book.missing_since))
            book.missing_since = book.missing_since or now
            book.checked_at = now
            return self._due(self._page(number, book), Outcome.GONE, hour, site)
        outcome = Outcome.NEW_VERSION if edited or not book.version else Outcome.UNCHANGED
        book.version += outcome is Outcome.NEW_VERSION
        again = self._due(self._page(number, book), outcome, hour, site)
        if edited:
            book.changes.append((book.ok_at or now, now))
            book.changed_at = now
        book.checked_at = book.ok_at = now
        if edited:
            self._tell(number, site)
        return again

    def _page(self, number: int, book: _Book) -> Page:
        """A story as the archive has it."""
        return Page(
            book.site,
            f"s{number}",
            Role.ARTICLE,
            book.found_at,
            id=number,
            column=book.column,
            listed_date=book.listed,
            changed_at=book.changed_at,
            failures=book.failures,
            version=book.version,
            missing_since=book.missing_since,
            told=Told.REMOVED if book.removed else Told.LIVE,
        )

    def _enlist(self, number: int, now: datetime) -> _Book:
        """A story as a column names it for the first time, with a bare date."""
        story = self._province.stories[number]
        listed = moment_of(story.born).astimezone(CHINA).date().isoformat()
        unlisted = self._columns[story.column].ok_at
        self._of_site[story.site].append(number)
        self._found.append(number)
        book = self._books[number] = _Book(str(story.site), f"c{story.column}", now, listed, unlisted)
        return book

    def _tell(self, number: int, site: int) -> None:
        """Let the habits know of a change, as they do at the next crawl, which learns them anew."""
        _, habits = self._habits.get(site, (-inf, None))
        if habits is not None:
            pages = {**habits.pages, number: watched(self._life(number))}
            self._habits[site] = (self._habits[site][0], replace(habits, pages=pages))

    def _note(self, site: int, answered: bool) -> None:
        self._failed[site] = 0 if answered else self._failed[site] + 1

    def _due(self, page: Page, outcome: Outcome, hour: float, site: int) -> float:
        due = next_due(page, outcome, self._schedule, moment_of(hour), self._habits_of(site, hour))
        at = hour_of(due.at) if due.at else inf
        if self._failed[site] >= FAILURES:
            columns = [self._columns[number] for number in self._by_site[site]]
            self._rest[site] = hour + site_rest(columns, self._schedule).total_seconds() / 3600
        return max(at, self._rest.get(site, at))

    def _habits_of(self, site: int, hour: float) -> Habits | None:
        learned, habits = self._habits.get(site, (-inf, None))
        if hour - learned < LEARN_EVERY:
            return habits
        now = moment_of(hour)
        if hour - self._common_at > LEARN_EVERY:
            self._common = learn_common([self._life(n) for n in self._found[-COMMON:]], self._schedule, now)
            self._common_at = hour
        lives = [self._life(number) for number in self._of_site[site]]
        columns = {self._columns[n].url: self._columns[n].first_seen_at for n in self._by_site[site]}
        habits = learn_habits(lives, columns, self._schedule, self._budget, self._common, now)
        self._habits[site] = (hour, habits)
        return habits

    def _life(self, number: int) -> Life:
        book = self._books[number]
        of_lists = (book.column, book.found_at, book.listed)
        return Life(number, *of_lists, book.checked_at, book.unlisted_at, tuple(book.changes), book.removed)
