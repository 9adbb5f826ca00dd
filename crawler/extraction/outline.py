"""A page half read: its lines, headline, body and labels, found together because each leans on the others."""

from __future__ import annotations

from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.body import Body, find_body, find_linked_body, widen
from crawler.extraction.general import general_paragraphs
from crawler.extraction.headline import Headline, find_headline, squash
from crawler.extraction.labels import FOUNDER_DATE, Labels, read_labels
from crawler.extraction.lines import ancestors
from crawler.extraction.markup import Markup, parse
from crawler.extraction.sheet import Sheet, lay_out
from crawler.platforms import BODIES, keys

SOME_TEXT = 12.0
"""Characters of running text below which a body is not one."""
_FRAME_LEVELS = 8
"""Boxes outwards from a headline without a body (or a body without a headline) that still belong to the article."""
_LABEL_LINES = 6
"""Lines below a headline without a body that may be its byline."""
_UNSURE_SHARE = 0.5
"""The share of a page's running text below which an unnamed box is checked against the general library."""
_LONGEST_CHECKED = 400_000
"""Characters of markup up to which the library is asked: it takes about 25 ms for 64 KB, and grows faster than that."""


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
    def holder(self) -> HtmlElement:
        """Where the article's pictures stand if it has no text: the named container, else its frame."""
        return self.frame if self.container is None else self.sheet.boxes[self.container].element

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


def outline(text: str) -> Outline:
    """The outline of a page's decoded text."""
    markup = parse(text)
    sheet = lay_out(markup)
    named = [index for index, box in enumerate(sheet.boxes) if not BODIES.isdisjoint(keys(box.element))]
    draft = find_body(sheet, named=named)
    headline = find_headline(markup, sheet, draft.first if draft else None)
    start = headline.line if headline and headline.line is not None else 0
    body = find_body(sheet, start=start, named=named) or draft if start else draft
    if headline and headline.line is not None:
        if headline.how == "label" and (body is None or body.weight < SOME_TEXT):
            body = find_linked_body(sheet, headline.line) or body
        elif body and _is_unsure(sheet, body, text):
            body = _checked(text, sheet, body, start)
    title = sheet.canon.line(headline.text) if headline else None
    return Outline(
        markup, sheet, headline, body, _labels(markup, sheet, headline, body, title), next(iter(named), None)
    )


def _labels(markup: Markup, sheet: Sheet, headline: Headline | None, body: Body | None, title: str | None) -> Labels:
    lines, shown = sheet.lines, sheet.plain
    first, last = (body.first, body.last) if body else (len(lines), len(lines) - 1)
    if body and not lines[body.first].hidden:
        shown = ["" if line.hidden else text for line, text in zip(lines, sheet.plain, strict=True)]
    if body is None and headline and headline.line is not None:
        first, last = min(len(lines), headline.line + _LABEL_LINES), headline.line
    metas = {**markup.metas, FOUNDER_DATE: markup.properties.get("date", "")}
    return read_labels(shown, metas, headline.line if headline else None, first, last, title)


def _is_unsure(sheet: Sheet, body: Body, text: str) -> bool:
    """Whether our choice of box wants a second opinion: much running text elsewhere, on a page that is not links."""
    if body.how != "pattern" or body.share >= _UNSURE_SHARE or len(text) > _LONGEST_CHECKED:
        return False
    return sum(line.linked for line in sheet.lines) < sum(sheet.weights)


def _checked(text: str, sheet: Sheet, body: Body, start: int) -> Body:
    """The body, or the library's where that has half as much again of the page's own lines and all of ours."""
    said = squash("".join(general_paragraphs(parse(text).tree)))
    lines, plain = sheet.lines, sheet.plain
    kept = [i for i in range(start + 1, len(lines)) if len(plain[i]) >= 8 and squash(lines[i].text) in said]
    theirs = sum(len(plain[i]) - lines[i].linked for i in kept)
    ours = sum(len(plain[i]) for i in body.kept)
    if theirs < 1.5 * ours or not set(body.kept) <= set(kept):
        return body
    return widen(body, sheet, kept, start)
