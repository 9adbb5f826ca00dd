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

_BARE = zstandard.FORMAT_ZSTD1_MAGICLESS
_MAGIC = b"\x28\xb5\x2f\xfd"
"""What zstd begins with by default. No frame without it begins so: the first byte would have a reserved bit set."""

SAME_BYTES = "same_bytes"
"""The evidence of a visit whose answer was, byte for byte, the one that is kept of its page's newest version."""


def body_hash(body: bytes) -> str:
    """The name of a body: hex SHA-256 of its bytes as they came over the wire."""
    return hashlib.sha256(body).hexdigest()


def squeeze(plain: bytes, like: bytes = b"") -> bytes:
    """Bytes packed against bytes that they are like; the window reaches over both, however long they are.

    Neither zstd's magic nor a checksum is kept: they are eight bytes of about a hundred that a further version takes.
    Bodies are checked by their names.
    """
    return _squeeze(plain, like, _BARE)


def squeeze_with_magic(plain: bytes, like: bytes) -> bytes:
    """The same with zstd's magic before it, which may thus say something: see ``has_magic``."""
    return _squeeze(plain, like, zstandard.FORMAT_ZSTD1)


def _squeeze(plain: bytes, like: bytes, form: int) -> bytes:
    known = zstandard.ZstdCompressionDict(like, dict_type=zstandard.DICT_TYPE_RAWCONTENT) if like else None
    reach = _reach(len(plain) + len(like))
    settings = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, format=form, source_size=len(plain), dict_size=len(like), window_log=reach, write_dict_id=False
    )
    return zstandard.ZstdCompressor(dict_data=known, compression_params=settings).compress(plain)


def _reach(size: int) -> int:
    return min(max(size.bit_length(), zstandard.WINDOWLOG_MIN), 27)


def spread(packed: bytes, like: bytes = b"") -> bytes:
    """What ``squeeze`` packed, now or as it did in older archives. Raises BodyUnreadable where it is damaged."""
    known = zstandard.ZstdCompressionDict(like, dict_type=zstandard.DICT_TYPE_RAWCONTENT) if like else None
    form = zstandard.FORMAT_ZSTD1 if has_magic(packed) else _BARE
    try:
        return zstandard.ZstdDecompressor(dict_data=known, format=form).decompress(packed)
    except zstandard.ZstdError as error:
        raise BodyUnreadable(f"damaged: {error}") from error


def has_magic(packed: bytes) -> bool:
    """Whether a frame begins as zstd's do by default: as all did that were packed before these were kept bare."""
    return packed.startswith(_MAGIC)


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
