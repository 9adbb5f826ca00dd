"""What fails now, site by site, and what failed today and is over. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.sites import Site
from monitor import tell
from monitor.commands.screen import Context
from monitor.commands.troubles import trouble
from monitor.web.wording import outcome_name
from storage.records import AILING, Ailing, Role, SiteHealth

NAMED = 3
"""Columns of a site that are told one by one; the rest are counted."""

MANY_MISSING = 5
"""Articles of a site that are gone at once, and not told as withdrawn, from which they are told here."""

LONG = timedelta(days=1)
"""How long nothing of a site may be read before that is a trouble: every column is looked at daily."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What fails of one site now: its columns, its articles, the columns that are stale.

    ``idle`` is when anything of it was last read, where that is long ago though nothing fails: nobody asks.
    """

    site: Site
    columns: tuple[Ailing, ...]
    articles: tuple[Ailing, ...]
    missing: int
    stale: int
    idle: datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether no column of the site can be read."""
        return len(self.columns) == len(self.site.columns)

    def line(self, options: Context) -> str:
        """All of it in one line."""
        parts = list(self._unread(options))
        if self.articles and not (self.columns and self.is_whole):
            first = min(page.since for page in self.articles)
            parts.append(options.says("articles-failing", len(self.articles), _when(first)))
        if self.missing:
            parts.append(options.says("many-missing", self.missing))
        if self.stale:
            parts.append(options.says("stale", self.stale))
        if self.idle:
            parts.append(options.says("idle", _when(self.idle)))
        return options.says("semicolon").join(parts)

    def _unread(self, options: Context) -> Iterable[str]:
        if self.columns and self.is_whole:
            last = max(self.columns, key=lambda column: column.since)
            if all(column.ok_at is None for column in self.columns):
                yield options.says("site-never", _why(last, options))
            else:
                yield options.says("site-failing", _when(last.since), _why(last, options))
            return
        for column in self.columns[:NAMED]:
            url, why = tell.printable(column.url), _why(column, options)
            if column.ok_at is None:
                yield options.says("column-never", url, why)
            else:
                yield options.says("column-failing", url, _when(column.since), why)
        if len(self.columns) > NAMED:
            yield options.says("more-columns", len(self.columns) - NAMED)


def troubles_now(
    sites: Mapping[str, Site], ailing: Sequence[Ailing], health: Sequence[SiteHealth], now: datetime
) -> list[Trouble]:
    """The sites of the catalogue of which something fails now, in its order."""
    stale = {site.site: len(site.stale_columns) for site in health}
    read_at = {site.site: site.last_success_at for site in health}
    found = []
    for key, site in sites.items():
        own = [page for page in ailing if page.site == key]
        columns = tuple(page for page in own if page.role is Role.COLUMN and page.url in site.columns)
        articles = tuple(page for page in own if page.role is Role.ARTICLE and page.outcome in AILING)
        gone = sum(page.role is Role.ARTICLE and page.outcome not in AILING for page in own)
        last = read_at.get(key)
        idle = last if last and not own and now - last > LONG else None
        one = Trouble(site, columns, articles, gone if gone >= MANY_MISSING else 0, stale.get(key, 0), idle)
        if one.columns or one.articles or one.missing or one.stale or one.idle:
            found.append(one)
    return found


def over(sites: Mapping[str, Site], health: Iterable[SiteHealth], now: Iterable[Trouble]) -> list[Site]:
    """The sites that failed today, or were blocked, and do not any more."""
    still = {one.site.key for one in now if one.columns or one.articles}
    failed = {one.site for one in health if one.failures or one.blocked}
    return [site for key, site in sites.items() if key in failed - still]


def failing_json(page: Ailing) -> dict[str, object]:
    """A page that fails now, for programs."""
    return {
        "site": page.site,
        "url": page.url,
        "role": page.role.value,
        "since": tell.china_time(page.since),
        "outcome": page.outcome.value,
        "how": page.how,
    }


def _why(page: Ailing, options: Context) -> str:
    return trouble(page.how, options.lang) if page.how else outcome_name(page.outcome, options.lang)


def _when(moment: datetime) -> str:
    return tell.china_time(moment)[5:16].replace("T", " ")
