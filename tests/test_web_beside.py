"""Two versions beside each other: what is paired with what, and that nothing is lost on either side."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.compare.align import COUNTER, Body
from monitor.web import compared
from monitor.web.beside import FOLDED, LONGEST, Piece, Row, beginning, beside, folded, is_long
from storage.records import Article, PageKind, Version

SEEN = datetime(2026, 11, 20, 1, tzinfo=UTC)
A = "11月20日，市政府召开第38次常务会议，研究供暖保障工作。"
B = "会议指出，全市已完成老旧管网改造126公里，惠及居民4156户。"
B2 = B.replace("4156户", "4165户")
C = "会议要求，各区县要落实属地责任，按期达到供热标准。"
D = "记者从市文旅局获悉，云溪古镇首届稻香文化节将于周末开幕。"


def article(*text: str) -> Article:
    return Article(PageKind.ARTICLE, paragraphs=text, canonical=text)


def rows(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    """Each row as its two sides, marked: [deleted] {inserted} <moved>."""
    return [(_side(row.old), _side(row.new)) for row in beside(article(*old), article(*new))]


def _side(paragraphs: Sequence[Sequence[object]]) -> str:
    marks = {"same": "{}", "del": "[{}]", "ins": "{{{}}}", "away": "<{}>", "here": "<{}>"}
    return "/".join("".join(marks[p.kind].format(p.text) for p in paragraph) for paragraph in paragraphs)  # type: ignore[attr-defined]


def merged(old: Sequence[str], new: Sequence[str]) -> list[str]:
    return [_side(row.merged) for row in beside(article(*old), article(*new))]


def test_the_same_text_stays() -> None:
    assert rows([A, B], [A, B]) == [(A, A), (B, B)]
    assert all(row.stayed for row in beside(article(A, B), article(A, B)))


def test_an_edit_stands_in_its_paragraph_on_both_sides() -> None:
    (stayed, edited, last) = rows([A, B, C], [A, B2, C])
    assert stayed == (A, A)
    assert edited == (B.replace("4156户", "[4156户]"), B2.replace("4165户", "{4165户}"))
    assert last == (C, C)
    assert merged([A, B, C], [A, B2, C])[1] == B.replace("4156户", "[4156户]{4165户}")


def test_a_paragraph_put_in_or_taken_out_has_nothing_beside_it() -> None:
    assert rows([A, C], [A, D, C]) == [(A, A), ("", f"{{{D}}}"), (C, C)]
    assert rows([A, D, C], [A, C]) == [(A, A), (f"[{D}]", ""), (C, C)]


def test_a_paragraph_replaced_by_another_stands_beside_it() -> None:
    other = D.replace("。", "！")
    assert rows([A, C], [A, other])[1] == (f"[{C}]", f"{{{other}}}")
    assert merged([A, C], [A, other])[1] == f"[{C}]/{{{other}}}"


def test_a_paragraph_that_changed_its_place_is_moved() -> None:
    told = rows([A, B, C, D], [A, D, B, C])
    assert (f"<{D}>", "") in told
    assert ("", f"<{D}>") in told
    assert (B, B) in told


def test_what_was_edited_in_a_paragraph_that_moved_is_marked_in_it() -> None:
    moved = D.replace("周末", "下月初")
    told = rows([D, A, B, C], [A, B, C, moved])
    assert told[0] == ("".join(f"<{part}>" for part in D.partition("周末")), "")
    assert told[-1] == ("", "".join(f"<{part}>" for part in moved.partition("下月初")))
    edited = [p.text for row in beside(article(D, A, B, C), article(A, B, C, moved)) for p in _pieces(row) if p.edited]
    assert edited == ["周末", "下月初"]


def _pieces(row: Row) -> list[Piece]:
    return [piece for side in (row.old, row.new) for paragraph in side for piece in paragraph]


def test_a_paragraph_cut_in_two_stands_beside_both() -> None:
    assert rows([A + B, C], [A, B, C]) == [(A + B, f"{A}/{B}"), (C, C)]
    assert rows([A, B, C], [A + B, C]) == [(f"{A}/{B}", A + B), (C, C)]


def test_what_is_no_news_is_not_marked() -> None:
    quiet = B.replace("，", ",").replace("。", "。浏览次数:12")
    assert rows([B + "浏览次数:9999", C], [quiet, C]) == [(B, B), (C, C)]


def test_typography_alone_leaves_both_sides_in_step() -> None:
    told = rows([f"他说“{B}”——{A}", C], [f'他说"{B2}"—{A}', C])
    assert told[-1] == (C, C)
    assert "[4156户]" in told[0][0]
    assert "{4165户}" in told[0][1]


def test_an_empty_side_is_shown_as_such() -> None:
    assert rows([], [A]) == [("", f"{{{A}}}")]
    assert rows([A], []) == [(f"[{A}]", "")]
    assert rows([], []) == []


def test_long_sameness_is_folded_and_its_neighbours_are_not() -> None:
    lines = [f"第{number}条规定保持原样，不作改动。" for number in range(12)]
    folds = folded(beside(article(*lines, B), article(*lines, B2)))
    assert [(fold.stayed, len(fold.rows)) for fold in folds] == [(True, 11), (False, 2)]
    short = folded(beside(article(*lines[: FOLDED - 1], B), article(*lines[: FOLDED - 1], B2)))
    assert [fold.stayed for fold in short] == [False]


def test_a_text_beyond_all_measure_is_compared_in_part() -> None:
    long = article(*["一段很长的文字。" * 1000] * 20)
    assert is_long(long)
    assert not is_long(article(A))
    assert sum(len(_side(row.new)) for row in beside(long, long)) <= LONGEST
    assert sum(map(len, beginning(long).canonical)) == LONGEST
    assert beginning(article(A)) == article(A)


def test_what_was_compared_just_now_is_not_compared_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    monkeypatch.setattr(compared, "_made", OrderedDict())
    monkeypatch.setattr(compared, "honest_difference", lambda *pair: calls.append(pair))
    old, *others = (
        Version("yunxi", "http://a/1", number, SEEN, f"f{number}", article(*[A, B][: number % 2 + 1]))
        for number in range(1, compared.KEPT + 3)
    )
    assert compared.compared(old, others[0]) is compared.compared(old, others[0])
    assert len(calls) == 1
    compared.compared(others[0], old)
    assert len(calls) == 2
    for other in others:
        compared.compared(old, other)
    compared.compared(others[0], old)
    assert len(calls) == len(others) + 2


SENTENCES = (A, B, B2, C, D, "附件:名单.doc", "", "浏览次数:7", "一、总则", "2026年11月20日", "云溪市人民政府办公室")
texts = st.lists(st.lists(st.sampled_from(SENTENCES), max_size=3).map("".join), max_size=7)


@given(texts, texts)
def test_neither_side_loses_or_gains_a_sign(old: list[str], new: list[str]) -> None:
    found = beside(article(*old), article(*new))
    for side, text in (("old", old), ("new", new)):
        shown = "".join(p.text for row in found for paragraph in getattr(row, side) for p in paragraph)
        assert len(shown) == sum(len(COUNTER.sub("", paragraph)) for paragraph in Body.of(text).paragraphs)
    assert all(_is_told(row) for row in found)


def _is_told(row: Row) -> bool:
    """Whether the merged view says all that the sides say."""
    changed = {p.text for side in (row.old, row.new) for paragraph in side for p in paragraph if p.kind != "same"}
    said = "".join(p.text for paragraph in row.merged for p in paragraph)
    return all(text in said for text in changed)


@pytest.mark.parametrize("new", [[A, B2, C], [C, A, B], [D], []])
def test_only_what_differs_is_marked(new: list[str]) -> None:
    marked = [row for row in beside(article(A, B, C), article(*new)) if not row.stayed]
    assert marked
