"""The small day in every format, byte for byte.

Refresh after an intended change, then read the difference before it is committed:

    SHIXUN_REFRESH_GOLDEN=1 python -m pytest tests/test_digest_golden.py
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from digest_sample import empty_day, small_day

from monitor.digest import asjson, html, mail, markdown

GOLDEN = Path(__file__).with_name("golden")
DOCUMENTS = {
    "digest-small.zh.html": lambda: html.render(small_day()),
    "digest-small.en.html": lambda: html.render(small_day(), "en"),
    "digest-small.zh.md": lambda: markdown.render(small_day()),
    "digest-small.en.md": lambda: markdown.render(small_day(), "en"),
    "digest-small.zh.mail.html": lambda: mail.render(small_day()),
    "digest-small.json": lambda: asjson.render(small_day()),
    "digest-empty.zh.html": lambda: html.render(empty_day()),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_is_the_kept_one(name: str) -> None:
    path, told = GOLDEN / name, DOCUMENTS[name]()
    if os.environ.get("SHIXUN_REFRESH_GOLDEN"):
        path.write_text(told, encoding="utf-8", newline="\n")
    assert told == path.read_text(encoding="utf-8")
