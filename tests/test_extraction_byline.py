"""Bylines as sites set them: forms of dates, sources without a label, people in and around the text."""

from __future__ import annotations

import pytest

from crawler.extraction.dates import short_date
from crawler.extraction.people import are_people, behind_post, byline, named_inside
from crawler.extraction.read import read_page
from storage.records import Article

TITLE = "云溪市扎实推进老旧小区改造工作"
FIRST = "5月7日上午,全市老旧小区改造工作推进会在市会议中心召开,市委书记出席会议并讲话,市长主持会议。"
SECOND = "会议指出,要聚焦群众反映强烈的突出问题,把改造工程做成民心工程,确保年内完成八十个小区的改造任务。"
DAY, MOMENT = "2021-04-25", "2021-04-25T08:16:00+08:00"


def read(info: str, *, tail: str = "", head: str = "", last: str = SECOND, crumbs: str = "首页 &gt; 要闻") -> Article:
    nav = f"<div class='nav'><a href='/'>首页</a> <a href='/yw'>要闻</a></div><div><a href='/'>{crumbs}</a></div>"
    main = f"<h1>{TITLE}</h1><div class='bar'>{info}</div><div class='c'><p>{FIRST}</p><p>{last}</p></div>{tail}"
    foot = "<div class='foot'>版权所有 云溪日报社 2020-2026 浙ICP备00000000号</div>"
    page = f"<html><head><title>{TITLE}_云溪网</title>{head}</head><body>{nav}<div>{main}</div>{foot}</body></html>"
    return read_page(page.encode())


@pytest.mark.parametrize(
    ("info", "date", "source"),
    [
        ("二〇二一年四月二十五日", DAY, None),
        ("2021.04.25 08:16", MOMENT, None),
        ("发布时间：2021年04月25日08点16分 来源：云溪日报", MOMENT, "云溪日报"),
        ("04-25", None, None),
        ("昨天 08:16", None, None),
        ("最后更新：2021-04-25 08:16", MOMENT, None),
        ("| 21-04-25 | 【大 中 小】", DAY, None),
        ("来源 | 云溪日报 2021-04-25", DAY, "云溪日报"),
        ("来源丨云溪日报", None, "云溪日报"),
        ("本文来源于云溪日报 2021-04-25 08:16", MOMENT, "云溪日报"),
        ("来源于：城东街道", None, "城东街道"),
        ("2021-04-25 08:16 | 云溪日报", MOMENT, "云溪日报"),
        ("云溪晚报 (2021-04-25 08:16)", MOMENT, "云溪晚报"),
        ("云溪新闻客户端 云溪新闻客户端 2021-04-25 08:16 A-A+", MOMENT, "云溪新闻客户端"),
        ("云溪市住房局 2021-04-25 08:16", MOMENT, None),
        ("云溪发布 2021-04-25 08:16", MOMENT, "云溪发布"),
        ("权威发布 2021-04-25 08:16", MOMENT, None),
        ("图片来源：云溪图库 2021-04-25", DAY, None),
        ("来源：<br>2021-04-25", DAY, None),
        ("<dl><dt>发布日期</dt><dd>2021-04-25</dd><dt>信息来源</dt><dd>城东街道</dd></dl>", DAY, "城东街道"),
        ("日期 2021-04-25 来源 云溪日报", DAY, "云溪日报"),
        ("来源：云溪日报 日期：21年4月25日", DAY, "云溪日报"),
        ("2021年4月25日 星期日 上午8:16 来源：云溪日报", MOMENT, "云溪日报"),
        ("更新时间：2021-04-27 10:00 发布时间：2021-04-25 08:16", MOMENT, None),
        ("更新时间：2021-04-25", DAY, None),
        ("摘自：云溪日报 2021-04-25", DAY, "云溪日报"),
        ("来自：云溪日报 2021-04-25", DAY, "云溪日报"),
        ("来自云溪 2021-04-25", DAY, None),
        ("Release time:2021-04-25 Source:云溪日报 Hits:12", DAY, "云溪日报"),
        ("Posted on 2021-04-25 | Views: 12", DAY, None),
        ("云溪电台-财经<br>2021-04-25 08:16", MOMENT, "云溪电台-财经"),
        ("直播电台-财经频道一周回顾<br>2021-04-25 08:16", MOMENT, None),
        ("来源：本站原创 2021-04-25", DAY, "本站原创"),
        ("来源：云溪日报评论（12人参与）", None, "云溪日报"),
        ("来源：云溪评论", None, "云溪评论"),
        ("文章来源：云溪发布 时间：2021-04-25 08:16", MOMENT, "云溪发布"),
        ("来源：云溪日报 发布 时间：2021-04-25 08:16", MOMENT, "云溪日报"),
        ("2021-04-25 08:16 <em>昨天</em>", MOMENT, None),
        ("2021-04-25 08:16 <em>3个月前</em>", MOMENT, None),
        ("2021-04-25 08:16 <em>今日云溪</em>", MOMENT, "今日云溪"),
    ],
)
def test_a_byline_tells_day_and_source(info: str, date: str | None, source: str | None) -> None:
    article = read(info)
    assert (article.published_at, article.source) == (date, source)
    assert article.paragraphs == (FIRST, SECOND)


