"""Rows that differ are matched within bounds, and what lies between the blocks is always equal."""

from __future__ import annotations

import random
import time

import pytest
from compare_sample import OATH, article
from hypothesis import given
from hypothesis import strategies as st

from monitor.compare import matching
from monitor.compare.difference import difference
from monitor.compare.matching import Block, differing
from monitor.compare.signs import signs_of

rows = st.lists(st.sampled_from("甲乙丙丁戊"), max_size=40)


def apart(old: list[str], new: list[str], blocks: list[Block]) -> tuple[list[str], list[str]]:
    """What is left of both rows when the blocks are taken out."""
    gone = {at for i1, i2, _, _ in blocks for at in range(i1, i2)}
    come = {at for _, _, j1, j2 in blocks for at in range(j1, j2)}
    return [x for at, x in enumerate(old) if at not in gone], [x for at, x in enumerate(new) if at not in come]


@pytest.mark.parametrize("most", [0, 30, matching._MOST_PAIRS])
@given(old=rows, new=rows)
def test_what_is_left_is_the_same(most: int, old: list[str], new: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_MOST_PAIRS", most)
        blocks = differing(old, new)
    left, right = apart(old, new, blocks)
    assert left == right
    assert blocks == sorted(blocks)
    assert all(i1 < i2 or j1 < j2 for i1, i2, j1, j2 in blocks)


def test_two_small_edits_far_apart_stay_two_on_a_row_too_long_to_be_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_MOST_PAIRS", 100)
    chance = random.Random(1)
    old = [chance.choice("甲乙丙丁戊己庚辛") for _ in range(4000)]
    new = [*old[:100], "新", *old[100:3000], "旧", *old[3001:]]
    assert differing(old, new) == [(100, 100, 100, 101), (3000, 3001, 3001, 3002)]


def test_a_table_that_says_one_thing_over_and_over_is_matched_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_MOST_PAIRS", 100)
    old, new = ["空"] * 200, ["空"] * 200
    new[7] = new[8] = new[90] = "满"
    assert differing(old, new) == [(7, 9, 7, 9), (90, 91, 90, 91)]


def seconds(*sides: list[str]) -> float:
    old, new = (article(*side) for side in sides)
    began = time.process_time()
    assert difference(old, new) is not None
    return time.process_time() - began


def test_big_pages_are_compared_in_seconds() -> None:
    chance = random.Random(1)
    words = "市委组织开展学习教育活动会议要求认真落实工作重点项目建设水火经济社会发展民生改善环境保护产业园区"
    line = "".join(chance.choice(words) for _ in range(40_000))
    assert seconds([line], [line[:20_000] + "新" + line[20_000:]]) < 8
    rows = ["同样的一行字。"] * 3000
    assert seconds(rows, [row if at % 2 else "另一行字。" for at, row in enumerate(rows)]) < 8


def test_a_paragraph_of_spam_is_found_among_what_was_mended() -> None:
    spam = "网上投注平台开户送彩金,时时彩官网,北京赛车投注,娱乐城注册送彩金,加微信abc88888。"
    mended = OATH[0].replace("100名", "101名")
    signs = {sign.name for sign in signs_of(article(*OATH), article(mended, spam, *OATH[1:]), frozenset())}
    assert signs == {"paragraphs"}
    assert not list(signs_of(article(*OATH), article(mended, *OATH[1:]), frozenset()))
