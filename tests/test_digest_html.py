"""The digest as HTML: safe whatever pages say, self-contained, readable."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise

import pytest
from digest_hostile import HOSTILE, hostile_day
from digest_sample import (
    HOSTILE_TITLE,
    change,
    digest_of,
    empty_day,
    replaced,
    small_day,
    version,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as tree
from lxml.html import HtmlElement

from monitor.digest.day import Digest
from monitor.digest.html import HEAD, KEPT, LISTED, PASSAGES, SHORT, by_site, kept_text, link, render
from monitor.tell import printable
from storage.records import ChangeKind, Edit

ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "div", "header", "h1", "h2", "h3", "h4", "p", "span", "ul", "ol",
    "li", "nav", "a", "b", "main", "section", "article", "dl", "dt", "dd", "details", "summary", "blockquote", "del",
    "ins", "aside", "svg", "rect", "footer", "desc", "g", "polyline", "circle", "figure",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "html": {"lang"}, "meta": {"charset", "http-equiv", "content", "name"}, "a": {"href", "rel", "class", "lang"},
    "svg": {"viewbox", "preserveaspectratio", "role", "aria-labelledby", "aria-hidden", "class"},
    "rect": {"class", "x", "y", "width", "height"}, "nav": {"class", "aria-label"},
    "div": {"class", "role", "aria-label", "lang"}, "section": {"class", "id", "aria-label"},
    "p": {"class", "lang", "aria-hidden"},
    "polyline": {"class", "points"}, "circle": {"class", "cx", "cy", "r"},
    "th": {"scope", "lang"}, "td": {"class", "data-name", "colspan"},
}  # fmt: skip


def parsed(document: str) -> HtmlElement:
    return tree.document_fromstring(document)


def elements(document: str) -> list[HtmlElement]:
    return [element for element in parsed(document).iter() if isinstance(element.tag, str)]


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def assert_harmless(document: str) -> None:
    for element in elements(document):
        assert element.tag in ALLOWED
        assert {name.lower() for name in element.attrib} <= ATTRIBUTES.get(element.tag, {"class", "id", "lang"})
        if element.tag == "a" and not element.get("href", "").startswith("#"):
            assert re.match(r"https?://[^\s\"<>]+$", element.get("href", ""))
            assert element.get("rel") == "noopener noreferrer nofollow"
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", document)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("digest", [small_day(), empty_day(), empty_day(visits=0)], ids=["small", "empty", "unvisited"])
def test_document_is_harmless_and_self_contained(digest: Digest, lang: str) -> None:
    document = render(digest, lang)  # type: ignore[arg-type]
    assert_harmless(document)
    assert "@import" not in document
    assert "url(" not in document


def test_hostile_title_is_told_as_text() -> None:
    document = render(small_day())
    assert "<script" not in document
    assert printable(HOSTILE_TITLE) in parsed(document).text_content()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_word_of_a_page_becomes_markup(text: str) -> None:
    document = render(hostile_day(text))
    assert_harmless(document)
    assert "49" not in words(parsed(document).find(".//main"))


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="<>&\"'/=:;{}%#!-] \x00\u202ea甲\n", max_size=30))
def test_no_text_at_all_becomes_markup(text: str) -> None:
    assert_harmless(render(hostile_day(text)))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://a.example/1.html", "http://a.example/1.html"),
        ("HTTPS://A.example/?a=1&b=2", "HTTPS://A.example/?a=1&b=2"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.example/", None),
        ("http:///no-host", None),
        ("http://[broken", None),
        ("http://a.example/1.html 现已迁往新址", None),
        ("http://a.example/新闻/1.html", "http://a.example/新闻/1.html"),
        ("page.html", None),
    ],
)
def test_only_web_addresses_become_links(address: str, expected: str | None) -> None:
    assert link(address) == expected


def test_policy_allows_the_style_sheet_and_nothing_else() -> None:
    document = render(small_day())
    style = document.split("<style>")[1].split("</style>")[0]
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', document)
    assert policy == f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    assert "style=" not in document


def test_tampering_stands_before_all_other_sections_and_is_not_linked() -> None:
    page = parsed(render(small_day()))
    sections = [section.get("id") for section in page.findall(".//main/section")]
    assert sections == [
        "tampered", "foremost", "removed", "edited", "retitled", "redated", "backdated", "moved", "restored",
        "redesigned", "widely", "followed", "by-site",
    ]  # fmt: skip
    alarm = page.get_element_by_id("tampered")
    assert alarm.findall(".//a") == []
    assert "hxxp[:]//wenxin[.]example/hijack[.]html" in words(alarm)
    assert [(words(name), words(name.getnext())) for name in alarm.iter("dt")] == [
        ("可疑词", "网页标题 彩票平台<b>注册</b>、真人娱乐"),
        ("网页标题", "校史馆恢复开放 → 彩票平台注册登录"),
        ("隐藏链接", "hxxp[:]//spam[.]invalid/a 真人娱乐"),
    ]
    assert "篡改" in words(page.find('.//div[@class="points"]//li'))


def test_edit_is_marked_in_its_sentence_with_its_fact() -> None:
    edited = parsed(render(small_day())).get_element_by_id("edited")
    passages = [words(passage) for passage in edited.findall(".//article//blockquote")]
    assert "截至10月底，全市累计完成投资6.89亿元7.89亿元，占年度计划的91.2%，其中交通项目完成投资3.2亿元。" in passages
    chips = edited.findall('.//ul[@class="chips"]/li')
    assert [words(chip) for chip in chips] == ["肯定/否定不得", "数字6.89亿 → 7.89亿"]
    assert [element.text for element in edited.iter("del")][:2] == ["可以", "6.89亿"]


def test_mends_and_kept_texts_are_folded() -> None:
    page = parsed(render(small_day()))
    assert all("open" not in fold.attrib for fold in page.iter("details"))
    assert "按时归还" in words(page.get_element_by_id("edited").findall("details")[-1])
    short = page.get_element_by_id("removed")
    assert short.findall(".//details") == []
    assert "外墙与管网改造" in words(short.find('.//div[@class="kept"]'))
    kept = {("http://a.example/1.html", 1): version("a", "1", "题", "旧文" * SHORT)}
    long = parsed(render(digest_of((change("a", "1", ChangeKind.REMOVED, 9, "题"),), kept))).get_element_by_id(
        "removed"
    )
    assert "旧文旧文" in words(long.find('.//details/div[@class="kept"]'))


def test_stories_are_one_item_each() -> None:
    page = parsed(render(small_day()))
    (wide,) = page.get_element_by_id("widely").findall("article")
    assert words(wide.find("h3")) == "兰桥二桥今日合龙3 站刊发"
    assert [words(row) for row in wide.iter("tr")] == [
        "11月22日 07:30 兰桥日报 首发",
        "11月22日 云溪发布 原文",
        "11月22日 10:00 石泉区政府 兰桥二桥合龙 节选40%；41天→14天；标题不同 后来修改",
    ]


def test_an_earlier_story_of_which_a_printing_was_withdrawn_is_told_whole() -> None:
    page = parsed(render(small_day()))
    (followed,) = page.get_element_by_id("followed").findall("article")
    assert [words(row) for row in followed.iter("tr")] == [
        "11月18日 云溪发布 首发",
        "11月19日 09:05 石泉区政府 原文 32个→23个 已撤下",
    ]
    removed = page.get_element_by_id("removed")
    assert "同稿仍在：云溪发布" in words(removed)
    assert [link.get("href") for link in removed.findall('.//p[@class="note"]/a')] == [
        "http://yunxi.example/renewal.html"
    ]


def test_long_things_are_folded_or_cut() -> None:
    long = "长" * (HEAD + 7)
    edits = (Edit("insert", "", long, 0), *(replaced(f"{n}甲", f"{n}乙", None) for n in range(PASSAGES)))
    many = tuple(change("yunxi", f"n{n}", ChangeKind.NEW, 9, f"新稿{n}") for n in range(LISTED + 3))
    kept = {
        ("http://a.example/1.html", 2): version("a", "1", "题", long, number=2),
        ("http://a.example/2.html", 1): version("a", "2", "题", "短段。", "旧" * (KEPT + 5)),
    }
    told = (
        change("a", "1", ChangeKind.EDITED, 9, "题", to_version=2, weight=0.9, edits=edits),
        change("a", "2", ChangeKind.REMOVED, 9, "题"),
        *many,
    )
    page = parsed(render(digest_of(told, kept)))
    folds = [words(fold) for fold in page.iter("summary")]
    assert folds == [f"最后留存的正文与依据（2 段，{KEPT + 8} 字）", "另有 1 处改动", "展开其余 7 字", "其余 3 篇"]
    assert "……余 8 字见存档。" in words(page.get_element_by_id("removed"))


def test_kept_text_is_cut_at_its_limit() -> None:
    shown, left, total = kept_text(["甲" * (KEPT - 1), "乙乙乙", "丙"])
    assert [len(paragraph) for paragraph in shown] == [KEPT - 1, 1]
    assert (left, total) == (3, KEPT + 3)


def test_english_edition_marks_what_is_chinese() -> None:
    page = parsed(render(small_day(), "en"))
    assert page.get("lang") == "en"
    titles = page.findall(".//article/h3/a")
    assert titles
    assert all(title.get("lang") == "zh-Hans" for title in titles)
    assert all(passage.get("lang") == "zh-Hans" for passage in page.iter("blockquote"))


def test_headings_descend_one_level_at_a_time() -> None:
    levels = [int(element.tag[1]) for element in elements(render(small_day())) if re.fullmatch("h[1-6]", element.tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert levels.count(1) == 1


def test_contents_lead_somewhere() -> None:
    page = parsed(render(small_day()))
    targets = [anchor.get("href", "")[1:] for anchor in page.findall(".//nav//a")]
    assert len(targets) == 12
    assert all(page.get_element_by_id(target) is not None for target in targets)


def test_empty_day_is_told_as_such() -> None:
    page = parsed(render(empty_day()))
    assert words(page.find('.//div[@class="points"]')) == "要点 这一天没有变化。访问 1 站共 40 次，失败 1 次。"
    assert page.findall(".//main/section") == []
    assert page.findall(".//nav") == []


def luminance(color: str) -> float:
    digits = color if len(color) == 7 else "#" + "".join(sign * 2 for sign in color[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("fore", "back"),
    [
        ("ink", "paper"), ("soft", "paper"), ("soft", "panel"), ("alarm", "paper"), ("alarm", "alarm-paper"),
        ("ink", "alarm-paper"), ("del", "del-paper"), ("ins", "ins-paper"), ("ins", "paper"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_contrast_is_at_least_4_5_in_every_scheme(fore: str, back: str, scheme: str) -> None:
    """WCAG 2.2 AA for text, from the style sheet's own colours."""
    blocks = re.findall(r":root \{(.*?)\}", render(small_day()), re.DOTALL)
    assert len(blocks) == 3
    colors: dict[str, str] = {}
    for block in [blocks[0]] + ([blocks[1]] if scheme == "dark" else [blocks[2]] if scheme == "print" else []):
        colors |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block))
    light, dark = sorted((luminance(colors[fore]), luminance(colors[back])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_site_s_new_articles_stand_newest_first_and_no_date_makes_one_newer_than_its_finding() -> None:
    printed = {"a": "2026-11-20", "b": "2026-11-22T07:30:00+08:00", "c": "2027-01-01", "d": None}
    told = [version("yunxi", page, page, published_at=day) for page, day in printed.items()]
    changes = [change("yunxi", page, ChangeKind.NEW, hour, page) for hour, page in enumerate(printed, 7)]
    digest = digest_of(tuple(changes), {(one.url, 1): one for one in told})
    ((_, stories),) = by_site(digest)
    assert [story.title for story in stories] == ["d", "c", "b", "a"]