@pytest.mark.parametrize(
    ("markup", "source", "authors"),
    [
        ("<span>2021-04-25</span><span class='source'>云溪收藏</span>", "云溪收藏", ()),
        ("<span>2021-04-25</span><a id='media_name'>云溪青年</a><i>欢迎发表评论</i>", "云溪青年", ()),
        ("<span class='ly'>来源：云溪青年</span>", "云溪青年", ()),
        ("<span class='author'>陈明 李红</span>2021-04-25", None, ("陈明", "李红")),
        ("<span class='author'>精彩看点</span>2021-04-25", None, ()),
        ("<span class='source'>2021-04-25</span>", None, ()),
        ("<span class='source'>扫码看新闻</span>", None, ()),
        ("<span class='resource'>云溪青年</span>2021-04-25", None, ()),
        ("<span class='source-time'>云溪青年 2021-04-25 08:16</span>", None, ()),
    ],
)
def test_the_markup_names_a_value(markup: str, source: str | None, authors: tuple[str, ...]) -> None:
    article = read(markup)
    assert (article.source, article.authors) == (source, authors)
    if source and "：" not in markup:
        assert article.provenance["source"] == "selector"


@pytest.mark.parametrize(
    ("info", "authors", "editors"),
    [
        ("□ 本报记者 陈明", ("陈明",), ()),
        ("云溪日报全媒体记者 陈明/文 李红/图", ("陈明",), ()),
        ("文/陈明 图/李红", ("陈明",), ()),
        ("记者/陈明 摄影/李红", ("陈明",), ()),
        ("执笔：陈明", ("陈明",), ()),
        ("栏目主编：赵敏 文字编辑：赵敏 题图来源：李红 摄 图片编辑：王刚", (), ("赵敏", "王刚")),
        ("一审：李红 二审：王刚 三审：赵敏", (), ("李红", "王刚", "赵敏")),
        ("责任编辑：李红 / 编发：王刚 / 图片来源：宣传部", (), ("李红", "王刚")),
        ("作者：陈明辑自《云溪旧事》（李红编著）", ("陈明",), ()),
        ("（编辑 李红）", (), ("李红",)),
    ],
)
def test_roles_are_told_apart(info: str, authors: tuple[str, ...], editors: tuple[str, ...]) -> None:
    for article in (read(f"<p>{info}</p>"), read("2021-04-25", tail=f"<p>{info}</p>")):
        assert (article.authors, article.editors) == (authors, editors)
        assert article.paragraphs == (FIRST, SECOND)


def test_a_byline_above_the_date_is_read() -> None:
    assert read("<p>本报记者 陈明 李红</p><p>2021-04-25 来源：云溪日报</p>").authors == ("陈明", "李红")


@pytest.mark.parametrize(
    ("info", "authors"),
    [
        ("陈明 2021-04-25 08:16:09 0人参与评论", ("陈明",)),
        ("2021-04-25 08:16 陈明 李红", ("陈明", "李红")),
        ("2021-04-25 08:16 金融", ()),
        ("云溪要闻 2021-04-25 08:16", ()),
    ],
    ids=["before", "behind", "a-column", "a-site"],
)
def test_people_alone_beside_the_moment_wrote_it(info: str, authors: tuple[str, ...]) -> None:
    assert read(info, crumbs="首页 &gt; 金融").authors == authors


