"""What a crawl puts down in the archive: a visit at once where it brought something, many together where not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from scrapy.exceptions import CloseSpider

from crawler.errand import Errand
from crawler.known import calm_after
from crawler.pipeline import is_quiet, keep, keep_quiet
from storage.archive import Archive
from storage.calm import Calm
from storage.errors import StorageError
from storage.records import Intake, Role, Visit

QUIET_AT_ONCE = 100
"""Visits that brought nothing to read and are kept together: one transaction costs more than its rows."""
QUIET_WAIT = timedelta(seconds=5)
"""And no longer than this: what a kill would make to be asked again stays little."""

Kept = tuple[Errand, Visit, Intake]


class Books:
    """The archive as a crawl writes to it. ``fault`` is what the store said when it could keep nothing any more."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.fault: str | None = None
        self._quiet: list[tuple[Errand, Visit]] = []
        self._calm: dict[int, Calm] = {}

    def stored(self, act: Any, *arguments: Any) -> Any:
        """Do something with the archive; a fault of the store ends the crawl, since nothing could be kept any more."""
        try:
            return act(*arguments)
        except StorageError as error:
            self.fault = str(error)
            raise CloseSpider(f"storage: {error}") from error

    def keep(self, errand: Errand, visit: Visit) -> Iterator[Kept]:
        """Keep a visit. One that brought nothing to read waits for others like it; all that are kept now come back."""
        if is_quiet(errand, visit):
            self._quiet.append((errand, visit))
            if len(self._quiet) >= QUIET_AT_ONCE or visit.at - self._quiet[0][1].at > QUIET_WAIT:
                yield from self.flush()
            return
        intake: Intake = self.stored(keep, self.archive, errand, visit)
        seen = self.stored(calm_after, self.archive, errand, visit, intake)
        if seen is not None and visit.role is Role.COLUMN:
            # At once: what another list lets go makes it forgotten, and later it would be remembered all the same.
            self.stored(self.archive.crawling.remember_calm, {intake.page.id: seen})
        elif seen is not None:
            self._calm[intake.page.id] = seen
            if len(self._calm) >= QUIET_AT_ONCE:
                yield from self.flush()
        yield errand, visit, intake

    def flush(self) -> Iterator[Kept]:
        """Keep what waits, and remember what was seen of pages' bytes."""
        waiting, self._quiet, seen, self._calm = self._quiet, [], self._calm, {}
        self.stored(self.archive.crawling.remember_calm, seen)
        yield from self.stored(keep_quiet, self.archive, waiting)
