"""The drain on a real archive: visits go in as a crawl keeps them, and each piece of news comes out once."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extraction.whole import read_whole
from crawler.intake import take_in
from crawler.sites import Site
from monitor.compare import drain as drain_module
from monitor.compare.decide import Case, decide
from monitor.compare.drain import Drain, never
from storage.archive import Archive
from storage.errors import BodyUnreadable
from storage.records import (
    Article,
    Change,
    ChangeKind,
    Link,
    Outcome,
    PageKind,
    Role,
    Settlement,
    Surface,
    Told,
    Visit,
)
from storage.sql import open_archive

START = datetime(2026, 11, 20, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEXT = (
    "11月20日,市政府召开第38次常务会议,研究部署今冬明春供暖保障工作,会议由市长王建国主持。",
    "会议指出,全市已完成老旧管网改造126公里,惠及居民4156户,年度投资6.89亿元。",
    "会议要求,各区县要落实属地责任,确保11月25日前全部达到供热标准。",
)
OTHER = (
    "记者从市文旅局获悉,云溪古镇首届稻香文化节将于周末开幕,活动持续至月底。",
    "文化节期间将举办农耕体验、非遗展演等23项活动,游客可凭身份证免费入园。",
)


def site(key: str) -> Site:
    return Site(key=key, name=key, columns=(f"http://www.{key}.example/news/",))


SITES = {key: site(key) for key in ("yunxi", "lanqiao", "shiquan")}


def address(page: str, key: str = "yunxi") -> str:
    return f"http://www.{key}.example/news/{page}.html"


def story(*text: str, **labels: object) -> Article:
    said = text or TEXT
    values = {"title": "市政府研究供暖保障", "published_at": "2026-11-20", "extractor": "9", "template": "a" * 192}
    return Article(PageKind.ARTICLE, paragraphs=said, canonical=said, **{**values, **labels})  # type: ignore[arg-type]


STORY = story()
EDITED = story(TEXT[0], TEXT[1].replace("4156户", "4165户"), TEXT[2])
NOTICE = Article(PageKind.MISSING, paragraphs=("您访问的页面不存在或已被删除",))
HIJACKED = replace(
    STORY,
    flags=("tampered",),
    surface=Surface(
        title="澳门新葡京娱乐城_时时彩投注平台",
        keywords="娱乐城,时时彩,棋牌",
        hidden=(Link("http://spam.invalid/1", "娱乐城"), Link("http://spam.invalid/2", "时时彩")),
        outside=("spam.invalid",),
    ),
)


@dataclass
class Desk:
    """A crawl and a comparison by hand. ``now`` moves on by what each visit says."""

    archive: Archive
    now: datetime = START
    runs: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def visit(
        self,
        article: Article | None = STORY,
        *,
        page: str = "1",
        key: str = "yunxi",
        after: timedelta = HOUR,
        **seen: object,
    ) -> Outcome:
        self.now += after
        values: dict[str, object] = {"status": 200 if article else None, "final_url": address(page, key), "body": b"x"}
        visit = Visit(
            key, address(page, key), Role.ARTICLE, self.now, f"r{next(self.runs)}", article=article, **values | seen  # type: ignore[arg-type]
        )  # fmt: skip
        return self.archive.crawling.record(visit, partial(take_in, SITES[key])).observation.outcome

    def gone(self, *, page: str = "1", after: timedelta = HOUR, **seen: object) -> Outcome:
        return self.visit(None, page=page, after=after, **{"status": 404, **seen})

    def drain(self, stop: Callable[[], bool] = never) -> list[Change]:
        return list(Drain(self.archive, SITES, lambda: self.now, stop).changes())

    def log(self) -> list[Change]:
        return self.archive.reading.changes()

    def told(self) -> list[tuple[str, str]]:
        return [(change.kind.value, change.url.rpartition("/")[2]) for change in self.log()]

    def kinds(self) -> list[str]:
        return [change.kind.value for change in self.drain()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    yield Desk(opened)
    opened.close()


def test_a_first_sight_is_new_and_a_second_one_is_nothing(desk: Desk) -> None:
    assert desk.visit() is Outcome.NEW_VERSION
    (new,) = desk.drain()
    assert (new.kind, new.url, new.title, new.from_version, new.to_version) == (
        ChangeKind.NEW, address("1"), "市政府研究供暖保障", None, 1,
    )  # fmt: skip
    desk.visit()
    assert desk.drain() == []
    assert desk.archive.running.counts()["pending"] == 0


def test_an_edit_names_both_versions_and_the_figure(desk: Desk) -> None:
    desk.visit()
    desk.visit(EDITED)
    _, edited = desk.drain()
    assert (edited.kind, edited.from_version, edited.to_version) == (ChangeKind.EDITED, 1, 2)
    assert edited.facts.numbers == (("4156户", "4165户"),)
    assert desk.log()[1].edits == edited.edits


def test_an_edit_that_is_undone_is_two_edits(desk: Desk) -> None:
    for article in (STORY, EDITED, STORY):
        desk.visit(article)
    first, there, back = desk.drain()
    assert first.kind is ChangeKind.NEW
    assert there.facts.numbers == (("4156户", "4165户"),)
    assert back.facts.numbers == (("4165户", "4156户"),)
    assert (back.kind, back.from_version, back.to_version) == (ChangeKind.EDITED, 2, 3)


def test_a_withdrawal_is_told_at_the_second_miss_and_never_again(desk: Desk) -> None:
    desk.visit()
    assert desk.kinds() == ["new"]
    desk.gone()
    assert desk.kinds() == []
    desk.gone(after=2 * HOUR)
    (removed,) = desk.drain()
    assert (removed.kind, removed.how, removed.to_version, removed.note) == (ChangeKind.REMOVED, "404", None, None)
    assert removed.evidence["visits"] == 2
    desk.gone()
    desk.gone(after=48 * HOUR)
    assert desk.kinds() == []


def test_two_misses_within_the_span_are_not_enough(desk: Desk) -> None:
    desk.visit()
    desk.gone()
    desk.gone(after=2 * HOUR - timedelta(seconds=1))
    assert desk.kinds() == ["new"]
    desk.gone(after=timedelta(seconds=1))
    assert desk.kinds() == ["removed"]


@pytest.mark.parametrize(
    "silent",
    [
        {"article": None, "status": 503},
        {"article": None, "status": None, "error": "TimeoutError: 30 s"},
        {"article": Article(PageKind.BLOCKED), "status": 412},
        {"article": Article(PageKind.EMPTY, flags=("scripted",))},
        {"article": None, "refused": True, "error": "robots"},
    ],
)
def test_a_visit_that_saw_nothing_neither_confirms_a_withdrawal_nor_resets_it(
    desk: Desk, silent: dict[str, object]
) -> None:
    desk.visit()
    desk.gone()
    for _ in range(3):
        desk.visit(**{"after": 2 * HOUR, **silent})  # type: ignore[arg-type]
    assert desk.kinds() == ["new"]
    desk.gone()
    (removed,) = desk.drain()
    assert removed.kind is ChangeKind.REMOVED
    assert removed.evidence["visits"] == 2


def test_a_visit_that_read_the_page_begins_the_count_anew(desk: Desk) -> None:
    desk.visit()
    desk.gone()
    desk.visit(after=2 * HOUR)
    desk.gone()
    assert desk.kinds() == ["new"]
    desk.gone(after=2 * HOUR)
    assert desk.kinds() == ["removed"]


def test_one_look_by_hand_is_enough_and_is_named(desk: Desk) -> None:
    desk.visit()
    desk.visit(NOTICE, by_hand=True)
    _, removed = desk.drain()
    assert (removed.kind, removed.how, removed.note) == (ChangeKind.REMOVED, "soft-404", "一次手动复查所见")
    desk.visit(NOTICE, by_hand=True)
    assert desk.kinds() == []


def test_a_page_that_comes_back_as_it_was_is_restored_without_edits(desk: Desk) -> None:
    desk.visit()
    desk.gone()
    desk.gone(after=2 * HOUR)
    desk.drain()
    assert desk.visit() is Outcome.UNCHANGED
    (back,) = desk.drain()
    assert (back.kind, back.edits, back.to_version) == (ChangeKind.RESTORED, (), 1)
    desk.visit()
    assert desk.kinds() == []


def test_a_page_that_comes_back_otherwise_tells_the_difference_with_its_return(desk: Desk) -> None:
    desk.visit()
    desk.gone(by_hand=True)
    desk.drain()
    desk.visit(EDITED)
    (back,) = desk.drain()
    assert (back.kind, back.facts.numbers) == (ChangeKind.RESTORED, (("4156户", "4165户"),))


def test_a_move_is_told_of_the_old_address_and_the_new_one_is_not_new(desk: Desk) -> None:
    desk.visit()
    desk.drain()
    assert desk.visit(final_url=address("2")) is Outcome.MOVED
    desk.visit(page="2")
    desk.visit(story(*OTHER, title="稻香文化节开幕"), page="3")
    moved, other = desk.drain()
    assert (moved.kind, moved.url, moved.evidence["to"]) == (ChangeKind.MOVED, address("1"), address("2"))
    assert (other.kind, other.url) == (ChangeKind.NEW, address("3"))
    desk.visit(EDITED, page="2")
    assert desk.kinds() == ["edited"]


def test_a_page_that_may_have_moved_waits_for_the_old_address(desk: Desk) -> None:
    desk.visit()
    desk.drain()
    desk.visit(page="2")
    for _ in range(2):
        assert desk.drain() == []
    (old,) = [page for page in desk.archive.crawling.pages("yunxi", Role.ARTICLE) if page.url == address("1")]
    assert old.due_at == desk.now
    assert desk.visit(final_url=address("2")) is Outcome.MOVED
    assert [(change.kind, change.url) for change in desk.drain()] == [(ChangeKind.MOVED, address("1"))]
    assert desk.archive.running.counts()["pending"] == 0


@pytest.mark.parametrize("answer", [{}, {"article": None, "status": 503}, {"article": None, "status": 404}])
def test_a_second_copy_on_a_site_is_new_once_the_first_has_answered(desk: Desk, answer: dict[str, object]) -> None:
    desk.visit()
    desk.drain()
    desk.visit(page="2")
    assert desk.drain() == []
    desk.visit(**answer)  # type: ignore[arg-type]
    (new,) = desk.drain()
    assert (new.kind, new.url, new.reprint_of) == (ChangeKind.NEW, address("2"), address("1"))


def test_what_a_held_page_says_next_does_not_overtake_it(desk: Desk) -> None:
    desk.visit()
    desk.drain()
    desk.visit(page="2")
    desk.drain()
    desk.visit(replace(STORY, title="市政府召开供暖专题会"), page="2")
    desk.drain()
    desk.visit()
    desk.drain()
    told = [(change.kind.value, change.from_version, change.to_version) for change in desk.log()[1:]]
    assert told == [("new", None, 1), ("retitled", 1, 2)]


def test_a_held_page_that_goes_is_not_called_back(desk: Desk) -> None:
    desk.visit()
    desk.drain()
    desk.visit(page="2")
    desk.drain()
    desk.gone(page="2", by_hand=True)
    desk.drain()
    desk.visit()
    desk.drain()
    assert desk.told() == [("new", "1.html"), ("new", "2.html"), ("removed", "2.html")]


def test_a_hijacked_page_that_comes_back_hijacked_is_not_sound(desk: Desk) -> None:
    for article in (STORY, HIJACKED):
        desk.visit(article)
    desk.gone(by_hand=True)
    assert desk.kinds() == ["new", "tampered", "removed"]
    assert desk.visit(HIJACKED) is Outcome.UNCHANGED
    assert desk.kinds() == ["tampered"]
    desk.visit(STORY)
    assert desk.kinds() == ["restored"]


def test_a_hijacking_is_told_once_and_its_end_with_the_real_difference_only(desk: Desk) -> None:
    desk.visit()
    desk.visit(HIJACKED)
    desk.visit(replace(HIJACKED, surface=replace(HIJACKED.surface, keywords="棋牌,彩票")))
    _, tampered = desk.drain()
    assert (tampered.kind, tampered.title) == (ChangeKind.TAMPERED, STORY.title)
    desk.visit(EDITED)
    (clean,) = desk.drain()
    assert (clean.kind, clean.note) == (ChangeKind.RESTORED, "篡改已清除")
    assert [(edit.before, edit.after) for edit in clean.edits] == [("4156户", "4165户")]
    assert (clean.from_version, clean.to_version) == (3, 4)


def test_a_hijacking_that_left_the_text_alone_ends_without_edits(desk: Desk) -> None:
    for article in (STORY, HIJACKED, STORY):
        desk.visit(article)
    assert [(change.kind.value, change.edits) for change in desk.drain()] == [
        ("new", ()), ("tampered", ()), ("restored", ()),
    ]  # fmt: skip


PAGE = (
    "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>2026-11-20 来源:云溪日报</p><div>{1}</div></body></html>"
)


def raw(*text: str) -> bytes:
    return PAGE.format("市政府研究供暖保障", "".join(f"<p>{line}</p>" for line in text)).encode()


def test_an_upgrade_of_the_extractor_is_never_an_edit(desk: Desk) -> None:
    """Version 1 was read by an older program that lost the last paragraph and took the source for a line of text."""
    body = raw(*TEXT)
    today = read_whole(body, address("1"))
    assert today.kind is PageKind.ARTICLE
    old = replace(
        today, extractor="0", source=None, canonical=("来源:云溪日报", *today.canonical[:-1]), paragraphs=TEXT[:2]
    )
    desk.visit(old, body=body)
    desk.drain()
    assert desk.visit(today, body=body) is Outcome.NEW_VERSION
    assert desk.kinds() == []
    later = raw(TEXT[0], TEXT[1].replace("4156户", "4165户"), TEXT[2])
    desk.visit(read_whole(later, address("1")), body=later)
    (edited,) = desk.drain()
    assert [(edit.before, edit.after) for edit in edited.edits] == [("4156户", "4165户")]


def test_an_edit_that_comes_with_an_upgrade_is_told_alone(desk: Desk) -> None:
    old = replace(read_whole(raw(*TEXT), address("1")), extractor="0", canonical=("旧版误读",), title="旧版误读的标题")
    desk.visit(old, body=raw(*TEXT))
    later = raw(TEXT[0], TEXT[1].replace("4156户", "4165户"), TEXT[2])
    desk.visit(read_whole(later, address("1")), body=later)
    _, edited = desk.drain()
    assert (edited.kind, [(edit.before, edit.after) for edit in edited.edits]) == (
        ChangeKind.EDITED, [("4156户", "4165户")],
    )  # fmt: skip


def numbered(number: int, template: str) -> Article:
    text = tuple(f"{line}(第{number}号,编号{number * 7919})" for line in OTHER)
    return story(*text, title=f"第{number}号通报", template=template * 192)


def test_a_page_whose_kept_body_is_damaged_is_compared_by_what_was_read_of_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = replace(STORY, extractor="0")
    desk.visit(old, body=raw(*TEXT))
    desk.drain()

    def damaged(_hash: str) -> bytes:
        raise BodyUnreadable("kept body 00 is damaged")

    monkeypatch.setattr(desk.archive.comparing, "body", damaged)
    desk.visit(EDITED)
    assert desk.kinds() == ["edited"]


def test_what_cannot_be_decided_holds_up_no_other_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        desk.visit(numbered(number, "a"), page=str(number))

    def refusing(case: Case, now: datetime) -> Settlement:
        if case.page.url == address("1"):
            raise ZeroDivisionError
        return decide(case, now)

    monkeypatch.setattr(drain_module, "decide", refusing)
    drain = Drain(desk.archive, SITES, lambda: START)
    assert [change.url for change in drain.changes()] == [address("0"), address("2")]
    assert drain.failed == 1
    monkeypatch.undo()
    (late,) = desk.drain()
    assert (late.kind, late.url) == (ChangeKind.NEW, address("1"))


def test_a_site_with_two_frames_from_the_first_day_is_not_redesigned_by_an_edit(desk: Desk) -> None:
    for number in range(12):
        desk.visit(numbered(number, "a" if number < 4 else "b"), page=str(number))
    desk.drain()
    edited = numbered(7, "b")
    desk.visit(replace(edited, canonical=(*edited.canonical, "新增一段说明文字。")), page="7")
    assert desk.kinds() == ["edited"]
    # One page that is put into the other frame is none either.
    desk.visit(numbered(1, "b"), page="1")
    assert desk.kinds() == []


@pytest.mark.parametrize("pages", [6, 9])
def test_a_redesign_of_the_site_is_one_event(desk: Desk, pages: int) -> None:
    for number in range(pages):
        desk.visit(numbered(number, "a"), page=str(number))
    assert desk.kinds() == ["new"] * pages
    for number in range(pages):
        desk.visit(numbered(number, "b"), page=str(number))
    (redesigned,) = desk.drain()
    assert (redesigned.kind, redesigned.url) == (ChangeKind.REDESIGNED, SITES["yunxi"].columns[0])
    for number in range(pages):
        desk.visit(numbered(number, "b"), page=str(number))
    assert desk.kinds() == []


def test_one_page_in_a_frame_of_its_own_is_no_redesign(desk: Desk) -> None:
    for number in range(6):
        desk.visit(numbered(number, "a"), page=str(number))
    desk.drain()
    desk.visit(numbered(3, "b"), page="3")
    assert desk.kinds() == []


@pytest.mark.parametrize("order", list(itertools.permutations(("first", "second", "third"))))
def test_a_reprint_names_the_first_publisher_in_whatever_order_they_were_visited(
    desk: Desk, order: tuple[str, ...]
) -> None:
    printed = {"first": "2026-11-20T08:00:00+08:00", "second": "2026-11-20T15:30:00+08:00", "third": "2026-11-21"}
    keys = {"first": "yunxi", "second": "lanqiao", "third": "shiquan"}
    desk.now = START + timedelta(days=2)
    for name in order:
        desk.visit(story(published_at=printed[name], source="云溪日报"), page=name, key=keys[name])
    found = {change.url: change.reprint_of for change in desk.drain()}
    first = address("first")
    assert found == {first: None, address("second", "lanqiao"): first, address("third", "shiquan"): first}


def busy_day(desk: Desk) -> None:
    """One of everything, none of it compared yet."""
    desk.visit(page="1")
    desk.visit(page="2", key="lanqiao", article=story(published_at="2026-11-21"))
    for number in range(3, 6):
        desk.visit(numbered(number, "a"), page=str(number))
    desk.visit(EDITED)
    desk.gone(page="3")
    desk.visit(replace(numbered(4, "a"), flags=HIJACKED.flags, surface=HIJACKED.surface), page="4")
    desk.visit(article=None, page="3", status=503)
    desk.gone(page="3", after=2 * HOUR)
    desk.visit(numbered(4, "a"), page="4")
    desk.visit(replace(STORY, title="市政府研究部署供暖保障工作"))
    desk.visit(numbered(5, "a"), page="5", final_url=address("6"))
    desk.visit(numbered(5, "a"), page="6")


def told_of(log: list[Change]) -> list[object]:
    return [replace(change, detected_at=START, id=0) for change in log]


def test_a_busy_day_is_told_as_a_reader_would(desk: Desk) -> None:
    busy_day(desk)
    desk.drain()
    assert desk.told() == [
        ("new", "1.html"), ("new", "2.html"), ("new", "3.html"), ("new", "4.html"), ("new", "5.html"),
        ("edited", "1.html"), ("tampered", "4.html"), ("removed", "3.html"), ("restored", "4.html"),
        ("edited", "1.html"), ("moved", "5.html"),
    ]  # fmt: skip


class StopAfter:
    """Says stop once it was asked ``times`` times."""

    def __init__(self, times: int) -> None:
        self._left = times

    def __call__(self) -> bool:
        self._left -= 1
        return self._left < 0


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a busy day that waits to be compared."""
    path = tmp_path_factory.mktemp("busy") / "shixun.db"
    opened = open_archive(f"sqlite:///{path}")
    busy_day(Desk(opened))
    opened.close()
    return path


