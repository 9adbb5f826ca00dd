"""Whether a site was redesigned: one event for the site instead of one for each of its pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

ALIKE = 0.6
"""Frames as similar as this are one template: its pages measure near 1 (``crawler.extraction.template``)."""

STRANGE = 0.4
"""Frames less similar than this are different designs; what lies between may be a column's own variant."""

_PAGES = 3
_SMALL_SITE = 6


def redesigned(previous: str, current: Sequence[str], similarity: Callable[[str, str], float]) -> str | None:
    """The site's new template, or ``None`` while it looks as the change log last told.

    ``previous`` is the template last told (empty when none was), ``current`` those of the site's recently seen pages,
    one each. A redesign is a new template, strange to the told one, that at least three pages share (on a site of fewer
    than six pages: half of them, but two), and more pages than still show the told one. A special topic's page in a
    frame of its own, a column that was dressed anew while the rest stayed, and a lone broken page are none.
    """
    frames = [frame for frame in current if frame]
    if not previous or not frames:
        return None
    strangers = [frame for frame in frames if similarity(previous, frame) < STRANGE]
    unchanged = sum(similarity(previous, frame) >= ALIKE for frame in frames)
    family: list[str] = []
    for frame in dict.fromkeys(strangers):
        alike = [other for other in strangers if similarity(frame, other) >= ALIKE]
        family = max(family, alike, key=len)
    needed = _PAGES if len(frames) >= _SMALL_SITE else max(2, -(-len(frames) // 2))
    if len(family) < needed or len(family) <= unchanged:
        return None
    return max(dict.fromkeys(family), key=family.count)
