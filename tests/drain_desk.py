"""What tests of the drain share: a crawl and a comparison by hand on a real archive, and stories to keep."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from crawler.intake import take_in
from crawler.sites import Site
from monitor.compare.drain import Drain, never
from storage.archive import Archive
from storage.records import (
    Article,
    Change,
    Link,
    Outcome,
    PageKind,
    Role,
    Surface,
    Visit,
)
from storage.sql import open_archive

START = datetime(2026, 11, 20, 1, tzinfo=UTC)


HOUR = timedelta(hours=1)


TEXT = (
    "11月20日,市政府召开第38次常务会议,研究部署今冬明春供暖保障工作,会议由市长王建国主持。",
    "会议指出,全市已完成老旧管网改造126公里,惠及居民4156户,年度投资6.89亿元。",
    "会议要求,各区县要落实属地责任,确保11月25日前全部达到供热标准。",
)


OTHER = (
    "记者从市文旅局获悉,云溪古镇首届稻香文化节将于周末开幕,活动持续至月底。",
    "文化节期间将举办农耕体验、非遗展演等23项活动,游客可凭身份证免费入园。",
)


def site(key: str) -> Site:
    return Site(key=key, name=key, columns=(f"http://www.{key}.example/news/",))


SITES = {key: site(key) for key in ("yunxi", "lanqiao", "shiquan")}


def address(page: str, key: str = "yunxi") -> str:
    return f"http://www.{key}.example/news/{page}.html"


def story(*text: str, **labels: object) -> Article:
    said = text or TEXT
    values = {"title": "市政府研究供暖保障", "published_at": "2026-11-20", "extractor": "9", "template": "a" * 192}
    return Article(PageKind.ARTICLE, paragraphs=said, canonical=said, **{**values, **labels})  # type: ignore[arg-type]


STORY = story()


EDITED = story(TEXT[0], TEXT[1].replace("4156户", "4165户"), TEXT[2])


NOTICE = Article(PageKind.MISSING, paragraphs=("您访问的页面不存在或已被删除",))


HIJACKED = replace(
    STORY,
    flags=("tampered",),
    surface=Surface(
        title="澳门新葡京娱乐城_时时彩投注平台",
        keywords="娱乐城,时时彩,棋牌",
        hidden=(Link("http://spam.invalid/1", "娱乐城"), Link("http://spam.invalid/2", "时时彩")),
        outside=("spam.invalid",),
    ),
)


@dataclass
class Desk:
    """A crawl and a comparison by hand. ``now`` moves on by what each visit says."""

    archive: Archive
    now: datetime = START
    runs: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def visit(
        self,
        article: Article | None = STORY,
        *,
        page: str = "1",
        key: str = "yunxi",
        after: timedelta = HOUR,
        **seen: object,
    ) -> Outcome:
        self.now += after
        values: dict[str, object] = {"status": 200 if article else None, "final_url": address(page, key), "body": b"x"}
        values |= {"run": f"r{next(self.runs)}", "article": article} | seen
        visit = Visit(key, address(page, key), Role.ARTICLE, self.now, **values)  # type: ignore[arg-type]
        return self.archive.crawling.record(visit, partial(take_in, SITES[key])).observation.outcome

    def gone(self, *, page: str = "1", after: timedelta = HOUR, **seen: object) -> Outcome:
        return self.visit(None, page=page, after=after, **{"status": 404, **seen})

    def drain(self, stop: Callable[[], bool] = never) -> list[Change]:
        return list(Drain(self.archive, SITES, lambda: self.now, stop).changes())

    def log(self) -> list[Change]:
        return self.archive.reading.changes()

    def told(self) -> list[tuple[str, str]]:
        return [(change.kind.value, change.url.rpartition("/")[2]) for change in self.log()]

    def kinds(self) -> list[str]:
        return [change.kind.value for change in self.drain()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    yield Desk(opened)
    opened.close()


PAGE = (
    "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>2026-11-20 来源:云溪日报</p><div>{1}</div></body></html>"
)


def raw(*text: str) -> bytes:
    return PAGE.format("市政府研究供暖保障", "".join(f"<p>{line}</p>" for line in text)).encode()


def numbered(number: int, template: str) -> Article:
    text = tuple(f"{line}(第{number}号,编号{number * 7919})" for line in OTHER)
    return story(*text, title=f"第{number}号通报", template=template * 192)


def busy_day(desk: Desk) -> None:
    """One of everything, none of it compared yet."""
    desk.visit(page="1")
    desk.visit(page="2", key="lanqiao", article=story(published_at="2026-11-21"))
    for number in range(3, 6):
        desk.visit(numbered(number, "a"), page=str(number))
    desk.visit(EDITED)
    desk.gone(page="3")
    desk.visit(replace(numbered(4, "a"), flags=HIJACKED.flags, surface=HIJACKED.surface), page="4")
    desk.visit(article=None, page="3", status=503)
    desk.gone(page="3", after=2 * HOUR)
    desk.visit(numbered(4, "a"), page="4")
    desk.visit(replace(STORY, title="市政府研究部署供暖保障工作"))
    desk.visit(numbered(5, "a"), page="5", final_url=address("6"))
    desk.visit(numbered(5, "a"), page="6")


def noise(number: int) -> dict[str, object]:
    """A visit that brings a version of which nobody is told."""
    article = replace(STORY, surface=Surface(description=f"今日访问{number}人次"))
    return {"article": article, "body": raw(*STORY.canonical, f"访问{number}")}


def long_past(desk: Desk) -> Desk:
    """Seven versions: the first, noise, noise, an edit told, noise, noise, the newest."""
    desk.visit(STORY, body=raw(*STORY.canonical))
    for number in (1, 2):
        desk.visit(**noise(number))
    desk.visit(EDITED, body=raw(*EDITED.canonical))
    for number in (3, 4, 5):
        desk.visit(
            replace(EDITED, surface=Surface(description=f"今日访问{number}人次")),
            body=raw(*EDITED.canonical, f"访问{number}"),
        )
    desk.drain()
    assert desk.told() == [("new", "1.html"), ("edited", "1.html")]
    return desk


def told_of(log: list[Change]) -> list[object]:
    return [replace(change, detected_at=START, id=0) for change in log]


class StopAfter:
    """Says stop once it was asked ``times`` times."""

    def __init__(self, times: int) -> None:
        self._left = times

    def __call__(self) -> bool:
        self._left -= 1
        return self._left < 0


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a busy day that waits to be compared."""
    path = tmp_path_factory.mktemp("busy") / "shixun.db"
    opened = open_archive(f"sqlite:///{path}")
    busy_day(Desk(opened))
    opened.close()
    return path


def told_with_stops(busy: Path, folder: Path, stops: list[int]) -> list[object]:
    """The log of a busy day whose comparison was stopped again and again, after so many questions each."""
    copy = folder / "shixun.db"
    shutil.copy(busy, copy)
    opened = open_archive(f"sqlite:///{copy}")
    desk = Desk(opened, now=START + timedelta(days=3))
    for times in stops:
        desk.drain(StopAfter(times))
    desk.drain()
    assert opened.running.counts()["pending"] == 0
    log = told_of(desk.log())
    opened.close()
    return log
