"""A digest as one self-contained HTML file: no script, no outside request, readable on paper and on a phone.

All that pages say is hostile. Every value is escaped by the template engine and freed of characters that show nothing;
only http and https addresses become links, and no address of a tampered page does. A Content-Security-Policy
allows the file's own style sheet, by its hash, and nothing else.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from monitor.digest import captions, pictures, points, wording
from monitor.digest.day import Digest
from monitor.digest.engine import environment
from monitor.digest.evidence import evidence_lines
from monitor.digest.foremost import foremost
from monitor.digest.health import remarks
from monitor.digest.item import Item
from monitor.digest.stories import EXCERPT, Story
from monitor.digest.unlinked import defanged
from monitor.notes import note_in
from monitor.tell import FACT_NAMES, Lang, china_time, cut, field_name, how_name, kind_name, printable
from storage.records import Change

KEPT = 6000
"""Characters of a withdrawn page's last text that are shown; the rest is in the archive."""

SHORT = 200
"""Characters up to which a kept text needs no fold."""

FULL = 40
"""Edits that are shown outside a fold."""

FEW = 15
"""Items of any other section that are shown outside a fold."""

PASSAGES = 6
"""Passages of one change that are shown outside a fold."""

HEAD = 140
"""Characters of a long inserted or deleted run that are shown outside a fold."""

LISTED = 8
"""New articles of one site that are shown outside a fold."""

PRINTINGS = 8
"""Printings of one story that are shown outside a fold."""

SITES = 12
"""Sites whose changes are drawn outside a fold."""

COLUMNS = 4
"""Columns left alone that are named of one site."""

GIST = 56
"""Characters of a passage or of a kept text that tell what a change is about."""

LIMITS = {
    "SHORT": SHORT,
    "FULL": FULL,
    "FEW": FEW,
    "PASSAGES": PASSAGES,
    "HEAD": HEAD,
    "LISTED": LISTED,
    "PRINTINGS": PRINTINGS,
    "SITES": SITES,
    "COLUMNS": COLUMNS,
}
"""What the templates shared with other pages ask for by name."""

MINOR = ("retitled", "redated", "backdated", "moved", "restored", "redesigned")
SECTIONS = ("tampered", "removed", "edited", *MINOR)
"""The digest's sections of changes in reading order, by their attribute names."""

_FOREIGN = re.compile(r"[\s\"<>\\^`{|}]")


def render(digest: Digest, lang: Lang = "zh", archive: str | None = None) -> str:
    """The digest as one HTML document in Chinese or English; pages' own words stay as they are.

    ``archive`` is where readers reach the archive's pages, if they can: each change is then linked to its own.
    """
    templates = engine(lang)
    style = templates.get_template("day.css.j2").render()
    fingerprint = b64encode(sha256(style.encode()).digest()).decode()
    values = parts(digest, lang)
    return templates.get_template("day.html.j2").render(
        values, style=Markup(style), style_hash=fingerprint, page_of=pages_at(archive)
    )


def parts(digest: Digest, lang: Lang) -> dict[str, object]:
    """Everything that the parts of a digest (``sections.html.j2``) are told from, by the names they know it by."""
    widely = [story for story in digest.stories if story.sites > 1]
    alone = by_site(digest)
    counted = [(name, len(getattr(digest, name))) for name in SECTIONS]
    counted += [("widely", len(widely)), ("followed", len(digest.followed))]
    return {
        "digest": digest,
        "elsewhere": digest.elsewhere,
        "lang": lang,
        "title": points.title_of(digest, lang),
        "span_name": points.span_name(digest, lang),
        "as_of": wording.as_of(digest, lang),
        "choice": points.choice_line(digest, lang),
        "lines": points.points(digest, lang),
        "foremost": foremost(digest),
        "contents": [*counted, ("by-site", sum(len(told) for _, told in alone))],
        "minor": [(name, getattr(digest, name)) for name in MINOR],
        "widely": widely,
        "by_site": alone,
        "days": pictures.days_chart(digest, lang),
        "hours": pictures.hours_chart(digest, lang),
        "colours": pictures.legend(digest, lang),
        "bars": pictures.site_bars(digest, lang),
        "sparks": pictures.site_sparks(digest, lang),
        "kinds": [(kind, kind_name(kind, lang)) for kind, number in digest.counts if number],
    }


def pages_at(archive: str | None) -> Callable[[Change], str | None]:
    """Where the archive shows a change, if readers can reach it there."""
    base = link(archive) if archive else None
    return lambda change: f"{base.rstrip('/')}/change/{change.id}" if base and change.id else None


