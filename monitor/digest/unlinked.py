"""Words of a page as a mail program or a chat shows them without making a link of them. Pure.

Such programs look for addresses and bare domains in plain words, and telephones look for numbers to call; what stands
in a title is to them our own. No tag around the words keeps them from it: the signs themselves must be parted.
"""

from __future__ import annotations

import re

_SCHEME = re.compile(r":(?=//)")
_DOMAIN = re.compile(r"(?<=\w)\.(?=[^\W\d_])")
"""A dot before a letter of any script: ``彩票.com``, ``例子.中国``."""

_NUMERIC = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d)")
_TELEPHONE = re.compile(r"(?<![\d.])\d{7,}")
_AT_ONCE = 4
"""Figures of a long number that stay together."""

_APART = "\u200b"
"""A place where a line may break: it shows nothing, and no program sees an address or a number across it."""

_WEB = re.compile(r"\bhtt(?=ps?://)", re.IGNORECASE)
DOT, COLON = "[.]", "[:]"
"""What stands for the dots and the colon of an address that must not be opened."""


def parted(text: str) -> str:
    """The same words to the eye, with every address and bare domain in them parted at its dots and its colon."""
    return _dotted(text, f".{_APART}", f":{_APART}")


def defanged(text: str, dot: str = DOT, colon: str = COLON) -> str:
    """The words with each address in them as no program takes it for one, and a person still reads it:
    ``hxxp[:]//bc77[.]example/a[.]html``."""
    return spelled(_WEB.sub("hxx", text), dot, colon)


def spelled(text: str, dot: str, colon: str) -> str:
    """The words with the dots of addresses and their colons put visibly otherwise, and long numbers parted."""
    said = _TELEPHONE.sub(lambda found: re.sub(rf"(?<=^\d{{{_AT_ONCE}}})", _APART, found[0]), text)
    return _dotted(said, dot, colon)


def _dotted(text: str, dot: str, colon: str) -> str:
    named = _DOMAIN.sub(lambda _: dot, _SCHEME.sub(lambda _: colon, text))
    return _NUMERIC.sub(lambda found: found[0].replace(".", dot), named)
