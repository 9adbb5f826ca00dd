"""Canonical text: what mirrors put in is undone, what honest pages print stays."""

from __future__ import annotations

import re
import unicodedata
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.canonical import Canoniser, canonicalise
from crawler.extraction.lostbytes import repair
from crawler.extraction.pinyin import readings

HONEST = (
    "5月7日上午，市党史学习教育第十巡回指导组进驻市文化广电旅游局。会议强调，要认真学习贯彻习近平总书记重要讲话精神。",
    "　　全市4156名新党员（含预备党员）参加宣誓，世界卫生组织(WHO)驻华代表到会。",
    "为什么?我们要学习党史?！为什么？！",
    "",
    "服务★★★★★　环境★★★★　价格★★★",
    "编辑：李某(Li)；维生素(A)；约(an)一天；会议(3月)",
)
TRADITIONAL = "自黨史學習教育開展以來，我市按照總要求，認真貫徹落實中央決策部署，取得了黨員幹部受教育的良好成效。"
SIMPLIFIED = "自党史学习教育开展以来,我市按照总要求,认真贯彻落实中央决策部署,取得了党员干部受教育的良好成效。"
MIRRORED = (
    "自黨史學(xué)習(xí)教育開(kāi)展(zhan)以來(lái)，我市按照總(zǒng)要求，認(rèn)真貫徹落實(shí)中央決策部署，"
    "取得了黨員干部受教育的良好成效。"
)


def alone(text: str) -> str:
    """The canonical form of a text that has to decide for itself."""
    return Canoniser.for_page(text).line(text)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def glossed(text: str, forms: list[str]) -> str:
    """Every character of ``text`` that has a form in the cycle, glossed in it: ``{}`` is its toneless reading."""
    form = cycle(forms)
    return "".join(c + next(form).format(min(readings(c))) if readings(c) else c for c in text)


def test_an_honest_page_is_only_normalised() -> None:
    canonical = canonicalise(HONEST)

    assert canonical.paragraphs == tuple(map(plain, HONEST))
    assert canonical.flags == ()


def test_a_mirror_page_becomes_its_original() -> None:
    canonical = canonicalise([MIRRORED, "切實(shí)把要求落到實(shí)處?！痹邳h史學(xué)習(xí)教育動(dòng)員大會(huì)上"])

    assert canonical.paragraphs == (SIMPLIFIED, "切实把要求落到实处。”在党史学习教育动员大会上")
    assert canonical.flags == ("traditional", "pinyin-injected", "mojibake-repaired")


def test_labels_follow_what_was_decided_for_their_page() -> None:
    page = Canoniser.for_page(MIRRORED)

    assert page.flags == ("traditional", "pinyin-injected")
    assert page.line("省內(nèi)展(zhan)覽 於洋") == "省内展览 于洋"
    assert Canoniser.for_page(SIMPLIFIED).line("於洋") == "於洋"


def test_paragraphs_follow_a_page_that_is_known_better() -> None:
    assert canonicalise(["里(lǐ)程"], Canoniser(pinyin=True)).paragraphs == ("里程",)


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        ("時(shí)事聚焦", "时事聚焦"),
        ("時（shí）事聚焦", "时事聚焦"),
        ("婁底日報(bào)", "娄底日报"),
        ("婁底日報", "娄底日报"),
        ("沿著青年蔡和森的足跡", "沿著青年蔡和森的足迹"),
        ("  ２０２１年\u3000工作\xa0\n\t要点\u200b\ufeff ", "2021年 工作 要点"),
        ("通\u00ad知", "通知"),
        ("", ""),
    ],
)
def test_a_line_decides_for_itself(printed: str, canonical: str) -> None:
    assert alone(printed) == canonical


class TestScript:
    def test_an_honest_page_keeps_a_traditional_quotation_and_names(self) -> None:
        page = (*HONEST, "匾额上书“天下為公”四字，由書法家於右任题写。", "王昇、陶喆、於幼军出席。")

        assert canonicalise(page).paragraphs == tuple(map(plain, page))

    @pytest.mark.parametrize("name", ["王昇", "乾县", "瞭望", "李於洋", "朱镕基"])
    def test_names_that_simplified_texts_print_are_no_evidence(self, name: str) -> None:
        assert alone(name) == name

    def test_a_traditional_page_with_a_simplified_signature_is_traditional(self) -> None:
        assert canonicalise([TRADITIONAL, "编辑：刘某"]).flags == ("traditional",)


