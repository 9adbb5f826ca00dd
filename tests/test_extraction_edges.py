"""Where an article ends and begins on its page: columns, second prints, digests, labels that are its own words."""

from __future__ import annotations

import pytest

from crawler.extraction.body import find_linked_body
from crawler.extraction.furniture import is_furniture
from crawler.extraction.markup import parse
from crawler.extraction.read import read_page
from crawler.extraction.sheet import lay_out
from storage.records import Article, PageKind

TITLE = "云溪市图书馆新馆向市民开放"
FIRST = "5月7日上午，云溪市图书馆新馆正式向市民开放，馆长、读者代表和建设单位负责人一同走进大厅，开馆仪式简短而热烈。"
SECOND = "新馆建筑面积四万平方米，设座位两千三百个，藏书一百二十万册，市民凭身份证即可入馆阅览，外借手续也比从前简单。"
THIRD = (
    "馆长表示，今后每个周末都将举办讲座和展览，还会把流动书车开进社区、学校和工地，让更多的人在家门口就能借到想看的书。"
)
TEXT = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
WHOLE = (FIRST, SECOND, THIRD)
BYLINE = "<p class='info'>2021-05-08 08:16 来源：云溪日报</p>"
LINKS = "".join(f"<li><a href='/a/{i}001.html'>市领导调研第{i}项重点工程</a></li>" for i in range(1, 5))
DATED = "".join(
    f"<li><a href='/yw/202105/t2021050{i}_842{i}0.html'>市领导调研第{i}项重点工程建设情况</a><b>2021-05-0{i}</b></li>"
    for i in range(1, 9)
)


def read(body: str, title: str = f"{TITLE}_云溪市人民政府") -> Article:
    nav = "<div class='nav'><a href='/'>首页</a><a href='/yw/'>要闻</a><a href='/gg/'>公告</a></div>"
    foot = "<div class='footer'><p>版权所有 云溪市人民政府</p></div>"
    return read_page(f"<html><head><title>{title}</title></head><body>{nav}{body}{foot}</body></html>".encode())


def article(inner: str, byline: str = BYLINE) -> tuple[str, ...]:
    return read(f"<h1>{TITLE}</h1>{byline}<div class='box'>{inner}</div>").paragraphs


COLUMN = f"<div class='right'><div class='t'><h3>今日看点</h3></div><p>看更多的云溪</p><ul>{LINKS}</ul></div>"
HEADING = "<div class='right'><div class='t'><h3>{}</h3></div></div>"
HEADINGS = HEADING.format("今日看点") + HEADING.format("读图")


@pytest.mark.parametrize("column", [COLUMN, HEADINGS, HEADINGS + COLUMN], ids=["links", "headings", "both"])
def test_columns_in_the_article_s_box_are_no_text(column: str) -> None:
    assert article(f"<div class='TRS_Editor'><div class='left'>{TEXT}</div>{column}</div>") == WHOLE


@pytest.mark.parametrize(
    "tail",
    [
        "<h4>云溪市图书馆</h4>",
        "<div class='sign'><p>云溪市图书馆</p><p>2021年5月7日</p></div>",
        "<div class='files'><p>附件：开放时间表</p><p><a href='/f/1.docx'>开放时间表.docx</a></p></div>",
    ],
    ids=["heading-of-the-text", "signature", "attachment"],
)
def test_what_belongs_to_the_text_below_it_stays(tail: str) -> None:
    kept = article(f"{TEXT}{tail}")
    assert kept[:3] == WHOLE
    assert len(kept) > 3


PRAISE = (
    "云溪在线是本市最大的资讯平台，每天为百万市民带来最新鲜的新闻、最实用的办事指南和最优惠的生活信息，欢迎下载使用。"
)


def test_below_a_heading_of_related_news_outside_the_text_stands_none() -> None:
    page = f"<div class='main'><h1>{TITLE}</h1>{BYLINE}<div class='txt'>{TEXT}</div><div class='t'>相关新闻</div>"
    assert read(f"{page}<p>加载中</p><div class='t'>关于我们</div><p>{PRAISE}</p></div>").paragraphs == WHOLE


