"""``/site/KEY``: one site: its columns, how it answered, what it edited and withdrew, and its articles."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.tell import Lang, kind_name
from monitor.titles import titled
from monitor.web.asked import nothing_here, number, with_query
from monitor.web.house import House, house_of
from monitor.web.look import lang_of, show
from monitor.web.telling import told
from monitor.web.thirty import answers, changes_chart, first_of
from storage.browsing import ArticleCard, Wanted
from storage.records import ChangeKind, Version

AT_ONCE = 30
"""Articles on one page."""

EDITS, WITHDRAWN = 8, 15
"""Edits and withdrawals that are listed; more stand behind a link."""

_EDITS = (ChangeKind.EDITED, ChangeKind.RETITLED, ChangeKind.REDATED, ChangeKind.TAMPERED)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some of a site's articles, and the address of those behind them."""

    cards: list[ArticleCard]
    more: str | None = None


def routes() -> list[Route]:
    """Where this is."""
    return [Route("/site/{key}", site, name="site")]


def site(request: Request) -> Response:
    """The site. Its articles and its withdrawals are paged each by itself."""
    house, lang, key = house_of(request), lang_of(request), request.path_params["key"]
    names = house.archive.running.site_names()
    if key not in names:
        raise nothing_here()
    browsing, today = house.archive.browsing, house.today
    counted = browsing.days(first_of(today), today, key)
    answered = browsing.responses(key, first_of(today), today)
    edits = browsing.changes(Wanted(sites=[key], kinds=_EDITS), limit=EDITS)
    return show(
        request,
        "site.html.j2",
        here="sites",
        key=key,
        name=names[key] or key,
        health=_health(house, key),
        columns=browsing.columns(key),
        changes=changes_chart(counted, today, lang),
        counts=_counts([(kind, day.counts.get(kind, 0)) for day in counted for kind in ChangeKind], lang),
        answers=answers(answered, today, lang),
        days=list(reversed(answered)),
        edits=told(house.archive.reading, edits, names),
        withdrawn=_shelf(request, key, "gone", WITHDRAWN, withdrawn=True),
        articles=_shelf(request, key, "before", AT_ONCE),
        names=names,
    )


def _health(house: House, key: str) -> frozenset[str]:
    """The addresses of its columns that are overdue, by the same judgement as in the digest."""
    health = house.archive.running.health(house.today, house.clock(), key)
    return frozenset(column for one in health for column in one.stale_columns)


def _counts(days: list[tuple[ChangeKind, int]], lang: Lang) -> list[tuple[ChangeKind, str, int]]:
    """Changes by kind, those that there were."""
    sums = {kind: sum(number for other, number in days if other is kind) for kind in ChangeKind}
    return [(kind, kind_name(kind, lang), sums[kind]) for kind in ChangeKind if sums[kind]]


def _as_printed(card: ArticleCard, newest: Version | None) -> ArticleCard:
    return replace(card, title=titled(card.title, newest.article)) if newest else card


def _shelf(request: Request, key: str, name: str, most: int, *, withdrawn: bool = False) -> Shelf:
    """The articles behind the one that the query names by ``name``."""
    archive = house_of(request).archive
    found = archive.browsing.articles(key, withdrawn=withdrawn, before=number(request, name), limit=most + 1)
    newest = archive.reading.newest([card.page.url for card in found[:most]])
    shown = [_as_printed(card, newest.get(card.page.url)) for card in found[:most]]
    if len(found) <= most:
        return Shelf(shown)
    return Shelf(shown, f"{with_query(request, **{name: shown[-1].page.id})}#{name}")
