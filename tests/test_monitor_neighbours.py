"""What the other pages of a site say of one: a notice in every article's place, an article moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from drain_desk import EDITED, HOUR, OTHER, SITES, START, STORY, TEXT, Desk, address, numbered, story

from monitor.compare.drain import Drain
from monitor.compare.neighbours import is_displaced, is_one_article
from storage.records import Article, Change, ChangeKind, china_day

NOW_SHOWN = story("本平台由大数据中心统一提供,请从左侧选择您要办理的事项。", title="云上政务服务台", template="d" * 192)


SAME_FRAME = replace(NOW_SHOWN, template="a" * 192)


def publish(desk: Desk, pages: int, first: int = 0) -> None:
    for number in range(first, first + pages):
        desk.visit(numbered(number, "a"), page=str(number))
    desk.drain()


def test_one_text_in_every_article_s_place_is_no_edit_and_no_redesign(desk: Desk) -> None:
    publish(desk, 6)
    for number in range(6):
        desk.visit(replace(NOW_SHOWN, published_at=f"2026-11-20T09:0{number}:00+08:00"), page=str(number))
    drain = Drain(desk.archive, SITES, lambda: desk.now)
    assert list(drain.changes()) == []
    assert drain.troubled == {"yunxi": 6}
    for number in range(5):
        desk.visit(numbered(number, "a"), page=str(number))
    last = numbered(5, "a")
    desk.visit(replace(last, canonical=(*last.canonical, "文末更正:开幕时间为上午九时。")), page="5")
    (edited,) = desk.drain()
    assert (edited.kind, edited.url, edited.paragraphs_added) == (ChangeKind.EDITED, address("5"), 1)


@pytest.mark.parametrize(("shown", "note"), [(3, "3 个页面换成同一内容,疑为网站故障"), (2, None)])
def test_health_says_that_pages_became_one_text(desk: Desk, shown: int, note: str | None) -> None:
    desk.archive.running.announce({"yunxi": "云溪"})
    publish(desk, 6)
    desk.now = START + timedelta(days=1)
    for number in range(shown):
        desk.visit(NOW_SHOWN, page=str(number))
    day = china_day(desk.now)
    assert [site.note for site in desk.archive.running.health(day, desk.now)] == [note]
    assert desk.archive.running.health(day - timedelta(days=1), desk.now)[0].note is None


def test_a_page_that_is_gone_is_not_called_back_by_such_a_text(desk: Desk) -> None:
    publish(desk, 3)
    desk.gone(page="0", by_hand=True)
    desk.drain()
    for number in range(3):
        desk.visit(NOW_SHOWN, page=str(number))
    assert desk.drain() == []


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param([SAME_FRAME, SAME_FRAME], id="two that became one text"),
        pytest.param([replace(SAME_FRAME, title=f"第{n}号通报") for n in range(3)], id="headlines that stand"),
        pytest.param([story(*numbered(n, "a").canonical[:1], *NOW_SHOWN.canonical, title="云上") for n in range(3)],
                     id="a paragraph that stands"),
        pytest.param([story(f"本期刊登第{n * 7919}号决定,涉及{n}17户。", title=f"决定{n}") for n in range(3)],
                     id="stories truly rewritten"),
    ],
)  # fmt: skip
def test_edits_of_several_pages_are_told(desk: Desk, shown: Sequence[Article]) -> None:
    publish(desk, len(shown))
    for number, article in enumerate(shown):
        desk.visit(article, page=str(number))
    assert [change.kind for change in desk.drain()] == [ChangeKind.EDITED] * len(shown)


def test_a_reprint_that_three_pages_had_from_the_start_is_edited_like_any_other(desk: Desk) -> None:
    for _ in range(2):
        for number in range(3):
            desk.visit(page=str(number))
    desk.drain()
    desk.visit(EDITED, page="1")
    assert desk.kinds() == ["edited"]


def told_of(changes: Sequence[Change]) -> list[tuple[str, str, str | None]]:
    return sorted((change.kind.value, change.url.rpartition("/")[2], change.how) for change in changes)


@pytest.mark.parametrize("there", [STORY, EDITED])
@pytest.mark.parametrize("first", ["new", "old"])
def test_an_article_that_stands_at_a_new_address_as_the_old_one_is_gone_moved(
    desk: Desk, there: Article, first: str
) -> None:
    desk.visit()
    publish(desk, 3, first=30)
    steps = [lambda: desk.visit(there, page="8"), lambda: desk.gone(by_hand=True)]
    for step in steps if first == "new" else steps[::-1]:
        step()
    changes = desk.drain()
    expected = [("moved", "1.html", "404")] + ([("edited", "8.html", None)] if there is EDITED else [])
    assert told_of(changes) == sorted(expected)
    moved = next(change for change in changes if change.kind is ChangeKind.MOVED)
    assert moved.evidence["to"] == address("8")
    assert desk.drain() == []


def test_a_new_address_waits_until_the_old_one_is_gone_for_certain(desk: Desk) -> None:
    desk.visit()
    desk.drain()
    desk.visit(page="8")
    assert desk.drain() == []
    desk.gone()
    assert list(Drain(desk.archive, SITES, lambda: desk.now, holds=False).changes()) == []
    desk.gone(after=2 * HOUR)
    assert told_of(desk.drain()) == [("moved", "1.html", "404")]


def test_a_new_address_is_a_second_copy_once_the_old_one_is_back(desk: Desk) -> None:
    desk.visit()
    desk.drain()
    desk.visit(page="8")
    desk.gone()
    desk.drain()
    desk.visit()
    (new,) = desk.drain()
    assert (new.kind, new.url, new.reprint_of) == (ChangeKind.NEW, address("8"), address("1"))


def test_a_copy_that_stood_beside_an_article_is_no_new_address_of_it(desk: Desk) -> None:
    desk.visit()
    desk.visit(page="8", run="r1")
    desk.drain()
    desk.visit()
    desk.drain()
    desk.gone(by_hand=True)
    assert told_of(desk.drain()) == [("removed", "1.html", "404")]


def test_a_copy_that_was_found_while_an_article_stood_is_no_new_address_of_it(desk: Desk) -> None:
    desk.visit()
    desk.drain()
    desk.visit(page="8")
    desk.visit()
    desk.gone(by_hand=True)
    assert told_of(desk.drain()) == [("new", "8.html", None), ("removed", "1.html", "404")]


def test_the_next_of_a_series_is_no_new_address_of_the_one_before(desk: Desk) -> None:
    def report(day: int) -> Article:
        text = f"11月{day}日,全市空气质量指数为{day * 3},首要污染物浓度{day * 7}微克,优良天数累计{day + 280}天。"
        return story(text, f"预计明日指数在{day + 40}至{day + 65}之间。", title="全市空气质量日报")

    desk.visit(report(12))
    desk.drain()
    desk.visit(report(13), page="8")
    desk.gone(by_hand=True)
    assert told_of(desk.drain()) == [("new", "8.html", None), ("removed", "1.html", "404")]


def test_a_site_that_moves_as_a_whole_has_moved_and_is_not_in_trouble(desk: Desk) -> None:
    publish(desk, 6)
    for number in range(6):
        desk.visit(numbered(number, "a"), page=str(number + 20))
        desk.gone(page=str(number), by_hand=True)
    assert desk.kinds() == ["moved"] * 6


def test_what_is_one_article_and_what_is_displaced() -> None:
    title = ("供暖", "供水")
    one, other = story(title=title[0]), story(title=title[1])
    assert is_one_article(one, other)
    assert is_one_article(one, replace(EDITED, title=title[0]))
    assert not is_one_article(one, replace(EDITED, title=title[1]))
    assert not is_one_article(one, story(*OTHER, title=title[0]))
    assert is_displaced(one, story(*OTHER, title=title[1]))
    assert not is_displaced(one, story(*OTHER, title=title[0]))
    assert not is_displaced(one, story(TEXT[0], *OTHER, title=title[1]))
