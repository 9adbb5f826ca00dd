"""What a page says about its article: when, whence, by whom; read off the lines around the body.

Labels come in a fixed order of trust: the national page labels (``PubDate``, ``ContentSource``) where the page itself
bears them out, then what is printed beside the headline, then what is printed under the body. A date that stands only
in the address, the site's own name and the imprint say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crawler.extraction.beside import beside_date, is_medium
from crawler.extraction.byline import Field, cut, fields, has_label, labelled_byline, with_values
from crawler.extraction.dates import find_dates, iso, short_date, split_date
from crawler.extraction.furniture import (
    LABEL_LINE,
    begins_closing,
    begins_related,
    is_clock,
    is_furniture,
    is_label_line,
)
from crawler.extraction.people import are_people, byline, named_inside, names, unique
from crawler.extraction.policy import NO_CARD, Card, labelled_numbers, number_around, number_line
from crawler.extraction.signed import signers, undated
from crawler.extraction.sources import MASTHEAD, masthead_press, meta_source, printed_source, whole_source

_DATE_BEHIND = re.compile(r"[(\[【][^()\[\]]{0,8}\d{4}[-/.年][^()\[\]]{3,20}[)\]】]\s*$")
_WEEKDAY = re.compile(r"^(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*(?:星期|周)[一二三四五六日天]$")
_PAPER_PAGE = re.compile(r"^第\s*[A-Z]?\d+\s*版(?:\s*:|$)")
_NO_LABELS = ("bare", "other", "day", "contributor")
_TAIL_LINES = 10
_HEAD_LINES = 12
_LINES_OVER = 2
"""Lines right above the headline that may be its byline."""
_EDGE_LINES = 2
"""Paragraphs at either end of a report in which its reporters may stand in brackets."""
_CLOCK = "T"
_MINUTE = 16
"""Characters of an ISO moment up to its minute."""
_TILE_LINES = 2
_NUMBER_LINES = 3
"""Lines at the head of a body among which its document number may stand alone."""
_ABSTRACT = re.compile(
    r"^[\s【\[]*(?:核心提示|内容提要|内容摘要|新闻提要|新闻摘要|摘\s*要|提\s*要|导\s*读|导\s*语)\s*(?:[】\]]\s*[:：]?|[:：])\s*"
)
_DATE_METAS = (
    "pubdate",
    "publishdate",
    "publish_date",
    "publishtime",
    "article:published_time",
    "datepublished",
    "og:release_date",
)
FOUNDER_DATE = "enpproperty date"
FOUNDER_AUTHOR = "enpproperty author"
"""The names under which ``metas`` holds ``<date>`` and ``<author>`` of Founder's ``<!--enpproperty …-->``."""
_MIDNIGHT = "T00:00:00+08:00"
"""Founder prints it behind a day of which it knows no time."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What was found, canonical; ``used`` are the lines it was read off, ``provenance`` says how per field."""

    published_at: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    abstract: str | None = None
    document_number: str | None = None
    index_number: str | None = None
    used: tuple[int, ...] = ()
    provenance: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a body: ``plain`` are the canonical lines of the whole page, ``first`` to ``last`` the body's.

    ``metas`` are the page's ``<meta>`` values by lower-cased name, ``headline`` the line the headline stands on,
    ``marked`` the values that the markup names above the body, ``card`` what a policy page tells of its document.
    ``inner`` are the lines above the body's first that stand in its box, where the headline does not.
    """

    plain: Sequence[str]
    metas: Mapping[str, str]
    headline: int | None
    first: int
    last: int
    title: str | None = None
    marked: Sequence[Field] = ()
    card: Card = NO_CARD
    inner: frozenset[int] = frozenset()


def read_labels(around: Surroundings) -> Labels:
    """The labels of an article."""
    around = _without_headline(around)
    plain, card = around.plain, around.card
    above = [i for i in _above(plain, around.headline, around.first) if i not in card.lines]
    below = _below(plain, around.last)
    head = with_values(plain, above)
    tail = [(i, f) for i, f in with_values(plain, below) if len(plain[i]) <= LABEL_LINE]
    used = {i for i, f in head + tail if f.kind not in _NO_LABELS}
    provenance: dict[str, str] = {}
    date = _published(around, above, tail, provenance)
    source, unlabelled = _source(around, head, tail, [plain[i] for i in above + below], provenance)
    authors = _authors(around, above, below, head, tail, used) or unlabelled
    editors = unique(name for _, f in head + tail if f.kind == "editor" for name in names(cut(f.value)))
    if authors:
        provenance["authors"] = "pattern"
    if editors:
        provenance["editors"] = "pattern"
    abstract = _abstract(plain, above, around.first, used)
    if abstract:
        provenance["abstract"] = "pattern"
    number, index = _numbers(around, above, provenance)
    return Labels(
        date, source, authors, editors, abstract, number, index, tuple(sorted(used)), tuple(provenance.items())
    )


def byline_lines(around: Surroundings) -> list[int]:
    """The lines that ``read_labels`` may read: those above the body and below it that are shown."""
    lines = {*_above(around.plain, around.headline, around.first), *_below(around.plain, around.last)}
    top = () if around.headline is None else (around.headline,)
    return sorted(i for i in lines.union(top) if around.plain[i])


def _without_headline(around: Surroundings) -> Surroundings:
    """The surroundings with the headline's line cut to the byline that is set behind the headline in it."""
    line, title = around.headline, around.title or ""
    text = around.plain[line] if line is not None else ""
    rest = text[len(title) :].strip()
    if line is None or not title or not text.startswith(title) or not has_label(rest) or not fields(rest)[0].value:
        return around
    return replace(around, plain=[*around.plain[:line], rest, *around.plain[line + 1 :]], headline=line - 1)


