"""A search: candidates from the index, verified in their texts, one hit a page, the best first.

The newest matches and the newest matches in titles are ranked together, a window of them at a time; paging goes on
within the window, and then behind its oldest candidate. A page is shown once, in the first window that has a match of
it, by its newest version that matches. Versions that come while someone pages are left out: with them, pages would
change their places, and some would be shown nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.search.matching import Span
from monitor.search.query import Query, Unreadable
from monitor.search.scoring import score
from monitor.search.sieve import Match, Sieve
from monitor.search.snippets import Snippet, snippets, title_marks
from storage.archive import Archive
from storage.searching import Asked, Candidate, Kept, Searching

WINDOW, TITLES = 100, 40
"""Newest matches, and newest matches in titles, that are ranked together."""
ENOUGH = 4
"""A window that a look into the index filled to this part is not filled up by another one."""
LOOKS, WINDOWS = 3, 2
"""Looks into the index for one window, and windows for one answer: a phrase whose pieces are common may fill none."""
EACH = 50
"""Newest versions of each page that are read beside its candidates."""
OFTEN, DEEP = 10, 300
"""Pages of a window with more versions than that, and how many of each are read before it is shown as a new hit."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that answers, by its newest version that does. ``versions`` is how many do, of its newest ``EACH``.

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

    The window reaches further down in titles than in texts, so these have a beginning of their own. ``top`` is the
    newest version that had the words when the search began.
    """

    before: int | None = None
    titles: int | None = None
    shown: int = 0
    top: int | None = None

    @classmethod
    def read(cls, cursor: str | None) -> _Place:
        if not cursor:
            return cls()
        parts = cursor.split(".")
        if len(parts) != 4 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
            raise Unreadable("cursor")
        return cls(*map(int, parts))

    def __str__(self) -> str:
        return f"{self.before}.{self.titles}.{self.shown}.{self.top}"


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

    def age(self) -> int:
        """The place in an order of the newest first."""
        return -self.best.kept.id

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


def search(
    archive: Archive, query: Query, *, cursor: str | None = None, limit: int = 20, newest_first: bool = False
) -> Found:
    """The hits behind a cursor, the best first or the newest.

    Raises Unreadable for a cursor that is none of ours and for a site that was never watched, and StorageError.
    """
    place = _Place.read(cursor)
    query = _of_known_sites(archive, query)
    looking = _Looking(archive.searching, query, Sieve(query), newest_first)
    ranked, place, behind = looking.window(place)
    for _ in range(WINDOWS - 1):
        if ranked or behind is None:
            break
        ranked, place, behind = looking.window(behind)
    end = place.shown + limit
    onward = replace(place, shown=end) if end < len(ranked) else behind
    hits = tuple(_hit(page, looking.sieve) for page in ranked[place.shown : end])
    return Found(hits, str(onward) if onward else None, archive.searching.unindexed())


def _of_known_sites(archive: Archive, query: Query) -> Query:
    """The query with the sites' keys as they are spelled in the archive. Raises Unreadable."""
    if not query.sites:
        return query
    known, meant = archive.running.site_names(), set[str]()
    for said in sorted(query.sites):
        keys = {said} & known.keys() or {key for key in known if key.lower() == said.lower()}
        if not keys:
            raise Unreadable("site", said)
        meant |= keys
    return replace(query, sites=frozenset(meant))


@dataclass(frozen=True, slots=True)
class _Looking:
    """One search, window by window."""

    searching: Searching
    query: Query
    sieve: Sieve
    newest_first: bool

    def window(self, place: _Place) -> tuple[list[_Page], _Place, _Place | None]:
        """The pages of a window in their order, where it begins, and where the next one does."""
        usual = self._look(self.query.asked(), place.before, WINDOW, place.top)
        if place.before is None:
            place = _Place(usual.first + 1, usual.first + 1, top=usual.first)
        titled = _Looked(behind=usual.behind if self.newest_first else 0)
        # Where all that has the words was looked through, so was all that has them in its title.
        if place.titles and usual.behind and not self.newest_first:
            titled = self._look(self.query.asked(in_title=True), place.titles, TITLES, place.top, titles=True)
        pages = {**titled.pages, **usual.pages}
        fresh = [page for page in pages.values() if not page.was_shown(place)]
        shown = self._shown_long_ago(fresh, place)
        ranked = [page for page in fresh if page.best.kept.page_id not in shown]
        ranked.sort(key=_Page.age if self.newest_first else _Page.rank)
        return ranked, place, _Place(usual.behind, titled.behind, top=place.top) if usual.behind else None

    def _look(self, asked: Asked, before: int | None, want: int, top: int | None, *, titles: bool = False) -> _Looked:
        """The newest matches below an id: about ``want``, or fewer after ``LOOKS`` looks into the index."""
        pages: dict[int, _Page] = {}
        first, matched, limit = 0, 0, want
        for _ in range(LOOKS):
            candidates = self.searching.candidates(asked, before=before, limit=limit)
            if candidates:
                first, before = first or candidates[0].id, candidates[-1].id
            wanted = {candidate.id for candidate in candidates}
            read = self.searching.kept(candidates, EACH)
            for page_id, page in _pages(self.sieve, read, first if top is None else top).items():
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

    def _shown_long_ago(self, pages: Iterable[_Page], place: _Place) -> set[int]:
        """Pages that an earlier window had by a version that was not read with this one: some that change often."""
        if (place.before or 0) > (place.top or 0):
            return set()
        often = [page.best.kept for page in pages if page.best.kept.newest > EACH]
        read = self.searching.kept([Candidate(kept.id, kept.page_id) for kept in often[:OFTEN]], DEEP)
        found = _pages(self.sieve, read, place.top or 0)
        return {page_id for page_id, page in found.items() if page.was_shown(place)}


def _pages(sieve: Sieve, versions: Iterable[Kept], top: int) -> dict[int, _Page]:
    """Versions, newest first, by page; those up to ``top`` sifted."""
    pages: dict[int, _Page] = {}
    for kept in versions:
        page = pages.setdefault(kept.page_id, _Page())
        page.latest = page.latest or kept
        if kept.id <= top and sieve.lets_through(kept) and (match := sieve.read(kept)):
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
