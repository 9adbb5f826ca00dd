"""Sites by the indicators that their owners are judged by."""

from __future__ import annotations

from dataclasses import replace

import pytest
from digest_sample import at, change, small_day, small_health
from lxml import html as tree

from monitor.digest import html
from monitor.digest.health import Indicators, indicators, is_backdated, remarks
from storage.records import ChangeKind, SiteHealth

WELL = SiteHealth("a", "甲", at(9), visits=40)


@pytest.mark.parametrize(
    ("one", "telling"),
    [
        pytest.param(Indicators(WELL, 280, 0), False, id="all well"),
        pytest.param(Indicators(WELL, 280, 13), False, id="below five per cent of a week"),
        pytest.param(Indicators(WELL, 280, 14), True, id="five per cent of a week"),
        pytest.param(Indicators(WELL, 0, 0), False, id="no visit in a week"),
        pytest.param(Indicators(WELL, 280, 0, tampered=1), True, id="hijacked"),
        pytest.param(Indicators(WELL, 280, 0, backdated=1), True, id="dated back"),
        pytest.param(Indicators(SiteHealth("a", "甲", at(9), visits=40, dead_links=1)), True, id="a dead link"),
        pytest.param(
            Indicators(SiteHealth("a", "甲", at(9), visits=40, missing=1)), False, id="withdrawn, and not listed"
        ),
        pytest.param(Indicators(SiteHealth("a", "甲", None), 0, 0), True, id="never reached"),
    ],
)
def test_what_a_reader_should_know(one: Indicators, telling: bool) -> None:
    assert one.is_telling is telling


def test_the_worst_site_comes_first_and_a_day_stands_in_for_an_unknown_week() -> None:
    told = indicators(
        [WELL, *small_health()],
        [change("yunxi", "1", ChangeKind.TAMPERED, 9)],
        {"wenxin": (140, 19), "yunxi": (336, 2)},
    )
    assert [one.health.site for one in told] == ["yunxi", "shiquan", "wenxin", "a"]
    assert [(one.week_visits, one.week_failures) for one in told] == [(336, 2), (12, 12), (140, 19), (40, 0)]


@pytest.mark.parametrize(
    ("note", "zh", "en"),
    [
        ("12 次访问失败;9 次被防火墙拦截;3 个栏目超过两周未更新", "", ""),
        ("当日没有访问", "当日没有访问", "not visited on this day"),
        (
            "2 次访问失败;40 个页面同时打不开,疑为网站故障",
            "40 个页面同时打不开，疑为网站故障",
            "40 pages did not open at once: the site seems broken",
        ),
        ("另有说明。", "另有说明", "另有说明"),
    ],
)
def test_a_note_is_told_without_what_the_figures_say(note: str, zh: str, en: str) -> None:
    noted = replace(WELL, note=note)
    assert (remarks(noted, "zh"), remarks(noted, "en")) == (zh, en)


def test_only_a_new_article_with_the_evidence_is_dated_back() -> None:
    evidence = {"days": 52, "column_watched_since": "2026-09-01"}
    assert is_backdated(change("a", "1", ChangeKind.NEW, 9, evidence=evidence))
    assert not is_backdated(change("a", "1", ChangeKind.NEW, 9, evidence={"days": 52}))
    assert not is_backdated(change("a", "1", ChangeKind.EDITED, 9, evidence=evidence))


def test_the_table_opens_what_is_telling_and_folds_the_rest() -> None:
    page = tree.document_fromstring(html.render(small_day()))
    shown, folded = page.get_element_by_id("health").iter("tbody")
    assert [" ".join(row.text_content().split()) for row in shown] == [
        "文新大学 13.6%（140 次中 19 次） 1 3 — 1 05:10",
        "被拦截 2 次。 逾期未更新的栏目：http://wenxin.example/notice/（超过两周）",
        "石泉区政府 14.3%（84 次中 12 次） — — — — 从未成功",
        "当日未能正常打开。",
    ]
    assert [row.find("th").text_content() for row in folded] == ["云溪发布"]
    assert folded.getparent().getparent().tag == "details"
