"""The index of stories on both databases: rare marks first, hot ones bounded, joined pages, and an archive of 0002."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, insert, select, text

from storage.archive import Archive
from storage.codec import article_to_json
from storage.records import Article, Intake, Observation, Outcome, Page, PageKind, Role, Version, Visit
from storage.sql import open_archive
from storage.sql.engine import Database, make_engine
from storage.sql.migrate import MIGRATIONS
from storage.sql.rows import version_values
from storage.sql.stories import POSTINGS
from storage.sql.tables import observations, pages, sketches, versions
from storage.stories import Sketch

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def address(name: object) -> str:
    return f"http://127.0.0.1/{name}"


def keep(archive: Archive, name: object, *said: str, at: datetime = NOW) -> int:
    """A version of a page; the page's id."""
    article = Article(PageKind.ARTICLE, title="题", canonical=said or ("一段。",))
    visit = Visit("yunxi", address(name), Role.ARTICLE, at, "r", status=200, article=article)

    def take_in(seen: Visit, page: Page, latest: Version | None, known: frozenset[str]) -> Intake:
        number = (latest.number if latest else 0) + 1
        version = Version(seen.site, seen.url, number, at, f"{name}-{number}", article)
        observation = Observation(seen.site, seen.url, at, "r", Outcome.NEW_VERSION, version=number, pending=True)
        return Intake(observation, replace(page, version=number), version)

    archive.crawling.record(visit, take_in)
    return archive.reading.observations(address(name))[0].page_id


def test_the_rarest_marks_rank_first(archive: Archive) -> None:
    ids = [keep(archive, number) for number in range(6)]
    said = [(1, 2, 3), (1, 2, 3), (1, 2, 3), (1, 2, 3), (1, 2, 77), (88,)]
    archive.stories.sketch(Sketch(page_id, 1, marks) for page_id, marks in zip(ids, said, strict=True))
    assert archive.stories.alike((1, 2, 3, 77, 88), excluding=0, shared=2) == [ids[4], *ids[:4]]
    assert archive.stories.alike((1, 2, 3, 77, 88), excluding=ids[4], shared=2, limit=1) == [ids[0]]
    assert archive.stories.alike((), excluding=0, shared=0) == []


def test_of_a_mark_that_all_have_only_the_earliest_are_looked_at(archive: Archive) -> None:
    ids = [keep(archive, number) for number in range(POSTINGS + 3)]
    archive.stories.sketch(Sketch(page_id, 1, (5, 1000 + page_id)) for page_id in ids)
    assert archive.stories.alike((5,), excluding=0, shared=1, limit=99) == ids[:POSTINGS]
    assert archive.stories.alike((5, 1000 + ids[-1]), excluding=0, shared=1)[0] == ids[-1]


def test_what_waits_to_be_sketched(archive: Archive) -> None:
    first, second = keep(archive, 1), keep(archive, 2)
    assert [version.page_id for version in archive.stories.unsketched(9)] == [second, first]
    archive.stories.sketch([Sketch(first, 1, (4,)), Sketch(second, 1, None)])
    assert archive.stories.unsketched(9) == []
    keep(archive, 1, "改了。")
    assert [version.number for version in archive.stories.unsketched(9)] == [2]
    archive.stories.sketch([Sketch(first, 2, None)])
    # A hijacked version is passed over: the page is found by what it said before.
    assert archive.stories.alike((4,), excluding=0, shared=1) == [first]
    assert archive.stories.sketched([first, second]) == {first: 2, second: 1}


def test_joined_pages_are_one_story_and_keep_together(archive: Archive) -> None:
    a, b, c, d = (keep(archive, name, at=NOW + number * DAY) for number, name in enumerate("abcd"))
    archive.stories.join([b, a])
    archive.stories.join([d, c])
    assert told(archive, "a") == ["a", "b"]
    archive.stories.join([c, b])
    assert told(archive, "d") == ["a", "b", "c", "d"]
    assert told(archive, "a", before=NOW + DAY + DAY / 2) == ["a", "b"]
    assert told(archive, "elsewhere") == []


def told(archive: Archive, name: str, before: datetime = NOW + 9 * DAY) -> list[str]:
    return [printing.first.url[-1] for printing in archive.stories.printings([address(name)], before)]


def test_a_printing_has_its_first_version_and_its_newest_by_then(archive: Archive) -> None:
    a, b = keep(archive, "a", "一。"), keep(archive, "b")
    keep(archive, "a", "二。", at=NOW + DAY)
    keep(archive, "a", "三。", at=NOW + 2 * DAY)
    archive.stories.join([a, b])
    (printing, other) = archive.stories.printings([address("b")], NOW + 2 * DAY)
    assert (printing.first.number, printing.newest.number, printing.told) == (1, 2, ())
    assert (other.first, other.story) == (other.newest, printing.story)
    assert archive.stories.newest([b, a])[1].article.canonical == ("三。",)
    assert archive.stories.earliest([a])[0].article.canonical == ("一。",)


