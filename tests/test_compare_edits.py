"""Edits are as short as they can be said, in whole words and whole facts, and lead from one text to the other."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from compare_sample import bodies, paragraphs
from hypothesis import given
from hypothesis import strategies as st

from monitor.compare.align import Body
from monitor.compare.edits import Said, body_edits, text_edits
from storage.records import Edit


def compare(old: Sequence[str], new: Sequence[str]) -> Said:
    return body_edits(Body.of(old), Body.of(new))


def told(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str, str]]:
    return [(edit.op, edit.before, edit.after) for edit in compare(old, new).edits]


@pytest.mark.parametrize(
    ("before", "after", "edits"),
    [
        pytest.param(
            "共4156名新党员", "共4165名新党员", [("replace", "4156名", "4165名")], id="a figure with its unit"
        ),
        pytest.param("累计投资6.89亿元", "累计投资7.89亿元", [("replace", "6.89亿", "7.89亿")], id="a figure in 亿"),
        pytest.param("比例12.5%以上", "比例13%以上", [("replace", "12.5%", "13%")], id="a percentage"),
        pytest.param(
            "招收三十二名学员", "招收三十五名学员", [("replace", "三十二名", "三十五名")], id="a figure in words"
        ),
        pytest.param("市长王建国讲话", "市长王建平讲话", [("replace", "王建国", "王建平")], id="a name"),
        pytest.param("定于4月8日召开", "定于4月9日召开", [("replace", "4月8日", "4月9日")], id="a date"),
        pytest.param("上午9:30开始", "上午9:40开始", [("replace", "上午9:30", "上午9:40")], id="a clock time"),
        pytest.param(
            "根据国发〔2021〕5号文件",
            "根据国发〔2021〕6号文件",
            [("replace", "国发〔2021〕5号", "国发〔2021〕6号")],
            id="文号",
        ),
        pytest.param("经检验合格的产品", "经检验不合格的产品", [("insert", "", "不")], id="a negation"),
        pytest.param("认真的学习", "认真地学习", [("replace", "的", "地")], id="的地得"),
        pytest.param("学习,落实", "学习、落实", [("replace", ",", "、")], id="punctuation"),
        pytest.param("编号2021 12的", "编号202112的", [("replace", "2021 12", "202112")], id="a space between digits"),
        pytest.param(
            "100名、200亩",
            "120名、210亩",
            [("replace", "100名", "120名"), ("replace", "200亩", "210亩")],
            id="two figures",
        ),
        pytest.param("大会通过决议。", "大会一致通过决议。", [("insert", "", "一致")], id="a word more"),
        pytest.param("他是医生。", "他是医生。她是教师。", [("insert", "", "她是教师。")], id="a sentence more"),
    ],
)
def test_the_shortest_edit(before: str, after: str, edits: list[tuple[str, str, str]]) -> None:
    assert told([before], [after]) == edits
    mirrored = [(_mirror[op], right, left) for op, left, right in edits]
    assert told([after], [before]) == mirrored


_mirror = {"replace": "replace", "insert": "delete", "delete": "insert", "move": "move"}

A = "目前,各地各部门迅速行动起来,同步开展14场宣讲活动。其中高要区开展专场活动。"
B = "据了解,4月份,市委宣传部将组织开展60场主题宣讲活动。市直工委计划开展微党课活动。"
C = "会议要求,要抓好落实。"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([A + B], [A, B]),
        (["一、加强领导", "二、抓好落实"], ["一、加强领导二、抓好落实"]),
        (["2021年", "4月8日召开会议。"], ["2021年4月8日召开会议。"]),
        ([C + "浏览次数:123"], [C + "浏览次数:9"]),
        (["(阅读12次)" + C], ["(阅读13次)" + C]),
        (["浏览次数:123", C], [C, "点击数: 7 次"]),
        ([C, "责任编辑:张三"], [C, "责任编辑:李四"]),
        ([C, "打印本页 关闭窗口"], [C]),
        (["征集 、展演"], ["征集、展演"]),
        (["会议,要求:落实"], ["会议，要求：落实"]),
        (["“四位”问题"], ['"四位"问题']),
        (["党史——新篇"], ["党史—新篇"]),
    ],
)
def test_nothing_is_told_of_cuts_spaces_widths_counters_and_furniture(one: list[str], other: list[str]) -> None:
    assert compare(one, other) == Said()
    assert compare(other, one) == Said()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["全年访问量达1000万次。"], ["全年访问量达2000万次。"]),
        (["责任编辑制度是出版工作的基本制度。"], ["责任编辑制度是编辑工作的基本制度。"]),
        (["网站点击量:1.2万"], ["网站点击量:1.3万"]),
        (["A B两组"], ["AB两组"]),
        (["共12 34件"], ["共1234件"]),
    ],
)
def test_what_only_looks_like_noise_is_told(one: list[str], other: list[str]) -> None:
    assert compare(one, other).edits


def test_a_removed_paragraph_is_one_deletion() -> None:
    said = compare([A, B, C], [A, C])
    assert said.edits == (Edit("delete", B, "", 1, offset=0),)
    assert (said.paragraphs_added, said.paragraphs_removed) == (0, 1)


def test_an_added_paragraph_is_one_insertion() -> None:
    said = compare([A, C], [A, B, C])
    assert said.edits == (Edit("insert", "", B, 1, offset=0),)
    assert (said.paragraphs_added, said.paragraphs_removed) == (1, 0)


def test_a_removed_sentence_is_no_removed_paragraph() -> None:
    said = compare([A, B], [A[: A.index("其中")], B])
    assert [edit.op for edit in said.edits] == ["delete"]
    assert said.paragraphs_removed == 0


def test_a_moved_paragraph_is_one_move() -> None:
    said = compare([A, B, C], [B, C, A])
    assert said.edits == (Edit("move", A, A, 2, offset=0),)
    assert (said.paragraphs_added, said.paragraphs_removed, said.touched) == (0, 0, ())


def test_a_moved_and_edited_paragraph_is_a_move_and_its_edit() -> None:
    edited = B.replace("60场", "70场")
    said = compare([B, A, C], [A, C, edited])
    assert [edit.op for edit in said.edits] == ["move", "replace"]
    assert (said.edits[0].before, said.edits[0].after) == (B, edited)
    assert (said.edits[1].before, said.edits[1].after) == ("60场", "70场")
    assert (said.paragraphs_added, said.paragraphs_removed) == (0, 0)


def test_a_paragraph_cut_in_two_and_edited_tells_the_edit_alone() -> None:
    cut = A.index("其中")
    assert told([A, B], [A[:cut], A[cut:].replace("高要区", "端州区"), B]) == [("replace", "高要区", "端州区")]


def test_a_removed_paragraph_beside_an_edited_one() -> None:
    said = compare([A, B, C], [A.replace("14场", "15场"), C])
    assert [(e.op, e.before) for e in said.edits] == [("replace", "14场"), ("delete", B)]
    assert said.paragraphs_removed == 1


def test_unrelated_text_is_replaced_as_a_whole_and_not_in_scraps() -> None:
    edits = told(["今天的天气很好,我们去公园玩。", C], ["市政府召开常务会议研究部署防汛工作。", C])
    assert len(edits) == 1


def test_unrelated_clauses_are_not_matched_comma_by_comma() -> None:
    before, after = "2月23日0—24时,新增境外输入病例8例。", "坚持加强党对民族工作的领导,健全团结进步的体制。"
    assert told([before, C], [after, C]) == [("replace", before[:-1], after[:-1])]


def test_words_that_the_cutter_cut_differently_are_no_part_of_the_edit() -> None:
    assert told(["相较之下,美西方媒体往往采取敌对态度。"], ["相较机,美西方媒体往往采取敌对态度。"]) == [
        ("replace", "之下", "机")
    ]


def test_a_clause_goes_with_the_comma_behind_it() -> None:
    before = "9月25日上午,志愿者协会联合居委会开展活动,20余名志愿者来到门口。"
    assert told([before], ["9月25日上午,20余名志愿者来到门口。"]) == [("delete", "志愿者协会联合居委会开展活动,", "")]


def test_a_long_sentence_that_went_to_another_paragraph_was_moved() -> None:
    moved = "市直工委计划开展微党课活动。"
    assert told([C + moved, A], [C, A + moved]) == [("move", moved, moved)]


def test_a_short_one_is_two_edits() -> None:
    assert told([C + "谢谢大家。", A], [C, A + "谢谢大家。"]) == [
        ("delete", "谢谢大家。", ""),
        ("insert", "", "谢谢大家。"),
    ]


def test_an_edit_knows_its_place_in_the_newer_text() -> None:
    edit = compare([C, B], [C, "  " + B.replace("60场", "70场")]).edits[0]
    assert (edit.paragraph, edit.offset) == (1, B.index("60场"))


def test_a_label_has_no_place() -> None:
    (edit,) = text_edits("共4156名党员", "共4165名党员", "abstract").edits
    assert edit == Edit("replace", "4156名", "4165名", None, "abstract")


@given(bodies)
def test_a_body_has_no_edits_against_itself(body: list[str]) -> None:
    assert compare(body, body) == Said()


@given(bodies, bodies)
def test_taking_the_edits_back_gives_the_older_text(old: list[str], new: list[str]) -> None:
    older, newer = Body.of(old), Body.of(new)
    edits = body_edits(older, newer).edits
    if any(edit.op == "move" for edit in edits):
        return
    assert Body((taken_back(newer, older, edits),)).says_the_same(older)


@given(bodies, st.integers(0, 5), paragraphs)
def test_an_edited_body_is_led_back_too(body: list[str], at: int, paragraph: str) -> None:
    changed = [*body[: at % len(body)], paragraph, *body[at % len(body) + 1 :]]
    older, newer = Body.of(body), Body.of(changed)
    edits = body_edits(older, newer).edits
    if any(edit.op == "move" for edit in edits):
        return
    assert Body((taken_back(newer, older, edits),)).says_the_same(older)


@given(bodies, bodies)
def test_what_is_told_both_ways_is_as_much(old: list[str], new: list[str]) -> None:
    assert bool(compare(old, new).edits) == bool(compare(new, old).edits)


@given(bodies, st.data())
def test_noise_makes_no_edit(body: list[str], data: st.DataObject) -> None:
    assert compare(body, [noisy(text, data) for text in body]) == Said()


def taken_back(newer: Body, older: Body, edits: Sequence[Edit]) -> str:
    """The newer stream with every replacement and insertion undone, then every deletion put back at its old place."""
    text = newer.stream
    forward = [edit for edit in edits if edit.op != "delete"]
    for edit in sorted(forward, key=lambda edit: position(newer, edit), reverse=True):
        at = position(newer, edit)
        assert text[at : at + len(edit.after)] == edit.after
        text = text[:at] + edit.before + text[at + len(edit.after) :]
    for edit in (edit for edit in edits if edit.op == "delete"):
        at = position(older, edit)
        text = text[:at] + edit.before + text[at:]
    return text


def position(body: Body, edit: Edit) -> int:
    assert edit.paragraph is not None
    assert edit.offset is not None
    return body.starts[edit.paragraph] + edit.offset


def noisy(text: str, data: st.DataObject) -> str:
    """The same text as another template sets it: spaces at Chinese characters, full-width marks and digits."""
    wide = str.maketrans(",%;!0123456789", "，％；！０１２３４５６７８９")
    spaced = "".join(
        char + data.draw(st.sampled_from(["", "", "", " ", "\u3000"])) if "一" <= char <= "鿿" else char
        for char in text
    )
    return spaced.translate(wide) if data.draw(st.booleans()) else spaced
