"""Digital papers: which links are the day's other pages."""

from __future__ import annotations

import pytest
from lxml import html

from crawler.discovery.epaper import day_pages

DAY = "http://paper.example/html/2026-11/16/"
NAVIGATION = """<table id="pageList"><a href="node_2.htm">第01版:要闻</a><a href="node_3.htm#top">第02版:综合</a>
<a href="./node_4.htm">第03版</a></table><a href="content_1.htm">文章</a><a href="../15/node_2.htm">上一期</a>
<a href="http://other.example/html/2026-11/16/node_9.htm">友报</a><a href="../../node_1.htm">往期</a>
<map><area href="node_5.htm"></map>"""


def test_a_page_of_the_day_leads_to_the_others_of_that_day_only() -> None:
    found = day_pages(html.fromstring(NAVIGATION), DAY + "node_2.htm")
    assert found == tuple(DAY + f"node_{number}.htm" for number in (3, 4, 5))


@pytest.mark.parametrize(
    ("redirects", "expected"),
    [
        (["html/2026-11/16/node_2.htm"], (DAY + "node_2.htm",)),
        (["/pc/layout/202611/16/node_01.html"], ("http://paper.example/pc/layout/202611/16/node_01.html",)),
        # A refresh to anywhere else is a hijack's way as often as an owner's: it is not followed.
        (["http://spam.invalid/node_2.htm"], ()),
        (["/login.html"], ()),
        ([], ()),
    ],
)
def test_a_papers_front_page_leads_to_its_day(redirects: list[str], expected: tuple[str, ...]) -> None:
    assert day_pages(html.fromstring(NAVIGATION), "http://paper.example/", redirects) == expected


@pytest.mark.parametrize("href", ["http://[bad/node_3.htm", "http://a\u2100b/node_3.htm", "  "])
def test_an_address_that_is_none_is_passed_over(href: str) -> None:
    page = html.fromstring(f'<div><a href="{href}">版</a><a href="node_4.htm">版</a></div>')
    assert day_pages(page, DAY + "node_2.htm") == (DAY + "node_4.htm",)


def test_an_ordinary_list_page_has_no_day() -> None:
    assert day_pages(html.fromstring(NAVIGATION), "http://paper.example/xwzx/index.html") == ()
