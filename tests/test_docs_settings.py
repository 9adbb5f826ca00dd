"""Every key that ``sites.yaml`` knows is told in the documentation, with the default that it has."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from crawler.sites import Limits, Removal, Schedule, Site, load_catalogue
from monitor.commands.house import EXAMPLE
from monitor.config import (
    AlertsSection,
    DigestSection,
    MailSection,
    ServiceSection,
    Settings,
    SubscriberSection,
    WebSection,
    load_settings,
)
from monitor.deliver.hooks import is_hook

DOCS = Path(__file__).parents[1] / "docs"
SECTIONS: dict[str, type[BaseModel]] = {
    "service": ServiceSection,
    "digest": DigestSection,
    "web": WebSection,
    "mail": MailSection,
    "alerts": AlertsSection,
    "subscribers.NAME": SubscriberSection,
}
PARTS: dict[str, type[BaseModel]] = {"schedule": Schedule, "removal": Removal, "limits": Limits}


def rows(name: str) -> dict[str, str]:
    """The keys of the tables of a page, each with its row; `a.b`, `c` in one row are a.b and a.c."""
    return rows_of((DOCS / name).read_text("utf-8"))


def rows_of(text: str) -> dict[str, str]:
    """The same of a part of a page."""
    found = {}
    for line in text.splitlines():
        cells = line.split("|")
        if len(cells) < 4 or not cells[1].strip().startswith("`"):
            continue
        first, *others = re.findall(r"`([^`]+)`", cells[1])
        stem = first.rpartition(".")[0]
        found |= dict.fromkeys((first, *(other if "." in other else f"{stem}.{other}" for other in others)), line)
    return found


def keys(model: type[BaseModel], stem: str) -> dict[str, object]:
    """The keys of a section as they are written, with their defaults."""
    return {f"{stem}{part.alias or name}": part.default for name, part in model.model_fields.items()}


def test_every_section_is_told() -> None:
    assert {stem.partition(".")[0] for stem in SECTIONS} == set(Settings.model_fields)


@pytest.mark.parametrize("stem", SECTIONS)
def test_every_key_of_a_section_is_told_to_who_runs_the_service(stem: str) -> None:
    told = rows("operate.md")
    assert [key for key in keys(SECTIONS[stem], f"{stem}.") if key not in told] == []


def test_every_key_of_a_site_is_told_to_who_adds_one() -> None:
    told = rows("add-a-site.md")
    parts = [key for stem, model in PARTS.items() for key in keys(model, f"{stem}.")]
    assert [key for key in [*keys(Site, ""), *parts] if key not in told and key not in (*PARTS, "key")] == []


@pytest.mark.parametrize(
    ("name", "stem", "model"),
    [("operate.md", f"{stem}.", model) for stem, model in SECTIONS.items()]
    + [("add-a-site.md", f"{stem}.", model) for stem, model in PARTS.items()],
)
def test_the_defaults_that_are_told_hold(name: str, stem: str, model: type[BaseModel]) -> None:
    told = rows(name)
    for key, default in keys(model, stem).items():
        if isinstance(default, timedelta):
            assert f"`{span(default)}`" in told[key], key
        elif isinstance(default, int) and not isinstance(default, bool) and default < 10_000:
            assert f"`{default}`" in told[key], key


def span(length: timedelta) -> str:
    """A span as it is written in ``sites.yaml``."""
    seconds = int(length.total_seconds())
    unit, size = next(
        (unit, size) for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)) if seconds >= size
    )
    return f"{seconds // size}{unit}"


def test_no_page_tells_of_a_key_that_is_not_there() -> None:
    known = {key for stem, model in SECTIONS.items() for key in keys(model, f"{stem}.")} | {"contact", "database"}
    settings = (DOCS / "operate.md").read_text("utf-8").partition("## Settings")[2].partition("## Readers")[0]
    assert set(rows_of(settings)) == known


def test_the_sample_with_its_comments_taken_off_is_readable(tmp_path: Path) -> None:
    taken_off = EXAMPLE
    for _ in range(2):
        # What a person does: the mark and its space go where a key or an entry stands behind it.
        taken_off = re.sub(r"(?m)^(\s*)# (?=\s*(?:- |[a-z_]+:(?:\s|$)|# ))", r"\1", taken_off)
    (tmp_path / "sites.yaml").write_text(taken_off, encoding="utf-8")
    catalogue = load_catalogue(tmp_path)
    settings = load_settings(catalogue)
    newsroom, loudi = settings.subscribers["newsroom"], catalogue.sites["loudi"]
    assert newsroom.what == ("digest", "weekly", "alerts")
    assert (newsroom.sites, newsroom.lang, newsroom.least_weight) == (("loudi",), "en", 0.2)
    assert (loudi.name, loudi.hosts, loudi.removal.visits) == ("娄底新闻", ("news.example.cn",), 2)
    assert settings.alerts.watchwords == ("供暖",)


def test_every_chat_that_is_named_is_one() -> None:
    pages = [*DOCS.glob("*.md"), DOCS.parent / "README.md", DOCS.parent / "monitor" / "config.py"]
    named = re.findall(r"(\w+)://(?:KEY|TOKEN)\b", EXAMPLE + "".join(page.read_text("utf-8") for page in pages))
    assert {"wecombot", "dingtalk", "feishu"} <= set(named)
    assert [scheme for scheme in sorted(set(named)) if not is_hook(f"{scheme}://KEY")] == []
