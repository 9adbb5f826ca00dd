"""Which links of a page may lead to columns, what kind of column a name speaks for, and what else a page announces."""

from __future__ import annotations

import pytest

from crawler.extraction.markup import parse
from crawler.sites import Site
from crawler.survey.doors import (
    choose,
    find_crumbs,
    find_doors,
    find_feeds,
    kind_of,
    own_name,
    paper_front,
    sitemaps,
)
from crawler.survey.records import ColumnKind, Door

HOME = "https://www.luoyuan.example/"
SITE = Site(key="luoyuan", name="洛原", columns=(HOME,))
STORIES = "".join(
    f'<li><a href="/gzdt/2026/3/{day}/{day}077.html">市里召开第{day}次防汛调度会议部署工作</a></li>'
    for day in range(1, 6)
)


def doors(body: str, url: str = HOME) -> dict[str, Door]:
    found = find_doors(parse(f"<html><body>{body}</body></html>"), url, SITE.owns)
    return {door.title: door for door in found}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("要闻", ColumnKind.NEWS), ("洛原要闻", ColumnKind.NEWS), ("时政", ColumnKind.NEWS),
        ("部门动态", ColumnKind.NEWS), ("新闻中心", ColumnKind.NEWS), ("国务院要闻", ColumnKind.NEWS),
        ("工作信息", ColumnKind.NEWS),
        ("通知公告", ColumnKind.NOTICES), ("公示公告", ColumnKind.NOTICES), ("招标公告", ColumnKind.NOTICES),
        ("政策文件", ColumnKind.POLICY), ("规范性文件", ColumnKind.POLICY), ("政策解读", ColumnKind.POLICY),
        ("政府文件", ColumnKind.POLICY),
        ("民生", ColumnKind.OTHER), ("信息公开", ColumnKind.OTHER), ("领导之窗", ColumnKind.OTHER),
        ("新闻发布会", ColumnKind.OTHER), ("政策问答", ColumnKind.OTHER), ("公告查询", ColumnKind.OTHER),
        ("洛原新闻网", ColumnKind.OTHER), ("文件下载", ColumnKind.OTHER),
    ],
)  # fmt: skip
def test_a_name_speaks_for_a_kind(name: str, kind: ColumnKind) -> None:
    assert kind_of(name)[0] is kind


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("洛原要闻", "国务院要闻"), ("要闻", "图片新闻"), ("通知公告", "招标公告"), ("通知公告", "公示"),
        ("政府文件", "国务院文件"), ("政策文件", "政策解读"),
    ],
)  # fmt: skip
def test_the_city_s_own_whole_column_is_worth_more(better: str, worse: str) -> None:
    assert kind_of(better)[0] is kind_of(worse)[0]
    assert kind_of(better)[1] > kind_of(worse)[1] > 0


@pytest.mark.parametrize(
    ("body", "title", "url"),
    [
        ('<li><a href="yaowen/">要闻</a></li>', "要闻", "yaowen/"),
        ('<li><a href="/a.asp?id=3">【通知公告】</a></li>', "通知公告", "a.asp?id=3"),
        ('<div><h3>公示公告</h3><a href="/gs/">更多>></a></div>', "公示公告", "gs/"),
        ('<div><div class="t"><span>政策文件</span><a href="/zc/">MORE+</a></div></div>', "政策文件", "zc/"),
        ('<h2><span>基层动态</span></h2><p><a href="/jc/"><img src="more.gif" alt="更多"></a></p>', "基层动态", "jc/"),
        ('<a href="/yw/"><img src="yw.png" alt="洛原要闻"></a>', "洛原要闻", "yw/"),
        ('<a href="/tz/">通知公告更多</a>', "通知公告", "tz/"),
        ('<div><b>时政</b><i><a href="/sz/">更 多</a></i></div>', "时政", "sz/"),
        ('<div><h3>乡村夜校</h3><a href="/yx/">更多</a></div>', "乡村夜校", "yx/"),
        (f'<a href="/gzdt/">水利一线</a><ul>{STORIES}</ul>', "水利一线", "gzdt/"),
    ],
)
def test_a_door_is_known_by_its_words_its_block_or_what_lies_behind_it(body: str, title: str, url: str) -> None:
    assert doors(body)[title].url == HOME + url


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://www.gov.example/yw/">国家要闻</a>',
        '<a href="/202603/t20260301_118.html">要闻</a>',
        '<a href="/gzdt/2026/3/1/1077.html">动态</a>',
        '<a href="/yw/tg.pdf">通知公告</a>',
        '<a href="javascript:void(0)">要闻</a>',
        '<a href="/">要闻</a><a href="/index.html">动态</a>',
        '<a href="/yw/">今日要闻:市里召开防汛调度会议,部署下一步工作</a>',
        '<a href="/about.html">关于我们</a><a href="/ms/">民生</a>',
        '<div><p>市里召开防汛调度会议部署下一步工作安排</p><a href="/x/">更多</a></div>',
        '<a href="/so/">公告查询</a><a href="/rx/">新闻热线</a>',
        f'<ul>{STORIES}</ul><a href="/gzdt/index_2.html">下一页</a><a href="/gzdt/">详细</a>',
    ],
)
def test_what_is_no_door(body: str) -> None:
    assert doors(body) == {}


def test_one_address_is_one_door_under_its_best_name() -> None:
    found = doors('<a href="/yw/index.html">新闻</a><a href="/yw/">洛原要闻</a><h3>民情</h3><a href="/yw/">更多</a>')
    assert list(found) == ["洛原要闻"]


