"""A page as its editor has it before him: the markup in its own charset, and where in it the article's text stands.

An edit or a piece of furniture is put into the markup itself and written back in the page's charset, as the site would
do it; bytes that are no text of that charset are kept as they are.
"""

from __future__ import annotations

import html as entities
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from crawler.extraction.read import read_page
from monitor.compare.align import reading
from storage.records import Article, PageKind, Role

_CODE = re.compile(r"<!--.*?-->|<(script|style|textarea|noscript|head|option)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_RUN = re.compile(r">([^<>]+)(?=<)")
_BLOCK = re.compile(r"<(p|div|section|li)\b[^<>]*>(?:(?!</?(?:p|div|section|li|tr|table)\b).)*?</\1\s*>", re.I | re.S)
_TAG = re.compile(r"<[^<>]*>")
_TRADITIONAL = "traditional"
_SHORTEST = 8
_MENDED = frozenset({_TRADITIONAL, "pinyin-injected", "mojibake-repaired", "tampered"})


@dataclass(frozen=True, slots=True)
class Run:
    """Text of the body at ``start``..``end`` of the markup, all of it in one paragraph, without any tag in it."""

    start: int
    end: int
    paragraph: int


@dataclass(frozen=True)
class Manuscript:
    """A page that is an article, and how it reads."""

    name: str
    url: str
    html: str
    charset: str
    article: Article

    def written(self, html: str) -> bytes:
        """The markup in the page's charset."""
        return html.encode(self.charset, "surrogateescape")

    def read(self, html: str) -> Article:
        """How the page reads with other markup."""
        return reread(self.written(html), self.url)

    @cached_property
    def said(self) -> tuple[str, ...]:
        """The body's paragraphs in reading form."""
        return tuple(map(reading, self.article.canonical))

    @cached_property
    def hidden(self) -> tuple[tuple[int, int], ...]:
        """Where scripts, styles, comments and the head stand."""
        return tuple(match.span() for match in _CODE.finditer(self.html))

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The stretches of text of the body that stand nowhere else on the page."""
        return tuple(self._runs())

    def _runs(self) -> Iterator[Run]:
        starts = [start for start, _ in self.hidden]
        for match in _RUN.finditer(self.html):
            at = bisect_right(starts, match.start()) - 1
            if at >= 0 and match.start() < self.hidden[at][1]:
                continue
            text = reading(entities.unescape(match.group(1)))
            inside = [number for number, said in enumerate(self.said) if text in said] if len(text) >= _SHORTEST else []
            if len(inside) == 1 and self.html.count(match.group(1).strip()) == 1:
                yield Run(*match.span(1), inside[0])

    @cached_property
    def blocks(self) -> tuple[Run, ...]:
        """The elements that each hold one whole paragraph of the body, in the order of the text."""
        starts = [run.start for run in self.runs]
        found: dict[int, Run] = {}
        for match in _BLOCK.finditer(self.html):
            at = bisect_right(starts, match.start())
            if at == len(starts) or starts[at] >= match.end():
                continue
            number = self.runs[at].paragraph
            if reading(entities.unescape(_TAG.sub("", match.group()))) == self.said[number] and number not in found:
                found[number] = Run(*match.span(), number)
        return tuple(sorted(found.values(), key=lambda run: run.start))

    @cached_property
    def gaps(self) -> tuple[int, ...]:
        """Where another block may stand between two paragraphs of the body that follow on each other."""
        return tuple(
            right.start
            for left, right in pairwise(self.blocks)
            if right.paragraph == left.paragraph + 1 and not _TAG.sub("", self.html[left.end : right.start]).strip()
        )

    @cached_property
    def outside(self) -> tuple[tuple[int, int], ...]:
        """The markup before, between and after the body's runs."""
        edges = [0, *(edge for run in self.runs for edge in (run.start, run.end)), len(self.html)]
        return tuple(zip(edges[::2], edges[1::2], strict=True))

    def replaced_outside(self, old: re.Pattern[str], new: str) -> tuple[str, int]:
        """The markup with every match outside the body replaced, and how many those were."""
        pieces: list[str] = []
        count, last = 0, 0
        for start, end in self.outside:
            piece, found = old.subn(new, self.html[start:end])
            pieces += [self.html[last:start], piece]
            count, last = count + found, end
        return "".join(pieces), count


def reread(body: bytes, url: str) -> Article:
    """How a body reads at an address that is watched as an article."""
    return read_page(body, url, role=Role.ARTICLE)


def manuscripts(pages: Mapping[str, bytes], addresses: Mapping[str, str]) -> Iterator[Manuscript]:
    """The pages that are articles with sentences in markup that can be edited.

    Collections of links are none, nor copies that reading has to mend before it can compare them.
    """
    for name, body in pages.items():
        url = addresses.get(name, f"http://www.example.gov.cn/xw/202101/{name}")
        article = reread(body, url)
        if article.kind is not PageKind.ARTICLE or not _MENDED.isdisjoint(article.flags):
            continue
        charset = article.encoding
        page = body.decode(charset, "surrogateescape")
        found = Manuscript(name, url, page, charset, article)
        try:
            same = found.written(page) == body
        except UnicodeEncodeError:
            same = False
        if same and any("。" in page[run.start : run.end] for run in found.runs):
            yield found
