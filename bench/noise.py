"""Furniture that moves while the article stays: each kind drawn twice for one place of a page.

A kind says where such furniture stands and speaks it with words that are new at every call. What changes the whole
markup (charset, quotes, white space …) is in ``bench.markup``, and whole templates in ``bench.skins``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from bench import furniture as f
from bench.furniture import Speaker
from bench.manuscript import Manuscript
from bench.spots import put, somewhere


@dataclass(frozen=True, slots=True)
class Furniture:
    """Where a kind of furniture stands (``spots`` names), how it is spoken, and whether it may come and go."""

    places: str
    speak: Speaker
    comes: bool = True


_AROUND = "top bottom below above"
FURNITURE: Mapping[str, Furniture] = {
    "read counter": Furniture("dateline below", f.counter),
    "clock": Furniture("top bottom", f.clock),
    "relative date": Furniture("dateline bottom", f.relative),
    "related news": Furniture(
        "bottom below",
        f.listed("相关新闻 相关阅读 延伸阅读 相关链接 猜你喜欢 推荐阅读", "related xgxw box news-list xgyd w300"),
    ),
    "hot list": Furniture(
        "top bottom",
        f.listed("热门排行 点击排行 24小时热文 本周热点 最新资讯 图片新闻", "hot rank phb side box2 right"),
    ),
    "advertisement": Furniture("top bottom below within", f.advert),
    "weather": Furniture("top bottom", f.weather),
    "share widget": Furniture("dateline below bottom", f.share),
    "comments": Furniture("below bottom", f.comments),
    "banner": Furniture("top", f.banner),
    "notice bar": Furniture("top", f.notice),
    "cookie notice": Furniture("top bottom", f.cookies),
    "breadcrumbs": Furniture("top", f.crumbs),
    "toolbars": Furniture("dateline below top", f.tools),
    "previous and next": Furniture("below bottom", f.turns),
    "pager": Furniture("bottom below", f.pages),
    "tokens": Furniture(f"{_AROUND} within", f.tokens),
    "head": Furniture("head", f.head),
}


def furnished(page: Manuscript, dice: Random, kind: str) -> tuple[str, str] | None:
    """A page in two states that differ in one piece of furniture: other words, or there in only one of both."""
    furniture = FURNITURE[kind]
    at, style = somewhere(page, dice, furniture.places), dice.randrange(1000)
    if at is None:
        return None
    one, other = furniture.speak(dice, style), furniture.speak(dice, style)
    if furniture.comes and dice.random() < 0.3:
        one = ""
    pair = [put(page, {at: piece}) for piece in (one, other)]
    return (pair[0], pair[1]) if dice.random() < 0.5 else (pair[1], pair[0])


def crowded(page: Manuscript, dice: Random) -> tuple[str, str] | None:
    """A page in two states that differ in many pieces of furniture at once."""
    states: tuple[dict[int, str], dict[int, str]] = ({}, {})
    for furniture in FURNITURE.values():
        at, style = somewhere(page, dice, furniture.places), dice.randrange(1000)
        if at is None or dice.random() < 0.4:
            continue
        for state in states:
            state[at] = state.get(at, "") + furniture.speak(dice, style)
    return put(page, states[0]), put(page, states[1])
