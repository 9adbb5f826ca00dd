"""What a policy page says of its document: 文号, 索引号, and the card (信息公开 table) that bears them.

The card stands above the article as a table, a list or a line of labels (索引号 / 主题分类 / 发布机构 / 成文日期 / 名称
/ 文号 / 有效性). It is no text of the article. Its 名称 is a headline, its 发布日期 a date of publication, its 成文日期
one where nothing better is printed. Its 发布机构 is whose document it is, not whence the page has it: no source.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

_LABELS = {
    "index": "索引号 索取号 信息索引号 信息索引 索引码",
    "number": "文号 发文字号 发文文号 发文号 公文文号 文件文号 文件编号 文件字号 发布文号",
    "name": "名称 标题 信息名称 文件名称 公文名称 文件标题 信息标题 公文标题",
    "published": "发布日期 发布时间 公开日期 公开时间 信息公开日期 上网日期 发布于",
    "written": "成文日期 成文时间 发文日期 发文时间 印发日期 生成日期 生成时间 签发日期 形成日期 制发日期 产生日期",
    "source": "信息来源 来源 稿源",
    "other": (
        "主题分类 信息分类 公开分类 体裁分类 组配分类 公文种类 公文类别 信息类别 所属主题 所属类别 服务对象 "
        "服务对象分类 分类 类别 分类号 文种 体裁 主题词 主题 关键词 关键字 标签 发布机构 发布机关 发布单位 "
        "发文机关 发文机构 发文单位 公开机构 公开主体 公开责任部门 公开部门 责任部门 责任单位 主办单位 "
        "联合发文单位 制发机关 制发单位 生成机构 产生机构 信息提供单位 所属机构 有效性 时效性 时效 是否有效 "
        "效力 效力状态 文件状态 文件效力 状态 有效期 有效期限 生效日期 生效时间 实施日期 施行日期 废止日期 "
        "废止时间 失效日期 失效时间 终止日期 更新日期 更新时间 公开方式 公开形式 公开程序 公开范围 公开时限 "
        "公开类别 公开属性 公开期限 信息形式 信息状态 载体类型 记录形式 语种 内容概述 内容摘要 内容描述 "
        "信息内容概述 概述 摘要 统一编号 规范性文件统一编号 规范性文件编号 登记号 备注 页数 所属栏目 栏目"
    ),
    "counter": "浏览次数 浏览量 阅读次数 阅读量 点击次数 点击数 访问次数 访问量 字体大小 字体 字号",
}
_KINDS = {label: kind for kind, labels in _LABELS.items() for label in labels.split()}
_NAMES = "|".join(" ?".join(label) for label in sorted(_KINDS, key=len, reverse=True))
_LABEL = re.compile(rf"(?:^|(?<=[\s|(\[【;,]))[\[【(]?(?P<label>{_NAMES})[\]】)]?(?: ?: ?|(?= |$))")
"""A label of the card: before a colon, or alone in its cell."""
_FIRST = frozenset(label[0] for label in _KINDS) | frozenset("[【(")
_EDGES = " |·,;"
_BYLINE = frozenset({"published", "source", "counter"})
"""What stands in a byline as well: such lines at the card's edges are left to the byline's reader."""
_MOST_LINES = 40
_LEAST_LABELS = 4
"""Filled labels from which a card without any number of its own is one."""
_LONGEST_ROW = 2000
"""Characters above which a line is no row of a card."""
_LONGEST_NUMBER = 40
_LONGEST_INDEX = 60
_LONGEST_NAME = 200
_YEAR = r"(?:19|20)\d\d"
_BRACKETED = rf"[〔\[(【<〈] ?{_YEAR} ?[〕\])】>〉]"
_OFFICE = r"(?!根据|按照|依据|依照|参照|关于)[\u3400-\u9fff]{1,16}"
_CODE = rf"{_OFFICE} ?(?:{_BRACKETED}|{_YEAR}年?) ?(?:第 ?)?\d{{1,5}}(?:-\d{{1,3}})? ?号"
_SERIES = rf"(?:{_YEAR} ?年?)? ?第 ?[\d〇零一二三四五六七八九十百]{{1,5}} ?号"
_ORDER = rf"[\u3400-\u9fff]{{0,16}}(?:令|公告|通告) ?[\[(]?{_SERIES}[\])]?"
_NUMBER = re.compile(rf"^[\[(【]?(?P<number>{_CODE}|{_ORDER})[\])】]?$")
_NUMBER_BEFORE = re.compile(rf"^[\[(【]?(?P<number>{_CODE})[\])】]?(?=\s*[\u3400-\u9fff《])")
_NUMBER_BEHIND = re.compile(
    rf"(?: (?P<bare>{_CODE})|[\[(【](?P<number>{_CODE})(?:[\s,;、][^()\[\]【】]{{0,20}})?[\])】]"
    r"(?:\s*[(【][^()【】]{0,12}[)】])?)$"
)
_NUMBER_START = re.compile(rf"^[\[(【]?(?P<number>{_CODE}|{_ORDER})")
_ORDERED = re.compile(r"^[\u3400-\u9fff]{2,24}(?:令|公告|通告)$")
_SERIAL = re.compile(rf"^[\[(]?(?P<number>{_SERIES})[\])]?$")
"""第50号 alone on its line: the number of an order or announcement whose name is the line above."""
_COMMENTS = re.compile(r"解读|问答|一图读懂|说明$|答记者问")
_GLUED = re.compile(r"(?<=\d)[\u3400-\u9fff]{3,8}$")
_NONE = re.compile(r"^[\W_]*(?:无|暂无|空|null|none)?[\W_]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Card:
    """The card's values, canonical, and the ``lines`` it takes; ``name_line`` is the one its 名称 stands on."""

    lines: frozenset[int] = frozenset()
    document_number: str | None = None
    index_number: str | None = None
    name: str | None = None
    name_line: int | None = None
    published: str = ""
    written: str = ""
    source: str = ""


