"""Whether a service does its work: its database answers, its clock goes, its disk has room."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from monitor.metrics.pulse import Pulse

log = logging.getLogger(__name__)

Reason = Literal["database", "clock", "disk"]
"""What is wrong. No more is told: whoever asks may be a stranger, and the log says the rest."""

FREE_ENOUGH = 200_000_000
"""Bytes below which a disk is as good as full."""

PATIENCE = 5.0
"""Seconds that a database has to answer."""


class Health:
    """Looks at one home. ``ask`` asks the database, and raises or blocks where it does not answer."""

    def __init__(self, home: Path | None, pulse: Pulse, ask: Callable[[], None], patience: float = PATIENCE) -> None:
        self._home, self._pulse, self._ask, self._patience = home, pulse, ask, patience
        self._asking: asyncio.Task[None] | None = None

    async def reasons(self) -> list[Reason]:
        """What is wrong now; nothing where all is well."""
        found: list[Reason] = []
        if not await self._database_answers():
            found.append("database")
        if self._pulse.stands:
            found.append("clock")
        if self._home is not None and not has_room(self._home):
            found.append("disk")
        return found

    async def _database_answers(self) -> bool:
        # One question at a time: each that hangs holds a thread that the pages need.
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(asyncio.to_thread(self._ask))
        await asyncio.wait({self._asking}, timeout=self._patience)
        if not self._asking.done():
            log.error("the database has not answered for %s s", self._patience)
            return False
        error = self._asking.exception()
        if error is not None:
            log.error("%s", error)
        return error is None


def has_room(home: Path) -> bool:
    """Whether the disk of a home can still be written to for a while."""
    try:
        return shutil.disk_usage(home).free > FREE_ENOUGH
    except OSError:
        return False
