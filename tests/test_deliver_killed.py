"""A sender killed while it sends: nothing is lost, and what may have arrived is not blindly sent again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Run
from mail_server import MORNING, Post, at, enlist

from storage.outbox import LetterState
from storage.sql import open_archive


def letters(home: Path) -> dict[str, LetterState]:
    archive = open_archive(f"sqlite:///{home / 'shixun.db'}")
    found = {letter.subscriber: letter.state for letter in archive.outbox.letters()}
    archive.close()
    return found


def kill_while_sending(home: Path, post: Post) -> None:
    """A sender of its own that is killed, without a chance to say a word, once the server has its message."""
    command = [sys.executable, "-m", "monitor.cli", "--home", str(home), "digest", "--day", "2026-11-21", "--send"]
    with subprocess.Popen(command, env={**os.environ, "SHIXUN_NOW": MORNING}, stdout=subprocess.DEVNULL) as child:
        try:
            assert post.office.in_message.wait(30)
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait(10)


@pytest.mark.parametrize("kept", [False, True])
def test_killed_while_handing_over_it_sends_again_late_and_as_the_same_message(
    office: Path, post: Post, run: Run, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    post.office.keeps_late = kept
    enlist(office, post, "  mute: {to: 'mail:mute@x.test'}\n")
    kill_while_sending(office, post)
    assert letters(office) == {"mute": LetterState.SENDING}
    at(monkeypatch, "2026-11-22T07:45:00+08:00")
    assert run("deliver").status == 1
    assert letters(office) == {"mute": LetterState.WAITING}
    assert len(post.office.kept) == kept, "not at once: most likely it arrived"
    (line,) = run("deliver", "--list", "--json").lines
    assert "cut off" in str(line["error"])
    at(monkeypatch, "2026-11-22T08:05:00+08:00")
    assert run("deliver").status == 0
    assert letters(office) == {"mute": LetterState.SENT}
    assert len({mail["message-id"] for mail in post.office.arrived("mute@x.test")}) == 1
    assert len(post.office.kept) == 1 + kept


def test_killed_before_it_is_handed_over_it_is_sent_once_and_soon(
    office: Path, post: Post, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    enlist(office, post, "  slow: {to: 'mail:slow@x.test'}\n")
    kill_while_sending(office, post)
    assert letters(office) == {"slow": LetterState.CLAIMED}
    at(monkeypatch, "2026-11-22T07:43:00+08:00")
    assert run("deliver").status == 0
    assert letters(office) == {"slow": LetterState.SENT}
    assert post.office.names() == ["slow@x.test"]
