"""A page that is as it was but for what moves on it: told from its bytes, without reading it. Pure.

Counters, clocks, ranks and tickers move on a city page at every visit, and many pages send no validators: most visits
would read a whole page to learn that nothing is new. What moved between two bodies of one page that said the same is
remembered as *places*, each by the bytes before it and behind it. A later body that is the same outside of its places,
and holds nothing of another kind inside them, says what was read last.

No place hides news: places are remembered only where the page, read once more without what stands in them, says exactly
the same. Later other words and figures may stand there, but no tag, attribute or host that was not seen there before,
and no longer text: what a hijacker would put there is read whole, and so is every page after ``LONGEST_CALM``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate

from cydifflib import SequenceMatcher

from storage.calm import Calm, Place

LONGEST_CALM = timedelta(days=7)
"""After so long a page is read whole, whatever its bytes say."""
ANCHOR = 40
"""Bytes that a place is found by on either side, or as many times so many as make them the only such bytes."""
LONGEST_ANCHOR = 400
MOST_PLACES = 60
MOST_MOVING = 0.35
"""The share of a page that may stand in its places: where more moves, it is another page."""
MOST_TOKENS = 30_000
LONGEST_GAP = 400
"""Bytes that may stand still between two rows of a list that is dealt anew: two draws share rows by chance."""
SLACK = 1.25
ROOM = 48
"""Times and bytes by which what stands in a place, and each text in it, may outgrow what was seen there."""

_TOKEN = re.compile(rb"<[^<>]*>|<|[^<\n]+\n?|\n")
_KIND = re.compile(rb"<\s*([a-zA-Z!/?][a-zA-Z0-9]*)|([a-zA-Z-]{2,})\s*=|(?:https?:|[\"'=(]\s*)//([^/\"'\s<>?#]+)")
_RUN = re.compile(rb"[^<>]+")
_FIGURES = b"0123456789.,:"


def is_calm(
    body: bytes, calm: Calm | None, reading: str, version: int, now: datetime, longest: timedelta = LONGEST_CALM
) -> bool:
    """Whether a page's bytes say what its newest version says, as far as the reading of that name would find."""
    if calm is None or not calm.rest or not _holds(calm, reading, version, now, longest):
        return False
    parted = _as_known(body, calm)
    return parted is not None and all(
        _is_like(inside, place) for inside, place in zip(parted.inside, calm.places, strict=True)
    )


def is_restless(calm: Calm | None, reading: str, version: int, now: datetime) -> bool:
    """Whether a page's places could not be told a while ago: it is not tried again at each visit."""
    return calm is not None and not calm.rest and _holds(calm, reading, version, now)


def _holds(calm: Calm, reading: str, version: int, now: datetime, longest: timedelta = LONGEST_CALM) -> bool:
    """Whether what is remembered is of this reading and this version, and of the last days."""
    return (calm.reading, calm.version) == (reading, version) and now - calm.read_at < longest


@dataclass(frozen=True, slots=True)
class Parted:
    """A page parted at its places: the pieces outside, one more than there are inside."""

    rest: tuple[bytes, ...]
    inside: tuple[bytes, ...]


def part(body: bytes, places: Sequence[Place]) -> Parted | None:
    """A page parted at its places; ``None`` where they are not all found, each once, in order."""
    rest, inside, at = [], [], 0
    for place in places:
        start = body.find(place.before, at)
        if start < 0 or body.find(place.before, start + 1) >= 0:
            return None
        start += len(place.before)
        end = body.find(place.behind, start)
        if end < 0:
            return None
        rest.append(body[at:start])
        inside.append(body[start:end])
        at = end
    return Parted((*rest, body[at:]), tuple(inside))


def _as_known(body: bytes, calm: Calm) -> Parted | None:
    """A page parted at its places, where it is the same bytes outside of them."""
    parted = part(body, calm.places)
    return parted if parted is not None and _name(parted.rest) == calm.rest else None


def calm_of(body: bytes, reading: str, version: int, now: datetime) -> Calm:
    """What to remember of a page that was read for the first time, or said something new: no place is known yet."""
    return Calm(_name((body,)), reading, version, now)


