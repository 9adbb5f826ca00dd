"""The publishing systems of Chinese city pages, one file each, asked in the order of how surely they are known."""

from __future__ import annotations

from crawler.platforms import boda, cmstop, dedecms, founder, jcms, jpaas, nfcms, phpcms, sudy, trs, ucap
from crawler.platforms.platform import AnyOf, Paging, Platform, keys

PLATFORMS: tuple[Platform, ...] = (
    jpaas.PLATFORM,
    jcms.PLATFORM,
    ucap.PLATFORM,
    boda.PLATFORM,
    sudy.PLATFORM,
    founder.PLATFORM,
    trs.PLATFORM,
    nfcms.PLATFORM,
    cmstop.PLATFORM,
    phpcms.PLATFORM,
    dedecms.PLATFORM,
)
"""Every system known, most telling first."""

BODIES: frozenset[str] = frozenset(name for platform in PLATFORMS for name in platform.bodies)
"""Names that hold a body on some system; sites borrow each other's markup, so they are looked for on every page."""

_ARTICLES = AnyOf(pattern for platform in PLATFORMS for pattern in platform.articles)
_COLUMNS = AnyOf(pattern for platform in PLATFORMS for pattern in platform.columns)
_SERVICES = AnyOf(pattern for platform in PLATFORMS for pattern in platform.services)

_CLUES = ("ucap", "newscontent", "urltype=", "enpcontent", "enpproperty", "trs_", "cms", "?m=content", "/plus/")
"""What several marks have in common: a page is searched for these, and for a mark only where it holds its clue."""
_MARKS: dict[str, list[str]] = {}
for _mark in [mark for platform in PLATFORMS for mark in platform.marks]:
    _MARKS.setdefault(next((clue for clue in _CLUES if clue in _mark), _mark), []).append(_mark)


def recognise(markup: str, url: str | None = None) -> Platform | None:
    """The system that published a page: by its markup, else by its address, else ``None``."""
    lowered = markup.encode("ascii", "ignore").decode("ascii").lower()  # marks are ASCII, and found faster in such
    found = {mark for clue, marks in _MARKS.items() if clue in lowered for mark in marks if mark in lowered}
    by_markup = next((p for p in PLATFORMS if not found.isdisjoint(p.marks)), None)
    return by_markup or next((p for p in PLATFORMS if p.recognise("", url)), None)


def is_article_address(url: str) -> bool:
    """Whether an address has the form that some system gives its articles."""
    return _ARTICLES.is_in(url)


def is_column_address(url: str) -> bool:
    """Whether an address has the form that some system gives its columns."""
    return _COLUMNS.is_in(url)


def is_service_address(url: str) -> bool:
    """Whether an address is one that some system's scripts ask for lists."""
    return _SERVICES.is_in(url)


__all__ = [
    "BODIES",
    "PLATFORMS",
    "Paging",
    "Platform",
    "is_article_address",
    "is_column_address",
    "is_service_address",
    "keys",
    "recognise",
]
