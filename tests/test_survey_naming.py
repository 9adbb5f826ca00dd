"""What a site is called, its key, and the pattern of its articles' addresses."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sites import KEY
from crawler.survey.naming import short_title, site_key, site_name
from crawler.survey.pattern import article_pattern

HOST = "http://www.luoyuan.example/"


@pytest.mark.parametrize(
    ("metas", "titles", "name"),
    [
        ([{"sitename": "洛原市人民政府"}], ["首页"], "洛原市人民政府"),
        ([{"sitename": ""}, {"sitename": "洛原市人民政府"}], ["要闻"], "洛原市人民政府"),
        ([{}], ["洛原市人民政府网站_要闻", "洛原市人民政府网站_通知公告", "洛原市人民政府网站"], "洛原市人民政府网站"),
        ([{}], ["要闻-洛原新闻网", "市里开会了-要闻-洛原新闻网", "水稻丰收-要闻-洛原新闻网"], "洛原新闻网"),
        ([{"og:site_name": "洛原发布"}], ["首页"], "洛原发布"),
        ([{}], ["欢迎访问洛原市教育局网站!"], "洛原市教育局网站"),
        ([{}], ["洛原市教育局-网站首页"], "洛原市教育局"),
        ([{}], ["首页"], "www.luoyuan.example"),
        ([{}], [], "www.luoyuan.example"),
        ([{"sitename": "洛原\u2028市\x07政府"}], [], "洛原 市 政府"),
    ],
)
def test_a_site_is_called_as_most_of_its_pages_say(metas: list[dict[str, str]], titles: list[str], name: str) -> None:
    assert site_name(metas, titles, titles, HOST) == name


def test_an_article_s_title_alone_names_no_site() -> None:
    titles = ["市里召开防汛调度会议", "早稻丰收在望", "夜校开班", "学院新闻_洛原学院"]
    assert site_name([{}], titles, titles[-1:], HOST) == "洛原学院"
    assert site_name([{}], titles[:3], [], HOST) == "www.luoyuan.example"


def test_a_column_s_title_is_the_first_part() -> None:
    assert short_title("通知公告_洛原市人民政府") == "通知公告"
    assert short_title("首页-要闻-洛原") == "要闻"
    assert short_title(" - ") is None
    assert short_title("洛原发布-通知公告", "洛原发布") == "通知公告"
    assert short_title("洛原发布", "洛原发布") is None


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.city.gov.cn/xw/", "city"),
        ("https://jyj.city.gov.cn", "jyj-city"),
        ("http://city.cn:8080/", "city"),
        ("http://news.city.com.cn/", "news-city"),
        ("http://www.CITY.example/", "city"),
        ("http://www.cn/", "www"),
        ("http://gov.cn/", "gov"),
        ("http://127.0.0.1:8900/a", "127-0-0-1-8900"),
        ("http://10.0.0.7/", "10-0-0-7"),
        ("http://山城.政务/", "xn--uist1i"),
        ("http://a_b.example/", "a-b"),
    ],
)
def test_a_key_is_made_of_the_host(url: str, key: str) -> None:
    assert site_key(url) == key
    assert site_key(url, {key, f"{key}-2"}) == f"{key}-3"


@given(st.from_regex(r"https?://[a-z0-9._-]{1,80}(:[0-9]{1,4})?/", fullmatch=True))
def test_any_host_makes_a_key_that_a_catalogue_takes(url: str) -> None:
    assert KEY.fullmatch(site_key(url))
    assert KEY.fullmatch(site_key(url, {site_key(url)}))


ART = "http://a.example/art/2026/3/{0}/art_58_{0}.html"
TRS = "http://a.example/{}/202603/t20260301_{}.html"
HASHED = "http://a.example/site/c1/202609/{}.shtml"
HASHES = ("a1b2c3d4e5f60718a1b2c3d4e5f60718", "18a1b2c3d4e5f60718a1b2c3d4e5f607")


@pytest.mark.parametrize(
    ("urls", "pattern", "covered"),
    [
        ([ART.format(n) for n in (1, 22, 3)], r"/art/\d+/\d+/\d+/art_\d+_\d+\.html", 3),
        ([TRS.format(column, column) for column in ("yw", "tz")], None, 0),
        ([TRS.format(column, n) for column in ("yw", "x/tz") for n in (1, 2)], r"/\d+/t\d+_\d+\.html", 4),
        ([f"http://a.example/show.asp?id={n}&k=x" for n in (7, 8)], r"/show\.asp\?id=\d+&k=x", 2),
        ([HASHED.format(name) for name in HASHES], r"/site/c\d+/\d+/[0-9a-f]+\.shtml", 2),
        ([f"http://a.example/p/{n}.html" for n in range(9)] + ["http://a.example/zt/x.html"], r"/p/\d+\.html", 9),
        ([f"http://a.example/zt/{name}.html" for name in "abc"] + [ART.format(1), ART.format(2)], None, 0),
        (["http://a.example/about.html", "http://a.example/about.html"], None, 0),
        ([f"http://a.example/{n}/" for n in (1, 2)], r"/\d+/", 2),
        ([], None, 0),
    ],
)  # fmt: skip
def test_addresses_share_a_readable_pattern(urls: list[str], pattern: str | None, covered: int) -> None:
    assert article_pattern(urls) == (pattern, covered)


ADDRESSES = st.from_regex(r"http://a\.example(/[\w().+%-]{0,12}){1,4}(\?[\w=&.+%-]{1,20})?", fullmatch=True)


@given(st.lists(ADDRESSES, max_size=12))
def test_a_pattern_fits_the_addresses_that_it_was_made_of(urls: list[str]) -> None:
    pattern, covered = article_pattern(urls)
    fitting = [url for url in set(urls) if pattern and re.search(f"(?:{pattern})$", url)]
    assert len(fitting) >= covered
