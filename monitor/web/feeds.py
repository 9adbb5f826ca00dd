"""``/feed/*.atom``: all changes, those of a site, a page, a story; alerts; digests; a column; a search.

``changes.atom`` is narrowed by ``site`` and ``kind`` (several of each) and ``weight``; ``search.atom?q=`` is a saved
search. Each goes on where ``before`` (or ``cursor``) says.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.deliver.alarms import alarm, keys_to_read
from monitor.search.find import search as find
from monitor.search.query import Unreadable, parse
from monitor.tell import Lang
from monitor.web.api.asking import tagged
from monitor.web.asked import YEARS, nothing_here, number, read_day, with_query
from monitor.web.atom import TYPE, Base, Feed, Post, written
from monitor.web.feedwords import say
from monitor.web.house import House, house_of
from monitor.web.look import LANG, lang_of
from monitor.web.posts import of_article, of_change, of_day, of_hit
from monitor.web.telling import told
from storage.browsing import Browsing, DayCount, Entry, Wanted
from storage.records import ChangeKind, Page, Role
from storage.records import Told as Standing

AT_ONCE = 50
"""Entries of one feed."""

LOOKED_AT = 200
"""Changes, or articles of a site, among which those of one page of a feed are looked for."""

DAYS, FOREMOST, WEIGHTY = 14, 8, 0.5
"""Days told in the feed of digests, changes told of each, and their least weight."""

_KINDS = {kind.value: kind for kind in ChangeKind}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks for a feed: what is read, the language, our address as it is to stand in the feed, the sites' names."""

    house: House
    lang: Lang
    base: Base
    names: Mapping[str, str]

    def posts(self, entries: Sequence[Entry], words: Mapping[int, Sequence[str]] | None = None) -> list[Post]:
        """Changes as entries; ``words`` are watchwords by the change's id."""
        archive, seen = self.house.archive, words or {}
        pages = archive.browsing.pages({entry.page_id for entry in entries if entry.page_id})
        tampered = {page_id for page_id, page in pages.items() if page.told is Standing.TAMPERED}
        return [
            of_change(
                one,
                self.names,
                self.lang,
                self.base.address,
                words=seen.get(one.change.id, ()),
                linked=one.entry.page_id not in tampered,
            )
            for one in told(archive.reading, entries, self.names)
        ]


def routes() -> list[Route]:
    """Where this is."""
    return [
        Route("/feed/changes.atom", changes, name="feeds"),
        Route("/feed/alerts.atom", alerts),
        Route("/feed/digests.atom", digests),
        Route("/feed/search.atom", search),
        Route("/feed/site/{key}.atom", site),
        Route("/feed/column/{page:number}.atom", column),
        Route("/feed/article/{page:number}.atom", article),
        Route("/feed/story/{story:number}.atom", story),
    ]


def changes(request: Request) -> Response:
    """The change log, narrowed as asked."""
    reader = _reader(request)
    sites, kinds = request.query_params.getlist("site"), request.query_params.getlist("kind")
    if not (set(sites) <= set(reader.names) and set(kinds) <= set(_KINDS)):
        raise nothing_here()
    wanted = Wanted(sites=sites, kinds=[_KINDS[kind] for kind in kinds], least_weight=_weight(request))
    return _log(request, reader, wanted, say(reader.lang, "changes"), "/")


def site(request: Request) -> Response:
    """The changes of a site."""
    reader, key = _reader(request), request.path_params["key"]
    if key not in reader.names:
        raise nothing_here()
    return _log(
        request, reader, Wanted(sites=[key]), say(reader.lang, "site", reader.names[key] or key), f"/site/{key}"
    )


def article(request: Request) -> Response:
    """The changes of one page."""
    reader, page = _reader(request), _page(request, Role.ARTICLE)
    title = say(reader.lang, "article", page.listed_title or page.url)
    return _log(request, reader, Wanted(page_id=page.id), title, f"/article/{page.id}")


def alerts(request: Request) -> Response:
    """What the settings call urgent: see ``monitor.deliver.alarms``. Looked for among the latest changes at a time."""
    reader = _reader(request)
    rules = reader.house.settings.alerts
    archive = reader.house.archive
    # A watchword may stand in any change; without one only these kinds can be urgent.
    kinds = [] if rules.watchwords else sorted({*rules.kinds, *([ChangeKind.REMOVED] if rules.pages else [])})
    found: list[Entry] = []
    if kinds or rules.watchwords:
        found = archive.browsing.changes(Wanted(kinds=kinds), before=number(request, "before"), limit=LOOKED_AT + 1)
    looked_at = found[:LOOKED_AT]
    versions = archive.reading.versions(keys_to_read([one.change for one in looked_at], rules))
    alarms = {one.change.id: seen for one in looked_at if (seen := alarm(one.change, rules, versions)) is not None}
    urgent = [one for one in looked_at if one.change.id in alarms]
    # So many as fit; the next page begins behind the last one shown, or behind all that were looked at.
    shown = urgent[:AT_ONCE]
    last = shown[-1] if len(urgent) > AT_ONCE else looked_at[-1] if len(found) > LOOKED_AT else None
    posts = reader.posts(shown, {key: seen.words for key, seen in alarms.items()})
    return _answer(request, reader, posts, say(reader.lang, "alerts"), "/", before=last.change.id if last else None)


