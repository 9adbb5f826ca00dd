"""What officials write again and again is theirs, however often it stands on a site's pages."""

from __future__ import annotations

import pytest

from crawler.extraction.formulas import is_formula


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("特此通知", True),
        ("本办法自2026年12月1日起施行。", True),
        ("云溪市人民政府办公室", True),
        ("二〇二六年十一月二十三日", True),
        ("各乡镇人民政府、街道办事处:", True),
        ("(此件公开发布)", True),
        ("联系电话:0512-65110000", True),
        ("文/图 王晓明", True),
        ("更多民生资讯欢迎搜索云溪发布", False),
        ("本文已有⌗位市民读过", False),
        ("手机拍一拍左边的方块,把这一页装进口袋", False),
    ],
)
def test_what_officials_write_again_and_again(text: str, is_one: bool) -> None:
    assert is_formula(text) is is_one
