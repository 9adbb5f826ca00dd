"""A small grammar of frames: reads the phrase files and speaks sentences from them, the same for the same seed.

A frame is text with slots: ``{name}`` speaks one alternative of a list; ``{@name}`` the same, but one choice for the
whole story (``{@name2}`` a second choice from list ``name``); ``{12..98}``, ``{1.2..9.8}`` and ``{100..900*50}`` are
numbers; ``{@n:3..9}`` is a number kept for the story wherever it is written so; ``{a|b|c}`` chooses; ``{day-3}`` and
``{date+20}`` are days counted from the story's own, without and with the year.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "phrases"
_RANGE = re.compile(r"(?:\w+:)?(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?)(?:\*(\d+))?)?$")
_DAY = re.compile(r"(day|date)([+-]\d+)?$")


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap in a frame. Exactly one of ``name``, ``span``, ``choices`` and ``days`` tells how it is filled."""

    key: str | None = None
    name: str | None = None
    span: tuple[float, float, int, int] | None = None
    choices: tuple[Frame, ...] = ()
    days: tuple[str, int] | None = None


Frame = tuple["str | Slot", ...]


@dataclass(slots=True)
class Setting:
    """What one story has settled so far: its day, its kept choices and the frames it has used."""

    day: date
    kept: dict[str, str] = field(default_factory=dict)
    used: set[tuple[str, int]] = field(default_factory=set)


def _split(text: str, mark: str) -> list[str]:
    """Split at marks that stand outside braces."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if character == mark and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]


def _slot(inner: str) -> Slot:
    kept = inner.startswith("@")
    body = inner.removeprefix("@")
    choices = _split(body, "|")
    if len(choices) > 1:
        return Slot(choices=tuple(parse(choice) for choice in choices))
    if match := _RANGE.match(body):
        low, high, step = match.group(1), match.group(2) or match.group(1), int(match.group(3) or 1)
        digits = len(low.partition(".")[2])
        return Slot(body if kept else None, span=(float(low), float(high), step, digits))
    if match := _DAY.match(body):
        return Slot(body if kept else None, days=(match.group(1), int(match.group(2) or 0)))
    return Slot(body if kept else None, name=body)


def parse(text: str) -> Frame:
    """A frame from its notation. ``ValueError`` where braces do not match."""
    parts: list[str | Slot] = []
    depth, start = 0, 0
    for index, character in enumerate(text):
        if character == "{":
            if depth == 0:
                parts.append(text[start:index])
                start = index + 1
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                parts.append(_slot(text[start:index]))
                start = index + 1
    if depth:
        raise ValueError(f"braces do not match: {text}")
    parts.append(text[start:])
    return tuple(part for part in parts if part)


@cache
def frames() -> dict[str, tuple[Frame, ...]]:
    """Every list of the phrase files by name."""
    lists: dict[str, list[Frame]] = {}
    current: list[Frame] = []
    for path in sorted(_FOLDER.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("[") and line.endswith("]"):
                current = lists.setdefault(line[1:-1], [])
            elif line and not line.startswith("#"):
                current.extend(parse(alternative) for alternative in line.split(" | "))
    return {name: tuple(alternatives) for name, alternatives in lists.items()}


class Speaker:
    """Speaks from the lists, dealing each list out like a deck so that no frame is worn while others lie unused."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self._lists = frames()
        self._decks: dict[str, list[int]] = {}

    def say(self, name: str, setting: Setting, index: int | None = None) -> str:
        """One alternative of a list, its slots filled; ``index`` asks for a certain one. ``KeyError``: no such list."""
        alternatives = self._lists[name]
        if index is None:
            index = self._deal(name, len(alternatives), setting)
        return self.fill(alternatives[index], setting)

    def phrase(self, notation: str, setting: Setting) -> str:
        """The text of a frame given in its notation."""
        return self.fill(parse(notation), setting)

    def count(self, name: str) -> int:
        """How many alternatives a list has."""
        return len(self._lists[name])

    def fill(self, frame: Frame, setting: Setting) -> str:
        """The text of a frame."""
        return "".join(part if isinstance(part, str) else self._fill(part, setting) for part in frame)

    def _deal(self, name: str, size: int, setting: Setting) -> int:
        deck = self._decks.get(name)
        if not deck:
            deck = self._decks[name] = list(range(size))
            self.dice.shuffle(deck)
        fresh = [index for index in deck if (name, index) not in setting.used]
        if not fresh:
            fresh = [index for index in range(size) if (name, index) not in setting.used]
        index = fresh[-1] if fresh else deck[-1]
        if index in deck:
            deck.remove(index)
        setting.used.add((name, index))
        return index

    def _fill(self, slot: Slot, setting: Setting) -> str:
        if slot.key is not None and slot.key in setting.kept:
            return setting.kept[slot.key]
        text = self._speak(slot, setting)
        if slot.key is not None:
            setting.kept[slot.key] = text
        return text

    def _speak(self, slot: Slot, setting: Setting) -> str:
        if slot.choices:
            return self.fill(self.dice.choice(slot.choices), setting)
        if slot.span is not None:
            low, high, step, digits = slot.span
            if digits:
                return f"{self.dice.uniform(low, high):.{digits}f}"
            return str(self.dice.randrange(int(low), int(high) + 1, step))
        if slot.days is not None:
            unit, away = slot.days
            day = setting.day + timedelta(days=away)
            year = f"{day.year}年" if unit == "date" else ""
            return f"{year}{day.month}月{day.day}日"
        assert slot.name is not None
        name = slot.name if slot.name in self._lists else slot.name.rstrip("0123456789")
        return self.say(name, setting)
