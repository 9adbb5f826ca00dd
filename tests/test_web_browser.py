"""Hostile pages in a real browser: shown by us they run nothing and fetch nothing; and who may see them at all."""

from __future__ import annotations

from playwright.sync_api import Browser
from web_browser import Lure, Open, eight, needs_chromium, others, served
from web_desk import WebDesk

pytestmark = needs_chromium

TOKEN = "a-token-that-nobody-guesses"


def test_a_hostile_page_does_something_by_itself(browser: Browser, lure: Lure) -> None:
    """Else the next test would prove nothing."""
    page = browser.new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(f"{lure.address}/itself", wait_until="commit")
    page.wait_for_function("() => document.readyState == 'complete' || location.pathname != '/itself'")
    page.close()
    assert len(lure.asked) > 8
    assert said
    lure.asked.clear()


def test_shown_by_us_it_runs_nothing_and_fetches_nothing(
    hostile_desk: WebDesk, site: str, lure: Lure, tab: Open
) -> None:
    lure.asked.clear()
    page, foreign = tab(), list[str]()
    page.on("request", lambda asked: None if asked.url.startswith(site) else foreign.append(asked.url))
    hostile = hostile_desk.page("hostile").id
    for address in (
        *eight(hostile_desk).values(),
        *others(hostile_desk),
        f"/snapshot/{hostile}/1",
        f"/snapshot/{hostile}/2",
    ):
        page.goto(site + address)
    page.goto(f"{site}/article/{hostile}/v/1/snapshot")
    frame = page.frames[1]
    frame.get_by_text("链接").click()
    assert frame.get_by_text("一张图").is_visible()
    assert page.url.endswith("/snapshot")
    assert foreign == []
    assert lure.asked == []


def test_whoever_enters_sees_snapshots_too(hostile_desk: WebDesk, tab: Open) -> None:
    """A cookie that only this site may send goes along with the sandbox of this site."""
    with served(hostile_desk, hosts=["archive.example.cn"], token=TOKEN) as address:
        page = tab()
        page.goto(f"{address}/article/{hostile_desk.page('plain').id}/v/1/snapshot")
        page.locator("input[name=token]").fill(TOKEN)
        page.keyboard.press("Enter")
        page.wait_for_url("**/snapshot")
        assert page.frames[1].get_by_text("1268").is_visible()
