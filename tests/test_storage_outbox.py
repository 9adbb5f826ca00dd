"""The outbox's contract, on SQLite and PostgreSQL: posted once, claimed by one, never forgotten."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import insert

from storage.archive import Archive
from storage.outbox import LOST, LetterState, Posting, Step, Verdict
from storage.records import Change, ChangeKind
from storage.sql import open_archive
from storage.sql.engine import Database, make_engine
from storage.sql.rows import change_values
from storage.sql.tables import changes

NOW = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LETTER = Posting("desk", "mail:1", "digest:2026-11-22", "mail:d…@x", "mail", NOW, {"day": "2026-11-22", "词": ["供暖"]})
OTHER = replace(LETTER, channel="mail:2")


def claimed(archive: Archive, worker: str = "a", at: datetime = NOW) -> int:
    letter = archive.outbox.claim(worker, "mail", at, at + MINUTE)
    assert letter is not None
    return letter.id


def states(archive: Archive) -> dict[LetterState, int]:
    return archive.outbox.counts()


def test_a_letter_is_posted_once_and_comes_back_as_it_was(archive: Archive) -> None:
    assert archive.outbox.post([LETTER, OTHER], NOW) == 2
    assert archive.outbox.post([LETTER, replace(LETTER, item="digest:2026-11-23")], NOW + MINUTE) == 1
    (_, _, first) = archive.outbox.letters()
    assert (first.subscriber, first.channel, first.item, first.lane) == ("desk", "mail:1", LETTER.item, "mail")
    assert first.details == LETTER.details
    assert (first.created_at, first.next_at, first.state) == (NOW, NOW, LetterState.WAITING)
    assert len(archive.outbox.letters(item=LETTER.item)) == 2


def test_a_letter_waits_until_its_hour(archive: Archive) -> None:
    archive.outbox.post([replace(LETTER, not_before=NOW + 60 * MINUTE)], NOW)
    assert archive.outbox.lanes(NOW) == []
    assert archive.outbox.claim("a", "mail", NOW, NOW + MINUTE) is None
    assert archive.outbox.lanes(NOW + 60 * MINUTE) == ["mail"]


def test_an_hour_that_is_past_is_now(archive: Archive) -> None:
    archive.outbox.post([replace(LETTER, not_before=NOW - 600 * MINUTE)], NOW)
    (letter,) = archive.outbox.letters()
    assert letter.next_at == NOW


def test_a_person_in_a_hurry_is_obeyed_but_for_what_is_in_doubt(archive: Archive) -> None:
    archive.outbox.post([replace(LETTER, not_before=NOW + 60 * MINUTE)], NOW)
    archive.outbox.hasten("digest:2026-11-21", NOW)
    assert archive.outbox.lanes(NOW) == []
    archive.outbox.hasten(LETTER.item, NOW)
    letter = claimed(archive)
    doubt = Verdict(LetterState.WAITING, NOW + 60 * MINUTE, "nobody answered", doubtful=True)
    assert archive.outbox.failed(letter, "a", doubt)
    archive.outbox.hasten(LETTER.item, NOW)
    assert archive.outbox.lanes(NOW) == []


def test_what_is_claimed_is_nobody_elses_until_the_claim_lapses(archive: Archive) -> None:
    archive.outbox.post([LETTER], NOW)
    letter = claimed(archive)
    assert archive.outbox.claim("b", "mail", NOW, NOW + MINUTE) is None
    archive.outbox.renew("a", NOW + 5 * MINUTE)
    assert archive.outbox.claim("b", "mail", NOW + 2 * MINUTE, NOW + 9 * MINUTE) is None
    late = NOW + 6 * MINUTE
    assert claimed(archive, "b", late) == letter
    assert not archive.outbox.hand_over(letter, "a", late)
    assert not archive.outbox.failed(letter, "a", Verdict(LetterState.REFUSED, late, "no"))
    assert archive.outbox.hand_over(letter, "b", late + MINUTE)
    (found,) = archive.outbox.letters()
    assert (found.state, found.attempts) == (LetterState.SENDING, 2)


@pytest.mark.parametrize("handed", [False, True])
def test_what_was_claimed_by_a_clock_that_ran_ahead_is_not_held_until_it_is_right(
    archive: Archive, handed: bool
) -> None:
    year = timedelta(days=365)
    archive.outbox.post([LETTER], NOW)
    letter = claimed(archive, "dead", NOW + year)
    if handed:
        assert archive.outbox.hand_over(letter, "dead", NOW + year)
        assert archive.outbox.doubt(NOW, NOW, 2, "cut off") == 1
    assert archive.outbox.lanes(NOW) == ["mail"]
    assert claimed(archive, "b") == letter
    assert archive.outbox.lanes(NOW) == []


def test_lanes_do_not_wait_for_one_another(archive: Archive) -> None:
    archive.outbox.post([LETTER, replace(OTHER, lane="file")], NOW)
    assert archive.outbox.lanes(NOW) == ["file", "mail"]
    claimed(archive)
    assert archive.outbox.claim("a", "mail", NOW, NOW + MINUTE) is None
    assert archive.outbox.lanes(NOW) == ["file"]


def test_what_arrived_is_never_claimed_again(archive: Archive) -> None:
    archive.outbox.post([LETTER], NOW)
    letter = claimed(archive)
    assert archive.outbox.hand_over(letter, "a", NOW + MINUTE)
    archive.outbox.sent(letter, NOW)
    assert archive.outbox.post([LETTER], NOW) == 0
    assert archive.outbox.lanes(NOW + 9999 * MINUTE) == []
    assert archive.outbox.doubt(NOW + 9999 * MINUTE, NOW, 2, "?") == 0
    (found,) = archive.outbox.letters()
    assert (found.state, found.sent_at, found.last_error) == (LetterState.SENT, NOW, None)


def test_news_that_it_arrived_counts_also_when_it_comes_late(archive: Archive) -> None:
    """A machine that slept in mid-sending: another sender holds the letter, and must not hand it over again."""
    archive.outbox.post([LETTER], NOW)
    letter = claimed(archive)
    archive.outbox.hand_over(letter, "a", NOW + MINUTE)
    late = NOW + 30 * MINUTE
    assert archive.outbox.doubt(late, late, 2, "?") == 1
    assert claimed(archive, "b", late) == letter
    archive.outbox.sent(letter, late)
    assert not archive.outbox.hand_over(letter, "b", late + MINUTE)
    assert states(archive) == {LetterState.SENT: 1}


def test_a_sender_that_vanished_while_handing_over_leaves_a_doubt(archive: Archive) -> None:
    archive.outbox.post([LETTER], NOW)
    at = NOW
    for doubts in range(1, 4):
        letter = claimed(archive, at=at)
        archive.outbox.hand_over(letter, "a", at + MINUTE)
        assert archive.outbox.doubt(at, at, 2, "?") == 0, "its claim holds"
        assert archive.outbox.doubt(at + 2 * MINUTE, at + 20 * MINUTE, 2, "cut off") == 1
        (found,) = archive.outbox.letters()
        assert (found.doubts, found.last_error) == (doubts, "cut off")
        assert archive.outbox.lanes(at + 19 * MINUTE) == []
        at += 20 * MINUTE
    assert states(archive) == {LetterState.UNSURE: 1}
    assert archive.outbox.lanes(at + 9999 * MINUTE) == []


@pytest.mark.parametrize("end", sorted(LOST | {LetterState.DROPPED}))
def test_an_end_is_an_end(archive: Archive, end: LetterState) -> None:
    archive.outbox.post([LETTER], NOW)
    assert archive.outbox.failed(claimed(archive), "a", Verdict(end, NOW, "x" * 9999))
    assert archive.outbox.lanes(NOW + 9999 * MINUTE) == []
    assert states(archive) == {end: 1}
    (found,) = archive.outbox.letters({end})
    assert found.last_error == "x" * 500
    assert archive.outbox.letters({LetterState.SENT}) == []


def test_an_attempt_that_was_none_is_taken_back(archive: Archive) -> None:
    archive.outbox.post([LETTER], NOW)
    archive.outbox.failed(claimed(archive), "a", Verdict(LetterState.WAITING, NOW, "stopped", attempted=False))
    archive.outbox.failed(claimed(archive), "a", Verdict(LetterState.WAITING, NOW, "away"))
    (found,) = archive.outbox.letters()
    assert found.attempts == 1


def test_a_log_is_posted_once_even_by_two(archive: Archive) -> None:
    assert archive.outbox.reached("alerts") is None
    assert archive.outbox.post([LETTER], NOW, Step("alerts", None, 7)) == 1
    assert archive.outbox.post([OTHER], NOW, Step("alerts", None, 9)) is None
    assert archive.outbox.post([OTHER], NOW, Step("alerts", 5, 9)) is None
    assert archive.outbox.reached("alerts") == 7
    assert len(archive.outbox.letters()) == 1
    assert archive.outbox.post([], NOW, Step("alerts", 7, 9)) == 0
    assert archive.outbox.reached("alerts") == 9


def test_two_senders_at_once_never_take_the_same_letter(database: str) -> None:
    first, second = open_archive(database), open_archive(database)
    first.outbox.post([replace(LETTER, channel=f"mail:{n}") for n in range(60)], NOW)
    gate = Barrier(2, timeout=30)

    def take(archive: Archive, worker: str) -> list[int]:
        gate.wait()
        taken = []
        while letter := archive.outbox.claim(worker, "mail", NOW, NOW + MINUTE):
            taken.append(letter.id)
            assert archive.outbox.hand_over(letter.id, worker, NOW + MINUTE)
            archive.outbox.sent(letter.id, NOW)
        return taken

    with ThreadPoolExecutor(2) as threads:
        shares = list(threads.map(take, (first, second), ("a", "b")))
    assert Counter(shares[0] + shares[1]).most_common(1)[0][1] == 1
    assert states(first) == {LetterState.SENT: 60}
    first.close()
    second.close()


def test_a_change_that_is_still_being_written_is_waited_for(postgresql: object) -> None:
    """On PostgreSQL a lower id may be committed after a higher one was seen; it must not be passed over."""
    address = postgresql.fresh_database()  # type: ignore[attr-defined]
    archive = open_archive(address)
    database = Database(make_engine(address))
    change = Change("yunxi", "http://127.0.0.1/1", ChangeKind.TAMPERED, NOW)
    asked, answers = Event(), []

    def ask() -> None:
        asked.set()
        answers.append(archive.outbox.latest_change())

    with database.write() as slow:
        slow.execute(insert(changes).values(change_values(change, None)))
        with database.write() as quick:
            quick.execute(insert(changes).values(change_values(change, None)))
        asking = Thread(target=ask)
        asking.start()
        assert asked.wait(10)
        asking.join(0.2)
        assert answers == [], "it looked while the first change was not committed"
    asking.join(10)
    assert answers == [2]
    assert (archive.outbox.latest_change(2), archive.outbox.latest_change(9)) == (2, 9)
    database.close()
    archive.close()


def test_the_newest_change_of_an_empty_log_is_nought(archive: Archive) -> None:
    assert archive.outbox.latest_change() == 0
