"""Text that only looks like what it says is read as it looks; what honest writers print stays."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.canonical import Canoniser, canonicalise
from crawler.extraction.decode import decode
from crawler.extraction.hanzi import to_simplified
from crawler.extraction.lostbytes import repair
from crawler.extraction.markup import parse
from crawler.extraction.sheet import lay_out

STORY = "市民王某走进公园赏花，全长三公里的步道两旁种满了海棠和樱花，工作人员提醒游客文明观赏。"
REMADE = {"pinyin-injected", "decorated", "disguised", "mojibake-repaired"}


def alone(text: str) -> str:
    """The canonical form of a text that has to decide for itself."""
    return Canoniser.for_page(text).line(text)


def escaped(text: str) -> str:
    return "".join(f"&#x{ord(character):X};" for character in text)


def strewn(text: str, sign: str) -> str:
    return sign.join(text)


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        ("娱\u200b乐\u2060城\u00ad注\ufeff册", "娱乐城注册"),
        ("市\ufe0f民\U000e0101王某", "市民王某"),
        ("\u202e市民\u202c赏花\u2066。\u2069", "市民赏花。"),
        ("市\u0332民\u0336走\u20dd进公\u0301\u0302园", "市民走进公园"),
        ("⻓⻔⻋站的⻢路", "长门车站的马路"),
        ("⼈⺠政府、⾦⼭", "人民政府、金山"),
        ("\uf9d1安", "六安"),
        ("bеt365.cоm", "bet365.com"),
        ("ΑРР下载", "APP下载"),
        ("投注1О0元", "投注100元"),
        ("𝐕𝐈𝐏会员，ｖｉｐ入口", "VIP会员,vip入口"),
    ],
)
def test_a_line_is_read_as_it_looks(printed: str, canonical: str) -> None:
    assert alone(printed) == canonical


@pytest.mark.parametrize(
    "honest",
    [
        "俄罗斯(Россия)与莫斯科(Москва)的游客",
        "Су-27与МиГ-29两型飞机",
        "直径5μm，角度α、β与γ，圆周率π，TNFα与β2受体",
        "ΔT为3K，Ω与kΩ",
        "希腊语Ελλάδα，字母Ο",
        "偏旁⺮、⺌与⺡",
        "café与naïve，ā á ǎ à",
        "が与ポ",
        "张\ue863同志与张\ue863的同事，张\ue863说" * 3,
        "网页里写&#x5E02;表示市，写&amp;表示和号",
        "亳(bó)州与六(lù)安",
        "（一）“双碳”目标——2030年；②《条例》…",
        "3×4=12，±5℃，№7，㎡",
    ],
)
def test_what_honest_writers_print_is_only_normalised(honest: str) -> None:
    assert canonicalise([STORY, honest]).paragraphs[1] == unicodedata.normalize("NFKC", honest)


def test_a_page_written_in_entities_is_read() -> None:
    page = canonicalise([escaped(STORY), "价格&#x5E02;&#60;"])

    assert page.paragraphs == (alone(STORY), "价格市&#60;")
    assert page.flags == ("disguised",)


def test_a_text_about_entities_is_not_one_written_in_them() -> None:
    lesson = ["&#x5E02; 是市，&#x6C11; 是民，&#x957F; 是长", "空格写作 &#160;&#160;&#160;&#160;"]

    assert canonicalise(lesson).flags == ()
    assert "&#x5E02;" in canonicalise(lesson).paragraphs[0]


@pytest.mark.parametrize("sign", ["\ue001", "\uf8ff", "\U000f0000\ue123"])
def test_unprintable_signs_strewn_between_characters_go(sign: str) -> None:
    page = canonicalise([strewn(STORY, sign)])

    assert page.paragraphs == (alone(STORY),)
    assert page.flags == ("disguised",)


FRAGMENTS = [
    STORY,
    escaped("市民赏花"),
    escaped("市民") + "&#38;#x5E02;",
    "&#x26;#x5E02;",
    "&#",
    "x5E02;",
    strewn(STORY, "\ue001"),
    "\ue001",
    "⻓",
    "⼈",
    "е",
    "e\u0301",
    "é",
    "О",
    "0",
    "a",
    "μ",
    "市\u0332",
    "\u0332",
    "\u115f",
    "\ufe0f",
    "★",
    "(shì)",
    "學",
    "?",
    "\u1100\u1160",
    "\u3164",
    " ",
]
PAGES = st.lists(st.lists(st.sampled_from(FRAGMENTS), max_size=7).map("".join), max_size=4)


@given(PAGES)
def test_canonical_text_is_canonical_and_never_longer(page: list[str]) -> None:
    once = canonicalise(page).paragraphs

    assert canonicalise(once).paragraphs == once
    for printed, paragraph in zip(page, once, strict=True):
        assert len(paragraph) <= len(unicodedata.normalize("NFKC", repair(printed)))


@given(st.text(max_size=80))
def test_any_text_is_settled_at_once(text: str) -> None:
    once = alone(text)

    assert alone(once) == once
    assert unicodedata.is_normalized("NFKC", once)


def normalised(text: str, *, traditional: bool) -> str:
    """What is done to every page: signs without a form of their own left out, NFKC, white space, one script."""
    seen = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") and not "\ufe00" <= c <= "\ufe0f")
    text = unicodedata.normalize("NFKC", seen)
    return " ".join((to_simplified(text) if traditional else text).split())


def test_no_real_page_is_touched(shared: Path) -> None:
    told: dict[str, tuple[str, ...]] = {}
    for path in sorted((shared / "pages").glob("*.html")):
        sheet = lay_out(parse(decode(path.read_bytes()).text))
        pairs = zip(sheet.lines, sheet.plain, strict=True)
        if any(plain != normalised(line.text, traditional=sheet.canon.traditional) for line, plain in pairs):
            told[path.name] = sheet.canon.flags
    assert not [name for name, flags in told.items() if REMADE.isdisjoint(flags)]
    assert len(told) <= 0.02 * len(list((shared / "pages").glob("*.html")))