def test_below_related_news_within_the_text_it_goes_on() -> None:
    inner = f"<p>{FIRST}</p><p>相关新闻</p><ul>{LINKS}</ul><p>{SECOND}</p><p>{THIRD}</p>"
    assert article(inner) == WHOLE


def test_a_text_printed_a_second_time_with_small_differences_is_told_once() -> None:
    again = f"<p>　　{FIRST[:-1]}！</p><p>{SECOND}</p><p>{THIRD}（完）</p>"
    second = f"<h1>{TITLE}</h1><p>2021-05-08</p><div class='m'>{again}</div>"
    desktop = f"<div class='pc'><h1>{TITLE}</h1>{BYLINE}<div class='txt'>{TEXT}</div></div>"
    assert read(f"{desktop}<div class='phone'>{second}</div>").paragraphs == WHOLE


def test_paragraphs_that_only_begin_alike_are_all_told() -> None:
    begin = "凡在本市行政区域内从事经营活动的单位和个人，应当遵守本办法第{}条的规定，"
    inner = "".join(f"<p>{begin.format(n)}{end}</p>" for n, end in zip("三四五", (FIRST, SECOND, THIRD), strict=True))
    assert len(article(inner)) == 3


@pytest.mark.parametrize("cut", ["...", "……", ""])
def test_a_digest_that_repeats_the_beginning_is_no_text(cut: str) -> None:
    digest = f"<div class='intro'>{FIRST[:50]}{cut}</div><p>------分隔线----------------------------</p>"
    assert article(f"{digest}{TEXT}") == WHOLE


def test_a_lead_of_other_words_and_a_short_refrain_stay() -> None:
    lead = "云溪新添一处读书的好去处：四万平方米的新馆昨天迎来首批读者，市民凭身份证就能入馆，周末还有讲座和展览可看。"
    assert article(f"<p>{lead}</p>{TEXT}") == (lead, *WHOLE)
    assert article(f"<p>5月7日上午</p>{TEXT}")[0] == "5月7日上午"


@pytest.mark.parametrize("counter", ["点击：", "浏览次数：", "字号：", "作者："])
def test_a_salutation_is_no_value_of_the_counter_above_it(counter: str) -> None:
    byline = f"<p class='info'>2021-05-08 08:16 来源：云溪日报 {counter}</p>"
    assert article(f"<p>各区县图书馆：</p>{TEXT}", byline)[0] == "各区县图书馆："
    assert article(f"<p>128</p>{TEXT}", byline) == WHOLE


@pytest.mark.parametrize("label", ["点击：", "作者："])
def test_the_first_row_of_a_table_is_no_value_of_a_label(label: str) -> None:
    table = "<table><tr><td>项目名称</td><td>新馆书架</td></tr><tr><td>中标人</td><td>云溪家具厂</td></tr></table>"
    kept = article(f"{table}{TEXT}", f"<p class='info'>2021-05-08 08:16 来源：云溪日报 {label}</p>")
    assert kept[0] == "项目名称 新馆书架"


def test_a_notice_may_begin_with_its_time_where_its_place_follows() -> None:
    when, where = "时间：2021年5月9日（星期日）上午9点", "地点：市图书馆报告厅"
    assert article(f"<p>{when}</p><p>{where}</p>{TEXT}") == (when, where, *WHOLE)
    assert article(f"<p>时间：2021-05-08</p>{TEXT}") == WHOLE


def test_words_under_which_an_article_is_filed_are_no_text_and_a_row_of_choices_in_it_is() -> None:
    assert article(f"{TEXT}<p>图书馆|阅读|开放</p>") == WHOLE
    assert article(f"<p>{FIRST}</p><p>图书馆|阅览室|流动书车</p><p>{SECOND}</p>")[1] == "图书馆|阅览室|流动书车"
    assert article(f"{TEXT}<p>云溪市图书馆 | 2021年5月7日</p>") != WHOLE


def test_a_day_in_boxes_beside_the_headline_is_no_text() -> None:
    boxes = "<div class='day'><b>08</b><span>2021-05</span></div>"
    assert read(f"<div class='main'><h1>{TITLE}</h1>{boxes}{TEXT}</div>").paragraphs == WHOLE


