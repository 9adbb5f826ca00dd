"""Which records a visit becomes: what is honest to say of it, and where the bytes stand that it refers to."""

from __future__ import annotations

import base64
import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Generic, TypeVar

from monitor.downloads.members import NOT_MODIFIED, PROFILES, SAME, Member, date_of, uri_of
from monitor.tell import printable
from storage.archive import Archive
from storage.bodies import SAME_BYTES
from storage.browsing import KeptVisit
from storage.errors import BodyUnreadable
from storage.records import Observation, Outcome, Version

MOST_KNOWN = 20_000
"""Bodies, and pages, that are remembered while a file is written: what was forgotten is written once more."""

LOOKED_BACK = 1_000
"""Visits among which a page's last full answer is looked for."""

AT_ONCE = 200

_FULL = frozenset({Outcome.NEW_VERSION, Outcome.UNCHANGED, Outcome.LISTED})
_BRINGS = frozenset({Outcome.NEW_VERSION, Outcome.LISTED, Outcome.EMPTY})

_HEAD = 1_000
_TYPES = {
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/zip",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"GIF8": "image/gif",
}

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The latest things remembered, each until so many others were."""

    def __init__(self, most: int = MOST_KNOWN) -> None:
        self._held: OrderedDict[K, V] = OrderedDict()
        self._most = most

    def get(self, key: K) -> V | None:
        """What is remembered."""
        if key in self._held:
            self._held.move_to_end(key)
        return self._held.get(key)

    def put(self, key: K, value: V) -> None:
        """Remember it."""
        self._held[key] = value
        self._held.move_to_end(key)
        if len(self._held) > self._most:
            self._held.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Written:
    """A response that stands in the file: where a revisit finds the bytes."""

    uri: str
    date: str
    digest: str
    type: str
    size: int


class Book:
    """What is known while a file is written."""

    def __init__(self, archive: Archive, most: int = MOST_KNOWN) -> None:
        self._archive = archive
        self._written: Recent[bytes, Written] = Recent(most)
        self._lost: Recent[bytes, str] = Recent(most)
        # By page: whether the last full answer was, byte for byte, the body that is kept.
        self._sure: Recent[int, bool] = Recent(most)

    def records(self, kept: KeptVisit) -> Iterator[Member]:
        """The records of a visit, those that it refers to first."""
        visit = kept.visit
        brought = visit.version is not None and visit.outcome in _BRINGS and visit.status != HTTPStatus.NOT_MODIFIED
        same = brought or SAME_BYTES in visit.evidence
        if visit.status == HTTPStatus.NOT_MODIFIED:
            same = False
            known = kept.body is not None and self._was_kept(visit)
        else:
            known = kept.body is not None and same
            if visit.outcome in _FULL:
                self._sure.put(visit.page_id, known)
        if not known or kept.body is None:
            yield _only_told(kept, "not kept")
            return
        yield from self._known(kept, kept.body, same, brought)

    def _known(self, kept: KeptVisit, name: str, same: bool, brought: bool) -> Iterator[Member]:
        """A visit whose bytes are kept: a revisit where they stand in the file, else a response."""
        visit, key = kept.visit, bytes.fromhex(name)
        written = self._written.get(key)
        if written is None:
            # What was received now is dated now; what a 304 speaks of came when its version did.
            version = self._version(kept)
            since = visit.at if same else self._received(version, kept)
            response = self._response(visit, name, since, version.article.encoding if version else "utf-8")
            if response is None:
                yield _only_told(kept, self._lost.get(key) or "missing")
                return
            yield response
            written = self._stands(response, key)
            if same:
                yield from _tampered(version, response)
                return
        elif brought:
            yield from _tampered(self._version(kept), _revisit(visit, written, SAME), first=True)
            return
        yield _revisit(visit, written, SAME if same else NOT_MODIFIED)

    def _version(self, kept: KeptVisit) -> Version | None:
        if kept.version is None:
            return None
        return self._archive.browsing.version(kept.visit.page_id, kept.version)

    def _received(self, version: Version | None, kept: KeptVisit) -> datetime:
        """When the bytes of a version came: with an earlier one, where only a file of the page was replaced since."""
        since = kept.since or kept.visit.at
        while version is not None and version.number > 1:
            earlier = self._archive.browsing.version(version.page_id, version.number - 1)
            if earlier is None or earlier.body_hash != version.body_hash:
                return since
            version, since = earlier, earlier.seen_at
        return since

    def _response(self, visit: Observation, name: str, at: datetime, encoding: str) -> Member | None:
        """The bytes as a response; ``None`` where the archive has lost them, which is remembered."""
        key = bytes.fromhex(name)
        if self._lost.get(key) is not None:
            return None
        try:
            body = self._archive.reading.body(name)
        except BodyUnreadable:
            self._lost.put(key, "damaged")
            return None
        if body is None:
            self._lost.put(key, "missing")
            return None
        http = (("Content-Type", type_of(body, encoding)), ("Content-Length", str(len(body))))
        return Member("response", uri_of(visit.url), at, body=body, status=_line(HTTPStatus.OK), http=http)

    def _stands(self, response: Member, key: bytes) -> Written:
        digest = "sha1:" + base64.b32encode(hashlib.sha1(response.body, usedforsecurity=False).digest()).decode()
        written = Written(
            response.uri, date_of(response.at), digest, dict(response.http)["Content-Type"], len(response.body)
        )
        self._written.put(key, written)
        return written

    def _was_kept(self, visit: Observation) -> bool:
        """Whether the answer that a 304 speaks of, the page's last full one, is the one that is kept."""
        known = self._sure.get(visit.page_id)
        if known is None:
            known = self._looked_back(visit)
            self._sure.put(visit.page_id, known)
        return known

    def _looked_back(self, visit: Observation) -> bool:
        before = visit.id
        for _ in range(LOOKED_BACK // AT_ONCE):
            earlier = self._archive.browsing.observations(visit.page_id, before=before, limit=AT_ONCE)
            for one in earlier:
                if one.outcome in _FULL and one.status != HTTPStatus.NOT_MODIFIED:
                    return one.version is not None or SAME_BYTES in one.evidence
            if len(earlier) < AT_ONCE:
                return False
            before = earlier[-1].id
        return False


def type_of(body: bytes, encoding: str) -> str:
    """The media type as the first bytes show it; of a text with the encoding that it was read in."""
    head = body[:_HEAD]
    for sign, known in _TYPES.items():
        if head.startswith(sign):
            return known
    if b"\0" in head and encoding != "utf-16":
        return "application/octet-stream"
    start = head.decode(encoding, "ignore").lstrip("\ufeff \t\r\n").lower()
    name = "application/json" if start[:1] in ("{", "[") else "text/html"
    if start.startswith("<?xml") and "<html" not in start:
        name = "application/xml"
    return f"{name}; charset={encoding}"


def _revisit(visit: Observation, written: Written, profile: str) -> Member:
    """A visit whose bytes stand elsewhere in the file.

    What was not modified says nothing of its own bytes, and has no headers: given a 304, replay tools show that, not
    the page.
    """
    refers = {
        "WARC-Profile": PROFILES + profile,
        "WARC-Refers-To-Target-URI": written.uri,
        "WARC-Refers-To-Date": written.date,
    }
    uri = uri_of(visit.url)
    if profile == NOT_MODIFIED:
        return Member("revisit", uri, visit.at, refers=refers)
    refers["WARC-Payload-Digest"] = written.digest
    http = (("Content-Type", written.type), ("Content-Length", str(written.size)))
    return Member("revisit", uri, visit.at, status=_line(visit.status or 200), http=http, refers=refers)


def _tampered(version: Version | None, record: Member, *, first: bool = False) -> Iterator[Member]:
    """The record (where asked for), and a warning beside it where the version it brought is suspected of tampering."""
    if first:
        yield record
    if version is not None and "tampered" in version.article.flags:
        fields = {"version": str(version.number), "flags": ", ".join(version.article.flags)}
        yield Member("metadata", record.uri, record.at, fields=fields, refers={"WARC-Refers-To": record.id})


def _only_told(kept: KeptVisit, bytes_are: str) -> Member:
    """A visit without its bytes: how it ended."""
    visit = kept.visit
    fields = {"outcome": visit.outcome.value, "status": str(visit.status), "size": str(visit.size), "bytes": bytes_are}
    if visit.how:
        fields["how"] = printable(visit.how)
    if visit.evidence.get("to"):
        fields["to"] = printable(str(visit.evidence["to"]))
    if kept.version is not None and visit.outcome in _FULL | {Outcome.NOT_MODIFIED}:
        fields["version"] = str(kept.version)
    return Member("metadata", uri_of(visit.url), visit.at, fields=fields)


def _line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} "
