"""A story by its printings: who was first, how copies differ, what became of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from compare_sample import OATH, article
from drain_desk import EDITED, HIJACKED, STORY, Desk, address, numbered
from sqlalchemy import text

from monitor.digest.asjson import digest_json
from monitor.digest.edition import edition
from monitor.stories import Line, Part, apart, lines
from storage.records import Article, Change, ChangeKind, Version, china_day
from storage.sql.engine import Database, make_engine
from storage.stories import Printing

SEEN = datetime(2021, 12, 7, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
ORIGINAL = article(*OATH)


def printing(
    site: str, said: Article = ORIGINAL, *told: ChangeKind, seen: datetime = SEEN, now: Article | None = None
) -> Printing:
    first = Version(site, f"http://{site}.example/", 1, seen, "", said, page_id=sum(site.encode()))
    newest = first if now is None else replace(first, number=2, seen_at=seen + HOUR, article=now)
    return Printing(1, first, newest, tuple(Change(site, first.url, kind, seen + HOUR) for kind in told))


def line(*printings: Printing, names: dict[str, str] | None = None) -> Line:
    (found,) = lines(printings, names)
    return found


def test_the_first_leads_and_copies_follow_as_they_were_seen() -> None:
    found = line(printing("late", seen=SEEN + 2 * HOUR), printing("first"), printing("next", seen=SEEN + HOUR))
    assert [part.site for part in found.parts] == ["first", "next", "late"]
    assert {part.differs for part in found.parts} == {None}


def test_a_page_that_names_the_other_as_its_source_is_the_copy() -> None:
    names = {"daily": "娄底日报", "portal": "市政府门户"}
    found = line(printing("portal"), printing("daily", seen=SEEN + 5 * HOUR), names=names)
    assert [part.site for part in found.parts] == ["daily", "portal"]


def test_stories_stand_apart_and_one_page_is_none() -> None:
    other = replace(printing("c"), story=2)
    assert [found.original.site for found in lines([printing("a"), printing("b"), other])] == ["a"]
    assert lines([other, replace(printing("d"), story=2)])[0].original.site == "c"
    assert lines([]) == ()


@pytest.mark.parametrize(
    ("told", "since", "stands"),
    [
        ((), None, True),
        ((ChangeKind.EDITED,), ChangeKind.EDITED, True),
        ((ChangeKind.EDITED, ChangeKind.REMOVED), ChangeKind.REMOVED, False),
        ((ChangeKind.REMOVED, ChangeKind.RESTORED), ChangeKind.RESTORED, True),
        ((ChangeKind.REMOVED, ChangeKind.RESTORED, ChangeKind.EDITED), ChangeKind.EDITED, True),
    ],
)
def test_what_became_of_a_page(told: tuple[ChangeKind, ...], since: ChangeKind | None, stands: bool) -> None:
    found = line(printing("first", ORIGINAL, *told), printing("copy", seen=SEEN + HOUR))
    assert (found.original.since, found.original.stands) == (since, stands)
    assert found.copies[0].stands is True


MENDED = article(OATH[0].replace("4156名", "4165名"), *OATH[1:])


def told(part: Part) -> tuple[str | None, str | None]:
    return part.differs, part.behind.changed() if part.behind else None


@pytest.mark.parametrize(
    ("copy", "found"),
    [
        pytest.param(ORIGINAL, (None, "4156名→4165名"), id="as it was"),
        pytest.param(MENDED, (None, None), id="as it is"),
        pytest.param(
            article(OATH[0].replace("4156名", "41名"), *OATH[1:]), ("4156名→41名", "4156名→4165名"), id="false"
        ),
        pytest.param(article(*MENDED.canonical, title="百名党员宣誓"), ("标题不同", None), id="mended, retitled"),
        pytest.param(article(*OATH, title="百名党员宣誓"), ("标题不同", "4156名→4165名"), id="as it was, retitled"),
    ],
)
def test_a_copy_is_held_against_the_text_that_it_was_taken_from(
    copy: Article, found: tuple[str | None, str | None]
) -> None:
    mended = printing("first", ORIGINAL, ChangeKind.EDITED, now=MENDED)
    assert told(line(mended, printing("copy", copy, seen=SEEN + HOUR / 2)).copies[0]) == found
    followed = printing("copy", ORIGINAL, ChangeKind.EDITED, seen=SEEN + HOUR / 2, now=copy)
    assert told(line(mended, followed).copies[0]) == found


def test_a_copy_may_be_of_any_text_that_the_original_had() -> None:
    again = article(OATH[0].replace("4156名", "4200名"), *OATH[1:])
    first = printing("first", ORIGINAL, ChangeKind.EDITED, ChangeKind.EDITED, now=again)
    middle = replace(first.first, number=2, article=MENDED)
    twice = replace(first, newest=replace(first.newest, number=3), between=(middle,))
    found = line(twice, printing("one", MENDED, seen=SEEN + HOUR), printing("two", seen=SEEN + 2 * HOUR))
    assert [told(part) for part in found.copies] == [(None, "4165名→4200名"), (None, "4156名→4200名")]


def test_what_the_original_took_out_is_its_change_and_no_copy_says_more() -> None:
    cut = article(OATH[0])
    found = line(printing("first", ORIGINAL, ChangeKind.EDITED, now=cut), printing("copy", seen=SEEN + HOUR))
    ((differs, behind),) = map(told, found.copies)
    assert differs is None
    assert behind is not None
    assert behind.startswith("删至")


@pytest.mark.parametrize(
    ("copy", "words"),
    [
        pytest.param(article(*OATH, source="某网", published_at="2021-12-09", editors=("周舟",)), None, id="labels"),
        pytest.param(article("".join(OATH)), None, id="set anew"),
        pytest.param(article(OATH[0].replace("4156名", "4165名"), *OATH[1:]), "4156名→4165名", id="a figure"),
        pytest.param(article(*OATH, title="百名党员宣誓"), "标题不同", id="a headline"),
        pytest.param(article(OATH[0]), "节选", id="an excerpt"),
        pytest.param(article(*OATH, *("新补充的一段话,原来的报道里并没有这些内容。",) * 4), "另有增补", id="more"),
        pytest.param(article(*OATH[:3], OATH[3].replace("迅速行动", "立即行动")), "1处改动", id="a word"),
    ],
)
def test_how_a_copy_differs(copy: Article, words: str | None) -> None:
    differing = apart(ORIGINAL, copy)
    found = differing.told() if differing else None
    assert found == words or (words is not None and found is not None and found.startswith(words))


def test_the_digest_knows_what_became_of_a_story_s_printings(desk: Desk) -> None:
    desk.visit(STORY, page="1")
    desk.visit(STORY, page="2", key="lanqiao")
    assert desk.kinds() == ["new", "new"]
    desk.visit(EDITED, page="1")
    desk.drain()
    desk.gone(page="1")
    desk.gone(page="1", after=timedelta(hours=5))
    assert desk.kinds() == ["removed"]
    digest = edition(desk.archive, china_day(desk.now), desk.now)
    (found,) = digest_json(digest)["reprints"]  # type: ignore[misc]
    assert (found["original"]["site"], found["original"]["since"], found["original"]["stands"]) == (
        "yunxi",
        "removed",
        False,
    )
    assert [(copy["site"], copy["differs"], copy["behind"], copy["stands"]) for copy in found["copies"]] == [
        ("lanqiao", None, "4156户→4165户", True)
    ]


def test_the_archive_knows_the_texts_that_an_original_had_in_between(desk: Desk) -> None:
    again = replace(EDITED, canonical=tuple(line.replace("4165", "4200") for line in EDITED.canonical))
    again = replace(again, paragraphs=again.canonical)
    desk.visit(STORY, page="1")
    desk.drain()
    desk.visit(EDITED, page="1")
    desk.drain()
    desk.visit(replace(HIJACKED, title="娱乐城"), page="1")
    desk.drain()
    desk.visit(again, page="1")
    desk.visit(EDITED, page="2", key="lanqiao")
    desk.drain()
    printings = desk.archive.stories.printings([address("1")], desk.now + HOUR)
    assert [[one.number for one in printing.between] for printing in printings] == [[2], []]
    assert told(line(*printings).copies[0]) == (None, "4165户→4200户")


def test_a_story_met_in_several_crawls_is_one_and_another_stays_apart(desk: Desk) -> None:
    desk.visit(STORY, page="1")
    desk.drain()
    desk.visit(STORY, page="2", key="lanqiao")
    desk.visit(numbered(1, "b"), page="9")
    desk.drain()
    desk.visit(STORY, page="3", key="shiquan")
    desk.drain()
    later = desk.now + HOUR
    found = lines(desk.archive.stories.printings([address("2", "lanqiao")], later))
    assert [[part.site for part in line.parts] for line in found] == [["yunxi", "lanqiao", "shiquan"]]
    assert desk.archive.stories.printings([address("9")], later) == []


def test_an_archive_that_waits_to_be_sketched_tells_nothing_of_it(desk: Desk, tmp_path: Path) -> None:
    desk.visit(STORY, page="1")
    desk.drain()
    database = Database(make_engine(f"sqlite:///{tmp_path / 'shixun.db'}"))
    with database.write() as connection:
        connection.execute(text("DELETE FROM sketches"))
        connection.execute(text("UPDATE pages SET sketched_version = 0"))
    database.close()
    assert desk.drain() == []
    assert desk.archive.stories.unsketched(9) == []
    desk.visit(STORY, page="2", key="lanqiao")
    assert [change.reprint_of for change in desk.drain()] == [address("1")]


def test_a_hijacked_page_is_nobody_s_story(desk: Desk) -> None:
    desk.visit(HIJACKED, page="1")
    desk.drain()
    desk.visit(STORY, page="2", key="lanqiao")
    assert [change.reprint_of for change in desk.drain()] == [None]
    assert desk.archive.stories.unsketched(9) == []


def test_a_page_that_moved_is_no_copy_of_itself(desk: Desk) -> None:
    desk.visit()
    desk.drain()
    desk.visit(final_url=address("9"))
    desk.drain()
    desk.visit(page="9")
    desk.drain()
    assert lines(desk.archive.stories.printings([address("9")], desk.now + HOUR)) == ()
    desk.visit(key="lanqiao")
    desk.drain()
    found = line(*desk.archive.stories.printings([address("9")], desk.now + HOUR))
    assert [(part.url, part.stands) for part in found.parts] == [
        (address("9"), True),
        (address("1", "lanqiao"), True),
    ]


def test_one_that_moved_to_where_nobody_read_it_is_still_told(desk: Desk) -> None:
    desk.visit()
    desk.visit(key="lanqiao")
    desk.drain()
    desk.visit(final_url=address("9"))
    desk.drain()
    found = line(*desk.archive.stories.printings([address("1")], desk.now + HOUR))
    assert [(part.site, part.stands) for part in found.parts] == [("yunxi", False), ("lanqiao", True)]


def test_what_hijackers_wrote_is_not_what_a_story_says(desk: Desk) -> None:
    desk.visit()
    desk.visit(key="lanqiao")
    desk.visit(EDITED)
    spam = ("澳门新葡京娱乐城时时彩投注平台注册登录", "棋牌彩票投注时时彩娱乐城注册送金")
    desk.drain()
    desk.visit(replace(HIJACKED, paragraphs=spam, canonical=spam))
    assert [change.kind for change in desk.drain()] == [ChangeKind.TAMPERED]
    found = line(*desk.archive.stories.printings([address("1")], desk.now + HOUR))
    assert found.original.since is ChangeKind.TAMPERED
    assert told(found.copies[0]) == (None, "4156户→4165户")
    desk.visit(STORY)
    desk.drain()
    found = line(*desk.archive.stories.printings([address("1")], desk.now + HOUR))
    assert (found.original.since, *told(found.copies[0])) == (ChangeKind.RESTORED, None, None)


def test_of_two_found_at_one_moment_the_same_is_first_whoever_asks() -> None:
    one, other = printing("a"), printing("b")
    assert line(one, other).original.site == line(other, one).original.site == "a"
