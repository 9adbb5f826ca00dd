"""Values that an element's end ends, and names that are printed in several elements."""

from __future__ import annotations

import pytest

from crawler.extraction.read import read_page
from storage.records import Article, Role

_BODY = (
    "<p>11月19日,全市防汛工作会议召开,总结今年防汛抗旱工作,部署明年的任务和措施。</p>"
    "<p>会议要求,各地要压实责任,加强值守,确保安全度汛,不得瞒报漏报。</p>"
)


def _read(byline: str, below: str = "") -> Article:
    page = (
        "<html><head><meta charset=utf-8><title>全市防汛工作会议召开</title></head>"
        "<body><div><h1>全市防汛工作会议召开</h1>"
        f"<div>{byline}</div><div id=zoom>{_BODY}</div><div>{below}</div></div></body></html>"
    )
    return read_page(page.encode(), role=Role.ARTICLE)


@pytest.mark.parametrize("source", ["栖川市政府办公室", "栖川融媒", "栖川晚晴"])
@pytest.mark.parametrize(
    "behind",
    [
        "<span>3分钟前更新</span>",
        "<em>刚刚</em>",
        "<span>昨天</span>",
        "<span>1234人阅读</span>",
        "<span>👁 1234</span>",
        "<span>1234</span>",
        "<span>12:30:45</span>",
        "<span>已有<b>56</b>人参与</span>",
        "<span>收藏 12</span>",
        "<span>点赞(3)</span>",
        "<span>PV:1234</span>",
        "<span>约3分钟读完</span>",
        "<span>AI解读</span>",
    ],
)
def test_what_stands_in_the_next_element_is_no_part_of_a_source(source: str, behind: str) -> None:
    read = _read(f"<span>2026-11-20 06:31</span><span>来源:{source}</span>{behind}<span>浏览次数:23</span>")
    assert (read.source, read.published_at) == (source, "2026-11-20T06:31:00+08:00")


@pytest.mark.parametrize("behind", ["<em>刚刚</em>", "<em>3分钟前</em>", "<em>1234人阅读</em>", "<em>12:30:45</em>"])
def test_a_moment_or_a_counter_inside_the_source_s_element_is_no_part_of_it(behind: str) -> None:
    assert _read(f"<span>来源:栖川晚晴{behind}</span><span>2026-11-20</span>").source == "栖川晚晴"


@pytest.mark.parametrize(
    ("byline", "source"),
    [
        ("来源:<b>栖川</b><b>日报</b>", "栖川日报"),
        ("<span>来源:栖川</span><span>日报</span>", "栖川日报"),
        ("<span>来源:</span><span>栖川</span><span>日报</span>", "栖川日报"),
        ("<span>来源:栖川市</span><span>人民政府</span><span>办公室</span>", "栖川市人民政府办公室"),
        ("来源:<b>新华社</b>北京分社", "新华社北京分社"),
        ("来源:<span>央视</span><span>13</span><span>套</span>", "央视13套"),
        ("来源:<span>栖川</span><span lang=EN-US>114</span><span>网</span>", "栖川114网"),
        ("来源:<font>第<b>1</b>财经</font>", "第1财经"),
        ("来源:<b>21</b>世纪经济报道", "21世纪经济报道"),
        ("来源:<b>栖川</b>TV", "栖川TV"),
        ("<span>来源:今日</span><span>头条</span>", "今日头条"),
        ("来源:<b>栖川日报</b>、<b>栖川发布</b>", "栖川日报、栖川发布"),
    ],
)
def test_a_source_printed_in_several_elements_is_whole(byline: str, source: str) -> None:
    assert _read(f"2026-11-20 06:31 {byline}").source == source


@pytest.mark.parametrize(
    ("byline", "authors", "editors"),
    [
        ("<span>作者:陈明</span><span>3分钟前</span>", ("陈明",), ()),
        ("<span>作者:陈明</span><span>李红</span>", ("陈明", "李红"), ()),
        ("<span>作者:陈明</span><span>栖川日报</span>", ("陈明",), ()),
        ("作者:<b>陈</b><b>明</b>", ("陈明",), ()),
        ("作者:<b>陈小</b><b>明</b>", ("陈小明",), ()),
        ("作者:<b>欧阳</b><b>建国</b>", ("欧阳建国",), ()),
        ("<span>责任编辑:陈明</span><span>1234人阅读</span>", (), ("陈明",)),
        ("<span>责任编辑:陈明</span><span>刚刚</span>", (), ("陈明",)),
        ("<span>责任编辑:陈明</span><span>12:30:45</span>", (), ("陈明",)),
    ],
)
def test_people_end_where_their_element_does(byline: str, authors: tuple[str, ...], editors: tuple[str, ...]) -> None:
    for read in (_read(f"2026-11-20 06:31 {byline}"), _read("2026-11-20 06:31", byline)):
        assert (read.authors, read.editors) == (authors, editors)


@pytest.mark.parametrize(
    ("byline", "moment"),
    [
        ("<span>2026-11-20</span><span>06:31</span>", "2026-11-20T06:31:00+08:00"),
        ("<span>发布时间:2026-11-20</span><span>1234</span>", "2026-11-20"),
        ("<span>来源:栖川晚晴</span><span>1234</span><span>2026-11-20</span>", "2026-11-20"),
        ("<span>2026-11-20 06:31</span><span>5</span>", "2026-11-20T06:31:00+08:00"),
        ("<b>2026</b>年<b>11</b>月<b>20</b>日", "2026-11-20"),
        ("<i>2</i><i>0</i><i>2</i><i>6</i>-<i>1</i><i>1</i>-<i>2</i><i>0</i>", "2026-11-20"),
    ],
)
def test_a_date_ends_where_its_element_does(byline: str, moment: str) -> None:
    assert _read(byline).published_at == moment


def test_paragraphs_stay_as_they_are_printed() -> None:
    said = "据来源:统计局<span>1234</span>人阅读的材料,增长<span>3</span>倍。"
    article = f"<h1>防汛会议召开</h1><div id=zoom>{_BODY}<p>{said}</p></div>"
    read = read_page(f"<html><meta charset=utf-8><title>防汛会议召开</title>{article}</html>".encode())
    assert read.canonical[-1] == "据来源:统计局1234人阅读的材料,增长3倍。"
