"""A page half read: its lines, headline, body and labels, found together because each leans on the others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from crawler.extraction.body import Body, find_body, find_linked_body, widen
from crawler.extraction.furniture import begins_comments, begins_related, is_signature
from crawler.extraction.general import general_paragraphs
from crawler.extraction.headline import Headline, find_headline
from crawler.extraction.labels import FOUNDER_AUTHOR, FOUNDER_DATE, Labels, Surroundings, byline_lines, read_labels
from crawler.extraction.learned import Learned
from crawler.extraction.lines import ancestors
from crawler.extraction.marked import marked_fields
from crawler.extraction.markup import Markup, parse
from crawler.extraction.media import shows_media
from crawler.extraction.pagetitle import squash
from crawler.extraction.policy import NO_CARD, Card, find_card
from crawler.extraction.seams import may_be_parted, parted
from crawler.extraction.sheet import SHORT, Sheet, lay_out
from crawler.platforms import BODIES

SOME_TEXT = 12.0
"""Characters of running text below which a body is not one."""
_FRAME_LEVELS = 8
"""Boxes outwards from a headline without a body (or a body without a headline) that still belong to the article."""
_FIGURES = re.compile(r"[\d\W_年月日]+")
_PAPER_PAGE = re.compile(r"第\s*[A-Z]?\d{1,3}\s*版")
"""The page of a paper as Founder names it; elsewhere its ``<author>`` is whoever put the article on the site."""
_LINKED = 0.6
"""The share of links from which a line leads elsewhere."""
_LABEL_LINES = 6
"""Lines below a headline without a body that may be its byline."""
_UNSURE_SHARE = 0.5
"""The share of a page's running text below which an unnamed box is checked against the general library."""
_LONGEST_CHECKED = 400_000
"""Characters of markup up to which the library is asked: it takes about 25 ms for 64 KB, and grows faster than that."""
_MOST_TABLES = 100
"""Tables up to which it is asked: it goes through all that each holds, tables in tables again and again."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What was found on a page; ``container`` is the first box that some system calls its body, be it empty."""

    markup: Markup
    sheet: Sheet
    headline: Headline | None
    body: Body | None
    labels: Labels
    container: int | None = None

    @property
    def title(self) -> str | None:
        """The headline in canonical form."""
        return self.sheet.canon.line(self.headline.text) or None if self.headline else None

    @property
    def running(self) -> float:
        """Characters of running text in the body."""
        return self.body.weight if self.body else 0.0

    @property
    def text(self) -> int:
        """Characters of the body in lines without a link that are words, be they running text or not."""
        said = (self.sheet.lines[i] for i in self.body.kept) if self.body else ()
        return sum(len(line.text) for line in said if not line.linked and not _FIGURES.fullmatch(line.text))

    @property
    def holder(self) -> HtmlElement:
        """Where the article's pictures stand if it has no text: the named container, else its frame."""
        return self.frame if self.container is None else self.sheet.boxes[self.container].element

    @property
    def is_pictured(self) -> bool:
        """Whether a picture or film stands right below the headline: see ``_is_pictured``."""
        return self.headline is not None and _is_pictured(self.sheet, self.headline)

    @property
    def frame(self) -> HtmlElement:
        """The smallest element around both headline and body: the article with its labels and attachments."""
        inner = self.body.box if self.body else self.container
        outer = self.sheet.lines[self.headline.line].box if self.headline and self.headline.line is not None else None
        if inner is None or outer is None:
            lone = inner if inner is not None else outer
            around_it = list(ancestors(self.sheet.boxes, lone))[1:_FRAME_LEVELS] if lone is not None else []
            kept = [box for box in around_it if self.sheet.boxes[box].element.tag not in ("body", "html")]
            return self.sheet.boxes[kept[-1]].element if kept else self.markup.tree
        around = set(ancestors(self.sheet.boxes, outer))
        return self.sheet.boxes[next((box for box in ancestors(self.sheet.boxes, inner) if box in around), 0)].element


def outline(text: str, learned: Learned | None = None) -> Outline:
    """The outline of a page's decoded text, with what its site taught of its template."""
    markup = parse(text)
    sheet = lay_out(markup)
    if learned:
        sheet = sheet.taught(learned)
    card = find_card(sheet.plain) or NO_CARD
    if card.lines:
        sheet = sheet.without(card.lines)
    named = sheet.named(BODIES)
    draft = find_body(sheet, named=named)
    begins = draft.first if draft and draft.weight >= SOME_TEXT else None
    headline = find_headline(markup, sheet, begins, card)
    start = headline.line if headline and headline.line is not None else 0
    body = draft
    if start:
        # Below the headline stands nothing: what stands above is the article only if it is as long as one.
        above = sum(sheet.weights[i] for i in draft.kept if i < start) if draft else 0
        body = find_body(sheet, start=start, named=named) or (draft if above >= SHORT else None)
    if headline and headline.line is not None:
        if headline.how == "label" and (body is None or body.weight < SOME_TEXT):
            if not _is_pictured(sheet, headline):
                body = find_linked_body(sheet, headline.line) or body
        elif body and _is_unsure(sheet, body, text):
            body = _checked(text, sheet, body, start)
    title = sheet.canon.line(headline.text) if headline else None
    labels = _labels(markup, sheet, headline, body, title, card)
    return Outline(markup, sheet, headline, body, labels, next(iter(named), None))


