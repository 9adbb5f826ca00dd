"""The sketch of a page's frame is what its definition says: stored sketches are compared with new ones."""

from __future__ import annotations

from hashlib import blake2b

import pytest
from lxml import html

from crawler.extraction.template import SLOTS, template_of, template_similarity

PAGE = """<html><head><link rel="stylesheet" href="/css/site2020.css?v=3"></head><body class="home page-2">
<div id="nav_1" class="top menu"><ul><li>要闻</li><li>公告</li></ul></div>
<div class="story"><p>市民走进公园。<span>赏花</span></p></div><div id="___" class="foot">承办</div></body></html>"""

STEPS = {
    "css site.css",
    "html#.",
    "html#.>head#.",
    "html#.>body#.home page",
    "body#.home page>div#nav.menu top",
    "div#nav.menu top>ul#.",
    "ul#.>li#.",
    "body#.home page>div#.story",
    "body#.home page>div#___.foot",
}


def sketch(steps: set[str]) -> str:
    """MinHash as it is written down: every slot multiplies a step's hash by its own odd number."""
    hashes = [int.from_bytes(blake2b(step.encode(), digest_size=8).digest(), "big") for step in steps]
    slots = []
    for index in range(SLOTS):
        mix = int.from_bytes(blake2b(index.to_bytes(2, "big"), digest_size=8).digest(), "big") | 1
        slots.append(min(((value * mix) & 0xFFFFFFFFFFFFFFFF) >> 32 for value in hashes))
    return "".join(f"{slot:08x}" for slot in slots)


def test_the_sketch_is_that_of_its_definition() -> None:
    tree = html.document_fromstring(PAGE)

    assert template_of(tree) == sketch({*STEPS})


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("<li>公告</li>", "<li>公告</li><li>政策</li><li>服务</li>", True),
        ('id="nav_1"', 'id="nav_27"', True),
        ("市民走进公园。", "市民走进公园。</p><p>游人如织。", True),
        ('class="top menu"', 'class="menu top"', True),
        ('class="top menu"', 'class="header"', False),
        ('id="___"', 'id="__"', False),
    ],
)
def test_what_moves_the_sketch(old: str, new: str, same: bool) -> None:
    before, after = (template_of(html.document_fromstring(page)) for page in (PAGE, PAGE.replace(old, new)))

    assert (template_similarity(before, after) == 1.0) is same


def test_the_articles_own_box_is_left_out() -> None:
    tree = html.document_fromstring(PAGE)
    (story,) = tree.xpath("//div[@class='story']")

    assert template_of(tree, story) == sketch({*STEPS} - {"body#.home page>div#.story"})
