"""Visits as a file for replay tools: what goes in comes out, nothing is claimed that is not so, little is held."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from zlib import decompressobj

import pytest
from drain_desk import HIJACKED, START, STORY, Desk, story
from sqlalchemy import text
from warc_reader import Read, read
from warcio.checker import Checker

from monitor.downloads import visits as visits_module
from monitor.downloads.members import date_of
from monitor.downloads.scope import Scope
from monitor.downloads.warc import as_warc
from storage.archive import Archive
from storage.bodies import SAME_BYTES, body_hash
from storage.records import Intake, Observation, Outcome, Page, Role, Version, Visit, china_day
from storage.sql import open_archive

DAY = timedelta(days=1)
LATER = START + 300 * DAY
PAGE = "<html><head><meta charset='{0}'><title>市政府</title></head><body><p>供暖惠及居民4156户。{1}</p></body></html>"


def written(archive: Archive, scope: Scope, **how: int) -> list[Read]:
    """The file's records behind its first, after every reference among them was followed."""
    records = read(b"".join(as_warc(archive, scope, LATER, **how)))
    assert records[0].kind == "warcinfo"
    bytes_at = {(one.uri, one.date): one for one in records if one.kind == "response"}
    for place, one in enumerate(records):
        if one.kind != "revisit":
            continue
        key = (one.headers["WARC-Refers-To-Target-URI"], one.headers["WARC-Refers-To-Date"])
        assert bytes_at[key] in records[:place]
        digest = bytes_at[key].headers["WARC-Payload-Digest"]
        assert one.headers.get("WARC-Payload-Digest", digest) == digest
    return records[1:]


def page(number: int = 1, codec: str = "utf-8") -> bytes:
    return PAGE.format(codec, number).encode(codec)


def said(records: list[Read]) -> list[str]:
    return [one.profile or one.fields.get("outcome", "") if one.kind != "response" else "" for one in records]


def kinds(records: list[Read]) -> list[str]:
    return [one.kind for one in records]


def of_page(desk: Desk, name: str = "1") -> Scope:
    found = desk.archive.browsing.page_at(f"http://www.yunxi.example/news/{name}.html")
    assert found is not None
    return Scope(page_id=found.id)


def test_a_visit_is_what_it_is_known_to_be(desk: Desk) -> None:
    desk.visit(body=page())
    first = desk.now
    desk.visit(body=page())
    desk.visit(None, status=304, body=None)
    desk.visit(story("别的正文，讲的是另一件事情，与供暖没有关系。"), body=page(2))
    desk.visit(body=page())
    desk.gone(body=b"gone")
    desk.visit(None, status=503, body=None)
    records = written(desk.archive, of_page(desk))
    whole = [one for one in records if one.kind == "response"]
    assert [one.body for one in whole] == [page(), page(2)]
    same, unmodified = "identical-payload-digest", "server-not-modified"
    assert said(records) == ["", same, unmodified, "", same, "gone", "failed"]
    assert [one.status for one in records] == ["200", "200", "", "200", "200", "", ""]
    assert all(one.date > earlier.date for earlier, one in pairwise(records))
    assert records[0].date == date_of(first)
    assert records[0].http == {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(page()))}
    assert records[4].headers["WARC-Refers-To-Date"] == date_of(first)
    assert records[5].fields == {"outcome": "gone", "status": "404", "size": "4", "bytes": "not kept", "how": "404"}
    assert records[6].fields["status"] == "503"


def test_other_bytes_that_say_the_same_are_never_called_the_same(desk: Desk) -> None:
    desk.visit(body=page())
    desk.visit(body=page() + b"<!-- 4157 -->")
    desk.visit(None, status=304, body=None)
    desk.visit(body=page())
    desk.visit(None, status=304, body=None)
    records = written(desk.archive, of_page(desk))
    assert said(records) == ["", "unchanged", "not-modified", "identical-payload-digest", "server-not-modified"]
    assert records[1].fields == {
        "outcome": "unchanged",
        "status": "200",
        "size": str(len(page()) + 13),
        "bytes": "not kept",
        "version": "1",
    }


def test_a_day_stands_by_itself(desk: Desk) -> None:
    desk.visit(body=page())
    first = desk.now
    desk.visit(body=page(9), page="2")
    desk.visit(body=page(9) + b" ", page="2")
    desk.visit(None, status=304, body=None, after=DAY)
    desk.visit(None, status=304, body=None, page="2")
    desk.visit(body=page())
    desk.visit(story("另一页的正文，也在这一天收到，字节与第一页相同。"), body=page(), page="3")
    records = written(desk.archive, Scope(day=china_day(desk.now)))
    assert kinds(records) == ["response", "revisit", "metadata", "revisit", "revisit"]
    assert records[0].date == date_of(first)
    assert records[1].profile == "server-not-modified"
    assert records[2].fields["outcome"] == "not-modified"
    assert records[4].uri.endswith("/3.html")
    assert records[4].headers["WARC-Refers-To-Target-URI"].endswith("/1.html")


