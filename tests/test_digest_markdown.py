"""The digest as Markdown: no title of a page becomes markup."""

from __future__ import annotations

import pytest
from digest_sample import change, digest_of, empty_day, small_day
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from test_digest_html import HOSTILE, hostile_day

from monitor.digest.markdown import LISTED, escape, render
from monitor.tell import printable
from storage.records import ChangeKind

READER = MarkdownIt("commonmark").enable(["strikethrough", "table"])


def tokens(markdown: str) -> list[Token]:
    blocks = READER.parse(markdown)
    return [token for block in blocks for token in (block, *(block.children or ()))]


def text_of(markdown: str) -> str:
    return "".join(token.content for token in tokens(markdown) if token.type in {"text", "text_special"})


def test_bridge_story_reads_as_it_should() -> None:
    told = render(small_day())
    assert told.startswith(
        "# 市讯 2026年11月22日 星期日\n\n监看 4 站 · 截至 11月23日 08:00（北京时间）\n\n- 1 个页面疑遭篡改："
    )
    assert "- **[兰桥二桥今日合龙](<http://lanqiao.example/bridge.html>)** 3 站刊发\n  - 兰桥日报 · " in told
    assert "  - 兰桥日报 · 11月22日 07:30 · 首发\n" in told
    assert "  - 同稿仍在：[云溪发布](<http://yunxi.example/renewal.html>)\n" in told
    assert "  > 11月18日，石泉区召开老旧小区改造现场推进会" in told
    assert "  - 截至10月底，全市累计完成投资 ~~6.89亿元~~ **7.89亿元** ，占年度计划的91.2%" in told


def test_marks_are_seen_as_marks_also_beside_punctuation() -> None:
    marks = [token.type for token in tokens(render(small_day())) if token.type in {"s_open", "strong_open"}]
    shown = text_of(render(small_day()))
    assert marks.count("s_open") == 7
    assert "~~" not in shown
    assert "**" not in shown


def test_tampered_page_is_not_linked() -> None:
    links = [token.attrs["href"] for token in tokens(render(small_day())) if token.type == "link_open"]
    assert links
    assert not [address for address in links if "hijack" in str(address) or "spam" in str(address)]


MARKDOWN = [
    *HOSTILE,
    "# 标题",
    "- 列表",
    "1. 序号",
    "1) 序号",
    "===",
    "---",
    "> 引文",
    "| 表 | 格 |",
    "![图](http://x.invalid/a.png)",
    "[题](http://x.invalid/)",
    "[题]: http://x.invalid/",
    "<http://x.invalid/>",
    "**粗**__粗__~~删~~`码`",
    "\\*粗\\*",
    "&copy; &#60;b&#62;",
    "    缩进",
    "```",
    "换\n\n# 行",
]


@pytest.mark.parametrize("text", MARKDOWN)
def test_escaped_text_is_one_paragraph_that_says_the_same(text: str) -> None:
    told = tokens(escape("题" + text))
    assert [token.type for token in told if token.type not in {"text", "text_special", "inline"}] == [
        "paragraph_open", "paragraph_close",
    ]  # fmt: skip
    assert text_of(escape("题" + text)) == printable("题" + text).rstrip()


@pytest.mark.parametrize("text", MARKDOWN)
def test_no_word_of_a_page_becomes_markup(text: str) -> None:
    hostile, tame = (sorted_types(render(hostile_day(words))) for words in (text, "普通的话"))
    assert {kind for kind in hostile if kind.startswith(("heading", "image", "html", "table", "code", "fence"))} <= tame
    headings = [token.tag for token in tokens(render(hostile_day(text))) if token.type == "heading_open"]
    assert headings == [token.tag for token in tokens(render(hostile_day("普通的话"))) if token.type == "heading_open"]


def sorted_types(markdown: str) -> set[str]:
    return {token.type for token in tokens(markdown)}


@settings(deadline=None)
@given(st.text(alphabet="*_~`[]()<>#-+=|!\\&;:/.1 a甲，\n", max_size=40))
def test_any_text_reads_back(text: str) -> None:
    """In a list item, where the digest puts it, text comes out as it went in, and as text."""
    told = tokens("- 题 " + escape(text))
    kinds = {token.type for token in told}
    assert kinds <= {
        "bullet_list_open", "list_item_open", "paragraph_open", "inline", "text", "text_special", "paragraph_close",
        "list_item_close", "bullet_list_close",
    }  # fmt: skip
    assert text_of("- 题 " + escape(text)) == ("题 " + printable(text)).rstrip()


@pytest.mark.parametrize("text", ["# 标题", "- 列表", "1. 序号", "12) 序号", "+ 加", "> 引文", "=", "1.5万人"])
def test_text_at_the_head_of_an_item_starts_no_block(text: str) -> None:
    kinds = [token.type for token in tokens("- " + escape(text))]
    assert kinds.count("bullet_list_open") == 1
    assert not {"ordered_list_open", "heading_open", "blockquote_open"} & set(kinds)
    assert text_of("- " + escape(text)) == text


@pytest.mark.parametrize(
    "honest", ["累计投资7.89亿元，同比增长5.1%", "11月22日 08:00", "1.5万人", "“党史”——学习", "C919首飞"]
)
def test_honest_text_is_left_readable(honest: str) -> None:
    assert escape(honest) == honest


def test_bare_addresses_do_not_link_themselves() -> None:
    assert escape("见http://x.invalid/a 或 www.x.invalid") == r"见http\://x.invalid/a 或 www\.x.invalid"


def test_busy_site_is_cut_short() -> None:
    told = render(digest_of(tuple(change("yunxi", f"{n}", ChangeKind.NEW, 9, f"新稿{n}号") for n in range(LISTED + 4))))
    assert told.count("新稿") - told.count("各站新稿") == LISTED
    assert "- 其余 4 篇" in told


def test_empty_day_is_told_as_such() -> None:
    assert render(empty_day()) == (
        "# 市讯 2026年11月22日 星期日\n\n监看 4 站 · 截至 11月23日 08:00（北京时间）\n\n"
        "- 这一天没有变化。访问 1 站共 40 次，失败 1 次。\n\n## 站点状况\n\n"
        "- 1 站全部正常。\n"
    )
