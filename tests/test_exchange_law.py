"""What is given and taken in: the same lines again, whatever the database, and nothing told twice."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from browsing_town import NOON, Town
from drain_desk import OTHER, Desk, busy_day, story
from hypothesis import given
from hypothesis import strategies as st

from crawler.faults import Fault
from monitor.deliver.posting import ALERTS
from monitor.exchange.files import take_in, write
from monitor.exchange.lines import BadLine, line_of, record_of
from storage import bodies
from storage.archive import Archive
from storage.attachments import FileVisit, KeptFile
from storage.changes import ChangeKind
from storage.errors import StorageError
from storage.exchange import GivenVersion, News, Part
from storage.outbox import Step
from storage.records import (
    Article,
    Attachment,
    Intake,
    Lesson,
    Observation,
    Outcome,
    Page,
    PageKind,
    Role,
    Run,
    Version,
    Visit,
)
from storage.searching import Asked
from storage.sql import open_archive


def quiet(_: int) -> None:
    pass


def given_away(archive: Archive, part: Part = Part()) -> bytes:  # noqa: B008
    out = io.BytesIO()
    write(archive, part, out, NOON, quiet)
    return out.getvalue()


def taken(archive: Archive, file: bytes) -> dict[str, int]:
    return dict(take_in(archive, io.BytesIO(file), "file", quiet).new)


def records(file: bytes) -> list[bytes]:
    return file.splitlines()[1:]


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Archive]:
    """An archive with a busy day, a lesson, a run, a kept file, a body used twice, and a visit to compare."""
    archive = open_archive(f"sqlite:///{tmp_path / 'lived.db'}")
    archive.running.announce({"yunxi": "云溪发布", "lanqiao": "兰桥日报"})
    desk = Desk(archive)
    busy_day(desk)
    desk.drain()
    archive.learning.remember(Lesson("yunxi", "n", NOON, "{}", 3, "t"))
    archive.running.start(Run("r1", "yunxi", NOON))
    archive.running.finish(Run("r1", "yunxi", NOON, NOON + timedelta(minutes=1), "finished", 3, 4))
    town = Town(archive)
    town.visit("one", Outcome.NEW_VERSION, NOON, said="供暖。")
    town.visit("two", Outcome.NEW_VERSION, NOON, said="供暖。")
    offering(archive)
    yield archive
    archive.close()


def offering(archive: Archive) -> None:
    """An article whose attachment is kept."""
    file = KeptFile("http://127.0.0.1/a.pdf", bodies.body_hash(b"%PDF"), "e", None, NOON)
    desk_article = Article(PageKind.ARTICLE, "附件", canonical=("见附件",), attachments=(Attachment(file.url, "表"),))
    visit = Visit(
        "yunxi", "http://127.0.0.1/with", Role.ARTICLE, NOON, "run", 200, body=b"with", article=desk_article,
        files=(FileVisit(file.url, NOON, hash=file.hash, body=b"%PDF"),),
    )  # fmt: skip
    name = bodies.body_hash(b"with")
    archive.crawling.record(
        visit,
        lambda seen, page, latest, known: Intake(
            Observation("yunxi", seen.url, NOON, "run", Outcome.NEW_VERSION, version=1),
            replace(page, version=1),
            Version("yunxi", seen.url, 1, NOON, "f", desk_article, body_hash=name),
            files=(file,),
        ),
    )


def test_what_was_taken_in_is_given_as_the_same_lines(lived: Archive, archive: Archive) -> None:
    file = given_away(lived)
    new = taken(archive, file)
    assert records(given_away(archive)) == records(file)
    assert set(new) == {"site", "lesson", "run", "page", "version", "visit", "change"}
    (kept,) = archive.reading.history("http://127.0.0.1/with")
    assert kept.files[0].hash == bodies.body_hash(b"%PDF")
    assert archive.reading.body(kept.files[0].hash) == b"%PDF"
    assert archive.reading.changes() == lived.reading.changes()
    assert archive.running.counts() == lived.running.counts()
    assert archive.running.health(NOON.date(), NOON) == lived.running.health(NOON.date(), NOON)
    found = archive.searching.candidates(Asked(("供暖",)))
    assert len(found) == len(lived.searching.candidates(Asked(("供暖",)))) > 2
    assert b'"bodies"' in file
    assert file.count(bodies.body_hash("供暖。".encode()).encode()) == 3


def test_taken_in_again_nothing_changes(lived: Archive, archive: Archive) -> None:
    file = given_away(lived)
    taken(archive, file)
    counts = archive.running.counts()
    assert taken(archive, file) == {}
    assert taken(lived, file) == {}
    assert records(given_away(archive)) == records(file)
    assert archive.running.counts() == counts


def test_cut_off_anywhere_it_is_told_and_begun_anew(lived: Archive, archive: Archive) -> None:
    file = given_away(lived)
    lines = file.splitlines(keepends=True)
    half = b"".join(lines[: len(lines) // 2])
    with pytest.raises(Fault, match=rf"^file: the file is not whole: it ends behind line {len(lines) // 2}"):
        taken(archive, half)
    with pytest.raises(Fault, match="not whole"):
        taken(archive, half + lines[-1])
    with pytest.raises(Fault, match=rf"line {len(lines) // 2 + 1} cannot be read: not JSON"):
        taken(archive, half + lines[len(lines) // 2][:-9])
    taken(archive, file)
    assert records(given_away(archive)) == records(file)


def test_later_news_of_the_same_pages_is_added(lived: Archive, archive: Archive) -> None:
    desk = Desk(lived)
    taken(archive, given_away(lived))
    desk.drain()
    taken(archive, given_away(lived))
    assert archive.running.counts()["pending"] == 0
    desk.now = NOON + timedelta(days=3)
    desk.visit(story(*OTHER, title="稻香文化节闭幕"), page="1")
    desk.drain()
    part = given_away(lived, Part(since=desk.now - timedelta(hours=2)))
    assert len(records(part)) < len(records(given_away(lived))) // 2
    new = taken(archive, part)
    assert new == {"version": 1, "visit": 1, "change": 1}
    assert archive.reading.changes()[-1] == lived.reading.changes()[-1]
    url = "http://www.yunxi.example/news/1.html"
    assert archive.comparing.page_at("yunxi", url) == replace(
        lived.comparing.page_at("yunxi", url),  # type: ignore[type-var]
        id=archive.comparing.page_at("yunxi", url).id,  # type: ignore[union-attr]
    )


def test_a_part_alone_is_an_archive_that_can_be_crawled_on(lived: Archive, archive: Archive) -> None:
    last = lived.reading.changes()[-1].detected_at
    taken(archive, given_away(lived, Part(site="yunxi", since=last)))
    assert {change.detected_at for change in archive.reading.changes()} == {last}
    told = archive.reading.changes()[0]
    history = archive.reading.history(told.url)
    assert [version.number for version in history] == [v.number for v in lived.reading.history(told.url)]
    assert list(archive.running.site_names()) == ["yunxi"]


def test_a_page_with_a_history_of_its_own_is_left_alone(lived: Archive, archive: Archive) -> None:
    town = Town(archive)
    town.visit("one", Outcome.NEW_VERSION, NOON + timedelta(days=1), said="自己看见的。")
    before = archive.reading.history("http://127.0.0.1/yunxi/one")
    tally = take_in(archive, io.BytesIO(given_away(lived)), "file", quiet)
    assert tally.others == 2
    assert archive.reading.history("http://127.0.0.1/yunxi/one") == before
    assert len(archive.reading.history("http://127.0.0.1/yunxi/two")) == 1


def test_what_is_taken_in_is_no_news(lived: Archive, archive: Archive) -> None:
    archive.outbox.post([], NOON, Step(ALERTS, None, 0))
    taken(archive, given_away(lived))
    assert archive.outbox.reached(ALERTS) == archive.outbox.latest_change() == len(lived.reading.changes())


def test_news_that_waits_here_is_not_passed_over(lived: Archive, archive: Archive) -> None:
    archive.outbox.post([], NOON, Step(ALERTS, None, 0))
    town = Town(archive)
    town.tell(town.article("own"), ChangeKind.NEW, NOON)
    with pytest.raises(StorageError, match="not posted yet"):
        taken(archive, given_away(lived))
    assert (archive.outbox.reached(ALERTS), len(archive.reading.changes())) == (0, 1)


def test_figures_of_days_that_are_over_are_counted_again(lived: Archive, archive: Archive) -> None:
    town = Town(archive)
    town.visit("own", Outcome.FAILED, NOON)
    archive.words.keep_words(NOON.date(), {"词": 1})
    run = Run("r9", "yunxi", NOON)
    archive.running.start(run)
    archive.running.finish(replace(run, finished_at=NOON + timedelta(days=9)))
    before = archive.running.counts()["observations"]
    new = taken(archive, given_away(lived))
    assert archive.running.counts()["observations"] == before + new["visit"]
    assert archive.words.words_of(NOON.date()) is None


def test_without_bodies_it_is_shorter_and_still_a_law(lived: Archive, archive: Archive) -> None:
    file = given_away(lived, Part(bodies=False))
    assert b'"bodies":{' not in file
    taken(archive, file)
    assert records(given_away(archive, Part(bodies=False))) == records(given_away(archive)) == records(file)


PAGE = '{"is":"page","site":"a","url":"u","role":"article","first_seen_at":"2026-11-20T02:00:00Z"}'


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("[]", "must be a mapping"),
        ("{}", "no such record: 'None'"),
        ('{"is":"else"}', "no such record: 'else'"),
        (PAGE.replace('"article"', '"other"'), "role: Input should be"),
        (PAGE.replace('"url":"u",', ""), "url: Field required"),
        (PAGE.replace('"u"', "5"), "url: Input should be a valid string"),
        (PAGE.replace("Z", ""), "a moment without a zone"),
        (PAGE[:-3], "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"is":"version","bodies":{"x":"!"}}', "bodies: no zstd frame in base 64"),
        ('{"is":"version","bodies":[1]}', "bodies: must be a mapping"),
        ('{"is":"change","page":5}', "site: Field required"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_with_its_number(archive: Archive, line: str, why: str) -> None:
    file = given_away(archive).splitlines()[0].decode() + f"\n{PAGE}\n{line}\n"
    with pytest.raises(Fault) as told:
        taken(archive, file.encode())
    assert str(told.value).startswith(f"file: line 3 cannot be read: {why}")
    assert archive.running.counts()["pages"] == 1


def test_a_body_under_another_name_is_refused() -> None:
    version = Version("a", "u", 1, NOON, "f", Article(PageKind.ARTICLE))
    said = json.loads(line_of(GivenVersion(version, {"f" * 64: b"other"})))
    with pytest.raises(BadLine, match="not what was stored under that name"):
        record_of(said)


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
WORDS = st.text(st.characters(codec="utf-8"), max_size=9)


@given(
    st.one_of(
        st.builds(Page, WORDS, WORDS, st.sampled_from(Role), MOMENTS, depth=st.integers(0, 9), due_at=MOMENTS),
        st.builds(
            Observation, WORDS, WORDS, MOMENTS, WORDS, st.sampled_from(Outcome), evidence=st.dictionaries(WORDS, WORDS)
        ),
        st.builds(Lesson, WORDS, WORDS, MOMENTS, WORDS),
        st.builds(
            lambda printed, canonical, title: GivenVersion(
                Version(
                    "a", "u", 1, NOON, "f",
                    Article(PageKind.LIST, title, paragraphs=printed, canonical=canonical),
                ),
                {bodies.body_hash(title.encode()): title.encode()},
            ),
            st.lists(WORDS, max_size=2).map(tuple), st.lists(WORDS, max_size=2).map(tuple), WORDS,
        ),
    )
)  # fmt: skip
def test_a_line_says_the_record_and_nothing_else(record: Page | Observation | Lesson | GivenVersion | News) -> None:
    line = line_of(record)
    assert "\n" not in line
    assert record_of(json.loads(line)) == record
