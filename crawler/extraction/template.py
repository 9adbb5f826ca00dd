"""A sketch of a page's frame, so that a site's redesign can be told from its articles' edits.

The frame is what stands around the article: tags with their classes and ids, and how they nest. Counts and numbers are
left out, so a longer list of related news or another article's length does not move the sketch. MinHash
(Broder 1997) over the set of such steps estimates the Jaccard similarity of two frames.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from lxml import etree
from lxml.html import HtmlElement

SAME_TEMPLATE = 0.6
"""From here on two frames are one design with other lists in it."""

SLOTS = 24
"""MinHash slots; a sketch is 8 hex digits each, 192 characters. The estimate's standard error is below 0.1."""

_SLOT_HEX = 8
_NUMBERS = re.compile(r"[\d_-]*\d[\d_-]*")
_INLINE_NAMES = "a b i u em strong font span br p img sup sub o:p st1:chsdate script style meta link input option"
_INLINE = frozenset(_INLINE_NAMES.split())
_SALTS = tuple(index.to_bytes(2, "big") for index in range(SLOTS))


def template_of(tree: HtmlElement, body: HtmlElement | None = None) -> str:
    """The sketch of a page's frame: ``SLOTS`` MinHash slots in hex, joined; ``body``, its own box, is left out."""
    steps = _steps(tree, body)
    if not steps:
        return ""
    hashes = [_hash(step) for step in steps]
    mixes = [int.from_bytes(blake2b(salt, digest_size=8).digest(), "big") | 1 for salt in _SALTS]
    slots = (min(((value * mix) & 0xFFFFFFFFFFFFFFFF) >> 32 for value in hashes) for mix in mixes)
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
    walk = etree.iterwalk(tree, events=("start",))
    for _, element in walk:
        if element is body:
            walk.skip_subtree()
            continue
        tag = element.tag
        if tag == "link" and "stylesheet" in (element.get("rel") or "").lower():
            found.add("css " + _NUMBERS.sub("", (element.get("href") or "").rsplit("/", 1)[-1].split("?", 1)[0]))
        if not isinstance(tag, str) or tag in _INLINE:
            continue
        parent = element.getparent()
        step = _named(element)
        found.add(step if parent is None else f"{_named(parent)}>{step}")
    return found


def _named(element: HtmlElement) -> str:
    classes = " ".join(sorted(_NUMBERS.sub("", element.get("class") or "").split()))
    return f"{element.tag}#{_NUMBERS.sub('', element.get('id') or '')}.{classes}"


def _hash(step: str) -> int:
    return int.from_bytes(blake2b(step.encode("utf-8", "replace"), digest_size=8).digest(), "big")
