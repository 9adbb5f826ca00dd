"""The archive over SQLAlchemy: SQLite by default, PostgreSQL by address."""

from __future__ import annotations

from storage.archive import Archive, Comparing, Crawling, Learning, Reading, Stories
from storage.browsing import Browsing
from storage.exchange import Exchange
from storage.measuring import Measuring
from storage.outbox import Outbox
from storage.retention import Retention
from storage.running import Running
from storage.searching import Searching
from storage.sql.browsing import SqlBrowsing
from storage.sql.comparing import SqlComparing
from storage.sql.crawling import SqlCrawling
from storage.sql.engine import Database, make_engine
from storage.sql.exchange import SqlExchange
from storage.sql.learning import SqlLearning
from storage.sql.measuring import SqlMeasuring
from storage.sql.migrate import ensure_schema
from storage.sql.outbox import SqlOutbox
from storage.sql.reading import SqlReading
from storage.sql.retention import SqlRetention
from storage.sql.running import SqlRunning
from storage.sql.search import SqlSearching
from storage.sql.stories import SqlStories
from storage.sql.wordcounts import SqlWords
from storage.wordcounts import Words


class SqlArchive:
    """See ``storage.archive.Archive``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.crawling: Crawling = SqlCrawling(database)
        self.learning: Learning = SqlLearning(database)
        self.comparing: Comparing = SqlComparing(database)
        self.stories: Stories = SqlStories(database)
        self.reading: Reading = SqlReading(database)
        self.running: Running = SqlRunning(database)
        self.browsing: Browsing = SqlBrowsing(database)
        self.searching: Searching = SqlSearching(database)
        self.words: Words = SqlWords(database)
        self.outbox: Outbox = SqlOutbox(database)
        self.measuring: Measuring = SqlMeasuring(database)
        self.retention: Retention = SqlRetention(database)
        self.exchange: Exchange = SqlExchange(database)

    def close(self) -> None:
        """Close all connections."""
        self._database.close()


def open_archive(address: str) -> Archive:
    """Open the database at an address, bringing its schema up to date.

    Raises DatabaseUnreachable, NewerDatabase, DatabaseLocked or DiskFull.
    """
    database = Database(make_engine(address))
    try:
        ensure_schema(database)
    except BaseException:
        database.close()
        raise
    return SqlArchive(database)
