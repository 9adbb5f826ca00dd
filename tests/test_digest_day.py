"""What a day's digest holds, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from digest_sample import (
    DAY,
    MORNING,
    SITES,
    at,
    change,
    digest_of,
    replaced,
    small_changes,
    small_day,
    small_health,
    small_lines,
    small_past,
    small_versions,
    url,
    version,
)
from hypothesis import given
from hypothesis import strategies as st

from monitor.compare.weight import weight_of
from monitor.digest.day import build
from monitor.digest.health import in_trouble
from monitor.digest.item import MEND_WEIGHT, is_mend
from monitor.digest.wording import WORDS, as_of, day_name, printed_name
from storage.records import Change, ChangeKind, Edit, Facts, SiteHealth


def test_every_change_is_told_in_one_section_or_one_story() -> None:
    digest = small_day()
    sections = (
        digest.tampered, digest.removed, digest.edited, digest.mends, digest.retitled, digest.redated, digest.moved,
        digest.restored, digest.redesigned,
    )  # fmt: skip
    told = [item.change for section in sections for item in section]
    fresh = [article.url for story in digest.stories for article in story.articles if article.fresh]
    assert len(told) + len(fresh) == len(digest.changes) == 15
    assert sorted(fresh) == sorted(one.url for one in digest.changes if one.kind is ChangeKind.NEW)


def test_counts_name_every_kind() -> None:
    digest = small_day()
    assert [kind for kind, _ in digest.counts] == list(ChangeKind)
    assert dict(digest.counts)[ChangeKind.NEW] == 5
    assert digest.count(ChangeKind.EDITED) == 3


def test_weightiest_edits_come_first_and_mends_apart() -> None:
    digest = small_day()
    assert [item.title for item in digest.edited] == ["关于夜间施工的通告", "全市重点项目建设提速"]
    assert [item.title for item in digest.mends] == ["图书馆开放公告"]


LIGHT = change("a", "1", ChangeKind.EDITED, 1, weight=MEND_WEIGHT / 2, edits=(replaced("按是", "按时"),))
MENDS = [
    pytest.param(LIGHT, True, id="one wrong character put right"),
    pytest.param(replace(LIGHT, weight=MEND_WEIGHT), False, id="as heavy as an edit"),
    pytest.param(replace(LIGHT, facts=Facts(numbers=(("3名", "4名"),))), False, id="a figure however light"),
    pytest.param(replace(LIGHT, paragraphs_removed=1), False, id="a paragraph gone however light"),
    pytest.param(replace(LIGHT, edits=(replaced("甲", "乙", None, "title"),)), False, id="the title with it"),
    pytest.param(replace(LIGHT, kind=ChangeKind.RETITLED), False, id="a new title is never a mend"),
]


def test_mends_are_what_the_scale_of_weights_calls_typos() -> None:
    typos = weight_of(
        ChangeKind.EDITED, (replaced("帐户", "账户"), replaced("己经", "已经"), Edit("delete", "，", "", 0))
    )
    rewording = weight_of(ChangeKind.EDITED, (replaced("同意", "反对"),))
    assert typos < MEND_WEIGHT < rewording


@pytest.mark.parametrize(("told", "expected"), MENDS)
def test_mend(told: Change, expected: bool) -> None:
    assert is_mend(told) is expected


def test_copies_of_copies_join_the_first_as_one_story_earliest_first() -> None:
    story = digest_of(small_changes(), small_versions()).stories[0]
    assert story.title == "兰桥二桥今日合龙"
    assert [article.site for article in story.articles] == ["lanqiao", "shiquan", "yunxi"]
    assert story.sites == 3
    assert story.origin is None


def test_original_of_an_earlier_day_is_added_from_what_is_known() -> None:
    kept = {
        (one.url, 1): one
        for one in (version("yunxi", "old", "旧稿", published_at="2026-11-20"), version("lanqiao", "copy", "旧稿"))
    }
    told = digest_of(
        (change("lanqiao", "copy", ChangeKind.NEW, 9, "旧稿", reprint_of=url("yunxi", "old")),), kept
    ).stories
    assert [(article.site, article.fresh) for article in told[0].articles] == [("yunxi", False), ("lanqiao", True)]
    assert told[0].sites == 2


def test_original_leads_even_where_its_printed_date_is_the_later_one() -> None:
    """Who was first is the comparison's verdict; a forged or missing date does not overturn it here."""
    kept = {
        (one.url, 1): one
        for one in (
            version("yunxi", "first", "稿", published_at="2026-11-22T18:00:00+08:00"),
            version("lanqiao", "copy", "稿", published_at="2026-11-20"),
        )
    }
    first = change("yunxi", "first", ChangeKind.NEW, 9, "稿")
    copy = change("lanqiao", "copy", ChangeKind.NEW, 8, "稿", reprint_of=first.url)
    (story,) = digest_of((first, copy), kept).stories
    assert [article.site for article in story.articles] == ["yunxi", "lanqiao"]


