"""What an edit touches: figures, dates, people, document numbers, negations.

Text is cut into tokens in which each such fact is one piece, so that an edit can never break it: 4156名, 6.89亿, 9:30,
2021年4月8日, 国发〔2021〕5号, 王建国. Everything here works on reading text (``align.reading``). The patterns are own
work after the national rules for figures in publications (GB/T 15835) and for document numbers (GB/T 9704).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from monitor.compare.align import COUNTER, HAN, fold
from monitor.compare.named import renamed_bodies
from monitor.compare.names import new_post, other_name, renamed
from monitor.words import is_post, words_and_names
from storage.records import Facts


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    DOCUMENT = "document"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text that no edit breaks; ``key`` is what it is compared by.

    ``maybe_name`` marks what has the form of a person's name, whether or not anything around it says that it is one.
    """

    text: str
    kind: Kind
    key: str
    maybe_name: bool = False


Pair = tuple[str, str]
"""(before, after); a lone side is an empty string."""

_DIGIT = "〇零一二三四五六七八九"
_NUMERAL = f"{_DIGIT}十百千两"
_TO = "[-–—~至到]"
_FIGURE = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_MAGNITUDE = r"(?:万亿|千亿|百亿|千万|百万|[万亿百]|千(?![瓦米克]))"
_ROUGHLY = "[余多来几]?"
_LATIN_UNIT = "(?:km|kg|mm|cm|m2|m3|kWh|kW|MW|GB|MB|°C|°F|°)(?![A-Za-z])"
_UNIT = (
    f"(?:{_LATIN_UNIT}|个百分点|百分点|个工作日|工作日|个月|个小时|小时|平方公里|平方千米|平方米|立方米|公里|千米|毫米|厘米|"
    "微米|微克|毫克|千克|公斤|公顷|公亩|千瓦时|千瓦|兆瓦|摄氏度|美元|欧元|港元|日元|英镑|人次|车次|架次|班次|场次|家次|户次|"
    "批次|周年|周岁|分钟|秒钟|公升|毫升|日(?=[内均])|"
    "[名人个家场项次件户亩米元吨斤克升年天岁届期批支套台辆架艘座栋幢间所处条款章节类种幅份本册页位口只头匹棵株片块层级倍成折路"
    "室楼集部首句字票桌盏盒箱包瓶袋张顶根双对组队班轮站股门例剂针滴分秒厂村镇县市区省国校店桩孔度])"
)
_YEAR = rf"(?:(?<!\d)\d{{4}}|[{_DIGIT}]{{4}})年(?![级薪])"
_MONTH = "(?:(?<!\\d)(?:1[0-2]|0?[1-9])|十[一二]?|(?<![第十])[一二三四五六七八九])月(?!龄)"
_DAY = "(?:(?<!\\d)(?:3[01]|[12]\\d|0?[1-9])|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]"
_MONTH_DAY = f"{_MONTH}(?:{_DAY}|份|初|底|末|[上中下]旬)?"
_PART_OF_DAY = "(?:上午|下午|中午|凌晨|早上|早晨|清晨|晚上|晚间|傍晚|晚|早)"
_HOUR = r"(?<!\d)(?:2[0-4]|[01]?\d)"
_CLOCK = (
    rf"(?:{_PART_OF_DAY}?{_HOUR}(?::[0-5]\d(?::[0-5]\d)?(?!\d)|[时点](?:[0-5]?\d分|半|整|许)|时(?![间代期候段]))"
    f"|{_PART_OF_DAY}{_HOUR}点)"
)
_QUARTER = "第?[一二三四1-4]季度"
_DATE = (
    f"(?:{_YEAR}(?:{_MONTH_DAY}|度|初|底|末|[上下]半年|{_QUARTER})?|{_MONTH_DAY}"
    r"|(?<![\d.-])\d{4}[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])(?![\d.-])"
    r"|(?<![\d第])(?:3[01]|[12]\d|0?[1-9])日(?![内均元本报游]))"
)
_WEEKDAY = f"星期[一二三四五六日天]|[本上下每]?周[一二三四五六日](?:(?![{HAN}])|(?=[上下早晚至到]))"
_RELATIVE = "[今去明前后]年|[昨今明前后]天|[昨今明当]日|[上本下]月|[上本下]周"
_CODE_YEAR = r"[〔\[(【](?:19|20)\d{2}[〕\])】]"
_BEFORE_CODE = re.compile(
    ".*(?:根据|按照|依据|依照|关于|印发|转发|执行|落实|学习|贯彻|参照|详见|文件|通知|废止|修订|发布|[见及和与的以由按为有])(?=.)"
)
_PATTERNS = {
    Kind.DOCUMENT: (
        rf"[{HAN}]{{0,8}}{_CODE_YEAR}第?\d+号|{_CODE_YEAR}[{HAN}]\d*[{HAN}]+\d+号"
        r"|(?:19|20)\d{2}年第\d+号|第\d+号(?:令|公告|通告)|(?:令|公告|通告)第\d+号"
    ),
    Kind.COUNTER: COUNTER.pattern,
    Kind.DATE: (
        rf"(?<!\d)\d{{4}}{_TO}\d{{4}}年|{_DATE}|{_CLOCK}"
        rf"|\d{{2}}世纪(?:\d0年代)?|(?<!\d)\d0年代|{_QUARTER}|[上下]半年|{_WEEKDAY}|{_RELATIVE}"
    ),
    Kind.WORD: (
        rf"https?://[^\s{HAN},。;)]+|[\w.+-]+@[\w-]+\.[\w.]+|[A-Za-z]+-?\d[A-Za-z0-9-]*"
        rf"|\d+(?!{_LATIN_UNIT})[A-Za-z][A-Za-z0-9-]*"
    ),
    Kind.NUMBER: (
        rf"百分之(?:{_FIGURE}|[{_NUMERAL}点]+)|[{_NUMERAL}\d]+分之[{_NUMERAL}\d]+|第(?:\d+|[{_NUMERAL}]+){_UNIT}?"
        rf"|\d{{3,4}}-\d{{7,8}}(?!\d)"
        rf"|(?:{_FIGURE}(?:[%‰]|{_MAGNITUDE}|{_UNIT})?{_TO})?{_FIGURE}"
        rf"(?:[%‰]|{_ROUGHLY}{_MAGNITUDE}{_ROUGHLY}|{_ROUGHLY}{_UNIT})?"
        rf"|(?!十分[^之]|百分)[{_NUMERAL}]+(?:点[{_NUMERAL}]+)?{_ROUGHLY}(?:[万亿]+{_ROUGHLY}|{_UNIT})"
    ),
}
_FACT = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _PATTERNS.items()))
_A_UNIT = re.compile(f"(?:{_UNIT}|人民币|万?元|吨级|人)")
_EVERYDAY = re.compile(rf"第|[一两几半]\D*$|[百千]年$|{_RELATIVE}")
"""Figures and dates that say little alone: 一个, 第一批, 今年. Told only where they became another figure or date."""

