"""Short articles on crowded pages: what moves in the frame must neither outweigh the text nor lend it a date."""

from __future__ import annotations

import pytest

from crawler.extraction.furniture import begins_related, is_clock, is_furniture, is_reprint_terms
from crawler.extraction.pagetitle import squash
from crawler.extraction.read import read_page
from storage.records import Article, PageKind, Role

TITLE = "乡镇垃圾中转站主体结构封顶 预计年底前投用"
TEXT = "机器轰鸣,焊花飞溅。10月19日,在乡镇垃圾中转站工地,建设者正抢抓晴好天气加紧施工。"
CLOCK = "今天是2026年11月16日 星期一 11:04:29 某市 晴 12~17℃ 空气质量 轻度污染"
BYLINE = "2026/10/21 作者:袁立新 点击数:3041"
SIDE = "".join(
    f"<tr><td>·<a href='shownews.asp?id={n}'>云岫县召开质量强市工作推进会第{n}次</a></td></tr>" for n in range(8)
)


def read(text: str = f"<p>{TEXT}</p>", *, title: str = "某市交通运输局", head: str = CLOCK, tail: str = "") -> Article:
    menu = "<a href='./'>首页</a> | <a href='a.asp'>关于我们</a> |"
    top = f"<table><tr><td>{menu}</td></tr><tr><td>{head}</td></tr></table>"
    main = f"<table><tr><td align='center'><div>{TITLE}</div></td></tr><tr><td align='center'>{BYLINE}</td></tr>"
    page = f"<table>{SIDE}</table>{main}<tr><td>{text}</td></tr><tr><td>{tail}</td></tr></table>"
    return read_page(f"<html><title>{title}</title><body>{top}</body></html><html>{page}".encode(), role=Role.ARTICLE)


@pytest.mark.parametrize("title", ["某市交通运输局", f"{TITLE}_某市交通运输局"])
@pytest.mark.parametrize(
    "head",
    [CLOCK, "<marquee>市领导到企业现场办公解难题 消防救援大队成功处置险情,无人员伤亡</marquee>", "为人民服务", ""],
)
def test_a_short_article_behind_a_clock_and_a_side_list_is_read(title: str, head: str) -> None:
    article = read(title=title, head=head)
    assert (article.kind, article.title) == (PageKind.ARTICLE, TITLE)
    assert (article.published_at, article.authors) == ("2026-10-21", ("袁立新",))
    assert article.canonical == (TEXT,)


def test_a_headline_far_below_the_first_words_of_the_page_is_found() -> None:
    side = "".join(f"<p>·<a href='shownews.asp?id={n}'>云岫县召开质量强市工作推进会第{n}次</a></p>" for n in range(8))
    main = f"<p>{TITLE}</p><p>{BYLINE}</p><div>{TEXT}</div><div>{TEXT}</div>"
    page = f"<title>某市交通运输局</title><p>最新动态</p>{side}<p>某某某某</p>{main}"
    article = read_page(page.encode(), role=Role.ARTICLE)
    assert (article.title, article.canonical) == (TITLE, (TEXT, TEXT))


def test_the_day_of_the_visit_right_above_a_text_without_headline_is_no_date() -> None:
    page = f"<title>某局</title><p>今天是2026年11月19日 星期四 08:51:58</p><p>{TEXT}</p><p>{TEXT}</p>"
    assert read_page(page.encode()).published_at is None


def related(count: int) -> str:
    return "".join(
        f"<li><a href='/a/{n}001.html'>全市文明城市创建工作专题会议第{n}次召开并作部署</a> 2026-11-0{n + 1}</li>"
        for n in range(count)
    )


@pytest.mark.parametrize(
    ("text", "kind"), [(f"<p>{TEXT}</p><p>{TEXT}</p>", PageKind.ARTICLE), ("<p>共五条。</p>", PageKind.LIST)]
)
def test_a_notice_with_a_byline_is_an_article_beside_five_dated_links(text: str, kind: PageKind) -> None:
    page = f"<title>某局</title><h3>{TITLE}</h3><p>{BYLINE}</p><div>{text}</div><ul>{related(5)}</ul>"
    assert read_page(page.encode()).kind is kind


@pytest.mark.parametrize(("text", "links", "kind"), [(f"<p>{TEXT}</p>", 9, PageKind.ARTICLE), ("", 1, PageKind.EMPTY)])
def test_a_page_labelled_as_an_article_is_one_if_it_says_anything(text: str, links: int, kind: PageKind) -> None:
    head = f"<title>{TITLE}</title><meta name='ArticleTitle' content='{TITLE}'>"
    page = f"{head}<h3>{TITLE}</h3><div>{text}</div><ul>{related(links)}</ul>"
    assert read_page(page.encode()).kind is kind


def test_ways_to_other_articles_below_a_short_body_are_left_out() -> None:
    tail = "·上一篇:<a href='b.asp'>云岫县召开质量强市工作推进会</a><br>·下一篇:没有了"
    assert read(tail=tail).canonical == (TEXT,)


