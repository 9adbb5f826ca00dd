"""The bench of hijacks: a small run holds, and its hijackers' held-out words are none of the detector's."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bench.gangs import TRADES, gang_of
from bench.hijackers import STYLES, has_text
from bench.hijacks import RIGHT, Subject, Trial, hijacks, holds, honest_changes, table, told_of
from bench.honest import HONEST
from crawler.extraction.spamwords import spam_words
from storage.records import Role

LINE = "会议听取了关于老旧管网改造进展情况的汇报,研究部署了下一阶段重点任务,要求各部门压实责任并按期完成。"
TITLE = "市政府召开第三十八次常务会议"
ARTICLE = (
    f"<html><head><title>{TITLE}_云溪市人民政府</title></head><body><div class='nav'><a href='/'>首页</a></div>"
    f"<div class='content'><h1>{TITLE}</h1><p class='info'>2026-11-20 来源:云溪日报</p><div class='TRS_Editor'>"
    + "".join(f"<p>{LINE}第{n}项议题由市住房和城乡建设局负责落实并于年底前报告。</p>" for n in "一二三四五")
    + "</div></div><div class='foot'>云溪市人民政府主办</div></body></html>"
)
ROWS = "".join(
    f'<li><a href="/a/{n}.html">第{n}号工程今日开工建设市长出席</a><span>2026-11-{n}</span></li>' for n in range(10, 25)
)
LIST = f"<html><head><title>要闻_云溪市人民政府</title></head><body><ul class='list'>{ROWS}</ul></body></html>"
PAGES = [
    Subject("article", "http://www.yunxi.gov.cn/a/1.html", ARTICLE, Role.ARTICLE),
    Subject("list", "http://www.yunxi.gov.cn/a/", LIST, Role.COLUMN),
]


def test_every_style_is_found_and_every_honest_change_is_quiet_on_two_pages() -> None:
    found, honest = list(hijacks(PAGES, 3, 1)), list(honest_changes(PAGES, 1))
    assert holds(found, honest), "\n".join(table(found, honest))
    assert {trial.what for trial in found} == set(STYLES)
    assert {trial.what for trial in honest} == set(HONEST)


@pytest.mark.parametrize("name", STYLES)
def test_a_style_changes_the_page(name: str) -> None:
    assert has_text(ARTICLE)
    assert STYLES[name](ARTICLE, gang_of(1, name, 0)) != ARTICLE


def test_the_gate_falls_with_one_miss_or_one_alarm() -> None:
    found = [Trial(style, "p", False, RIGHT) for style in list(STYLES)[:12] for _ in range(5)]
    quiet = [Trial("counter", "p", False, ("",))]
    assert holds(found, quiet)
    assert not holds([*found[1:], replace(found[0], told=("", "", ""))], quiet)
    assert not holds([*found[1:], replace(found[0], told=("tampered+edited", "", "restored"))], quiet)
    assert not holds(found, [replace(quiet[0], told=("tampered",))])
    assert not holds(found[:59], quiet)


def test_held_out_words_are_not_in_the_detector_s_list() -> None:
    for known, unknown in TRADES.values():
        assert all(spam_words(word) for word in known.split())
        assert not any(spam_words(word) for word in unknown.split())


def test_a_hijacked_page_that_is_edited_when_it_is_cleaned_is_restored_with_that() -> None:
    hijacked = STYLES["labels"](ARTICLE, gang_of(1, "labels", 1))
    assert told_of(PAGES[0], (ARTICLE, hijacked, ARTICLE.replace("年底前", "六月底前"))) == ("tampered", "restored")


def test_a_frame_that_a_page_had_before_is_its_site_s_on_other_pages() -> None:
    """A visit that is no hijack says what the site loads; the next change of the page brings no stranger."""
    chat = '<div style="display:none"><iframe src="https://chat.lanqiao.com/im"></iframe></div>'
    had = ARTICLE.replace("<div class='foot'>", f"{chat}<div class='foot'>")
    edited = had.replace("年底前", "六月底前")
    assert told_of(PAGES[0], (had, edited, ARTICLE, had)) == ("edited", "edited", "")
    assert told_of(PAGES[0], (ARTICLE, had)) == ("tampered",)


def test_an_edit_of_the_page_is_no_hijack() -> None:
    assert told_of(PAGES[0], (ARTICLE, ARTICLE.replace("年底前", "六月底前"))) == ("edited",)
    partners = HONEST["partners_gained"](ARTICLE, PAGES[0].url, Random(1))
    assert told_of(PAGES[0], (ARTICLE, partners)) == ("",)
