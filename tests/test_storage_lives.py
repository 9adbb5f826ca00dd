"""The past of articles as the archive tells it, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from test_storage_archive import COLUMN, NOW, URL, discovering, keeping, listed, visit

from storage.archive import Archive
from storage.records import Change, ChangeKind, Outcome, Role, Run, Settlement

HOUR = timedelta(hours=1)
OTHER = "http://127.0.0.1/b/1.html"


def tell(archive: Archive, kind: ChangeKind, after: timedelta) -> None:
    """Tell a change of the page whose visit waits to be compared."""
    waiting = archive.comparing.pending()[-1]
    page = archive.comparing.page(waiting.page_id)
    change = Change("yunxi", URL, kind, waiting.at + after, "供暖")
    assert archive.comparing.settle(Settlement(waiting, page, page, (change,)))


def test_a_life_knows_between_which_visits_it_began_and_changed(archive: Archive) -> None:
    archive.crawling.enlist_columns("yunxi", [COLUMN], NOW)
    archive.crawling.record(listed(at=NOW), discovering())
    archive.crawling.record(listed(URL, at=NOW + HOUR), discovering(URL))
    for hour, outcome in ((1, Outcome.NEW_VERSION), (3, Outcome.UNCHANGED), (4, Outcome.FAILED)):
        archive.crawling.record(visit(NOW + hour * HOUR), keeping(outcome))
    assert archive.crawling.lives("yunxi", 10)[0].changes == ()
    archive.crawling.record(visit(NOW + 5 * HOUR), keeping(Outcome.NEW_VERSION))
    tell(archive, ChangeKind.EDITED, timedelta(seconds=40))
    (life,) = archive.crawling.lives("yunxi", 10)
    assert (life.column, life.first_seen_at, life.unlisted_at) == (COLUMN, NOW + HOUR, NOW)
    assert life.changes == ((NOW + 3 * HOUR, NOW + 5 * HOUR),)
    assert life.checked_at == NOW + 5 * HOUR
    assert not life.gone
    assert archive.crawling.lives(None, 10) == [life]
    assert archive.crawling.lives("other", 10) == archive.crawling.lives("yunxi", 0) == []
    assert (archive.crawling.articles("yunxi"), archive.crawling.articles("other")) == (1, 0)


def test_a_withdrawal_is_put_to_the_first_visit_that_found_it_and_a_redesign_to_none(archive: Archive) -> None:
    archive.crawling.record(visit(NOW), keeping(Outcome.NEW_VERSION))
    tell(archive, ChangeKind.NEW, timedelta(0))
    archive.crawling.record(visit(NOW + HOUR), keeping(Outcome.NEW_VERSION))
    tell(archive, ChangeKind.REDESIGNED, timedelta(0))
    assert archive.crawling.lives("yunxi", 10)[0].changes == ()
    for hour in (2, 5):
        archive.crawling.record(visit(NOW + hour * HOUR), keeping(Outcome.GONE))
    tell(archive, ChangeKind.REMOVED, timedelta(seconds=40))
    (life,) = archive.crawling.lives("yunxi", 10)
    assert life.changes == ((NOW + HOUR, NOW + 2 * HOUR),)


def test_the_requests_of_a_day_are_those_of_its_crawls(archive: Archive) -> None:
    for name, hours, requests in (("r1", 30, 7), ("r2", 20, 5), ("r3", 1, 4), ("ahead", -9, 100)):
        started = NOW - hours * HOUR
        archive.running.start(Run(name, "yunxi", started))
        archive.running.finish(Run(name, "yunxi", started, started + HOUR, "finished", 1, requests))
    # Killed, but it had put down how far it had come.
    archive.running.start(Run("killed", "yunxi", NOW - 2 * HOUR))
    archive.running.finish(Run("killed", "yunxi", NOW, visits=25, requests=30))
    archive.running.start(Run("r4", "other", NOW))
    assert archive.crawling.requests_since("yunxi", NOW - 24 * HOUR, NOW) == 39
    assert archive.crawling.requests_since("other", NOW - 24 * HOUR, NOW) == 0
    assert [run.requests for run in archive.running.runs() if run.finished_at is None] == [0, 30]


def test_what_a_clock_that_was_ahead_put_off_is_due_again(archive: Archive) -> None:
    archive.crawling.enlist_columns("yunxi", [COLUMN], NOW)
    archive.crawling.record(visit(NOW - HOUR / 2), keeping(Outcome.UNCHANGED))
    ahead = NOW + 9000 * HOUR
    archive.crawling.record(listed(at=ahead), discovering())
    archive.crawling.record(visit(ahead, url=OTHER), keeping(Outcome.UNCHANGED))
    archive.crawling.enlist_columns("yunxi", [COLUMN], NOW)
    due = archive.crawling.pages("yunxi", Role.ARTICLE, due=NOW)
    assert [page.url for page in due] == [OTHER]
    assert [page.url for page in archive.crawling.pages("yunxi", Role.COLUMN, due=NOW)] == [COLUMN]


def test_no_sort_of_pages_hides_behind_very_many_of_another(archive: Archive) -> None:
    sorts = {sort: [f"http://127.0.0.1/{sort}/{number}.html" for number in range(4)] for sort in ("new", "gone", "old")}
    archive.crawling.record(listed(*sorts["new"]), discovering(*sorts["new"]))
    for number in range(4):
        archive.crawling.record(visit(NOW + number * HOUR, url=sorts["old"][number]), keeping(Outcome.NEW_VERSION))

        def missing(*given: object) -> object:
            kept = keeping(Outcome.GONE)(*given)
            return replace(kept, page=replace(kept.page, version=1, missing_since=NOW))

        archive.crawling.record(visit(NOW + number * HOUR, url=sorts["gone"][number]), missing)  # type: ignore[arg-type]
    found = [page.url for page in archive.crawling.pages("yunxi", Role.ARTICLE, limit=2)]
    assert found[:2] == sorts["new"][:2]
    assert sorted(found[2:]) == sorted([*sorts["gone"][:2], *sorts["old"][:2]])
    due = archive.crawling.pages("yunxi", Role.ARTICLE, due=NOW + HOUR)
    assert {page.url for page in due} == {*sorts["new"], sorts["gone"][0], sorts["old"][0]}


def test_where_a_page_moved_from_is_looked_up(archive: Archive) -> None:
    def moving(*given: object) -> object:
        kept = keeping(Outcome.MOVED)(*given)
        return replace(kept, page=replace(kept.page, moved_to=OTHER))

    archive.crawling.record(visit(), moving)  # type: ignore[arg-type]
    assert archive.comparing.moved_here("yunxi", OTHER) == URL
    assert archive.comparing.moved_here("yunxi", URL) is None
    assert archive.comparing.moved_here("other", OTHER) is None


def test_what_a_list_shows_otherwise_is_kept_with_the_visit(archive: Archive) -> None:
    archive.crawling.enlist_columns("yunxi", [COLUMN], NOW)
    archive.crawling.record(listed(URL), discovering(URL))
    seen = listed(URL, at=NOW + HOUR)

    def shows(*given: object) -> object:
        known = given[3]
        page = replace(known[URL], listed_title="新标题", listed_date="2026-11-24", due_at=seen.at)  # type: ignore[index]
        return replace(discovering()(*given), relisted=(page,))  # type: ignore[arg-type]

    archive.crawling.record(seen, shows)  # type: ignore[arg-type]
    (page,) = archive.crawling.pages("yunxi", Role.ARTICLE)
    assert (page.listed_title, page.listed_date, page.due_at) == ("新标题", "2026-11-24", seen.at)
