"""Letters on their way, over real databases and a real mail server: each digest comes once, whatever breaks."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from chat_robot import listening
from drain_desk import Desk, busy_day
from mail_server import Post

from monitor.config import Settings
from monitor.deliver import smtp
from monitor.deliver.dispatch import LEASE, Dispatcher
from monitor.deliver.message import Told
from monitor.deliver.patience import DOUBT_PAUSE, GIVEN_UP_AFTER
from monitor.deliver.posting import CONVERSATIONS, post_morning, post_now
from monitor.deliver.telling import Telling
from storage.archive import Archive
from storage.errors import DatabaseLocked
from storage.outbox import LetterState
from storage.sql import open_archive

DAY = date(2026, 11, 21)
MORNING = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


def readers(post: Post | None = None, **to: object) -> Settings:
    sections: dict[str, object] = {"subscribers": {name: {"to": place} for name, place in to.items()}}
    if post is not None:
        sections["mail"] = post.settings
    return Settings.model_validate(sections)


@pytest.fixture
def told(archive: Archive) -> Archive:
    """An archive whose log tells of a busy day."""
    desk = Desk(archive)
    busy_day(desk)
    desk.drain()
    return archive


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Archive]:
    """The same over SQLite alone."""
    opened = open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    desk = Desk(opened)
    busy_day(desk)
    desk.drain()
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "PATIENCE", 0.1)


@pytest.fixture
def _in_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters that say little: what a digest says is no matter here."""
    said = Told("市讯", "# 市讯\n", "<!doctype html>\n<p>市讯", "zh")
    monkeypatch.setattr(Telling, "message", lambda *_: said)


def sender(archive: Archive, home: Path, settings: Settings, clock: Callable[[], datetime]) -> Dispatcher:
    return Dispatcher(archive, home, lambda: settings, clock, chance=lambda: 0.5)


def states(archive: Archive) -> dict[str, str]:
    return {letter.subscriber: letter.state.value for letter in archive.outbox.letters()}


def test_a_digest_reaches_mailbox_and_folder_once(told: Archive, post: Post, tmp_path: Path) -> None:
    clock, settings = Clock(), readers(post, li="mail:li@x.test", desk=["file:desk", "mail:desk@x.test"])
    for _ in range(3):
        post_now(told, settings, DAY, clock())
        sender(told, tmp_path, settings, clock).drain()
        clock.move(60 * MINUTE)
    assert sorted(post.office.names()) == ["desk@x.test", "li@x.test"]
    assert told.outbox.counts() == {LetterState.SENT: 3}
    assert sorted(path.suffix for path in (tmp_path / "out" / "desk").iterdir()) == [".html", ".json", ".md"]
    (mail,) = post.office.arrived("li@x.test")
    assert "2026年11月21日" in str(mail["subject"])
    text, page = mail.iter_parts()
    assert text.get_content_type(), page.get_content_type() == ("text/plain", "text/html")
    assert text.get_content().startswith("市讯 2026年11月21日")
    assert page.get_content().lstrip().lower().startswith("<!doctype html")


@pytest.mark.usefixtures("_in_short")
def test_one_who_is_refused_holds_up_nobody(told: Archive, post: Post, tmp_path: Path) -> None:
    names = ("gone", "full", "early", "inside", "spam", "late", "li", "wang", "mute")
    settings = readers(post, **{name: f"mail:{name}@x.test" for name in names})
    clock = Clock()
    post_now(told, settings, DAY, clock())
    work = sender(told, tmp_path, settings, clock)
    work.drain()
    assert {"li", "wang"} <= {name for name, state in states(told).items() if state == "sent"}
    for _ in range(40):
        clock.move(DOUBT_PAUSE)
        work.drain()
    arrived = Counter(name.partition("@")[0] for name in post.office.names())
    assert arrived == dict.fromkeys(("early", "inside", "late", "li", "wang", "mute"), 1)
    found = states(told)
    assert (found["gone"], found["spam"], found["full"]) == ("refused", "refused", "waiting")
    clock.move(GIVEN_UP_AFTER)
    work.drain()
    assert states(told)["full"] == "given-up"
    assert "451" in str(told.outbox.letters({LetterState.GIVEN_UP})[0].last_error)


