"""The pages in a real browser: hostile pages run and fetch nothing; keyboard, phone, dark, without script; axe."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from web_desk import WebDesk, furnish, hostile_page

from monitor.config import WebSection
from monitor.web.serving import Pages
from storage.browsing import Wanted
from storage.records import ChangeKind
from storage.sql import open_archive

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")

TOKEN = "a-token-that-nobody-guesses"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
GRAVE = {"serious", "critical"}


class Lure(ThreadingHTTPServer):
    """Where hostile pages would have a browser go. It counts who comes."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        lure = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                lure.asked.append(self.path)
                page = hostile_page(lure.address) if self.path == "/itself" else b""
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.send_header("content-length", str(len(page)))
                self.end_headers()
                # A browser that leaves the page hangs up in the middle of an answer.
                with suppress(ConnectionError):
                    self.wfile.write(page)

            def log_message(self, format: str, *args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Answer)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture(scope="module")
def lure() -> Iterator[Lure]:
    server = Lure()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def hostile_desk(lure: Lure, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDesk]:
    opened = open_archive(f"sqlite:///{tmp_path_factory.mktemp('web') / 'shixun.db'}")
    yield furnish(opened, lure.address)
    opened.close()


@contextmanager
def served(desk: WebDesk, **web: object) -> Iterator[str]:
    """The pages on a free port; their address without its last slash."""
    opened, ended, address = threading.Event(), asyncio.Event(), [""]

    async def serve() -> None:
        pages = Pages(desk.app(**web), WebSection(port=0))
        pages.start()
        address[0] = pages.address.rstrip("/")
        loops.append(asyncio.get_running_loop())
        opened.set()
        await ended.wait()
        await pages.stop()

    loops: list[asyncio.AbstractEventLoop] = []
    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert opened.wait(20)
    yield address[0]
    loops[0].call_soon_threadsafe(ended.set)
    thread.join()


@pytest.fixture(scope="module")
def site(hostile_desk: WebDesk) -> Iterator[str]:
    with served(hostile_desk) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


Open = Callable[..., Page]


@pytest.fixture
def tab(browser: Browser) -> Iterator[Open]:
    """Opens a page that fails the test when it says anything on the console, raises, or opens a dialog."""
    contexts: list[BrowserContext] = []
    heard: list[str] = []

    def opened(**how: object) -> Page:
        contexts.append(browser.new_context(**{"viewport": DESK, **how}))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.on("console", lambda said: heard.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("dialog", lambda dialog: (heard.append(f"dialog {dialog.message}"), dialog.dismiss()))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert heard == []


def addresses(desk: WebDesk) -> list[str]:
    hostile, first = desk.page("hostile").id, desk.page("1").id
    told = desk.archive.browsing.changes(Wanted(kinds=[ChangeKind.TAMPERED]), limit=1)[0]
    return [
        "/",
        "/day/2026-11-21/log",
        f"/article/{hostile}",
        f"/article/{first}",
        f"/article/{hostile}/v/1",
        f"/article/{hostile}/v/1/snapshot",
        f"/article/{hostile}/diff/1/2",
        f"/article/{hostile}/diff/1/2?view=side",
        f"/change/{told.change.id}",
        f"/story/{desk.archive.browsing.stories(limit=1)[0][0]}",
        "/calendar",
        "/sites",
        "/site/yunxi",
        "/stories",
        "/search?q=4156",
    ]


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
        *addresses(hostile_desk),
        f"/snapshot/{hostile}/1",
        f"/snapshot/{hostile}/2",
        "/day/2026-11-21.html",
    ):
        page.goto(site + address)
    page.goto(f"{site}/article/{hostile}/v/1/snapshot")
    frame = page.frames[1]
    frame.get_by_text("链接").click()
    assert frame.get_by_text("一张图").is_visible()
    assert page.url.endswith("/snapshot")
    assert foreign == []
    assert lure.asked == []


