"""Made records for the digest's tests: a small day with every kind of change, told with honest and hostile words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from monitor.digest.day import Digest, Past, build
from monitor.digest.keywords import Keyword
from monitor.stories import Apart, Line, Part
from storage.browsing import DayCount
from storage.records import (
    CHINA,
    Article,
    Change,
    ChangeKind,
    Edit,
    Facts,
    PageKind,
    SiteHealth,
    Version,
)

DAY = date(2026, 11, 22)
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=CHINA).astimezone(UTC)
SITES = {"yunxi": "云溪发布", "lanqiao": "兰桥日报", "shiquan": "石泉区政府", "wenxin": "文新大学"}

HOSTILE_TITLE = "通知<script>alert(1)</script>\u202e\x1b[31m](http://x.invalid) *粗* `码`|"
INVESTMENT = (
    "会议指出，今年以来全市重点项目建设提速。截至10月底，全市累计完成投资7.89亿元，占年度计划的91.2%，"
    "其中交通项目完成投资3.2亿元。会议要求各县区压实责任。"
)
INVESTMENT_BEFORE = INVESTMENT.replace("7.89亿元", "6.89亿元")
FORBIDDEN = "施工单位不得在夜间进行高噪声作业，确需作业的，应当提前三日公告。"
WITHDRAWN = (
    "11月18日，石泉区召开老旧小区改造现场推进会，明确年内完成32个小区的外墙与管网改造。",
    "区住建局负责人介绍，改造资金由省、市、区三级共担，居民每户自筹不超过1500元。",
)


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of the sample's China day, in UTC as records keep it."""
    return datetime(2026, 11, 22, hour, minute, tzinfo=CHINA).astimezone(UTC)


def url(site: str, page: str) -> str:
    return f"http://{site}.example/{page}.html"


def version(site: str, page: str, title: str, *paragraphs: str, number: int = 1, **labels: object) -> Version:
    article = Article(
        kind=PageKind.ARTICLE,
        title=title,
        paragraphs=paragraphs,
        canonical=paragraphs,
        **labels,  # type: ignore[arg-type]
    )
    return Version(site, url(site, page), number, at(6), f"{site}/{page}/{number}", article)


def change(site: str, page: str, kind: ChangeKind, hour: int, title: str | None = None, **more: object) -> Change:
    return Change(site, url(site, page), kind, at(hour), title, **more)  # type: ignore[arg-type]


def replaced(before: str, after: str, paragraph: int | None = 0, field: str = "body") -> Edit:
    return Edit("replace", before, after, paragraph, field)


def small_versions() -> dict[tuple[str, int], Version]:
    """Every version that the small day speaks of, by (address, number)."""
    kept = (
        version("yunxi", "investment", "全市重点项目建设提速", INVESTMENT_BEFORE),
        version("yunxi", "investment", "全市重点项目建设提速", INVESTMENT, number=2, published_at="2026-11-21"),
        version("yunxi", "noise", "关于夜间施工的通告", FORBIDDEN.replace("不得", "可以")),
        version("yunxi", "noise", "关于夜间施工的通告", FORBIDDEN, "本通告自发布之日起施行。", number=2),
        version(
            "shiquan", "renewal", "老旧小区改造现场推进会召开", *WITHDRAWN, published_at="2026-11-19T09:05:00+08:00"
        ),
        version("wenxin", "typo", "图书馆开放公告", "请各位读者按时归还图书，自觉遵守阅览秩序。", number=2),
        version("wenxin", "hijack", "校史馆恢复开放"),
        version("wenxin", "hijack", "校史馆恢复开放", number=2),
        version(
            "lanqiao",
            "bridge",
            "兰桥二桥今日合龙",
            "兰桥二桥11月22日上午合龙，比计划提前41天。",
            published_at="2026-11-22T07:30:00+08:00",
            source="兰桥日报",
        ),
        version(
            "yunxi",
            "bridge-copy",
            "兰桥二桥今日合龙",
            "兰桥日报讯 兰桥二桥11月22日上午合龙。",
            published_at="2026-11-22",
        ),
        version(
            "shiquan",
            "bridge-copy",
            "兰桥二桥合龙",
            "兰桥二桥11月22日上午合龙。",
            published_at="2026-11-22T10:00:00+08:00",
        ),
        version("lanqiao", "levy", "水费阶梯收费方案公布", "方案自2026年10月1日起执行。", published_at="2026-10-01"),
        version("shiquan", "hostile", HOSTILE_TITLE, "各有关单位：请于11月30日前报送材料，逾期不再受理，特此通知。"),
    )
    return {(one.url, one.number): one for one in kept}


