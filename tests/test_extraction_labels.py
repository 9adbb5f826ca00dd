"""Title, date, source and people: what the page prints, and nothing that it does not."""

from __future__ import annotations

import pytest

from crawler.extraction.byline import fields
from crawler.extraction.people import byline, names
from crawler.extraction.read import read_page
from storage.records import Article, PageKind

TITLE = "全市党史学习教育推进会召开"
TEXT = "5月7日上午,全市党史学习教育推进会在市会议中心召开,市委书记出席会议并讲话,市长主持会议,各区县负责人参加。"


def read(
    byline: str = "", *, title: str = f"{TITLE}_某市日报网", metas: str = "", tail: str = "", h: str = TITLE
) -> Article:
    body = f"<div class='main'><h1>{h}</h1><div class='info'>{byline}</div><p>{TEXT}</p><p>{TEXT}</p>{tail}</div>"
    foot = "<div class='foot'>版权所有 某市日报社 2020-2026</div>"
    return read_page(f"<html><head><title>{title}</title>{metas}</head><body>{body}{foot}</body></html>".encode())


def meta(**labels: str) -> str:
    return "".join(f'<meta name="{name}" content="{value}">' for name, value in labels.items())


@pytest.mark.parametrize(
    ("byline", "date", "source", "authors", "editors"),
    [
        (
            "2021-12-07 10:30:07 娄底日报 邹武雄 彭敏 浏览:19872",
            "2021-12-07T10:30:07+08:00",
            "娄底日报",
            ("邹武雄", "彭敏"),
            (),
        ),
        (
            "编辑:武汉大学 时间:2021-09-17 10:21 点击:<span>6428</span>",
            "2021-09-17T10:21:00+08:00",
            None,
            (),
            ("武汉大学",),
        ),
        (
            "2019/10/13 9:20:03 来源：上观新闻 作者：茅冠隽 选稿：袁颖",
            "2019-10-13T09:20:03+08:00",
            "上观新闻",
            ("茅冠隽",),
            ("袁颖",),
        ),
        (
            "2019-09-26 [来源:华声在线] [作者:赖泳源 刘玉锋] [编辑:刘畅畅]",
            "2019-09-26",
            "华声在线",
            ("赖泳源", "刘玉锋"),
            ("刘畅畅",),
        ),
        ("来源：光明网-《光明日报》2024-05-20 03:15", "2024-05-20T03:15:00+08:00", "光明网-《光明日报》", (), ()),
        ("2023-06-15 08:10 来源：中国新闻网 王帆", "2023-06-15T08:10:00+08:00", "中国新闻网", (), ()),
        ("<p>作者：</p><p>许月</p><p>摄影：</p><p>梅秋武</p>", None, None, ("许月",), ()),
        ("稿源： 河北日报 作者： 记者王敬照 编辑： 王华军", None, "河北日报", ("王敬照",), ("王华军",)),
        ("<span>admin</span> <span>时间:</span> <span>浏览:42545</span>", None, None, (), ()),
        ("作者:老干部处 2021-05-08", "2021-05-08", None, ("老干部处",), ()),
        ("作者:editor@example.gov.cn 编辑:10086", None, None, (), ()),
    ],
)
def test_a_byline_says_when_whence_and_who(
    byline: str, date: str | None, source: str | None, authors: tuple[str, ...], editors: tuple[str, ...]
) -> None:
    article = read(byline)
    assert (article.published_at, article.source) == (date, source)
    assert (article.authors, article.editors) == (authors, editors)
    assert article.paragraphs == (TEXT, TEXT)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("西江日报记者 陈明红 通讯员 朱嘉颖", ("陈明红", "朱嘉颖")),
        ("本报记者 邹武雄 彭敏", ("邹武雄", "彭敏")),
        ("(记者 张三 通讯员 李四)", ("张三", "李四")),
        ("湖南日报·华声在线记者 徐 行", ("徐行",)),
        ("春城晚报、开屏新闻记者 秦蒙琳 摄影报道", ("秦蒙琳",)),
        ("东方网记者黄丽春10月7日报道:国庆黄金周适逢重阳佳节。", ()),
        ("记者从市卫健委获悉,本市新增病例5例。", ()),
        ("记者了解到", ()),
        ("记者 走基层 在现场看到", ()),
        ("记者 手记", ()),
    ],
)
def test_a_line_that_is_only_a_byline(line: str, found: tuple[str, ...]) -> None:
    assert byline(line) == found


