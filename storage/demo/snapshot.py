"""One site in one round: what each address is, what its lists hold, and since when a page has stood as it stands."""

from __future__ import annotations

import hashlib
import random
import zlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from storage.demo.catalogue import FORBIDDEN, FORBIDDEN_TITLE
from storage.demo.furniture import Entry
from storage.demo.listings import Listing, issue, issues_until, listing
from storage.demo.pages import Leaf, Shelf
from storage.demo.plan import parts_of
from storage.demo.systems import part_paths, system_of
from storage.demo.truth import CityArticle, CityColumn, CitySite

PLAIN_PAGES = ("about", "contact", "sitemap")
_HOMES = ("/", "/index.html", "/index.htm", "/main.htm", "/default.asp")


@dataclass(frozen=True, slots=True)
class Route:
    """What an address is: ``article``, ``list``, ``issue``, ``home``, ``refresh``, ``plain`` or ``moved``.

    ``page`` is the page of a list, of an issue or of an article in parts; ``to`` names a plain page or where it leads;
    ``born`` is the round of an issue.
    """

    kind: str
    column: CityColumn | None = None
    article: CityArticle | None = None
    page: int = 1
    to: str = ""
    born: int = 0


class Snapshot:
    """One site in one round. ``before`` is the same site in the round before, ``None`` in round 1."""

    def __init__(
        self,
        seed: int,
        site: CitySite,
        articles: tuple[CityArticle, ...],
        round_: int,
        day: date,
        before: Snapshot | None,
    ) -> None:
        self.seed, self.site, self.articles = seed, site, articles
        self.round, self.day, self.before = round_, day, before
        self._listings: dict[str, Listing] = {}
        self._stamps: dict[str, tuple[str, int]] = {}

    def listed(self, column: CityColumn) -> Listing:
        """What a column lists; of a digital paper, its newest issue."""
        if column.key not in self._listings:
            if self.site.system == "founder":
                shown = self.issue(self.issues[-1])
            else:
                shown = listing(self.site, column, self.articles, self.round)
            self._listings[column.key] = shown
        return self._listings[column.key]

    @cached_property
    def issues(self) -> list[int]:
        """The rounds in which a digital paper has had an issue so far."""
        return issues_until(self.articles, self.round)

    def issue(self, born: int) -> Listing:
        """The digital paper's issue of a round, as it stands now."""
        key = f"issue {born}"
        if key not in self._listings:
            self._listings[key] = issue(self.site, self.articles, self.round, born)
        return self._listings[key]

    def day_of(self, round_: int) -> date:
        """The China day of this round or an earlier one."""
        return self.day if round_ == self.round or self.before is None else self.before.day_of(round_)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every article that some list of the site shows."""
        return tuple(entry for column in self.site.columns for entry in self.listed(column).entries)

    @cached_property
    def routes(self) -> dict[str, Route]:
        """Every address of the site that is not a mere file."""
        suffix = system_of(self.site).suffix
        routes = {f"/{name}.{suffix}": Route("plain", to=name) for name in PLAIN_PAGES}
        routes |= dict.fromkeys(_HOMES, Route("home"))
        if self.site.key == FORBIDDEN[0]:
            routes[FORBIDDEN[1]] = Route("plain", to="about")
        routes |= self._issue_routes() if self.site.system == "founder" else self._list_routes()
        for article in self.articles:
            routes |= self._article_routes(article)
        return routes

    def _issue_routes(self) -> dict[str, Route]:
        column = self.site.columns[0]
        routes = {
            path: Route("issue", column, page=page, born=born)
            for born in self.issues
            for page, path in enumerate(self.issue(born).addresses, 1)
        }
        return routes | {"/": Route("refresh", column, to=self.listed(column).addresses[0])}

    def _list_routes(self) -> dict[str, Route]:
        routes: dict[str, Route] = {}
        for column in self.site.columns:
            for page, path in enumerate(self.listed(column).addresses, 1):
                routes.setdefault(path, Route("list", column, page=page))
                if path.endswith("/"):
                    routes[f"{path}index.html"] = routes[path]
        return routes

    def _article_routes(self, article: CityArticle) -> dict[str, Route]:
        state = article.at(self.round)
        if state is None:
            return {}
        column = self.site.column(state.column)
        parts = part_paths(state.path, parts_of(self.site, state.wording))
        routes = {path: Route("article", column, article, part) for part, path in enumerate(parts, 1)}
        if state.former:
            routes[state.former] = Route("moved", column, article, to=state.path)
        return routes

    def shelf(self, column: CityColumn, page: int) -> Shelf:
        """A list page; JCMS sends all entries at once, for its script to page."""
        shown = self.listed(column)
        entries = shown.entries if self.site.system == "jcms" else shown.on_page(page)
        if (self.site.key, column.key, page) == (FORBIDDEN[0], "tzgg", 1):
            entries = (*entries[:3], Entry(FORBIDDEN[1], FORBIDDEN_TITLE, date(2026, 11, 12), None, 0), *entries[3:])
        return Shelf(column, entries, shown.addresses, page, len(shown.entries))

    def leaf(self, route: Route) -> Leaf:
        """An article page. ``AssertionError`` for an address that is no article."""
        article, column = route.article, route.column
        assert article is not None
        assert column is not None
        state = article.at(self.round)
        assert state is not None
        paper = self.site.system == "founder"
        shown = self.issue(article.born) if paper else self.listed(column)
        place = next((index for index, entry in enumerate(shown.entries) if entry.path == state.path), None)
        size = system_of(self.site).blocks_per_part
        parts = part_paths(state.path, parts_of(self.site, state.wording))
        many = len(parts) > 1
        blocks = state.wording.blocks[(route.page - 1) * size : route.page * size] if many else state.wording.blocks
        sheet = 1 if place is None else place // column.per_page + 1
        return Leaf(
            column=column,
            number=article.number,
            state=state,
            blocks=blocks,
            parts=parts,
            part=route.page,
            previous=shown.entries[place - 1] if place else None,
            following=shown.entries[place + 1] if place is not None and place + 1 < len(shown.entries) else None,
            related=shown.on_page(sheet) if paper else self._related(state.path),
            paper_page=sheet,
        )

    def _related(self, path: str) -> tuple[Entry, ...]:
        """Related stories as the system last chose them: it publishes a third of its pages anew in every round."""
        page = zlib.crc32(f"{self.seed} {path}".encode())
        chosen = self.round
        while chosen > 1 and chosen % 3 != page % 3:
            chosen -= 1
        others = tuple(entry for entry in self.entries if entry.path != path)
        return tuple(random.Random(page + chosen).sample(others, min(5, len(others))))

    def stamp(self, path: str) -> tuple[str, int]:
        """A mark of what stands still on a page, and the round since which it does; counters and clocks do not."""
        if path not in self._stamps:
            mark = hashlib.sha1(self._standing(path).encode(), usedforsecurity=False).hexdigest()[:16]
            since = self.round
            if self.before is not None and path in self.before.routes:
                earlier, earlier_since = self.before.stamp(path)
                since = earlier_since if earlier == mark else since
            self._stamps[path] = (mark, since)
        return self._stamps[path]

    def _standing(self, path: str) -> str:
        route = self.routes[path]
        if route.kind == "article":
            return repr(self.leaf(route))
        if route.kind == "list" and route.column is not None:
            return repr(self.shelf(route.column, route.page))
        if route.kind == "issue":
            return repr(self.issue(route.born).entries)
        if route.kind == "home":
            return repr(self.entries)
        return repr((route.kind, route.to))
