"""Lists whose rows are not all built alike, whose rows name accounts, and that cut titles which stand elsewhere."""

from __future__ import annotations

import pytest

from crawler.discovery.listing import Listing, find_links
from crawler.extraction.markup import parse

URL = "http://www.example.gov.cn/yw/index.html"
TITLES = [f"市领导调研第{number}项重点工程建设情况并召开座谈会" for number in "一二三四五六七八九"]


def listed(body: str) -> Listing:
    return find_links(parse(f"<html><head><title>要闻</title></head><body>{body}</body></html>").tree, URL)


def titles(body: str) -> list[str]:
    return [link.title for link in listed(body).links]


def with_pictures(i: int, title: str) -> str:
    pictures = f"<a href='/a/{i}00{i}_7'><img src='/u/{i}.jpg'></a>" * 3
    return (
        f"<div class='row three'><h4><a href='/a/{i}00{i}_7'>{title}</a></h4><div class='pics'>{pictures}</div></div>"
    )


def bare(i: int, title: str) -> str:
    return f"<div class='row plain'><h4><a href='/a/{i}00{i}_7'>{title}</a></h4></div>"


def rows(plain: set[int]) -> str:
    return "".join((bare if i in plain else with_pictures)(i, title) for i, title in enumerate(TITLES))


@pytest.mark.parametrize("plain", [{3}, {2, 5}, {1, 4, 8}, {0, 4, 7, 8}], ids=str)
def test_rows_of_another_build_are_listed_in_their_places(plain: set[int]) -> None:
    found = listed(f"<div class='feed'>{rows(plain)}</div>")
    assert [link.title for link in found.links] == TITLES
    assert not found.is_one_of_many


def test_a_side_list_with_like_addresses_is_none_of_its_rows() -> None:
    side = "".join(
        f"<div class='row plain'><h4><a href='/a/9{i}00_7'>一周热读之{t}</a></h4></div>" for i, t in enumerate(TITLES)
    )
    assert titles(f"<div class='feed'>{rows(set())}</div><div class='aside-box'>{side}</div>") == TITLES


def test_what_stands_inside_a_row_is_no_row() -> None:
    older = "<p class='older'><a href='/a/88{0}_7'>此前的报道：市领导调研第{0}项重点工程</a></p>"
    feed = "".join(
        f"<div class='row'><h4><a href='/a/{i}00{i}_7'>{title}</a></h4><div class='pics'><a href='/a/{i}00{i}_7'>"
        f"<img src='/u/{i}.jpg'></a></div>{older.format(i) if i % 2 else ''}</div>"
        for i, title in enumerate(TITLES)
    )
    assert titles(f"<div class='feed'>{feed}</div>") == TITLES


TOPICS = (
    "<div class='topic'><a href='/a/8001_7'>专题之一：文明城市创建进行时</a>"
    "<a href='/a/8002_7'>专题之二：春季招聘进行时</a></div>"
)


@pytest.mark.parametrize(
    "between",
    [
        "<div class='row ad'><p><a href='/zt/2021/chunji.html'>云溪之春商品房展示会本周末开幕</a></p></div>",
        TOPICS,
    ],
    ids=["advertisement", "several"],
)
def test_what_stands_between_the_rows_and_is_none_is_left_out(between: str) -> None:
    feed = "".join(with_pictures(i, title) + (between if i == 4 else "") for i, title in enumerate(TITLES))
    assert titles(f"<div class='feed'>{feed}</div>") == TITLES


def test_blocks_of_cards_between_blocks_of_headlines_are_no_rows() -> None:
    def block(n: int) -> str:
        cards = "".join(
            f"<div class='card'><h3><a href='/a/{n}{i}1_7'>{t[:12]}</a></h3></div>" for i, t in enumerate(TITLES[:3])
        )
        lines = "".join(f"<li><a href='/a/{n}{i}2_7'>{t}</a></li>" for i, t in enumerate(TITLES[:3]))
        return f"<div class='block'>{cards}<ul>{lines}</ul></div>"

    found = titles("".join(map(block, range(1, 5))))
    assert set(found) in ({title[:12] for title in TITLES[:3]}, set(TITLES[:3]))


def test_an_account_named_in_row_after_row_is_no_article_and_its_day_is_the_row_s() -> None:
    accounts = ["城事观察", "云溪发布厅", "市井笔记", "城事观察"]
    feed = "".join(
        f"<li><div><a href='/user/index.html?id={len(name)}7'><span>{name}</span><i>2021.05.0{i + 1}</i></a></div>"
        f"<div><a href='/a/{i}00{i}.html'>{TITLES[i]}</a></div></li>"
        for i, name in enumerate(accounts)
    )
    found = listed(f"<ul>{feed}</ul>").links
    assert [(link.title, link.date) for link in found] == [(TITLES[i], f"2021-05-0{i + 1}") for i in range(4)]


def test_two_articles_a_row_are_two() -> None:
    feed = "".join(
        f"<tr><td><a href='/a/{i}001.html'>{TITLES[i]}</a></td>"
        f"<td><a href='/tu/{i}002.html'>图解：{TITLES[i]}</a></td></tr>"
        for i in range(4)
    )
    assert len(titles(f"<table>{feed}</table>")) in (4, 8)
    assert any(title.startswith("市领导") for title in titles(f"<table>{feed}</table>"))


@pytest.mark.parametrize("mark", ["...", "…", "……"])
def test_a_title_that_is_cut_is_told_as_another_link_to_its_page_prints_it(mark: str) -> None:
    cut = "".join(
        f"<li><a href='/a/{i}001.html'>{t[:14]}{mark}</a> 2021-05-0{i + 1}</li>" for i, t in enumerate(TITLES[:5])
    )
    side = f"<div class='hot'><h3>热门</h3><ul><li><a href='/a/1001.html'>{TITLES[1]}</a></li></ul></div>"
    assert titles(f"<ul>{cut}</ul>{side}")[:3] == [f"{TITLES[0][:14]}{mark}", TITLES[1], f"{TITLES[2][:14]}{mark}"]


def test_other_words_for_a_page_do_not_stand_in_for_its_cut_title() -> None:
    cut = "".join(f"<li><a href='/a/{i}001.html'>{t[:14]}…</a> 2021-05-0{i + 1}</li>" for i, t in enumerate(TITLES[:5]))
    side = "<div class='hot'><ul><li><a href='/a/1001.html'>重点工程有了新进展，记者带你去看</a></li></ul></div>"
    assert titles(f"<ul>{cut}</ul>{side}")[1] == f"{TITLES[1][:14]}…"
