"""What stands unlabelled in a byline: media, accounts and people beside the date, and dates told in parts."""

from __future__ import annotations

import pytest

from crawler.extraction.beside import Beside, beside_date
from crawler.extraction.dates import find_dates, split_date
from crawler.extraction.people import byline, named_inside, names
from crawler.extraction.read import read_page
from crawler.extraction.sources import clean_source, meta_source, whole_source
from storage.records import Article

TITLE = "云溪市扎实推进老旧小区改造工作"
FIRST = "5月7日上午,全市老旧小区改造工作推进会在市会议中心召开,市委书记出席会议并讲话,市长主持会议。"
SECOND = "会议指出,要聚焦群众反映强烈的突出问题,把改造工程做成民心工程,确保年内完成八十个小区的改造任务。"
DAY, MOMENT = "2021-04-25", "2021-04-25T08:16:00+08:00"
TEXT = f"<p>{FIRST}</p><p>{SECOND}</p>"


def read(main: str, *, title: str = f"{TITLE}_云溪网", head: str = "", top: str = "") -> Article:
    nav = f"<div><a href='/'>首页</a> <a href='/yw'>要闻</a></div>{top}"
    body = f"{nav}<div>{main}</div><div>版权所有 云溪网</div>"
    return read_page(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode())


def headed(info: str, **more: str) -> Article:
    return read(f"<h1>{TITLE}</h1><div>{info}</div><div>{TEXT}</div>", **more)


@pytest.mark.parametrize(
    ("line", "source", "people"),
    [
        ("2021-04-25 08:16 云溪生活圈", "云溪生活圈", ()),
        ("2021-04-25 08:16政府网站评论(人参与)", "政府网站", ()),
        ("2021-04-25 08:16 云溪生活 我有话说 收藏本文", "云溪生活", ()),
        ("2021-04-25 08:16 云溪生活圈 陈明 李红", "云溪生活圈", ("陈明", "李红")),
        ("2021-04-25 08:16 陈一刀 阿宝姐", None, ("陈一刀", "阿宝姐")),
        ("2021-04-25 08:16:4439云溪健康网", "39云溪健康网", ()),
        ("2021-04-25 · 云溪生活圈", "云溪生活圈", ()),
        ("云溪生活圈 · 2021-04-25 08:16", "云溪生活圈", ()),
        ("http://www.example.cn 2021年04月25日08:16 云溪娱乐 我要评论(0)", "云溪娱乐", ()),
        ("TNW中文站2021年04月25日08:16", "TNW中文站", ()),
        ("原创 云溪日报 2021-04-25 08:16", "云溪日报", ()),
        ("原创:39云溪网2021-04-25 08:16", "39云溪网", ()),
        ("云溪网 · 陈明 | 2021-04-25 08:16", "云溪网", ("陈明",)),
        ("陈明 云溪发布 2021-04-25 08:16", "云溪发布", ("陈明",)),
        ("云溪手机报 09-27 20:12", "云溪手机报", ()),
        ("陈明 · 5小时前", None, ("陈明",)),
        ("2021-04-25 云溪生活圈", None, ()),
        ("云溪生活圈 2021-04-25 08:16", None, ()),
        ("云溪生活圈 09-27 20:12", None, ()),
        ("2021-04-25 08:16 综合新闻", None, ()),
        ("2021-04-25 08:16 通知公告", None, ()),
        ("2021-04-25 08:16 浙江杭州", None, ()),
        ("2021-04-25 08:16 来自云溪市", None, ()),
        ("2021-04-25 08:16 星期日", None, ()),
        ("2021-04-25 08:16 多云转晴", None, ()),
        ("2021-04-25 08:16 语音播报", None, ()),
        ("2021-04-25 08:16 适老版", None, ()),
        ("2021-04-25 08:16 系统管理员", None, ()),
        ("2021-04-25 08:16 yxadmin", None, ()),
        ("2021-04-25 08:16 阅读 1234", None, ()),
        ("原创 2021-04-25 08:16", None, ()),
        ("云溪生活圈", None, ()),
    ],
)
def test_a_name_beside_a_date(line: str, source: str | None, people: tuple[str, ...]) -> None:
    assert beside_date(line) == Beside(source, people)


