"""Runs of GBK text that lost one byte: the first half of a character became ``?`` and every pair after it shifted.

``處。”在黨史`` came out as ``處?！痹邳h史``. The bytes of what follows the ``?`` are all still there, so they are put
behind the lost one again and read anew, up to the next character that falls back into step.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from crawler.extraction.hanzi import reads

_CODEC = "gb18030"
_UNKNOWN = "?"
_MARKS = "?\ufffd"
_MARK = re.compile(f"[{_MARKS}]")
"""What a decoder prints for a byte that it cannot read."""

_MOST_MARKS = 1_000
"""A line with more of them has lost its text altogether."""

_RUN = re.compile("([\x21-\x3e\x40-\x7e]?)([^\x00-\x7f\ufffd]{1,400})(?![^\x00-\x7f\ufffd])")
"""Two-byte characters up to the next ASCII sign. A sign before them was two bytes as well where the page has been made
half width since: a full-width sign begins with the byte that ends 。"""

_LOOK_BACK = 400
_TO_FULL_WIDTH = 0xFEE0

_GAIN_WHOLE = 4.0
_GAIN_HALF_WIDTH = 6.0
_GAIN_PARTIAL = 10.0
"""By how much the restored run must read better (``hanzi.reads``): by one everyday character in place of a rare one
where its first character is a mark that fits, by two where a sign must have changed its width too, by several where
the first character stays lost."""

_LEAST_MEAN = 0.2
"""What a restored run must reach a character by itself: paragraphs of news have 0.9 to 1.9, a few rare names 0.25,
shifted runs -1."""

_CLOSERS = {"”": "“", "’": "‘", "》": "《", "）": "（", "】": "【"}


class _Restored(NamedTuple):
    """What a run is once it is read again, and where the printed one ends."""

    text: str
    end: int


def repair(text: str) -> str:
    """A line as printed (before NFKC) with its lost-byte runs restored.

    A run is restored only where that reads better by far. The character that lost its first byte is restored only
    where it can be told: a punctuation mark that fits its place; else its ``?`` stays.
    """
    marks = sum(map(text.count, _MARKS))
    if not 0 < marks <= _MOST_MARKS:
        return text
    parts: list[str] = []
    position = 0
    for mark in _MARK.finditer(text):
        restored = _restored(text, mark.start()) if mark.start() >= position else None
        if restored is not None:
            parts += text[position : mark.start()], restored.text
            position = restored.end
    return "".join([*parts, text[position:]])


def _restored(text: str, lost: int) -> _Restored | None:
    """The run behind a lost byte as it was before; ``None`` where that cannot be told or reads no better."""
    run = _RUN.match(text, lost + 1)
    shifted = run and _pairs(run[1], run[2])
    if not run or not shifted:
        return None
    found = _in_step(shifted[1:], text[run.end() : run.end() + 1])
    if found is None:
        return None
    read, taken = found
    first = _first_character(shifted[:1], text[max(0, lost - _LOOK_BACK) : lost], read)
    needed = _GAIN_PARTIAL if first == _UNKNOWN else _GAIN_HALF_WIDTH if run[1] else _GAIN_WHOLE
    if reads(read) < _LEAST_MEAN * len(read) or reads(first + read) - reads(run[0]) < needed:
        return None
    return _Restored(first + read, run.end() + taken)


def _pairs(sign: str, wide: str) -> bytes | None:
    """A run's bytes, its leading ASCII sign made full width again, if every character takes two."""
    run = "".join(chr(ord(character) + _TO_FULL_WIDTH) for character in sign) + wide
    try:
        pairs = [character.encode(_CODEC) for character in run]
    except UnicodeEncodeError:
        return None
    return b"".join(pairs) if all(len(pair) == 2 for pair in pairs) else None


def _in_step(rest: bytes, following: str) -> tuple[str, int] | None:
    """The run's bytes from the second character on, and whether the following sign (0 or 1 of it) belongs to it.

    The sign that ends a shift is the ASCII half of the last character, or stands for the half that was lost with it.
    ``None`` where the bytes fit neither way.
    """
    read = _decoded(rest)
    if read is not None:
        return read, 0
    if "\x40" <= following <= "\x7e":
        read = _decoded(rest + following.encode())
        if read is not None:
            return read, 1
    read = _decoded(rest[:-1])
    return (read + _UNKNOWN, 1) if read is not None and _MARK.match(following) else None


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode(_CODEC)
    except UnicodeDecodeError:
        return None


def _first_character(trail: bytes, before: str, read: str) -> str:
    """The punctuation mark that lost its first byte, or ``?`` where none fits its place."""
    marks = (_decoded(lead + trail) for lead in (b"\xa1", b"\xa3"))
    return next((mark for mark in marks if mark and _fits(mark, before, read)), _UNKNOWN)


def _fits(mark: str, before: str, read: str) -> bool:
    """Whether a mark may stand between two texts: commas anywhere, brackets where their other half is."""
    if mark in "、。，":
        return True
    if mark in "：；":
        return read.startswith(("“", "《", "‘"))
    if mark in "？！":
        return read.startswith(tuple(_CLOSERS))
    if mark in _CLOSERS:
        return before.count(_CLOSERS[mark]) > before.count(mark)
    return any(mark == opener and read.count(closer) > read.count(opener) for closer, opener in _CLOSERS.items())