def test_a_heading_below_an_open_label_is_no_name() -> None:
    article = read("2021-04-25", tail="<p>责任编辑：</p><div><h3>精彩看点</h3></div>")
    assert article.editors == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("本报讯(记者 陈明 通讯员 李红)5月7日,我市召开推进会。", ("陈明", "李红")),
        ("云溪网5月7日讯(记者陈明 整合)推进会召开。", ("陈明",)),
        ("大会表彰了先进集体。(记者:陈明)", ("陈明",)),
        ("云溪网记者陈明5月7日报道:推进会召开。", ("陈明",)),
        ("记者从市住建局获悉,年内完成八十个小区的改造。", ()),
        ("本报讯 据记者了解(见昨日报道),工程已经完工。", ()),
        ("会上,局长(原记者站站长)作了汇报。", ()),
    ],
)
def test_reporters_inside_a_report(text: str, found: tuple[str, ...]) -> None:
    assert named_inside(text) == found


def test_reporters_inside_count_where_no_byline_names_any() -> None:
    last = f"{SECOND[:-1]}。(记者 李红)"
    assert read("2021-04-25", last=last).authors == ("李红",)
    assert read("2021-04-25 作者：陈明", last=last).authors == ("陈明",)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("红网记者 陈明 长沙报道", ("陈明",)),
        ("本报记者 陈明 李红 摄影报道", ("陈明", "李红")),
        ("记者 走基层 系列报道", ()),
    ],
)
def test_where_a_report_was_filed_is_no_name(line: str, found: tuple[str, ...]) -> None:
    assert byline(line) == found


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("陈明", True),
        ("陈明、李 红", True),
        ("古丽·买买提", True),
        ("精彩看点", False),
        ("云溪日报", False),
        ("", False),
    ],
)
def test_people_are_told_by_their_surnames(text: str, people: bool) -> None:
    assert are_people(text) is people


@pytest.mark.parametrize(
    ("label", "printed", "date"),
    [
        ("2021-04-25 08:16:30", "2021-04-25 08:16", "2021-04-25T08:16:30+08:00"),
        ("2021-04-25 09:06:20", "2021-04-25 08:16", MOMENT),
        ("2021-04-25 09:06:20", "2021-04-25", "2021-04-25T09:06:20+08:00"),
        ("2021-03-01 16:39", "开始时间：2021-05-08 结束时间：2021-05-10", "2021-03-01T16:39:00+08:00"),
        ("", "展览时间：2021-05-08", None),
    ],
    ids=["seconds", "another-clock", "no-clock", "an-event", "an-event-alone"],
)
def test_a_page_label_against_what_is_printed(label: str, printed: str, date: str | None) -> None:
    assert read(printed, head=f"<meta name='PubDate' content='{label}'>").published_at == date


@pytest.mark.parametrize(
    ("text", "day"), [("| 21-04-25 |", DAY), ("08:20-09:30", None), ("电话 20-06-12-3", None), ("21-13-45", None)]
)
def test_a_year_of_two_digits(text: str, day: str | None) -> None:
    assert short_date(text) == day


def test_the_copyright_line_below_tells_source_and_day() -> None:
    terms = "版权声明 来源：云溪商报 时间：2021-04-25 08:16 作者："
    article = read("", tail=f"<div><p>{terms}</p><p>转载请注明出处</p></div>")
    assert (article.source, article.paragraphs) == ("云溪商报", (FIRST, SECOND))
    cited = read("", tail="<p>版权声明:本网注明“来源:云溪网”的作品,转载须经授权。</p>")
    assert cited.source is None


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("记者陈明/云溪报导", ("陈明",)),
        ("记者陈明", ("陈明",)),
        ("记者调查", ()),
        ("记者手记/云溪报道", ()),
    ],
)
def test_a_reporter_may_stand_before_the_place_that_he_reports_from(line: str, found: tuple[str, ...]) -> None:
    assert byline(line) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("云溪市文化局局长 陈明", ("陈明",)),
        ("2016-01-27 | 阅读: | 云溪市作家协会会长 陈 明", ("陈明",)),
        ("市长 陈明 主持会议", ()),
        ("市委书记陈明", ()),
        ("办公室主任 负责制", ()),
    ],
)
def test_a_signed_article_names_its_writer_behind_the_post(line: str, found: tuple[str, ...]) -> None:
    assert behind_post(line) == found


