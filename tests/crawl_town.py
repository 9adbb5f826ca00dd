"""A town of sites on loopback for a crawl to meet: each is in one kind of trouble, ``calm`` in none."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crawl_child import Crawled, entry
from crawl_server import Answer, Asked, CrawlServer, listing, page, robots, story, to

from storage.archive import Archive
from storage.records import Article, Outcome, Page, Role

ENTRY = "/xw/"
NEVER = threading.Event()
DELAY = 0.2
"""Seconds between two requests to the site ``delayed``."""
KEYS = (
    *("calm", "robots", "named", "single", "delayed", "validators", "away", "elsewhere", "limits", "silent"),
    *("busy", "broken", "deep", "parts", "budget", "baker"),
)
THREE = ("/xw/1.html", "/xw/2.html", "/xw/3.html")
LIMIT = 4000
EIGHT = tuple(f"/xw/{number}.html" for number in range(1, 9))
TRUE = "市政府召开常务会议研究民生实事"


@dataclass
class Town:
    """The sites' servers, and what each was asked in the first and in the second crawl."""

    home: Path
    servers: dict[str, CrawlServer]
    archive: Archive | None = None
    crawls: list[Crawled] = field(default_factory=list)
    asked: list[dict[str, list[Asked]]] = field(default_factory=list)
    at_once: dict[str, int] = field(default_factory=dict)

    def paths(self, key: str, crawl: int = 0) -> list[str]:
        """The paths that a site was asked for in one crawl."""
        return [asked.path for asked in self.asked[crawl][key]]

    def requests(self, key: str, path: str, crawl: int = 0) -> list[Asked]:
        """The requests for one path in one crawl."""
        return [asked for asked in self.asked[crawl][key] if asked.path == path]

    def archive_of(self) -> Archive:
        """The archive, once the crawls are over."""
        assert self.archive is not None
        return self.archive

    def outcome(self, key: str, path: str, visit: int = -1) -> tuple[Outcome, str | None]:
        """What a visit came to, and how."""
        seen = self.archive_of().reading.observations(self.servers[key].url(path))[visit]
        return seen.outcome, seen.how

    def versions(self, key: str, path: str) -> list[Article]:
        """What all versions of a page say, oldest first."""
        return [version.article for version in self.archive_of().reading.history(self.servers[key].url(path))]

    def titles(self, key: str, path: str) -> list[str | None]:
        """The titles of all versions of a page."""
        return [article.title for article in self.versions(key, path)]

    def pages(self, key: str, role: Role = Role.ARTICLE) -> dict[str, Page]:
        """The known pages of a site by path."""
        found = self.archive_of().crawling.pages(key, role)
        return {page.url.removeprefix(self.servers[key].url("")): page for page in found}

    def note(self, crawl: Crawled) -> None:
        """Put down what was asked in a crawl that is over, and begin anew."""
        self.crawls.append(crawl)
        self.asked.append({key: list(server.asked) for key, server in self.servers.items()})
        for key, server in self.servers.items():
            self.at_once[key] = max(server.most_at_once, self.at_once.get(key, 0))
            server.forget()


def _serve(server: CrawlServer, pages: dict[str, Answer | list[Answer]]) -> None:
    for path, answers in pages.items():
        server.say(path, *(answers if isinstance(answers, list) else [answers]))


def _stories(*paths: str) -> dict[str, Answer | list[Answer]]:
    return {path: page(story(f"云溪市召开重点工作推进会议 {path[-6:-5]}")) for path in paths}


def script(town: Mapping[str, CrawlServer]) -> dict[str, dict[str, object]]:
    """Tell every server what to answer, and return the catalogue."""
    sites: dict[str, dict[str, object]] = {}

    def site(key: str, pages: dict[str, Answer | list[Answer]], *columns: str, **more: object) -> None:
        _serve(town[key], pages)
        sites[key] = entry(town[key], *columns, **more)

    calm = town["calm"].reached(THREE[-1])
    site("calm", {ENTRY: page(listing(*THREE)), **_stories(*THREE)})
    site(
        "robots",
        {
            "/robots.txt": Answer(b"User-agent: *\nDisallow: /shut/\nDisallow: /xw/2.html\n", after=calm),
            ENTRY: page(listing(*THREE)),
            **_stories(*THREE),
            "/shut/a/": page(listing("/shut/a/1.html")),
            "/shut/b/": page(listing("/shut/b/1.html")),
        },
        ENTRY,
        "/shut/a/",
        "/shut/b/",
    )
    site(
        "named",
        {
            "/robots.txt": robots("User-agent: *", "Disallow:", "", "User-agent: Shixun", "Disallow: /xw/1.html"),
            ENTRY: page(listing(*THREE)),
            **_stories(*THREE),
        },
    )
    site(
        "single",
        {ENTRY: Answer(listing(*THREE), after=calm), "/gg/": page(listing("/gg/1.html")), **_stories(*THREE)},
        ENTRY,
        "/gg/",
    )
    site("delayed", {ENTRY: page(listing(*EIGHT)), **_stories(*EIGHT)}, delay=DELAY)
    site(
        "validators",
        {
            ENTRY: [page(listing(*THREE, "/xw/4.html"), ETag='"list"'), Answer(status=304)],
            THREE[0]: [page(story("有标签的一篇"), ETag='"one"'), Answer(status=304)],
            THREE[1]: [
                page(story("有日期的一篇"), Last_Modified="Fri, 20 Nov 2026 00:30:00 GMT"),
                Answer(status=304),
            ],
            THREE[2]: [page(b"<html><body></body></html>", ETag='"empty"'), page(story("后来才有的一篇"))],
            "/xw/4.html": [Answer(status=404, headers={"ETag": '"gone"'}), page(story("补发的一篇"))],
        },
    )
    site("away", _away(town["away"], town["elsewhere"]))
    site("limits", _oversized(), limits={"page_bytes": LIMIT})
    site(
        "silent",
        {ENTRY: page(listing(*THREE)), **_stories(*THREE), THREE[1]: Answer(story("等不到"), after=NEVER)},
        limits={"seconds": 0.5},
    )
    site("busy", _busy())
    site("broken", _broken())
    site("deep", _deep())
    site("parts", _parts())
    site("budget", {ENTRY: page(listing(*EIGHT)), **_stories(*EIGHT)}, limits={"pages_per_run": 4})
    cookie = page(listing(*THREE), Set_Cookie="visitor=one; Path=/")
    site("baker", {ENTRY: cookie, **_stories(*THREE)})
    site("guest", {ENTRY: page(listing(*THREE)), **_stories(*THREE)})
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        sites["dead"] = {"name": "无人", "columns": [f"http://127.0.0.1:{closed.getsockname()[1]}/"]}
    return sites


