"""The pages for everybody: axe finds nothing grave, nothing runs out sideways, the focus is always to be seen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from web_browser import (
    DESK,
    FOCUSED,
    GRAVE,
    PHONE,
    REACHABLE,
    SCHEMES,
    SIDEWAYS,
    SIZES,
    Open,
    eight,
    needs_chromium,
    others,
)
from web_desk import WebDesk

pytestmark = needs_chromium

AXE = Axe().axe_script
LOOKED = """options => axe.run(options).then(found =>
  [found.passes.length, found.violations.map(one => [one.id, one.impact, one.nodes[0].html])])"""
OPTIONS: dict[str, object] = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""Besides what axe looks at unasked: targets of less than 24 by 24 pixels with others too near (WCAG 2.2, 2.5.8)."""

COLOURS: dict[str, object] = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}

MOST = 40
"""Presses of Tab on one screen; a calendar has a link a day."""

RING = 2
"""Pixels that a focus ring is thick at least."""

NAMES = ("today", "site", "article", "diff", "story", "search", "digest", "calendar")


def grave(page: Page, *, colours: bool = False) -> list[tuple[str, str]]:
    """What axe finds, as (rule, the first place's HTML); with ``colours`` it looks at nothing else."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    passed, found = page.evaluate(LOOKED, COLOURS if colours else OPTIONS)
    assert passed > (0 if colours else 10)
    return [(rule, place) for rule, impact, place in found if impact in GRAVE]


def seen_by_tab(page: Page) -> Iterator[dict[str, object]]:
    """What has the focus, from the first on, until it comes round or often enough."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        held = page.evaluate(FOCUSED)
        if held is None:
            return
        yield held


def ringed(page: Page) -> list[dict[str, object]]:
    """What Tab comes to, each with its ring and in sight; fails where it comes to nothing, or not in the order."""
    held = list(seen_by_tab(page))
    assert [one["place"] for one in held] == page.evaluate(REACHABLE)[: len(held)]
    assert len(held) > 3
    assert [one["html"] for one in held if one["ring"] < RING or not one["seen"]] == []  # type: ignore[operator]
    return held


@pytest.mark.parametrize("name", NAMES)
def test_each_screen_is_for_everybody_in_every_light_and_width(
    hostile_desk: WebDesk, site: str, tab: Open, name: str
) -> None:
    # The digest that stands alone lets nothing run, not even what looks at it; without its policy, it has an icon.
    page = tab(bypass_csp=True)
    page.route("**/favicon.ico", lambda asked: asked.fulfill(status=204))
    page.goto(site + eight(hostile_desk)[name])
    for width, size in SIZES.items():
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            # A light changes nothing but colours.
            assert grave(page, colours=scheme != SCHEMES[0]) == [], (width, scheme)
        assert page.evaluate(SIDEWAYS) == 0, width


@pytest.mark.parametrize("name", NAMES)
def test_the_focus_goes_through_each_screen_in_the_order_of_reading(
    hostile_desk: WebDesk, site: str, tab: Open, name: str
) -> None:
    page = tab()
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.goto(site + eight(hostile_desk)[name])
        held = ringed(page)
    # A phone has one column: nothing comes above what came before. What links back to the start stands there unseen.
    above = [
        (one["html"], other["html"])
        for one, other in pairwise(held[1:])
        if other["bottom"] <= one["top"]  # type: ignore[operator]
    ]
    assert above == []


def test_all_other_screens_are_for_everybody_on_a_phone_in_the_dark(
    hostile_desk: WebDesk, site: str, tab: Open
) -> None:
    page = tab(viewport=PHONE, color_scheme="dark")
    for number, address in enumerate(others(hostile_desk)):
        page.goto(f"{site}{address}{'&' if '?' in address else '?'}lang={'en' if number % 2 else 'zh'}")
        assert grave(page) == [], address
        assert page.evaluate(SIDEWAYS) == 0, address


def test_the_eight_in_english_never_run_out_sideways(hostile_desk: WebDesk, site: str, tab: Open) -> None:
    page = tab(viewport=PHONE)
    for address in (*eight(hostile_desk).values(), "/enter"):
        page.goto(f"{site}{address}{'&' if '?' in address else '?'}lang=en")
        assert page.evaluate(SIDEWAYS) == 0, address


def test_nothing_moves_for_those_who_want_no_motion(hostile_desk: WebDesk, site: str, tab: Open) -> None:
    page = tab(reduced_motion="reduce", bypass_csp=True)
    page.goto(site + eight(hostile_desk)["article"])
    page.add_style_tag(content="html { scroll-behavior: smooth } a { transition: color 9s }")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate("getComputedStyle(document.querySelector('a')).transitionDuration") == "0s"
