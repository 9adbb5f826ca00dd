"""What a list calls an article: its link's words, or the full title where they are cut or missing; and its date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from lxml.html import HtmlElement

from crawler.discovery.anchors import Anchor, words_of
from crawler.extraction.dates import find_dates
from crawler.extraction.markup import tidy

LONGEST_BESIDE = 2000
"""Characters around a link in which a date may still be its own."""
_CUT = re.compile(r"(?:\.{2,}|…+|\.\.)\s*$")
_CUTS = (".", "…")
_CLOCK = r"(?:\s+\d{1,2}:\d\d(?::\d\d)?)?"
_DAY = rf"(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}{_CLOCK}"
_SAID_DAY = rf"(?:19|20)\d\d\s?年\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?日{_CLOCK}"
_DATE_START = re.compile(rf"^[\[(【（]?\s*{_DAY}\s*(?:[\])】）]|\s|(?=[\u4e00-\u9fff“《【]))\s*(?=\S{{4}})")
_DATE_END = re.compile(
    rf"(?<=\S{{4}})(?:\s*[\[(【（]?\s*{_DAY}\s*[\])】）]?|\s+{_SAID_DAY}|\s*[\[【]\s*{_SAID_DAY}\s*[\]】])$"
)
"""Titles end in dates of their own: 至2020年3月31日, 快报（12月19日）. A printed one stands apart, or in figures."""
_DAY_END = re.compile(r"(?<=\S{4})(?:\s*[\[(【（]\s*\d{1,2}[-/.]\d{1,2}\s*[\])】）]|\s+\d\d[-/]\d\d)$")
_FIGURE = re.compile(r"\d")
_BULLETS = "·•●■▪◆◇▲△★☆»›>－-"
_MARKS = tuple(_BULLETS)
_BULLET = re.compile(rf"^[\s{_BULLETS}]+(?=\S)")
_CUT_INSIDE = re.compile(r"\.{2,}|…+")
_LONGEST_TITLE = 60
"""Characters beyond which another link of the same item is its headline, and this one its summary."""
_DAY_FIRST = re.compile(r"^\D{0,4}(\d{1,2})\D{1,3}((?:19|20)\d{2})\s*[-./年]\s*(\d{1,2})\D?")
_LABELLED = re.compile(r"^(?:标题|题目|名称|文章标题|信息标题)\s*[:：]\s*")
_TITLE_NAME = re.compile(r"(?:^|[\s_-])(?:\w*title|tit|bt|biaoti|headline|name)(?:$|[\s_-]|\d)", re.IGNORECASE)
_BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "div", "li", "span", "b", "strong", "em", "i", "dt", "dd", "td")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HAN = re.compile(r"[\u4e00-\u9fff]")
_HAN_WORDS = re.compile(r"[\u4e00-\u9fff]{4,}")
_GIVEN = ("title", "data-title", "data-original-title", "aria-label")
_MOST_OF_ITEM = 20
"""Links to one page that are asked for its headline."""
_MOST_ASIDE = 12
"""Elements beside cut words that may hide the whole title."""
_MOST_BLOCKS = 40
"""Elements of a card that are looked at; a link around all of a page was never closed."""
_LEAST = 4
"""Characters from which a line of a card may be its headline."""


def title_of(anchor: Anchor) -> str:
    """The headline that a link names: its words, a card's heading, or the title given aside where they are cut."""
    element = anchor.element
    text = anchor.words
    if len(element):
        text = _unrepeated(_card_headline(element, text))
    text = _undated(_BULLET.sub("", text) if text.startswith(_MARKS) else text)
    stem = _CUT.sub("", text).strip() if text.endswith(_CUTS) else text
    if text and stem == text:
        return _continued(element, text) or text
    whole = _given(element, stem)
    return whole or text or _picture(element)


def date_of(around: str) -> str | None:
    """The date printed beside a link: ``around`` is its item without its own words. ISO, as precise as printed."""
    if len(around) > LONGEST_BESIDE:
        return None
    found = find_dates(around)
    if found:
        return found[-1].iso if len(found) > 1 and found[-1].has_time and not found[0].has_time else found[0].iso
    match = _DAY_FIRST.search(around.strip())
    if match and 1 <= int(match[1]) <= 31 and 1 <= int(match[3]) <= 12:
        return f"{match[2]}-{int(match[3]):02d}-{int(match[1]):02d}"
    return None


def cut_stem(title: str) -> str | None:
    """What is left of a title that was cut; ``None`` for a whole one."""
    stem = _CUT.sub("", title).strip()
    return stem if stem != title and len(stem) >= _LEAST else None


