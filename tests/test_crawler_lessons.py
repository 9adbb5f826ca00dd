"""What a site teaches is used by its crawls: learning, and learning more, is told to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crawl_child import entry, finish, open_home, start_crawl, write_catalogue
from crawl_server import CrawlServer, listing, page
from made_site import ARTICLES, address, article, story, teach

from crawler.errand import Errand
from crawler.extraction.learned import Learned
from crawler.extraction.read import EXTRACTOR, read_page
from crawler.lessons import is_time_to_learn, learn_site, lesson_of, read_again, read_kept
from crawler.pipeline import keep
from crawler.sites import Site, load_catalogue
from monitor.compare.drain import Drain
from storage.archive import Archive
from storage.records import Change, ChangeKind, Lesson, Outcome, Page, Role, Visit
from storage.sql import open_archive

START = datetime(2026, 11, 23, 1, tzinfo=UTC)
SITE = Site(key="yunxi", name="云溪", columns=("http://127.0.0.1/xw/",))
LESSON = Lesson("yunxi", "0a1b2c3d", START, "{}", versions=20, template="a" * 192)


@pytest.mark.parametrize(
    ("articles", "versions", "told", "last", "is_time"),
    [
        pytest.param(7, 7, "", None, False, id="too few"),
        pytest.param(8, 8, "", None, True, id="enough"),
        pytest.param(20, 27, "a" * 192, LESSON, False, id="too few more"),
        pytest.param(20, 28, "a" * 192, LESSON, True, id="eight more"),
        pytest.param(90, 124, "a" * 192, replace(LESSON, versions=100), False, id="less than a quarter more"),
        pytest.param(90, 125, "a" * 192, replace(LESSON, versions=100), True, id="a quarter more"),
        pytest.param(20, 21, "f" * 192, LESSON, True, id="another frame was told"),
        pytest.param(20, 21, "f" * 192, replace(LESSON, template=""), False, id="the first frame was told"),
    ],
)
def test_when_a_site_is_asked(articles: int, versions: int, told: str, last: Lesson | None, is_time: bool) -> None:
    assert is_time_to_learn(articles, versions, told, last) is is_time


@dataclass
class Rounds:
    """Crawls and comparisons of a made site, without a network. ``pages`` are the bodies by number."""

    archive: Archive
    pages: dict[int, bytes] = field(default_factory=dict)
    now: datetime = START
    outcomes: list[Outcome] = field(default_factory=list)

    def crawl(self) -> list[Change]:
        """Visit every page and compare; what is told."""
        self.now += timedelta(hours=3)
        self.outcomes = []
        learned = learn_site(self.archive.learning, SITE.key, self.now)
        known = {kept.url: kept for kept in self.archive.crawling.pages(SITE.key, Role.ARTICLE)}
        for number, body in self.pages.items():
            url = address(number)
            errand = Errand(
                SITE, known.get(url) or Page(SITE.key, url, Role.ARTICLE, self.now), "r", False, learned=learned
            )
            said = read_page(body, url, role=Role.ARTICLE, learned=learned)
            visit = Visit(SITE.key, url, Role.ARTICLE, self.now, "r", 200, url, body=body, article=said)
            self.outcomes.append(keep(self.archive, errand, visit).observation.outcome)
        return list(Drain(self.archive, {SITE.key: SITE}, lambda: self.now).changes())

    @property
    def lesson(self) -> str:
        """The name of what was learned last."""
        last = self.archive.learning.lesson(SITE.key)
        return last.name if last else ""

    def quiet(self) -> bool:
        """Whether the last crawl wrote no version."""
        return set(self.outcomes) == {Outcome.UNCHANGED}


@pytest.fixture
def rounds(tmp_path: Path) -> Iterator[Rounds]:
    opened = open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    yield Rounds(opened)
    opened.close()


def read_by(number: int, times: int, **more: str) -> bytes:
    """A page with a counter in words."""
    return article(number, foot=f"<p>本文已有 {times} 位市民读过</p>", **more)


def start(rounds: Rounds, lesson: str = "") -> None:
    rounds.pages = {number: read_by(number, number * 3) for number in range(ARTICLES)}
    assert len(rounds.crawl()) == ARTICLES
    assert rounds.lesson == lesson


def test_a_counter_is_learned_before_it_is_told(rounds: Rounds) -> None:
    start(rounds)
    for visit in range(3):
        rounds.pages = {number: read_by(number, number * 3 + visit * 11 + 1) for number in range(ARTICLES)}
        assert rounds.crawl() == []
        assert rounds.quiet()
    assert rounds.archive.running.counts()["versions"] == ARTICLES


def test_an_edit_is_told_once_and_alone_while_a_counter_moves(rounds: Rounds) -> None:
    start(rounds)
    for visit in range(3):
        rounds.pages = {number: read_by(number, number * 3 + visit * 11 + 1) for number in range(ARTICLES)}
        rounds.pages[4] = rounds.pages[4].replace("年底".encode(), "明年六月底".encode())
        told = rounds.crawl()
        assert [change.kind for change in told] == ([ChangeKind.EDITED] if visit == 0 else [])
        if told:
            assert [(edit.before, edit.after) for edit in told[0].edits] == [("年底", "明年六月底")]


def test_a_counter_that_does_not_say_so_is_silent_after_one_round(rounds: Rounds) -> None:
    told = []
    for visit in range(4):
        counter = "<p>云溪温度计 {}</p>"
        rounds.pages = {n: article(n, foot=counter.format(n * 9 + visit * 5)) for n in range(ARTICLES)}
        told.append(len(rounds.crawl()))
    assert told == [ARTICLES, ARTICLES, 0, 0]


def test_learning_more_is_never_an_edit(rounds: Rounds) -> None:
    start(rounds)
    assert rounds.crawl() == []
    first = rounds.lesson
    terms = (
        '<div class="terms"><p>'
        + "平台所刊内容由各单位提供，仅供市民参考，不作为办理任何业务的依据。" * 5
        + "</p></div>"
    )
    others = {number: article(number, frame="page", below=terms) for number in range(50, 62)}
    rounds.pages |= others
    assert {change.url for change in rounds.crawl()} == {address(number) for number in others}
    assert rounds.lesson == first
    assert rounds.crawl() == []
    assert rounds.quiet()
    assert rounds.lesson not in ("", first)
    kept = rounds.archive.reading.history(address(4))
    assert [version.article.extractor for version in kept] == [EXTRACTOR]
    assert rounds.crawl() == []
    rounds.pages[4] = rounds.pages[4].replace("年底".encode(), "明年六月底".encode())
    rounds.pages[51] = rounds.pages[51].replace("年底".encode(), "明年六月底".encode())
    assert [len(change.edits) for change in rounds.crawl()] == [1, 1]
    newest = rounds.archive.reading.history(address(4))[-1]
    assert newest.article.extractor == f"{EXTRACTOR}+{rounds.lesson}"
    assert newest.article.paragraphs == tuple(line.replace("年底", "明年六月底") for line in story(4))


def test_what_was_learned_is_not_forgotten(rounds: Rounds) -> None:
    """Old pages keep the furniture they were made with, though the newest ones have it no more."""
    before = Learned(sayings=("旧版页脚里的一句提示",))
    rounds.archive.learning.remember(Lesson(SITE.key, before.name, START, before.to_json(), versions=1))
    start(rounds, before.name)
    assert rounds.crawl() == []
    lesson = rounds.archive.learning.lesson(SITE.key)
    assert lesson is not None
    assert set(Learned.from_json(lesson.furniture).sayings) == {*before.sayings, "本文已有 ⌗ 位市民读过"}
    assert rounds.archive.learning.lesson(SITE.key, before.name) is not None


def test_each_version_is_read_again_once_for_each_lesson(rounds: Rounds, monkeypatch: pytest.MonkeyPatch) -> None:
    start(rounds)
    read: list[str] = []
    body = rounds.archive.learning.body
    monkeypatch.setattr(rounds.archive.learning, "body", lambda name: (read.append(name), body(name))[1])
    rounds.crawl()
    assert len(read) == 2 * ARTICLES  # learned from, and read again
    read.clear()
    rounds.crawl()
    assert read == []


def test_a_redesign_is_told_once_and_learned(rounds: Rounds) -> None:
    note = '<link rel="stylesheet" href="/css/new.css">'
    start(rounds)
    assert rounds.crawl() == []
    first = rounds.lesson
    rounds.pages = {number: read_by(number, number * 3 + 40, frame="neu", note=note) for number in range(ARTICLES)}
    assert [change.kind for change in rounds.crawl()] == [ChangeKind.REDESIGNED]
    rounds.pages = {number: read_by(number, number * 3 + 50, frame="neu", note=note) for number in range(ARTICLES)}
    assert rounds.crawl() == []
    assert rounds.quiet()
    lesson = rounds.archive.learning.lesson(SITE.key)
    assert lesson is not None
    assert lesson.versions == 2 * ARTICLES
    assert lesson.name == first  # the same words, wherever they stand


@pytest.mark.parametrize(
    ("title", "line", "first", "last"),
    [
        ("时时彩一肖一码送彩金-", "极速小组到此一游，欢迎同行前来切磋", ChangeKind.TAMPERED, ChangeKind.RESTORED),
        ("", "威尼斯人娱乐城，真人百家乐，注册即可下注", ChangeKind.TAMPERED, ChangeKind.RESTORED),
    ],
    ids=["to search engines", "to readers"],
)
def test_what_hijackers_write_on_every_page_is_never_learned(
    rounds: Rounds, title: str, line: str, first: ChangeKind, last: ChangeKind
) -> None:
    """Else the pages would look clean while they are not, and nothing would be told once they are."""
    start(rounds)
    rounds.crawl()
    clean, lesson = dict(rounds.pages), rounds.lesson
    for number, body in clean.items():
        hijacked = body.replace(b"</p></div>", f"</p><p>{line}</p></div>".encode(), 1)
        rounds.pages[number] = hijacked.replace(b"<title>", f"<title>{title}".encode())
    assert [[change.kind for change in rounds.crawl()] for _ in range(3)] == [[first] * ARTICLES, [], []]
    rounds.pages = clean
    assert [change.kind for change in rounds.crawl()] == [last] * ARTICLES
    assert rounds.lesson == lesson


def test_a_move_after_an_upgrade_is_no_withdrawal(rounds: Rounds) -> None:
    """The older reading's title and text are not compared with the newer one's."""
    site, new_home = rounds.archive, "http://127.0.0.1/2026/4.html"
    page_ = Page(SITE.key, address(4), Role.ARTICLE, START)
    body = read_by(4, 12)
    said = read_page(body, address(4), role=Role.ARTICLE)
    seen = Visit(SITE.key, address(4), Role.ARTICLE, START, "r", 200, address(4), body=body, article=said)
    older = replace(said, extractor="1", title=f"{said.title}_要闻", canonical=(*said.canonical, "旧读法留下的一行"))
    outcomes = []
    for visit in (replace(seen, article=older), seen, replace(seen, final_url=new_home)):
        outcomes.append(keep(site, Errand(SITE, page_, "r", False), visit).observation.outcome)
        (page_,) = (known for known in site.crawling.pages(SITE.key, Role.ARTICLE) if known.url == address(4))
    assert outcomes == [Outcome.NEW_VERSION, Outcome.UNCHANGED, Outcome.MOVED]


def test_a_page_that_lost_its_body_is_compared_by_what_was_read(rounds: Rounds) -> None:
    start(rounds)
    (kept,) = rounds.archive.reading.history(address(4))
    known = {page_.url: page_ for page_ in rounds.archive.crawling.pages(SITE.key, Role.ARTICLE)}[address(4)]
    said = replace(kept.article, extractor="later")
    visit = Visit(SITE.key, address(4), Role.ARTICLE, START, "r", 200, address(4), article=said)
    again = read_again(rounds.archive.learning, known, visit, None)
    assert again is not None
    assert again.fingerprint == kept.fingerprint
    assert read_kept(kept, None, lambda name: None) is kept


def test_a_lesson_that_is_not_kept_gives_way_to_the_newest(rounds: Rounds, caplog: pytest.LogCaptureFixture) -> None:
    learning = rounds.archive.learning
    assert lesson_of(learning, "yunxi", "1") is None
    assert lesson_of(learning, "yunxi", "1+deadbeef") is None
    learned = teach(read_by(number, number) for number in range(ARTICLES))
    learning.remember(Lesson("yunxi", learned.name, START, learned.to_json()))
    assert lesson_of(learning, "yunxi", f"1+{learned.name}") == learned
    caplog.clear()
    assert lesson_of(learning, "yunxi", "1+deadbeef") == learned
    assert "deadbeef is not kept" in caplog.text


def test_crawls_learn_and_stay_silent(tmp_path: Path) -> None:
    paths = [f"/xw/{number}.html" for number in range(ARTICLES)]
    with CrawlServer() as server:
        write_catalogue(tmp_path, {"yunxi": entry(server)})
        server.say("/xw/", page(listing(*paths)))
        told = []
        for visit in range(3):
            for number, path in enumerate(paths):
                body = read_by(number, number * 3 + visit * 7)
                server.say(path, page(body.replace("年底".encode(), b"12") if (number, visit) == (4, 2) else body))
            crawled = finish(start_crawl(tmp_path, ["yunxi"], recheck="all"))
            assert crawled.status == 0, crawled.log
            archive = open_home(tmp_path)
            drain = Drain(archive, load_catalogue(tmp_path).sites, lambda: datetime.now(UTC))
            told.append([change.kind for change in drain.changes()])
            versions = archive.running.counts()["versions"]
            archive.close()
    assert told == [[ChangeKind.NEW] * ARTICLES, [], [ChangeKind.EDITED]]
    assert versions == ARTICLES + 1
