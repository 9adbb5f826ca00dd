"""Edits that an office makes to what it published: pure functions from a wording to a changed one and what changed.

Each takes the wording and a source of chance and gives ``None`` where the wording has nothing of the kind to edit.
Facts are pairs of the words before and after; a number goes with its unit (``4156名``).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache

from storage.demo.phrasebook import frames
from storage.demo.truth import Block, Form, Wording
from storage.records import Facts


@dataclass(frozen=True, slots=True)
class Amendment:
    """A changed wording and the words that changed. ``where`` is the index of the paragraph, ``None`` for a label."""

    wording: Wording
    before: str
    after: str
    facts: Facts = field(default_factory=Facts)
    added: int = 0
    removed: int = 0
    where: int | None = None


Amend = Callable[[Wording, random.Random], "Amendment | None"]

_FIGURE = re.compile(
    r"(?<![\d.:])(\d+(?:\.\d+)?)(万人次|万平方米|亿元|万元|万人|万亩|公里|平方米|个百分点|元|人次|人|户|亩|吨|台|家|名|%|处|支)(?![\d.])"
)
_DAY = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})日")
_DOCUMENT = re.compile(r"(栖\w{1,4}〔\d{4}〕)(\d+)(号)")
_NEGATIONS = (("不得", "可以"), ("不予受理", "予以受理"), ("必须", "不必"), ("禁止", "允许"), ("不超过", "不少于"))


def _altered(wording: Wording, where: int, text: str) -> Wording:
    blocks = list(wording.blocks)
    blocks[where] = replace(blocks[where], text=text)
    return replace(wording, blocks=tuple(blocks))


def _swapped(figure: str) -> str:
    """The figure as a slip of the finger would have it: two neighbouring digits changed places, else one more."""
    for place in range(len(figure) - 1, 0, -1):
        left, right = figure[place - 1], figure[place]
        if left.isdigit() and right.isdigit() and left != right and (right != "0" or place > 1):
            return figure[: place - 1] + right + left + figure[place + 1 :]
    return f"{figure[:-1]}{(int(figure[-1]) + 1) % 9 or 5}"


def _plain(wording: Wording) -> list[int]:
    return [index for index, block in enumerate(wording.blocks) if block.form is Form.PLAIN]


def figure(wording: Wording, dice: random.Random) -> Amendment | None:
    """A figure in the text is corrected: two of its digits change places, or its last one grows."""
    found = [(index, match) for index in _plain(wording) for match in _FIGURE.finditer(wording.blocks[index].text)]
    found = [pair for pair in found if len(pair[1].group(1)) > 1]
    if not found:
        return None
    where, match = dice.choice(found)
    text, unit = wording.blocks[where].text, match.group(2)
    number = _swapped(match.group(1))
    changed = f"{text[: match.start()]}{number}{unit}{text[match.end() :]}"
    pair = (match.group(0), f"{number}{unit}")
    fact = (_counted(match.group(1), unit), _counted(number, unit))
    return Amendment(_altered(wording, where, changed), *pair, Facts(numbers=(fact,)), where=where)


def _counted(number: str, unit: str) -> str:
    """A figure as the contract names it: 4156名, but 6.89亿 for 6.89亿元."""
    return number + (unit[:1] if unit[:1] in "万亿" else unit)


def day(wording: Wording, dice: random.Random) -> Amendment | None:
    """A date in the text is corrected by two days."""
    found = [(index, match) for index in _plain(wording) for match in _DAY.finditer(wording.blocks[index].text)]
    if not found:
        return None
    where, match = dice.choice(found)
    text = wording.blocks[where].text
    number = int(match.group(2))
    after = f"{match.group(1)}月{number - 2 if number > 2 else number + 2}日"
    changed = text[: match.start()] + after + text[match.end() :]
    pair = (match.group(0), after)
    return Amendment(_altered(wording, where, changed), *pair, Facts(dates=(pair,)), where=where)


@cache
def _pairs(name: str) -> tuple[tuple[str, str], ...]:
    """The pairs of a phrase list that is written ``before>after``."""
    split = (str(frame[0]).partition(">") for frame in frames()[name])
    return tuple((before, after) for before, _, after in split)


@cache
def _names() -> tuple[re.Pattern[str], tuple[str, ...]]:
    surnames = "|".join(str(frame[0]) for frame in frames()["surname"])
    given = tuple(str(frame[0]) for frame in frames()["given"] if len(str(frame[0])) == 2)
    return re.compile(rf"({surnames})({'|'.join(given)})(?![兴梅])"), given


def person(wording: Wording, dice: random.Random) -> Amendment | None:
    """A name that stands once in the text is corrected in its last character."""
    pattern, given = _names()
    whole = wording.title + "".join(wording.paragraphs)
    found = [(index, match) for index in _plain(wording) for match in pattern.finditer(wording.blocks[index].text)]
    found = [pair for pair in found if whole.count(pair[1].group(0)) == 1]
    if not found:
        return None
    where, match = dice.choice(found)
    before = match.group(0)
    last = dice.choice([name[-1] for name in given if name[-1] != before[-1]])
    pair = (before, before[:-1] + last)
    changed = wording.blocks[where].text.replace(*pair)
    return Amendment(_altered(wording, where, changed), *pair, Facts(people=(pair,)), where=where)


def document(wording: Wording, dice: random.Random) -> Amendment | None:
    """The number of a document (文号) that stands once is corrected."""
    for where in _plain(wording):
        text = wording.blocks[where].text
        matches = list(_DOCUMENT.finditer(text))
        if len(matches) == 1 and matches[0].group(0) not in wording.title:
            match = matches[0]
            pair = (match.group(0), f"{match.group(1)}{int(match.group(2)) + dice.randint(1, 9)}{match.group(3)}")
            return Amendment(
                _altered(wording, where, text.replace(*pair)), *pair, Facts(documents=(pair,)), where=where
            )
    return None


def negation(wording: Wording, dice: random.Random) -> Amendment | None:
    """A rule is turned into its opposite."""
    for where in _plain(wording):
        for pair in _NEGATIONS:
            text = wording.blocks[where].text
            if text.count(pair[0]) == 1:
                return Amendment(
                    _altered(wording, where, text.replace(*pair)), *pair, Facts(negations=(pair,)), where=where
                )
    return None


def misspelt(wording: Wording, dice: random.Random) -> Amendment | None:
    """The wording with one wrong character, as it was first put out; ``before`` is right and ``after`` wrong."""
    for where in _plain(wording):
        text = wording.blocks[where].text
        for right, wrong in _pairs("slip"):
            if text.count(right) == 1 and wrong not in text:
                return Amendment(_altered(wording, where, text.replace(right, wrong)), right, wrong, where=where)
    return None


def cell(wording: Wording, dice: random.Random) -> Amendment | None:
    """A bare number in a table row is corrected; its unit stands in the table's head."""
    rows = [index for index, block in enumerate(wording.blocks) if block.form is Form.ROW][1:]
    found = [
        (index, place)
        for index in rows
        for place, text in enumerate(wording.blocks[index].text.split("\t"))
        if place and len(text) > 1 and text.replace(".", "").isdigit()
    ]
    if not found:
        return None
    where, place = dice.choice(found)
    cells = wording.blocks[where].text.split("\t")
    pair = (cells[place], _swapped(cells[place]))
    cells[place] = pair[1]
    return Amendment(_altered(wording, where, "\t".join(cells)), *pair, Facts(numbers=(pair,)), where=where)