def test_bytes_are_dated_by_when_they_came_also_where_only_a_file_of_the_page_was_replaced(desk: Desk) -> None:
    desk.visit(body=page())
    first, (kept,) = desk.now, desk.archive.browsing.kept(site="yunxi")
    url, at = kept.visit.url, desk.now + DAY

    def keep(_visit: Visit, known: Page, latest: Version | None, _listed: object) -> Intake:
        assert latest is not None
        version = replace(latest, id=0, number=2, seen_at=at, fingerprint="2" * 64)
        seen = Observation("yunxi", url, at, "r", Outcome.NEW_VERSION, page_id=known.id, status=304, version=2)
        return Intake(seen, replace(known, version=2), version)

    desk.archive.crawling.record(Visit("yunxi", url, Role.ARTICLE, at, "r", status=304), keep)
    records = written(desk.archive, Scope(site="yunxi"), after=kept.visit.id)
    assert [(one.kind, one.date) for one in records] == [("response", date_of(first)), ("revisit", date_of(at))]
    assert records[1].profile == "server-not-modified"


def test_a_visit_that_brought_no_version_is_told_with_the_one_that_stood(database: str) -> None:
    with closing(open_archive(database)) as archive:
        desk = Desk(archive)
        first = page()
        desk.visit(body=first)
        since = desk.now
        desk.visit(None, status=304, body=None)
        desk.visit(story("别的正文，讲的是另一件事情，与供暖没有关系。"), body=page(2))
        desk.visit(body=page(2), article=story("别的正文，讲的是另一件事情，与供暖没有关系。"))
        kept = archive.browsing.kept(site="yunxi")
        assert [one.version for one in kept] == [1, 1, 2, 2]
        assert [one.body for one in kept] == [body_hash(first)] * 2 + [body_hash(page(2))] * 2
        assert [one.since for one in kept[:2]] == [since, since]
        assert [one.visit.evidence for one in kept] == [{}, {}, {}, {SAME_BYTES: True}]
        assert archive.browsing.kept(site="yunxi", after=kept[1].visit.id) == kept[2:]
        assert kinds(written(archive, Scope(site="yunxi"))) == ["response", "revisit", "response", "revisit"]


def test_tampering_and_withdrawal_are_kept_and_told(desk: Desk) -> None:
    desk.visit(STORY, body=page())
    desk.visit(HIJACKED, body=page(666))
    desk.drain()
    desk.visit(STORY, body=page())
    desk.gone()
    desk.gone(after=3 * DAY)
    desk.drain()
    records = written(desk.archive, of_page(desk))
    assert kinds(records)[:5] == ["response", "response", "metadata", "revisit", "metadata"]
    assert records[1].body == page(666)
    assert records[2].headers["WARC-Refers-To"] == records[1].id
    assert records[2].fields["flags"] == "tampered"
    told = [one.fields["change"] for one in records[6:]]
    assert len(told) == len(
        [change for change in desk.log() if change.kind.value in ("tampered", "removed", "restored")]
    )
    assert '"kind": "removed"' in told[0]
    assert '"kind": "tampered"' in told[-1]


def test_a_damaged_body_is_told_and_the_rest_goes_on(desk: Desk) -> None:
    desk.visit(body=page())
    desk.visit(None, status=304, body=None)
    desk.visit(body=page(2), page="2")
    database = desk.archive._database  # type: ignore[attr-defined]
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE bodies SET packed = x'00' WHERE hash = :name"), {"name": body_hash(page())})
    records = written(desk.archive, Scope(site="yunxi"))
    assert kinds(records) == ["metadata", "metadata", "response"]
    assert [one.fields["bytes"] for one in records[:2]] == ["damaged", "damaged"]


def test_a_file_ends_where_it_is_large_and_goes_on_behind(desk: Desk) -> None:
    for number in range(4):
        desk.visit(story(f"第{number}篇的正文，各不相同，编号{number * 7919}。"), body=page(number), page=str(number))
        desk.visit(None, status=304, body=None, page=str(number))
    found: list[Read] = []
    after = 0
    for _ in range(9):
        records = written(desk.archive, Scope(site="yunxi"), largest=1, after=after)
        if records[-1].uri != "urn:shixun:onward":
            break
        assert records[-1].fields["truncated"] == "length"
        found += records[:-1]
        after = int(records[-1].fields["after"])
    found += records
    assert {one.body for one in found if one.kind == "response"} == {page(number) for number in range(4)}
    assert len([one for one in found if one.kind == "revisit"]) == 4


def test_what_was_forgotten_is_written_once_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits_module, "MOST_KNOWN", 1)
    monkeypatch.setattr(visits_module.Book.__init__, "__defaults__", (1,))
    desk.visit(body=page())
    desk.visit(body=page(2), page="2")
    desk.visit(None, status=304, body=None)
    desk.visit(body=page(2), page="2")
    records = written(desk.archive, Scope(site="yunxi"))
    assert kinds(records) == ["response", "response", "response", "revisit", "response"]
    assert records[2].date == records[0].date
    assert records[2].id == records[0].id
    assert records[4].date > records[3].date


def test_the_same_file_is_written_each_time(desk: Desk) -> None:
    desk.visit(body=page())
    desk.visit(body=page())
    first, again = (b"".join(as_warc(desk.archive, of_page(desk), LATER)) for _ in range(2))
    assert first == again


def test_each_record_is_a_gzip_member_of_its_own(desk: Desk, tmp_path: Path) -> None:
    desk.visit(body=page())
    desk.gone()
    pieces = list(as_warc(desk.archive, of_page(desk), LATER))
    for piece in pieces:
        one = decompressobj(31)
        assert one.decompress(piece).startswith(b"WARC/1.1\r\n")
        assert one.eof
        assert not one.unused_data
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(pieces))
    assert Checker(SimpleNamespace(inputs=[str(path)], verbose=True)).process_all() == 0
