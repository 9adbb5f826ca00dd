"""A day's digest, or a week's, gathered from the archive and written to files.

Gathered twice, it is the same: a day is told as it stood at its end, or for the running day at its latest visit.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from monitor.days import day_span
from monitor.digest import asjson, html, mail, markdown
from monitor.digest.day import Digest, Past, build
from monitor.digest.pictures import SPAN
from monitor.digest.said import talk, texts_of
from monitor.stories import lines
from monitor.tell import Lang
from monitor.terms import TERMS
from monitor.words import Lexicon
from storage.archive import Archive
from storage.browsing import Browsing
from storage.records import Change, SiteHealth, china_day

Format = Literal["html", "md", "json", "mail"]
"""``mail`` is the HTML part of a message; its plain part is ``monitor.digest.plain``."""

FORMATS: tuple[Format, ...] = ("html", "md", "json")
"""The formats that are written to files."""

WEEK = 7

_NAMED = 4
"""Sites that a file's name tells."""

MOST_SITES = 300
"""Sites whose thirty days are told one by one; of more, only those that the digest tells something of."""


def edition(
    archive: Archive, day: date, now: datetime, *, terms: Iterable[tuple[str, str]] = TERMS, days: int = 1
) -> Digest:
    """The digest of a China day as the archive knows it, or of the ``days`` that begin with it.

    ``terms`` are words with their parts of speech that the dictionary lacks (``monitor.terms.terms_of``).
    """
    last = day + timedelta(days=days - 1)
    start, end = day_span(day)[0], day_span(last)[1]
    changes = archive.reading.changes(since=start, until=end)
    touched = sorted({change.url for change in changes})
    articles = archive.reading.as_of(sorted({*touched, *_originals(changes)}), end)
    # Of a week that is not over, the day that it has come to.
    health = archive.running.health(max(day, min(last, china_day(now))), min(now, end))
    names = {key: name or key for key, name in archive.running.site_names().items()}
    reprints = lines(archive.stories.printings(touched, end), names)
    linked = {*touched, *_originals(changes), *(part.url for line in reprints for part in line.parts)}
    told = [day + timedelta(days=number) for number in range(days)]
    return build(
        day=day,
        changes=changes,
        articles=articles,
        health=health,
        sites=names,
        keywords=talk(archive, told, texts_of(changes, articles), _lexicon(tuple(terms)), now),
        generated_at=end if now >= end else _as_of(changes, health, start),
        versions=archive.reading.versions(_between(changes)),
        reprints=reprints,
        past=_past(archive.browsing, last, {change.site for change in changes}, names),
        hijacked=archive.reading.hijacked(linked, end),
        last=last,
    )


def week(archive: Archive, day: date, now: datetime, *, terms: Iterable[tuple[str, str]] = TERMS) -> Digest:
    """The digest of the calendar week that a China day lies in, Monday to Sunday."""
    return edition(archive, day - timedelta(days=day.weekday()), now, terms=terms, days=WEEK)


@lru_cache(maxsize=2)
def _lexicon(terms: tuple[tuple[str, str], ...]) -> Lexicon:
    return Lexicon(terms)


def _originals(changes: Sequence[Change]) -> set[str]:
    return {change.reprint_of for change in changes if change.reprint_of}


def _between(changes: Sequence[Change]) -> set[tuple[str, int]]:
    """The versions that edits stand between, so that each edit can be shown in its sentence."""
    numbers = ((change, number) for change in changes if change.edits for number in _versions(change))
    return {(change.url, number) for change, number in numbers}


def _versions(change: Change) -> list[int]:
    return [number for number in (change.from_version, change.to_version) if number is not None]


def _past(browsing: Browsing, last: date, telling: set[str], names: Iterable[str]) -> Past:
    """What the thirty days and the seven days up to ``last`` were like."""
    first, monday = last - timedelta(days=SPAN - 1), last - timedelta(days=WEEK - 1)
    known = sorted(names)
    asked = known if len(known) <= MOST_SITES else sorted(telling.intersection(known))
    told, visited = browsing.days_by_site(first, last), browsing.visits(monday, last)
    return Past(
        days=tuple(browsing.days(first, last)),
        site_days=tuple((site, tuple(told.get(site, ()))) for site in asked),
        weeks={site: visited.get(site, (0, 0)) for site in asked},
    )


def _as_of(changes: Sequence[Change], health: Sequence[SiteHealth], start: datetime) -> datetime:
    """The latest that is known of a day that is not over."""
    moments = [change.detected_at for change in changes]
    moments += [site.last_success_at for site in health if site.last_success_at is not None]
    # Never the moment of asking: nothing has happened since, and a digest gathered twice is the same.
    return max([start, *moments])


def render(digest: Digest, form: Format, lang: Lang = "zh", archive: str | None = None) -> str:
    """A digest as one document; ``archive`` is where readers reach the archive's pages, if they can."""
    if form == "html":
        return html.render(digest, lang, archive)
    if form == "md":
        return markdown.render(digest, lang, archive)
    if form == "mail":
        return mail.render(digest, lang, archive=archive)
    return asjson.render(digest)


def digest_paths(out: Path, day: date) -> dict[Format, Path]:
    """Where the digest of a China day stands, by format."""
    return _paths(out, f"digest-{day.isoformat()}")


def paths_of(out: Path, digest: Digest) -> dict[Format, Path]:
    """Where a digest stands, by format: ``digest-2026-W47.html`` for a week, ``digest-2026-11-22-yunxi.html`` for a
    site's, ``digest-2026-11-22-removed.html`` for a kind's."""
    year, number, _ = digest.day.isocalendar()
    name = f"digest-{year}-W{number:02}" if digest.last else f"digest-{digest.day.isoformat()}"
    if digest.chosen is not None:
        name = "-".join([name, *digest.chosen.sites[:_NAMED], *(kind.value for kind in digest.chosen.kinds)])
    return _paths(out, name)


def _paths(out: Path, name: str) -> dict[Format, Path]:
    return {form: out / f"{name}.{form}" for form in FORMATS}


def is_published(out: Path, day: date) -> bool:
    """Whether the digest of a China day stands there in every format."""
    return all(path.exists() for path in digest_paths(out, day).values())


def publish(
    digest: Digest, out: Path, lang: Lang = "zh", *, over: bool = True, archive: str | None = None
) -> list[Path]:
    """Write a digest in every format, each file whole or not at all. Returns the paths, the page to open first.

    With ``over`` off a file that is there already is left as it is.
    """
    out.mkdir(parents=True, exist_ok=True)
    paths = paths_of(out, digest)
    for form, path in paths.items():
        if over or not path.exists():
            write_whole(path, render(digest, form, lang, archive))
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
