"""What people ask who look around, held on SQLite and on PostgreSQL alike against the logs read whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from browsing_town import NOON, Town
from sqlalchemy import event

from storage.archive import Archive
from storage.browsing import ArticleCard, DayCount, Wanted
from storage.changes import Change, ChangeKind
from storage.records import CHINA, Outcome, Settlement, china_day
from storage.sql import changelog, replay
from storage.sql.engine import Database

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TODAY = date(2026, 11, 20)
SITES = ("yunxi", "beishan", "linchuan")
KINDS = (ChangeKind.NEW, ChangeKind.EDITED, ChangeKind.REMOVED, ChangeKind.TAMPERED)

WANTED = {
    "all": Wanted(),
    "a site": Wanted(sites=["beishan"]),
    "a kind": Wanted(kinds=[ChangeKind.REMOVED]),
    "sites and kinds": Wanted(sites=["beishan", "yunxi"], kinds=[ChangeKind.EDITED, ChangeKind.TAMPERED]),
    "since": Wanted(first_day=TODAY),
    "until": Wanted(last_day=TODAY),
    "a day": Wanted(first_day=TODAY, last_day=TODAY, sites=["yunxi"]),
    "heavy": Wanted(least_weight=0.8),
    "none": Wanted(sites=["nowhere"]),
    "a page": Wanted(page_id=1),
    "a page's edits": Wanted(page_id=2, kinds=[ChangeKind.EDITED], last_day=TODAY),
}


@pytest.fixture
def town(archive: Archive) -> Town:
    return Town(archive)


def is_wanted(change: Change, wanted: Wanted, urls: dict[int, str]) -> bool:
    """The same by plain words."""
    day = china_day(change.detected_at)
    return (
        (not wanted.sites or change.site in wanted.sites)
        and (not wanted.kinds or change.kind in wanted.kinds)
        and (wanted.first_day is None or day >= wanted.first_day)
        and (wanted.last_day is None or day <= wanted.last_day)
        and change.weight >= wanted.least_weight
        and (wanted.page_id is None or change.url == urls[wanted.page_id])
    )


def fill(town: Town) -> dict[int, str]:
    """Sixty changes of six pages over five days whose order in the log is not that of their days."""
    dice = Random(5)
    pages = [town.article(f"{number}.html", site=SITES[number % 3]) for number in range(6)]
    for number in range(60):
        at = NOON + timedelta(hours=2 * number - 60 + dice.randint(-30, 30))
        town.tell(dice.choice(pages), dice.choice(KINDS), at, round(dice.random(), 2))
    return {page: town.archive.comparing.page(page).url for page in pages}


@pytest.mark.parametrize("ranges", [1, 3])
def test_the_log_is_handed_out_as_asked_for(town: Town, ranges: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changelog, "IDS_AT_ONCE", 4)
    monkeypatch.setattr(changelog, "RANGES_AT_ONCE", ranges)
    urls = fill(town)
    log = town.archive.reading.changes()
    for name, wanted in WANTED.items():
        expected = [change for change in reversed(log) if is_wanted(change, wanted, urls)]
        found: list[Change] = []
        while page := town.archive.browsing.changes(wanted, before=found[-1].id if found else None, limit=3):
            found += [entry.change for entry in page]
            assert len(found) <= len(log), name
        assert found == expected, name
    (latest,) = town.archive.browsing.changes(Wanted(), limit=1)
    assert town.archive.browsing.change(latest.change.id) == latest
    assert urls[latest.page_id or 0] == latest.change.url
    assert town.archive.browsing.change(999) is None


def test_what_is_rare_is_found_in_few_looks(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changelog, "IDS_AT_ONCE", 1)
    page_id = town.article("1.html")
    told = []
    for day in range(40):
        town.tell(page_id, ChangeKind.EDITED, NOON + day * DAY)
        if day % 2:
            told.append(town.tell(page_id, ChangeKind.TAMPERED, NOON + day * DAY))
    said: list[str] = []
    database: Database = town.archive._database  # type: ignore[attr-defined]
    event.listen(database.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    found = town.archive.browsing.changes(Wanted(sites=["yunxi"], kinds=[ChangeKind.TAMPERED]))
    assert [entry.change.id for entry in found] == told[::-1]
    # The counts by day, twenty ranges sixteen at a time, and the changes themselves.
    assert len([statement for statement in said if "SELECT" in statement]) == 4


def test_sites_are_counted_together_as_one_by_one(town: Town) -> None:
    fill(town)
    town.archive.running.announce(dict.fromkeys((*SITES, "quiet"), ""))
    first, last = TODAY - DAY, TODAY + DAY
    together = town.archive.browsing.days_by_site(first, last)
    assert together == {site: town.archive.browsing.days(first, last, site) for site in SITES}
    assert town.archive.browsing.days_by_site(TODAY + 90 * DAY, TODAY + 99 * DAY) == {}


def test_changes_are_counted_by_china_day(town: Town) -> None:
    fill(town)
    log = town.archive.reading.changes()
    for site in (None, "beishan"):
        counted = Counter((china_day(change.detected_at), change.kind) for change in log if site in (None, change.site))
        days = sorted({day for day, _ in counted})
        expected = [DayCount(day, {kind: n for (of, kind), n in counted.items() if of == day}) for day in days]
        assert town.archive.browsing.days(days[0], days[-1], site) == expected
        assert town.archive.browsing.days(days[1], days[-2], site) == expected[1:-1]
    assert sum(count.total for count in town.archive.browsing.days(days[0], days[-1])) == 60
    assert town.archive.browsing.days(TODAY + 90 * DAY, TODAY + 99 * DAY) == []


def test_a_change_that_is_not_told_is_not_counted(town: Town) -> None:
    page_id = town.article("1.html")
    seen = town.visit("1.html", Outcome.UNCHANGED, NOON)
    page = town.archive.comparing.page(page_id)
    change = Change("yunxi", page.url, ChangeKind.EDITED, NOON)
    once = Settlement(seen, page, page, (change,))
    assert town.archive.comparing.settle(once)
    assert not town.archive.comparing.settle(once)
    assert town.archive.browsing.days(TODAY, TODAY) == [DayCount(TODAY, {ChangeKind.EDITED: 1})]


def test_a_day_is_as_heavy_as_its_heaviest_change(town: Town) -> None:
    page_id = town.article("1.html")
    told = [town.tell(page_id, ChangeKind.EDITED, NOON + back * DAY, weight) for back, weight in ((0, 0.1), (1, 0.9))]
    told += [town.tell(page_id, ChangeKind.EDITED, NOON + minute * MINUTE, 0.1 * minute) for minute in (9, 1)]
    found = town.archive.browsing.changes(Wanted(least_weight=0.8))
    assert [entry.change.id for entry in found] == [told[2], told[1]]


def test_comparers_at_once_count_every_change(town: Town) -> None:
    settlements = []
    for number in range(24):
        page_id = town.article(f"{number}.html", site=SITES[number % 2])
        seen = town.visit(f"{number}.html", Outcome.UNCHANGED, NOON, site=SITES[number % 2])
        page = town.archive.comparing.page(page_id)
        kinds = KINDS[1:3] if number % 3 else KINDS[2:0:-1]
        told = tuple(Change(page.site, page.url, kind, NOON) for kind in kinds)
        settlements.append(Settlement(seen, page, page, told))
    with ThreadPoolExecutor(4) as comparers:
        assert all(comparers.map(town.archive.comparing.settle, settlements))
    (day,) = town.archive.browsing.days(TODAY, TODAY)
    assert day.counts == {ChangeKind.EDITED: 24, ChangeKind.REMOVED: 24}
    assert len(town.archive.browsing.changes(Wanted(sites=SITES[:1]))) == 24


def test_a_redesign_is_news_of_no_page(town: Town) -> None:
    page_id = town.article("1.html")
    town.tell(page_id, ChangeKind.REDESIGNED, NOON)
    (entry,) = town.archive.browsing.changes(Wanted())
    assert entry.page_id is None
    dossier = town.archive.browsing.dossier(page_id)
    assert dossier is not None
    assert dossier.entries == ()


def test_sites_and_columns_in_few_figures(town: Town) -> None:
    town.archive.running.announce({"yunxi": "云溪市人民政府", "quiet": ""})
    column = town.column("news")
    town.article("1.html", column=column)
    gone = town.article("2.html", column=column, at=NOON + DAY)
    town.archive.stories.join([gone, town.article("3.html", at=NOON)])
    town.tell(gone, ChangeKind.REMOVED, NOON + 2 * DAY)
    town.visit("news/", Outcome.LISTED, NOON + 3 * DAY)
    quiet, card = town.archive.browsing.sites()
    assert (quiet.key, quiet.name, quiet.articles, quiet.checked_at, quiet.news_at) == ("quiet", "quiet", 0, None, None)
    assert (card.name, card.articles, card.withdrawn, card.columns) == ("云溪市人民政府", 3, 1, 1)
    assert (card.checked_at, card.news_at) == (NOON + 3 * DAY, NOON + 2 * DAY)
    (news,) = town.archive.browsing.columns("yunxi")
    assert (news.page.url, news.articles, news.news_at) == (column, 2, NOON + DAY)
    town.archive.crawling.enlist_columns("yunxi", [], NOON)
    assert town.archive.browsing.columns("yunxi") == []
    assert town.archive.browsing.sites()[1].columns == 0


def test_articles_are_handed_out_those_found_last_first(town: Town) -> None:
    ids = [town.article(f"{number}.html") for number in range(5)]
    town.article("other.html", site="beishan")
    for page_id in ids[1:4]:
        town.tell(page_id, ChangeKind.REMOVED, NOON)
    town.archive.stories.join(ids[3:])

    def numbers(cards: list[ArticleCard]) -> list[int]:
        return [card.page.id for card in cards]

    browsing = town.archive.browsing
    assert numbers(browsing.articles("yunxi", limit=2)) == ids[:2:-1]
    assert numbers(browsing.articles("yunxi", before=ids[2])) == ids[1::-1]
    assert numbers(browsing.articles("yunxi", withdrawn=True, limit=2)) == ids[3:1:-1]
    assert numbers(browsing.articles("yunxi", withdrawn=True, before=ids[2])) == [ids[1]]
    card = browsing.articles("yunxi", limit=1)[0]
    assert (card.title, card.versions, card.story) == ("题4.html说。", 1, ids[3])


def test_all_that_is_known_of_an_article(town: Town) -> None:
    page_id = town.article("1.html")
    town.visit("1.html", Outcome.NEW_VERSION, NOON + DAY, said="改过的话。")
    told = town.tell(page_id, ChangeKind.EDITED, NOON + 2 * DAY)
    browsing = town.archive.browsing
    dossier = browsing.dossier(page_id)
    assert dossier is not None
    assert dossier.page == browsing.page(page_id) == browsing.page_at("http://127.0.0.1/yunxi/1.html")
    first, second = dossier.versions
    assert (first.number, first.seen_at, first.title, first.flags) == (1, NOON, "题1.html说。", ("x",))
    assert (second.number, second.size) == (2, len("改过的话。".encode()))
    assert [entry.change.id for entry in dossier.entries] == [told]
    assert dossier.visits == {"new-version": 2, "unchanged": 1}
    version = browsing.version(page_id, 2)
    assert version is not None
    assert version.article.canonical == ("改过的话。",)
    visits = browsing.observations(page_id)
    assert [visit.at for visit in visits] == [NOON + 2 * DAY, NOON + DAY, NOON]
    assert browsing.observations(page_id, before=visits[0].id, limit=1) == visits[1:2]
    unknown = (browsing.dossier(99), browsing.page(99), browsing.page_at("x"), browsing.version(page_id, 3))
    assert unknown == (None, None, None, None)


def test_stories_are_handed_out_the_newest_first(town: Town) -> None:
    ids = [town.article(f"{number}.html", at=NOON + number * DAY) for number in range(6)]
    for story in (ids[:3], ids[3:5]):
        town.archive.stories.join(story)
    browsing = town.archive.browsing
    told = [(number, [page.id for page in pages]) for number, pages in browsing.stories()]
    assert told == [(ids[3], ids[3:5]), (ids[0], ids[:3])]
    assert [number for number, _ in browsing.stories(limit=1)] == [ids[3]]
    assert [number for number, _ in browsing.stories(before=ids[3])] == [ids[0]]
    printings = browsing.printings(ids[0], NOON + 2 * DAY)
    assert [printing.first.page_id for printing in printings] == ids[:2]
    assert browsing.printings(99, NOON) == []
    urls = [printing.first.url for printing in browsing.printings(ids[3], NOON + 9 * DAY)]
    both = town.archive.stories.printings([urls[0], printings[0].first.url], NOON + 9 * DAY)
    assert [(printing.story, printing.first.page_id) for printing in both] == [
        *((ids[0], page_id) for page_id in ids[:3]),
        *((ids[3], page_id) for page_id in ids[3:5]),
    ]


@pytest.mark.parametrize("rare", [0.0, 2.0], ids=["in the log's order", "page by page"])
def test_answered_visits_are_handed_out_oldest_first(town: Town, rare: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "AT_ONCE", 4)
    monkeypatch.setattr(replay, "IDS_AT_ONCE", 3)
    monkeypatch.setattr(replay, "PAGES_AT_ONCE", 2)
    monkeypatch.setattr(replay, "RARE", rare)
    outcomes = (Outcome.NOT_MODIFIED, Outcome.FAILED, Outcome.GONE, Outcome.UNCHANGED)
    pages = {name: town.article(name, site=SITES[number % 2]) for number, name in enumerate("abcde")}
    dice = Random(3)
    for number in range(40):
        name = dice.choice("abcde")
        site = SITES["abcde".index(name) % 2]
        town.visit(name, dice.choice(outcomes), NOON + number * timedelta(hours=1), site=site)
    log = [visit for page_id in pages.values() for visit in town.archive.browsing.observations(page_id)]
    log = sorted((visit for visit in log if visit.status is not None), key=lambda visit: visit.id)
    questions: dict[str, tuple[dict[str, object], Callable[..., bool]]] = {
        "site": ({"site": "yunxi"}, lambda visit: visit.site == "yunxi"),
        "day": ({"day": TODAY}, lambda visit: china_day(visit.at) == TODAY),
        "page": ({"page_id": pages["c"]}, lambda visit: visit.page_id == pages["c"]),
        "both": (
            {"site": "beishan", "day": TODAY},
            lambda visit: visit.site == "beishan" and china_day(visit.at) == TODAY,
        ),
        "nothing": ({"site": "nowhere"}, lambda visit: False),
    }
    for name, (asked, meant) in questions.items():
        found: list[int] = []
        while some := town.archive.browsing.kept(**asked, after=found[-1] if found else 0):  # type: ignore[arg-type]
            found += [kept.visit.id for kept in some]
            assert len(some) <= 4
            assert all(kept.body and town.archive.reading.body(kept.body) for kept in some)
        assert found == [visit.id for visit in log if meant(visit)], name


def test_printings_stand_story_by_story(town: Town) -> None:
    ids = [town.article(f"{number}.html") for number in range(4)]
    town.archive.stories.join(ids[::2])
    town.archive.stories.join(ids[1::2])
    urls = [town.archive.comparing.page(page_id).url for page_id in ids]
    found = town.archive.stories.printings(urls, NOON + DAY)
    assert [printing.first.page_id for printing in found] == [*ids[::2], *ids[1::2]]


def test_versions_are_read_many_at_once(town: Town) -> None:
    for number in range(3):
        town.article(f"{number}.html")
    town.visit("1.html", Outcome.NEW_VERSION, NOON + DAY, said="第二。")
    urls = [f"http://127.0.0.1/yunxi/{number}.html" for number in range(4)]
    reading = town.archive.reading
    found = reading.versions({(urls[0], 1), (urls[1], 2), (urls[2], 2), (urls[3], 1)})
    assert {key: version.number for key, version in found.items()} == {(urls[0], 1): 1, (urls[1], 2): 2}
    stood = reading.as_of(urls, NOON + DAY)
    assert {url: version.number for url, version in stood.items()} == dict.fromkeys(urls[:3], 1)
    assert reading.as_of(urls, NOON + 2 * DAY)[urls[1]].number == 2
    assert reading.as_of(urls, NOON) == {}
    assert reading.versions([]) == {}


def test_the_words_of_a_day_are_kept(archive: Archive) -> None:
    assert archive.words.words_of(TODAY) is None
    archive.words.keep_words(TODAY, {"春耕": 3, "": 40})
    archive.words.keep_words(TODAY + DAY, {})
    assert archive.words.words_of(TODAY) == {"春耕": 3, "": 40}
    assert archive.words.words_of(TODAY + DAY) == {}
    archive.words.keep_words(TODAY, {"防汛": 1})
    assert archive.words.words_of(TODAY) == {"防汛": 1}


def test_the_moments_of_a_china_day_are_its_own(town: Town) -> None:
    page_id = town.article("1.html")
    midnight = datetime(2026, 11, 20, tzinfo=CHINA).astimezone(UTC)
    inside = [town.tell(page_id, ChangeKind.EDITED, midnight), town.tell(page_id, ChangeKind.EDITED, midnight + DAY)]
    found = town.archive.browsing.changes(Wanted(first_day=TODAY, last_day=TODAY))
    assert [entry.change.id for entry in found] == inside[:1]
    assert [replace(count, counts={}).day for count in town.archive.browsing.days(TODAY, TODAY + DAY)] == [
        TODAY,
        TODAY + DAY,
    ]


def test_a_visit_writes_of_its_page_what_has_changed(town: Town) -> None:
    town.article("1.html")
    said: list[str] = []
    database: Database = town.archive._database  # type: ignore[attr-defined]
    event.listen(database.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    town.visit("1.html", Outcome.NOT_MODIFIED, NOON + DAY)
    (written,) = [statement for statement in said if statement.startswith("UPDATE")]
    assert written.startswith("UPDATE pages SET checked_at=")
    assert "url" not in written
    town.visit("1.html", Outcome.NOT_MODIFIED, NOON + DAY)
    assert len([statement for statement in said if statement.startswith("UPDATE")]) == 1