@pytest.mark.usefixtures("_in_short")
def test_a_message_in_doubt_is_sent_again_late_seldom_and_under_the_same_name(
    small: Archive, post: Post, tmp_path: Path
) -> None:
    """The worst server: it keeps each message, and never says so."""
    post.office.keeps_late, post.office.patience = True, 99
    settings, clock = readers(post, mute="mail:mute@x.test"), Clock()
    post_now(small, settings, DAY, clock())
    work = sender(small, tmp_path, settings, clock)
    work.drain()
    clock.move(DOUBT_PAUSE - MINUTE)
    work.drain()
    assert len(post.office.kept) == 1
    for _ in range(100):
        clock.move(DOUBT_PAUSE)
        work.drain()
    assert states(small) == {"mute": "unsure"}
    assert len(post.office.kept) == 3
    assert len({body for _, body in post.office.kept}) == 1, "the same bytes, and with them the same Message-ID"


@pytest.mark.usefixtures("_in_short")
def test_a_server_that_is_away_is_asked_by_one_letter_at_a_time(small: Archive, post: Post, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings = readers(post, **{f"r{n}": f"mail:r{n}@x.test" for n in range(8)})
    away = settings.model_copy(update={"mail": post.settings.model_copy(update={"port": port})})
    clock = Clock()
    post_now(small, settings, DAY, clock())
    sender(small, tmp_path, away, clock).drain()
    letters = small.outbox.letters()
    assert {letter.state for letter in letters} == {LetterState.WAITING}
    assert 1 <= sum(letter.attempts for letter in letters) <= CONVERSATIONS
    assert "cannot be reached" in str([letter.last_error for letter in letters])
    sender(small, tmp_path, settings, clock).drain()
    clock.move(2 * MINUTE)
    sender(small, tmp_path, settings, clock).drain()
    assert Counter(post.office.names()) == {f"r{n}@x.test": 1 for n in range(8)}


@pytest.mark.usefixtures("_in_short")
def test_an_address_that_was_taken_out_gets_nothing(small: Archive, post: Post, tmp_path: Path) -> None:
    clock = Clock()
    post_now(small, readers(post, li="mail:li@x.test", wang="mail:wang@x.test"), DAY, clock())
    for _ in range(2):
        sender(small, tmp_path, readers(post, li="mail:li2@x.test"), clock).drain()
        clock.move(GIVEN_UP_AFTER)
    assert states(small) == {"li": "dropped", "wang": "dropped"}
    assert post.office.kept == []


@pytest.mark.usefixtures("_in_short")
def test_an_address_that_was_away_for_one_look_loses_nothing(small: Archive, post: Post, tmp_path: Path) -> None:
    clock, settings = Clock(), readers(post, li="mail:li@x.test")
    post_now(small, settings, DAY, clock())
    sender(small, tmp_path, readers(post, wang="mail:wang@x.test"), clock).drain()
    assert states(small) == {"li": "waiting"}
    clock.move(2 * MINUTE)
    sender(small, tmp_path, settings, clock).drain()
    assert post.office.names() == ["li@x.test"]


@pytest.mark.usefixtures("_in_short")
def test_what_was_dropped_is_sent_when_somebody_asks_for_it(small: Archive, post: Post, tmp_path: Path) -> None:
    clock, settings = Clock(), readers(post, li="mail:li@x.test")
    post_now(small, settings, DAY, clock())
    for _ in range(2):
        sender(small, tmp_path, readers(post, wang="mail:wang@x.test"), clock).drain()
        clock.move(GIVEN_UP_AFTER)
    assert states(small) == {"li": "dropped"}
    post_now(small, settings, DAY, clock())
    sender(small, tmp_path, settings, clock).drain()
    assert states(small) == {"li": "sent"}


@pytest.mark.usefixtures("_in_short")
def test_a_letter_that_cannot_be_made_holds_up_nobody(
    small: Archive, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, settings = Clock(), readers(post, li="mail:li@x.test", desk="file:desk")
    post_now(small, settings, DAY, clock())
    (tmp_path / "out").write_text("in the way of the folder", "utf-8")
    sender(small, tmp_path, settings, clock).drain()
    assert states(small) == {"li": "sent", "desk": "waiting"}


@pytest.mark.usefixtures("_in_short")
def test_two_senders_at_once_send_nothing_twice(database: str, post: Post, tmp_path: Path) -> None:
    first, second = open_archive(database), open_archive(database)
    settings, clock = readers(post, **{f"r{n}": f"mail:r{n}@x.test" for n in range(12)}), Clock()
    assert post_morning(first, settings, DAY, clock()) == 12
    assert post_morning(second, settings, DAY, clock()) == 0
    workers = [sender(archive, tmp_path, settings, clock) for archive in (first, second)]
    for work in workers:
        work.tick()
    for work in workers:
        work.drain()
    assert Counter(post.office.names()) == {f"r{n}@x.test": 1 for n in range(12)}
    assert first.outbox.counts() == {LetterState.SENT: 12}
    first.close()
    second.close()


@pytest.mark.usefixtures("_in_short")
def test_stopping_cuts_off_and_loses_nothing(
    small: Archive, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "PATIENCE", 600)
    monkeypatch.setattr("monitor.deliver.dispatch.STOPS_WITHIN", 0.05)
    settings, clock = readers(post, mute="mail:mute@x.test", li="mail:li@x.test"), Clock()
    post_now(small, settings, DAY, clock())
    work = sender(small, tmp_path, settings, clock)
    work.tick()
    assert post.office.in_message.wait(20)
    work.stop()
    assert small.outbox.counts().get(LetterState.SENDING) is None
    again = sender(small, tmp_path, settings, clock)
    clock.move(DOUBT_PAUSE)
    again.drain()
    assert Counter(post.office.names()) == {"mute@x.test": 1, "li@x.test": 1}


def test_who_was_too_slow_does_not_send_what_another_has_taken_over(
    small: Archive, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that slept while it made a letter: by the time it would hand it over, it is another's."""
    settings, clock = readers(post, li="mail:li@x.test"), Clock()
    post_now(small, settings, DAY, clock())

    def dawdling(*_: object) -> Told:
        clock.move(LEASE + MINUTE)
        assert small.outbox.claim("another", small.outbox.lanes(clock())[0], clock(), clock() + LEASE)
        return Told("市讯", "# 市讯\n", "<p>市讯", "zh")

    monkeypatch.setattr(Telling, "message", dawdling)
    sender(small, tmp_path, settings, clock).drain()
    assert post.office.kept == []
    assert small.outbox.counts() == {LetterState.CLAIMED: 1}


@pytest.mark.usefixtures("_in_short")
def test_who_is_slow_but_at_work_keeps_the_letter(
    small: Archive, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.deliver.dispatch.RENEWED_EVERY", 0.0)
    settings, clock = readers(post, slow="mail:slow@x.test"), Clock()
    post_now(small, settings, DAY, clock())
    work = sender(small, tmp_path, settings, clock)
    work.tick()
    assert post.office.in_message.wait(20)
    for _ in range(3):
        clock.move(LEASE - MINUTE)
        work.tick()
    assert small.outbox.lanes(clock()) == []
    post.loop.call_soon_threadsafe(post.office.silent.set)
    work.drain()
    assert post.office.names() == ["slow@x.test"]
    assert small.outbox.counts() == {LetterState.SENT: 1}


@pytest.mark.usefixtures("_in_short")
def test_what_arrived_is_written_down_though_the_database_is_busy(
    small: Archive, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.deliver.dispatch.NOTED_PAUSE", 0.0)
    settings, clock = readers(post, li="mail:li@x.test"), Clock()
    post_now(small, settings, DAY, clock())
    write, tries = small.outbox.sent, []

    def busy(letter_id: int, now: datetime) -> None:
        tries.append(letter_id)
        if len(tries) < 3:
            raise DatabaseLocked("held by another process")
        write(letter_id, now)

    monkeypatch.setattr(small.outbox, "sent", busy)
    sender(small, tmp_path, settings, clock).drain()
    assert len(tries) == 3
    assert small.outbox.counts() == {LetterState.SENT: 1}
    assert len(post.office.kept) == 1


def test_a_chat_is_told_the_day_and_a_robot_that_is_busy_later(small: Archive, post: Post, tmp_path: Path) -> None:
    with listening() as robot:
        settings, clock = readers(post, chat=robot.hook, li="mail:li@x.test"), Clock()
        post_now(small, settings, DAY, clock())
        robot.answer = (200, '{"errcode": 45009, "errmsg": "api freq out of limit"}')
        work = sender(small, tmp_path, settings, clock)
        work.drain()
        assert states(small) == {"chat": "waiting", "li": "sent"}
        robot.answer = (200, '{"errcode": 0}')
        for _ in range(2):
            clock.move(2 * MINUTE)
            work.drain()
    assert states(small) == {"chat": "sent", "li": "sent"}
    first, second = robot.told
    assert first == second
    assert first["title"] == "市讯 2026年11月21日 星期六"
    assert "疑遭篡改" in str(first["message"])
