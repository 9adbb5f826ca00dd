"""A digest as plain text: the part of a mail for programs that show no HTML.

Told by the Markdown's template, with its marks put as a typewriter would put them. What pages say makes no link; our
own addresses stand between spaces, so that a mail program links just these.
"""

from __future__ import annotations

import re
from functools import lru_cache

from jinja2 import DictLoader, Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from monitor.digest import captions, wording
from monitor.digest.day import Digest
from monitor.digest.engine import environment
from monitor.digest.html import link_of
from monitor.digest.markdown import LIMITS, RUN, TITLE, parts_of, text_filters, tidied
from monitor.digest.passages import Mark, Passage
from monitor.digest.unlinked import parted
from monitor.tell import Lang, cut, printable

_NAME = "day.md.j2"
_HEADING = re.compile(r"(?m)^(#{1,3}) (.*)$")
_HEADS = {1: "{}", 2: "【{}】", 3: "■ {}"}
_SPACES = re.compile(r"(?<=\S) {2,}")


def render(digest: Digest, lang: Lang = "zh", archive: str | None = None) -> str:
    """The digest as one plain text in Chinese or English; ``archive`` as in ``monitor.digest.markdown``."""
    told = str(_engine(lang).get_template(_NAME).render(parts_of(digest, lang, archive)))
    return tidied("\n".join(_SPACES.sub(" ", line).rstrip() for line in told.split("\n")))


@lru_cache(maxsize=2)
def _engine(lang: Lang) -> Environment:
    made = environment("monitor.digest", _shown)
    assert made.loader is not None
    source, _, _ = made.loader.get_source(made, _NAME)
    made.loader = DictLoader({_NAME: _typed(source)})
    made.filters.update(
        text_filters(lang),
        linked=_linked,
        own_link=lambda words, address: Markup(f"{words} {address} "),
        marks=lambda passage: _marks(passage, lang),
    )
    made.globals.update(LIMITS, say=lambda key, *values: wording.say(lang, key, *values))
    return made


def _typed(source: str) -> str:
    """The template with its own Markdown put otherwise: headings in brackets, no stars, a bar beside a quotation."""
    heads = _HEADING.sub(lambda found: _HEADS[len(found[1])].format(found[2]), source)
    return re.sub(r"(?m)^( *)> ?", r"\1| ", heads.replace("**", ""))


@pass_context
def _linked(context: Context, title: str, url: str) -> Markup:
    """The title, and behind it the address where it may be told."""
    address = link_of(context["digest"], url)
    shown = parted(cut(printable(title).strip(), TITLE))
    return Markup(f"{shown} {address} " if address else shown)


def _marks(passage: Passage, lang: Lang) -> Markup:
    tag = parted(printable(captions.tag_of(passage, lang)))
    return Markup((f"{tag} " if tag else "") + "".join(_mark(mark, lang) for mark in passage.marks).strip())


def _mark(mark: Mark, lang: Lang) -> str:
    if mark.kind == "gap":
        return "…"
    text = parted(cut(printable(mark.text), RUN))
    if mark.kind == "same" or not text.strip():
        return text
    word = wording.say(lang, "deleted" if mark.kind == "del" else "inserted")
    return f"[{word}{wording.say(lang, 'colon')}{text.strip()}]"


def _shown(value: object) -> object:
    """What the template prints: on one line, with nothing of a page's that a program would link."""
    return Markup(parted(printable(value))) if isinstance(value, str) and not isinstance(value, Markup) else value
