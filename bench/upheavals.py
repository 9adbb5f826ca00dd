"""What a whole site goes through at once, and what is told of it: redesign, outage, firewall, an upgrade of ours.

``python -m bench.upheavals [--pages N] [--upgraded N]`` makes sites of so many pages (300, and 1,000 for the upgrade),
takes them through each upheaval with a real archive in a folder that is thrown away, prints what was told, and exits 1
where it is anything but what a reader would want: one ``redesigned`` and the true edits with it; nothing of an outage
or a firewall but one line of health; nothing of an upgrade but the true edits in it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from crawler.extraction.read import read_page
from crawler.intake import take_in
from crawler.lessons import read_again
from crawler.sites import Site
from monitor.compare.drain import Drain
from storage.archive import Archive
from storage.records import Article, Page, Role, Surface, Visit, china_day
from storage.sql import open_archive

START = datetime(2026, 11, 20, 1, tzinfo=UTC)
SITE = Site(key="made", name="云溪发布", columns=("http://www.yunxi.example/news/",))
EDITS = 5
_PLACES = [
    "城关",
    "南浦",
    "东岭",
    "西塘",
    "北屿",
    "青峰",
    "白沙",
    "金川",
    "石桥",
    "柳林",
    "大河",
    "清泉",
    "双龙",
    "永安",
]
_WORKS = [
    "老旧管网改造",
    "农村公路建设",
    "校舍加固",
    "河道清淤",
    "垃圾分类",
    "智慧停车",
    "社区食堂",
    "古树保护",
    "光伏发电",
    "水库除险",
]
_OLD_SKIN = (
    '<html><head><title>{title}_云溪发布</title></head><body><div id="top" class="header"><ul class="nav"><li>'
    '<a href="/">首页</a></li></ul></div><div class="wrap"><div class="content"><h1 class="bt">{title}</h1>'
    '<div class="xx">发布时间:{day} 来源:云溪日报</div><div class="TRS_Editor">{text}</div></div>'
    '<div class="right"><ul class="hot"></ul></div></div><div class="foot">版权所有 云溪发布</div></body></html>'
)
_NEW_SKIN = (
    '<html><head><title>{title} - 云溪发布</title><link rel="stylesheet" href="/static/app.css"></head><body>'
    '<header><nav class="menu"><a href="/">首页</a></nav></header><main class="container"><article class="post">'
    '<h2 class="post-title">{title}</h2><section class="meta"><span>{day}</span><span>来源:云溪日报</span></section>'
    '<section id="zoom">{text}</section></article><aside class="rail"><section class="card"></section></aside></main>'
    '<footer class="ft">版权所有 云溪发布</footer></body></html>'
)
_SKINS = (_OLD_SKIN, _NEW_SKIN)


@dataclass
class Town:
    """A site by hand on a real archive: each page's text, the skin it is drawn in, and the clock."""

    archive: Archive
    pages: int
    now: datetime = START
    skin: int = 0
    edited: set[int] = field(default_factory=set)
    known: dict[int, Page] = field(default_factory=dict)

    def url(self, number: int) -> str:
        return f"http://www.yunxi.example/news/{number}.html"

    def body(self, number: int) -> bytes:
        """The page as it is served; an edited one says another figure."""
        place, work = _PLACES[number % len(_PLACES)], _WORKS[number // len(_PLACES) % len(_WORKS)]
        figure = number * 37 + 1000 + (9 if number in self.edited else 0)
        lines = (
            f"{place}镇今年第{number}号工程{work}日前完工,惠及居民{figure}户,比原计划提前{number % 40 + 2}天投入使用。",
            f"记者在{place}镇{work}现场看到,施工人员正在清理第{number}标段,沿线{number + 3}家商铺已经恢复营业。",
            f"据介绍,该项目编号为{number * 7919},下一步还将继续完善配套设施,方便周边群众出行和生活。",
        )
        text = "".join(f"<p>{line}</p>" for line in lines)
        title = f"{place}镇{work}第{number}号工程完工"
        return _SKINS[self.skin].format(title=title, day="2026-11-19", text=text).encode()

    def read(self, number: int) -> Article:
        return read_page(self.body(number), self.url(number), role=Role.ARTICLE)

    def round(self, answer: Callable[[int], Mapping[str, object]], after: timedelta = timedelta(hours=3)) -> None:
        """Visit every page once; ``answer`` is what came back where that is not the page as it is served."""
        self.now += after
        for number in range(self.pages):
            given = answer(number)
            seen: dict[str, object] = {"status": 200, "final_url": self.url(number)}
            if not given.keys() & {"status", "error"}:
                seen |= {"body": self.body(number), "article": self.read(number)}
            values = {**seen, **given}
            self._keep(number, Visit(SITE.key, self.url(number), Role.ARTICLE, self.now, str(self.now), **values))  # type: ignore[arg-type]

    def _keep(self, number: int, visit: Visit) -> None:
        page = self.known.get(number)
        again = read_again(self.archive.learning, page, visit, None) if page else None
        self.known[number] = self.archive.crawling.record(visit, partial(take_in, SITE, again=again)).page

    def told(self) -> Counter[str]:
        """What is told of all that was visited: the kinds of change, counted."""
        drain = Drain(self.archive, {SITE.key: SITE}, lambda: self.now)
        return Counter(change.kind.value for change in drain.changes())

    def health(self) -> str | None:
        (site,) = self.archive.running.health(china_day(self.now), self.now)
        return site.note


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was expected of a step, what was told, and what the line of health says where one is due."""

    step: str
    expected: Mapping[str, int]
    told: Mapping[str, int]
    health: str | None = None
    says: str = ""

    @property
    def holds(self) -> bool:
        return dict(self.told) == dict(self.expected) and self.says in (self.health or "")


def as_served(_: int) -> Mapping[str, object]:
    return {}


def as_if_404(_: int) -> Mapping[str, object]:
    return {"status": 404}


def barred(_: int) -> Mapping[str, object]:
    """A firewall's page in a page's place."""
    body = "<html><title>访问被拦截</title><p>您的访问请求可能对网站造成威胁,已被拦截</p></html>".encode()
    return {"status": 405, "body": body, "article": read_page(body, role=Role.ARTICLE)}


def redesigned(town: Town) -> Iterator[Outcome]:
    """All pages in another skin, a few of them edited at the same visit; then visited once more."""
    town.skin, town.edited = 1, set(range(0, town.pages, max(1, town.pages // EDITS)))
    town.round(as_served)
    yield Outcome("redesign, with edits", {"redesigned": 1, "edited": len(town.edited)}, town.told())
    town.round(as_served)
    yield Outcome("the day after it", {}, town.told())


def broken(town: Town) -> Iterator[Outcome]:
    """All pages 404 for some hours, then back; two stay away."""
    for _ in range(3):
        town.round(as_if_404, timedelta(hours=1))
    yield Outcome("all pages 404 for hours", {}, town.told(), town.health(), "网站故障")
    for _ in range(3):
        town.round(lambda number: as_if_404(number) if number < EDITS - 1 else {}, timedelta(hours=3))
    yield Outcome("back, but for four", {"removed": EDITS - 1}, town.told())


def away_for_good(town: Town) -> Iterator[Outcome]:
    """All pages 404 for two days."""
    for _ in range(9):
        town.round(as_if_404, timedelta(hours=6))
    yield Outcome("all pages 404 for two days", {"removed": town.pages}, town.told())
    town.round(as_served)
    yield Outcome("all back", {"restored": town.pages}, town.told())


def firewalled(town: Town) -> Iterator[Outcome]:
    """A firewall before the whole site for a day."""
    for _ in range(8):
        town.round(barred, timedelta(hours=2))
    yield Outcome("a firewall for a day", {}, town.told(), town.health(), "防火墙")
    town.round(as_served)
    yield Outcome("the firewall is gone", {}, town.told())


def upgraded(town: Town) -> Iterator[Outcome]:
    """Pages that an older extractor read otherwise, read again by this one; a few are edited at the same visit."""
    town.edited = set(range(0, town.pages, max(1, town.pages // EDITS)))
    town.round(as_served)
    yield Outcome("an upgrade, with edits", {"edited": len(town.edited)}, town.told())
    town.round(as_served)
    yield Outcome("the day after it", {}, town.told())


def misread(article: Article) -> Article:
    """An article as an older extractor read it: furniture in the text, the last line lost, another title and frame."""
    text = ("您当前的位置:首页 > 新闻", *article.canonical[:-1], "浏览次数:128")
    return replace(
        article, extractor="0", title=f"{article.title}_云溪发布", canonical=text, paragraphs=text, source=None,
        template="0" * len(article.template), surface=Surface(title=article.surface.title),
    )  # fmt: skip


UPHEAVALS: Mapping[str, Callable[[Town], Iterator[Outcome]]] = {
    "redesign": redesigned, "outage": broken, "end": away_for_good, "firewall": firewalled, "upgrade": upgraded,
}  # fmt: skip


def run(name: str, pages: int, folder: Path) -> Iterator[Outcome]:
    """One upheaval on a fresh site of so many pages, whose archive is put into ``folder``."""
    archive = open_archive(f"sqlite:///{folder / f'{name}.db'}")
    try:
        archive.running.announce({SITE.key: SITE.name})
        town = Town(archive, pages)
        older = name == "upgrade"
        town.round(lambda number: {"article": misread(town.read(number))} if older else {})
        yield Outcome("first sight", {"new": pages}, town.told())
        yield from UPHEAVALS[name](town)
    finally:
        archive.close()


def main() -> int:
    """Print what was told; 1 where it is not what it should be."""
    asked = argparse.ArgumentParser(prog="python -m bench.upheavals", description=__doc__.split("\n", 1)[0])
    asked.add_argument("--pages", type=int, default=300)
    asked.add_argument("--upgraded", type=int, default=1000, help="pages that an older extractor read")
    given = asked.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for name in UPHEAVALS:
            pages = given.upgraded if name == "upgrade" else given.pages
            began = time.monotonic()
            for outcome in run(name, pages, Path(folder)):
                good = good and outcome.holds
                mark = "" if outcome.holds else f"  WRONG, expected {dict(outcome.expected)} {outcome.says}"
                health = f"  health: {outcome.health}" if outcome.says else ""
                sys.stdout.write(f"{name:10}{pages:5}  {outcome.step:26}{dict(outcome.told)}{health}{mark}\n")
            sys.stdout.write(f"{name:10}       {time.monotonic() - began:.1f} s\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
