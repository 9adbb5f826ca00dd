"""Lines that are seen for the first time and will move each visit are no edit; what only looks like them is."""

from __future__ import annotations

import pytest
from compare_sample import OATH, article

from monitor.compare.difference import honest_difference

MOVING = [
    "本条信息被浏览了1234次",
    "本页面访问次数1234次",
    "您是本站第12345位访问者",
    "今日访问:123 累计访问:456789",
    "点赞数:123 收藏:45",
    "阅读量:1.2万",
    "当前在线人数:123",
    "更新于 3分钟前",
    "刚刚",
    "页面更新时间:2026-11-23 12:31:05",
    "2026年11月23日 星期一 12:31",
    "页面执行时间:0.032秒",
    "Processed in 0.03 second(s), 5 queries",
]
NEWS = [
    "图书馆今日接待读者1234人",
    "本次活动共吸引1234人次参观",
    "网站访问量达1234万次",
    "网站点击量:1.2万",
    "共有1234名读者参加阅读活动",
    "本篇报道刊发后收到读者留言300条",
    "会议时间:2026年11月23日 12:31",
    "2026年11月23日",
    "距离火车站12公里",
    "查询时间为3个工作日",
]


@pytest.mark.parametrize("line", MOVING)
def test_a_moving_line_is_no_edit_when_it_comes_and_when_it_moves(line: str) -> None:
    moved = line.replace("3", "4").replace("刚刚", "1分钟前")
    assert honest_difference(article(*OATH), article(*OATH, line)) is None
    assert honest_difference(article(*OATH, line), article(*OATH, moved)) is None


@pytest.mark.parametrize("line", NEWS)
def test_a_line_that_says_something_else_is_an_edit(line: str) -> None:
    told = honest_difference(article(*OATH), article(*OATH, line))
    assert told is not None
    assert told.edits[0].after.startswith(line[:4])
