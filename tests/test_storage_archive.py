"""The contract of the archive's door, held on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage import bodies
from storage.archive import Archive
from storage.records import (
    Article,
    Attachment,
    Change,
    ChangeKind,
    Edit,
    Facts,
    Intake,
    Link,
    Observation,
    Outcome,
    Page,
    PageKind,
    Role,
    Settlement,
    Surface,
    Told,
    Version,
    Visit,
)
from storage.sql import open_archive
from storage.stories import Sketch

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
URL = "http://127.0.0.1/a/1.html"
COLUMN = "http://127.0.0.1/xw/"

FULL = Article(
    kind=PageKind.ARTICLE,
    title="市长调研“十四五”项目",
    published_at="2026-11-23T08:16:00+08:00",
    source="云溪日报",
    authors=("王建国", "李敏"),
    editors=("赵敏",),
    abstract="核心提示",
    document_number="云政发〔2026〕5号",
    index_number="yx-01/2026-00005",
    column="要闻",
    site_name="云溪市人民政府",
    paragraphs=("第一段,原样。", "第二段１２３"),
    canonical=("第一段,原样。", "第二段123"),
    attachments=(Attachment("http://127.0.0.1/a.pdf", "附件.pdf"),),
    next_page="http://127.0.0.1/a/1_2.html",
    links=(Link("http://127.0.0.1/a/2.html", "另一条", "2026-11-22"),),
    encoding="gb18030",
    platform="trs",
    flags=("traditional",),
    provenance={"title": "label"},
    printed={"title": "市長調研"},
    extractor="7",
    surface=Surface("题", "词", "述", (Link("http://x.invalid/", "彩票"),), ("x.invalid",), ("http://y.invalid/",)),
    template="0a1b",
)


def visit(at: datetime = NOW, *, url: str = URL, body: bytes = b"<p>body</p>", article: Article = FULL) -> Visit:
    return Visit("yunxi", url, Role.ARTICLE, at, "run-1", status=200, body=body, article=article, etag='"e"')


def keeping(outcome: Outcome, *, pending: bool = True) -> Callable[..., Intake]:
    """A decision that keeps whatever it is told to, so that the archive is tested and not the decision."""

    def decide(seen: Visit, page: Page, latest: Version | None, known: frozenset[str]) -> Intake:
        number = page.version + 1 if outcome is Outcome.NEW_VERSION else page.version
        version = None
        if outcome is Outcome.NEW_VERSION:
            assert seen.article is not None
            assert seen.body is not None
            name = bodies.body_hash(seen.body)
            version = Version(seen.site, seen.url, number, seen.at, "f" * 64, seen.article, body_hash=name)
        after = replace(page, version=number, checked_at=seen.at, due_at=seen.at + timedelta(hours=1), etag=seen.etag)
        observation = Observation(
            seen.site, seen.url, seen.at, seen.run, outcome, version=version and number, pending=pending, by_hand=True
        )
        return Intake(observation, after, version)

    return decide


def test_a_version_comes_back_as_it_was_kept(archive: Archive) -> None:
    archive.crawling.record(visit(), keeping(Outcome.NEW_VERSION))
    (kept,) = archive.reading.history(URL)
    assert kept.article == replace(FULL)
    assert kept.number == 1
    assert kept.seen_at == NOW
    assert kept.seen_at.tzinfo is not None
    assert kept.body_hash is not None
    assert archive.reading.body(kept.body_hash) == b"<p>body</p>"


def test_a_decision_that_fails_leaves_nothing_behind(archive: Archive) -> None:
    def broken(*_: object) -> Intake:
        raise RuntimeError("killed here")

    with pytest.raises(RuntimeError):
        archive.crawling.record(visit(), broken)
    assert archive.running.counts() == dict.fromkeys(archive.running.counts(), 0)


def test_the_same_body_is_kept_once(archive: Archive) -> None:
    for number in range(3):
        archive.crawling.record(visit(NOW + timedelta(hours=number)), keeping(Outcome.NEW_VERSION))
    assert archive.running.counts()["bodies"] == 1
    assert [version.number for version in archive.reading.history(URL)] == [1, 2, 3]


def test_columns_that_left_the_catalogue_are_not_due(archive: Archive) -> None:
    other = "http://127.0.0.1/b/"
    archive.crawling.enlist_columns("yunxi", [COLUMN, other], NOW)
    archive.crawling.enlist_columns("yunxi", [COLUMN], NOW)
    assert [page.url for page in archive.crawling.pages("yunxi", Role.COLUMN)] == [COLUMN]
    archive.crawling.enlist_columns("yunxi", [COLUMN, other], NOW)
    assert {page.url for page in archive.crawling.pages("yunxi", Role.COLUMN)} == {COLUMN, other}


def test_an_article_that_becomes_a_column_is_read_whole(archive: Archive) -> None:
    archive.crawling.record(visit(), keeping(Outcome.NEW_VERSION))
    archive.crawling.enlist_columns("yunxi", [URL], NOW)
    (column,) = archive.crawling.pages("yunxi", Role.COLUMN)
    assert (column.etag, column.last_modified, column.due_at) == (None, None, NOW)


def test_a_column_that_comes_back_may_answer_unchanged(archive: Archive) -> None:
    archive.crawling.enlist_columns("yunxi", [URL], NOW)
    archive.crawling.record(replace(visit(), role=Role.COLUMN), keeping(Outcome.UNCHANGED))
    archive.crawling.enlist_columns("yunxi", [], NOW)
    archive.crawling.enlist_columns("yunxi", [URL], NOW)
    (column,) = archive.crawling.pages("yunxi", Role.COLUMN)
    assert column.etag == '"e"'


def discovering(*urls: str) -> Callable[..., Intake]:
    def decide(seen: Visit, page: Page, latest: Version | None, known: frozenset[str]) -> Intake:
        found = tuple(
            Page(seen.site, url, Role.ARTICLE, seen.at, column=COLUMN, due_at=seen.at)
            for url in urls
            if url not in known
        )
        seen_as = Observation(seen.site, seen.url, seen.at, seen.run, Outcome.LISTED)
        return Intake(seen_as, replace(page, checked_at=seen.at, due_at=seen.at + timedelta(minutes=30)), None, found)

    return decide


def listed(*urls: str, at: datetime = NOW) -> Visit:
    article = Article(PageKind.LIST, links=tuple(Link(url, "标题") for url in urls))
    return Visit("yunxi", COLUMN, Role.COLUMN, at, "run-1", status=200, article=article)


def test_what_a_column_names_is_due_until_it_was_read(archive: Archive) -> None:
    archive.crawling.enlist_columns("yunxi", [COLUMN], NOW)
    urls = [f"http://127.0.0.1/a/{number}.html" for number in range(3)]
    intake = archive.crawling.record(listed(*urls), discovering(*urls))
    assert [page.url for page in intake.discovered] == urls
    assert all(page.id for page in intake.discovered)
    again = archive.crawling.record(listed(*urls), discovering(*urls))
    assert again.discovered == ()
    due = archive.crawling.pages("yunxi", Role.ARTICLE, due=NOW)
    assert [page.url for page in due] == urls
    assert archive.running.due_sites(NOW) == {"yunxi": 3}
    archive.crawling.record(visit(url=urls[0]), keeping(Outcome.NEW_VERSION))
    assert len(archive.crawling.pages("yunxi", Role.ARTICLE, due=NOW)) == 2
    assert len(archive.crawling.pages("yunxi", Role.ARTICLE)) == 3


CHANGE = Change(
    "yunxi",
    URL,
    ChangeKind.EDITED,
    NOW,
    title="题",
    from_version=1,
    to_version=2,
    weight=0.5,
    edits=(Edit("replace", "4156名", "4165名", 3, offset=7), Edit("replace", "甲", "乙", None, "source")),
    facts=Facts(numbers=(("4156名", "4165名"),)),
    evidence={"visits": 2},
    note="说明",
)


def settle(archive: Archive, changes: tuple[Change, ...] = (CHANGE,)) -> bool:
    (waiting,) = archive.comparing.pending()
    page = archive.comparing.page(waiting.page_id)
    return archive.comparing.settle(
        Settlement(waiting, page, replace(page, base_version=1, told=Told.LIVE), changes, template="t1")
    )


def test_a_change_is_told_once(archive: Archive) -> None:
    archive.crawling.record(visit(), keeping(Outcome.NEW_VERSION))
    (waiting,) = archive.comparing.pending()
    assert waiting.by_hand
    page = archive.comparing.page(waiting.page_id)
    assert settle(archive)
    # A second comparer that decided from the same state comes too late, and writes nothing.
    late = Settlement(waiting, page, replace(page, base_version=1, told=Told.LIVE), (CHANGE,))
    assert not archive.comparing.settle(late)
    (told,) = archive.reading.changes()
    assert replace(told, id=0) == CHANGE
    assert archive.comparing.pending() == []
    assert archive.comparing.page(page.id).told is Told.LIVE
    assert archive.comparing.site_template("yunxi") == "t1"


def test_a_comparer_with_an_old_page_in_mind_is_refused(archive: Archive) -> None:
    archive.crawling.record(visit(), keeping(Outcome.NEW_VERSION))
    archive.crawling.record(visit(NOW + timedelta(hours=1)), keeping(Outcome.NEW_VERSION))
    first, second = archive.comparing.pending()
    page = archive.comparing.page(first.page_id)
    after = replace(page, base_version=1, told=Told.LIVE)
    assert archive.comparing.settle(Settlement(first, page, after, (CHANGE,)))
    assert not archive.comparing.settle(Settlement(second, page, replace(page, base_version=2), (CHANGE,)))
    assert [waiting.id for waiting in archive.comparing.pending()] == [second.id]
    assert len(archive.reading.changes()) == 1


def test_a_crawl_between_decision_and_settlement_keeps_its_books(archive: Archive) -> None:
    archive.crawling.record(visit(), keeping(Outcome.NEW_VERSION))
    (waiting,) = archive.comparing.pending()
    page = archive.comparing.page(waiting.page_id)
    archive.crawling.record(visit(NOW + timedelta(hours=2)), keeping(Outcome.UNCHANGED, pending=False))
    assert archive.comparing.settle(Settlement(waiting, page, replace(page, base_version=1, told=Told.LIVE)))
    assert archive.comparing.page(page.id).checked_at == NOW + timedelta(hours=2)


def test_a_page_that_moved_stays_watched(archive: Archive) -> None:
    archive.crawling.record(visit(), keeping(Outcome.NEW_VERSION))
    (waiting,) = archive.comparing.pending()
    page = archive.comparing.page(waiting.page_id)
    assert page.due_at is not None
    assert archive.comparing.settle(Settlement(waiting, page, replace(page, base_version=1, told=Told.MOVED)))
    assert archive.comparing.page(page.id) == replace(page, base_version=1, told=Told.MOVED)


def test_a_host_longer_than_any_name_is_left_out(archive: Archive) -> None:
    archive.crawling.record(visit(), keeping(Outcome.NEW_VERSION))
    (waiting,) = archive.comparing.pending()
    page = archive.comparing.page(waiting.page_id)
    longest = "a." * 125 + "com"
    hosts = ("a" + longest, longest, "x.invalid")
    assert archive.comparing.settle(Settlement(waiting, page, replace(page, base_version=1), hosts=hosts))
    assert archive.comparing.site_hosts("yunxi") == {longest, "x.invalid"}


def test_the_frames_of_a_site_come_with_their_version_numbers(archive: Archive) -> None:
    other = "http://127.0.0.1/a/2.html"
    archive.crawling.record(visit(), keeping(Outcome.NEW_VERSION))
    redrawn = replace(FULL, template="2c3d")
    archive.crawling.record(visit(NOW + timedelta(hours=1), article=redrawn), keeping(Outcome.NEW_VERSION))
    archive.crawling.record(visit(NOW + timedelta(hours=2), url=other), keeping(Outcome.NEW_VERSION))
    assert archive.comparing.site_templates("yunxi") == [("0a1b", 1), ("2c3d", 2)]
    assert archive.comparing.site_templates("yunxi", limit=1) == [("0a1b", 1)]


def test_the_change_log_is_filtered(archive: Archive) -> None:
    archive.crawling.record(visit(), keeping(Outcome.NEW_VERSION))
    later = replace(CHANGE, site="yunxi", detected_at=NOW + timedelta(days=1), kind=ChangeKind.REMOVED)
    settle(archive, (CHANGE, later))
    reading = archive.reading
    assert len(reading.changes()) == 2
    assert [c.kind for c in reading.changes(since=NOW + timedelta(hours=1))] == [ChangeKind.REMOVED]
    assert [c.kind for c in reading.changes(until=NOW + timedelta(days=1))] == [ChangeKind.EDITED]
    assert [c.kind for c in reading.changes(kind=ChangeKind.REMOVED)] == [ChangeKind.REMOVED]
    assert reading.changes(site="elsewhere") == []
    assert [c.kind for c in reading.changes(after=reading.changes()[0].id)] == [ChangeKind.REMOVED]


def test_the_row_of_missing_visits_is_broken_by_a_reading_only(archive: Archive) -> None:
    outcomes = [
        Outcome.NEW_VERSION,
        Outcome.GONE,
        Outcome.UNCHANGED,
        Outcome.GONE,
        Outcome.FAILED,
        Outcome.BLOCKED,
        Outcome.SOFT_GONE,
    ]
    for hour, outcome in enumerate(outcomes):
        archive.crawling.record(visit(NOW + timedelta(hours=hour)), keeping(outcome))
    visits = archive.reading.observations(URL)
    streak = archive.comparing.missing_streak(visits[0].page_id, visits[-1].id)
    assert [seen.id for seen in streak] == [visits[3].id, visits[6].id]


def test_stories_are_found_by_shared_marks(archive: Archive) -> None:
    ids = []
    for number in range(3):
        archive.crawling.record(visit(url=f"http://127.0.0.1/{number}"), keeping(Outcome.NEW_VERSION))
        ids.append(archive.reading.observations(f"http://127.0.0.1/{number}")[0].page_id)
    stories, said = archive.stories, ([1, 2, -(2**63), 2**63 - 1], [1, 2, 5], [9])
    stories.sketch(Sketch(page_id, 1, tuple(marks)) for page_id, marks in zip(ids, said, strict=True))
    assert stories.alike([1, 2, 2**63 - 1], excluding=ids[2], shared=2) == [ids[0], ids[1]]
    assert stories.alike([1, 2], excluding=ids[0], shared=2) == [ids[1]]
    stories.sketch([Sketch(ids[1], 1, (7,))])
    assert stories.alike([1, 2], excluding=ids[0], shared=1) == []
    assert stories.sketched(ids) == dict.fromkeys(ids, 1)


def test_an_archive_can_be_opened_again(database: str) -> None:
    first = open_archive(database)
    first.crawling.record(visit(), keeping(Outcome.NEW_VERSION))
    first.close()
    second = open_archive(database)
    assert len(second.reading.history(URL)) == 1
    second.close()
