"""What is noted of a change, for an English reader."""

from __future__ import annotations

import pytest
from digest_sample import change, digest_of

from monitor.compare import backdating, tampering
from monitor.compare.presence import BY_HAND
from monitor.digest import html, mail, markdown, plain
from monitor.notes import note_in
from storage.records import ChangeKind

EVIDENCE = {"spam_words": {"title": ["百家乐", "棋牌"], "body": ["棋牌"]}, "redirects": ["http://x.example/"]}
HIJACK = change(
    "yunxi", "p", ChangeKind.TAMPERED, 9, "题", evidence=EVIDENCE, note=tampering.note_of(EVIDENCE)
)  # fmt: skip


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (BY_HAND, "seen once, at a check by hand"),
        ("篡改已清除", "the tampering was cleaned up"),
        ("只调整了段落次序", "only the order of paragraphs changed"),
        ("现址 http://x.example/2", "now at http://x.example/2"),
        (
            backdating.note_of({"days": 52, "printed": "2026-10-01"}),
            "dated 52 days before it was first seen (seemingly dated back): 2026-10-01",
        ),
        ("发布日期改早18天（倒填）：2026-11-20 → 2026-11-02", "dated back by 18 days: 2026-11-20 → 2026-11-02"),
        ("自写的话", "自写的话"),
        ("", ""),
    ],
)
def test_a_note_is_told_in_english(note: str, said: str) -> None:
    told = change("yunxi", "p", ChangeKind.REMOVED, 9, "题", note=note)
    assert note_in(told, "en") == said
    assert note_in(told, "zh") == note


def test_a_hijack_is_told_by_its_evidence() -> None:
    assert note_in(HIJACK, "en") == "spam words: 百家乐, 棋牌; leads to another host"
    assert note_in(HIJACK, "zh") == "出现垃圾词：百家乐、棋牌；跳转到外站"


def test_an_english_digest_has_no_chinese_note() -> None:
    gone = change("yunxi", "q", ChangeKind.REMOVED, 9, "题", note=BY_HAND, weight=0.9)
    for form in (html, mail, markdown, plain):
        told = form.render(digest_of((HIJACK, gone)), "en")
        # A mail tells of a withdrawal what was kept, not how it was found.
        assert form is mail or "check by hand" in told
        assert "手动复查" not in told
        assert "跳转到外站" not in told
