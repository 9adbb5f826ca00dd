"""What a page says about its article: when, whence, by whom; read off the lines around the body.

Labels come in a fixed order of trust: the national page labels (``PubDate``, ``ContentSource``) where the page itself
bears them out, then what is printed beside the headline, then what is printed under the body. A date that stands only
in the address, the site's own name and the imprint say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crawler.extraction.dates import find_dates, iso
from crawler.extraction.furniture import (
    LABEL_LINE,
    begins_closing,
    begins_related,
    is_clock,
    is_furniture,
    is_label_line,
)
from crawler.extraction.people import AUTHOR_LABELS, EDITOR_LABELS, byline, names, unique

_SOURCE_LABELS = r"(?:信息|稿件|文章|新闻|消息|内容|资料)?来\s*源|稿\s*源|出\s*处"
_DATE_LABELS = r"(?:发布|发表|更新|发稿|刊发|上传|成文|公开|添加|编辑|录入)?\s*(?:时\s*间|日\s*期)|发布于|发布"
_OTHER_LABELS = (
    r"摄\s*影|图\s*片|供稿单位|供\s*稿人?|浏览次数|浏览量?|点击次数|点击数|点击率|点击量?|阅读次数|阅读量?|访问次数|访问量|人气|字体大小|字\s*体|字\s*号|"
    r"分享到?|关键词|标签|所属栏目|栏目|发布机构|发布单位|发布人|发布者|信息员|签发|录入者?|值班总编|视频|视觉|翻译|评论|热线|电话|邮箱|责任人|审批"
)
_LABEL = re.compile(
    rf"(?P<editor>{EDITOR_LABELS})\s*[:：丨]|(?P<author>{AUTHOR_LABELS})\s*[:：丨]|(?P<source>{_SOURCE_LABELS})\s*[:：丨]|"
    rf"(?P<date>{_DATE_LABELS})\s*[:：丨]|(?:^|(?<=\s))(?P<editor_bare>责任编辑|责编|编辑|编审|审核|校对)(?=\s+[\u3400-\u9fff]{{2,4}}(?:\s|$))|(?P<other>{_OTHER_LABELS})\s*[:：丨(（【]"
)
_STOP = re.compile(
    r"\s*(?:参与互动|打印|关闭|分享|字体|字号|浏览|点击数|评论|收藏|纠错|我要|(?:阅读|点击|访问|人气)(?:次数|量|数)?\s*[:：(（]?\s*\d|\d+\s*(?:人?次)?\s*(?:浏览|阅读|点击|访问)|\d+\s*人?次(?:\s|$)|责任编辑|扫一扫|手机看|订阅|【|\[|\||｜|】|\]|<<|>>|共有|共\d|\(\s*\)|（\s*）).*$"
)
_DATE_BEHIND = re.compile(r"[(\[【][^()\[\]]{0,8}\d{4}[-/.年][^()\[\]]{3,20}[)\]】]\s*$")
_MASTHEAD = re.compile(
    r"\d\s*日?\D{0,8}第\s*[\d,]+\s*[期号]|第\s*[A-Z]?\d+\s*版|\d\s*日?\s*(?:星期|周)[一二三四五六日天]\W*(?:上|下)一[篇版期]"
)
"""A digital paper's masthead: its date beside its issue number, the paper's page or the way to the next article."""
_PUBLISHED_BY = re.compile(r"(?:^|[\s·、,;|])([\u3400-\u9fff]{1,8}报)社(?:出版|主办|编辑出版)")
_TAIL_LINES = 10
_HEAD_LINES = 12
_ABSTRACT = re.compile(
    r"^[\s【\[]*(?:核心提示|内容提要|内容摘要|新闻提要|新闻摘要|摘\s*要|提\s*要|导\s*读|导\s*语)\s*(?:[】\]]\s*[:：]?|[:：])\s*"
)
_DATE_METAS = (
    "pubdate",
    "publishdate",
    "publish_date",
    "publishtime",
    "article:published_time",
    "datepublished",
    "og:release_date",
)
FOUNDER_DATE = "enpproperty date"
"""The name under which ``metas`` holds the ``<date>`` of Founder's ``<!--enpproperty …-->``."""
_MIDNIGHT = "T00:00:00+08:00"
"""Founder prints it behind a day of which it knows no time."""
_SOURCE_METAS = ("contentsource", "source")
_PRESS = re.compile(
    r"(?:报|网|社|台|刊|志|在线|发布|客户端|新闻|日报|晚报|广播|电视|观察|时报|传媒|融媒|融媒体中心|中心|办公室|局|委|厅|院|部|处|办|政府|大学|党建|文明网)$"
)


