"""A made set of articles in which it is known which tell one story: originals, their copies, and what only looks alike.

Everything follows from the seed. Three parts: articles that stand alone, families of an original with its copies (cut,
edited, converted, prefixed …), and series of one form whose items are all stories of their own (``bench.series``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random

import opencc

from bench.series import SERIES
from crawler.extraction.canonical import canonicalise
from storage.demo.phrasebook import Setting, Speaker, frames
from storage.demo.writing import Writer
from storage.records import Article, PageKind

START = datetime(2026, 3, 1, 1, tzinfo=UTC)
DAYS = 30
SITES = tuple(f"s{number:02}" for number in range(40))
_A_STORY = 220
_TITLES_A_WRITER = 400
"""Headlines after which another writer is asked, since none of them says one twice."""

SLOGANS = (
    "要坚持以新发展理念为引领,深入贯彻落实上级各项决策部署,增强责任感和紧迫感,奋力谱写现代化建设新篇章。",
    "各级各部门要提高政治站位,强化责任担当,狠抓工作落实,以实际行动践行初心使命,确保各项任务落到实处、见到实效。",
    "会议要求,要压实属地责任、部门监管责任和单位主体责任,加强统筹协调,形成工作合力,切实把好事办好、实事办实。",
    "下一步,我市将继续坚持以人民为中心的发展思想,不断增强人民群众的获得感、幸福感、安全感。",
)
"""What all quote: a posting of each would be as long as the archive."""

_COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过"


_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂辉玲健俊帆雪飞凯华建国志春梅晓东海燕文斌鹏浩宇欣怡子涵思远博"


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_WORDS = _listed(
    "渠水 稻田 讲台 烘干机 药房 夜校 护坡 渡口 粮仓 果园 茶棚 桥墩 老街 厂房 泵站 苗圃 食堂 球场 公厕 候车亭 祠堂 灯光 "
    "招牌 台账 合同 雨具 鱼塘 冷库 车间 磨坊 书屋 广播 路灯 菜摊 花圃 水表 井盖 梯田 竹林 铁匠铺 鼓楼 石板 缆绳 船队 "
    "蜂箱 酒坊 布店 笋干 砚台 纸伞"
)
_VERBS = _listed(
    "翻修 清点 腾出 借用 丈量 加固 盘活 认养 改装 测试 承包 清扫 寻访 登记 移栽 搬运 试种 收购 照看 粉刷 检修 捐出 拍下"
)
_JOINS = _listed(
    "随后 当天下午 第二天一早 让人没想到的是 几个月来 为此 在村口 到了秋天 按老规矩 说起这件事 眼看要下雨 一开始"
)
_BEFORE: tuple[tuple[str, ...], ...] = (
    ("编者按:为讲好身边故事,本网今日转发一篇报道,敬请关注。",),
    ("来源:江城日报",),
    ("来源:山海网 作者:本网综合",),
    (),
)
_AFTER: tuple[tuple[str, ...], ...] = (
    ("传播正能量,讲好家乡事,欢迎关注本网微信公众号。",),
    ("责任编辑:周小舟", "审核:总编室"),
    (),
)


@dataclass(frozen=True, slots=True)
class Made:
    """An article of the set. Those of one ``family`` tell one story; ``how`` says what became of the original."""

    family: int
    how: str
    site: str
    seen: datetime
    article: Article


def made_set(size: int, seed: int = 2026) -> list[Made]:
    """``size`` articles in the order in which they are seen."""
    return _Press(seed).print(size)


class _Press:
    def __init__(self, seed: int) -> None:
        self._dice = Random(seed)
        self._seed = seed
        self._writers = 0
        self._written = _TITLES_A_WRITER
        self._writer = Writer(seed)
        self._topics = sorted(name.removesuffix(".title") for name in frames() if name.endswith(".title"))
        self._family = 0
        self._turn = 0
        self._speaker = Speaker(seed)

    def print(self, size: int) -> list[Made]:
        pieces: list[Made] = []
        while len(pieces) < size:
            draw = self._dice.random()
            if draw < 0.58:
                pieces.append(self._original(self._story()))
            elif draw < 0.75:
                pieces += self._with_copies(self._original(self._story()), COPIES)
            elif draw < 0.97:
                pieces.append(self._original(self._item(), "series"))
            else:
                pieces += self._with_copies(self._original(self._item(), "series"), SHORT_COPIES)
        return sorted(pieces[:size], key=lambda made: (made.seen, made.family, made.how))

    def _original(self, article: Article, how: str = "original") -> Made:
        self._family += 1
        dice = self._dice
        seen = START + timedelta(days=dice.randrange(DAYS), minutes=dice.randrange(600))
        printed = (seen + timedelta(hours=8)).date().isoformat()
        return Made(self._family, how, dice.choice(SITES), seen, replace(article, published_at=printed))

    def _with_copies(self, original: Made, ways: Mapping[str, Way]) -> list[Made]:
        dice = self._dice
        made = [original]
        for how in dice.choices(sorted(ways), k=dice.choice((1, 1, 1, 2, 2, 3, 4, 6))):
            seen = original.seen + timedelta(minutes=dice.randrange(30, 4 * 24 * 60))
            article = ways[how](dice, original.article, self._story())
            printed = (seen + timedelta(hours=8)).date().isoformat()
            said = canonicalise(article.canonical).paragraphs
            article = replace(article, published_at=printed, paragraphs=article.canonical, canonical=said)
            made.append(Made(original.family, how, dice.choice(SITES), seen, article))
        return made

    def _item(self) -> Article:
        """The next item of a series, on a day of its own year."""
        frames_of = SERIES[self._dice.choice(sorted(SERIES))]
        self._turn += 1
        setting = Setting(date(2015, 1, 1) + timedelta(days=self._turn * 7 % 3650))
        title, *said = (self._speaker.phrase(frame, setting) for frame in frames_of)
        return _article(title, canonicalise(said).paragraphs)

    def _story(self) -> Article:
        """A story of 220 characters and more; one in three quotes what all quote."""
        if self._written >= _TITLES_A_WRITER:
            self._writers, self._written = self._writers + 1, 0
            self._writer = Writer(self._seed * 1000 + self._writers)
        self._written += 1
        dice = self._dice
        day = date(2026, 3, 1) + timedelta(days=dice.randrange(DAYS))
        draft = self._writer.compose(dice.choice(self._topics), day, dice.choice(("story", "story", "long")))
        said = [block.text for block in draft.blocks]
        for _ in range(dice.randrange(1, 5)):
            said.insert(dice.randrange(len(said) + 1), _ramble(dice))
        if dice.random() < 0.35:
            said.insert(dice.randrange(len(said) + 1), dice.choice(SLOGANS))
        while sum(map(len, said)) < _A_STORY:
            said.append(_ramble(dice))
        return _article(draft.title, canonicalise(said).paragraphs)


def _article(title: str, said: Sequence[str]) -> Article:
    return Article(PageKind.ARTICLE, title=title, paragraphs=tuple(said), canonical=tuple(said))


def person(dice: Random) -> str:
    """A made name of two or three characters."""
    return dice.choice(_FAMILY) + "".join(dice.sample(_GIVEN, dice.choice((1, 2, 2, 2))))


def _ramble(dice: Random) -> str:
    """A paragraph that nobody else writes."""
    return "".join(
        f"{dice.choice(_JOINS)},{person(dice)}{dice.choice(_VERBS)}了{dice.choice(_WORDS)}旁的{dice.choice(_WORDS)},"
        f"又{dice.choice(_VERBS)}{dice.randint(2, 900)}处{dice.choice(_WORDS)}。"
        for _ in range(dice.randint(1, 4))
    )


Way = Callable[[Random, Article, Article], Article]
"""(dice, the original, another story) -> a copy; its canonical text is yet to be made canonical."""


def _cut(share: float, middle: bool) -> Way:
    def cut(dice: Random, article: Article, other: Article) -> Article:
        said = [f"{part}。" for text in article.canonical for part in text.rstrip("。").split("。")]
        length = sum(map(len, said))
        skip = dice.uniform(0.1, 0.9 - share) * length if middle else 0.0
        kept: list[str] = []
        passed = 0
        for part in said:
            if passed >= skip and sum(map(len, kept)) < share * length:
                kept.append(part)
            passed += len(part)
        return replace(article, canonical=tuple(kept))

    return cut


def _whole(dice: Random, article: Article, other: Article) -> Article:
    return article


def _edited(share: float) -> Way:
    def edited(dice: Random, article: Article, other: Article) -> Article:
        return replace(article, canonical=tuple(_mistyped(dice, text, share) for text in article.canonical))

    return edited


def _mistyped(dice: Random, text: str, share: float) -> str:
    """So many of the characters replaced, left out or doubled with others; figures stay."""
    out = []
    for character in text:
        if not "\u4e00" <= character <= "\u9fff" or dice.random() >= share:
            out.append(character)
            continue
        out.append(dice.choice(("", dice.choice(_COMMON), dice.choice(_COMMON), character + dice.choice(_COMMON))))
    return "".join(out)


@cache
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def _traditional(dice: Random, article: Article, other: Article) -> Article:
    return replace(article, canonical=tuple(map(_to_traditional().convert, article.canonical)))


def _full_width(dice: Random, article: Article, other: Article) -> Article:
    wide = {number: number + 0xFEE0 for number in range(0x21, 0x7F)}
    return replace(article, canonical=tuple(text.translate(wide) for text in article.canonical))


_TO_WIDE_MARKS = str.maketrans(",:;!?()", "，：；！？（）")


def _bytes_lost(dice: Random, article: Article, other: Article) -> Article:
    """GBK text of which some paragraphs lost a byte."""
    lost = (_without_byte(dice, text) if dice.random() < 0.6 else text for text in article.canonical)
    return replace(article, canonical=tuple(lost))


def _without_byte(dice: Random, text: str) -> str:
    places = [place for place, character in enumerate(text) if "\u4e00" <= character <= "\u9fff"]
    if not places:
        return text
    text = text.translate(_TO_WIDE_MARKS)
    place = dice.choice(places)
    body = text[place:].encode("gb18030", "replace")
    return text[:place] + "?" + body[1:].decode("gb18030", "replace")


def _dressed(dice: Random, article: Article, other: Article) -> Article:
    """A dateline before it; a source, an editor's note and a site's slogan around it."""
    opening = dice.choice(("本报讯(记者{0} 通讯员{1})", "{2}日报3月{3}日讯(全媒体记者{0})", "据{2}发布消息,"))
    first = opening.format(person(dice), person(dice), dice.choice("江河湖海云山"), dice.randint(1, 30))
    before, after = dice.choice(_BEFORE), dice.choice(_AFTER)
    return replace(article, canonical=(*before, first + article.canonical[0], *article.canonical[1:], *after))


def _joined(dice: Random, article: Article, other: Article) -> Article:
    pair = [article.canonical, other.canonical]
    dice.shuffle(pair)
    return replace(article, title=f"一周要闻:{article.title}等", canonical=(*pair[0], *pair[1]))


def _retitled(dice: Random, article: Article, other: Article) -> Article:
    title = article.title or ""
    other_title = dice.choice((title[: len(title) // 2] + "有看点", f"速看!{title[-6:]}", "最新消息来了"))
    return replace(article, title=other_title)


def _then(*ways: Way) -> Way:
    def both(dice: Random, article: Article, other: Article) -> Article:
        for way in ways:
            article = way(dice, article, other)
        return article

    return both


SHORT_COPIES: Mapping[str, Way] = {
    "whole": _whole,
    "dressed": _dressed,
    "traditional": _traditional,
    "full width": _full_width,
    "edited 1 %": _edited(0.01),
}
"""What becomes of a notice after a form: a name or figure of it that is edited makes it another notice."""

COPIES: Mapping[str, Way] = {
    **SHORT_COPIES,
    "head half": _cut(0.5, middle=False),
    "head third": _cut(0.34, middle=False),
    "middle half": _cut(0.5, middle=True),
    "middle third": _cut(0.34, middle=True),
    "edited 5 %": _edited(0.05),
    "bytes lost": _bytes_lost,
    "joined": _joined,
    "retitled": _then(_retitled, _dressed),
    "half, edited 5 %": _then(_cut(0.5, middle=False), _edited(0.05)),
    "traditional, dressed, half": _then(_cut(0.5, middle=True), _traditional, _dressed),
}
