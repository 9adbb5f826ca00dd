"""The one door to what is kept: what may be asked and what may be written, grouped by who asks.

Every method is one transaction. All of them raise ``storage.errors.StorageError`` and nothing of the database's own.
``storage.sql.open_archive`` gives an archive over SQLite or PostgreSQL; the same contract tests run on both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from storage.attachments import KeptFile
from storage.browsing import Browsing
from storage.calm import Calm
from storage.exchange import Exchange
from storage.lives import Life
from storage.measuring import Measuring
from storage.outbox import Outbox
from storage.records import (
    Change,
    ChangeKind,
    Intake,
    Lesson,
    Observation,
    Page,
    Role,
    Run,
    Settlement,
    Version,
    Visit,
)
from storage.retention import Retention
from storage.running import Running
from storage.searching import Searching
from storage.stories import Printing, Sketch
from storage.wordcounts import Words

Decide = Callable[[Visit, Page, Version | None, Mapping[str, Page]], Intake]
"""(visit, page, its newest version, the known ones of the pages it lists, by address) -> what to keep."""


class Crawling(Protocol):
    """What a crawl asks and writes."""

    def enlist_columns(self, site: str, columns: Sequence[str], now: datetime) -> None:
        """Make the columns of a site known. Columns that left the catalogue are no longer due.

        What was visited later than ``now``, by a clock that was wrong then, is due at once.
        """
        ...

    def pages(self, site: str, role: Role, *, due: datetime | None = None, limit: int = 1000) -> list[Page]:
        """A site's pages of one role, never read ones first, then the longest overdue; with ``due`` those due by then.

        So many each of those never read, of those missing and of the others: none hides behind very many of a sort.
        """
        ...

    def files(self, page_id: int) -> tuple[KeptFile, ...]:
        """What is kept of each attachment of a page's newest version; only the address of one never asked for."""
        ...

    def lives(self, site: str | None, limit: int) -> list[Life]:
        """The past of the newest articles of a site, or of all sites, that have been visited, newest first."""
        ...

    def articles(self, site: str) -> int:
        """How many articles of a site are watched."""
        ...

    def requests_since(self, site: str, since: datetime, until: datetime) -> int:
        """Requests to a site in the crawls that began between two moments, as far as these have noted them."""
        ...

    def postpone(self, site: str, until: datetime) -> None:
        """Let all that is due of a site wait until then."""
        ...

    def is_busy(self) -> bool:
        """Whether another process writes just now, so that a write would stand and wait."""
        ...

    def record(self, visit: Visit, decide: Decide) -> Intake:
        """Keep one visit: ``decide`` is called with what is known of the page, and its answer written whole."""
        ...

    def calm(self, page_ids: Collection[int]) -> dict[int, Calm]:
        """What is remembered of the bytes of pages, by page id; those of which nothing is are left out."""
        ...

    def remember_calm(self, seen: Mapping[int, Calm]) -> None:
        """Remember this of the bytes of pages. Only of what was kept before: else an edit would never be seen."""
        ...

    def record_quiet(self, visits: Sequence[tuple[int, Visit]], decide: Decide) -> list[Intake]:
        """Keep visits to known articles that brought nothing to read, by page id, all in one transaction.

        As ``record`` keeps each, but that ``decide`` is told of no version, and what it answers may hold none. A page
        that is not known any more is left out.
        """
        ...


class Learning(Protocol):
    """What learning a site's template asks and writes."""

    def taught(self, site: str) -> tuple[int, int]:
        """How many articles of a site have been read, and how many versions of them are kept."""
        ...

    def samples(self, site: str, limit: int) -> list[Version]:
        """The newest versions of so many articles of a site, then the versions before those; none without a body.

        The columns of the site take turns, each with its latest seen first.
        """
        ...

    def lesson(self, site: str, name: str | None = None) -> Lesson | None:
        """What a site has taught: the lesson of that name, or the one learned last."""
        ...

    def lessons(self) -> list[Lesson]:
        """The lesson that each site taught last, by site."""
        ...

    def remember(self, lesson: Lesson) -> None:
        """Keep a lesson. One known by its name stays as it is, but for when and over how much it was learned."""
        ...

    def site_template(self, site: str) -> str:
        """The page frame that the change log last spoke of for a site, empty before the first."""
        ...

    def version(self, page_id: int, number: int) -> Version | None:
        """One version of a page."""
        ...

    def body(self, body_hash: str) -> bytes | None:
        """A kept raw response. Raises BodyUnreadable."""
        ...


