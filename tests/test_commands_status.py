"""``shixun status``: what fails now and since when; what is over is one quiet line."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CATALOGUE, Run
from drain_desk import HOUR, START, Desk
from test_storage_ailing import COLUMN, look_at_column

from crawler.locks import site_lock
from crawler.sites import Site
from monitor.commands.failing import NAMED, Trouble, over, troubles_now
from monitor.commands.screen import Context
from storage.records import CHINA, Ailing, Outcome, Role, SiteHealth
from storage.records import Run as Crawl
from storage.sql import open_archive

REFUSED = "DownloadConnectionRefusedError: An error occurred while connecting: 111: Connection refused."


@pytest.fixture
def desk(home: Path):  # type: ignore[no-untyped-def]
    archive = open_archive(f"sqlite:///{home / 'shixun.db'}")
    archive.running.announce({"yunxi": "云溪发布"})
    archive.crawling.enlist_columns("yunxi", [COLUMN], START)
    yield Desk(archive)
    archive.close()


def at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIXUN_NOW", desk.now.isoformat())


def test_a_site_that_fails_is_told_until_it_opens_again(
    run: Run, desk: Desk, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at_column(desk, status=304)
    look_at_column(desk, error=REFUSED)
    begun = f"{desk.now.astimezone(CHINA):%m-%d %H:%M}"
    look_at_column(desk, error=REFUSED)
    at(desk, monkeypatch)
    assert f"问题: 云溪发布  全站自 {begun} 起打不开: 主机拒绝连接\n" in run("status").out
    assert (
        f"trouble: 云溪发布  the whole site does not open since {begun}: the host refuses connections\n"
        in run("--lang", "en", "status").out
    )
    (line,) = run("status", "--json").lines
    assert line["failing"] == [
        {
            "site": "yunxi",
            "url": COLUMN,
            "role": "column",
            "since": begun_json(desk),
            "outcome": "failed",
            "how": REFUSED,
        }
    ]
    look_at_column(desk, status=304)
    at(desk, monkeypatch)
    person = run("status").out
    assert "问题" not in person
    assert person.endswith("今日已恢复: 云溪发布\n")
    (line,) = run("status", "--json").lines
    assert (line["troubles"], line["failing"], line["over"]) == ({}, [], ["yunxi"])


def begun_json(desk: Desk) -> str:
    return (desk.now - HOUR).astimezone(CHINA).isoformat(timespec="seconds")


def test_crawls_are_told_in_words(run: Run, desk: Desk, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = desk.archive.running
    for number, reason in enumerate(("finished", "shutdown", "finished, with 2 unexpected errors"), 1):
        running.start(Crawl(f"r{number}", "yunxi", START + number * HOUR))
        running.finish(Crawl(f"r{number}", "yunxi", START, START + number * HOUR, reason, 3))
    running.start(Crawl("r4", "yunxi", START + 4 * HOUR))
    running.start(Crawl("r5", "yunxi", START + 5 * HOUR))
    at(desk, monkeypatch)
    lock = site_lock(home, "yunxi")
    assert lock.acquire()
    lines = [line for line in run("status").out.splitlines() if line.startswith("抓取 ")]
    assert [line.rpartition("页  ")[2] for line in lines] == [
        *("未结束", "中断,未结束", "完成,有 2 处意外错误,见 logs/crawl.log", "被叫停", "完成"),
    ]
    lock.release()
    assert "0 pages  cut off\n" in run("--lang", "en", "status").out.splitlines(keepends=True)[3]


SITE = Site(key="a", name="甲", columns=tuple(f"http://a.example/{number}/" for number in range(6)))


def ailing(url: str, role: Role = Role.COLUMN, outcome: Outcome = Outcome.FAILED, how: str | None = "503") -> Ailing:
    return Ailing("a", url, role, START, START - HOUR, outcome, how)


def told(pages: list[Ailing], health: SiteHealth | None = None) -> list[str]:
    chinese = Context(Path(), "zh")
    known = [health or SiteHealth("a", "甲", START)]
    return [one.line(chinese) for one in troubles_now({"a": SITE}, pages, known, START)]


def test_some_columns_are_named_and_the_rest_counted() -> None:
    failing = [ailing(url) for url in SITE.columns[:-1]]
    (line,) = told(failing)
    assert line.count("自 11-20 09:00 起读不到: 网站暂停服务 (503)") == NAMED
    assert line.endswith("另 2 个栏目读不到")


def test_columns_that_left_the_catalogue_are_not_told() -> None:
    assert told([ailing("http://a.example/old/")]) == []


def test_articles_are_counted_and_a_few_missing_ones_are_the_comparison_s_matter() -> None:
    gone = [ailing(f"http://a.example/{n}.html", Role.ARTICLE, Outcome.GONE, "404") for n in range(5)]
    assert told(gone) == ["5 个页面今日同时打不开,疑为网站故障"]
    assert told(gone[:4]) == []
    assert told([ailing("http://a.example/9.html", Role.ARTICLE)]) == ["1 篇文章读不到,最早自 11-20 09:00 起"]


def test_a_site_of_which_nothing_is_read_for_a_day_is_told_and_one_of_this_morning_is_not() -> None:
    assert told([], SiteHealth("a", "甲", START - 25 * HOUR)) == ["自 11-19 08:00 起没有读过任何网页"]
    assert told([], SiteHealth("a", "甲", START - 23 * HOUR)) == []


def test_only_what_fails_no_more_is_over() -> None:
    failed = SiteHealth("a", "甲", START, failures=2)
    still = Trouble(SITE, (ailing(SITE.columns[0]),), (), 0, 0)
    assert over({"a": SITE}, [failed], []) == [SITE]
    assert over({"a": SITE}, [failed], [still]) == []
    assert over({"a": SITE}, [SiteHealth("a", "甲", START)], []) == []


def test_the_catalogue_of_these_tests_watches_that_column() -> None:
    assert COLUMN in CATALOGUE