def told_with_stops(busy: Path, folder: Path, stops: list[int]) -> list[object]:
    """The log of a busy day whose comparison was stopped again and again, after so many questions each."""
    copy = folder / "shixun.db"
    shutil.copy(busy, copy)
    opened = open_archive(f"sqlite:///{copy}")
    desk = Desk(opened, now=START + timedelta(days=3))
    for times in stops:
        desk.drain(StopAfter(times))
    desk.drain()
    assert opened.running.counts()["pending"] == 0
    log = told_of(desk.log())
    opened.close()
    return log


def test_a_drain_that_is_stopped_anywhere_and_continued_tells_the_same(busy: Path, tmp_path: Path) -> None:
    whole = told_with_stops(busy, tmp_path, [])
    assert len(whole) == 11
    for k in range(25):
        assert told_with_stops(busy, tmp_path, [k]) == whole, k


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stops=st.lists(st.integers(0, 12), min_size=2, max_size=5))
def test_any_row_of_stops_tells_the_same(busy: Path, tmp_path: Path, stops: list[int]) -> None:
    assert told_with_stops(busy, tmp_path, stops) == told_with_stops(busy, tmp_path, [])


def test_two_drains_at_once_tell_everything_once(desk: Desk, tmp_path: Path) -> None:
    busy_day(desk)
    other = open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    both, heard = Barrier(2), [[], []]  # type: tuple[Barrier, list[list[Change]]]

    def drain(number: int, archive: Archive) -> None:
        both.wait()
        heard[number] = list(Drain(archive, SITES, lambda: desk.now).changes())

    threads = [Thread(target=drain, args=pair) for pair in enumerate((desk.archive, other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    late = desk.drain()
    told = sorted((change.kind.value, change.url) for change in (*heard[0], *heard[1], *late))
    assert told == sorted((change.kind.value, change.url) for change in desk.log())
    assert len(desk.log()) == 11
    assert desk.archive.running.counts()["pending"] == 0


def test_a_site_that_left_the_catalogue_is_still_told(desk: Desk) -> None:
    desk.visit()
    changes = list(Drain(desk.archive, {}, lambda: desk.now).changes())
    assert [change.kind for change in changes] == [ChangeKind.NEW]


def test_a_page_that_was_never_told_is_not_withdrawn_before_it_is_told(desk: Desk) -> None:
    desk.visit()
    desk.gone()
    desk.gone(after=2 * HOUR)
    assert desk.kinds() == ["new", "removed"]
    (page,) = desk.archive.crawling.pages("yunxi", Role.ARTICLE)
    assert page.told is Told.REMOVED
