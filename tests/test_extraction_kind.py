"""Article, list or neither: a front is no list of its blocks, and a list is no article by its summaries."""

from __future__ import annotations

import pytest

from crawler.extraction.kind import Evidence, decide
from crawler.extraction.read import read_page
from storage.records import Article, PageKind, Role

TITLES = [
    "市政府召开第五次常务会议研究部署防汛抗旱工作",
    "市领导调研城市更新和老旧小区改造项目建设情况",
    "我市出台促进服务业领域困难行业恢复发展若干政策",
    "全市优化营商环境大会召开 发布六十项改革举措",
    "市图书馆新馆开馆 首日迎来读者一万两千人次",
]
SUMMARY = "会议指出，要压实各方责任，把各项任务落到实处，让群众有更多获得感。市有关部门负责人参加会议并作了说明。"
NAV = '<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/zwdt/">政务动态</a></div>'
FOOT = '<div class="foot">友情链接 <a href="http://www.gov.cn/">中国政府网</a> 主办：市人民政府办公室</div>'
BODY = "".join(f"<p>{n}、{SUMMARY}{SUMMARY}</p>" for n in "一二三四")


def block(number: int, *, heading: str = "", more: bool = False, dated: bool = True, count: int = 5) -> str:
    rows = "".join(
        f'<li><a href="/{number}/2021/11{number}{i}.html">第{number}期：{title}</a>{f"<i>04-{10 + i}</i>" * dated}</li>'
        for i, title in enumerate(TITLES[:count])
    )
    rest = f'<a href="/{number}/">更多&gt;&gt;</a>' if more else ""
    return f'<div class="b{chr(96 + number)}">{heading and f"<h3>{heading}</h3>"}{rest}<ul>{rows}</ul></div>'


def read(content: str, *, title: str = "某市人民政府门户网站", role: Role | None = None) -> Article:
    page = f"<html><head><title>{title}</title></head><body>{NAV}{content}{FOOT}</body></html>"
    return read_page(page.encode(), role=role)


FRONTS = {
    "blocks alike that offer more": "".join(block(1, more=True).replace("/1/", f"/1/{n}") for n in range(4)),
    "home page": block(1, heading="要闻") + block(2, heading="通知公告") + block(3, heading="政策") + block(4),
    "blocks that offer more": "".join(block(n, more=True, count=3) for n in (1, 2, 3, 4)),
    "lead story": f"<h1>{TITLES[0]}</h1><p>{SUMMARY}</p>" + "".join(block(n) for n in (2, 3, 4, 5)),
    "two blocks alike": block(1, heading="要闻") + block(2, heading="公告"),
}


@pytest.mark.parametrize("name", FRONTS)
def test_a_front_is_neither_article_nor_list(name: str) -> None:
    found = read(FRONTS[name])
    assert found.kind is PageKind.EMPTY
    assert "front" in found.flags
    assert len(found.links) >= 3  # its foremost block, for those who ask a front what it shows


@pytest.mark.parametrize("name", FRONTS)
def test_a_front_that_is_watched_as_a_column_is_one(name: str) -> None:
    found = read(FRONTS[name], role=Role.COLUMN)
    assert found.kind is PageKind.LIST
    assert len(found.links) >= 3
    assert "front" not in found.flags


