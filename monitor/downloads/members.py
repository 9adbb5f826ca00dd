"""One record of a WARC file as the gzip member it is written as. Beside ``exchange.warcs``, which reads such files, the
one file that knows warcio. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Literal
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
SAME, NOT_MODIFIED = "identical-payload-digest", "server-not-modified"

# What RFC 3986 reserves or leaves alone, and what is escaped already.
_BREAKS = re.compile(r"[\r\n]+")
_KEPT = "%:/?#[]@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class Member:
    """A record. ``uri`` and ``at`` (aware) are what it is about and when; ``fields`` are of warcinfo and metadata.

    ``status`` is an HTTP status line without its version, with the headers ``http``. ``refers`` are further WARC
    headers, ``name`` is the file's.
    """

    kind: Literal["warcinfo", "response", "revisit", "metadata"]
    uri: str
    at: datetime
    body: bytes = b""
    status: str | None = None
    http: tuple[tuple[str, str], ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    refers: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None

    @property
    def id(self) -> str:
        """The same for the same record in whichever file, and no other's."""
        said = [self.kind, self.uri, date_of(self.at), *map(str, self.fields.items()), *map(str, self.refers.items())]
        return f"<{uuid5(NAMESPACE_URL, chr(10).join(said)).urn}>"


def member(one: Member) -> bytes:
    """The record as it stands in a file, with its digests (SHA-1 in base 32, which all tools know)."""
    body = _lines(one.fields) if one.fields else one.body
    headers = {"WARC-Record-ID": one.id, "WARC-Date": date_of(one.at)}
    headers |= {"WARC-Filename": one.name} if one.name else {}
    http = StatusAndHeaders(one.status, list(one.http), protocol="HTTP/1.1") if one.status else None
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    record = writer.create_warc_record(
        one.uri,
        one.kind,
        payload=BytesIO(body),
        length=len(body),
        http_headers=http,
        warc_headers_dict=headers | dict(one.refers),
    )
    writer.write_record(record)
    return out.getvalue()


def uri_of(url: str) -> str:
    """An address as RFC 3986 has it: what it has no sign for is escaped."""
    return quote(url, safe=_KEPT, errors="surrogatepass")


def date_of(moment: datetime) -> str:
    """An aware moment in UTC, as exact as it is known: ``2026-11-23T00:00:00Z``, ``2026-11-23T00:00:00.25Z``."""
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat()
    return (text.rstrip("0") if "." in text else text) + "Z"


def _lines(fields: Mapping[str, str]) -> bytes:
    """``application/warc-fields``: a line each."""
    return "".join(f"{name}: {_BREAKS.sub(' ', value)}\r\n" for name, value in fields.items()).encode()
