"""A digest as the HTML part of a mail: tables and inline styles, no drawing, no script, nothing fetched.

Mail programs drop SVG and much of a style sheet, and the largest mailbox cuts what is longer than 102 KB; so the charts
are bars of table cells, styles stand at each element (css-inline), and of a long day each section tells so much as has
room, and says how much it left out. The plain part of such a mail is ``monitor.digest.plain``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from css_inline import CSSInliner
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import escape

from monitor.digest.day import Digest
from monitor.digest.html import engine, kept_text, pages_at, parts
from monitor.digest.pictures import span
from monitor.digest.unlinked import defanged, parted
from monitor.tell import Lang, cut, printable

ROOM = 98_000
"""Bytes that a mail may have: below the 102 KB at which it is cut, with room for what servers add."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a digest is told: items of a section, passages of an item, characters of a run and of a kept text,
    printings of a story, new articles of a site."""

    items: int
    passages: int
    run: int
    kept: int
    printings: int
    listed: int


STEPS = (
    Limits(items=60, passages=6, run=300, kept=1500, printings=12, listed=20),
    Limits(items=40, passages=4, run=160, kept=600, printings=8, listed=10),
    Limits(items=24, passages=3, run=120, kept=300, printings=6, listed=6),
    Limits(items=14, passages=2, run=90, kept=160, printings=5, listed=4),
    Limits(items=8, passages=1, run=60, kept=100, printings=4, listed=2),
    Limits(items=4, passages=1, run=40, kept=60, printings=3, listed=1),
    Limits(items=2, passages=1, run=24, kept=40, printings=2, listed=0),
)
"""Ever less, until the mail is small enough."""

_SITES = 30
_LONGEST = 300
"""Characters of any other text that a page had a hand in: a title of a megabyte must not burst the mail."""


def render(digest: Digest, lang: Lang = "zh", page: str | None = None, archive: str | None = None) -> str:
    """The digest as one HTML document for a mail, at most ``ROOM`` bytes; ``page`` is where the whole one stands,
    ``archive`` where readers reach the archive's pages of single changes."""
    told = ""
    for limits in STEPS:
        told = _told(digest, lang, limits, page, archive)
        if len(told.encode()) <= ROOM:
            break
    return told


def _told(digest: Digest, lang: Lang, limits: Limits, page: str | None, archive: str | None) -> str:
    environment = _engine(lang)
    days = span(digest.until, digest.days) if digest.days else []
    told = environment.get_template("mail.html.j2").render(
        parts(digest, lang),
        limits=limits,
        page=page,
        page_of=pages_at(archive),
        bar_days=days,
        most=max((day.total for day in days), default=0) or 1,
        busiest=max((tally.total for tally in digest.tallies), default=0) or 1,
        SITES=min(_SITES, limits.items),
    )
    return _inliner(environment.get_template("mail.css.j2").render()).inline(told)


@lru_cache(maxsize=2)
def _engine(lang: Lang) -> Environment:
    environment = engine(lang).overlay(finalize=_bounded)
    environment.filters = {
        **environment.filters,
        "run": _run,
        "kept": _kept,
        # Already bounded by the kept text's own limit.
        "whole": lambda text: escape(parted(printable(text))),
        # A hijacked page's address is to be seen for what it is, and never to be opened.
        "unlinked": lambda text: defanged(cut(printable(text), _LONGEST)),
        "safe_address": escape,
    }
    return environment


@pass_context
def _run(context: Context, text: str) -> str:
    return cut(printable(text), context["limits"].run)


@pass_context
def _kept(context: Context, paragraphs: Sequence[str]) -> tuple[list[str], int, int]:
    return kept_text(paragraphs, context["limits"].kept)


@lru_cache(maxsize=1)
def _inliner(style: str) -> CSSInliner:
    # The rules for dark mode cannot stand inline. Whatever a page says, nothing is ever loaded.
    return CSSInliner(extra_css=style, keep_at_rules=True, load_remote_stylesheets=False)


def _bounded(value: object) -> object:
    """What the mail prints: text without characters that show nothing, nothing that becomes a link, never very much."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return parted(cut(printable(value), _LONGEST))
    return value
