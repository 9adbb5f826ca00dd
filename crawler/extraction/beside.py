"""What stands beside a byline's date without a label: the press or account it is from, and the people who wrote it.

云溪日报 2021-05-08 08:16, 2021-05-08 08:16 云溪日报 陈明, 云溪网 · 陈明 | 2021-05-08 08:16. Right behind a clock time
any name may be an account's; everywhere else only what is a medium by its name is taken for one. A column's name, a
place, a button and the day's weather are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extraction.byline import cut, has_label
from crawler.extraction.dates import find_dates
from crawler.extraction.furniture import is_furniture
from crawler.extraction.people import are_people, are_writers, names, unique

_PRESS = re.compile(
    r"(?:报|网|社|台|刊|志|在线|发布|客户端|新闻|日报|晚报|广播|电视|观察|时报|传媒|融媒|融媒体中心|公众号|中心|办公室|局|委|厅|院|部|处|办|"
    r"政府|大学|党建|文明网)$"
)
_MEDIUM = re.compile(
    r"(?:报|网|社|电视台|广播台|电台|杂志|在线|客户端|融媒体?|融媒体中心|公众号|中文[站网]|(?<!信息|政策|新闻|权威|通知|公告|活动|招聘|要闻)发布)"
    r"(?:-[\u3400-\u9fff]{2,4})?$"
)
"""A medium by its name; 云溪发布 is an account, 权威发布 a column."""
_NO_ACCOUNT = re.compile(
    r"^(?:星期.|周[一二三四五六日天末]|上午|下午|晚上?|凌晨|中午|[晴阴雨雪雾]|原创|转载|头条|置顶|推荐|热点|焦点|图文|图片|图集|视频|文字|正文|"
    r"首页|公开|有效|本站|本网|\w*管理员|"
    r"(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|"
    r"四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)[\u3400-\u9fff]{0,3})$|"
    r"(?:要闻|动态|公告|通知|公示|信息|资讯|快讯|专题|专栏|栏目|解读|文件|政策|频道|民生|记者|版|[省市县区镇乡村])$|"
    r"阅|听|播报|朗读|下载|保存|关注|订阅|收藏|分享|打印|字号|字体|复制|举报|反馈|投诉|登录|注册|扫码|扫一扫|微信|微博|返回|多云|[晴阴雨雪]转|转[晴阴雨雪]|[小中大阵]雨|评论"
)
"""What may stand behind a moment and is nobody: a weekday, the weather, a place, a column, a button."""
_NO_PRESS = re.compile(
    r"^(?:综合|图片|视频|本地|国内|国际|社会|最新|时政|部门|基层|校园|学校|学院|工作|热点|今日)新闻$|^党建$|播报$"
)
"""What ends as a medium does and is a column or a button."""
_COMPOUND = re.compile(
    r"^(?:欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|长孙|宇文|轩辕|端木|独孤|南宫|申屠)|·"
)
"""How a name of four characters begins; 张江高科 is none."""
_ACCOUNT = re.compile(r"^(?=.*[\u3400-\u9fff].*[\u3400-\u9fff])[\w·《》()+-]{2,20}$")
_SHORT_COLUMN = 4
"""Characters up to which a word that the page's head prints too is taken for a column's name."""
_CRUMBS = re.compile(r"\s*(?:>>?|»|›|→|/)\s*")
_LAST_CRUMB = re.compile(r"^(?:正文|内容|详情|详细(?:内容|信息)?|浏览|阅读)?$")
_ADDRESS = re.compile(r"^https?://\S+\s*|^www\.\S+\s*", re.IGNORECASE)
_KIND_WORD = re.compile(r"^(?:原创|转载|首发|独家|转自|转载自)(?:\s*[:：丨|]\s*|\s+|$)")
"""What a platform says of a report before it names whose it is (原创 云溪日报)."""
_APART = re.compile(r"\s*[|｜丨]\s*|\s+·\s+|\s+")
_YEARLESS = re.compile(r"(?<![\d年./-])\d{1,2}(?:-\d{1,2}|/\d{1,2}|月\d{1,2}日)\s*\d{1,2}:\d\d(?!\d)")
_RELATIVE = re.compile(r"\s+·\s+\d{1,2}\s*(?:秒|分钟|个?小时|天)前")
_BEFORE, _BEHIND = " ([|·", " |丨·)]"


@dataclass(frozen=True, slots=True)
class Beside:
    """The source and the writers named beside a date; either may be missing."""

    source: str | None = None
    people: tuple[str, ...] = ()


def beside_date(text: str, top: Sequence[str] = ()) -> Beside:
    """What one canonical line without a label names beside its date; ``top`` are the lines above the headline."""
    dates = find_dates(text)
    moment = _YEARLESS.search(text) or _RELATIVE.search(text)
    if dates:
        start, end, clock = dates[0].start, dates[0].end, dates[0].has_time
    elif moment:
        start, end, clock = moment.start(), moment.end(), False
    else:
        return Beside()
    joined = bool(moment) or text[end:].lstrip().startswith("·") or text[:start].rstrip().endswith("·")
    before = _KIND_WORD.sub("", _ADDRESS.sub("", text[:start].strip(_BEFORE))).strip(_BEFORE)
    if before:
        return _before(before, top, sure=clock or not dates, joined=joined and bool(dates))
    return _behind(cut(text[end:].lstrip(_BEHIND)), top, clock=clock, joined=joined)


def is_medium(text: str) -> bool:
    """Whether a line is nothing but a medium's name, as it may stand right above or below the date's line."""
    named = 3 <= len(text) <= 20 and _MEDIUM.search(text) and _ACCOUNT.match(text)
    return bool(named) and not _NO_ACCOUNT.search(text) and not is_furniture(text)


def is_press(text: str) -> bool:
    """Whether a text ends as the names of presses and offices do."""
    return _PRESS.search(text) is not None


def _before(text: str, top: Sequence[str], *, sure: bool, joined: bool) -> Beside:
    """A medium before the date, alone or with its people; people alone where a clock time makes it ``sure``.

    An account that is ``joined`` to the date by a dot counts as well.
    """
    words = list(dict.fromkeys(_APART.split(text)))
    for press, others in ((words[0], words[1:]), (words[-1], words[:-1])):
        people = " ".join(others)
        if 3 <= len(press) <= 20 and _MEDIUM.search(press) and (not people or _are_alone(people)):
            return Beside(press, names(people) if people else ())
    if sure and _are_alone(text) and not _is_above(text, top):
        return Beside(None, names(text))
    return Beside(text) if joined and _is_account(text, top) else Beside()


def _behind(text: str, top: Sequence[str], *, clock: bool, joined: bool) -> Beside:
    """The press with its people, people alone, or an account: the last two only behind a clock time."""
    words = text.split()
    if not words:
        return Beside()
    if 2 <= len(words[0]) <= 20 and is_press(words[0]) and not _NO_PRESS.search(words[0]):
        return Beside(words[0], unique(name for word in words[1:] for name in names(word) if 2 <= len(name) <= 4))
    if not (clock or joined):
        return Beside()
    if _are_alone(text) or are_writers(text):
        return Beside() if _is_above(text, top) else Beside(None, names(text))
    people = " ".join(words[1:])
    if (not people or _are_alone(people)) and _is_account(words[0], top):
        return Beside(words[0], names(people) if people else ())
    return Beside()


def _are_alone(text: str) -> bool:
    """Whether words without a label are people's names and cannot well be anything else."""
    return are_people(text) and all(len(name) < 4 or _COMPOUND.search(name) for name in names(text))


def _is_account(word: str, top: Sequence[str]) -> bool:
    """Whether a word behind a moment names an account, and no column that the page's head names as well.

    Where the crumbs begin with it, it is the site's own name.
    """
    if not _ACCOUNT.match(word) or _NO_ACCOUNT.search(word) or _NO_PRESS.search(word):
        return False
    if is_furniture(word) or has_label(word):
        return False
    crumbs = [found for text in top if len(found := _crumbs(text)) > 1]
    if any(found[0] == word for found in crumbs):
        return True
    if len(word) <= _SHORT_COLUMN and any(word in text for text in top):
        return False
    return not any(found[-1] == word for found in crumbs)


def _crumbs(text: str) -> list[str]:
    """What a line of crumbs leads through (首页 > 要闻 > 正文), without the word that only says where it ends."""
    crumbs = [crumb.strip() for crumb in _CRUMBS.split(text)]
    while crumbs and _LAST_CRUMB.match(crumbs[-1]):
        crumbs.pop()
    return crumbs


def _is_above(text: str, top: Sequence[str]) -> bool:
    return any(name in line for name in names(text) for line in top)
