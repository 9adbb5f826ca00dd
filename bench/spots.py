"""The places of a page where furniture stands: around the article, at its edges, beside its date, in its head."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

from bench.manuscript import Manuscript

_BODY = re.compile(r"<body\b[^<>]*>", re.IGNORECASE)
_BODY_ENDS = re.compile(r"</body\s*>", re.IGNORECASE)
_ENDS_BOX = re.compile(
    r"(?:\s|&nbsp;|</?(?:p|br|span|font)\b[^<>]*>|<!--[^<>]*-->)*</(?:div|td|section|article|form)\b", re.IGNORECASE
)
"""What follows a text that is the last thing in its box."""
_HEAD_ENDS = re.compile(r"</head\s*>", re.IGNORECASE)
_DATE = re.compile(
    r"(?<![\w/-])(?:19|20)\d\d(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日)(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?(?![\s\d:]*[)）\]】])(?=[^<>]*<)"
)


def spots(page: Manuscript) -> dict[str, int]:
    """Where each kind of place is in the markup; a kind that the page has not is left out."""
    found: dict[str, int] = {}
    hidden = page.hidden

    def shown(at: int) -> bool:
        return not any(start <= at < end for start, end in hidden)

    if head := _HEAD_ENDS.search(page.html):
        found["head"] = head.start()
    if body := next((m for m in _BODY.finditer(page.html) if shown(m.start())), None):
        found["top"] = body.end()
    ends = [m.start() for m in _BODY_ENDS.finditer(page.html) if shown(m.start()) and m.start() > page.runs[-1].end]
    if ends:
        found["bottom"] = ends[-1]
    if (
        page.blocks
        and page.blocks[-1].paragraph == len(page.said) - 1
        and _ENDS_BOX.match(page.html, page.blocks[-1].end)
    ):
        found["below"] = page.blocks[-1].end
    if page.blocks and page.blocks[0].paragraph == 0:
        found["above"] = page.blocks[0].start
    if page.gaps:
        found["within"] = page.gaps[len(page.gaps) // 2]
    for match in _DATE.finditer(page.html, found.get("top", 0), page.runs[0].start):
        if shown(match.start()):
            found["dateline"] = match.end()
    return found


def put(page: Manuscript, pieces: Mapping[int, str]) -> str:
    """The markup with each piece put in at its place."""
    html = page.html
    for at in sorted(pieces, reverse=True):
        html = html[:at] + pieces[at] + html[at:]
    return html


def somewhere(page: Manuscript, dice: Random, kinds: str) -> int | None:
    """One of these kinds of places (names parted by blanks), if the page has any."""
    known = spots(page)
    have = [known[kind] for kind in kinds.split() if kind in known]
    return dice.choice(have) if have else None
