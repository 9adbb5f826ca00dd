"""``/sites``: all sites in a table, by any of its columns, those whose name has what is looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.web.asked import choice, with_query
from monitor.web.house import house_of
from monitor.web.look import lang_of, show
from monitor.web.thirty import first_of, line_of
from storage.browsing import SiteCard
from storage.folding import fold

MOST_LINES = 300
"""Sites whose thirty days are drawn; of more only the table's first."""

_NEVER = datetime.min.replace(tzinfo=UTC)
_ORDERS: Mapping[str, Callable[[SiteCard], tuple[object, ...]]] = {
    "name": lambda card: (),
    "articles": lambda card: (-card.articles,),
    "withdrawn": lambda card: (-card.withdrawn,),
    "columns": lambda card: (-card.columns,),
    "checked": lambda card: (_since(card.checked_at),),
    "news": lambda card: (_since(card.news_at),),
}


def routes() -> list[Route]:
    """Where this is."""
    return [Route("/sites", sites, name="sites")]


def sites(request: Request) -> Response:
    """The sites that are asked for."""
    house, lang = house_of(request), lang_of(request)
    browsing, today = house.archive.browsing, house.today
    cards = browsing.sites()
    order, looked_for = choice(request, "sort", *_ORDERS), request.query_params.get("q", "").strip()
    shown = chosen(cards, looked_for, order)
    counted = browsing.days_by_site(first_of(today), today)
    lines = {
        card.key: line_of(f"line{number}", card.name, counted.get(card.key, ()), today, lang)
        for number, card in enumerate(shown[:MOST_LINES])
    }
    return show(
        request,
        "sites.html.j2",
        here="sites",
        cards=shown,
        all_of_them=len(cards),
        looked_for=looked_for,
        order=order,
        orders=[(name, with_query(request, sort=name)) for name in _ORDERS],
        lines=lines,
        names={card.key: card.name for card in cards},
    )


def chosen(cards: Iterable[SiteCard], looked_for: str, order: str) -> Sequence[SiteCard]:
    """The sites with these signs in name or key, most (or latest) first; sites that are alike by name."""
    signs = fold(looked_for)
    found = [card for card in cards if signs in fold(card.name) or signs in card.key.lower()]
    return sorted(found, key=lambda card: (*_ORDERS[order](card), card.name, card.key))


def _since(moment: datetime | None) -> float:
    return -(moment or _NEVER).timestamp()
