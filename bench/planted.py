"""Edits of a fact in a sentence that was put into both states of a page: what the sentence says is known for"
" certain."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from bench import newsroom as say
from bench.edits import Edited, Maker, Truth, counted, in_runs, other_figure, spliced
from bench.manuscript import Manuscript
from storage.records import ChangeKind

Planted = Callable[[Random], "tuple[str, str, Truth] | None"]
"""The sentence before and after, and what is true of the edit between them."""

_PLACE = re.compile(r"[^。！？“”\"）)]。(?=[^”\"’）)])|[^。！？“”\"）)]。$")
_EDITED = ChangeKind.EDITED


def planting(made: Planted) -> Maker:
    """An edit of a sentence that stands in both states, at the end of some sentence of the text."""

    def make(page: Manuscript, dice: Random) -> Edited | None:
        ends = [m.end() for m in in_runs(page, _PLACE)]
        said = made(dice)
        if not ends or said is None:
            return None
        at = dice.choice(ends)
        return Edited(spliced(page, at, at, said[0]), spliced(page, at, at, said[1]), said[2])

    return make


def _different(choose: Callable[[Random], str], dice: Random, other: str) -> str:
    while (made := choose(dice)) == other:
        pass
    return made


def _named(dice: Random, form: Callable[[str], str]) -> tuple[str, str, Truth]:
    one = say.full_name(dice)
    if dice.random() < 0.5:
        other = one[0] + _different(say.full_name, dice, one)[1:]
        other = one[:2] + other[2] if dice.random() < 0.5 else other
    else:
        other = say.full_name(dice)
    if other == one:
        other = one[:2] + ("宁" if one[2] != "宁" else "安")
    truth = Truth(
        _EDITED, one, other, facts={"people": (one, other)}, quiet=("numbers", "dates", "documents", "places")
    )
    return form(one), form(other), truth


def person(dice: Random) -> tuple[str, str, Truth]:
    """Another name where officials, reporters and people of the story are named."""
    office, body, thing, deed = say.post(dice), say.body(dice), say.thing(dice), say.deed(dice)
    forms: tuple[Callable[[str], str], ...] = (
        lambda who: f"会议由{office}{who}主持。",
        lambda who: f"{body}{office}{who}{deed}，要把{thing}抓紧抓实。",
        lambda who: f"“{thing}让大家得到了实惠。”村民{who}说。",
        lambda who: f"{office}{who}、{body}负责同志参加活动。",
        lambda who: f"{who}{deed}，{thing}是一项系统工程。",
        lambda who: f"{body}党组书记{who}来到现场，了解{thing}情况。",
        lambda who: f"（记者 {who} 通讯员 李文博）",
        lambda who: f"获奖的有陈晓东、{who}、周海燕等同志。",
        lambda who: f"“请大家放心。”{body}工作人员{who}告诉记者。",
    )
    return _named(dice, dice.choice(forms))


def office(dice: Random) -> tuple[str, str, Truth]:
    """Another post before the same name."""
    who, one, deed, thing = say.full_name(dice), say.post(dice), say.deed(dice), say.thing(dice)
    other = _different(say.post, dice, one)
    body = say.body(dice)
    form = dice.choice(("会议由{0}{1}主持。", "{0}{1}" + deed + f"，要统筹推进{thing}。", body + "{0}{1}出席并讲话。"))
    pair = (one + who, other + who)
    truth = Truth(
        _EDITED, one, other, facts={"people": pair}, near=("people",), quiet=("numbers", "dates", "documents")
    )
    return form.format(one, who), form.format(other, who), truth


def organisation(dice: Random) -> tuple[str, str, Truth]:
    """Another organisation."""
    one = say.body(dice)
    other = _different(say.body, dice, one)
    thing = say.thing(dice)
    form = dice.choice(
        (
            f"该项目由{{}}负责实施，{thing}同步推进。",
            f"{{}}相关负责人说，{thing}将于近期启动。",
            f"{thing}工作由{{}}牵头。",
            f"昨日，{{}}组织开展{thing}活动。",
        )
    )
    pair = (one, other)
    truth = Truth(_EDITED, *pair, facts={"organisations": pair}, near=("organisations",), quiet=("numbers", "dates"))
    return form.format(one), form.format(other), truth


def place(dice: Random) -> tuple[str, str, Truth]:
    """Another place."""
    one = say.place(dice)
    other = _different(say.place, dice, one)
    thing = say.thing(dice)
    form = dice.choice(
        (
            f"活动在{{}}举行，主题是{thing}。",
            f"记者在{{}}看到，{thing}正在进行。",
            f"他们先后来到{{}}，察看{thing}情况。",
            f"{thing}现场会在{{}}召开。",
        )
    )
    truth = Truth(_EDITED, one, other, facts={"places": (one, other)}, near=("places",), quiet=("numbers", "dates"))
    return form.format(one), form.format(other), truth


_UNITS = {
    "figure": [
        "万亩",
        "名",
        "户",
        "亩",
        "公里",
        "人次",
        "万人次",
        "℃",
        "平方米",
        "台",
        "家",
        "吨",
        "微克/立方米",
        "千瓦时",
        "座",
        "所",
        "艘",
        "周岁",
    ],
    "amount": ["亿元", "万元", "元", "万美元", "亿美元", "元/斤", "余万元"],
    "percentage": ["%", "％", "个百分点", "‰"],
}
_FIGURES = {
    "figure": ("全市共有{}，比上年有所增加。", "覆盖面达到{}，效果良好。", "据统计，累计{}，进度符合预期。"),
    "amount": ("项目总投资{}，资金已经到位。", "收入{}，支出平衡。", "共拨付资金{}，用于{1}。"),
    "percentage": ("同比增长{}，好于预期。", "完成率为{}，位居前列。", "满意度提高到{}，{1}成效明显。"),
}


def figured(family: str) -> Planted:
    """A figure of this family corrected."""

    def make(dice: Random) -> tuple[str, str, Truth]:
        unit = dice.choice(_UNITS[family])
        one = dice.choice((str(dice.randint(11, 9899)), f"{dice.uniform(1, 99):.1f}", f"{dice.uniform(1, 99):.2f}"))
        other = other_figure(one, dice)
        form = dice.choice(_FIGURES[family]).replace("{1}", say.thing(dice))
        pair = counted(one, _told(unit)), counted(other, _told(unit))
        truth = Truth(
            _EDITED, *pair, facts={"numbers": pair}, quiet=("dates", "people", "documents", "negations", "places")
        )
        return form.format(one + unit), form.format(other + unit), truth

    return make


def _told(unit: str) -> str:
    return "余万" if unit.startswith("余万") else unit.split("/", maxsplit=1)[0]


def unit(dice: Random) -> tuple[str, str, Truth]:
    """The figure stays, its unit becomes another."""
    figure = f"{dice.uniform(1, 99):.2f}"
    one, other = dice.sample(("亿元", "万元", "万亩", "公里", "吨", "%", "个百分点"), 2)
    form = dice.choice(("总量达到{}，符合预期。", "累计{}，进展顺利。"))
    truth = Truth(
        _EDITED, "", "", facts={"numbers": (figure + one, figure + other)}, near=("numbers",), quiet=("dates",)
    )
    return form.format(figure + one), form.format(figure + other), truth


def dated(dice: Random) -> tuple[str, str, Truth]:
    """Another day, year, hour or deadline."""
    month, day, hour = dice.randint(1, 12), dice.randint(1, 27), dice.randint(8, 16)
    year = dice.randint(2016, 2026)
    before, after = dice.choice(
        (
            (f"{month}月{day}日", f"{month}月{day + 1}日"),
            (f"{year}年{month}月{day}日", f"{year + 1}年{month}月{day}日"),
            (f"{year}年{month}月", f"{year}年{month % 12 + 1}月"),
            (f"{month}月{day}日", f"{month % 12 + 1}月{day}日"),
        )
    )
    form = dice.choice(("报名截至{}，逾期不再受理。", f"{{}}，{say.thing(dice)}现场会召开。", "该办法自{}起施行。"))
    if dice.random() < 0.2:
        before, after = f"{hour}:30", f"{hour + 1}:30"
        form = "活动于上午{}开始。" if hour < 11 else "活动于{}开始。"
    pair = (before, after)
    truth = Truth(_EDITED, *pair, facts={"dates": pair}, near=("dates",), quiet=("numbers", "people", "documents"))
    return form.format(before), form.format(after), truth


def document(dice: Random) -> tuple[str, str, Truth]:
    """Another document number."""
    body, year, number = (
        f"{say.city(dice)[0]}{dice.choice(('政发', '政办发', '府办〔', '发改', '教函'))}".strip("〔"),
        dice.randint(2012, 2026),
        dice.randint(2, 98),
    )
    one = f"{body}〔{year}〕{number}号"
    other = dice.choice((f"{body}〔{year}〕{number + 1}号", f"{body}〔{year - 1}〕{number}号"))
    form = dice.choice(
        ("根据{}文件要求，工作正在推进。", f"《关于{say.thing(dice)}的意见》（{{}}）已经印发。", "按照{}执行。")
    )
    truth = Truth(_EDITED, one, other, facts={"documents": (one, other)}, quiet=("numbers", "dates", "people"))
    return form.format(one), form.format(other), truth


_NEGATED = (
    ("该小区{}允许张贴广告。", "不"),
    ("检测结果显示，水样{}合格。", "不"),
    ("逾期的材料{}予受理。", "不"),
    ("截至发稿，道路{}恢复通行。", "未"),
    ("项目{}经批准擅自开工。", "未"),
    ("现场{}人员伤亡。", ("无", "有")),
    ("现场{}发现隐患。", ("没有", "")),
    ("公园内{}垂钓。", ("禁止", "允许")),
    ("景区内{}携带犬只入内。", ("严禁", "可以")),
    ("任何单位{}收取费用。", ("不得", "可以")),
    ("学校{}组织集体补课。", ("不准", "可以")),
    ("企业{}提供原件。", ("无需", "需要")),
    ("他{}参加此次考试。", ("并未", "")),
    ("申请人{}提供虚假材料。", ("不能", "可能")),
    ("雨天{}进入山区。", ("切勿", "可以")),
    ("相关负责人{}回应记者提问。", ("尚未", "已经")),
)


def negation(added: bool) -> Planted:
    """A negation that came, or one that went, told with the word it governs."""

    def make(dice: Random) -> tuple[str, str, Truth]:
        form, words = dice.choice(_NEGATED)
        negator, plain = words if isinstance(words, tuple) else (words, "")
        form += say.sentence(dice) if dice.random() < 0.5 else ""
        pair = (plain, negator) if added else (negator, plain)
        governed = form.partition("{}")[2][:1]
        told = pair[0] + governed, pair[1] + governed
        truth = Truth(
            _EDITED,
            *pair,
            facts={"negations": told},
            near=("negations",),
            quiet=("numbers", "dates", "people", "documents"),
        )
        return form.format(pair[0]), form.format(pair[1]), truth

    return make
