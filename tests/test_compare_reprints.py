"""Copies are found however they were cut, edited and set; series and slogans are not copies; who was first."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from compare_sample import article

from monitor.compare.marks import PAIRS, RUNS, marks
from monitor.compare.reprints import SHARED_MARKS, first_of, is_reprint, kin_of, similarity
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


HONOURS = (
    "为表彰先进、树立典型,进一步激发广大干部职工干事创业的热情,经研究,决定授予下列同志先进个人称号:",
    "{names}。",
    "希望受到表彰的同志珍惜荣誉,再接再厉。全市广大干部职工要以先进为榜样,立足岗位,奋发有为,为家乡建设作出新的贡献。",
)
NAMES = "葛明哲、陈国栋、费伟强、柳怀瑾、曹喆、廉秀英"
OFFICE = (
    "各县市区人民政府,市政府各委办局、各直属机构:",
    "经研究决定,任命{name}同志为{office}副局长,试用期一年,任职时间从发文之日起计算。请按照干部管理权限办理有关手续。特此通知,望遵照执行。",
)
OUTAGE = (
    "因设备检修需要,定于{day}7时至16时对10千伏{line}线{poles}停电,影响南冲村等共{homes}户。",
    "请有关用户提前做好准备,停电期间线路视为带电,严禁攀爬电杆、触摸设备。工作提前结束时将提前恢复送电,不再另行通知。",
    "给您带来不便,敬请谅解,详情可拨打二十四小时供电服务热线咨询,本公告自发布之日起一年内有效,由公司调度中心负责解释。",
)
GROVE = [(place, tree) for place in "青山白沙龙潭石桥大坪双溪" for tree in ("柳树", "香樟")]


def outage(**blanks: str) -> Article:
    return article(*(line.format(**blanks) for line in OUTAGE))


def decree(names: str) -> Article:
    """A decision whose figures are the same whoever it honours."""
    dated = "(市发〔2021〕5号,2021年6月3日第12次会议通过,2021年6月8日起公示7天)"
    return article(HONOURS[0], f"{names}。", HONOURS[2], dated, title="关于表彰先进个人的决定")


def honours(names: str) -> Article:
    return article(*(line.format(names=names) for line in HONOURS), title="关于表彰先进个人的决定")


def office(name: str, bureau: str) -> Article:
    said = (line.format(name=name, office=bureau) for line in OFFICE)
    return article(*said, title=f"关于{name}同志任职的通知")


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
    assert len(set(marks(ORIGINAL)) & set(marks(copy))) >= SHARED_MARKS


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
        pytest.param(
            honours(NAMES), honours("唐诗涵、严一帆、奚赟、王茂才、凤堃、施春生"), id="other names in one form"
        ),
        pytest.param(
            decree(NAMES), decree("唐诗涵、严一帆、奚赟、王茂才、凤堃、施春生"), id="other names, the same figures"
        ),
        pytest.param(office("魏晟", "市水务局"), office("魏喆", "市水务局"), id="a single character in a blank"),
        pytest.param(
            outage(day="2021年1月22日", line="白沙", poles="55号杆至169号杆", homes="3227"),
            outage(day="2021年2月2日", line="龙潭", poles="46号杆至103号杆", homes="3146"),
            id="single figures that agree by chance",
        ),
        pytest.param(office("酆泽楷", "市水务局"), office("邹泽楷", "市水利局"), id="one character in two blanks"),
        pytest.param(office("廉若彤", "市水务局"), office("魏晟", "市统计局"), id="names that no cutter knows"),
        pytest.param(article("会议取消。"), article("会议取消。"), id="too short to tell"),
        pytest.param(article(), article(), id="empty"),
    ],
)
def test_no_copy(one: Article, other: Article) -> None:
    assert not is_reprint(one, other)
    assert not is_reprint(other, one)


def test_a_form_filled_alike_is_a_copy_though_an_editor_mended_it() -> None:
    whole = honours(NAMES)
    assert is_reprint(whole, honours(NAMES.replace("曹喆", "曹哲")))
    said = (text.replace("热情", "干劲") for text in whole.canonical)
    assert is_reprint(whole, article(*said, title=whole.title))
    appointed = office("廉若彤", "市水务局")
    again = article("来源:江城日报", *appointed.canonical, "责任编辑:周小舟", title="市政府任免一名干部")
    assert is_reprint(appointed, again)


def test_a_corrected_copy_of_a_series_is_still_a_copy() -> None:
    blanks = {"day": "2021年6月3日", "index": "56", "level": "二", "pm": "23", "share": "91.2"}
    assert is_reprint(report(**blanks), report(**blanks | {"pm": "24"}))


def test_marks_are_the_same_everywhere_and_fit_sql() -> None:
    found = marks(article("全市共4156名新党员,投资6.89亿元。"))
    assert found == marks(article(" 全市共４１５６名新党员，", "投资6.89亿元"))
    assert (len(found), found[0], found[-1]) == (14, -8777872385005958085, 8721502066118408473)
    assert all(-(2**63) <= value < 2**63 for value in marks(ORIGINAL))
    assert len(marks(article(*STORY * 3, *(SLOGAN + str(n * 977) for n in range(99))))) == RUNS + PAIRS
    assert marks(article()) == ()


def test_a_part_has_marks_of_the_whole() -> None:
    whole = article(
        *(f"{place}村今年种下了{number * 37}棵{tree}。" for number, (place, tree) in enumerate(GROVE, start=9))
    )
    third = article(*whole.canonical[8:16])
    assert len(set(marks(whole)) & set(marks(third))) >= 4


def test_similarity_is_the_share_of_the_shorter() -> None:
    assert similarity(ORIGINAL, article(*STORY[:1])) == 1.0
    assert similarity(ORIGINAL, article(SLOGAN)) < 0.1
    assert similarity(ORIGINAL, article()) == 0.0


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


NAMED = {"app": "娄底日报客户端", "paper": "娄底日报", "portal": "娄底新闻网", "bureau": "市教育局"}


def printed(site: str, source: str | None, published: str, *, seen: datetime = SEEN) -> Version:
    return Version(site, f"http://{site}.example/", 1, seen, "", article(*STORY, published_at=published, source=source))


@pytest.mark.parametrize(
    ("candidates", "first"),
    [
        pytest.param(
            [
                printed("portal", "娄底日报", "2021-12-07"),
                printed("paper", None, "2021-12-07", seen=SEEN + timedelta(hours=9)),
            ],
            "paper",
            id="who names the other copied, though it was seen first",
        ),
        pytest.param(
            [printed("portal", "娄底日报", "2021-12-07"), printed("paper", "娄底日报", "2021-12-08")],
            "paper",
            id="a paper's own page bears tomorrow's date",
        ),
        pytest.param(
            [printed("portal", "娄底日报", "2021-12-04"), printed("paper", "娄底日报", "2021-12-07")],
            "portal",
            id="not where it is dated days later",
        ),
        pytest.param(
            [printed("portal", "日报", "2021-12-07"), printed("paper", None, "2021-12-08")],
            "portal",
            id="a name too short to tell",
        ),
        pytest.param(
            [printed("portal", "娄底日报", "2021-12-07"), printed("paper", "娄底新闻网", "2021-12-08")],
            "portal",
            id="who name each other go by date",
        ),
        pytest.param(
            [printed("bureau", "娄底市教育局", "2021-12-07"), printed("portal", "市教育局", "2021-12-06")],
            "bureau",
            id="a name within a longer one",
        ),
        pytest.param(
            [
                printed("paper", "娄底日报", "2021-12-07"),
                printed("app", None, "2021-12-07", seen=SEEN + timedelta(hours=1)),
            ],
            "paper",
            id="who names itself copied from nobody",
        ),
    ],
)
def test_a_source_tells_who_copied(candidates: list[Version], first: str) -> None:
    assert first_of(candidates, NAMED).site == first
    assert first_of(candidates[::-1], NAMED).site == first


def named(name: str, *text: str, title: str = "全市新党员集中宣誓") -> Version:
    return Version(name, name, 1, SEEN, "", article(*text, title=title))


OTHER = (
    "记者从市文旅局获悉,云溪古镇首届稻香文化节将于周末开幕,活动持续至11月30日,期间每天开放10小时。",
    "文化节期间将举办农耕体验、非遗展演等23项活动,游客可凭身份证免费入园,预计接待游客12600人次。",
)


def test_a_survey_of_the_week_does_not_make_its_stories_one() -> None:
    more = (f"{place}今年种下{number * 37}棵{tree},长势喜人。" for number, (place, tree) in enumerate(GROVE, start=9))
    survey = named("survey", *STORY, *OTHER, *more, title="一周要闻")
    whole, other = named("whole", *STORY), named("other", *OTHER, title="稻香文化节")
    copy = named("copy", "来源:本网", *OTHER, title="稻香文化节")
    kin = kin_of(survey, [other, whole])
    assert (kin.alike, kin.story) == ((whole, other), (whole,))
    kin = kin_of(other, [survey, copy])
    assert ({version.url for version in kin.alike}, kin.story) == ({"survey", "copy"}, (copy,))


def test_a_part_belongs_to_the_whole_under_its_headline() -> None:
    whole, part, piece = named("whole", *STORY), named("part", *STORY[:2]), named("piece", *STORY[1:2])
    again = named("again", "来源:本网", *STORY[:2])
    assert sorted(kin.url for kin in kin_of(part, [whole, again]).story) == ["again", "whole"]
    assert kin_of(part, [whole]).story == (whole,)
    assert kin_of(named("p", *STORY[:2], title="速览"), [whole, again]).story == (again,)
    assert kin_of(whole, []).alike == kin_of(piece, [named("x", *OTHER)]).alike == ()


def test_nobody_was_first_among_none() -> None:
    with pytest.raises(ValueError, match="no candidates"):
        first_of([])


def test_among_the_gold_pages_only_the_known_pairs_are_copies(shared: Path) -> None:
    texts: dict[str, tuple[str, ...]] = {}
    for file in sorted((shared / "pages").glob("*.gold.json")):
        body = json.loads(file.read_text(encoding="utf-8")).get("body_text")
        if body and sum(map(len, body)) >= 60:
            texts[file.name.split(".")[0]] = tuple(body)
    sketches = {name: set(marks(article(*text))) for name, text in texts.items()}
    candidates = [
        (one, other) for one, other in combinations(texts, 2) if len(sketches[one] & sketches[other]) >= SHARED_MARKS
    ]
    alike = [{one, other} for one, other in candidates if is_reprint(article(*texts[one]), article(*texts[other]))]
    known = [json.loads(line) for line in (shared / "pages" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    assert all(pair in [{row["a"], row["b"]} for row in known] for pair in alike)
    assert len(alike) >= 3
    assert len(texts) >= 100
    assert len(candidates) > len(alike), "the daily reports of one office share sentences and are not copies"