def small_changes() -> tuple[Change, ...]:
    return (
        change(
            "yunxi",
            "investment",
            ChangeKind.EDITED,
            9,
            "全市重点项目建设提速",
            from_version=1,
            to_version=2,
            weight=0.8,
            edits=(replaced("6.89亿元", "7.89亿元"),),
            facts=Facts(numbers=(("6.89亿", "7.89亿"),)),
        ),
        change(
            "yunxi",
            "noise",
            ChangeKind.EDITED,
            10,
            "关于夜间施工的通告",
            from_version=1,
            to_version=2,
            weight=0.9,
            edits=(replaced("可以", "不得"), Edit("insert", "", "本通告自发布之日起施行。", 1)),
            facts=Facts(negations=(("", "不得"),)),
            paragraphs_added=1,
        ),
        change(
            "shiquan",
            "renewal",
            ChangeKind.REMOVED,
            11,
            "老旧小区改造现场推进会召开",
            from_version=1,
            weight=0.9,
            how="soft-404",
            evidence={"visits": 2, "first_missing_at": "2026-11-22T02:10:00+00:00", "printed": "您访问的页面已被删除"},
        ),
        change(
            "wenxin",
            "typo",
            ChangeKind.EDITED,
            12,
            "图书馆开放公告",
            from_version=1,
            to_version=2,
            weight=0.05,
            edits=(replaced("按是", "按时"),),
        ),
        change(
            "wenxin",
            "hijack",
            ChangeKind.TAMPERED,
            13,
            "校史馆恢复开放",
            from_version=1,
            to_version=2,
            weight=1.0,
            evidence={
                "spam_words": {"title": ["彩票平台<b>注册</b>", "真人娱乐"]},
                "title": {"before": "校史馆恢复开放", "after": "彩票平台注册登录"},
                "hidden_links": [{"url": "http://spam.invalid/a", "title": "真人娱乐"}],
            },
        ),
        change("lanqiao", "bridge", ChangeKind.NEW, 7, "兰桥二桥今日合龙", to_version=1, weight=0.3),
        change(
            "yunxi",
            "bridge-copy",
            ChangeKind.NEW,
            8,
            "兰桥二桥今日合龙",
            to_version=1,
            weight=0.3,
            reprint_of=url("lanqiao", "bridge"),
        ),
        change(
            "shiquan",
            "bridge-copy",
            ChangeKind.NEW,
            10,
            "兰桥二桥合龙",
            to_version=1,
            weight=0.3,
            reprint_of=url("yunxi", "bridge-copy"),
        ),
        change(
            "lanqiao",
            "levy",
            ChangeKind.NEW,
            16,
            "水费阶梯收费方案公布",
            to_version=1,
            weight=0.5,
            evidence={
                "printed": "2026-10-01",
                "first_seen": "2026-11-22",
                "days": 52,
                "column_watched_since": "2026-09-01",
            },
            note="发布日期早于首见52天（疑似倒填）：2026-10-01",
        ),
        change("shiquan", "hostile", ChangeKind.NEW, 15, HOSTILE_TITLE, to_version=1, weight=0.3),
        change(
            "lanqiao",
            "market",
            ChangeKind.RETITLED,
            14,
            "兰桥早市搬新家 摊位增至200个",
            from_version=1,
            to_version=2,
            weight=0.5,
            edits=(replaced("兰桥早市搬新家 摊位增至120个", "兰桥早市搬新家 摊位增至200个", None, "title"),),
        ),
        change(
            "lanqiao",
            "rain",
            ChangeKind.REDATED,
            16,
            "全市迎来强降雨",
            from_version=1,
            to_version=2,
            weight=0.6,
            edits=(replaced("2026-11-20", "2026-11-02", None, "published_at"),),
            note="日期改早 18 天",
        ),
        change(
            "lanqiao", "museum", ChangeKind.MOVED, 17, "博物馆夜场", evidence={"to": url("lanqiao", "culture/museum")}
        ),
        change("yunxi", "levy", ChangeKind.RESTORED, 18, "水费调整听证会公告"),
        change("wenxin", "", ChangeKind.REDESIGNED, 19, None, evidence={"pages_seen": 12, "pages_in_new_frame": 12}),
    )


