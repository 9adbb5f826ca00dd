"""What is remembered of a page's bytes, so that an answer that says nothing new is known without being read.

Frozen records, standard library only; ``crawler.calm`` decides with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where something moves on a page: the bytes before it and behind it.

    ``size`` is the most bytes that were seen there, ``run`` the most of them without markup, ``kinds`` what kinds of
    thing they were (tags, attributes, hosts; lower case).
    """

    before: bytes
    behind: bytes
    size: int = 0
    run: int = 0
    kinds: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Calm:
    """What a page's bytes are while it says what was read last.

    ``rest`` is the hex hash of its bytes outside of ``places``, empty where its places could not be told; ``reading``
    is the name of the reading that read them, ``version`` the number of the version that they say, ``read_at`` when
    the page was last read whole. ``parts`` are the addresses of an article's further pages, whose bodies are then
    stitched behind its first one's. Of a list ``said`` is the hex hash of what it names, and ``seed`` a body of it that
    later ones are compared with: unlike an article's its bodies are kept nowhere else.
    """

    rest: str
    reading: str
    version: int
    read_at: datetime
    places: tuple[Place, ...] = ()
    parts: tuple[str, ...] = ()
    said: str = ""
    seed: bytes = b""
