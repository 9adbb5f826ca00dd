"""What a page shows to search engines and hides from readers; and the sketch of its frame."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.markup import parse
from crawler.extraction.read import read_page
from crawler.extraction.template import template_of, template_similarity
from storage.records import Article, PageKind

TITLE = "全市党史学习教育推进会召开"
TEXT = "5月7日上午,全市党史学习教育推进会在市会议中心召开,市委书记出席会议并讲话,市长主持会议,各区县负责人参加。"
URL = "http://www.example.gov.cn/2021/0508/1.html"


def read(
    head: str = f"<title>{TITLE}_某市人民政府</title>", *, h: str = TITLE, text: str = TEXT, extra: str = ""
) -> Article:
    return read_page(
        f"<html><head>{head}</head><body><h1>{h}</h1><p>2021-05-08</p><p>{text}</p><p>{text}</p>{extra}</body></html>".encode(),
        URL,
    )


def test_the_surface_is_what_the_page_tells_search_engines() -> None:
    metas = '<meta name="keywords" content="党史,某市"><meta name="Description" content="摘要　文字">'
    head = f"<title>{TITLE}</title>{metas}"
    surface = read(
        head, extra='<a href="http://www.gov.cn/x">国务院</a><a href="http://sub.example.gov.cn/">子站</a>'
    ).surface
    assert (surface.title, surface.keywords, surface.description) == (TITLE, "党史,某市", "摘要 文字")
    assert surface.outside == ("www.gov.cn",)
    assert surface.hidden == ()


@pytest.mark.parametrize(
    "hiding",
    [
        '<div style="display:none">{}</div>',
        '<div style="position:absolute; left:-9999px">{}</div>',
        '<div style="text-indent:-9999px">{}</div>',
        '<span style="font-size:0">{}</span>',
        '<div style="visibility: hidden">{}</div>',
        '<div style="height:0px;overflow:hidden">{}</div>',
        '<marquee height="1" width="1">{}</marquee>',
        "<style>.kk9{{position:fixed;top:-500px}}</style><div class='kk9'>{}</div>",
        "<style>@media all{{#zx{{display:none}}}}</style><div id='zx'>{}</div>",
    ],
)
def test_links_that_no_reader_sees_are_hidden(hiding: str) -> None:
    links = '<a href="http://bc.example.com/">时时彩平台</a><a href="http://qp.example.com/">棋牌官网</a>'
    article = read(extra=hiding.format(links))
    assert [link.url for link in article.surface.hidden] == ["http://bc.example.com/", "http://qp.example.com/"]
    assert "tampered" in article.flags
    assert article.kind is PageKind.ARTICLE


def test_a_menu_that_opens_on_a_click_hides_nothing_of_note() -> None:
    entries = '<li><a href="/zwgk/">政务公开</a></li><li><a href="/tycp/">体育彩票管理中心</a></li>'
    menu = f'<ul style="display:none">{entries}</ul>'
    article = read(extra=menu)
    assert "tampered" not in article.flags
    assert [link.title for link in article.surface.hidden] == ["体育彩票管理中心"]


@pytest.mark.parametrize(
    "head",
    [
        "<title>彩票平台注册登录-澳门在线真人娱乐官网</title><meta name='keywords' content='彩票平台,真人娱乐'>",
        "<title>&#x5f69;&#x7968;&#x5e73;&#x53f0;_&#x68cb;&#x724c;&#x6e38;&#x620f;</title>",
        f"<title>{TITLE}</title><meta name='keywords' content='六合彩,时时彩,娱乐城'>",
        f"<title>{TITLE}</title><meta name='description' content='无码高清,成人视频在线'>",
    ],
    ids=["title", "entities", "keywords", "description"],
)
def test_spam_where_search_engines_read_is_tampering(head: str) -> None:
    article = read(head)
    assert "tampered" in article.flags
    assert article.paragraphs == (TEXT, TEXT)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "警方打掉一网络赌博团伙 涉案金额六千万元",
            "该团伙搭建棋牌、百家乐、时时彩等赌博平台,发展会员下注,警方提醒市民远离网络赌博。",
        ),
        (
            "福利彩票中心公布今年彩票公益金使用情况",
            "今年全市销售福利彩票3.2亿元,筹集彩票公益金9800万元,用于养老助残等项目。",
        ),
        ("体育彩票开奖结果公告", "本期体育彩票开奖结果如下,请市民理性投注,兑奖期限为六十天。"),
        ("全市扫黄打非工作会议召开", "会议要求严厉打击网络色情、私服外挂等违法行为,净化网络环境,守护青少年健康成长。"),
    ],
)
def test_an_honest_page_may_say_such_words(title: str, text: str) -> None:
    metas = f"<meta name='keywords' content='{title}'><meta name='description' content='{text}'>"
    head = f"<title>{title}_某市人民政府</title>{metas}"
    assert "tampered" not in read(head, h=title, text=text * 2).flags


def test_where_a_page_would_send_its_visitor() -> None:
    script = '<script>if(1){window.location.href="http://bc.example.com/go";}</script>'
    refresh = '<meta http-equiv="refresh" content="5;url=/index.html">'
    found = read(f"<title>{TITLE}</title>{refresh}", extra=script).surface.redirects
    assert found == ("http://bc.example.com/go", "http://www.example.gov.cn/index.html")


def frame(body: str, *, related: int = 5, hits: int = 12, number: int = 7) -> str:
    links = "".join(f'<li class="item"><a href="/{i}.html">相关新闻{i}</a></li>' for i in range(related))
    return f"""<html><head><link rel="stylesheet" href="/css/main_2021.css"></head><body class="page">
      <div id="header" class="top clearfix"><div class="logo"></div>
      <div class="search"><form class="s"></form></div></div>
      <ul class="nav"><li><a href="/">首页</a></li><li><a href="/a/">要闻</a></li></ul>
      <div class="wrap"><div class="crumb">当前位置</div>
      <div class="article" id="art{number}"><h1 class="title">题</h1>
      <div class="info">浏览:<span id="hits">{hits}</span></div><div class="TRS_Editor">{body}</div>
      <div class="share"></div></div>
      <div class="side"><div class="box hot"><h3>热点</h3><ul class="list">{links}</ul></div></div></div>
      <div class="footer"><p class="copy">版权所有</p><div class="icp"></div></div></body></html>"""


REDESIGN = """<html><head><link rel="stylesheet" href="/assets/app.css"></head><body>
  <header class="hd"><nav class="menu"></nav></header>
  <main class="container"><section class="content-wrap"><article class="post"><h2 class="post-title">题</h2>
  <div class="meta"></div><div class="text"></div></article></section>
  <aside class="rail"><section class="card"></section></aside></main>
  <footer class="ft"><div class="links"></div><div class="beian"></div></footer></body></html>"""


def sketch(markup: str, container: str = ".//div[@class='TRS_Editor']") -> str:
    tree = parse(markup).tree
    return template_of(tree, tree.find(container))


def test_two_articles_of_one_template_are_alike() -> None:
    one = sketch(frame(f"<p>{TEXT}</p>"))
    other = sketch(
        frame(f"<p>{TEXT}</p><table class='t1'><tr><td>1</td></tr></table>" * 9, related=14, hits=98765, number=345)
    )
    assert len(one) <= 200
    assert template_similarity(one, other) > 0.8


def test_a_redesign_is_not_alike() -> None:
    assert template_similarity(sketch(frame("")), sketch(REDESIGN)) < 0.3


def test_neither_the_body_s_own_markup_nor_numbered_names_are_in_the_sketch() -> None:
    plain = frame("<p>甲</p>")
    rich = frame(
        '<section class="rich"><table class="t"><tr><td class="c"><ul class="u"><li>甲</li></ul></td></tr></table>'
    )
    assert sketch(plain) == sketch(rich)
    assert sketch(plain.replace('class="page"', 'class="page-3"')) == sketch(
        plain.replace('class="page"', 'class="page-77"')
    )


def test_text_and_counters_leave_the_sketch_alone() -> None:
    assert sketch(frame(TEXT, hits=1)) == sketch(frame(TEXT * 3, hits=2))


@given(st.text(alphabet="0123456789abcdef", max_size=40), st.text(alphabet="0123456789abcdef", max_size=40))
@settings(max_examples=60, deadline=None)
def test_similarity_is_symmetric_and_between_nought_and_one(a: str, b: str) -> None:
    assert template_similarity(a, b) == template_similarity(b, a)
    assert 0.0 <= template_similarity(a, b) <= 1.0
    assert template_similarity(a, a) == 1.0
