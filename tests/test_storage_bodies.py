"""What bodies are packed against, and that each stays readable for as long as anything needs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_site import article
from sqlalchemy import Connection, delete, func, select, update

from bench.bulk import filling
from storage import bodies as packing
from storage.archive import Archive
from storage.errors import BodyUnreadable
from storage.records import Article, Intake, Observation, Outcome, Page, PageKind, Role, Version, Visit
from storage.retention import Pruned, Rule
from storage.sql import open_archive
from storage.sql.bodykeep import keep_body, keep_page_body, let_go_bodies, read_body
from storage.sql.engine import Database, make_engine
from storage.sql.renewal import draw_up, put_in_place
from storage.sql.sheets import MEMBERS
from storage.sql.tables import bodies, observations, pages, sheets, versions

SITE = "yunxi"
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def page(number: int, version: int = 1, frame: str = "wrap") -> bytes:
    """A page that says another figure in each version."""
    told = [f"本报讯 {number}号提案第{version}次答复，共收到建议{number * 31 + version * 7}件。"]
    return article(number % 72, told, frame=frame, below="".join(f"<i>{frame}{i}</i>" for i in range(200)))


def noise(size: int, seed: int = 1) -> bytes:
    return Random(seed).randbytes(size)


@contextmanager
def opened(address: str) -> Iterator[Connection]:
    open_archive(address).close()
    database = Database(make_engine(address))
    try:
        with database.write() as connection:
            yield connection
    finally:
        database.close()


def keep(connection: Connection, body: bytes, first: bytes | None = None, site: str = SITE) -> str:
    name = packing.body_hash(body)
    full = keep_page_body(connection, name, body, site, None if first is None else packing.body_hash(first))
    if full and (renewal := draw_up(connection, site)) is not None:
        put_in_place(connection, site, renewal)
    return name


def stored(connection: Connection, name: str) -> int:
    return len(connection.execute(select(bodies.c.packed).where(bodies.c.hash == name)).scalar_one())


def test_pages_are_packed_against_their_site_and_versions_against_their_page(archive: Archive, database: str) -> None:
    with opened(database) as connection:
        names = [keep(connection, page(number)) for number in range(MEMBERS + 3)]
        further = keep(connection, page(3, 2), page(3))
        alone = len(packing.pack(page(3)))
        assert [stored(connection, name) * 4 < alone for name in names] == [True] * len(names)
        assert stored(connection, further) * 5 < alone
        assert [read_body(connection, name) for name in names] == [page(number) for number in range(len(names))]
        assert read_body(connection, further) == page(3, 2)


def test_what_a_redesign_made_useless_is_replaced(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'a.db'}") as connection:
        before = [keep(connection, page(number)) for number in range(MEMBERS)]
        after = [keep(connection, page(number, 2, "neu"), page(number)) for number in range(2 * MEMBERS + 1)]
        numbers = {row.hash: row.sheet for row in connection.execute(select(bodies.c.hash, bodies.c.sheet))}
        assert len({numbers[name] for name in before}) == 1
        assert numbers[after[-1]] not in {numbers[before[0]], None}
        assert read_body(connection, before[2]) == page(2)


@pytest.mark.parametrize(("size", "further"), [(3_000_000, 3_000), (70_000, 500)])
def test_however_long_a_page_is_its_next_version_costs_what_is_new(tmp_path: Path, size: int, further: int) -> None:
    with opened(f"sqlite:///{tmp_path / 'a.db'}") as connection:
        first = noise(size)
        second = first[: size // 2] + b"new" + first[size // 2 :]
        keep(connection, first)
        name = keep(connection, second, first)
        assert stored(connection, name) < further
        assert read_body(connection, name) == second


def test_what_is_like_nothing_stands_for_itself(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'a.db'}") as connection:
        for number in range(MEMBERS):
            keep(connection, page(number))
        name = keep(connection, noise(9000), page(1))
        row = connection.execute(select(bodies).where(bodies.c.hash == name)).one()
        assert (row.sheet, row.beside, row.base) == (None, None, None)


def test_a_body_whose_base_is_lost_or_damaged_is_unreadable(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'a.db'}") as connection:
        first, name = keep(connection, page(1)), keep(connection, page(1, 2), page(1))
        connection.execute(update(bodies).where(bodies.c.hash == first).values(packed=packing.pack(b"another")))
        with pytest.raises(BodyUnreadable, match="needs another"):
            read_body(connection, name)
        connection.execute(delete(bodies).where(bodies.c.hash == first))
        with pytest.raises(BodyUnreadable, match="not there any more"):
            read_body(connection, name)


def test_what_is_damaged_takes_no_new_body_with_it(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'a.db'}") as connection:
        for number in range(MEMBERS):
            keep(connection, page(number))
        connection.execute(update(bodies).where(bodies.c.hash == packing.body_hash(page(1))).values(packed=b"x"))
        connection.execute(update(sheets).values(packed=b"x"))
        assert read_body(connection, keep(connection, page(1, 2), page(1))) == page(1, 2)


def test_a_base_stays_until_nothing_needs_it(archive: Archive, database: str) -> None:
    with opened(database) as connection:
        first, name = keep(connection, page(1)), keep(connection, page(1, 2), page(1))
        let_go_bodies(connection, [first])
        assert read_body(connection, name) == page(1, 2)
        let_go_bodies(connection, [name])
        assert read_body(connection, first) is None
        assert connection.execute(select(func.count()).select_from(bodies)).scalar() == 0


ACTS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 1), st.integers(1, 4), st.sampled_from(["wrap", "neu"])), max_size=60
)


@settings(max_examples=25)
@given(acts=ACTS, files=st.booleans())
def test_whatever_is_kept_and_let_go_the_rest_is_readable(acts: list[tuple[bool, int, int, str]], files: bool) -> None:
    database = Database(make_engine("sqlite:///:memory:"))
    with database.write() as connection:
        bodies.metadata.create_all(connection)
        uses: Counter[bytes] = Counter()
        firsts: dict[int, bytes] = {}
        for kept, number, version, frame in acts:
            body = page(number, version, frame)
            if kept:
                if files and version == 4:
                    keep_body(connection, packing.body_hash(body), body)
                else:
                    keep(connection, body, firsts.setdefault(number, body), f"s{number % 2}")
                uses[body] += 1
            elif uses[body]:
                let_go_bodies(connection, [packing.body_hash(body)])
                uses[body] -= 1
            for one in uses:
                if uses[one]:
                    assert read_body(connection, packing.body_hash(one)) == one
        let_go_bodies(connection, [packing.body_hash(one) for one in uses.elements()])
        assert connection.execute(select(func.count()).select_from(bodies)).scalar() == 0
        # What is left is what the shelves of both sites hold.
        assert connection.execute(select(func.count()).select_from(sheets)).scalar_one() <= 2
    database.close()


def test_bodies_of_an_older_archive_are_read_and_packed_against(database: str) -> None:
    name = packing.body_hash(page(1))
    with filling(database, "0008") as filler:
        filler.add("bodies", "hash, size, packed, used_by", (name, len(page(1)), packing.pack(page(1)), 1))
    with opened(database) as connection:
        further = keep(connection, page(1, 2), page(1))
        assert (read_body(connection, name), read_body(connection, further)) == (page(1), page(1, 2))
        assert stored(connection, further) * 4 < len(packing.pack(page(1, 2)))


TEXT = "".join(chr(0x4E00 + 37 * i % 9000) for i in range(900))
WHOLE = Article(
    PageKind.ARTICLE, "题", paragraphs=("一段" * 40, TEXT), canonical=("一段" * 40, TEXT), encoding="gb18030"
)


def record(archive: Archive, url: str, number: int, said: Article, body: bytes) -> str:
    """Keep a page's next version as a crawl does, whatever it says."""
    name = packing.body_hash(body)

    def keep_all(seen: Visit, page: Page, *_: object) -> Intake:
        visit = Observation(SITE, url, NOW, "r", Outcome.NEW_VERSION)
        return Intake(visit, replace(page, version=number), Version(SITE, url, number, NOW, "f", said, body_hash=name))

    seen = Visit(SITE, url, Role.ARTICLE, NOW, "r", status=200, body=body, article=said)
    archive.crawling.record(seen, keep_all)
    return name


