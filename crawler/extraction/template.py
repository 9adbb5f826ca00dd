"""A sketch of a page's frame, so that a site's redesign can be told from its articles' edits.

The frame is what stands around the article: tags with their classes and ids, and how they nest. Counts and numbers are
left out, so a longer list of related news or another article's length does not move the sketch. MinHash
(Broder 1997) over the set of such steps estimates the Jaccard similarity of two frames.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, islice, takewhile

from lxml.html import HtmlElement

SAME_TEMPLATE = 0.6
"""From here on two frames are one design with other lists in it."""

SLOTS = 24
"""MinHash slots; a sketch is 8 hex digits each, 192 characters. The estimate's standard error is below 0.1."""

_SLOT_HEX = 8
_NUMBERS = re.compile(r"(?<![_-])(?>[_-]*)\d[\d_-]*")
_INLINE_NAMES = "a b i u em strong font span br p img sup sub o:p st1:chsdate script style meta link input option"
_INLINE = frozenset(_INLINE_NAMES.split())
_LANES = struct.Struct("<" + "4xI8x" * SLOTS)
_LONGEST_REMEMBERED = 200
_ROWS = 1_000
"""Steps that are mixed at a time: a row of slots takes 1 KB."""
_NONE_LOWER = (0xFFFFFFFF,) * SLOTS


def _mix(slot: int) -> int:
    salt = slot.to_bytes(2, "big")
    return int.from_bytes(blake2b(salt, digest_size=8).digest(), "big") | 1


_MIXES = sum(_mix(slot) << (128 * slot) for slot in range(SLOTS))
"""Every slot's multiplier in a lane of its own, so that one product is the mixes of a hash for all of them: a slot's
value is the upper half of its lane's lower 64 bits."""


def template_of(tree: HtmlElement, body: HtmlElement | None = None) -> str:
    """The sketch of a page's frame: ``SLOTS`` MinHash slots in hex, joined; ``body``, its own box, is left out."""
    steps = _steps(tree, body)
    if not steps:
        return ""
    mixed = (_remembered(step) if len(step) <= _LONGEST_REMEMBERED else _mixed(step) for step in steps)
    slots = _NONE_LOWER
    while rows := list(islice(mixed, _ROWS)):
        slots = tuple(map(min, slots, *rows))
    return "".join(f"{slot:0{_SLOT_HEX}x}" for slot in slots)


def template_similarity(a: str, b: str) -> float:
    """How alike two sketches are, 0 to 1: near 1 for two articles of one template, near 0 across a redesign."""
    if not a or not b or len(a) != len(b):
        return 1.0 if a == b else 0.0
    slots = range(0, len(a), _SLOT_HEX)
    return sum(a[i : i + _SLOT_HEX] == b[i : i + _SLOT_HEX] for i in slots) / max(1, len(slots))


def is_redrawn(before: str, after: str) -> bool:
    """Whether a page's frame became another one; a page without a sketch says nothing of that."""
    return bool(before and after) and template_similarity(before, after) < SAME_TEMPLATE


def _steps(tree: HtmlElement, body: HtmlElement | None) -> set[str]:
    """Every block outside the article with its names, under its parent's; style sheets by their file names."""
    found: set[str] = set()
    known: dict[tuple[str | None, ...], str] = {}
    names: dict[HtmlElement, str] = {}
    for element in _outside(tree, body):
        tag = element.tag
        if tag in _INLINE:
            if tag == "link" and "stylesheet" in (element.get("rel") or "").lower():
                found.add("css " + _NUMBERS.sub("", (element.get("href") or "").rsplit("/", 1)[-1].split("?", 1)[0]))
            continue
        parent = element.getparent()
        step = names[element] = _named(element, known)
        if parent is not None:
            step = f"{names.get(parent) or _named(parent, known)}>{step}"
        found.add(step)
    return found


def _outside(tree: HtmlElement, body: HtmlElement | None) -> Iterator[HtmlElement]:
    """The elements of a tree in order, without ``body`` and what it holds."""
    everything: Iterator[HtmlElement] = tree.iter()
    if body is None:
        return everything
    inside = sum(1 for _ in body.iter())
    before: Iterator[HtmlElement] = takewhile(lambda element: element is not body, everything)
    return chain(before, islice(everything, inside - 1, None))


def _named(element: HtmlElement, known: dict[tuple[str | None, ...], str]) -> str:
    """An element's tag and names, numbers left out; ``known`` are those that were told before."""
    asked = (element.tag, element.get("id"), element.get("class"))
    name = known.get(asked)
    if name is None:
        tag, identity, classes = asked
        parted = " ".join(sorted(_NUMBERS.sub("", classes or "").split()))
        name = known[asked] = f"{tag}#{_NUMBERS.sub('', identity or '')}.{parted}"
    return name


def _mixed(step: str) -> tuple[int, ...]:
    """What every slot makes of a step."""
    hashed = int.from_bytes(blake2b(step.encode("utf-8", "replace"), digest_size=8).digest(), "big")
    slots: tuple[int, ...] = _LANES.unpack((hashed * _MIXES).to_bytes(_LANES.size, "little"))
    return slots


_remembered = lru_cache(maxsize=2048)(_mixed)
"""The pages of a site have nearly all of their steps in common."""
