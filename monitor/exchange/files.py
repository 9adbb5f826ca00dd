"""The file that an archive is given away in: a line that says what it is, a line a record, a line that ends it."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from gzip import BadGzipFile
from itertools import chain
from typing import Any, BinaryIO

from crawler.agent import program_version
from crawler.faults import Fault, fault
from crawler.yamlfile import ConfigError
from monitor.deliver.posting import ALERTS
from monitor.exchange.lines import FORMAT, NUMBER, BadLine, line_of, record_of
from storage.archive import Archive
from storage.exchange import GivenVersion, News, Part, Record
from storage.records import Observation, china_day

AT_ONCE = 500
BYTES_AT_ONCE = 8_000_000
"""Of lines that are taken in together."""
LONGEST_LINE = 512_000_000


@dataclass(slots=True)
class Tally:
    """What was written or taken in, by what it is."""

    lines: int = 0
    damaged: int = 0
    new: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    others: int = 0


def header(part: Part, now: datetime) -> dict[str, Any]:
    """The first line: how the rest is to be read, who wrote it and when, and what it is a part of."""
    span = {"since": part.since, "until": part.until}
    said = {name: moment.isoformat() for name, moment in span.items() if moment is not None}
    made = {"format": FORMAT, "number": NUMBER, "program": program_version(), "at": now.isoformat()}
    return made | {"bodies": part.bodies} | ({"site": part.site} if part.site else {}) | said


def write(archive: Archive, part: Part, out: BinaryIO, now: datetime, told: Callable[[int], None]) -> Tally:
    """Write a part of an archive; ``told`` hears how many lines there are so far."""
    tally = Tally()
    out.write(_encoded(json.dumps(header(part, now), ensure_ascii=False)))
    for record in archive.exchange.give(part):
        out.write(_encoded(line_of(record)))
        tally.lines += 1
        if isinstance(record, GivenVersion):
            tally.damaged += len(record.damaged)
        if tally.lines % AT_ONCE == 0:
            told(tally.lines)
    out.write(_encoded(json.dumps({"is": "end", "records": tally.lines})))
    return tally


def take_in(archive: Archive, file: BinaryIO, name: str, told: Callable[[int], None]) -> Tally:
    """Take a file into an archive, some lines a transaction. Taking in the same again changes nothing.

    Raises ConfigError where it is no such file, Fault where a line cannot be read or the end is missing; what came
    before is kept then. No alert is sent of what it tells.
    """
    tally, strangers, days = Tally(), set[tuple[str, str]](), set[date]()
    read = _records(file, name)
    try:
        for some in _batches(read):
            taken = archive.exchange.take(some, strangers, [ALERTS])
            tally.lines += len(some)
            tally.new.update(taken.new)
            tally.known.update(taken.known)
            tally.others += taken.others
            days.update(day for record in some for day in _days(record))
            told(tally.lines)
    finally:
        archive.exchange.recount(days)
    return tally


def _encoded(line: str) -> bytes:
    return (line + "\n").encode("utf-8", "backslashreplace")


def _records(file: BinaryIO, name: str) -> Iterator[tuple[Record, int] | Fault]:
    """The records of a file, each with the length of its line; last of all what ends it before its end, if anything."""
    _check_header(_next(file), name)
    number = 1
    while line := _next(file):
        number += 1
        try:
            said = json.loads(line)
            if not isinstance(said, dict):
                raise BadLine("must be a mapping")
            if said.get("is") == "end":
                if said.get("records") != number - 2:
                    break
                return
            record = record_of(said)
        except (ValueError, RecursionError) as error:
            why = str(error) if isinstance(error, BadLine) else "not JSON"
            yield Fault(fault("bad-line", number, why), f"{name}: ")
            return
        yield record, len(line)
    yield Fault(fault("cut-export", number), f"{name}: ")


def _next(file: BinaryIO) -> bytes:
    """The next line; none where a compressed file is cut off."""
    try:
        return file.readline(LONGEST_LINE)
    except (EOFError, BadGzipFile, zlib.error):
        return b""


def _check_header(line: bytes, name: str) -> None:
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    number = said.get("number") if isinstance(said, dict) and said.get("format") == FORMAT else None
    if not isinstance(number, int):
        raise ConfigError(fault("no-export"), f"{name}: ")
    if number > NUMBER:
        raise ConfigError(fault("newer-export", number, NUMBER), f"{name}: ")


def _batches(read: Iterable[tuple[Record, int] | Fault]) -> Iterator[list[Record]]:
    """Records some at a time. A fault is raised once what came before it was handed on."""
    some: list[Record] = []
    size = 0
    for each in chain(read, [None]):
        if each is None or isinstance(each, Fault) or len(some) == AT_ONCE or size > BYTES_AT_ONCE:
            if some:
                yield some
            some, size = [], 0
        if isinstance(each, Fault):
            raise each
        if each is not None:
            some.append(each[0])
            size += each[1]


def _days(record: Record) -> Iterator[date]:
    if isinstance(record, Observation):
        yield china_day(record.at)
    elif isinstance(record, News):
        yield china_day(record.change.detected_at)
    elif isinstance(record, GivenVersion):
        yield china_day(record.version.seen_at)