@pytest.mark.parametrize(
    ("word", "crumbs", "source"),
    [
        ("云溪星座", "云溪星座 > 花心双子 > 正文", "云溪星座"),
        ("花心双子", "云溪星座 > 花心双子 > 正文", None),
        ("花心的双子座", "首页 > 花心的双子座 > 正文", None),
        ("校园", "首页 校园 文体", None),
        ("云溪文体广场", "首页 校园 云溪文体广场", "云溪文体广场"),
    ],
)
def test_a_column_of_the_page_s_head_is_no_source(word: str, crumbs: str, source: str | None) -> None:
    assert beside_date(f"2021-04-25 08:16 {word}", [crumbs]).source == source


def test_the_byline_comes_before_what_the_text_s_own_box_says() -> None:
    bar = "<div>2021-04-25 08:16 云溪时尚</div>"
    own = "<div class='c'><p>文章来源：晴川旅行</p>{}</div>"
    assert read(f"<h1>{TITLE}</h1>{bar}{own.format(TEXT)}").source == "云溪时尚"
    assert read(f"<h1>{TITLE}</h1><div>2021-04-25 08:16</div>{own.format(TEXT)}").source == "晴川旅行"
    assert read(f"<h1>{TITLE}</h1>{bar}<div>来源：晴川旅行</div><div>{TEXT}</div>").source == "晴川旅行"


@pytest.mark.parametrize(
    ("info", "source"),
    [
        ("<a class='source'>http://www.example.cn</a> 2021年04月25日08:16 <i id='media_name'>云溪娱乐</i>", "云溪娱乐"),
        ("<a class='source'>http://www.example.cn</a> 2021年04月25日08:16 云溪文娱", "云溪文娱"),
        ("<a class='source'>http://www.example.cn</a> 2021年04月25日08:16", "http://www.example.cn"),
        ("<p class='author-name'>云溪大相公</p><p>发布时间：01-14 17:58</p>", "云溪大相公"),
        ("<span class='meta_nickname'><a id='js_name'>云溪大学</a></span>", "云溪大学"),
        ("<span class='filename'>云溪大学</span>", None),
    ],
)
def test_an_account_or_a_name_comes_before_an_address(info: str, source: str | None) -> None:
    assert headed(info).source == source


@pytest.mark.parametrize(
    ("info", "source"),
    [
        ("<p><a href='/m'>云溪晚报</a></p><p>2021-04-25 08:16</p>", "云溪晚报"),
        ("<p>2021-04-25 08:16</p><p>云溪晚报</p>", "云溪晚报"),
        ("<p>2021-04-25 08:16</p><p>关注云溪网</p>", None),
        ("<p>2021-04-25 08:16</p><p>精彩看点</p>", None),
        ("<p>云溪晚报</p><p>扎实推进的这一年</p><p>2021-04-25 08:16</p>", None),
    ],
)
def test_a_medium_alone_on_the_line_next_to_the_date_is_the_source(info: str, source: str | None) -> None:
    assert headed(info).source == source


def test_who_wrote_other_articles_did_not_write_this_one() -> None:
    related = "<h3>相关阅读</h3><ul><li><a href='/1'>晴川市完成老旧小区改造</a></li></ul><p>李红 2021-04-20 09:30</p>"
    assert read(f"<h1>{TITLE}</h1><p>2021-04-25 08:16</p><div>{TEXT}</div>{related}").authors == ()


def test_a_byline_set_behind_the_headline_in_its_line_is_read() -> None:
    article = read(f"<h2>{TITLE} <i>2021-04-25</i> <i>来源：云溪日报</i></h2><div>{TEXT}</div>", head=PUBLISHED)
    assert (article.title, article.published_at, article.source) == (TITLE, DAY, "云溪日报")


PUBLISHED = f"<meta name='ArticleTitle' content='{TITLE}'>"


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ("云溪市文旅局(原市文广局)", "云溪市文旅局(原市文广局)"),
        ("(云溪日报)", "云溪日报"),
        ("云溪日报)", "云溪日报"),
        ("《云溪日报》", "《云溪日报》"),
        ("《云溪日报", "云溪日报"),
        ("云溪日报(记者 陈明)", "云溪日报"),
        ("云溪日报记者陈明", "云溪日报"),
        ("云溪日报记者站", "云溪日报记者站"),
        ("云溪记者协会", "云溪记者协会"),
    ],
)
def test_a_source_keeps_the_brackets_that_are_its_own(value: str, source: str) -> None:
    assert clean_source(value) == source


