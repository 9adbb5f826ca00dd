"""What happens to the pages of a made province day by day: stories, copies, edits, withdrawals, visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from unicodedata import normalize

from storage.changes import ChangeKind, Edit, Facts
from storage.demo import amend
from storage.demo.phrasebook import Setting, frames
from storage.demo.truth import Block, Wording
from storage.demo.writing import Draft, Writer
from storage.records import CHINA, Told

WRITES = 1500
"""Drafts after which a writer has said what it knows, and another one begins."""

TOPICS = tuple(name.removesuffix(".title") for name in frames() if name.endswith(".title"))
LENGTHS = ("brief", "story", "story", "long")
COPIED = 0.12
"""Share of new articles that print another site's story."""

_AMENDS = (amend.figure, amend.figure, amend.day, amend.person, amend.dropped, amend.retitled)


@dataclass(slots=True)
class Leaf:
    """A known page as it stands: what it says, and what was told of it."""

    number: int
    site: int
    column: int
    url: str
    found_at: datetime
    title: str
    paragraphs: tuple[str, ...]
    version: int = 0
    told: Told = Told.NOTHING
    checked_at: datetime | None = None
    ok_at: datetime | None = None
    changed_at: datetime | None = None
    story: int | None = None
    missing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class News:
    """Something that was told of a page. ``says`` is a new version's number, else ``None``."""

    at: datetime
    leaf: Leaf
    kind: ChangeKind
    weight: float
    says: int | None = None
    edits: tuple[Edit, ...] = ()
    facts: Facts = field(default_factory=Facts)
    copied_from: str | None = None


class Desk:
    """Writes and amends articles; the same ones for the same seed."""

    def __init__(self, dice: Random, lengths: Sequence[str] = LENGTHS) -> None:
        self.dice, self._lengths = dice, lengths
        self._writer, self._written = Writer(dice.randrange(2**32)), 0

    def draft(self, day: date) -> Draft:
        """A new article."""
        self._written += 1
        if self._written % WRITES == 0:
            self._writer = Writer(self.dice.randrange(2**32))
        while True:
            try:
                return self._writer.compose(self.dice.choice(TOPICS), day, self.dice.choice(self._lengths))
            except ValueError:
                self._writer = Writer(self.dice.randrange(2**32))

    def amended(self, leaf: Leaf, day: date) -> tuple[str, tuple[str, ...], Edit, Facts, float]:
        """A page's next title and text, what changed, what it touches, and its weight."""
        wording = Wording(leaf.title, day, tuple(Block(paragraph) for paragraph in leaf.paragraphs))
        made = self.dice.choice(_AMENDS)(wording, self.dice)
        if made is None or made.before == made.after:
            sentence = _plain(self._writer.sentence(Setting(day)))
            place = self.dice.randint(0, len(leaf.paragraphs))
            text = (*leaf.paragraphs[:place], sentence, *leaf.paragraphs[place:])
            return leaf.title, text, Edit("insert", "", sentence, place, offset=0), Facts(), 0.15
        if made.where is None:
            edit = Edit("replace", made.before, made.after, field="title")
            return made.wording.title, leaf.paragraphs, edit, made.facts, 0.6
        text = tuple(block.text for block in made.wording.blocks)
        if made.removed:
            return leaf.title, text, Edit("delete", made.before, "", made.where, offset=0), made.facts, 0.24
        offset = leaf.paragraphs[made.where].find(made.before)
        return leaf.title, text, Edit("replace", made.before, made.after, made.where, offset=offset), made.facts, 0.51


def _plain(said: str) -> str:
    return normalize("NFKC", said.replace("\t", " "))


@dataclass(frozen=True, slots=True)
class Pace:
    """How much happens on a day."""

    new: int
    edited: int
    other: int


