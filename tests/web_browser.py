"""What tests in a real browser share: Chromium, hostile pages and their lure, the pages served, the eight screens."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Literal, TypedDict

import pytest
from web_desk import WebDesk, furnish, hostile_page

from storage.browsing import Wanted
from storage.records import ChangeKind
from storage.sql import open_archive

if TYPE_CHECKING:
    # Loaded where it is used: most tests have nothing to do with a browser.
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")


class Size(TypedDict):
    """A window's inner size in CSS pixels."""

    width: int
    height: int


Scheme = Literal["light", "dark"]
Open = Callable[..., "Page"]

PHONE, DESK = Size(width=390, height=844), Size(width=1440, height=900)
SIZES = {"phone": PHONE, "desk": DESK}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
GRAVE = {"serious", "critical"}
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


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
    """The lure, listening."""
    server = Lure()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def hostile_desk(lure: Lure, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDesk]:
    """An archive whose hostile pages would go to the lure."""
    opened = open_archive(f"sqlite:///{tmp_path_factory.mktemp('web') / 'shixun.db'}")
    yield furnish(opened, lure.address)
    opened.close()


@contextmanager
def served(desk: WebDesk, **web: object) -> Iterator[str]:
    """The pages on a free port; their address without its last slash."""
    from monitor.config import WebSection
    from monitor.web.serving import Pages

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
    """The pages of that archive, served; their address without its last slash."""
    with served(hostile_desk) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the file."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Open]:
    """Opens a page that fails the test when it says anything on the console, raises, or opens a dialog."""
    contexts: list[BrowserContext] = []
    heard: list[str] = []

    def opened(**how: object) -> Page:
        contexts.append(browser.new_context(**{"viewport": DESK, **how}))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: heard.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("dialog", lambda dialog: (heard.append(f"dialog {dialog.message}"), dialog.dismiss()))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert heard == []


def eight(desk: WebDesk) -> dict[str, str]:
    """The addresses of the eight screens that everybody uses, by name."""
    first = desk.page("1").id
    return {
        "today": "/",
        "site": "/site/yunxi",
        "article": f"/article/{first}",
        "diff": f"/article/{first}/diff/1/2",
        "story": f"/story/{desk.archive.browsing.stories(limit=1)[0][0]}",
        "search": "/search?q=4156",
        "digest": "/day/2026-11-21.html",
        "calendar": "/calendar",
    }


def others(desk: WebDesk) -> list[str]:
    """The addresses of all other screens, those of hostile pages foremost."""
    hostile = desk.page("hostile").id
    told = desk.archive.browsing.changes(Wanted(kinds=[ChangeKind.TAMPERED]), limit=1)[0]
    return [
        f"/article/{hostile}",
        f"/article/{hostile}/v/1",
        f"/article/{hostile}/v/1/snapshot",
        f"/article/{hostile}/diff/1/2",
        f"/article/{hostile}/diff/1/2?view=side",
        f"/change/{told.change.id}",
        "/day/2026-11-21/log",
        "/week/2026-11-21",
        "/sites",
        "/stories",
        "/search",
        "/search?q=%E9%82%A3%E9%87%8C&from=2026-11-20",
        "/downloads?site=yunxi",
    ]


FOCUSED = """() => {
  const held = document.activeElement;
  if (!held || held === document.body) return null;
  const box = held.getBoundingClientRect(), style = getComputedStyle(held);
  return {
    place: [...document.querySelectorAll("*")].indexOf(held),
    html: held.outerHTML.slice(0, 120),
    top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left,
    ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    seen: box.width > 2 && box.height > 2 && box.bottom > 0 && box.top < innerHeight && box.right > 0
      && box.left < innerWidth,
  };
}"""
"""What has the focus: where it stands, how its ring is drawn, whether it is in sight."""

REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
  .filter(one => one.type !== "hidden" && one.checkVisibility({ visibilityProperty: true }))
  .map(one => [...document.querySelectorAll("*")].indexOf(one))"""
"""Where everything stands that Tab should come to, in the order of the page."""
