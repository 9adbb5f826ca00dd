"""Records by themselves: what goes in comes out, and however many there are, few are held."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from browsing_town import NOON
from drain_desk import START
from hypothesis import given
from hypothesis import strategies as st
from warc_reader import read

from monitor.downloads import visits as visits_module
from monitor.downloads.members import Member, member, uri_of
from monitor.downloads.scope import Scope
from monitor.downloads.visits import type_of
from monitor.downloads.warc import as_warc
from storage.browsing import KeptVisit
from storage.records import Article, Observation, Outcome, PageKind, Version

LATER = START + timedelta(days=300)
HTML = "<html><head><meta charset='{0}'><title>市政府</title></head><body><p>供暖惠及居民4156户。</p></body></html>"


def page(codec: str = "utf-8") -> bytes:
    return HTML.format(codec).encode(codec)


@given(
    st.binary(max_size=3000),
    st.text(min_size=1, max_size=60),
    st.timedeltas(timedelta(days=-12_000), timedelta(days=30_000)),
)
def test_what_goes_in_comes_out(body: bytes, path: str, later: timedelta) -> None:
    at = NOON + later
    url = f"http://127.0.0.1/{path}"
    http = (("Content-Type", type_of(body, "gb18030")), ("Content-Length", str(len(body))))
    one = Member("response", uri_of(url), at, body=body, status="200 OK", http=http)
    (back,) = read(member(one))
    assert (back.body, back.uri, back.http) == (body, uri_of(url), dict(http))
    assert datetime.fromisoformat(back.date) == at
    assert back.uri.isascii()
    assert not any(sign.isspace() for sign in back.uri)


@given(st.dictionaries(st.sampled_from(["how", "to"]), st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_no_field_begins_another(fields: dict[str, str]) -> None:
    (back,) = read(member(Member("metadata", "http://127.0.0.1/", NOON, fields=fields)))
    lines = back.body.decode().split("\r\n")
    assert lines.pop() == ""
    assert [line.partition(":")[0] for line in lines] == list(fields)


@pytest.mark.parametrize(
    ("body", "encoding", "told"),
    [
        (page(), "utf-8", "text/html; charset=utf-8"),
        (page(codec="gb18030"), "gb18030", "text/html; charset=gb18030"),
        (page().decode().encode("utf-16"), "utf-16", "text/html; charset=utf-16"),
        (b'<?xml version="1.0"?><rss><channel/></rss>', "utf-8", "application/xml; charset=utf-8"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html></html>', "utf-8", "text/html; charset=utf-8"),
        ('\ufeff {"list": ["供暖"]}'.encode(), "utf-8", "application/json; charset=utf-8"),
        ("供暖".encode(), "utf-8", "text/html; charset=utf-8"),
        (b"%PDF-1.7 \x00\x01", "gb18030", "application/pdf"),
        (bytes(range(256)), "gb18030", "application/octet-stream"),
        (b"", "utf-8", "text/html; charset=utf-8"),
    ],
)
def test_types_are_those_of_the_bytes(body: bytes, encoding: str, told: str) -> None:
    assert type_of(body, encoding) == told


class Vast:
    """An archive of very many pages, each body made as it is asked for."""

    def __init__(self, visits: int, size: int) -> None:
        self.visits, self.size, self.bodies = visits, size, 0
        self.browsing = self.reading = self

    def kept(self, *, after: int, **_scope: object) -> list[KeptVisit]:
        last = min(after + 200, self.visits)
        return [self._one(number) for number in range(after + 1, last + 1)]

    def _one(self, number: int) -> KeptVisit:
        at = NOON + number * timedelta(seconds=1)
        seen = Observation(
            "yunxi", f"http://127.0.0.1/{number}", at, "r", Outcome.NEW_VERSION, id=number, page_id=number, status=200
        )
        return KeptVisit(replace(seen, version=1), 1, at, f"{number:064x}")

    def body(self, name: str) -> bytes:
        self.bodies += 1
        return Random(name).randbytes(self.size)

    def version(self, page_id: int, number: int) -> Version:
        return Version("yunxi", "u", number, NOON, "f", Article(PageKind.ARTICLE), page_id=page_id)

    def changes(self, *_asked: object, **_more: object) -> list[object]:
        return []


@pytest.fixture
def vast() -> Iterator[Vast]:
    tracemalloc.start()
    yield Vast(1500, 20_000)
    tracemalloc.stop()


def test_a_large_archive_is_never_held(vast: Vast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits_module.Book.__init__, "__defaults__", (200,))
    pieces = as_warc(vast, Scope(site="yunxi"), LATER)  # type: ignore[arg-type]
    size = sum(len(piece) for piece in pieces)
    assert size > 20_000_000
    assert vast.bodies == 1500
    assert tracemalloc.get_traced_memory()[1] < 3_000_000


def test_nothing_is_read_before_it_is_wanted(vast: Vast) -> None:
    pieces = as_warc(vast, Scope(site="yunxi"), LATER)  # type: ignore[arg-type]
    next(pieces)
    next(pieces)
    assert vast.bodies == 1
    pieces.close()  # type: ignore[attr-defined]
