"""A page's lines as they are judged: in canonical form, each with the running text it holds, and what stands aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from crawler.extraction.canonical import Canoniser
from crawler.extraction.furniture import is_furniture, is_imprint
from crawler.extraction.lines import Box, Line, read_lines
from crawler.extraction.markup import Markup

SHORT = 60
"""Characters of running text below which a body is not taken on its own word."""

_STOPS = re.compile(r"[,，。；;！!？?：:、”]")
_NOT_WORDS = re.compile(r"[\d\W_日时分]")
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:foot|footer\w{0,6}|footbox|copyright|copy|banquan|bottom|btm|comments?|comment-?\w{0,8}|pinglun|reply|replies|"
    r"login\w{0,6}|popup|modal|dialog|recommend\w{0,8}|related\w{0,8}|xgxw|xgyd|sidebar|hot-?\w{0,6}|rank\w{0,6}|share\w{0,6}|"
    r"bdsharebuttonbox|fenxiang)(?:$|[\s_-]|\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sheet:
    """A page laid out: ``plain[i]`` and ``weights[i]`` belong to ``lines[i]``; ``canon`` is decided for a page.

    A weight is the running text of a line in characters: see ``weigh``.
    """

    lines: Sequence[Line]
    boxes: Sequence[Box]
    plain: Sequence[str]
    weights: Sequence[float]
    canon: Canoniser

    @cached_property
    def aside(self) -> frozenset[int]:
        """The lines in boxes that call themselves footer, comments, log-in or the like, unless little else is there.

        A ``<marquee>`` scrolls other articles' headlines.
        """
        inside: set[int] = set()
        for box in self.boxes:
            element = box.element
            names = (element.get("class"), element.get("id"))
            if element.tag in ("footer", "nav", "marquee") or any(name and _ASIDE.search(name) for name in names):
                inside.update(range(box.start, box.end))
        outside = sum(weight for i, weight in enumerate(self.weights) if i not in inside)
        return frozenset(inside) if outside >= SHORT else frozenset()

    @cached_property
    def shows_text(self) -> bool:
        """Whether any line that is not hidden is running text; if none is, hidden ones count (a script shows them)."""
        return any(w >= SHORT and not line.hidden for w, line in zip(self.weights, self.lines, strict=True))


def lay_out(markup: Markup) -> Sheet:
    """The sheet of a parsed page."""
    lines, boxes = read_lines(markup.tree)
    canon = Canoniser.for_page("\n".join(line.text for line in lines))
    plain = [canon.line(line.text) for line in lines]
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
