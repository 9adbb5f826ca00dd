"""A record as a line of JSON and back. Pure.

What a field holds unless said otherwise is left out, so that a line is as long as what it says. Moments are in UTC,
bodies are zstd frames in base 64. Keys that are not known are passed over.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

import zstandard
from pydantic import TypeAdapter, ValidationError

from storage.bodies import LEVEL, body_hash
from storage.exchange import GivenVersion, KnownSite, News, Record
from storage.records import Change, Lesson, Observation, Page, Run, Version

FORMAT, NUMBER = "shixun-archive", 1
"""The name of the format, and the number that says how it is to be read."""

_PLAIN: dict[str, type[Any]] = {
    "site": KnownSite, "lesson": Lesson, "run": Run, "page": Page, "visit": Observation,
}  # fmt: skip
_NAMES: dict[type[Any], str] = {kind: name for name, kind in _PLAIN.items()}
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in (*_PLAIN.values(), Version, Change)}
_NUMBERS = {"id", "page_id"}
_NUMBERED = (Page, Observation, Version, Change)


LARGEST = 256_000_000
"""Bytes of a body; none that a crawl keeps comes near."""


class BadLine(ValueError):
    """A line that is no record; its text says what is wrong with it, and nothing of what it holds."""


def line_of(record: Record) -> str:
    """The record as a line, without its end."""
    if isinstance(record, GivenVersion):
        said = {"is": "version", **_version(record.version)}
        if record.bodies:
            said["bodies"] = {name: _packed(body) for name, body in sorted(record.bodies.items())}
    elif isinstance(record, News):
        said = {"is": "change", **_dumped(record.change)}
        said |= {"page": record.page} if record.page != record.change.url else {}
    else:
        said = {"is": _NAMES[type(record)], **_dumped(record)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def record_of(said: dict[str, Any]) -> Record:
    """The record that a line says. Raises BadLine."""
    kind = said.get("is")
    if kind == "version":
        return _given(said)
    if kind == "change":
        change = _read(Change, said)
        return News(change, _text(said.get("page", change.url)))
    if kind not in _PLAIN:
        raise BadLine(f"no such record: {str(kind)[:40]!r}")
    record: Record = _read(_PLAIN[kind], said)
    return record


def _dumped(record: Any) -> dict[str, Any]:
    without = _NUMBERS if isinstance(record, _NUMBERED) else None
    adapter = _ADAPTERS[type(record)]
    plain: dict[str, Any] = adapter.dump_python(record, mode="json", exclude_defaults=True, exclude=without)
    return plain


def _version(version: Version) -> dict[str, Any]:
    said = _dumped(version)
    article = version.article
    if article.paragraphs == article.canonical:
        said["article"].pop("paragraphs", None)
    else:
        said["article"]["paragraphs"] = list(article.paragraphs)
    return said


def _given(said: dict[str, Any]) -> GivenVersion:
    article = said.get("article")
    if isinstance(article, dict) and "paragraphs" not in article:
        said = {**said, "article": {**article, "paragraphs": article.get("canonical", [])}}
    given = said.get("bodies", {})
    if not isinstance(given, dict):
        raise BadLine("bodies: must be a mapping")
    bodies = {name: _unpacked(name, packed) for name, packed in given.items()}
    return GivenVersion(_read(Version, said), bodies)


def _packed(body: bytes) -> str:
    return base64.b64encode(zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(body)).decode()


def _unpacked(name: str, packed: Any) -> bytes:
    try:
        frame = base64.b64decode(packed, validate=True)
        if not 0 <= zstandard.frame_content_size(frame) <= LARGEST:
            raise BadLine("bodies: too large, or of a size that is not told")
        body = zstandard.ZstdDecompressor().decompress(frame)
    except BadLine:
        raise
    except (ValueError, TypeError, zstandard.ZstdError) as error:
        raise BadLine("bodies: no zstd frame in base 64") from error
    if body_hash(body) != name:
        raise BadLine("bodies: not what was stored under that name")
    return body


def _text(value: Any) -> Any:
    if value is not None and not isinstance(value, str):
        raise BadLine("page: must be text")
    return value


def _read(kind: type[Any], said: dict[str, Any]) -> Any:
    try:
        record = _ADAPTERS[kind].validate_python(said)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, wrong["loc"]))
        raise BadLine(f"{place}: {wrong['msg']}") from None
    if any(moment.tzinfo is None for moment in _moments(record)):
        raise BadLine("a moment without a zone")
    return record


def _moments(record: Any) -> Iterator[datetime]:
    for part in fields(record):
        value = getattr(record, part.name)
        if isinstance(value, datetime):
            yield value
        elif isinstance(value, tuple):
            for each in value:
                if is_dataclass(each):
                    yield from _moments(each)
