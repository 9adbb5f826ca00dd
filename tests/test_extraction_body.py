"""The body: which box it is in, what of it is furniture, and pages that are put together in odd ways."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.furniture import begins_closing, is_furniture, is_label_line
from crawler.extraction.lines import read_lines
from crawler.extraction.markup import LONGEST, parse
from crawler.extraction.read import EXTRACTOR, read_page
from storage.records import Article, PageKind, Role

FIRST = "5月7日上午,市党史学习教育第十巡回指导组进驻会议在市文化广电旅游局会议室召开,组长、副组长和全体成员参加会议。"
SECOND = "会上,局长汇报了前阶段开展党史学习教育的情况,并对下一步工作提出要求,强调要以更高站位推动学习教育走深走实。"
TITLE = "市文广旅游局扎实推进党史学习教育"


def page(body: str, *, title: str = f"{TITLE}_某市人民政府", head: str = "") -> bytes:
    nav = '<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/list.html">工作动态</a></div>'
    foot = '<div class="footer"><p>主办单位:某市人民政府办公室 备案号:粤ICP备00000000号</p></div>'
    return f"<html><head><title>{title}</title>{head}</head><body>{nav}{body}{foot}</body></html>".encode()


def article(inner: str, byline: str = "2021-05-08 08:16 来源:某市日报") -> Article:
    return read_page(
        page(f'<div class="main"><h1>{TITLE}</h1><p class="info">{byline}</p><div class="box">{inner}</div></div>')
    )


@pytest.mark.parametrize(
    "inner",
    [
        f"<p>{FIRST}</p><p>{SECOND}</p>",
        f"　　{FIRST}<br><br>　　{SECOND}<br/>",
        f"<div>{FIRST}</div><div>{SECOND}</div>",
        f"<font size=3><span>{FIRST}</span><br><span>{SECOND}</span></font>",
        f"<table><tr><td>{FIRST}</td></tr><tr><td>{SECOND}</td></tr></table>",
        f'<form name="_newscontent_fromname"><p>{FIRST}</p><p>{SECOND}</p></form>',
        f'<div style="display:none" id="content"><p>{FIRST}</p><p>{SECOND}</p></div>',
        f'<p class=MsoNormal><o:p>&nbsp;</o:p>{FIRST}</p><p class="MsoNormal"><span lang=EN-US>{SECOND}</span></p>',
    ],
    ids=["paragraphs", "breaks", "divisions", "fonts", "layout-table", "form", "hidden-until-script", "word"],
)
def test_a_body_is_found_however_it_is_marked_up(inner: str) -> None:
    read = article(inner)
    assert read.kind is PageKind.ARTICLE
    assert read.paragraphs == (FIRST, SECOND)
    assert len(read.canonical) == len(read.paragraphs)


@pytest.mark.parametrize(
    "markup",
    [
        "<html><body><p>短</p></body></html><div><h1>{t}</h1><p>2021-05-08</p><p>{a}</p><p>{b}</p></div>",
        "<html><title>头</title><html><body><h1>{t}</h1></body></html><body><p>{a}</p><p>{b}</p></body></html></html>",
        "<!--[if IE]><body><![endif]--><h1>{t}</h1><div><p>{a}</p><p>{b}</p></div>",
    ],
    ids=["after-html", "two-of-everything", "conditional"],
)
def test_content_outside_the_one_document_is_read(markup: str) -> None:
    read = read_page(markup.format(t=TITLE, a=FIRST, b=SECOND).encode())
    assert read.paragraphs[-2:] == (FIRST, SECOND)


def test_a_data_table_is_one_paragraph_a_row() -> None:
    rows = "".join(
        f"<tr><td><p>{area}</p></td><td><p>{count}</p></td></tr>" for area, count in (("黄浦", 380), ("徐汇", 213))
    )
    read = article(f"<p>{FIRST}</p><table><tr><td>区域</td><td>在院人数</td></tr>{rows}</table>")
    assert read.paragraphs == (FIRST, "区域 在院人数", "黄浦 380", "徐汇 213")


def test_a_short_notice_is_an_article() -> None:
    read = article(
        "<p>因设备检修,市政务服务中心5月10日暂停办公一天。</p><p>特此通知。</p><p>某市人民政府办公室</p><p>2021年5月8日</p>"
    )
    assert read.kind is PageKind.ARTICLE
    assert read.paragraphs[1:] == ("特此通知。", "某市人民政府办公室", "2021年5月8日")


@pytest.mark.parametrize(
    "line",
    [
        "责任编辑:张三",
        "[责任编辑:张三]",
        "【编辑:李四】",
        "责任编辑 刘自学",
        "浏览次数:1743",
        "点击:[ 85 ]次",
        "阅读次数:51850 打印本页 关闭窗口",
        "打印本页 | 关闭窗口",
        "【打印】【关闭】",
        "分享到:",
        "分享到 微信 微博 QQ空间",
        "微信扫码分享",
        "扫一扫在手机打开当前页",
        "字体:【大 中 小】",
        "上一条:市政府召开常务会议",
        "下一篇：没有了",
        "下篇:没有了",
        "18791人浏览",
        "4.4万阅读",
        "【收藏】【微信】【微博】已有9463人分享",
        "无障碍浏览 关怀版 登录",
        "简体|繁體|English",
        "网友留言 文明上网,理性发言,请遵守新闻评论服务",
        "共计4441个字,预计阅读时长15分钟",
    ],
)
def test_furniture_is_told_by_its_own_words(line: str) -> None:
    assert is_furniture(line)
    assert line not in article(f"<p>{FIRST}</p><p>{line}</p><p>{SECOND}</p>").paragraphs


@pytest.mark.parametrize(
    "line",
    [
        "录制宣讲视频223个,点击量达1200万+。",
        "报社实行责任编辑制度,每篇稿件由责任编辑签发。",
        "分享到会的三位代表的经验,是这次会议的一大亮点。",
        "打印店老板说,关闭窗口后客流少了一半。",
        "来源于基层的意见,一条也没有落下。",
        "编辑部设在市图书馆三楼。",
        "时间:9月20日上午9时",
        "地址:某市人民路8号",
        "相关阅读推广活动将持续到年底。",
        "《光明日报》(2024年05月20日 03版)",
        "(来源:人民政协报)",
        "图为启动仪式现场。",
        "责任编辑:他每天要看三万字。这是报社的规定。",
        "版权所有者可以向人民法院起诉。",
        "下篇文章将介绍具体做法。",
        "吸引了2万人阅读打卡。",
        "3000人分享了自己的故事。",
        "登录系统后填报。",
        "倡议书号召大家文明上网,理性发言。",
    ],
)
def test_a_sentence_that_mentions_furniture_stays(line: str) -> None:
    assert not is_furniture(line)
    assert line in article(f"<p>{FIRST}</p><p>{line}</p><p>{SECOND}</p>").paragraphs


def test_a_body_in_two_halves_is_read_whole() -> None:
    halves = [f"<div class='half'><p>{text}</p><p>{text}</p></div>" for text in (FIRST, SECOND)]
    assert article("<hr>".join(halves)).paragraphs == (FIRST, FIRST, SECOND, SECOND)


def test_a_word_of_the_site_about_itself_beside_the_body_is_left_out() -> None:
    about = "<div class='intro'><p>本网是市委市政府主管的新闻网站,二十四小时发布权威信息。</p></div>"
    inner = f"<div class='box'><p>{FIRST * 3}</p><p>{SECOND * 3}</p></div>"
    read = read_page(page(f"<div><h1>{TITLE}</h1><p>2021-05-08</p>{inner}</div>{about}"))
    assert read.paragraphs == (FIRST * 3, SECOND * 3)


def test_related_news_in_the_container_is_left_out_and_the_text_after_it_kept() -> None:
    links = '<li><a href="/1.html">省委召开常委会会议</a></li><li><a href="/2.html">市委书记调研</a></li>'
    related = f"<div><b>相关新闻</b><ul>{links}</ul></div>"
    read = article(f"<p>{FIRST}</p>{related}<p>{SECOND * 2}</p>")
    assert read.paragraphs == (FIRST, SECOND * 2)


def test_a_disclaimer_as_long_as_a_story_ends_the_article() -> None:
    disclaimer = (
        "凡本网注明来源的所有文字、图片、视频,版权均属本网所有,未经书面授权,不得以任何形式转载、链接、转贴。" * 12
    )
    read = article(f"<p>{FIRST}</p><p>{SECOND}</p><h4>某市日报版权与免责声明</h4><p>1.</p><p>{disclaimer}</p>")
    assert read.paragraphs == (FIRST, SECOND)
    assert begins_closing("版权声明:本网所有内容")
    assert not begins_closing("声明指出,双方将加强版权保护。")


def test_a_first_paragraph_that_repeats_the_headline_goes() -> None:
    assert article(f"<p>{TITLE}走笔</p><p>{FIRST}</p><p>{SECOND}</p>").paragraphs == (FIRST, SECOND)
    near = f"{TITLE}工作,得到省督导组的充分肯定。"
    assert article(f"<p>{near}</p><p>{FIRST}</p><p>{SECOND}</p>").paragraphs[0] == near


def test_comments_and_recommendations_are_not_the_body() -> None:
    comments = "".join(f"<p>网友说得对,这件事应该早点办,希望有关部门继续努力,第{i}楼。</p>" for i in range(40))
    read = article(f'<p>{FIRST}</p><p>{SECOND}</p></div><div class="comment-list">{comments}')
    assert read.paragraphs == (FIRST, SECOND)


@pytest.mark.parametrize("name", ["ad", "ads", "adbox", "ggw", "gg_full", "guanggao", "advertisement", "pagination"])
def test_an_advertisement_or_a_pager_in_the_body_is_none_of_it(name: str) -> None:
    box = f'<div class="{name}"><p>城东空调限时直降,预约有礼！咨询电话:400-16425,共324条。</p></div>'
    assert article(f"<p>{FIRST * 2}</p>{box}<p>{SECOND * 2}</p>").paragraphs == (FIRST * 2, SECOND * 2)


@pytest.mark.parametrize("name", ["address", "lead", "download", "page", "badge", "ggjg"])
def test_a_box_whose_name_only_begins_or_ends_so_is_text(name: str) -> None:
    box = f'<div class="{name}"><p>地址在城东路,报名电话全天有人接听,请大家相互转告。</p></div>'
    assert len(article(f"<p>{FIRST * 2}</p>{box}<p>{SECOND * 2}</p>").paragraphs) == 3


def test_a_body_in_a_box_named_like_a_comment_is_still_the_body() -> None:
    read = read_page(
        f'<title>{TITLE}</title><div class="comment"><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p></div>'.encode()
    )
    assert read.paragraphs == (FIRST, SECOND)


def test_an_empty_container_is_empty_and_a_scripted_one_says_so() -> None:
    empty = page(f'<h1>{TITLE}</h1><p>2021-05-08</p><div class="TRS_Editor"></div>')
    assert read_page(empty).kind is PageKind.EMPTY
    assert "scripted" not in read_page(empty).flags
    scripted = page(f'<h1>{TITLE}</h1><div id="app"></div><script>fetch("/api/news/1").then(draw)</script>')
    assert read_page(scripted).kind is PageKind.EMPTY
    assert "scripted" in read_page(scripted).flags


def test_an_article_of_pictures_or_a_shown_pdf_is_an_article() -> None:
    pictures = page(
        f'<h1>{TITLE}</h1><p>2021-05-08 来源:某市日报</p><div class="TRS_Editor"><img src="/pic/W020210508.jpg"></div>'
    )
    assert read_page(pictures).kind is PageKind.ARTICLE
    player = '<div class="wp_articlecontent"><div class="wp_pdf_player" pdfsrc="/f/a.pdf"></div></div>'
    read = read_page(
        page(f"<h1>{TITLE}</h1><p>发布时间:2021-05-08</p>{player}"),
        "http://news.example.edu.cn/2021/0508/c1a2/page.htm",
    )
    assert read.kind is PageKind.ARTICLE
    assert read.attachments[0].url == "http://news.example.edu.cn/f/a.pdf"


def test_the_role_decides_in_doubt() -> None:
    links = "".join(
        f'<li><a href="/a/{i}001.html">市政府召开第{i}次常务会议研究部署工作</a>2021-05-08</li>' for i in range(9)
    )
    both = page(f"<p>本栏目公开市政府文件,欢迎市民监督、查阅。</p><ul>{links}</ul>")
    assert read_page(both).kind is PageKind.LIST
    short = page(
        f"<h1>{TITLE}</h1><p>本周五停水一天,请市民提前储水。</p><ul class='side'>{links[: len(links) // 2]}</ul>"
    )
    assert read_page(short).kind is PageKind.LIST
    assert read_page(short, role=Role.ARTICLE).kind is PageKind.ARTICLE
    column = page('<ul><li><a href="/a/1.html">市政府召开第五次常务会议</a> 2021-05-08</li></ul>')
    assert read_page(column, role=Role.COLUMN).kind is PageKind.LIST
    assert read_page(page(f"<p>{FIRST}</p>"), role=Role.COLUMN).kind is PageKind.LIST
    assert read_page(page(f"<h1>{TITLE}</h1><p>本周五停水一天。</p>"), role=Role.ARTICLE).kind is PageKind.ARTICLE


def test_a_home_page_with_some_text_on_it_is_no_article() -> None:
    block = (
        "<div><h3>{0}</h3><ul>{1}</ul><p>今天上午,第{2}届环太湖国际公路自行车赛在我市开赛,全程一百二十公里。</p></div>"
    )
    names = ("要闻", "民生", "经济", "文化")
    links = "".join(f'<li><a href="/a/{i}001.html">市政府召开第{i}次常务会议研究部署工作</a></li>' for i in range(12))
    blocks = "".join(block.format(name, links.replace("/a/", f"/{i}/"), i) for i, name in enumerate(names))
    assert read_page(page(blocks, title="某市新闻网")).kind is PageKind.LIST


def test_next_page_of_an_article_is_its_own_and_not_another() -> None:
    pages = '<p class="pages"><a href="84213_2.html">2</a><a href="84213_2.html">下一页</a></p>'
    body = f"<h1>{TITLE}</h1><p>2021-05-08</p><p>{FIRST}</p><p>{SECOND}</p>"
    read = read_page(page(f"<div>{body}{pages}</div>"), "http://www.example.gov.cn/2021/84213.html")
    assert read.next_page == "http://www.example.gov.cn/2021/84213_2.html"
    parts = pages.replace("84213_2.html", "84213-p2.shtml")
    whole = read_page(page(f"<div>{body}{parts}</div>"), "http://www.example.gov.cn/2021/84213.shtml")
    assert whole.next_page == "http://www.example.gov.cn/2021/84213-p2.shtml"
    other = '<p><a href="84214.html">下一页</a></p>'
    assert read_page(page(f"<div>{body}{other}</div>"), "http://www.example.gov.cn/2021/84213.html").next_page is None


def test_nesting_of_ten_thousand_levels_is_survived() -> None:
    depth = 10_000
    read = read_page(b"<div>" * depth + FIRST.encode() + b"</div>" * depth)
    assert isinstance(read, Article)


@pytest.mark.parametrize("junk", [b"<", b"\x00\xff", b"<a b='", b"\xe4\xb8\xad<p>", b"<table><tr><td>"])
def test_twenty_megabytes_of_junk_answer_at_once(junk: bytes) -> None:
    started = time.process_time()
    read = read_page(junk * (20_000_000 // len(junk)))
    assert time.process_time() - started < 2.0
    assert read.kind is PageKind.EMPTY
    assert "oversized" in read.flags


def test_the_largest_page_that_is_read_is_read_in_time() -> None:
    started = time.process_time()
    read_page((f"<p>{FIRST}</p>" * (LONGEST // len(f"<p>{FIRST}</p>".encode()))).encode())
    assert time.process_time() - started < 20.0


@given(st.binary(max_size=600))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_without_an_exception(body: bytes) -> None:
    read = read_page(body)
    assert read.extractor == EXTRACTOR
    assert len(read.canonical) == len(read.paragraphs)


_TAGS = "<p> </p> </div> <table> <tr> <td> </td> </table> <br> </a> </html> <title> </title> <h1>"
_WORDS = f"来源: 作者: 2021-05-08 责任编辑 相关新闻 核心提示: 第1页 &#x5f69; {FIRST}"
_PIECES = [*_TAGS.split(), *_WORDS.split(), "<div class='TRS_Editor'>", "<a href='/a.html'>"]


@given(st.lists(st.sampled_from(_PIECES), max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_soup_of_a_page_s_pieces_is_read(pieces: list[str]) -> None:
    read = read_page("".join(pieces).encode())
    assert len(read.canonical) == len(read.paragraphs)
    assert all(text == text.strip() and text for text in read.paragraphs)


def test_lines_lose_no_visible_character() -> None:
    markup = parse(
        f"<body>甲<p>乙<b>丙</b>丁</p>戊<table><tr><td>己</td><td>庚</td></tr></table><script>辛</script>壬</body>{FIRST}"
    )
    lines, boxes = read_lines(markup)
    assert "".join(line.text for line in lines).replace(" ", "") == "甲乙丙丁戊己庚壬" + FIRST
    assert all(0 <= box.start <= box.end <= len(lines) for box in boxes)


def test_a_label_line_is_one_only_at_the_edges() -> None:
    assert is_label_line("来源:某市日报 作者:张三", head=False)
    assert is_label_line("时间:2021-05-08", head=True)
    assert not is_label_line("时间:2021-05-08", head=False)
    assert not is_label_line("2021年5月8日,市政府召开会议。", head=True)
