"""The lines that sum a day up: counted, the gravest first, and what is out of the ordinary."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from digest_sample import DAY, at, change, digest_of, empty_day, replaced, small_day, version

from monitor.digest import captions, html, mail, markdown
from monitor.digest.choose import choose
from monitor.digest.day import Digest, Past
from monitor.digest.keywords import Keyword
from monitor.digest.points import choice_line, points, title_of
from storage.browsing import DayCount
from storage.records import Change, ChangeKind, Edit, Facts, SiteHealth

KINDS = "新增 5，修改 3，改题 1，改期 1，撤下 1，恢复 1，迁址 1，疑遭篡改 1，改版 1"


def test_a_day_is_summed_up_gravest_first() -> None:
    assert points(small_day(), "zh") == (
        "1 个页面疑遭篡改：文新大学《校史馆恢复开放》，请先核查。",
        f"4 站都有变动，共 15 件：{KINDS}；为 30 天来最多。",
        "1 个页面被撤下：石泉区政府《老旧小区改造现场推进会召开》（84 字），同稿在别处仍可读到。",
        "2 篇文章有改动，都动了事实（数字 1，肯定/否定 1）；最重的是云溪发布《关于夜间施工的通告》：新增“不得”。",
        "1 篇改题，1 篇改期，1 篇新稿疑似倒填日期（最多早 52 天）。",
        "新稿 5 篇，归为 3 件事；刊发最广的是《兰桥二桥今日合龙》（3 站）；转载中 1 份与首发不同。",
        "话题：二桥、合龙、阶梯收费。",
        "1 站未能打开，1 站近七天常打不开，1 个栏目逾期未更新，3 个链接失效。",
    )
    assert len(points(small_day(), "en")) == 8


def test_an_empty_day_tells_whether_anyone_looked() -> None:
    assert points(empty_day(), "zh") == ("这一天没有变化。访问 1 站共 40 次，失败 1 次。",)
    assert points(empty_day(visits=0), "zh") == ("这一天没有变化。这一天没有访问记录：没有变化并不等于页面未变。",)
    assert points(empty_day(visits=0), "en")[0].startswith("Nothing changed on this day. No visits")


def edited(site: str, number: int) -> Change:
    return change(site, f"e{number}", ChangeKind.EDITED, 9, weight=0.3, edits=(replaced("甲", "乙", None),))


@pytest.mark.parametrize(
    ("sites", "said"),
    [
        pytest.param(["yunxi", "yunxi", "yunxi", "lanqiao"], True, id="three of four"),
        pytest.param(["yunxi", "yunxi", "lanqiao", "lanqiao"], False, id="half is no majority"),
        pytest.param(["yunxi", "yunxi", "lanqiao"], False, id="two are nothing to speak of"),
    ],
)
def test_a_site_that_alone_has_most_is_named(sites: list[str], said: bool) -> None:
    told = " ".join(points(digest_of(tuple(edited(site, n) for n, site in enumerate(sites))), "zh"))
    assert ("云溪发布一站占 3 篇" in told) is said


def test_of_withdrawals_the_longest_is_named() -> None:
    kept = {("http://yunxi.example/a.html", 1): version("yunxi", "a", "短", "短文。")}
    kept |= {("http://lanqiao.example/b.html", 1): version("lanqiao", "b", "长", "长文。" * 400)}
    gone = tuple(
        change(site, page, ChangeKind.REMOVED, 9, title, weight=0.9)
        for site, page, title in (("yunxi", "a", "短"), ("lanqiao", "b", "长"))
    )
    assert "2 站撤下 2 个页面；篇幅最长的是兰桥日报《长》（1,200 字）。" in points(digest_of(gone, kept), "zh")


def of_month(before: list[int], today: int) -> Digest:
    """A day of so many new articles after days of so many."""
    days = [DayCount(DAY - timedelta(days=len(before) - n), {ChangeKind.NEW: told}) for n, told in enumerate(before)]
    fresh = tuple(change("yunxi", f"n{n}", ChangeKind.NEW, 9, f"新稿{n}") for n in range(today))
    return digest_of(fresh, past=Past(tuple(day for day in days if day.total)))


@pytest.mark.parametrize(
    ("before", "today", "said"),
    [
        pytest.param([5] * 29, 9, "；为 30 天来最多", id="the most"),
        pytest.param([5] * 28 + [20], 9, "；是平日（中位数 5 件）的 1.8 倍", id="a busy day"),
        pytest.param([5] * 29, 2, "；是平日（中位数 5 件）的 0.4 倍", id="a quiet day"),
        pytest.param([5] * 28 + [8], 6, "", id="a day like others"),
        pytest.param([5] * 6, 9, "", id="too short a past"),
        pytest.param([], 9, "", id="no past"),
        pytest.param([1] + [0] * 27 + [4], 3, "", id="most days were empty"),
    ],
)
def test_a_day_is_held_against_those_before(before: list[int], today: int, said: str) -> None:
    (line,) = [line for line in points(of_month(before, today), "zh") if "共" in line]
    assert line == f"4 站中 1 站有变动，共 {today} 件：新增 {today}{said}。"


def test_edits_that_touch_no_fact_are_said_to() -> None:
    told = points(digest_of((edited("yunxi", 1),)), "zh")
    assert "1 篇文章有改动，未动数字、日期、人名与文号，也未改肯定与否定。" in told


def test_a_fact_that_became_another_is_told_before_one_that_came() -> None:
    told = change(
        "yunxi", "f", ChangeKind.EDITED, 9, "题", weight=0.8, edits=(Edit("insert", "", "甲", None),),
        facts=Facts(numbers=(("", "3人"), ("4人", "5人"))),
    )  # fmt: skip
    assert "最重的是云溪发布《题》：数字 4人 → 5人。" in points(digest_of((told,)), "zh")[1]


def test_sites_that_failed_are_counted_once() -> None:
    health = (
        SiteHealth("yunxi", "云溪发布", at(9), failures=10, visits=10),
        SiteHealth("lanqiao", "兰桥日报", at(9), failures=1, visits=10),
        SiteHealth("wenxin", "文新大学", at(9), failures=1, visits=100),
    )
    assert points(digest_of((), health=health), "zh")[-1] == "1 站未能打开，1 站近七天常打不开。"


def test_what_a_digest_was_narrowed_to_stands_in_one_line() -> None:
    assert choice_line(small_day(), "zh") == ""
    chosen = choose(small_day(), ["yunxi", "lanqiao"], [ChangeKind.REMOVED], 0.5, ["水费"])
    assert choice_line(chosen, "zh") == "选编：兰桥日报、云溪发布；撤下；轻重不低于 0.5；提到 水费"
    assert choice_line(chosen, "en") == "Chosen: 兰桥日报, 云溪发布; withdrawn; of weight 0.5 and more; saying 水费"
    assert points(choose(small_day(), ["lanqiao"], [ChangeKind.REMOVED]), "zh")[0] == "所选范围内没有变化。"


def test_a_week_is_named_by_its_number_and_days() -> None:
    week = replace(small_day(), day=DAY - timedelta(days=6), last=DAY)
    assert title_of(week, "zh") == "市讯 2026 年第 47 周（11-16 至 11-22）"
    assert "最多" not in points(week, "zh")[1]
    assert points(replace(empty_day(), last=DAY + timedelta(days=6)), "zh")[0].startswith("这一周没有变化。")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "新稿留存第 1 天，尚无往日可比；满 7 天后列出话题。"),
        (6, "新稿留存第 7 天，尚无往日可比；满 7 天后列出话题。"),
        (7, "新稿中比此前 7 天说得异常多的词。"),
    ],
)
def test_talk_is_told_against_a_week_at_least(days: int, said: str) -> None:
    told = replace(small_day(), keywords=(Keyword("台风", 40.0, 0.0, 8, days),))
    assert captions.talk_hint(told, "zh") == said
    for page in (html.render(told), markdown.render(told), mail.render(told)):
        assert said in page
        assert ("台风" in page) == (days >= 7)


def test_a_choice_says_why_it_has_no_talk() -> None:
    assert captions.talk_hint(choose(small_day(), sites=["yunxi"]), "zh") == "话题按全部站点的新稿统计，选编中不列。"
    assert captions.talk_hint(choose(small_day(), sites=["wenxin"]), "zh") == ""
    assert captions.talk_hint(empty_day(), "zh") == ""


def first_look(days: list[str]) -> Digest:
    kept = [version("yunxi", f"n{n}", f"稿{n}", "正文。", published_at=day) for n, day in enumerate(days)]
    fresh = tuple(change("yunxi", f"n{n}", ChangeKind.NEW, 9, f"稿{n}", weight=0.5) for n in range(len(days)))
    return digest_of(fresh, {(one.url, 1): one for one in kept})


def test_articles_of_days_before_are_first_kept_and_no_news() -> None:
    old = ["2026-11-13", "2026-11-20", "2026-11-20", "2026-11-22"]
    assert "新增的 4 篇中 3 篇早已刊发，此时首次收录，不是当日新闻。" in points(first_look(old), "zh")
    assert any("first kept now" in line for line in points(first_look(old), "en"))
    fresh = ["2026-11-13", "2026-11-21", "2026-11-22", "2026-11-22"]
    assert not any("首次收录" in line for line in points(first_look(fresh), "zh"))


def test_a_lone_figure_has_no_sign() -> None:
    told = change(
        "yunxi", "f", ChangeKind.EDITED, 9, "题", weight=0.8, edits=(Edit("insert", "", "甲", None),),
        facts=Facts(numbers=(("四米", ""), ("", "275万"))),
    )  # fmt: skip
    for lang, said in (("zh", ("删去“四米”", "新增“275万”")), ("en", ("“四米” removed", "“275万” added"))):
        text = markdown.render(digest_of((told,)), lang)  # type: ignore[arg-type]
        assert all(word in text for word in said)
        assert "－" not in text
        assert "＋" not in text


def test_the_weightiest_is_the_one_that_turned_the_meaning() -> None:
    figure = change(
        "yunxi", "f", ChangeKind.EDITED, 9, "轻", weight=0.9, edits=(Edit("delete", "四米", "", 0),),
        facts=Facts(numbers=(("四米", ""),)),
    )  # fmt: skip
    turned = change(
        "yunxi", "t", ChangeKind.EDITED, 9, "重", weight=0.7, edits=(replaced("未超过", "超过"),),
        facts=Facts(numbers=(("1", "2"),), negations=(("未超过", "超过"),)),
    )  # fmt: skip
    assert any(
        "最重的是云溪发布《重》：肯定/否定 未超过 → 超过。" in line
        for line in points(digest_of((figure, turned)), "zh")
    )
