"""Attachments kept by hash, over real HTTP and in rounds: a file that is replaced is told once, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from crawl_child import entry, finish, open_home, start_crawl, write_catalogue
from crawl_server import Answer, CrawlServer, listing, page, robots, story

from crawler.sites import load_catalogue
from monitor.articlejson import article_json
from monitor.compare.drain import Drain
from storage.archive import Archive
from storage.records import Change, Outcome, Version

FIRST, SECOND = "/xw/1.html", "/xw/2.html"
LIMIT = 5000
ROUNDS = 5


def pdf(text: str, **headers: str) -> Answer:
    return page(b"%PDF-1.7 " + text.encode(), Content_Type="application/pdf", **headers)


def hash_of(text: str) -> str:
    return sha256(b"%PDF-1.7 " + text.encode()).hexdigest()


def with_links(title: str, links: dict[str, str], **headers: str) -> Answer:
    held = "".join(f'<p><a href="{address}">{name}</a></p>' for name, address in links.items())
    return page(story(title).replace(b"</div></body>", f"{held}</div></body>".encode()), **headers)


@dataclass
class Rounds:
    """What was told after each round, and which paths were asked for in it."""

    server: CrawlServer
    later: CrawlServer
    away: CrawlServer
    told: list[list[Change]] = field(default_factory=list)
    asked: list[list[tuple[str, dict[str, str]]]] = field(default_factory=list)
    archive: Archive | None = None

    def edits(self, number: int, server: CrawlServer | None = None) -> list[tuple[str, str, str]]:
        """(path, before, after) of what was told in a round, in the order of addresses."""
        host = (server or self.server).url("")
        changes = [change for change in self.told[number] if change.url.startswith(host)]
        return sorted((c.url.removeprefix(host), edit.before, edit.after) for c in changes for edit in c.edits)

    def versions(self, path: str, server: CrawlServer | None = None) -> list[Version]:
        assert self.archive is not None
        return self.archive.reading.history((server or self.server).url(path))


def say_round(rounds: Rounds, number: int) -> None:
    """The answers of one round; what is not said again stays as it was."""
    server, later = rounds.server, rounds.later
    if number == 0:
        links = {
            "目录.pdf": "a.pdf",
            "办法.pdf": "b.pdf",
            "没有的.pdf": "c.pdf",
            "太大的.pdf": "d.pdf",
            "假的.pdf": "f.pdf",
        }
        links |= {"时有时无.pdf": "g.pdf", "别处的.pdf": rounds.away.url("/e.pdf"), "不许的.pdf": "/shut/h.pdf"}
        for each in (server, later):
            each.say("/xw/", page(listing(FIRST, SECOND)))
            each.say(SECOND, with_links("关于公布目录的通知", {"附件.pdf": "z.pdf"}, ETag='"page"'), Answer(status=304))
            each.say("/xw/z.pdf", pdf("第一版"))
        server.say("/robots.txt", robots("User-agent: *", "Disallow: /shut/"))
        server.say(FIRST, with_links("关于印发管理办法的通知", links))
        later.say(FIRST, page(story("没有附件的一篇")))
        server.say("/xw/a.pdf", pdf("目录第一版"))
        server.say("/xw/b.pdf", pdf("办法", ETag='"b"'), Answer(status=304))
        server.say("/xw/d.pdf", pdf("长" * LIMIT))
        server.say("/xw/f.pdf", page("<html>登录后下载</html>".encode()))
        server.say("/xw/g.pdf", pdf("有"))
    if number == 1:
        server.say("/xw/a.pdf", pdf("目录第二版"))
        server.say("/xw/z.pdf", pdf("第二版"))
        server.say("/xw/g.pdf", Answer(status=404))
    if number == 2:
        server.say("/xw/g.pdf", pdf("有"))
    if number == 3:
        later.say("/xw/z.pdf", pdf("第二版"))
    if number == 4:
        later.say("/xw/z.pdf", pdf("第三版"))


def catalogue(rounds: Rounds, number: int) -> dict[str, dict[str, object]]:
    kept: dict[str, object] = {"attachments": "keep", "limits": {"attachment_bytes": LIMIT}}
    return {
        "files": entry(rounds.server, **kept),
        "later": entry(rounds.later, **(kept if number in (2, 3) else {})),
    }


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rounds]:
    """Two sites crawled in five rounds, every known page each time; ``later`` keeps its files in rounds 2 and 3."""
    home: Path = tmp_path_factory.mktemp("files")
    with ExitStack() as stack:
        made = Rounds(*(stack.enter_context(CrawlServer()) for _ in range(3)))
        for number in range(ROUNDS):
            say_round(made, number)
            write_catalogue(home, catalogue(made, number))
            crawl = finish(start_crawl(home, ("files", "later"), recheck="all"))
            assert (crawl.status, crawl.closed["fault"]) == (0, None), crawl.log
            made.asked.append([(each.path, dict(each.headers)) for each in made.server.asked])
            made.server.forget()
            archive = open_home(home)
            made.told.append(list(Drain(archive, load_catalogue(home).sites, lambda: datetime.now(UTC)).changes()))
            archive.close()
        made.archive = open_home(home)
        try:
            yield made
        finally:
            made.archive.close()


def short(text: str) -> str:
    return hash_of(text)[:8]


def test_what_comes_first_is_new_and_no_edit(rounds: Rounds) -> None:
    assert [change.kind.value for change in rounds.told[0]] == ["new"] * 4
    kept = {each.name: each.hash for each in rounds.versions(FIRST)[0].article.attachments}
    assert kept == {
        "目录.pdf": hash_of("目录第一版"),
        "办法.pdf": hash_of("办法"),
        "时有时无.pdf": hash_of("有"),
        **dict.fromkeys(("没有的.pdf", "太大的.pdf", "假的.pdf", "别处的.pdf", "不许的.pdf")),
    }


def test_a_replaced_file_is_told_once_also_of_a_page_that_did_not_change(rounds: Rounds) -> None:
    assert rounds.edits(1) == [
        (FIRST, f"目录.pdf ({short('目录第一版')})", f"目录.pdf ({short('目录第二版')})"),
        (SECOND, f"附件.pdf ({short('第一版')})", f"附件.pdf ({short('第二版')})"),
    ]
    assert [change.kind.value for change in rounds.told[1]] == ["edited"] * 2
    assert {edit.field for change in rounds.told[1] for edit in change.edits} == {"attachments"}
    assert all(0.3 < change.weight < 0.6 for change in rounds.told[1])
    assert [len(rounds.versions(path)) for path in (FIRST, SECOND)] == [2, 2]
    assert rounds.archive is not None
    assert rounds.archive.reading.observations(rounds.server.url(SECOND))[1].outcome is Outcome.NEW_VERSION


def test_a_file_that_did_not_change_or_could_not_be_had_is_never_told(rounds: Rounds) -> None:
    assert [rounds.edits(number) for number in (2, 3, 4)] == [[], [], []]
    kept = {each.name: each.hash for each in rounds.versions(FIRST)[1].article.attachments}
    assert kept["时有时无.pdf"] == hash_of("有")
    assert rounds.archive is not None
    last = rounds.archive.reading.observations(rounds.server.url(FIRST))[-1]
    assert sorted(str(why).split(":")[0] for why in last.evidence["files"].values()) == [
        *("404", "DownloadCancelledError", "IgnoreRequest", "not a file"),
    ]


def test_a_file_is_asked_for_only_if_it_changed(rounds: Rounds) -> None:
    asked = [[headers.get("if-none-match") for path, headers in each if path == "/xw/b.pdf"] for each in rounds.asked]
    assert asked == [[None], *[['"b"']] * (ROUNDS - 1)]


def test_no_file_is_asked_for_elsewhere_or_against_robots(rounds: Rounds) -> None:
    assert rounds.away.asked == []
    assert not [path for each in rounds.asked for path, _ in each if path.startswith("/shut/")]


def test_the_bytes_are_kept_once_under_their_hash(rounds: Rounds) -> None:
    assert rounds.archive is not None
    assert rounds.archive.reading.body(hash_of("目录第一版")) == b"%PDF-1.7 " + "目录第一版".encode()
    assert rounds.archive.reading.body(hash_of("办法")) is not None
    assert rounds.archive.reading.body(hash_of("长" * LIMIT)) is None


def test_keeping_that_begins_or_ends_is_no_edit_and_in_between_a_replaced_file_is(rounds: Rounds) -> None:
    told = [rounds.edits(number, rounds.later) for number in range(ROUNDS)]
    replaced = (SECOND, f"附件.pdf ({short('第一版')})", f"附件.pdf ({short('第二版')})")
    assert told == [[], [], [], [replaced], []]
    hashes = [version.article.attachments[0].hash for version in rounds.versions(SECOND, rounds.later)]
    assert hashes == [hash_of("第一版"), hash_of("第二版")]


def test_a_hash_is_told_only_where_it_is_known(rounds: Rounds) -> None:
    told = article_json(rounds.versions(FIRST)[0].article, "f", None)["attachments"]
    assert isinstance(told, list)
    assert told[0] == {"url": rounds.server.url("/xw/a.pdf"), "name": "目录.pdf", "hash": hash_of("目录第一版")}
    assert told[2] == {"url": rounds.server.url("/xw/c.pdf"), "name": "没有的.pdf"}


def test_a_file_that_many_articles_offer_is_asked_for_once_a_crawl(tmp_path: Path) -> None:
    paths = [f"/xw/{number}.html" for number in range(1, 6)]
    with CrawlServer() as server:
        server.say("/xw/", page(listing(*paths)))
        for path in paths:
            server.say(path, with_links(f"关于公布目录的通知{path}", {"共用.pdf": "a.pdf", "没有的.pdf": "c.pdf"}))
        server.say("/xw/a.pdf", pdf("目录"))
        write_catalogue(tmp_path, {"files": entry(server, attachments="keep")})
        for kept in ("目录", "目录第二版"):
            server.say("/xw/a.pdf", pdf(kept))
            server.forget()
            crawl = finish(start_crawl(tmp_path, ("files",), recheck="all"))
            assert (crawl.status, crawl.closed["fault"]) == (0, None), crawl.log
            assert sorted(server.paths()) == sorted(["/xw/", *paths, "/xw/a.pdf", "/xw/c.pdf"])
            archive = open_home(tmp_path)
            newest = [archive.reading.history(server.url(path))[-1] for path in paths]
            archive.close()
            assert {(f.url, f.hash) for version in newest for f in version.files} == {
                (server.url("/xw/a.pdf"), hash_of(kept)),
                (server.url("/xw/c.pdf"), None),
            }
