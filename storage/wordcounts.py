"""The words of days that are over: what the digest holds a new day against."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol


class Words(Protocol):
    """Which words a China day's stories said, kept so that a month of texts need not be read again."""

    def words_of(self, day: date) -> dict[str, int] | None:
        """How often each word was counted on a day; ``None`` where nothing was kept."""
        ...

    def keep_words(self, day: date, counts: Mapping[str, int]) -> None:
        """Keep a day's words, over what was kept of it before."""
        ...
