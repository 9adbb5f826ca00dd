"""How sites answered, day by day: the same answer from the visits as from what was kept of them, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from statistics import median_low

import pytest
from browsing_town import NOON, Town
from sqlalchemy import delete, select

from storage.archive import Archive
from storage.browsing import ResponseDay
from storage.changes import ChangeKind
from storage.records import CHINA, Outcome, Run, SiteHealth
from storage.sql.engine import Database
from storage.sql.tables import observations, site_days

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TODAY = date(2026, 11, 20)


@pytest.fixture
def town(archive: Archive) -> Town:
    archive.running.announce({"yunxi": "云溪市人民政府", "beishan": "北山市人民政府"})
    return Town(archive)


def end_a_crawl(archive: Archive, at: datetime) -> None:
    archive.running.start(Run(f"r{at}", "yunxi", at - HOUR))
    archive.running.finish(Run(f"r{at}", "yunxi", at - HOUR, at, "finished", 3))


def kept_days(archive: Archive) -> list[tuple[str, date]]:
    database: Database = archive._database  # type: ignore[attr-defined]
    with database.read() as connection:
        rows = connection.execute(select(site_days.c.site, site_days.c.day).order_by(site_days.c.day, site_days.c.site))
        return [(row.site, row.day) for row in rows]


def four_days(town: Town) -> None:
    """Two visited days, one that nobody was visited on, and a running one."""
    town.column("news")
    for site in ("yunxi", "beishan"):
        town.article("1.html", site=site, column="http://127.0.0.1/yunxi/news/")
    took = iter((90, 5000, 40, 700, 60, 80, 10))
    for hour, outcome in ((1, Outcome.FAILED), (2, Outcome.NOT_MODIFIED), (3, Outcome.BLOCKED), (4, Outcome.FAILED)):
        town.visit("1.html", outcome, NOON + hour * HOUR, took=next(took))
    for hour, outcome in ((24, Outcome.GONE), (25, Outcome.FAILED), (71, Outcome.UNCHANGED)):
        town.visit("1.html", outcome, NOON + hour * HOUR, took=next(took))
    town.visit("1.html", Outcome.NOT_MODIFIED, NOON + 2 * HOUR, site="beishan")


def asked(archive: Archive) -> tuple[list[ResponseDay], list[list[SiteHealth]]]:
    days = [TODAY + back * DAY for back in range(-1, 5)]
    return archive.browsing.responses("yunxi", days[0], days[-1]), [
        archive.running.health(day, NOON + 3 * DAY) for day in days
    ]


def test_what_is_kept_of_a_day_answers_as_its_visits_did(town: Town) -> None:
    four_days(town)
    before = asked(town.archive)
    end_a_crawl(town.archive, NOON + 3 * DAY)
    assert kept_days(town.archive) == [("beishan", TODAY), ("yunxi", TODAY), ("yunxi", TODAY + DAY)]
    assert asked(town.archive) == before
    responses, health = before
    times = [100, 5000, 40]
    assert responses[0] == ResponseDay(TODAY, 5, 2, 1, median_low(times), max(times))
    assert responses[1] == ResponseDay(TODAY + DAY, 2, 1, 0, 60, 60)
    assert [day.day for day in responses] == [TODAY, TODAY + DAY, TODAY + 3 * DAY]
    assert health[0] == []
    assert [(site.site, site.visits, site.failures) for site in health[1]] == [("beishan", 2, 0), ("yunxi", 5, 2)]
    assert [site.last_success_at for site in health[3]] == [NOON + 2 * HOUR, NOON + 2 * HOUR]


def test_one_site_is_told_as_among_all(town: Town) -> None:
    four_days(town)
    running, now = town.archive.running, NOON + 3 * DAY
    # From the visits, then with some days kept, then with all.
    for ended in (None, NOON + DAY, now):
        if ended is not None:
            end_a_crawl(town.archive, ended)
        for back in range(-1, 20):
            day = TODAY + back * DAY
            every = {one.site: one for one in running.health(day, now + 20 * DAY)}
            for site in ("yunxi", "beishan", "nowhere"):
                alone = running.health(day, now + 20 * DAY, site)
                assert alone == [every[site]] if site in every else alone == []


def test_the_visits_of_sites_are_counted_together_as_one_by_one(town: Town) -> None:
    four_days(town)
    for ended in (None, NOON + DAY, NOON + 3 * DAY):
        if ended is not None:
            end_a_crawl(town.archive, ended)
        for first, last in ((-1, 4), (0, 0), (1, 3), (3, 3), (5, 9)):
            days = TODAY + first * DAY, TODAY + last * DAY
            answers = {site: town.archive.browsing.responses(site, *days) for site in ("yunxi", "beishan")}
            assert town.archive.browsing.visits(*days) == {
                site: (sum(day.visits for day in told), sum(day.failures for day in told))
                for site, told in answers.items()
                if told
            }


def test_all_that_is_kept_is_counted(town: Town) -> None:
    four_days(town)
    page_id = town.article("2.html", at=NOON)
    town.visit("2.html", Outcome.NEW_VERSION, NOON + HOUR, said="又说。")
    town.tell(page_id, ChangeKind.EDITED, NOON)
    town.tell(page_id, ChangeKind.TAMPERED, NOON + DAY)
    versions = [town.archive.reading.history(f"http://127.0.0.1/{name}") for name in SOME]
    counts = town.archive.running.counts()
    log = town.archive.reading.changes()
    assert (counts["changes"], counts["versions"]) == (len(log), sum(map(len, versions))) == (2, 4)
    assert all(type(number) is int for number in counts.values())


SOME = ("yunxi/1.html", "yunxi/2.html", "beishan/1.html")


def test_a_day_not_kept_yet_stands_behind_the_kept_ones(town: Town) -> None:
    four_days(town)
    before = asked(town.archive)
    end_a_crawl(town.archive, NOON + DAY)
    assert kept_days(town.archive) == [("beishan", TODAY), ("yunxi", TODAY)]
    assert asked(town.archive) == before


def test_a_day_is_kept_once_it_is_over_and_its_last_visits_are_in(town: Town) -> None:
    midnight = datetime(2026, 11, 21, tzinfo=CHINA).astimezone(UTC)
    town.article("1.html", at=midnight - HOUR)
    end_a_crawl(town.archive, midnight + timedelta(minutes=59))
    assert kept_days(town.archive) == []
    town.visit("1.html", Outcome.UNCHANGED, midnight - timedelta(seconds=1))
    end_a_crawl(town.archive, midnight + timedelta(minutes=60))
    assert kept_days(town.archive) == [("yunxi", TODAY)]
    assert town.archive.browsing.responses("yunxi", TODAY, TODAY)[0].visits == 2
    end_a_crawl(town.archive, midnight + 2 * HOUR)
    assert kept_days(town.archive) == [("yunxi", TODAY)]
    # Days without a visit are nothing to keep, and what is kept stands.
    town.visit("1.html", Outcome.UNCHANGED, midnight - 2 * HOUR)
    end_a_crawl(town.archive, midnight + 3 * DAY)
    assert town.archive.browsing.responses("yunxi", TODAY, TODAY)[0].visits == 2


def test_a_clock_that_was_wrong_for_a_while_is_made_good(town: Town) -> None:
    town.article("1.html", at=NOON)
    wrong = NOON + 400 * DAY
    end_a_crawl(town.archive, wrong)
    town.visit("1.html", Outcome.UNCHANGED, wrong)
    end_a_crawl(town.archive, wrong + DAY)
    town.visit("1.html", Outcome.UNCHANGED, NOON + HOUR)
    town.visit("1.html", Outcome.UNCHANGED, NOON + DAY)
    assert [day.visits for day in town.archive.browsing.responses("yunxi", TODAY, TODAY + 3 * DAY)] == [1, 1]
    end_a_crawl(town.archive, NOON + 2 * DAY)
    assert [day.visits for day in town.archive.browsing.responses("yunxi", TODAY, TODAY + 3 * DAY)] == [2, 1]


def test_of_kept_days_no_visit_is_read(town: Town) -> None:
    four_days(town)
    end_a_crawl(town.archive, NOON + 3 * DAY)
    before = asked(town.archive)
    database: Database = town.archive._database  # type: ignore[attr-defined]
    with database.write() as connection:
        connection.execute(delete(observations).where(observations.c.at < NOON + 2 * DAY))
    assert asked(town.archive) == before


def test_crawls_that_end_together_keep_a_day_once(town: Town) -> None:
    four_days(town)
    before = asked(town.archive)
    with ThreadPoolExecutor(4) as crawls:
        ends = [crawls.submit(end_a_crawl, town.archive, NOON + 3 * DAY + n * timedelta(seconds=1)) for n in range(8)]
    assert [end.result() for end in ends] == [None] * 8
    assert kept_days(town.archive) == [("beishan", TODAY), ("yunxi", TODAY), ("yunxi", TODAY + DAY)]
    assert asked(town.archive) == before
