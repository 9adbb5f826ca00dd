"""How well a version answers a query. Pure, and of nothing but what both databases tell alike.

A title that has the words counts most; then how often they stand in the text, held against its length; how near each
other they stand; and how new the version is. Newness is linear in time, so that an order never turns while someone
pages through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from heapq import merge
from math import log

from monitor.search.matching import Places, Span

USUAL_LENGTH = 600
"""Characters of an ordinary article."""
SATURATION = 1.2
LENGTH_COUNTS = 0.6
TITLE, ALL_IN_TITLE, FIRST_LINES = 2.0, 1.5, 0.3
OPENING = 120
NEAR = 1.0
NEAR_CHARACTERS = 20
DAYS_A_POINT = 400.0
"""How many days newer make up for one point."""


def score(places: Places, length: int, seen_at: datetime) -> float:
    """The score of a version whose text has ``length`` characters; higher is better."""
    often = sum(_often(len(spans), length) for spans in places.text) / len(places.text)
    titled = sum(bool(spans) for spans in places.title) / len(places.title)
    opening = sum(bool(spans) and spans[0][0] < OPENING for spans in places.text) / len(places.text)
    gained = often + TITLE * titled + ALL_IN_TITLE * all(places.title) + FIRST_LINES * opening
    if len(places.text) > 1 and all(places.text):
        apart = _apart(places.text)
        gained += NEAR * NEAR_CHARACTERS / (NEAR_CHARACTERS + apart)
    return gained + seen_at.timestamp() / 86_400 / DAYS_A_POINT


def _often(times: int, length: int) -> float:
    """As BM25 has it: each further time counts less, and the less the longer the text is."""
    fraction = times / (1 - LENGTH_COUNTS + LENGTH_COUNTS * max(length, 1) / USUAL_LENGTH)
    return fraction * (SATURATION + 1) / (fraction + SATURATION) + log(1 + times) / 10


def _apart(words: Sequence[Sequence[Span]]) -> int:
    """Characters between the words where they stand nearest each other: 0 where they adjoin."""
    nearest: int | None = None
    latest: dict[int, Span] = {}
    own = sum(min(end - start for start, end in spans) for spans in words)
    for start, end, word in merge(*([(s, e, number) for s, e in spans] for number, spans in enumerate(words))):
        latest[word] = (start, end)
        if len(latest) == len(words):
            reach = max(e for _, e in latest.values()) - min(s for s, _ in latest.values())
            nearest = reach if nearest is None else min(nearest, reach)
    return max(0, (nearest or own) - own)
