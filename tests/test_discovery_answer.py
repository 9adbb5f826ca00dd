"""What services, feeds and sitemaps answer, read into lists; and answers that are none, or mean harm."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc

import pytest

from crawler.extraction.read import read_page
from storage.records import Article, Link, PageKind, Role

HOST = "http://www.yunxi.example"
PROXY = f"{HOST}/module/web/jpage/dataproxy.jsp?columnid=12&unitid=777&startrecord=1&endrecord=3&perpage=3"
UNIT = f"{HOST}/api-gateway/jpaas-publish-server/front/page/build/unit?webId=1&pageId=99"
SEARCH = f"{HOST}/common/search/{'0123456789abcdef' * 2}?_isAgg=true&_isJson=true&_pageSize=2&page=1"
CATALOGUE = f"{HOST}/gkmlpt/api/all/721?page=1&sid=66"
FEED = f"{HOST}/xw/rss.xml"
MAP = f"{HOST}/sitemap.xml"
TITLES = ("市政府召开第七次常务会议", "关于公布行政规范性文件目录的通知", "云溪大桥建成通车")


def answered(text: str | bytes, url: str = FEED, role: Role | None = Role.COLUMN) -> Article:
    return read_page(text.encode() if isinstance(text, str) else text, url, role=role)


def paths(article: Article) -> list[str]:
    return [link.url.removeprefix(HOST) for link in article.links]


def store(*records: str, total: int = 5) -> str:
    held = "".join(f"<record><![CDATA[{record}]]></record>" for record in records)
    return f"<datastore><totalrecord>{total}</totalrecord><recordset>{held}</recordset></datastore>"


def test_a_store_of_records_is_read_record_by_record() -> None:
    article = answered(
        store(
            f"<li><a href='/art/2026/11/2/art_12_2.html' title='{TITLES[0]}'>市政府召开第七…</a><b>2026-11-02</b></li>",
            f"<tr><td><a href='/col/col13/'>[公告]</a><a href='/art/2026/11/1/art_13_9.html'>{TITLES[1]}</a></td></tr>",
            "<li><a href='/art/2026/10/9/art_12_1.html'>喜讯</a></li>",
            "<li>暂无</li>",
        ),
        PROXY,
    )
    assert article.kind is PageKind.LIST
    assert article.links == (
        Link(f"{HOST}/art/2026/11/2/art_12_2.html", TITLES[0], "2026-11-02"),
        Link(f"{HOST}/art/2026/11/1/art_13_9.html", TITLES[1]),
        Link(f"{HOST}/art/2026/10/9/art_12_1.html", "喜讯"),
    )
    assert article.next_page == PROXY.replace("startrecord=1&endrecord=3", "startrecord=4&endrecord=6")


def test_a_store_goes_on_where_it_says_so_and_ends_where_it_ends() -> None:
    record = f"<li><a href='/art/2026/11/2/art_12_2.html'>{TITLES[0]}</a></li>"
    group = "<nextgroup><![CDATA[<a href='/module/web/jpage/dataproxy.jsp?page=2&amp;columnid=12'></a>]]></nextgroup>"
    said = store(record).replace("<recordset>", f"{group}<recordset>")
    # What the next address does not say again (unitid) is as it was.
    assert answered(said, PROXY).next_page == f"{HOST}/module/web/jpage/dataproxy.jsp?page=2&columnid=12&unitid=777"
    assert answered(store(record, total=3), PROXY).next_page is None
    assert answered(store(), PROXY).links == ()


def test_json_that_holds_html_is_read_as_the_list_it_holds() -> None:
    items = "".join(
        f"<li><a href='/art/2026/art_{n:032x}.html'>{t}</a><b>2026-11-0{n + 1}</b></li>" for n, t in enumerate(TITLES)
    )
    piece = f"<ul>{items}</ul><div class='pagination' rows='3' count='4' pageNo='1'></div>"
    article = answered(json.dumps({"success": True, "data": {"html": piece}}), UNIT)
    assert [(link.title, link.date) for link in article.links] == [
        (t, f"2026-11-0{n + 1}") for n, t in enumerate(TITLES)
    ]
    assert article.next_page == f"{UNIT}&paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A3%7D"
    names = ("政府信息公开指南", "政府信息公开制度", "政府信息公开年报", "法定主动公开内容")
    menu = "".join(f"<li><a href='/col/col100{n}/index.html'>{name}</a></li>" for n, name in enumerate(names))
    assert answered(json.dumps({"data": {"html": menu}}), UNIT).links == ()


def test_a_search_of_a_channel_is_read_by_what_it_prints() -> None:
    results = [
        {
            "title": f"<em>{TITLES[0]}</em>",
            "url": "//www.yunxi.example/c100/202611/content_1.shtml",
            "publishedTimeStr": "2026-11-02 08:30:00",
            "publishedTime": 1793525400000,
        },
        {
            "title": TITLES[1],
            "url": "/c100/202611/content_2.shtml",
            "publishedTime": 1793525400000,
            "content": "<a href='/x'>x</a>",
        },
    ]
    article = answered(json.dumps({"data": {"page": 1, "rows": 2, "total": 3, "results": results}}), SEARCH)
    assert article.links == (
        Link(f"{HOST}/c100/202611/content_1.shtml", TITLES[0], "2026-11-02T08:30:00+08:00"),
        Link(f"{HOST}/c100/202611/content_2.shtml", TITLES[1], "2026-11-01"),
    )
    assert article.next_page == SEARCH.replace("page=1", "page=2")


def test_a_catalogue_and_the_call_of_a_function_are_read_alike() -> None:
    articles = [
        {"title": t, "url": f"{HOST}/gkmlpt/content/1/{n}/post_{n}.html", "date": 1793462400}
        for n, t in enumerate(TITLES)
    ]
    text = json.dumps({"classify": {"post_count": 300}, "articles": articles})
    article = answered(text, CATALOGUE)
    assert [(link.title, link.date) for link in article.links] == [(t, "2026-11-01") for t in TITLES]
    assert article.next_page == CATALOGUE.replace("page=1", "page=2")
    assert answered(f"jQuery123_4({text});", CATALOGUE).links == article.links
    undated = json.dumps([{"title": title, "url": f"/xw/{1000 + n}.html"} for n, title in enumerate(TITLES)])
    assert paths(answered(undated, f"{HOST}/xw/list.json")) == ["/xw/1000.html", "/xw/1001.html", "/xw/1002.html"]


@pytest.mark.parametrize(
    "data",
    [
        {"menu": [{"title": "要闻", "url": "/yw/"}, {"title": "公告", "url": "/gg/"}]},
        {"hot": [{"title": "公积金提取办法", "url": "/search?q=1"}, {"title": "社保卡", "url": "/search?q=2"}]},
        {"pictures": [{"title": TITLES[0], "url": "/2026/11/1.jpg", "date": "2026-11-01"}]},
        {"services": [{"name": "不动产登记", "url": "/bs/1001.html", "date": "2026-11-01"}]},
        {
            "mixed": [
                {"title": "要闻", "url": "/yw/"},
                {"title": "公告", "url": "/gg/"},
                {"title": TITLES[0], "url": "/art/2026/11/2/art_1_2.html"},
            ]
        },
        {"weather": "晴", "wind": 3},
        [],
    ],
    ids=["menu", "hot words", "pictures", "services", "mostly a menu", "weather", "nothing"],
)
def test_json_that_is_no_list_of_articles_lists_nothing(data: object) -> None:
    article = answered(json.dumps(data), SEARCH)
    assert (article.links, article.next_page) == ((), None)
    assert answered(json.dumps(data), SEARCH, None).kind is PageKind.EMPTY


def test_text_that_only_begins_like_json_is_a_page() -> None:
    assert answered(f"[公告] <p>{TITLES[0]}</p>", role=None).kind is not PageKind.LIST
    assert answered("{'a': 1}", role=None).links == ()


RSS = """<?xml version="1.0" encoding="gb2312"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>要闻</title><link>http://www.yunxi.example/xw/</link>
<item><title><![CDATA[市政府&nbsp;召开第七次常务会议]]></title><link>/xw/1.html?a=1&b=2</link>
<pubDate>Fri, 20 Nov 2026 00:30:00 GMT</pubDate></item>
<item><title>&ldquo;云溪大桥&rdquo; &amp; 其他 &#65;</title><link>2.html</link><dc:date>2026-11-19</dc:date></item>
<item><title>没有地址</title></item>
<item><title>以编号为地址</title><guid>http://www.yunxi.example/xw/3.html</guid>
<pubDate>2026-11-18 09:00:00</pubDate></item>
<item><title>编号不是地址</title><guid isPermaLink="false">yunxi-4</guid></item>
<item><title><![CDATA[<b>粗体</b>标题]]></title>
<link><![CDATA[http://www.yunxi.example/xw/5.html?x=1&amp;y=2]]></link><pubDate>昨天</pubDate></item>
</channel></rss>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_rss_is_read_whatever_it_declares(encoding: str) -> None:
    article = answered(RSS.encode(encoding))
    assert article.kind is PageKind.LIST
    assert article.links == (
        Link(f"{HOST}/xw/1.html?a=1&b=2", "市政府 召开第七次常务会议", "2026-11-20T08:30:00+08:00"),
        Link(f"{HOST}/xw/2.html", "“云溪大桥” & 其他 A", "2026-11-19"),
        Link(f"{HOST}/xw/3.html", "以编号为地址", "2026-11-18T09:00:00+08:00"),
        Link(f"{HOST}/xw/5.html?x=1&y=2", "粗体标题"),
    )


def test_rss_1_keeps_its_items_beside_the_channel() -> None:
    article = answered(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        f"<channel><title>x</title><link>{HOST}/</link></channel><item><title>{TITLES[0]}</title><link>{HOST}/1.html</link></item></rdf:RDF>"
    )
    assert paths(article) == ["/1.html"]


def test_atom_names_its_pages_and_the_next() -> None:
    article = answered(
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{HOST}/xw/"><link rel="next" href="rss.xml?page=2"/>'
        f'<entry><title type="html">{TITLES[0]}</title><link rel="enclosure" href="a.mp3"/><link href="1.html"/>'
        "<updated>2026-11-21T00:00:00Z</updated><published>2026-11-20T23:30:00.123Z</published></entry></feed>"
    )
    assert article.links == (Link(f"{HOST}/xw/1.html", TITLES[0], "2026-11-21T07:30:00+08:00"),)
    assert article.next_page == f"{HOST}/xw/rss.xml?page=2"


def test_a_feed_that_breaks_off_gives_what_came() -> None:
    assert len(answered(RSS[: RSS.index("<item><title>以编号")]).links) == 2
    assert answered("<rss version='2.0'><channel>").links == ()


@pytest.mark.parametrize(
    "text",
    [
        "<OpenSearchDescription><Url template='/s?q={q}'/></OpenSearchDescription>",
        f"<result><item><title>{TITLES[0]}</title><link>/1.html</link></item></result>",
    ],
)
def test_other_xml_is_no_feed(text: str) -> None:
    assert answered(text).links == ()


def urls(*entries: str) -> str:
    held = "".join(f"<url>{entry}</url>" for entry in entries)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{held}</urlset>'


def test_a_sitemap_names_the_articles_newest_first() -> None:
    article = answered(
        urls(
            f"<loc>{HOST}/</loc><lastmod>2026-11-22</lastmod>",
            f"<loc>{HOST}/xw/index.html</loc>",
            f"<loc>{HOST}/202611/t20261101_1.html</loc>",
            f"<loc> {HOST}/info/1003/1002.htm </loc><lastmod>2026-11-20T08:30:00+08:00</lastmod>",
            f"<loc>{HOST}/news/20261121/88.html</loc><lastmod>2026-11-21</lastmod>",
            f"<loc>{HOST}/files/202611/4001.pdf</loc>",
            f"<loc>{HOST}/about/contact.html</loc>",
        ),
        MAP,
    )
    assert [(link.url.removeprefix(HOST), link.date) for link in article.links] == [
        ("/news/20261121/88.html", "2026-11-21"),
        ("/info/1003/1002.htm", "2026-11-20T08:30:00+08:00"),
        ("/202611/t20261101_1.html", None),
    ]


def test_a_long_sitemap_without_dates_gives_what_was_counted_last() -> None:
    oldest_first = [f"<loc>{HOST}/xw/{number}.html</loc>" for number in range(80_001, 82_001)]
    found = [link.url.removeprefix(f"{HOST}/xw/") for link in answered(urls(*oldest_first), MAP).links]
    assert (len(found), found[0], found[-1]) == (1000, "82000.html", "81001.html")
    dated = f"<loc>{HOST}/xw/79999.html</loc><lastmod>2026-11-22</lastmod>"
    assert answered(urls(*oldest_first, dated), MAP).links[0].date == "2026-11-22"


def test_a_news_sitemap_gives_titles() -> None:
    news = "<n:news xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><n:publication_date>2026-11-20</n:publication_date><n:title>{0}</n:title></n:news>"
    (link,) = answered(urls(f"<loc>{HOST}/xw/1001.html</loc>{news.format(TITLES[0])}"), MAP).links
    assert (link.title, link.date) == (TITLES[0], "2026-11-20")


def test_a_sitemap_of_pictures_names_no_article() -> None:
    picture = "<image:image xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'><image:loc>{0}/a/20261101.jpg</image:loc></image:image>"
    assert (
        answered(
            urls(f"<loc>{HOST}/gallery/</loc>{picture.format(HOST)}", f"<loc>{HOST}/p/20261101.jpg</loc>"), MAP
        ).links
        == ()
    )


def test_an_index_of_sitemaps_names_those_that_were_touched_last() -> None:
    parts = "".join(
        f"<sitemap><loc>{HOST}/sitemap-{n}.xml</loc><lastmod>2026-{n:02d}-01</lastmod></sitemap>" for n in range(1, 12)
    )
    other = f"<sitemap><loc>{HOST}/image-sitemap.xml</loc><lastmod>2026-12-01</lastmod></sitemap>"
    article = answered(f"<sitemapindex>{parts}{other}</sitemapindex>", MAP)
    assert article.lists == tuple(f"{HOST}/sitemap-{n}.xml" for n in (11, 10, 9, 8, 7))


def test_a_packed_sitemap_is_unpacked_within_bounds() -> None:
    text = urls(f"<loc>{HOST}/news/20261121/88.html</loc>").encode()
    assert paths(answered(gzip.compress(text), MAP)) == ["/news/20261121/88.html"]
    assert answered(gzip.compress(text)[:40], MAP).flags == ("binary",)
    bomb = answered(gzip.compress(b"<urlset>" + b" " * 50_000_000), MAP)
    assert (bomb.links, bomb.flags) == ((), ("binary",))


NESTED = "<a>" * 60_000
LURE = '<rss><channel><item><title>{0}</title><link a="{0}">/1</link></item></channel></rss>'
BOMB = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))


