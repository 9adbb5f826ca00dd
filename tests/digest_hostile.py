"""A day on which pages say whatever might break out of a digest into its reader's screen."""

from __future__ import annotations

from digest_sample import change, digest_of, replaced, version

from monitor.digest.day import Digest
from storage.records import ChangeKind, Edit, Facts, SiteHealth


def hostile_day(text: str) -> Digest:
    """A day on which every word that a page has a hand in is the given one."""
    kept = {
        ("http://yunxi.example/1.html", 1): version("yunxi", "1", text, text, published_at=text, source=text),
        ("http://yunxi.example/1.html", 2): version("yunxi", "1", text, text + "甲", number=2),
    }
    told = (
        change("yunxi", "1", ChangeKind.EDITED, 9, text, from_version=1, to_version=2, weight=0.9, note=text,
               edits=(Edit("insert", "", "甲", 0), replaced(text, text, None, text)),
               facts=Facts(people=((text, text),))),
        change("yunxi", "1", ChangeKind.REMOVED, 9, text, how=text, evidence={text: [text]}),
        change("yunxi", "1", ChangeKind.TAMPERED, 9, text, evidence={text: {"url": text}}),
        change("yunxi", "1", ChangeKind.MOVED, 9, text, evidence={"to": text}),
        change("yunxi", "1", ChangeKind.NEW, 9, text, reprint_of=text),
        change("yunxi", "2", ChangeKind.NEW, 9, text),
    )  # fmt: skip
    health = (SiteHealth("yunxi", text, None, stale_columns=(text,), note=text),)
    return digest_of(told, kept, health)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><style>*{display:none}",
    "javascript:alert(1)",
    'http://x.invalid/" onclick="alert(1)',
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&#60;i&#62;",
    "\u202egnp.exe\x00\x1b]0;x\x07",
    "'><svg/onload=alert(1)>",
    "]]><!--",
]
