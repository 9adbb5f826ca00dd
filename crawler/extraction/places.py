"""Where on a page a box stands, said so that the same place has the same name on every page of a template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from crawler.extraction.lines import Box

_NUMBERS = re.compile(r"(?<![\d_-])[_-]*\d[\d_-]*")
_LONGEST_NAMES = 400
"""Characters of a class or an id that name a box: templates write fewer, and names are remembered."""
_TYPED_NAMES = "p h1 h2 h3 h4 h5 h6 li center blockquote dd dt caption figure figcaption pre"
_TYPED = frozenset(_TYPED_NAMES.split())
"""Boxes that whoever writes the article makes; all others the template makes."""
_LONGEST_STEP = 40


@dataclass(frozen=True, slots=True)
class Place:
    """A box as a place: ``path`` names it with all that stand around it, ``parent`` is the index of the box around it.

    Lines ``start`` up to but not including ``end`` stand in it. ``made`` says that the template made the box, ``owned``
    that it gave it a name as well.
    """

    path: str
    parent: int
    start: int
    end: int
    made: bool
    owned: bool


def places_of(boxes: Sequence[Box]) -> list[Place]:
    """The places of a page's boxes, in the same order; numbers in classes and ids are left out of the names."""
    places: list[Place] = []
    for box in boxes:
        around = places[box.parent] if box.parent >= 0 else None
        element = box.element
        classes, identity = ((element.get(name) or "")[:_LONGEST_NAMES] for name in ("class", "id"))
        step, named = _step(element.tag, classes, identity)
        path = f"{step[:_LONGEST_STEP]}@{_digest((around.path if around else '') + '>' + step)}"
        made = element.tag not in _TYPED
        owned = made and named and element.tag not in ("html", "body")
        places.append(Place(path, box.parent, box.start, box.end, made, owned))
    return places


@lru_cache(maxsize=4096)
def _step(tag: str, classes: str, identity: str) -> tuple[str, bool]:
    """How a box is called among its siblings, and whether it has a name at all."""
    name = _NUMBERS.sub("", identity).strip()
    names = sorted(_NUMBERS.sub("", classes).split())
    step = tag + (f"#{name}" if name else "") + "".join(f".{each}" for each in names)
    return step, bool(name or names)


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=5).hexdigest()
