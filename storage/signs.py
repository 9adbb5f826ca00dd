"""The signs by which the index of the search knows a text: characters, pairs of neighbours, numbers and Latin words.

A set of signs says nothing of where they stand: it is small, never ends however long a text is, and serves a query of
one or two characters exactly. A longer word is proposed by its pairs, and verified in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from storage.searching import Asked

RUN = "0-9a-z\u00df-\u024f\u0370-\u052f"
"""What stands together in one word: digits and the letters of Latin, Greek and Cyrillic, as ``fold`` leaves them."""

_SIGN = re.compile(rf"[{RUN}]+|[^\W_]|[^\s]|\n")
_LONGEST = 40
"""Characters of a number or a Latin word that the index knows it by."""
_JOINED = 12
"""Characters of a number up to which it makes a pair with its neighbour: longer ones are rare enough alone."""
_SIGNS_OF_WORD = 16
"""Pairs of one long phrase that are asked for."""

_KEY = re.compile("[A-Za-z0-9_-]+")
_TITLE, _SITE, _TIME = "\ue000", "\ue001", "\ue002"
"""Before the signs of a title, a site and a time. Characters of nobody's script: no text's sign begins with them."""


def signs_of(title: str, text: str, site: str, day: date) -> set[str]:
    """All signs of a version. Title and text are folded."""
    heading = set(_signs(title))
    times = (f"{day}", f"{day:%Y-%m}", f"{day:%Y}")
    return {
        *heading,
        *_signs(text),
        *(_TITLE + sign for sign in heading),
        site_sign(site),
        *(_TIME + time for time in times),
    }


def _signs(folded: str) -> Iterator[str]:
    found = _SIGN.findall(folded)
    yield from (sign[:_LONGEST] for sign in set(found) if sign[0].isalnum())
    yield from {one + other for one, other in pairwise(found) if _pair(one, other)}


def _pair(one: str, other: str) -> bool:
    """Whether two neighbours are one sign more. White space between them is none; two Latin words are no pair."""
    long = len(one) + len(other)
    if long == 2:
        return one.isalnum() and other.isalnum() and not (one in _RUN_SIGNS and other in _RUN_SIGNS)
    return long <= _JOINED and one[0].isalnum() and other[0].isalnum() and min(len(one), len(other)) == 1


_RUN_SIGNS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")


def signs_of_word(word: str) -> list[str]:
    """The signs without which a text does not hold a folded word; none where nothing of it is in the index."""
    found = _SIGN.findall(word)
    pairs = [one + other if _pair(one, other) else "" for one, other in pairwise(found)]
    covered = {place for start, pair in enumerate(pairs) if pair for place in (start, start + 1)}
    alone = [sign[:_LONGEST] for place, sign in enumerate(found) if place not in covered and sign[0].isalnum()]
    wanted = list(dict.fromkeys([*alone, *filter(None, pairs)]))
    step = -(-len(wanted) // _SIGNS_OF_WORD) or 1
    return wanted[::step]


def wanted_signs(asked: Asked) -> tuple[list[str], list[list[str]]]:
    """The signs that a version must have, and sets of signs of which it must have one each.

    A set is empty where no version can be meant: of a day that no version has, of what is no site's key.
    """
    every = [sign for word in asked.words for sign in signs_of_word(word)]
    every += [_TITLE + sign for word in asked.titles for sign in signs_of_word(word)]
    some = [[site_sign(site) for site in sorted(asked.sites) if _KEY.fullmatch(site)]] if asked.sites else []
    if asked.first_day is not None or asked.last_day is not None:
        some.append(list(_times(asked.first_day or _FIRST, asked.last_day or _LAST)))
    return list(dict.fromkeys(every)), some


_FIRST, _LAST = date(2000, 1, 1), date(2079, 12, 31)


def _times(first: date, last: date) -> Iterator[str]:
    """The fewest years, months and days that make up a span of days."""
    day = max(first, _FIRST)
    last = min(last, _LAST)
    while day <= last:
        year_end, month_end = date(day.year, 12, 31), _month_end(day)
        if (day.month, day.day) == (1, 1) and year_end <= last:
            yield f"{_TIME}{day:%Y}"
            day = year_end
        elif day.day == 1 and month_end <= last:
            yield f"{_TIME}{day:%Y-%m}"
            day = month_end
        else:
            yield f"{_TIME}{day}"
        day += timedelta(days=1)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def site_sign(site: str) -> str:
    """A site's sign."""
    return _SITE + site.lower()
