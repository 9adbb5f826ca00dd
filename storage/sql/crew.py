"""Services and workers that know of each other, over SQLAlchemy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete, select, text

from storage.crew import Queue, Worker
from storage.sql.engine import Database, translated
from storage.sql.holding import try_lock
from storage.sql.tables import catalogues, workers
from storage.sql.upsert import upsert

WORKER_FORGOTTEN = timedelta(days=1)
CATALOGUE_FORGOTTEN = timedelta(days=7)

# The view that ``monitor.jobs`` makes of its queue; how it is kept is that room's own affair.
QUEUE = text("""
    SELECT count(*) FILTER (WHERE state = 'todo') AS waiting, count(*) FILTER (WHERE state = 'doing') AS doing,
           count(*) FILTER (WHERE state NOT IN ('todo', 'doing')) AS failed,
           min(since) FILTER (WHERE state = 'todo') AS oldest_at
    FROM shixun_jobs.queue
""")


class SqlCrew:
    """See ``storage.crew.Crew``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def workers(self, now: datetime) -> list[Worker]:
        known = select(workers).where(workers.c.seen_at > now - WORKER_FORGOTTEN)
        with self._database.read() as connection:
            rows = connection.execute(known.order_by(workers.c.name, workers.c.id)).mappings()
            return [Worker(**{**row, "doing": tuple(json.loads(row["doing"]))}) for row in rows]

    def note_worker(self, worker: Worker) -> None:
        row = asdict(worker) | {"doing": json.dumps(worker.doing)}
        with self._database.write() as connection:
            upsert(connection, workers, row, row)
            connection.execute(delete(workers).where(workers.c.seen_at < worker.seen_at - WORKER_FORGOTTEN))

    def dismiss(self, worker_id: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(workers).where(workers.c.id == worker_id))

    def queue(self) -> Queue | None:
        if not self._database.is_shared:
            return None
        with self._database.read() as connection:
            if connection.execute(text("SELECT to_regclass('shixun_jobs.queue')")).scalar() is None:
                return None
            return Queue(**connection.execute(QUEUE).mappings().one())

    def publish_catalogue(self, name: str, text: str, now: datetime) -> None:
        row = {"name": name, "text": text, "published_at": now}
        with self._database.write() as connection:
            upsert(connection, catalogues, row, {"published_at": now})
            connection.execute(delete(catalogues).where(catalogues.c.published_at < now - CATALOGUE_FORGOTTEN))

    def published(self, name: str) -> str | None:
        with self._database.read() as connection:
            return connection.execute(select(catalogues.c.text).where(catalogues.c.name == name)).scalar()

    @contextmanager
    def turn(self, name: str) -> Iterator[bool]:
        if not self._database.is_shared:
            yield True
            return
        with translated():
            connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            with translated():
                mine = try_lock(connection, f"turn {name}")
            yield mine
        finally:
            # A connection that went back to the pool would keep the turn.
            connection.invalidate()
            connection.close()

    def claim(self, site: str) -> bool:
        if not self._database.is_shared:
            return True
        self._database.hold()
        with self._database.write() as connection:
            return try_lock(connection, f"site {site}")

    def check_claims(self) -> None:
        if self._database.is_holding:
            with self._database.read() as connection:
                connection.execute(text("SELECT 1"))
