"""``digest --send``, ``deliver`` and ``status`` as they are typed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from command_line import Run
from mail_server import MORNING, Post, at, enlist

SECRET = "hook-secret-in-the-address"


def test_sent_twice_it_arrives_once(office: Path, post: Post, run: Run) -> None:
    enlist(office, post, "  li: {to: 'mail:li@x.test'}\n  desk: {to: 'file:desk', sites: [lanqiao], lang: en}\n")
    first = run("digest", "--day", "2026-11-21", "--send")
    assert (first.status, first.out.count("已发")) == (0, 2)
    again = run("digest", "--day", "2026-11-21", "--send")
    assert again.status == 0
    assert post.office.names() == ["li@x.test"]
    assert "li@x.test" not in first.out + first.err
    chosen = (office / "out" / "desk" / "digest-2026-11-21-lanqiao.md").read_text("utf-8")
    assert "兰桥日报" in chosen
    assert "云溪发布" not in chosen


def test_a_running_day_is_another_item_than_the_day(
    office: Path, post: Post, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    enlist(office, post, "  li: {to: 'mail:li@x.test'}\n")
    at(monkeypatch, "2026-11-21T20:00:00+08:00")
    for _ in range(2):
        assert run("digest", "--send").status == 0
    assert len(post.office.kept) == 1
    at(monkeypatch, MORNING)
    assert run("digest", "--day", "2026-11-21", "--send").status == 0
    first, second = post.office.arrived("li@x.test")
    assert first["message-id"] != second["message-id"]
    assert "（当日未完）" in first["subject"]
    assert first["subject"].replace("（当日未完）", "") == second["subject"]


def test_a_week_is_sent_to_who_reads_weeks(office: Path, post: Post, run: Run) -> None:
    enlist(office, post, "  li: {to: 'mail:li@x.test', what: weekly}\n  wang: {to: 'mail:wang@x.test'}\n")
    assert run("digest", "--week", "2026-11-21", "--send").status == 0
    assert post.office.names() == ["li@x.test"]
    (mail,) = post.office.arrived("li@x.test")
    assert "47" in str(mail["subject"])


def test_what_could_not_be_sent_is_told_and_retried(office: Path, post: Post, run: Run) -> None:
    enlist(office, post, "  full: {to: 'mail:full@x.test'}\n  gone: {to: 'mail:gone@x.test'}\n  li: {to: file:li}\n")
    sent = run("digest", "--day", "2026-11-21", "--send")
    assert sent.status == 1
    assert "被拒" in sent.out
    assert "451 4.2.2 come back later" in sent.out
    told = run("status")
    assert told.status == 1, "a letter that will never arrive"
    assert "550 5.1.1" in told.out
    (state,) = run("status", "--json").lines
    assert state["letters"] == {"waiting": 1, "sent": 1, "refused": 1}
    listed = run("deliver", "--list", "--json")
    assert listed.status == 0
    assert Counter(str(line["state"]) for line in listed.lines) == {"waiting": 1, "sent": 1, "refused": 1}
    assert post.office.tried["full@x.test"] == 1
    assert run("deliver").status == 0, "nothing is due yet"
    assert post.office.tried["full@x.test"] == 1


def test_nobody_to_send_to_is_a_fault_of_the_configuration(office: Path, post: Post, run: Run) -> None:
    enlist(office, post, "  li: {to: 'mail:li@x.test', what: alerts}\n")
    answer = run("digest", "--day", "2026-11-21", "--send")
    assert answer.status == 2
    assert "sites.yaml:10: subscribers: 没有人订 `what: [digest]`" in answer.err


def test_a_narrowed_digest_is_not_sent(office: Path, post: Post, run: Run) -> None:
    enlist(office, post, "  li: {to: 'mail:li@x.test'}\n")
    assert run("digest", "--site", "yunxi", "--send").status == 2
    assert post.office.kept == []


def test_no_secret_is_shown(office: Path, post: Post, run: Run) -> None:
    readers = {"chat": f"json://127.0.0.1:9/{SECRET}", "li": "mail:geheim.li@x.test", "gone": "mail:gone@x.test"}
    enlist(office, post, "".join(f"  {name}: {{to: '{to}'}}\n" for name, to in readers.items()))
    shown = [run("digest", "--day", "2026-11-21", "--send"), run("deliver", "--list"), run("status"), run("doctor")]
    shown += [run("deliver", "--list", "--json"), run("status", "--json")]
    text = "".join(answer.out + answer.err for answer in shown)
    assert SECRET not in text
    assert "geheim.li" not in text
    assert "gone@x.test" not in text
    assert "550 5.1.1 <…> no such person here" in text
    assert SECRET.encode() not in (office / "shixun.db").read_bytes()
    for address in (b"geheim.li", b"gone@"):
        assert address not in (office / "shixun.db").read_bytes()


def test_the_list_is_json_that_names_no_address(office: Path, post: Post, run: Run) -> None:
    enlist(office, post, "  li: {to: 'mail:li@x.test'}\n")
    run("digest", "--day", "2026-11-21", "--send")
    (line,) = run("deliver", "--list", "--json").lines
    assert line["address"] == "mail:l…@x.test"
    assert line["sent_at"] == MORNING
    assert json.dumps(line)
