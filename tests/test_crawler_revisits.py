"""Pages that move at every visit and say the same: read till it is known what moves, then known without reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from crawl_child import Crawled, entry, finish, open_home, start_crawl, write_catalogue
from crawl_server import CrawlServer, listing
from crawl_server import page as answer
from test_crawler_calm import TEXT, page

from storage.archive import Archive
from storage.records import Observation, Outcome

STILL, EDITED, BACK, TAGGED = "/xw/1.html", "/xw/2.html", "/xw/3.html", "/xw/4.html"
AMENDED = (TEXT[0].replace("4156户", "4165户"), *TEXT[1:])
VISITS = 6


@dataclass(frozen=True)
class Revisits:
    """Six crawls of one site, and when a page was last read whole after each."""

    archive: Archive
    server: CrawlServer
    crawls: list[Crawled]
    read: list[dict[str, datetime]]

    def seen(self, path: str) -> list[Observation]:
        return self.archive.reading.observations(self.server.url(path))


@pytest.fixture(scope="module")
def revisits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Revisits]:
    home: Path = tmp_path_factory.mktemp("revisits")
    with CrawlServer() as server:
        write_catalogue(home, {"yunxi": entry(server)})
        server.say("/xw/", answer(listing(STILL, EDITED, BACK, TAGGED)))
        crawls: list[Crawled] = []
        read: list[dict[str, datetime]] = []
        for visit in range(VISITS):
            server.say(STILL, answer(page(hits=10 + visit, dice=visit + 1)))
            server.say(EDITED, answer(page(AMENDED if visit == VISITS - 1 else TEXT, hits=10 + visit, dice=visit + 1)))
            server.say(BACK, answer(page(AMENDED if visit == 3 else TEXT)))
            server.say(TAGGED, answer(page(hits=visit), ETag=f'"{visit // 3}"'))
            crawls.append(finish(start_crawl(home, ["yunxi"], recheck="all")))
            archive = open_home(home)
            ids = {path: archive.comparing.page_at("yunxi", server.url(path)) for path in (STILL, EDITED, BACK, TAGGED)}
            known = archive.crawling.calm([one.id for one in ids.values() if one])
            read.append({path: known[one.id].read_at for path, one in ids.items() if one and one.id in known})
            archive.close()
        archive = open_home(home)
        yield Revisits(archive, server, crawls, read)
        archive.close()


def test_it_is_read_whole_till_it_is_known_what_moves(revisits: Revisits) -> None:
    assert [crawl.closed["fault"] for crawl in revisits.crawls] == [None] * VISITS
    seen = revisits.seen(STILL)
    assert [one.outcome for one in seen] == [Outcome.NEW_VERSION, *[Outcome.UNCHANGED] * (VISITS - 1)]
    assert revisits.read[1][STILL] == seen[1].at
    assert revisits.read[-1][STILL] < seen[-2].at
    assert all(one.size > 1000 for one in seen)


def test_an_edit_is_seen_though_everything_else_moves_too(revisits: Revisits) -> None:
    assert [one.outcome for one in revisits.seen(EDITED)][-1] is Outcome.NEW_VERSION
    newest = revisits.archive.reading.history(revisits.server.url(EDITED))[-1]
    assert "4165户" in newest.article.canonical[0]


def test_so_is_one_that_is_taken_back(revisits: Revisits) -> None:
    """What the page said before its newest version is no more what it says, though its bytes were known once."""
    outcomes = [one.outcome for one in revisits.seen(BACK)]
    versions = [place for place, outcome in enumerate(outcomes) if outcome is Outcome.NEW_VERSION]
    assert versions == [0, 3, 4]


def test_every_visit_is_an_observation_whether_it_was_read_or_not(revisits: Revisits) -> None:
    for path in (STILL, EDITED, BACK, TAGGED):
        assert len(revisits.seen(path)) == VISITS
    assert all(crawl.closed["visits"] == 5 for crawl in revisits.crawls)


def test_the_very_bytes_that_are_kept_are_told_apart_from_those_in_which_something_moved(revisits: Revisits) -> None:
    """What a replay may call the same answer rests on it."""
    assert [dict(one.evidence) for one in revisits.seen(BACK)[:3]] == [{}, {"same_bytes": True}, {"same_bytes": True}]
    assert [dict(one.evidence) for one in revisits.seen(STILL)] == [{}] * VISITS
