"""A day's digest, gathered from the archive and written to files.

Gathered twice, it is the same: a day is told as it stood at its end, or for the running day at its latest visit.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from monitor import words
from monitor.days import day_span
from monitor.digest import asjson, html, markdown
from monitor.digest.day import Digest, build
from monitor.digest.keywords import unusual
from monitor.stories import lines
from monitor.tell import Lang
from storage.archive import Archive, Reading
from storage.records import Change, ChangeKind, SiteHealth, Version

Format = Literal["html", "md", "json"]
FORMATS: tuple[Format, ...] = ("html", "md", "json")

USUAL = timedelta(days=30)
"""How far back the keywords look for what is usual."""


def edition(archive: Archive, day: date, now: datetime) -> Digest:
    """The digest of a China day as the archive knows it."""
    start, end = day_span(day)
    changes = archive.reading.changes(since=start, until=end)
    articles = _as_they_stood(archive.reading, {change.url for change in changes} | _originals(changes), end)
    health = archive.running.health(day, min(now, end))
    names = {key: name or key for key, name in archive.running.site_names().items()}
    told = build(
        day=day,
        changes=changes,
        articles=articles,
        health=health,
        sites=names,
        keywords=unusual(_told_today(changes, articles), _usual(archive.reading, start), words.keywords),
        generated_at=end if now >= end else _as_of(changes, health, start),
        versions=_versions(archive.reading, changes),
    )
    touched = sorted({change.url for change in changes})
    return replace(told, reprints=lines(archive.stories.printings(touched, end), names))


def _as_they_stood(reading: Reading, urls: set[str], end: datetime) -> dict[str, Version]:
    """Each page's newest version of those seen before the day ended."""
    found = reading.newest(sorted(urls))
    for url in [url for url, version in found.items() if version.seen_at >= end]:
        earlier = [version for version in reading.history(url) if version.seen_at < end]
        if earlier:
            found[url] = earlier[-1]
        else:
            del found[url]
    return found


def _originals(changes: Sequence[Change]) -> set[str]:
    return {change.reprint_of for change in changes if change.reprint_of}


def _told_today(changes: Sequence[Change], articles: dict[str, Version]) -> list[str]:
    """Texts of the day's new stories, each once: a reprint says nothing that its original did not."""
    fresh = [change.url for change in changes if change.kind is ChangeKind.NEW and not change.reprint_of]
    return [
        "\n".join([articles[url].article.title or "", *articles[url].article.canonical])
        for url in fresh
        if url in articles
    ]


def _usual(reading: Reading, start: datetime) -> list[str]:
    return reading.texts(start - USUAL, start)


def _versions(reading: Reading, changes: Sequence[Change]) -> dict[tuple[str, int], Version]:
    """The versions that edits stand between, so that each edit can be shown in its sentence."""
    found: dict[tuple[str, int], Version] = {}
    for url in sorted({change.url for change in changes if change.edits}):
        found |= {(url, version.number): version for version in reading.history(url)}
    return found


def _as_of(changes: Sequence[Change], health: Sequence[SiteHealth], start: datetime) -> datetime:
    """The latest that is known of a day that is not over."""
    moments = [change.detected_at for change in changes]
    moments += [site.last_success_at for site in health if site.last_success_at is not None]
    # Never the moment of asking: nothing has happened since, and a digest gathered twice is the same.
    return max([start, *moments])


def render(digest: Digest, form: Format, lang: Lang = "zh") -> str:
    """A digest as one document."""
    if form == "html":
        return html.render(digest, lang)
    if form == "md":
        return markdown.render(digest, lang)
    return asjson.render(digest)


def digest_paths(out: Path, day: date) -> dict[Format, Path]:
    """Where the digest of a China day stands, by format."""
    return {form: out / f"digest-{day.isoformat()}.{form}" for form in FORMATS}


def is_published(out: Path, day: date) -> bool:
    """Whether the digest of a China day stands there in every format."""
    return all(path.exists() for path in digest_paths(out, day).values())


def publish(digest: Digest, out: Path, lang: Lang = "zh", *, over: bool = True) -> list[Path]:
    """Write a digest in every format, each file whole or not at all. Returns the paths, the page to open first.

    With ``over`` off a file that is there already is left as it is.
    """
    out.mkdir(parents=True, exist_ok=True)
    paths = digest_paths(out, digest.day)
    for form, path in paths.items():
        if over or not path.exists():
            write_whole(path, render(digest, form, lang))
    return list(paths.values())


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader, a full disk or a kill finds the old one or the new one, never half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(draft, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
