"""What is kept of the sites' lessons, on both databases, and how an older archive comes to keep them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from alembic import command
from alembic.config import Config
from sqlalchemy import insert, select
from test_storage_archive import COLUMN, NOW, URL, keeping, visit

from storage.archive import Archive
from storage.records import Intake, Lesson, Outcome, Page, Role, Version, Visit
from storage.sql import open_archive
from storage.sql.engine import Database, make_engine
from storage.sql.migrate import MIGRATIONS
from storage.sql.tables import lessons, observations, pages, versions

LESSON = Lesson("yunxi", "0a1b2c3d", NOW, '{"blocks":[],"lists":[],"sayings":["本文已有⌗位市民读过"]}', 12, "ab")


def keep(archive: Archive, number: int, *, column: str = COLUMN, hours: int = 0, text: str = "x") -> None:
    """A version of a page of one column."""
    decide = keeping(Outcome.NEW_VERSION)

    def in_column(seen: Visit, page: Page, latest: Version | None, known: frozenset[str]) -> Intake:
        intake = decide(seen, page, latest, known)
        return replace(intake, page=replace(intake.page, column=column))

    seen = visit(NOW + timedelta(hours=hours), url=f"http://127.0.0.1/a/{number}.html", body=f"{number}{text}".encode())
    archive.crawling.record(seen, in_column)


def test_a_site_has_taught_nothing_at_first(archive: Archive) -> None:
    assert archive.learning.taught("yunxi") == (0, 0)
    assert archive.learning.samples("yunxi", 10) == []
    assert archive.learning.lesson("yunxi") is None
    assert archive.learning.lessons() == []


def test_articles_and_their_versions_are_counted(archive: Archive) -> None:
    archive.crawling.enlist_columns("yunxi", [COLUMN], NOW)
    for number, hours in ((1, 0), (2, 0), (1, 1)):
        keep(archive, number, hours=hours)
    archive.crawling.record(replace(visit(url=URL + "x"), site="lanqiao"), keeping(Outcome.NEW_VERSION))
    assert archive.learning.taught("yunxi") == (2, 3)


def test_columns_take_turns_among_the_samples(archive: Archive) -> None:
    for number in range(4):
        keep(archive, number, hours=number)
    keep(archive, 8, column="http://127.0.0.1/b/", hours=-9)
    found = [(version.url[-6:], version.number) for version in archive.learning.samples("yunxi", 3)]
    assert sorted(found) == [("2.html", 1), ("3.html", 1), ("8.html", 1)]


def test_a_page_gives_its_two_newest_versions(archive: Archive) -> None:
    for hours in range(3):
        keep(archive, 1, hours=hours, text=f"x{hours}")
    samples = archive.learning.samples("yunxi", 10)
    assert [version.number for version in samples] == [3, 2]
    assert archive.learning.body(samples[0].body_hash or "") == b"1x2"
    assert archive.learning.version(samples[0].page_id, 3) == samples[0]


def test_a_version_without_its_body_teaches_nothing(archive: Archive) -> None:
    decide = keeping(Outcome.NEW_VERSION)

    def bodiless(*seen: object) -> Intake:
        intake = decide(*seen)
        assert intake.version is not None
        return replace(intake, version=replace(intake.version, body_hash=None))

    archive.crawling.record(visit(), bodiless)
    assert archive.learning.samples("yunxi", 10) == []


def test_the_lesson_learned_last_is_the_one_in_use(archive: Archive) -> None:
    later = replace(LESSON, name="ffff", learned_at=NOW + timedelta(days=1), furniture="{}")
    other = replace(LESSON, site="lanqiao", learned_at=NOW + timedelta(days=2))
    for lesson in (LESSON, later, other):
        archive.learning.remember(lesson)
    assert archive.learning.lesson("yunxi") == later
    assert archive.learning.lesson("yunxi", "0a1b2c3d") == LESSON
    assert archive.learning.lesson("yunxi", "0000") is None
    assert archive.learning.lessons() == [other, later]


def test_the_same_lesson_again_only_moves_on(archive: Archive) -> None:
    archive.learning.remember(LESSON)
    archive.learning.remember(replace(LESSON, learned_at=NOW + timedelta(days=1), versions=24, furniture="?"))
    archive.learning.remember(replace(LESSON, name="ffff", learned_at=NOW + timedelta(hours=1)))
    assert archive.learning.lesson("yunxi") == replace(LESSON, learned_at=NOW + timedelta(days=1), versions=24)


def test_how_a_page_was_last_read_comes_back(archive: Archive) -> None:
    decide: Callable[..., Intake] = keeping(Outcome.NEW_VERSION)

    def read(*seen: object) -> Intake:
        intake = decide(*seen)
        return replace(intake, page=replace(intake.page, read_by="1+0a1b2c3d", read_as="f" * 64))

    archive.crawling.record(visit(), read)
    (page,) = archive.crawling.pages("yunxi", Role.ARTICLE)
    assert (page.read_by, page.read_as) == ("1+0a1b2c3d", "f" * 64)


def test_an_archive_of_the_first_schema_keeps_all_it_has(database: str) -> None:
    opened = Database(make_engine(database))
    with opened.write() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        site = {"site": "yunxi", "role": "article", "first_seen_at": NOW, "told": "live", "depth": 0, "failures": 0}
        kept = {"version": 1, "base_version": 1, "sketched_version": 1, "etag": '"e"'}
        # What is not given and has no default is not named: the first schema does not know it.
        connection.execute(insert(pages).values(id=7, url=URL, **site, **kept))
        said = {"page_id": 7, "number": 1, "seen_at": NOW, "fingerprint": "f" * 64, "text": "一段", "template": "ab"}
        connection.execute(insert(versions).values({**said, "article": '{"kept": true}'}))
        connection.execute(insert(observations).values(page_id=7, run="r", at=NOW, outcome="new-version"))
    opened.close()
    archive = open_archive(database)
    try:
        page = archive.comparing.page(7)
        assert (page.id, page.url, page.version, page.etag) == (7, URL, 1, '"e"')
        assert (page.read_by, page.read_as) == (None, None)
        assert archive.running.counts()["versions"] == archive.running.counts()["observations"] == 1
        archive.learning.remember(LESSON)
        assert archive.learning.lesson("yunxi") == LESSON
    finally:
        archive.close()
    again = Database(make_engine(database))
    with again.read() as connection:
        assert connection.execute(select(versions.c.text, versions.c.article)).one() == ("一段", '{"kept": true}')
        assert connection.execute(select(lessons.c.name)).scalar_one() == LESSON.name
        assert connection.execute(select(pages.c.first_seen_at)).scalar_one() == NOW
    again.close()
