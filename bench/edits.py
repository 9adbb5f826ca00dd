"""Edits as an office makes them, put into the markup of a page, each with what is true of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from bench.manuscript import Manuscript, Run
from storage.records import ChangeKind

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Truth:
    """What a reader has to be told: the kind, and the words before and after as they stand on the page.

    ``facts`` are the pairs that must be told by family, ``quiet`` the families in which nothing may be told, ``near``
    those whose pair may be told with more of the name around it. ``op`` and ``field`` are judged where given,
    ``earlier`` is whether the change must be called backdated, ``mend`` whether it must weigh no more than a mend.
    """

    kind: ChangeKind
    before: str = ""
    after: str = ""
    op: str | None = None
    facts: Mapping[str, Pair] = field(default_factory=dict)
    quiet: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    field: str | None = None
    earlier: bool | None = None
    mend: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """One page in two states, as markup."""

    old: str
    new: str
    truth: Truth


Maker = Callable[[Manuscript, Random], Edited | None]

ALL_FACTS = ("numbers", "dates", "people", "documents", "negations", "organisations", "places")
HARD_FACTS = ("numbers", "dates", "documents")

_HAN = re.compile("[\u4e00-\u9fff]")
_TYPED = (
    "的一是在有和人这中大为上个以要时来用们生到作地于出就分对成会可主发年动同工能下过子说产种面而方后多定行学法民得经"
)
_NUMERIC = re.compile("[0-9０-９〇零一二三四五六七八九十百千万亿两%％．.〔〕年月日号时点]")
_DIGIT = re.compile("[0-9]")
_FIGURE = r"(?<![\d.,/:：\-—~至到年月第○〇xX×A-Za-z〔\[(（])(\d{1,4}(?:\.\d{1,2})?)(?:%s)(?![\d/A-Za-z至到~～—-])"
_COUNTED = "万亩|万人|平方公里|平方米|公里|人次|名|户|亩|吨|台|℃|辆|家|场"
_SENT = re.compile(r"(?<=[。！？])[^。！？<>&；;“”\"]{12,120}[。！？]")


def spliced(page: Manuscript, start: int, end: int, text: str) -> str:
    """The page's markup with other text at ``start``..``end``."""
    return page.html[:start] + text + page.html[end:]