ONE = '<ul><li><a href="/a/2021/1100.html">二〇二一年度工作年报</a><i>2021-04-25</i></li></ul>'
COLUMNS = (
    f'<li><a href="/col/col10{i}/index.html">20{i}0年度政府信息公开工作年度报告和统计表</a></li>' for i in range(8)
)
MENU = f"<div><ul>{''.join(COLUMNS)}</ul></div>"
PAGER = '<div class="page">共9页 <a href="index_1.html">下一页</a></div>'
LISTS = {
    "one list": block(1),
    "list beside a smaller block": block(1) + block(2, count=2, dated=False),
    "list with a pager among blocks": block(2, count=3) + block(3, count=3) + block(1) + PAGER,
    "list in several blocks of its own": "".join(block(1).replace("/1/", f"/1/{n}") for n in range(4)),
    "blocks alike of one column": "".join(block(1, more=True).replace("/1/", f"/1/{n}") for n in range(4)),
    "one link to more": block(1, more=True),
    "one article beside menus of columns": ONE + MENU + f"<td>{MENU}</td><p>{MENU}</p><dl>{MENU}</dl>",
    "small block beside a menu of columns": block(1, count=4) + block(2, count=2) + MENU,
    "two articles and pictures under a headline": '<h2>要闻</h2><div><img src="/a.jpg"><img src="/b.jpg"><ul>'
    '<li><a href="/a/2021/1100.html">证明</a> 2021-04-25</li><li><a href="/a/2021/1101.html">申请表</a> 2021-04-24</li>'
    "</ul></div>",
    "one article": ONE,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_one_with_smaller_blocks_beside_it(name: str) -> None:
    assert read(LISTS[name], title="要闻_某市人民政府").kind is PageKind.LIST


SUMMARIES = {
    "text below": '<li><h3><a href="{a}">{t}</a></h3><div>发布时间：2021-04-1{i} 来源：市府办</div><p>{s}{s}</p></li>',
    "bare days": '<li><span>2021-04-1{i}</span><h3><a href="{a}">{t}</a></h3><p>{s}{s}</p></li>',
    "definitions": '<dt><a href="{a}">{t}</a></dt><dd>{s}</dd>',
    "cards": '<div class="c"><div><a href="{a}">{t}</a></div><div>{s}</div><div>2021-04-1{i}</div></div>',
}


@pytest.mark.parametrize("name", SUMMARIES)
def test_summaries_make_no_article_of_a_list(name: str) -> None:
    rows = (SUMMARIES[name].format(a=f"/a/2021/110{i}.html", t=t, i=i, s=SUMMARY) for i, t in enumerate(TITLES))
    found = read(f"<h2>要闻</h2><div>{''.join(rows)}</div>", title="要闻_某市人民政府")
    assert found.kind is PageKind.LIST
    assert [link.title for link in found.links] == TITLES


def article(body: str, *, byline: str = "2021-04-25 08:16 来源：市府办") -> str:
    return f"<h1>{TITLES[0]}</h1><div>{byline}</div><div>{body}</div>"


ASIDES = "".join(block(n, heading="相关阅读", dated=False) for n in (2, 3, 4, 5))
ARTICLES = {
    "blocks beside it": article(BODY) + ASIDES,
    "no day": article(BODY, byline="市府办") + ASIDES,
    "related articles with summaries": article(BODY)
    + "".join(
        f'<dl><dt><a href="/b/2021/9{i}00.html">{t}</a></dt><dd>{SUMMARY}</dd></dl>' for i, t in enumerate(TITLES)
    ),
    "links in its text": article(BODY.replace("会议指出", '<a href="/b/2021/9100.html">会议的全文见这里</a>指出')),
    "no day, among dated blocks": article(BODY, byline="市府办")
    + "".join(block(n, heading="快讯") for n in (2, 3, 4, 5)),
    "film with related summaries": article(
        f"<p>{SUMMARY}</p>"
        + "".join(
            f'<dl><dt><a href="/b/2021/9{i}00.html">{t}</a></dt><dd>{SUMMARY}{SUMMARY}</dd><dd>2021-04-1{i}</dd></dl>'
            for i, t in enumerate(TITLES)
        )
    ),
    "short": article(f"<p>{SUMMARY}{SUMMARY}</p>") + ASIDES,
}


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_stands_among_blocks(name: str) -> None:
    found = read(ARTICLES[name], title=f"{TITLES[0]}_某市人民政府")
    assert found.kind is PageKind.ARTICLE
    assert SUMMARY[:20] in "".join(found.paragraphs).replace("会议的全文见这里", "会议")


@pytest.mark.parametrize(
    "content",
    [
        "<form>用户名 <input> 密码 <input> 请输入用户名和密码登录本系统，忘记密码请与信息中心联系。</form>",
        "<p>没有找到与您的查询相符的结果，请更换关键词后重试，或返回上一页查看其他内容。</p>",
    ],
    ids=["form", "no results"],
)
def test_text_without_any_mark_of_an_article_is_none(content: str) -> None:
    assert read(content).kind is PageKind.EMPTY
    assert read(f"<h1>{TITLES[0]}</h1><p>{BODY}</p>", title=TITLES[0]).kind is PageKind.ARTICLE


def test_a_long_dated_block_beside_an_undated_article_is_not_the_page() -> None:
    rows = "".join(
        f'<li><a href="/b/2021/9{i}00.html">第{i}期快讯：{title}</a> 2021-04-1{i}</li>'
        for i, title in enumerate(TITLES + TITLES[:4])
    )
    page = article(BODY, byline="市府办") + f"<ul>{rows}</ul>" + "".join(block(n, heading="快讯") for n in (2, 3, 4))
    assert read(page, title=f"{TITLES[0]}_某市人民政府").kind is PageKind.ARTICLE
    assert read(f"<h2>快讯</h2><ul>{rows}</ul>", title="快讯_某市人民政府").kind is PageKind.LIST


DATED_BLOCKS = "".join(block(n, heading="快讯") for n in (2, 3, 4, 5))


def test_a_name_before_the_site_s_own_stands_for_a_headline_drawn_as_a_picture() -> None:
    page = f'<img src="/headline.gif"><div>{BODY}</div>'
    assert read(page, title=f"{TITLES[0]}_某市人民政府").kind is PageKind.ARTICLE
    assert read(page, title="某市人民政府_门户").kind is PageKind.EMPTY
    assert read(page, title="某市人民政府门户网站").kind is PageKind.EMPTY


def test_a_long_text_without_links_bears_out_a_headline_that_the_title_does_not_name() -> None:
    long = BODY + BODY.translate(str.maketrans("一二三四", "五六七八")).replace("会议指出", "会议还指出")
    assert read(f"<h1>{TITLES[0]}</h1><div>{long}</div>{DATED_BLOCKS}").kind is PageKind.ARTICLE
    linked = long.replace("会议", '<a href="/b/2021/9100.html">会议</a>')
    assert read(f"<h1>{TITLES[0]}</h1><div>{linked}</div>{DATED_BLOCKS}").kind is PageKind.EMPTY
    assert read(f"<h1>{TITLES[0]}</h1><div><p>{SUMMARY}</p></div>{DATED_BLOCKS}").kind is PageKind.EMPTY


def test_a_front_that_prints_its_own_name_and_some_text_is_no_article() -> None:
    name = "云溪在线"
    words = f"<h2>{name}</h2><div>{SUMMARY[:40]}</div>"
    spread = "".join(f"<p>{SUMMARY}</p>{block(n, more=True)}" for n in (1, 2, 3, 4, 5))
    assert read(words + spread, title=f"{name}_云溪网").kind is PageKind.EMPTY
    alone = f"<div class='z'><h2>{name}</h2><div class='w'>{BODY}</div></div>"
    beside = "".join(block(n, more=True) for n in (1, 2, 3, 4, 5))
    assert read(alone + beside, title=f"{name}_云溪网").kind is PageKind.ARTICLE


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (f"<h1>{TITLES[0]}</h1><time>2021-04-25 08:16 云溪网</time>", PageKind.ARTICLE),
        (f"<h1>{TITLES[0]}</h1><time>2021-04-25 08:16 云溪网</time><div class='TRS_Editor'></div>", PageKind.EMPTY),
        (f"<h1>{TITLES[0]}</h1>", PageKind.EMPTY),
        ("<h1>云溪网</h1><time>2021-04-25 08:16</time>", PageKind.EMPTY),
    ],
    ids=["played by a script", "an empty box for the body", "no day", "not called so"],
)
def test_a_headline_with_its_day_alone_is_an_article_without_text(content: str, kind: PageKind) -> None:
    assert read(content, title=TITLES[0]).kind is kind


