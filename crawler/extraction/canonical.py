"""Canonical text: the one form in which a page's words are compared, indexed and searched.

Mirrors rewrite pages (lost bytes, pinyin after characters, ornaments between them, traditional characters). What is put
in by machine is undone, once, here; an honest page is only normalised (NFKC, white space). What a page suffers
from is decided over the whole page and then applied to its paragraphs and its labels alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extraction.disguise import is_escaped, is_strewn, undisguised, unescaped, without_strewn
from crawler.extraction.hanzi import HAN, is_traditional_text, to_simplified
from crawler.extraction.lostbytes import repair
from crawler.extraction.pinyin import is_injected, without_pinyin

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Controls, zero-width signs and fillers, marks of writing direction, soft hyphens, byte-order marks, selectors of a
glyph's variant."""

_WIDE = tuple((wide, unicodedata.normalize("NFKC", wide)) for wide in "，：；！？（）～％…\u3000\xa0")
"""What keeps nearly every page from being in NFKC already: done beforehand, NFKC finds nothing left to do."""

_GLYPHS = "\u2605\u2606\u2660-\u2667\u2722-\u274b\u2756\u2763-\u2767\u25c6\u25c7\u10e6\U0001f337-\U0001f33c\U0001f490"
"""Stars, card suits, flowers and hearts. ○, □ and × are left out: pages redact names and tick boxes with them."""

_GLYPH = re.compile(f"[{_GLYPHS}]")
_GLYPH_RUN = re.compile(rf"(?<![{_GLYPHS}\ufe0f])[{_GLYPHS}][{_GLYPHS}\ufe0f]*(?![{_GLYPHS}\ufe0f])")
_BEHIND_TEXT = rf"(?<=[{HAN})])"
_BEFORE_TEXT = rf"(?=[{HAN}(])"
"""Ornaments part characters and the brackets of their pinyin."""

_INSERTED = re.compile(f"{_BEHIND_TEXT}({_GLYPH_RUN.pattern}){_BEFORE_TEXT}")
_DETACHED = re.compile(rf"{_BEHIND_TEXT}{_GLYPH_RUN.pattern}(?=\S)|(?<=\S){_GLYPH_RUN.pattern}{_BEFORE_TEXT}")
_BRACKETED = re.compile(r"\([^()]*\)")
_SENTENCE = re.compile("[,.;:!?，。；：！？、]")
_ENOUGH_ORNAMENTS = 3
_AT_ONCE = 200_000
"""Characters that are normalised in one call, which is fast and takes 50 bytes a character."""

_FLAGS = ("traditional", "pinyin-injected", "decorated", "disguised")


@dataclass(frozen=True, slots=True)
class Canonical:
    """Paragraphs in canonical form, one for each that went in, in order; ``""`` for one that held nothing to read.

    ``flags`` out of ``traditional``, ``pinyin-injected``, ``decorated``, ``disguised`` and ``mojibake-repaired``.
    """

    paragraphs: tuple[str, ...]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Canoniser:
    """What was decided for one page, to be applied to its paragraphs and labels.

    A label alone is too short to judge: ``於洋`` is a name on a simplified page and the verb 于 on a traditional one.
    """

    traditional: bool = False
    pinyin: bool = False
    decorated: bool = False
    escaped: bool = False
    strewn: bool = False

    @classmethod
    def for_page(cls, text: str) -> Canoniser:
        """Decide for a page from the text that a reader sees of it, paragraphs on lines of their own."""
        return cls._decided(_normalised("\n".join(map(repair, text.split("\n")))))

    @classmethod
    def _decided(cls, normalised: str) -> Canoniser:
        escaped = is_escaped(normalised)
        plain = _read_entities(normalised) if escaped else normalised
        strewn = is_strewn(plain)
        plain = without_strewn(plain) if strewn else plain
        decorated = is_decorated(plain)
        plain = _without_ornaments(plain) if decorated else plain
        return cls(is_traditional_text(plain), is_injected(plain), decorated, escaped, strewn)

    @property
    def flags(self) -> tuple[str, ...]:
        """The names of what the page suffers from."""
        found = (self.traditional, self.pinyin, self.decorated, self.escaped or self.strewn)
        return tuple(flag for flag, present in zip(_FLAGS, found, strict=True) if present)

    def line(self, text: str) -> str:
        """One paragraph or label of the page in canonical form."""
        return self._settled(_normalised(repair(text)))

    def lines(self, texts: Sequence[str]) -> list[str]:
        """Several labels of the page in canonical form, at once; none of them holds a line break."""
        return list(map(self._settled, _normalised_lines(texts)))

    def _settled(self, normalised: str) -> str:
        text = _read_entities(normalised) if self.escaped else normalised
        if self.strewn:
            text = without_strewn(text)
        if self.decorated:
            text = _without_ornaments(text)
        if self.pinyin:
            text = without_pinyin(text)
        if self.traditional:
            text = to_simplified(text)
        return " ".join(text.split())


