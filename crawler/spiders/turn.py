"""A crawl's turn at the archive: while another process writes, it reads on instead of standing still.

SQLite lets one write at a time. Two crawls of one archive that wait where they stand lose a fifth of their time
(``python -m bench.cores``), each with pages at hand that could be read meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LOOKS, LOOKS_AGAIN = 500, 0.001
"""How often, and after how many seconds, who is first looks whether the archive is free. After that long it is written
to all the same: the archive itself waits, and says so where that takes too long."""


class Turn:
    """Those who want to write, one behind the other. Only the first looks: ten of them looking would read nothing."""

    def __init__(self, is_busy: Callable[[], bool]) -> None:
        self._is_busy = is_busy
        self._first = asyncio.Lock()

    def is_mine(self) -> bool:
        """Whether who asks may write at once: nobody waits, and no other process writes."""
        return not self._first.locked() and not self._is_busy()

    async def come(self) -> None:
        """Wait until it is one's turn, and write before anything else is waited for."""
        async with self._first:
            for _ in range(LOOKS):
                if not self._is_busy():
                    return
                await asyncio.sleep(LOOKS_AGAIN)
