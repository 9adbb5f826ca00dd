"""A WARC file as warcio reads it back, for tests."""

from __future__ import annotations

import io
from dataclasses import dataclass

from warcio.archiveiterator import ArchiveIterator


@dataclass(frozen=True)
class Read:
    """A record as warcio reads it back."""

    kind: str
    uri: str
    date: str
    id: str
    status: str
    headers: dict[str, str]
    http: dict[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, str]:
        return dict(line.split(": ", 1) for line in self.body.decode().splitlines())

    @property
    def profile(self) -> str:
        return self.headers.get("WARC-Profile", "").rpartition("/")[2]


def read(data: bytes) -> list[Read]:
    """All records, their digests checked."""
    found = []
    for record in ArchiveIterator(io.BytesIO(data), check_digests="raise"):
        http = record.http_headers
        body = record.content_stream().read()
        assert record.digest_checker.passed is not False
        headers = dict(record.rec_headers.headers)
        found.append(
            Read(
                record.rec_type,
                headers.get("WARC-Target-URI", ""),
                headers["WARC-Date"],
                headers["WARC-Record-ID"],
                http.get_statuscode() if http else "",
                headers,
                dict(http.headers) if http else {},
                body,
            )
        )
    return found
