"""What the service and the person who runs it ask of the archive: crawls, what is due, how sites do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from storage.crew import Crew
from storage.records import Ailing, Run, SiteHealth


class Running(Crew, Protocol):
    """What the service and the person who runs it ask and write."""

    def start(self, run: Run) -> None:
        """A crawl of a site begins."""
        ...

    def finish(self, run: Run) -> None:
        """A crawl ended, however it ended; or how far it has come: killed later, its requests still count."""
        ...

    def runs(self, limit: int = 20) -> list[Run]:
        """The newest runs first."""
        ...

    def due_sites(self, now: datetime) -> dict[str, int]:
        """Sites with pages due by ``now`` and how many, the site with the page that is due longest first."""
        ...

    def make_due(self, now: datetime) -> None:
        """Make every watched page due now, as if a night had passed."""
        ...

    def site_names(self) -> dict[str, str]:
        """Names of the sites by key, as last announced."""
        ...

    def announce(self, names: dict[str, str]) -> None:
        """Remember the names of the sites of the catalogue."""
        ...

    def unlisted(self, columns: Mapping[str, Sequence[str]], now: datetime) -> list[str]:
        """The sites, given by key with their columns, that ``Crawling.enlist_columns`` has anything to do for."""
        ...

    def health(self, day: date, now: datetime, site: str | None = None) -> list[SiteHealth]:
        """How each site with a page first seen by then did on a China day, or that one site alone.

        What is stale is judged at ``now`` or at the day's end, whichever is earlier.
        """
        ...

    def ailing(self) -> list[Ailing]:
        """Watched pages that their latest visit did not read: columns however they failed, articles that failed or were
        blocked, or that were not there and are not told of yet; by site, columns first, the longest ailing first."""
        ...

    def counts(self) -> dict[str, int]:
        """How many pages, observations, versions, changes and bodies there are, and how many wait to be compared."""
        ...
