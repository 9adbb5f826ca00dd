"""What a list calls its articles: full titles wherever they stand, no dates, bullets or summaries in them."""

from __future__ import annotations

import pytest

from crawler.discovery.listing import Listing, find_links
from crawler.extraction.markup import parse

URL = "http://www.example.gov.cn/zwdt/"
TITLES = [
    "市政府召开第五次常务会议研究部署防汛抗旱工作",
    "市领导调研城市更新和老旧小区改造项目建设情况",
    "我市出台促进服务业领域困难行业恢复发展若干政策措施",
    "关于2021年清明节放假安排的通知",
    "第三届龙舟赛在南湖开桨",
]
SUMMARY = "会议指出，要压实各方责任，把各项任务落到实处，让群众有更多获得感。"
NAV = '<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/bsfw/">办事服务</a></div>'


def listing(item: str, *, titles: list[str] = TITLES, holder: str = "ul") -> Listing:
    rows = "".join(
        item.format(
            t=title, c=title[:9], i=i, d=f"2021-04-{25 - i}", m=f"04-{25 - i}", s=SUMMARY, a=f"/a/2021/110{i}.html"
        )
        for i, title in enumerate(titles)
    )
    return find_links(parse(f"<html><body>{NAV}<{holder}>{rows}</{holder}></body></html>").tree, URL)


def titles_of(found: Listing) -> list[str]:
    return [link.title for link in found.links]


@pytest.mark.parametrize(
    "item",
    [
        '<li><a href="{a}" title="{t}">{c}...</a></li>',
        '<li><a href="{a}" title="{t}">{c}</a></li>',
        '<li><a href="{a}" title="标题：{t}\n发布时间：{d}\n来源：市府办">{c}…</a></li>',
        '<li><a href="{a}" title="{t} {d}">{c}..</a></li>',
        '<li><a href="{a}" data-title="{t}">{c}…</a></li>',
        '<li><a href="{a}">{c}…</a><span style="display:none">{t}</span></li>',
        '<li><a href="{a}">{c}…<span class="full">{t}</span></a></li>',
        '<li><a href="{a}"><script>document.write(cut("{t}", 20));</script></a></li>',
        '<li><a href="{a}" title="{t}"><img src="/p/{i}.jpg"></a></li>',
        '<li><a href="{a}"><img src="/p/{i}.jpg" alt="{t}"></a></li>',
    ],
    ids=[
        "title",
        "cut unmarked",
        "lines",
        "dated",
        "data",
        "hidden beside",
        "hidden inside",
        "script",
        "picture",
        "alt",
    ],
)
def test_the_full_title_is_found_wherever_it_stands(item: str) -> None:
    assert titles_of(listing(item)) == TITLES


@pytest.mark.parametrize(
    "item",
    [
        '<li><a href="{a}" title="点击查看详细内容">{t}</a></li>',
        '<li><a href="{a}" title="{c}">{t}</a></li>',
        '<li><a href="{a}" title="{t} 来源：市府办 点击数：15">{t}</a></li>',
        '<li><a href="{a}">{t}<script>count("点击次数的统计");</script></a></li>',
    ],
    ids=["another text", "a shorter title", "title with byline", "script beside words"],
)
def test_words_that_are_whole_stay_as_printed(item: str) -> None:
    assert titles_of(listing(item)) == TITLES


@pytest.mark.parametrize(
    "item",
    [
        '<li><a href="{a}">{t}({d})</a></li>',
        '<li><a href="{a}">[{d}]{t}</a></li>',
        '<li><a href="{a}">{d} {t}</a></li>',
        '<li><a href="{a}">{t}（{m}）</a></li>',
        '<li><a href="{a}">· {t}</a></li>',
        '<li><a href="{a}"><span>{t}</span><span>{d}</span></a></li>',
        '<li><a href="{a}"><i>{d}</i>{t}</a></li>',
        '<li><a href="{a}"><div class="tit">{t}</div><div>{s}</div><div>{d}</div></a></li>',
        '<li><a href="{a}"><em>要闻</em><h4>{t}</h4><p>{s}</p></a></li>',
        '<li><h3><a href="{a}">{t}</a></h3><p><a href="{a}">{s}</a></p></li>',
    ],
)
def test_dates_bullets_and_summaries_are_no_part_of_a_title(item: str) -> None:
    assert titles_of(listing(item)) == TITLES


@pytest.mark.parametrize(
    "title",
    [
        "常委会快报（12月19日）",
        "十七个停车泊位暂停使用至2020年3月31日",
        "2021年4月25日市长信箱来信选登",
        "市图书馆“共读一本书”活动……等你来",
        "全市空气质量连续30天优良",
    ],
)
def test_a_date_of_the_title_s_own_stays(title: str) -> None:
    assert titles_of(listing('<li><a href="{a}">{t}</a><i>{d}</i></li>', titles=[*TITLES, title]))[-1] == title


