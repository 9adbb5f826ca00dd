"""The eight screens in use: what a reader does there, by mouse or by keyboard, at any width, with or without script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import pytest
from playwright.sync_api import Page
from web_browser import REACHABLE, SCHEMES, SIDEWAYS, SIZES, Open, eight, needs_chromium
from web_desk import WebDesk

pytestmark = needs_chromium


STEPS = f"""wanted => {{
  const all = [...document.querySelectorAll("*")];
  const from = document.activeElement !== document.body ? document.activeElement : document.querySelector(":target");
  const start = all.indexOf(from), to = all.indexOf(document.querySelector(wanted)), reachable = ({REACHABLE})();
  return to < start ? -reachable.filter(place => place >= to && place < start).length
    : reachable.filter(place => place > start && place <= to).length;
}}"""
"""How often Tab is pressed until something is come to, by its place in the page; less than 0: backwards."""


class Hand(Protocol):
    """How a reader acts on a page; what is meant is named by a selector, the first that fits."""

    def press(self, selector: str) -> None:
        """A link, a button or a fold."""

    def choose(self, selector: str, value: str) -> None:
        """One of a list."""

    def write(self, selector: str, text: str) -> None:
        """Into a field, over what stood there."""


class Mouse:
    """A reader with a mouse, who types into fields only."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def choose(self, selector: str, value: str) -> None:
        self.page.locator(selector).first.select_option(value)

    def write(self, selector: str, text: str) -> None:
        self.page.locator(selector).first.click(click_count=3)
        self.page.keyboard.type(text)


