"""A page known to be as it was without being read: what moves may move, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.calm import (
    LONGEST_CALM,
    MOST_PLACES,
    calm_of,
    carried,
    is_calm,
    is_restless,
    learn_calm,
    part,
    seen_again,
)
from crawler.extraction.read import read_page
from crawler.finding import fingerprint
from storage.calm import Calm
from storage.records import Role

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
TEXT = (
    "11月20日,市住建局通报供暖管网改造进度,共改造老旧管网36公里,惠及居民4156户,较去年同期增加一成。",
    "市住建局负责人介绍,剩余路段将在12月10日前完工,施工期间周边公交线路作相应调整,请市民留意站牌公告。",
    "下一步,各街道将组织人员逐户回访,对室温不达标的住户登记造册,由供热企业限期整改。",
)
NAMES = ("河道整治工程通过验收", "冬季招聘会周末举行", "图书馆延长开放时间", "老旧小区加装电梯", "校园周边集中整治")


def page(text: tuple[str, ...] = TEXT, *, hits: int = 4156, dice: int = 1, planted: str = "", extra: str = "") -> bytes:
    """A city page: a clock, a counter beside the date, a rank that is dealt anew at each visit."""
    drawn = Random(dice)
    rank = "".join(
        f'<li><a href="/xw/{drawn.randint(10, 99)}.html" title="{name}">{name}</a></li>\n'
        for name in drawn.sample(NAMES, 3)
    )
    said = "\n".join(f"<p>{paragraph}</p>" for paragraph in text)
    return (
        '<html><head><meta charset="utf-8"><title>供暖管网改造提速_云溪市人民政府</title></head><body>\n'
        f'<div class="top"><span id="clock">今天是 2026年11月{drawn.randint(10, 28)}日'
        f" 星期{drawn.choice('一二三四五六')}</span>"
        '<a href="/">首页</a><a href="/xw/">新闻</a></div>\n'
        '<div class="content"><h1>供暖管网改造提速</h1>\n<p class="info">发布时间:2026-11-20 来源:云溪日报 '
        f'浏览次数:<b id="hits">{hits}</b></p>\n<div class="text">\n{said}\n</div></div>\n{extra}'
        f'<div class="side"><h3>热点排行榜单</h3><ul>\n{rank}{planted}</ul></div>\n'
        '<div class="foot">主办:云溪市人民政府办公室 备案号 0000001</div></body></html>'
    ).encode()


def said(body: bytes) -> str:
    return fingerprint(read_page(body, role=Role.ARTICLE))


def same_as(body: bytes) -> Callable[[bytes], bool]:
    return lambda other: said(other) == said(body)


def taught() -> Calm:
    """What three visits teach of the page."""
    first, second, third = page(hits=1, dice=1), page(hits=27, dice=2), page(hits=410, dice=3)
    calm = learn_calm(first, second, calm_of(second, "5", 1, NOW), same_as(second))
    again = seen_again(third, calm, calm_of(third, "5", 1, NOW))
    return again or learn_calm(first, third, calm_of(third, "5", 1, NOW), same_as(third), calm.places)


CALM = taught()


def is_known(body: bytes, now: datetime = NOW) -> bool:
    return is_calm(body, CALM, "5", 1, now)


@given(st.integers(0, 99_999), st.integers(4, 400))
def test_what_moves_may_move(hits: int, dice: int) -> None:
    assert is_known(page(hits=hits, dice=dice))


@given(st.integers(0, len("".join(TEXT)) - 1), st.sampled_from("七9甲。 "), st.integers(1, 50))
def test_no_character_of_the_text_may(at: int, sign: str, dice: int) -> None:
    whole = "\n".join(TEXT)
    other = tuple((whole[:at] + sign + whole[at + 1 :]).split("\n"))
    assert is_known(page(other, dice=dice)) is (other == TEXT)


@pytest.mark.parametrize(
    "other",
    [
        page((*TEXT[:2], TEXT[2], "特此公告。")),
        page(TEXT[:2]),
        page((TEXT[1], TEXT[0], TEXT[2])),
        page().replace("发布时间:2026-11-20".encode(), "发布时间:2026-11-21".encode()),
        page().replace("供暖管网改造提速</h1>".encode(), "供暖管网改造暂停</h1>".encode()),
        page().replace(b"</head>", b'<meta http-equiv="refresh" content="0;url=//bc77.example"></head>'),
        page(extra="<p>更正:本文有误。</p>"),
    ],
    ids=["added", "dropped", "moved", "redated", "retitled", "redirecting", "behind the text"],
)
def test_nor_may_anything_else_outside_of_the_places(other: bytes) -> None:
    assert not is_known(other)


@pytest.mark.parametrize(
    "planted",
    [
        '<li><a href="https://bc77.example/" title="娱乐城">娱乐城</a></li>',
        '<li><a href="//bc77.example/" title="娱乐城">娱乐城</a></li>',
        "<script>location='/x'</script>",
        '<li style="display:none"><a href="/xw/11.html" title="娱乐城">娱乐城</a></li>',
        '<li><a href="/xw/11.html" title="甲">' + "市住建局负责人介绍剩余路段将在月底前完工" * 5 + "</a></li>",
        '<li><a href="/xw/11.html" title="甲">甲</a></li>\n' * 9,
    ],
    ids=["a stranger's host", "the same without scheme", "script", "a style", "a paragraph", "many more"],
)
def test_nor_may_anything_of_another_kind_stand_in_a_place(planted: str) -> None:
    assert not is_known(page(dice=7, planted=planted))
    assert is_known(page(dice=7))


def test_after_a_week_another_reading_or_another_version_it_is_read() -> None:
    assert is_known(page(), NOW + LONGEST_CALM - timedelta(seconds=1))
    assert not is_known(page(), NOW + LONGEST_CALM)
    assert not is_calm(page(), CALM, "5+lesson", 1, NOW)
    assert not is_calm(page(), CALM, "5", 2, NOW)
    assert not is_calm(page(), None, "5", 1, NOW)


def test_a_page_without_moving_parts_is_known_by_all_of_its_bytes() -> None:
    calm = calm_of(page(), "5", 1, NOW)
    assert is_calm(page(), calm, "5", 1, NOW)
    assert not is_calm(page(hits=4157), calm, "5", 1, NOW)
    assert learn_calm(page(), page(), calm, same_as(page())) == calm


def test_where_what_moves_is_said_no_place_is_learned_and_it_is_not_tried_at_each_visit() -> None:
    """A figure of the text that moves at every visit is an edit each time; nothing may hide it."""
    one, other = page(TEXT), page((TEXT[0].replace("4156", "4157"), *TEXT[1:]))
    calm = learn_calm(one, other, calm_of(other, "5", 1, NOW), same_as(other))
    assert not calm.rest
    assert is_restless(calm, "5", 1, NOW)
    assert not is_restless(calm, "5", 1, NOW + LONGEST_CALM)
    assert not is_restless(calm, "5", 2, NOW)
    assert not is_calm(other, calm, "5", 1, NOW)


def test_where_most_of_a_page_moves_or_in_too_many_places_none_is_learned() -> None:
    def filled(dice: int, parts: int) -> bytes:
        drawn = Random(dice)
        stable = "stable-words-that-part-one-place-from-another"
        moving = (f'<p class="{stable}-{number:04}">{drawn.random()}</p>\n' for number in range(parts))
        return page(extra="<!-- -->" + "".join(moving))

    for parts, learned in ((3, True), (MOST_PLACES + 5, False)):
        one, other = filled(1, parts), filled(2, parts)
        calm = learn_calm(one, other, calm_of(other, "5", 1, NOW), lambda _: True)
        assert bool(calm.rest) is learned
    assert not learn_calm(page(), b"<html>" + b"x" * 9000, calm_of(b"", "5", 1, NOW), lambda _: True).rest


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_whatever_two_bodies_are_the_second_is_known_again_or_nothing_is(old: bytes, new: bytes) -> None:
    calm = learn_calm(old, new, calm_of(new, "5", 1, NOW), lambda _: True)
    assert is_calm(new, calm, "5", 1, NOW) is bool(calm.rest)
    if calm.places and (parted := part(new, calm.places)) is not None:
        assert b"".join(a + b for a, b in zip(parted.rest, (*parted.inside, b""), strict=True)) == new


def counted(hits: str, day: str = "20") -> bytes:
    """A page whose counter stands on the line of its date."""
    line = f'<p class="info">2026/11/{day}　来源：云溪日报　点击数：{hits}　字体：大 中 小</p>'
    return page().replace(b'<div class="text">', f'{line}<div class="text">'.encode())


def test_a_counter_on_the_line_of_the_date_moves_and_the_date_beside_it_does_not() -> None:
    one, other = counted("1633"), counted("1639")
    calm = learn_calm(one, other, calm_of(other, "5", 1, NOW), same_as(other))
    assert [place.kinds for place in calm.places] == [frozenset()]
    assert is_calm(counted("20412"), calm, "5", 1, NOW)
    assert not is_calm(counted("1640", day="21"), calm, "5", 1, NOW)
    assert not is_calm(counted("1640次 本文有误"), calm, "5", 1, NOW)


def test_places_hold_for_another_text_only_where_nothing_is_said_in_them() -> None:
    edited = page((*TEXT[:2], TEXT[2], "特此公告。"), hits=77, dice=9)
    plain = calm_of(edited, "5", 2, NOW)
    again = carried(edited, CALM, plain, same_as(edited))
    assert again is not None
    assert is_calm(page((*TEXT[:2], TEXT[2], "特此公告。"), hits=78, dice=10), again, "5", 2, NOW)
    assert not is_calm(page(hits=78, dice=10), again, "5", 2, NOW)
    assert carried(edited, CALM, plain, lambda _: False) is None
    assert carried(edited, plain, plain, same_as(edited)) is None