def test_a_lookup_walks_no_long_row(database: str) -> None:
    """The plan looks each mark up by the key, in order, and sorts nothing."""
    if not database.startswith("sqlite"):
        pytest.skip("PostgreSQL's plan depends on its statistics")
    open_archive(database).close()
    engine = Database(make_engine(database))
    wanted = "SELECT page_id FROM sketches WHERE hash = 1 ORDER BY page_id LIMIT 32"
    waiting = "SELECT id FROM pages WHERE sketched_version != version ORDER BY id DESC LIMIT 9"
    with engine.read() as connection:
        (looked_up,) = connection.execute(text(f"EXPLAIN QUERY PLAN {wanted}")).all()
        (waits,) = connection.execute(text(f"EXPLAIN QUERY PLAN {waiting}")).all()
    engine.close()
    assert "SEARCH sketches USING PRIMARY KEY (hash=?)" in looked_up[3]
    assert "ix_pages_unsketched" in waits[3]


QUERIES = {
    "where a page moved from": (
        "SELECT url FROM pages WHERE moved_to = 'x' AND site = 'a' ORDER BY id LIMIT 1",
        "ix_pages_moved_to",
    ),
    "sketches of a page": ("DELETE FROM sketches WHERE page_id IN (1, 2, 3)", "ix_sketches_page_id"),
    "pages of a story": ("SELECT id FROM pages WHERE story = 7 ORDER BY id", "ix_pages_story"),
    "stories of addresses": ("SELECT story FROM pages WHERE url IN ('x', 'y') AND story IS NOT NULL", "ix_pages_url"),
    "what waits": ("SELECT id FROM pages WHERE sketched_version <> version ORDER BY id DESC", "ix_pages_unsketched"),
}


@pytest.mark.parametrize("asked", QUERIES)
def test_each_question_has_its_index(database: str, asked: str) -> None:
    query, index = QUERIES[asked]
    open_archive(database).close()
    engine = Database(make_engine(database))
    with engine.read() as connection:
        if not database.startswith("sqlite"):
            # An empty table is read whole whatever indexes there are.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            plan = connection.execute(text(f"EXPLAIN {query}")).scalars().all()
        else:
            plan = [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    engine.close()
    assert index in " ".join(plan)


def test_one_lookup_is_one_question(archive: Archive) -> None:
    asked: list[str] = []
    engine = archive.stories._database.engine  # type: ignore[attr-defined]
    event.listen(
        engine, "before_cursor_execute", lambda *seen: asked.append(seen[2]) if "BEGIN" not in seen[2] else None
    )
    archive.stories.alike(range(24), excluding=0, shared=2)
    assert len(asked) == 1


def config_of(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def second_schema(database: str) -> None:
    """An archive as 0.2 left it: two pages, one of which had moved twice; one whose move has too long an address."""
    opened = Database(make_engine(database))
    with opened.write() as connection:
        command.upgrade(config_of(connection), "0002")
        common = {"site": "yunxi", "role": "article", "first_seen_at": NOW, "told": "live", "depth": 0, "failures": 0}
        for page_id in (7, 8):
            page = {"id": page_id, "url": address(page_id), "version": 1, "base_version": 1, "sketched_version": 1}
            connection.execute(insert(pages).values({**common, **page}))
            said = Version("yunxi", address(page_id), 1, NOW, "f", Article(PageKind.ARTICLE, canonical=("一段。",)))
            values = version_values(said, page_id)
            del values["packed"], values["base"]
            values |= {"text": "\n".join(said.article.canonical), "article": article_to_json(said.article)}
            connection.execute(insert(versions).values(values))
            connection.execute(insert(sketches).values(hash=-5, page_id=page_id))
        connection.execute(
            insert(observations).values(page_id=7, run="r", at=NOW, outcome="new-version", pending=False)
        )
        for there in ("/earlier", address("there"), "/" + "x" * 3000):
            page_id = 8 if len(there) > 2000 else 7
            moved = {"page_id": page_id, "run": "r", "at": NOW, "outcome": "moved", "evidence": f'{{"to": "{there}"}}'}
            connection.execute(insert(observations).values(**moved, pending=False))
        connection.execute(
            text("INSERT INTO runs (id, site, started_at, visits) VALUES ('r', 'yunxi', '2026-11-23', 5)")
        )
    opened.close()


def test_an_archive_of_the_second_schema_waits_to_be_sketched_anew(database: str) -> None:
    second_schema(database)
    archive = open_archive(database)
    try:
        assert archive.stories.alike((-5,), excluding=0, shared=1) == []
        assert [version.page_id for version in archive.stories.unsketched(9)] == [8, 7]
        assert archive.comparing.pending() == []
        assert archive.comparing.moved_here("yunxi", address("there")) == address(7)
        assert archive.comparing.moved_here("yunxi", "/earlier") is None
        assert [run.requests for run in archive.running.runs()] == [5]
        archive.stories.sketch([Sketch(7, 1, (3,)), Sketch(8, 1, (3,))])
        assert archive.stories.alike((3,), excluding=8, shared=1) == [7]
        archive.stories.join([7, 8])
        assert len(archive.stories.printings([address(8)], NOW + DAY)) == 2
    finally:
        archive.close()
    again = Database(make_engine(database))
    with again.write() as connection:
        assert connection.execute(select(sketches.c.hash)).scalars().all() == [3, 3]
        command.downgrade(config_of(connection), "0002")
        assert connection.execute(text("SELECT count(*) FROM sketches")).scalar() == 0
        assert connection.execute(text("SELECT max(sketched_version) FROM pages")).scalar() == 0
    again.close()
