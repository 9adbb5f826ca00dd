"""A survey from every sort of address: over the made city's eleven systems, and over pages that are in the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

import pytest

from crawler.fetch import Fetched
from crawler.survey.records import ColumnKind, Survey
from crawler.survey.walk import MOST_PAGES, survey
from storage.demo import City
from storage.demo.catalogue import SITES, site_of

HOST = "http://www.luoyuan.example"
OWN_PAPER = "ribao"
"""The city's digital paper: one column, which is its front page."""
WATCHED = {
    "qichuan": ["政务要闻", "通知公告"], "wangxi": ["望汐要闻", "公示公告"], "jiaoyu": ["教育动态", "通知公告"],
    "xueyuan": ["学院新闻"], "ribao": ["栖川日报"], "xinwen": ["要闻"], "wugang": ["梧岗动态", "通知公告"],
    "tangting": ["棠汀新闻"], "chengtang": ["新闻资讯", "通知公告"], "jiaotong": ["工作动态"], "guangdian": ["新闻"],
}  # fmt: skip
"""What is worth watching behind each home page; 民生 and 乡镇传真 list articles too, and are shown only."""
SYSTEMS = {"vsb": "boda", "dede": "dedecms", "asp": None}


@pytest.fixture(scope="module")
def city() -> City:
    return City()


class Asked:
    """Answers in the place of a site, and counts."""

    def __init__(self, answer: Callable[[str], Fetched]) -> None:
        self.urls: list[str] = []
        self._answer = answer

    def __call__(self, urls: Sequence[str]) -> list[Fetched]:
        self.urls += urls
        return [self._answer(url) for url in urls]


def look(city: City, key: str, path: str) -> tuple[Survey, list[str]]:
    def answer(url: str) -> Fetched:
        parts = urlsplit(url)
        page = city.page(key, parts.path + (f"?{parts.query}" if parts.query else ""), 1)
        return Fetched(url, page.status, url, page.body)

    asked = Asked(answer)
    found = survey(f"http://{site_of(key).domain}{path}", asked)
    assert len(asked.urls) <= MOST_PAGES
    assert len(set(asked.urls)) == len(asked.urls)
    assert {urlsplit(url).netloc for url in asked.urls} == {site_of(key).domain}
    return found, asked.urls


def made(pages: Mapping[str, str | bytes | Fetched], path: str = "/") -> Survey:
    """A survey of a made site; what it has no page for answers 404."""

    def answer(url: str) -> Fetched:
        page = pages.get(url.removeprefix(HOST))
        if isinstance(page, Fetched):
            return page
        body = page.encode() if isinstance(page, str) else page
        return Fetched(url, 404, url) if body is None else Fetched(url, 200, url, body)

    asked = Asked(answer)
    found = survey(HOST + path, asked)
    assert all(url.startswith(f"{HOST}/") for url in asked.urls)
    return found


def listing(folder: str, name: str, count: int = 5) -> str:
    rows = "".join(
        f'<li><a href="{folder}2026/0301/{n}0{n}.html">{name}:东河乡第{n}次整修水渠惠及千户</a><i>2026-03-0{n}</i></li>'
        for n in range(1, count + 1)
    )
    return f"<title>{name}_洛原市人民政府</title><body><h2>{name}</h2><ul class='list'>{rows}</ul></body>"


STORY = (
    "<title>东河乡整修水渠惠及千户</title><body>{}<h1>东河乡整修水渠惠及千户</h1><p>2026-03-01 来源:洛原日报</p>"
    + "<p>三月以来,东河乡组织群众整修水渠十二公里,沿线六个村的灌溉用水得到保障,春耕备耕有序推进。</p>" * 4
    + "</body>"
)


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.key)
def test_a_home_page_leads_to_the_columns_worth_watching(city: City, site) -> None:  # type: ignore[no-untyped-def]
    found, _ = look(city, site.key, "/")
    assert [column.title for column in found.columns] == WATCHED[site.key]
    addresses = {f"http://{site.domain}{column.path}" for column in site.columns}
    assert {column.url for column in (*found.columns, *found.others)} == addresses
    assert site.name in found.name
    assert found.system == SYSTEMS.get(site.system, site.system)
    assert found.encoding == site.encoding
    assert found.pattern
    assert found.covered >= 0.9 * sum(len(column.links) for column in found.columns)
    assert len(found.samples) == 3
    assert all(sample.article and sample.article.title and sample.article.paragraphs for sample in found.samples)
    assert found.troubles == ()


