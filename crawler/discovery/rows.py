"""A list beyond the links that are built alike: rows of another build, and titles that it cuts and another prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from crawler.discovery.anchors import Anchor
from crawler.discovery.entries import DEEPEST, Entry, shape_of
from crawler.discovery.headings import cut_stem
from storage.records import Link

A_HEADLINE = 0.9
"""The quality from which a single link looks like an article's."""
_USUAL = 0.8
"""The share of a list's addresses that are of one shape, where its system numbers them."""
_LEAST = 3
"""Entries from which a list may have odd rows."""
_LONGEST_TITLE = 80
_TAIL = 3
"""Steps of a path that say how a row is built, wherever it stands."""


def with_odd_rows(chosen: Sequence[Entry], groups: Sequence[Sequence[Entry]]) -> list[Entry]:
    """The entries of a list with those of its rows that other ``groups`` hold, in printed order.

    Such a row stands between the list's own, alone in its place, and its address differs from theirs in figures alone.
    Where there is one, those right before and behind the list that are built alike are its rows, too.
    """
    shapes = Counter(shape_of(entry.link.url) for entry in chosen)
    usual, often = shapes.most_common(1)[0]
    if len(chosen) < _LEAST or often < _USUAL * len(chosen):
        return list(chosen)
    others = [
        entry
        for group in groups
        if group is not chosen
        for entry in group
        if not entry.column and entry.quality >= A_HEADLINE and shape_of(entry.link.url) == usual
    ]
    first, last = min(entry.place for entry in chosen), max(entry.place for entry in chosen)
    if not any(first < entry.place < last for entry in others):
        return list(chosen)
    rows = _rows(sorted(others, key=lambda entry: entry.place), chosen)
    places = {place for entry, place in rows if first < entry.place < last}
    odd = [entry for entry, place in rows if place in places]
    tails = {_tail(entry) for entry in odd}
    alike = sorted((entry for entry in others if _tail(entry) in tails), key=lambda entry: entry.place)
    beyond = (entry for entry in alike if entry.place > last)
    before = (entry for entry in reversed(alike) if entry.place < first)
    grown = {entry.place: entry for entry in (*chosen, *odd, *_next_to(last, beyond, 1), *_next_to(first, before, -1))}
    return [grown[place] for place in sorted(grown)]


def whole_titles(links: Mapping[str, Link], anchors: Sequence[Anchor]) -> dict[str, Link]:
    """The links whose titles are cut (市领导调研…), with the whole ones that other links of the page print for them."""
    stems = {url: stem for url, link in links.items() if (stem := cut_stem(link.title))}
    whole: dict[str, Link] = {}
    for anchor in anchors:
        stem = stems.get(anchor.address)
        if not stem or not anchor.words.startswith(stem) or cut_stem(anchor.words):
            continue
        if len(stem) < len(anchor.words) <= _LONGEST_TITLE:
            whole.setdefault(anchor.address, replace(links[anchor.address], title=anchor.words))
    return whole


def _next_to(edge: int, entries: Iterable[Entry], step: int) -> Iterator[Entry]:
    """The entries that follow an edge link by link."""
    for entry in entries:
        edge += step
        if entry.place != edge:
            return
        yield entry


def _tail(entry: Entry) -> str:
    return "/".join(entry.path.rsplit("/", _TAIL)[1:])


def _around(entries: Sequence[Entry]) -> dict[HtmlElement, int]:
    """For every element around an entry, how many articles of the entries it holds."""
    held: dict[HtmlElement, set[str]] = {}
    for entry in entries:
        for element in _upwards(entry):
            held.setdefault(element, set()).add(entry.link.url)
    return {element: len(addresses) for element, addresses in held.items()}


def _rows(entries: Sequence[Entry], chosen: Sequence[Entry]) -> list[tuple[Entry, HtmlElement]]:
    """Those of the entries that are rows beside the chosen ones', each with the element that holds these rows.

    Of several links that stand differently in one row, the first is its headline's.
    """
    listed = _around(chosen)
    alike: dict[str, list[Entry]] = {}
    for entry in entries:
        alike.setdefault(entry.path, []).append(entry)
    own = {path: _around(group) for path, group in alike.items()}
    taken: set[HtmlElement] = set()
    children = Counter(element.getparent() for element in listed)
    found: list[tuple[Entry, HtmlElement]] = []
    for entry in entries:
        row = entry.item
        for element in _upwards(entry):
            if element in listed:
                if children[element] > 1 and own[entry.path][row] == 1 and row not in taken:
                    found.append((entry, element))
                    taken.add(row)
                break
            row = element
    return found


def _upwards(entry: Entry) -> Iterator[HtmlElement]:
    """The element of an entry and those around it, innermost first."""
    element: HtmlElement | None = entry.item
    for _ in range(DEEPEST):
        if element is None:
            return
        yield element
        element = element.getparent()
