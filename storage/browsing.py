"""What the web pages, the feeds and the API ask of the archive: small pieces of long logs, each found by an index.

Lists come newest first, a page at a time: ``before`` is the id (of a change, a page, an observation) that the list
goes on behind, ``None`` at its beginning. Frozen records, standard library only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from storage.changes import Change, ChangeKind
from storage.records import Observation, Page, Version
from storage.stories import Printing


@dataclass(frozen=True, slots=True)
class Entry:
    """A change with the page it is about; ``page_id`` is ``None`` for news about a whole site."""

    change: Change
    page_id: int | None
    story: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes are asked for. Empty collections and ``None`` ask for all; ``days`` are inclusive China days."""

    sites: Collection[str] = ()
    kinds: Collection[ChangeKind] = ()
    first_day: date | None = None
    last_day: date | None = None
    least_weight: float = 0.0
    page_id: int | None = None


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many changes of each kind a China day had."""

    day: date
    counts: Mapping[ChangeKind, int]

    @property
    def total(self) -> int:
        """All changes of the day."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class SiteCard:
    """A site in few figures: articles known, of them withdrawn, its columns, when it was looked at and had news.

    ``checked_at`` is the latest visit to one of its columns, ``news_at`` the latest change of any kind.
    """

    key: str
    name: str
    articles: int = 0
    withdrawn: int = 0
    columns: int = 0
    checked_at: datetime | None = None
    news_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ColumnCard:
    """A watched column: when it was looked at, when it last brought a new article, and how many it brought in all."""

    page: Page
    articles: int = 0
    news_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ResponseDay:
    """How a site answered on one China day. Milliseconds; ``None`` where nothing answered."""

    day: date
    visits: int
    failures: int
    blocked: int
    median_ms: int | None = None
    slowest_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """A known article in a list: its page, its newest title, and how many versions and edits it had."""

    page: Page
    title: str | None
    versions: int = 0
    story: int | None = None


@dataclass(frozen=True, slots=True)
class VersionCard:
    """A version on a time line: everything but what it said."""

    number: int
    seen_at: datetime
    title: str | None
    body_hash: str | None
    size: int = 0
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that a page of one article shows but its texts, oldest version first."""

    page: Page
    versions: tuple[VersionCard, ...] = ()
    entries: tuple[Entry, ...] = ()
    story: int | None = None
    visits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptVisit:
    """A visit that was answered, and the version that it brought or that stood: its number, since when, its body."""

    visit: Observation
    version: int | None = None
    since: datetime | None = None
    body: str | None = None


class Browsing(Protocol):
    """What people ask who look around. All of it raises ``storage.errors.StorageError`` alone."""

    def changes(self, wanted: Wanted, *, before: int | None = None, limit: int = 50) -> list[Entry]:
        """The change log as asked for, newest first."""
        ...

    def weightiest(self, wanted: Wanted, *, limit: int = 20) -> list[Entry]:
        """The changes asked for, the weightiest first, hijacks first among equals. For spans of few days."""
        ...

    def change(self, change_id: int) -> Entry | None:
        """One change."""
        ...

    def days(self, first: date, last: date, site: str | None = None) -> list[DayCount]:
        """The China days from ``first`` to ``last`` that had changes, of all sites or one, oldest first."""
        ...

    def days_by_site(self, first: date, last: date) -> dict[str, list[DayCount]]:
        """The same of each site that had changes then, by its key: asked once for all of them."""
        ...

    def sites(self) -> list[SiteCard]:
        """Every site that was ever announced, by key."""
        ...

    def columns(self, site: str) -> list[ColumnCard]:
        """A site's watched columns, by address."""
        ...

    def responses(self, site: str, first: date, last: date) -> list[ResponseDay]:
        """How a site answered day by day, oldest first; days without a visit are left out."""
        ...

    def visits(self, first: date, last: date) -> dict[str, tuple[int, int]]:
        """How many visits each site had on these days, and how many of them failed."""
        ...

    def articles(
        self, site: str, *, withdrawn: bool = False, before: int | None = None, limit: int = 50
    ) -> list[ArticleCard]:
        """A site's articles, those found last first; with ``withdrawn`` only those told as withdrawn."""
        ...

    def page(self, page_id: int) -> Page | None:
        """One page."""
        ...

    def pages(self, page_ids: Collection[int]) -> dict[int, Page]:
        """Those of these pages that there are, by id."""
        ...

    def page_at(self, url: str) -> Page | None:
        """The page with that address."""
        ...

    def dossier(self, page_id: int, entries: int = 200) -> Dossier | None:
        """An article's versions, its newest ``entries`` changes and how its visits ended."""
        ...

    def version(self, page_id: int, number: int) -> Version | None:
        """One version of a page, with its files."""
        ...

    def observations(self, page_id: int, *, before: int | None = None, limit: int = 50) -> list[Observation]:
        """Visits to a page, newest first."""
        ...

    def printings(self, story: int, before: datetime) -> list[Printing]:
        """All printings of a story, as they stood before a moment, in the order in which they were found."""
        ...

    def stories(self, *, before: int | None = None, limit: int = 50) -> list[tuple[int, Sequence[Page]]]:
        """Stories that two or more pages tell, the newest first, each with its pages in the order found."""
        ...

    def kept(
        self, *, site: str | None = None, day: date | None = None, page_id: int | None = None, after: int = 0
    ) -> list[KeptVisit]:
        """At most 200 visits that were answered, oldest first, with an id above ``after``.

        Of a site, of a China day, or of a page; for the archive files that replay tools read.
        """
        ...
