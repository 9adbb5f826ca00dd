"""Where an article begins and ends, on pages that print more than one thing: copies, tables, dialogs, pictures."""

from __future__ import annotations

import pytest

from crawler.discovery.paging import next_part
from crawler.extraction.furniture import is_imprint, is_label_line, is_signature, without_button
from crawler.extraction.markup import parse
from crawler.extraction.read import read_page
from storage.records import Article, PageKind, Role

TITLE = "云溪市扎实推进老旧小区改造工作"
FIRST = "5月7日上午,全市老旧小区改造工作推进会在市会议中心召开,市委书记出席会议并讲话,市长主持会议,各区县负责人参加。"
SECOND = "会议指出,要聚焦群众反映强烈的突出问题,把改造工程做成民心工程,确保年内完成八十个小区的改造任务,不得拖延工期。"
INFO = "<p>2021-04-25 08:16 来源:云溪日报</p>"
SIDE = "".join(f"<li><a href='/n/{n}.html'>全市召开重点项目建设推进会议第{n}次</a> 2021-04-1{n}</li>" for n in range(6))
LINKS = "".join(f"<p><a href='/n/{n}.html'>全市召开重点项目建设推进会议第{n}次</a></p>" for n in range(3))
FOOT = "<div><p>版 权 所 有 云溪日报社 浙ICP备00000000号</p></div>"


def page(
    main: str, *, title: str = f"{TITLE}_云溪网", top: str = "", h: str = f"<h1>{TITLE}</h1>", info: str = INFO
) -> bytes:
    nav = "<div class='nav'><a href='/'>首页</a> <a href='/yw'>要闻</a></div>"
    body = f"{nav}{top}<div class='main'>{h}{info}{main}</div><div class='side'><ul>{SIDE}</ul></div>{FOOT}"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def read(main: str, **around: str) -> Article:
    return read_page(page(main, **around), "http://www.example.gov.cn/n/2021/84213.html")


BODY = f"<div class='c'><p>{FIRST}</p><p>{SECOND}</p></div>"


def test_a_copy_for_telephones_is_not_the_article_again() -> None:
    more = "防汛工作专班负责人介绍,全市已储备编织袋二十万条、水泵三百台,落实抢险队伍十二支。"
    one = f"<div class='pc'><h1>{TITLE}</h1><div><p>{FIRST}</p><p>{SECOND}</p><p>{more}</p></div></div>"
    two = f"<div class='wap'><h3>{TITLE}</h3><div><p>{FIRST}</p><p>{SECOND}</p></div></div>"
    assert read(f"{one}<div>微信扫一扫</div>{two}", h="").paragraphs == (FIRST, SECOND, more)


def test_a_refrain_is_text_each_time() -> None:
    oath = "我志愿加入云溪市防汛抢险突击队,服从命令,听从指挥,冲锋在前,退却在后,全心全意为人民服务。"
    lines = (FIRST, oath, SECOND, oath)
    assert read("<div>" + "".join(f"<p>{line}</p>" for line in lines) + "</div>").paragraphs == lines


def test_pasted_paragraphs_in_boxes_of_their_own_are_one_article() -> None:
    rest = "".join(f"<section><p>{SECOND[:-1]},第{n}批项目同步推进。</p></section>" for n in "一二三四五")
    article = read(f"<div class='c'><section><p>{FIRST}</p></section><section>{rest}</section></div>")
    assert article.paragraphs[0] == FIRST
    assert len(article.paragraphs) == 6


def test_a_named_box_beside_the_text_stays_out() -> None:
    rest = "".join(f"<p>{SECOND[:-1]},第{n}批项目同步推进。</p>" for n in "一二三四五")
    article = read(f"<div><div class='tips'><p>{FIRST}</p></div><div class='c'>{rest}</div></div>")
    assert FIRST not in article.paragraphs
    assert len(article.paragraphs) == 5


def test_what_stands_around_a_table_of_data_is_the_article_s() -> None:
    rows = "".join(f"<tr><td>{n}</td><td>梧桐社区</td><td>合格</td></tr>" for n in range(30))
    article = read(f"<div class='c'><p>现将名单公示如下:</p><table>{rows}</table><p>公示期7天。</p></div>")
    assert article.paragraphs[0] == "现将名单公示如下:"
    assert article.paragraphs[-1] == "公示期7天。"
    assert len(article.paragraphs) == 32


def test_links_below_the_editor_s_line_are_the_page_s() -> None:
    below = f"<p>责任编辑:陈明</p><ul>{SIDE}</ul><p>云溪图库</p><p>新闻排行版</p><p>昨天,我市召开座谈会,当…</p>"
    assert read(f"<div class='c'><p>{FIRST}</p><p>{SECOND}</p>{below}</div>").paragraphs == (FIRST, SECOND)


