"""What a day's stories said is counted once, kept, and held against the days after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from drain_desk import Desk, story

from monitor.days import day_span
from monitor.digest import said
from monitor.digest.day import Digest
from monitor.digest.edition import edition, week
from monitor.digest.said import counts_of
from monitor.words import Lexicon
from storage.archive import Archive
from storage.sql import open_archive

FIRST = date(2026, 11, 10)
TOPICS = {0: "油茶采摘", 1: "油茶采摘", 2: "台风登陆"}
"""What the town talked about, by how many days after the first."""


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    monkeypatch.setattr(said, "FEWEST", 4)
    opened = open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    opened.running.announce({"yunxi": "云溪发布", "lanqiao": "兰桥日报"})
    desk = Desk(opened)
    for number, topic in TOPICS.items():
        start, _ = day_span(FIRST + timedelta(days=number))
        for copy in range(4):
            desk.now = start + timedelta(hours=8 + copy)
            text = f"{topic}第{number * 4 + copy}场:{'甲乙丙丁'[copy] * 6}社区{number}组织{topic}专题报告。"
            desk.visit(story(text, title=f"{topic}{number}{copy}"), page=f"{number}-{copy}")
            desk.drain()
    yield opened
    opened.close()


def digest_of(archive: Archive, number: int, **more: object) -> Digest:
    day = FIRST + timedelta(days=number)
    return edition(archive, day, day_span(day)[1] + timedelta(hours=8), **more)  # type: ignore[arg-type]


def words(digest: Digest) -> list[str]:
    return [keyword.word for keyword in digest.keywords]


def test_what_was_said_every_day_is_no_news(archive: Archive) -> None:
    told = digest_of(archive, 2)
    assert "台风登陆" in words(told)
    assert not {"油茶", "社区", "报告"} & set(words(told))
    assert not {"油茶", "采摘"} & set(words(digest_of(archive, 1)))
    # Two days are a past to rank by, and too short a one to tell of.
    assert {(keyword.days, keyword.held) for keyword in told.keywords} == {(2, False)}


def test_few_stories_are_no_talk(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(said, "FEWEST", 5)
    assert words(digest_of(archive, 2)) == []
    assert words(week(archive, FIRST, day_span(FIRST + timedelta(days=9))[1])) != []


def test_counts_are_kept_so_that_no_text_is_read_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    first = digest_of(archive, 2)
    kept = archive.words.words_of(FIRST)
    assert kept is not None
    assert kept["油茶"] == 4
    asked = []
    changes = archive.reading.changes
    monkeypatch.setattr(archive.reading, "changes", lambda **wish: asked.append(wish) or changes(**wish))
    assert digest_of(archive, 2).keywords == first.keywords
    assert [wish["since"] for wish in asked if "since" in wish] == [day_span(FIRST + timedelta(days=2))[0]]


def test_a_day_that_may_still_grow_is_not_kept(archive: Archive) -> None:
    start, end = day_span(FIRST)
    for now in (start + timedelta(hours=13), end, end + timedelta(minutes=59)):
        edition(archive, FIRST, now)
        assert archive.words.words_of(FIRST) is None
    edition(archive, FIRST, end + timedelta(hours=1))
    assert archive.words.words_of(FIRST) is not None


def test_another_list_of_terms_counts_anew(archive: Archive) -> None:
    _, end = day_span(FIRST)
    later = end + timedelta(days=3)
    one, other = Lexicon(), Lexicon([("油茶采摘", "nz")])
    assert counts_of(archive, FIRST, one, later).words.get("油茶采摘") is None
    anew = counts_of(archive, FIRST, other, later)
    assert (anew.texts, anew.words["油茶采摘"]) == (4, 4)
    assert counts_of(archive, FIRST, other, later) == anew


def test_a_week_is_held_against_the_days_before_it(archive: Archive) -> None:
    told = week(archive, FIRST + timedelta(days=2), day_span(FIRST + timedelta(days=9))[1])
    assert (told.day, told.until, len(told.changes)) == (date(2026, 11, 9), date(2026, 11, 15), 12)
    assert {keyword.held for keyword in told.keywords} == {False}
    assert [day.total for day in told.days] == [4, 4, 4]
    assert {site: len(days) for site, days in told.site_days} == {"yunxi": 3, "lanqiao": 0}


def test_a_running_week_is_told_as_far_as_it_has_come(archive: Archive) -> None:
    noon = day_span(FIRST + timedelta(days=1))[0] + timedelta(hours=12)
    told = week(archive, FIRST, noon)
    assert told.health[0].visits or told.health[1].visits
    assert max(change.detected_at for change in told.changes) <= told.generated_at
    assert told == week(archive, FIRST, noon + timedelta(minutes=9))


def test_a_week_keeps_no_counts_of_its_days(archive: Archive) -> None:
    week(archive, FIRST, day_span(FIRST + timedelta(days=9))[1])
    assert archive.words.words_of(FIRST) is None
