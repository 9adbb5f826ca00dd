"""A digest narrowed to what one reader wants."""

from __future__ import annotations

import pytest
from digest_sample import change, digest_of, small_changes, small_day, small_health, small_versions, url, version
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest import asjson, html, mail, markdown
from monitor.digest.choose import choose
from monitor.digest.day import Choice, Digest
from storage.records import ChangeKind, Edit


def urls(digest: Digest) -> set[str]:
    return {one.url for one in digest.changes}


def test_without_a_wish_a_digest_stays_itself() -> None:
    assert choose(small_day()) is small_day() or choose(small_day()) == small_day()
    assert choose(small_day()).chosen is None


def test_only_the_sites_that_are_asked_for_are_told_and_counted() -> None:
    told = choose(small_day(), ["yunxi"])
    assert {one.site for one in told.changes} == {"yunxi"}
    assert [tally.site for tally in told.tallies] == ["yunxi"]
    assert [site.site for site in told.health] == ["yunxi"]
    assert told.sites == (("yunxi", "云溪发布"),)
    assert sum(number for _, number in told.counts) == len(told.changes) == told.tallies[0].total
    assert (told.tampered, told.removed, told.keywords) == ((), (), ())
    assert told.days == dict(small_day().site_days)["yunxi"]


def test_a_story_stays_whole_where_one_of_its_new_articles_stays() -> None:
    (story,) = choose(small_day(), ["yunxi"]).stories
    assert [article.site for article in story.articles] == ["lanqiao", "yunxi", "shiquan"]
    assert choose(small_day(), ["wenxin"]).stories == ()
    assert [line.original.site for line in choose(small_day(), ["shiquan"]).reprints] == ["lanqiao", "yunxi"]


def test_only_the_kinds_that_are_asked_for() -> None:
    told = choose(small_day(), kinds=[ChangeKind.REMOVED, ChangeKind.EDITED])
    assert {one.kind for one in told.changes} == {ChangeKind.REMOVED, ChangeKind.EDITED}
    assert (len(told.removed), len(told.edited), len(told.mends)) == (1, 2, 1)
    assert (told.stories, told.tampered, told.keywords) == ((), (), ())
    assert all(set(day.counts) <= {ChangeKind.REMOVED, ChangeKind.EDITED} and day.total for day in told.days)


def test_light_changes_are_left_out_but_never_tampering() -> None:
    told = choose(small_day(), least_weight=0.85)
    assert {(one.kind, one.weight >= 0.85) for one in told.changes} == {
        (ChangeKind.EDITED, True), (ChangeKind.REMOVED, True), (ChangeKind.TAMPERED, True),
    }  # fmt: skip
    assert told.days == ()
    assert [item.title for item in choose(small_day(), words=["没有的词"]).tampered] == ["校史馆恢复开放"]
    assert choose(small_day(), kinds=[ChangeKind.NEW]).tampered == ()


@pytest.mark.parametrize(
    ("word", "pages"),
    [
        pytest.param("夜间施工", {"noise"}, id="a title"),
        pytest.param("高噪声作业", {"noise"}, id="the text of an edited page"),
        pytest.param("可以", {"noise"}, id="what was deleted"),
        pytest.param("自筹", {"renewal"}, id="the kept text of a withdrawn page"),
        pytest.param("提前41天", {"bridge"}, id="the text of a new article"),
        pytest.param("疑似倒填", {"levy"}, id="a note"),
        pytest.param("７．８９亿", {"investment"}, id="full width"),
        pytest.param("SCRIPT", {"hostile"}, id="another case"),
        pytest.param("归还图书,自觉", {"typo"}, id="half-width marks"),
    ],
)
def test_a_word_is_found_wherever_it_stands(word: str, pages: set[str]) -> None:
    told = choose(small_day(), words=[word])
    assert {one.url.rpartition("/")[2].removesuffix(".html") for one in told.changes} - {"hijack"} == pages


def test_words_do_not_run_across_two_texts() -> None:
    kept = {("http://a.example/1.html", 2): version("a", "1", "甲市", "停水通知", number=2)}
    put_in = (Edit("insert", "", "停", 0),)
    told = change("a", "1", ChangeKind.EDITED, 9, "甲市", to_version=2, weight=0.5, edits=put_in)
    assert choose(digest_of((told,), kept), words=["市停水"]).changes == ()
    assert choose(digest_of((told,), kept), words=["停水"]).changes == (told,)


def test_a_choice_of_a_choice_is_narrower() -> None:
    told = choose(choose(small_day(), ["yunxi", "lanqiao"]), ["yunxi"], [ChangeKind.EDITED])
    assert urls(told) == {url("yunxi", "investment"), url("yunxi", "noise")}
    assert told.chosen == Choice(("yunxi",), (ChangeKind.EDITED,))


@given(
    st.sets(st.sampled_from(["yunxi", "lanqiao", "shiquan", "wenxin", "nobody"])),
    st.sets(st.sampled_from(list(ChangeKind))),
    st.sampled_from([0.0, 0.3, 0.8, 1.0]),
    st.sets(st.sampled_from(["桥", "公告", "<", "无此词"])),
)
def test_what_is_told_is_what_is_counted(
    sites: set[str], kinds: set[ChangeKind], least: float, words: set[str]
) -> None:
    whole = digest_of(small_changes(), small_versions(), small_health())
    told = choose(whole, sites, kinds, least, words)
    assert urls(told) <= urls(whole)
    fresh = {article.url for story in told.stories for article in story.articles}
    items = {item.change.url for item in told.items} | (fresh & urls(told))
    assert items == urls(told)
    assert sum(tally.total for tally in told.tallies) == sum(n for _, n in told.counts) == len(told.changes)


@pytest.mark.parametrize("render", [html.render, mail.render, markdown.render, asjson.render])
def test_an_empty_choice_can_be_shown(render) -> None:  # type: ignore[no-untyped-def]
    told = render(choose(small_day(), ["nobody"]))
    assert "所选范围内没有变化" in told
    assert "水费" not in told