def test_a_byline_in_the_body_leaves_it_and_names_the_authors() -> None:
    article = read("2021-04-09", tail="<p>西江日报记者 陈明红 通讯员 朱嘉颖</p>")
    assert article.authors == ("陈明红", "朱嘉颖")
    assert article.paragraphs == (TEXT, TEXT)


def test_a_label_line_among_the_last_is_read_and_left_out() -> None:
    article = read("2021-05-08", tail="<p>作者：上官云 宋宇晟</p><p>你期待吗</p>")
    assert article.authors == ("上官云", "宋宇晟")
    assert article.paragraphs == (TEXT, TEXT, "你期待吗")


def test_labels_under_the_body_count_but_a_source_in_brackets_is_text() -> None:
    article = read("2021-05-08", tail="<p>来源:新民晚报 作者:鲁哲</p><p>(责任编辑:周雁)</p>")
    assert (article.source, article.authors, article.editors) == ("新民晚报", ("鲁哲",), ("周雁",))
    assert article.paragraphs == (TEXT, TEXT)
    cited = read("2021-05-08", tail="<p>(来源:人民政协报)</p>")
    assert cited.source is None
    assert cited.paragraphs[-1] == "(来源:人民政协报)"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("李锋、孙广勇、暨佩娟", ("李锋", "孙广勇", "暨佩娟")),
        ("东方网教育频道 陈乐 夏荔", ("陈乐", "夏荔")),
        ("武汉大学", ("武汉大学",)),
        ("梅秋武 等", ("梅秋武",)),
        ("甫祺娜依·尤力瓦斯", ("甫祺娜依·尤力瓦斯",)),
        ("张 三 李四", ("张三", "李四")),
        ("记者王敬照", ("王敬照",)),
        ("admin", ()),
        ("491", ()),
        ("佚名", ()),
        ("webmaster@example.gov.cn", ()),
    ],
)
def test_names_come_one_each(value: str, found: tuple[str, ...]) -> None:
    assert names(value) == found


def test_values_run_to_the_next_label() -> None:
    found = [(item.kind, item.value) for item in fields("2019-10-12 来源:新华网 作者:毛鹏飞、周盛平 选稿:曾炟")]
    assert found == [("bare", "2019-10-12"), ("source", "新华网"), ("author", "毛鹏飞、周盛平"), ("editor", "曾炟")]


@pytest.mark.parametrize(
    ("title", "h", "wanted"),
    [
        (f"{TITLE}_要闻_某市日报网", TITLE, TITLE),
        (f"某市日报网-{TITLE}", TITLE, TITLE),
        ("某市人民政府", TITLE, TITLE),
        ("要闻-2021全市主题活动", TITLE, TITLE),
        (f"{TITLE}——某市日报网", f"{TITLE}——我市深入开展综述", f"{TITLE}——我市深入开展综述"),
        (
            "2021年5月6日,新增确诊病例253例_某市卫健委",
            "2021年5月6日,新增确诊病例253例",
            "2021年5月6日,新增确诊病例253例",
        ),
        (f"{TITLE}_通知公告_某大学", f"{TITLE} ( 2021年05月08日 )", TITLE),
        (f"{TITLE}再部署再推进再落实_某市日报网", "全市党史学习教育推进会召开再部署...", f"{TITLE}再部署再推进再落实"),
        (
            "不拴绳遛犬可罚万元 这样重了吗？-犬,记性-东方评论",
            "不拴绳遛犬可罚万元 这样重了吗？",
            "不拴绳遛犬可罚万元 这样重了吗?",
        ),
    ],
)
def test_the_headline_is_the_line_that_witnesses_agree_on(title: str, h: str, wanted: str) -> None:
    assert read("2021-05-08 来源:某市日报", title=title, h=h).title == wanted


def test_a_slogan_in_h1_is_not_the_headline() -> None:
    markup = f"""<title>{TITLE}-某市日报网</title><h1>青春为祖国歌唱</h1><div class="t">{TITLE}</div>
        <div>2021-05-08</div><p>{TEXT}</p><p>{TEXT}</p>"""
    assert read_page(markup.encode()).title == TITLE


