"""Text as bytes that stay the same for as long as an archive lives.

GB18030 takes two bytes for most Chinese letters where UTF-8 takes three, and is what many of the pages themselves are
spelled in. Its tables were revised in 2005 and 2022, and a later Python may follow: text with a letter that has moved
or may move is therefore never spelled in it.
"""

from __future__ import annotations

import re

GB, UTF8 = "gb18030", "utf-8"

# U+1E3F moved in 2005; the vertical forms, the letters of 9FB4 to 9FBB and the private ones that stood for them in
# 2022. All private letters are left out with them, and what is no letter at all, which UTF-8 refuses.
_MAY_MOVE = re.compile("[\u1e3f\u9fb4-\u9fbb\ud800-\udfff\ue000-\uf8ff\ufe10-\ufe1f]")


def is_steady(text: str) -> bool:
    """Whether GB18030 spells a text now as it did and will."""
    return _MAY_MOVE.search(text) is None


def as_page_spells(text: str, encoding: str | None) -> bytes:
    """A text as it stands, more or less, in the bytes of a page that was read with ``encoding``."""
    chosen = GB if encoding == GB and is_steady(text) else UTF8
    return text.encode(chosen, "replace")
