"""Two versions compared for whoever looks at them: a bounded part of each, one pair at a time, the last few kept.

To compare two long texts that have nothing in common takes a second of a processor; who loads a page again, or asks for
many at once, must not cost that each time.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from monitor.compare.difference import Difference, honest_difference
from monitor.web.beside import Row, beginning, beside
from storage.records import Version

KEPT = 16
"""Pairs that are kept."""

Key = tuple[str, int, str, int, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """Both texts as rows, and what a reader would be told; ``None`` for nothing."""

    rows: tuple[Row, ...]
    found: Difference | None


_lock = Lock()
_made: OrderedDict[Key, Compared] = OrderedDict()


def compared(old: Version, new: Version) -> Compared:
    """Two versions of one page, either of them the earlier one; versions are never altered once written."""
    key = (old.url, old.number, old.fingerprint, new.number, new.fingerprint)
    with _lock:
        if key in _made:
            _made.move_to_end(key)
        else:
            was, now = beginning(old.article), beginning(new.article)
            _made[key] = Compared(beside(was, now), honest_difference(was, now))
        while len(_made) > KEPT:
            _made.popitem(last=False)
        return _made[key]