NO_CARD = Card()
"""What a page that is no policy page says of its document."""


def find_card(plain: Sequence[str]) -> Card | None:
    """The card of a page's canonical lines, or ``None``: where there is none, or a card for each of several documents.

    A page may print its one card twice (for a telephone too); both are lines of the card.
    """
    found: dict[tuple[str | None, str | None], Card] = {}
    end = 0
    for i in range(len(plain)):
        if i < end or not _pairs(plain[i], i):
            continue
        run, end = _run(plain, i)
        card = _card(run)
        if card is not None:
            first = found.setdefault((card.index_number, card.document_number), card)
            found[card.index_number, card.document_number] = replace(first, lines=first.lines | card.lines)
    return next(iter(found.values())) if len(found) == 1 else None


def labelled_numbers(text: str) -> tuple[str | None, str | None]:
    """The document number and the index number that one canonical line beside the headline prints behind labels."""
    pairs = _pairs(text, anywhere=True)
    return _first(pairs, "number", _number), _first(pairs, "index", _index)


def number_line(text: str, before: str) -> str | None:
    """The document number that is all of a canonical line (云政发〔2021〕5号), as it stands below a headline.

    第50号 alone goes on what ``before``, the line above, begins where that is an order's name (云溪市人民政府令).
    """
    if len(text) > _LONGEST_NUMBER:
        return None
    if match := _NUMBER.match(text):
        return _squeeze(match["number"])
    serial, order = _SERIAL.match(text), _squeeze(before)
    return order + _squeeze(serial["number"]) if serial and _ORDERED.match(order) else None


def number_around(headline: str) -> str | None:
    """The document number that ends or begins a headline (…的通知(云政发〔2021〕5号)); not that of a comment on one."""
    match = _NUMBER_BEHIND.search(headline) or _NUMBER_BEFORE.match(headline)
    if match is None or _COMMENTS.search(headline):
        return None
    return _squeeze(match[match.lastgroup or "number"])


def without_number(headline: str) -> str:
    """A headline without the document number that labels add behind it in brackets (…公开表(云罚〔2021〕5号))."""
    return _NUMBER_BEHIND.sub("", headline).strip()


@dataclass(frozen=True, slots=True)
class _Pair:
    """One labelled value and the line that it stands on."""

    line: int
    kind: str
    value: str