def test_a_page_called_by_its_headline_is_an_article_beside_a_longer_list() -> None:
    side = f"<div class='r'><h3>最新动态</h3><ul>{DATED}</ul></div>"
    photo = f"<div class='l'><h2>{TITLE}</h2><p><img src='/u/1.jpg' width='600'></p><p>{FIRST}</p></div>"
    assert read(photo + side).kind is PageKind.ARTICLE
    film = f"<div class='l'><h1>{TITLE}</h1>{BYLINE}<video src='/v/1.mp4'></video>视频加载中，请稍候...</div>"
    told = read(film + side)
    assert (told.kind, told.paragraphs) == (PageKind.ARTICLE, ())
    column = f"<div class='l'><h2>要闻动态</h2><p>{FIRST}</p></div>"
    assert read(column + side, "要闻动态_云溪市人民政府").kind is PageKind.LIST


def test_an_article_that_a_script_is_to_fill_in_is_no_list_of_what_stands_beside_it() -> None:
    script = "<script>$.get('/api/1', function (d) {{ $('#{}').html(d.text); }});</script>"
    side = f"<div class='r'><h3>最新动态</h3><ul>{DATED}</ul></div>"
    shell = read(f"<div id='article-content'></div>{script.format('article-content')}{side}", "文章_云溪市人民政府")
    assert (shell.kind, shell.flags) == (PageKind.EMPTY, ("scripted",))
    clock = f"<div id='clock'></div>{script.format('clock')}{side}"
    assert read(clock, "要闻_云溪市人民政府").kind is PageKind.LIST


def test_a_box_that_holds_the_headline_is_the_article_s_though_much_stands_beside_it() -> None:
    left = f"<div class='left'><div class='t'>{TITLE}</div><div class='txt'><p>{FIRST}</p></div></div>"
    right = f"<div class='right'><div class='who'>栏目介绍</div><p>{PRAISE[:28]}。</p></div>"
    assert read(f"<div class='wrap'>{left}{right}</div>").paragraphs == (FIRST,)


def test_names_of_space_around_a_box_do_not_set_it_aside() -> None:
    page = f"<h1>{TITLE}</h1>{BYLINE}<div class='wide margin-bottom-20'>{TEXT}</div>"
    assert read(f"{page}<div class='about'><p>{PRAISE}</p><p>{PRAISE[::-1]}</p></div>").paragraphs[:3] == WHOLE


def cards(count: int) -> str:
    return "".join(
        f"<li><h3><a href='/a/{i}001.html'>市领导调研第{i}项重点工程</a></h3>"
        f"<p>{i}日上午，市领导来到工地，听取汇报。</p></li>"
        for i in range(1, count + 1)
    )


def test_a_list_of_other_articles_with_summaries_is_no_text() -> None:
    main = (
        f"<div class='main'><h1>{TITLE}</h1>{BYLINE}<div class='txt'>{TEXT}</div><ul class='more'>{cards(4)}</ul></div>"
    )
    assert read(main).paragraphs == WHOLE


def test_items_of_the_article_that_hold_links_are_its_text() -> None:
    items = "".join(
        f"<li>第{i}条依据<a href='/f/{i}.html'>《云溪市公共图书馆条例》</a>制定，读者应当遵守，违者由馆方劝阻。</li>"
        for i in range(1, 5)
    )
    assert len(article(f"{TEXT}<ul>{items}</ul>")) == 7
    assert len(article(f"{TEXT}<ul class='two'>{cards(2)}</ul>")) > 3


@pytest.mark.parametrize("name", ["video-player", "mplayer", "playerBox", "player"])
def test_what_a_player_says_is_no_text(name: str) -> None:
    player = (
        f"<div class='{name}'><p>很抱歉，当前视频播放失败，请刷新页面或稍候再试</p><p>循环播放</p><p>超清</p></div>"
    )
    assert article(f"{player}{TEXT}") == WHOLE


def test_players_of_a_match_are_the_story_s() -> None:
    beside = f"<p>{PRAISE}</p>"
    assert article(f"<div class='match-players'>{TEXT}</div>{beside}") == (*WHOLE, PRAISE)