class Province:
    """All pages, and the news of one day after another."""

    def __init__(self, sites: int, columns: int, dice: Random, lengths: Sequence[str] = LENGTHS) -> None:
        self.dice, self.columns = dice, columns
        self.desk = Desk(dice, lengths)
        self.leaves: list[Leaf] = []
        self._down: list[Leaf] = []
        self._shares = list(accumulate(1 / (rank + 4) for rank in range(sites)))
        self._offset = sites * columns

    def day(self, day: date, pace: Pace, until: int = 86_400) -> Iterator[News]:
        """The news of a China day in the order in which it was seen; ``until`` is a second of the day."""
        kinds = [ChangeKind.NEW] * pace.new + [ChangeKind.EDITED] * pace.edited + [ChangeKind.REMOVED] * pace.other
        if self.leaves:
            self.dice.shuffle(kinds)
        start = datetime(day.year, day.month, day.day, tzinfo=CHINA)
        printed: list[Leaf] = []
        for second, kind in zip(sorted(self.dice.sample(range(until), len(kinds))), kinds, strict=True):
            at = start + timedelta(seconds=second)
            if kind is ChangeKind.NEW:
                yield self._found(at, day, printed)
            elif kind is ChangeKind.EDITED:
                yield self._edited(at, day)
            else:
                yield self._came_or_went(at)

    def _found(self, at: datetime, day: date, printed: list[Leaf]) -> News:
        site = self.dice.choices(range(len(self._shares)), cum_weights=self._shares)[0]
        number = self._offset + len(self.leaves) + 1
        column, address = self.dice.randrange(self.columns), f"http://127.0.0.1:1/{site:02}/{day:%Y%m}/{number}.html"
        original = self.dice.choice(printed) if printed and self.dice.random() < COPIED else None
        if original is not None:
            title, text = original.title, original.paragraphs
            original.story = original.story or original.number
        else:
            draft = self.desk.draft(day)
            title, text = _plain(draft.title), tuple(_plain(block.text) for block in draft.blocks)
        leaf = Leaf(number, site, column, address, at, title, text, 1, Told.LIVE, at, at, at)
        leaf.story = None if original is None else original.story
        self.leaves.append(leaf)
        printed.append(leaf)
        return News(
            at,
            leaf,
            ChangeKind.NEW,
            0.35 if original else 0.5,
            1,
            copied_from=None if original is None else original.url,
        )

    def _edited(self, at: datetime, day: date) -> News:
        leaf = self.any_leaf()
        leaf.title, leaf.paragraphs, edit, facts, weight = self.desk.amended(leaf, day)
        leaf.version += 1
        leaf.changed_at = leaf.checked_at = leaf.ok_at = at
        kind = ChangeKind.RETITLED if edit.field == "title" else ChangeKind.EDITED
        return News(at, leaf, kind, weight, leaf.version, (edit,), facts)

    def _came_or_went(self, at: datetime) -> News:
        """A page goes, or one that had gone is there again: of a hundred that went one stays away."""
        leaf = self.any_leaf()
        leaf.checked_at = at
        if len(self._down) > 50 and self.dice.random() < 0.5:
            leaf = self._down.pop(self.dice.randrange(len(self._down)))
            leaf.told, leaf.missing_since, leaf.ok_at = Told.LIVE, None, at
            return News(at, leaf, ChangeKind.RESTORED, 0.6)
        if leaf.told is not Told.LIVE:
            return News(at, leaf, ChangeKind.REDATED, 0.5)
        hijacked = self.dice.random() < 0.01
        leaf.told, leaf.missing_since = (Told.TAMPERED if hijacked else Told.REMOVED), at
        if self.dice.random() < 0.99:
            self._down.append(leaf)
        return News(at, leaf, ChangeKind.TAMPERED if hijacked else ChangeKind.REMOVED, 1.0 if hijacked else 0.9)

    def any_leaf(self) -> Leaf:
        """A page, more often a new one than an old one."""
        back = int(len(self.leaves) * self.dice.random() ** 3)
        return self.leaves[-1 - min(back, len(self.leaves) - 1)]
