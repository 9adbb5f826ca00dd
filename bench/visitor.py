"""Somebody who opens every page, feed and listing of a big archive, each through the application itself.

A day that is not gathered yet answers that it is being gathered: that page is asked for by itself, of an application
that never gathers, so that nothing else is at work meanwhile. Days and weeks that are ready were made so before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from urllib.parse import urlencode

from starlette.testclient import TestClient

from bench.bigarchive import COLUMNS, LAST_DAY, NOW, site_key
from bench.search import pieces
from monitor.config import Settings
from monitor.web.app import build_app
from monitor.web.editions import Draw, Editions, Ready, as_it_is
from monitor.web.house import House
from storage.archive import Archive
from storage.browsing import Wanted

Address = Callable[[Random], str]

READY = tuple(LAST_DAY - timedelta(days=back) for back in range(3))
"""Days that are gathered before they are asked for, the busy one among them; and the weeks they lie in."""

LONGEST = timedelta(minutes=2)
SEARCH = ("", "site:{site}", "kind:edited", "kind:tampered", "day:2026-03..2026-09")
"""What stands behind the word in a search, by turns."""


class Known:
    """What there is to ask about: ids of pages, stories and changes, drawn afresh for each question."""

    def __init__(self, archive: Archive) -> None:
        browsing = archive.browsing
        self.sites = [card.key for card in browsing.sites()]
        self.columns = COLUMNS * len(self.sites)
        self.last_change = browsing.changes(Wanted(), limit=1)[0].change.id
        self.stories = [number for number, _ in browsing.stories(limit=500)]
        newest = [card for site in self.sites for card in browsing.articles(site, limit=1)]
        self.last_page = max(card.page.id for card in newest)

    def site(self, dice: Random) -> str:
        """A site; every fourth time the greatest."""
        return dice.choice([site_key(0), *dice.choices(self.sites, k=3)])

    def page(self, dice: Random) -> int:
        """An article."""
        return dice.randint(self.columns + 1, self.last_page)

    def change(self, dice: Random) -> int:
        """A change, or the place in the log behind it."""
        return dice.randint(1, self.last_change)

    def day(self, dice: Random) -> date:
        """A day of the last year."""
        return LAST_DAY - timedelta(days=dice.randint(0, 364))


class _Never(Editions):
    """Digests of which none is ever ready."""

    def begin(self, day: date, days: int = 1, draw: Draw = as_it_is) -> Future[Ready] | None:
        return None


class Visitor:
    """Opens addresses of an archive's application."""

    def __init__(self, archive: Archive, known: Known, settings: Mapping[str, object] | None = None) -> None:
        given = {"web": {"requests_per_minute": 100_000}, **(settings or {})}
        self._app = build_app(archive, Settings.model_validate(given), lambda: NOW, patience=LONGEST)
        self._client = TestClient(self._app, "http://127.0.0.1", follow_redirects=False)
        self._archive, self._known = archive, known
        house: House = self._app.state.house
        self._ready = house
        self._unready = replace(house, editions=_Never(archive, lambda: NOW))

    def close(self) -> None:
        """Gather nothing more."""
        self._ready.editions.close()

    def prepare(self) -> None:
        """Have the days and weeks gathered that are asked for as they are."""
        for address in [f"/day/{day}" for day in READY] + [f"/week/{day}" for day in READY]:
            self.open(address)

    def open(self, address: str, status: int = 200) -> None:
        """Ask for an address. Raises RuntimeError where it answers otherwise."""
        answer = self._client.get(address)
        if answer.status_code != status:
            raise RuntimeError(f"{address} answers {answer.status_code}")

    def open_unready(self, address: str) -> None:
        """Ask for a day that is not gathered."""
        self._app.state.house = self._unready
        try:
            self.open(address)
        finally:
            self._app.state.house = self._ready

    def word(self, dice: Random) -> str:
        """Two characters of some article's text, those of the next one where it has none."""
        browsing = self._archive.browsing
        for number in range(self._known.page(dice), self._known.last_page + 1):
            version = browsing.version(number, 1)
            found = sorted(pieces("\n".join(version.article.paragraphs), 2)) if version else []
            if found:
                return dice.choice(found)
        return "的"

    def two_versions(self, dice: Random) -> int:
        """An article that has two versions."""
        browsing = self._archive.browsing
        return next(page for page in iter(lambda: self._known.page(dice), None) if browsing.version(page, 2))

    def query(self, dice: Random) -> str:
        """What is typed into the search."""
        behind = dice.choice(SEARCH).format(site=self._known.site(dice))
        return f"{self.word(dice)} {behind}".strip()


