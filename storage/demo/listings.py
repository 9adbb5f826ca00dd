"""Which articles the city's columns list in a round, in which order, on which page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.demo.furniture import Entry
from storage.demo.systems import issue_path, system_of
from storage.demo.truth import CityArticle, CityColumn, CitySite


@dataclass(frozen=True, slots=True)
class Listing:
    """A column in a round: its articles, newest first, and the addresses of its pages."""

    column: CityColumn
    articles: tuple[CityArticle, ...]
    entries: tuple[Entry, ...]
    addresses: tuple[str, ...]

    def on_page(self, page: int) -> tuple[Entry, ...]:
        """The entries of a list page, counted from 1."""
        size = self.column.per_page
        return self.entries[(page - 1) * size : page * size]


def listing(site: CitySite, column: CityColumn, articles: Sequence[CityArticle], round_: int) -> Listing:
    """What a column lists. Withdrawn articles are not listed; a column that keeps few lets old ones fall off."""
    listed: list[tuple[CityArticle, Entry]] = []
    for article in articles:
        state = article.at(round_)
        if state is None or state.column != column.key or state.condition.withdrawn:
            continue
        wording = state.wording
        listed.append((article, Entry(state.path, wording.title, wording.day, wording.clock, article.number)))
    listed.sort(key=lambda pair: (pair[0].born, pair[0].number), reverse=True)
    listed = listed[: column.kept]
    pages = max(1, -(-len(listed) // column.per_page))
    paths = tuple(system_of(site).list_path(column, page, pages) for page in range(1, pages + 1))
    return Listing(column, tuple(pair[0] for pair in listed), tuple(pair[1] for pair in listed), paths)


def issue(site: CitySite, articles: Sequence[CityArticle], round_: int, born: int) -> Listing:
    """One issue of the digital paper: the articles born in a round, in print order, as they stand in another."""
    printed = [article for article in articles if article.born == born]
    state = printed[0].states[born - 1]
    assert state is not None
    day = state.wording.day
    whole = listing(site, site.columns[0], printed, round_)
    pages = max(1, -(-len(printed) // site.columns[0].per_page))
    addresses = tuple(issue_path(day, page) for page in range(1, pages + 1))
    return Listing(whole.column, whole.articles[::-1], whole.entries[::-1], addresses)


def issues_until(articles: Sequence[CityArticle], round_: int) -> list[int]:
    """The rounds in which the paper had an issue, up to a round."""
    return sorted({article.born for article in articles if article.born <= round_})
