"""Edits shown in their sentences: placed where the texts prove it, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import pytest
from digest_sample import change
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest.passages import REACH, Mark, Passage, passages, typeset
from storage.records import Article, ChangeKind, Edit, PageKind


def article(*paragraphs: str, **labels: object) -> Article:
    return Article(PageKind.ARTICLE, canonical=paragraphs, **labels)  # type: ignore[arg-type]


def told(old: Article | None, new: Article | None, *edits: Edit) -> list[str]:
    """Passages in a short hand: [-deleted-]{+inserted+}, … for a gap, the shape or label in front."""
    return [written(passage) for passage in passages(change("a", "1", ChangeKind.EDITED, 1, edits=edits), new, old)]


def written(passage: Passage) -> str:
    signs = {"same": "{}", "del": "[-{}-]", "ins": "{{+{}+}}", "gap": "…"}
    front = passage.shape if passage.shape != "edit" else "" if passage.field == "body" else passage.field
    return (front + ": " if front else "") + "".join(signs[mark.kind].format(mark.text) for mark in passage.marks)


LONG = "全市上下深入贯彻会议精神" * 6

SCENES = [
    pytest.param(
        article("前一句。累计投资6.89亿元，占九成。后一句。"),
        article("前一句。累计投资7.89亿元，占九成。后一句。"),
        [Edit("replace", "6.89亿元", "7.89亿元", 0)],
        ["累计投资[-6.89亿元-]{+7.89亿元+}，占九成。"],
        id="the sentence around a figure, its neighbours left out",
    ),
    pytest.param(
        article("一是3个；二是4个；三是3个。"),
        article("一是3个；二是4个；三是4个。"),
        [Edit("replace", "3个", "4个", 0)],
        ["三是[-3个-]{+4个+}。"],
        id="of two like figures the one whose neighbours prove it",
    ),
    pytest.param(
        None,
        article("一是4个；二是4个。"),
        [Edit("replace", "3个", "4个", 0)],
        ["[-3个-]{+4个+}"],
        id="two like figures and no older text: told without a place",
    ),
    pytest.param(
        None,
        article("一是3个；二是4个。"),
        [Edit("replace", "5个", "4个", 0)],
        ["二是[-5个-]{+4个+}。"],
        id="no older text, but it stands there once",
    ),
    pytest.param(
        article("共有三人参会。", "请按是归还。"),
        article("共有三人参会。", "请按时归还。"),
        [Edit("replace", "按是", "按时", 1)],
        ["请[-按是-]{+按时+}归还。"],
        id="second paragraph",
    ),
    pytest.param(
        article("会议由局长甲主持，书记乙出席会议并讲话。"),
        article("会议由局长丙主持，书记丁出席会议并讲话。"),
        [Edit("replace", "甲", "丙", 0), Edit("replace", "乙", "丁", 0)],
        ["会议由局长[-甲-]{+丙+}主持，书记[-乙-]{+丁+}出席会议并讲话。"],
        id="two edits of a sentence in one passage",
    ),
    pytest.param(
        article("甲" + LONG + "乙"),
        article("丙" + LONG + "丁"),
        [Edit("replace", "甲", "丙", 0), Edit("replace", "乙", "丁", 0)],
        ["[-甲-]{+丙+}" + LONG[:REACH] + "…" + LONG[-REACH:] + "[-乙-]{+丁+}"],
        id="long sameness between two edits is left out",
    ),
    pytest.param(
        article("凡逾期者一律不予受理并通报。"),
        article("凡逾期者一律受理并通报。"),
        [Edit("delete", "不予", "", 0)],
        ["凡逾期者一律[-不予-]受理并通报。"],
        id="a deletion stands where it stood",
    ),
    pytest.param(
        None,
        article("凡逾期者一律受理并通报。"),
        [Edit("delete", "不予", "", 0)],
        ["[-不予-]"],
        id="a deletion without the older text has no place",
    ),
    pytest.param(
        article("凡逾期者受理。"),
        article("凡逾期者不予受理。"),
        [Edit("insert", "", "不予", 0)],
        ["凡逾期者{+不予+}受理。"],
        id="an insertion inside a sentence",
    ),
    pytest.param(
        article("第一段。"),
        article("第一段。", "第二段。"),
        [Edit("insert", "", "第二段。", 1)],
        ["added: {+第二段。+}"],
        id="a paragraph added",
    ),
    pytest.param(
        article("第一段。", "第二段。"),
        article("第一段。"),
        [Edit("delete", "第二段。", "", 1)],
        ["removed: [-第二段。-]"],
        id="a paragraph removed",
    ),
    pytest.param(
        article("甲段。", "乙段。"),
        article("乙段。", "甲段。"),
        [Edit("move", "甲段。", "甲段。", 1)],
        ["moved: 甲段。"],
        id="a paragraph moved",
    ),
    pytest.param(
        article("正文甲。", title="增至120个摊位"),
        article("正文乙。", title="增至200个摊位"),
        [Edit("replace", "甲", "乙", 0), Edit("replace", "120个", "200个", None, "title")],
        ["title: 增至[-120个-]{+200个+}摊位", "正文[-甲-]{+乙+}。"],
        id="labels first, each in its own text",
    ),
    pytest.param(
        article(authors=("王建国", "李丽")),
        article(authors=("王建平", "李丽")),
        [Edit("replace", "王建国", "王建平", None, "authors")],
        ["authors: [-王建国-]{+王建平+}、李丽"],
        id="one of several authors",
    ),
    pytest.param(
        article("会期3天，地点在礼堂，会费300元，需报名。"),
        article("会期4天，地点在礼堂，需报名。"),
        [Edit("replace", "3天", "4天", 0), Edit("delete", "会费300元,", "", 0)],
        ["会期[-3天-]{+4天+}，地点在礼堂，[-会费300元，-]需报名。"],
        id="a replacement and a deletion in one sentence",
    ),
    pytest.param(
        article("开头一段话在这里。累计3个项目开工建设，结尾一段话在这里。"),
        article("开头一段话在这里。", "累计4个项目开工建设，结尾一段话在这里。"),
        [Edit("replace", "3个", "4个", 1)],
        ["累计[-3个-]{+4个+}项目开工建设，结尾一段话在这里。"],
        id="a paragraph that was split besides",
    ),
    pytest.param(
        article("甲方请于三日内尽快报送材料。"),
        article("乙方请于三日内报送材料。", "丙方请于三日内报送材料。"),
        [Edit("delete", "尽快", "", 0)],
        ["[-尽快-]"],
        id="a deletion that could have stood in two places",
    ),
    pytest.param(
        None,
        None,
        [Edit("replace", "甲", "乙", 3), Edit("insert", "", "丙", 9), Edit("replace", "旧", "新", None, "source")],
        ["source: [-旧-]{+新+}", "[-甲-]{+乙+}", "{+丙+}"],
        id="no text at hand at all",
    ),
    pytest.param(
        article("甲。"),
        article("乙。"),
        [Edit("replace", "丙", "丁", 40), Edit("delete", "戊", "", -3)],
        ["[-戊-]", "[-丙-]{+丁+}"],
        id="paragraph numbers that the texts do not have",
    ),
    pytest.param(
        article("甲" * 40 + "12345.678亿元" + "乙" * 22 + "减" + "乙" * 28 + "98765.4321公里" + "丙" * 40),
        article("甲" * 40 + "12345.678亿元" + "乙" * 22 + "增" + "乙" * 28 + "98765.4321公里" + "丙" * 40),
        [Edit("replace", "减", "增", 0)],
        ["…12345.678亿元" + "乙" * 22 + "[-减-]{+增+}" + "乙" * 28 + "98765.4321…"],
        id="a cut never parts a figure",
    ),
]


@pytest.mark.parametrize(("old", "new", "edits", "expected"), SCENES)
def test_scene(old: Article | None, new: Article | None, edits: list[Edit], expected: list[str]) -> None:
    assert told(old, new, *edits) == expected


def test_offset_tells_the_place_without_the_older_text() -> None:
    new = article("一是4个；二是4个。")
    edit = Edit("replace", "3个", "4个", 0, offset=7)
    assert told(None, new, edit) == ["二是[-3个-]{+4个+}。"]
    assert told(None, new, replace(edit, offset=6)) == ["[-3个-]{+4个+}"]


def test_edits_are_placed_in_the_words_of_the_comparison() -> None:
    """Spaces between Chinese characters and widths are nothing to it, and nothing to the reader either."""
    old, new = article("12 碧湖 镇，共３个。"), article("12 碧湖 镇，共４个。")
    assert told(old, new, Edit("replace", "3个", "4个", 0, offset=7)) == ["12碧湖镇，共[-3个-]{+4个+}。"]


@pytest.mark.parametrize(
    ("canonical", "set_text"),
    [
        ("据悉,当天共4,165名", "据悉，当天共4,165名"),
        ("时间:08:30;地点:B座", "时间：08:30；地点：B座"),
        ("占91.2%,其中", "占91.2%，其中"),
        ("A,B:C http://a.example/?b=1", "A,B:C http://a.example/?b=1"),
        ("真的吗?“是!”", "真的吗？“是！”"),
    ],
)
def test_typeset(canonical: str, set_text: str) -> None:
    assert typeset(canonical) == set_text


def test_same_edit_made_thrice_is_placed_thrice() -> None:
    old, new = article("娄底市与娄底县。娄底人。"), article("湘中市与湘中县。湘中人。")
    edits = [Edit("replace", "娄底", "湘中", 0)] * 3
    assert told(old, new, *edits) == ["[-娄底-]{+湘中+}市与[-娄底-]{+湘中+}县。[-娄底-]{+湘中+}人。"]


HAN = st.text(alphabet="甲乙丙丁、。3.8亿ab", min_size=1, max_size=60)


PIECE = st.tuples(HAN, st.text(alphabet="甲乙3", max_size=4), st.text(alphabet="甲丁8", max_size=4))


@given(pieces=st.lists(PIECE, min_size=1, max_size=6), end=HAN)
def test_what_is_shown_stood_in_the_texts(pieces: list[tuple[str, str, str]], end: str) -> None:
    """Between gaps, stayed and deleted text together stood in the older text, stayed and inserted in the newer."""
    edits = tuple(Edit(op_of(gone, come), gone, come, 0) for _, gone, come in pieces if gone != come)
    old = "".join(same + gone for same, gone, _ in pieces) + end
    new = "".join(same + come for same, _, come in pieces) + end
    told = passages(change("a", "1", ChangeKind.EDITED, 1, edits=edits), article(new), article(old))
    assert len(told) == (1 if edits else 0)
    for passage in told:
        assert all(run in old for run in runs(passage.marks, "del"))
        assert all(run in new for run in runs(passage.marks, "ins"))
        assert [mark.text for mark in passage.marks if mark.kind == "ins"] == [e.after for e in edits if e.after]


def op_of(gone: str, come: str) -> str:
    return "replace" if gone and come else "insert" if come else "delete"


def test_a_page_made_to_be_ambiguous_is_given_up_quickly() -> None:
    old, new = article("的" * 3000), article("的" * 2970 + "地" * 30)
    edits = [Edit("replace", "的", "地", 0), Edit("delete", "的的", "", 0)] * 30
    began = perf_counter()
    told(old, new, *edits)
    assert perf_counter() - began < 2


def runs(marks: tuple[Mark, ...], kind: str) -> list[str]:
    text = "".join("\0" if mark.kind == "gap" else mark.text for mark in marks if mark.kind in {"same", "gap", kind})
    return text.split("\0")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("早市搬新家 摊位增至120个", "早市搬新家 摊位增至200个", "早市搬新家 摊位增至[-120][+200]个"),
        ("棠汀县举行表彰大会", "棠汀县顺利举行表彰大会", "棠汀县[+顺利]举行表彰大会"),
        ("棠汀县顺利举行表彰大会", "棠汀县举行表彰大会", "棠汀县[-顺利]举行表彰大会"),
        ("停水通知", "全市春耕现场会召开", "[-停水通知][+全市春耕现场会召开]"),
        ("投资6.89亿元开工", "投资7.89亿元开工", "投资[-6.89][+7.89]亿元开工"),
        ("", "新的题目", "[+新的题目]"),
    ],
)
def test_a_headline_is_told_whole_with_what_differs_marked(before: str, after: str, told: str) -> None:
    changed = change("a", "1", ChangeKind.RETITLED, 9, after, edits=(Edit("replace", before, after, None, "title"),))
    (passage,) = passages(changed, None, None)
    shown = {"del": "[-{}]", "ins": "[+{}]", "same": "{}", "gap": "…"}
    assert "".join(shown[mark.kind].format(mark.text) for mark in passage.marks) == told
    assert passage.field == "title"
