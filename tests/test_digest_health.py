"""Sites by the indicators that their owners are judged by."""

from __future__ import annotations

import pytest
from digest_sample import at, change, small_day, small_health
from lxml import html as tree

from monitor.digest import html
from monitor.digest.health import Indicators, indicators, is_backdated
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
        pytest.param(Indicators(SiteHealth("a", "甲", at(9), visits=40, missing=1)), True, id="a dead link"),
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
        "被拦截 2 次。 逾期未更新的栏目：http://wenxin.example/notice/",
        "石泉区政府 14.3%（84 次中 12 次） — — — — 从未成功",
    ]
    assert [row.find("th").text_content() for row in folded] == ["云溪发布"]
    assert folded.getparent().getparent().tag == "details"
