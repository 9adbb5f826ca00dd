"""Each publishing system is known by its pages and its addresses, and gives up its body."""

from __future__ import annotations

import pytest

from crawler.extraction.read import read_page
from crawler.platforms import PLATFORMS, is_article_address, is_column_address, recognise
from storage.records import PageKind

TITLE = "全市党史学习教育推进会召开"
TEXT = "5月7日上午,全市党史学习教育推进会在市会议中心召开,市委书记出席会议并讲话,市长主持会议,各区县负责人参加。"
HOST = "http://www.example.gov.cn"

PAGES = {
    "trs": ("/zwdt/202105/t20210508_1283.html", "<div class='TRS_Editor'><div class=TRS_Editor>{}</div></div>"),
    "ucap": (f"/site/c100186/202105/{'0f' * 16}.shtml", "<div class='pages_content' id='UCAP-CONTENT'>{}</div>"),
    "jcms": ("/art/2021/5/8/art_1229_58.html", "<script src='/module/web/jpage/x.js'></script><div id='zoom'>{}</div>"),
    "jpaas": (
        f"/art/2021/art_{'0f' * 16}.html",
        "<script src='/jpaas-publish-server/x.js'></script><div id='zoom'>{}</div>",
    ),
    "nfcms": ("/zwdt/content/post_3250000.html", "<div class='article-content' id='zoomcon'>{}</div>"),
    "boda": (
        "/info/1003/1002.htm",
        "<form name='_newscontent_fromname'><div id='vsb_content'><div class='v_news_content'>{}</div></div></form>",
    ),
    "sudy": ("/2021/0508/c8955a104083/page.htm", "<div class='wp_articlecontent'>{}</div>"),
    "founder": (
        "/html/2021-05/08/content_178184.htm",
        "<!--enpproperty <title>x</title>--><founder-content>{}</founder-content>",
    ),
    "phpcms": (
        "/news/2021/0508/1283.html",
        "<script src='/statics/js/phpcms.js'></script><div class='content'>{}</div>",
    ),
    "dedecms": (
        "/a/news/20210508/1283.html",
        "<script src='/plus/count.php?aid=1'></script><div class='content'>{}</div>",
    ),
    "cmstop": ("/zhaoqing/2021/0508/1283.shtml", "<div class='c'>{}</div><p>Powered by CmsTop</p>"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_system_is_recognised_and_its_article_read(name: str) -> None:
    path, body = PAGES[name]
    filled = body.format(f"<p>{TEXT}</p><p>{TEXT}</p>")
    markup = f"<title>{TITLE}</title><h1>{TITLE}</h1><p>2021-05-08 来源:某市日报</p>{filled}"
    article = read_page(markup.encode(), HOST + path)
    assert article.platform == name
    assert article.kind is PageKind.ARTICLE
    assert article.paragraphs == (TEXT, TEXT)
    assert is_article_address(HOST + path)


@pytest.mark.parametrize("name", [platform.name for platform in PLATFORMS if platform.decisive])
def test_a_decisive_address_is_enough(name: str) -> None:
    found = recognise("<html></html>", HOST + PAGES[name][0])
    assert found is not None
    assert found.name == name


def test_every_system_of_the_field_has_a_page_here() -> None:
    assert {platform.name for platform in PLATFORMS} == set(PAGES)


@pytest.mark.parametrize(
    "url",
    [
        "/col/col1229/index.html",
        "/zwdt/index_3.html",
        "/xwzx/list2.htm",
        "/html/2021-05/08/node_2.htm",
        "/plus/list.php?tid=3&PageNo=2",
    ],
)
def test_columns_are_known_by_their_addresses(url: str) -> None:
    assert is_column_address(HOST + url)
    assert not is_article_address(HOST + url)


@pytest.mark.parametrize("url", ["/", "/about.html", "/2021/report.pdf", "/content/list.html", "/article/221381.html"])
def test_an_address_of_no_system_is_no_one_s(url: str) -> None:
    assert recognise("<html><body>某页</body></html>", HOST + url) is None