@pytest.mark.parametrize(
    "text",
    [
        f'<!DOCTYPE rss [<!ENTITY a0 "ha">{BOMB}]>{LURE.format("&a12;")}',
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>{LURE.format("&x;")}',
        "<!DOCTYPE rss [" * 20_000,
        f"<rss><channel>{NESTED}",
        "<rss><channel>" + f"<item><title>{TITLES[0]}</title><link>/1.html</link></item>" * 30_000,
        "<datastore>" + "<record>" * 200_000,
        store(*["<li><a href='/1.html'>" + "甲" * 20 + "</a></li>"] * 20_000),
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        json.dumps({"list": [{"title": TITLES[0], "url": f"/art/2026/11/1/art_1_{n}.html"} for n in range(20_000)]}),
        json.dumps({"total": 10**4000}) + " " * 100,
        "<rss>" + "&" * 2_000_000,
        "<rss>" + "&nbsp;" * 300_000,
        "<rss " + "<!-- " * 300_000,
        "<!---->" * 1000 + "x",
        "<?a?>" * 1000 + "<!-- -->" * 600 + "<",
        urls(*[f"<loc>{HOST}/{'1' * 1900}/</loc>"] * 500),
        "<script>'dataproxy.jsp'" + "{a:'" * 200_000,
        "<script>dataproxy.jsp" + "'" * 500_000 + "x" * 500_000,
        "<script>columnid" + "{columnid:1," * 3 + "a" * 190_000,
        urls(*[f"<loc>{HOST}/news/20261121/{n}.html</loc>" for n in range(8_000)]),
        "<rss>" + "甲" * 20_000_000,
        "<script>" + "{columnid:" * 100_000 + "'/dataproxy.jsp'",
        "<script>'/dataproxy.jsp'" + "totalrecord" * 100_000 + "{" + "a:" * 50_000,
        f"<script>'/dataproxy.jsp' {{columnid:1,{'a' * 1900}}}</script>" * 1_400,
    ],
    ids=range(25),
)
def test_hostile_answers_are_read_in_bounded_time_and_memory(text: str) -> None:
    body = text.encode()
    tracemalloc.start()
    started = time.process_time()
    article = answered(body, PROXY)
    spent, (_, peak) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(article.links) <= 1000
    assert not any("ha" in link.title or len(link.title) > 60 for link in article.links)
    # Tracing memory makes reading several times slower.
    assert spent < 8
    assert peak < 200_000_000
