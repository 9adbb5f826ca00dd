"""What moving an archive to another database tells. Frozen records, standard library only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Step = Callable[[str, int, int], None]
"""(what is done: ``copy``, ``verify`` or ``index``; how much of it; of how much), told now and then."""


@dataclass(frozen=True, slots=True)
class TableMoved:
    """A table that is now in both databases with the same rows; ``sha256`` is of their values in key order.

    It is the same on either kind of database, for as long as nothing is written.
    """

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Moved:
    """An archive that was moved. ``went_on``: something was written to the old one meanwhile, and is not in the new."""

    tables: tuple[TableMoved, ...]
    went_on: bool = False

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(table.rows for table in self.tables)
