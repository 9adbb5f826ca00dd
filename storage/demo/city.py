"""The city: every page of every site in every round as a pure function, and the truth about what changed."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from storage.demo.answers import answer
from storage.demo.catalogue import FORBIDDEN, SITES, site_of
from storage.demo.newsroom import ROUNDS, round_day
from storage.demo.plan import Planner
from storage.demo.snapshot import Snapshot
from storage.demo.truth import Answer, CityArticle, CitySite, Condition, Happening, Wording
from storage.records import ChangeKind

FIRST_DAY = date(2026, 11, 16)
"""The China day of round 1 unless another is asked for."""


class City:
    """A made city of loopback sites. ``rounds`` is the number of its rounds; round 1 is the first state.

    Equal seeds and days give equal cities, and `page` gives equal bytes for equal arguments.
    """

    rounds: int = ROUNDS

    def __init__(self, seed: int = 2026, today: date = FIRST_DAY) -> None:
        self.seed = seed
        self.today = today
        planner = Planner(seed, today)
        planner.play()
        self._happenings = planner.happenings
        found: dict[str, list[CityArticle]] = {site.key: [] for site in SITES}
        for life in planner.lives:
            article = CityArticle(life.site.key, life.number, tuple(life.states), life.reprint_of)
            found[life.site.key].append(article)
        self._articles = {key: tuple(articles) for key, articles in found.items()}
        self._snapshots: dict[tuple[str, int], Snapshot] = {}

    @property
    def sites(self) -> tuple[CitySite, ...]:
        """The sites of the city, without ports."""
        return SITES

    @property
    def forbidden(self) -> tuple[str, str]:
        """Site key and path of the one linked page that robots.txt forbids."""
        return FORBIDDEN

    def day(self, round_: int) -> date:
        """The China day of a round."""
        return round_day(self.today, round_)

    def articles(self, site: str) -> tuple[CityArticle, ...]:
        """Every article that a site has in any round. ``KeyError`` if there is no such site."""
        return self._articles[site]

    def wording(self, site: str, path: str, round_: int) -> Wording | None:
        """What the article at an address says in a round; ``None`` where none answers (also behind a firewall)."""
        route = self.snapshot(site, round_).routes.get(path)
        if route is None or route.kind != "article" or route.article is None:
            return None
        state = route.article.at(round_)
        if state is None or not (state.condition is Condition.LIVE or state.condition.hijacked):
            return None
        return state.wording

    def addresses(self, site: str, round_: int) -> tuple[str, ...]:
        """Every address of a site in a round that is not a mere file, those of withdrawn articles included."""
        return tuple(self.snapshot(site, round_).routes)

    def page(self, site: str, path: str, round_: int, visit: int = 1) -> Answer:
        """What a site answers to a GET of a path with its query. ``visit`` (from 1) moves counters and clocks."""
        return answer(self.snapshot(site, round_), path, visit)

    def truth(self, round_: int) -> tuple[Happening, ...]:
        """What a perfect monitor tells between the round before and this one; in round 1, every article as new."""
        return self._truth[round_ - 1]

    def snapshot(self, site: str, round_: int) -> Snapshot:
        """A site in a round. ``KeyError`` for an unknown site, ``ValueError`` for a round outside ``1..rounds``."""
        if not 1 <= round_ <= self.rounds:
            raise ValueError(f"round {round_} is not one of 1 to {self.rounds}")
        key = (site, round_)
        if key not in self._snapshots:
            before = self.snapshot(site, round_ - 1) if round_ > 1 else None
            self._snapshots[key] = Snapshot(
                self.seed, site_of(site), self._articles[site], round_, self.day(round_), before
            )
        return self._snapshots[key]

    @cached_property
    def _truth(self) -> tuple[tuple[Happening, ...], ...]:
        told: list[list[Happening]] = [[] for _ in range(self.rounds)]
        for articles in self._articles.values():
            for article in articles:
                told[article.born - 1].append(self._new(article))
        for happening in self._happenings:
            told[happening.round - 1].append(happening)
        return tuple(tuple(happenings) for happenings in told)

    def _new(self, article: CityArticle) -> Happening:
        state = article.at(article.born)
        assert state is not None
        column = site_of(article.site).column(state.column)
        shown = self.snapshot(article.site, article.born).listed(column)
        place = next(index for index, each in enumerate(shown.articles) if each is article)
        return Happening(
            article.born,
            article.site,
            state.path,
            ChangeKind.NEW,
            state.wording.title,
            reprint_of=article.reprint_of,
            list_page=place // column.per_page + 1,
            note="a reprint" if article.reprint_of else "",
        )
