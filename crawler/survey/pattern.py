"""A readable pattern for the addresses of a site's articles, generalised from those that its columns list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

_HASH = re.compile(r"(?<![0-9a-z])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{16,}(?![0-9a-z])", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_VALUE = re.compile(r"(?<==)[^&]*")
_LEAST = 2
"""Addresses that must share a form before it is called one."""
_HALF = 0.5
"""The share of all addresses below which a form is one of many."""
_WHOLE = 0.8
"""The share of the best coverage that a longer, more telling pattern must keep."""


def article_pattern(urls: Sequence[str]) -> tuple[str | None, int]:
    """The regular expression that most addresses end in, and how many of them it fits; ``None`` where they share none.

    Digits become ``\\d+``, hexadecimal names ``[0-9a-f]+``; folders that differ between columns are left off in front.
    """
    shapes = [_shape(url) for url in dict.fromkeys(urls)]
    ends: Counter[tuple[str, ...]] = Counter()
    for shape in shapes:
        ends.update({shape[start:] for start in range(len(shape))})
    telling = {end: count for end, count in ends.items() if _tells(end)}
    most = max(telling.values(), default=0)
    if most < max(_LEAST, _HALF * len(shapes)):
        return None, 0
    end = max((each for each in telling if telling[each] >= _WHOLE * most), key=lambda each: (len(each), telling[each]))
    return "/" + "/".join(end), telling[end]


def _tells(end: tuple[str, ...]) -> bool:
    """Whether an end says more than that something stands there: it has a number, or a name like one."""
    return any(r"\d+" in part or "[0-9a-f]+" in part for part in end)


def _shape(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    path = [_general(part) for part in parts.path.lstrip("/").split("/")]
    if parts.query:
        path[-1] += r"\?" + "&".join(_VALUE.sub(_value, re.escape(each)) for each in parts.query.split("&"))
    return tuple(path)


def _general(part: str) -> str:
    """A part of a path with what differs from article to article made general, and the rest taken literally."""
    pieces = []
    end = 0
    for match in _HASH.finditer(part):
        pieces += [_numbers(part[end : match.start()]), "[0-9a-f]+"]
        end = match.end()
    return "".join([*pieces, _numbers(part[end:])])


def _numbers(text: str) -> str:
    return r"\d+".join(re.escape(piece).replace(r"\-", "-") for piece in _NUMBER.split(text))


def _value(match: re.Match[str]) -> str:
    return r"\d+" if match[0].isdecimal() else r"[^&]+" if _NUMBER.search(match[0]) else match[0]