def _pairs(text: str, line: int = 0, *, anywhere: bool = False) -> list[_Pair]:
    """The labelled values of a line; none where it does not begin with a label, unless ``anywhere``."""
    if len(text) > _LONGEST_ROW or (not anywhere and text[:1] not in _FIRST):
        return []
    if not anywhere and not _LABEL.match(text):
        return []
    if not (marks := list(_LABEL.finditer(text))):
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return [
        _Pair(line, _KINDS[mark["label"].replace(" ", "")], text[mark.end() : end].strip(_EDGES))
        for mark, end in zip(marks, ends, strict=True)
    ]


def _run(plain: Sequence[str], first: int) -> tuple[list[_Pair], int]:
    """The labelled values of lines that follow each other from ``first``, and the line after them.

    A label that ends its line takes the whole next line for its value, if that can be one: an empty 有效性 at the
    card's end does not take the headline.
    """
    found: list[_Pair] = []
    i = first
    while i < min(len(plain), first + _MOST_LINES):
        pairs = _pairs(plain[i], i)
        if not pairs:
            if not found or found[-1].value or found[-1].line != i - 1 or not _is_value(plain, i, found[-1].kind):
                break
            label, found[-1] = found[-1], replace(found[-1], kind="other")
            pairs = [_Pair(i, label.kind, plain[i].strip(_EDGES))]
        found += pairs
        i += 1
    return found, max(i, first + 1)


def _is_value(plain: Sequence[str], i: int, kind: str) -> bool:
    """Whether a line can be the value of a label of this kind that stands on the line before."""
    text = plain[i]
    if kind in ("number", "index"):
        return (_number(text) or _index(text)) is not None
    if text.endswith((":", "。")) or len(text) > _LONGEST_NAME:
        return False
    return kind in ("name", "published", "written") or (i + 1 < len(plain) and bool(_pairs(plain[i + 1])))


def _card(run: Sequence[_Pair]) -> Card | None:
    """The card that a run of labelled values is, ``None`` for a byline, a table's head, a register of documents."""
    filled = [pair for pair in run if not _NONE.match(pair.value)]
    if any(len({_squeeze(pair.value) for pair in filled if pair.kind == kind}) > 1 for kind in ("number", "index")):
        return None
    number, index = _first(filled, "number", _number), _first(filled, "index", _index)
    anchored = any(pair.kind in ("number", "index") for pair in run)
    if not anchored or len({(pair.kind, pair.line) for pair in run}) < 2:
        return None
    if not (number or index) and len(filled) < _LEAST_LABELS:
        return None
    labels = Counter(pair.line for pair in run)
    core = [
        pair.line for pair in run if pair.kind not in _BYLINE or (pair.kind == "published" and labels[pair.line] == 1)
    ]
    name = next((pair for pair in filled if pair.kind == "name" and len(pair.value) <= _LONGEST_NAME), None)
    return Card(
        lines=frozenset(range(min(core), max(core) + 1)),
        document_number=number,
        index_number=index,
        name=name.value if name else None,
        name_line=name.line if name else None,
        published=_text(filled, "published"),
        written=_text(filled, "written"),
        source=_text(filled, "source"),
    )


def _text(pairs: Iterable[_Pair], kind: str) -> str:
    return next((pair.value for pair in pairs if pair.kind == kind), "")


def _first(pairs: Iterable[_Pair], kind: str, read: Callable[[str], str | None]) -> str | None:
    return next((value for pair in pairs if pair.kind == kind and (value := read(pair.value))), None)


def _number(value: str) -> str | None:
    """A document number as it stands behind its label; behind it may stand more (有效)."""
    match = _NUMBER_START.match(value)
    text = _squeeze(match["number"] if match else value)
    return text if any(char.isdigit() for char in text) and len(text) <= _LONGEST_NUMBER else None


def _index(value: str) -> str | None:
    """An index number as it stands behind its label, without a label glued to it (…/2021-5公开分类)."""
    text = _GLUED.sub("", value.replace(" ", ""))
    return text if any(char.isdigit() for char in text) and len(text) <= _LONGEST_INDEX else None


def _squeeze(number: str) -> str:
    return number.replace(" ", "")