def test_a_post_below_the_headline_signs_the_article_unless_it_is_about_him() -> None:
    assert read("云溪市文化局局长 陈明<br>2021-04-25").authors == ("陈明",)
    assert read("云溪市文化局局长 陈明<br>作者：李红 2021-04-25").authors == ("李红",)
    page = (
        f"<title>陈明_云溪市</title><h1>陈明</h1><p>云溪市市长 陈明</p><p>2021-04-25</p><p>{FIRST}</p><p>{SECOND}</p>"
    )
    assert read_page(page.encode()).authors == ()


@pytest.mark.parametrize(
    ("between", "source"),
    [("<p>打印</p><p>分享到微信</p><p>返回</p>", "云溪日报"), ("<p>要闻播报</p><p>今日头条</p><p>返回</p>", None)],
)
def test_a_byline_above_the_headline_with_buttons_between_is_read(between: str, source: str | None) -> None:
    byline_above = "<p>发布时间：2021-04-25 来源：云溪日报</p>"
    page = f"<title>{TITLE}</title>{byline_above}{between}<h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p>"
    assert read_page(page.encode()).source == source


@pytest.mark.parametrize(
    ("name", "source"),
    [("sourceTitleText-3cWSuiol", "云溪小筑"), ("source_name", "云溪小筑"), ("resource-3cWSuiol", None)],
)
def test_a_class_with_what_a_build_adds_to_it_still_names_its_value(name: str, source: str | None) -> None:
    assert read(f"<div class='{name}'>云溪小筑</div><div>2021-04-25</div>").source == source


def test_a_label_s_document_number_is_the_article_s_and_no_part_of_its_headline() -> None:
    label = "<meta name='ArticleTitle' content='云溪市行政处罚信息公开表(云罚决字〔2021〕36号)'>"
    above = "".join(f"<p>第{n}条：{FIRST}</p>" for n in range(6))
    hidden = "<p style='display:none'>云罚决字〔2021〕36号</p>"
    bar = f"<div class='title'>云溪市行政处罚信息公开表</div>{hidden}<p>2021-04-25</p>"
    text = f"<div class='menu2'>{above}</div>{bar}<div><p>{SECOND}</p><p>{TITLE}</p></div>"
    told = read_page(f"<title>云溪市金融局</title>{label}{text}".encode())
    assert (told.title, told.document_number) == ("云溪市行政处罚信息公开表", "云罚决字〔2021〕36号")


def test_the_number_above_a_headline_is_its_document_s() -> None:
    head = "<p>云溪市人民政府文件</p><p>云政发〔2021〕5号</p>"
    page = f"<title>{TITLE}</title>{head}<h1>{TITLE}</h1><p>2021-04-25</p><p>{FIRST}</p><p>{SECOND}</p>"
    assert read_page(page.encode()).document_number == "云政发〔2021〕5号"


@pytest.mark.parametrize(
    ("title", "authors"), [("在全市城市更新工作推进会上的讲话", ("陈明",)), ("全市城市更新工作推进会上的几件事", ())]
)
def test_a_speaker_stands_by_name_alone_below_the_headline_of_a_speech(title: str, authors: tuple[str, ...]) -> None:
    page = f"<title>{title}</title><h1>{title}</h1><p>（2021年4月25日）</p><p>陈 明</p><p>{FIRST}</p><p>{SECOND}</p>"
    assert read_page(page.encode()).authors == authors


@pytest.mark.parametrize(("heading", "source"), [("", None), (" style='display:none'", "云溪日报")])
def test_a_source_that_a_style_hides_is_none_unless_it_hides_the_headline_too(heading: str, source: str | None) -> None:
    told = "<p style='display:none'>来源：云溪日报</p>"
    file = "<p><a href='/f/1.docx'>附件：计量标准器具许可结果.docx</a></p>"
    menu = "<div><a href='/'>首页</a></div>"
    page = f"{menu}<h1{heading}>{TITLE}</h1><p{heading}>2021-05-08</p><div class='xw'>{file}{told}</div>"
    found = read_page(f"<title>{TITLE}</title><meta name='ArticleTitle' content='{TITLE}'>{page}".encode())
    assert (found.paragraphs, found.source) == ((), source)
