"""Raw responses as they are kept: named by their content, compressed with zstd.

Level 9 stores a 61 KB page in about 12 KB (measured; see docs/decisions.md); higher levels cost more time than the
bytes are worth. Reference counting is the database's: see ``storage.sql.crawling``.
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


def pack(body: bytes) -> bytes:
    """The body as it is stored."""
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(body)


def unpack(packed: bytes, name: str) -> bytes:
    """The body that ``pack`` stored under ``name``. Raises BodyUnreadable where it is not that body any more."""
    try:
        body = zstandard.ZstdDecompressor().decompress(packed)
    except zstandard.ZstdError as error:
        raise BodyUnreadable(f"kept body {name[:12]} is damaged: {error}") from error
    if body_hash(body) != name:
        raise BodyUnreadable(f"kept body {name[:12]} is not what was stored under that name")
    return body
