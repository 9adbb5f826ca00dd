"""WARC files taken in: what another crawler saw becomes what visits of our own would have become."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from scrapy.http import Request, Response
from warc_writer import COLUMN, DAY, EDITED, FAIR, HEAT, HEATED, NOW, ONE, SITE, START, TEXT, TWO, Crawl, story

from crawler.errand import Errand
from crawler.extraction.whole import stitch
from crawler.pipeline import keep, visit_of
from crawler.sites import Site
from monitor.compare.drain import Drain
from monitor.downloads.scope import Scope
from monitor.downloads.warc import as_warc
from monitor.exchange.past import Past, take_past
from storage.archive import Archive
from storage.records import Outcome, Page, Role, Run
from storage.sql import open_archive


def taken(archive: Archive, file: io.BytesIO, *sites: Site) -> Past:
    every = {site.key: site for site in sites or (SITE,)}
    return take_past(archive, file, "a.warc.gz", every, NOW, lambda _: None)


def compared(archive: Archive) -> list[tuple[str, str, datetime]]:
    list(Drain(archive, {"yunxi": SITE}, lambda: NOW).changes())
    return [(change.kind.value, change.url, change.detected_at) for change in archive.reading.changes()]


def said(archive: Archive, url: str) -> list[tuple[int, tuple[str, ...], datetime]]:
    return [(version.number, version.article.canonical, version.seen_at) for version in archive.reading.history(url)]


def outcomes(archive: Archive, url: str) -> list[Outcome]:
    return [visit.outcome for visit in archive.reading.observations(url)]


def visit(archive: Archive, url: str, at: datetime, body: bytes, status: int = 200, **headers: str) -> None:
    """A visit of our own."""
    role = Role.COLUMN if url in SITE.columns else Role.ARTICLE
    page = archive.comparing.page_at("yunxi", url) or Page("yunxi", url, role, at)
    errand = Errand(SITE, page, "own", False)
    response = Response(url, status=status, headers=headers, body=body, request=Request(url))
    keep(archive, errand, replace(visit_of(response, errand), at=at))


def test_an_export_of_our_own_tells_the_same_again(archive: Archive, tmp_path: Path) -> None:
    own = open_archive(f"sqlite:///{tmp_path / 'own.db'}")
    visit(own, SITE.columns[0], START, COLUMN)
    visit(own, ONE, START, HEAT)
    visit(own, TWO, START, FAIR)
    list(Drain(own, {"yunxi": SITE}, lambda: START).changes())
    visit(own, ONE, START + DAY, HEATED)
    visit(own, TWO, START + DAY, b"", status=304)
    list(Drain(own, {"yunxi": SITE}, lambda: START + DAY).changes())
    for hours in (48, 54):
        visit(own, TWO, START + timedelta(hours=hours), b"", status=404)
        list(Drain(own, {"yunxi": SITE}, lambda hours=hours: START + timedelta(hours=hours)).changes())
    file = io.BytesIO(b"".join(as_warc(own, Scope(site="yunxi"), NOW, largest=sys.maxsize)))
    past = taken(archive, file)
    assert (past.left, past.others, past.damaged) == ({}, 0, [])
    for url in (ONE, TWO):
        assert said(archive, url) == said(own, url)
        assert outcomes(archive, url) == outcomes(own, url)
    told = compared(archive)
    assert [kind for kind, _, _ in told] == ["new", "new", "edited", "removed"]
    assert sorted(told) == sorted((c.kind.value, c.url, c.detected_at) for c in own.reading.changes())
    assert {page.url for page in archive.crawling.pages("yunxi", Role.ARTICLE)} == {
        page.url for page in own.crawling.pages("yunxi", Role.ARTICLE)
    }
    assert past.new["visit"] == 7
    own.close()


def wget() -> Crawl:
    crawl = Crawl()
    crawl.write("dns:www.yunxi.example", START, b"20261120010000\n192.0.2.1\n", kind="resource", status="")
    crawl.write(ONE, START, kind="request")
    crawl.packed(f"<{ONE}>", START, story("市政府研究供暖保障", *TEXT, charset="gb18030"))
    crawl.write("http://elsewhere.example/1.html", START, HEAT)
    crawl.write("http://www.yunxi.example/style.css", START, b"p {}", http={"Content-Type": "text/css"})
    crawl.write("http://www.yunxi.example/", START, COLUMN)
    crawl.write("http://www.yunxi.example/news/9.html", START, b"", status="404 Not Found")
    crawl.write("http://www.yunxi.example/news/8.html", START, b"", status="302 Found", http={"Location": ONE})
    crawl.write(TWO, None, FAIR)
    crawl.write(TWO, NOW + DAY, FAIR)
    return crawl


def test_a_file_of_wget_is_read_as_its_pages_were(archive: Archive) -> None:
    past = taken(archive, wget().file)
    assert said(archive, ONE) == [(1, TEXT, START)]
    (version,) = archive.reading.history(ONE)
    assert version.article.encoding == "gb18030"
    assert archive.reading.body(version.body_hash or "") == story("市政府研究供暖保障", *TEXT, charset="gb18030")
    assert past.new == {"page": 1, "visit": 1, "version": 1}
    assert past.left == {"foreign": 1, "unread": 3, "redirects": 1, "undated": 2}
    assert [page.url for page in archive.crawling.pages("yunxi", Role.ARTICLE)] == [ONE]
    assert archive.crawling.pages("yunxi", Role.COLUMN) == []


def test_dates_and_not_places_say_what_came_first(archive: Archive) -> None:
    crawl = Crawl()
    crawl.write(ONE, START + DAY, HEATED)
    crawl.write(ONE, START, HEAT)
    taken(archive, crawl.file)
    assert said(archive, ONE) == [(1, TEXT, START), (2, EDITED, START + DAY)]
    assert compared(archive) == [("new", ONE, START), ("edited", ONE, START + DAY)]


def test_taken_in_again_nothing_changes(archive: Archive) -> None:
    crawl = wget()
    crawl.write(ONE, START + DAY, HEATED)
    first = taken(archive, crawl.file)
    counts = archive.running.counts()
    again = taken(archive, crawl.file)
    assert (again.new, again.known, again.others) == ({}, {"visit": first.new["visit"]}, 0)
    assert archive.running.counts() == counts
    assert len(archive.running.runs()) == 1


def test_cut_off_after_any_visit_it_is_begun_anew(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    crawl = Crawl()
    for day, body in enumerate((HEAT, HEATED, HEAT)):
        crawl.write(ONE, START + day * DAY, body)
        crawl.write(TWO, START + day * DAY, FAIR)
    record, kept = archive.crawling.record, []

    def killed(*given: object) -> object:
        if len(kept) == 3:
            raise KeyboardInterrupt
        kept.append(given)
        return record(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(archive.crawling, "record", killed)
    with pytest.raises(KeyboardInterrupt):
        taken(archive, crawl.file)
    monkeypatch.undo()
    past = taken(archive, crawl.file)
    assert (past.new["visit"], past.known["visit"], past.others) == (3, 3, 0)
    assert [number for number, _, _ in said(archive, ONE)] == [1, 2, 3]
    assert outcomes(archive, TWO) == [Outcome.NEW_VERSION, Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert [kind for kind, _, _ in compared(archive)].count("new") == 2


def test_two_histories_are_never_mixed(archive: Archive) -> None:
    visit(archive, ONE, START + DAY, HEAT)
    crawl = Crawl()
    crawl.write(ONE, START, story("从前的标题", *TEXT))
    crawl.write(ONE, START + DAY, HEATED)
    crawl.write(ONE, START + 2 * DAY, HEATED)
    crawl.write(TWO, START, FAIR)
    past = taken(archive, crawl.file)
    assert (past.others, past.new["visit"]) == (2, 2)
    assert [seen for _, _, seen in said(archive, ONE)] == [START + DAY, START + 2 * DAY]


def test_what_is_found_is_due_from_now_on(archive: Archive) -> None:
    crawl = Crawl()
    crawl.write(SITE.columns[0], START, COLUMN)
    crawl.write(ONE, START, HEAT)
    taken(archive, crawl.file)
    pages = [*archive.crawling.pages("yunxi", Role.ARTICLE), *archive.crawling.pages("yunxi", Role.COLUMN)]
    assert len(pages) == 8
    assert {page.due_at for page in pages} == {NOW}


def test_of_several_sites_on_a_host_the_nearest_owns_a_page(archive: Archive) -> None:
    other = Site(key="lanqiao", name="兰桥", columns=("http://www.yunxi.example/lanqiao/",))
    crawl = Crawl()
    crawl.write("http://www.yunxi.example/lanqiao/a/1.html", START, HEAT)
    crawl.write("http://www.yunxi.example/news/1.html", START, FAIR)
    taken(archive, crawl.file, SITE, other)
    assert [len(archive.crawling.pages(key, Role.ARTICLE)) for key in ("yunxi", "lanqiao")] == [1, 1]
    assert archive.comparing.page_at("lanqiao", "http://www.yunxi.example/lanqiao/a/1.html")


@pytest.mark.parametrize(
    ("refers", "seen"),
    [
        ({"WARC-Refers-To-Target-URI": ONE, "WARC-Refers-To-Date": f"{START:%Y-%m-%dT%H:%M:%SZ}"}, Outcome.UNCHANGED),
        ({"WARC-Refers-To-Target-URI": TWO, "WARC-Refers-To-Date": f"{START:%Y-%m-%dT%H:%M:%SZ}"}, None),
        ({}, None),
    ],
)
def test_a_revisit_is_taken_in_where_its_bytes_are_there(
    archive: Archive, refers: dict[str, str], seen: Outcome | None
) -> None:
    crawl = Crawl()
    crawl.write(ONE, START, HEAT)
    profile = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    digest = {"WARC-Payload-Digest": "sha1:NONESUCH"}
    crawl.write(ONE, START + DAY, kind="revisit", warc={"WARC-Profile": profile} | digest | refers)
    past = taken(archive, crawl.file)
    assert outcomes(archive, ONE)[1:] == ([seen] if seen else [])
    assert past.left["bytes"] == (seen is None)


def behind(page: bytes, url: str) -> bytes:
    return page.replace(b"</body>", f'<a href="{url}">下一页</a></body>'.encode())


def test_an_article_of_several_pages_is_one(archive: Archive) -> None:
    crawl = Crawl()
    crawl.write(ONE, START, behind(story("分两页的一篇", TEXT[0]), "1_2.html"))
    crawl.write(ONE.replace("1.html", "1_2.html"), START + DAY, story("分两页的一篇", TEXT[1]))
    crawl.write(TWO, START, behind(story("缺一页的一篇", TEXT[0]), "2_2.html"))
    for _ in range(2):
        past = taken(archive, crawl.file)
        assert said(archive, ONE) == [(1, TEXT[:2], START)]
        assert [page.url for page in archive.crawling.pages("yunxi", Role.ARTICLE)] == [ONE]
        assert past.left["unread"] == 1


def test_what_our_own_export_wrote_as_one_is_read_page_by_page(archive: Archive) -> None:
    crawl = Crawl()
    crawl.write(ONE, START, stitch([story("分两页的一篇", TEXT[0]), story("分两页的一篇", TEXT[1])]))
    taken(archive, crawl.file)
    assert said(archive, ONE) == [(1, TEXT[:2], START)]


def test_not_modified_since_another_answer_says_nothing(archive: Archive) -> None:
    crawl = Crawl()
    crawl.write(ONE, START, HEAT)
    crawl.write(ONE, START + DAY, HEATED)
    profile = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"
    for days, hours in ((0, 30), (1, 31)):
        since = f"{START + days * DAY:%Y-%m-%dT%H:%M:%SZ}"
        refers = {"WARC-Profile": profile, "WARC-Refers-To-Target-URI": ONE, "WARC-Refers-To-Date": since}
        crawl.write(ONE, START + timedelta(hours=hours), kind="revisit", status="304 Not Modified", warc=refers)
    past = taken(archive, crawl.file)
    assert (past.left["bytes"], outcomes(archive, ONE)[2:]) == (1, [Outcome.NOT_MODIFIED])


def test_not_modified_speaks_of_an_answer_of_the_same_file(archive: Archive) -> None:
    crawl = Crawl()
    crawl.write(TWO, START, status="304 Not Modified")
    crawl.write(ONE, START, HEAT)
    crawl.write(ONE, START + DAY, status="304 Not Modified")
    profile = {"WARC-Profile": "http://netpreserve.org/warc/1.0/revisit/server-not-modified"}
    crawl.write(ONE, START + 2 * DAY, kind="revisit", status="304 Not Modified", warc=profile)
    visit(archive, ONE, START + DAY + timedelta(hours=1), HEATED)
    past = taken(archive, crawl.file)
    # The first of them are older than the visit of our own, and the last does not speak of that.
    assert (past.others, past.left["bytes"], outcomes(archive, ONE)) == (2, 2, [Outcome.NEW_VERSION])


def test_answers_of_known_pages_are_visits_however_they_ended(archive: Archive) -> None:
    visit(archive, ONE, START, HEAT)
    crawl = Crawl()
    crawl.write(ONE, START + DAY, b"x", status="403 Forbidden")
    crawl.write(ONE, START + 2 * DAY, b"x", status="404 Not Found")
    crawl.write(ONE, START + 3 * DAY, b"%PDF-", http={"Content-Type": "application/pdf"})
    crawl.write(ONE, START + 3 * DAY + timedelta(hours=1), HEAT, warc={"WARC-Truncated": "time"})
    crawl.write(ONE, START + 3 * DAY + timedelta(hours=2), b"x" * (SITE.limits.page_bytes + 1))
    crawl.write(ONE, START + 3 * DAY + timedelta(hours=3), HEAT, http={"Content-Encoding": "compress"})
    taken(archive, crawl.file)
    assert outcomes(archive, ONE)[1:] == [
        *(Outcome.BLOCKED, Outcome.GONE, Outcome.REFUSED, Outcome.FAILED, Outcome.REFUSED, Outcome.FAILED),
    ]


def test_days_that_are_over_are_counted_again(archive: Archive) -> None:
    visit(archive, TWO, START, FAIR)
    archive.words.keep_words(START.date(), {"词": 1})
    archive.running.start(Run("own", "yunxi", START))
    archive.running.finish(Run("own", "yunxi", START, NOW, "finished", 1, 1))
    crawl = Crawl()
    crawl.write(ONE, START, HEAT)
    taken(archive, crawl.file)
    assert archive.words.words_of(START.date()) is None
    (day,) = archive.running.health(START.date(), NOW)
    assert day.visits == 2