@dataclass(frozen=True, slots=True)
class Labels:
    """What was found, canonical; ``used`` are the lines it was read off, ``provenance`` says how per field."""

    published_at: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    abstract: str | None = None
    used: tuple[int, ...] = ()
    provenance: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value of a line: ``kind`` is source, author, editor, date or other."""

    kind: str
    value: str


def fields(text: str) -> list[Field]:
    """The labelled values of one canonical line, in order; what stands before the first label is kind ``bare``."""
    marks = list(_LABEL.finditer(text))
    found: list[Field] = []
    bare = text[: marks[0].start()] if marks else text
    if bare.strip(" |·-—[]【】()"):
        found.append(Field("bare", bare.strip()))
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        value = text[mark.end() : following.start() if following else len(text)]
        found.append(Field(str(mark.lastgroup).removesuffix("_bare"), value.strip(" \u3000|·,，;；")))
    return found


def read_labels(
    plain: Sequence[str], metas: Mapping[str, str], headline: int | None, first: int, last: int, title: str | None
) -> Labels:
    """The labels around a body whose lines are ``first`` to ``last``; ``plain`` are canonical lines of the whole page.

    ``metas`` are the page's ``<meta>`` values by lower-cased name, ``headline`` the line the headline stands on.
    """
    above = _above(plain, headline, first)
    below = _below(plain, last)
    head = _with_values(plain, above)
    tail = [(i, f) for i, f in _with_values(plain, below) if len(plain[i]) <= LABEL_LINE]
    used = {i for i, f in head + tail if f.kind not in ("bare", "other")}
    provenance: dict[str, str] = {}
    date = _published(plain, _dated_lines(plain, headline, above), tail, metas, provenance)
    source, unlabelled = _source(head, tail, provenance)
    if source is None and (press := _masthead_press(plain, headline)):
        source = press
        provenance["source"] = "pattern"
    if source is None:
        source = _meta_source(metas, [plain[i] for i in above + below], title, provenance)
    writers = [name for _, f in head + tail if f.kind == "author" for name in names(_cut(f.value))]
    signed = [(i, byline(plain[i])) for i in range(first, last + 1)]
    writers += [name for _, found in signed for name in found]
    handlers = [name for _, f in head + tail if f.kind == "editor" for name in names(_cut(f.value))]
    used |= {i for i, found in signed if found}
    authors = unique(writers) or unlabelled
    if authors:
        provenance["authors"] = "pattern"
    if handlers:
        provenance["editors"] = "pattern"
    abstract = _abstract(plain, above, first, used)
    if abstract:
        provenance["abstract"] = "pattern"
    return Labels(date, source, authors, unique(handlers), abstract, tuple(sorted(used)), tuple(provenance.items()))


def _above(plain: Sequence[str], headline: int | None, first: int) -> list[int]:
    """The lines between headline and body; also labelled ones of the two above, where some print the date.

    A bare date up there is the day of the visit (今天是…).
    """
    start = max(0, first - _HEAD_LINES) if headline is None else max(0, headline - 2)
    lines = [i for i in range(start, first) if len(plain[i]) <= 4 * LABEL_LINE and i != headline]
    lines = [i for i in lines if not is_clock(plain[i])]
    after = [i for i in lines if headline is None or i > headline]
    return after + [i for i in lines if i not in after and _LABEL.search(plain[i]) and find_dates(plain[i])]


def _dated_lines(plain: Sequence[str], headline: int | None, above: list[int]) -> list[int]:
    """The lines whose date is the article's: above the body, behind the headline, in a paper's masthead."""
    found = list(above)
    if headline is not None:
        if _DATE_BEHIND.search(plain[headline]):
            found.append(headline)
        if not any(find_dates(plain[i]) for i in found):
            found += [i for i in range(max(0, headline - _HEAD_LINES), headline) if _MASTHEAD.search(plain[i])]
    return found


def _below(plain: Sequence[str], last: int) -> list[int]:
    found: list[int] = []
    for i in range(max(0, last - 3), min(len(plain), last + 1 + _TAIL_LINES)):
        if i > last and begins_closing(plain[i]):
            break
        inside = i <= last and not (is_furniture(plain[i]) or is_label_line(plain[i], head=False))
        if not inside and not begins_related(plain[i]):
            found.append(i)
    return found


def _with_values(plain: Sequence[str], lines: Iterable[int]) -> list[tuple[int, Field]]:
    """Labelled values by line; a label that ends its line takes the next line for its value (作者: / 许月)."""
    found: list[tuple[int, Field]] = []
    for i in lines:
        for item in fields(plain[i]):
            value = item.value
            if not value and item.kind != "bare" and i + 1 < len(plain) and plain[i].endswith((":", "：")):
                following = plain[i + 1]
                value = following if len(following) <= 30 and not _LABEL.search(following) else ""
            found.append((i, Field(item.kind, value)))
    return found


def _published(
    plain: Sequence[str],
    above: list[int],
    tail: list[tuple[int, Field]],
    metas: Mapping[str, str],
    provenance: dict[str, str],
) -> str | None:
    """The printed date, as precise as it is printed anywhere beside the article; a page label where none is printed."""
    printed = [found.iso for i in above for found in find_dates(plain[i])]
    printed += [d.iso for _, f in tail if f.kind == "date" for d in find_dates(f.value)]
    label = next((d for name in _DATE_METAS if (d := iso(metas.get(name, "")))), None)
    if label is None and (day := iso(metas.get(FOUNDER_DATE, ""))):
        label = day.removesuffix(_MIDNIGHT)
    if label:
        same = [d for d in printed if d[:10] == label[:10]]
        if same or not printed:
            provenance["published_at"] = "label"
            return max([label, *same], key=len)
    if printed:
        provenance["published_at"] = "pattern"
        first = printed[0]
        return max((d for d in printed if d[:10] == first[:10]), key=len)
    return None


def _source(
    head: list[tuple[int, Field]], tail: list[tuple[int, Field]], provenance: dict[str, str]
) -> tuple[str | None, tuple[str, ...]]:
    """The labelled source; else the words that follow a date with no label: the press first, then its people."""
    for _, item in head + tail:
        if item.kind == "source" and (value := _clean_source(item.value)):
            provenance["source"] = "pattern"
            return value, ()
    for _, item in head:
        dates = find_dates(item.value) if item.kind == "bare" else []
        if not dates or dates[0].start > 2:
            continue
        words = _STOP.sub("", item.value[dates[0].end :]).split()
        if words and 2 <= len(words[0]) <= 20 and _PRESS.search(words[0]):
            provenance["source"] = "pattern"
            return words[0], unique(name for word in words[1:] for name in names(word) if 2 <= len(name) <= 4)
    return None, ()


def _cut(value: str) -> str:
    for found in find_dates(value)[:1]:
        value = value[: found.start]
    return _STOP.sub("", value)


def _clean_source(value: str) -> str | None:
    words = (
        _cut(value)
        .strip(" ()（）:：,，;；|《" if value.count("《") > value.count("》") else " ()（）:：,，;；|")
        .split()
    )
    if not words:
        return None
    taken = words[0]
    for word in words[1:]:
        if not (
            taken.endswith(("-", "—", "、", "·")) or word.startswith(("-", "—", "、", "·")) or (taken + word).isascii()
        ):
            break
        taken = f"{taken} {word}" if (taken + word).isascii() else taken + word
    if len(taken) > 60 or "。" in taken or taken in ("未知", "无", "不详", "null") or not re.search(r"\w", taken):
        return None
    return taken


def _masthead_press(plain: Sequence[str], headline: int | None) -> str | None:
    """The paper that a digital paper's masthead names as its own publisher (…·文汇报社出版), above the headline."""
    above = plain[max(0, (headline or 0) - _HEAD_LINES) : headline or 0]
    if not any(_MASTHEAD.search(text) for text in above):
        return None
    return next((match[1] for text in above if (match := _PUBLISHED_BY.search(text))), None)


def _meta_source(
    metas: Mapping[str, str], around: Iterable[str], title: str | None, provenance: dict[str, str]
) -> str | None:
    """``ContentSource`` where the page prints it beside the article or in its headline, and it is not the headline."""
    value = next((metas[name] for name in _SOURCE_METAS if metas.get(name)), None)
    if not value or len(value) > 40 or (title and len(value) >= 0.5 * len(title)):
        return None
    if any(value in text for text in [*around, title or ""]):
        provenance["source"] = "label"
        return value
    return None


def _abstract(plain: Sequence[str], above: list[int], first: int, used: set[int]) -> str | None:
    for i in [*above, first][: len(above) + (first < len(plain))]:
        match = _ABSTRACT.match(plain[i])
        if match and len(plain[i]) - match.end() >= 10:
            used.add(i)
            return plain[i][match.end() :]
    return None
