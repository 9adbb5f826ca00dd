"""A line of labels taken apart (来源:… 作者:… 2021-05-08 08:16): which value stands behind which label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.extraction.dates import find_dates
from crawler.extraction.people import AUTHOR_LABELS, EDITOR_LABELS, are_people, names, unique

_SOURCE_LABELS = (
    r"(?:本文|内容)?来源[于自](?:\s*[:：丨])?|"
    r"(?:(?:信息|稿件|文章|新闻|消息|内容|资料)?来\s*源|稿\s*源|出\s*处|(?:转载?|摘|来)自|\bSource)\s*[:：丨]|来源\s*[|｜]"
)
_BARE_LABEL = re.compile(r"^(?:(?:信息|稿件|文章|新闻)来源|来源|稿源|作者|发布(?:日期|时间))$")
"""A label that is all of its line: its value stands on the next one."""
_BARE_SOURCE = re.compile(r"(?:^|\s)(?:(?:信息|稿件|文章|新闻)来源|来源|稿源)\s(?=[\u3400-\u9fff]{2,16}(?:\s|$))")
_DATE_LABELS = (
    r"(?:最后)?(?:发布|发表|发稿|刊发|上传|成文|公开|添加|编辑|录入)?(?:(?<![\u3400-\u9fff]{2}发布)\s*)?(?:时\s*间|日\s*期)|"
    r"发布于|发布|\b(?:Date|Time|Published|Posted|Release [DTdt]\w{3})"
)
_UPDATE_LABELS = r"(?:最后)?(?:更新|修改)\s*(?:时\s*间|日\s*期)|更新于|最后更新|\bUpdated"
"""A day on which the page was touched: the article's own only where no other is told."""
_DAY_LABELS = (
    r"(?:开始|结束|活动|截止|截至|报名|举办|会议|展览|展会|考试|公示|实施|施行|生效|废止|失效|到期|有效)(?:时间|日期)"
)
"""Days of what an article is about, which are not its own."""
_OTHER_LABELS = (
    r"摄\s*影|(?:图片|题图|视频|数据)?来源|题图|图源|图\s*片|供稿单位|供\s*稿人?|浏览次数|浏览量?|点击次数|点击数|点击率|点击量?|阅读次数|"
    r"阅读量?|访问次数|访问量|人气|字体大小|字\s*体|字\s*号|分享到?|关键[词字]|标签|所属栏目|栏目主编|栏目|发布机构|发布单位|发布人|发布者|"
    r"信息员|签发|录入者?|值班总编|视频|视觉|翻译|评论|热线|电话|邮箱|责任人|审批|主编|导演|制片人?|策划|统筹|出品人?|制图|剪辑|拍摄"
)
_LABEL = re.compile(
    rf"(?P<day>{_DAY_LABELS})\s*[:：丨]|(?P<editor>{EDITOR_LABELS})\s*[:：丨/]|(?P<author>{AUTHOR_LABELS})\s*[:：丨/|]|"
    rf"(?P<other_source>(?:图片|题图|视频|数据)来源)\s*[:：丨]|(?P<source>{_SOURCE_LABELS})|(?P<update>{_UPDATE_LABELS})\s*[:：丨]|(?P<date>{_DATE_LABELS})\s*[:：丨]|"
    r"(?:^|(?<=[\s(\[]))(?P<editor_bare>责任编辑|责编|编辑|编审|审核|校对)(?=\s+[\u3400-\u9fff]{2,4}(?:[\s)\]]|$))|"
    r"(?:^|(?<=[\s(\[]))(?P<author_bare>作者(?=\s+[\u3400-\u9fff]{2,10}(?:[\s)\]]|$))|(?:撰稿|撰文|采写|文/图|图/文|文图|文)(?=\s+[\u3400-\u9fff]{2,4}(?:[\s)\]]|$)))|"
    r"(?:^|(?<=[\s(\[]))(?P<other_bare>[图摄]|摄影|视频)\s*[/|丨]|"
    r"(?:^|(?<=[\s(\[|]))(?P<contributor>报\s*道|供\s*稿人?)\s*[:：]|"
    rf"(?P<other>{_OTHER_LABELS})\s*[:：丨(（【]"
)
_SIGN_OF_A_LABEL = re.compile(r"[:：丨|｜/(（【\s]|来源")
"""What every label has behind or in it: quicker to look for."""
_STOP = re.compile(
    r"\s*(?:参与互动|打印|关闭|分享|字体|字号|浏览|点击数|评论\s*[(（\d]|\s评论|\s收藏|\s刚刚|\s[今昨前]天(?:\s|$)|我有话说|我来说|[加我]入?收藏|"
    r"纠错|我要|欢迎发表|来自[^\s]{2,6}$|[Aa]\s*[-+]|"
    r"(?:阅读|点击|访问|人气)(?:次数|量|数)?\s*[:：(（]?\s*\d|\d+\s*(?:人?次)?\s*(?:浏览|阅读|点击|访问)|\d+\s*人?次(?:\s|$)|责任编辑|"
    r"\d+\s*人?参与|[)）]?返回|[辑摘选转]自|扫一扫|手机看|订阅|【|\[|\||｜|】|\]|<<|>>|共有|共\d|\(\s*\)|（\s*）).*$"
)
_LONGEST_VALUE = 30
_LONGEST_BYLINE = 60
_ROLES = frozenset({"author", "editor", "other", "contributor", "source", "date", "update"})


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value of a line: ``kind`` is source, author, editor, date, update, day (of an event), other or bare.

    A contributor sent the article in (供稿), be it a person or an office. Of an account only markup tells the name.
    """

    kind: str
    value: str


def fields(text: str) -> list[Field]:
    """The labelled values of one canonical line, in order; what stands before the first label is kind ``bare``."""
    return list(_fields(text))


@lru_cache(maxsize=1024)
def _fields(text: str) -> tuple[Field, ...]:
    """The same, remembered: the few lines around an article are asked by everyone who reads a label of it."""
    if _BARE_LABEL.match(text):
        text += ":"
    elif find_dates(text):
        text = _BARE_SOURCE.sub(" 来源:", text)
    marks = list(_LABEL.finditer(text)) if _SIGN_OF_A_LABEL.search(text) else []
    found: list[Field] = []
    bare = text[: marks[0].start()] if marks else text
    if bare.strip(" |·-—[]【】()"):
        found.append(Field("bare", bare.strip()))
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        value = text[mark.end() : following.start() if following else len(text)]
        found.append(Field(str(mark.lastgroup).partition("_")[0], value.strip(" \u3000|·,，;；")))
    return tuple(found)


def has_label(text: str) -> bool:
    """Whether a canonical line has any label of a byline."""
    return _SIGN_OF_A_LABEL.search(text) is not None and _LABEL.search(text) is not None


def labelled_byline(text: str) -> tuple[str, ...]:
    """The writers of a line that is nothing but labels and names, writers first (采写:陈明 摄影:李红), else nothing."""
    if len(text) > _LONGEST_BYLINE or "。" in text:
        return ()
    found = fields(text.strip("()【】[]□■ "))
    if not found or found[0].kind != "author" or any(item.kind not in _ROLES for item in found):
        return ()
    written = unique(name for item in found if item.kind == "author" for name in names(cut(item.value)))
    return written if any(are_people(name) for name in written) else ()


def with_values(plain: Sequence[str], lines: Iterable[int]) -> list[tuple[int, Field]]:
    """Labelled values by line; a label that ends its line takes the next line for its value (作者: / 许月)."""
    found: list[tuple[int, Field]] = []
    taken = -1
    for i in lines:
        if i == taken:
            continue
        for item in fields(plain[i]):
            value = item.value
            if (
                not value
                and item.kind != "bare"
                and i + 1 < len(plain)
                and (plain[i].endswith(":") or _BARE_LABEL.match(plain[i]))
            ):
                value = _value_below(plain[i + 1], item.kind)
                taken = i + 1 if value else -1
            found.append((i, Field(item.kind, value)))
    return found


def _value_below(text: str, kind: str) -> str:
    """The line below an open label as its value: empty where it cannot be one, as a heading below an empty 编辑."""
    if len(text) > _LONGEST_VALUE or has_label(text) or (kind == "editor" and not are_people(text)):
        return ""
    return text


def cut(value: str) -> str:
    """A value up to the date, the counter or the button that stands behind it in its line."""
    for found in find_dates(value)[:1]:
        value = value[: found.start]
    return _STOP.sub("", value)
