"""Bytes to text, whatever charset the page or the server declares.

Chinese pages declare ``gb2312`` over UTF-8, ``utf-8`` over GBK, and carry stray, cut or mixed bytes, so the bytes
decide: strict UTF-8, and where that fails the candidate whose text reads best as Chinese.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.extraction.hanzi import reads

_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x1f\x8b\x08",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x00\x00\x01\x00",
    b"wOF",
)
"""First bytes of PDF, zip and Office, PNG, JPEG, GIF, old Office, gzip, RAR, 7-Zip, icon and web-font files."""

_NUL_SHARE = 0.02
"""Above this share of NUL bytes a body is no text; damaged pages hold a few, padded ones a tail of them."""

_CODECS = {"utf-8": "utf-8", "gb18030": "gb18030", "big5": "big5hkscs"}
"""Candidates in the order they win a tie, with the codec that reads each; Hong Kong's extension includes Big5."""

_SURELY = 0.9
"""What GB text reads a character outside ASCII (see ``hanzi.reads``), from which no other reading is looked at: news
has 0.9 to 1.9, and read in another charset below 0."""
_LOOKED_AT = 1000
"""How many characters, one in so many of the whole, are enough for that."""
_ASCII = bytes(range(0x80))

_SAMPLE = 256 * 1024
_FOREIGN_RUN = re.compile(rb"[\x80-\xff][\x30-\x7e\x80-\xff]{0,65535}")
"""Bytes outside ASCII, with the ASCII letters behind them: each may be the second half of a two-byte character.

Bounded, so that one match never takes in a whole body of high bytes."""

_STRAY_BOM = re.compile(rb"(?<![\x80-\xff])\xef\xbb\xbf(?=[\x00-\x7f])")
"""A UTF-8 mark between ASCII bytes: left in a GBK page by an include file, it would swallow what follows."""

_INCOMPLETE = frozenset({"unexpected end of data", "incomplete multibyte sequence", "truncated data"})
"""How Python's codecs (UTF-8, the East Asian ones, UTF-16) call a sequence that further bytes would complete."""

_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE)
_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "big5": "big5",
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body as text, without byte-order marks and NULs.

    ``encoding`` is ``utf-8``, ``gb18030``, ``big5`` or ``utf-16``. ``flags`` out of ``binary`` (no text at all:
    ``text`` is empty), ``cut-tail`` (the body ends inside a character, which is dropped) and ``damaged-bytes``
    (U+FFFD stands in the text).
    """

    text: str
    encoding: str
    flags: tuple[str, ...] = ()


def decode(body: bytes) -> Decoded:
    """The text of a response body; any bytes give an answer, in time linear in their number."""
    if body.startswith(_UTF16_BOMS):
        return _decoded(body, "utf-16", "utf-16")
    if _is_binary(body):
        return Decoded("", "utf-8", ("binary",))
    body = body.replace(b"\x00", b"")
    try:
        return Decoded(_unmarked(body.decode("utf-8")), "utf-8")
    except UnicodeDecodeError:
        pass
    body = body.removeprefix(_UTF8_BOM)
    if _UTF8_BOM in body:
        body = _STRAY_BOM.sub(b"", body)
    text = body.decode("gb18030", "replace")
    if _is_surely_gb(text):
        return _told(text, body, "gb18030", "gb18030")
    encoding = _best_reading(body)
    return _decoded(body, encoding, _CODECS[encoding])


def _is_binary(body: bytes) -> bool:
    content = body.rstrip(b"\x00")
    return body.startswith(_MAGIC) or (not content and bool(body)) or content.count(b"\x00") > _NUL_SHARE * len(content)


def _unmarked(text: str) -> str:
    return text.replace("\ufeff", "")


def _decoded(body: bytes, encoding: str, codec: str) -> Decoded:
    """Decode with U+FFFD for what cannot be read; a character that is cut by the end of the body is dropped."""
    return _told(body.decode(codec, "replace"), body, encoding, codec)


def _told(text: str, body: bytes, encoding: str, codec: str) -> Decoded:
    """A body's reading by a codec, with what it lacks."""
    flags = []
    if text.endswith("\ufffd") and _ends_inside_character(body, codec):
        text = text[:-1]
        flags.append("cut-tail")
    if "\ufffd" in text:
        flags.append("damaged-bytes")
    return Decoded(_unmarked(text), encoding, tuple(flags))


def _ends_inside_character(body: bytes, codec: str) -> bool:
    """Whether some further bytes would complete the last, unreadable character."""
    tail = body[-4:]
    for length in range(1, len(tail) + 1):
        try:
            tail[-length:].decode(codec)
        except UnicodeDecodeError as error:
            if error.start == 0 and error.reason in _INCOMPLETE:
                return True
    return False


def _best_reading(body: bytes) -> str:
    """The candidate that reads best over a sample of the bytes outside ASCII; for a body that is not surely GB.

    Ties go to the fewer U+FFFD, then to the declared charset, then to the order of candidates.
    """
    sample = _sample(body)
    declared = _DECLARED.search(body[:4096])
    wish = _ALIASES.get(declared[1].decode("ascii").lower(), "") if declared else ""

    def merit(encoding: str) -> tuple[float, int, bool]:
        text = sample.decode(_CODECS[encoding], "replace")
        return reads(text), -text.count("\ufffd"), encoding == wish

    return max(_CODECS, key=merit)


def _is_surely_gb(text: str) -> bool:
    """Whether a body, read as what most pages are that are no UTF-8, is plainly Chinese, looked at all through."""
    foreign = text.encode("utf-8").translate(None, _ASCII).decode("utf-8")
    some = foreign[:: 1 + len(foreign) // _LOOKED_AT]
    return bool(some) and reads(some) >= _SURELY * len(some)


def _sample(body: bytes) -> bytes:
    """Up to 256 KB of the runs that need decoding, so that scripts and styles before the text do not crowd it out."""
    runs: list[bytes] = []
    size = 0
    for match in _FOREIGN_RUN.finditer(body):
        runs.append(match[0])
        size += len(match[0]) + 1
        if size > _SAMPLE:
            break
    return b"\n".join(runs)[:_SAMPLE]