def link(url: str) -> str | None:
    """The address if it may become a link: http or https with a host, and no sign an address cannot have."""
    address = printable(url).strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    web = parts.scheme in {"http", "https"} and bool(parts.netloc)
    return address if web and not _FOREIGN.search(address) else None


def link_of(digest: Digest, url: str) -> str | None:
    """The address if the digest may link it: none that was hijacked on its days, or stands so at their end."""
    return None if url in digest.hijacked else link(url)


def by_site(digest: Digest) -> list[tuple[str, list[Story]]]:
    """The stories that one site alone printed, site by site as (key, stories): the busiest site first, of each the
    newest article first."""
    alone: dict[str, list[Story]] = {}
    for story in digest.stories:
        if story.sites == 1:
            alone.setdefault(story.articles[0].site, []).append(story)
    ordered = {site: sorted(told, key=_newness, reverse=True) for site, told in alone.items()}
    return sorted(ordered.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def _newness(story: Story) -> tuple[str, str, str]:
    """By the day and clock that the page prints, then by when it was found; no page is newer than when it was found."""
    lead = story.articles[0]
    found = china_time(lead.found_at) if lead.found_at else ""
    printed = lead.published_at or found
    return (min(printed, found) if found else printed, found, lead.url)


def kept_text(paragraphs: Sequence[str], room: int = KEPT) -> tuple[list[str], int, int]:
    """A withdrawn page's first characters by paragraphs; how many were left out; how many there are in all."""
    shown: list[str] = []
    for paragraph in paragraphs:
        if room <= 0:
            break
        shown.append(paragraph[:room])
        room -= len(paragraph)
    total = sum(map(len, paragraphs))
    return shown, total - sum(map(len, shown)), total


@lru_cache(maxsize=4)
def engine(lang: Lang) -> Environment:
    """The template engine of one language, its templates compiled once. What it draws is told ``parts``."""
    made = environment("monitor.digest", shown)
    made.filters.update(filters(lang), **day_filters(lang))
    made.globals.update(
        LIMITS,
        say=lambda key, *values: wording.say(lang, key, *values),
        # In an English edition what pages say is still Chinese, and a reading voice has to know.
        zh=Markup(' lang="zh-Hans"') if lang == "en" else "",
    )
    return made


def day_filters(lang: Lang) -> dict[str, Callable[..., object]]:
    """The filters that ask the digest that is being told: its day, its sites, what it may link."""

    @pass_context
    def linked(context: Context, url: str) -> str | None:
        return link_of(_told(context), url)

    @pass_context
    def printed(context: Context, text: str) -> str:
        return wording.printed_name(text, _told(context).day, lang)

    @pass_context
    def moment(context: Context, value: datetime) -> str:
        digest = _told(context)
        return wording.moment_name(value, digest.day, lang, dated=digest.last is not None)

    @pass_context
    def site(context: Context, key: str) -> str:
        return _told(context).name_of(key)

    return {"link": linked, "printed": printed, "moment": moment, "site": site}


def _told(context: Context) -> Digest:
    digest = context["digest"]
    assert isinstance(digest, Digest)
    return digest


def filters(lang: Lang) -> dict[str, Callable[..., object]]:
    """The filters of the shared templates that depend on the language alone.

    Besides these they ask for ``link``, ``printed``, ``moment`` and ``site``, which depend on what is told.
    """

    @pass_context
    def well_again(context: Context, item: Item) -> str:
        return captions.well_again(item, _told(context), lang)

    return {
        "excerpt": lambda text: cut(printable(text).strip(), EXCERPT),
        "short": lambda text: cut(printable(text), GIST),
        "kind": lambda kind: kind_name(kind, lang),
        "how": lambda how: how_name(how, lang),
        "label": lambda field: field_name(field, lang),
        "family": lambda family: FACT_NAMES[lang][family],
        "evidence": lambda evidence: evidence_lines(evidence, lang),
        "apart": lambda apart: _marked(apart.told(lang), lang),
        "changed": lambda apart: _marked(apart.changed(lang), lang),
        "kept": kept_text,
        "well_again": well_again,
        "tag": lambda passage: captions.tag_of(passage, lang),
        "talk_hint": lambda digest: captions.talk_hint(digest, lang),
        "note": lambda change: note_in(change, lang),
        "unlinked": lambda text: defanged(printable(text)),
        "kept_name": lambda kind: captions.kept_name(kind, lang),
        "remarks": lambda health: remarks(health, lang),
    }


def _marked(words: str, lang: Lang) -> str:
    """Words of a few parts with the marks of the language between them."""
    return words.replace(";", "；") if lang == "zh" else words


def shown(value: object) -> object:
    """What a template prints: text without characters that show nothing; markup of our own as it is."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
