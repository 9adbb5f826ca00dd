"""The articles that a column page lists, found without a selector.

Links are grouped by where they stand in the page; the group whose links look like headlines (long, dated, with
numbered addresses) is the column, and navigation, rankings, friends' links and footers are not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import log2
from operator import itemgetter

from lxml.html import HtmlElement

from crawler.discovery.anchors import Anchor, read_anchors, read_carriers
from crawler.discovery.entries import DEEPEST, Entry, parts_of, read_entries
from crawler.discovery.rows import A_HEADLINE, whole_titles, with_odd_rows
from crawler.discovery.turning import next_page
from crawler.discovery.written import stored_list, written_list
from storage.records import Link

_TURN = re.compile(r"[\s\[【(（<«‹]*(?:上|下)\s*一?\s*页[\s\]】)）>»›]*")
_MORE = re.compile(r"[\W_]*(?:查看|浏览|点击)?(?:更多\S{0,4}|more\W{0,3}|MORE\W{0,3})[\W_]*")
_LONGEST_MORE = 10
_TURNED = 1.5
"""How much more the list that stands right above a pager counts: its last page may hold a single article."""
_A_LIST = 1.0
"""The score from which a group of links is no navigation."""
_BLOCKS = 3
"""Blocks that offer to show more of them, from which a page is a front and no list."""
_SIDEBAR = re.compile(r"(?:^|[\s_-])(?:aside|side-?bar|widget)s?(?:$|[\s_-]|\d)", re.IGNORECASE)
_LONGEST_NAMES = 200
"""Characters of an element's names that are looked at."""
_LEAST_SUMMARIES = 3
_SUMMARY = 20
"""Characters beside each link of a list, on average, from which they may be summaries."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a column page lists: its articles in printed order, and the address of its next page.

    ``score`` says how much the links look like a column of articles: about 2 for a bare list of headlines, 4 for a
    dated one, below 1 for navigation. ``rivals`` are other groups that look like columns, ``beside`` the links that
    look like articles without being listed, ``more`` the links that offer the rest of a block (更多), ``blocks`` the
    elements that the list's own entries stand in; ``turned`` where the page has a pager. ``items`` are the entries'
    elements, ``summed`` where much text stands beside the links in them (summaries).
    """

    links: tuple[Link, ...] = ()
    next_page: str | None = None
    score: float = 0.0
    rivals: int = 0
    beside: int = 0
    more: int = 0
    blocks: int = 0
    turned: bool = False
    summed: bool = False
    items: tuple[HtmlElement, ...] = field(default=(), repr=False, compare=False)

    @property
    def is_one_of_many(self) -> bool:
        """Whether the list is but one block of a page of blocks: a home page, a channel's front, a topic's page."""
        if self.more >= _BLOCKS and self.more > self.blocks:
            return True
        if self.turned:
            return False
        return self.rivals >= _BLOCKS or (self.rivals > 0 and self.beside > max(_BLOCKS - 1, len(self.links) // 2))


@dataclass(frozen=True, slots=True)
class _Choice:
    """The group that looks most like a column, and how many others do."""

    score: float = 0.0
    entries: Sequence[Entry] = ()
    rivals: int = 0
    beside: int = 0


def find_links(tree: HtmlElement, url: str | None = None, *, base: str | None = None) -> Listing:
    """The articles that a page lists; ``url`` is its own address, ``base`` its ``<base href>``.

    Without ``url`` addresses stay as they are written. A JCMS store of ``<record>`` is the page's list wherever it
    holds one; lists that a script writes (``document.writeln``), and rows that a script opens when clicked, are read
    where the page itself has none.
    """
    anchors = read_anchors(tree, url, base)
    pager = next((link.place for link in anchors if len(link.words) <= 8 and _TURN.fullmatch(link.words)), None)
    if pager is None:
        pager = _bare_pager(tree)
    best = _best(read_entries(anchors, url), pager)
    if (store := stored_list(tree)) is not None:
        kept = _best(read_entries(read_anchors(store, url, base), url))
        best = kept if kept.score > _A_LIST else best
    elif len(best.entries) < 3:
        best = max(best, *_elsewhere(tree, url, base), key=lambda choice: choice.score)
    return _listing(best, anchors, next_page(tree, url, base, anchors), pager is not None)


def _elsewhere(tree: HtmlElement, url: str | None, base: str | None) -> Iterable[_Choice]:
    """Lists that are not made of links: rows opened by a click, and what scripts write."""
    yield _best(read_entries(read_carriers(tree, url, base), url))
    written = written_list(tree)
    if written is not None:
        yield _best(read_entries(read_anchors(written, url, base), url))


def _listing(best: _Choice, anchors: Sequence[Anchor], onwards: str | None, turned: bool) -> Listing:
    links: dict[str, Link] = {}
    for entry in best.entries:
        links.setdefault(entry.link.url, entry.link)
    links |= whole_titles(links, anchors)
    told = sum(entry.told for entry in best.entries)
    summed = len(links) >= _LEAST_SUMMARIES and told >= _SUMMARY * len(links)
    return Listing(
        tuple(links.values()),
        onwards,
        best.score,
        rivals=best.rivals,
        beside=best.beside,
        more=sum(1 for link in anchors if len(link.words) <= _LONGEST_MORE and _MORE.fullmatch(link.words)),
        blocks=len({entry.item.getparent() for entry in best.entries}),
        turned=turned or onwards is not None,
        items=tuple(part for entry in best.entries for part in parts_of(entry.item)),
        summed=summed,
    )


def _bare_pager(tree: HtmlElement) -> int | None:
    """The number of the first link of a pager whose links lead nowhere by themselves (``javascript:``)."""
    for place, link in enumerate(tree.iter("a")):
        text = link.text
        if text and "页" in text and len(text) <= 8 and _TURN.fullmatch(text):
            return place
    return None


def _best(entries: Iterable[Entry], pager: int | None = None) -> _Choice:
    """The group that looks most like a column; the last one above the ``pager`` is what that turns."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.path, []).append(entry)
    scored = [(_score(part), part) for group in groups.values() for part in _parted(group)]
    good = [(score, group) for score, group in scored if score > 0]
    if not good:
        return _Choice()
    ends = [_last_above(group, pager) if pager is not None and score > _A_LIST else -1 for score, group in good]
    turned = max(ends)
    ranked = [score * (_TURNED if 0 <= turned == end else 1.0) for (score, _), end in zip(good, ends, strict=True)]
    score, chosen = good[max(range(len(good)), key=ranked.__getitem__)]
    if pager is None and _stands_in_sidebar(chosen):
        score, chosen = max(filter(_is_main, good), key=itemgetter(0), default=(score, chosen))
    chosen = with_odd_rows(chosen, [group for _, group in scored])
    own = {entry.link.url for entry in chosen}
    lists = [group for score, group in scored if score > _A_LIST]
    others = [[entry for entry in group if not entry.column and entry.link.url not in own] for group in lists]
    beside = [entry for group in groups.values() for entry in group if not entry.column and entry.quality >= A_HEADLINE]
    if any(len(_addresses(other)) >= 2 for other in others):
        is_aside = _in_sidebar(chosen)
        others = [[entry for entry in other if not is_aside(entry)] for other in others]
        beside = [entry for entry in beside if not is_aside(entry)]
    rivals = sum(len(_addresses(other)) >= 2 for other in others)
    return _Choice(score, chosen, rivals=rivals, beside=len(_addresses(beside) - own))


def _addresses(entries: Iterable[Entry]) -> set[str]:
    return {entry.link.url for entry in entries}


def _in_sidebar(chosen: Sequence[Entry]) -> Callable[[Entry], bool]:
    """Whether an entry stands in what its page calls a sidebar, beside the chosen list: it makes no front of a list.

    A list that stands in a sidebar itself has an article before it, and is one block of many.
    """
    around: set[HtmlElement] = set()
    for entry in chosen:
        for element in islice(entry.item.iterancestors(), DEEPEST):
            if element in around:
                break
            around.add(element)
    if any(map(_is_sidebar, around)):
        return lambda entry: False
    known = dict.fromkeys(around, False)

    def is_aside(entry: Entry) -> bool:
        element: HtmlElement | None = entry.item
        passed: list[HtmlElement] = []
        verdict = False
        while element is not None and len(passed) < DEEPEST:
            if element in known:
                verdict = known[element]
                break
            passed.append(element)
            if verdict := _is_sidebar(element):
                break
            element = element.getparent()
        known.update(dict.fromkeys(passed, verdict))
        return verdict

    return is_aside


def _is_main(scored: tuple[float, Sequence[Entry]]) -> bool:
    """Whether a group with its score is a dated list outside sidebars, however short: the page's own beside those."""
    score, group = scored
    is_list = score > _A_LIST and len(group) > 1 and all(entry.dated for entry in group)
    return is_list and not _stands_in_sidebar(group)


def _stands_in_sidebar(group: Sequence[Entry]) -> bool:
    return any(map(_is_sidebar, islice(group[0].item.iterancestors(), DEEPEST)))


def _is_sidebar(element: HtmlElement) -> bool:
    names = (element.get("id"), element.get("class"))
    return element.tag == "aside" or any(_SIDEBAR.search(name[:_LONGEST_NAMES]) for name in names if name)


def _last_above(group: Sequence[Entry], place: int) -> int:
    return max((entry.place for entry in group if entry.place < place), default=-1)


def _parted(group: list[Entry]) -> list[list[Entry]]:
    """A group as it is, or in two where whole blocks of it print days and whole blocks do not.

    A side block of latest news may be built like the column itself; a column that dates only some of its entries does
    so within a block.
    """
    blocks: dict[HtmlElement | None, list[Entry]] = {}
    for entry in group:
        blocks.setdefault(entry.item.getparent(), []).append(entry)
    bare: list[Entry] = []
    rest: list[Entry] = []
    for block in blocks.values():
        undated = len(block) >= 2 and not any(entry.dated for entry in block)
        (bare if undated else rest).extend(block)
    return [rest, bare] if bare and rest else [group]


def _score(group: Sequence[Entry]) -> float:
    mean = sum(entry.quality for entry in group) / len(group)
    return float(mean * log2(1 + len({entry.link.url for entry in group})) ** 0.6)