def test_a_headline_that_is_not_printed_is_cut_from_the_title() -> None:
    page = f"<title>武汉的声音:有英勇的你，才有英雄的城！-某某网</title><p>{TEXT}</p><p>{TEXT}</p>"
    article = read_page(page.encode())
    assert article.title == "武汉的声音:有英勇的你,才有英雄的城!"
    assert article.provenance["title"] == "library"
    assert article.printed["title"] == "武汉的声音:有英勇的你，才有英雄的城！"


def test_a_heading_inside_the_body_does_not_displace_the_title() -> None:
    heading = "<p align='center' class='title'>坚持以上率下带头学深悟透</p>"
    page = f"<title>聚力量砥砺前行我市深入开展教育综述_某某网</title><div>{heading}<p>{TEXT}</p><p>{TEXT}</p></div>"
    assert read_page(page.encode()).title == "聚力量砥砺前行我市深入开展教育综述"


def test_a_headline_broken_over_lines_is_joined() -> None:
    whole = "关于批准发行特别国债及调整限额的决议"
    broken = "关于批准发行特别国债<br>及调整限额的决议"
    page = f"<title>{whole}_公报</title><h1>{broken}</h1><p>{TEXT}</p><p>{TEXT}</p>"
    assert read_page(page.encode()).title == whole


def test_page_labels_are_believed_where_the_page_bears_them_out() -> None:
    labels = meta(
        ArticleTitle=TITLE, PubDate="2021-05-08 10:21", ContentSource="武汉党建", ColumnName="地方动态", SiteName="某网"
    )
    article = read("2021-05-08 稿源:武汉党建", metas=labels)
    assert (article.title, article.published_at, article.source) == (TITLE, "2021-05-08T10:21:00+08:00", "武汉党建")
    assert (article.column, article.site_name) == ("地方动态", "某网")
    assert (article.provenance["title"], article.provenance["published_at"]) == ("label", "label")


def test_page_labels_that_the_page_does_not_print_are_not_believed() -> None:
    labels = meta(ArticleTitle=TITLE, ContentSource="市卫健委", Author="马娟", PubDate="2018-01-01")
    article = read("(2021-05-08)", metas=labels)
    assert (article.source, article.authors) == (None, ())
    assert article.published_at == "2021-05-08"
    repeated = read("2021-05-08", metas=meta(ContentSource=TITLE))
    assert repeated.source is None


def test_a_date_that_stands_only_in_a_label_is_taken() -> None:
    assert read("", metas=meta(publishdate="2019-04-27")).published_at == "2019-04-27"


@pytest.mark.parametrize(
    "byline",
    ["", "时间:", "今天是个好日子", "浏览:42545", "3天前", "5月7日"],
    ids=["none", "empty", "words", "counter", "ago", "no-year"],
)
def test_a_date_the_page_does_not_print_is_none(byline: str) -> None:
    text = f"<p>{byline}</p><p>{TEXT}</p><p>2019年9月24日</p><div>Copyright 2020-2026</div>"
    page = f"<title>{TITLE}</title><h1>{TITLE}</h1>{text}"
    assert read_page(page.encode(), "http://www.example.gov.cn/art/2021/5/8/art_1_58.html").published_at is None


def test_the_day_of_the_visit_in_the_page_s_head_is_no_date() -> None:
    page = f"<div>今天是 2026年11月23日 星期一</div><title>{TITLE}</title><h1>{TITLE}</h1><p>{TEXT}</p><p>{TEXT}</p>"
    assert read_page(page.encode()).published_at is None


def test_a_key_point_box_is_the_abstract() -> None:
    article = read("2021-04-09 08:16", tail="").abstract
    assert article is None
    box = f"<div class='summary'>核心提示: {TEXT}</div>"
    boxed = read(f"2021-04-09 08:16</div>{box}<div>")
    assert boxed.abstract == TEXT
    assert boxed.paragraphs == (TEXT, TEXT)


def test_founder_comments_are_labels() -> None:
    comment = f"<!--enpproperty <articleid>1</articleid><title>{TITLE}</title><date>2018-09-10</date>/enpproperty-->"
    page = f"{comment}<title>某市日报数字报</title><div id='ozoom'><p>{TEXT}</p><p>{TEXT}</p></div>"
    article = read_page(page.encode())
    assert article.platform == "founder"
    assert article.title == TITLE


