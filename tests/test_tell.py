"""Changes told as the contract's JSON and as lines."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from digest_sample import change, replaced, small_changes
from hypothesis import given
from hypothesis import strategies as st

from monitor.articlejson import article_json
from monitor.tell import (
    FACT_NAMES,
    FIELD_NAMES,
    HOW_NAMES,
    KIND_NAMES,
    as_json,
    as_line,
    cut,
    edit_line,
    printable,
    summary,
)
from storage.records import Article, Attachment, Change, ChangeKind, Edit, Facts, Link, PageKind

CHANGE_KEYS = [
    "site", "url", "kind", "detected_at", "title", "from_version", "to_version", "weight", "how", "edits", "facts",
    "paragraphs_added", "paragraphs_removed", "reprint_of", "evidence", "note",
]  # fmt: skip
ARTICLE_KEYS = [
    "file", "url", "kind", "title", "published_at", "source", "authors", "editors", "abstract",
    "document_number", "index_number", "column", "site_name", "paragraphs", "canonical", "attachments", "next_page",
    "links", "encoding", "platform", "flags", "provenance", "extractor",
]  # fmt: skip


@pytest.mark.parametrize("told", small_changes(), ids=lambda told: told.kind.value)
def test_change_has_the_contracts_keys_in_their_order(told: Change) -> None:
    assert list(as_json(told)) == CHANGE_KEYS
    json.dumps(as_json(told))


def test_change_json_says_all_there_is() -> None:
    told = as_json(
        change(
            "loudi",
            "84213",
            ChangeKind.EDITED,
            9,
            "学党史",
            from_version=1,
            to_version=2,
            weight=0.8,
            edits=(replaced("4156名", "4165名", 12), replaced("甲报", "乙报", None, "source")),
            facts=Facts(numbers=(("4156名", "4165名"),), negations=(("", "不得"),)),
        )
    )
    assert told["detected_at"] == "2026-11-22T09:00:00+08:00"
    assert told["kind"] == "edited"
    assert told["edits"] == [
        {"op": "replace", "before": "4156名", "after": "4165名", "paragraph": 12},
        {"op": "replace", "before": "甲报", "after": "乙报", "paragraph": None, "field": "source"},
    ]
    assert told["facts"] == {
        "numbers": [["4156名", "4165名"]],
        "dates": [],
        "people": [],
        "documents": [],
        "negations": [["", "不得"]],
        "organisations": [],
        "places": [],
    }


def test_detection_is_told_in_china_time_whatever_zone_it_is_kept_in() -> None:
    late = Change("a", "u", ChangeKind.NEW, datetime(2026, 11, 22, 17, 30, 59, 999999, tzinfo=UTC))
    assert as_json(late)["detected_at"] == "2026-11-23T01:30:59+08:00"


def test_evidence_of_any_make_is_json() -> None:
    found = {
        "at": datetime(2026, 11, 22, tzinfo=UTC),
        "day": date(2026, 11, 22),
        "hosts": frozenset({"b.invalid", "a.invalid"}),
        "links": (Link("http://a.invalid/", "彩票"),),
        "nested": {"status": 404, "kinds": (PageKind.MISSING,)},
        "nothing": None,
    }
    told = as_json(change("a", "b", ChangeKind.REMOVED, 1, evidence=found))["evidence"]
    assert told == {
        "at": "2026-11-22T08:00:00+08:00",
        "day": "2026-11-22",
        "hosts": ["a.invalid", "b.invalid"],
        "links": ["Link(url='http://a.invalid/', title='彩票', date=None)"],
        "nested": {"status": 404, "kinds": ["missing"]},
        "nothing": None,
    }


def test_article_json_has_the_contracts_keys_in_their_order() -> None:
    article = Article(
        PageKind.ARTICLE,
        title="题",
        authors=("甲", "乙"),
        attachments=(Attachment("http://a.example/P1.pdf", "附件1"),),
        links=(Link("http://a.example/1", "一", "2021-12-07"),),
        provenance={"title": "label"},
    )
    told = article_json(article, "page.html", None)
    assert list(told) == ARTICLE_KEYS
    assert told["kind"] == "article"
    assert told["authors"] == ["甲", "乙"]
    assert told["attachments"] == [{"url": "http://a.example/P1.pdf", "name": "附件1"}]
    assert told["links"] == [{"url": "http://a.example/1", "title": "一", "date": "2021-12-07"}]
    assert told["published_at"] is None
    json.dumps(told)


def test_printed_stands_only_where_a_label_is_printed_otherwise() -> None:
    told = article_json(Article(PageKind.ARTICLE, printed={"title": "學黨史"}), "-", "http://a.example/")
    assert list(told) == [*ARTICLE_KEYS, "printed"]
    assert told["printed"] == {"title": "學黨史"}


LINES = [
    pytest.param(
        change(
            "loudi",
            "1",
            ChangeKind.EDITED,
            9,
            "学党史滋养初心",
            edits=(replaced("4156名", "4165名"),),
            facts=Facts(numbers=(("4156名", "4165名"),)),
        ),
        "【修改】娄底新闻  学党史滋养初心  4156名 → 4165名",
        "[edited] 娄底新闻  学党史滋养初心  4156名 → 4165名",
        id="a figure",
    ),
    pytest.param(
        change("loudi", "1", ChangeKind.EDITED, 9, "题", edits=(Edit("insert", "", "再增一句。", 2),)),
        "【修改】娄底新闻  题  ＋再增一句。",
        "[edited] 娄底新闻  题  ＋再增一句。",
        id="an insertion that touches no fact",
    ),
    pytest.param(
        change(
            "loudi",
            "1",
            ChangeKind.EDITED,
            9,
            "题",
            edits=tuple(replaced(f"{n}甲", f"{n}乙") for n in range(5)),
            paragraphs_removed=1,
        ),
        "【修改】娄底新闻  题  0甲 → 0乙，1甲 → 1乙，2甲 → 2乙，另 2 处，删 1 段",
        "[edited] 娄底新闻  题  0甲 → 0乙, 1甲 → 1乙, 2甲 → 2乙, 2 more, -1 paragraphs",
        id="more edits than a line holds",
    ),
    pytest.param(
        change("loudi", "1", ChangeKind.EDITED, 9, "题", edits=(Edit("move", "整段文字", "整段文字", 4),)),
        "【修改】娄底新闻  题  移动 整段文字",
        "[edited] 娄底新闻  题  moved 整段文字",
        id="a paragraph that moved",
    ),
    pytest.param(
        change("loudi", "1", ChangeKind.RETITLED, 9, "新题", edits=(replaced("旧题", "新题", None, "title"),)),
        "【改题】娄底新闻  新题  标题 旧题 → 新题",
        "[retitled] 娄底新闻  新题  title 旧题 → 新题",
        id="a title",
    ),
    pytest.param(
        change("loudi", "1", ChangeKind.REMOVED, 9, "题", how="soft-404"),
        "【撤下】娄底新闻  题  页面改称不存在",
        "[withdrawn] 娄底新闻  题  page now says it does not exist",
        id="a withdrawal",
    ),
    pytest.param(
        change("unknown", "1", ChangeKind.NEW, 9, None, reprint_of="http://a.example/2"),
        "【新增】unknown  http://unknown.example/1.html  转载自 http://a.example/2",
        "[new] unknown  http://unknown.example/1.html  reprint of http://a.example/2",
        id="a reprint without a title on a site without a name",
    ),
    pytest.param(
        change("loudi", "1", ChangeKind.TAMPERED, 9, "题", note="页面标题变为“彩票”"),
        "【疑遭篡改】娄底新闻  题  页面标题变为“彩票”",
        "[suspected tampering] 娄底新闻  题  页面标题变为“彩票”",
        id="tampering",
    ),
]


@pytest.mark.parametrize(("told", "chinese", "english"), LINES)
def test_line(told: Change, chinese: str, english: str) -> None:
    assert as_line(told, sites={"loudi": "娄底新闻"}) == chinese
    assert as_line(told, "en", {"loudi": "娄底新闻"}) == english


def test_line_of_a_hostile_page_cannot_write_to_the_terminal() -> None:
    hostile = "假\x1b[2J\x1b[31m题\r\n【撤下】伪造\u202e行\x07\ud800"
    told = change(
        "a", "1", ChangeKind.EDITED, 9, hostile, edits=(replaced(hostile, hostile),), note=hostile, how=hostile
    )
    line = as_line(told, sites={"a": hostile})
    assert line.isprintable()
    assert "\n" not in line
    line.encode("utf-8")


@given(st.text())
def test_printable_text_is_printable_and_settled(text: str) -> None:
    shown = printable(text)
    assert not any(sign < " " or sign in "\x7f\u202e\u2066\u200b" for sign in shown)
    assert printable(shown) == shown


def test_printable_leaves_honest_text_alone() -> None:
    honest = "　第一条　“党史”学习——㈱①ⅷ，℃ ３２名 é 𠮷 👍🏽"
    assert printable(honest) == honest


@given(st.text(max_size=60), st.integers(min_value=1, max_value=40))
def test_cut_keeps_to_its_limit(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("任务表.pdf (4596a1b2)", "任务表.pdf (90807c6d)", "任务表.pdf 已更换"),
        ("申报表(P020210408.docx)", "申报表(P020210500.docx)", "申报表 已更换"),
        ("申报表(第一版)", "申报表(第二版)", "申报表(第一版) → 申报表(第二版)"),
        ("", "申报表.docx", "＋申报表.docx"),
    ],
)
def test_a_file_in_another_s_place_is_told_by_its_name(before: str, after: str, line: str) -> None:
    edit = Edit("replace" if before else "insert", before, after, field="attachments")
    assert edit_line(edit) == line
    assert edit_line(replace(edit, field="source")) != "任务表.pdf 已更换"


def test_summary_counts_by_kind() -> None:
    told = (
        change("a", "1", ChangeKind.REMOVED, 1),
        change("a", "2", ChangeKind.NEW, 1),
        change("a", "3", ChangeKind.NEW, 1),
    )
    assert summary(told) == "共 3 件变化：新增 2，撤下 1。"
    assert summary(told, "en") == "3 changes: new 2, withdrawn 1."
    assert summary(()) == "没有变化。"
    assert summary((), "en") == "No changes."


@pytest.mark.parametrize("names", [KIND_NAMES, FACT_NAMES, FIELD_NAMES, HOW_NAMES])
def test_both_languages_name_the_same(names: dict[str, dict[object, str]]) -> None:
    assert list(names["zh"]) == list(names["en"])
    assert all(names["zh"].values())


def test_every_kind_has_a_name() -> None:
    assert set(KIND_NAMES["zh"]) == set(ChangeKind)


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("2026-11-24T00:59:24+08:00", "2026-11-24T08:05:00+08:00", "11月24日 00:59 → 11月24日 08:05"),
        ("2026-11-24", "2026-11-25T08:05:00+08:00", "11月24日 → 11月25日 08:05"),
        ("2025-12-31", "2026-01-01", "2025年12月31日 → 2026年1月1日"),
        ("2021-12-07", "2021-12-08", "2021年12月7日 → 2021年12月8日"),
    ],
)
def test_dates_of_publication_are_told_in_short(before: str, after: str, line: str) -> None:
    edit = replaced(before, after, None, "published_at")
    assert edit_line(edit, year=2026) == line
    assert edit_line(edit, "en", year=2026).startswith(before[:10])


def test_a_date_put_back_is_told_once() -> None:
    note = "发布日期改早1天（倒填）：2026-11-22 → 2026-11-21"
    edits = (replaced("2026-11-22", "2026-11-21", None, "published_at"),)
    told = change("loudi", "1", ChangeKind.REDATED, 9, "学党史", edits=edits, note=note)
    assert as_line(told).count("11-21") == 1
    assert "11月21日" not in as_line(told)
    assert "11月22日 → 11月21日" in as_line(replace(told, note=None))


def _inserted(said: str, facts: Facts) -> str:
    told = change("loudi", "1", ChangeKind.EDITED, 9, "学党史", edits=(Edit("insert", "", said, 3),), facts=facts)
    return as_line(told).rpartition("  ")[2]


def test_a_lone_fact_is_told_with_the_words_around_it() -> None:
    said = "据统计,全市今年前三季度完成工业投资18.6亿元,同比有较大幅度的增长。"
    assert _inserted(said, Facts(numbers=(("", "18.6亿"),))) == "＋全市今年前三季度完成工业投资18.6亿元"
    row = Facts(numbers=(("", "90.0"), ("", "4")))
    assert _inserted("云台县90.0 4", row) == "＋云台县 90.0 4"
    long = "全市今年前三季度各县区和开发区累计完成工业投资18.6亿元以上并且全部提前开工建设投产达效"
    assert _inserted(long, Facts(numbers=(("", "18.6亿"),))) == "＋…区累计完成工业投资18.6亿元以上并且全部提前开…"
    assert _inserted("严禁携带", Facts(numbers=(("", "18.6亿"),))) == "＋18.6亿"


def test_headings_and_rows_are_told_with_their_spaces() -> None:
    assert edit_line(Edit("insert", "", "第三条申请人应当提交材料", 3)) == "＋第三条 申请人应当提交材料"
    assert edit_line(Edit("insert", "", "第三条的规定", 3)) == "＋第三条的规定"
    assert edit_line(Edit("delete", "白马县93.8 2", "", 3)) == "－白马县 93.8 2"
    assert edit_line(Edit("insert", "", "共4156名,电话0738 8312345", 3)) == "＋共4156名,电话0738 8312345"


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("已硬化公路2214公里", 7, "已硬化公路…"),
        ("已硬化公路2214公里", 10, "已硬化公路2214…"),
        ("比上年增长10.35个点", 9, "比上年增长…"),
        ("新上线的Windows客户端", 9, "新上线的…"),
        ("12345678901234567890", 8, "1234567…"),
        ("全市累计完成投资额", 6, "全市累计完…"),
    ],
)
def test_no_figure_is_cut_in_two(text: str, limit: int, short: str) -> None:
    assert cut(text, limit) == short
