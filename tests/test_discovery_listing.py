"""What a column page lists: no selector, and never a navigation link."""

from __future__ import annotations

import pytest
from lxml.html import HtmlElement

from crawler.discovery.listing import find_links
from crawler.discovery.paging import resolve
from crawler.extraction.markup import parse
from crawler.extraction.read import read_page
from storage.records import PageKind, Role

URL = "http://www.example.gov.cn/zwdt/index.html"
TITLES = [
    "市政府召开第五次常务会议研究部署防汛抗旱工作",
    "市领导调研城市更新和老旧小区改造项目建设情况",
    "我市出台促进服务业领域困难行业恢复发展若干政策",
    "全市优化营商环境大会召开 发布六十项改革举措",
    "市图书馆新馆开馆 首日迎来读者一万两千人次",
    "春耕备耕进行时:农技专家田间送服务",
]
MENU = '<a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/zwdt/index.html">政务动态信息发布</a>'
NAV = f'<div class="nav">{MENU}</div>'
FRIENDS = '<a href="http://www.gov.cn/">中国政府网门户网站</a><a href="http://www.sz.gov.cn/">邻市人民政府门户网站</a>'
FOOT = f'<div class="bottom1">友情链接 {FRIENDS}</div>'
HOT = '<div class="hot"><h3>热门文章</h3><ul>{}</ul></div>'


def tree(body: str) -> HtmlElement:
    return parse(f"<html><head><title>政务动态</title></head><body>{NAV}{body}{FOOT}</body></html>").tree


def items(pattern: str, count: int = 6) -> str:
    return "".join(pattern.format(i=i, t=title, d=f"2021-05-{i + 1:02}") for i, title in enumerate(TITLES[:count]))


@pytest.mark.parametrize(
    ("markup", "dated"),
    [
        (
            '<ul class="list">{}</ul>'.format(items('<li><a href="t2021{i}_{i}.html">{t}</a><span>{d}</span></li>')),
            True,
        ),
        (
            "<table>{}</table>".format(
                items('<tr><td>·</td><td><a href="/a/{i}001.html">{t}</a></td><td>[{d}]</td></tr>')
            ),
            True,
        ),
        (
            "<div>{}</div>".format(items('<p><span class="date">{d}</span><a href="/info/1003/{i}.htm">{t}</a></p>')),
            True,
        ),
        ("<dl>{}</dl>".format(items('<dd><a href="/content/post_{i}000.html">{t}</a></dd>')), False),
        (
            "<div>{}</div>".format(
                items('<a class="card" href="/a/{i}001.html"><p>{t}</p><div>摘要文字若干</div><i>{d}</i></a>')
            ),
            True,
        ),
        ("<div>{}</div>".format(items('<a href="/a/{i}001.html">{t}</a> {d}<br>')), False),
    ],
    ids=["list", "table", "date-first", "definition-list", "cards", "breaks"],
)
def test_a_column_is_found_by_its_shape(markup: str, dated: bool) -> None:
    listing = find_links(tree(markup), URL)
    assert [link.title for link in listing.links] == TITLES
    assert all(link.url.startswith("http://www.example.gov.cn/") for link in listing.links)
    if dated:
        assert [link.date for link in listing.links] == [f"2021-05-{i + 1:02}" for i in range(6)]


def test_a_ranking_of_longer_titles_beside_the_column_is_left_out() -> None:
    hot = HOT.format(
        "".join(f'<li><a href="/hot/{i}999.html">{title}综合报道与深度解读</a></li>' for i, title in enumerate(TITLES))
    )
    column = "<ul>{}</ul>".format(items('<li><a href="/a/{i}001.html">{t}</a></li>', count=4))
    listing = find_links(tree(column + hot), URL)
    assert [link.title for link in listing.links] == TITLES[:4]


def test_dates_tell_the_column_from_a_longer_list_beside_it() -> None:
    column = "<ul class='main'>{}</ul>".format(items('<li><a href="/a/{i}001.html">{t}</a>{d}</li>', count=3))
    beside = "".join(
        f'<p><a href="/b/{i}999.html">{title}综合报道与深度解读</a></p>' for i, title in enumerate(TITLES * 2)
    )
    assert [link.title for link in find_links(tree(column + f"<div>{beside}</div>"), URL).links] == TITLES[:3]


def test_a_column_with_one_article_gives_that_one() -> None:
    hot = HOT.format("".join(f'<li><a href="/hot/{i}999.html">{title}</a></li>' for i, title in enumerate(TITLES)))
    item = f'<li><a href="/art/2021/5/8/art_1_58.html">{TITLES[0]}</a><span>2021-05-08</span></li>'
    one = f'<ul class="newslist">{item}</ul>'
    listing = find_links(tree(one + hot), URL)
    assert [(link.title, link.date) for link in listing.links] == [(TITLES[0], "2021-05-08")]


