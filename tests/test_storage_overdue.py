"""How long a column may bring nothing, by what it is for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from storage.overdue import NEWS, NOTICES, SOME, allowed

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("path", "name", "given"),
    [
        ("/tzgg/", None, NOTICES),
        ("/xwzx/tzgg/index.html", None, NOTICES),
        ("/zwgk/zcwj.shtml", None, NOTICES),
        ("/col/%E9%80%9A%E7%9F%A5%E5%85%AC%E5%91%8A/", None, NOTICES),
        ("/col/col1234/index.html", "政策文件", NOTICES),
        ("/col/col1234/index.html", "工作动态", NEWS),
        ("/xwdt/", None, NEWS),
        ("/", None, NEWS),
        ("/index.html", None, NEWS),
        ("/zcwj/dt/", None, NEWS),
        # What an article calls its column says more than where it stands.
        ("/xw/", "通知公告", NOTICES),
    ],
)
def test_a_name_or_an_address_tells_what_a_column_is_for(path: str, name: str | None, given: timedelta) -> None:
    # Whatever its rhythm.
    assert allowed(f"http://a.example{path}", name, 40, TODAY - timedelta(days=40), TODAY) == given
    assert allowed(f"http://a.example{path}", name, 4, TODAY - timedelta(days=400), TODAY) == given


@pytest.mark.parametrize("path", ["/ggfw/", "/wjw/", "/zcq/", "/xwh/", "/col/col1234/index.html", "/policymakers/"])
def test_what_only_looks_like_a_hint_goes_by_its_rhythm(path: str) -> None:
    url = f"http://tzgg.example{path}"
    assert allowed(url, "民生服务", SOME, TODAY - timedelta(days=7 * (SOME - 1)), TODAY) == NEWS
    assert allowed(url, None, SOME, TODAY - timedelta(days=7 * (SOME - 1) + 1), TODAY) == NOTICES
    assert allowed(url, None, SOME - 1, TODAY, TODAY) == NOTICES
    assert allowed(url, None, 0, None, None) == NOTICES
