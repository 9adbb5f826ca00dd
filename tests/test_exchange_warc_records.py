"""Records of WARC files: found, read, and told as damaged where they are; nothing behind them is lost."""

from __future__ import annotations

import gzip
import io
import re
import time
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from warc_writer import HEAT, START, Crawl, chunked

from monitor.exchange.warcs import Capture, Damage, PackedWhole, answer_at, name_of, records

MOST = 1_000_000
OF = "http://a.example/{0}.html"
BODY = HEAT * 200


def crawl(*, packed: bool = True) -> Crawl:
    made = Crawl(gzip=packed)
    for number in range(5):
        made.write(OF.format(number), START, BODY)
    return made


def found(held: bytes) -> list[str]:
    """The answers by number, and ``!`` for each damage."""
    told = []
    for one in records(io.BytesIO(held)):
        if isinstance(one, Damage):
            told.append("!")
        elif isinstance(one, Capture):
            told.append(one.url[-6])
    return told


def third(made: Crawl, spoil: Callable[[bytes], bytes]) -> bytes:
    """A file whose third answer is spoiled, compressed anew where the others are."""
    held, (start, end) = made.out.getvalue(), made.places[2:4]
    record = held[start:end]
    spoiled = gzip.compress(spoil(gzip.decompress(record))) if made.gzip else spoil(record)
    return held[:start] + spoiled + held[end:]


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_that_is_whole_is_read_whole(packed: bool) -> None:
    made = crawl(packed=packed)
    assert found(made.out.getvalue()) == list("01234")
    places = [one.offset for one in records(made.file) if isinstance(one, Capture)]
    assert places == made.places
    answers = [answer_at(made.file, place, MOST) for place in places]
    assert [answer.body for answer in answers if answer] == [BODY] * 5
    assert found(b"") == []


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("said", [b"1", b"99999999", b"abc", b"-5", b"300000", None])
def test_a_length_that_lies_costs_its_record_alone(packed: bool, said: bytes | None) -> None:
    line = b"Content-Length: %s\r\n" % said if said else b""
    held = third(crawl(packed=packed), lambda record: re.sub(rb"Content-Length: \d+\r\n", line, record, count=1))
    assert found(held) == list("01!34")


@pytest.mark.parametrize("name", [b"WARC-Target-URI", b"WARC-Type"])
def test_a_record_that_lacks_what_it_must_have_costs_itself_alone(name: bytes) -> None:
    held = third(crawl(), lambda record: record.replace(name, b"X-" + name))
    assert [one for one in found(held) if one != "!"] == list("0134")


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("at", [0, 3, 15])
def test_a_damaged_record_costs_itself_alone(packed: bool, at: int) -> None:
    made = crawl(packed=packed)
    held, place = made.out.getvalue(), made.places[2] + (at if packed else min(at, 3))
    assert found(held[:place] + b"\xff" * 9 + held[place + 9 :]) == list("01!34")


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("kept", [4, 30, -30])
def test_a_file_that_is_cut_off_is_read_up_to_there(packed: bool, kept: int) -> None:
    made = crawl(packed=packed)
    end = made.places[2] + kept if kept > 0 else made.places[3] + kept
    assert found(made.out.getvalue()[:end]) == list("01!")


def test_a_hole_that_a_crash_left_takes_no_time() -> None:
    held = crawl(packed=False).out.getvalue() + bytes(40_000_000)
    before = time.process_time()
    assert found(held) == [*"01234", "!"]
    # Half a second; read as the one line that it is, more than ten.
    assert time.process_time() - before < 2


def test_one_stream_over_all_is_told() -> None:
    with pytest.raises(PackedWhole):
        found(gzip.compress(crawl(packed=False).out.getvalue()))


@pytest.mark.parametrize("version", ["WARC/0.17", "WARC/0.18", "WARC/1.0", "WARC/1.1"])
def test_all_versions_are_read(version: str) -> None:
    held = crawl(packed=False).out.getvalue().replace(b"WARC/1.0", version.encode())
    assert found(held) == list("01234")


def deflated(body: bytes) -> bytes:
    raw = zlib.compressobj(wbits=-15)
    return raw.compress(body) + raw.flush()


@pytest.mark.parametrize(
    ("http", "wire"),
    [
        ({}, BODY),
        ({"Content-Encoding": "gzip"}, gzip.compress(BODY)),
        ({"content-encoding": "X-GZIP"}, gzip.compress(BODY)),
        ({"Content-Encoding": "gzip"}, BODY),
        ({"Content-Encoding": "deflate"}, zlib.compress(BODY)),
        ({"Content-Encoding": "deflate"}, deflated(BODY)),
        ({"Content-Encoding": "br"}, brotli.compress(BODY)),
        ({"Content-Encoding": "br", "Transfer-Encoding": "chunked"}, chunked(brotli.compress(BODY))),
        ({"Content-Encoding": "zstd"}, zstandard.compress(BODY)),
        ({"Content-Encoding": "br"}, BODY),
        ({"Content-Encoding": "utf-8"}, BODY),
        ({"Transfer-Encoding": "Chunked"}, chunked(BODY)),
        ({"Transfer-Encoding": "chunked"}, BODY),
        ({"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}, chunked(gzip.compress(BODY))),
    ],
)
def test_what_the_wire_did_to_a_body_is_undone(http: dict[str, str], wire: bytes) -> None:
    made = Crawl()
    made.write(OF.format(1), START, wire, http={"Content-Type": "text/html"} | http)
    answer = answer_at(made.file, made.places[0], MOST)
    assert answer is not None
    assert (answer.body, answer.plain, answer.whole) == (BODY, True, True)


def test_what_cannot_be_undone_or_is_too_large_is_told() -> None:
    made = Crawl()
    made.write(OF.format(1), START, BODY, http={"Content-Encoding": "compress"})
    made.write(OF.format(2), START, bytes(MOST + 1))
    made.write(OF.format(3), START, gzip.compress(bytes(MOST + 1)), http={"Content-Encoding": "gzip"})
    made.write(OF.format(4), START, bytes(5 * MOST))
    made.write(OF.format(5), START, brotli.compress(bytes(MOST + 1)), http={"Content-Encoding": "br"})
    made.write(OF.format(6), START, zstandard.compress(bytes(MOST + 1)), http={"Content-Encoding": "zstd"})
    made.write(OF.format(7), START, BODY, warc={"WARC-Truncated": "length"})
    made.write(OF.format(8), START, brotli.compress(BODY)[:-9], http={"Content-Encoding": "br"})
    answers = [answer_at(made.file, place, MOST) for place in made.places]
    told = [(answer.plain, answer.whole, answer.body is None) for answer in answers if answer is not None]
    large, broken = (True, True, True), (True, False, False)
    assert told == [(False, True, False), large, large, large, large, large, broken, broken]


def test_a_file_has_its_name_wherever_it_lies_and_as_it_grows() -> None:
    made = crawl()
    name = name_of(made.file)
    made.write(OF.format(6), START, BODY)
    assert name_of(made.file) == name != name_of(crawl().file)
    assert len(name) == 24