def in_runs(page: Manuscript, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """All matches that lie within one run of the body."""
    return [match for run in page.runs for match in pattern.finditer(page.html, run.start, run.end)]


def _swap(page: Manuscript, start: int, end: int, new: str, truth: Truth) -> Edited:
    return Edited(page.html, spliced(page, start, end, new), truth)


def one_character(page: Manuscript, dice: Random) -> Edited | None:
    """A Chinese character replaced, taken out or put in, away from figures."""
    runs = [run for run in page.runs if run.end - run.start > 12]
    if not runs:
        return None
    run = dice.choice(runs)
    places = [
        at
        for at in range(run.start + 2, run.end - 4)
        if _HAN.match(page.html[at])
        and not _NUMERIC.search(page.html[at - 3 : at + 4])
        and "&" not in page.html[at - 9 : at]
    ]
    if not places:
        return None
    at = dice.choice(places)
    was, typed = page.html[at], dice.choice(_TYPED)
    if typed == was:
        return None
    truth = {"kind": ChangeKind.EDITED, "quiet": HARD_FACTS}
    return dice.choice(
        (
            _swap(page, at, at + 1, typed, Truth(before=was, after=typed, **truth)),  # type: ignore[arg-type]
            _swap(page, at, at + 1, "", Truth(before=was, **truth)),  # type: ignore[arg-type]
            _swap(page, at, at, typed, Truth(after=typed, **truth)),  # type: ignore[arg-type]
        )
    )


def other_figure(figure: str, dice: Random) -> str:
    """A figure of the same length with another digit, never with a leading nought."""
    places = [at for at, char in enumerate(figure) if char.isdigit()]
    at = dice.choice(places)
    choices = [d for d in "123456789" if d != figure[at]]
    return figure[:at] + dice.choice(choices) + figure[at + 1 :]


def counted(figure: str, unit: str) -> str:
    """A figure as the contract tells it: after 万 and 亿 the unit is left out."""
    return figure + (unit[:1] if unit[:1] in "万亿" else "%" if unit == "％" else "°C" if unit == "℃" else unit)


def _figure(units: str) -> Maker:
    pattern = re.compile(_FIGURE % units)

    def make(page: Manuscript, dice: Random) -> Edited | None:
        found = in_runs(page, pattern)
        if not found:
            return None
        match = dice.choice(found)
        figure, unit = match.group(1), match.group()[len(match.group(1)) :]
        new = other_figure(figure, dice)
        pair = (counted(figure, unit), counted(new, unit))
        truth = Truth(ChangeKind.EDITED, *pair, facts={"numbers": pair}, quiet=("dates", "documents", "negations"))
        return _swap(page, *match.span(1), new, truth)

    return make


_DATE = re.compile(r"(?<![\d年])(?:(?:19|20)\d\d年)?(?:1[0-2]|[1-9])月(?:3[01]|[12]\d|[1-9])日(?!至|-|—|、)")


def date_in_text(page: Manuscript, dice: Random) -> Edited | None:
    """Another day in the text."""
    found = in_runs(page, _DATE)
    if not found:
        return None
    match = dice.choice(found)
    head, day = match.group()[:-1].rsplit("月", 1)
    new = f"{head}月{dice.choice([d for d in range(1, 29) if str(d) != day])}日"
    truth = Truth(ChangeKind.EDITED, match.group(), new, facts={"dates": (match.group(), new)}, quiet=("numbers",))
    return _swap(page, *match.span(), new, truth)


def sentence_added(page: Manuscript, dice: Random, said: Callable[[Random], str]) -> Edited | None:
    """A sentence more between two sentences."""
    ends = in_runs(page, re.compile(r"[^。！？“”\"）)]。(?=[^”\"’）)<>])"))
    if not ends:
        return None
    at, text = dice.choice(ends).end(), said(dice)
    return _swap(page, at, at, text, Truth(ChangeKind.EDITED, "", text, "insert", quiet=HARD_FACTS))


def sentence_deleted(page: Manuscript, dice: Random) -> Edited | None:
    """A sentence less."""
    found = in_runs(page, _SENT)
    if not found:
        return None
    match = dice.choice(found)
    return _swap(page, *match.span(), "", Truth(ChangeKind.EDITED, match.group(), "", "delete"))


def sentence_changed(page: Manuscript, dice: Random, said: Callable[[Random], str]) -> Edited | None:
    """A sentence in place of another."""
    found = in_runs(page, _SENT)
    if not found:
        return None
    match, text = dice.choice(found), said(dice)
    return _swap(page, *match.span(), text, Truth(ChangeKind.EDITED, match.group(), text))


def _texts(page: Manuscript, block: Run) -> str:
    return page.said[block.paragraph]


def paragraph_added(page: Manuscript, dice: Random, said: Callable[[Random], str]) -> Edited | None:
    """A paragraph more, in the markup that its neighbours have."""
    if not page.gaps or not page.blocks:
        return None
    at, text = dice.choice(page.gaps), said(dice) + said(dice)
    markup = dice.choice(
        (f"<p>　　{text}</p>\n", f'<p style="text-indent: 2em;">{text}</p>', f"<p><span>{text}</span></p>\r\n")
    )
    return _swap(page, at, at, markup, Truth(ChangeKind.EDITED, "", text, "insert", quiet=HARD_FACTS))


def _inner(page: Manuscript) -> list[Run]:
    """Blocks of running text that have a block before and after them."""
    return [b for b in page.blocks[1:-1] if len(_texts(page, b)) >= 40 and "。" in _texts(page, b)]


def paragraph_deleted(page: Manuscript, dice: Random) -> Edited | None:
    """A paragraph less."""
    found = _inner(page)
    if not found:
        return None
    block = dice.choice(found)
    return _swap(page, block.start, block.end, "", Truth(ChangeKind.EDITED, _texts(page, block), "", "delete"))


def paragraph_moved(page: Manuscript, dice: Random) -> Edited | None:
    """A paragraph at another place of the text."""
    found = _inner(page)
    if not found:
        return None
    block = dice.choice(found)
    places = [at for at in page.gaps if at not in (block.start, block.end) and not block.start <= at <= block.end]
    after = {b.start for left, b in zip(page.blocks, page.blocks[1:], strict=False) if left == block}
    places = [at for at in places if at not in after]
    if not places:
        return None
    at, markup = dice.choice(places), page.html[block.start : block.end]
    text = _texts(page, block)
    truth = Truth(ChangeKind.EDITED, text, text, "move", quiet=ALL_FACTS)
    if at < block.start:
        new = page.html[:at] + markup + page.html[at : block.start] + page.html[block.end :]
    else:
        new = page.html[: block.start] + page.html[block.end : at] + markup + page.html[at:]
    return Edited(page.html, new, truth)


_MARKS = {"，": "、；", "、": "，", "；": "。", "。": "；", "：": "，"}
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff])[，、；。：](?=[\u4e00-\u9fff])")


def punctuation(page: Manuscript, dice: Random) -> Edited | None:
    """One mark for another, or one less."""
    found = in_runs(page, _BETWEEN)
    if not found:
        return None
    match = dice.choice(found)
    new = dice.choice(_MARKS[match.group()])
    return _swap(page, *match.span(), new, Truth(ChangeKind.EDITED, match.group(), new, quiet=ALL_FACTS, mend=True))


_SLIPS = (
    "已经=己经 账户=帐户 部署=布署 安装=按装 的=得 得=的 地=的 再次=在次 做好=作好 截至=截止 松弛=松驰 竣工=峻工 "
    "贯彻=惯彻 精神=精种 制定=制订 象征=像征 既是=即是 坐落=座落 份额=分额 反应=反映 必须=必需 以及=以级 提供"
    "=题供 认真=任真 "
    "工作=公作 建设=建社 服务=服物 发展=发张 活动=活功 组织=组识 重要=重耍"
)
MENDS = tuple(tuple(slip.split("=")) for slip in _SLIPS.split())


def typo_mended(page: Manuscript, dice: Random) -> Edited | None:
    """A slip of the input method put right: the published page had the wrong character."""
    found = [(match, slip) for slip in MENDS for match in in_runs(page, re.compile(f"(?<![不未没无非]){slip[0]}"))]
    found = [(m, s) for m, s in found if not _NUMERIC.search(page.html[m.start() - 2 : m.end() + 2])]
    if not found:
        return None
    match, (right, wrong) = dice.choice(found)
    wrong_char, right_char = next((w, r) for w, r in zip(wrong, right, strict=True) if w != r)
    truth = Truth(ChangeKind.EDITED, wrong_char, right_char, quiet=ALL_FACTS, mend=True)
    return Edited(spliced(page, *match.span(), wrong), page.html, truth)


AMOUNT, PERCENTAGE, FIGURE = _figure("亿元|万元|元|万美元|亿美元"), _figure("%|％|个百分点"), _figure(_COUNTED)
