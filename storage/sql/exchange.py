"""The archive's side of giving and taking, over SQLAlchemy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from storage.exchange import Part, Record, Taken
from storage.sql.engine import Database, till_its_turn


class SqlExchange:
    """See ``storage.exchange.Exchange``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, part: Part) -> Iterator[Record]:
        # Loaded where it is asked for: every crawl child opens the archive.
        from storage.sql.giving import give

        return give(self._database, part)

    @till_its_turn
    def take(self, records: Sequence[Record], strangers: set[tuple[str, str]], past: Collection[str]) -> Taken:
        from storage.sql.taking import take

        return take(self._database, records, strangers, past)

    def has_visit(self, page_id: int, run: str, at: datetime) -> bool:
        from storage.sql.taking import has_visit

        return has_visit(self._database, page_id, run, at)

    def recount(self, days: Collection[date]) -> None:
        from storage.sql.taking import recount

        recount(self._database, days)