def small_health() -> tuple[SiteHealth, ...]:
    return (
        SiteHealth("yunxi", "云溪发布", at(23, 40), visits=48),
        SiteHealth(
            "wenxin",
            "文新大学",
            at(5, 10),
            failures=6,
            visits=20,
            blocked=2,
            stale_columns=("http://wenxin.example/notice/",),
            note="6 次访问失败;2 次被防火墙拦截;1 个栏目超过两周未更新",
            missing=5,
            dead_links=3,
        ),
        SiteHealth("shiquan", "石泉区政府", None, failures=12, visits=12, note="当日未能正常打开"),
    )


def small_lines() -> tuple[Line, ...]:
    """What the archive knows of two stories: one of the day, one of the week before that was touched."""
    bridge = Line(
        Part("lanqiao", url("lanqiao", "bridge"), "兰桥二桥今日合龙", "2026-11-22T07:30:00+08:00", "兰桥日报"),
        (
            Part("yunxi", url("yunxi", "bridge-copy"), "兰桥二桥今日合龙", "2026-11-22", None),
            Part(
                "shiquan",
                url("shiquan", "bridge-copy"),
                "兰桥二桥合龙",
                "2026-11-22T10:00:00+08:00",
                None,
                Apart(share=0.4, facts=(("41天", "14天"),), edits=1, title=True),
                ChangeKind.EDITED,
            ),
        ),
    )
    renewal = Line(
        Part("yunxi", url("yunxi", "renewal"), "老旧小区改造现场推进会召开", "2026-11-18", "云溪发布"),
        (
            Part(
                "shiquan",
                url("shiquan", "renewal"),
                "老旧小区改造现场推进会召开",
                "2026-11-19T09:05:00+08:00",
                None,
                Apart(facts=(("32个", "23个"),), edits=1),
                ChangeKind.REMOVED,
                stands=False,
            ),
        ),
    )
    return bridge, renewal


def small_past() -> Past:
    """A month of changes, most of them new articles, fewer on Sundays."""
    days, sites = [], {site: [] for site in SITES}  # type: ignore[var-annotated]
    for back in range(29, -1, -1):
        day = DAY - timedelta(days=back)
        new = 4 + (back * 7) % 5 - 3 * (day.weekday() == 6)
        counts = {ChangeKind.NEW: new, ChangeKind.EDITED: back % 3, ChangeKind.REMOVED: int(back % 11 == 4)}
        if back == 0:
            counts = dict(Counter(one.kind for one in small_changes()))
        days.append(DayCount(day, counts))
        for number, site in enumerate(SITES):
            sites[site].append(DayCount(day, {ChangeKind.NEW: (new + number * back) % 4 + (back == 0)}))
    return Past(
        tuple(days),
        tuple((site, tuple(told)) for site, told in sites.items()),
        {"yunxi": (336, 2), "wenxin": (140, 19), "shiquan": (84, 12), "lanqiao": (200, 0)},
    )


def digest_of(
    changes: tuple[Change, ...],
    versions: Mapping[tuple[str, int], Version] | None = None,
    health: tuple[SiteHealth, ...] = (),
    keywords: tuple[Keyword, ...] = (),
    reprints: tuple[Line, ...] = (),
    past: Past | None = None,
) -> Digest:
    """A digest of the sample day; the newest of the versions are the known articles."""
    versions = versions or {}
    articles = {address: versions[address, number] for address, number in sorted(versions)}
    return build(
        DAY,
        changes,
        articles,
        health=health,
        sites=SITES,
        keywords=keywords,
        generated_at=MORNING,
        versions=versions,
        reprints=reprints,
        past=past or Past(),
    )


def small_day() -> Digest:
    keywords = (Keyword("二桥", 75.0, 1.2, 3), Keyword("合龙", 75.0, 0.0, 3), Keyword("阶梯收费", 25.0, 0.1, 1))
    return digest_of(small_changes(), small_versions(), small_health(), keywords, small_lines(), small_past())


def empty_day(visits: int = 40) -> Digest:
    health = SiteHealth("yunxi", "云溪发布", at(23, 40), visits=visits, failures=1 if visits else 0)
    return digest_of((), health=(health,))
