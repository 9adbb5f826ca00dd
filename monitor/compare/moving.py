"""Lines that move at every visit, known at first sight by their form: readers counted, the page's age, when drawn.

A site's lesson learns such lines of its template (``crawler.extraction.learning``), but only once they have moved; the
visit that brings one for the first time would tell it as an edit. So only whole lines are known here that say nothing
else: 本条信息被浏览了1234次 is one, 图书馆今日接待读者1234人 and a site's yearly 网站访问量:1.2万 are news.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LONGEST = 40
_READING = "访问者|阅读|浏览|点击|访问|查看|读过|看过|围观|点赞|赞|收藏|转发|分享|评论|热度|人气|在线"
_BESIDE = (
    "您是(?:本网?站|本页)?|第|位|访客|用户|网友|本|此|该|文章?|页面?|网页|篇|条|新闻|信息|消息|稿件|今日|昨日|当前|目前|现在?|"
    "已经?|被|有|过|了|共计?|总计?|累计|次数|人数|人次|次|人|量|数|率|万"
)
_READERS = re.compile(rf"(?=\D*\d)(?=.*(?:{_READING}|您是))(?:[\d\W]|{_READING}|{_BESIDE})*+")
_DAY = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
_CLOCK = r"\d{1,2}[:时]\d{1,2}(?:[:分](?:\d{1,2}秒?)?)?"
_OTHERS = re.compile(
    r"(?:(?:更新|发布|发表)于)?(?:\d+(?:秒钟?|分钟|个?小时|天)前|刚刚)"
    rf"|(?:(?:本页|页面|网页)(?:最后|最近)?(?:更新|修改)|(?:最后|最近)(?:一次)?(?:更新|修改|编辑)|打印)(?:时间|日期|于)?:?"
    rf"{_DAY}(?: ?{_CLOCK})?"
    rf"|{_DAY}\W?(?:星期|周)[一二三四五六日天]\W?{_CLOCK}"
    r"|(?:页面|本页|本次|服务器)?(?:执行|查询|生成|加载|处理|响应)(?:时间|耗时|用时|了)?:?[\d.]+(?:毫秒|秒|ms|s)"
    r"|Processed in ?[\d.]+ ?seconds?(?:\(s\))?.{0,20}"
)


@lru_cache(maxsize=8192)
def is_moving(text: str) -> bool:
    """Whether a whole line of reading text counts this page's readers, or tells its age or when it was drawn."""
    if len(text) > _LONGEST:
        return False
    return _READERS.fullmatch(text) is not None or _OTHERS.fullmatch(text) is not None
