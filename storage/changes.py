"""What the change log says: news, and what of a page it touches. Frozen records, standard library only.

``storage.records`` hands them on with the rest of the domain's types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ChangeKind(StrEnum):
    """What a reader would call the news."""

    NEW = "new"
    EDITED = "edited"
    RETITLED = "retitled"
    REDATED = "redated"
    REMOVED = "removed"
    RESTORED = "restored"
    MOVED = "moved"
    TAMPERED = "tampered"
    REDESIGNED = "redesigned"


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit, as short as it can be said. ``field`` is ``body`` or the label that changed.

    ``op`` is replace, insert, delete or move. ``paragraph`` counts from 0: in the newer text, or for a delete in the
    older; ``None`` for a label. ``before`` and ``after`` are canonical text. ``offset`` is where the edit starts in its
    paragraph, in characters of ``monitor.compare.align.reading``.
    """

    op: str
    before: str
    after: str
    paragraph: int | None = None
    field: str = "body"
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the edits touch. Pairs are (before, after); a lone side is an empty string.

    ``organisations`` and ``places`` are told where one became another, never alone.
    """

    numbers: tuple[tuple[str, str], ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    negations: tuple[tuple[str, str], ...] = ()
    organisations: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the third log: one piece of news about one page (or, for ``redesigned``, one site)."""

    site: str
    url: str
    kind: ChangeKind
    detected_at: datetime
    title: str | None = None
    id: int = 0
    from_version: int | None = None
    to_version: int | None = None
    weight: float = 0.0
    how: str | None = None
    edits: tuple[Edit, ...] = ()
    facts: Facts = Facts()
    paragraphs_added: int = 0
    paragraphs_removed: int = 0
    reprint_of: str | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)
    note: str | None = None
