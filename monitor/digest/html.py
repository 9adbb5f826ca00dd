"""A digest as one self-contained HTML file: no script, no outside request, readable on paper and on a phone.

All that pages say is hostile. Every value is escaped by the template engine and freed of characters that show nothing;
only http and https addresses become links, and no address of a tampered page does. A Content-Security-Policy
allows the file's own style sheet, by its hash, and nothing else.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from monitor.digest import wording
from monitor.digest.day import Digest, Tally, in_trouble
from monitor.digest.evidence import evidence_lines
from monitor.digest.stories import EXCERPT, Story
from monitor.tell import FACT_NAMES, Lang, cut, field_name, how_name, kind_name, printable
from storage.records import ChangeKind

KEPT = 6000
"""Characters of a withdrawn page's last text that are shown; the rest is in the archive."""

PASSAGES = 6
"""Passages of one change that are shown outside a fold."""

HEAD = 140
"""Characters of a long inserted or deleted run that are shown outside a fold."""

LISTED = 8
"""New articles of one site that are shown outside a fold."""

SECTIONS = ("tampered", "removed", "edited", "mends", "retitled", "redated", "moved", "restored", "redesigned")
"""The digest's sections of changes in reading order, by their attribute names."""


_FOREIGN = re.compile(r"[\s\"<>\\^`{|}]")


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of a site's bar: its kind, and where it begins and how wide it is of 100."""

    kind: ChangeKind
    number: int
    start: float
    width: float


def render(digest: Digest, lang: Lang = "zh") -> str:
    """The digest as one HTML document in Chinese or English; pages' own words stay as they are."""
    environment = _environment(digest, lang)
    style = environment.get_template("day.css.j2").render()
    fingerprint = b64encode(sha256(style.encode()).digest()).decode()
    return environment.get_template("day.html.j2").render(
        digest=digest,
        lang=lang,
        style=Markup(style),
        style_hash=fingerprint,
        title=f"{wording.say(lang, 'masthead')} {wording.day_name(digest.day, lang)}",
        lines=wording.headlines(digest, lang),
        sections=[(name, getattr(digest, name)) for name in SECTIONS],
        widely=[story for story in digest.stories if story.sites > 1],
        by_site=by_site(digest),
        bars={tally.site: bars(tally, digest.tallies) for tally in digest.tallies},
        legend=[kind for kind, number in digest.counts if number],
        troubled=[health for health in digest.health if in_trouble(health)],
    )


def link(url: str) -> str | None:
    """The address if it may become a link: http or https with a host, and no sign an address cannot have."""
    address = printable(url).strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    web = parts.scheme in {"http", "https"} and bool(parts.netloc)
    return address if web and not _FOREIGN.search(address) else None


def by_site(digest: Digest) -> list[tuple[str, list[Story]]]:
    """The stories that one site alone printed, site by site as (key, stories): the busiest site first."""
    alone: dict[str, list[Story]] = {}
    for story in digest.stories:
        if story.sites == 1:
            alone.setdefault(story.articles[0].site, []).append(story)
    return sorted(alone.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def bars(tally: Tally, tallies: Sequence[Tally]) -> list[Bar]:
    """A site's changes as pieces of a bar, drawn to the scale of the busiest site."""
    most = max(other.total for other in tallies)
    starts = accumulate((number for _, number in tally.counts), initial=0)
    return [
        Bar(kind, number, round(100 * start / most, 2), round(100 * number / most, 2))
        for (kind, number), start in zip(tally.counts, starts, strict=False)
    ]


def kept_text(paragraphs: Sequence[str]) -> tuple[list[str], int, int]:
    """A withdrawn page's first ``KEPT`` characters by paragraphs; how many were left out; how many there are in all."""
    shown: list[str] = []
    room = KEPT
    for paragraph in paragraphs:
        if room <= 0:
            break
        shown.append(paragraph[:room])
        room -= len(paragraph)
    total = sum(map(len, paragraphs))
    return shown, total - sum(map(len, shown)), total


def _environment(digest: Digest, lang: Lang) -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.digest"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters.update(
        link=link,
        excerpt=lambda text: cut(printable(text).strip(), EXCERPT),
        kind=lambda kind: kind_name(kind, lang),
        how=lambda how: how_name(how, lang),
        label=lambda field: field_name(field, lang),
        family=lambda family: FACT_NAMES[lang][family],
        printed=lambda text: wording.printed_name(text, digest.day, lang),
        moment=lambda moment: wording.moment_name(moment, digest.day, lang),
        evidence=lambda evidence: evidence_lines(evidence, lang),
        kept=kept_text,
        site=digest.name_of,
    )
    environment.globals.update(
        say=lambda key, *values: wording.say(lang, key, *values),
        as_of=wording.as_of(digest, lang),
        day_name=wording.day_name(digest.day, lang),
        # In an English edition what pages say is still Chinese, and a reading voice has to know.
        zh=Markup(' lang="zh-Hans"') if lang == "en" else "",
        PASSAGES=PASSAGES,
        HEAD=HEAD,
        LISTED=LISTED,
    )
    return environment


def _shown(value: object) -> object:
    """What a template prints: text without characters that show nothing; markup of our own as it is."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
