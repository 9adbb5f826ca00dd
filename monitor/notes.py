"""What is said of a change beside its texts: its note and its facts, in the reader's language. Pure.

Notes are written in Chinese where a change is found (``monitor.compare``) and kept so; an English reader is told the
same from what the note and its evidence say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from monitor.tell import Lang, printable
from storage.records import Change, ChangeKind

_FIXED: Mapping[str, str] = {
    "一次手动复查所见": "seen once, at a check by hand",
    "篡改已清除": "the tampering was cleaned up",
    "只调整了段落次序": "only the order of paragraphs changed",
}
_PATTERNS = (
    (re.compile(r"现址 (.+)", re.DOTALL), r"now at \1"),
    (
        re.compile(r"发布日期早于首见(\d+)天（疑似倒填）：(.+)"),
        r"dated \1 days before it was first seen (seemingly dated back): \2",
    ),
    (re.compile(r"发布日期改早(\d+)天（倒填）：(.+)"), r"dated back by \1 days: \2"),
)
_SIGNS: Mapping[str, str] = {
    "title": "the page title has nothing to do with the text",
    "keywords": "the keywords have nothing to do with the text",
    "description": "the description has nothing to do with the text",
    "redirects": "leads to another host",
    "writes": "writes another host's script",
    "covers": "a frame of another host covers the page",
    "slips": "a hidden frame of another host",
    "loads": "loads a doubtful script of another host",
    "sells": "new spam links",
    "woven": "links to other hosts laid on words of the text",
    "throwaway": "new doubtful hosts",
    "paragraphs": "spam paragraphs put into the text",
    "shown": "spam put on the page",
    "defaced": "replaced by a hacker's message",
}
_UNREAD = ("alt", "comment", "noscript", "hidden")
_WORDS = 5


def note_in(change: Change, lang: Lang) -> str:
    """What is noted of a change, in one line; empty where nothing is. A note without a translation stays as it is."""
    note = change.note or ""
    if lang == "zh" or not note:
        return note
    if change.kind is ChangeKind.TAMPERED and change.evidence:
        return _hijack(change.evidence)
    if note in _FIXED:
        return _FIXED[note]
    return next((found.expand(words) for sign, words in _PATTERNS if (found := sign.fullmatch(note))), note)


def _hijack(evidence: Mapping[str, object]) -> str:
    """What gave a hijack away, by its evidence."""
    words = evidence.get("spam_words")
    said = [str(word) for seen in words.values() for word in seen] if isinstance(words, Mapping) else []
    parts = [f"spam words: {', '.join(list(dict.fromkeys(said))[:_WORDS])}"] if said else []
    parts += [words for name, words in _SIGNS.items() if name in evidence]
    if "hidden_count" in evidence:
        parts.append(f"{evidence['hidden_count']} new hidden links")
    if any(name in evidence for name in _UNREAD):
        parts.append("keywords piled up out of sight")
    return "; ".join(parts) or "suspicious code on the page"


def told_fact(before: str, after: str, lang: Lang = "zh") -> str:
    """Two sides of an edit in words, for prose: ``旧 → 新``; a lone side by what became of it, 新增“新” or 删去“旧”.

    A sign before a figure would read as the figure's own.
    """
    before, after = printable(before), printable(after)
    if before and after:
        return f"{before} → {after}"
    if lang == "zh":
        return f"{'新增' if after else '删去'}“{after or before}”"
    return f"“{after or before}” {'added' if after else 'removed'}"