def test_a_source_cut_short_is_told_whole_where_the_label_goes_on() -> None:
    whole = "综合自云溪新闻、晴川发布、云溪大学等"
    assert whole_source("综合自云溪新闻、晴川...", {"contentsource": whole}) == whole
    assert whole_source("综合自云溪新闻、晴川...", {"contentsource": "云溪日报"}) == "综合自云溪新闻、晴川..."
    assert whole_source("云溪新闻网", {"contentsource": "云溪新闻网站"}) == "云溪新闻网"


def test_a_label_that_is_part_of_a_longer_name_is_not_printed() -> None:
    assert meta_source({"contentsource": "云溪"}, ["云溪监管局公开表"], TITLE) is None
    assert meta_source({"contentsource": "云溪日报"}, ["云溪日报记者 陈明"], TITLE) == "云溪日报"


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        (["2021", "04/25", "08:16"], MOMENT),
        (["2021", "04/25"], DAY),
        (["25", "2021年04月"], DAY),
        (["25 2021-04"], DAY),
        (["252021/04"], DAY),
        (["04-25", "2021"], DAY),
        (["04-25"], None),
        (["25", "04月"], None),
        (["2021", "来源", "04/25"], None),
        (["2021", "14/25"], None),
        (["第25", "2021年04月"], None),
    ],
)
def test_a_date_told_in_parts(lines: list[str], date: str | None) -> None:
    assert split_date(lines) == date


def test_a_tile_beside_the_headline_dates_the_article() -> None:
    tile = "<div><b>25</b><span>2021年04月</span></div>"
    assert read(f"{tile}<h1>{TITLE}</h1><div>{TEXT}</div>").published_at == DAY
    assert read(f"{tile}<h1>{TITLE}</h1><p>2021-04-26</p><div>{TEXT}</div>").published_at == "2021-04-26"
    assert read(f"<h1>{TITLE}</h1><div>{TEXT}</div>{tile}").published_at is None


@pytest.mark.parametrize(
    ("info", "date"),
    [
        ("<time datetime='2021-04-25T00:16:00Z'>3天前</time>", MOMENT),
        ("<i class='info-time' data-time='2021-04-25 08:16'>3天前</i>", MOMENT),
        ("<time datetime='2021-04-25T00:16:00Z'>2021-04-26</time>", "2021-04-26"),
        ("<i class='info' data-time='2021-04-25 08:16'>3天前</i>", None),
        ("<time datetime='1619309760'>3天前</time>", None),
    ],
)
def test_a_moment_in_an_attribute_counts_where_no_date_is_printed(info: str, date: str | None) -> None:
    assert headed(f"{info} 云溪日报").published_at == date


@pytest.mark.parametrize(
    ("text", "found"),
    [("2021-04-25 08:16:0939云溪网", "2021-04-25T08:16:09+08:00"), ("2021-04-25 08:16:0939", DAY)],
)
def test_a_name_that_begins_with_a_number_may_touch_the_seconds(text: str, found: str) -> None:
    assert find_dates(text)[0].iso == found


def test_a_paper_s_day_with_its_weekday_stands_near_the_name_of_its_page() -> None:
    page = "<div>第A01版：头版</div><div>{}</div>"
    day = "2021年04月25日 星期日"
    assert headed("", top=page.format(day)).published_at == DAY
    assert headed("", top=f"<div>{day}</div>").published_at is None
    assert headed("", top=page.format(f"今天是{day}")).published_at is None


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("云溪社记者陈明、李红", ("陈明", "李红")),
        ("(云报·云端 记者 陈明 通讯员李红)", ("陈明", "李红")),
        ("云经记者 陈明 云经编辑 李红", ("陈明",)),
        ("《云溪周刊》记者 陈明 | 晴川、云溪报道", ("陈明",)),
        ("陈明/文 李红/图", ("陈明",)),
        ("□ 陈明 李红", ("陈明", "李红")),
        ("本报记者连线", ()),
        ("云溪社记者走基层", ()),
        ("□ 精彩看点", ()),
        ("精彩/文", ()),
    ],
)
def test_lines_that_are_only_a_byline(line: str, found: tuple[str, ...]) -> None:
    assert byline(line) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("记者陈明报道 6月10日,推进会召开。", ("陈明",)),
        ("(云报·云端 记者 陈明 通讯员李红)", ("陈明", "李红")),
        ("记者从现场报道 推进会召开。", ()),
    ],
)
def test_reporters_at_the_head_of_a_report(text: str, found: tuple[str, ...]) -> None:
    assert named_inside(text) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("云溪八卦姐妹淘", ("云溪八卦姐妹淘",)),
        ("云溪省晴川商会秘", ()),
        ("网络综合整理", ()),
        ("Super User", ()),
        ("超级管理员", ()),
        ("陈明 云溪生活圈", ("陈明",)),
        ("陈明(云溪大学教授)", ("陈明",)),
        ("记者陈明/即时报道", ("陈明",)),
    ],
)
def test_pen_names_affiliations_and_nobody(value: str, found: tuple[str, ...]) -> None:
    assert names(value) == found


