"""List services: what a column's page names, how it is asked, and where its next page is."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.service import how_to_ask, is_standing, page_behind
from crawler.extraction.read import read_page
from storage.records import Article, PageKind, Role

HOST = "http://www.yunxi.example"
COLUMN = f"{HOST}/col/col12/index.html"
PROXY = f"{HOST}/module/web/jpage/dataproxy.jsp"
SENT = "col=1&appid=1&webid=60&path=%2F&columnid=12&unitid=777&webname=%E4%BA%91%E6%BA%AA&permissiontype=0"
FIRST = f"{PROXY}?{SENT}&startrecord=1&endrecord=45&perpage=15"
UNIT = f"{HOST}/api-gateway/jpaas-publish-server/front/page/build/unit?webId=1&pageId=99"
CHANNEL = "0123456789abcdef0123456789abcdef"
SEARCH = f"{HOST}/common/search/{CHANNEL}?_isAgg=true&_isJson=true&_pageSize=20&_template=index&page=1"
CATALOGUE = f"{HOST}/gkmlpt/api/all/721?page=1&sid=66"
BEHIND_20 = "paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A20%7D"


def column(body: str, url: str = COLUMN) -> Article:
    return read_page(
        f"<html><head><title>要闻</title></head><body>{body}</body></html>".encode(), url, role=Role.COLUMN
    )


def test_a_proxy_is_asked_by_a_form_and_told_whose_list_it_is() -> None:
    ask = how_to_ask(FIRST, COLUMN)
    assert (ask.method, ask.url) == ("POST", f"{PROXY}?startrecord=1&endrecord=45&perpage=15")
    assert ask.body.decode() == SENT
    assert ask.headers["Referer"] == COLUMN
    assert ask.headers["Content-Type"].startswith("application/x-www-form-urlencoded")


@pytest.mark.parametrize("url", [UNIT, SEARCH, CATALOGUE, f"{PROXY}?page=2&columnid=12&unitid=777"])
def test_the_other_services_are_got_and_told_whose_list_it_is(url: str) -> None:
    ask = how_to_ask(url, COLUMN)
    assert (ask.method, ask.url, ask.body) == ("GET", url, b"")
    assert ask.headers == {"Referer": COLUMN}
    assert how_to_ask(url, url).headers == {"Referer": f"{HOST}/"}


@pytest.mark.parametrize(
    "url", [COLUMN, f"{HOST}/rss.xml", f"{HOST}/a.jsp?startrecord=1", f"{HOST}/common/search/?q=x"]
)
def test_a_page_a_feed_and_a_search_are_asked_without_ado(url: str) -> None:
    ask = how_to_ask(url, COLUMN)
    assert (ask.method, ask.url, ask.body, dict(ask.headers)) == ("GET", url, b"", {})


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text(max_size=8), min_size=1, max_size=5))
def test_nothing_that_a_form_sends_is_lost_on_the_way(sent: dict[str, str]) -> None:
    whole = {**sent, "startrecord": "1", "endrecord": "45", "perpage": "15"}
    ask = how_to_ask(f"{PROXY}?{urlencode(whole)}", COLUMN)
    arrived = [*parse_qsl(urlsplit(ask.url).query), *parse_qsl(ask.body.decode(), keep_blank_values=True)]
    assert dict(arrived) == whole


@pytest.mark.parametrize(
    ("url", "held", "total", "size", "behind"),
    [
        (FIRST, 45, 118, None, f"{PROXY}?{SENT}&startrecord=46&endrecord=90&perpage=15"),
        (FIRST, 45, 45, None, None),
        (FIRST, 45, None, None, f"{PROXY}?{SENT}&startrecord=46&endrecord=90&perpage=15"),
        (FIRST, 20, None, None, None),
        (FIRST, 0, 118, None, None),
        (f"{PROXY}?columnid=12&startrecord=9&endrecord=1", 45, 118, None, None),
        (UNIT, 20, 25, 20, f"{UNIT}&{BEHIND_20}"),
        (f"{UNIT}&{BEHIND_20}", 5, 25, 20, None),
        (UNIT, 20, None, None, None),
        (f"{UNIT}&paramJson=%5B1%5D", 20, 25, 20, f"{UNIT}&{BEHIND_20}"),
        (SEARCH, 20, 21, 20, SEARCH.replace("page=1", "page=2")),
        (SEARCH, 20, 20, 20, None),
        (SEARCH.replace("page=1", "page=2"), 1, 21, 20, None),
        (CATALOGUE, 100, 145, None, CATALOGUE.replace("page=1", "page=2")),
        (CATALOGUE.replace("page=1", "page=0"), 100, 145, None, CATALOGUE.replace("page=1", "page=2")),
        (CATALOGUE.replace("page=1", "page=2"), 45, 145, None, None),
        (CATALOGUE.replace("page=1", "page=99999999999999"), 100, 145, None, CATALOGUE.replace("page=1", "page=2")),
        (f"{HOST}/api/list?page=1", 20, 100, 20, None),
    ],
)
def test_a_service_counts_on_to_its_end(
    url: str, held: int, total: int | None, size: int | None, behind: str | None
) -> None:
    assert page_behind(url, held, total, size) == behind


@pytest.mark.parametrize(
    ("url", "standing"),
    [
        (FIRST, True),
        (UNIT, True),
        (f"{HOST}/rss.xml", True),
        (f"{HOST}/feed/", True),
        (f"{HOST}/sitemap_2.xml.gz", True),
        (f"{HOST}/html/2018-09/10/node_2.htm", False),
        (f"{HOST}/xw/index_1.html", False),
        (f"{HOST}/feedback/", False),
    ],
)
def test_which_lists_a_column_keeps(url: str, standing: bool) -> None:
    assert is_standing(url) is standing


JCMS = (
    "<script>$(function(){$('#777').jpage({themeName:'default',totalRecord:118,dataBefore:'',groupSize:3,"
    "proxyUrl:'/module/web/jpage/dataproxy.jsp',perPage:15,barPosition:'bottom',ajaxParam:{col:1,appid:'1',webid:60,"
    "path:'/',columnid:12,unitid:'777',webname:'云溪',permissiontype:0}});});</script>"
)
RECORD = (
    "<record><![CDATA[<li><a href='/art/2026/11/{0}/art_12_{0}.html'>第{0}次会议在云溪召开</a><b>2026-11-02</b></li>]]>"
    "</record>"
)
JPAAS = (
    '<div id="main">{0}<script url="/api-gateway/jpaas-publish-server/front/page/build/unit" '
    "queryData=\"{{'webId':'1','pageId':'99','tagId':'信息列表'}}\"></script></div>"
)
ITEMS = "".join(
    f"<li><a href='/art/2026/art_{n:032x}.html'>第{n}次会议在云溪召开</a><b>2026-11-02</b></li>" for n in range(5)
)
PAGER = "<div class='pagination' rows='20' count='25' pageNo='1'></div>"
UNIT_OF_PAGE = UNIT + "&tagId=%E4%BF%A1%E6%81%AF%E5%88%97%E8%A1%A8"


def test_a_column_of_jcms_names_its_proxy() -> None:
    shell = column(f'<div id="777"></div>{JCMS}')
    assert (shell.kind, shell.links, shell.lists, shell.next_page) == (PageKind.LIST, (), (FIRST,), None)


def test_a_column_of_jcms_names_it_beside_a_list_that_is_another() -> None:
    side = "".join(
        f"<li><a href='/art/2026/11/1/art_9_{n}.html'>一周热点里的第{n}条旧闻</a> 2026-11-01</li>" for n in range(6)
    )
    shell = column(f'<div id="777"></div>{JCMS}<ul class="side">{side}</ul>')
    assert shell.lists == (FIRST,)
    assert shell.links


def test_a_column_of_jcms_that_holds_its_records_needs_the_proxy_only_for_more() -> None:
    store = "".join(RECORD.format(n) for n in range(1, 46))
    held = f'<div id="777"><script type="text/xml"><datastore><recordset>{store}</recordset></datastore></script></div>'
    page = column(held + JCMS)
    assert (len(page.links), page.lists) == (45, ())
    assert page.next_page == f"{PROXY}?{SENT}&startrecord=46&endrecord=90&perpage=15"
    assert column(held + JCMS.replace("118", "45")).next_page is None
    group = '<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=2&amp;columnid=12"></a>]]></nextgroup>'
    assert column(held.replace("<recordset>", f"{group}<recordset>") + JCMS).next_page == f"{PROXY}?page=2&columnid=12"


def test_a_store_alone_tells_where_it_goes_on() -> None:
    href = "/module/jslib/jquery/jpage/dataproxy.jsp?page=1&appid=1&path='/'&columnid=12&unitid=7&webname='云溪'"
    group = f'<nextgroup><![CDATA[<a href="{href}"></a>]]></nextgroup>'
    store = f"<datastore>{group}<recordset>{RECORD.format(1)}{RECORD.format(2)}</recordset></datastore>"
    page = column(f'<div><script type="text/xml">{store}</script></div>')
    assert (len(page.links), page.lists) == (2, ())
    assert page.next_page is not None
    sent = dict(parse_qsl(urlsplit(page.next_page).query))
    assert sent == {"page": "1", "appid": "1", "path": "'/'", "columnid": "12", "unitid": "7", "webname": "'云溪'"}
    for held_whole in ("jpage.init(7, 2, 6);", "$('#7').jpage({totalRecord:2, perPage:6})"):
        assert column(f'<script type="text/xml">{store}</script><script>{held_whole}</script>').next_page is None
    for more in ("jpage.init(7, 3, 6);", "jpage.init(9, 2, 6);", "$('#7').jpage({totalRecord:3, perPage:2})"):
        asked = column(f'<script type="text/xml">{store}</script><script>{more}</script>').next_page
        assert asked == page.next_page, more
    elsewhere = store.replace("dataproxy.jsp", "index.jsp")
    assert column(f'<div><script type="text/xml">{elsewhere}</script></div>').next_page is None


def test_a_column_of_jpaas_names_the_unit_that_fills_its_place() -> None:
    assert column(JPAAS.format("")).lists == (UNIT_OF_PAGE,)
    filled = column(JPAAS.format(f"<ul>{ITEMS}</ul>{PAGER}"))
    assert (len(filled.links), filled.lists, filled.next_page) == (5, (), f"{UNIT_OF_PAGE}&{BEHIND_20}")


def test_of_several_units_the_list_is_asked_and_the_menu_is_not() -> None:
    menu = JPAAS.format("").replace("信息列表", "导航").replace("99", "3")
    assert column(menu + JPAAS.format("")).lists == (UNIT_OF_PAGE,)
    pager = "<div queryData=\"{'rows':'20','count':'25','pageNo':'1'}\"></div>"
    assert column(pager).lists == ()


@pytest.mark.parametrize(
    "body",
    [
        f"<script>var channelId = '{CHANNEL}'; $.get('/common/search/' + channelId + '?_isJson=true');</script>",
        f"<script>load('/common/search/{CHANNEL}?_isAgg=true&_isJson=true&page=3')</script>",
        f'<meta name="channelid" content="{CHANNEL}">',
    ],
)
def test_a_column_of_ucap_names_the_search_of_its_channel(body: str) -> None:
    assert column(body).lists == (SEARCH,)
    other = column(f"<script>load('/searchList/{CHANNEL}?_isJson=true')</script>").lists
    assert other == (SEARCH.replace("common/search", "searchList"),)


def test_a_column_of_ucap_that_prints_its_list_needs_no_search() -> None:
    assert column(f'<meta name="channelid" content="{CHANNEL}"><ul>{ITEMS}</ul>').lists == ()


def test_a_catalogue_of_nfcms_names_its_category_or_all() -> None:
    config = "<script>window._CONFIG = {SID: '66', SITE: '/gkmlpt/'}</script>"
    assert column(config, f"{HOST}/jyj/gkmlpt/index").lists == (f"{HOST}/jyj/gkmlpt/api/all/0?page=1&sid=66",)
    named = config.replace("'/gkmlpt/'", "'/gkmlpt/api/all/721'")
    assert column(named, f"{HOST}/gkmlpt/index").lists == (CATALOGUE,)
    assert column(config, f"{HOST}/xw/index.html").lists == ()


@pytest.mark.parametrize(
    "body",
    [
        "<script>var proxyUrl='/module/web/jpage/dataproxy.jsp';</script>",
        "<script>$.get('/common/search/hot?_isJson=true')</script>",
        '<meta name="channelid" content="news">',
        "<div queryData=\"{'webId':'1'}\"></div>",
        f"<script>var id = '{CHANNEL}';</script>",
    ],
)
def test_a_page_that_only_sounds_like_it_names_no_service(body: str) -> None:
    assert column(body).lists == ()


def test_a_page_without_an_address_names_none() -> None:
    assert read_page(f"<html><body>{JCMS}</body></html>".encode(), role=Role.COLUMN).lists == ()


def test_a_column_with_an_article_over_its_list_is_still_read_for_its_list() -> None:
    text = "".join(
        f"<p>第{n}项工作已经完成，市民可以到现场查看，欢迎提出意见和建议，联系方式见下方。</p>" for n in range(12)
    )
    story = f"<h1>云溪市文化馆简介</h1><div>发布时间：2026-11-02 来源：云溪日报</div><div>{text}</div>"
    assert len(column(f"{story}<ul>{ITEMS}</ul>").links) == 5
