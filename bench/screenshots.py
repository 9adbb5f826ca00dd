"""Pictures of the pages for the documentation, taken in a browser of an archive that the demonstration made.

``python -m bench.screenshots HOME [--all FOLDER]`` opens ``HOME``'s archive (``shixun demo`` leaves one in
``out/demo/home``), serves its pages and writes the chosen few as ``docs/screenshots/*.png``; with ``--all`` every
screen, wide and narrow, light and dark, Chinese and English, into a folder to look through. Needs Chromium and the
development dependencies. A picture of more than 150 KB is a fault (exit 1).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import shutil
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from bench.palette import small
from crawler.sites import database_address
from monitor.config import Settings, WebSection
from monitor.tell import Lang
from monitor.web.app import build_app
from monitor.web.serving import Pages
from storage.archive import Archive
from storage.browsing import Wanted
from storage.changes import ChangeKind
from storage.sql import open_archive

KEPT = Path(__file__).parent.parent / "docs" / "screenshots"
LARGEST = 150_000
"""Bytes of a picture in the documentation."""
WIDTHS: Mapping[str, tuple[int, int]] = {"wide": (1440, 900), "phone": (390, 844)}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LANGS: tuple[Lang, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: of which screen, how wide, in which light and language."""

    screen: str
    width: str
    scheme: Scheme
    lang: Lang

    @property
    def name(self) -> str:
        """Its file's name."""
        return f"{self.screen}-{self.width}-{self.scheme}-{self.lang}.png"


CHOSEN = (
    Shot("today", "wide", "light", "zh"),
    Shot("today", "phone", "dark", "en"),
    Shot("difference", "wide", "light", "zh"),
    Shot("story", "wide", "dark", "zh"),
    Shot("search", "wide", "light", "en"),
    Shot("article", "phone", "light", "zh"),
)


def screens(archive: Archive) -> dict[str, str]:
    """Where the screens are that show most of what they can, by name."""
    browsing = archive.browsing
    edited = max(browsing.changes(Wanted(kinds=[ChangeKind.EDITED]), limit=200), key=lambda one: one.change.weight)
    removed = browsing.changes(Wanted(kinds=[ChangeKind.REMOVED]), limit=1)[0]
    story, _ = max(browsing.stories(limit=200), key=lambda story: len(story[1]))
    site = max(browsing.sites(), key=lambda card: (card.withdrawn, card.articles)).key
    compared = f"{edited.change.from_version}/{edited.change.to_version}"
    return {
        "today": "/",
        "calendar": "/calendar",
        "sites": "/sites",
        "site": f"/site/{site}",
        "article": f"/article/{edited.page_id}",
        "difference": f"/article/{edited.page_id}/diff/{compared}?view=side",
        "change": f"/change/{removed.change.id}",
        "story": f"/story/{story}",
        "stories": "/stories",
        "search": "/search?q=通知",
    }


@contextlib.contextmanager
def served(archive: Archive) -> Iterator[str]:
    """The pages on a free port of this machine; their address without its last slash."""
    opened, address = threading.Event(), [""]
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()
    app = build_app(archive, Settings(), lambda: datetime.now(UTC), patience=timedelta(minutes=1))

    async def serve() -> None:
        pages = Pages(app, WebSection(port=0))
        pages.start()
        address[0] = pages.address.rstrip("/")
        opened.set()
        await ended.wait()
        await pages.stop()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        if not opened.wait(30):
            raise RuntimeError("the pages did not open")
        yield address[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


def take(browser: Browser, address: str, shot: Shot, *, whole: bool) -> bytes:
    """One picture, of the whole page or of what a screen shows of it, in few colours."""
    width, height = WIDTHS[shot.width]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=shot.scheme)
    try:
        page = context.new_page()
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={shot.lang}")
        taken = page.screenshot(full_page=whole)
        # The pages' own policy would keep a picture from being drawn in them.
        page.goto("about:blank")
        return small(page, taken)
    finally:
        context.close()


def main() -> int:
    """Take them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, help="a home with an archive, such as out/demo/home")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every screen, to look through")
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.stderr.write("no chromium here\n")
        return 1
    archive = open_archive(database_address(asked.home))
    try:
        places = screens(archive)
        shots = [Shot(*one) for one in product(places, WIDTHS, SCHEMES, LANGS)] if asked.all else list(CHOSEN)
        folder: Path = asked.all or KEPT
        folder.mkdir(parents=True, exist_ok=True)
        with served(archive) as base, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            sizes = {
                shot.name: _keep(browser, base + places[shot.screen], shot, folder, bool(asked.all)) for shot in shots
            }
            browser.close()
    finally:
        archive.close()
    large = [name for name, size in sizes.items() if not asked.all and size > LARGEST]
    for name in large:
        sys.stderr.write(f"{name} is larger than {LARGEST} bytes\n")
    return 1 if large else 0


def _keep(browser: Browser, address: str, shot: Shot, folder: Path, whole: bool) -> int:
    picture = take(browser, address, shot, whole=whole)
    (folder / shot.name).write_bytes(picture)
    sys.stdout.write(f"{len(picture):>8,} {shot.name}\n")
    return len(picture)


if __name__ == "__main__":
    sys.exit(main())
