"""Names that changed by a character or two, and words that only look so."""

from __future__ import annotations

import pytest

from monitor.compare.names import renamed


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
