"""One request at a time to a host, over real HTTP and without a delay between two."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import pytest
from crawl_child import altered, command, entry, environment, finish, write_catalogue
from crawl_server import Answer, CrawlServer, listing, page, story

UNTHROTTLED = """
import crawler.settings as settings
del settings.EXTENSIONS["crawler.throttle.SiteThrottle"]
"""
"""The throttle waits between two requests for as long as a host took to answer; where that was nought, not at all."""

PAGES = tuple(f"/xw/{number}.html" for number in range(1, 6))


def test_a_host_that_is_at_an_answer_is_asked_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Meanwhile another host's whole site is crawled: there was time enough to ask."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    answered, later = threading.Event(), threading.Event()
    with CrawlServer() as slow, CrawlServer() as quick:
        for server in (slow, quick):
            server.say("/xw/", page(listing(*PAGES)))
            for path in PAGES:
                server.say(path, page(story(f"云溪市召开重点工作推进会议 {path[4]}")))
        for path, event in ((PAGES[0], answered), (PAGES[1], later)):
            slow.say(path, Answer(story(f"云溪市召开重点工作推进会议 {path[4]}"), after=event))
        write_catalogue(tmp_path, {"slow": entry(slow), "quick": entry(quick)})
        child = subprocess.Popen(
            altered(command(tmp_path, ["slow", "quick"]), UNTHROTTLED),
            env=environment(SHIXUN_REPORT="1"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert slow.reached(PAGES[0]).wait(30)
            for path in PAGES:
                assert quick.reached(path).wait(30)
            assert slow.paths() == ["/xw/", PAGES[0]]
            # The others wait in the queue by now; the next takes its time, and must still be asked for alone.
            answered.set()
            assert slow.reached(PAGES[1]).wait(30)
            threading.Timer(0.3, later.set).start()
            crawled = finish(child)
        finally:
            child.kill()
        assert crawled.closed["visits"] == 2 * (len(PAGES) + 1)
        assert (slow.most_at_once, quick.most_at_once) == (1, 1)
