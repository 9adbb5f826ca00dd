"""The command line when things cannot be stored, or printed, or read by anybody."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
from pathlib import Path

import pytest
from command_line import (
    Run,
    shixun,
)

from storage.demo import City, CityServer
from storage.sql import engine, open_archive

# What cannot be stored.


def test_a_newer_database_is_refused(run: Run, home: Path) -> None:
    open_archive(f"sqlite:///{home / 'shixun.db'}").close()
    with sqlite3.connect(home / "shixun.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    answer = run("changes")
    assert (answer.status, answer.out) == (1, "")
    (line,) = answer.err.splitlines()
    assert "has schema 9999" in line
    doctor = run("doctor")
    assert doctor.status == 1
    assert "✗" in doctor.out


def test_a_locked_database_is_told(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_archive(f"sqlite:///{home / 'shixun.db'}").close()
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    other = sqlite3.connect(home / "shixun.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = run("crawl", "yunxi")
    other.close()
    assert (answer.status, answer.out) == (1, "")
    (line,) = answer.err.splitlines()
    assert "the database is held by another process" in line


def test_a_file_that_is_no_database_is_told(run: Run, home: Path) -> None:
    (home / "shixun.db").write_bytes(b"plain text, long enough to be looked at as a header" * 9)
    answer = run("status")
    assert (answer.status, answer.out) == (1, "")
    (line,) = answer.err.splitlines()
    assert "not a database" in line


def test_a_full_disk_is_told_and_nothing_is_half_kept(tmp_path: Path) -> None:
    with CityServer(City()) as server:
        column = server.url("xueyuan", "/8955/list.htm")
        text = f"sites:\n  xueyuan:\n    name: 学院\n    columns: ['{column}']\n"
        (tmp_path / "sites.yaml").write_text(text, "utf-8")
        open_archive(f"sqlite:///{tmp_path / 'shixun.db'}").close()
        room = (tmp_path / "shixun.db").stat().st_size + 100_000

        def little_room() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

        answer = shixun("--home", tmp_path, "crawl", "xueyuan", "--json", preexec_fn=little_room)
    assert answer.returncode == 1
    assert b"the disk is full, nothing was half written" in answer.stderr
    assert b"Traceback" not in answer.stderr
    archive = open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    counts = archive.running.counts()
    archive.close()
    assert 0 < counts["versions"] < 16
    with sqlite3.connect(tmp_path / "shixun.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        kept = database.execute("SELECT count(*) FROM pages WHERE version > 0 AND role = 'article'").fetchone()
    database.close()
    assert kept == (counts["versions"],)


# The streams.


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "latin-1"},
    ],
)
def test_chinese_is_printed_whatever_the_locale_says(home: Path, locale: dict[str, str]) -> None:
    answer = shixun("--home", home, "sites", "list", env=locale)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.decode("utf-8").splitlines()[0] == "yunxi\t云溪发布\t1 个栏目"
    (home / "sites.yaml").write_text("sites:\n  云溪:\n", "utf-8")
    faulty = shixun("--home", home, "sites", "list", env=locale)
    assert "sites.yaml:2: sites.云溪: " in faulty.stderr.decode("utf-8")


def test_a_file_name_that_is_no_text_is_told_and_does_not_crash(tmp_path: Path) -> None:
    answer = shixun("extract", os.fsdecode(os.fsencode(tmp_path) + b"/\xff.html"))
    assert answer.returncode == 1
    assert b"No such file" in answer.stderr
    assert b"Traceback" not in answer.stderr


@pytest.mark.parametrize("words", [("changes", "--json"), ("changes",), ("--help",), ("digest", "--format", "html")])
def test_a_reader_that_has_enough_is_no_reason_to_complain(told: Path, words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        answer = shixun("--home", told, *words, capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)
    assert answer.returncode in (0, 1)
    assert b"Traceback" not in answer.stderr
    assert b"Broken" not in answer.stderr
    assert b"Exception" not in answer.stderr


def test_output_that_finds_no_room_is_one_line(told: Path) -> None:
    with open("/dev/full", "wb") as full:
        answer = shixun("--home", told, "changes", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert answer.returncode == 1
    assert answer.stderr.decode().splitlines()[-1] == "shixun: 磁盘已满"
    assert b"Traceback" not in answer.stderr