def test_the_one_link_of_a_notice_is_no_list_that_holds_its_day() -> None:
    file = f"<p><a href='/a/2021/1101.pdf'>附件：{TITLES[0]}.pdf</a></p>"
    notice = f"<div class='d'><h1>{TITLES[0]}</h1><div>发布时间：2021-04-25</div><div>{file}</div></div>"
    assert read(notice, title=TITLES[0]).kind is PageKind.ARTICLE
    column = f"<h1>通知公告</h1><ul><li><a href='/a/2021/1101.html'>{TITLES[0]}</a><i>2021-04-25</i></li></ul>"
    assert read(column, title="通知公告").kind is not PageKind.ARTICLE


def test_days_set_as_tiles_in_the_items_of_a_list_are_the_items() -> None:
    item = "<div class='it'><div><b>{d}</b><i>2021-04</i></div><h3><a href='{a}'>{t}</a></h3><p>{s}</p></div>"
    items = "".join(
        item.format(d=10 + i, a=f"/a/2021/110{i}.html", t=title, s=SUMMARY) for i, title in enumerate(TITLES)
    )
    assert read(f"<div class='r'><h2>通知公告</h2>{items}</div>", title="通知公告_某市").kind is PageKind.LIST
    tile = "<div class='d'><b>10</b><i>2021-04</i></div>"
    assert read(f"<h1>{TITLES[0]}</h1>{tile}<div class='c'>{BODY}</div>", title=TITLES[0]).kind is PageKind.ARTICLE


@pytest.mark.parametrize(
    ("called", "links", "kind"),
    [(True, 2, PageKind.ARTICLE), (True, 3, PageKind.EMPTY), (False, 0, PageKind.ARTICLE), (False, 1, PageKind.EMPTY)],
)
def test_a_column_of_an_entry_or_two_is_no_article_without_text(called: bool, links: int, kind: PageKind) -> None:
    found = Evidence(headline=True, dated=True, titled=True, called=called, links=links, list_score=0.2)
    assert decide(found, None, None) is kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (block(1, count=3) + "<aside>" + block(2) + block(3) + "</aside>", PageKind.LIST),
        (
            block(1, count=3) + f"<div class='card-widget'>{block(2)}</div><div id='sidebar'>{block(3)}</div>",
            PageKind.LIST,
        ),
        (block(1, count=3) + block(2) + "<aside>" + block(3) + "</aside>", PageKind.EMPTY),
        (f"<div class='no-sidebar'>{block(1, count=3)}{block(2)}{block(3)}</div>", PageKind.EMPTY),
        ("<aside>" + block(1) + block(2, dated=False) + block(3, dated=False) + "</aside>", PageKind.EMPTY),
        ("".join(f"<aside>{block(n)}</aside>" for n in (1, 2, 3)), PageKind.EMPTY),
    ],
    ids=["aside", "widgets", "another block before it", "a name around all", "all in a sidebar", "all in sidebars"],
)
def test_a_short_list_beside_a_sidebar_of_blocks_is_no_front(content: str, kind: PageKind) -> None:
    assert read(content, title="政策文件_某市人民政府").kind is kind
