"""A redesign is one event: most pages in one strange new frame; single pages and columns are none."""

from __future__ import annotations

import pytest

from monitor.compare.redesign import redesigned


def similarity(a: str, b: str) -> float:
    """Frames of these tests are alike by their common letters: ``aaab`` and ``aaaa`` are .75."""
    return sum(x == y for x, y in zip(a, b, strict=True)) / len(a)


OLD, VARIANT, NEW, NEWER = "aaaa", "aabb", "zzzz", "zzzy"


@pytest.mark.parametrize(
    ("current", "verdict"),
    [
        pytest.param([NEW] * 3 + [OLD] * 2, NEW, id="three of five"),
        pytest.param([NEW, NEW, NEWER, OLD, OLD, OLD[:3] + "x"][:5], NEW, id="slightly different pages of one design"),
        pytest.param([NEW] * 6, NEW, id="all"),
        pytest.param([NEW, NEW, OLD], NEW, id="two of a site of three"),
    ],
)
def test_a_redesign(current: list[str], verdict: str) -> None:
    assert redesigned(OLD, current, similarity) == verdict


@pytest.mark.parametrize(
    "current",
    [
        pytest.param([], id="nothing seen"),
        pytest.param([OLD] * 8, id="as told"),
        pytest.param([NEW] + [OLD] * 5, id="a page of its own"),
        pytest.param([NEW], id="the only page of a site"),
        pytest.param([NEW] * 3 + [OLD] * 20, id="one column dressed anew"),
        pytest.param(["wwww", "xxxx", "yyyy", "zzzz"], id="broken pages that have nothing in common"),
        pytest.param([VARIANT] * 6, id="a variant of the told design"),
        pytest.param(["", "", ""], id="pages without a frame"),
    ],
)
def test_no_redesign(current: list[str]) -> None:
    assert redesigned(OLD, current, similarity) is None


def test_nothing_is_told_before_a_template_was() -> None:
    assert redesigned("", [NEW] * 9, similarity) is None