@pytest.mark.parametrize(
    ("key", "path", "name"), [(site.key, column.path, column.name) for site in SITES for column in site.columns]
)
def test_a_column_is_kept_as_it_is_given(city: City, key: str, path: str, name: str) -> None:
    found, asked = look(city, key, path)
    assert [column.url for column in found.columns] == [f"http://{site_of(key).domain}{path}"]
    assert key == OWN_PAPER or found.columns[0].title == name
    assert len(asked) <= 6


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.key)
def test_an_article_leads_to_its_column(city: City, site) -> None:  # type: ignore[no-untyped-def]
    state = city.articles(site.key)[0].at(1)
    assert state is not None
    found, _ = look(city, site.key, state.path)
    assert [column.url for column in found.columns] == [f"http://{site.domain}{site.column(state.column).path}"]


def test_a_day_of_a_paper_leads_to_the_paper(city: City) -> None:
    found, _ = look(city, OWN_PAPER, city.snapshot(OWN_PAPER, 1).issue(1).addresses[1])
    assert [urlsplit(column.url).path for column in found.columns] == ["/"]


def test_names_speak_for_kinds_and_a_policy_column_is_found() -> None:
    home = "".join(
        f'<a href="/{p}/">{n}</a>' for p, n in {"yw": "洛原要闻", "tz": "通知公告", "zc": "政策文件"}.items()
    )
    pages = {"/": home} | {
        f"/{p}/": listing(f"/{p}/", n) for p, n in {"yw": "洛原要闻", "tz": "公告", "zc": "政策"}.items()
    }
    found = made(pages)
    assert [column.kind for column in found.columns] == [ColumnKind.NEWS, ColumnKind.NOTICES, ColumnKind.POLICY]
    assert found.name == "洛原市人民政府"
    assert {column.newest for column in found.columns} == {"2026-03-05"}


def test_a_door_without_articles_behind_it_is_no_column() -> None:
    home = '<a href="/yw/">要闻</a><a href="/tz/">通知公告</a><a href="/zc/">政策文件</a><a href="/gs/">公示</a>'
    pages = {"/": home, "/yw/": listing("/yw/", "要闻"), "/tz/": listing("/tz/", "公告", 2), "/zc/": "<p>建设中</p>"}
    found = made(pages)
    assert [column.title for column in found.columns] == ["要闻"]
    assert found.troubles == (f"{HOST}/gs/  网页不存在 (404)",)


def test_one_list_under_two_names_is_one_column() -> None:
    home = '<a href="/yw/">要闻</a><a href="/dt/">工作动态</a>'
    pages = {"/": home, "/yw/": listing("/yw/", "要闻"), "/dt/": listing("/yw/", "要闻")}
    assert [column.title for column in made(pages).columns] == ["要闻"]
    pages["/dt/"] = listing("/dt/", "动态")
    assert [column.title for column in made(pages).columns] == ["要闻", "工作动态"]


def test_where_no_kind_is_found_what_lists_articles_is_watched() -> None:
    home = "".join(f'<div><h3>{name}</h3><a href="/{n}/">更多</a></div>' for n, name in enumerate(("夜校", "早市")))
    found = made({"/": home, "/0/": listing("/0/", "夜校"), "/1/": listing("/1/", "早市")})
    assert [column.title for column in found.columns] == ["夜校", "早市"]
    assert found.others == ()


def test_a_front_page_that_only_sends_on_is_followed_once_and_never_to_another_site() -> None:
    refresh = '<meta http-equiv="refresh" content="0;url={}">'
    pages = {"/web/": '<a href="/yw/">要闻</a>', "/yw/": listing("/yw/", "要闻")}
    assert [each.title for each in made({"/": refresh.format("/web/"), **pages}).columns] == ["要闻"]
    away = made({"/": refresh.format("https://other.example/"), **pages})
    assert away.columns == ()
    assert made({"/": refresh.format("/a/"), "/a/": refresh.format("/"), **pages}).columns == ()


def test_a_column_is_not_called_as_its_site_is() -> None:
    page = listing("/tz/", "洛原发布").replace("洛原发布_洛原市人民政府", "洛原发布-通知公告")
    stories = {
        f"/tz/2026/0301/{n}0{n}.html": STORY.format("").replace("</title>", "-洛原发布</title>") for n in range(1, 6)
    }
    found = made({"/tz/": page, **stories}, "/tz/")
    assert found.name == "洛原发布"
    assert [(column.title, column.kind) for column in found.columns] == [("通知公告", ColumnKind.NOTICES)]