def test_a_digital_paper_s_masthead_gives_day_and_paper() -> None:
    masthead = "<p>2019-09-17 第26,259号</p><p>某市报业集团主管主办·某市日报社出版</p><div>第7版:教科卫</div>"
    body = f"<ul><li><a href='/n'>下一篇</a></li></ul><h2>{TITLE}</h2><div>{TEXT}<br>{TEXT}</div>"
    article = read_page(f"<title>电子报_内容详情</title>{masthead}{body}".encode())
    assert (article.title, article.published_at, article.source) == (TITLE, "2019-09-17", "某市日报")


def test_a_mirror_s_labels_are_canonical_and_keep_their_print() -> None:
    text = "黨史學(xué)習(xí)教育開展以來,我市按照總要求,認(rèn)真貫徹落實(shí)黨中央決策部署,取得了良好成效"
    body = "".join(f"<p>{text}{number}。</p>" for number in "一二三四五六")
    title = "學(xué)黨史滋養(yǎng)初心 聚力量砥礪前行"
    byline = "2021-12-07 婁底日報(bào) 鄒武雄 瀏覽:19"
    page = f"<title>{title}_時(shí)事聚焦</title><h2>{title}</h2><div>{byline}</div>{body}<p>責(zé)編:康玉潔</p>"
    article = read_page(page.encode())
    assert article.kind is PageKind.ARTICLE
    assert article.title == "学党史滋养初心 聚力量砥砺前行"
    assert article.printed["title"] == title
    assert (article.source, article.authors, article.editors) == ("娄底日报", ("邹武雄",), ("康玉洁",))
    assert {"traditional", "pinyin-injected"} <= set(article.flags)


@pytest.mark.parametrize(
    ("byline", "source"),
    [
        ("2026-11-02 13:51 <span>来源:某市日报</span><span>阅读 2655 次</span>", "某市日报"),
        ("2026-11-02 13:51 <span>来源:某市发布</span><span>775 次浏览</span>", "某市发布"),
        ("2026-11-02 <b>来源:某市发布</b><b>1853 次</b>", "某市发布"),
        ("2026-11-02 来源:全民阅读网", "全民阅读网"),
        ("2026-11-02 来源:某市FM1058", "某市FM1058"),
    ],
)
def test_a_counter_glued_to_the_source_is_cut_off(byline: str, source: str) -> None:
    assert read(byline).source == source


@pytest.mark.parametrize(
    ("comment", "date"),
    [
        ("<date>2026-11-16 00:00:00.0</date>", "2026-11-16"),
        ("<date>2026-11-16 10:13:12.0</date>", "2026-11-16T10:13:12+08:00"),
        ("<date></date>", None),
    ],
)
def test_founder_s_comment_dates_an_article_that_prints_no_date(comment: str, date: str | None) -> None:
    body = f"<!--enpproperty <articleid>1</articleid>{comment}<title>{TITLE}</title>/enpproperty-->"
    clock = "<p>今天是2026年11月19日 星期四 08:51:58</p>"
    text = f"<div>{TITLE}</div><p>{TEXT}</p><p>{TEXT}</p>"
    assert read_page(f"<title>数字报</title>{clock}{body}{text}".encode()).published_at == date


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("2026年11月16日 星期一 <a href='a'>上一篇</a> <a href='b'>下一篇</a>", "2026-11-16"),
        ("2026年11月16日 星期一 欢迎您", None),
    ],
)
def test_a_paper_s_day_line_is_a_date_and_a_bare_calendar_is_not(line: str, date: str | None) -> None:
    text = f"<p>某市日报</p><h2>{TITLE}</h2><div>{TEXT}<br>{TEXT}</div>"
    assert read_page(f"<title>数字报</title><p>{line}</p>{text}".encode()).published_at == date


@pytest.mark.parametrize("heading", ["（更正）{}", "{}（已废止）", "{}（征求意见稿）", "关于撤销{}"])
def test_a_heading_that_says_how_the_document_stands_now_is_told_over_the_label(heading: str) -> None:
    printed = heading.format(TITLE).replace("（", "(").replace("）", ")")
    assert read("2021-05-08", metas=meta(ArticleTitle=TITLE), h=heading.format(TITLE)).title == printed


@pytest.mark.parametrize("heading", ["要闻 {}", "{} 2021-05-08", "{}（本报记者甲乙丙）", "某市新闻网{}"])
def test_a_heading_with_columns_days_and_people_around_the_headline_adds_nothing(heading: str) -> None:
    assert read("2021-05-08", metas=meta(ArticleTitle=TITLE), h=heading.format(TITLE)).title == TITLE