@pytest.mark.parametrize(
    ("info", "authors"),
    [
        ("2021-04-25 收藏 报道：陈明", ("陈明",)),
        ("来源：城东街道 供稿：陈明 责任编辑：李红", ("陈明",)),
        ("供稿：宣传部 陈明", ("陈明",)),
        ("供稿：宣传部", ()),
        ("相关报道：陈明", ()),
        ("2021-04-25 08:16 云溪网 作者 云溪八卦姐妹淘", ("云溪八卦姐妹淘",)),
        ("本报记者 陈明 2021-04-25 08:16", ("陈明",)),
        ("2021-04-25 08:16 本报记者 陈明", ("陈明",)),
    ],
)
def test_writers_in_the_byline(info: str, authors: tuple[str, ...]) -> None:
    assert headed(info).authors == authors


@pytest.mark.parametrize(
    "line", ["采写：云报见习记者 陈明", "记者：陈明 摄影：李红", "执笔/阿宝姐、陈明", "作者：陈明（云溪大学教授）"]
)
def test_a_labelled_byline_at_the_text_s_end_leaves_it(line: str) -> None:
    article = read(f"<h1>{TITLE}</h1><p>2021-04-25</p><div>{TEXT}<p>{line}</p></div>")
    assert "陈明" in article.authors
    assert article.paragraphs == (FIRST, SECOND)


def test_a_label_in_the_middle_of_the_text_is_text() -> None:
    verse = "作者：陈明"
    article = read(f"<h1>{TITLE}</h1><p>2021-04-25</p><div>{TEXT}<p>{verse}</p>{TEXT}{TEXT}</div>")
    assert article.authors == ()
    assert verse in article.paragraphs


@pytest.mark.parametrize(("node", "authors"), [("第03版:民生", ("陈明",)), ("滚动新闻", ())])
def test_founder_s_author_counts_on_a_paper_s_page(node: str, authors: tuple[str, ...]) -> None:
    comment = f"<!--enpproperty <author>陈明</author><nodename>{node}</nodename>/enpproperty-->"
    assert headed("2021-04-25", head=comment).authors == authors


def test_traditional_pages_agree_with_their_title() -> None:
    title = "索尼業績遭波及 已向美國申請供貨"
    text = "<p>日本電子產品製造商發言人表示，公司一向遵守所有法規，不評論與個別客戶的業務往來，已向有關部門申請。</p>"
    top = "<div>雲溪週報：匯市與股市今年以來的走勢引起各界廣泛關注，專家認為應當謹慎看待後續發展。</div>"
    main = f"<div>{title}</div><div>2021-04-25 08:16 雲溪聯合報 記者陳明／即時報導</div><div>{text * 3}</div>"
    article = read(main, title=f"{title} | 兩岸 | 雲溪日報", top=top)
    assert (article.printed["title"], article.source, article.authors) == (title, "云溪联合报", ("陈明",))
    assert article.published_at == MOMENT


@pytest.mark.parametrize(
    ("heading", "title"), [("云溪学院附属学校简介", "云溪学院附属学校简介"), ("历史沿革", "学校简介")]
)
def test_a_heading_that_says_the_column_in_full_is_the_headline(heading: str, title: str) -> None:
    article = read(f"<ul><li>学校简介</li></ul><h3>{heading}</h3><div>{TEXT}</div>", title="学校简介-云溪学校")
    assert article.title == title