class TestPinyin:
    @pytest.mark.parametrize(
        "forms",
        [
            ["({})"],
            ["（{}）"],
            ["( {} )"],
            ["({0})({0})"],
            ["({})", "（{}）"],
        ],
        ids=["toneless", "full width", "spaced", "doubled", "mixed"],
    )
    def test_every_form_of_gloss_goes(self, forms: list[str]) -> None:
        printed = glossed(TRADITIONAL, forms)

        assert printed != TRADITIONAL
        assert canonicalise([printed]).paragraphs == canonicalise([TRADITIONAL]).paragraphs
        assert canonicalise([printed]).flags == ("traditional", "pinyin-injected")

    @pytest.mark.parametrize(
        ("printed", "canonical"),
        [
            ("綠(lǜ)色(lu)", "绿色(lu)"),
            ("旅(lu)遊", "旅游"),
            ("葉(xié)韻", "叶韵"),
            ("調(tiáo)解、調(dào)", "调解、调(dào)"),
        ],
        ids=["not its own", "umlaut lost", "simplified form's", "other readings"],
    )
    def test_a_reading_is_the_characters_own(self, printed: str, canonical: str) -> None:
        assert Canoniser(traditional=True, pinyin=True).line(printed) == canonical

    @pytest.mark.parametrize(
        "damaged",
        ["會(hu眫)議", "動(d?ng)員", "動(d\ufffdng)員", "動(d貌ng)員", "動(d皀g)員", "愛(眫i)黨"],
    )
    def test_a_damaged_tone_goes_with_the_others(self, damaged: str) -> None:
        canonical = canonicalise([MIRRORED, damaged])

        assert "(" not in canonical.paragraphs[1]

    @pytest.mark.parametrize(
        "honest",
        [
            "会(x月)議",
            "條(篇)",
            "黨委(黨組)",
            "衛生組織(WHO)",
            "李(Li)",
            "約(an)",
            "米(m)",
            "學(校)",
            "學(xi)",
            "共126個(項)",
            "維生素(A)",
            "甲(b)",
            "動(d?nk)",
            "動(?)",
            "動(d眫眫眫ng)",
        ],
    )
    def test_other_brackets_stay_on_an_injected_page(self, honest: str) -> None:
        page = Canoniser(pinyin=True)

        assert page.line(honest) == honest

    @pytest.mark.parametrize(
        "honest",
        [
            "郴(chēn)州市与赣(gàn)州市签约。",
            "六(lù)安、台(tāi)州、单(shàn)县、乐(yuè)亭、东阿(ē)、铅(yán)山、番(pān)禺，你读对了吗？",
            "“和(hé)”文化节开幕，“福(fú)”字贴满全城。",
            "易读错的字：载(zài)、处(chǔ)、较(jiào)、重(zhòng)、发(fà)、合(hé)、应(yìng)。",
            "喆(zhé)、堃(kūn)、淼(miǎo)，带这些字的名字越来越多；喆(zhé)字最多。",
            "鱻(xiān)、龘(dá)等生僻字，粵語新聞也有報道。",
            "他(ta)和她(ta)。",
        ],
        ids=["rare", "unusual readings", "slogans", "misread list", "names", "traditional rare", "toneless"],
    )
    def test_an_honest_page_keeps_its_glosses(self, honest: str) -> None:
        canonical = canonicalise([*HONEST, honest])

        assert canonical.flags == ()
        assert canonical.paragraphs[-1] == plain(honest)

    def test_an_honest_traditional_page_keeps_its_unusual_readings(self) -> None:
        canonical = canonicalise([TRADITIONAL, "樂(yuè)亭縣、單(shàn)縣、會(kuài)稽"])

        assert canonical.flags == ("traditional",)
        assert canonical.paragraphs[1] == "乐(yuè)亭县、单(shàn)县、会(kuài)稽"

    def test_simplified_pages_are_injected_where_glosses_repeat(self) -> None:
        printed = "学(xué)党史、学(xué)理论，时(shí)时(shí)处处发(fā)展(zhǎn)经济"

        assert canonicalise([printed]).paragraphs == ("学党史、学理论,时时处处发展经济",)

    def test_one_toned_gloss_of_an_everyday_traditional_character_is_enough_and_one_toneless_is_not(self) -> None:
        assert Canoniser.for_page("時(shí)事").pinyin
        assert not Canoniser.for_page("時(shi)事").pinyin
        assert Canoniser.for_page("時(shi)事聚焦，省內(nei)要聞").pinyin

    def test_the_old_letters_of_gb_2312_and_typed_umlauts_are_known(self) -> None:
        assert alone("綠(lv)色黨(d\u0251ng)員，紅(h\u00f3n\u0261)軍") == "绿色党员,红军"


