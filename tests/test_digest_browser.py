"""The digest's files in a real browser: they stand alone, fit a phone and paper, and can be read by everybody."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from digest_hostile import HOSTILE, hostile_day
from digest_sample import empty_day, small_day
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from monitor.digest import html, mail
from monitor.digest.day import Digest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
UNBREAKABLE = "https://www.example.cn/" + "a" * 400

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a document from a file; fails where it says, asks for or pops up anything."""
    contexts: list[BrowserContext] = []
    heard: list[str] = []

    def open_one(document: str, **how: object) -> Page:
        contexts.append(browser.new_context(**how))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        path = tmp_path / "digest.html"
        path.write_text(document, "utf-8")
        page.on("console", lambda said: heard.append(said.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda asked: heard.append(asked.url) if asked.url != path.as_uri() else None)
        page.goto(path.as_uri())
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert heard == []


@pytest.mark.parametrize(
    ("render", "size", "scheme"),
    [
        pytest.param(html.render, PHONE, "light", id="page, phone"),
        pytest.param(html.render, PHONE, "dark", id="page, phone, dark"),
        pytest.param(html.render, DESK, "light", id="page, desk"),
        pytest.param(html.render, DESK, "dark", id="page, desk, dark"),
        pytest.param(mail.render, PHONE, "dark", id="mail, phone, dark"),
    ],
)
def test_a_digest_fits_its_screen_and_can_be_read(
    opened: Open, render: Callable[[Digest], str], size: dict[str, int], scheme: str
) -> None:
    page = opened(render(small_day()), viewport=size, color_scheme=scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    found = Axe().run(page).response["violations"]
    assert [fault for fault in found if fault["impact"] in {"serious", "critical"}] == []


@pytest.mark.parametrize("text", [*HOSTILE, UNBREAKABLE])
def test_hostile_words_run_nothing_ask_for_nothing_and_break_no_line(opened: Open, text: str) -> None:
    page = opened(html.render(hostile_day(text)), viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.evaluate("document.querySelectorAll('script, img, iframe, style').length") == 1


def test_every_chart_is_as_wide_as_its_place(opened: Open) -> None:
    page = opened(html.render(small_day()), viewport=DESK)
    for name in ("columns", "bar"):
        widths = page.evaluate(f"[...document.querySelectorAll('.chart.{name}')].map(c => c.clientWidth)")
        assert widths
        assert min(widths) > 200


def test_folds_are_open_on_paper(opened: Open) -> None:
    page = opened(html.render(small_day()))
    mend = page.get_by_text("自觉遵守阅览秩序", exact=False).first
    assert not mend.is_visible()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.contents')).display") == "none"
    assert page.evaluate("document.querySelector('details.fold .passage').getBoundingClientRect().height") > 0


def test_the_foremost_lead_to_what_is_told_of_them_by_keyboard(opened: Open) -> None:
    page = opened(html.render(small_day()), viewport=PHONE)
    first = page.locator("#foremost a").first
    named = first.inner_text()
    first.focus()
    page.keyboard.press("Enter")
    assert named
    assert page.evaluate("document.querySelector(':target h3').textContent") == named
    assert page.evaluate("Math.abs(document.querySelector(':target').getBoundingClientRect().top)") < PHONE["height"]


def test_an_empty_day_fits_too(opened: Open) -> None:
    page = opened(html.render(empty_day()), viewport=PHONE)
    assert "这一天没有变化" in page.inner_text("body")