_DIGITS = re.compile(rf"[\d.,]*\d|[{_NUMERAL}]+")
_NEGATOR = re.compile(
    "严禁|禁止|不[得准许可能应宜予再会要用必]|并非|绝非|[绝决从并毫尚暂概拒]不|没有|未[经能]|[尚从并]未|无[法需须权意]|[请切]勿|切忌|谢绝|"
    "[勿不未无非没]"
)
_NO_NEGATION = re.compile(
    "不(?:仅|但|断|少|同|久|过|管|论|妨|禁|惜|愧|忘|懈|屈|竭|畏|息|止|只|乏|免|时|单|外乎|锈钢|动产|一|等|料|知不觉|约而同|可或缺|可分割|"
    "可替代|遗余力|折不扣|负|负众望|朽|凡|菲|俗|失为|言而喻|得不|由得)"
    "|未(?:来|必|婚|免|成年人?)"
    "|无(?:锡|人机|线|线电|论|数|比|限|私|偿|愧|畏|疑|穷|缝|声|机|形|形中|形资产|微不至|障碍|纸化|烟|花果|产阶级|价|悔|双|名|极|为)"
    "|非(?:常|遗|洲|凡|典|公|机动车|物质|物质文化遗产|但|议|营利|同寻常)|没(?:收|落|准)"
)
_PROHIBITIONS = frozenset(("严禁", "禁止", "不得", "不准", "不许", "谢绝", "请勿", "切勿"))
_WHOLE_SENTENCE = 20


