"""What an archive may let go of once it is old, and what it never does.

A page's first version, its newest, the one that was last told of, those between which a change was told and those that
wait to be compared are kept for ever. The others are spare: noise that was told by nobody. Of these the raw response
goes first, the text later. Frozen records, standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rule:
    """Which spare versions lose what: those first seen before these moments (aware); ``None`` for nothing of a sort.

    ``site`` is one site's key, ``None`` for all.
    """

    bodies_before: datetime | None = None
    texts_before: datetime | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went, or would go: raw responses (of pages and of their files), and whole versions with what they hold."""

    bodies: int = 0
    versions: int = 0

    def __add__(self, other: Pruned) -> Pruned:
        return Pruned(self.bodies + other.bodies, self.versions + other.versions)


class Retention(Protocol):
    """What pruning asks and writes. All of it raises ``storage.errors.StorageError`` alone."""

    def spare(self, rule: Rule) -> Pruned:
        """What the rule would let go of now."""
        ...

    def prune(self, rule: Rule, limit: int = 200) -> Pruned:
        """Let go of at most ``limit`` versions or their bodies, in one transaction; nothing counted: all is done."""
        ...

    def size(self) -> int:
        """Bytes that the database takes on its disk."""
        ...

    def vacuum(self) -> None:
        """Give the room of what went back to the disk. Writers wait meanwhile."""
        ...
