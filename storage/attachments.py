"""An article's files: what a visit saw of them, and what is kept. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.records import Attachment


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a version as it was last seen. ``checked_at`` (aware UTC) is when it was last asked for.

    ``hash`` names its bytes in the store of bodies; it is ``None`` where they never came. ``etag`` and
    ``last_modified`` are what the server called them.
    """

    url: str
    hash: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FileVisit:
    """One request for a file, and what came back: its bytes' ``hash``, or an ``error`` where none came.

    ``body`` is ``None`` where the bytes are known already.
    """

    url: str
    at: datetime
    hash: str | None = None
    body: bytes | None = None
    etag: str | None = None
    last_modified: str | None = None
    error: str | None = None


def with_hashes(attachments: Iterable[Attachment], files: Iterable[KeptFile]) -> tuple[Attachment, ...]:
    """Attachments with the hashes of those that are kept."""
    known = {file.url: file.hash for file in files}
    return tuple(replace(each, hash=known.get(each.url, each.hash)) for each in attachments)
