"""The digest's files as ``shixun digest`` writes them, opened from a folder; and on paper, with an article's page."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from command_line import Run
from playwright.sync_api import Page
from web_browser import FOCUSED, GRAVE, SCHEMES, SIDEWAYS, SIZES, Open, eight, needs_chromium
from web_desk import WebDesk

pytestmark = needs_chromium

PALE = """() => [...document.querySelectorAll("main *, .sheet *")].filter(one => {
  const named = getComputedStyle(one).color.match(/\\d+/g).slice(0, 3).map(Number);
  return one.children.length === 0 && one.textContent.trim() && one.checkVisibility() && Math.max(...named) > 190;
}).map(one => one.outerHTML.slice(0, 120))"""
"""Text that would hardly be seen on white paper."""


@pytest.mark.parametrize("span", ["--day", "--week"])
def test_a_digest_opened_from_a_folder_is_for_everybody(
    run: Run, told: Path, tab: Open, monkeypatch: pytest.MonkeyPatch, span: str
) -> None:
    monkeypatch.setenv("SHIXUN_NOW", "2026-11-29T08:00:00+08:00")
    page = tab(bypass_csp=True)
    page.goto(Path(run("digest", span, "2026-11-21", home=told).out.splitlines()[0]).as_uri())
    for size in SIZES.values():
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page).response["violations"]
            assert [fault for fault in found if fault["impact"] in GRAVE] == []
        assert page.evaluate(SIDEWAYS) == 0
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)
    while held := page.evaluate(FOCUSED):
        page.keyboard.press("Tab")
        assert held["ring"] >= 2, held
        assert held["seen"], held


def on_paper(page: Page, name: str) -> None:
    """Fails where paper would show what one can only press, or pale letters; prints it."""
    page.emulate_media(media="print", color_scheme="dark")
    for gone in ("header.bar", ".crumbs", ".ways", ".contents", ".compare", ".tabs", "body > .foot"):
        assert page.locator(gone).filter(visible=True).count() == 0, (name, gone)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", name
    assert page.evaluate(PALE) == [], name
    assert page.evaluate("[...document.querySelectorAll('.passage')].every(one => one.checkVisibility())"), name
    assert page.pdf().startswith(b"%PDF")


def test_on_paper_there_is_what_one_reads_and_nothing_to_press(hostile_desk: WebDesk, site: str, tab: Open) -> None:
    page = tab(color_scheme="dark")
    for name in ("today", "digest", "article", "diff"):
        page.emulate_media(media="screen")
        page.goto(site + eight(hostile_desk)[name])
        on_paper(page, name)
