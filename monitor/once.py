"""Troubles that last are told once, and their end."""

from __future__ import annotations

import logging


class Once:
    """Tells a trouble when it begins or becomes another, and that it is over."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._told: str | None = None

    def trouble(self, line: str) -> None:
        """Something does not work, said in one line."""
        if self._told is None:
            self._log.error("%s", line)
        self._told = line

    def well(self, line: str) -> None:
        """It works; said only where it did not."""
        if self._told is not None:
            self._log.info("%s", line)
        self._told = None
