"""Many pages are read side by side: in order, as soon as they can be told, and whatever becomes of one of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from crew_work import work
from drain_desk import STORY, raw

from monitor.commands import read
from monitor.commands.crew import Died, in_order
from monitor.commands.read import POOL_FROM, Given

COMMAND = [sys.executable, "-P", "-c", "from monitor.cli import main; main()", "extract", "--json"]
LIMIT = 60


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "fifo")
    return tmp_path / "fifo"


@pytest.fixture
def pages(tmp_path: Path) -> list[Path]:
    names = [tmp_path / f"{number}.html" for number in range(2 * POOL_FROM)]
    for name in names:
        name.write_bytes(raw(*STORY.paragraphs))
    return names


def test_answers_come_in_order_though_the_first_is_the_last_to_be_done(fifo: Path) -> None:
    asked = [f"read:{fifo}", *map(str, range(20)), f"write:{fifo}", "after"]

    assert list(in_order(work, asked, 2)) == ["at last", *asked[1:]]


def test_only_so_much_is_begun_ahead_of_an_answer_that_is_waited_for(fifo: Path) -> None:
    begun: list[str] = []

    def asked() -> Iterator[str]:
        for each in [f"read:{fifo}", "1", "2", f"write:{fifo}", *map(str, range(4, 40))]:
            begun.append(each)
            yield each

    answers = in_order(work, asked(), 2, ahead=4)

    assert next(answers) == "at last"
    assert len(begun) <= 4 + 1
    assert len(list(answers)) == 39


def test_a_process_that_dies_is_an_answer_and_another_takes_its_place() -> None:
    asked = ["die:", "1", "die:", "die:", *map(str, range(4, 12)), "die:"]

    assert list(in_order(work, asked, 2)) == [Died(7) if each == "die:" else each for each in asked]


def test_nothing_asked_is_nothing_answered() -> None:
    assert list(in_order(work, [], 1)) == []


def test_a_page_whose_process_died_is_told_with_the_others(pages: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    given = [Given(str(name), None) for name in pages]
    answers = [Died(-9), *map(read.read_given, given[1:])]
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(read, "in_order", lambda *_: answers)

    (first, nothing), *others = read._read_all(given)

    assert (first.name, first.died, nothing) == (given[0].name, -9, None)
    assert all(article is not None for _, article in others)


def begin(pages: list[Path]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, *map(str, pages)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )


def test_a_reader_who_has_enough_ends_it_without_a_word(pages: list[Path]) -> None:
    with begin(pages * 20) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        first = running.stdout.readline()
        running.stdout.close()
        said = running.stderr.read()

    assert json.loads(first)["kind"] == "article"
    assert said == b""
    assert running.returncode == 1
    assert not is_anyone_left(running)


def test_the_keyboard_ends_it_and_what_was_read_is_told(pages: list[Path], fifo: Path) -> None:
    with begin([*pages, fifo, *pages]) as running:
        assert running.stdout is not None
        lines = [running.stdout.readline() for _ in pages]  # the next is never done
        os.killpg(running.pid, signal.SIGINT)
        rest, said = running.communicate(timeout=LIMIT)

    assert [json.loads(line)["file"] for line in lines] == list(map(str, pages))
    assert rest == b""
    assert b"Traceback" not in said
    assert running.returncode == 130
    assert not is_anyone_left(running)


def is_anyone_left(ended: subprocess.Popen[bytes]) -> bool:
    """Whether one of the processes that read for it outlived it."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                group = int(
                    (entry / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[2]
                )
                if group == ended.pid and b"spawn_main" in (entry / "cmdline").read_bytes():
                    return True
    return False