def screens(visitor: Visitor, known: Known) -> dict[str, Address]:
    """The web pages, but for days that are not ready."""

    def pair(dice: Random) -> str:
        return f"/article/{visitor.two_versions(dice)}/diff"

    def ready(dice: Random) -> date:
        return dice.choice(READY)

    return {
        "/": lambda _: "/",
        "/day/D": lambda dice: f"/day/{ready(dice)}",
        "/day/D.md": lambda dice: f"/day/{ready(dice)}.md",
        "/week/D": lambda dice: f"/week/{ready(dice)}",
        "/day/D/log": lambda dice: f"/day/{known.day(dice)}/log?before={known.change(dice)}",
        "/day/D/log, narrowed": lambda dice: f"/day/{known.day(dice)}/log?site={known.site(dice)}&kind=edited",
        "/week/D/log": lambda dice: f"/week/{known.day(dice)}/log",
        "/calendar": lambda _: "/calendar",
        "/calendar, a site": lambda dice: f"/calendar?site={known.site(dice)}",
        "/calendar/2025": lambda _: "/calendar/2025",
        "/sites": lambda _: "/sites",
        "/sites, looked for": lambda _: "/sites?q=1&sort=news",
        "/site/KEY": lambda dice: f"/site/{known.site(dice)}",
        "/site/KEY, further on": lambda dice: (
            f"/site/{known.site(dice)}?before={known.page(dice)}&gone={known.page(dice)}"
        ),
        "/stories": lambda _: "/stories",
        "/stories, further on": lambda dice: f"/stories?before={dice.choice(known.stories)}",
        "/story/ID": lambda dice: f"/story/{dice.choice(known.stories)}",
        "/article/ID": lambda dice: f"/article/{known.page(dice)}",
        "/article/ID/v/1": lambda dice: f"/article/{known.page(dice)}/v/1",
        "/article/ID/v/1/snapshot": lambda dice: f"/article/{known.page(dice)}/v/1/snapshot",
        "/article/ID/diff": lambda dice: f"{pair(dice)}/1/2?view=inline",
        "/article/ID/diff, side": lambda dice: f"{pair(dice)}/1/2?view=side",
        "/change/ID": lambda dice: f"/change/{known.change(dice)}",
    }


def searches(visitor: Visitor, known: Known) -> dict[str, Address]:
    """The search as pages ask it, and a saved one."""

    def fields(dice: Random, **given: str) -> str:
        return "/search?" + urlencode({"q": visitor.word(dice), **given})

    return {
        "/search, a word": fields,
        "/search, a site": lambda dice: fields(dice, site=known.site(dice)),
        "/search, a span": lambda dice: fields(dice, **{"from": "2025-11-01", "to": str(known.day(dice))}),
        "/search, a kind": lambda dice: fields(dice, kind="edited"),
        "/search, a rare kind": lambda dice: fields(dice, kind="tampered"),
        "/api/search": lambda dice: "/api/search?" + urlencode({"q": visitor.query(dice)}),
        "/feed/search": lambda dice: "/feed/search.atom?" + urlencode({"q": visitor.query(dice)}),
    }