def printing(*said: str) -> bytes:
    return article(1, list(said), frame="wrap").decode().encode("gb18030")


def test_a_page_costs_no_more_for_the_text_that_its_version_keeps(archive: Archive, database: str) -> None:
    body = printing(*WHOLE.paragraphs)
    name = record(archive, "http://127.0.0.1/1.html", 1, WHOLE, body)
    with opened(database) as connection:
        assert len(packing.pack(body)) - stored(connection, name) > len(TEXT)
        assert read_body(connection, name) == body
        connection.execute(update(versions).values(packed=b"x"))
        with pytest.raises(BodyUnreadable, match="needs another"):
            read_body(connection, name)


def test_a_sheet_holds_what_pages_share_and_not_what_each_says(archive: Archive, database: str) -> None:
    answers = [printing(TEXT[number * 90 :], TEXT[: number * 90 + 90]) for number in range(MEMBERS + 1)]
    for number, body in enumerate(answers):
        said = (TEXT[number * 90 :], TEXT[: number * 90 + 90])
        record(archive, f"http://127.0.0.1/{number}.html", 1, replace(WHOLE, paragraphs=said, canonical=said), body)
    with opened(database) as connection:
        sheet = packing.spread(connection.execute(select(sheets.c.packed)).scalar_one())
        assert TEXT[:90].encode("gb18030") not in sheet
        assert sheet.count(b'class="wrap"') == MEMBERS
        assert [read_body(connection, packing.body_hash(body)) for body in answers] == answers


