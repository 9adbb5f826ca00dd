"""Two processes that write the same thing at the same moment: neither fails, and both are kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import select

from storage import bodies as packing
from storage.archive import Archive
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
from storage.sql.engine import make_engine
from storage.sql.tables import bodies
from storage.stories import Sketch

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
TRIES = 20


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

    def refuse(_: bytes) -> bytes:
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