def test_a_page_of_navigation_alone_lists_nothing() -> None:
    assert find_links(tree(""), URL).links == ()
    read = read_page(f"<html><body>{NAV}</body></html>".encode(), URL, role=Role.COLUMN)
    assert (read.kind, read.links) == (PageKind.LIST, ())


def test_cut_titles_are_completed_from_the_title_attribute() -> None:
    cut = "".join(
        f'<li><a href="/a/{i}001.html" title="{title}">{title[:12]}...</a> 2021-05-08</li>'
        for i, title in enumerate(TITLES)
    )
    assert [link.title for link in find_links(tree(f"<ul>{cut}</ul>"), URL).links] == TITLES
    told = f'<li><a href="/a/1001.html" title="点击查看">{TITLES[0]}</a> 2021-05-08</li>'
    assert find_links(tree(f"<ul>{told}</ul>"), URL).links[0].title == TITLES[0]


def test_a_column_tag_before_each_title_is_not_the_title() -> None:
    tagged = items('<li><a href="/a/{i}001.html">[要闻]</a><a href="/a/{i}001.html">{t}</a><span>{d}</span></li>')
    assert [link.title for link in find_links(tree(f"<ul>{tagged}</ul>"), URL).links] == TITLES
    to_column = items('<li><a href="/yw/">[要闻]</a><a href="/a/{i}001.html">{t}</a><span>{d}</span></li>')
    assert [link.title for link in find_links(tree(f"<ul>{to_column}</ul>"), URL).links] == TITLES


def test_a_date_in_two_pieces_is_put_together() -> None:
    pieces = items('<li><div><b>0{i}</b><i>2021-05</i></div><a href="/a/{i}001.html">{t}</a></li>')
    assert [link.date for link in find_links(tree(f"<ul>{pieces}</ul>"), URL).links][1:] == [
        f"2021-05-0{i}" for i in range(1, 6)
    ]


def test_a_side_block_built_like_the_column_is_parted_from_it_by_its_missing_days() -> None:
    side = "<table>{}</table>".format(items('<tr><td>·<a href="side.asp?id=1{i}00">{t}</a></td></tr>'))
    column = "<table>{}</table>".format(items('<tr><td>·<a href="news.asp?id=2{i}00">{t}</a></td><td>{d}</td></tr>', 4))
    found = find_links(tree(f"<div>{side}{column}</div>"), URL).links
    assert [link.url.rsplit("=", 1)[1] for link in found] == ["2000", "2100", "2200", "2300"]


def test_a_column_that_dates_only_some_of_its_articles_stays_whole() -> None:
    dated = items('<li><a href="/a/{i}001.html">{t}</a><span>{d}</span></li>', 3)
    bare = items('<li><a href="/b/{i}001.html">{t}</a></li>', 3)
    assert len(find_links(tree(f"<ul>{dated}{bare}</ul>"), URL).links) == 6


def test_a_day_without_its_year_marks_a_column_and_is_no_date() -> None:
    column = "<div>{}</div>".format(items('<p><a href="/a/{i}001.html">{t}</a> <i>(11-1{i})</i></p>', 3))
    side = "<table>{}</table>".format(items('<tr><td><a href="/b/{i}001.html">{t}又一则更长的旧闻标题</a></td></tr>'))
    found = find_links(tree(column + side), URL).links
    assert [link.url for link in found] == [f"http://www.example.gov.cn/a/{i}001.html" for i in range(3)]
    assert {link.date for link in found} == {None}


def test_the_last_page_of_a_column_may_hold_one_article() -> None:
    side = "<table>{}</table>".format(items('<tr><td>·<a href="side.asp?id=1{i}00">{t}</a></td></tr>'))
    column = "<div>{}</div>".format(items('<p><a href="news.asp?id=2{i}00">{t}</a> {d}</p>', 1))
    pager = '<div>第3/3页 <a href="news.asp?page=2">[上一页]</a> [下一页]</div>'
    crowd = side + side.replace("id=1", "id=3") + side.replace("id=1", "id=4")
    assert [link.url[-4:] for link in find_links(tree(crowd + column + pager), URL).links] == ["2000"]


@pytest.mark.parametrize(
    ("count", "pattern", "behind", "listed"),
    [
        (2, '<p><a href="/a/{i}001.html">{t}</a> {d}</p>', "", "/a/"),
        (2, '<p><a href="/a/{i}001.html">{t}</a></p>', "", "/b/"),
        (1, '<p><a href="/a/{i}001.html">{t}</a> {d}</p>', "", "/b/"),
        (2, '<p><a href="/a/{i}001.html">{t}</a> {d}</p>', "<a href='/b/2.html'>下一页</a>", "/b/"),
    ],
    ids=["dated", "no days", "a single link", "the sidebar is what turns"],
)
def test_a_short_dated_list_is_the_page_s_before_a_longer_one_in_a_sidebar(
    count: int, pattern: str, behind: str, listed: str
) -> None:
    side = "<div class='sidebar'><ul>{}</ul>{}</div>".format(
        items('<li><a href="/b/{i}001.html">{t}</a> {d}</li>'), behind
    )
    found = find_links(tree(f"<div>{items(pattern, count)}</div>{side}"), URL).links
    assert all(listed in link.url for link in found)
    assert len(found) == (count if listed == "/a/" else 6)


