"""Policy pages: the card above a document (索引号, 文号 …) is read, is no text, and is told from tables like it."""

from __future__ import annotations

import pytest

from crawler.extraction.policy import find_card, number_around, number_line
from crawler.extraction.read import read_page
from storage.records import Article

NAME = "云溪市人民政府关于印发加强古树名木保护办法的通知"
CODE = "云政发〔2026〕5号"
INDEX = "330000-01/2026-00123"
TO = "各县(市、区)人民政府,市政府直属各单位:"
TEXT = "现将《加强古树名木保护办法》印发给你们,请结合本地实际,认真贯彻执行,切实抓好各项工作落实。"
MORE = "各地要按照属地管理、分级负责的原则,开展资源普查,建立一树一档,并于每年三月底前报送情况。"

TABLE = f"""<table class="card"><tr><td>索引号</td><td>{INDEX}</td><td>主题分类</td><td>农林水利 \\ 林业</td></tr>
<tr><td>发布机构</td><td>云溪市人民政府</td><td>成文日期</td><td>2026-03-02</td></tr>
<tr><td>名称</td><td colspan="3">{NAME}</td></tr>
<tr><td>文号</td><td>{CODE}</td><td>有效性</td><td>有效</td></tr></table>"""
COLONS = f"""<table><tr><td><b>索 引 号：</b>{INDEX}</td><td><b>公文种类：</b>通知</td></tr>
<tr><td><b>发文机关：</b>云溪市人民政府</td><td><b>成文日期：</b>2026年03月02日</td></tr>
<tr><td colspan=2><b>标　　题：</b>{NAME}</td></tr>
<tr><td><b>发文字号：</b>{CODE}</td><td><b>发布日期：</b>2026年03月05日</td></tr></table>"""
LIST = f"""<ul><li><strong>索引号：</strong>{INDEX}</li><li><strong>发布机构：</strong>云溪市人民政府</li>
<li><strong>文　　号：</strong>云政发〔2026〕 5号</li><li><strong>成文日期：</strong>2026-03-02</li>
<li><strong>有 效 性：</strong>有效</li></ul>"""
PAIRS = f"""<dl><dt>索引号</dt><dd>{INDEX}</dd><dt>分类</dt><dd><a href="/lin">林业</a></dd>
<dt>发布机构</dt><dd>云溪市人民政府</dd><dt>生成日期</dt><dd>2026-03-02</dd><dt>文号</dt><dd>{CODE}</dd></dl>"""
LINKED = f"""<table><tr><td>索引号：</td><td>{INDEX}</td><td>分类：</td><td><a href="/lin">林业</a></td></tr>
<tr><td>发布机构：</td><td>云溪市人民政府</td><td>成文日期：</td><td>2026-03-02</td></tr>
<tr><td>标题：</td><td>{NAME}</td></tr><tr><td>文号：</td><td>{CODE}</td><td>主题词：</td><td></td></tr></table>"""


def read(card: str, *, h: str = NAME, byline: str = "", body: str = "", title: str = "云溪市人民政府") -> Article:
    text = body or f"<p>{TO}</p><p>{TEXT}</p><p>{MORE}</p>"
    info = f"<p class='info'>{byline}</p>" if byline else ""
    page = f"{card}<h1>{h}</h1>{info}<div>{text}</div>"
    return read_page(f"<html><title>{title}</title><body><div>{page}</div></body></html>".encode())


@pytest.mark.parametrize("h", [NAME, ""], ids=["headline", "only-named-in-the-card"])
@pytest.mark.parametrize("card", [TABLE, COLONS, LINKED], ids=["cells", "colons", "linked-category"])
def test_a_card_is_read_and_is_no_text(card: str, h: str) -> None:
    article = read(card, h=h)
    assert (article.document_number, article.index_number) == (CODE, INDEX)
    assert article.title == NAME
    assert article.paragraphs == (TO, TEXT, MORE)
    assert article.source is None
    assert {"document_number", "index_number"} <= article.provenance.keys()


@pytest.mark.parametrize("card", [LIST, PAIRS], ids=["list", "pairs"])
def test_a_card_without_a_name_is_read(card: str) -> None:
    article = read(card)
    assert (article.document_number, article.index_number, article.title) == (CODE, INDEX, NAME)
    assert article.paragraphs == (TO, TEXT, MORE)


@pytest.mark.parametrize(
    ("card", "byline", "date"),
    [
        (TABLE, "", "2026-03-02"),
        (COLONS, "", "2026-03-05"),
        (TABLE, "发布时间:2026-03-06 08:16 字号:大 中 小", "2026-03-06T08:16:00+08:00"),
        (COLONS, "2026-03-05 16:40", "2026-03-05T16:40:00+08:00"),
        (TABLE.replace("成文日期", "废止日期"), "", None),
    ],
    ids=["written", "published", "byline", "more-exact", "repealed"],
)
def test_a_day_of_publication_is_worth_more_than_the_day_of_writing(card: str, byline: str, date: str | None) -> None:
    assert read(card, byline=byline).published_at == date