def digests(request: Request) -> Response:
    """Days that are over and had changes, newest first, an entry each."""
    reader = _reader(request)
    house, asked = reader.house, request.query_params.get("before")
    first, days = _fortnight(house.archive.browsing, min(read_day(asked), house.today) if asked else house.today)
    posts = []
    for counted in reversed(days):
        within = Wanted(first_day=counted.day, last_day=counted.day, least_weight=WEIGHTY)
        foremost = house.archive.browsing.weightiest(within, limit=FOREMOST)
        posts.append(of_day(counted, foremost, reader.names, reader.lang, reader.base.address))
    on = first.isoformat() if posts else None
    return _answer(request, reader, posts, say(reader.lang, "digests"), "/", before=on)


def _fortnight(browsing: Browsing, end: date) -> tuple[date, list[DayCount]]:
    """Where the last ``DAYS`` days before one begin, and those of them that had changes; earlier days if none had."""
    first = end - timedelta(days=DAYS)
    found = browsing.days(first, end - timedelta(days=1))
    if not found and (earlier := browsing.days(date(YEARS.start, 1, 1), first)):
        first = earlier[-1].day - timedelta(days=DAYS - 1)
        found = [counted for counted in earlier if counted.day >= first]
    return first, found


def column(request: Request) -> Response:
    """The articles last found on a column, among the site's latest."""
    reader, page = _reader(request), _page(request, Role.COLUMN)
    found = reader.house.archive.browsing.articles(page.site, before=number(request, "before"), limit=LOOKED_AT)
    ours = [card for card in found if card.page.column == page.url]
    shown = ours[:AT_ONCE]
    last = shown[-1] if len(ours) > AT_ONCE else found[-1] if len(found) == LOOKED_AT else None
    name = reader.names.get(page.site) or page.site
    posts = [of_article(card, name, reader.lang, reader.base.address) for card in shown]
    title = say(reader.lang, "column", f"{name} {page.listed_title or page.url}")
    return _answer(request, reader, posts, title, f"/site/{page.site}", before=last.page.id if last else None)


def story(request: Request) -> Response:
    """What became of the pages that tell a story, their latest changes together; with nothing behind them."""
    reader, story = _reader(request), request.path_params["story"]
    browsing = reader.house.archive.browsing
    known = browsing.stories(before=story + 1, limit=1)
    if not known or known[0][0] != story:
        raise nothing_here()
    entries = [
        entry for page in known[0][1][:AT_ONCE] for entry in browsing.changes(Wanted(page_id=page.id), limit=AT_ONCE)
    ]
    newest = sorted(entries, key=lambda entry: -entry.change.id)[:AT_ONCE]
    return _answer(request, reader, reader.posts(newest), say(reader.lang, "story", story), f"/story/{story}")


def search(request: Request) -> Response:
    """A saved search: the pages that answer, those latest seen first. A query that cannot be read is no feed."""
    reader, q = _reader(request), request.query_params.get("q", "")
    try:
        cursor = request.query_params.get("cursor")
        found = find(reader.house.archive, parse(q), cursor=cursor, limit=AT_ONCE, newest_first=True)
    except Unreadable:
        raise nothing_here() from None
    hits = sorted(found.hits, key=lambda hit: hit.seen_at, reverse=True)
    posts = [of_hit(hit, reader.names.get(hit.site) or hit.site, reader.lang, reader.base.address) for hit in hits]
    page = "/search?" + urlencode({"q": q})
    return _answer(request, reader, posts, say(reader.lang, "search", q), page, cursor=found.next)


def _log(request: Request, reader: Reader, wanted: Wanted, title: str, page: str) -> Response:
    before = number(request, "before")
    found = reader.house.archive.browsing.changes(wanted, before=before, limit=AT_ONCE + 1)
    shown = found[:AT_ONCE]
    on = shown[-1].change.id if len(found) > AT_ONCE else None
    return _answer(request, reader, reader.posts(shown), title, page, before=on)


def _answer(
    request: Request, reader: Reader, posts: Sequence[Post], title: str, page: str, **onward: str | int | None
) -> Response:
    """The feed, or that it has not changed: by its tag alone, since a change may be told later than a newer one.

    ``onward`` is what its next page's address has in its query, if any.
    """
    asked = [(name, value) for name, value in request.query_params.multi_items() if name not in (*onward, LANG)]
    feed = Feed(
        what=request.url.path.removeprefix("/").removesuffix(".atom") + (f"?{urlencode(asked)}" if asked else ""),
        title=title,
        page=page,
        itself=with_query(request),
        posts=posts,
        first=with_query(request, **dict.fromkeys(onward)),
        onward=with_query(request, **onward) if any(onward.values()) else None,
    )
    body = written(feed, reader.base, reader.lang, say(reader.lang, "author"))
    return tagged(request, body, TYPE, {"vary": "cookie", "content-language": reader.lang})


def _reader(request: Request) -> Reader:
    house = house_of(request)
    asked = f"{request.url.scheme}://{request.url.netloc}"
    base = Base.of(house.settings.web.address, asked)
    return Reader(house, lang_of(request), base, house.archive.running.site_names())


def _page(request: Request, role: Role) -> Page:
    page = house_of(request).archive.browsing.page(request.path_params["page"])
    if page is None or page.role is not role:
        raise nothing_here()
    return page


def _weight(request: Request) -> float:
    try:
        weight = float(request.query_params.get("weight", "0"))
    except ValueError:
        raise nothing_here() from None
    if not math.isfinite(weight):
        raise nothing_here()
    return weight
