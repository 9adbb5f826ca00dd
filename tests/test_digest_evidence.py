"""Evidence as lines that a reader can follow."""

from __future__ import annotations

import pytest
from digest_sample import change
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest.evidence import LINES, evidence_lines
from monitor.tell import Lang
from storage.records import ChangeKind


@pytest.mark.parametrize(
    ("key", "value", "chinese", "english"),
    [
        (
            "first_missing_at",
            "2026-11-22T02:10:00+00:00",
            ("首次缺失", "2026-11-22 10:10"),
            ("first missing", "2026-11-22 10:10"),
        ),
        (
            "answers",
            ["404", "soft-404", "x"],
            ("历次应答", "返回 404; 页面改称不存在; x"),
            ("answers", "answers 404; page now says it does not exist; x"),
        ),
        ("title", {"before": "旧题", "after": "彩票"}, ("网页标题", "旧题 → 彩票"), ("page title", "旧题 → 彩票")),
        (
            "spam_words",
            {"title": ["彩票", "棋牌"], "links": ["真人"]},
            ("可疑词", "网页标题 彩票、棋牌; 链接文字 真人"),
            ("suspect words", "page title 彩票, 棋牌; link texts 真人"),
        ),
        (
            "hidden_links",
            [{"url": "http://x.invalid/", "title": "真人"}],
            ("隐藏链接", "http://x.invalid/ 真人"),
            ("hidden links", "http://x.invalid/ 真人"),
        ),
        ("entity_coded", True, ("以实体编码掩藏", "是"), ("hidden as entities", "yes")),
        ("visits", 3, ("复核次数", "3"), ("visits", "3")),
        ("unheard_of", "甲\u202e\n乙", ("unheard_of", "甲 乙"), ("unheard_of", "甲 乙")),
        (
            "printed",
            "2026-13-45T99:00:00+08:00",
            ("页面所示", "2026-13-45T99:00:00+08:00"),
            ("page says", "2026-13-45T99:00:00+08:00"),
        ),
    ],
)
def test_known_evidence(key: str, value: object, chinese: tuple[str, str], english: tuple[str, str]) -> None:
    assert evidence_lines({key: value}, "zh") == (chinese,)
    assert evidence_lines({key: value}, "en") == (english,)


def test_what_means_nothing_to_a_reader_is_left_out() -> None:
    assert evidence_lines({"score": 0.9, "note": None, "empty": [], "nothing": ""}, "zh") == ()


def test_long_evidence_is_cut() -> None:
    told = evidence_lines({f"k{n}": "长" * 900 for n in range(40)}, "zh")
    assert len(told) == LINES
    assert all(len(text) <= 160 for _, text in told)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=6), st.sampled_from(["zh", "en"]))
def test_any_evidence_can_be_told(evidence: dict[str, object], lang: Lang) -> None:
    told = evidence_lines(change("a", "1", ChangeKind.REMOVED, 1, evidence=evidence).evidence, lang)
    assert all("\n" not in name + text for name, text in told)
