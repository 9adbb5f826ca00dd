"""Names that changed by a character or two, and words that only look so."""

from __future__ import annotations

import pytest

from monitor.compare.names import new_post, other_name, renamed


@pytest.mark.parametrize(
    ("before", "after", "left", "right", "pair"),
    [
        ("郎广林任", "郎广瑶任", ",", "总召集人", ("郎广林", "郎广瑶")),
        ("张子昂", "张子新", "家长", "说。", ("张子昂", "张子新")),
        ("谢卫民", "谢卫君", "大队长", "提醒", ("谢卫民", "谢卫君")),
        ("姜雨桐", "姜雨才", "记者 ", " 通讯员", ("姜雨桐", "姜雨才")),
        ("赵怀瑾选育", "赵怀姝选育", "研究员", "的", ("赵怀瑾", "赵怀姝")),
        ("凤晓燕", "凤晓姝", ",", "在定向越野", ("凤晓燕", "凤晓姝")),
        ("李敏", "李明", "局长", "主持会议", ("李敏", "李明")),
        # Words, whatever their first character is as a surname.
        ("社会", "社区", ",全", "参与", None),
        ("安全生产", "安全生活", ",", "", None),
        ("设", "成", ",高标准建", "", None),
        ("证", "书", "许可", "办理", None),
        ("市", "省", ",全", "", None),
        ("群众", "百姓", ",方便", "", None),
        # Not one name any more.
        ("王建国", "李明", "市长", "说", None),
        ("王建国", "", "市长", "说", None),
        ("4156名", "4165名", "共", "新党员", None),
    ],
)
def test_a_changed_name_is_read_from_its_letters(
    before: str, after: str, left: str, right: str, pair: tuple[str, str] | None
) -> None:
    assert renamed(before, after, left, right) == pair


@pytest.mark.parametrize(
    ("before", "after", "left", "right", "known", "pair"),
    [
        ("郑民学说", "马浩永说", "。”", "。", False, ("郑民学", "马浩永")),
        ("苏浩燕", "程伟永", "陈晓东、", "、周海燕", False, ("苏浩燕", "程伟永")),
        ("萧新秀", "卢振德", "工作人员", "告诉记者", True, ("萧新秀", "卢振德")),
        # Nothing says that a person is named, or a word has a meaning.
        ("萧新秀", "卢振德", "看了", "的画", False, None),
        ("安全", "方便", "要求", "说", False, None),
    ],
)
def test_another_person_in_the_same_place(
    before: str, after: str, left: str, right: str, known: bool, pair: tuple[str, str] | None
) -> None:
    assert other_name(before, after, left, right, known=known) == pair


@pytest.mark.parametrize(
    ("before", "after", "right", "pairs"),
    [
        ("总经理", "区委书记", "高民娟出席并讲话", [("总经理高民娟", "区委书记高民娟")]),
        ("", "副", "市长王建国主持", [("市长王建国", "副市长王建国")]),
        # 的 before a writer's name, a comma before a post, and posts of nobody.
        ("得", "的", "词作者田汉说", []),
        (",", "、", "学生家长王述琼说", []),
        ("局长", "处长", "会议召开", []),
    ],
)
def test_another_post_before_the_same_name(before: str, after: str, right: str, pairs: list[tuple[str, str]]) -> None:
    assert new_post(before, after, "", right) == pairs
