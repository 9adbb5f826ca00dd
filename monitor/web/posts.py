"""What feeds tell, as entries: changes, new articles, days, hits of a search. Pure.

HTML is put together by markupsafe, which escapes whatever a page said; a tampered page's address is never a link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from monitor.digest.html import link
from monitor.digest.passages import Passage
from monitor.search.find import Hit
from monitor.search.snippets import Snippet
from monitor.tell import Lang, as_line, china_time, cut, field_name, kind_name
from monitor.web.atom import Post, writable
from monitor.web.feedwords import say
from monitor.web.telling import Told
from storage.browsing import ArticleCard, DayCount, Entry
from storage.records import CHINA, Change, ChangeKind
from storage.records import Told as Standing

MOST_PASSAGES, LONGEST_RUN = 20, 400
"""Passages of one change, and characters of one run of text in them."""

_TAGS = {"del": Markup("<del>{}</del>"), "ins": Markup("<ins>{}</ins>")}
_LINK = Markup('<p><a href="{}">{}</a></p>')
_P = Markup("<p>{}</p>")


def of_change(
    told: Told, names: Mapping[str, str], lang: Lang, at: str, *, words: Sequence[str] = (), linked: bool = True
) -> Post:
    """A change. ``at`` is this site's address, ``words`` the watchwords that were seen in it.

    ``linked`` is whether its page may be linked: it is not one that stands tampered with now.
    """
    change = told.change
    tampered = change.kind is ChangeKind.TAMPERED
    name = names.get(change.site) or change.site
    parts = [_P.format(_meta(told, lang)), _P.format(writable(as_line(change, lang, names)))]
    if words:
        parts.append(_P.format(say(lang, "watchwords", " ".join(map(writable, words)))))
    if tampered:
        parts.append(_P.format(say(lang, "tampered")))
    passages = told.item.passages
    parts += [_passage(passage, lang) for passage in passages[:MOST_PASSAGES]]
    if len(passages) > MOST_PASSAGES:
        parts.append(_P.format(say(lang, "more", len(passages) - MOST_PASSAGES)))
    if told.compared and told.entry.page_id:
        before, after = told.compared
        parts.append(_LINK.format(f"{at}/article/{told.entry.page_id}/diff/{before}/{after}", say(lang, "compare")))
    elif told.entry.page_id:
        parts.append(_LINK.format(f"{at}/article/{told.entry.page_id}", say(lang, "kept")))
    return Post(
        what=f"change/{change.id}",
        title=f"【{kind_name(change.kind, lang)}】{cut(writable(told.item.title), 120)}",
        updated=change.detected_at,
        path=f"/change/{change.id}",
        content=Markup("\n").join(parts),
        author=name,
        categories=_categories(change, name, lang),
        via=link(change.url) if linked and not tampered else None,
    )


def of_article(card: ArticleCard, name: str, lang: Lang, at: str) -> Post:
    """An article that was found."""
    tampered = card.page.told is Standing.TAMPERED
    path = f"/article/{card.page.id}"
    return Post(
        what=f"article/{card.page.id}",
        title=cut(writable(card.title or card.page.url), 120),
        updated=card.page.first_seen_at,
        path=path,
        content=_P.format(say(lang, "detected", _when(card.page.first_seen_at)))
        + _LINK.format(at + path, say(lang, "kept")),
        author=name,
        categories=(("site", card.page.site, name),),
        via=None if tampered else link(card.page.url),
    )


def of_day(counted: DayCount, foremost: Sequence[Entry], names: Mapping[str, str], lang: Lang, at: str) -> Post:
    """A day that is over: what it had of each kind, and its foremost changes."""
    lines = [
        Markup('<li><a href="{}">{}</a></li>').format(
            f"{at}/change/{one.change.id}", writable(as_line(one.change, lang, names))
        )
        for one in foremost
    ]
    counts = [(kind, counted.counts[kind]) for kind in ChangeKind if counted.counts.get(kind)]
    told = _P.format(" · ".join(f"{kind_name(kind, lang)} {number}" for kind, number in counts))
    midnight = datetime(counted.day.year, counted.day.month, counted.day.day, tzinfo=CHINA) + timedelta(days=1)
    return Post(
        what=f"digest/{counted.day}",
        title=say(lang, "digest", counted.day),
        updated=midnight,
        path=f"/day/{counted.day}",
        content=told + Markup("<ul>{}</ul>").format(Markup("").join(lines)) if lines else told,
        categories=tuple(("kind", kind.value, kind_name(kind, lang)) for kind, _ in counts),
    )


def of_hit(hit: Hit, name: str, lang: Lang, at: str) -> Post:
    """A page that answers a search, by its newest version that does."""
    path = f"/article/{hit.page_id}/v/{hit.number}"
    parts = [_P.format(_snippet(snippet)) for snippet in hit.snippets]
    if hit.only_older:
        parts.append(_P.format(say(lang, "only_older", hit.number)))
    parts.append(_LINK.format(at + path, say(lang, "kept")))
    return Post(
        what=f"version/{hit.page_id}/{hit.number}",
        title=cut(writable(hit.title or hit.url), 120),
        updated=hit.seen_at,
        path=path,
        content=Markup("\n").join(parts),
        author=name,
        categories=(("site", hit.site, name),),
    )


def _categories(change: Change, name: str, lang: Lang) -> tuple[tuple[str, str, str], ...]:
    return ("kind", change.kind.value, kind_name(change.kind, lang)), ("site", change.site, name)


def _when(moment: datetime) -> str:
    return china_time(moment)[:16].replace("T", " ")


def _meta(told: Told, lang: Lang) -> str:
    item = told.item
    said = [writable(item.site_name), say(lang, "detected", _when(told.change.detected_at))]
    said += [say(lang, "published", writable(item.published_at))] if item.published_at else []
    said += [say(lang, "source", writable(item.source))] if item.source else []
    return " · ".join(said)


def _passage(passage: Passage, lang: Lang) -> Markup:
    name = "" if passage.field == "body" else writable(field_name(passage.field, lang)) + " "
    runs = [_run(mark.kind, mark.text) for mark in passage.marks]
    return _P.format(Markup("{}{}").format(name, Markup("").join(runs)))


def _run(kind: str, text: str) -> Markup:
    if kind == "gap":
        return Markup("…")
    return _TAGS.get(kind, Markup("{}")).format(cut(writable(text), LONGEST_RUN))


def _snippet(snippet: Snippet) -> Markup:
    """A passage with its marks; its text is cleaned piece by piece, so that the marks still fit."""
    pieces, at = [], 0
    for start, end in snippet.marks:
        pieces += [Markup.escape(writable(snippet.text[at:start])), Markup("<mark>{}</mark>")]
        pieces[-1] = pieces[-1].format(writable(snippet.text[start:end]))
        at = end
    pieces.append(Markup.escape(writable(snippet.text[at:])))
    return Markup("").join(pieces)
