"""What a reader would call news between two states of a page, and what not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from compare_sample import OATH, article, bodies
from hypothesis import given
from hypothesis import strategies as st

from monitor.compare.difference import Difference, difference
from storage.records import Article, Attachment, ChangeKind, Edit, Facts, PageKind, Surface

PLAIN = article(*OATH)
PDF = Attachment("http://a.gov.cn/P020210408.pdf", "申报表.pdf")


def other(old: str = "", new: str = "", **labels: Any) -> Article:
    """The sample with ``old`` replaced by ``new`` in its text, and these labels."""
    text = tuple(paragraph.replace(old, new) if old else paragraph for paragraph in OATH)
    return replace(PLAIN, **{"canonical": text, "paragraphs": text, **labels})


def told(old: Article, new: Article) -> Difference:
    found = difference(old, new)
    assert found is not None
    return found


def test_a_changed_figure_is_an_edit_with_its_figure() -> None:
    news = told(PLAIN, other("4156", "4165"))
    assert news.kind is ChangeKind.EDITED
    assert news.edits == (Edit("replace", "4156名", "4165名", 0, offset=OATH[0].index("4156")),)
    assert news.facts == Facts(numbers=(("4156名", "4165名"),))
    assert news.weight > 0.5
    assert news.note is None


@pytest.mark.parametrize(
    ("labels", "kind", "edits"),
    [
        pytest.param(
            {"title": "全市4165名新党员集中宣誓"},
            ChangeKind.RETITLED,
            [("title", "全市新党员集中宣誓", "全市4165名新党员集中宣誓")],
            id="title",
        ),
        pytest.param(
            {"published_at": "2021-12-08"},
            ChangeKind.REDATED,
            [("published_at", "2021-12-07", "2021-12-08")],
            id="date",
        ),
        pytest.param({"source": "湖南日报"}, ChangeKind.EDITED, [("source", "娄底日报", "湖南日报")], id="source"),
        pytest.param(
            {"title": "新党员宣誓", "published_at": "2021-12-08"},
            ChangeKind.RETITLED,
            [("title", "全市新党员集中宣誓", "新党员宣誓"), ("published_at", "2021-12-07", "2021-12-08")],
            id="title and date",
        ),
        pytest.param(
            {"published_at": "2021-12-08", "source": "湖南日报"},
            ChangeKind.REDATED,
            [("published_at", "2021-12-07", "2021-12-08"), ("source", "娄底日报", "湖南日报")],
            id="date and source",
        ),
        pytest.param(
            {"attachments": (PDF,)}, ChangeKind.EDITED, [("attachments", "", "申报表.pdf")], id="a file offered"
        ),
    ],
)
def test_labels(labels: dict[str, Any], kind: ChangeKind, edits: list[tuple[str, str, str]]) -> None:
    news = told(PLAIN, other(**labels))
    assert news.kind is kind
    assert [(edit.field, edit.before, edit.after) for edit in news.edits] == edits
    back = told(other(**labels), PLAIN)
    assert back.kind is kind


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("authors", ("张三", "李四"), ("张三",)),
        ("editors", ("王五",), ("赵六",)),
        ("abstract", "本文介绍宣誓活动的过程", "本文介绍宣誓活动的经过"),
        ("index_number", "yx-01/2026-00005", "yx-01/2026-00006"),
    ],
)
def test_minor_labels_are_edits_of_little_weight(field: str, before: object, after: object) -> None:
    news = told(other(**{field: before}), other(**{field: after}))
    assert news.kind is ChangeKind.EDITED
    assert {edit.field for edit in news.edits} == {field}
    assert news.weight < 0.2


def test_text_and_labels_are_one_edit_titles_first() -> None:
    news = told(PLAIN, other("4156", "4165", title="新党员宣誓"))
    assert news.kind is ChangeKind.EDITED
    assert [edit.field for edit in news.edits] == ["title", "body"]


def test_a_document_number_that_is_another_is_an_edit_and_a_fact() -> None:
    news = told(other(document_number="云政发〔2026〕5号"), other(document_number="云政发〔2026〕6号"))
    assert news.kind is ChangeKind.EDITED
    assert [(edit.field, edit.before, edit.after) for edit in news.edits] == [
        ("document_number", "云政发〔2026〕5号", "云政发〔2026〕6号")
    ]
    assert len(news.facts.documents) == 1
    assert news.weight > 0.5


def test_a_figure_in_the_title_is_a_fact() -> None:
    assert told(other(title="4156名党员"), other(title="4165名党员")).facts.numbers == (("4156名", "4165名"),)


def test_a_headline_that_stands_in_the_text_too_is_retitled() -> None:
    old = article("旧的标题在这里", *OATH, title="旧的标题在这里")
    new = article("新的标题在这里", *OATH, title="新的标题在这里")
    news = told(old, new)
    assert news.kind is ChangeKind.RETITLED
    assert [edit.field for edit in news.edits] == ["title"]


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ("2021-12-07", "2021-11-07", "发布日期改早30天（倒填）：2021-12-07 → 2021-11-07"),
        ("2021-12-07T10:30:07+08:00", "2021-12-06T10:30", "发布日期改早1天（倒填）：2021-12-07 → 2021-12-06"),
        ("2021-12-07", "2021-12-17", None),
        ("2021-12-07T10:30", "2021-12-07T11:30", None),
    ],
)
def test_backdating_is_said(before: str, after: str, note: str | None) -> None:
    news = told(other(published_at=before), other(published_at=after))
    assert (news.kind, news.note) == (ChangeKind.REDATED, note)


def test_reordered_paragraphs_alone_are_said() -> None:
    text = (*OATH[1:], OATH[0])
    news = told(PLAIN, replace(PLAIN, canonical=text, paragraphs=text))
    assert [edit.op for edit in news.edits] == ["move"]
    assert news.note == "只调整了段落次序"


@pytest.mark.parametrize(
    ("before", "after", "edits"),
    [
        pytest.param((PDF,), (), [("申报表.pdf", "")], id="withdrawn"),
        pytest.param(
            (PDF,), (Attachment(PDF.url, "申报表(修订).pdf"),), [("申报表.pdf", "申报表(修订).pdf")], id="renamed"
        ),
        pytest.param(
            (PDF,),
            (Attachment("http://a.gov.cn/P020210412.pdf", PDF.name),),
            [("申报表.pdf(P020210408.pdf)", "申报表.pdf(P020210412.pdf)")],
            id="exchanged behind its name",
        ),
    ],
)
def test_attachments(
    before: tuple[Attachment, ...], after: tuple[Attachment, ...], edits: list[tuple[str, str]]
) -> None:
    news = told(other(attachments=before), other(attachments=after))
    assert [(edit.before, edit.after) for edit in news.edits] == edits


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(PLAIN, PLAIN, id="nothing"),
        pytest.param(PLAIN, other(",", "，"), id="widths"),
        pytest.param(PLAIN, other("同步", "同步 "), id="a space"),
        pytest.param(PLAIN, other("“", '"'), id="quotes"),
        pytest.param(
            other(published_at="2021-12-07"), other(published_at="2021-12-07T10:30:07+08:00"), id="more precise"
        ),
        pytest.param(
            other(published_at="2021-12-07T10:30"), other(published_at="2021-12-07T10:30:07+08:00"), id="with seconds"
        ),
        pytest.param(PLAIN, other(published_at=None), id="the date is not printed any more"),
        pytest.param(PLAIN, other(source=None), id="the source is not printed any more"),
        pytest.param(PLAIN, other(title=None), id="no headline found"),
        pytest.param(PLAIN, other(authors=("张三",)), id="a byline appears"),
        pytest.param(PLAIN, other(editors=("张三",)), id="an editor appears"),
        pytest.param(PLAIN, other(abstract="摘要在此"), id="an abstract appears"),
        pytest.param(PLAIN, other(document_number="云政发〔2026〕5号"), id="a document number appears"),
        pytest.param(PLAIN, other(index_number="yx-01/2026-00005"), id="an index number appears"),
        pytest.param(
            other(document_number="云政发〔2026〕5号"), other(document_number="云政发[2026]5号"), id="brackets alike"
        ),
        pytest.param(PLAIN, other(column="要闻", site_name="娄底新闻网"), id="column and site name"),
        pytest.param(other(authors=("张三", "李四")), other(authors=("李四", "张三")), id="names in another order"),
        pytest.param(
            PLAIN,
            other(title="全市新党员集中宣誓-娄底新闻网", site_name="娄底新闻网"),
            id="the site's name in the title",
        ),
        pytest.param(PLAIN, other(title="全市新党员集中..."), id="a title cut short"),
        pytest.param(PLAIN, other(title="全市新党员 集中宣誓"), id="a space in the title"),
        pytest.param(PLAIN, other(template="zz", platform="trs", encoding="gb18030"), id="the template"),
        pytest.param(PLAIN, other(surface=Surface(title="全市新党员集中宣誓 - 首页")), id="the page title"),
        pytest.param(
            other(attachments=(Attachment("http://a.gov.cn/down.jsp?id=1&t=22", "申报表"),)),
            other(attachments=(Attachment("http://a.gov.cn/down.jsp?id=1&t=33", "申报表"),)),
            id="a download address with a moving parameter",
        ),
        pytest.param(
            other(attachments=(PDF,)),
            other(attachments=(Attachment("https://b.gov.cn/x/P020210408.pdf", PDF.name),)),
            id="the same file elsewhere",
        ),
        pytest.param(PLAIN, other(kind=PageKind.MISSING, canonical=(), paragraphs=()), id="an error page"),
        pytest.param(PLAIN, other(kind=PageKind.LIST, canonical=("首页",), paragraphs=("首页",)), id="a list"),
    ],
)
def test_nothing_that_a_reader_would_call_news(old: Article, new: Article) -> None:
    assert difference(old, new) is None
    assert difference(new, old) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("全市新党员集中宣誓", "全市新党员集中宣誓-市长出席"),
        ("全市新党员集中宣誓...", "全市老党员集中宣誓"),
        ("党员宣誓", "党员宣誓仪式"),
        ("A B座开放", "AB座开放"),
    ],
)
def test_titles_that_only_look_alike(before: str, after: str) -> None:
    assert told(other(title=before), other(title=after)).kind is ChangeKind.RETITLED


def test_an_abstract_cut_from_the_text_changes_with_it() -> None:
    old = other(abstract=OATH[0][:40] + "...")
    new = other("4156", "4165", abstract=other("4156", "4165").canonical[0][:40] + "...")
    assert {edit.field for edit in told(old, new).edits} == {"body"}


def test_tampering_wins_and_stands_alone() -> None:
    hijacked = other("4156", "4165", title="彩票平台", surface=Surface(title="彩票平台注册登录-澳门真人娱乐官网"))
    news = told(other(surface=Surface(title="全市新党员集中宣誓")), hijacked)
    assert news.kind is ChangeKind.TAMPERED
    assert (news.edits, news.facts) == ((), Facts())
    assert news.weight == 1.0
    assert news.evidence["score"] == 1.0
    assert news.note is not None
    assert "彩票平台" in news.note


@given(bodies)
def test_a_page_does_not_differ_from_itself(body: list[str]) -> None:
    page = article(*body)
    assert difference(page, page) is None


@given(bodies, bodies, st.sampled_from(["甲", "乙", None]), st.sampled_from(["2021-01-01", "2021-01-02", None]))
def test_kinds_are_the_same_both_ways(old: list[str], new: list[str], title: str | None, day: str | None) -> None:
    one, two = article(*old, title="甲", published_at="2021-01-01"), article(*new, title=title, published_at=day)
    there, back = difference(one, two), difference(two, one)
    assert (there and there.kind) == (back and back.kind)


@given(bodies, st.data())
def test_every_swapped_character_is_told(body: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(body) - 1))
    places = [index for index, char in enumerate(body[at]) if "一" <= char <= "鿿" or char.isdigit()]
    place = data.draw(st.sampled_from(places))
    changed = body[at][:place] + "鑫" + body[at][place + 1 :]
    assert told(article(*body), article(*body[:at], changed, *body[at + 1 :])).kind is ChangeKind.EDITED


def test_a_line_that_only_names_a_file_is_the_files_and_no_edit_of_the_text() -> None:
    offered = replace(PLAIN, attachments=(PDF,), canonical=(*OATH, "附件:申报表.pdf"))
    assert [edit.field for edit in told(PLAIN, offered).edits] == ["attachments"]
    mentioned = replace(PLAIN, attachments=(PDF,), canonical=(*OATH, "附件:申报表.pdf须于月底前交回。"))
    assert [edit.field for edit in told(PLAIN, mentioned).edits] == ["attachments", "body"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2021-12-07T10:30:52+08:00", "2021-12-07T10:30:00+08:00"),
        ("2021-12-07T00:00:00+08:00", "2021-12-07T10:30:00+08:00"),
    ],
)
def test_a_clock_without_seconds_or_at_naught_says_less_and_nothing_else(before: str, after: str) -> None:
    assert difference(other(published_at=before), other(published_at=after)) is None
    later = f"2021-12-07T11:{after[14:]}"
    assert (difference(other(published_at=before), other(published_at=later)) is None) is ("T00" in before)


def test_a_byline_in_the_text_is_told_once() -> None:
    signed = other(authors=("苏晓振",), canonical=(*OATH, "(记者 苏晓振)"))
    again = other(authors=("程子志",), canonical=(*OATH, "(记者 程子志)"))
    assert [edit.field for edit in told(signed, again).edits] == ["body"]
    assert [edit.field for edit in told(other(authors=("苏晓振",)), other(authors=("程子志",))).edits] == ["authors"]


def test_of_two_files_under_one_name_one_that_goes_is_told() -> None:
    one, other = (Attachment(f"http://www.yunxi.example/{name}.doc", "点击下载") for name in "ab")
    told = difference(article(*OATH, attachments=(one, other)), article(*OATH, attachments=(one,)))
    assert told is not None
    assert [(edit.before, edit.after) for edit in told.edits] == [("点击下载", "")]
    assert difference(article(*OATH, attachments=(one, other)), article(*OATH, attachments=(other, one))) is None
