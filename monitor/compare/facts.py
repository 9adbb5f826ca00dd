"""What an edit touches: figures, dates, people, document numbers, negations.

Text is cut into tokens in which each such fact is one piece, so that an edit can never break it: 4156名, 6.89亿, 9:30,
2021年4月8日, 国发〔2021〕5号, 王建国. Everything here works on reading text (``align.reading``); the patterns stand in
``forms``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.compare.align import COUNTER, fold
from monitor.compare.forms import CODE, DATE, DOCUMENT, NUMBER, NUMERAL, RELATIVE, UNIT, value_of
from monitor.compare.named import renamed_bodies
from monitor.compare.names import new_post, other_name, renamed
from monitor.compare.negations import are_contrary, negations
from monitor.words import is_post, words_and_names
from storage.records import Facts


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    DOCUMENT = "document"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text that no edit breaks; ``key`` is what it is compared by.

    ``maybe_name`` marks what has the form of a person's name, whether or not anything around it says that it is one.
    """

    text: str
    kind: Kind
    key: str
    maybe_name: bool = False


Pair = tuple[str, str]
"""(before, after); a lone side is an empty string."""

_BEFORE_CODE = re.compile(
    ".*(?:根据|按照|依据|依照|关于|印发|转发|执行|落实|学习|贯彻|参照|详见|文件|通知|废止|修订|发布|[见及和与的以由按为有])(?=.)"
)
_PATTERNS = {
    Kind.DOCUMENT: DOCUMENT,
    Kind.COUNTER: COUNTER.pattern,
    Kind.DATE: DATE,
    Kind.WORD: CODE,
    Kind.NUMBER: NUMBER,
}
_FACT = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _PATTERNS.items()))
_A_UNIT = re.compile(f"(?:{UNIT}|人民币|万?元|吨级|人)")
_EVERYDAY = re.compile(rf"第|[一两几半]\D*$|[百千]年$|{RELATIVE}")
"""Figures and dates that say little alone: 一个, 第一批, 今年. Told only where they became another figure or date."""

_A_WEEKDAY = re.compile("[本上下每]?(?:周|星期|礼拜)[一二三四五六日天]")
_DIGITS = re.compile(rf"[\d.,]*\d|[{NUMERAL}]+")


def tokens(text: str) -> list[Token]:
    """``text``, which is reading text, as tokens in order; joined, they give it back."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    for match in _FACT.finditer(text):
        yield from _words(text[position : match.start()])
        kind, found = Kind[match.lastgroup or "WORD"], match.group()
        if kind is Kind.DOCUMENT and (before := _BEFORE_CODE.match(re.split(r"[〔\[(【]", found)[0])):
            yield from _tokens(before.group())
            found = found[before.end() :]
        yield Token(found, kind, "" if kind is Kind.COUNTER else fold(found))
        position = match.end()
    yield from _words(text[position:])


def _words(text: str) -> Iterator[Token]:
    for word, sureness in words_and_names(text) if text else ():
        kind = Kind.PERSON if sureness == 1.0 else Kind.WORD
        yield Token(word, kind, word if word.isalnum() else fold(word), maybe_name=sureness > 0)


@dataclass(frozen=True, slots=True)
class Touched:
    """The tokens that an edit took away and brought, and those that stand before and after it in both texts.

    ``left`` and ``right`` are what stands around it, some words long.
    """

    old: tuple[Token, ...]
    new: tuple[Token, ...]
    following: tuple[Token, ...] = ()
    preceding: Token | None = None
    left: str = ""
    right: str = ""

    @property
    def contrary(self) -> bool:
        """Whether one word became its contrary (增长, 下降)."""
        return are_contrary(*self.texts)

    @property
    def texts(self) -> Pair:
        """The words before and after."""
        return "".join(token.text for token in self.old), "".join(token.text for token in self.new)


def facts_of(edits: Iterable[Touched]) -> Facts:
    """What ``edits`` touch, in the order of the text, each pair once.

    A figure becomes the next one of its own unit in the same edit, else stands alone; one that leaves here and comes
    back elsewhere was merely moved along and is no fact.
    """
    touched = list(edits)
    bodies, places = _bodies_and_places(touched)
    people = _settled(pair for edit in touched for pair in _people(edit))
    places = [pair for pair in places if pair not in people]
    return Facts(
        organisations=_settled(bodies),
        places=_settled(places),
        numbers=_settled(pair for edit in touched for pair in _pairs(edit, Kind.NUMBER)),
        dates=_settled(pair for edit in touched for pair in _pairs(edit, Kind.DATE)),
        people=people,
        documents=_settled(pair for edit in touched for pair in _pairs(edit, Kind.DOCUMENT)),
        negations=_settled(pair for edit in touched for pair in _negations(edit)),
    )


def _bodies_and_places(touched: Iterable[Touched]) -> tuple[list[Pair], list[Pair]]:
    """Organisations and places that became others, where the edit is not one of a person's name or post."""
    bodies: list[Pair] = []
    places: list[Pair] = []
    for edit in touched:
        if not _people(edit):
            told = renamed_bodies(*edit.texts, edit.left, edit.right)
            bodies += told[0]
            places += told[1]
    return bodies, places


