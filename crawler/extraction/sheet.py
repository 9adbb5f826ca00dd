"""A page's lines as they are judged: in canonical form, each with the running text it holds, and what stands aside."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from crawler.extraction.canonical import Canonical, Canoniser, canonical_lines
from crawler.extraction.furniture import is_furniture, is_imprint
from crawler.extraction.learned import Learned
from crawler.extraction.lines import Box, Line, read_lines
from crawler.extraction.lostbytes import repair
from crawler.extraction.markup import Markup
from crawler.platforms import keys

_A_SENTENCE = 15.0
SHORT = 60
"""Characters of running text below which a body is not taken on its own word."""

_STOPS = re.compile(r"[,，。；;！!？?：:、”]")
_NOT_WORDS = re.compile(r"[\d\W_日时分]")
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?<!margin-)(?<!padding-)(?<!border-)(?:foot|footer\w{0,6}|footbox|copyright|copy|banquan|bottom|btm|comments?|comment-?\w{0,8}|pinglun|reply|replies|"
    r"login\w{0,6}|popup|modal|dialog|recommend\w{0,8}|related\w{0,8}|xgxw|xgyd|sidebar|hot-?\w{0,6}|rank\w{0,6}|share\w{0,6}|"
    r"bdsharebuttonbox|fenxiang|pagination|paginator|ads?|ad-?box|adsbygoogle|advert\w{0,9}|guanggao|ggw|gg[_-]\w{1,8}|"
    r"(?:m|video-?|live-?)?player(?!s)\w{0,12})(?:$|[\s_-]|\d)",
    re.IGNORECASE,
)
_ITEMS = frozenset({"li", "dl"})
_ALL_LINK = 0.9
_A_HEADLINE = 8
_LONGEST_CARD = 400
"""Characters of an item with a headline and a summary."""
_SEVERAL = 3
_ASIDE_TAGS = frozenset({"footer", "nav", "marquee"})


@dataclass(frozen=True)
class Sheet:
    """A page laid out: ``plain[i]`` and ``weights[i]`` belong to ``lines[i]``; ``canon`` is decided for a page.

    A weight is the running text of a line in characters: see ``weigh``. ``apart`` are lines known to be no body,
    ``edges`` those that are none where they begin or end it.
    """

    lines: Sequence[Line]
    boxes: Sequence[Box]
    plain: Sequence[str]
    weights: Sequence[float]
    canon: Canoniser
    apart: frozenset[int] = frozenset()
    edges: frozenset[int] = frozenset()

    def without(self, lines: Collection[int]) -> Sheet:
        """The sheet with these lines apart from any body: they hold no running text, whatever they say."""
        weights = [0.0 if i in lines else weight for i, weight in enumerate(self.weights)]
        return replace(self, weights=weights, apart=self.apart.union(lines))

    def taught(self, learned: Learned) -> Sheet:
        """The sheet with what its site taught of the template: no running text, and apart from any body."""
        marks = learned.marks(self.lines, self.boxes, self.plain)
        weighed = self.without(marks.furniture | marks.edges)
        return replace(weighed, apart=self.apart | marks.furniture, edges=marks.edges)

    @cached_property
    def aside(self) -> frozenset[int]:
        """The lines in boxes that call themselves footer, comments, log-in or the like, unless little else is there.

        And those that are ``apart`` in any case. A box with most of the text and its ``<h1>`` is the article, however
        it is called. A ``<marquee>`` scrolls other articles' headlines, and lists of them may carry summaries.
        """
        inside: set[int] = set()
        end = 0
        said: dict[str | None, bool] = {None: False}
        sums = [0.0, *accumulate(self.weights)]
        for box in self.boxes:
            tag, *names = box.names
            for name in names:
                if name not in said:
                    said[name] = name is not None and _ASIDE.search(name) is not None
            if tag in _ASIDE_TAGS or any(map(said.__getitem__, names)):
                if sums[box.end] - sums[box.start] > 0.5 * sums[-1] and next(box.element.iter("h1"), None) is not None:
                    continue
                inside.update(range(max(box.start, end), box.end))
                end = max(end, box.end)
        inside.update(self._cards())
        outside = sum(weight for i, weight in enumerate(self.weights) if i not in inside)
        return self.apart.union(inside) if outside >= SHORT else self.apart

    def _cards(self) -> Iterator[int]:
        """The lines of lists whose items are other articles: each a link on a line of its own and a summary below.

        Where most summaries are short the long ones are no articles either.
        """
        lists: dict[tuple[str | None, ...], list[tuple[Box, bool]]] = {}
        for box in self.boxes:
            if box.element.tag in _ITEMS and box.end - box.start >= 2:
                held = self.lines[box.start : box.end]
                linked = [line.link_share > _ALL_LINK and len(line.text) >= _A_HEADLINE for line in held]
                told = max(self.weights[box.start : box.end])
                if any(linked) and told >= _A_SENTENCE:
                    around = self.boxes[box.parent].element
                    short = sum(len(line.text) for line in held) <= _LONGEST_CARD
                    alike = (box.element.get("class"), around.get("class"), around.get("id"))
                    lists.setdefault(alike, []).append((box, short))
        for cards in lists.values():
            if sum(short for _, short in cards) >= max(_SEVERAL, 0.5 * len(cards)):
                for box, _ in cards:
                    yield from range(box.start, box.end)

    def named(self, names: frozenset[str]) -> list[int]:
        """The boxes that are called by one of these names (see ``platforms.keys``)."""
        known: dict[tuple[str | None, ...], bool] = {}
        found: list[int] = []
        for index, box in enumerate(self.boxes):
            if box.names not in known:
                known[box.names] = not names.isdisjoint(keys(box.element))
            if known[box.names]:
                found.append(index)
        return found

    def canonical(self, held: Sequence[int]) -> Canonical:
        """Some of the lines in canonical form, with the flags of what the page and they suffer from."""
        mended = any(repair(text) != text for text in (self.lines[i].text for i in held))
        flags = (*self.canon.flags, "mojibake-repaired") if mended else self.canon.flags
        return Canonical(tuple(self.plain[i] for i in held), flags)

    @cached_property
    def shows_text(self) -> bool:
        """Whether any line that is not hidden is running text; if none is, hidden ones count (a script shows them)."""
        return shows_text(self.lines, self.weights)


def shows_text(lines: Sequence[Line], weights: Sequence[float]) -> bool:
    """Whether lines that are not hidden are running text: one is enough for a body, or short sentences sum up to it."""
    shown = [weight for line, weight in zip(lines, weights, strict=True) if weight >= _A_SENTENCE and not line.hidden]
    if any(weight >= SHORT for weight in shown):
        return True
    hidden = sum(weight for line, weight in zip(lines, weights, strict=True) if line.hidden)
    return sum(shown) >= max(SHORT, hidden)


def lay_out(markup: Markup) -> Sheet:
    """The sheet of a parsed page."""
    lines, boxes = read_lines(markup)
    canon, plain = canonical_lines([line.text for line in lines])
    weights = [weigh(line, text) for line, text in zip(lines, plain, strict=True)]
    return Sheet(lines, boxes, plain, weights, canon)


def weigh(line: Line, canonical: str) -> float:
    """How much running text a line holds, in characters: sentences count whole, bare words a fifth, links nothing."""
    free = len(canonical) - line.linked
    if free <= 0 or line.link_share > 0.5 or is_furniture(canonical) or is_imprint(canonical):
        return 0.0
    if line.cells:
        return free * 0.4
    if not line.linked and free >= 15 and _STOPS.search(canonical):
        return float(free)
    # Beside a link, and in a line that is no sentence, stand dates and counters: only words count as text there.
    words = free - len(_NOT_WORDS.findall(canonical))
    if words >= 15 and _STOPS.search(canonical):
        return float(free)
    return max(0, words) * 0.2
