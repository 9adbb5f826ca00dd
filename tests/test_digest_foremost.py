"""The weightiest changes over all kinds."""

from __future__ import annotations

from dataclasses import replace

from digest_sample import change, digest_of, replaced, small_day, version
from lxml import html as tree

from monitor.digest import html
from monitor.digest.foremost import ALIKE, FEWEST, MOST, foremost
from storage.records import Change, ChangeKind, Edit, Facts


def test_all_kinds_stand_together_by_weight_and_lead_to_their_items() -> None:
    told = foremost(small_day())
    assert [item.change.kind.value for item in told] == ["edited", "edited", "removed", "redated", "retitled", "new"]
    page = tree.document_fromstring(html.render(small_day()))
    targets = [link.get("href", "")[1:] for link in page.get_element_by_id("foremost").iter("a")]
    assert [page.get_element_by_id(target).find("h3").text_content() for target in targets] == [
        item.title for item in told
    ]


def test_few_changes_need_no_choice() -> None:
    few = tuple(change("yunxi", f"e{n}", ChangeKind.REMOVED, 9, weight=0.9) for n in range(FEWEST - 1))
    assert foremost(digest_of(few)) == ()
    assert foremost(digest_of((*few, replace(few[0], url="http://yunxi.example/more.html"))))


def test_one_kind_does_not_fill_the_page() -> None:
    gone = tuple(change("yunxi", f"r{n}", ChangeKind.REMOVED, 9, weight=0.9) for n in range(20))
    edits = tuple(change("yunxi", f"e{n}", ChangeKind.EDITED, 9, weight=0.6) for n in range(20))
    titles = tuple(change("yunxi", f"t{n}", ChangeKind.RETITLED, 9, weight=0.5) for n in range(20))
    told = [item.change.kind for item in foremost(digest_of((*gone, *edits, *titles)))]
    few = [ChangeKind.REMOVED] * ALIKE + [ChangeKind.EDITED] * ALIKE
    assert told == [*few, *[ChangeKind.RETITLED] * (MOST - len(few))]


def test_a_page_is_told_once_and_a_hijacked_one_stands_above() -> None:
    told = tuple(change("yunxi", "same", kind, 9, weight=0.9) for kind in (ChangeKind.REMOVED, ChangeKind.EDITED))
    told += tuple(change("lanqiao", "bad", kind, 9, weight=1.0) for kind in (ChangeKind.TAMPERED, ChangeKind.EDITED))
    light = tuple(change("wenxin", f"l{n}", ChangeKind.MOVED, 9, weight=0.2) for n in range(9))
    assert [item.change.url for item in foremost(digest_of((*told, *light)))] == ["http://yunxi.example/same.html"]


def test_of_like_weight_the_longest_kept_text_comes_first() -> None:
    kept = {(f"http://yunxi.example/{n}.html", 1): version("yunxi", str(n), f"稿{n}", "文" * n) for n in (1, 9, 5)}
    gone = tuple(change("yunxi", str(n), ChangeKind.REMOVED, 9, f"稿{n}", weight=0.9) for n in (1, 9, 5))
    assert [item.title for item in digest_of(gone, kept).removed] == ["稿9", "稿5", "稿1"]


def turned(page: str, facts: Facts, weight: float, edit: Edit) -> Change:
    return change("lanqiao", page, ChangeKind.EDITED, 9, page, weight=weight, facts=facts, edits=(edit,))


def test_what_turned_an_article_s_meaning_stands_before_withdrawals() -> None:
    gone = tuple(change("yunxi", f"r{n}", ChangeKind.REMOVED, 9, weight=0.9) for n in range(6))
    turns = (
        turned("未超过", Facts(negations=(("未超过", "超过"),)), 0.6, replaced("未超过", "超过")),
        turned("未", Facts(negations=(("未", ""),)), 0.65, Edit("delete", "未", "", 0)),
    )
    figures = tuple(
        turned(f"增长{n}", Facts(numbers=((f"增长{n}.3%", f"下降{n}.3%"),)), 0.55, replaced("增长", "下降"))
        for n in range(4)
    )
    light = turned("叫好", Facts(), 0.45, Edit("insert", "", "市民拍手叫好。", 0))
    told = [item.title for item in foremost(digest_of((*gone, *turns, *figures, light)))]
    assert told[:6] == ["未", "未超过", "增长0", "增长1", "增长2", "增长3"]
    assert "叫好" not in told
    assert len(told) == MOST


def test_a_negation_that_went_with_its_sentence_turned_nothing() -> None:
    gone = tuple(change("yunxi", f"r{n}", ChangeKind.REMOVED, 9, weight=0.9) for n in range(6))
    lost = Edit("delete", "施工单位不得在夜间进行高噪声作业。", "", 0)
    told = foremost(digest_of((*gone, turned("长", Facts(negations=(("不得", ""),)), 0.7, lost))))
    assert told[0].change.kind is ChangeKind.REMOVED
    weak = turned("弱", Facts(numbers=(("1个", "2个"),)), 0.2, replaced("1", "2"))
    assert "弱" not in [item.title for item in foremost(digest_of((*gone, weak)))]
