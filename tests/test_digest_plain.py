"""The plain part of a mail: no marks, no links but our own; and where the archive is linked."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from digest_hostile import HOSTILE, hostile_day
from digest_sample import change, digest_of, replaced, small_day

from monitor.digest import html, mail, markdown, plain
from storage.records import ChangeKind

ARCHIVE = "https://archive.example.cn/"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_digest_is_told_without_marks(lang: str) -> None:
    told = plain.render(small_day(), lang)  # type: ignore[arg-type]
    for mark in ("**", "~~", "\\", "(<", "\n#", "\n  >"):
        assert mark not in told
    assert "6.89亿元" in told
    assert ("[删：6.89亿元][增：7.89亿元]" if lang == "zh" else "[deleted: 6.89亿元][inserted: 7.89亿元]") in told
    assert not re.search(r"https?://\S*[^\x00-\x7f]", told)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_word_of_a_page_becomes_a_link_or_a_line(text: str) -> None:
    told = plain.render(hostile_day(text))
    linked = {re.sub(r"[)>,.]+$", "", found) for found in re.findall(r"(?:https?://|www\.\w)\S+", told)}
    assert all(re.match(r"https?://(?:yunxi|lanqiao|shiquan|wenxin)\.example/", found) for found in linked)
    assert not re.search("[\u202a-\u202e\x1b]", told)


def test_changes_lead_to_the_archive_where_readers_reach_it() -> None:
    kinds = (ChangeKind.REMOVED, ChangeKind.EDITED, ChangeKind.TAMPERED, ChangeKind.MOVED)
    told = digest_of(
        tuple(
            replace(change("yunxi", f"p{n}", kind, 9, f"题{n}", weight=0.9, edits=(replaced("甲", "乙"),)), id=n)
            for n, kind in enumerate(kinds, 1)
        )
    )
    for form in (html, mail, markdown, plain):
        whole = form.render(told, "zh", archive=ARCHIVE)
        for number, name in enumerate(("存档", "对照", "存档", "变动"), 1):
            assert f"https://archive.example.cn/change/{number}" in whole
            assert name in whole
        assert "archive.example.cn" not in form.render(told)
        assert "archive.example.cn" not in form.render(small_day(), "zh", archive=ARCHIVE)
        assert "/change/" not in form.render(told, "zh", archive="javascript:alert(1)")


def test_an_altered_date_is_told_as_dates_are() -> None:
    edit = replaced("2026-11-14T14:42:00+08:00", "2026-11-15", None, "published_at")
    told = digest_of((change("yunxi", "p", ChangeKind.REDATED, 9, "题", weight=0.6, edits=(edit,)),))
    for form in (html, mail, markdown, plain):
        whole = form.render(told)
        assert "2026-11-14 14:42" in whole
        assert "T14:42" not in whole
