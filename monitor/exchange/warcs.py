"""WARC files read: what stands in one, and one record whole. Beside ``downloads.members`` the one that knows warcio.

Files are as crawlers write them (wget, Heritrix, browsertrix, Shixun itself; WARC 0.17 to 1.1), plain or a gzip member
a record. What is damaged is passed over and told, and reading goes on with the next record that can be found.
"""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO, Literal

import brotli  # Scrapy needs it too
import zstandard
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataException, DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

SAME, NOT_MODIFIED = "identical-payload-digest", "server-not-modified"
"""How the profiles of revisits end."""

_BROKEN = (
    *(ArchiveLoadFailed, StatusAndHeadersParserException, ChunkedDataException),
    *(zlib.error, ValueError, EOFError, AttributeError, TypeError, LookupError, AssertionError),
)
"""What warcio fails with at a record that is no record: it trusts in headers that may not be there."""

_MEMBER, _PLAIN = b"\x1f\x8b\x08", b"WARC/"
_SIGN = re.compile(rb"\x1f\x8b\x08|(?<=\n)WARC/")
_AT_ONCE, _HEAD = 1 << 20, 1 << 10
_LONGEST_LINE = 1 << 16
_LARGEST_WINDOW = 8 << 20
_UNPACKED = ("identity", "x-gzip", "none", "utf-8", "")
"""Content encodings that change nothing, some of them no encodings but often sent, and one by its old name."""
_FRAMING = 1 << 20
"""Bytes that chunks and headers may put around a body."""


@dataclass(frozen=True, slots=True)
class Capture:
    """A record of an answer. ``at`` is aware, ``None`` where the record has no date.

    ``metadata`` is what an export of our own says of an answer that was an error: its status without its bytes.

    ``offset`` is where it begins in the file. ``digest`` names its payload; ``profile`` says what kind of revisit it
    is, ``refers`` the address and date of the record that it refers to.
    """

    offset: int
    kind: Literal["response", "revisit", "metadata"]
    url: str
    at: datetime | None
    status: int | None
    digest: str = ""
    profile: str = ""
    refers: tuple[str, datetime | None] | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """A record that is no answer of a web server: a request, a name looked up, what a crawler says of itself."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A record that cannot be read, or is not whole; ``offset`` is where it begins."""

    offset: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whole. ``body`` is without transfer and content encoding, ``None`` where it is too large.

    ``headers`` are those that say something of the body. ``whole`` is false where the crawler says that it broke off,
    ``plain`` where the body is in an encoding that nothing here can undo.
    """

    status: int
    headers: dict[str, str]
    body: bytes | None
    whole: bool = True
    plain: bool = True


class _Lines(DecompressingBufferedReader):  # type: ignore[misc]
    """A stream whose lines end: a hole that a crash left in a file is one line of zeros, however long."""

    def readline(self, length: int | None = None) -> bytes:
        """The next line, or so much of it."""
        line: bytes = super().readline(_LONGEST_LINE if length is None else min(length, _LONGEST_LINE))
        return line


def _reading(file: BinaryIO, *, http: bool = True) -> Any:
    """warcio's iterator from here on."""
    reader = ArchiveIterator(file, no_record_parse=not http)
    reader.reader = _Lines(file)
    return reader


class PackedWhole(ValueError):
    """The file is one gzip stream: no record of it can be found by its place."""


def name_of(file: BinaryIO) -> str:
    """A short name for the file, by its first record: the same wherever it lies, and as it grows."""
    file.seek(0)
    with _unsaid():
        try:
            said = str(next(_reading(file, http=False)).rec_headers.headers)
        except (StopIteration, *_BROKEN):
            said = ""
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:24]


def records(file: BinaryIO) -> Iterator[Capture | Other | Damage]:
    """All records of a file that can be sought in, in their order. Raises PackedWhole."""
    start: int | None = 0
    while start is not None:
        broke = yield from _stretch(file, start)
        if broke is None:
            return
        yield Damage(broke)
        start = _next_record(file, broke + 1)


def answer_at(file: BinaryIO, offset: int, most: int) -> Answer | None:
    """The answer that begins there, with a body of at most so many bytes; ``None`` where it cannot be read."""
    file.seek(offset)
    with _unsaid():
        try:
            record = next(_reading(file))
            return _answer(record, most)
        except (StopIteration, *_BROKEN):
            return None


def _answer(record: Any, most: int) -> Answer | None:
    http = record.http_headers
    status = _status(http)
    if status is None:
        return None
    names = ("Content-Type", "ETag", "Last-Modified")
    headers = {name: value for name in names if (value := http.get_header(name))}
    packed = (http.get_header("Content-Encoding") or "identity").strip().lower()
    # What warcio undoes itself; it fails at Brotli's newer releases.
    theirs = "identity" if packed in _UNPACKERS else "gzip" if packed == "x-gzip" else packed
    http.replace_header("Content-Encoding", theirs)
    if (chunks := http.get_header("Transfer-Encoding")) is not None:
        http.replace_header("Transfer-Encoding", chunks.strip().lower())
    plain = packed in (*_UNPACKED, *_UNPACKERS, *BufferedReader.get_supported_decompressors())
    whole = record.rec_headers.get_header("WARC-Truncated") is None
    if record.length is not None and record.length > most + _FRAMING:
        return Answer(status, headers, None, whole, plain)
    body = record.content_stream().read(most + 1)
    if packed in _UNPACKERS and len(body) <= most:
        body, whole = _unpacked(packed, body, most, whole=whole)
    return Answer(status, headers, body if len(body) <= most else None, whole, plain)


