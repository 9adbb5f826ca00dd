"""Two processes that write the same thing at the same moment: neither fails, and both are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Event

import pytest
from sqlalchemy import select, text

from storage import bodies as packing
from storage.archive import Archive
from storage.errors import TurnLost
from storage.lives import Why
from storage.records import (
    Article,
    Intake,
    Link,
    Observation,
    Outcome,
    Page,
    PageKind,
    Role,
    Settlement,
    Told,
    Version,
    Visit,
)
from storage.sql import open_archive
from storage.sql.engine import TRIES as TRIES_AT_MOST
from storage.sql.engine import make_engine, till_its_turn
from storage.sql.tables import bodies
from storage.stories import Sketch

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
TRIES = 20
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def at_once(act: Callable[[int], object]) -> list[object]:
    """What ``act(0)`` and ``act(1)`` return, begun together in two threads; raises what either raises."""
    gate = Barrier(2, timeout=30)

    def go(side: int) -> object:
        gate.wait()
        return act(side)

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(go, range(2)))


def keep(seen: Visit, page: Page, latest: Version | None, known: frozenset[str]) -> Intake:
    """Decides to keep every visit as a new version that waits to be compared."""
    assert seen.article is not None
    assert seen.body is not None
    number = page.version + 1
    version = Version(
        seen.site, seen.url, number, seen.at, "f" * 64, seen.article, body_hash=packing.body_hash(seen.body)
    )
    observation = Observation(seen.site, seen.url, seen.at, seen.run, Outcome.NEW_VERSION, version=number, pending=True)
    return Intake(observation, replace(page, version=number), version)


def take_in(seen: Visit, page: Page, latest: Version | None, known: frozenset[str]) -> Intake:
    """Decides to enlist every link that is not known yet."""
    assert seen.article is not None
    found = tuple(
        Page(seen.site, link.url, Role.ARTICLE, seen.at, column=seen.url, due_at=seen.at)
        for link in seen.article.links
        if link.url not in known
    )
    return Intake(Observation(seen.site, seen.url, seen.at, seen.run, Outcome.LISTED), page, None, found)


def article(site: str, url: str, body: bytes = b"<p>body</p>") -> Visit:
    said = Article(PageKind.ARTICLE, title="题", canonical=("一段。",))
    return Visit(site, url, Role.ARTICLE, NOW, "r", status=200, body=body, article=said)


def column(site: str, url: str, names: list[str]) -> Visit:
    shown = Article(PageKind.LIST, links=tuple(Link(name, "题") for name in names))
    return Visit(site, url, Role.COLUMN, NOW, "r", status=200, article=shown)


def test_two_comparers_index_one_page(archive: Archive) -> None:
    page_id = archive.crawling.record(article("yunxi", "http://127.0.0.1/1"), keep).page.id
    for number in range(TRIES):
        base = number * 1000
        sketches = [range(base, base + 60), range(base + 30, base + 90)]
        drawn = [Sketch(page_id, 1, tuple(sketch)) for sketch in sketches]
        at_once(lambda side, drawn=drawn: archive.stories.sketch([drawn[side]]))
        whole = [archive.stories.alike(sketch, excluding=0, shared=60) for sketch in sketches]
        assert sorted(whole) == [[], [page_id]]
        # One sketch and nothing left over of the other.
        assert archive.stories.alike(range(base, base + 90), excluding=0, shared=61) == []


def test_two_comparers_learn_the_same_hosts_and_frame_of_a_site(archive: Archive) -> None:
    hosts = tuple(f"h{number}.invalid" for number in range(20))
    for number in range(TRIES):
        site = f"s{number}"
        for side in range(2):
            archive.crawling.record(article(site, f"http://127.0.0.1/{side}"), keep)
        waiting = archive.comparing.pending()

        def settle(side: int, waiting: list[Observation] = waiting) -> bool:
            page = archive.comparing.page(waiting[side].page_id)
            after = replace(page, base_version=1, told=Told.LIVE)
            ordered = hosts[:: 1 - 2 * side]
            return archive.comparing.settle(Settlement(waiting[side], page, after, template="t", hosts=ordered))

        assert at_once(settle) == [True, True]
        assert archive.comparing.site_hosts(site) == frozenset(hosts)
        assert archive.comparing.site_template(site) == "t"


def test_two_services_announce_the_same_catalogue(archive: Archive) -> None:
    for number in range(TRIES):
        names = {f"k{number}-{entry}": "云溪" for entry in range(10)}
        orders = [names, dict(reversed(names.items()))]
        at_once(lambda side, orders=orders: archive.running.announce(orders[side]))
        assert names.items() <= archive.running.site_names().items()


def test_two_crawls_enlist_the_same_columns(archive: Archive) -> None:
    columns = [f"http://127.0.0.1/{number}/" for number in range(10)]
    for number in range(TRIES):
        orders = [columns, columns[::-1]]
        at_once(lambda side, n=number, o=orders: archive.crawling.enlist_columns(f"s{n}", o[side], NOW))
        assert {page.url for page in archive.crawling.pages(f"s{number}", Role.COLUMN)} == set(columns)


def test_two_crawls_read_one_unknown_page(archive: Archive) -> None:
    for number in range(TRIES):
        url = f"http://127.0.0.1/{number}"
        at_once(lambda side, url=url: archive.crawling.record(article("yunxi", url), keep))
        assert [version.number for version in archive.reading.history(url)] == [1, 2]


def test_two_columns_name_the_same_new_addresses_in_different_orders(archive: Archive) -> None:
    for number in range(TRIES):
        names = [f"http://127.0.0.1/{number}/{entry}" for entry in range(30)]
        visits = [
            column("yunxi", f"http://127.0.0.1/{side}/", named) for side, named in enumerate((names, names[::-1]))
        ]
        at_once(lambda side, visits=visits: archive.crawling.record(visits[side], take_in))
        known = {page.url for page in archive.crawling.pages("yunxi", Role.ARTICLE)}
        assert known >= set(names)


def test_a_column_names_a_page_that_a_person_is_reading(archive: Archive) -> None:
    for number in range(TRIES):
        url = f"http://127.0.0.1/{number}"

        def act(side: int, url: str = url) -> Intake:
            if side:
                return archive.crawling.record(article("yunxi", url), keep)
            return archive.crawling.record(column("yunxi", "http://127.0.0.1/", [url]), take_in)

        at_once(act)
        (version,) = archive.reading.history(url)
        assert version.number == 1


def test_two_sites_keep_the_same_body(archive: Archive, database: str) -> None:
    for number in range(TRIES):
        body = b"one and the same %d" % number
        at_once(
            lambda side, n=number, body=body: archive.crawling.record(
                article(f"s{side}", f"http://127.0.0.1/{n}", body), keep
            )
        )
        assert archive.reading.body(packing.body_hash(body)) == body
    engine = make_engine(database)
    with engine.connect() as connection:
        assert list(connection.execute(select(bodies.c.used_by)).scalars()) == [2] * TRIES
    engine.dispose()


def test_a_body_that_is_kept_is_not_compressed_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.crawling.record(article("a", "http://127.0.0.1/1"), keep)

    def refuse(_: bytes, __: bytes = b"") -> bytes:
        raise AssertionError("compressed twice")

    monkeypatch.setattr(packing, "pack", refuse)
    archive.crawling.record(article("b", "http://127.0.0.1/1"), keep)
    assert archive.running.counts()["bodies"] == 1


def test_two_archives_over_one_database_write_in_turn(archive: Archive, database: str) -> None:
    other = open_archive(database)
    doors = [archive, other]
    for number in range(TRIES):
        at_once(lambda side, n=number: doors[side].crawling.record(article("yunxi", f"http://127.0.0.1/{n}"), keep))
    other.close()
    assert archive.running.counts()["versions"] == 2 * TRIES


def test_a_crawl_and_a_comparison_that_wait_for_each_other_both_come_through(archive: Archive, database: str) -> None:
    """The column's visit holds its page and wants an article's; the comparison holds that and wants the column's."""
    url, lists = "http://127.0.0.1/1", "http://127.0.0.1/"
    low = archive.crawling.record(article("yunxi", url), keep).page.id
    high = archive.crawling.record(column("yunxi", lists, []), take_in).observation.page_id
    holds, waits = Event(), Event()

    def relist(seen: Visit, page: Page, latest: Version | None, known: Mapping[str, Page]) -> Intake:
        holds.set()
        waits.wait(30)
        shown = replace(known[url], listed_title="新题", due_at=NOW, due_why=Why.HASTENED)
        return replace(take_in(seen, page, latest, frozenset(known)), relisted=(shown,))

    def act(side: int) -> None:
        if side:
            archive.crawling.record(column("yunxi", lists, [url]), relist)  # type: ignore[arg-type]
            return
        holds.wait(30)
        if database.startswith("sqlite"):
            # One writer at a time: nobody can wait here while it holds anything.
            waits.set()
        archive.stories.sketch(iter([Sketch(high, 0, (1,)), Sketch(low, 1, (2,))]))

    def watch() -> None:
        engine = make_engine(database)
        with engine.connect() as connection:
            while not waits.is_set() and not connection.execute(text(WAITING)).scalar():
                connection.rollback()
        waits.set()
        engine.dispose()

    with ThreadPoolExecutor(1) as third:
        watching = third.submit(watch) if not database.startswith("sqlite") else None
        at_once(act)
        if watching:
            watching.result()
    assert archive.stories.alike((2,), excluding=0, shared=1) == [low]
    assert archive.comparing.page(low).listed_title == "新题"


def test_what_is_locked_by_another_is_not_tried_for_ever() -> None:
    tries: list[int] = []

    @till_its_turn
    def act(number: int) -> int:
        tries.append(number)
        if len(tries) < 3:
            raise TurnLost("a circle")
        return number

    assert (act(7), len(tries)) == (7, 3)
    tries[:] = range(-99, 0)
    assert act(8) == 8

    @till_its_turn
    def never() -> None:
        tries.append(0)
        raise TurnLost("a circle")

    tries.clear()
    with pytest.raises(TurnLost):
        never()
    assert len(tries) == TRIES_AT_MOST