def tokens(text: str) -> list[Token]:
    """``text``, which is reading text, as tokens in order; joined, they give it back."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    for match in _FACT.finditer(text):
        yield from _words(text[position : match.start()])
        kind, found = Kind[match.lastgroup or "WORD"], match.group()
        if kind is Kind.DOCUMENT and (before := _BEFORE_CODE.match(re.split(r"[〔\[(【]", found)[0])):
            yield from _tokens(before.group())
            found = found[before.end() :]
        yield Token(found, kind, "" if kind is Kind.COUNTER else fold(found))
        position = match.end()
    yield from _words(text[position:])


def _words(text: str) -> Iterator[Token]:
    for word, sureness in words_and_names(text) if text else ():
        kind = Kind.PERSON if sureness == 1.0 else Kind.WORD
        yield Token(word, kind, word if word.isalnum() else fold(word), maybe_name=sureness > 0)


@dataclass(frozen=True, slots=True)
class Touched:
    """The tokens that an edit took away and brought, and those that stand before and after it in both texts.

    ``left`` and ``right`` are what stands around it, some words long.
    """

    old: tuple[Token, ...]
    new: tuple[Token, ...]
    following: tuple[Token, ...] = ()
    preceding: Token | None = None
    left: str = ""
    right: str = ""

    @property
    def texts(self) -> Pair:
        """The words before and after."""
        return "".join(token.text for token in self.old), "".join(token.text for token in self.new)


def facts_of(edits: Iterable[Touched]) -> Facts:
    """What ``edits`` touch, in the order of the text, each pair once.

    A figure becomes the next one of its own unit in the same edit, else stands alone; one that leaves here and comes
    back elsewhere was merely moved along and is no fact.
    """
    touched = list(edits)
    bodies, places = _bodies_and_places(touched)
    return Facts(
        organisations=_settled(bodies),
        places=_settled(places),
        numbers=_settled(pair for edit in touched for pair in _pairs(edit, Kind.NUMBER)),
        dates=_settled(pair for edit in touched for pair in _pairs(edit, Kind.DATE)),
        people=_settled(pair for edit in touched for pair in _people(edit)),
        documents=_settled(pair for edit in touched for pair in _pairs(edit, Kind.DOCUMENT)),
        negations=_settled(pair for edit in touched for pair in _negations(edit)),
    )


def _bodies_and_places(touched: Iterable[Touched]) -> tuple[list[Pair], list[Pair]]:
    """Organisations and places that became others, where the edit is not one of a person's name or post."""
    bodies: list[Pair] = []
    places: list[Pair] = []
    for edit in touched:
        if not _people(edit):
            told = renamed_bodies(*edit.texts, edit.left, edit.right)
            bodies += told[0]
            places += told[1]
    return bodies, places


