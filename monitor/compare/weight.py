"""How much a change weighs, 0 to 1: what a reader of the morning digest should see first.

A figure, a name, a negation that changed weighs more than a rewritten phrase, a phrase more than a mended typo, and a
comma next to nothing. The scale is the editors' own judgement; what holds by construction is that a weight never falls
when an edit or a fact is added (``weight_of`` is monotone) and never leaves 0..1.

    0.9 – 1.0   removed, tampered
    0.5 – 0.9   a title, a day of publication, a fact of the text; new pages; restored pages
    0.2 – 0.5   sentences and paragraphs; source, attachments; a site's redesign; a new address
    0.0 – 0.2   wording, order, typos, punctuation, a figure written otherwise; the hour of publication; who edited
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from monitor.compare.forms import value_of
from monitor.words import cut, is_known, same_sound
from storage.records import ChangeKind, Edit, Facts

_KINDS = {
    ChangeKind.TAMPERED: 1.0,
    ChangeKind.REMOVED: 0.9,
    ChangeKind.RESTORED: 0.6,
    ChangeKind.RETITLED: 0.6,
    ChangeKind.NEW: 0.5,
    ChangeKind.REDATED: 0.1,
    ChangeKind.REDESIGNED: 0.3,
    ChangeKind.MOVED: 0.25,
    ChangeKind.EDITED: 0.0,
}
_LABELS = {
    "title": 0.6,
    "published_at": 0.5,
    "attachments": 0.4,
    "document_number": 0.4,
    "source": 0.25,
    "abstract": 0.15,
    "authors": 0.12,
    "index_number": 0.1,
    "editors": 0.04,
}
_FACTS = {
    "negations": 0.6,
    "people": 0.55,
    "numbers": 0.5,
    "documents": 0.5,
    "dates": 0.45,
    "organisations": 0.45,
    "places": 0.45,
}

_PUNCTUATION, _TYPO, _MOVE = 0.02, 0.05, 0.15
_HOUR = 0.1
"""An article's hour of publication that changed within its day."""
_DAY = len("2021-12-07")
_WORDING, _PASSAGE, _REMOVAL = 0.08, 0.42, 0.08
_LONG = 60.0
"""Characters at which an edit has two thirds of the weight that length can give."""

_REST = 0.2
"""How strongly everything beside the heaviest item counts."""

_LOOK_ALIKE_GROUPS = """
己已巳 末未 土士 日曰 人入八 干千于 大太犬 戊戌戍 拔拨 晴睛 侯候 折拆析 竟竞 赢嬴 博搏 即既 密蜜 辩辨辫 燥躁 扰忧
洒酒 治冶 栗粟 崇祟 没设 今令 市巾 处外 毫豪亳 陈阵 住往 鸟乌 免兔 狠狼 刺剌 管菅 荼茶 汩汨 晾凉 慎填 响晌 徙徒
遣遗 仑仓 代伐 壁璧 梁粱 蓝篮 骄娇 象像 做作 帐账 的地得 分份 座坐
"""
_LOOK_ALIKES = frozenset(
    frozenset((one, other)) for group in _LOOK_ALIKE_GROUPS.split() for one in group for other in group if one != other
)
_NO_FACTS = Facts()
_FIGURE = 40
"""Characters of an edit that may be a figure and little else."""
_FEW = 2
"""Characters that a slip changes at most."""
_PARTICLES = frozenset("的了地得着")


def weight_of(kind: ChangeKind, edits: Sequence[Edit] = (), facts: Facts = _NO_FACTS) -> float:
    """The weight of a change, 0..1, rounded to three places.

    The heaviest of the kind's own weight, its edits and its facts counts in full, the rest together lifts it towards 1
    by ever smaller steps: ten mended typos stay below one changed figure.
    """
    items = sorted((_KINDS[kind], *map(_edit_weight, edits), *_fact_weights(facts)), reverse=True)
    heaviest, rest = items[0], math.fsum(items[1:])
    return round(heaviest + (1.0 - heaviest) * (1.0 - math.exp(-_REST * rest)), 3)


def _fact_weights(facts: Facts) -> Iterable[float]:
    return (weight for name, weight in _FACTS.items() for _ in getattr(facts, name))


def _edit_weight(edit: Edit) -> float:
    if edit.field == "published_at" and edit.before[:_DAY] == edit.after[:_DAY]:
        return _HOUR
    if edit.field != "body":
        return _LABELS.get(edit.field, 0.1)
    if edit.op == "move":
        return _MOVE
    if is_punctuation(edit):
        return _PUNCTUATION
    if is_typo(edit) or is_rewritten_figure(edit):
        return _TYPO
    length = max(len(edit.before), len(edit.after))
    removal = _REMOVAL if edit.op == "delete" else 0.0
    return _WORDING + removal + (_PASSAGE - _WORDING) * (1.0 - math.exp(-length / _LONG))


def is_punctuation(edit: Edit) -> bool:
    """Whether an edit touches no letter, digit or character, only marks between them."""
    return not any(char.isalnum() for char in edit.before + edit.after)


def is_rewritten_figure(edit: Edit) -> bool:
    """Whether an edit only writes a figure or date otherwise: 4156 and 4,156, 12.0亿 and 12亿, 4.2万 and 42000."""
    short = 0 < len(edit.before) <= _FIGURE and 0 < len(edit.after) <= _FIGURE
    return short and value_of(edit.before) == value_of(edit.after)


def is_typo(edit: Edit) -> bool:
    """Whether an edit looks like a mended slip of the pen or of the input method.

    A word of which one character became another that sounds or looks like it (帐户/账户, 已经/己经, 的/地/得), or one
    character doubled or swallowed (的的, 党员党员 → 党员); letters that were no word and became one by one or two
    characters (发张 → 发展), but not one word for another (上升 → 下降).
    """
    if not edit.before or not edit.after:
        return (edit.before or edit.after) in _PARTICLES
    if len(edit.before) != len(edit.after):
        shorter, longer = sorted((edit.before, edit.after), key=len)
        return longer == shorter * 2
    pairs = [(a, b) for a, b in zip(edit.before, edit.after, strict=True) if a != b]
    if any(char.isdigit() for pair in pairs for char in pair):
        return False
    if len(pairs) <= _FEW and len(pairs) < len(edit.before) and _is_word(edit.before) is not _is_word(edit.after):
        return True
    return len(pairs) == 1 and (
        frozenset(pairs[0]) in _LOOK_ALIKES or (all("一" <= c <= "\u9fff" for c in pairs[0]) and same_sound(*pairs[0]))
    )


def _is_word(text: str) -> bool:
    """Whether letters are words that the dictionary knows, none of them a lone character."""
    return all(len(word) > 1 and is_known(word) for word in cut(text))
