"""The archive over SQLAlchemy: SQLite by default, PostgreSQL by address."""

from __future__ import annotations

from storage.archive import Archive, Comparing, Crawling, Learning, Reading, Running, Stories
from storage.sql.comparing import SqlComparing
from storage.sql.crawling import SqlCrawling
from storage.sql.engine import Database, make_engine
from storage.sql.learning import SqlLearning
from storage.sql.migrate import ensure_schema
from storage.sql.reading import SqlReading
from storage.sql.running import SqlRunning
from storage.sql.stories import SqlStories


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
