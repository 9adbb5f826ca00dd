"""What a person types is read, and told in one line where it cannot be."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.search.matching import pattern_of
from monitor.search.query import Query, Unreadable, parse
from monitor.search.wording import FAULTS, fault_line
from storage.changes import ChangeKind
from storage.folding import DASHES, fold, unfolded
from storage.signs import signs_of, signs_of_word, wanted_signs

DAY = date(2026, 11, 23)
TYPED = st.text(alphabet='市长安全AbÉ9０ 　"“”「」-－：:，。、.~至;site题title日期day2026-kind《》%_\n', max_size=40)
SAID = st.text(alphabet="市市长安全abcÉé912 　，。-_.\n的", min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("市长 安全", Query(("市长", "安全"))),
        ("市长，安全、生产。", Query(("市长", "安全", "生产"))),
        ('"市委 书记" 会', Query(("市委 书记", "会"))),
        ("“市委书记”「会议」", Query(("市委书记", "会议"))),
        ("安全 -演练 －考核", Query(("安全",), without=("演练", "考核"))),
        ("安全 —会 −5℃ ——记者 --考核", Query(("安全", "-会", "-5°c", "--记者", "--考核"))),
        ("会 day:2026–11—23", Query(("会",), first_day=DAY, last_day=DAY)),
        ("会 site∶a", Query(("会",), sites=frozenset({"a"}))),
        ('安全 -"应急 演练"', Query(("安全",), without=("应急 演练",))),
        ("covid-19 4,156 PM2.5", Query(("covid-19", "4,156", "pm2.5"))),
        ("ＡＢＣ １２", Query(("abc", "12"))),
        ("於洋", Query(("于洋",))),
        ("安全 & 生产 %", Query(("安全", "生产"))),
        ("安全 site:a-b SITE：c", Query(("安全",), sites=frozenset({"a-b", "c"}))),
        ("安全 站点：a，b", Query(("安全",), sites=frozenset({"a", "b"}))),
        ("title:公告", Query(titles=("公告",))),
        ("标题：“市长 公告” 会", Query(("会",), ("市长 公告",))),
        ("会 kind:removed 类型：篡改", Query(("会",), kinds=frozenset({ChangeKind.REMOVED, ChangeKind.TAMPERED}))),
        ("会 day:2026-11-23", Query(("会",), first_day=DAY, last_day=DAY)),
        ("会 日期：2026年11月23日", Query(("会",), first_day=DAY, last_day=DAY)),
        ("会 day:2026-2", Query(("会",), first_day=date(2026, 2, 1), last_day=date(2026, 2, 28))),
        ("会 day:2026年2月", Query(("会",), first_day=date(2026, 2, 1), last_day=date(2026, 2, 28))),
        ("会 day:2026", Query(("会",), first_day=date(2026, 1, 1), last_day=date(2026, 12, 31))),
        ("会 day:2026-11..2026-12", Query(("会",), first_day=date(2026, 11, 1), last_day=date(2026, 12, 31))),
        ("会 日期：2026-11～2026-12", Query(("会",), first_day=date(2026, 11, 1), last_day=date(2026, 12, 31))),
        ("会 day:2026-11-23..", Query(("会",), first_day=DAY)),
        ("会 day:至2026-11-23", Query(("会",), last_day=DAY)),
        ("文号：栖政发 http://a/", Query(("文号:栖政发", "http://a/"))),
    ],
)
def test_what_is_typed_is_read(typed: str, read: Query) -> None:
    assert parse(typed) == read


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        *((typed, "no-word") for typed in ("", "  ", "%", "——", "-市长", "site:a", '""')),
        *((typed, "open-quote") for typed in ('"市长', "市“长")),
        *((f"会 {typed}", "day") for typed in ("day:2026-13", "day:2026-02-30", "day:昨天", "day:1..2..3", "day:..")),
        ("会 day:2026-12..2026-11", "backwards"),
        ("会 day:0000", "day"),
        ("会 day:2026 day:2027", "two-days"),
        ("会 kind:其他", "kind"),
        ("会 -site:a", "minus"),
        ('会 site:""', "empty"),
        ("会" * 301, "too-long"),
        (" ".join(f"会{n}" for n in range(17)), "too-many"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(typed: str, fault: str) -> None:
    with pytest.raises(Unreadable) as raised:
        parse(typed)
    assert raised.value.fault == fault
    for lang in FAULTS:
        line = fault_line(raised.value, lang)
        assert line
        assert "\n" not in line


def readable(typed: str) -> Query | None:
    """The query; none where it is refused in words."""
    try:
        return parse(typed)
    except Unreadable as fault:
        return None if fault_line(fault) else Query()


@given(TYPED)
def test_anything_is_read_or_refused(typed: str) -> None:
    query = readable(typed)
    if query is None:
        return
    assert query.words or query.titles
    for word in (*query.words, *query.titles, *query.without):
        assert signs_of_word(word)
        assert fold(word) == word
    quoted = " ".join(f'"{word}"' for word in query.words)
    assert not query.words or parse(quoted).words == query.words


@given(SAID, st.data())
def test_the_index_proposes_every_text_that_holds_a_word(said: str, data: st.DataObject) -> None:
    folded = fold(said)
    start = data.draw(st.integers(0, len(folded) - 1))
    word = " ".join(folded[start : start + data.draw(st.integers(1, 8))].split())
    wanted = signs_of_word(word)
    if wanted and pattern_of(word).search(folded):
        assert set(wanted) <= signs_of("", folded, "a", DAY)


@given(st.text(alphabet="於市ABß㎡½ﬁ①\U0001d400 長", max_size=20), st.data())
def test_spans_lead_back_to_the_text(said: str, data: st.DataObject) -> None:
    folded = fold(said)
    end = data.draw(st.integers(0, len(folded)))
    start = data.draw(st.integers(0, end))
    for begin, stop in unfolded(said, [(start, end)]) if start < end else []:
        assert folded[start:end] in fold(said[begin:stop])


def test_folding() -> None:
    assert fold("於洋ＡＢ㎡") == "于洋abm2"
    assert fold("京—津–冀−沪‑杭﹘甬：1∶1") == "京-津-冀-沪-杭-甬:1:1"


@given(SAID, st.sampled_from(DASHES + "\u2236"))
def test_an_index_made_before_dashes_were_folded_serves_on(said: str, sign: str) -> None:
    before = fold(said).replace("-", sign)
    assert signs_of("", before, "a", DAY) == signs_of("", fold(before), "a", DAY)


def test_days_and_sites_that_no_version_has_are_empty_sets() -> None:
    for query in (Query(("市",), last_day=date(1999, 12, 31)), Query(("市",), first_day=date(2080, 1, 1))):
        assert wanted_signs(query.asked())[1] == [[]]
    assert wanted_signs(Query(("市",), sites=frozenset({"a b", 'a"'})).asked())[1] == [[]]
    assert fold("栖川市2026年") == "栖川市2026年"


def test_a_span_of_days_is_asked_for_in_few_signs() -> None:
    query = Query(("市长",), ("会",), sites=frozenset("B"), first_day=date(2025, 12, 30), last_day=date(2027, 2, 2))
    every, some = wanted_signs(query.asked())
    assert every == ["市长", "\ue000会"]
    times = ["2025-12-30", "2025-12-31", "2026", "2027-01", "2027-02-01", "2027-02-02"]
    assert some == [["\ue001b"], [f"\ue002{time}" for time in times]]
    assert len(wanted_signs(Query(("市",), first_day=date(2026, 2, 2)).asked())[1][0]) < 100


def test_a_long_phrase_is_asked_for_by_some_of_its_pairs() -> None:
    phrase = "".join(chr(0x4E00 + number) for number in range(200))
    assert len(signs_of_word(phrase)) <= 16
    assert signs_of_word("一") == ["一"]
    assert signs_of_word("a b") == ["a", "b"]
    assert signs_of_word("，") == []
