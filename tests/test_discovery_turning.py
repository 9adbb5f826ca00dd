"""The next page of a column, in every style a system numbers its pages; never back, and none after the last."""

from __future__ import annotations

import pytest
from lxml.html import HtmlElement

from crawler.discovery.turning import next_page
from crawler.extraction.markup import parse

HOST = "http://www.example.gov.cn"
URL = f"{HOST}/zwdt/index.html"
LIST = '<ul><li><a href="/a/2021/5001.html">市政府召开第五次常务会议</a></li></ul>'


DRAWN = 'var countPage = 20//共多少页\n document.write("<a href=\\"index_" + (currentPage+1) + ".html\\">下页</a>")'


def tree(pager: str) -> HtmlElement:
    return parse(f"<html><body><a href='/'>首页</a>{LIST}<div class='pager'>{pager}</div></body></html>").tree


@pytest.mark.parametrize(
    ("pager", "wanted"),
    [
        ('<a href="index_1.html">下一页</a>', "/zwdt/index_1.html"),
        ('<a href="index/10.htm" class="Next">下页</a>', "/zwdt/index/10.htm"),
        ('<a href="list2.htm">下一页&gt;&gt;</a>', "/zwdt/list2.htm"),
        ('<a href="?page=2">[下一页]</a>', "/zwdt/index.html?page=2"),
        ('<a href="?page=2">后一页</a>', "/zwdt/index.html?page=2"),
        ('<a href="list_12_2.html">Next ›</a>', "/zwdt/list_12_2.html"),
        ('<a href="index1.html" title="下一页">&gt;&gt;</a>', "/zwdt/index1.html"),
        ('<a href="index1.html" title="下一页"><i></i></a>', "/zwdt/index1.html"),
        ('<a href="index1.html"><img src="n.gif" alt="下一页"></a>', "/zwdt/index1.html"),
        ("<a onclick=\"location.href='index_1.html'\">下一页</a>", "/zwdt/index_1.html"),
        ("<a href='#' onclick=\"location.href=encodeURI('index_2.jhtml');\">下一页</a>", "/zwdt/index_2.jhtml"),
        ("<input type='button' value='下一页' onclick=\"location.href='index_1.html'\">", "/zwdt/index_1.html"),
        ("<input type='button' value='上一页' onclick=\"location.href='index_1.html'\">", None),
        ('<a href="javascript:;">下一页</a><a href="#">尾页</a>', None),
        ('<div class="page">共1页 首页 上一页 下一页 尾页</div>', None),
        ('<a href="a/9.html">下一页：市图书馆新馆开馆</a>', None),
    ],
)
def test_a_printed_link_is_followed(pager: str, wanted: str | None) -> None:
    assert next_page(tree(pager), URL) == (HOST + wanted if wanted else None)


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("createPageHTML(25, 0, 'index', 'shtml');", "index_1.shtml"),
        ("createPageHTML(25,24,'index','html');", None),
        ("createPageHTML('page_div',10,1,'xwlist','shtml',189);", "xwlist_2.shtml"),
        ("createPageHTML('page_div',10,9,'xwlist','shtml',189);", "xwlist_10.shtml"),
        ("createPageHTML('page_div',10,10,'xwlist','shtml',189);", None),
        ("createPageHTML('page',1,1,'index','html',3);", None),
        ('createPage(5, 2, "list", ".htm");', "list_3.htm"),
        (
            f"var currentPage = 0; {DRAWN}",
            "index_1.html",
        ),
        (
            f"var currentPage = 19; {DRAWN}",
            None,
        ),
        ("function createPageHTML(_nPageCount, _nCurrIndex, _sName, _sExt) { return; }", None),
        ("var countPage = 20;", None),
    ],
)
def test_a_pager_that_a_script_draws_is_computed(call: str, wanted: str | None) -> None:
    found = next_page(tree(f"<script>{call}</script>"), URL)
    assert found == (f"{HOST}/zwdt/{wanted}" if wanted else None)


@pytest.mark.parametrize(
    ("pager", "wanted"),
    [
        ('<span class="on">1</span><a href="index_1.html">2</a><a href="index_2.html">3</a>', "index_1.html"),
        ('<a href="p1.html">1</a><b>2</b><a href="p3.html">3</a>', "p3.html"),
        ('<ul><li>1</li><li><a href="p2.html">2</a></li><li><a href="p3.html">3</a></li></ul>', "p2.html"),
        ('<p class="on">1</p><p><a href="p2.html">2</a></p><p><a href="p3.html">3</a></p>', "p2.html"),
        ('<a href="index.html">1</a><a href="index_1.html">2</a>', "index_1.html"),
        ('<a href="p1.html">1</a><a href="p2.html">2</a><b>3</b>', None),
        ('<a href="p1.html">1</a><a href="p2.html">2</a><a href="p3.html">3</a>', None),
    ],
    ids=["first", "middle", "items", "paragraphs", "own address", "last", "own number untold"],
)
def test_bare_numbers_are_a_pager_where_the_page_s_own_is_told(pager: str, wanted: str | None) -> None:
    assert next_page(tree(pager), URL) == (f"{HOST}/zwdt/{wanted}" if wanted else None)


@pytest.mark.parametrize(
    ("chosen", "wanted"), [("1", "list_2.html"), ("2", "list_3.html"), ("3", None)], ids=["first", "middle", "last"]
)
def test_the_option_after_the_chosen_one_is_next(chosen: str, wanted: str | None) -> None:
    options = "".join(
        f'<option value="list_{n}.html"{" selected" if n == chosen else ""}>第{n}页</option>' for n in "123"
    )
    jump = f'<select onchange="location.href=this.value">{options}</select>'
    assert next_page(tree(jump), URL) == (f"{HOST}/zwdt/{wanted}" if wanted else None)
    numbers = jump.replace("list_", "").replace(".html", "")
    assert next_page(tree(numbers), URL) is None
    friends = jump.replace("第1页", "市财政局").replace("第2页", "市教育局")
    assert next_page(tree(friends), URL) is None


@pytest.mark.parametrize(
    "pager",
    [
        '<a href="/zwdt/index.html">下一页</a>',
        '<a href="index_8.html">上一页</a> <a href="index_8.html">下一页</a>',
        '<a href="p1.html">首页</a> <a href="p1.html">下一页</a>',
        '<a href="index.html">1</a> <a href="index_1.html">2</a> <a href="/zwdt/index.html">下一页</a>',
    ],
    ids=["itself", "the one before", "the first", "itself, with numbers"],
)
def test_the_last_page_never_leads_back(pager: str) -> None:
    assert next_page(tree(pager), URL) is None


def test_systems_that_count_downwards_are_followed_down() -> None:
    pager = '<a href="12.htm">首页</a><a href="11.htm">上页</a><a href="9.htm">下页</a><a href="1.htm">尾页</a>'
    assert next_page(tree(pager), f"{HOST}/zwdt/10.htm") == f"{HOST}/zwdt/9.htm"
    last = '<a href="12.htm">首页</a><a href="2.htm">上页</a><span>下页</span><span>尾页</span>'
    assert next_page(tree(last), f"{HOST}/zwdt/1.htm") is None