def test_a_list_of_another_host_s_articles_says_which_host() -> None:
    page = listing("https://news.luoyuan.example/", "要闻")
    found = made({"/yw/": page, "/": page}, "/yw/")
    assert found.troubles == (f"{HOST}/yw/  列出的文章都在 news.luoyuan.example;请给出那里的栏目的网址",)


def test_an_article_s_column_may_be_any_kind_and_its_neighbours_stay_out() -> None:
    trail = '<div>当前位置:<a href="/">首页</a> > <a href="/yx/">乡村夜校</a> > 正文</div><a href="/yw/">要闻</a>'
    pages = {
        "/yx/2026/0301/101.html": STORY.format(trail),
        "/yx/": listing("/yx/", "乡村夜校"),
        "/yw/": listing("/yw/", "要闻"),
    }
    found = made(pages, "/yx/2026/0301/101.html")
    assert [(column.title, column.kind) for column in found.columns] == [("乡村夜校", ColumnKind.OTHER)]


def test_an_article_without_a_trail_leads_home() -> None:
    pages = {"/yx/101.html": STORY.format(""), "/": '<a href="/yw/">要闻</a>', "/yw/": listing("/yw/", "要闻")}
    assert [column.title for column in made(pages, "/yx/101.html").columns] == ["要闻"]


def test_feeds_are_told() -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    pages = {
        "/": head + '<a href="/yw/">要闻</a>',
        "/yw/": listing("/yw/", "要闻"),
        "/robots.txt": "Sitemap: /map.xml\n",
    }
    assert made(pages).feeds == (f"{HOST}/rss.xml", f"{HOST}/map.xml")


ITEMS = "".join(
    f"<item><title>东河乡整修水渠{n}公里</title><link>{HOST}/yw/20260301/{n}.html</link></item>" for n in range(1, 5)
)
URLS = "".join(f"<url><loc>{HOST}/yw/202603/t20260301_{n}.html</loc></url>" for n in range(1, 5))


@pytest.mark.parametrize(
    ("path", "body", "title"),
    [
        ("/rss.xml", f'<rss version="2.0"><channel><title>洛原要闻</title>{ITEMS}</channel></rss>', "洛原要闻"),
        ("/map.xml", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{URLS}</urlset>', HOST + "/map.xml"),
    ],
)
def test_a_feed_or_a_sitemap_is_a_column_as_it_is_given(path: str, body: str, title: str) -> None:
    found = made({path: body}, path)
    assert [(column.url, column.title, len(column.links)) for column in found.columns] == [(HOST + path, title, 4)]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (Fetched("", error="IgnoreRequest: Forbidden by robots.txt"), "robots.txt 不许访问"),
        (
            Fetched("", error="OffSite: leads off the site: https://other.example/"),
            "跳往别的网站,没有跟去: https://other.example/",
        ),
        (Fetched("", error="the fetch was cut off"), "等不到回答"),
        (Fetched("", error="DownloadConnectionRefusedError: no"), "主机拒绝连接"),
        (Fetched("", error="CannotResolveHostError: DNS lookup failed"), "找不到这台主机"),
        (Fetched("", error="SomethingNew: odd\nmore"), "SomethingNew: odd"),
        (Fetched("", 404), "网页不存在 (404)"),
        (Fetched("", 503), "回答异常 (503)"),
        (Fetched("", 200, "https://other.example/"), "跳往别的网站 https://other.example/"),
        (b"%PDF-1.7 \x00\x01", "不是网页"),
        ("<title>访问被拦截</title><p>您的访问被网站防火墙拦截</p>", "防火墙的拦截页"),
        ("<title>提示</title><p>您访问的页面不存在或已被删除</p>", "网页说内容不存在"),
        ("<div id=app></div><script>new Vue({el:'#app'})</script>", "网页由脚本画出,读不到链接;请直接给出栏目的网址"),
        ("<p>欢迎</p>", "没有找到列出至少 3 篇文章的栏目;请直接给出栏目的网址"),
        (b"", "没有找到列出至少 3 篇文章的栏目;请直接给出栏目的网址"),
        ('{"code": 0, "data": []}', "没有找到列出至少 3 篇文章的栏目;请直接给出栏目的网址"),
    ],
)
def test_what_is_in_the_way_is_told_in_a_line(page: str | bytes | Fetched, said: str) -> None:
    found = made({"/": page})
    assert found.columns == ()
    assert found.troubles == (f"{HOST}/  {said}",)


def test_a_sample_that_cannot_be_had_says_why() -> None:
    found = made({"/yw/": listing("/yw/", "要闻")}, "/yw/")
    assert [sample.trouble for sample in found.samples] == ["网页不存在 (404)"] * 3
    assert found.columns
