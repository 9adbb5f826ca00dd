"""Crawls in children, as the program runs them, for tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawl_server import CrawlServer

from crawler.sites import database_address
from storage.archive import Archive
from storage.sql import open_archive

CONTACT = "desk@shixun.example"
CRAWL = (sys.executable, "-P", "-m", "crawler.child", "municipal")
IMPATIENT = """
import crawler.locks as locks
locks.TRIES = 2
"""
"""What makes a child wait only a moment for a site that another process crawls."""


def environment(**more: str) -> dict[str, str]:
    """What a child needs: our settings and no proxy between it and loopback."""
    inherited = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return inherited | {"SCRAPY_SETTINGS_MODULE": "crawler.settings"} | more


def write_catalogue(home: Path, sites: Mapping[str, Mapping[str, object]]) -> None:
    """Write ``sites.yaml``; JSON is YAML."""
    home.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"contact": CONTACT, "sites": sites}, ensure_ascii=False)
    (home / "sites.yaml").write_text(text, "utf-8")


def entry(server: CrawlServer, *columns: str, **more: object) -> dict[str, object]:
    """A site's entry in ``sites.yaml``."""
    return {"name": "云溪", "columns": [server.url(column) for column in columns or ("/xw/",)], **more}


@dataclass(frozen=True)
class Crawled:
    """What a crawl in a child reported and logged."""

    events: list[dict[str, object]]
    log: str
    status: int

    @property
    def closed(self) -> dict[str, object]:
        """The last event."""
        return next(event for event in self.events if event["event"] == "closed")


def command(home: Path, keys: Sequence[str], **arguments: str) -> list[str]:
    """The command line of a crawl, as ``crawler.launch`` writes it."""
    given = {"site": ",".join(keys), "home": str(home), **arguments}
    return [*CRAWL, *(f"{name}={value}" for name, value in given.items())]


def altered(command: Sequence[str], code: str) -> list[str]:
    """A crawl's command line that runs some code before the crawl begins."""
    run = f"{code}\nfrom crawler.child import main\nmain()"
    return [sys.executable, "-P", "-c", run, *command[command.index("municipal") :]]


def finish(process: subprocess.Popen[str], seconds: float = 60) -> Crawled:
    """Wait for a child and read what it said."""
    out, log = process.communicate(timeout=seconds)
    return Crawled([json.loads(line) for line in out.splitlines()], log, process.returncode)


def start_crawl(home: Path, keys: Sequence[str], **arguments: str) -> subprocess.Popen[str]:
    """Start a crawl in a child."""
    return _start(home, command(home, keys, **arguments))


def start_altered(home: Path, keys: Sequence[str], code: str) -> subprocess.Popen[str]:
    """Start a crawl in a child that runs some code before it."""
    return _start(home, altered(command(home, keys), code))


def _start(home: Path, command: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        env=environment(SHIXUN_REPORT="1", TLDEXTRACT_CACHE=str(suffix_cache(home))),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def suffix_cache(home: Path) -> Path:
    """Where a child would keep a list of public suffixes, if it asked anybody for one."""
    return home / "suffixes"


def open_home(home: Path) -> Archive:
    """The archive of a home folder."""
    return open_archive(database_address(home))