def _settled(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Pairs without repetition; a text that vanishes in one and appears alone in another was moved, not changed."""
    said = list(pairs)
    gone = Counter(before for before, after in said if not after)
    come = Counter(after for before, after in said if not before)
    along = gone & come
    told: dict[Pair, None] = {}
    for before, after in said:
        if not (before and after) and (before or after) in along:
            continue
        told[before, after] = None
    return tuple(told)


def _pairs(edit: Touched, kind: Kind) -> list[Pair]:
    old, new = _texts(edit.old, kind), _texts(edit.new, kind)
    pairs = [pair for pair in _matched(*_different(old, new)) if all(pair) or not _EVERYDAY.match("".join(pair))]
    return pairs or (_units(edit) if kind is Kind.NUMBER else [])


def _units(edit: Touched) -> list[Pair]:
    """6.89亿元 that became 6.89亿美元: the figure stayed, its unit changed."""
    if edit.preceding is None or edit.preceding.kind is not Kind.NUMBER or not edit.old or not edit.new:
        return []
    before, after = edit.old[0].text, edit.new[0].text
    units = _A_UNIT.fullmatch(before) and _A_UNIT.fullmatch(after)
    return [(edit.preceding.text + before, edit.preceding.text + after)] if units else []


def _texts(found: Sequence[Token], kind: Kind) -> list[str]:
    return [token.text for token in found if token.kind is kind]


def _different(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """Both lists without what stands in both, compared as typography allows."""
    return _without(old, new), _without(new, old)


def _without(texts: Sequence[str], others: Sequence[str]) -> list[str]:
    spare = Counter(map(fold, others))
    kept = []
    for text in texts:
        if spare[fold(text)] > 0:
            spare[fold(text)] -= 1
        else:
            kept.append(text)
    return kept


def _matched(old: list[str], new: list[str]) -> list[Pair]:
    """Each with the next of its own form (4156名 with 4165名, not with 200亩); what is left over in order, or alone."""
    pairs: dict[int, str] = {}
    waiting = list(new)
    for at, before in enumerate(old):
        after = next((text for text in waiting if _form(text) == _form(before)), None)
        if after is not None:
            waiting.remove(after)
            pairs[at] = after
    unpaired = [at for at in range(len(old)) if at not in pairs]
    if len(unpaired) == len(waiting):
        pairs |= dict(zip(unpaired, waiting, strict=True))
        waiting = []
    return [(before, pairs.get(at, "")) for at, before in enumerate(old)] + [("", after) for after in waiting]


def _form(text: str) -> str:
    """What a figure or date looks like without its digits: ``#名``, ``#年#月#日``."""
    return _DIGITS.sub("#", text)


def _people(edit: Touched) -> list[Pair]:
    """Names that changed; where the name stayed and the post before it changed, both with their posts."""
    old, new = _different(_texts(edit.old, Kind.PERSON), _texts(edit.new, Kind.PERSON))
    if all(map(is_post, edit.texts)):
        return new_post(*edit.texts, edit.left, edit.right)
    if len(old) != 1 or len(new) != 1 or len(old[0]) != len(new[0]):
        letters = _renamed(edit, known=len(old) + len(new) == 1)
        if letters:
            return letters
    if old or new:
        paired = min(len(old), len(new))
        changed = list(zip(old, new, strict=False))
        return changed + [(name, "") for name in old[paired:]] + [("", name) for name in new[paired:]]
    return _names_by_form(edit) or new_post(*edit.texts, edit.left, edit.right)


def _renamed(edit: Touched, *, known: bool) -> list[Pair]:
    """A name that the cutter did not see as one in both texts, or only in one (``known``)."""
    if not edit.old or not edit.new:
        return []
    around = edit.left, edit.right
    pair = renamed(*edit.texts, *around) or other_name(*edit.texts, *around, known=known)
    return [pair] if pair else []


def _names_by_form(edit: Touched) -> list[Pair]:
    """Names with no witness around them: believed where both have a name's form and the surname is the same."""
    old = [token.text for token in edit.old if token.maybe_name]
    new = [token.text for token in edit.new if token.maybe_name]
    return [(was, now) for was, now in zip(old, new, strict=False) if was != now and was[0] == now[0]]


def _negations(edit: Touched) -> list[Pair]:
    """Negations that came or went. Where a whole sentence came or went, only prohibitions are told."""
    old, new = _different(_negators(edit.old, edit.following), _negators(edit.new, edit.following))
    if not (edit.old and edit.new) and sum(len(token.text) for token in edit.old + edit.new) > _WHOLE_SENTENCE:
        old, new = [text for text in old if text in _PROHIBITIONS], [text for text in new if text in _PROHIBITIONS]
    if len(old) == len(new):
        return list(zip(old, new, strict=True))
    return [(text, "") for text in old] + [("", text) for text in new]


def _negators(found: Sequence[Token], following: Sequence[Token]) -> list[str]:
    after = [token.text for token in (*found[1:], *following[:1])]
    return [negator for token, word in zip_longest(found, after) if token and (negator := _negator(token, word or ""))]


def _negator(token: Token, following: str) -> str:
    """The negation in a word, empty for none; 非 before 物质 is none, though the cutter parts them."""
    match = _NEGATOR.match(token.text)
    if match is None or token.kind is not Kind.WORD or _NO_NEGATION.fullmatch(token.text):
        return ""
    harmless = _NO_NEGATION.match(token.text + following) if match.group() == token.text else None
    return "" if harmless and harmless.end() > len(token.text) else match.group()
