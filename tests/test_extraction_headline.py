"""The headline where ``<title>`` does not tell it: broken over lines, set as a picture, below a site's name."""

from __future__ import annotations

import pytest

from crawler.extraction.read import read_page
from storage.records import PageKind

TITLE = "云溪市人民政府关于印发城市更新专项资金管理办法的通知"
FIRST = "5月7日上午,全市城市更新工作推进会在市会议中心召开,市委书记出席会议并讲话,市长主持会议。"
SECOND = "会议指出,要聚焦群众反映强烈的突出问题,把改造工程做成民心工程,确保年内完成八十个小区的改造任务。"
BYLINE = "<p>发布时间：2021-05-08 来源：云溪日报</p>"


def title_of(head: str, *, title: str = "云溪市人民政府", byline: str = BYLINE) -> str | None:
    page = f"<title>{title}</title><div class='m'>{head}{byline}<div><p>{FIRST}</p><p>{SECOND}</p></div></div>"
    return read_page(page.encode()).title


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("云溪市人民政府关于印发<br>城市更新专项资金管理办法的通知", TITLE),
        (f"{TITLE}<br>——二〇二一年修订", TITLE),
        (f"{TITLE}<br>2021-05-08", TITLE),
        (f"{TITLE}<br>（试行）", f"{TITLE}(试行)"),
    ],
)
def test_a_heading_broken_over_lines_is_one_without_its_subtitle(heading: str, told: str) -> None:
    assert title_of(f"<h1>{heading}</h1>") == told


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (f"<h1><img src='/t/1.jpg' alt='{TITLE}'></h1>", TITLE),
        ("<h1><img src='/t/logo.jpg' alt='云溪市人民政府门户网站'></h1>", "云溪市人民政府"),
        (f"<p><img src='/t/1.jpg' alt='{FIRST}'></p>", "云溪市人民政府"),
    ],
)
def test_a_headline_set_as_a_picture_is_told_by_its_words(head: str, told: str) -> None:
    assert title_of(head) == told


def test_a_site_s_name_over_the_headline_is_none_though_title_is_all_of_it() -> None:
    assert (
        title_of("<h1>云溪日报</h1><h2>全市城市更新工作推进会召开</h2>", title="云溪日报")
        == "全市城市更新工作推进会召开"
    )
    assert title_of("<h1>公示公告</h1>", title="公示公告") == "公示公告"
    assert title_of("<h1>机构设置委员会</h1>", title="机构设置委员会", byline="") == "机构设置委员会"


@pytest.mark.parametrize(("below", "is_told"), [("本报记者 陈明 通讯员 李红", True), ("记者从市府办获悉", False)])
def test_reporters_by_name_alone_stand_below_a_headline(below: str, is_told: bool) -> None:
    head = f"<div class='yt'>聚焦民生</div><div class='bt'>全市城市更新工作推进会召开</div><div>{below}</div>"
    told = title_of(head, title="云溪日报数字报", byline="")
    assert (told == "全市城市更新工作推进会召开") is is_told


@pytest.mark.parametrize(
    ("heading", "title", "told", "day"),
    [
        ("2021年5月6日 云溪新闻", "2021年5月6日 云溪新闻", "2021年5月6日 云溪新闻", "2021-05-08T08:16:00+08:00"),
        ("2021-05-06 每日菜价", "2021-05-06 每日菜价_云溪市", "2021-05-06 每日菜价", "2021-05-08T08:16:00+08:00"),
        ("2021年5月6日 云溪日报", "2021年5月6日 云溪日报", TITLE, "2021-05-08T08:16:00+08:00"),
        ("2021年5月6日 云溪新闻", f"{TITLE}_云溪市人民政府", TITLE, "2021-05-08T08:16:00+08:00"),
    ],
    ids=["newscast", "bulletin", "paper's masthead", "page called otherwise"],
)
def test_a_heading_named_by_its_day_is_a_headline_where_the_page_is_called_so(
    heading: str, title: str, told: str, day: str
) -> None:
    below = "" if told == heading else f"<div class='bt'>{TITLE}</div>"
    film = "<div class='c'><iframe src='/player?vid=1'></iframe></div>"
    page = f"<h1>{heading}</h1>{below}<p>发布时间：2021-05-08 08:16 来源：云溪台 发布者：陈明</p>{film}"
    found = read_page(f"<title>{title}</title><div>{page}</div>".encode())
    assert (found.kind, found.title, found.published_at) == (PageKind.ARTICLE, told, day)
