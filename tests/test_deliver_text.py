"""What messages say: harmless wherever it is shown, within each room, and the same bytes at every attempt."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from drain_desk import START, Desk, busy_day
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from monitor.config import Settings
from monitor.deliver import alert, brief
from monitor.deliver.alarms import Alarm
from monitor.deliver.message import LONGEST_TEXT, Told, as_mail
from monitor.deliver.telling import Telling
from storage.outbox import Letter, LetterState
from storage.records import Article, Change, ChangeKind, Edit, Facts, PageKind, Version

NOW = datetime(2026, 11, 23, 1, 30, 7, 123456, tzinfo=UTC)
LETTER = Letter(
    5, "desk", "mail:1", "digest:2026-11-22", "m", "mail:0", {}, LetterState.CLAIMED, created_at=NOW, next_at=NOW
)
URL = "http://www.yunxi.example/a/1.html"
NASTY = (
    "<script>alert(1)</script>[x](javascript:x)*b*_i_`c`@所有人<@all> https://evil.example.com/ www.evil.com"
    "\r\nBcc: a@b"
)
HIJACK = Change(
    "yunxi",
    URL,
    ChangeKind.TAMPERED,
    NOW,
    title=NASTY,
    id=1,
    evidence={"words": ["博彩"], "hosts": ["evil.example.com"]},
)
GONE = Change("yunxi", URL, ChangeKind.REMOVED, NOW, title="撤下的公告", id=2, from_version=1, how="404")
EDIT = Change(
    "lanqiao", URL, ChangeKind.EDITED, NOW, title="供暖公告", id=3, to_version=2,
    edits=(Edit("replace", "4156户", "4165户", 1),), facts=Facts(numbers=(("4156户", "4165户"),)),
)  # fmt: skip
KEPT = Version("yunxi", URL, 1, NOW, "f", Article(PageKind.ARTICLE, paragraphs=("最后留存的正文。",)))
ALARMS = [(HIJACK, Alarm(1, ("kind",))), (GONE, Alarm(2, ("page",))), (EDIT, Alarm(3, ("watchword",), ("供暖",)))]
NAMES = {"yunxi": "云溪发布"}


def the_alert(lang: str = "zh", more: int = 0) -> Told:
    return alert.told(ALARMS, more, {(URL, 1): KEPT}, NAMES, lang)  # type: ignore[arg-type]


def test_an_alert_says_what_where_why_and_since_when() -> None:
    told = the_alert()
    assert told.urgent
    assert told.subject.startswith("市讯警示：疑遭篡改 云溪发布 ")
    assert told.subject.endswith("（3 项）")
    for said in (
        "受关注的网页",
        "出现关注词 供暖",
        "4156户 → 4165户",
        "最后留存的正文。",
        "返回 404",
        "2026-11-23 09:30",
    ):
        assert said in told.text
        assert said in told.page
    assert "2 more are not listed." in the_alert("en", more=2).text


def test_a_hijacked_address_is_no_link_anywhere() -> None:
    told = alert.told(ALARMS[:1], 0, {}, NAMES, "zh")
    assert "hxxp[:]//www[.]yunxi[.]example/a/1[.]html" in told.page
    assert "evil[.]example[.]com" in told.page
    for text in (told.text, told.page, "\n".join(alert.lines(ALARMS[:1], 0, {}, NAMES, "zh"))):
        assert "://" not in text
    assert html.fromstring(told.page).xpath("//@href") == []
    assert "](" not in re.sub(r"\\.", "", told.markdown)


def test_other_addresses_are_links() -> None:
    told = alert.told(ALARMS[1:2], 0, {}, NAMES, "zh")
    assert html.fromstring(told.page).xpath("//@href") == [URL]
    assert f"[撤下的公告](<{URL}>)" in told.markdown
    assert f"\n{URL}\n" in told.text


def test_an_alert_for_mail_runs_nothing_and_fetches_nothing() -> None:
    page = html.fromstring(the_alert().page)
    assert {element.tag for element in page.iter()} <= {
        "html", "head", "meta", "title", "body", "table", "tr", "td", "div", "span", "a"
    }  # fmt: skip
    assert not page.xpath("//@src | //@*[starts-with(name(), 'on')]")
    assert all(link.startswith("http") for link in page.xpath("//@href"))
    assert "url(" not in the_alert().page


@pytest.mark.parametrize(
    "sign", ["<@", "<script", "@所有人", "](", "*b*", "`c`", "://", "www.evil", "example.com", "\n"]
)
def test_what_a_page_says_is_harmless_in_a_chat(sign: str) -> None:
    assert sign in NASTY
    assert sign not in brief.harmless(NASTY)


def test_what_is_harmless_stays_as_it_is() -> None:
    for text in ("全市完成投资6.89亿元，惠及4156户。", "“十四五”规划（2026—2030年）", "A股 1.5% Q&A"):
        assert brief.harmless(text) == text


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n")), max_size=12), st.integers(60, 400))
def test_a_brief_fits_its_room_and_counts_what_it_leaves_out(lines: list[str], room: int) -> None:
    text = brief.fit(lines, room, "zh", "存档 x")
    assert len(text.encode()) <= room
    if text != "\n".join([*lines, "存档 x"]) and text.count("\n") >= 2:
        shown = text.split("\n")[:-2]
        assert shown == lines[: len(shown)]
        assert f"另有 {len(lines) - len(shown)} 条" in text


def test_a_brief_is_cut_between_characters() -> None:
    assert brief.cut_bytes("市讯简报", 9) == "市讯…"
    assert brief.cut_bytes("市讯", 6) == "市讯"


@pytest.fixture
def busy_telling(desk: Desk, tmp_path: Path) -> Telling:
    busy_day(desk)
    desk.drain()
    desk.archive.running.announce(NAMES | {"lanqiao": "兰桥日报"})
    return Telling(desk.archive, tmp_path)


def day_letter() -> Letter:
    return replace(LETTER, details={"day": "2026-11-21"})


def reader_of(**more: object) -> Settings:
    return Settings.model_validate({"subscribers": {"desk": {"to": "file:x", **more}}})


def test_a_chat_is_told_the_day_in_few_lines(busy_telling: Telling) -> None:
    settings = reader_of()
    told = busy_telling.for_chat(day_letter(), settings.subscribers["desk"], settings, NOW)
    whole = brief.fit(told.lines, 2048, "zh", told.last)
    assert told.title == "市讯 2026年11月21日 星期六"
    assert len(whole.encode()) <= 2048
    assert "疑遭篡改" in whole.split("\n", 1)[0]
    assert "【撤下】云溪发布" in whole
    assert told.last == ""


def test_a_chat_is_told_where_the_whole_stands(busy_telling: Telling) -> None:
    settings = Settings.model_validate(
        {"web": {"address": "https://archive.example.cn/"}, "subscribers": {"desk": {"to": "file:x", "lang": "en"}}}
    )
    told = busy_telling.for_chat(day_letter(), settings.subscribers["desk"], settings, NOW)
    assert told.last == "Archive https://archive.example.cn/day/2026-11-21"
    assert told.title.startswith("Shixun")


def test_a_reader_is_told_what_they_chose(busy_telling: Telling) -> None:
    whole, narrow = reader_of(), reader_of(kinds=["removed"], lang="en")
    everything = busy_telling.message(day_letter(), whole.subscribers["desk"], whole, NOW)
    chosen = busy_telling.message(day_letter(), narrow.subscribers["desk"], narrow, NOW)
    assert "疑遭篡改 1、撤下 1" in everything.subject
    assert chosen.subject.endswith(": withdrawn 1")
    assert chosen.text != everything.text
    assert busy_telling.message(day_letter(), whole.subscribers["desk"], whole, NOW) is everything


def test_an_alert_is_made_from_the_log(busy_telling: Telling, desk: Desk) -> None:
    (tampered,) = desk.archive.reading.changes(kind=ChangeKind.TAMPERED)
    (removed,) = desk.archive.reading.changes(kind=ChangeKind.REMOVED)
    alarms = [[removed.id, ["page"], []], [tampered.id, ["kind"], []], [99_999, ["kind"], []]]
    letter = replace(LETTER, item="alerts:1-9", details={"alarms": alarms, "more": 4})
    settings = reader_of(what="alerts")
    told = busy_telling.message(letter, settings.subscribers["desk"], settings, NOW)
    assert told.subject.startswith("市讯警示：疑遭篡改")
    assert "另有 4 项未列出。" in told.text
    chat = busy_telling.for_chat(letter, settings.subscribers["desk"], settings, NOW)
    assert chat.title == told.subject
    assert chat.lines[0].startswith("1. 【疑遭篡改】")


def mail(told: Told, letter: Letter = LETTER) -> bytes:
    return as_mail(told, letter, "市讯 <desk@shixun.test>", "li@x.test")


def test_mail_is_what_mail_programs_expect() -> None:
    told = Told("市讯：撤下 1" + NASTY, "# 市讯\n.\n", "<p>市讯</p>\n", "zh")
    raw = mail(told)
    assert b"\r\n" in raw
    assert re.search(rb"(?<!\r)\n", raw) is None
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()
    message = message_from_bytes(raw, policy=policy.default)
    assert str(message["from"]) == "市讯 <desk@shixun.test>"
    assert message["to"] == "li@x.test"
    assert message["bcc"] is None
    assert str(message["subject"]).startswith("市讯：撤下 1<script>")
    assert message["list-id"] == "<digest.shixun.shixun.test>"
    assert message["auto-submitted"] == "auto-generated"
    assert message["date"] == "Mon, 23 Nov 2026 09:30:07 +0800"
    assert message.get_content_type() == "multipart/alternative"
    text, page = message.iter_parts()  # type: ignore[attr-defined]
    assert (text.get_content(), page.get_content()) == ("# 市讯\r\n.\r\n", "<p>市讯</p>\r\n")


_ENCODED = "=?utf-8?b?DQpSZXBseS1UbzogYUBiLmMNCg0KaGkgdGhlcmUNCg==?="
"""``CR LF Reply-To: a@b.c CR LF CR LF hi there``, as a header would spell it."""


@pytest.mark.parametrize(
    "title", ["供暖" + _ENCODED, _ENCODED * 3, "=\u200b" + _ENCODED[1:], "=" + _ENCODED, "云溪 " * 20 + _ENCODED]
)
def test_no_title_writes_a_header(title: str) -> None:
    """Also where the title names itself in the signs in which mail spells what is no ASCII."""
    raw = as_mail(Told(title, "正文\n", "<p>正文</p>\n", "zh"), LETTER, f'"{title}" <desk@shixun.test>', "li@x.test")
    message = message_from_bytes(raw, policy=policy.default)
    assert message["reply-to"] is None
    assert b"hi there" not in raw
    assert message["to"] == "li@x.test"
    assert message.get_content_type() == "multipart/alternative"
    assert str(message["subject"]).replace(" ", "").endswith("?=")


def test_a_letter_whose_headers_are_not_ours_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.deliver.message._words", lambda text: text)
    with pytest.raises(ValueError, match="a line break"):
        mail(Told("供暖" + _ENCODED, "x\n", "<p>x</p>\n", "zh"))


def test_a_letter_is_the_same_bytes_at_every_attempt_and_no_other_letter_is() -> None:
    told = Told("市讯", "x\n", "<p>x</p>\n", "zh")
    assert mail(told) == mail(told, replace(LETTER, attempts=3, doubts=1))
    others = [
        replace(LETTER, item="digest:2026-11-23"),
        replace(LETTER, subscriber="li"),
        replace(LETTER, channel="mail:2"),
        replace(LETTER, created_at=START),
    ]
    named = {message_from_bytes(mail(told, letter))["message-id"] for letter in (LETTER, *others)}
    assert len(named) == 5


def test_a_text_that_is_far_too_long_is_cut_with_a_count() -> None:
    told = Told("市讯", "一行字\n" * 40_000, "<p>x</p>\n", "zh")
    (text, _) = message_from_bytes(mail(told), policy=policy.default).iter_parts()  # type: ignore[attr-defined]
    said = text.get_content().replace("\r\n", "\n")
    assert len(said.encode()) <= LONGEST_TEXT + 100
    assert said.endswith(f"……余 {40_000 - said.count('一行字'):d} 行见存档。\n")


def test_a_withdrawal_leads_to_the_archive_and_a_hijack_too() -> None:
    archive = "https://archive.example.cn/"
    told = alert.told(ALARMS[:2], 0, {(URL, 1): KEPT}, NAMES, "zh", (), archive)  # type: ignore[arg-type]
    chat = "\n".join(alert.lines(ALARMS[:2], 0, {}, NAMES, "zh", (), archive))
    for text in (told.text, told.markdown, told.page, chat):
        assert all(f"https://archive.example.cn/change/{number}" in text for number in (1, 2))
        assert URL not in text
    assert html.fromstring(told.page).xpath("//a[.='撤下的公告']/@href") == ["https://archive.example.cn/change/2"]
    assert len(html.fromstring(told.page).xpath("//a[.='存档']/@href")) == 2
    edited = alert.told(ALARMS[2:], 0, {}, NAMES, "zh", (), archive)
    assert html.fromstring(edited.page).xpath("//@href") == [URL, "https://archive.example.cn/change/3"]
    assert "/change/" not in the_alert().page + the_alert().text + the_alert().markdown


def test_an_alert_as_text_has_no_marks() -> None:
    told = the_alert()
    for mark in ("\\", "(<", "\n#", "\n- ", "**"):
        assert mark not in told.text
    assert "\n【撤下】云溪发布 撤下的公告\n" in told.text


def test_tampering_is_called_so() -> None:
    assert "缘由：疑遭篡改\n" in the_alert().text
    assert "重要变化" not in the_alert().text
    assert "Why: suspected tampering\n" in the_alert("en").text


def test_a_watchword_is_shown_in_its_sentence() -> None:
    new = replace(EDIT, kind=ChangeKind.NEW, title="冬季公告", edits=(), facts=Facts(), to_version=1, id=4)
    text = ("各县区：", "今冬气温偏低。市区供暖自11月10日起提前，请互相转告。咨询电话见后。")
    kept = Version("lanqiao", URL, 1, NOW, "f", Article(PageKind.ARTICLE, paragraphs=text))
    told = alert.told([(new, Alarm(4, ("watchword",), ("供暖",)))], 0, {(URL, 1): kept}, NAMES, "zh")
    assert "原句：市区供暖自11月10日起提前，请互相转告。\n" in told.text
    assert "今冬气温偏低" not in told.text
    long = replace(kept, article=Article(PageKind.ARTICLE, paragraphs=("长" * 400 + "供暖" + "尾" * 400,)))
    cut = alert.told([(new, Alarm(4, ("watchword",), ("供暖",)))], 0, {(URL, 1): long}, NAMES, "zh").text
    assert "长供暖尾" in cut
    assert len(cut) < 500


def test_an_altered_date_is_told_as_dates_are() -> None:
    edit = Edit("replace", "2026-11-14T14:42:00+08:00", "2026-11-15", None, "published_at")
    told = alert.told([(replace(EDIT, edits=(edit,)), Alarm(3, ("watchword",), ("供暖",)))], 0, {}, NAMES, "zh")
    assert "11月14日 14:42 → " in told.text
    assert "T14:42" not in told.text + told.page + told.markdown


def test_a_subject_says_what_is_chosen_and_that_a_day_is_not_over(busy_telling: Telling) -> None:
    settings = reader_of(kinds=["redesigned"], sites=["yunxi"])
    reader = settings.subscribers["desk"]
    over = busy_telling.message(day_letter(), reader, settings, NOW)
    assert over.subject == "市讯 2026年11月21日 星期六（选编：云溪发布；改版）：无变化"
    noon = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    running = busy_telling.message(replace(day_letter(), item="digest:2026-11-21@9"), reader, settings, noon)
    assert running.subject == "市讯 2026年11月21日 星期六（当日未完）（选编：云溪发布；改版）：无变化"


def test_a_digest_by_mail_leads_to_the_archive_where_readers_reach_it(busy_telling: Telling) -> None:
    settings = Settings.model_validate(
        {"web": {"address": "https://archive.example.cn"}, "subscribers": {"desk": {"to": "file:x"}}}
    )
    told = busy_telling.message(day_letter(), settings.subscribers["desk"], settings, NOW)
    for text in (told.text, told.page):
        assert "https://archive.example.cn/change/" in text
        assert "https://archive.example.cn/day/2026-11-21" in text
    bare = busy_telling.message(day_letter(), reader_of().subscribers["desk"], reader_of(), NOW)
    assert "/change/" not in bare.text + bare.page
