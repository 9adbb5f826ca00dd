"""What a person types into the search, read. Pure.

    安全生产 "市委书记" -演练 site:qixichuan day:2026-11..2026-12 kind:removed title:通告

Words must all occur, letter for letter, white space aside; a quoted phrase is one word; one with a minus must not
occur. Chinese punctuation, full-width forms and Chinese names of the filters are understood as well. Two hyphens or a
dash before a word are none: so begins what was copied from a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.tell import KIND_NAMES
from storage.changes import ChangeKind
from storage.folding import DASHES, fold
from storage.searching import Asked
from storage.signs import signs_of_word

LONGEST = 300
MOST_WORDS = 16

FILTERS = {
    **dict.fromkeys(("site", "站点", "网站"), "site"),
    **dict.fromkeys(("day", "date", "日期", "时间"), "day"),
    **dict.fromkeys(("kind", "类型", "变化"), "kind"),
    **dict.fromkeys(("title", "标题"), "title"),
}

KINDS = {
    **{kind.value: kind for kind in ChangeKind},
    **{name: kind for names in KIND_NAMES.values() for kind, name in names.items()},
    **dict.fromkeys(("改动", "编辑"), ChangeKind.EDITED),
    **dict.fromkeys(("删除", "撤稿"), ChangeKind.REMOVED),
    "篡改": ChangeKind.TAMPERED,
}
"""What a kind of change may be called."""

_SPELLED = str.maketrans({**dict.fromkeys("“”„‟「」『』«»〝〞", '"'), "∶": ":"})
_HYPHENS = str.maketrans(dict.fromkeys(DASHES, "-"))
_ITEM = re.compile(
    rf"""(?P<minus>-(?!-)|)(?:(?P<name>{"|".join(FILTERS)}):[ ]*)?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^ "]+))""",
    re.IGNORECASE,
)
_BETWEEN_WORDS = re.compile(r"[,;、。](?![0-9a-z])|(?<![0-9a-z])[,;、。]", re.IGNORECASE)
"""What parts words as a space does. A comma within a number is none."""
_LIST = re.compile(r"[,;、|]")
_TO = re.compile(r"\.{2,}|~|至|到")
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?)?[年月]?")


class Unreadable(Exception):
    """A query that cannot be read: ``fault`` names why (see ``wording``), ``given`` is what was typed there."""

    def __init__(self, fault: str, given: str = "") -> None:
        super().__init__(f"{fault}: {given}")
        self.fault, self.given = fault, given


@dataclass(frozen=True, slots=True)
class Query:
    """A query as read, words folded; ``titles`` must stand in the title, ``without`` nowhere. Days are inclusive."""

    words: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    sites: frozenset[str] = frozenset()
    kinds: frozenset[ChangeKind] = frozenset()
    first_day: date | None = None
    last_day: date | None = None

    def asked(self, *, in_title: bool = False) -> Asked:
        """What is asked of the index; with ``in_title`` all the words in the title."""
        titles = (*self.titles, *self.words) if in_title else self.titles
        return Asked(self.words, titles, self.sites, self.kinds, self.first_day, self.last_day)


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    minus: bool
    said: str
    quoted: bool


def parse(typed: str) -> Query:
    """Read a query. Raises Unreadable."""
    if len(typed) > LONGEST:
        raise Unreadable("too-long", str(LONGEST))
    text = " ".join(unicodedata.normalize("NFKC", typed.translate(_SPELLED)).split())
    if text.count('"') % 2:
        raise Unreadable("open-quote")
    items = list(_items(text))
    words = {part: _words(items, part) for part in ("word", "title", "without")}
    if not words["word"] and not words["title"]:
        raise Unreadable("no-word")
    if sum(map(len, words.values())) > MOST_WORDS:
        raise Unreadable("too-many", str(MOST_WORDS))
    days = [item.said for item in items if item.name == "day"]
    if len(days) > 1:
        raise Unreadable("two-days", days[1])
    first, last = _span(days[0]) if days else (None, None)
    sites, kinds = _listed(items, "site"), map(_kind, _listed(items, "kind"))
    return Query(words["word"], words["title"], words["without"], frozenset(sites), frozenset(kinds), first, last)


def _items(text: str) -> Iterator[_Item]:
    for found in _ITEM.finditer(text):
        name = FILTERS[found["name"].lower()] if found["name"] else "word"
        said = (found["quoted"] if found["quoted"] is not None else found["bare"]).strip().translate(_HYPHENS)
        minus = bool(found["minus"])
        if name != "word" and minus:
            raise Unreadable("minus", found[0])
        if name in ("site", "day", "kind") and not said:
            raise Unreadable("empty", f"{name}:")
        yield _Item(name, minus, said, found["quoted"] is not None)


def _words(items: list[_Item], part: str) -> tuple[str, ...]:
    """The words of one part, folded; what has no letter or figure is looked for nowhere."""
    said = [
        word
        for item in items
        if ("without" if item.minus else item.name) == part
        for word in ([item.said] if item.quoted else _BETWEEN_WORDS.split(item.said))
    ]
    folded = (" ".join(fold(word).split()) for word in said)
    return tuple(dict.fromkeys(word for word in folded if signs_of_word(word)))


def _listed(items: list[_Item], name: str) -> list[str]:
    values = [part for item in items if item.name == name for part in _LIST.split(item.said)]
    return [value for value in values if value]


def _kind(said: str) -> ChangeKind:
    kind = KINDS.get(said.lower())
    if kind is None:
        raise Unreadable("kind", said)
    return kind


def _span(said: str) -> tuple[date | None, date | None]:
    """First and last day of a day, a month, a year, or a span of two of them; ``None`` for an open end."""
    ends = [end.strip() for end in _TO.split(said)]
    if len(ends) > 2 or not any(ends):
        raise Unreadable("day", said)
    first = _days(ends[0], said)[0] if ends[0] else None
    last = _days(ends[-1], said)[1] if ends[-1] else None
    if first is not None and last is not None and first > last:
        raise Unreadable("backwards", said)
    return first, last


def _days(end: str, said: str) -> tuple[date, date]:
    found = _DAY.fullmatch(end)
    if found is None:
        raise Unreadable("day", said)
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        if day is not None:
            return first, first
        if month is None:
            return first, first.replace(month=12, day=31)
        return first, (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise Unreadable("day", said) from error