def test_original_that_nobody_knows_is_named_by_its_address() -> None:
    (told,) = digest_of(
        (change("lanqiao", "copy", ChangeKind.NEW, 9, "稿", reprint_of="http://far.example/1"),)
    ).stories
    assert told.origin == "http://far.example/1"
    assert [article.url for article in told.articles] == [url("lanqiao", "copy")]


@given(st.lists(st.one_of(st.none(), st.integers(0, 7)), min_size=8, max_size=8))
def test_stories_part_the_new_articles_whatever_names_whom(links: list[int | None]) -> None:
    """Also rings, pages that name themselves, and chains: every new article stands in one story, with its original."""
    told = tuple(
        change(f"s{n}", "p", ChangeKind.NEW, n, f"题{n}", reprint_of=None if link is None else url(f"s{link}", "p"))
        for n, link in enumerate(links)
    )
    groups = [[article.url for article in story.articles] for story in digest_of(told).stories]
    assert sorted(address for group in groups for address in group) == sorted(one.url for one in told)
    for number, link in enumerate(links):
        if link is not None:
            assert any({url(f"s{number}", "p"), url(f"s{link}", "p")} <= set(group) for group in groups)


def test_withdrawn_page_keeps_its_last_text() -> None:
    (item,) = small_day().removed
    assert len(item.kept) == 2
    assert item.opening.startswith("11月18日")
    (unknown,) = digest_of((change("a", "1", ChangeKind.REMOVED, 1, "题"),)).removed
    assert unknown.kept == ()


def test_same_fact_touched_twice_is_told_once() -> None:
    facts = Facts(numbers=(("3名", "4名"), ("5名", "6名"), ("3名", "4名")))
    (item,) = digest_of((change("a", "1", ChangeKind.EDITED, 1, "题", weight=0.5, facts=facts),)).edited
    assert [(fact.before, fact.times) for fact in item.facts] == [("3名", 2), ("5名", 1)]


def test_context_comes_only_from_the_version_that_the_change_speaks_of() -> None:
    edited = change("a", "1", ChangeKind.EDITED, 1, "题", from_version=1, to_version=2, weight=0.5,
                    edits=(replaced("三", "四"),))  # fmt: skip
    third = version("a", "1", "题", "第四次会议已经改为第五次会议。", number=3)
    alone = digest_of((edited,), {(third.url, 3): third}).edited[0].passages[0]
    second = version("a", "1", "题", "第四次会议。", number=2)
    placed = digest_of((edited,), {(second.url, 2): second}).edited[0].passages[0]
    assert [mark.text for mark in alone.marks] == ["三", "四"]
    assert [mark.text for mark in placed.marks] == ["第", "三", "四", "次会议。"]


def test_title_is_never_empty() -> None:
    (redesigned,) = small_day().redesigned
    assert redesigned.title == "文新大学"
    (nameless,) = digest_of((change("a", "1", ChangeKind.RESTORED, 1),)).restored
    assert nameless.title == url("a", "1")