@pytest.mark.parametrize(
    ("links", "more"),
    [
        ("", ["特此通知,请各单位遵照执行。"]),
        (LINKS, [SECOND.replace("会议指出", f"会议{verb}") for verb in ("强调", "要求", "号召")]),
    ],
    ids=["a-last-word", "as-long-as-the-first"],
)
def test_more_text_below_an_editor_s_line_is_text(links: str, more: list[str]) -> None:
    below = f"<p>责任编辑:陈明</p>{links}" + "".join(f"<p>{line}</p>" for line in more)
    article = read(f"<div class='c'><p>{FIRST}</p><p>{SECOND}</p>{below}</div>")
    assert article.paragraphs == (FIRST, SECOND, *more)


PICTURE = "<p align='center'><img src='/u/2021/photo.jpg' width='600'></p>"


@pytest.mark.parametrize(
    ("main", "kind"),
    [
        (f"<div class='c'>{PICTURE}</div><p>(责编:陈明)</p>", PageKind.ARTICLE),
        ("<div class='c'><object data='/u/notice.pdf'></object></div>", PageKind.ARTICLE),
        ("<div class='c'><p><a href='/u/notice.pdf'>公告.pdf</a></p></div>", PageKind.ARTICLE),
        (f"<div class='c'></div><p>(责编:陈明)</p></div><div><ul>{SIDE}</ul>{PICTURE}", PageKind.EMPTY),
        ("<div class='c'><p>附件:</p><img src='/img/share_icon.png'></div><p>分享到微信</p>", PageKind.EMPTY),
    ],
    ids=["picture", "document", "document-link", "pictures-of-a-column", "buttons"],
)
def test_an_article_without_text(main: str, kind: PageKind) -> None:
    top = "<p>登录注册</p><p>记住登录状态</p>"
    article = read_page(page(main, top=top), role=Role.ARTICLE)
    assert (article.kind, article.paragraphs) == (kind, ())
    if kind is PageKind.ARTICLE:
        assert (article.title, article.source) == (TITLE, "云溪日报")


def test_an_imprint_of_many_lines_is_no_text_of_a_picture() -> None:
    owner = "<p>版权所有:云溪市人民政府 | 浙ICP备00000000号 | 网站标识码:0000000000</p>"
    others = "<p>主办单位:云溪市政府办公室,承办单位:云溪市大数据中心,欢迎您提出宝贵意见。</p>"
    help_line = "<p>政府各机构联系电话 | 网站技术支持:0571-00000000 | 网站运维邮箱:web@example.gov.cn</p>"
    label = f"<meta name='ArticleTitle' content='{TITLE}'>"
    top = f"{label}<p>欢迎来到云溪市人民政府门户网站,请登录。</p>"
    article = read(f"{PICTURE}<p>附件:</p><p>打印</p><div>{owner}{others}{help_line}</div>", top=top)
    assert (article.title, article.source, article.paragraphs) == (TITLE, "云溪日报", ())


@pytest.mark.parametrize(
    ("viewer", "address"),
    [
        ("<iframe src='/pdf/web/viewer.html?file=/u/2021/notice.pdf'></iframe>", "/u/2021/notice.pdf"),
        ("<iframe src='/v?url=%2Fu%2F2021%2Fnotice.pdf&w=1'></iframe>", "/u/2021/notice.pdf"),
        ("<embed src='/u/2021/notice.pdf' type='application/pdf'>", "/u/2021/notice.pdf"),
        ("<iframe src='/player.html?v=1'></iframe>", None),
    ],
)
def test_a_document_shown_in_the_page_is_attached(viewer: str, address: str | None) -> None:
    attached = [file.url for file in read(f"<div class='c'>{viewer}</div>").attachments]
    assert attached == ([f"http://www.example.gov.cn{address}"] if address else [])


def test_short_sentences_on_a_page_with_hidden_dialogs() -> None:
    short = tuple(f"今日一早,云溪街道第{n}批旧改启动。" for n in "一二三四五")
    dialog = "<div style='display:none'><p>为保证您的账户安全,建议您绑定手机号码</p><p>请输入登录账号或密码</p></div>"
    article = read("<div class='c'>" + "".join(f"<p>{line}</p>" for line in short) + f"</div>{dialog}")
    assert article.paragraphs == short


@pytest.mark.parametrize(
    "lines",
    [
        ("问:改造何时开始?", "答:今年六月开始。", "问:费用如何分担?", "答:由财政与居民共担。"),
        ("春风吹过山岗", "溪水流过村庄", "我们在田野上", "播种新的希望", "云溪啊云溪", "你是我的故乡"),
    ],
    ids=["answers", "verse"],
)
def test_short_lines_under_a_headline_with_a_date_are_an_article(lines: tuple[str, ...]) -> None:
    main = "<div class='c'>" + "".join(f"<p>{line}</p>" for line in lines) + "</div>"
    article = read(main)
    assert (article.kind, article.paragraphs) == (PageKind.ARTICLE, lines)
    assert read(main, h="", info="").kind is not PageKind.ARTICLE