def _labels(
    markup: Markup, sheet: Sheet, headline: Headline | None, body: Body | None, title: str | None, card: Card
) -> Labels:
    lines, shown = sheet.lines, sheet.plain
    first, last = (body.first, body.last) if body else (len(lines), len(lines) - 1)
    begins = body.first if body else headline.line if headline else None
    if begins is not None and not lines[begins].hidden:
        # A style hides what nobody reads; where it hides the article as well, a script shows both.
        shown = ["" if line.hidden else text for line, text in zip(lines, sheet.plain, strict=True)]
    if body is None and headline and headline.line is not None:
        first, last = min(len(lines), headline.line + _LABEL_LINES), headline.line
    metas = {**markup.metas, FOUNDER_DATE: markup.properties.get("date", "")}
    if _PAPER_PAGE.search(markup.properties.get("nodename", "")):
        metas[FOUNDER_AUTHOR] = sheet.canon.line(markup.properties.get("author", ""))
    top = headline.line if headline else None
    between = range(max(0, first - _LABEL_LINES) if top is None else min(top + 1, first), first)
    inner = _inner(sheet, top, body) if body else frozenset[int]()
    marked = marked_fields(sheet, [i for i in between if shown[i] and i not in inner])
    around = Surroundings(shown, metas, top, first, last, title, marked, card, inner)
    if ends := _value_ends(sheet, byline_lines(around)):
        around = replace(around, plain=[ends.get(i, text) for i, text in enumerate(shown)])
    return read_labels(around)


def _value_ends(sheet: Sheet, lines: Iterable[int]) -> dict[int, str]:
    """Of these lines, those in which an element's end ends a value, with a space there."""
    found = ((i, sheet.lines[i]) for i in lines if sheet.lines[i].pieces and may_be_parted(sheet.plain[i]))
    return {i: text for i, line in found if (text := parted(line.pieces, line.seams, sheet.canon))}


def _inner(sheet: Sheet, top: int | None, body: Body) -> frozenset[int]:
    """The lines above the body's first that stand in its box, if the headline (on line ``top``) does not."""
    box = sheet.boxes[body.box]
    if top is not None and box.start <= top:
        return frozenset()
    return frozenset(range(box.start, body.first))


def _is_unsure(sheet: Sheet, body: Body, text: str) -> bool:
    """Whether our choice of box wants a second opinion: much running text elsewhere, on a page that is not links."""
    if body.how != "pattern" or body.share >= _UNSURE_SHARE or len(text) > _LONGEST_CHECKED:
        return False
    if sum(box.names[0] == "table" for box in sheet.boxes) > _MOST_TABLES:
        return False
    return sum(line.linked for line in sheet.lines) < sum(sheet.weights)


def _checked(text: str, sheet: Sheet, body: Body, start: int) -> Body:
    """The body, or the library's where that has half as much again of the page's own lines and all of ours."""
    said = squash("".join(general_paragraphs(parse(text).tree)))
    lines, plain = sheet.lines, sheet.plain
    below = [i for i in range(start + 1, len(lines)) if i not in sheet.apart]
    heads = {i for i in below if begins_related(plain[i]) or begins_comments(plain[i])}
    kept = [i for i in below if i in heads or (len(plain[i]) >= 8 and squash(lines[i].text) in said)]
    theirs = sum(len(plain[i]) - lines[i].linked for i in kept)
    ours = sum(len(plain[i]) for i in body.kept)
    if theirs < 1.5 * ours or not set(body.kept) <= set(kept):
        return body
    return widen(body, sheet, kept, start)


def _is_pictured(sheet: Sheet, headline: Headline) -> bool:
    """Whether a picture or film stands right below a headline, before its editor, related links or the imprint.

    For a page without running text and without a named container: what its columns show is not the article's.
    """
    if headline.line is None:
        return False
    lines, plain, top = sheet.lines, sheet.plain, headline.line
    below = range(top + 1, len(lines))
    ends = (i for i in below if lines[i].link_share > _LINKED or is_signature(plain[i]) or begins_related(plain[i]))
    end = next(ends, len(lines))
    looked_at: set[int] = set()
    for index, box in enumerate(sheet.boxes):
        if box.parent in looked_at:
            looked_at.add(index)
        elif top < box.start <= end and box.end <= end:
            if shows_media(box.element):
                return True
            looked_at.add(index)
    return False