def test_sites_in_trouble_come_first_the_silent_before_all() -> None:
    assert [health.site for health in small_day().health] == ["shiquan", "wenxin", "yunxi"]
    assert [in_trouble(health) for health in small_day().health] == [True, True, False]


@pytest.mark.parametrize("seed", range(5))
def test_order_of_arguments_makes_no_difference(seed: int) -> None:
    changes, health, versions = list(small_changes()), list(small_health()), list(small_versions().items())
    for given_list in (changes, health, versions):
        Random(seed).shuffle(given_list)
    sites = dict(reversed(SITES.items()))
    kept = dict(versions)
    newest = {one.url: one for one in sorted(kept.values(), key=lambda one: one.number)}
    shuffled = build(
        DAY, changes, newest, health=health, sites=sites, keywords=small_day().keywords, generated_at=MORNING,
        reprints=small_lines(), past=small_past(),
        versions=kept,
    )  # fmt: skip
    assert shuffled == small_day()


def test_like_changes_do_not_tie() -> None:
    one = change("a", "1", ChangeKind.EDITED, 1, "题", weight=0.5, edits=(Edit("insert", "", "甲", 0),))
    other = replace(one, edits=(Edit("insert", "", "乙", 0),))
    assert digest_of((one, other)) == digest_of((other, one))


def test_day_that_is_not_over_says_so() -> None:
    assert as_of(small_day(), "zh") == "截至 11月23日 08:00（北京时间）"
    assert as_of(replace(small_day(), generated_at=at(15)), "zh") == "截至 15:00（北京时间），当日未完"
    assert as_of(replace(small_day(), generated_at=at(15) + timedelta(days=1)), "en") == "as of 23 Nov 15:00 China time"


@pytest.mark.parametrize(
    ("printed", "chinese", "english"),
    [
        ("2026-11-21", "11月21日", "21 Nov"),
        ("2026-11-21T08:16:00+08:00", "11月21日 08:16", "21 Nov 08:16"),
        ("2021-12-07", "2021年12月7日", "7 Dec 2021"),
        ("2021-13-40", "2021-13-40", "2021-13-40"),
        ("<b>昨天", "<b>昨天", "<b>昨天"),
    ],
)
def test_printed_date_is_told_as_precisely_as_it_is(printed: str, chinese: str, english: str) -> None:
    assert printed_name(printed, DAY, "zh") == chinese
    assert printed_name(printed, DAY, "en") == english


def test_day_in_full() -> None:
    assert day_name(DAY, "zh") == "2026年11月22日 星期日"
    assert day_name(DAY, "en") == "Sun 22 November 2026"


def test_both_languages_have_the_same_words() -> None:
    assert list(WORDS["zh"]) == list(WORDS["en"])
    places = {
        lang: {key: sorted(set(text) & set("012{}")) for key, text in words.items()} for lang, words in WORDS.items()
    }
    assert places["zh"].keys() == places["en"].keys()
    for key, text in WORDS["zh"].items():
        assert text.count("{") == WORDS["en"][key].count("{"), key


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        pytest.param(SiteHealth("a", "甲", at(9), visits=40), False, id="all well"),
        pytest.param(SiteHealth("a", "甲", at(9), visits=40, failures=1), False, id="one failed visit of forty"),
        pytest.param(SiteHealth("a", "甲", at(9), visits=40, failures=2), True, id="the inspection's five per cent"),
        pytest.param(SiteHealth("a", "甲", at(9), visits=40, blocked=1), True, id="blocked"),
        pytest.param(SiteHealth("a", "甲", at(9), visits=40, stale_columns=("http://a.example/",)), True, id="stale"),
        pytest.param(SiteHealth("a", "甲", at(9), visits=40, note="证书将到期"), True, id="a note"),
        pytest.param(SiteHealth("a", "甲", None), True, id="never reached"),
    ],
)
def test_trouble(health: SiteHealth, expected: bool) -> None:
    assert in_trouble(health) is expected