def _unpacked(packed: str, body: bytes, most: int, *, whole: bool) -> tuple[bytes, bool]:
    """A body out of its encoding, up to little more than so many bytes, and whether all of it was there."""
    try:
        return _UNPACKERS[packed](body, most + 1), whole
    except (brotli.error, zstandard.ZstdError, EOFError):
        # Some crawlers unpack a body and leave the header as it came.
        return (body, whole) if body.lstrip().startswith(b"<") else (b"", False)


def _from_brotli(body: bytes, most: int) -> bytes:
    unpacker = brotli.Decompressor()
    out: bytes = unpacker.process(body, output_buffer_limit=most)
    if len(out) < most and not unpacker.is_finished():
        raise EOFError
    return out


def _from_zstd(body: bytes, most: int) -> bytes:
    with zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).stream_reader(body) as unpacker:
        return unpacker.read(most)


_UNPACKERS = {"br": _from_brotli, "zstd": _from_zstd}


def _stretch(file: BinaryIO, start: int) -> Generator[Capture | Other | Damage, None, int | None]:
    """The records from one on, up to the first that is damaged: where that begins, ``None`` at the end of the file."""
    file.seek(start)
    reader, at = _reading(file), start
    while True:
        with _unsaid():
            try:
                record = next(reader)
                found = _found(record, reader.offset)
                faults = reader.err_count
                reader.read_to_end()
                short = getattr(record.raw_stream, "limit", 1) > 0 or reader.err_count > faults
            except StopIteration:
                # A record that ends in its first bytes is none to warcio.
                file.seek(at)
                return at if file.read(_HEAD).strip() else None
            except _BROKEN as error:
                if "non-chunked gzip" in str(error):
                    raise PackedWhole from error
                return at
        if short:
            return found[0]
        yield found[1]
        at = reader.offset


def _found(record: Any, offset: int) -> tuple[int, Capture | Other]:
    """A record as it is told of, before its body is read."""
    kind, said = record.rec_type, record.rec_headers
    url = (said.get_header("WARC-Target-URI") or "").strip()
    if not url.lower().startswith(("http://", "https://")):
        return offset, Other()
    if kind == "metadata" and (status := _told_status(record)) is not None:
        return offset, Capture(offset, kind, url, _moment(said.get_header("WARC-Date")), status)
    if kind not in ("response", "revisit"):
        return offset, Other()
    refers = said.get_header("WARC-Refers-To-Target-URI")
    return offset, Capture(
        offset,
        kind,
        url,
        _moment(said.get_header("WARC-Date")),
        _status(record.http_headers),
        digest=said.get_header("WARC-Payload-Digest") or "",
        profile=(said.get_header("WARC-Profile") or "").rstrip("/").rpartition("/")[2],
        refers=(refers.strip("<> "), _moment(said.get_header("WARC-Refers-To-Date"))) if refers else None,
    )


def _status(http: Any) -> int | None:
    said = http.get_statuscode() if http else ""
    return int(said) if said and said.isascii() and said.isdecimal() and len(said) == 3 else None


def _told_status(record: Any) -> int | None:
    """The status of an answer without its bytes, as an export of our own tells it; of errors alone."""
    said = record.content_stream().read(_HEAD) if (record.length or 0) <= _HEAD else b""
    fields = dict(line.split(b": ", 1) for line in said.splitlines() if b": " in line)
    status = fields.get(b"status", b"") if b"outcome" in fields else b""
    return int(status) if status.isdigit() and 400 <= int(status) < 600 else None


def _moment(said: str | None) -> datetime | None:
    """``2026-11-23T00:00:00Z``, with a fraction or without; ``None`` for less than that."""
    try:
        moment = datetime.fromisoformat((said or "").strip())
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _next_record(file: BinaryIO, start: int) -> int | None:
    """Where the next record begins that can be read, from a place on."""
    file.seek(start - 1)
    held, at = file.read(1), start - 1
    while piece := file.read(_AT_ONCE):
        held += piece
        for found in _SIGN.finditer(held):
            if at + found.start() >= start and _begins(file, at + found.start()):
                return at + found.start()
        keep = held[-len(_PLAIN) :]
        at += len(held) - len(keep)
        held = keep
        file.seek(at + len(keep))
    return None


def _begins(file: BinaryIO, offset: int) -> bool:
    """Whether a record begins there."""
    file.seek(offset)
    head = file.read(_HEAD)
    if head.startswith(_MEMBER):
        try:
            head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, 64)
        except zlib.error:
            return False
    return head.startswith(_PLAIN) and head[5:6].isdigit()


@contextmanager
def _unsaid() -> Iterator[None]:
    """warcio tells of what is damaged on standard error; it is told here in words of our own."""
    with redirect_stderr(io.StringIO()):
        yield
