"""Which lines with a moving number count the readers of the page they stand on, and which tell the time of a visit.

The figures of a series of articles move too (prices, weather, the visitors of a library), and are their news: a line
counts readers only if it speaks of this page, or of nothing but reading.
"""

from __future__ import annotations

import re

from crawler.extraction.learned import MOVING

_LONGEST = 60
_READING = (
    "阅读?|读[了过者]?|浏览|点击|访问|查看|看过|观看|围观|关注|点赞|赞|收藏|转发|分享|评论|留言|跟帖|热度|人气|"
    "下载|收听|听过|播放"
)
_READ = re.compile(_READING)
_TIMES = re.compile(r"\W ?[多余]?(?:人次|[次位人名个遍])")
_THIS_PAGE = re.compile(
    "[本此该](?:文(?![件化书体旅学])|页|篇(?!章)|稿|[条则](?:新闻|信息|消息|内容|视频|(?=[已被共⌗ ])))|"
    "这一?[篇页条]|(?:文章|页面|网页|稿件)(?:已|被|共|的|累计)|您是第"
)
_FILLING = "网友|市民|用户|访客|朋友|人次|次数|[次人位名个条遍数量率]|目前|现|已经?|被|有|共计?|总计?|累计|过|了|为"
_ONLY_READING = re.compile(rf"(?:\W|{_READING}|{_FILLING})*+")


def counts_readers(words: str) -> bool:
    """Whether a canonical line whose numbers move (a mark in the place of each) counts who read this page."""
    if len(words) > _LONGEST or not (_READ.search(words) or _TIMES.search(words)):
        return False
    return _THIS_PAGE.search(words) is not None or (
        _READ.search(words) is not None and _ONLY_READING.fullmatch(words) is not None
    )


_N = rf"(?:{MOVING}|\d{{1,4}})"
_MOMENT = re.compile(rf"(?:{_N}[年./-]{_N}[月./-]{_N}日?\s*)?{_N}\s?[:时]\s?{_N}(?:\s?[:分]\s?{_N}\s?秒?|分)?")
_FIGURES = re.compile(r"\d+")


def has_clock(words: str) -> bool:
    """Whether a line tells a time of day."""
    return _MOMENT.search(words) is not None


def without_time(words: str) -> str:
    """A line with the numbers of its first clock, and of the day before that, masked: they move at the next visit."""
    return _MOMENT.sub(lambda clock: _FIGURES.sub(MOVING, clock[0]), words, count=1)


def tells_time(words: str) -> bool:
    """Whether what moves in a learned line is one clock, with its day or without, and nothing else.

    Of such lines those are the template's that move between two visits to several pages: they say when a page was
    drawn. A bulletin's (8时水位22米) has a figure besides.
    """
    rest, found = _MOMENT.subn("", words, count=1)
    return found == 1 and MOVING not in rest
