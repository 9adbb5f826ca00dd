"""What is urgent, for whom, and that each urgent thing is posted once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from drain_desk import EDITED, HIJACKED, STORY, Desk, address, story

from monitor.config import AlertsSection, Settings, SubscriberSection
from monitor.deliver.addresses import read_address
from monitor.deliver.alarms import Versions, alarm, concerns, keys_to_read
from monitor.deliver.posting import lane, post_alerts, post_morning, post_now, unposted
from storage.archive import Archive
from storage.outbox import Letter
from storage.records import CHINA, Article, Change, ChangeKind, Edit, PageKind, Version
from storage.sql import open_archive

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
URL = "http://127.0.0.1/a/1.html"
ALERTS = AlertsSection(watchwords=("供暖", "ＡＩ"), pages=(URL,))


def change(kind: ChangeKind, **more: object) -> Change:
    values: dict[str, object] = {"title": "一件事", "id": 7, "to_version": 2, "weight": 0.5}
    return Change("yunxi", URL, kind, NOW, **values | more)  # type: ignore[arg-type]


def saying(text: str, printed: str | None = None, number: int = 2) -> Versions:
    article = Article(PageKind.ARTICLE, title="一件事", published_at=printed, canonical=(text,))
    return {(URL, number): Version("yunxi", URL, number, NOW, "f", article)}


@pytest.mark.parametrize(
    ("told", "versions", "why", "words"),
    [
        (change(ChangeKind.TAMPERED), {}, ("kind",), ()),
        (change(ChangeKind.REMOVED, to_version=None, from_version=2), {}, ("page",), ()),
        (change(ChangeKind.NEW), saying("全市供暖达标"), ("watchword",), ("供暖",)),
        (change(ChangeKind.NEW), saying("发展ai产业"), ("watchword",), ("ＡＩ",)),
        (change(ChangeKind.NEW), saying("供 暖"), ("watchword",), ("供暖",)),
        (change(ChangeKind.EDITED), saying("供暖"), ("watchword",), ("供暖",)),
        (change(ChangeKind.EDITED, edits=(Edit("delete", "供暖", "", 0),)), {}, ("watchword",), ("供暖",)),
        (change(ChangeKind.RETITLED, title="供暖"), {}, ("watchword",), ("供暖",)),
        (change(ChangeKind.NEW), saying("供暖", "2026-11-21"), ("watchword",), ("供暖",)),
    ],
)
def test_what_is_urgent(told: Change, versions: Versions, why: tuple[str, ...], words: tuple[str, ...]) -> None:
    found = alarm(told, ALERTS, versions)
    assert found is not None
    assert (found.change_id, found.why, found.words) == (7, why, words)


@pytest.mark.parametrize(
    ("told", "versions"),
    [
        (replace(change(ChangeKind.REMOVED), url="http://127.0.0.1/a/2.html"), {}),
        (change(ChangeKind.RESTORED), saying("供暖")),
        (change(ChangeKind.MOVED), saying("供暖")),
        (change(ChangeKind.REDESIGNED, title=None, to_version=None), {}),
        (change(ChangeKind.NEW), saying("提供温暖")),
        (change(ChangeKind.NEW), saying("供暖", number=1)),
        (change(ChangeKind.NEW), saying("供暖", "2026-11-19")),
        (change(ChangeKind.EDITED), {}),
    ],
)
def test_what_is_not(told: Change, versions: Versions) -> None:
    assert alarm(told, ALERTS, versions) is None


def test_texts_are_read_only_where_they_decide() -> None:
    kinds = [change(kind) for kind in ChangeKind]
    assert keys_to_read(kinds, ALERTS) == {(URL, 2)}
    quiet = [change(kind) for kind in ChangeKind if kind is not ChangeKind.TAMPERED]
    assert keys_to_read(quiet, AlertsSection()) == set()


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        ({}, True),
        ({"sites": ["yunxi"]}, True),
        ({"sites": ["lanqiao"]}, False),
        ({"kinds": ["edited"]}, True),
        ({"kinds": ["removed"]}, False),
        ({"least_weight": 0.5}, True),
        ({"least_weight": 0.6}, False),
        ({"words": ["供暖"]}, True),
        ({"words": ["学位"]}, False),
    ],
)
def test_filters_hold_for_alerts_too(filters: Mapping[str, object], passes: bool) -> None:
    reader = SubscriberSection.model_validate({"to": "file:x", **filters})
    assert concerns(reader, change(ChangeKind.EDITED), saying("供暖")) is passes


def test_tampering_passes_filters_of_weight_and_words_but_not_of_sites() -> None:
    hijack = change(ChangeKind.TAMPERED, weight=0.1)
    assert concerns(SubscriberSection.model_validate({"to": "file:x", "least_weight": 0.9, "words": "x"}), hijack, {})
    assert not concerns(SubscriberSection.model_validate({"to": "file:x", "sites": "lanqiao"}), hijack, {})


def settings(**alerts: object) -> Settings:
    readers = {
        "chat": {"to": ["json://127.0.0.1:9/x", "mail:li@x.test"], "what": ["alerts"]},
        "press": {"to": "file:press", "what": ["alerts", "digest"], "words": "学位", "at": "09:00"},
        "weekly": {"to": "file:weekly", "what": "weekly"},
    }
    mail = {"host": "127.0.0.1", "from": "desk@shixun.test", "tls": "none"}
    return Settings.model_validate({"subscribers": readers, "alerts": alerts, "mail": mail})


def posted(archive: Archive) -> list[Letter]:
    return list(reversed(archive.outbox.letters()))


def test_what_was_told_before_anybody_listened_is_not_posted(desk: Desk) -> None:
    desk.visit()
    desk.visit(replace(STORY, flags=HIJACKED.flags, surface=HIJACKED.surface))
    desk.drain()
    assert post_alerts(desk.archive, settings(), desk.now) == 0
    assert post_alerts(desk.archive, settings(), desk.now) == 0
    assert posted(desk.archive) == []


def test_each_urgent_change_is_posted_once(desk: Desk) -> None:
    post_alerts(desk.archive, settings(), desk.now)
    desk.visit()
    desk.visit(replace(STORY, flags=HIJACKED.flags, surface=HIJACKED.surface))
    desk.drain()
    assert post_alerts(desk.archive, settings(), desk.now) == 3
    assert post_alerts(desk.archive, settings(), desk.now) == 0
    assert [(letter.subscriber, letter.lane.endswith("!")) for letter in posted(desk.archive)] == [
        ("chat", True),
        ("chat", True),
        ("press", True),
    ]
    (told, *_) = posted(desk.archive)
    ((change_id, why, words),) = told.details["alarms"]  # type: ignore[misc]
    tampered = desk.archive.reading.changes(kind=ChangeKind.TAMPERED)
    assert (change_id, why, words) == (tampered[0].id, ["kind"], [])
    desk.visit(story("另一件事的正文,与上一件无关,只为有一篇文章。" * 3, title="另一件事"), page="2")
    desk.drain()
    assert post_alerts(desk.archive, settings(), desk.now) == 0, "what was told before is not told again with the new"
    assert desk.archive.outbox.reached("alerts") == desk.log()[-1].id


def test_a_watched_page_and_a_watchword_are_posted(desk: Desk) -> None:
    watching = settings(watchwords=["4165户"], pages=[address("2")])
    post_alerts(desk.archive, watching, desk.now)
    desk.visit()
    desk.visit(story("另一件事的正文,与供暖无关,只为有一篇文章。" * 3, title="另一件事"), page="2")
    desk.drain()
    assert post_alerts(desk.archive, watching, desk.now) == 0
    desk.visit(EDITED)
    desk.gone(page="2")
    desk.gone(page="2", after=timedelta(hours=3))
    desk.drain()
    assert post_alerts(desk.archive, watching, desk.now) == 2, "those without the reader who wants other words"
    told = posted(desk.archive)[0].details["alarms"]
    assert sorted((tuple(why), tuple(words)) for _, why, words in told) == [  # type: ignore[attr-defined]
        (("page",), ()),
        (("watchword",), ("4165户",)),
    ]


def test_many_at_once_are_one_letter_and_the_rest_is_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.deliver.posting.MOST_ALARMS", 2)
    watching = settings(watchwords=["乡村"])
    post_alerts(desk.archive, watching, desk.now)
    for page in range(5):
        desk.visit(story(f"乡村第{page}号", f"这是编号{page * 7919}的另一件事"), page=str(page))
    desk.drain()
    assert post_alerts(desk.archive, watching, desk.now) == 2
    (letter, _) = posted(desk.archive)
    assert len(letter.details["alarms"]) == 2  # type: ignore[arg-type]
    assert letter.details["more"] == 3


def test_two_who_post_the_same_log_post_it_once(desk: Desk, tmp_path: Path) -> None:
    other = open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    post_alerts(desk.archive, settings(), desk.now)
    desk.visit()
    desk.visit(replace(STORY, flags=HIJACKED.flags, surface=HIJACKED.surface))
    desk.drain()
    read = desk.archive.reading.changes

    def overtaken(**asked: object) -> list[Change]:
        found = read(**asked)  # type: ignore[arg-type]
        post_alerts(other, settings(), desk.now)
        return found

    desk.archive.reading.changes = overtaken  # type: ignore[method-assign]
    assert post_alerts(desk.archive, settings(), desk.now) == 0
    assert len(posted(desk.archive)) == 3
    other.close()


def morning(day: int) -> tuple[date, datetime]:
    return date(2026, 11, day), datetime(2026, 11, day + 1, 7, 30, tzinfo=CHINA)


def test_a_morning_is_posted_once_each_reader_at_their_hour(desk: Desk) -> None:
    for _ in range(2):
        post_morning(desk.archive, settings(), *morning(24))
    (letter,) = posted(desk.archive)
    assert (letter.subscriber, letter.item) == ("press", "digest:2026-11-24")
    assert letter.next_at == datetime(2026, 11, 25, 9, 0, tzinfo=CHINA)


def test_the_days_when_nobody_posted_come_with_the_next_and_not_all_of_a_long_time(desk: Desk) -> None:
    for day in (10, 12, 18):
        post_morning(desk.archive, settings(), *morning(day))
    items = [letter.item for letter in posted(desk.archive) if letter.subscriber == "press"]
    assert items == [f"digest:2026-11-{day}" for day in (10, 11, 12, 16, 17, 18)]


def test_a_clock_that_ran_ahead_once_silences_nobody_later(desk: Desk) -> None:
    day, now = morning(22)
    post_morning(desk.archive, settings(), date(2027, 11, 28), now + timedelta(days=371))
    before = {letter.item for letter in posted(desk.archive)}
    assert unposted(desk.archive, day, now) == [day]
    for later in range(2):
        post_morning(desk.archive, settings(), *morning(22 + later))
    items = {letter.item for letter in posted(desk.archive)} - before
    assert items == {"digest:2026-11-22", "digest:2026-11-23", "weekly:2026-W47"}
    assert unposted(desk.archive, *morning(23)) == []


def test_a_week_is_posted_on_the_first_morning_after_it_or_later(desk: Desk) -> None:
    for day in (18, 19, 21):
        post_morning(desk.archive, settings(), *morning(day))
    assert [letter.item for letter in posted(desk.archive) if letter.subscriber == "weekly"] == []
    # The service slept on Monday: the week of 16 November comes on Tuesday, once.
    for day in (23, 24, 25):
        post_morning(desk.archive, settings(), *morning(day))
    (letter,) = [letter for letter in posted(desk.archive) if letter.subscriber == "weekly"]
    assert (letter.item, letter.details) == ("weekly:2026-W47", {"week": "2026-11-16"})


def test_a_first_morning_that_is_a_monday_has_its_week(desk: Desk) -> None:
    post_morning(desk.archive, settings(), *morning(22))
    assert [letter.item for letter in posted(desk.archive)] == ["digest:2026-11-22", "weekly:2026-W47"]


def test_a_reader_who_comes_later_gets_the_next_one_or_asks(desk: Desk) -> None:
    day, now = morning(24)
    post_morning(desk.archive, Settings(), day, now)
    post_morning(desk.archive, settings(), day, now)
    assert posted(desk.archive) == []
    assert post_now(desk.archive, settings(), day, now) == "digest:2026-11-24"
    (letter,) = posted(desk.archive)
    assert letter.next_at == now.astimezone(UTC)


def test_what_is_urgent_has_lanes_of_its_own() -> None:
    lanes = {lane(read_address(f"mail:r{n}@x.test"), urgent=False) for n in range(50)}
    assert lanes == {f"mail:{n}" for n in range(4)}
    assert lane(read_address("file:x"), urgent=False) == lane(read_address("file:y"), urgent=False) == "file"
    one, other = (read_address(f"json://127.0.0.1:9/{name}") for name in "ab")
    assert len({lane(one, urgent=False), lane(one, urgent=True), lane(other, urgent=False)}) == 3