def learn_calm(
    old: bytes, new: bytes, plain: Calm, says_the_same: Callable[[bytes], bool], known: Sequence[Place] = ()
) -> Calm:
    """What to remember of a page whose two bodies said the same; with no ``rest`` where its places cannot be told.

    ``plain`` is ``calm_of`` the new one; ``says_the_same`` reads a body and compares what it says with what ``new``
    said. ``known`` are places that were learned from ``old`` before, and did not suffice: of a list that is dealt anew
    at each visit two bodies share some rows by chance.
    """
    if old == new:
        return plain
    tried: list[tuple[Place, ...]] = []
    for gap in (LONGEST_GAP, 2 * ANCHOR):
        places = _places(old, new, known, gap)
        if places and places not in tried and (calm := _proven(old, new, places, plain, says_the_same)) is not None:
            return calm
        tried.append(places)
    return replace(plain, rest="")


def _proven(
    old: bytes, new: bytes, places: tuple[Place, ...], plain: Calm, says_the_same: Callable[[bytes], bool]
) -> Calm | None:
    """What to remember with these places; ``None`` where they are not all that moves, or something is said in them."""
    before, after = part(old, places), part(new, places)
    if before is None or after is None or before.rest != after.rest:
        return None
    seen = tuple(_seen(place, was) for place, was in zip(places, before.inside, strict=True))
    return carried(new, replace(plain, places=seen), plain, says_the_same)


def carried(body: bytes, calm: Calm, plain: Calm, says_the_same: Callable[[bytes], bool]) -> Calm | None:
    """What to remember of a page that says something new, in which the places that are known still say nothing.

    ``plain`` is ``calm_of`` the page, ``says_the_same`` reads a body and compares what it says with what the page says.
    ``None`` where they are not all there, or something is said in them.
    """
    parted = part(body, calm.places)
    if parted is None or not calm.places or sum(map(len, parted.inside)) > MOST_MOVING * len(body):
        return None
    if not says_the_same(b"".join(parted.rest)):
        return None
    places = tuple(_seen(place, inside) for place, inside in zip(calm.places, parted.inside, strict=True))
    return replace(plain, rest=_name(parted.rest), places=places)


def seen_again(body: bytes, calm: Calm, plain: Calm) -> Calm | None:
    """What is remembered, after the page was read whole and said what it did: its places know what else stood in them.

    ``plain`` is ``calm_of`` the page as it was read now. ``None`` where it has other places now.
    """
    parted = _as_known(body, calm) if calm.rest else None
    if parted is None:
        return None
    places = tuple(_seen(place, inside) for place, inside in zip(calm.places, parted.inside, strict=True))
    return replace(plain, rest=calm.rest, places=places)


def _places(old: bytes, new: bytes, known: Sequence[Place], gap: int) -> tuple[Place, ...]:
    """Where two bodies differ, by tokens of markup, as places of the old one; none where that is not for sure.

    Rows that moved no more than ``gap`` bytes from each other are one place.
    """
    was, now = _TOKEN.findall(old), _TOKEN.findall(new)
    starts = [0, *accumulate(map(len, was))]
    if max(len(was), len(now)) > MOST_TOKENS or starts[-1] != len(old):
        return ()
    rows = list(_spans(old, known))
    spans: list[tuple[int, int]] = []
    for first, last, instead in _moved(was, now):
        tokens = (*was[first:last], *instead)
        inside = _figure(*tokens) if last - first == 1 and len(tokens) == 2 else None
        begins, ends = inside or (0, starts[last] - starts[first])
        kind = rows if any(token.startswith(b"<") for token in tokens) else spans
        kind.append((starts[first] + begins, starts[first] + ends))
    grown = list(_grown([*_grown(rows, gap), *spans], 2 * ANCHOR))
    if not grown or len(grown) > MOST_PLACES:
        return ()
    found = [_place(old, start, end) for start, end in grown]
    return tuple(place for place in found if place) if all(found) else ()