def test_a_headline_below_words_of_the_site_s_own_is_found() -> None:
    words = "".join(f"<p>全市热议话题第{n}条无链接</p>" for n in range(20))
    terms = "<p>由内容质量、互动评论、分享传播等多维度分值决定,勋章级别越高表现越好。</p>"
    top = f"<div class='words'>{words}</div>{terms}"
    article = read(BODY, top=top, h=f"<div>{TITLE}</div>")
    assert (article.title, article.published_at) == (TITLE, "2021-04-25T08:16:00+08:00")
    assert article.paragraphs == (FIRST, SECOND)


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        (f"{TITLE}-业界-某某评论", TITLE),
        ("京津冀-长三角-大湾区", "京津冀-长三角-大湾区"),
        (f"{TITLE}-2021-04", f"{TITLE}-2021-04"),
    ],
)
def test_two_short_names_behind_a_headline_are_cut_off(title: str, wanted: str) -> None:
    assert read_page(f"<title>{title}</title><p>{FIRST}</p><p>{SECOND}</p>".encode()).title == wanted


def test_a_day_behind_a_headline_is_its_own_where_the_title_has_it() -> None:
    dated = f"{TITLE}(2021年4月25日)"
    assert read(BODY, title=f"{dated}_云溪网", h=f"<h1>{dated}</h1>").title == dated
    assert read(BODY, title=f"{TITLE}_云溪网", h=f"<h1>{dated}</h1>").title == TITLE


def test_a_site_s_name_and_a_headline_are_not_one_broken_headline() -> None:
    heading = f"<h1>云溪大学</h1><h3>{TITLE}</h3>"
    assert read(BODY, title=f"云溪大学-{TITLE}", h=heading).title == TITLE


@pytest.mark.parametrize(
    ("url", "links", "following"),
    [
        ("84213.html", "<b>【1】</b><a href='84213_2.html'>【2】</a><a href='84213_3.html'>【3】</a>", "84213_2.html"),
        ("84213_2.html", "<a href='84213.html'>1</a> 2 <a href='84213_3.html'>3</a>", "84213_3.html"),
        ("84213_3.html", "<a href='84213.html'>1</a> <a href='84213_2.html'>2</a> 3", None),
        ("84213.html", "<a href='84214.html'>1</a> <a href='84215.html'>2</a>", None),
        ("84213.html", "<a href='/2021/04/2.html'>2</a> <a href='/2021/04/3.html'>3</a>", None),
    ],
    ids=["first", "second", "last", "other-articles", "calendar"],
)
def test_pages_told_by_numbers_alone(url: str, links: str, following: str | None) -> None:
    site = "http://www.example.gov.cn/n/"
    found = next_part(parse(f"<div>{links}</div>").tree, site + url)
    assert found == (site + following if following else None)


@pytest.mark.parametrize(
    ("line", "is_label"),
    [
        ("云溪新闻客户端 2021-04-25 08:16 A-A+", True),
        ("云溪日报 (2021年4月25日 08:16)", True),
        ("发布于:云溪市", True),
        ("会议时间 2021-04-25 08:16", False),
        ("定于2021年4月25日 09:00召开", False),
        ("发布于云溪河畔的倡议书得到市民广泛响应", False),
    ],
)
def test_a_medium_and_a_moment_are_a_byline(line: str, is_label: bool) -> None:
    assert is_label_line(line, head=True) is is_label


def test_small_rules_have_their_near_misses() -> None:
    assert without_button("会议结束。返回云溪网,查看更多") == "会议结束。"
    assert without_button("请返回首页查看更多") == "请返回首页查看更多"
    assert is_imprint("版 权 所 有 云溪日报社")
    assert not is_imprint("版权所有者可以向市版权局申请登记")
    assert is_signature("(编辑 李红)")
    assert not is_signature("编辑部召开座谈会")


def test_readers_comments_end_the_article() -> None:
    said = "希望能够真正落实下去,不要只是说说而已,居民都在盼望着这一天的到来呢,已经等了很多年了。"
    comments = f"<div class='pl'><h3>网友评论(2条)</h3><p>{said}</p><p>支持!</p></div>"
    assert read(f"{BODY}{comments}").paragraphs == (FIRST, SECOND)
    story = f"<div class='c'><p>{FIRST}</p><p>最新评论指出,旧改惠民。</p><p>{SECOND}</p></div>"
    assert len(read(story).paragraphs) == 3


def test_summaries_under_a_heading_of_related_news_are_theirs() -> None:
    other = "这是另外一条新闻的摘要,说明了另外一件事情的大概情况,与本文并没有什么关系,请点击查看。"
    block = f"<h3>相关阅读</h3><dl><dt><a href='/1'>全市召开推进会议</a></dt><dd>{other}</dd></dl>"
    assert read(f"{BODY}<div class='xg'>{block}</div>").paragraphs == (FIRST, SECOND)
    resumed = f"<div class='c'><p>{FIRST}</p><div>{block.replace(other, '')}</div><p>{SECOND}</p></div>"
    assert read(resumed).paragraphs == (FIRST, SECOND)
    whole = f"<div class='c'><div>{block.replace(other, '')}<p>{SECOND}</p><p>{FIRST}</p></div></div>"
    assert read(whole).paragraphs == (SECOND, FIRST)
