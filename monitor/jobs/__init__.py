"""Crawls by many machines over one PostgreSQL: what is due is put into a queue, and workers take it from there.

``queue.py`` is the only file that knows procrastinate; ``crew.py`` gathers what was taken into few child processes;
``post.py`` is a worker's life, ``posting.py`` the service's side. With SQLite none of it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.faults import Fault, fault
from crawler.launch import Listen
from storage.archive import Archive
from storage.crew import is_shared
from storage.records import Change

if TYPE_CHECKING:
    from monitor.jobs.posting import Posting


def require_queue() -> None:
    """Raise a Fault that says what to install where there is no procrastinate."""
    if find_spec("procrastinate") is None or find_spec("psycopg_pool") is None:
        raise Fault(fault("no-queue"))


async def open_posting(
    home: Path,
    database: str,
    archive: Archive,
    clock: Callable[[], datetime],
    listen: Listen,
    on_change: Callable[[Change], None],
) -> Posting | None:
    """The service's side of the queue; ``None`` where the database is one machine's own. Raises Fault, StorageError."""
    if not is_shared(database):
        return None
    require_queue()
    from monitor.jobs.post import Place
    from monitor.jobs.posting import Posting

    posting = Posting(Place(home, database, archive, clock, listen, on_change))
    await posting.prepare()
    return posting