def _settled(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Pairs without repetition; a text that vanishes in one and appears alone in another was moved, not changed."""
    said = list(pairs)
    gone = Counter(before for before, after in said if not after)
    come = Counter(after for before, after in said if not before)
    along = gone & come
    told: dict[Pair, None] = {}
    for before, after in said:
        if not (before and after) and (before or after) in along:
            continue
        told[before, after] = None
    return tuple(told)


def _pairs(edit: Touched, kind: Kind) -> list[Pair]:
    if kind is Kind.DATE and _is_weekday(edit):
        return [edit.texts]
    old, new = _texts(edit.old, kind), _texts(edit.new, kind)
    if len(old) == len(new) == 1 and value_of(edit.texts[0]) == value_of(edit.texts[1]):
        return []
    matched = _matched(*_different(old, new, value_of))
    pairs = [pair for pair in matched if all(pair) or not _EVERYDAY.match("".join(pair))]
    return pairs or (_units(edit) or _turned(edit) if kind is Kind.NUMBER else [])


def _is_weekday(edit: Touched) -> bool:
    """Whether one day of the week became another: before a word (周五开会) it may be cut as a name."""
    return all(_A_WEEKDAY.fullmatch(text) for text in edit.texts)


def _units(edit: Touched) -> list[Pair]:
    """6.89亿元 that became 6.89亿美元: the figure stayed, its unit changed."""
    if edit.preceding is None or edit.preceding.kind is not Kind.NUMBER or not edit.old or not edit.new:
        return []
    before, after = edit.old[0].text, edit.new[0].text
    units = _A_UNIT.fullmatch(before) and _A_UNIT.fullmatch(after)
    return [(edit.preceding.text + before, edit.preceding.text + after)] if units else []


def _turned(edit: Touched) -> list[Pair]:
    """增长3.5% that became 下降3.5%: the figure stayed, and says the contrary."""
    before, after = edit.texts
    counted = next((at for at, token in enumerate(edit.following, 1) if token.kind is Kind.NUMBER), 0)
    ahead = "".join(token.text for token in edit.following[:counted])
    return [(before + ahead, after + ahead)] if edit.contrary and counted else []


def _texts(found: Sequence[Token], kind: Kind) -> list[str]:
    return [token.text for token in found if token.kind is kind]


def _different(
    old: Sequence[str], new: Sequence[str], said: Callable[[str], str] = fold
) -> tuple[list[str], list[str]]:
    """Both lists without what stands in both, compared by what it says: typography allowed for, or its value."""
    return _without(old, new, said), _without(new, old, said)


def _without(texts: Sequence[str], others: Sequence[str], said: Callable[[str], str]) -> list[str]:
    spare = Counter(map(said, others))
    kept = []
    for text in texts:
        if spare[said(text)] > 0:
            spare[said(text)] -= 1
        else:
            kept.append(text)
    return kept


def _matched(old: list[str], new: list[str]) -> list[Pair]:
    """Each with the next of its own form (4156名 with 4165名, not with 200亩); what is left over in order, or alone."""
    pairs: dict[int, str] = {}
    waiting = list(new)
    for at, before in enumerate(old):
        after = next((text for text in waiting if _form(text) == _form(before)), None)
        if after is not None:
            waiting.remove(after)
            pairs[at] = after
    unpaired = [at for at in range(len(old)) if at not in pairs]
    if len(unpaired) == len(waiting):
        pairs |= dict(zip(unpaired, waiting, strict=True))
        waiting = []
    return [(before, pairs.get(at, "")) for at, before in enumerate(old)] + [("", after) for after in waiting]


def _form(text: str) -> str:
    """What a figure or date looks like without its digits: ``#名``, ``#年#月#日``."""
    return _DIGITS.sub("#", text)


def _people(edit: Touched) -> list[Pair]:
    """Names that changed; where the name stayed and the post before it changed, both with their posts."""
    if _is_weekday(edit):
        return []
    old, new = _different(_texts(edit.old, Kind.PERSON), _texts(edit.new, Kind.PERSON))
    if all(map(is_post, edit.texts)):
        return new_post(*edit.texts, edit.left, edit.right)
    name = (*old, *new)[0] if len(old) + len(new) == 1 else ""
    if name and all(text.endswith(name) and is_post(text.removesuffix(name)) for text in edit.texts):
        # The cutter saw the name in one of both texts only.
        return [edit.texts]
    if len(old) != 1 or len(new) != 1 or len(old[0]) != len(new[0]):
        letters = _renamed(edit, known=len(old) + len(new) == 1)
        if letters:
            return letters
    if old or new:
        paired = min(len(old), len(new))
        changed = list(zip(old, new, strict=False))
        return changed + [(name, "") for name in old[paired:]] + [("", name) for name in new[paired:]]
    return _names_by_form(edit) or new_post(*edit.texts, edit.left, edit.right)


def _renamed(edit: Touched, *, known: bool) -> list[Pair]:
    """A name that the cutter did not see as one in both texts, or only in one (``known``)."""
    if not edit.old or not edit.new:
        return []
    around = edit.left, edit.right
    pair = renamed(*edit.texts, *around) or other_name(*edit.texts, *around, known=known)
    return [pair] if pair else []


def _names_by_form(edit: Touched) -> list[Pair]:
    """Names with no witness around them.

    Believed where both have a name's form and one surname, and where one alone left a list of names or came into it.
    """
    alone = "".join(edit.texts)
    if "、" in alone and not all(edit.texts):
        name = next((t.text for t in (*edit.old, *edit.new) if t.maybe_name and t.text == alone.strip("、")), None)
        return [(name, "") if edit.old else ("", name)] if name else []
    old = [token.text for token in edit.old if token.maybe_name]
    new = [token.text for token in edit.new if token.maybe_name]
    return [(was, now) for was, now in zip(old, new, strict=False) if was != now and was[0] == now[0]]


def _negations(edit: Touched) -> list[Pair]:
    """Negations, duties and contraries that an edit turned about, as ``negations`` tells them."""
    if edit.contrary and not _turned(edit):
        before, after = edit.texts
        about = edit.preceding.text if edit.preceding and edit.preceding.kind is Kind.WORD else ""
        about = about if about.isalnum() else ""
        return [(about + before, about + after)]
    words = ([token.text for token in side] for side in (edit.old, edit.new, edit.following))
    return negations(*words)
