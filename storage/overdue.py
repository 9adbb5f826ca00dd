"""How long a column may bring nothing: two weeks for news, six months for notices and policies. Pure.

So the national inspection has it (政府网站与政务新媒体检查指标). What a column is for is said by its address or its
name; where neither does, by how often it brought an article.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import unquote, urlsplit

NEWS = timedelta(days=14)
NOTICES = timedelta(days=183)

OFTEN = timedelta(days=7)
"""Between two articles, on average, of what is news by its rhythm."""
SOME = 4
"""Articles from which a column has a rhythm."""

_NOTICES = re.compile(
    r"(?:tz|gg|gs|tzgg|gsgg|gggs|tzgs|ggtz|wjtz|gzgg|zbgg|rsgg|zcwj|zcfg|zcjd|gfxwj|xzgfxwj|zfwj|bmwj|flfg|fgwj|wjfb|zc|wj"
    r"|tongzhi|gonggao|gongshi|zhengce|wenjian|notices?|announcements?|polic(?:y|ies)|documents?)\d{0,2}"
)
_NEWS = re.compile(
    r"(?:xw|yw|dt|xwdt|zwdt|gzdt|bmdt|qxdt|jcdt|ywdt|jrxw|bdxw|xwzx|zwyw|szyw|tpxw|xinwen|yaowen|dongtai|news)\d{0,2}"
)
_NOTICES_SAID = re.compile("通知|公告|公示|通告|政策|文件|法规|规章")
_NEWS_SAID = re.compile("动态|要闻|新闻|快讯|首页")
_ENDING = re.compile(r"\.(?:s?html?|jspx?|aspx?|php)$", re.IGNORECASE)
_INDEX = re.compile(r"(?:index|default|list)?\d*", re.IGNORECASE)


def allowed(url: str, name: str | None, articles: int, first: date | None, last: date | None) -> timedelta:
    """How long a column may bring nothing before it is overdue.

    ``name`` is what its articles call it; ``articles`` it brought between the days ``first`` and ``last``.
    """
    said = _said(name or "") or _by_path(urlsplit(url).path)
    if said is not None:
        return said
    if articles < SOME or first is None or last is None:
        return NOTICES
    return NEWS if last - first <= OFTEN * (articles - 1) else NOTICES


def _by_path(path: str) -> timedelta | None:
    """What the last part of a path says that says anything; a home page is news."""
    parts = [_ENDING.sub("", part) for part in unquote(path).split("/")]
    named = [part for part in parts if not _INDEX.fullmatch(part)]
    if not named:
        return NEWS
    return next((said for part in reversed(named) if (said := _by_part(part.lower()))), None)


def _by_part(part: str) -> timedelta | None:
    words = re.split(r"[-_.]", part)
    if any(map(_NOTICES.fullmatch, words)):
        return NOTICES
    return NEWS if any(map(_NEWS.fullmatch, words)) else _said(part)


def _said(name: str) -> timedelta | None:
    # 通知公告 of the 新闻中心 are notices.
    if _NOTICES_SAID.search(name):
        return NOTICES
    return NEWS if _NEWS_SAID.search(name) else None
