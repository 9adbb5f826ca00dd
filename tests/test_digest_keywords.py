"""Words that a day used unusually often."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest.keywords import THRESHOLD, Keyword, surprise, unusual

COMMON = "全市会议指出，要加强工作。"


def nominate(texts: Sequence[str], limit: int) -> list[tuple[str, float]]:
    """A stand-in for the keyword extractor: words between spaces and stops, the most frequent first."""
    counts = Counter(word for text in texts for word in re.split(r"[\s，。]+", text) if len(word) > 1)
    return [(word, float(number)) for word, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))][
        :limit
    ]


def words(told: Sequence[Keyword]) -> list[str]:
    return [keyword.word for keyword in told]


def test_what_is_frequent_every_day_is_not_told() -> None:
    today = [f"{COMMON} 进博会" for _ in range(4)] + [COMMON] * 16
    before = [COMMON] * 600
    assert unusual(today, before, nominate) == (Keyword("进博会", 20.0, 0.0),)


def test_more_unusual_words_come_first_and_usual_shares_are_told() -> None:
    today = ["台风 台风 登陆"] * 6 + ["台风"] * 2 + ["银杏 防汛"] * 5 + ["防汛"] * 7
    before = ["防汛"] * 150 + ["银杏"] * 10 + ["其他"] * 440
    told = unusual(today, before, nominate)
    assert told == (
        Keyword("台风", 40.0, 0.0),
        Keyword("登陆", 30.0, 0.0),
        Keyword("银杏", 25.0, 1.7),
        Keyword("防汛", 60.0, 25.0),
    )


def test_one_long_article_does_not_make_the_day() -> None:
    today = ["油茶 " * 200] + ["台风"] * 2 + ["其他"]
    assert surprise(1, 4, 0, 300) > THRESHOLD
    assert words(unusual(today, ["其他"] * 300, nominate)) == ["台风"]


def test_word_as_common_as_ever_is_not_told_and_less_common_neither() -> None:
    today = ["会议"] * 10 + ["培训"] * 2 + ["其他"] * 8
    before = ["会议"] * 300 + ["培训"] * 100 + ["其他"] * 200
    assert unusual(today, before, nominate) == ()


def test_part_of_a_word_in_the_same_texts_is_not_told_again() -> None:
    today = ["进博会 进博"] * 4 + ["银杏 银杏节"] * 3 + ["银杏"] * 3 + ["其他"] * 10
    told = words(unusual(today, ["其他"] * 300, nominate))
    assert "进博" not in told or "进博会" not in told
    assert {"银杏", "银杏节"} <= set(told)


def test_first_day_has_no_past_and_keeps_the_extractors_order() -> None:
    today = ["银杏 台风"] * 2 + ["台风"] * 3
    assert unusual(today, [], nominate) == (Keyword("台风", 100.0, 0.0), Keyword("银杏", 40.0, 0.0))


def test_day_of_one_text_tells_its_words() -> None:
    assert words(unusual(["台风 登陆"], ["其他"] * 300, nominate)) == ["台风", "登陆"]


def test_day_without_texts_has_no_words() -> None:
    assert unusual([], ["其他"], nominate) == ()


def test_limit_is_kept() -> None:
    today = [" ".join(f"词{n}号" for n in range(30))] * 5
    assert len(unusual(today, ["其他"] * 300, nominate, limit=7)) <= 7


TEXTS = st.integers(1, 500)


@given(st.data(), TEXTS, TEXTS)
def test_surprise_grows_with_todays_texts_and_shrinks_with_the_past(data: st.DataObject, texts: int, past: int) -> None:
    said = data.draw(st.integers(0, texts))
    before = data.draw(st.integers(0, past))
    here = surprise(said, texts, before, past)
    assert (here > 0) == (said * past > before * texts) or here == pytest.approx(0, abs=1e-5)
    if said < texts:
        assert surprise(said + 1, texts, before, past) > here
    if before < past:
        assert surprise(said, texts, before + 1, past) < here


def test_twice_on_a_small_day_does_not_outrank_a_third_of_a_large_one() -> None:
    assert 0 < surprise(2, 6, 0, 3000) < surprise(60, 180, 30, 3000)


@pytest.mark.parametrize("counts", [(3, 5, 0, 0), (0, 5, 0, 7), (5, 5, 7, 7), (0, 0, 2, 5)])
def test_nothing_to_tell_apart_is_no_surprise(counts: tuple[int, int, int, int]) -> None:
    assert surprise(*counts) == 0.0


def test_a_broken_word_is_made_whole_and_a_scrap_is_left_out() -> None:
    texts = [
        "梧岗区开会,由市长主持,投资万元,望汐区岗位紧缺。",
        "到梧岗区,由市里出资几万元,新增岗位两个。",
        "今天梧岗区的雨停了,由市民投票,每人万元,公益岗位开放。",
        "在梧岗区。由市委牵头,补贴万元;岗位津贴照发。",
    ]
    said = [(word, 1.0) for word in ("岗区", "由市", "万元", "岗位")]
    found = unusual(texts, [], lambda _texts, _limit: said)
    assert [keyword.word for keyword in found] == ["梧岗区", "岗位"]
