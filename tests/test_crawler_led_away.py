"""A known page that leads to a stranger's: looked at as far as its rules allow, and told where it shows spam."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from crawl_child import entry, finish, open_home, start_crawl, write_catalogue
from crawl_server import CrawlServer, listing, page, robots, story, to
from scrapy import Request
from test_crawler_instead import KNOWN, PAGE, SITE, STORY

from crawler.finding import find
from crawler.middlewares import MOST_LOOKS, OffSite, OwnSiteMiddleware, may_look
from crawler.sites import Site, load_catalogue
from monitor.compare.drain import Drain
from storage.archive import Archive
from storage.records import Article, Change, ChangeKind, Outcome, PageKind, Role, Visit

DATED = "Fri, 20 Nov 2026 01:00:00 GMT"
LATER = "Sat, 21 Nov 2026 01:00:00 GMT"
SPAM = "<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{title}</p></body></html>".format(
    title="澳门新葡京娱乐城注册登录-时时彩平台-彩票投注"
)
NAMES = ("spam", "honest", "shut", "dead", "calm")


@dataclass
class Away:
    """Three crawls of one site, its pages led away in the second; what was told, and what strangers were asked."""

    archive: Archive
    own: CrawlServer
    told: list[list[Change]]
    asked: dict[str, list[str]]

    def outcomes(self, name: str) -> list[Outcome]:
        return [seen.outcome for seen in self.archive.reading.observations(self.own.url(f"/a/{name}.html"))]


def _tell(home: Path, archive: Archive) -> list[Change]:
    return list(Drain(archive, load_catalogue(home).sites, lambda: datetime.now(UTC)).changes())


def _script(own: CrawlServer, strange: CrawlServer, shut: CrawlServer) -> None:
    own.say("/xw/", page(listing(*(f"/a/{name}.html" for name in (*NAMES, "unread")))))
    led = {"spam": strange.url("/go?t=1"), "honest": strange.url("/honest.html"), "shut": shut.url("/spam.html")}
    led["dead"] = "http://127.0.0.1:9/"
    for name in NAMES:
        good = page(story(f"供暖管网改造工程进展通报之{name}"), Last_Modified=DATED)
        own.say(f"/a/{name}.html", *([good, to(led[name]), good] if name in led else [good]))
    front = page(listing("/a/calm.html").replace(b"<title>", "<title>云溪新闻网 ".encode()), Last_Modified=DATED)
    own.say("/front/", front, to(strange.url("/spam.html")), front)
    own.say("/a/unread.html", to(strange.url("/unread.html")))
    strange.say("/go?t=1", to("/spam.html"))
    for path in ("/spam.html", "/unread.html"):
        strange.say(path, page(SPAM.encode(), Last_Modified=LATER, ETag='"spam"'))
    # It speaks of what others sell, as police do.
    strange.say("/honest.html", page(story("警方打掉一个网络赌博平台 彩票投注时时彩均为骗局")))
    shut.say("/robots.txt", robots("User-agent: *", "Disallow: /"))
    shut.say("/spam.html", page(SPAM.encode()))


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Away]:
    home = tmp_path_factory.mktemp("away")
    with CrawlServer() as own, CrawlServer() as strange, CrawlServer() as shut:
        _script(own, strange, shut)
        write_catalogue(home, {"yunxi": entry(own, "/xw/", "/front/")})
        archive = open_home(home)
        told = []
        for crawl in range(3):
            finish(start_crawl(home, ["yunxi"], **({"recheck": "all"} if crawl else {})))
            told.append(_tell(home, archive))
        asked = {"strange": strange.paths(), "shut": shut.paths()}
        yield Away(archive, own, told, asked)
        archive.close()


def test_a_known_page_that_leads_to_a_stranger_s_spam_is_tampered_with_and_says_where(away: Away) -> None:
    led = {away.own.url("/a/spam.html"), away.own.url("/front/")}
    assert {change.url: change.kind for change in away.told[1]} == dict.fromkeys(led, ChangeKind.TAMPERED)
    for change in away.told[1]:
        (where,) = change.evidence["redirects"]  # type: ignore[misc]
        assert str(where).endswith("/spam.html")
        assert "spam_words" in change.evidence
    assert "供暖管网改造工程进展通报之spam" in {change.title for change in away.told[1]}


def test_it_is_told_as_restored_once_it_answers_itself(away: Away) -> None:
    assert [(change.kind, change.edits) for change in away.told[2]] == [(ChangeKind.RESTORED, ())] * 2
    known = away.archive.comparing.page_at("yunxi", away.own.url("/a/spam.html"))
    assert known is not None
    assert (known.leads_to, known.last_modified) == (None, DATED)


@pytest.mark.parametrize("name", ["honest", "shut"])
def test_what_shows_no_spam_or_may_not_be_seen_is_told_as_nothing(away: Away, name: str) -> None:
    assert away.outcomes(name) == [Outcome.NEW_VERSION, Outcome.REFUSED, Outcome.UNCHANGED]


def test_a_stranger_that_is_down_is_no_trouble_of_the_site(away: Away) -> None:
    assert away.outcomes("dead") == [Outcome.NEW_VERSION, Outcome.FAILED, Outcome.UNCHANGED]
    assert away.outcomes("calm") == [Outcome.NEW_VERSION, Outcome.UNCHANGED, Outcome.UNCHANGED]


def test_a_stranger_is_asked_only_for_pages_that_were_read_before_and_as_its_robots_say(away: Away) -> None:
    assert sorted(away.asked["strange"]) == ["/go?t=1", "/honest.html", "/spam.html", "/spam.html"]
    assert away.asked["shut"] == []
    assert set(away.outcomes("unread")) == {Outcome.REFUSED}


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://www.bo7788.top/", True),
        ("https://8.8.8.8/x", True),
        ("http://127.0.0.1/", False),
        ("http://localhost:8080/", False),
        ("http://10.0.0.8/login", False),
        ("http://169.254.169.254/latest/", False),
        ("http://[::1]/", False),
        ("http://router/", False),
        ("ftp://www.bo7788.top/", False),
    ],
)
def test_nobody_is_led_into_the_house(url: str, allowed: bool) -> None:
    assert may_look(Site(key="a", name="云溪", columns=("http://www.yunxi.example/",)), url) is allowed
    assert may_look(Site(key="a", name="云溪", columns=("http://127.0.0.1/",)), "http://127.0.0.2/")


def test_no_more_than_a_few_are_looked_at() -> None:
    """A site of which every page leads away is asked about on a sample."""
    rules = OwnSiteMiddleware()
    site = Site(key="a", name="云溪", columns=("http://www.yunxi.example/",))

    def led(**meta: object) -> Request:
        return Request("http://www.bo7788.top/", meta={"site": site, "known": True, "redirect_times": 1, **meta})

    for _ in range(MOST_LOOKS):
        rules.process_request(led())
    for refused in (led(), led(known=False), led(redirect_times=0)):
        with pytest.raises(OffSite):
            rules.process_request(refused)


def answered(article: Article, status: int = 200) -> Visit:
    return Visit("yunxi", PAGE.url, Role.ARTICLE, PAGE.first_seen_at, "r", status=status, article=article, body=b"x")


@pytest.mark.parametrize(
    "answer",
    [
        answered(STORY, 404),
        answered(STORY, 403),
        answered(STORY, 503),
        answered(Article(PageKind.MISSING, paragraphs=("您访问的页面不存在",))),
        answered(Article(PageKind.BLOCKED)),
        # Not even the same story there is a move: that address is another site's to watch.
        answered(STORY),
    ],
)
def test_what_a_stranger_answers_says_nothing_of_the_page(answer: Visit) -> None:
    found = find(SITE, replace(answer, final_url="http://portal.example/login"), PAGE, KNOWN)
    assert (found.outcome, found.evidence) == (Outcome.REFUSED, {"to": "http://portal.example/login"})