def test_two_of_each_kind_are_tried_and_news_first() -> None:
    names = ("通知公告", "公示", "部门动态", "要闻", "县区动态", "政策文件")
    found = doors("".join(f'<a href="/{place}/">{name}</a>' for place, name in enumerate(names)))
    chosen = [door.title for door in choose(tuple(found.values()), 6)]
    assert chosen == ["要闻", "部门动态", "通知公告", "公示", "政策文件"]
    assert [door.title for door in choose(tuple(found.values()), 3)] == chosen[:3]


def test_where_no_name_speaks_for_a_kind_the_others_are_tried() -> None:
    body = "".join(f'<div><h3>{name}</h3><a href="/{name}/">更多</a></div>' for name in ("夜校", "早市", "渡口"))
    assert len(choose(tuple(doors(body).values()), 6)) == 3
    assert len(choose(tuple(doors(body + '<a href="/yw/">要闻</a>').values()), 6)) == 3


STORY = "https://www.luoyuan.example/xw/sz/202603/t20260301_118.html"


@pytest.mark.parametrize(
    ("body", "label", "first"),
    [
        ('<p>当前位置:<a href="/">首页</a> > <a href="/xw/">新闻</a> > <a href="/xw/sz/">时政</a> ></p>', None, "时政"),
        ('<p><a href="/">首页</a> >> <a href="/jz/">镇街快报</a> >> 正文</p>', None, "镇街快报"),
        ('<div><a href="/tz/">通知公告</a><a href="/jz/">镇街快报</a></div>', "镇街快报", "镇街快报"),
        ('<div><a href="/tz/">通知公告</a><a href="/xw/">新闻</a><a href="/xw/sz/">时政</a></div>', None, "时政"),
    ],
)  # fmt: skip
def test_an_article_says_which_column_it_stands_in(body: str, label: str | None, first: str) -> None:
    markup = parse(f"<html><body>{body}</body></html>")
    assert find_crumbs(markup, STORY, SITE.owns, label)[0].title == first


@pytest.mark.parametrize(
    "body",
    [
        '<div><a href="/tz/">通知公告</a><a href="/jz/">镇街快报</a></div>',
        '<p>现在位置更好的学校有<a href="/xx/">实验小学</a>' + "和别的许多学校" * 30 + "</p>",
        '<div>当前位置:<a href="/">首页</a> > <a href="/xw/sz/202603/t20260301_118.html">正文</a></div>',
        '<p>当前位置:<a href="/">首页</a> > 正文 <a href="/p?id=118">打印本页</a> <a href="/xw/">返回列表</a></p>',
    ],
)
def test_an_article_without_a_trail_says_none(body: str) -> None:
    assert find_crumbs(parse(f"<html><body>{body}</body></html>"), STORY, SITE.owns, None) == ()


def test_a_column_is_called_as_its_links_to_itself_are() -> None:
    body = '<a href="/list.asp?id=3">动态</a><a href="/list.asp?id=4">公告</a>'
    trail = '<p>您的位置:<a href="/">首页</a> > <a href="/list.asp?id=3">工作动态</a></p>'
    url = HOME + "list.asp?id=3"
    assert own_name(parse(body), url, SITE.owns) == "动态"
    assert own_name(parse(body + trail), url, SITE.owns) == "工作动态"
    assert own_name(parse('<a href="/list.asp?id=4">公告</a>'), url, SITE.owns) is None
    pager = '<a href="/list.asp?id=3">首页</a><a href="/list.asp?id=3">第一页</a><a href="/list.asp?id=3">上一页</a>'
    assert own_name(parse(pager), url, SITE.owns) is None
    assert own_name(parse(pager + body), url, SITE.owns) == "动态"


@pytest.mark.parametrize(
    ("url", "front"),
    [
        ("http://p.example/html/2026-03/01/node_2.htm", "http://p.example/"),
        ("http://p.example/lyrb/html/2026-03/01/content_8.htm", "http://p.example/lyrb/"),
        ("http://p.example/pc/layout/202603/01/node_01.html", "http://p.example/"),
        ("http://p.example/pc/content/202603/01/content_8.html", "http://p.example/"),
        ("http://p.example/html/202603/t20260301_8.html", None),
        ("http://p.example/2026-03/01/node_2.htm", None),
    ],
)
def test_a_paper_opens_in_front_of_its_days(url: str, front: str | None) -> None:
    assert paper_front(url) == front


def test_feeds_of_the_site_itself_are_announced() -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
        '<link rel="Alternate" type="application/atom+xml" href="https://luoyuan.example/atom">'
        '<link rel="alternate" type="application/rss+xml" href="https://other.example/rss.xml">'
        '<link rel="alternate" hreflang="en" href="/en/"><link rel="stylesheet" type="text/css" href="/a.css">'
    )
    assert find_feeds(parse(head), HOME, SITE.owns) == (HOME + "rss.xml", "https://luoyuan.example/atom")


def test_sitemaps_of_the_site_itself_are_named_by_robots_txt() -> None:
    robots = (
        "User-agent: *\nDisallow: /x\nSitemap: /map.xml\nSITEMAP:https://www.luoyuan.example/b.xml\r\n#sitemap: /c\n"
    )
    robots += "Sitemap: https://other.example/map.xml\n"
    assert sitemaps(robots, HOME + "robots.txt", SITE.owns) == (HOME + "map.xml", HOME + "b.xml")