class Keys:
    """A reader who has a keyboard alone, and comes to everything by Tab."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, selector: str) -> None:
        self._come_to(selector)
        self.page.keyboard.press("Enter")

    def choose(self, selector: str, value: str) -> None:
        self._come_to(selector)
        chosen = self.page.locator(selector).first
        options = chosen.locator("option").evaluate_all("all => all.map(one => one.value)")
        by = options.index(value) - options.index(chosen.input_value())
        for _ in range(abs(by)):
            self.page.keyboard.press("ArrowDown" if by > 0 else "ArrowUp")

    def write(self, selector: str, text: str) -> None:
        self._come_to(selector)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def _come_to(self, selector: str) -> None:
        steps = self.page.evaluate(STEPS, selector)
        for _ in range(abs(steps)):
            self.page.keyboard.press("Tab" if steps > 0 else "Shift+Tab")
        held = "wanted => document.activeElement === document.querySelector(wanted)"
        assert self.page.evaluate(held, selector), f"Tab does not come to {selector} on {self.page.url}"


def _today(hand: Hand, page: Page) -> None:
    hand.press(".contents a[href='#removed']")
    page.wait_for_url("**#removed")
    hand.press(":target h3 a")
    page.wait_for_url("**/article/*")


def _site(hand: Hand, page: Page) -> None:
    hand.press("main h3 a[href^='/change/']")
    page.wait_for_url("**/change/*")


def _article(hand: Hand, page: Page) -> None:
    hand.choose("select[name=from]", "2")
    hand.choose("select[name=to]", "1")
    hand.press(".compare button")
    page.wait_for_url("**/diff/2/1")
    assert page.locator("ins, del").count() > 1


def _diff(hand: Hand, page: Page) -> None:
    hand.press("nav.tabs a[data-view=side]")
    page.wait_for_url("**view=side**")
    assert page.locator(".side .pair.differs").count() == 1


def _story(hand: Hand, page: Page) -> None:
    hand.press("table.copies a[href^='/article/']")
    page.wait_for_url("**/article/*")


def _search(hand: Hand, page: Page) -> None:
    hand.write("main input[name=q]", "4156户")
    hand.choose("main select[name=site]", "yunxi")
    hand.write("main input[name=from]", "2026-11-20")
    hand.press(".question button")
    page.wait_for_url("**site=yunxi&from=2026-11-20**")
    assert page.locator(".hits mark").count() > 1
    hand.press(".hits h2 a")
    page.wait_for_url("**/article/**")


def _digest(hand: Hand, page: Page) -> None:
    hand.press(".contents a[href='#removed']")
    page.wait_for_url("**#removed")
    assert page.locator(":target").count() == 1
    hand.press("details summary")
    assert page.locator("details").first.evaluate("fold => fold.open")


def _calendar(hand: Hand, page: Page) -> None:
    hand.choose("main select[name=site]", "lanqiao")
    hand.press(".asks button")
    page.wait_for_url("**site=lanqiao")
    hand.press(".months a")
    page.wait_for_url("**#m11")
    hand.press("td:not(.h0) a")
    page.wait_for_url("**/day/2026-11-2*/log?site=lanqiao")


DONE: Mapping[str, Callable[[Hand, Page], None]] = {
    "today": _today,
    "site": _site,
    "article": _article,
    "diff": _diff,
    "story": _story,
    "search": _search,
    "digest": _digest,
    "calendar": _calendar,
}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("width", SIZES)
def test_everything_is_done_by_mouse_and_by_keyboard(
    hostile_desk: WebDesk, site: str, tab: Open, width: str, script: bool
) -> None:
    """Each hand in each light at each width, and with script and without."""
    page = tab(viewport=SIZES[width], java_script_enabled=script)
    hands = (Mouse(page), Keys(page))
    for hand, scheme in zip(hands, SCHEMES if script else reversed(SCHEMES), strict=True):
        page.emulate_media(color_scheme=scheme)
        for name, address in eight(hostile_desk).items():
            page.goto(site + address)
            DONE[name](hand, page)
            assert page.evaluate(SIDEWAYS) == 0, page.url


@pytest.mark.parametrize("width", SIZES)
def test_on_every_list_the_next_is_taken_up_and_opened_by_a_key(
    hostile_desk: WebDesk, site: str, tab: Open, width: str
) -> None:
    page = tab(viewport=SIZES[width])
    for name in ("today", "site", "article", "story", "search"):
        page.goto(site + eight(hostile_desk)[name])
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.matches('main .item')"), name
        before = page.url
        page.keyboard.press("o")
        page.wait_for_url(lambda now, before=before: now != before)
    page.goto(site + eight(hostile_desk)["diff"])
    page.keyboard.press("v")
    page.wait_for_url("**view=side**")


def test_the_keyboard_goes_everywhere(hostile_desk: WebDesk, site: str, tab: Open) -> None:
    page, first = tab(), hostile_desk.page("1").id
    page.goto(f"{site}/article/{first}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    held = "document.activeElement.id"
    page.keyboard.press("j")
    top = page.evaluate(held)
    page.keyboard.press("j")
    assert page.evaluate(held) != top
    page.keyboard.press("k")
    assert page.evaluate(held) == top
    page.keyboard.press("o")
    page.wait_for_url("**/diff/**")
    assert page.locator("nav.tabs a[aria-current]").get_attribute("data-view") == "inline"
    page.keyboard.press("v")
    page.wait_for_url("**view=side**")
    page.keyboard.press("[")
    page.wait_for_url("**/diff/1/2")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_by_keyboard_alone_a_search_is_asked_anywhere_and_mended(site: str, tab: Open) -> None:
    page = tab(color_scheme="dark")
    page.goto(f"{site}/stories")
    page.keyboard.press("/")
    page.keyboard.type("4156")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=4156")
    page.keyboard.press("j")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("4156户")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=4156%E6%88%B7*")


def test_a_day_is_told_by_the_pointer_and_a_day_that_is_none_is_asked_again(site: str, tab: Open) -> None:
    page = tab()
    page.goto(f"{site}/calendar")
    day = page.locator("td.grave a").first
    told = day.locator(".says")
    assert (told.bounding_box() or {"width": 0})["width"] < 2
    day.hover()
    assert (told.bounding_box() or {"width": 0})["width"] > 40
    page.goto(f"{site}/search")
    page.locator("main input[name=q]").fill("4156")
    page.locator("main input[name=to]").fill("11/21/2026")
    page.get_by_role("button", name="检索").click()
    assert page.locator("main input[name=to]").evaluate("field => field.validity.patternMismatch")
    assert page.url.endswith("/search")


def test_an_older_version_is_found_and_compared_with_what_became_of_it(site: str, tab: Open) -> None:
    page = tab()
    page.goto(f"{site}/site/yunxi")
    page.get_by_role("link", name="在本站检索").click()
    page.get_by_role("searchbox").fill("4165户")
    page.get_by_role("button", name="检索").click()
    page.get_by_role("link", name="看后来怎样改的").click()
    assert "/diff/2/3" in page.url


def test_a_reader_chooses_light_or_dark_and_keeps_it(site: str, tab: Open) -> None:
    page = tab(color_scheme="light")
    page.goto(f"{site}/enter")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.locator("main").click()
    page.keyboard.press("t")
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark
    page.get_by_role("button", name="明暗").click()
    assert page.evaluate(paper) == light


def test_without_script_there_is_no_button_that_does_nothing(site: str, tab: Open) -> None:
    page = tab(java_script_enabled=False)
    page.goto(site + "/")
    assert page.get_by_role("button", name="明暗").count() == 0
    page.get_by_role("link", name="前一天").click()
    assert "/day/" in page.url
    page.goto(f"{site}/sites")
    page.locator("main input[name=q]").fill("日报")
    page.locator("select[name=sort]").select_option("articles")
    page.get_by_role("button", name="显示").click()
    page.wait_for_url("**sort=articles")
    assert page.locator("tbody tr").count() == 1
