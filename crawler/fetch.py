"""A few pages by address, fetched politely and kept nowhere."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NOWHERE = subprocess.DEVNULL
"""What went wrong with a page stands in its answer; Scrapy's own log of it is no line for a person."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came for an address: ``error`` says why where nothing did; ``final_url`` is where redirects ended."""

    url: str
    status: int | None = None
    final_url: str | None = None
    body: bytes = b""
    error: str | None = None


def fetch_pages(
    urls: Sequence[str], contact: str | None = None, timeout: float = 300, own: str | None = None
) -> list[Fetched]:
    """Fetch pages in a child process, in the order asked for. Robots and pace are those of a crawl.

    ``own`` is an address whose site no request may leave, not by a redirect either. ``timeout`` is in seconds, for all
    of them together; pages that did not come in time have an ``error`` that says so.
    """
    if not urls:
        return []
    with tempfile.TemporaryDirectory(prefix="shixun-") as name:
        folder = Path(name)
        (folder / "wanted.json").write_text(json.dumps(list(urls)), "utf-8")
        arguments = [f"folder={folder}", f"contact={contact or ''}", f"own={own or ''}"]
        command = [sys.executable, "-P", "-m", "crawler.child", "pages", *arguments]
        environment = os.environ | {"SCRAPY_SETTINGS_MODULE": "crawler.settings", "SHIXUN_PARENT": str(os.getpid())}
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, env=environment, timeout=timeout, check=False, stdout=NOWHERE, stderr=NOWHERE)
        return [_collect(folder, number, url) for number, url in enumerate(urls)]


def _collect(folder: Path, number: int, url: str) -> Fetched:
    told_in = folder / f"{number}.json"
    if not told_in.exists():
        return Fetched(url, error="the fetch was cut off")
    told = json.loads(told_in.read_text("utf-8"))
    body = folder / f"{number}.body"
    return Fetched(
        url, told.get("status"), told.get("url"), body.read_bytes() if body.exists() else b"", told.get("error")
    )
