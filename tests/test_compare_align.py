"""What is one text to a reader: spaces, widths, quotes, counters; and what is not."""

from __future__ import annotations

import pytest
from compare_sample import bodies, paragraphs
from hypothesis import given
from hypothesis import strategies as st

from monitor.compare.align import Body, align, fold, reading, same_words


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("征集 、展演", "征集、展演"),
        ("王 建 国　同志", "王建国同志"),
        ("共 4156 名", "共4156名"),
        ("2021 12", "2021 12"),
        ("New\u00a0 York", "New York"),
        ("iPhone 12 手机", "iPhone12手机"),
        ("１００％，（全角）：", "100%,(全角):"),
        ("零\u200b宽\ufeff字", "零宽字"),
        ("  首尾  ", "首尾"),
    ],
)
def test_reading_drops_layout_and_keeps_spaces_that_matter(printed: str, read: str) -> None:
    assert reading(printed) == read


@given(paragraphs)
def test_reading_is_settled_at_once(text: str) -> None:
    assert reading(reading(text)) == reading(text)


@given(st.text(max_size=80))
def test_folding_never_moves_a_position(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“六进”宣讲", '"六进"宣讲'),
        ("国发〔2021〕5号", "国发[2021]5号"),
        ("党史——新篇", "党史—新篇"),
        ("义务......", "义务..."),
        ("二○二一年", "二〇二一年"),
        ("玛丽•居里", "玛丽·居里"),
        ("会议召开.", "会议召开。"),
        ("他说:‘好’", "他说:『好』"),
    ],
)
def test_typography_is_the_same_words(one: str, other: str) -> None:
    assert same_words(one, other)
    assert same_words(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("学习,落实", "学习、落实"), ("6.89亿", "6。89亿"), ("他的书", "他得书"), ("5-8", "58"), ("A", "a")],
)
def test_other_marks_and_letters_are_not(one: str, other: str) -> None:
    assert not same_words(one, other)


def test_a_sentence_ends_after_its_closing_quote() -> None:
    body = Body.of(["他说:“好!”大家鼓掌。散会"])
    assert [body.stream[s.start : s.end] for s in body.sentences] == ["他说:“好!”", "大家鼓掌。", "散会"]


def test_a_position_is_found_behind_empty_paragraphs() -> None:
    body = Body.of(["甲乙", "打印本页", "丙丁"])
    assert body.place(1) == (0, 1)
    assert body.place(2) == (2, 0)


@given(bodies)
def test_a_body_says_the_same_as_itself(body: list[str]) -> None:
    alignment = align(Body.of(body), Body.of(body))
    assert alignment.runs == ()
    assert alignment.moves == ()


def test_one_long_paragraph_that_passed_two_short_ones_is_one_move() -> None:
    long = "会议由市长主持。大家畅所欲言。各方提出建议。会后作了部署。"
    orders = ((long, "小标题一", "小标题二"), ("小标题一", "小标题二", long))
    old, new = (Body(("开篇的一段话在这里。", *order, "结尾的一段话在这里。")) for order in orders)
    found = align(old, new)
    assert not found.runs
    assert [old.stream[move.old.start : move.old.end] for move in found.moves] == [long]


def test_two_short_paragraphs_that_left_a_long_one_s_sides_are_two_moves() -> None:
    texts = ("甲段先说一件事情。", "乙段讲了很长的一件事情。", "丙段又说一件事情。", "丁段最后说一件事。", "戊段收尾。")
    found = align(Body(texts), Body((texts[3], texts[1], texts[2], texts[0], texts[4])))
    assert len(found.moves) == 2
    assert not found.runs
