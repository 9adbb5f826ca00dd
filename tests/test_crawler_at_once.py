"""One request at a time to a host, and no site waits while another's page is read: over real HTTP."""

from __future__ import annotations

from pathlib import Path

from crawl_child import entry, finish, start_altered, write_catalogue
from crawl_server import Answer, CrawlServer, listing, page, story

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
