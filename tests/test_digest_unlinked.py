"""What a page says becomes no link in a mail program or a chat, and reads as it did."""

from __future__ import annotations

import re

import pytest
from digest_sample import change, digest_of
from hypothesis import given
from hypothesis import strategies as st

from monitor.deliver.brief import harmless, unlinked
from monitor.digest import html, mail, markdown, plain
from monitor.digest.unlinked import defanged, parted, spelled
from storage.records import ChangeKind

BAIT = ("www.spam.example", "彩票.com", "http://spam.example/a", "例子.中国", "user@spam.example", "203.0.113.9/x")
PLAIN = ("投资7.89亿元", "增长3.5%", "2026.11.22", "栖政办发〔2026〕18号", "第1.2节", "9:30开始", "全文。完")
LINKED = re.compile(r"://|\w\.[^\W\d_]|\d\.\d{1,3}\.\d{1,3}\.\d")
"""What programs take for an address: a scheme, a dot before a letter, four numbers between dots."""


@pytest.mark.parametrize("bait", BAIT)
def test_an_address_is_parted(bait: str) -> None:
    assert LINKED.search(bait)
    assert not LINKED.search(parted(bait))
    assert parted(bait).replace("\u200b", "") == bait
    assert not LINKED.search(spelled(bait, "[.]", "[:]"))
    assert not LINKED.search(unlinked(bait))
    assert not LINKED.search(harmless(bait))


@pytest.mark.parametrize("words", PLAIN)
def test_figures_dates_and_stops_stay(words: str) -> None:
    assert parted(words) == spelled(words, "[.]", "[:]") == words


def test_a_number_to_call_is_parted_where_a_hijack_is_told() -> None:
    assert "13800000000" not in spelled("加微信13800000000", "[.]", "[:]")
    assert spelled("共1380000人", "[.]", "[:]").replace("\u200b", "") == "共1380000人"


@given(st.text(alphabet="a例.1:/@ 。", max_size=30))
def test_parting_takes_nothing_away(text: str) -> None:
    assert parted(text).replace("\u200b", "") == text


def test_a_title_becomes_a_link_neither_in_the_page_nor_in_the_plain_part_of_a_mail() -> None:
    told = digest_of((change("yunxi", "p", ChangeKind.REMOVED, 9, "请看 彩票.com 与 www.spam.example", weight=0.5),))
    assert "彩票.com" not in mail.render(told)
    text = plain.render(told)
    assert "彩票.com" not in text
    assert "www.spam.example" not in text
    # The digest's own link to the page is one.
    assert " http://yunxi.example/p.html " in text


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("bc77.example", "bc77[.]example"),
        ("http://bc77.example/a.html", "hxxp[:]//bc77[.]example/a[.]html"),
        ("HTTPS://BC77.EXAMPLE/", "hxxPS[:]//BC77[.]EXAMPLE/"),
        ("增长3.5%，见http说明", "增长3.5%，见http说明"),
    ],
)
def test_an_address_that_must_not_be_opened_is_written_one_way(address: str, told: str) -> None:
    assert defanged(address) == unlinked(address) == harmless(address) == defanged(told) == told


def test_a_hijack_is_told_alike_in_each_form() -> None:
    hijack = change(
        "yunxi", "p", ChangeKind.TAMPERED, 9, "棋牌 bc77.example 注册", note="新增 bc77.example",
        evidence={"throwaway": ["bc77.example"], "redirects": ["http://bc77.example/x"]},
    )  # fmt: skip
    for form in (html, mail, markdown, plain):
        text = form.render(digest_of((hijack,))).replace("\\", "")
        assert "bc77.example" not in text
        assert "yunxi.example" not in text
        assert "hxxp[:]//bc77[.]example/x" in text
        assert "hxxp[:]//yunxi[.]example/p[.]html" in text