class Comparing(Protocol):
    """What the comparison asks and writes."""

    def pending(self, after: int = 0, limit: int = 200) -> list[Observation]:
        """Observations not compared yet, oldest first, with an id above ``after``."""
        ...

    def page(self, page_id: int) -> Page:
        """One page as it is remembered now."""
        ...

    def pages_among(self, site: str, page_ids: Sequence[int]) -> list[Page]:
        """Those of the pages with these (few) ids that are the site's, in the order of the ids."""
        ...

    def page_at(self, site: str, url: str) -> Page | None:
        """A site's page with that address."""
        ...

    def version(self, page_id: int, number: int) -> Version | None:
        """One version of a page."""
        ...

    def body(self, body_hash: str) -> bytes | None:
        """A kept raw response. Raises BodyUnreadable."""
        ...

    def missing_streak(self, page_id: int, upto: int) -> list[Observation]:
        """The unbroken row of visits that found a page gone, ending with observation ``upto``, oldest first.

        Visits that failed or were blocked neither lengthen nor break it.
        """
        ...

    def presence(self, site: str, since: datetime) -> tuple[int, int]:
        """How many of a site's live articles are missing now, and how many were looked at since then in all."""
        ...

    def moved_here(self, site: str, url: str) -> str | None:
        """The address of that site's page that was seen redirecting to ``url``, if any."""
        ...

    def run(self, run: str, site: str) -> Run | None:
        """One crawl of a site; ``None`` where no crawl of that name is known."""
        ...

    def is_running(self, run: str, site: str) -> bool:
        """Whether a crawl has not ended. One that was killed has, once another of its site began: they take turns."""
        ...

    def last_run(self, page_id: int) -> str | None:
        """The run of a page's latest visit."""
        ...

    def hasten(self, page_id: int, now: datetime) -> None:
        """Make a page due now, unless it is not watched any more."""
        ...

    def site_template(self, site: str) -> str:
        """The page frame that the change log last spoke of for a site, empty before the first."""
        ...

    def site_templates(self, site: str, limit: int = 50) -> list[tuple[str, int]]:
        """The frames of the newest versions of a site's live articles with their version numbers, latest seen first."""
        ...

    def site_hosts(self, site: str) -> frozenset[str]:
        """The outside hosts that honest compared versions of a site's pages were seen linking to."""
        ...

    def settle(self, settlement: Settlement) -> bool:
        """Write changes and mark their observation compared, in one transaction.

        False, and nothing written, where another process settled it first, or told another frame of the site.
        """
        ...


class Stories(Protocol):
    """What is asked and written of stories that several pages tell."""

    def unsketched(self, limit: int) -> list[Version]:
        """Newest versions that the index of stories does not know yet, those of the latest found pages first."""
        ...

    def sketched(self, page_ids: Sequence[int]) -> dict[int, int]:
        """At which version number the index knows each of these pages; 0 for one it does not."""
        ...

    def sketch(self, drawn: Iterable[Sketch]) -> None:
        """Put pages into the index, or replace what stands there of them."""
        ...

    def alike(self, marks: Iterable[int], *, excluding: int, shared: int, limit: int = 20) -> list[int]:
        """Pages that share at least ``shared`` marks, those with the rarest first.

        Of a mark that very many pages have only the earliest of these are looked at.
        """
        ...

    def newest(self, page_ids: Sequence[int]) -> list[Version]:
        """The newest versions of these pages, in their order."""
        ...

    def earliest(self, page_ids: Sequence[int]) -> list[Version]:
        """The first versions of these pages, in their order."""
        ...

    def join(self, page_ids: Sequence[int]) -> None:
        """Make these pages one story, with all that is one with any of them already. They must be two or more."""
        ...

    def printings(self, urls: Sequence[str], before: datetime) -> list[Printing]:
        """All printings of the stories that the pages with these addresses tell, as they stood before a moment.

        By story, then in the order in which their addresses were found. Nothing for a page that tells a story alone.
        """
        ...


class Reading(Protocol):
    """What people and renderers ask."""

    def changes(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        site: str | None = None,
        kind: ChangeKind | None = None,
        after: int = 0,
    ) -> list[Change]:
        """The change log in the order it was told; ``since`` inclusive, ``until`` exclusive, ``after`` a change id."""
        ...

    def history(self, url: str) -> list[Version]:
        """All versions of the page with that address, oldest first."""
        ...

    def observations(self, url: str) -> list[Observation]:
        """All visits to that address, oldest first."""
        ...

    def newest(self, urls: Sequence[str]) -> dict[str, Version]:
        """The newest version of each of these pages that has one."""
        ...

    def as_of(self, urls: Sequence[str], before: datetime) -> dict[str, Version]:
        """The newest version of each of these pages that was seen before a moment."""
        ...

    def hijacked(self, urls: Collection[str], before: datetime) -> set[str]:
        """Those of these pages that stand hijacked at a moment, by what was told before it (``storage.hijacks``)."""
        ...

    def versions(self, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], Version]:
        """Versions by the address of their page and their number."""
        ...

    def body(self, body_hash: str) -> bytes | None:
        """A kept raw response. Raises BodyUnreadable."""
        ...


class Archive(Protocol):
    """An open archive."""

    @property
    def crawling(self) -> Crawling: ...
    @property
    def learning(self) -> Learning: ...
    @property
    def comparing(self) -> Comparing: ...
    @property
    def stories(self) -> Stories: ...
    @property
    def reading(self) -> Reading: ...
    @property
    def running(self) -> Running: ...
    @property
    def browsing(self) -> Browsing: ...
    @property
    def searching(self) -> Searching: ...
    @property
    def words(self) -> Words: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def measuring(self) -> Measuring: ...
    @property
    def retention(self) -> Retention: ...
    @property
    def exchange(self) -> Exchange: ...

    def close(self) -> None:
        """Let go of the database."""
        ...