def dropped(wording: Wording, dice: random.Random) -> Amendment | None:
    """One paragraph behind the first is taken out."""
    places = [index for index in _plain(wording)[1:] if len(wording.blocks[index].text) > 30]
    if len(places) < 2:
        return None
    where = dice.choice(places)
    blocks = wording.blocks[:where] + wording.blocks[where + 1 :]
    return Amendment(replace(wording, blocks=blocks), wording.blocks[where].text, "", removed=1, where=where)


def moved(wording: Wording, dice: random.Random) -> Amendment | None:
    """A paragraph in the middle goes to the end."""
    places = _plain(wording)
    if len(places) < 5 or len(places) != len(wording.blocks):
        return None
    where = places[2]
    block = wording.blocks[where]
    blocks = (*wording.blocks[:where], *wording.blocks[where + 1 :], block)
    return Amendment(replace(wording, blocks=blocks), block.text, block.text, where=len(blocks) - 1)


def added(wording: Wording, sentence: str, dice: random.Random) -> Amendment | None:
    """A paragraph is put in after the first two."""
    places = _plain(wording)
    if len(places) < 3:
        return None
    where = places[dice.randint(1, len(places) - 2)] + 1
    blocks = (*wording.blocks[:where], Block(sentence), *wording.blocks[where:])
    return Amendment(replace(wording, blocks=blocks), "", sentence, added=1, where=where)


def reworded(title: str) -> str | None:
    """The headline with one word put otherwise; ``None`` where it has none of the usual words."""
    for before, after in _pairs("headline"):
        if title.count(before) == 1 and len(title) + len(after) - len(before) <= 40:
            return title.replace(before, after)
    return None


def retitled(wording: Wording, dice: random.Random) -> Amendment | None:
    """The headline is put otherwise."""
    title = reworded(wording.title)
    return Amendment(replace(wording, title=title), wording.title, title) if title else None


def redated(wording: Wording, days: int) -> Amendment:
    """The printed date is another by that many days; the clock stays."""
    other = replace(wording, day=wording.day + timedelta(days=days))
    return Amendment(other, wording.day.isoformat(), other.day.isoformat())


def lightly_cut(wording: Wording) -> Wording:
    """What a second desk prints of a story: its subheads and its last paragraph gone."""
    blocks = tuple(block for block in wording.blocks[:-1] if block.form is not Form.SUBHEAD)
    return replace(wording, blocks=blocks)
