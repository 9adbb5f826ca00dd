"""The bench on edits and noise: it runs small, its judgement is strict, and its gates fail for the right reason."""

from __future__ import annotations

from random import Random

import pytest
from compare_sample import OATH, article

from bench import signal
from bench.edits import Truth
from bench.judging import judge, rebuilds
from bench.manuscript import Manuscript, manuscripts
from bench.signal import EDITS, Told, breaches, edit_pairs, edit_table, noise_pairs, noise_table
from monitor.compare.difference import difference
from storage.demo import City
from storage.records import Article, Change, ChangeKind, Edit, Facts

FIGURE = Truth(
    ChangeKind.EDITED, "4156名", "4165名", facts={"numbers": ("4156名", "4165名")}, quiet=("dates", "people")
)


@pytest.fixture(scope="module")
def pages() -> list[Manuscript]:
    city = City(2026)
    site = city.sites[0]
    bodies = {path: city.page(site.key, path, 1).body for path in city.addresses(site.key, 1)[:60]}
    found = sorted(manuscripts(bodies, {}), key=lambda page: -len(page.gaps))
    return found[:2]


def told(old: Article, new: Article, **other: object) -> Change:
    news = difference(old, new)
    assert news is not None
    values = {"kind": news.kind, "edits": news.edits, "facts": news.facts, "weight": news.weight, **other}
    return Change("a", "http://a.gov.cn/1.html", detected_at=signal.NOW, **values)  # type: ignore[arg-type]


def edited(old: str, new: str) -> tuple[Article, Article]:
    return article(*OATH), article(*(text.replace(old, new) for text in OATH))


def test_a_small_run_tells_every_edit_and_no_noise(pages: list[Manuscript]) -> None:
    found, noise = list(edit_pairs(pages, 7, 1)), list(noise_pairs(pages, 7, 1))
    assert len({told.kind for told in found}) >= 0.8 * len(EDITS)
    assert len(noise) >= 40
    assert [told.kind for told in noise if told.wrong] == []
    assert [told.kind for told in found if told.verdict and not told.verdict.told] == []
    assert f"{len(found)}" in list(edit_table(found))[-1]
    assert f"{len(noise)}" in list(noise_table(noise))[-1]


def test_the_same_seed_makes_the_same_edits(pages: list[Manuscript]) -> None:
    page, maker = pages[0], EDITS["person"][0]
    assert maker(page, Random("a")) == maker(page, Random("a")) != maker(page, Random("b"))


def test_an_edit_told_exactly_is_right() -> None:
    old, new = edited("4156", "4165")
    verdict = judge(FIGURE, old, new, told(old, new))
    assert verdict.told
    assert (verdict.words, verdict.kind, verdict.facts, verdict.weight) == (True, True, True, True)


def test_what_is_not_told_exactly_is_wrong() -> None:
    old, new = edited("4156", "4165")
    assert not judge(FIGURE, old, new, None).told
    short = told(old, new, edits=(Edit("replace", "4156名", "4156名", 0, offset=OATH[0].index("4156")),))
    assert not judge(FIGURE, old, new, short).told
    whole = told(old, new, edits=(Edit("replace", OATH[0], OATH[0].replace("4156", "4165"), 0, offset=0),))
    verdict = judge(FIGURE, old, new, whole)
    assert (verdict.told, verdict.words) == (True, False)
    assert not judge(FIGURE, old, new, told(old, new, kind=ChangeKind.RETITLED)).kind
    assert judge(FIGURE, old, new, told(old, new, facts=Facts())).facts is False
    assert judge(FIGURE, old, new, told(old, new, weight=0.1)).weight is False


def test_edits_are_applied_to_see_whether_they_say_it_all() -> None:
    first, last = "会议在市政府召开,全体委员参加。", "下一步将抓好落实,确保完成任务。"
    middle = "现场还展示了新的做法。"
    old, new = article(first, middle, last), article(middle, first, last.replace("任务", "目标"))
    news = difference(old, new)
    assert news is not None
    assert rebuilds(old, new, news.edits)
    assert not rebuilds(old, new, news.edits[1:])


def test_a_gate_that_does_not_hold_is_named() -> None:
    old, new = edited("4156", "4165")
    right = [Told(kind, "a", None, judge(FIGURE, old, new, told(old, new))) for kind in EDITS]
    assert list(breaches(right, [], whole=False)) == []
    missed = Told("figure", "a", None, judge(FIGURE, old, new, None))
    assert any(line.startswith("recall of figure") for line in breaches([*right, missed], [], whole=False))
    alarm = Told("clock", "a", told(old, new))
    assert list(breaches(right, [alarm], whole=True)) == ["1 false changes", "only 1 noise pairs"]