def test_a_long_summary_among_short_ones_is_no_text_and_an_article_among_few_is() -> None:
    long = f"<li class='k'><h4><a href='/a/9001.html'>市领导调研第9项重点工程建设</a></h4><p>{THIRD * 8}</p></li>"
    short = "".join(
        f"<li class='k'><h4><a href='/a/{i}001.html'>市领导调研第{i}项重点工程建设</a></h4><p>{SECOND}</p></li>"
        for i in range(1, 6)
    )
    main = f"<div class='main'><h1>{TITLE}</h1>{BYLINE}<div class='txt'>{TEXT}</div></div>"
    assert read(f"{main}<h2>还可以看</h2><ul class='list2'>{long}{short}</ul>").paragraphs == WHOLE
    assert len(read(f"{main}<ul class='list2'>{long}{short[: short.index('</li>') + 5]}</ul>").paragraphs) > 3


@pytest.mark.parametrize(
    ("line", "furniture"),
    [
        ("努力加载中,请稍后...", True),
        ("努力加载中国家的货物运往码头。", False),
        ("点赞 收藏 已收藏 评论 客户端看 安装云溪影音客户端,随时随地给你精彩!", True),
        ("安装工人进场后,三天装好了全部路灯", False),
        ("[ Print ] [ Close ]", True),
        ("Printing and Closing", False),
    ],
)
def test_what_a_player_and_its_buttons_say_is_furniture(line: str, furniture: bool) -> None:
    assert is_furniture(line) is furniture


@pytest.mark.parametrize(("name", "told"), [("mt25 ng-hide", WHOLE), ("ng-hidemenu", (*WHOLE, PRAISE))])
def test_what_the_class_of_a_script_hides_is_not_shown(name: str, told: tuple[str, ...]) -> None:
    assert article(f"{TEXT}<div class='{name}'><p>{PRAISE}</p></div>") == told


def test_a_notice_says_when_something_is_to_be() -> None:
    when, where = "停电时间：2021年5月10日8:00-18:00", "停电范围：建设路一百二十号至一百八十号沿线"
    page = f"<h1>停电公告</h1><p>发布时间：2021-05-08 08:00</p><div class='q'><p>{when}</p><p>{where}</p></div>"
    assert read(page, title="停电公告_云溪供电").paragraphs == (when, where)


def test_a_headline_is_looked_for_below_a_frame_without_running_text() -> None:
    film = "<div class='ct'><object data='/v/1.wmv'></object></div>"
    menu = "<div class='t9'>市民学堂 培训项目</div><div class='t8'>社区家园 走进云溪</div>"
    side = (
        "".join(f"<h2>{name}</h2>" for name in ("信息检索", "新闻速递", "视频点播", "资料下载", "在线报名"))
        + f"<ul>{LINKS}</ul><h2>热点新闻</h2>"
    )
    page = f"{menu}{side}<div class='n'><h1>{TITLE}</h1><div>浏览次数：18 发布时间：2021-05-08</div>"
    told = read(f"{page}{film}<h2>【相关信息】</h2><ul>{LINKS}</ul></div>", title="云溪教育网")
    assert (told.kind, told.title, told.published_at) == (PageKind.ARTICLE, TITLE, "2021-05-08")


@pytest.mark.parametrize(("linked", "is_body"), [(True, True), (False, False)])
def test_only_what_is_links_above_all_is_a_list_that_is_the_article(linked: bool, is_body: bool) -> None:
    words = [f"云溪市公共文化服务文件汇编第{i}辑" for i in range(1, 6)]
    rows = "".join(f"<p><a href='/f/{i}.html'>{w}</a></p>" if linked else f"<p>{w}</p>" for i, w in enumerate(words))
    sheet = lay_out(parse(f"<body><div><h1>{TITLE}</h1>{rows}</div></body>"))
    assert (find_linked_body(sheet, 0) is not None) is is_body


@pytest.mark.parametrize(("tag", "told"), [("pre", WHOLE), ("p", (" ".join(WHOLE),))])
def test_a_line_end_is_one_where_a_text_is_printed_as_it_was_typed(tag: str, told: tuple[str, ...]) -> None:
    typed = "\n　　".join(WHOLE)
    assert article(f"<{tag} class='x'>\n　　{typed}\n</{tag}>") == told
