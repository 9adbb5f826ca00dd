"""The digest as a mail: small, whole, harmless, and told with nothing but tables and inline styles."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from digest_hostile import HOSTILE, hostile_day
from digest_sample import change, digest_of, empty_day, small_day, url, version
from lxml import html as tree
from lxml.html import HtmlElement

from monitor.digest.choose import choose
from monitor.digest.day import Digest
from monitor.digest.mail import ROOM, STEPS, render
from storage.records import Change, ChangeKind, Edit, Facts, Version

ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "h3", "p", "span", "a", "b", "del", "ins",
    "table", "tbody", "tr", "td", "th",
}  # fmt: skip


def parsed(document: str) -> HtmlElement:
    return tree.document_fromstring(document)


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def assert_harmless(document: str) -> None:
    for element in parsed(document).iter():
        assert isinstance(element.tag, str)
        assert element.tag in ALLOWED
        assert not [name for name in element.attrib if name.startswith("on") or name in {"src", "background"}]
        if element.tag == "a":
            assert re.match(r"https?://[^\s\"<>]+$", element.get("href", ""))
    assert not re.search(r"url\(|@import|<svg|<script|<img", document)
    assert len(document.encode()) <= ROOM


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("digest", [small_day(), empty_day(), empty_day(visits=0)], ids=["small", "empty", "unvisited"])
def test_a_mail_is_harmless_and_styled_in_line(digest: Digest, lang: str) -> None:
    document = render(digest, lang)  # type: ignore[arg-type]
    assert_harmless(document)
    body = parsed(document).find("body")
    assert body is not None
    assert "background" in body.get("style", "")
    assert not body.findall(".//style")
    assert document.count("<style>") == 1
    assert "prefers-color-scheme" in document.split("<style>")[1]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_word_of_a_page_becomes_markup(text: str) -> None:
    assert_harmless(render(hostile_day(text)))


def test_a_hijacked_page_s_addresses_cannot_be_followed() -> None:
    alarm = parsed(render(small_day())).find('.//table[@class="alarm"]')
    assert alarm is not None
    assert alarm.findall(".//a") == []
    assert "hxxp[:]//wenxin[.]example/hijack[.]html" in words(alarm)
    assert not re.search(r"https?://|\w\.[a-zA-Z]", words(alarm))


def test_a_figure_is_no_address() -> None:
    told = change("wenxin", "1", ChangeKind.TAMPERED, 9, "拿下18.6亿元订单")
    assert "拿下18.6亿元订单" in render(digest_of((told,)))


def test_a_mail_tells_the_day() -> None:
    told = words(parsed(render(small_day(), page="http://127.0.0.1:8765/day/2026-11-22")))
    for said in (
        "1 个页面疑遭篡改",
        "石泉区召开老旧小区改造现场推进会",
        "6.89亿元7.89亿元",
        "节选40%；41天→14天",
        "文新大学 被拦截 2 次13.6%13",
    ):
        assert said in told
    assert "http://127.0.0.1:8765/day/2026-11-22" in render(small_day(), page="http://127.0.0.1:8765/day/2026-11-22")
    assert "在网页上看全文" not in words(parsed(render(small_day())))


def long_day(edits: int, size: int) -> Digest:
    """A day of so many edits, withdrawals and new articles, with texts of so many characters."""
    kept: dict[tuple[str, int], Version] = {}
    told: list[Change] = []
    for number in range(edits):
        page, text = f"p{number}", f"第{number}号通知" + "各县区要压实责任，" * (size // 9)
        kept[url("yunxi", page), 2] = version("yunxi", page, f"关于第{number}号通知的说明", text, number=2)
        facts = Facts(numbers=((f"{number}名", f"{number + 1}名"),))
        told.append(
            change("yunxi", page, ChangeKind.EDITED, 9, f"关于第{number}号通知的说明", to_version=2, weight=0.5,
                   facts=facts, edits=(Edit("insert", "", text, 0), Edit("delete", text, "", 1)))
        )  # fmt: skip
        told.append(change("lanqiao", page, ChangeKind.REMOVED, 10, f"第{number}号稿件" * 5, weight=0.9))
        told.append(change("wenxin", page, ChangeKind.NEW, 11, f"第{number}篇新稿的题目比较长" * 3, weight=0.5))
        kept[url("lanqiao", page), 1] = version("lanqiao", page, "题", *[text] * 5)
    return digest_of(tuple(told), kept)


@pytest.mark.parametrize(("edits", "size"), [(60, 300), (700, 900)])
def test_a_long_day_is_cut_and_says_so(edits: int, size: int) -> None:
    document = render(long_day(edits, size))
    assert len(document.encode()) <= ROOM
    left = [int(found) for found in re.findall(r"此处略去 (\d+) 件", words(parsed(document)))]
    shown = len(parsed(document).findall(".//h3"))
    assert left
    assert sum(left) + shown >= 2 * edits


def test_endless_words_do_not_burst_a_mail() -> None:
    day = long_day(3, 9)
    title = "长" * 1_000_000
    told = replace(day, removed=tuple(replace(item, title=title) for item in day.removed))
    assert len(render(told).encode()) <= ROOM
    endless = change("yunxi", "x" * 200_000, ChangeKind.REMOVED, 9, "题")
    assert len(render(digest_of((endless,))).encode()) <= ROOM


def test_each_step_tells_less_than_the_one_before() -> None:
    for more, less in pairwise(STEPS):
        assert less != more
        assert all(getattr(less, name) <= getattr(more, name) for name in more.__slots__)


def test_a_chosen_digest_says_what_it_holds() -> None:
    assert "选编：云溪发布" in words(parsed(render(choose(small_day(), ["yunxi"]))))
