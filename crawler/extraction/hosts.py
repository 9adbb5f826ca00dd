"""Whose an address is, by its host alone: the name a site is registered under, and names that are bought to be lost."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

_CHEAP = frozenset(
    [
        "xyz",
        "top",
        "vip",
        "icu",
        "club",
        "win",
        "bet",
        "loan",
        "wang",
        "ltd",
        "work",
        "shop",
        "site",
        "online",
        "fun",
        "tk",
        "ml",
        "ga",
        "cf",
        "gq",
        "pw",
        "buzz",
        "cyou",
        "bid",
        "men",
        "cc",
        "ws",
        "la",
        "casino",
        "poker",
        "lol",
        "sbs",
        "cfd",
        "monster",
        "rest",
    ]
)
"""Endings that cost next to nothing; the spam reports of every registry are led by them."""
_DEEP = frozenset(["gov", "com", "edu", "org", "net", "ac", "mil"])
_TURNS = re.compile(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)")
_NAMED_BY_NUMBER = re.compile(r"\d{2,6}[a-z]*|[a-z]+(?:\d{1,2}|123|114|100|163|126|360|365|168)")
"""Names that begin or end in a number people know: 163, 51job, 21cn, 12371, hao123."""
_FEW = 3


@lru_cache(maxsize=4096)
def host_of(address: str) -> str:
    """The host of an address, lower case; empty where it has none or none that can be read."""
    try:
        return (urlsplit(address if "//" in address else f"//{address}").hostname or "").lower()
    except ValueError:
        return ""


@lru_cache(maxsize=4096)
def registered(host: str) -> str:
    """The name a site is registered under: three labels below ``.gov.cn`` and its like, two elsewhere.

    An address of numbers is its own name.
    """
    labels = host.split(".")
    if labels[-1].isdigit():
        return host
    deep = len(labels) > 2 and labels[-1] == "cn" and labels[-2] in _DEEP
    return ".".join(labels[-3:] if deep else labels[-2:])


@lru_cache(maxsize=4096)
def is_throwaway(host: str) -> bool:
    """Whether a name looks bought by the hundred: a cheap ending, or letters and figures mixed as no brand mixes them.

    A weak sign by itself: honest start-ups buy cheap endings as well.
    """
    name = registered(host)
    label, _, rest = name.partition(".")
    if not rest or label.isdigit() or name[-1].isdigit():
        return False
    if rest.rsplit(".", 1)[-1] in _CHEAP:
        return True
    if rest.startswith("gov.") or _NAMED_BY_NUMBER.fullmatch(label):
        return False
    digits = sum(char.isdigit() for char in label)
    return digits >= _FEW or (digits > 0 and len(_TURNS.findall(label)) > 1)