def feeds(visitor: Visitor, known: Known) -> dict[str, Address]:
    """The feeds."""

    def before(dice: Random) -> str:
        return f"before={known.change(dice)}"

    def some(dice: Random) -> str:
        return f"site={known.site(dice)}&kind=edited&kind=retitled&weight=0.4"

    return {
        "/feed/changes": lambda dice: f"/feed/changes.atom?{before(dice)}",
        "/feed/changes, narrowed": lambda dice: f"/feed/changes.atom?{some(dice)}&{before(dice)}",
        "/feed/changes, a rare kind": lambda dice: f"/feed/changes.atom?kind=tampered&{before(dice)}",
        "/feed/site": lambda dice: f"/feed/site/{known.site(dice)}.atom",
        "/feed/alerts": lambda dice: f"/feed/alerts.atom?{before(dice)}",
        "/feed/digests": lambda dice: f"/feed/digests.atom?before={known.day(dice)}",
        "/feed/column": lambda dice: f"/feed/column/{dice.randint(1, known.columns)}.atom",
        "/feed/article": lambda dice: f"/feed/article/{known.page(dice)}.atom",
        "/feed/story": lambda dice: f"/feed/story/{dice.choice(known.stories)}.atom",
    }


def listings(visitor: Visitor, known: Known) -> dict[str, Address]:
    """What the API lists and tells."""

    def span(dice: Random) -> str:
        last = known.day(dice)
        return f"first_day={last - timedelta(days=30)}&last_day={last}"

    return {
        "/api/status": lambda _: "/api/status",
        "/api/health": lambda _: "/api/health",
        "/api/health, a day": lambda dice: f"/api/health?day={known.day(dice)}",
        "/api/sites": lambda _: "/api/sites",
        "/api/sites/KEY": lambda dice: f"/api/sites/{known.site(dice)}",
        "/api/sites/KEY/columns": lambda dice: f"/api/sites/{known.site(dice)}/columns",
        "/api/sites/KEY/responses": lambda dice: f"/api/sites/{known.site(dice)}/responses",
        "/api/sites/KEY/articles": lambda dice: f"/api/sites/{known.site(dice)}/articles?limit=200",
        "/api/sites/KEY, withdrawn": lambda dice: f"/api/sites/{known.site(dice)}/articles?withdrawn=true&limit=200",
        "/api/changes": lambda _: "/api/changes?limit=200",
        "/api/changes, a site's kind": lambda dice: f"/api/changes?site={known.site(dice)}&kind=tampered",
        "/api/changes, a month": lambda dice: f"/api/changes?{span(dice)}&least_weight=0.5",
        "/api/changes, an article": lambda dice: f"/api/changes?article={known.page(dice)}",
        "/api/changes/ID": lambda dice: f"/api/changes/{known.change(dice)}",
        "/api/articles/ID": lambda dice: f"/api/articles/{known.page(dice)}",
        "/api/articles/ID/visits": lambda dice: f"/api/articles/{known.page(dice)}/visits",
        "/api/articles/ID/versions": lambda dice: f"/api/articles/{known.page(dice)}/versions",
        "/api/articles/ID/versions/1": lambda dice: f"/api/articles/{known.page(dice)}/versions/1",
        "/api/articles/ID/diff": lambda dice: f"/api/articles/{visitor.two_versions(dice)}/diff/1/2",
        "/api/stories": lambda _: "/api/stories?limit=200",
        "/api/stories/ID": lambda dice: f"/api/stories/{dice.choice(known.stories)}",
        "/api/days": lambda dice: f"/api/days?{span(dice)}",
        "/api/days, a site's year": lambda dice: f"/api/days?first_day=2025-11-24&site={known.site(dice)}",
        "/api/days/D/digest": lambda dice: f"/api/days/{dice.choice(READY)}/digest",
        "/api/weeks/D/digest": lambda dice: f"/api/weeks/{dice.choice(READY)}/digest",
    }
