"""Words are cut without loss, names are told from places, keywords come quietly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import words


@given(st.text(alphabet="市委王建国12.亿 ab,。·〔〕★", max_size=60))
def test_words_joined_give_the_text_back(text: str) -> None:
    assert "".join(words.cut(text)) == text
    assert "".join(word for word, _ in words.words_and_names(text)) == text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("市长王建国出席会议", ["王建国"]),
        ("省长陈润儿陪同", ["陈润儿"]),
        ("副市长李明哲、何俊杰主持会议", ["李明哲", "何俊杰"]),
        ("何俊杰首先汇报了情况", ["何俊杰"]),
        ("丁薛祥、刘鹤、何立峰和中央有关部门负责同志", ["丁薛祥", "刘鹤", "何立峰"]),
        ("通讯员邹武雄彭敏", ["邹武雄", "彭敏"]),
        ("记者张三李四", ["张三", "李四"]),
        ("由赵一鸣同志任局长", ["赵一鸣"]),
        ("市长王某某", ["王某某"]),
        ("王建国说,王建国表示", ["王建国"]),
    ],
)
def test_people_are_found_by_what_stands_around_them(text: str, names: list[str]) -> None:
    assert words.people(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "华为表示将继续投入",
        "徐汇、杨浦、闵行等区",
        "高明县长春路方便出行",
        "许多同志认真学习",
        "上海市司法厅厅长会议",
        "在黄金周期间,银杏树下",
        "推动高质量发展,建设高水平大学",
        "全体同志坚持解放思想",
    ],
)
def test_places_firms_and_phrases_are_no_people(text: str) -> None:
    assert words.people(text) == []


def test_a_name_without_a_witness_is_only_a_maybe() -> None:
    sureness = dict(words.words_and_names("王建国的父亲"))
    assert sureness["王建国"] == 0.5


@pytest.mark.parametrize(("word", "is_post"), [("副市长", True), ("记者", True), ("局党委书记", True), ("会议", False)])
def test_posts(word: str, is_post: bool) -> None:
    assert words.is_post(word) is is_post


def test_a_text_says_its_telling_words_once_each_without_the_trade_s_own() -> None:
    said = words.Lexicon().said("记者从栖川市获悉,3月宣讲团走进乡村,宣讲党史,宣讲政策。编辑 张三")
    assert {"宣讲", "乡村", "党史"} <= said
    assert not {"记者", "编辑", "3月", "从", ","} & said
    assert words.Lexicon().said("") == frozenset()


def test_a_lexicon_knows_its_own_terms_and_teaches_nobody_else() -> None:
    slogan, text = "跃龙门跑三关", "开展跃龙门跑三关行动"
    taught = words.Lexicon([(slogan, "nz")])
    assert slogan in taught.said(text)
    assert slogan not in words.Lexicon().said(text)
    assert slogan not in words.cut(text)


def test_a_lexicon_s_name_tells_its_list_whatever_its_order() -> None:
    one, other = ("梧岗区", "ns"), ("一网通办", "nz")
    assert words.Lexicon([one, other]).name == words.Lexicon([other, one]).name
    names = [words.Lexicon(terms).name for terms in ([], [one], [one, other], [("梧岗区", "nz"), other])]
    assert len(set(names)) == 4


@pytest.mark.parametrize(
    ("word", "names"),
    [("台风", True), ("登陆", True), ("老旧小区", True), ("进一步", False), ("上午", False), ("十分", False)],
)
def test_what_can_say_what_a_day_was_about(word: str, names: bool) -> None:
    assert words.Lexicon().names_something(word) is names
    assert words.Lexicon([(word, "nz")]).names_something(word)


def test_rare_words_are_told_from_common_ones_quietly(capfd: pytest.CaptureFixture[str]) -> None:
    assert words.rarity("工作") < words.rarity("台风") < words.rarity("合龙")
    assert words.rarity("谁也没说过的词") > words.rarity("工作")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("的", "得", True), ("帐户", "账户", True), ("国", "平", False), ("行", "航", True), ("账户", "账", False)],
)
def test_same_sound(one: str, other: str, alike: bool) -> None:
    assert words.same_sound(one, other) is alike