def _above(plain: Sequence[str], headline: int | None, first: int) -> list[int]:
    """The lines between headline and body; also labelled ones of the two above, where some print the date.

    A bare date up there is the day of the visit (今天是…). Buttons between such a line and the headline do not count.
    """
    start = max(0, first - _HEAD_LINES) if headline is None else _over(plain, headline)
    lines = [i for i in range(start, first) if len(plain[i]) <= 4 * LABEL_LINE and i != headline]
    lines = [i for i in lines if not is_clock(plain[i])]
    after = [i for i in lines if headline is None or i > headline]
    return after + [i for i in lines if i not in after and has_label(plain[i]) and find_dates(plain[i])]


def _over(plain: Sequence[str], headline: int) -> int:
    """The second line above the headline that is no button and not hidden, or the furthest that may be a byline."""
    told = 0
    for i in range(headline - 1, max(-1, headline - _HEAD_LINES), -1):
        told += bool(plain[i]) and not is_furniture(plain[i])
        if told == _LINES_OVER:
            return i
    return max(0, headline - _HEAD_LINES)


def _dated_lines(plain: Sequence[str], headline: int | None, above: list[int]) -> list[int]:
    """The lines whose date is the article's: above the body, behind the headline, in a paper's masthead."""
    found = list(above)
    if headline is not None:
        if _DATE_BEHIND.search(plain[headline]):
            found.append(headline)
        if not any(find_dates(plain[i]) for i in found):
            found += [i for i in range(max(0, headline - _HEAD_LINES), headline) if _is_paper_day(plain, i)]
    return found


def _is_paper_day(plain: Sequence[str], i: int) -> bool:
    """Whether a line is a digital paper's day: with its issue or page, or with the weekday near the name of a page."""
    if MASTHEAD.search(plain[i]):
        return True
    return bool(_WEEKDAY.match(plain[i])) and any(_PAPER_PAGE.match(text) for text in plain[max(0, i - 3) : i + 4])


def _below(plain: Sequence[str], last: int) -> list[int]:
    found: list[int] = []
    for i in range(max(0, last - 3), min(len(plain), last + 1 + _TAIL_LINES)):
        if i > last and begins_closing(plain[i]):
            if (
                len(plain[i]) <= LABEL_LINE
                and find_dates(plain[i])
                and any(field.kind == "source" for field in fields(plain[i]))
            ):
                found.append(i)
            break
        inside = i <= last and not (is_furniture(plain[i]) or is_label_line(plain[i], head=False))
        if not inside and not begins_related(plain[i]):
            found.append(i)
    return found


def _published(
    around: Surroundings, above: list[int], tail: list[tuple[int, Field]], provenance: dict[str, str]
) -> str | None:
    """The printed date, as precise as it is printed anywhere beside the article; a page label where none is printed.

    A page label's own clock counts where none is printed. The day that a policy page's document was written stands in
    only where no day of publication is told at all.
    """
    plain, metas, card = around.plain, around.metas, around.card
    told = [f for _, f in with_values(plain, _dated_lines(plain, around.headline, above)) if f.kind != "day"]
    values = [f.value for f in told if f.kind != "update"]
    values += [card.published, *(f.value for _, f in tail if f.kind == "date")]
    values += [f.value for f in told if f.kind == "update"] + [f.value for _, f in tail if f.kind == "update"]
    printed = [found.iso for value in values for found in find_dates(value)]
    label = next((d for name in _DATE_METAS if (d := iso(metas.get(name, "")))), None)
    if label is None and (day := iso(metas.get(FOUNDER_DATE, ""))):
        label = day.removesuffix(_MIDNIGHT)
    if label:
        same = [d for d in printed if d[:10] == label[:10]]
        if same or not printed:
            exact = [d for d in same if _CLOCK in d]
            agrees = not exact or any(d[:_MINUTE] == label[:_MINUTE] for d in exact)
            provenance["published_at"] = "label" if agrees else "pattern"
            return max([label, *same] if agrees else exact, key=len)
    printed = printed or [found.iso for found in find_dates(card.written)]
    if not printed:
        printed = [day for i in above if (day := short_date(plain[i]))]
    if not printed and (day := split_date([plain[i] for i in _tile(around, above)])):
        printed = [day]
    if not printed:
        printed = [f.value for f in around.marked if f.kind == "date"]
    if printed:
        provenance["published_at"] = "pattern"
        first = printed[0]
        return max((d for d in printed if d[:10] == first[:10]), key=len)
    return None