def _away(own: CrawlServer, other: CrawlServer) -> dict[str, Answer | list[Answer]]:
    paths = ("off", "home", "loop", "file", "bad", "meta")
    other.say("/xw/9.html", page(story("别处的一篇")))
    refresh = '<meta http-equiv="refresh" content="0;url=/xw/target.html">'
    linked = listing(*(f"/xw/{name}.html" for name in paths), other.url("/xw/9.html"), "ftp://127.0.0.1/xw/8.html")
    return {
        ENTRY: page(linked),
        "/xw/off.html": to(other.url("/xw/9.html")),
        "/xw/home.html": to("/"),
        "/": page(listing(*THREE)),
        "/xw/loop.html": to("/xw/loop2.html"),
        "/xw/loop2.html": to("/xw/loop.html"),
        "/xw/file.html": to("file:///a/1.html"),
        "/xw/bad.html": to("http://[::1/xw/"),
        "/xw/meta.html": page(story("带跳转标记的一篇").replace(b"<head>", f"<head>{refresh}".encode())),
        "/xw/target.html": page(story("跳转之后")),
    }


def _oversized() -> dict[str, Answer | list[Answer]]:
    long = story("太长的一篇", *["会议强调，要把各项工作落到实处。" * 20] * 20)
    assert len(long) > 2 * LIMIT
    return {
        ENTRY: page(listing(*THREE, "/xw/4.html")),
        THREE[0]: page(long),
        THREE[1]: Answer(long, chunked=True),
        THREE[2]: page(gzip.compress(long), Content_Encoding="gzip"),
        "/xw/4.html": page(story("不长的一篇")),
    }


def _busy() -> dict[str, Answer | list[Answer]]:
    down = Answer(b"busy", status=503)
    return {
        ENTRY: page(listing(*THREE)),
        THREE[0]: [down, down, page(story("第三次才有的一篇"))],
        THREE[1]: down,
        THREE[2]: Answer(b"later", status=503, headers={"Retry-After": "3600"}),
    }


def _broken() -> dict[str, Answer | list[Answer]]:
    whole = story(TRUE)
    packed = gzip.compress(
        story(TRUE, *[f"第{n}项工作已经完成，市民可以到现场查看，{n * n}人参加。" for n in range(400)])
    )
    names = ("cut", "notgzip", "cutgzip", "trailer", "gbk", "utf8", "pdf", "empty", "untyped")
    return {
        ENTRY: page(listing(*(f"/xw/{name}.html" for name in names))),
        "/xw/cut.html": Answer(whole, claimed=len(whole) + 100),
        "/xw/notgzip.html": page(whole, Content_Encoding="gzip"),
        "/xw/cutgzip.html": page(packed[: len(packed) * 2 // 3], Content_Encoding="gzip"),
        "/xw/trailer.html": page(gzip.compress(whole)[:-8] + bytes(8), Content_Encoding="gzip"),
        "/xw/gbk.html": page(whole.decode().replace("utf-8", "gb2312").encode("gb18030")),
        "/xw/utf8.html": page(whole, Content_Type="text/html; charset=gb2312"),
        "/xw/pdf.html": page(b"%PDF-1.7 ...", Content_Type="application/pdf"),
        "/xw/empty.html": page(b""),
        "/xw/untyped.html": page(whole, Content_Type=""),
    }


def _deep() -> dict[str, Answer | list[Answer]]:
    lists = ("/xw/", "/xw/index_1.html", "/xw/index_2.html", "/xw/index_3.html", "/xw/index_4.html")
    pages: dict[str, Answer | list[Answer]] = {}
    for number, path in enumerate(lists[:-1]):
        paths = [f"/xw/{number}{each}.html" for each in range(3)]
        pages |= {path: page(listing(*paths, behind=lists[number + 1])), **_stories(*paths)}
    return pages


def _parts() -> dict[str, Answer | list[Answer]]:
    return {
        ENTRY: page(listing("/xw/10.html", "/xw/20.html")),
        "/xw/10.html": page(story("分三页的一篇", "第一页说的是春天的工作安排。", behind="/xw/10_2.html")),
        "/xw/10_2.html": page(story("分三页的一篇", "第二页说的是夏天的工作安排。", behind="/xw/10_3.html")),
        "/xw/10_3.html": page(story("分三页的一篇", "第三页说的是秋天的工作安排。")),
        "/xw/20.html": page(story("缺一页的一篇", "第一页说的是水利。", behind="/xw/20_2.html")),
        "/xw/20_2.html": [Answer(status=404), page(story("缺一页的一篇", "第二页说的是电力。"))],
    }
