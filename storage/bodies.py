"""Raw responses as they are kept: named by their content, compressed with zstd.

A page is much like the other pages of its site, and most of all like itself as it was: what is alike is a raw
dictionary of zstd, and only the rest is stored. Level 9 stores a 61 KB page in about 12 KB by itself (measured; see
docs/decisions.md); higher levels cost more time than the bytes are worth. What is packed against what, and how many
use it, is the database's: see ``storage.sql.bodykeep``.
"""

from __future__ import annotations

import hashlib

import zstandard

from storage.errors import BodyUnreadable

LEVEL = 9

SAME_BYTES = "same_bytes"
"""The evidence of a visit whose answer was, byte for byte, the one that is kept of its page's newest version."""


def body_hash(body: bytes) -> str:
    """The name of a body: hex SHA-256 of its bytes as they came over the wire."""
    return hashlib.sha256(body).hexdigest()


def squeeze(plain: bytes, like: bytes = b"") -> bytes:
    """Bytes packed against bytes that they are like; the window reaches over both, however long they are."""
    if not like:
        return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(plain)
    known = zstandard.ZstdCompressionDict(like, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    settings = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, source_size=len(plain), dict_size=len(like), window_log=_reach(len(plain) + len(like))
    )
    return zstandard.ZstdCompressor(dict_data=known, compression_params=settings).compress(plain)


def _reach(size: int) -> int:
    return min(max(size.bit_length(), zstandard.WINDOWLOG_MIN), 27)


def spread(packed: bytes, like: bytes = b"") -> bytes:
    """What ``squeeze`` packed. Raises BodyUnreadable where it is damaged."""
    known = zstandard.ZstdCompressionDict(like, dict_type=zstandard.DICT_TYPE_RAWCONTENT) if like else None
    try:
        return zstandard.ZstdDecompressor(dict_data=known).decompress(packed)
    except zstandard.ZstdError as error:
        raise BodyUnreadable(f"damaged: {error}") from error


def pack(body: bytes, like: bytes = b"") -> bytes:
    """The body as it is stored."""
    return squeeze(body, like)


def unpack(packed: bytes, name: str, like: bytes = b"") -> bytes:
    """The body that ``pack`` stored under ``name``. Raises BodyUnreadable where it is not that body any more."""
    try:
        body = spread(packed, like)
    except BodyUnreadable as error:
        raise BodyUnreadable(f"kept body {name[:12]} is {error}") from error
    if body_hash(body) != name:
        raise BodyUnreadable(f"kept body {name[:12]} is not what was stored under that name")
    return body
