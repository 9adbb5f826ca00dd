"""Charts: drawn to scale, told in words, and nothing of a page's becomes markup in them."""

from __future__ import annotations

import re

import pytest
from digest_sample import DAY, change, digest_of, empty_day, small_day
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from markupsafe import Markup

from monitor.charts import Bar, Piece, bar, columns, spark
from monitor.digest import pictures
from storage.browsing import DayCount
from storage.records import ChangeKind

SVG = etree.XMLParser(no_network=True, resolve_entities=False)


def drawn(chart: Markup) -> etree._Element:
    return etree.fromstring(str(chart), SVG)


def heights(chart: Markup) -> list[list[float]]:
    """The heights of each column's pieces, from the ground up."""
    pieces = [group.findall("rect") for group in drawn(chart).findall("g")]
    return [[float(piece.get("height", "")) for piece in found if piece.get("class") != "ground"] for found in pieces]


def test_columns_are_drawn_to_the_highest() -> None:
    chart = columns("c", [Bar((Piece("new", 3), Piece("removed", 1))), Bar((Piece("new", 8),)), Bar(())], "题", "文")
    assert heights(chart) == [[18.0, 6.0], [48.0], []]


def test_what_is_little_can_still_be_seen() -> None:
    chart = columns("c", [Bar((Piece("removed", 1), Piece("new", 4000)))], "题", "文")
    assert min(heights(chart)[0]) >= 1.0


def test_a_chart_says_in_words_what_it_shows() -> None:
    chart = drawn(columns("days", [Bar((Piece("new", 3),), "11月22日：3 件")], "三十天变动", "最多 3 件", now=0))
    assert chart.get("role") == "img"
    told = [chart.find(f"*[@id='{name}']").text for name in chart.get("aria-labelledby", "").split()]
    assert told == ["三十天变动", "最多 3 件"]
    assert chart.find("g/title").text == "11月22日：3 件"
    assert chart.find("g").get("class") == "now"


def test_a_bar_is_drawn_to_the_scale_it_is_given() -> None:
    pieces = drawn(bar("b", [Piece("new", 10), Piece("edited", 5)], 20, "甲", "乙")).findall("rect")[1:]
    assert [(piece.get("class"), piece.get("x"), piece.get("width")) for piece in pieces] == [
        ("k-new", None, "50"),
        ("k-edited", "50", "25"),
    ]


def test_a_line_ends_where_its_last_value_stands() -> None:
    chart = drawn(spark("s", [0, 4, 2], "甲"))
    assert chart.find("polyline").get("points") == "0,15 3,2 6,8.5"
    assert (chart.find("circle").get("cx"), chart.find("circle").get("cy")) == ("6", "8.5")
    assert spark("s", [], "甲") == ""


@given(st.lists(st.lists(st.integers(0, 10**6), max_size=5), max_size=31), st.text(max_size=20))
def test_any_figures_and_any_words_make_a_whole_chart(values: list[list[int]], text: str) -> None:
    text = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "", text)
    bars = [Bar(tuple(Piece("new", number) for number in column), text) for column in values]
    chart = drawn(columns("c", bars, text, text))
    assert {element.tag for element in chart.iter()} <= {"svg", "title", "desc", "g", "rect"}
    assert chart.find("title").text == (text or None)
    assert all(sum(column) < 48.1 + len(column) for column in heights(columns("c", bars, text, text)))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><image href=x>', "]]>", "&lt;b&gt;"])
def test_words_stay_words(text: str) -> None:
    for chart in (columns("c", [Bar((), text)], text, text), bar("b", [], 1, text, text), spark("s", [1, 2], text)):
        assert drawn(chart).find("title").text == text


def test_the_month_is_drawn_with_its_empty_days() -> None:
    days = pictures.span(DAY, (DayCount(DAY, {ChangeKind.NEW: 2}),))
    assert (len(days), days[-1].total, days[0].total) == (30, 2, 0)
    chart = pictures.days_chart(small_day(), "zh")
    assert chart is not None
    assert (len(drawn(chart.drawn).findall("g")), chart.most) == (30, 15)
    assert chart.foot == ("10月24日", "11月8日", "11月22日")


def test_a_day_without_a_past_or_without_hours_is_not_drawn() -> None:
    assert pictures.days_chart(empty_day(), "zh") is None
    assert pictures.site_sparks(empty_day(), "zh") == {}
    assert pictures.hours_chart(digest_of((change("yunxi", "1", ChangeKind.NEW, 9),)), "zh") is None


def test_hours_are_china_s() -> None:
    told = (change("yunxi", "1", ChangeKind.NEW, 0), change("yunxi", "2", ChangeKind.NEW, 23, "乙"))
    chart = pictures.hours_chart(digest_of(told), "zh")
    assert chart is not None
    assert [hour for hour, column in enumerate(heights(chart.drawn)) if column] == [0, 23]


def test_every_site_of_the_day_has_its_bar() -> None:
    digest = small_day()
    bars = pictures.site_bars(digest, "zh")
    assert list(bars) == [tally.site for tally in digest.tallies]
    widest = [float(piece.get("x", "0")) + float(piece.get("width", "0")) for piece in drawn(bars["lanqiao"])[3:]]
    assert max(widest) == pytest.approx(100, abs=0.1)
