"""One request at a time to a host, and no site waits while another's page is read: over real HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from crawl_child import entry, finish, open_home, start_altered, start_crawl, write_catalogue
from crawl_server import Answer, CrawlServer, listing, page, story

from crawler.extraction.read import read_page
from crawler.spiders.desk import LONG, MANY_TAGS, is_long
from storage.records import Role

PAGES = Path(__file__).parent / "pages"
WHERE = "http://www.yunxi.example/xw/1.html"

UNHURRIED = """
from crawler.throttle import SiteThrottle
SiteThrottle._adjust_delay = lambda *answered: None
"""
"""What leaves a delay of 0 at 0: so does a host whose answers all came while the crawl did something else."""


def test_a_host_is_asked_for_one_page_at_a_time_without_a_delay_too(tmp_path: Path) -> None:
    # One site's first story is held back till its others wait behind it, its second till the other site, which is asked
    # beside it, answered six times more: time for all that would be asked for too early.
    with CrawlServer() as slow, CrawlServer() as quick:
        few, many = _stories(slow, 4), _stories(quick, 10)
        slow.say(few[0], Answer(story("云溪市召开第1次重点工作推进会议"), after=quick.reached(many[3])))
        slow.say(few[1], Answer(story("云溪市召开第2次重点工作推进会议"), after=quick.reached(many[-1])))
        quick.say(many[3], Answer(story("云溪市召开第4次重点工作推进会议"), after=slow.reached(few[1])))
        write_catalogue(tmp_path, {"quick": entry(quick), "slow": entry(slow)})
        with start_altered(tmp_path, ["slow", "quick"], UNHURRIED) as child:
            crawled = finish(child)
        assert (crawled.status, crawled.closed["fault"]) == (0, None)
        assert (slow.most_at_once, quick.most_at_once) == (1, 1)
        assert (slow.paths(), quick.paths()) == (["/xw/", *few], ["/xw/", *many])


def _stories(server: CrawlServer, count: int) -> list[str]:
    """Script a column and its stories; their paths come back."""
    paths = [f"/xw/{number}.html" for number in range(count)]
    server.say("/xw/", page(listing(*paths)))
    for number, path in enumerate(paths, start=1):
        server.say(path, page(story(f"云溪市召开第{number}次重点工作推进会议")))
    return paths


GATED = """
import urllib.request
import crawler.pipeline as pipeline
read_page = pipeline.read_page
def gated(body, *given, **more):
    if b"<!--gate-->" in body:
        urllib.request.urlopen({gate!r}).read()
    return read_page(body, *given, **more)
pipeline.read_page = gated
"""
"""What makes the reading of a page last until a server answers."""


def _long_story(title: str) -> bytes:
    said = [f"第{number}条，市有关部门今天作了说明，各项工作正在有序推进，请广大市民放心。" for number in range(1500)]
    return story(title, *said).replace(b"<h1>", b"<!--gate--><h1>")


def test_other_sites_are_asked_while_one_s_long_page_is_read(tmp_path: Path) -> None:
    # The page is read, by the test's doing, till the last story of the other site was asked for.
    with CrawlServer() as long, CrawlServer() as quick, CrawlServer() as gate:
        one, many = _stories(long, 2), _stories(quick, 6)
        long.say(one[0], page(_long_story("云溪市公布全年重点工作清单")))
        quick.say(many[2], Answer(story("云溪市召开第3次重点工作推进会议"), after=gate.reached("/gate")))
        gate.say("/gate", Answer(b"", after=quick.reached(many[-1])))
        write_catalogue(tmp_path, {"long": entry(long), "quick": entry(quick)})
        with start_altered(tmp_path, ["long", "quick"], GATED.format(gate=gate.url("/gate"))) as child:
            crawled = finish(child)
        assert (crawled.status, crawled.closed["fault"], crawled.closed["visits"]) == (0, None, 10)
    archive = open_home(tmp_path)
    kept = archive.crawling.pages("long", Role.ARTICLE, limit=9)
    assert sorted((urlsplit(each.url).path, each.version) for each in kept) == [(path, 1) for path in one]
    archive.close()


def test_a_crawl_killed_while_a_long_page_is_read_leaves_it_to_the_next(tmp_path: Path) -> None:
    with CrawlServer() as server, CrawlServer() as gate:
        server.say("/xw/", page(listing("/xw/0.html")))
        server.say("/xw/0.html", page(_long_story("云溪市公布全年重点工作清单")))
        gate.say("/gate", Answer(b"", after=server.reached("/never")))
        write_catalogue(tmp_path, {"long": entry(server)})
        with start_altered(tmp_path, ["long"], GATED.format(gate=gate.url("/gate"))) as child:
            assert gate.reached("/gate").wait(20)
            child.kill()
        with start_crawl(tmp_path, ["long"]) as child:
            crawled = finish(child)
        assert (crawled.status, crawled.closed["fault"]) == (0, None)
        assert server.paths() == ["/xw/", "/xw/0.html", "/xw/", "/xw/0.html"]
    archive = open_home(tmp_path)
    assert [each.version for each in archive.crawling.pages("long", Role.ARTICLE, limit=9)] == [1]
    archive.close()


def test_two_who_read_at_once_read_the_same_as_one_alone() -> None:
    bodies = [path.read_bytes() for path in sorted(PAGES.glob("*.html"))[:40]]
    alone = [read_page(body, WHERE) for body in bodies]
    with ThreadPoolExecutor(1) as beside:
        other = beside.submit(lambda: [read_page(body, WHERE) for body in reversed(bodies)])
        assert [read_page(body, WHERE) for body in bodies] == alone
        assert other.result() == alone[::-1]


@pytest.mark.parametrize(
    ("body", "long"),
    [
        pytest.param(b"", False, id="no bytes"),
        pytest.param(b"<p>" * (MANY_TAGS - 1) + b" " * MANY_TAGS, False, id="a tag too few"),
        pytest.param(b"<p>" * MANY_TAGS, True, id="many tags"),
        pytest.param(b" " * (LONG - 1), False, id="a byte too few"),
        pytest.param(b" " * LONG, True, id="many bytes"),
    ],
)
def test_which_pages_are_read_beside_the_reactor(body: bytes, long: bool) -> None:
    assert is_long(body) is long
