"""What a file is about: a page, a site or a day. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from storage.browsing import Wanted
from storage.records import ChangeKind


@dataclass(frozen=True, slots=True)
class Scope:
    """One of these three; a ``day`` is a China day."""

    page_id: int | None = None
    site: str | None = None
    day: date | None = None

    @property
    def way(self) -> str:
        """``page``, ``site`` or ``day``, as in addresses."""
        return "page" if self.page_id is not None else "site" if self.site is not None else "day"

    @property
    def key(self) -> str:
        """Which page, site or day, as in addresses."""
        return str(self.page_id or self.site or self.day)

    @property
    def name(self) -> str:
        """How its files are called, without what they hold."""
        return f"shixun-{self.way}-{self.key}"

    def wanted(self, kinds: Collection[ChangeKind] = ()) -> Wanted:
        """The changes it has, of these kinds or all."""
        return Wanted(
            sites=[self.site] if self.site is not None else [],
            kinds=kinds,
            first_day=self.day,
            last_day=self.day,
            page_id=self.page_id,
        )
