"""A digest as Markdown (CommonMark with GitHub's strikethrough), for notes and wikis.

Every value that a page had a hand in is escaped by the template engine, so that no title can become a heading, a link,
an image or a tag. Deletions are ~~struck~~, insertions **bold**, with spaces around them: between Chinese characters
CommonMark does not see marks that touch punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from monitor.digest import captions, points, wording
from monitor.digest.day import Digest
from monitor.digest.engine import environment
from monitor.digest.foremost import foremost
from monitor.digest.html import MINOR, by_site, day_filters, filters, kept_text, link_of, pages_at
from monitor.digest.item import Fact
from monitor.digest.passages import Mark, Passage
from monitor.digest.unlinked import defanged
from monitor.notes import told_fact
from monitor.tell import FACT_NAMES, Lang, cut, printable
from storage.records import ChangeKind

PASSAGES = 4
"""Passages of one change that are told; a message is not an archive."""

RUN = 120
"""Characters of one deleted or inserted run that are told."""

LISTED = 10
"""New articles of one site that are told by title."""

TITLE = 80
"""Characters of a title that are told."""

ITEMS = 100
"""Items of one section that are told; what follows them is counted."""

KEPT = 400
"""Characters of a withdrawn page's last text that are told."""

PRINTINGS = 12
"""Printings of one story that are told."""

SITES = 40
"""Sites whose new articles, and whose health, are told."""

LIMITS = {"PASSAGES": PASSAGES, "LISTED": LISTED, "ITEMS": ITEMS, "PRINTINGS": PRINTINGS, "SITES": SITES}

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~@])")
_ADDRESS = re.compile(r"://|(?<=www)\.", re.IGNORECASE)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_OPENER = re.compile(r"^(\s*)(#|\+|-|=|\d+(?=[.)](?:\s|$)))")
_LOOSE = re.compile(r"(?m)^( *(?:-|\d+\.) .*)\n\n+(?= *(?:-|\d+\.) )")


def render(digest: Digest, lang: Lang = "zh", archive: str | None = None) -> str:
    """The digest as one Markdown document in Chinese or English; pages' own words stay as they are.

    ``archive`` is where readers reach the archive's pages, if they can: each change is then linked to its own.
    """
    return tidied(_engine(lang).get_template("day.md.j2").render(parts_of(digest, lang, archive)))


def parts_of(digest: Digest, lang: Lang, archive: str | None) -> dict[str, object]:
    """Everything that the digest in running text is told from, by the names that its template knows it by."""
    return {
        "digest": digest,
        "elsewhere": digest.elsewhere,
        "title": points.title_of(digest, lang),
        "as_of": wording.as_of(digest, lang),
        "choice": points.choice_line(digest, lang),
        "lines": points.points(digest, lang),
        "foremost": foremost(digest),
        "others": [(name, getattr(digest, name)) for name in MINOR],
        "widely": [story for story in digest.stories if story.sites > 1],
        "by_site": by_site(digest),
        "page_of": pages_at(archive),
    }


def tidied(told: str) -> str:
    """Text without the empty lines that a template leaves behind."""
    return re.sub(r"\n{3,}", "\n\n", _LOOSE.sub(r"\1\n", told)).strip() + "\n"


@lru_cache(maxsize=2)
def _engine(lang: Lang) -> Environment:
    # Not HTML: finalize escapes for Markdown, and autoescape lets the macros' own marks through unescaped.
    made = environment("monitor.digest", _shown)
    made.filters.update(
        text_filters(lang),
        linked=_linked,
        own_link=lambda words, address: Markup(f"[{escape(words)}](<{address}>)"),
        marks=lambda passage: _marks(passage, lang),
    )
    made.globals.update(LIMITS, say=lambda key, *values: wording.say(lang, key, *values))
    return made


def text_filters(lang: Lang) -> dict[str, Callable[..., object]]:
    """The filters of a digest in running text that do not depend on how text is marked."""
    return {
        **filters(lang),
        **day_filters(lang),
        "facts": lambda facts: _facts(facts, lang),
        "kept": lambda paragraphs: kept_text(paragraphs, KEPT),
        "safe_words": lambda text, item: defanged(text) if item.change.kind is ChangeKind.TAMPERED else text,
    }


def escape(text: str) -> str:
    """Text that Markdown prints as it is: on one line, no emphasis, link, tag, heading, list or bare address in it."""
    flat = printable(text)
    flat = _SPECIAL.sub(r"\\\1", flat)
    flat = _ENTITY.sub(r"\\&", flat)
    flat = _ADDRESS.sub(lambda found: found[0].replace(":", r"\:").replace(".", r"\."), flat)
    return _OPENER.sub(_opened, flat)


def _opened(found: re.Match[str]) -> str:
    # A digit cannot be escaped, so the sign behind a list's number has to be.
    return found[1] + (found[2] + "\\" if found[2].isdigit() else "\\" + found[2])


@pass_context
def _linked(context: Context, title: str, url: str) -> Markup:
    """The title as a link where the address may be one, else as text."""
    address = link_of(context["digest"], url)
    shown = escape(cut(printable(title).strip(), TITLE))
    if address is None:
        return Markup(shown)
    return Markup(f"[{shown}](<{address}>)")


def _facts(facts: Sequence[Fact], lang: Lang) -> str:
    """The facts touched on one line: ``数字 6.89亿 → 7.89亿；日期 …``."""
    told = [
        f"{FACT_NAMES[lang][fact.family]} {told_fact(fact.before, fact.after, lang)}"
        + (f" ×{fact.times}" if fact.times > 1 else "")
        for fact in facts
    ]
    return ("；" if lang == "zh" else "; ").join(told)


def _marks(passage: Passage, lang: Lang) -> Markup:
    tag = captions.tag_of(passage, lang)
    told = "".join(_mark(mark) for mark in passage.marks)
    return Markup((escape(tag) + " " if tag else "") + re.sub(r" {2,}", " ", told).strip())


def _mark(mark: Mark) -> str:
    text = escape(cut(mark.text.strip(), RUN))
    if mark.kind == "gap" or not text:
        return "…" if mark.kind == "gap" else ""
    if mark.kind == "same":
        return escape(cut(mark.text, RUN))
    return f" ~~{text}~~ " if mark.kind == "del" else f" **{text}** "


def _shown(value: object) -> object:
    """What the template prints: text escaped for Markdown; what is Markdown already as it is."""
    return Markup(escape(value)) if isinstance(value, str) and not isinstance(value, Markup) else value