def test_a_page_label_is_worth_more_than_the_day_of_writing() -> None:
    label = "<meta name='PubDate' content='2026-03-05 09:10'>"
    assert read(label + TABLE).published_at == "2026-03-05T09:10:00+08:00"


def test_a_card_s_own_source_is_the_source() -> None:
    card = TABLE.replace("有效性</td><td>有效", "信息来源</td><td>市林业局")
    assert read(card).source == "市林业局"


def test_a_card_printed_twice_is_one() -> None:
    article = read(TABLE + f"<div style='display:none'>{LIST}</div>")
    assert (article.document_number, article.paragraphs) == (CODE, (TO, TEXT, MORE))


def test_empty_places_of_a_card_are_no_numbers() -> None:
    article = read(TABLE.replace(CODE, "无").replace(INDEX, "—"))
    assert (article.document_number, article.index_number) == (None, None)
    assert article.paragraphs == (TO, TEXT, MORE)


def test_numbers_in_a_byline_are_read() -> None:
    article = read("", byline=f"发布时间:2026-03-05 文号:{CODE} 索引号:{INDEX} 来源:市政府办")
    assert (article.document_number, article.index_number) == (CODE, INDEX)
    assert (article.published_at, article.source) == ("2026-03-05", "市政府办")
    assert article.paragraphs == (TO, TEXT, MORE)


def test_a_number_alone_below_the_headline_is_read_and_stays_text() -> None:
    article = read("", byline="2026-03-05", body=f"<p>{CODE}</p><p>{TO}</p><p>{TEXT}</p><p>{MORE}</p>")
    assert article.document_number == CODE
    assert article.paragraphs == (CODE, TO, TEXT, MORE)


def test_a_register_of_documents_is_text_and_has_no_number_of_its_own() -> None:
    rows = "".join(
        f"<p>名称:云溪市第{n}号规划</p><p>文号:云政发〔2026〕{n}号</p><p>发布日期:2026-03-0{n}</p>" for n in (1, 2, 3)
    )
    article = read("", h="云溪市现行规范性文件目录", body=f"<p>{TEXT}</p>{rows}{MORE}<br>{TEXT}<br>{MORE}<br>{TEXT}")
    assert (article.document_number, article.published_at) == (None, None)
    assert "文号:云政发〔2026〕2号" in article.paragraphs


def test_cards_of_several_documents_are_no_one_s() -> None:
    other = TABLE.replace("5号", "6号").replace("00123", "00124")
    article = read(f"{TABLE}<p>{TEXT}</p>{other}", h="云溪市近期文件")
    assert (article.document_number, article.index_number) == (None, None)


@pytest.mark.parametrize(
    "lines",
    [
        ["文号:云政发〔2026〕5号"],
        ["名称:云溪", "分类:林业", "主题:古树", "状态:有效"],
        ["发布日期:2026-03-05 来源:市府办"],
    ],
    ids=["a-lone-label", "no-number", "a-byline"],
)
def test_labels_without_a_document_are_no_card(lines: list[str]) -> None:
    assert find_card(lines) is None


def test_a_table_whose_head_has_such_names_is_no_card() -> None:
    head = ["索引号 名称 文号 发布日期", f"{INDEX} {NAME} {CODE} 2026-03-02"]
    assert find_card(head) is None
    assert find_card(["文号 备注", "云政发〔2026〕5号 有效"]) is None


@pytest.mark.parametrize(
    ("line", "before", "number"),
    [
        (CODE, NAME, CODE),
        (f"({CODE})", NAME, CODE),
        ("云府办规 [2026] 12 号", NAME, "云府办规[2026]12号"),
        ("云溪市人民政府令第50号", "云溪市古树名木保护办法", "云溪市人民政府令第50号"),
        ("第50号", "云溪市人民政府令", "云溪市人民政府令第50号"),
        ("2026年第3号", "云溪市生态环境局公告", "云溪市生态环境局公告2026年第3号"),
        ("第50号", "某市日报", None),
        ("根据云政发〔2026〕5号", NAME, None),
        ("经研究,云政发〔2026〕5号文件即日起废止。", NAME, None),
        ("云溪路5号", NAME, None),
    ],
)
def test_a_line_that_is_a_document_number(line: str, before: str, number: str | None) -> None:
    assert number_line(line, before) == number


@pytest.mark.parametrize(
    ("headline", "number"),
    [
        (f"{NAME}({CODE})", CODE),
        (f"{NAME} {CODE}", CODE),
        (f"{NAME}({CODE})(全文)", CODE),
        (f"{NAME}({CODE},2026年3月1日)", CODE),
        (f"{CODE}关于印发《云溪市古树名木保护办法》的通知", CODE),
        (f"({CODE})云溪市古树名木保护办法", CODE),
        (f"关于废止({CODE})等文件的决定", None),
        (f"关于落实{CODE}文件的通知", None),
        (f"关于《{NAME}》({CODE})的解读", None),
        (f"解读:{NAME}({CODE})", None),
        ("云溪市举办第5号台风防御演练", None),
    ],
)
def test_a_number_around_the_headline(headline: str, number: str | None) -> None:
    assert number_around(headline) == number