def test_a_span_that_sets_words_off_does_not_cut_the_title() -> None:
    assert titles_of(listing('<li><a href="{a}"><span style="color:red">重要通知</span>{t}</a></li>')) == [
        f"重要通知{title}" for title in TITLES
    ]


@pytest.mark.parametrize(
    "item",
    [
        '<li>[<a href="/yw/">要闻</a>] <a href="{a}">{t}</a> {d}</li>',
        '<li><span><a href="/bm{i}/">部门动态</a></span><span><a href="{a}">{t}</a></span><i>{d}</i></li>',
        "<li onclick=\"location.href='{a}'\"><b>{t}</b><i>{d}</i></li>",
        '<li><a href="javascript:void(0)" onclick="window.open(\'{a}\')">{t}</a><i>{d}</i></li>',
        "<li><a href=\"javascript:openDetail('{a}')\">{t}</a><i>{d}</i></li>",
        '<li data-href="{a}"><span>{t}</span><i>{d}</i></li>',
        '<li><a href="{a}">{t}</a><span>{d}</span><a href="{a}">[详细]</a></li>',
        '<li><h2><a href="{a}">{t}</a></h2><p>{s}</p><a href="{a}">[详情]</a>{d} <a href="/c{i}.html">评论(0)</a></li>',
        '<li><div><b>25</b><i>2021-04</i></div><a href="{a}">{t}</a><p>{s}</p></li>',
    ],
)
def test_an_item_is_one_article_with_its_date(item: str) -> None:
    found = listing(item)
    assert titles_of(found) == TITLES
    assert all((link.date or "").startswith("2021-04-2") and "/a/2021/110" in link.url for link in found.links)


def test_rows_of_alternating_names_are_one_list() -> None:
    rows = [f'<table class="{"odd" if i % 2 else "even"}"><tr><td>{{}}</td></tr></table>' for i in range(5)]
    links = (f'<a href="/a/2021/110{i}.html">{title}</a> 2021-04-{25 - i}' for i, title in enumerate(TITLES))
    page = "".join(row.format(link) for row, link in zip(rows, links, strict=True))
    assert titles_of(find_links(parse(f"<html><body>{NAV}{page}</body></html>").tree, URL)) == TITLES


def test_what_a_click_does_is_read_only_where_a_page_has_no_links() -> None:
    scripted = "".join(
        f"<li onclick=\"location.href='/b/2020/{i}99.html'\">旧闻：{t}</li>" for i, t in enumerate(TITLES)
    )
    printed = "".join(f'<li><a href="/a/2021/110{i}.html">{t}</a></li>' for i, t in enumerate(TITLES))
    page = f"<html><body>{NAV}<ul>{printed}</ul><div><ul>{scripted}</ul></div></body></html>"
    assert titles_of(find_links(parse(page).tree, URL)) == TITLES


@pytest.mark.parametrize(
    "call", ["showTab('公告','/x')", "alert('下载/安装')", "share('weibo')", "location.href='#top'", "setHome(this)"]
)
def test_a_click_that_opens_no_page_names_none(call: str) -> None:
    rows = "".join(f'<li onclick="{call}">{title}</li>' for title in TITLES)
    assert find_links(parse(f"<html><body>{NAV}<ul>{rows}</ul></body></html>").tree, URL).links == ()


def test_cards_of_topics_are_a_list_by_their_pictures_and_logos_of_friends_are_none() -> None:
    names = ["朝乡风云录", "春到南湖", "老城新生", "问政现场", "河长日记", "节水周"]
    cards = "".join(
        f'<li><a href="/zt/z{i}/index.html"><img src="{i}.gif"></a><p><a href="/zt/z{i}/index.html">{name}</a></p></li>'
        for i, name in enumerate(names)
    )
    assert titles_of(find_links(parse(f"<html><body>{NAV}<ul>{cards}</ul></body></html>").tree, URL)) == names
    logos = cards.replace('href="/zt/z', 'href="http://z').replace("/index.html", ".example.cn/")
    assert find_links(parse(f"<html><body>{NAV}<ul>{logos}</ul></body></html>").tree, URL).score < 1.0


def test_a_summary_that_robots_shall_not_follow_is_not_taken_for_the_headline() -> None:
    followed = "<li><h3><a href='{a}'>{t}</a></h3><p><a href='{a}' rel='{r}'>{s}</a></p><i>{d}</i></li>"
    assert titles_of(listing(followed.replace("{r}", "nofollow"))) == TITLES
    assert titles_of(listing("<li><a href='{a}' rel='nofollow'>{t}</a><i>{d}</i></li>")) == []
