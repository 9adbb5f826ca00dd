"""The scoring behind the gate: what costs and what does not."""

from __future__ import annotations

import pytest

from bench.quality import Gold, body_f1, figures, judge, overlap, people, tail
from storage.records import Article, Link, PageKind

SAID = ("全市重点项目推进会昨日召开。", "会议部署下一阶段任务。")


def test_the_same_text_scores_one_however_it_is_cut_and_widened() -> None:
    assert body_f1(["全市重点项目 推进会昨日召开。会议部署下一阶段任务。"], SAID) == 1.0


def test_a_lost_paragraph_and_a_foreign_one_both_cost() -> None:
    assert 0.5 < body_f1(SAID[:1], SAID) < 0.9
    assert 0.5 < body_f1([*SAID, "版权声明:未经许可不得转载本网站内容"], SAID) < 0.9


def test_optional_text_costs_no_more_than_its_joint_there_or_not() -> None:
    more = (*SAID, "原标题:喜讯传来,百余家企业代表齐聚一堂共话发展")
    assert body_f1(more, SAID, more[-1:]) > 0.85 > body_f1(more, SAID)
    assert body_f1(SAID, SAID, more[-1:]) == 1.0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://www.example.cn/a/b/t1.html", "../b/t1.html", True),
        ("http://www.example.cn/b/t1.html#top", "./b/t1.html", True),
        ("/list.php?id=1", "/list.php?id=2", False),
        ("/b/t1.html", "/b/t2.html", False),
    ],
)
def test_addresses_compare_by_their_tails(one: str, other: str, same: bool) -> None:
    assert (tail(one) == tail(other)) is same


def test_names_compare_in_any_order_and_however_joined() -> None:
    assert people(["甲 乙、丙"]) == people(["丙", "乙", "甲"])
    assert people(["甲乙"]) != people(["甲", "乙"])


def test_links_are_scored_by_address_and_title() -> None:
    gold = Gold("a", "list", links=(("t1.html", "甲"), ("t2.html", "乙")))
    read = Article(PageKind.LIST, links=(Link("http://x.cn/t1.html", "甲"), Link("t2.html", "乙…")))
    assert judge(gold, read).links == overlap(
        {("t1.html", "甲"), ("t2.html", "乙")}, {("x.cn/t1.html", "甲"), ("t2.html", "乙…")}
    )
    assert judge(gold, Article(PageKind.LIST, links=(Link("t1.html", "甲"), Link("t2.html", "乙")))).links == 1.0


def test_what_the_page_does_not_print_is_invented() -> None:
    gold = Gold("a", "article", body=SAID, title="题")
    verdict = judge(
        gold, Article(PageKind.ARTICLE, title="题", published_at="2020-01-01", source="某报", paragraphs=SAID)
    )
    assert verdict.invented == ("date", "source")
    assert figures([verdict])["date_invented"] == 1
    assert verdict.source is None


def test_a_page_without_text_is_judged_by_telling_none() -> None:
    gold = Gold("a", "article", body=(), title="题")
    assert judge(gold, Article(PageKind.ARTICLE, title="题")).empty is True
    assert judge(gold, Article(PageKind.ARTICLE, title="题", paragraphs=("分享到",))).empty is False


def test_a_clock_is_judged_only_where_gold_has_one() -> None:
    read = Article(PageKind.ARTICLE, published_at="2020-01-01T08:30:00+08:00")
    assert judge(Gold("a", "article", body=(), published="2020-01-01"), read).time is None
    assert judge(Gold("a", "article", body=(), published="2020-01-01T08:30"), read).time is True
    assert judge(Gold("a", "article", body=(), published="2020-01-01T08:31"), read).time is False
