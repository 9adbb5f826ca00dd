"""Lists and articles of several pages that are as they were: known without reading, and never what they say anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from crawl_child import entry, finish, open_home, start_crawl, write_catalogue
from crawl_server import CrawlServer, listing, story
from crawl_server import page as answer
from test_crawler_calm import TEXT

from storage.archive import Archive
from storage.bodies import SAME_BYTES
from storage.records import Observation, Outcome

FIRST, SECOND, LONG, BEHIND, NEW = "/xw/1.html", "/xw/2.html", "/xw/3.html", "/xw/3_2.html", "/xw/9.html"
VISITS = 7


def column(visit: int) -> bytes:
    """A list with a clock and a counter; from the fifth visit on it names one more article."""
    named = (FIRST, SECOND, LONG, *([NEW] if visit >= 4 else []))
    top = f'<div class="top"><span id="clock">今天是2026年11月{visit + 10}日 第{visit * 7 + 100}位访客</span></div>'
    return listing(*named).replace(b"<body>", f"<body><!-- {'menu ' * 20} -->{top}".encode())


def parts(visit: int) -> tuple[bytes, bytes]:
    """An article in two pages, of which the second says something else at the sixth visit; at last it is one page."""
    told = TEXT[2].replace("登记造册", "逐一登记") if visit >= 5 else TEXT[2]
    first = story("供暖管网改造提速", *TEXT[:2], behind=None if visit == VISITS - 1 else "3_2.html")
    return first, story("供暖管网改造提速", told)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, CrawlServer]]:
    home: Path = tmp_path_factory.mktemp("known")
    with CrawlServer() as server:
        write_catalogue(home, {"yunxi": entry(server)})
        for path in (FIRST, SECOND, NEW):
            server.say(path, answer(story("供暖管网改造提速", *TEXT)))
        for visit in range(VISITS):
            server.say("/xw/", answer(column(visit)))
            first, behind = parts(visit)
            server.say(LONG, answer(first))
            server.say(BEHIND, answer(behind))
            assert finish(start_crawl(home, ["yunxi"], recheck="all")).closed["fault"] is None
        archive = open_home(home)
        yield archive, server
        archive.close()


def seen(crawled: tuple[Archive, CrawlServer], path: str) -> list[Observation]:
    archive, server = crawled
    return archive.reading.observations(server.url(path))


def test_a_list_is_read_till_it_is_known_what_moves_and_again_when_it_names_another(
    crawled: tuple[Archive, CrawlServer],
) -> None:
    listed, calm = Outcome.LISTED, Outcome.UNCHANGED
    assert [one.outcome for one in seen(crawled, "/xw/")] == [listed, listed, calm, calm, listed, calm, calm]
    assert not any(SAME_BYTES in one.evidence for one in seen(crawled, "/xw/"))
    assert len(seen(crawled, NEW)) == VISITS - 4


def test_an_article_of_two_pages_is_known_by_both_and_an_edit_of_the_second_is_seen(
    crawled: tuple[Archive, CrawlServer],
) -> None:
    new, same = Outcome.NEW_VERSION, Outcome.UNCHANGED
    long = seen(crawled, LONG)
    assert [one.outcome for one in long] == [new, same, same, same, same, new, new]
    assert all(one.size > long[-1].size for one in long[:-1])
    archive, server = crawled
    last, before = archive.reading.history(server.url(LONG))[-1], archive.reading.history(server.url(LONG))[-2]
    assert any("逐一登记" in paragraph for paragraph in before.article.canonical)
    assert not any("逐一登记" in paragraph for paragraph in last.article.canonical)


def test_pages_that_are_known_are_asked_for_each_time_all_the_same(crawled: tuple[Archive, CrawlServer]) -> None:
    asked = [one.path for one in crawled[1].asked]
    assert (asked.count(LONG), asked.count(BEHIND)) == (VISITS, VISITS)
