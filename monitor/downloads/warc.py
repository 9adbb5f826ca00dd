"""Visits as a file that replay tools read (WARC 1.1, ISO 28500:2017), a gzip member a record, oldest first.

Each visit that was answered is one record, dated by it: a ``response`` where it brought bytes that are kept; a
``revisit`` where it is known to have brought bytes that stand in this file already, or was told that nothing was
modified; else ``metadata`` that says how it ended. A file that begins after a page was first read has the bytes it
needs as a response with the date on which they came. What was told as tampered, withdrawn or moved stands at the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from monitor.downloads.members import Member, member, uri_of
from monitor.downloads.scope import Scope
from monitor.downloads.visits import Book
from monitor.tell import as_json
from storage.archive import Archive
from storage.browsing import KeptVisit
from storage.records import ChangeKind

LARGEST = 1_000_000_000
"""Bytes after which a file ends, as it is usual among archives; another goes on behind the visit it ended with."""

TOLD = (ChangeKind.TAMPERED, ChangeKind.REMOVED, ChangeKind.RESTORED, ChangeKind.MOVED, ChangeKind.REDESIGNED)
"""Changes that no page's bytes tell."""

AT_ONCE = 200

DESCRIPTION = (
    "Each visit that was answered, by the address that was asked; where that redirects is not kept. Bodies are as they "
    "were received but for content and transfer encodings. Of the headers only status, length and type are given: the "
    "status as received, the type as reading the body finds it; the server's own were not kept. A visit that brought "
    "the same article in other bytes is metadata: those bytes were not kept."
)


def as_warc(
    archive: Archive, scope: Scope, now: datetime, *, after: int = 0, largest: int = LARGEST
) -> Iterator[bytes]:
    """The file, a record at a time: visits with an id above ``after`` up to ``now`` (aware).

    Raises StorageError; a body that is damaged is told in the file.
    """
    yield _info(scope, now, after)
    book, size = Book(archive), 0
    for kept in _visits(archive, scope, after, now):
        if size > largest:
            yield member(_onward(after, now))
            return
        for record in book.records(kept):
            written = member(record)
            size += len(written)
            yield written
        after = kept.visit.id
    yield from _told(archive, scope)


def _visits(archive: Archive, scope: Scope, after: int, until: datetime) -> Iterator[KeptVisit]:
    """The visits until then: what comes while the file is written would make it grow for ever."""
    while some := archive.browsing.kept(site=scope.site, day=scope.day, page_id=scope.page_id, after=after):
        for kept in some:
            if kept.visit.at <= until:
                yield kept
            after = kept.visit.id
        if all(kept.visit.at > until for kept in some):
            return


def _info(scope: Scope, now: datetime, after: int) -> bytes:
    fields = {
        "software": "shixun",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": f"{scope.way} {scope.key}" + (f", visits behind {after}" if after else ""),
        "description": DESCRIPTION,
    }
    return member(Member("warcinfo", "", now, fields=fields, name=f"{scope.name}.warc.gz"))


def _onward(after: int, now: datetime) -> Member:
    """That the file ends before its visits do, and behind which one the next begins."""
    return Member("metadata", "urn:shixun:onward", now, fields={"truncated": "length", "after": str(after)})


def _told(archive: Archive, scope: Scope) -> Iterator[bytes]:
    """What the change log tells that no bytes do, newest first."""
    wanted, before = scope.wanted(TOLD), None
    while found := archive.browsing.changes(wanted, before=before, limit=AT_ONCE):
        for entry in found:
            change = entry.change
            line = json.dumps(as_json(change), allow_nan=False)
            yield member(Member("metadata", uri_of(change.url), change.detected_at, fields={"change": line}))
        before = found[-1].change.id