def test_a_store_of_records_is_the_list_though_another_list_is_printed() -> None:
    side = "<table>{}</table>".format(items('<tr><td>·<a href="/art/2021/5/1/art_1_{i}00.html">{t}</a></td></tr>'))
    record = "<record><![CDATA[<li><a href='/art/2021/5/{i}/art_2_{i}00.html'>{t}</a><b>{d}</b></li>]]></record>"
    store = f"<script type='text/xml'><datastore><recordset>{items(record, 2)}</recordset></datastore></script>"
    assert ["art_2_" in link.url for link in find_links(tree(side + store), URL).links] == [True, True]
    empty = "<script type='text/xml'><datastore><recordset></recordset></datastore></script>"
    assert len(find_links(tree(side + empty), URL).links) == 6


def test_lists_that_scripts_write_are_read() -> None:
    lines = "".join(
        f"document.writeln('<li><a href=\"/a/{i}001.html\">{t}<\\/a> 2021-05-08<\\/li>');" for i, t in enumerate(TITLES)
    )
    assert [link.title for link in find_links(tree(f"<script>{lines}</script>"), URL).links] == TITLES
    record = "<record><![CDATA[<li><a href='/art/2021/5/8/art_1_{}.html'>{}</a><span>2021-05-08</span></li>]]></record>"
    records = "".join(record.format(i, t) for i, t in enumerate(TITLES))
    store = f'<script type="text/xml"><datastore><recordset>{records}</recordset></datastore></script>'
    assert [link.title for link in find_links(tree(store), URL).links] == TITLES
    answer = f"<?xml version='1.0' encoding='utf-8'?><datastore><recordset>{records}</recordset></datastore>"
    assert [link.title for link in read_page(answer.encode(), URL, role=Role.COLUMN).links] == TITLES


@pytest.mark.parametrize(
    ("href", "wanted"),
    [
        ("../a/1.html#top", "http://www.example.gov.cn/a/1.html"),
        ("//news.example.gov.cn/1.html", "http://news.example.gov.cn/1.html"),
        ("?id=5", "http://www.example.gov.cn/zwdt/index.html?id=5"),
        ("#", None),
        ("javascript:void(0)", None),
        ("JavaScript:window.print()", None),
        ("mailto:a@example.gov.cn", None),
        ("ftp://example.gov.cn/a", None),
        ("http://[::1", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_are_resolved_or_refused(href: str | None, wanted: str | None) -> None:
    assert resolve(href, URL) == wanted


def test_base_counts_and_without_an_address_links_stay_as_written() -> None:
    assert resolve("a/1.html", URL, "http://cdn.example.gov.cn/x/") == "http://cdn.example.gov.cn/x/a/1.html"
    assert resolve("a/1.html", None, "http://cdn.example.gov.cn/x/") == "a/1.html"


GRIDS = {
    "bureaus": ('<li><a href="http://b{i}.example.gov.cn/">市{n}局</a></li>', 40),
    "bureaus by number": ('<li><a href="/bm/10{i}0/index.html">市{n}管理局</a></li>', 40),
    "leaders": ('<li><a href="/ld/2021/t2021{i}00.html">王{n}</a></li>', 20),
    "tags": ('<a href="/tag.php?id=1{i}00">{n}工作</a>', 40),
    "days": ('<td><a href="/paper/2021-04/{i}.html">{i}</a></td>', 30),
    "breadcrumbs": ('<a href="/c{i}/index.html">{n}动态</a> &gt; ', 4),
}


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("dated", [True, False])
def test_grids_of_names_are_not_the_column(name: str, dated: bool) -> None:
    pattern, count = GRIDS[name]
    names = "财教卫民司水农林文体审统信医环交住商工科"
    grid = "".join(pattern.format(i=i + 10, n=names[i % 20] + names[i // 2 % 20]) for i in range(count))
    column = items('<li><a href="/a/{i}001.html">{t}</a>' + ("<i>{d}</i>" if dated else "") + "</li>", 3)
    for page in (f"<ul>{grid}</ul><ul class='c'>{column}</ul>", f"<ul class='c'>{column}</ul><ul>{grid}</ul>"):
        assert [link.title for link in find_links(tree(page), URL).links] == TITLES[:3]


def test_a_column_of_short_titles_is_still_found() -> None:
    short = ["人事任免", "春到南湖", "节水周", "桥", "新闻发布会"]
    rows = "".join(
        f'<li><a href="/a/2021/110{i}.html">{title}</a><i>2021-04-2{i}</i></li>' for i, title in enumerate(short)
    )
    assert [link.title for link in find_links(tree(f"<ul>{rows}</ul>"), URL).links] == short