class TestOrnaments:
    @pytest.mark.parametrize(
        "printed",
        [
            "自党史★学习教育✿开展以来，我市❀按照总要求",
            "自党史★✿学习教育开展以来，我市❀❀按照总要求",
            "自党★史学★习教★育开展以来，我市按照总要求",
            "自党史学★习★教★育开展以来，我市按照总要求",
        ],
    )
    def test_ornaments_between_characters_go(self, printed: str) -> None:
        canonical = canonicalise([printed])

        assert canonical.paragraphs == ("自党史学习教育开展以来,我市按照总要求",)
        assert canonical.flags == ("decorated",)

    def test_a_title_parted_character_by_character_is_decorated(self) -> None:
        assert alone("党★史★学★习教育") == "党史学习教育"

    def test_ornaments_go_before_the_pinyin_they_part(self) -> None:
        canonical = canonicalise(["自黨★史學✿(xué)習(xí)❀教育開展以來★，我市"])

        assert canonical.paragraphs == ("自党史学习教育开展以来,我市",)
        assert canonical.flags == ("traditional", "pinyin-injected", "decorated")

    @pytest.mark.parametrize(
        "honest",
        [
            "★重点推荐：市图书馆开放",
            "招聘★求职★租房★二手",
            "服务★★★★★环境★★★★价格★★★",
            "文似观山不喜平◆记住我,来上我~",
            "五星级★★★★★酒店三家、四星级★★★★酒店五家",
            "张○○、李○○二○二一年四月，检查□合格□不合格",
            "当事人刘××",
        ],
    )
    def test_honest_ornaments_stay(self, honest: str) -> None:
        canonical = canonicalise([*HONEST, honest])

        assert canonical.flags == ()
        assert canonical.paragraphs[-1] == plain(honest)

    def test_ratings_and_bullets_stay_on_a_decorated_page_at_the_edges(self) -> None:
        page = Canoniser(decorated=True)

        assert page.line("★★重点 学★★习 服务★★★★★ 环境★★★") == "★★重点 学习 服务★★★★★ 环境★★★"


FRAGMENTS = [
    *HONEST,
    TRADITIONAL,
    MIRRORED,
    "學(xué)(xí)",
    "學(x(xué)ué)",
    "★✿",
    "★",
    "學★習✿(xí)",
    "?！痹邳h史",
    "?",
    "？",
    "\ufffd",
    "！",
    "(hu眫)",
    "會",
    "乾",
    "於",
    "麼",
    "\u200b",
    "\u3000",
    "e\u0301",
    "(",
    ")",
    "（ｘｕé）",
    "㎡",
    "①",
    "\n",
]
PAGES = st.lists(st.lists(st.sampled_from(FRAGMENTS), max_size=6).map("".join), max_size=5)


@given(PAGES)
def test_canonical_text_is_canonical(page: list[str]) -> None:
    once = canonicalise(page).paragraphs

    assert canonicalise(once).paragraphs == once


@given(PAGES)
def test_paragraphs_stay_in_number_and_order_and_never_grow(page: list[str]) -> None:
    canonical = canonicalise(page)

    assert len(canonical.paragraphs) == len(page)
    for printed, paragraph in zip(page, canonical.paragraphs, strict=True):
        assert len(paragraph) <= len(unicodedata.normalize("NFKC", repair(printed)))
        assert paragraph == paragraph.strip()


@given(st.text(max_size=60))
def test_any_text_has_a_canonical_form(text: str) -> None:
    line = alone(text)

    assert not re.search(r"[\x00-\x08\u200b\ufeff]|\s\s", line)
    assert unicodedata.is_normalized("NFKC", line)


@given(st.lists(st.sampled_from(HONEST), min_size=1, max_size=6))
def test_honest_simplified_text_is_itself(page: list[str]) -> None:
    assert canonicalise(page).paragraphs == tuple(map(plain, page))
