"""Negations that came or went, duties that became permissions, and what says the contrary.

Each is told with the word it governs, on both sides: 不存在 → 存在, 不予受理 → 予以受理, 不得再次 → 可再次, 应当具有 →
可以具有. A lone 不 tells nobody what is no longer so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

Pair = tuple[str, str]

_NEGATOR = re.compile(
    "严禁|禁止|不[得准许可能应宜予再会要用必]|并非|绝非|[绝决从并毫尚暂概拒]不|没有|未[经能]|[尚从并]未|无[法需须权意]|[请切]勿|切忌|谢绝|"
    "[勿不未无非没]"
)
_NO_NEGATION = re.compile(
    "不(?:仅|但|断(?![电水网开])|少|同(?!意)|久|过(?![度期户])|管(?![理控])|论|妨|禁(?!止)|惜|愧|忘|懈|屈|竭|畏|息|止|只|乏|免(?![费除征])|时|单(?!独)|外乎|"
    "锈钢|动产|一|等(?![待候])|料|知不觉|约而同|可或缺|可分割|可替代|遗余力|折不扣|负(?![责担])|负众望|朽|凡|菲|俗|失为|言而喻|得不|由得)"
    "|未(?:来|必|婚|免|成年人?)"
    "|无(?:锡|人机|线|线电|论|数(?!据)|比|限(?!制)|私|偿|愧|畏|疑|穷|缝|声|机|形|形中|形资产|微不至|障碍|纸化|烟|花果|产阶级|价|悔|双|名|极|为)"
    "|非(?:常|遗|洲|凡|典|公|机动车|物质|物质文化遗产|但|议|营利|同寻常)|没(?:收|落|准)"
)
_PROHIBITIONS = frozenset(("严禁", "禁止", "不得", "不准", "不许", "谢绝", "请勿", "切勿"))
_DUTIES = frozenset(("应当", "应该", "应", "须", "必须", "务必", "均应", "均须", "一律"))
_PERMISSIONS = frozenset(("可以", "可", "均可", "允许", "准许", "有权", "能够", "鼓励", "提倡"))
_MORE = frozenset(("增长", "增加", "上升", "上涨", "提高", "升高", "上调", "增收", "盈利", "高于", "不低于", "零上"))
_LESS = frozenset(("下降", "减少", "下跌", "降低", "回落", "下调", "减收", "亏损", "低于", "不超过", "零下"))
_WHOLE_SENTENCE = 20
_BRIEF = 12
"""Characters up to which a side of an edit is told whole."""
_GOVERNED = 2
"""Characters that tell what a negation is about, and the words that are looked at for them."""
_HAN = re.compile("[\u3400-\u9fff]+")


def are_contrary(before: str, after: str) -> bool:
    """Whether one is of the words for more and the other of those for less."""
    return (before in _MORE and after in _LESS) or (before in _LESS and after in _MORE)


def negations(old: Sequence[str], new: Sequence[str], ahead: Sequence[str]) -> list[Pair]:
    """What an edit from the words ``old`` to the words ``new`` turns about.

    ``ahead`` are the words behind it in both texts. Where a whole sentence came or went, only prohibitions are told.
    """
    gone, come = _different(_negators(old, ahead), _negators(new, ahead))
    before, after = "".join(old), "".join(new)
    if not (old and new) and len(before + after) > _WHOLE_SENTENCE:
        gone, come = _prohibitions(gone), _prohibitions(come)
    elif (gone or come) and max(len(before), len(after)) <= _BRIEF:
        opened = not (old and new) or any(_negator(side[-1], "") for side in (old, new))
        behind = _governed(ahead) if opened else ""
        return [(before + behind, after + behind)]
    if not gone and not come:
        turned = _is_other_duty(before, after)
        return [(before + _governed(ahead), after + _governed(ahead))] if turned else []
    told = [_phrase(old, at, ahead) for at, _ in gone], [_phrase(new, at, ahead) for at, _ in come]
    if len(gone) == len(come):
        return list(zip(*told, strict=True))
    return [(text, "") for text in told[0]] + [("", text) for text in told[1]]


def _is_other_duty(before: str, after: str) -> bool:
    """应当 that became 可以, or the other way about; 应当 and 必须 say nearly the same."""
    return (before in _DUTIES and after in _PERMISSIONS) or (before in _PERMISSIONS and after in _DUTIES)


_Found = tuple[int, str]
"""A negation and the number of its word."""


def _different(old: list[_Found], new: list[_Found]) -> tuple[list[_Found], list[_Found]]:
    return _without(old, new), _without(new, old)


def _without(found: list[_Found], others: list[_Found]) -> list[_Found]:
    spare = Counter(text for _, text in others)
    kept = []
    for at, text in found:
        if spare[text] > 0:
            spare[text] -= 1
        else:
            kept.append((at, text))
    return kept


def _prohibitions(found: list[_Found]) -> list[_Found]:
    return [(at, text) for at, text in found if text in _PROHIBITIONS]


def _negators(words: Sequence[str], ahead: Sequence[str]) -> list[_Found]:
    behind = [*words[1:], *ahead[:1]]
    pairs = enumerate(zip_longest(words, behind[: len(words)], fillvalue=""))
    return [(at, negator) for at, (word, following) in pairs if (negator := _negator(word, following))]


def _negator(word: str, following: str) -> str:
    """The negation that a word begins with, empty for none; 非 before 物质 is none, though the cutter parts them."""
    match = _NEGATOR.match(word)
    if match is None or _NO_NEGATION.fullmatch(word):
        return ""
    harmless = _NO_NEGATION.match(word + following) if match.group() == word else None
    return "" if harmless and harmless.end() > len(word) else match.group()


def _phrase(words: Sequence[str], at: int, ahead: Sequence[str]) -> str:
    """A negation's word with what it governs."""
    return words[at] + _governed([*words[at + 1 :], *ahead])


def _governed(words: Sequence[str]) -> str:
    """The first words, until they tell something; nothing beyond a mark."""
    said = ""
    for word in words[:_GOVERNED]:
        if len(said) >= _GOVERNED or not _HAN.fullmatch(word):
            break
        said += word
    return said