def test_a_page_that_several_versions_share_outlives_the_one_whose_text_it_leans_on(
    archive: Archive, database: str
) -> None:
    """A page was answered under two addresses; the version that came first is pruned, raw page, text and all."""
    url, other = "http://127.0.0.1/1.html", "http://127.0.0.1/2.html"
    first, newest = replace(WHOLE, canonical=("初稿",)), replace(WHOLE, canonical=("定稿",))
    record(archive, url, 1, first, printing("初稿"))
    shared = record(archive, url, 2, WHOLE, printing(*WHOLE.paragraphs))
    record(archive, url, 3, newest, printing("定稿"))
    record(archive, other, 1, WHOLE, printing(*WHOLE.paragraphs))
    with opened(database) as connection:
        # No change told of it, and nothing awaits it.
        connection.execute(update(observations).values(pending=False))
        connection.execute(update(pages).values(base_version=3))
    assert archive.retention.prune(Rule(NOW + timedelta(hours=1), NOW + timedelta(hours=1))) == Pruned(1, 0)
    assert archive.retention.prune(Rule(NOW + timedelta(hours=1), NOW + timedelta(hours=1))) == Pruned(0, 1)
    with opened(database) as connection:
        row = connection.execute(select(bodies).where(bodies.c.hash == shared)).one()
        assert (row.said_page, row.used_by) == (None, 1)
        assert read_body(connection, shared) == printing(*WHOLE.paragraphs)


def test_a_version_says_what_it_said_and_a_further_one_costs_little(archive: Archive, database: str) -> None:
    said = ("一段" * 40, "".join(chr(0x4E00 + 37 * i % 9000) for i in range(900)))
    whole = Article(PageKind.ARTICLE, "题", paragraphs=said, canonical=said, template="ab" * 30, source="云溪日报")
    further = replace(whole, canonical=(*said, "又一段"))
    url = "http://127.0.0.1/1.html"
    for number, one in enumerate((whole, further), 1):
        body = page(1, number)
        seen = Visit(SITE, url, Role.ARTICLE, NOW, "r", status=200, body=body, article=one)

        def keep_all(seen: Visit, page: Page, *_: object, number: int = number, one: Article = one) -> Intake:
            new = Version(SITE, url, number, NOW, "f", one, body_hash=packing.body_hash(page_body(seen)))
            visit = Observation(SITE, url, NOW, "r", Outcome.NEW_VERSION)
            return Intake(visit, replace(page, version=number), new)

        archive.crawling.record(seen, keep_all)
    assert [version.article for version in archive.reading.history(url)] == [whole, further]
    with opened(database) as connection:
        rows = connection.execute(select(versions).order_by(versions.c.number)).all()
    assert [row.base for row in rows] == [None, rows[0].id]
    assert (rows[0].text, rows[0].article) == ("", "")
    assert len(rows[1].packed) * 15 < len(rows[0].packed)


def page_body(seen: Visit) -> bytes:
    assert seen.body is not None
    return seen.body