def _figure(was: bytes, now: bytes) -> tuple[int, int] | None:
    """Where a figure stands in a text, of which nothing but that moved: a counter on the line of the date."""
    if was.startswith(b"<") or now.startswith(b"<") or not was or not now:
        return None
    most = min(len(was), len(now))
    head = next((at for at in range(most) if was[at] != now[at]), most)
    tail = next((at for at in range(most - head) if was[-1 - at] != now[-1 - at]), most - head)
    while head and was[head - 1] in _FIGURES:
        head -= 1
    while tail and was[-tail] in _FIGURES:
        tail -= 1
    inside = (was[head : len(was) - tail], now[head : len(now) - tail])
    return (head, len(was) - tail) if all(text and not text.strip(_FIGURES) for text in inside) else None


def _spans(body: bytes, places: Sequence[Place]) -> Iterator[tuple[int, int]]:
    """Where places that were learned from a body stand in it."""
    parted, at = part(body, places), 0
    for rest, inside in zip(parted.rest, parted.inside, strict=False) if parted else ():
        yield at + len(rest), at + len(rest) + len(inside)
        at += len(rest) + len(inside)


def _moved(was: list[bytes], now: list[bytes]) -> Iterator[tuple[int, int, list[bytes]]]:
    """The spans of ``was`` that stand otherwise in ``now``, and what stands there instead.

    What both begin and end with is not compared.
    """
    head, most = 0, min(len(was), len(now))
    while head < most and was[head] == now[head]:
        head += 1
    tail = 0
    while tail < most - head and was[-1 - tail] == now[-1 - tail]:
        tail += 1
    matched = SequenceMatcher(None, was[head : len(was) - tail], now[head : len(now) - tail], autojunk=False)
    for how, first, last, begins, ends in matched.get_opcodes():
        if how != "equal":
            yield head + first, head + last, now[head + begins : head + ends]


def _grown(spans: Iterable[tuple[int, int]], gap: int) -> Iterator[tuple[int, int]]:
    """Spans less than ``gap`` bytes apart as one: what parts them is too short to be found by, or stood by chance."""
    held: tuple[int, int] | None = None
    for start, end in sorted(spans):
        if held is not None and start - held[1] < gap:
            held = (held[0], max(held[1], end))
            continue
        if held is not None:
            yield held
        held = (start, end)
    if held is not None:
        yield held


def _place(body: bytes, start: int, end: int) -> Place | None:
    """A place by the bytes around it: as many as stand nowhere else before it, and nowhere sooner behind it."""
    sizes = range(ANCHOR, LONGEST_ANCHOR, ANCHOR)
    before = next((found for size in sizes if body.count(found := body[max(0, start - size) : start]) == 1), b"")
    ends = (body[end : end + size] for size in sizes)
    behind = next((found for found in ends if found and body.find(found, start) == end), b"")
    return Place(before, behind) if before and behind else None


def _seen(place: Place, inside: bytes) -> Place:
    """A place that knows what stood in it once more."""
    kinds = place.kinds | _kinds(inside)
    return Place(place.before, place.behind, max(place.size, len(inside)), max(place.run, _run(inside)), kinds)


def _is_like(inside: bytes, place: Place) -> bool:
    if len(inside) > SLACK * place.size + ROOM or _run(inside) > SLACK * place.run + ROOM:
        return False
    return _kinds(inside) <= place.kinds


def _run(inside: bytes) -> int:
    return max(map(len, _RUN.findall(inside)), default=0)


def _kinds(inside: bytes) -> frozenset[bytes]:
    """What kinds of thing stand somewhere: tags, attributes, hosts; and words, where it is more than a figure."""
    words = {b"words"} if inside.strip(_FIGURES) else set()
    return frozenset(words) | frozenset(
        (b"<" + tag if tag else name + b"=" if name else b"//" + host).lower()
        for tag, name, host in _KIND.findall(inside)
    )


def _name(pieces: Sequence[bytes]) -> str:
    named = hashlib.sha256()
    for piece in pieces:
        named.update(b"%d:" % len(piece))
        named.update(piece)
    return named.hexdigest()
