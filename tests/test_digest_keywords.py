"""Words that a day used unusually often."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest.keywords import KNOWN_DAYS, THRESHOLD, Counts, Keyword, counted, surprise, together, unusual

COMMON = "全市会议指出，要加强工作。"


class Spaced:
    """A stand-in for the cutter: words between spaces and stops, each of which can say what a day was about."""

    def said(self, text: str) -> frozenset[str]:
        return frozenset(word for word in re.split(r"[\s，。]+", text) if len(word) > 1)

    def names_something(self, word: str) -> bool:
        return word != "进一步"


CUT = Spaced()


def before(texts: Sequence[str]) -> Counts:
    return counted(map(CUT.said, texts))


def told_of(today: Sequence[str], earlier: Sequence[str], limit: int = 12) -> tuple[Keyword, ...]:
    return unusual(today, before(earlier), CUT, len, limit)


def words(told: Sequence[Keyword]) -> list[str]:
    return [keyword.word for keyword in told]


def test_what_is_frequent_every_day_is_not_told() -> None:
    today = [f"{COMMON} 进博会" for _ in range(4)] + [COMMON] * 16
    earlier = [COMMON] * 600
    assert told_of(today, earlier) == (Keyword("进博会", 20.0, 0.0, 4, days=1),)


def test_more_unusual_words_come_first_and_usual_shares_are_told() -> None:
    today = ["台风 台风 登陆"] * 6 + ["台风"] * 2 + ["银杏 防汛"] * 5 + ["防汛"] * 7
    earlier = ["防汛"] * 150 + ["银杏"] * 10 + ["其他"] * 440
    told = told_of(today, earlier)
    assert told == (
        Keyword("台风", 40.0, 0.0, 8, days=1),
        Keyword("登陆", 30.0, 0.0, 6, days=1),
        Keyword("银杏", 25.0, 1.7, 5, days=1),
        Keyword("防汛", 60.0, 25.0, 12, days=1),
    )


def test_one_long_article_does_not_make_the_day() -> None:
    today = ["油茶 " * 200] + ["台风"] * 2 + ["其他"]
    assert surprise(1, 4, 0, 300) > THRESHOLD
    assert words(told_of(today, ["其他"] * 300)) == ["台风"]


def test_word_as_common_as_ever_is_not_told_and_less_common_neither() -> None:
    today = ["会议"] * 10 + ["培训"] * 2 + ["其他"] * 8
    earlier = ["会议"] * 300 + ["培训"] * 100 + ["其他"] * 200
    assert told_of(today, earlier) == ()


def test_part_of_a_word_in_the_same_texts_is_not_told_again() -> None:
    today = ["进博会 进博"] * 4 + ["银杏 银杏节"] * 3 + ["银杏"] * 3 + ["其他"] * 10
    told = words(told_of(today, ["其他"] * 300))
    assert "进博" not in told or "进博会" not in told
    assert {"银杏", "银杏节"} <= set(told)


def test_first_day_has_no_past_and_keeps_the_extractors_order() -> None:
    today = ["银杏 台风"] * 2 + ["台风"] * 3
    first = (Keyword("台风", 100.0, 0.0, 5, days=0), Keyword("银杏", 40.0, 0.0, 2, days=0))
    assert told_of(today, []) == first


def test_what_one_text_alone_says_is_no_talk() -> None:
    assert words(told_of(["台风 登陆"], ["其他"] * 300)) == []
    assert words(told_of(["台风 登陆", "台风 过境"], ["其他"] * 300)) == ["台风"]


def test_words_that_say_only_that_there_is_something_are_no_talk() -> None:
    assert words(told_of(["中有 台风"] * 5, ["其他"] * 300)) == ["台风"]


def test_day_without_texts_has_no_words() -> None:
    assert told_of([], ["其他"]) == ()


def test_limit_is_kept() -> None:
    today = [" ".join(f"词{n}号" for n in range(30))] * 5
    assert len(told_of(today, ["其他"] * 300, limit=7)) <= 7


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

    class Broken(Spaced):
        def said(self, text: str) -> frozenset[str]:
            return frozenset(word for word in ("岗区", "由市", "万元", "岗位") if word in text)

    assert [keyword.word for keyword in unusual(texts, Counts(), Broken(), len)] == ["岗位", "梧岗区"]


def test_a_long_word_takes_nothing_of_the_sentence_that_copies_share() -> None:
    class Idiom(Spaced):
        def said(self, text: str) -> frozenset[str]:
            return frozenset({"举一反三"})

    texts = [f"市委书记必须举一反三整改,{sign}" for sign in "甲乙丙"]
    assert [keyword.word for keyword in unusual(texts, Counts(), Idiom(), len)] == ["举一反三"]


def test_a_word_that_names_nothing_is_left_out() -> None:
    assert words(told_of(["进一步 台风"] * 5, ["其他"] * 300)) == ["台风"]


def test_the_first_day_of_an_archive_does_not_tell_the_city_s_name() -> None:
    today = [f"栖川 {'台风' if number < 3 else '其他'}{number // 5}" for number in range(25)]
    assert "栖川" not in words(told_of(today, []))
    assert "栖川" in words(told_of(today[:5], []))


def test_a_scattered_word_of_a_large_day_is_nobody_s_talk() -> None:
    today = ["油茶"] * 15 + ["台风"] * 25 + ["其他"] * 1960
    assert words(told_of(today, ["其他"] * 9000)) == ["台风"]


@pytest.mark.parametrize(("days", "held"), [(0, False), (KNOWN_DAYS - 1, False), (KNOWN_DAYS, True)])
def test_a_short_past_says_nothing_of_what_is_unusual(days: int, held: bool) -> None:
    assert Keyword("台风", 40.0, 0.0, 8, days).held is held


def test_days_are_held_together_as_one_past() -> None:
    days = [before(["台风 登陆", "台风"]), before([]), before(["银杏 台风"])]
    assert together(days, {"台风", "登陆", "油茶"}) == Counts(3, {"台风": 3, "登陆": 1, "油茶": 0}, days=2)
