"""Those who watch pages in ``bench.peers``: Shixun and its peers, each as its manual sets it up without selectors.

A contestant is given a folder and the pages, visits them all when told to, and says what that took and which pages it
told of, each with the words it told. Nobody has a page's selector, a delay or a proxy. urlwatch and webchanges are a
command a round, as Shixun is here; changedetection.io is a server: what it takes while it waits is no round's cost.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bench.treecost import Cost, run

SECONDS = 900
"""What one round of one contestant may take."""
THREADS = 10
"""Parallel fetches of webchanges; urlwatch has as many and no setting for it."""

_REPORTED = re.compile(r"^(?:\d+\. )?(CHANGED|ERROR|NEW)[^:\n]*: (http\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Report:
    """What a round took, and the words told of each page of which something was told."""

    cost: Cost
    told: Mapping[str, str]


class Contestant(Protocol):
    """Somebody who watches pages."""

    name: str
    set_up: str
    """What was set, in a line."""

    def visit(self) -> Report:
        """Visit every page once. Raises ``TimeoutError`` or ``RuntimeError`` where that fails."""

    def close(self) -> None:
        """End what still runs."""


def bare_environment(home: Path, **more: str) -> dict[str, str]:
    """This process's environment without proxies, and with a home of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return kept | {"HOME": str(home), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"} | more


def reported(said: str, verbs: Sequence[str]) -> dict[str, str]:
    """Pages and words of a report that names each page in a line of its own, its differences below."""
    found = list(_REPORTED.finditer(said))
    ends = [*(each.start() for each in found[1:]), len(said)][: len(found)]
    return {each[2]: said[each.end() : end] for each, end in zip(found, ends, strict=True) if each[1] in verbs}


def _finished(name: str, status: int, complaint: str) -> None:
    if status:
        raise RuntimeError(f"{name} ended with status {status}: {complaint.strip()[-400:]}")


@dataclass(slots=True)
class Shixun:
    """Ours: one command for all sites. It is given their columns and finds the articles itself."""

    home: Path
    sites: Sequence[Mapping[str, object]]
    name: str = "Shixun"
    set_up: str = "crawl --all --recheck all; columns of each site, nothing else"

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True)
        entries = {str(site["key"]): {"name": "栖川", "columns": site["columns"]} for site in self.sites}
        (self.home / "sites.yaml").write_text(json.dumps({"contact": "desk@shixun.example", "sites": entries}), "utf-8")

    def visit(self) -> Report:
        command = [str(Path(sys.executable).parent / "shixun"), "--home", str(self.home)]
        asked = [*command, "crawl", "--all", "--recheck", "all", "--json"]
        cost, said, status, complaint = run(asked, self.home, bare_environment(self.home), SECONDS)
        if status not in (0, 1):  # 1: done, with failures that were told
            _finished(self.name, status, complaint)
        told: dict[str, str] = {}
        for line in said.splitlines():
            change = json.loads(line)
            told[change["url"]] = told.get(change["url"], "") + json.dumps(change, ensure_ascii=False)
        return Report(cost, told)

    def close(self) -> None:
        """Nothing runs between rounds."""


@dataclass(slots=True)
class Urlwatch:
    """urlwatch: a job a page through its html2text filter, which by default strips tags."""

    folder: Path
    environment: Path
    urls: Sequence[str]
    name: str = "urlwatch"
    set_up: str = "filter html2text (its default method), 10 threads (fixed)"

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        jobs = [{"url": url, "filter": ["html2text"]} for url in self.urls]
        (self.folder / "urls.yaml").write_text("\n---\n".join(map(json.dumps, jobs)), "utf-8")
        display = {"new": False, "error": True, "unchanged": False}
        (self.folder / "config.yaml").write_text(json.dumps({"display": display}), "utf-8")

    def visit(self) -> Report:
        options = ["--urls", "urls.yaml", "--config", "config.yaml", "--hooks", "hooks.py", "--cache", "cache.db"]
        command = [str(self.environment / "bin" / "urlwatch"), *options]
        cost, said, status, complaint = run(command, self.folder, bare_environment(self.folder), SECONDS)
        _finished(self.name, status, complaint)
        return Report(cost, reported(said, ("CHANGED", "ERROR")))

    def close(self) -> None:
        """Nothing runs between rounds."""


@dataclass(slots=True)
class Webchanges:
    """webchanges: a job a page through its html2text filter, and no look for a newer release."""

    folder: Path
    environment: Path
    urls: Sequence[str]
    name: str = "webchanges"
    set_up: str = f"filter html2text (its default method), --max-workers {THREADS}, version check off"

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        # Without a name a job is reported by its page's title, and by no address.
        jobs = [{"name": url, "url": url, "filter": ["html2text"]} for url in self.urls]
        (self.folder / "jobs.yaml").write_text("\n---\n".join(map(json.dumps, jobs)), "utf-8")
        config = {"version_check": {"enabled": False}, "display": {"new": False}}
        (self.folder / "config.yaml").write_text(json.dumps(config), "utf-8")

    def visit(self) -> Report:
        options = ["--jobs", "jobs.yaml", "--config", "config.yaml", "--hooks", "hooks.py", "--database", "kept.db"]
        command = [str(self.environment / "bin" / "webchanges"), *options, "--max-workers", str(THREADS)]
        cost, said, status, complaint = run(command, self.folder, bare_environment(self.folder), SECONDS)
        _finished(self.name, status, complaint)
        return Report(cost, reported(said, ("CHANGED", "ERROR")))

    def close(self) -> None:
        """Nothing runs between rounds."""


@dataclass(slots=True)
class Environments:
    """The peers' own environments below a folder, made once by pip."""

    root: Path
    versions: dict[str, str] = field(default_factory=dict)

    def of(self, package: str) -> Path:
        """The environment of a package. Raises ``CalledProcessError`` where pip cannot make it."""
        place = self.root / package
        if not (place / "made").exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
            pip = [str(place / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
            subprocess.run([*pip, "install", "--quiet", package], check=True)
            (place / "made").touch()
        asked = f"import importlib.metadata as kept; print(kept.version({package!r}))"
        done = subprocess.run(
            [str(place / "bin" / "python"), "-c", asked], stdout=subprocess.PIPE, text=True, check=True
        )
        self.versions[package] = done.stdout.strip()
        return place