def test_nothing_serious_for_those_who_cannot_see(hostile_desk: WebDesk, site: str, tab: Open) -> None:
    axe = Axe()
    every = addresses(hostile_desk)
    several = [address for number, address in enumerate(every) if number not in (3, 6)]
    for scheme, size, some in (("light", DESK, several), ("dark", PHONE, every[2::4])):
        page = tab(color_scheme=scheme, viewport=size)
        for address in some:
            page.goto(site + address)
            found = axe.run(page, options={"resultTypes": ["violations"]}).response
            assert len(found["passes"]) > 10
            grave = [(one["id"], one["nodes"][0]["html"]) for one in found["violations"] if one["impact"] in GRAVE]
            assert grave == [], (address, scheme)


def test_a_phone_never_scrolls_sideways(hostile_desk: WebDesk, site: str, tab: Open) -> None:
    page = tab(viewport=PHONE)
    for number, address in enumerate((*addresses(hostile_desk), "/enter")):
        for lang in ("zh", "en") if number % 3 == 0 else ("zh",):
            page.goto(f"{site}{address}{'&' if '?' in address else '?'}lang={lang}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, lang)


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
    assert tab(color_scheme="dark").goto(f"{site}/enter") is not None


def test_without_script_everything_is_there(hostile_desk: WebDesk, site: str, tab: Open) -> None:
    page, first = tab(java_script_enabled=False), hostile_desk.page("1").id
    page.goto(site + "/")
    assert page.get_by_role("button", name="明暗").count() == 0
    page.get_by_role("link", name="前一天").click()
    assert "/day/" in page.url
    page.goto(f"{site}/article/{first}")
    page.locator("select[name=from]").select_option("1")
    page.locator("select[name=to]").select_option("2")
    page.get_by_role("button", name="比较").click()
    assert page.url.endswith(f"/article/{first}/diff/1/2")
    page.get_by_role("link", name="左右对照").click()
    assert page.locator(".side .pair.differs").count() == 1


def test_whoever_enters_sees_snapshots_too(hostile_desk: WebDesk, tab: Open) -> None:
    """A cookie that only this site may send goes along with the sandbox of this site."""
    with served(hostile_desk, hosts=["archive.example.cn"], token=TOKEN) as address:
        page = tab()
        page.goto(f"{address}/article/{hostile_desk.page('plain').id}/v/1/snapshot")
        page.locator("input[name=token]").fill(TOKEN)
        page.keyboard.press("Enter")
        page.wait_for_url("**/snapshot")
        assert page.frames[1].get_by_text("1268").is_visible()


def test_by_mouse_from_the_calendar_to_an_older_version(site: str, tab: Open) -> None:
    page = tab()
    page.goto(f"{site}/calendar")
    day = page.locator("td.grave a").first
    told = day.locator(".says")
    assert (told.bounding_box() or {"width": 0})["width"] < 2
    day.hover()
    assert (told.bounding_box() or {"width": 0})["width"] > 40
    day.click()
    page.wait_for_url("**/day/2026-11-2*")
    page.get_by_role("navigation").get_by_role("link", name="站点").click()
    page.get_by_role("link", name="云溪发布").click()
    page.get_by_role("link", name="在本站检索").click()
    page.get_by_role("searchbox").fill("4165户")
    page.get_by_role("button", name="检索").click()
    page.get_by_role("link", name="看后来怎样改的").click()
    assert "/diff/2/3" in page.url


def test_by_keyboard_alone_a_search_is_asked_and_its_hit_opened(site: str, tab: Open) -> None:
    page = tab(viewport=PHONE, color_scheme="dark")
    page.goto(f"{site}/stories")
    page.keyboard.press("/")
    page.keyboard.type("4156")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=4156")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.matches('.hits li')")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("4156户")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=4156%E6%88%B7*")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/article/*")


def test_without_script_sites_are_found_and_sorted(site: str, tab: Open) -> None:
    page = tab(java_script_enabled=False, viewport=PHONE)
    page.goto(f"{site}/sites")
    page.locator("main input[name=q]").fill("日报")
    page.locator("select[name=sort]").select_option("articles")
    page.get_by_role("button", name="显示").click()
    page.wait_for_url("**sort=articles")
    assert page.locator("tbody tr").count() == 1
    page.goto(f"{site}/calendar")
    page.locator("select[name=site]").select_option("lanqiao")
    page.get_by_role("button", name="显示").click()
    page.wait_for_url("**site=lanqiao")
    assert page.locator("h1").inner_text().startswith("兰桥日报")
