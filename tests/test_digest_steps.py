"""A page's several changes of one day are told once, with what became of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from digest_sample import INVESTMENT, INVESTMENT_BEFORE, change, digest_of, replaced, version
from lxml import html as tree

from monitor.digest import html, mail, markdown
from monitor.digest.choose import choose
from monitor.digest.day import Digest
from monitor.digest.foremost import foremost
from monitor.digest.points import points
from storage.records import Change, ChangeKind, Edit, Facts, Version

BETWEEN = INVESTMENT_BEFORE.replace("91.2%", "81.2%")
TITLE = "全市重点项目建设提速"


def kept(*texts: str) -> dict[tuple[str, int], Version]:
    told = [version("yunxi", "investment", TITLE, text, number=n) for n, text in enumerate(texts, 1)]
    return {(one.url, one.number): one for one in told}


def edit(hour: int, number: int, before: str, after: str, weight: float = 0.7) -> Change:
    return change(
        *("yunxi", "investment", ChangeKind.EDITED, hour, TITLE),
        from_version=number,
        to_version=number + 1,
        weight=weight,
        edits=(replaced(before, after),),
        facts=Facts(numbers=((before, after),)),
    )


TWICE = (edit(9, 1, "91.2%", "81.2%"), edit(11, 2, "6.89亿元", "7.89亿元", 0.8))


def alarm(kind: ChangeKind, hour: int, page: str = "hijack", **more: object) -> Change:
    return change("wenxin", page, kind, hour, "校史馆恢复开放", **more)


def texts(told: Digest) -> list[str]:
    return [html.render(told), markdown.render(told), mail.render(told)]


def test_edits_of_one_page_are_one_item_from_first_to_last() -> None:
    told = digest_of(TWICE, kept(INVESTMENT_BEFORE, BETWEEN, INVESTMENT.replace("91.2%", "81.2%")))
    (item,) = told.edited
    assert [step.change for step in item.steps] == list(TWICE)
    assert {(fact.before, fact.after) for fact in item.facts} == {("6.89亿", "7.89亿"), ("91.2%", "81.2%")}
    assert (item.change.from_version, item.change.to_version, item.change.weight) == (1, 3, 0.8)
    assert not item.is_undone
    assert len(told.changes) == 2
    assert all(text.count("先后改动 2 次，此处以首次改动前与末次改动后对照") == 1 for text in texts(told))
    assert "1 篇文章有改动" in points(told, "zh")[1]
    page = tree.document_fromstring(html.render(told))
    assert len(page.findall(".//ol[@class='steps']/li")) == 2


def test_what_was_put_back_is_told_as_undone_and_still_weighs() -> None:
    told = digest_of((TWICE[0], edit(12, 2, "81.2%", "91.2%")), kept(INVESTMENT_BEFORE, BETWEEN, INVESTMENT_BEFORE))
    (item,) = told.edited
    assert item.is_undone
    assert (item.facts, item.passages, item.change.weight) == ((), (), 0.7)
    # Each of the two edits is shown wherever there is nothing else to show.
    assert all("最后改回原样" in text and text.count("81.2%") >= 2 for text in texts(told))


def test_edits_between_versions_that_are_gone_stay_single() -> None:
    assert [len(item.singles) for item in digest_of(TWICE).edited] == [1, 1]


def test_other_pages_and_other_happenings_are_not_drawn_together() -> None:
    changes = (
        TWICE[0],
        replace(TWICE[1], url="http://yunxi.example/other.html"),
        change("yunxi", "investment", ChangeKind.REMOVED, 15, TITLE),
    )
    told = digest_of(changes, kept(INVESTMENT_BEFORE, BETWEEN))
    assert (len(told.edited), len(told.removed)) == (2, 1)


@pytest.mark.parametrize("kind", [ChangeKind.TAMPERED, ChangeKind.REMOVED])
def test_what_was_well_again_the_same_day_says_so_at_once(kind: ChangeKind) -> None:
    told = digest_of((alarm(kind, 8, weight=0.9), alarm(ChangeKind.RESTORED, 13)))
    (item,) = getattr(told, kind.value)
    assert item.restored_at == told.changes[1].detected_at
    assert told.restored == ()
    assert all("当日已恢复（13:00）" in text for text in texts(told))
    assert any("当日已恢复" in line for line in points(told, "zh"))
    assert any("restored the same day" in line for line in points(told, "en"))


def test_what_still_stands_comes_before_what_is_well_again() -> None:
    well = (alarm(ChangeKind.TAMPERED, 8, weight=1.0), alarm(ChangeKind.RESTORED, 9))
    told = digest_of((*well, alarm(ChangeKind.TAMPERED, 10, "other", weight=0.7)))
    assert [item.restored_at is None for item in told.tampered] == [True, False]
    assert points(told, "zh")[0].startswith("2 个页面疑遭篡改（其中 1 个当日已恢复）")
    assert points(told, "zh")[0].endswith("请先核查。")


def test_a_page_hijacked_again_is_not_well() -> None:
    hours = ((ChangeKind.TAMPERED, 8), (ChangeKind.RESTORED, 9), (ChangeKind.TAMPERED, 10))
    (item,) = digest_of(tuple(alarm(kind, hour) for kind, hour in hours)).tampered
    assert item.restored_at is None
    assert len(item.steps) == 3


def test_a_page_that_was_back_before_it_was_hijacked_is_told_as_both() -> None:
    told = digest_of((alarm(ChangeKind.RESTORED, 7), alarm(ChangeKind.TAMPERED, 8)))
    assert (len(told.restored), len(told.tampered)) == (1, 1)
    assert told.tampered[0].restored_at is None


def test_who_wants_one_kind_or_weight_is_told_the_whole_of_an_item() -> None:
    whole = digest_of(
        (edit(9, 1, "91.2%", "81.2%", 0.9), edit(11, 2, "81.2%", "91.2%", 0.1)),
        kept(INVESTMENT_BEFORE, BETWEEN, INVESTMENT_BEFORE),
    )
    heavy = choose(whole, least_weight=0.5)
    assert (len(heavy.changes), heavy.edited[0].is_undone) == (2, True)
    assert choose(whole, least_weight=0.95).changes == ()
    hijack = digest_of((alarm(ChangeKind.TAMPERED, 8, weight=1.0), alarm(ChangeKind.RESTORED, 13, weight=0.6)))
    told = choose(hijack, kinds=[ChangeKind.TAMPERED])
    assert told.tampered[0].restored_at is not None
    assert choose(hijack, kinds=[ChangeKind.RESTORED]).tampered == ()
    assert len(choose(hijack, kinds=[ChangeKind.RESTORED]).restored) == 1


def test_an_item_of_several_changes_leads_once() -> None:
    others = tuple(alarm(ChangeKind.REMOVED, 8, str(number), weight=0.5) for number in range(5))
    told = digest_of((*TWICE, *others), kept(INVESTMENT_BEFORE, BETWEEN, INVESTMENT.replace("91.2%", "81.2%")))
    assert [item.change.url for item in foremost(told)].count(TWICE[0].url) == 1


def test_a_moved_paragraph_says_from_where_to_where() -> None:
    old, new = ("甲段说春耕。", "乙段说防汛。", "丙段说学位。"), ("乙段说防汛。", "丙段说学位。", "甲段说春耕。")
    both = {
        (one.url, one.number): one
        for one in (version("yunxi", "p", "三件事", *old), version("yunxi", "p", "三件事", *new, number=2))
    }
    moved = change(
        *("yunxi", "p", ChangeKind.EDITED, 9, "三件事"),
        from_version=1,
        to_version=2,
        weight=0.3,
        edits=(Edit("move", old[0], old[0], 2, offset=0),),
    )
    assert all("移动段落（第 1 段移到第 3 段）" in text for text in texts(digest_of((moved,), both)))
    assert all("移动段落" in text and "移到" not in text for text in texts(digest_of((moved,))))


def test_an_exchanged_file_is_told_by_its_name() -> None:
    stub = Edit("replace", "申报表.doc (0a1b2c3d)", "申报表.doc (9f8e7d6c)", field="attachments")
    renamed = Edit("replace", "申报表.doc", "申请表.doc", field="attachments")
    told = digest_of((change("yunxi", "p", ChangeKind.EDITED, 9, "申报", weight=0.4, edits=(stub,)),))
    assert all("附件已更换" in text and "申报表" in text and "0a1b2c3d" not in text for text in texts(told))
    other = digest_of((change("yunxi", "p", ChangeKind.EDITED, 9, "申报", weight=0.4, edits=(renamed,)),))
    assert all("已更换" not in text and "申请表" in text for text in texts(other))
