"""What tests of the command line share: running it in this process or its own, and homes to run it in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from drain_desk import OTHER, START, Desk, busy_day, story

from monitor.cli import main
from storage.sql import open_archive

CATALOGUE = """\
sites:
  yunxi:
    name: 云溪发布
    columns: ['http://www.yunxi.example/news/']
  lanqiao:
    name: 兰桥日报
    columns: ['http://www.lanqiao.example/news/']
contact: desk@example.org
"""
COMMANDS = (
    "init", "sites", "sites list", "sites check", "crawl", "compare", "extract", "diff", "changes", "history", "show",
    "search", "digest", "deliver", "serve", "web", "demo", "status", "export", "import", "migrate", "doctor", "backup",
    "restore", "prune",
)  # fmt: skip
EXTRACT_KEYS = (
    "file", "url", "kind", "title", "published_at", "source", "authors", "editors", "abstract",
    "document_number", "index_number", "column", "site_name", "paragraphs", "canonical", "attachments", "next_page",
    "links", "encoding", "platform", "flags", "provenance", "extractor",
)  # fmt: skip
CHANGE_KEYS = (
    "site", "url", "kind", "detected_at", "title", "from_version", "to_version", "weight", "how", "edits", "facts",
    "paragraphs_added", "paragraphs_removed", "reprint_of", "evidence", "note",
)  # fmt: skip
LOUDI = "loudi/2021/1207/84213.html"
SHAOXING = "shaoxing/art/2021/5/8/art_1229_58.html"
WUHAN = "wuhan/info/1003/1002.htm"


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, object]]:
        """Standard output as JSON Lines; anything else on it is an error."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Answer]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command in this process, in the home ``tmp_path`` unless another is given."""
    for name in ("SHIXUN_HOME", "SHIXUN_DATABASE", "SHIXUN_NOW", "SHIXUN_LANG"):
        monkeypatch.delenv(name, raising=False)

    def call(*words: object, home: Path | None = tmp_path) -> Answer:
        given = ["--home", str(home)] if home else []
        monkeypatch.setattr(sys, "argv", ["shixun", *given, *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Answer(ended.value.code or 0, printed.out, printed.err)  # type: ignore[arg-type]

    return call


def shixun(*words: object, env: dict[str, str] | None = None, **more: object) -> subprocess.CompletedProcess[bytes]:
    """Runs a command as a process of its own; ``env`` is added to a bare environment."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SHIXUN", "PYTHON", "LC_", "LANG"))
    }
    command = [sys.executable, "-m", "monitor.cli", *map(str, words)]
    return subprocess.run(command, env=kept | (env or {}), timeout=120, check=False, **{"capture_output": True, **more})  # type: ignore[call-overload, no-any-return]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose archive knows a busy day and the quiet one after it."""
    home = tmp_path_factory.mktemp("told")
    (home / "sites.yaml").write_text(CATALOGUE, "utf-8")
    archive = open_archive(f"sqlite:///{home / 'shixun.db'}")
    archive.running.announce({"yunxi": "云溪发布", "lanqiao": "兰桥日报"})
    desk = Desk(archive)
    busy_day(desk)
    desk.drain()
    desk.now = START + timedelta(days=1)
    desk.visit(story(*OTHER, title="稻香文化节开幕"), page="8")
    desk.drain()
    archive.close()
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "sites.yaml").write_text(CATALOGUE, "utf-8")
    return tmp_path