def test_a_site_s_terms_for_reprints_end_even_a_short_article() -> None:
    terms = "声明:凡本网注明“来源:某某新闻网”的所有作品,版权均属于某某新闻网,未经授权不得转载、摘编。"
    assert read("<p>通知,今日停水。</p>", tail=f"<p>{terms}</p><p>热门搜索:停水</p>").canonical == ("通知,今日停水。",)


def test_a_statement_is_an_article_though_it_begins_as_terms_do() -> None:
    statement = [
        "近日有人冒用本台名义收费。",
        "郑重声明:本台从未授权任何机构收费。",
        "特此声明,请市民提高警惕,谨防上当受骗。",
    ]
    assert read("".join(f"<p>{line}</p>" for line in statement)).canonical == tuple(statement)


@pytest.mark.parametrize(
    "line",
    [
        "今天是2026年11月16日 星期一 15:03:47",
        CLOCK,
        "当前时间:2026-11-16 08:15",
        "北京时间 2026年11月16日",
        "今天是:11月16日 星期一",
        "页面生成时间:2026-11-23 12:36:51",
        "本页面生成于2026年11月23日12时35分21秒",
        "现在是北京时间12:37:10,祝您阅读愉快。",
        "服务器时间:2026-11-23 12:36",
        "Page generated in 0.34s, 2025-06-08 12:10:16",
        "Processed in 0.021 second(s), 7 queries",
        "GMT+8, 2026-11-23 12:36, Processed in 0.02 second(s), 7 queries.",
        "This page was generated on 2026-11-23 12:36:51 GMT+8",
    ],
)
def test_a_clock_in_the_masthead_is_furniture(line: str) -> None:
    assert is_clock(line)
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "今天是2026年11月16日,第五个市民读书日。",
        "今天是2026年11月16日,学生在市图书馆阅读",
        "今日11月16日起梧桐巷施工改造",
        "今天是第26个全国税收宣传月启动的日子",
        "现在全市已有11月份的数据",
        "今日某市:11月看什么",
        "北京时间8时15分,神舟飞船点火升空",
        "现在是北京时间8时15分,神舟飞船点火升空。",
        "页面生成时间过长的,请更换浏览器",
        "网页打印于11月停用",
        "系统时间为2026年的报表须重新填报",
        "Generated in 2026 by the Qichuan museum",
        "Processed in Wugang since 1998",
        "Page generated in",
    ],
)
def test_a_sentence_about_today_is_no_clock(line: str) -> None:
    assert not is_clock(line)


@pytest.mark.parametrize(
    ("line", "terms"),
    [
        ("凡本网注明“来源:某某网”的所有作品,版权均属某某网。", True),
        ("声明:凡注明其他来源的作品,均转载自其他媒体。", True),
        ("凡注明来源:某某报的作品,转载请保留。", True),
        ("会议要求,凡在本市注明产地来源的农产品,一律可以追溯。", False),
        ("郑重声明:本台从未授权任何机构收费。", False),
    ],
)
def test_terms_for_reprints_are_told_from_statements(line: str, terms: bool) -> None:
    assert is_reprint_terms(line) is terms


@pytest.mark.parametrize(("line", "related"), [("·上一篇:会议召开", True), ("上一篇章已经翻过,新的一页开始了", False)])
def test_ways_to_other_articles_are_told_behind_a_bullet(line: str, related: bool) -> None:
    assert begins_related(line) is related


def test_two_prints_of_a_headline_agree_in_compatible_characters() -> None:
    assert squash("未来一周天气:3次弱冷空气过程 最低1℃") == squash("未来一周天气:3次弱冷空气过程 最低1°C")
    assert squash("最低1℃") != squash("最低11℃")


OWN_TERMS = (
    "<p>*本站部分内容转载自合作媒体,如果您认为它们侵犯了您的权益,</p><p>请来信声明,本站将在核实后两日内删除。</p>"
)
IMPOSTORS = "<p>如发现冒用本网名义侵权的行为,请向公安机关举报,市公安局将依法处理。</p>"
OFFICE = "<p>如网络平台转载的作品侵犯您的权益,请联系市版权局,核实后将责令平台限期删除。</p>"


@pytest.mark.parametrize(
    ("text", "title", "told"),
    [
        (OWN_TERMS, TITLE, 0),
        (f"<p>{TEXT}</p>{OWN_TERMS}", TITLE, 1),
        (IMPOSTORS, TITLE, 1),
        (OFFICE, TITLE, 1),
        (OWN_TERMS, "声明", 2),
    ],
    ids=[
        "a film and the site's terms",
        "a text above them",
        "about impostors",
        "an office's notice",
        "a statement of them",
    ],
)
def test_a_site_s_words_on_infringement_alone_are_no_text(text: str, title: str, told: int) -> None:
    film = "<p><iframe src='/player?vid=1'></iframe></p>"
    page = f"<title>{title}_云溪网</title><h1>{title}</h1><p>2021-05-08 来源:云溪台</p>{film}<div>{text}</div>"
    found = read_page(page.encode())
    assert (found.kind, len(found.paragraphs)) == (PageKind.ARTICLE, told)
