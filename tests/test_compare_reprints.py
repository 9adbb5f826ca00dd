"""Copies are found however they were cut, edited and set; series and slogans are not copies; who was first."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from compare_sample import article

from monitor.compare.reprints import SHARED_SENTENCES, first_of, is_reprint, similarity, sketch
from storage.records import Article, Version

STORY = (
    "4月8日,肇庆市“六进”宣讲行动启动仪式在高要区举行,市委常委、宣传部长李明哲出席并讲话。",
    "启动仪式后的当天下午,各县(市、区)、肇庆高新区同步开展14场宣讲活动,共有2600余名干部群众参加。",
    "高要区在活道镇鳌头村开展文艺专场活动,广宁县在江美村开展宣讲活动,封开在广信中学赠送党史书籍300册。",
    "据了解,4月份,市委宣传部将组织开展60场主题宣讲活动,市直工委计划开展青年党员微党课活动。",
)
SLOGAN = "要以习近平新时代中国特色社会主义思想为指导,深入学习贯彻党的重要会议精神,增强“四个意识”、坚定“四个自信”。"
NOTICE = (
    "根据《干部任用条例》规定,经市委研究决定,现将拟任职干部情况予以公示,公示期为{days}。",
    "{name},男,{born}出生,大学学历,现任市{office}副局长,拟任市{office}局长。",
    "如对公示对象有情况反映,请于公示期间向市委组织部干部监督科反映,联系电话{phone}。",
)
AIR = (
    "{day},我市城区空气质量指数为{index},级别为{level}级,首要污染物为臭氧,细颗粒物平均浓度为{pm}微克每立方米。",
    "今年以来城区空气质量优良天数比例为{share}%,请市民合理安排户外活动,敏感人群减少长时间室外锻炼。",
)


def notice(**blanks: str) -> Article:
    return article(*(line.format(**blanks) for line in NOTICE))


def report(**blanks: str) -> Article:
    return article(*(line.format(**blanks) for line in AIR))


ORIGINAL = article(*STORY)


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(article(*STORY), id="word for word"),
        pytest.param(article(*STORY[:2]), id="cut to half"),
        pytest.param(article("来源:西江日报", "西江日报讯(记者张宇)" + STORY[0], *STORY[1:]), id="with a dateline"),
        pytest.param(article("".join(STORY)), id="in one paragraph"),
        pytest.param(article(*(line.replace(",", "，").replace("活动", " 活动") for line in STORY)), id="set anew"),
        pytest.param(article(STORY[0].replace("出席并讲话", "出席"), *STORY[1:3], SLOGAN), id="lightly edited"),
        pytest.param(article(*STORY, *(SLOGAN + str(n) for n in range(5))), id="inside a longer one"),
    ],
)
def test_a_copy(copy: Article) -> None:
    assert is_reprint(ORIGINAL, copy)
    assert is_reprint(copy, ORIGINAL)
    assert len(set(sketch(ORIGINAL)) & set(sketch(copy))) >= 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            article(*STORY[:2], SLOGAN),
            article(
                "市教育局召开会议,部署今年高考考务工作。全市设考点12个、考场380个,各考点负责人参加,公安、卫健等部门通报准备情况。",
                SLOGAN,
            ),
            id="slogan",
        ),
        pytest.param(
            notice(days="4月8日至4月14日", name="王建国", born="1975年3月", office="教育局", phone="0738-8312345"),
            notice(days="6月1日至6月7日", name="李明哲", born="1980年7月", office="财政局", phone="0738-8319999"),
            id="notices after one form",
        ),
        pytest.param(
            report(day="2021年6月3日", index="56", level="二", pm="23", share="91.2"),
            report(day="2021年6月4日", index="78", level="二", pm="31", share="90.7"),
            id="a daily report",
        ),
        pytest.param(article("会议取消。"), article("会议取消。"), id="too short to tell"),
        pytest.param(article(), article(), id="empty"),
    ],
)
def test_no_copy(one: Article, other: Article) -> None:
    assert not is_reprint(one, other)
    assert not is_reprint(other, one)


def test_a_corrected_copy_of_a_series_is_still_a_copy() -> None:
    blanks = {"day": "2021年6月3日", "index": "56", "level": "二", "pm": "23", "share": "91.2"}
    assert is_reprint(report(**blanks), report(**blanks | {"pm": "24"}))


def test_a_sketch_is_the_same_everywhere_and_fits_sql() -> None:
    hashes = sketch(article("这是一个足够长的句子用来测试。短句。"))
    assert hashes == (sketch(article(" 这是一个足够长的句子，用来测试"))[0],)
    assert hashes == (-4777199940211914466,)
    assert all(-(2**63) <= value < 2**63 for value in sketch(ORIGINAL))


def test_similarity_is_the_share_of_the_shorter() -> None:
    assert similarity(STORY, STORY[:1]) == 1.0
    assert similarity(STORY, [SLOGAN]) < 0.1
    assert similarity(STORY, []) == 0.0


SEEN = datetime(2021, 12, 8, 1, tzinfo=UTC)


def version(name: str, published: str | None, *, seen: datetime = SEEN) -> Version:
    return Version("site", name, 1, seen, "", article(*STORY, published_at=published))


@pytest.mark.parametrize(
    ("candidates", "first"),
    [
        pytest.param([version("a", "2021-12-07"), version("b", "2021-12-06")], "b", id="the earlier day"),
        pytest.param(
            [version("a", "2021-12-07T10:30:07+08:00"), version("b", "2021-12-07T09:15")], "b", id="the earlier hour"
        ),
        pytest.param(
            [version("a", "2021-12-07T09:15", seen=SEEN + timedelta(hours=1)), version("b", "2021-12-07")],
            "b",
            id="a day without an hour goes by first sight",
        ),
        pytest.param(
            [version("a", "2021-12-07", seen=SEEN + timedelta(minutes=1)), version("b", "2021-12-07")],
            "b",
            id="the same day goes by first sight",
        ),
        pytest.param(
            [version("a", None), version("b", "2021-12-07")], "b", id="no date counts from the day it was seen"
        ),
        pytest.param(
            [version("a", "2022-01-01", seen=SEEN - timedelta(days=3)), version("b", "2021-12-06")],
            "a",
            id="a date after it was seen is not believed",
        ),
        pytest.param([version("a", None)], "a", id="alone"),
    ],
)
def test_who_was_first(candidates: list[Version], first: str) -> None:
    assert first_of(candidates).url == first
    assert first_of(candidates[::-1]).url == first


def test_nobody_was_first_among_none() -> None:
    with pytest.raises(ValueError, match="no candidates"):
        first_of([])


def test_among_the_gold_pages_only_the_known_pairs_are_copies(shared: Path) -> None:
    texts: dict[str, tuple[str, ...]] = {}
    for file in sorted((shared / "pages").glob("*.gold.json")):
        body = json.loads(file.read_text(encoding="utf-8")).get("body_text")
        if body and sum(map(len, body)) >= 60:
            texts[file.name.split(".")[0]] = tuple(body)
    sketches = {name: set(sketch(article(*text))) for name, text in texts.items()}
    candidates = [
        (one, other)
        for one, other in combinations(texts, 2)
        if len(sketches[one] & sketches[other]) >= SHARED_SENTENCES
    ]
    alike = [{one, other} for one, other in candidates if is_reprint(article(*texts[one]), article(*texts[other]))]
    known = [json.loads(line) for line in (shared / "pages" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    assert all(pair in [{row["a"], row["b"]} for row in known] for pair in alike)
    assert len(alike) >= 3
    assert len(texts) >= 100
    assert len(candidates) > len(alike), "the daily reports of one office share sentences and are not copies"