def canonicalise(paragraphs: Sequence[str], page: Canoniser | None = None) -> Canonical:
    """The canonical form of a page's paragraphs.

    ``page`` is what was decided for the whole page, where more of its text is known than these paragraphs; without it
    they decide for themselves.
    """
    repaired = [repair(paragraph) for paragraph in paragraphs]
    normalised = [_normalised(paragraph) for paragraph in repaired]
    decided = page or Canoniser._decided("\n".join(normalised))
    mended = any(new != old for new, old in zip(repaired, paragraphs, strict=True))
    flags = (*decided.flags, "mojibake-repaired") if mended else decided.flags
    return Canonical(tuple(map(decided._settled, normalised)), flags)


def canonical_lines(lines: Sequence[str]) -> tuple[Canoniser, list[str]]:
    """What is decided for a page from all of its lines, and each of them in canonical form; none holds a line break."""
    normalised = _normalised_lines(lines)
    page = Canoniser._decided("\n".join(normalised))
    return page, list(map(page._settled, normalised))


def is_decorated(text: str) -> bool:
    """Whether a page's text, after NFKC, has ornaments put between its characters by machine.

    Three such places are enough; a run of two different ornaments counts as two. Ratings (``服务★★★★★``), bullets and
    rows of words kept apart by one ornament (``招聘★求职★租房``) do not count.
    """
    if _GLYPH.search(text) is None:
        return False
    runs = [run for line in text.split("\n") for run in _inserted_runs(line)]
    return sum(2 if len(set(run)) > 1 else 1 for run in runs) >= _ENOUGH_ORNAMENTS


def _inserted_runs(line: str) -> list[str]:
    runs = [run.replace("\ufe0f", "") for run in _INSERTED.findall(line)]
    return [] if len(set("".join(runs))) == 1 and _keeps_words_apart(line) else runs


def _keeps_words_apart(line: str) -> bool:
    """Whether ornaments stand between words of two characters and more, without any sentence; brackets do not count."""
    words = _GLYPH_RUN.split(_BRACKETED.sub("", line))
    return _SENTENCE.search(line) is None and min(map(len, words)) > 1


def _without_ornaments(text: str) -> str:
    return _DETACHED.sub("", text)


def _normalised(text: str) -> str:
    text = _INVISIBLE.sub("", text)
    if not text.isascii():
        for wide, half in _WIDE:
            text = text.replace(wide, half)
    return undisguised(unicodedata.normalize("NFKC", text))


def _normalised_lines(lines: Sequence[str]) -> list[str]:
    repaired = list(map(repair, lines))
    if sum(map(len, lines)) <= _AT_ONCE:
        return _normalised("\n".join(repaired)).split("\n") if lines else []
    return list(map(_normalised, repaired))


def _read_entities(text: str) -> str:
    """A text with the entities it prints read, again where that makes others whole."""
    previous = None
    while previous != text:
        previous, text = text, _normalised(unescaped(text))
    return text
