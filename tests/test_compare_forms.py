"""Figures and dates in all their forms: told whole, told where they became another, and not where only the form did."""

from __future__ import annotations

from datetime import date

import pytest
from compare_sample import article
from hypothesis import given
from hypothesis import strategies as st

from monitor.compare.difference import honest_difference
from monitor.compare.facts import tokens
from monitor.compare.forms import value_of
from storage.records import Facts


def facts(before: str, after: str) -> Facts:
    told = honest_difference(article(before), article(after))
    assert told is not None
    return told.facts


@pytest.mark.parametrize(
    ("before", "after", "pair"),
    [
        ("投入资金叁佰贰拾万元整。", "投入资金叁佰伍拾万元整。", ("叁佰贰拾万元整", "叁佰伍拾万元整")),
        ("同比增长-3.5%。", "同比增长3.5%。", ("-3.5%", "3.5%")),
        ("气温15-20摄氏度。", "气温-15-20摄氏度。", ("15-20摄氏度", "-15-20摄氏度")),
        ("比分为3:2。", "比分为3:1。", ("3:2", "3:1")),
        ("获得一等奖。", "获得二等奖。", ("一等", "二等")),
        ("同比增长3.5个百分点。", "同比下降3.5个百分点。", ("增长3.5个百分点", "下降3.5个百分点")),
        ("最高气温零上5度。", "最高气温零下5度。", ("零上5度", "零下5度")),
    ],
)
def test_figures_that_became_others(before: str, after: str, pair: tuple[str, str]) -> None:
    assert facts(before, after) == Facts(numbers=(pair,))


@pytest.mark.parametrize(
    ("before", "after", "pair"),
    [
        ("上午九点半开会。", "上午十点半开会。", ("上午九点半", "上午十点半")),
        ("十时三十分开会。", "十时四十分开会。", ("十时三十分", "十时四十分")),
        ("周一至周五开放。", "周一至周六开放。", ("周五", "周六")),
        ("下周一召开。", "下周二召开。", ("下周一", "下周二")),
        ("十三五期间建成。", "十四五期间建成。", ("十三五", "十四五")),
        ("2021-04-25召开会议。", "2021年4月26日召开会议。", ("2021-04-25", "2021年4月26日")),
    ],
)
def test_dates_that_became_others(before: str, after: str, pair: tuple[str, str]) -> None:
    assert facts(before, after) == Facts(dates=(pair,))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("二〇二一年四月二十五日召开会议。", "2021年4月25日召开会议。"),
        ("2021-04-05召开会议。", "2021年4月5日召开会议。"),
        ("全市共有1234人参加。", "全市共有一千二百三十四人参加。"),
        ("收取费用1,200元。", "收取费用1200元。"),
        ("增长百分之五。", "增长5%。"),
        ("第十二条规定。", "第12条规定。"),
        ("投资12.0亿元。", "投资12亿元。"),
        ("就业4.2万人。", "就业42,000人。"),
        ("投资12000万元。", "投资1.2亿元。"),
        ("浓度PM2.5下降。", "浓度PM10下降。"),
        ("举办G20峰会。", "举办G7峰会。"),
    ],
)
def test_an_edit_without_another_figure_touches_none(before: str, after: str) -> None:
    assert facts(before, after) == Facts()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("5月1日-5日", ["5月1日", "5日"]),
        ("每周一次", ["一次"]),
        ("有一点建议", []),
        ("附件1:12月份", ["1", "12月份"]),
        ("第二期间", ["第二"]),
        ("伍某出席", []),
    ],
)
def test_near_misses_are_cut_as_before(text: str, kinds: list[str]) -> None:
    assert [token.text for token in tokens(text) if token.kind.value in ("number", "date")] == kinds


@pytest.mark.parametrize(
    ("before", "after", "pair"),
    [
        ("王建国、李明、张伟等参加。", "王建国、李明、张强等参加。", ("张伟", "张强")),
        ("王建国、李明、张伟等参加。", "王建国、张伟等参加。", ("李明", "")),
        ("王建国、李明、张伟等参加。", "王建国、李明、赵敏、张伟等参加。", ("", "赵敏")),
        ("市委副书记、市长王建国讲话。", "市委书记王建国讲话。", ("市委副书记、市长王建国", "市委书记王建国")),
    ],
)
def test_names_in_lists_and_double_posts(before: str, after: str, pair: tuple[str, str]) -> None:
    assert facts(before, after) == Facts(people=(pair,))


def test_what_leaves_a_list_of_things_is_nobody() -> None:
    assert facts("包括苹果、高粱、大米等。", "包括苹果、大米等。") == Facts()


@pytest.mark.parametrize("row", ["市委组织开展学习" * 6000, "十" * 20_000, "a" * 40_000, "1" * 40_000])
def test_a_row_without_end_is_cut_in_proportion(row: str) -> None:
    assert "".join(token.text for token in tokens(row)) == row


_HAN = "〇一二三四五六七八九"


def in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else _HAN[tens]) + "十" if tens else "") + (_HAN[ones] if ones else "")


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2039, 12, 31)))
def test_a_day_is_one_however_it_is_written(day: date) -> None:
    year = "".join(_HAN[int(digit)] for digit in str(day.year))
    forms = [
        day.isoformat(),
        f"{day:%Y.%m.%d}",
        f"{day:%Y/%m/%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}年{day:%m}月{day:%d}号",
        f"{year}年{in_words(day.month)}月{in_words(day.day)}日",
    ]
    assert len({*map(value_of, forms)}) == 1


@given(st.text("〇零一二两十百千万亿壹拾佰分之点年月日号0123456789,.-%:第", max_size=12))
def test_a_value_can_be_asked_of_anything(text: str) -> None:
    assert isinstance(value_of(text), str)
