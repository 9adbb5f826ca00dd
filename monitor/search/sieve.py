"""Which versions answer a query. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.search.matching import Places, holds, places_of
from monitor.search.query import Query
from storage.folding import fold
from storage.records import china_day
from storage.searching import Kept


@dataclass(frozen=True, slots=True)
class Match:
    """A version that answers, with the places of the words in its folded title and text."""

    kept: Kept
    places: Places

    @property
    def in_title(self) -> bool:
        """Whether the title has all the words."""
        return all(self.places.title)


class Sieve:
    """Sifts versions for one query."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._words = tuple(dict.fromkeys((*query.words, *query.titles)))

    def read(self, kept: Kept) -> Match | None:
        """The version, if it has the words, whatever its site and day."""
        title, text = fold(kept.title), fold(kept.text)
        places = places_of(self._words, title, text)
        if places is None or not all(holds(word, title) for word in self._query.titles):
            return None
        if any(holds(word, title) or holds(word, text) for word in self._query.without):
            return None
        return Match(kept, places)

    def lets_through(self, kept: Kept) -> bool:
        """Whether a version is of a site and was first seen on a China day that is asked for."""
        query, day = self._query, china_day(kept.seen_at)
        return (
            (not query.sites or kept.site in query.sites)
            and (query.first_day is None or query.first_day <= day)
            and (query.last_day is None or day <= query.last_day)
        )
