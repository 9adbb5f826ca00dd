"""What a page's own scripts would do to a visitor, as far as it can be read without running them.

Hijackers' scripts look at where a visitor comes from, write a foreign script into the page, or leap away; and they hide
their addresses in escapes, character codes and joined strings. Here those are undone, and nothing is ever run.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

_LONGEST = 200_000
_PASSES = 2
"""Layers of disguise that are taken off."""
_LEAP = re.compile(
    r"location(?:\s*\.\s*href)?\s*=\s*\\?['\"]((?:https?:)?//[^'\"\\]{4,300})"
    r"|location\s*\.\s*(?:replace|assign)\s*\(\s*\\?['\"]((?:https?:)?//[^'\"\\]{4,300})"
    r"|window\s*\.\s*open\s*\(\s*\\?['\"]((?:https?:)?//[^'\"\\]{4,300})\\?['\"]\s*,\s*\\?['\"]_(?:self|top|parent)"
)
_WRITES = re.compile(r"document[\s'\"\]]*(?:\.\s*write(?:ln)?|\[\s*['\"]write(?:ln)?['\"]\s*\])\s*\(")
_WRITTEN = re.compile(
    r"<\s*(?:script|iframe)\b[^>]{0,200}?\bsrc\s*=\s*\\?['\"]?((?:https?:)?//[^'\"\\\s>]{4,300})", re.I
)
_JOINED = re.compile(r"(['\"])\s*\+\s*\1")
_ESCAPED = re.compile(r"\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})")
_CODES = re.compile(r"fromCharCode\s*\(\s*((?:0x[0-9a-fA-F]+|\d+)(?:\s*,\s*(?:0x[0-9a-fA-F]+|\d+)){3,4000})\s*\)")
_PERCENT = re.compile(r"(?:unescape|decodeURI(?:Component)?)\s*\(\s*['\"]([^'\"]{8,20000})['\"]")
_ATOB = re.compile(r"\batob\s*\(\s*['\"]([A-Za-z0-9+/=]{12,20000})['\"]")
_DISGUISED = re.compile(
    r"(?:\\x[0-9a-fA-F]{2}){10,}|(?:\\u00[0-9a-fA-F]{2}){10,}|(?:%[0-9a-fA-F]{2}){12,}"
    r"|fromCharCode\s*\(\s*(?:\w+\s*,\s*){11,}|(?:eval|\bFunction)\s*\(\s*(?:unescape|atob|decodeURI|String)|\batob\s*\(\s*['\"][A-Za-z0-9+/=]{24,}"
)
"""Letters spelled as codes, a dozen in a row; a counter's ``unescape("%3Cscript …")`` only spells its brackets so."""
_ORIGIN = re.compile(r"document\s*\.\s*referrer|navigator\s*\.\s*userAgent|\buserAgent\b", re.IGNORECASE)
_ENGINES = re.compile(
    r"baidu|sogou|\bso\.com|haosou|360spider|soso|yisou|sm\.cn|toutiao|google|bing|yahoo|spider", re.I
)
_TWO = 2
_DISGUISES = ("\\x", "\\u", "fromCharCode", "unescape", "decodeURI", "atob", "'+'", '"+"', "' +", '" +', "+ '", '+ "')
_OF_NOTE = ("location", "write", "eval", "Function", "window.open", *_DISGUISES[:6])
"""Words without one of which a script leads nowhere, writes nothing and hides nothing; most have none."""


@dataclass(frozen=True, slots=True)
class Script:
    """What one script would do. ``leaps`` are whole addresses it leads to, ``writes`` those it writes into the page.

    ``disguised``: its letters are spelled as codes. ``asks``: it looks whether a visitor comes from a search engine.
    """

    leaps: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    disguised: bool = False
    asks: bool = False


def read_script(source: str) -> Script:
    """What a script's source would do; of a source that does nothing of note, an empty ``Script``."""
    source = source[:_LONGEST]
    if not any(word in source for word in _OF_NOTE):
        return Script()
    hides = any(word in source for word in _DISGUISES)
    plain = undisguised(source) if hides else source
    leaps = _found(_LEAP.findall(plain)) if "location" in plain or "open" in plain else ()
    writes = _found((address,) for address in _WRITTEN.findall(plain)) if _writes(plain) else ()
    asks = len({name.lower() for name in _ENGINES.findall(plain)}) >= _TWO if _ORIGIN.search(plain) else False
    return Script(leaps, writes, (hides or "%" in source) and _DISGUISED.search(source) is not None, asks)


def _writes(source: str) -> bool:
    """Whether a script writes scripts or frames of an address into the page; looked for from its rarest word on."""
    return "write" in source and "src" in source.lower() and _WRITES.search(source) is not None


def undisguised(source: str) -> str:
    """A script's source with escapes, character codes, percent and base64 strings spelled out, split strings joined."""
    for _ in range(_PASSES):
        before = source
        source = _ESCAPED.sub(lambda m: chr(int(m[1] or m[2], 16)), source)
        source = _CODES.sub(lambda m: f"'{_spelled(m[1])}'", source)
        source = _PERCENT.sub(lambda m: f"('{unquote(m[1])}'", source)
        source = _ATOB.sub(lambda m: f"('{_based(m[1])}'", source)
        source = _JOINED.sub("", source)
        if source == before:
            break
    return source


def _spelled(codes: str) -> str:
    numbers = (int(code.strip(), 0) if "x" in code else int(code) for code in codes.split(","))
    return "".join(chr(number) for number in numbers if number < 0x110000)


def _based(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text


def _found(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for group in groups for address in group if address))
