"""``/search``: all versions searched; the form's fields and the query's own filters say the same things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.search.find import Found, search
from monitor.search.query import Query, Unreadable, parse
from monitor.search.wording import fault_line
from monitor.web.asked import number, with_query
from monitor.web.house import house_of
from monitor.web.look import lang_of, show
from storage.records import ChangeKind

AT_ONCE = 20
"""Hits on one page."""

_KINDS = {kind.value: kind for kind in ChangeKind}
_EXAMPLES = (
    ("供暖 供热", "words"),
    ('"市政府常务会议"', "phrase"),
    ("大桥 -通车", "without"),
    ("title:通告", "title"),
)


@dataclass(frozen=True, slots=True)
class Form:
    """What the form's fields say, as typed."""

    words: str
    site: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is looked for yet; a site alone may be chosen before its words."""
        return not (self.words or self.kind or self.since or self.until)

    @property
    def in_words(self) -> str:
        """The whole form as one query."""
        day = f"day:{self.since}..{self.until}" if self.since or self.until else ""
        fields = (self.site and f"site:{self.site}", self.kind and f"kind:{self.kind}", day)
        return " ".join(said for said in (self.words, *fields) if said)

    def query(self) -> Query:
        """The words with the fields laid over their filters. Raises Unreadable."""
        query = parse(self.words)
        first, last = _day(self.since), _day(self.until)
        if first and last and first > last:
            raise Unreadable("backwards", f"{first}..{last}")
        if self.kind and self.kind not in _KINDS:
            raise Unreadable("kind", self.kind)
        if first or last:
            query = replace(query, first_day=first, last_day=last)
        if self.kind:
            query = replace(query, kinds=frozenset({_KINDS[self.kind]}))
        return replace(query, sites=frozenset({self.site})) if self.site else query


def routes() -> list[Route]:
    """Where this is."""
    return [Route("/search", found, name="search")]


def found(request: Request) -> Response:
    """The form, and what was found where something is looked for."""
    house, lang = house_of(request), lang_of(request)
    names = house.archive.running.site_names()
    form = _form(request.query_params)
    answer, fault = Found(), ""
    if not form.is_empty:
        try:
            cursor = request.query_params.get("after") or None
            answer = search(house.archive, form.query(), cursor=cursor, limit=AT_ONCE)
        except Unreadable as unread:
            fault = fault_line(unread, lang)
    shown = (number(request, "shown") or 0) if request.query_params.get("after") else 0
    return show(
        request,
        "search.html.j2",
        here="search",
        status=400 if fault else 200,
        form=form,
        fault=fault,
        found=answer,
        onward=with_query(request, after=answer.next, shown=(shown + len(answer.hits)) or None)
        if answer.next
        else None,
        place=(shown + 1, shown + len(answer.hits)),
        first=with_query(request, after=None, shown=None) if request.query_params.get("after") else None,
        kinds=list(ChangeKind),
        examples=[*_EXAMPLES, (_all_filters(names), "filters")],
        ask=lambda words: "/search?" + urlencode({"q": words}),
        feed=_feed(form) if answer.hits and "feeds" in house.pages else None,
        pieces=pieces,
        names=names,
    )


def pieces(text: str, marks: Sequence[tuple[int, int]]) -> Iterator[tuple[bool, str]]:
    """A text cut where its marks begin and end, as (is marked, text). Pure."""
    at = 0
    for start, end in marks:
        if start > at:
            yield False, text[at:start]
        yield True, text[start:end]
        at = end
    if at < len(text):
        yield False, text[at:]


def _form(query: Mapping[str, str]) -> Form:
    return Form(*(query.get(name, "").strip() for name in ("q", "site", "kind", "from", "to")))


def _feed(form: Form) -> str | None:
    """The feed of what the form asks; ``None`` where its words and its fields say more than one query can."""
    try:
        same = parse(form.in_words) == form.query()
    except Unreadable:
        return None
    return "/feed/search.atom?" + urlencode({"q": form.in_words}) if same else None


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise Unreadable("day", said) from None


def _all_filters(names: Mapping[str, str]) -> str:
    site = next(iter(sorted(names)), "")
    return " ".join(["通知", *([f"site:{site}"] if site else []), "day:2026-11..2026-12", "kind:removed"])
