"""Organisations and places of which one became another, read from the words around an edit.

Chinese names of offices and places say what they are at their end (县, 街道, 广场; 局, 委员会, 医院) and begin where a
preposition, a verb or a mark stands; a word for the kind alone (小区, 医院, 城市) names nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.words import is_surname, tagged

Pair = tuple[str, str]

_HAN = re.compile("[\u3400-\u9fff]+")
_PLACE = re.compile(
    "(?:自治[区州县旗]|[省市县区旗州镇乡村]|街道|社区|大道|[路街巷]|广场|公园|景区|园区|开发区|机场|码头|港|[车客货]?站|枢纽|大桥|大厦|"
    "(?:体育|会展|文化|活动|服务|购物|会议|展览|游泳|健身)中心|[^宾旅]馆|剧院|影院|水库|[河湖江山岛湾])$"
)
_BODY = re.compile(
    "(?:[局厅委办署]|委员会|办公室|政府|法院|检察院|公安|海关|公司|集团|银行|医院|卫生院|大学|学院|[中小]学|学校|幼儿园|研究[院所]|"
    "设计院|事务所|派出所|[^上下休]所|协会|学会|商会|工会|总工会|联合会|基金会|合作社|供销社|残联|妇联|文联|科协|团委|工商联|中心|"
    "报社|出版社|电视台|支队|大队|总队|党校|宣传部|组织部|统战部|人武部|俱乐部|党委|党组|人大|政协|纪委|监委)$"
)
_KINDS_ALONE = re.compile(
    "居民区|住宅区|示范区|老城区|主城区|各地区|风景区|工业区|老旧小区|住宅小区|农贸市场|研究所|研究院|展览馆|博物馆|图书馆|"
    "体育馆|总公司|子公司|分公司|委员会|办公室|卫生院|幼儿园|合作社|派出所|各街道|各社区|各乡镇|各单位|加油站|火车站|"
    "汽车站|高速公路|人民政府|人民法院"
)
_OPENS = re.compile("^(?:由|在|到|对|向|与|和|从|至|及|将|被|把|为|于)(?=.)")
_RANK = re.compile("[省市县区旗州镇乡村]")
_JOINS = ("n", "j", "b", "nz", "l", "f", "s", "x", "vn", "a")
_AT_HAND = ("v", "vg", "i", "vd", "an", "m", "t", "g")
"""Parts of speech that a name holds only right before its last word (应急管理局, 三合镇)."""
_LONE = ("v", "m")
"""Of these only ordinals, those of one character, and those that the cutter joined to a rank.

三合镇, 住建局 and 第一中学 are names, 走进居民区 and 一个中心 are none.
"""
_LONGEST = 14
_LONGEST_EDIT = 24


@dataclass(frozen=True, slots=True)
class _Name:
    """A name at ``start``..``end`` of a text."""

    text: str
    start: int
    end: int
    is_place: bool


def renamed_bodies(before: str, after: str, left: str, right: str) -> tuple[list[Pair], list[Pair]]:
    """The organisations and the places that an edit made others: (before, after) each.

    ``left`` and ``right`` are what stands around the edit in both texts. Long edits are new sentences, which name whom
    they name; a pair is an edit of one name.
    """
    if max(len(before), len(after)) > _LONGEST_EDIT or not (_HAN.search(before) or _HAN.search(after)):
        return [], []
    was = _touched(left + before + right, len(left), len(left) + len(before))
    now = _touched(left + after + right, len(left), len(left) + len(after))
    if not (before and after):
        # What came or went with a name in it names whom it names: only what grew into a name changed that one.
        was, now = _grown(was, len(left), len(before)), _grown(now, len(left), len(after))
    known, kept = {name.text for name in now}, {name.text for name in was}
    pairs = zip(
        [name for name in was if name.text not in kept & known],
        [name for name in now if name.text not in kept & known],
        strict=False,
    )
    bodies: list[Pair] = []
    places: list[Pair] = []
    for old, new in pairs:
        (places if old.is_place or new.is_place else bodies).append((old.text, new.text))
    return bodies, places


def _touched(text: str, start: int, end: int) -> list[_Name]:
    """The names of which some character stands in ``start``..``end``; where that is bare, those that go on from it."""
    return [name for name in _names(text) if name.start < max(end, start + 1) and start < name.end]


def _grown(names: list[_Name], start: int, length: int) -> list[_Name]:
    """The names that do not lie within what came or went, which is ``length`` characters at ``start``."""
    return [name for name in names if not length or not (start <= name.start and name.end <= start + length)]


def _names(text: str) -> Iterator[_Name]:
    cuts = tagged(text)
    ends: list[int] = []
    position = 0
    for word, _ in cuts:
        position += len(word)
        ends.append(position)
    taken = 0
    for at, (word, _) in enumerate(cuts):
        is_body = _BODY.search(word) is not None and _PLACE.search(word) is None
        is_place = _PLACE.search(word) is not None
        if not (is_body or is_place) or _goes_on(cuts, at):
            continue
        first = _first(cuts, at, taken)
        name = _OPENS.sub("", "".join(word for word, _ in cuts[first : at + 1]))
        if _says_something(name) and not _is_person(name, cuts[first : at + 1]):
            yield _Name(name, ends[at] - len(name), ends[at], is_place)
            taken = at + 1


def _goes_on(cuts: Sequence[tuple[str, str]], at: int) -> bool:
    """Whether the name is longer: 石门县 before 财政局, 市 before 人民医院."""
    for (word, mark), (following, _) in zip(cuts[at + 1 : at + 4], [*cuts[at + 2 : at + 5], ("", "")], strict=False):
        # 住 of 住建局, which the cutter takes for a verb.
        cut_off = len(word) == 1 and len(following) == 2 and _BODY.search(following)
        if not _HAN.fullmatch(word) or not (mark.startswith((*_JOINS, "m")) or _RANK.fullmatch(word) or cut_off):
            return False
        if _PLACE.search(word) or _BODY.search(word):
            return True
    return False


def _first(cuts: Sequence[tuple[str, str]], at: int, taken: int) -> int:
    """The first word of the name that ends at ``at``."""
    first = at
    while first > taken and not _OPENS.match(cuts[first][0]):
        word, mark = cuts[first - 1]
        short = len(word) == 1 or mark not in _LONE or word.startswith("第") or _RANK.match(word)
        at_hand = first == at and mark in _AT_HAND and short
        joins = mark.startswith(_JOINS) or _RANK.fullmatch(word) or at_hand
        if not joins or not _HAN.fullmatch(word) or sum(len(w) for w, _ in cuts[first - 1 : at + 1]) > _LONGEST:
            break
        first -= 1
    return first


def _is_person(name: str, cuts: Sequence[tuple[str, str]]) -> bool:
    """Whether what ends as a place does is a person's name (陶长河): a surname, tagged so, before a name of two."""
    return len(name) == 3 and is_surname(name[0]) and cuts[0][1].startswith("nr") and len(cuts[-1][0]) == 2


def _says_something(name: str) -> bool:
    return len(name) >= 3 and _KINDS_ALONE.fullmatch(name) is None and _HAN.fullmatch(name) is not None
