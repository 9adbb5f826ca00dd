"""What the tests of a crew have done. It stands alone because each process of the crew loads it, and all around it."""

from __future__ import annotations

import os
from pathlib import Path


def work(asked: str) -> str:
    """What the tests have done: ``read:`` waits until another process does ``write:`` on the same pipe."""
    verb, _, name = asked.partition(":")
    if verb == "die":
        os._exit(7)
    if verb == "read":
        return Path(name).read_text(encoding="utf-8")
    if verb == "write":
        Path(name).write_text("at last", encoding="utf-8")
    return asked
