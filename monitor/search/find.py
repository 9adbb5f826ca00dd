"""A search: candidates from the index, verified in their texts, one hit a page, the best first.

The newest matches and the newest matches in titles are ranked together, a window of them at a time; paging goes on
within the window, and then behind its oldest candidate. A page is shown once, in the first window that has a match of
it, by its newest version that matches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from monitor.search.matching import Span
from monitor.search.query import Query, Unreadable
from monitor.search.scoring import score
from monitor.search.sieve import Match, Sieve
from monitor.search.snippets import Snippet, snippets, title_marks
from storage.archive import Archive
from storage.searching import Asked, Kept, Searching

WINDOW, TITLES = 100, 40
"""Newest matches, and newest matches in titles, that are ranked together."""
ENOUGH = 4
"""A window that a look into the index filled to this part is not filled up by another one."""
LOOKS, WINDOWS = 3, 2
"""Looks into the index for one window, and windows for one answer: a phrase whose pieces are common may fill none."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that answers, by its newest version that does. ``versions`` is how many do, of its newest 50.

    ``newest`` is the number of the page's newest version; ``only_older`` says that this one no longer answers.
    """

    page_id: int
    site: str
    url: str
    number: int
    newest: int
    seen_at: datetime
    title: str
    versions: int
    only_older: bool
    snippets: tuple[Snippet, ...] = ()
    title_marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Some hits. ``next`` is the cursor of those behind them, ``None`` at the end.

    There may be more behind an answer without hits: so much was looked through that had only pieces of the words.
    ``unindexed`` is how many versions, the oldest, are not searched yet since the index is still being built.
    """

    hits: tuple[Hit, ...] = ()
    next: str | None = None
    unindexed: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an answer begins: below which ids its window's candidates stand, and how many hits of it were shown.

    The window reaches further down in titles than in texts, so these have a beginning of their own.
    """

    before: int | None = None
    titles: int | None = None
    shown: int = 0

    @classmethod
    def read(cls, cursor: str | None) -> _Place:
        if not cursor:
            return cls()
        parts = cursor.split(".")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
            raise Unreadable("cursor")
        return cls(*map(int, parts))

    def __str__(self) -> str:
        return f"{self.before}.{self.titles}.{self.shown}"


@dataclass(slots=True)
class _Page:
    """A page with its versions that match, newest first, and its newest version that was read."""

    matches: list[Match] = field(default_factory=list)
    latest: Kept | None = None

    @property
    def best(self) -> Match:
        return self.matches[0]

    def rank(self) -> tuple[float, int]:
        kept = self.best.kept
        return -score(self.best.places, len(kept.text), kept.seen_at), -kept.id

    def was_shown(self, place: _Place) -> bool:
        """Whether an earlier window had a match of it."""
        return any(
            match.kept.id >= (place.before or 0) or (match.in_title and match.kept.id >= (place.titles or 0))
            for match in self.matches
        )


@dataclass(frozen=True, slots=True)
class _Looked:
    """Pages with a candidate that matches; the highest id looked at, and below which one there may be more (or 0)."""

    pages: dict[int, _Page] = field(default_factory=dict)
    first: int = 0
    behind: int = 0


def search(archive: Archive, query: Query, *, cursor: str | None = None, limit: int = 20) -> Found:
    """The hits behind a cursor. Raises Unreadable for a cursor that is none of ours, and StorageError."""
    searching, sieve = archive.searching, Sieve(query)
    ranked, place, behind = _window(searching, sieve, query, _Place.read(cursor))
    for _ in range(WINDOWS - 1):
        if ranked or behind is None:
            break
        ranked, place, behind = _window(searching, sieve, query, behind)
    end = place.shown + limit
    onward = _Place(place.before, place.titles, end) if end < len(ranked) else behind
    hits = tuple(_hit(page, sieve) for page in ranked[place.shown : end])
    return Found(hits, str(onward) if onward else None, searching.unindexed())


def _window(
    searching: Searching, sieve: Sieve, query: Query, place: _Place
) -> tuple[list[_Page], _Place, _Place | None]:
    """The pages of a window, best first, where it begins, and where the next one does."""
    usual = _look(searching, sieve, query.asked(), place.before, WINDOW)
    if place.before is None:
        place = _Place(usual.first + 1, usual.first + 1)
    titled = _Looked()
    if place.titles and usual.first:
        titled = _look(searching, sieve, query.asked(in_title=True), place.titles, TITLES, titles=True)
    pages = {**titled.pages, **usual.pages}.values()
    ranked = sorted((page for page in pages if not page.was_shown(place)), key=_Page.rank)
    return ranked, place, _Place(usual.behind, titled.behind) if usual.behind else None


def _look(
    searching: Searching, sieve: Sieve, asked: Asked, before: int | None, want: int, *, titles: bool = False
) -> _Looked:
    """The newest matches below an id: about ``want``, or fewer after ``LOOKS`` looks into the index."""
    pages: dict[int, _Page] = {}
    first, matched, limit = 0, 0, want
    for _ in range(LOOKS):
        candidates = searching.candidates(asked, before=before, limit=limit)
        if candidates:
            first, before = first or candidates[0].id, candidates[-1].id
        wanted = {candidate.id for candidate in candidates}
        for page_id, page in _pages(sieve, searching.kept(candidates)).items():
            held = sum(match.kept.id in wanted and (match.in_title or not titles) for match in page.matches)
            if held:
                matched += held
                pages.setdefault(page_id, page)
        if len(candidates) < limit:
            return _Looked(pages, first, 0)
        if matched * ENOUGH >= want:
            break
        limit = 2 * want
    return _Looked(pages, first, before or 0)


def _pages(sieve: Sieve, versions: Iterable[Kept]) -> dict[int, _Page]:
    """Versions, newest first, by page, sifted."""
    pages: dict[int, _Page] = {}
    for kept in versions:
        page = pages.setdefault(kept.page_id, _Page())
        page.latest = page.latest or kept
        if sieve.lets_through(kept) and (match := sieve.read(kept)):
            page.matches.append(match)
    return pages


def _hit(page: _Page, sieve: Sieve) -> Hit:
    kept, places = page.best.kept, page.best.places
    older = kept.number < kept.newest and (page.latest is None or sieve.read(page.latest) is None)
    return Hit(
        *(kept.page_id, kept.site, kept.url, kept.number, kept.newest, kept.seen_at, kept.title),
        versions=len(page.matches),
        only_older=older,
        snippets=snippets(kept.text, places),
        title_marks=title_marks(kept.title, places),
    )