def best_title(anchors: Sequence[Anchor]) -> tuple[str, Anchor]:
    """The headline among the links of one item, and its link: the longest that is no summary."""
    if len(anchors) == 1:
        return title_of(anchors[0]), anchors[0]
    titled = [(title_of(link), link) for link in anchors[:_MOST_OF_ITEM]]
    short = [pair for pair in titled if _LEAST <= len(pair[0]) <= _LONGEST_TITLE and not pair[0].endswith("。")]
    return max(short or titled, key=lambda pair: len(pair[0]))


def _unrepeated(text: str) -> str:
    """Words without their cut form before them: ``市政府召开…市政府召开会议`` holds the whole for those who hover."""
    cut = _CUT_INSIDE.search(text)
    if cut is None or cut.start() < _LEAST:
        return text
    rest = text[cut.end() :].strip()
    return rest if rest.startswith(text[: cut.start()].strip()[:-1]) else text


def _undated(text: str) -> str:
    """A link's words without a date printed before or behind the headline."""
    if not _FIGURE.search(text):
        return text
    bare = _DATE_END.sub("", _DATE_START.sub("", text))
    return _DAY_END.sub("", bare) or text


def _card_headline(element: HtmlElement, whole: str) -> str:
    """The headline among the lines of a card that is one link; ``whole`` where it has no lines of its own."""
    blocks = islice(element.iter(*_BLOCKS), _MOST_BLOCKS)
    lines = [(block, words_of(block)) for block in blocks if block is not element and _is_line(block)]
    told = [(block, line) for block, line in lines if len(line) >= _LEAST and not _is_date(line)]
    if not told or (len(told) == 1 and len(told[0][1]) >= len(whole)):
        return whole
    named = [line for block, line in told if block.tag in _HEADINGS or _TITLE_NAME.search(block.get("class") or "")]
    if named:
        return named[0]
    if all(block.tag in ("span", "b", "strong", "em", "i") for block, _ in told):
        return _beside_spans(whole, told)
    whole_lines = [line for block, line in told if block.tag not in ("span", "b", "strong", "em", "i")]
    return next((line for line in whole_lines if len(line) >= 2 * _LEAST), whole_lines[0])


def _beside_spans(whole: str, told: list[tuple[HtmlElement, str]]) -> str:
    """A headline that only its date or a mark is set apart from; words that a span sets off belong to the headline."""
    longest = max((line for _, line in told), key=len)
    rest = whole.replace(longest, "", 1).strip()
    return longest if _is_date(rest) or not _HAN.search(rest) else whole


def _is_line(block: HtmlElement) -> bool:
    return not any(child.tag in _BLOCKS and child.tag not in ("b", "strong", "em", "i", "span") for child in block)


def _is_date(text: str) -> bool:
    return len(text) <= 24 and bool(find_dates(text)) and not _HAN_WORDS.search(text)


def _given(element: HtmlElement, stem: str) -> str | None:
    """The full title that stands in an attribute of the link, or hidden in it, and begins as its cut words do."""
    begin = stem[: max(2, len(stem) - 1)]
    for name in _GIVEN:
        for line in (element.get(name) or "").splitlines():
            text = _undated(_LABELLED.sub("", tidy(line)))
            if len(text) >= _LEAST and (not stem or text.startswith(begin)) and not _CUT.search(text):
                return text
    return _hidden_beside(element, stem, begin) if stem else None


def _continued(element: HtmlElement, text: str) -> str | None:
    """The title given aside where it goes on right behind the words: some systems cut without a mark."""
    if len(text) < 2 * _LEAST:
        return None
    for name in _GIVEN:
        given = element.get(name)
        if given and len(given) > len(text) and given.startswith(text) and not given[len(text)].isspace():
            return _given(element, text)
    return None


def _hidden_beside(element: HtmlElement, stem: str, begin: str) -> str | None:
    parent = element.getparent()
    around = () if parent is None else parent.iterdescendants("span", "i", "em", "input", "div")
    for aside in islice(around, _MOST_ASIDE):
        if len(aside) > _MOST_ASIDE:
            continue
        text = words_of(aside) or tidy(aside.get("value") or "")
        if len(text) > len(stem) and text.startswith(begin) and not _CUT.search(text) and len(text) <= 200:
            return text
    return None


def _picture(element: HtmlElement) -> str:
    """What the picture of a link without words is called."""
    alt = next((text for image in element.iter("img") if (text := tidy(image.get("alt") or ""))), "")
    return alt if len(alt) >= _LEAST else ""