def _tile(around: Surroundings, above: list[int]) -> list[int]:
    """The lines among which a date may stand in parts: above the body, and right above the headline."""
    line = around.headline
    return above if line is None else [*range(max(0, line - _TILE_LINES), line), *above]


def _source(
    around: Surroundings,
    head: list[tuple[int, Field]],
    tail: list[tuple[int, Field]],
    lines: Sequence[str],
    provenance: dict[str, str],
) -> tuple[str | None, tuple[str, ...]]:
    """来源, and writers that stand behind it without a label; ``lines`` are those above and below the body."""
    outer = [f for i, f in head if i not in around.inner]
    dated = {i for i, _ in head if find_dates(around.plain[i])}
    outer += [
        Field("medium", f.value) for i, f in head if f.kind == "bare" and {i - 1, i + 1} & dated and is_medium(f.value)
    ]
    inner = [f for i, f in head if i in around.inner]
    top = around.plain[: max(around.headline or 0, 0)]
    printed = printed_source(
        [*outer, Field("source", around.card.source)], around.marked, inner, [f for _, f in tail], top
    )
    if printed:
        provenance["source"] = printed[1]
        return whole_source(printed[0], around.metas), printed[2]
    press = masthead_press(around.plain[max(0, (around.headline or 0) - _HEAD_LINES) : around.headline or 0])
    if press:
        provenance["source"] = "pattern"
        return press, ()
    source = meta_source(around.metas, lines, around.title)
    if source:
        provenance["source"] = "label"
    return source, ()


def _authors(
    around: Surroundings,
    above: list[int],
    below: list[int],
    head: Sequence[tuple[int, Field]],
    tail: Sequence[tuple[int, Field]],
    used: set[int],
) -> tuple[str, ...]:
    """Who wrote: labelled, named by the markup, on lines of their own; else beside the date or in brackets."""
    plain, inside = around.plain, range(around.first, around.last + 1)
    writers = [name for _, f in [*head, *tail] if f.kind == "author" for name in names(cut(f.value))]
    if not writers:
        writers = [name for f in around.marked if f.kind == "author" for name in names(f.value)]
    edges = dict.fromkeys([*inside[:_EDGE_LINES], *inside[-_EDGE_LINES:]])
    for i in [*above, *inside, *(i for i in below if around.last < i <= around.last + _EDGE_LINES)]:
        found = byline(undated(plain[i]) if i < around.first else plain[i])
        if i in edges:
            found = found or labelled_byline(plain[i])
        writers += found
        if found:
            used.add(i)
    if not writers:
        top = plain[: max(around.headline or 0, 0)]
        writers = [name for _, f in head if f.kind == "bare" for name in beside_date(f.value, top).people]
    if not writers and are_people(told := around.metas.get(FOUNDER_AUTHOR, "")):
        writers = [*names(told)]
    if not writers:
        sent = [cut(f.value) for _, f in head if f.kind == "contributor"]
        writers = [name for value in sent for name in names(value) if are_people(name)]
    writers = writers or [*signers(plain, above, inside[:_EDGE_LINES], around.title or "")]
    if not writers:
        closing = [i for i in below if around.last < i <= around.last + _EDGE_LINES]
        writers = [name for i in [*edges, *closing] for name in named_inside(plain[i])]
    return unique(writers)


def _numbers(around: Surroundings, above: list[int], provenance: dict[str, str]) -> tuple[str | None, str | None]:
    """文号 and 索引号: the card's, else behind a label beside the headline, else on a line below it, or behind it."""
    plain, card = around.plain, around.card
    labelled = [labelled_numbers(plain[i]) for i in above]
    number = card.document_number or next((number for number, _ in labelled if number), None)
    index = card.index_number or next((index for _, index in labelled if index), None)
    if number is None:
        opening = range(around.first, min(around.first + _NUMBER_LINES, around.last + 1))
        over = range(max(0, (around.headline or 0) - _LINES_OVER), around.headline or 0)
        lines = (number_line(plain[i], plain[i - 1] if i else "") for i in [*above, *opening, *over])
        named = around.metas.get("articletitle", "")
        number = next((found for found in lines if found), None) or number_around(around.title or "")
        number = number or (number_around(named) if around.title and named.startswith(around.title) else None)
    for name, value in (("document_number", number), ("index_number", index)):
        if value:
            provenance[name] = "pattern"
    return number, index


def _abstract(plain: Sequence[str], above: list[int], first: int, used: set[int]) -> str | None:
    for i in [*above, first][: len(above) + (first < len(plain))]:
        match = _ABSTRACT.match(plain[i])
        if match and len(plain[i]) - match.end() >= 10:
            used.add(i)
            return plain[i][match.end() :]
    return None
