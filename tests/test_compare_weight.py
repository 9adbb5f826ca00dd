"""Weights stay within 0..1, never fall when more is told, and put facts before wording before typos."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.compare.weight import is_punctuation, is_typo, weight_of
from storage.records import ChangeKind, Edit, Facts

EDITED = ChangeKind.EDITED
_edits = st.lists(
    st.builds(
        Edit,
        op=st.sampled_from(["replace", "insert", "delete", "move"]),
        before=st.text("的地得王建国,。", max_size=5),
        after=st.text("的地得王建国,。", max_size=5),
        paragraph=st.none(),
        field=st.sampled_from(["body", "title", "source", "editors", "abstract", "attachments"]),
    ),
    max_size=6,
)
_pairs = st.lists(st.tuples(st.just("4156名"), st.just("4165名")), max_size=3).map(tuple)
_facts = st.builds(Facts, numbers=_pairs, dates=_pairs, people=_pairs, documents=_pairs, negations=_pairs)


def replaced(before: str, after: str, field: str = "body") -> Edit:
    op = "replace" if before and after else "insert" if after else "delete"
    return Edit(op, before, after, None if field != "body" else 0, field)


@given(st.sampled_from(list(ChangeKind)), _edits, _facts)
def test_a_weight_is_between_none_and_all(kind: ChangeKind, edits: list[Edit], facts: Facts) -> None:
    assert 0.0 <= weight_of(kind, edits, facts) <= 1.0


@given(st.sampled_from(list(ChangeKind)), _edits, _edits, _facts)
def test_more_edits_never_weigh_less(kind: ChangeKind, edits: list[Edit], more: list[Edit], facts: Facts) -> None:
    assert weight_of(kind, edits + more, facts) >= weight_of(kind, edits, facts)
    assert weight_of(kind, edits, facts) >= weight_of(kind, edits)


def test_the_order_that_a_reader_expects() -> None:
    numbers = Facts(numbers=(("4156名", "4165名"),))
    ladder = [
        weight_of(EDITED, [replaced("张三", "李四", "editors")]),
        weight_of(EDITED, [replaced("部署", "安排")]),
        weight_of(EDITED, [replaced("", "会议要求各单位认真抓好落实,确保完成全年目标任务。" * 3)]),
        weight_of(EDITED, [replaced("4156名", "4165名")], numbers),
        weight_of(ChangeKind.RETITLED, [replaced("旧题", "新题", "title")]),
        weight_of(ChangeKind.REMOVED),
        weight_of(ChangeKind.TAMPERED),
    ]
    assert ladder == sorted(ladder)
    assert len(set(ladder)) == len(ladder)


def test_ten_typos_stay_below_one_figure() -> None:
    typos = [replaced("帐户", "账户")] * 10
    assert weight_of(EDITED, typos) < weight_of(
        EDITED, [replaced("4156名", "4165名")], Facts(numbers=(("4156名", "4165名"),))
    )


def test_a_removal_weighs_more_than_the_same_addition() -> None:
    text = "会议要求各单位认真抓好落实。"
    assert weight_of(EDITED, [replaced(text, "")]) > weight_of(EDITED, [replaced("", text)])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *(("的", "地"), ("帐户", "账户"), ("己经", "已经"), ("候车", "侯车"), ("的的", "的"), ("党员", "党员党员")),
        *(("发张", "发展"), ("社区活功", "社区活动"), ("了", "")),
    ],
)
def test_typos(before: str, after: str) -> None:
    assert is_typo(replaced(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *(("4156名", "4165名"), ("允许", "禁止"), ("南京", "北京"), ("", "不"), ("学习", "学习会")),
        *(("上升", "下降"), ("增加", "减少"), ("前门", "后门")),
    ],
)
def test_no_typos(before: str, after: str) -> None:
    assert not is_typo(replaced(before, after))


@pytest.mark.parametrize(
    ("before", "after", "verdict"), [(",", "、", True), ("", "。", True), ("的,", "的", False), ("1", "2", False)]
)
def test_punctuation(before: str, after: str, verdict: bool) -> None:
    assert is_punctuation(replaced(before, after)) is verdict


def test_another_hour_weighs_far_less_than_another_day() -> None:
    morning, night, later = (f"2026-11-2{day}:00+08:00" for day in ("1T02:06", "1T23:06", "2T02:06"))
    hour = weight_of(ChangeKind.REDATED, [replaced(morning, night, "published_at")])
    day = weight_of(ChangeKind.REDATED, [replaced(morning, later, "published_at")])
    assert (hour < 0.2, day > 0.5) == (True, True)


@pytest.mark.parametrize(
    ("before", "after"), [("4156人", "4,156人"), ("12.0亿", "12亿"), ("4.2万人", "42000人"), ("84.3%", "百分之84.3")]
)
def test_a_figure_written_otherwise_weighs_as_a_mend(before: str, after: str) -> None:
    assert weight_of(EDITED, [replaced(before, after)]) == weight_of(EDITED, [replaced("帐户", "账户")])


@pytest.mark.parametrize(("before", "after"), [("9.30", "9.3"), ("1.10条", "1.1条"), ("3.85亿", "3.85万")])
def test_what_is_another_figure_weighs_more(before: str, after: str) -> None:
    assert weight_of(EDITED, [replaced(before, after)]) > weight_of(EDITED, [replaced("帐户", "账户")])
