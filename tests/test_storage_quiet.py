"""Visits that brought nothing to read, and what is remembered of pages' bytes, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from test_storage_archive import NOW, URL, keeping, visit

from storage.archive import Archive
from storage.calm import Calm, Place
from storage.records import Intake, Observation, Outcome, Page, Role, Version, Visit

OTHER = "http://127.0.0.1/a/2.html"
HOUR = timedelta(hours=1)


def unchanged(seen: Visit, page: Page, latest: Version | None, known: Mapping[str, Page]) -> Intake:
    """A decision that keeps a visit as it is kept where nothing came."""
    assert latest is None
    assert known == {}
    looked = Observation(seen.site, seen.url, seen.at, seen.run, Outcome.NOT_MODIFIED, page_id=page.id, status=304)
    return Intake(looked, replace(page, checked_at=seen.at, ok_at=seen.at, due_at=seen.at + HOUR))


def nothing(hours: int, url: str = URL) -> Visit:
    return replace(visit(NOW + hours * HOUR, url=url), status=304, body=None, article=None)


def pages(archive: Archive) -> dict[str, Page]:
    for url in (URL, OTHER):
        archive.crawling.record(visit(url=url), keeping(Outcome.NEW_VERSION))
    found = (archive.comparing.page_at("yunxi", url) for url in (URL, OTHER))
    return {page.url: page for page in found if page is not None}


def test_quiet_visits_are_a_row_each_and_their_pages_remember_them(archive: Archive) -> None:
    known = pages(archive)
    ids = [known[URL].id, known[OTHER].id]
    waiting = [(ids[0], nothing(1)), (ids[1], nothing(2, OTHER)), (ids[0], nothing(3)), (ids[1] + 999, nothing(4))]
    kept = archive.crawling.record_quiet(waiting, unchanged)
    assert [(intake.page.id, intake.observation.page_id) for intake in kept] == [(n, n) for n in (*ids, ids[0])]
    for url, hours in ((URL, [0, 1, 3]), (OTHER, [0, 2])):
        seen = archive.reading.observations(url)
        told = [(one.at, one.outcome is Outcome.NOT_MODIFIED) for one in seen]
        assert told == [(NOW + hour * HOUR, hour > 0) for hour in hours]
        page = archive.comparing.page(known[url].id)
        assert (page.checked_at, page.due_at) == (NOW + hours[-1] * HOUR, NOW + (hours[-1] + 1) * HOUR)
        assert page == replace(known[url], checked_at=page.checked_at, ok_at=page.ok_at, due_at=page.due_at)
    assert archive.crawling.record_quiet([], unchanged) == []


def test_one_that_would_bring_a_version_is_refused_and_nothing_of_its_fellows_is_kept(archive: Archive) -> None:
    known = pages(archive)

    def eager(seen: Visit, page: Page, latest: Version | None, listed: Mapping[str, Page]) -> Intake:
        intake = unchanged(seen, page, latest, listed)
        return replace(intake, discovered=(page,)) if page.url == OTHER else intake

    with pytest.raises(ValueError, match="not a quiet visit"):
        archive.crawling.record_quiet([(known[URL].id, nothing(1)), (known[OTHER].id, nothing(1, OTHER))], eager)
    assert len(archive.reading.observations(URL)) == 1


def test_what_is_remembered_of_bytes_comes_back_whole_and_the_last_word_holds(archive: Archive) -> None:
    known = pages(archive)
    place = Place(bytes(range(256)), "浏览".encode("gb18030"), 7, 3, frozenset({b"<li", b"//x.example"}))
    first = Calm("ab" * 32, "5+0123456789", 1, NOW, (place, Place(b"<b>", b"</b>")))
    restless = Calm("", "5", 1, NOW)
    assert archive.crawling.calm([known[URL].id]) == {}
    archive.crawling.remember_calm({known[URL].id: first, known[OTHER].id: restless})
    assert archive.crawling.calm([page.id for page in known.values()]) == {
        known[URL].id: first,
        known[OTHER].id: restless,
    }
    later = replace(restless, rest="cd" * 32, version=2, read_at=NOW + HOUR)
    archive.crawling.remember_calm({known[URL].id: later})
    archive.crawling.remember_calm({})
    assert archive.crawling.calm([known[URL].id, 12345]) == {known[URL].id: later}
    assert archive.crawling.pages("yunxi", Role.ARTICLE, limit=0) == []


def test_of_a_list_and_of_several_pages_more_is_remembered(archive: Archive) -> None:
    known = pages(archive)
    listed = Calm("ab" * 32, "5", 0, NOW, (Place(b"<b>", b"</b>"),), said="cd" * 32, seed="一\n<b>".encode("gb18030"))
    long = Calm("ef" * 32, "5", 1, NOW, parts=("http://127.0.0.1/a/1_2.html",))
    archive.crawling.remember_calm({known[URL].id: listed, known[OTHER].id: long})
    assert archive.crawling.calm([known[URL].id, known[OTHER].id]) == {known[URL].id: listed, known[OTHER].id: long}


def test_a_list_that_is_read_whole_is_remembered_no_more_till_it_is_said_anew(archive: Archive) -> None:
    """Written after the visit, what is remembered may be lost with a kill: what was before must not stand then."""
    column = "http://127.0.0.1/a/"
    archive.crawling.enlist_columns("yunxi", [column], NOW)
    page = archive.crawling.pages("yunxi", Role.COLUMN)[0]
    archive.crawling.remember_calm({page.id: Calm("ab" * 32, "5", 0, NOW, said="cd" * 32)})
    archive.crawling.record_quiet([(page.id, nothing(1, column))], unchanged)
    assert page.id in archive.crawling.calm([page.id])
    archive.crawling.record(replace(visit(url=column), role=Role.COLUMN), keeping(Outcome.LISTED))
    assert archive.crawling.calm([page.id]) == {}
