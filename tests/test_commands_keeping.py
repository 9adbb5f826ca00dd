"""``shixun backup``, ``restore`` and ``prune``: a home copied while it is written to, made anew, and made smaller."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from command_line import Run, shixun
from drain_desk import Desk, busy_day, long_past

from crawler.locks import service_lock
from monitor.backup import NOTE
from storage.sql import open_archive

LATER = "2029-01-01T00:00:00+00:00"


def address_of(home: Path) -> str:
    return f"sqlite:///{home / 'shixun.db'}"


@pytest.fixture
def lived(home: Path) -> Path:
    """A home with a past."""
    archive = open_archive(address_of(home))
    desk = Desk(archive)
    busy_day(desk)
    desk.drain()
    archive.close()
    (home / "words.txt").write_text("梧岗区\n", "utf-8")
    return home


def log_of(run: Run, home: Path) -> list[dict[str, object]]:
    answer = run("changes", "--json", home=home)
    assert answer.status == 0
    return answer.lines


def test_a_backup_made_while_somebody_writes_is_the_archive_of_one_moment(
    run: Run, lived: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told = log_of(run, lived)
    target = tmp_path_factory.mktemp("safe") / "monday"
    writer = sqlite3.connect(lived / "shixun.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM changes")
    assert run("backup", target, home=lived).status == 0
    writer.execute("COMMIT")
    writer.close()
    assert log_of(run, lived) == []
    # It is a home by itself, and a home can be made of it.
    assert log_of(run, target) == told
    anew = target.parent / "anew"
    assert run("restore", target, home=anew).status == 0
    assert log_of(run, anew) == told
    assert (anew / "words.txt").read_text("utf-8") == "梧岗区\n"


def test_a_backup_goes_below_the_home_where_no_folder_is_named(run: Run, lived: Path) -> None:
    answer = run("backup", home=lived)
    (made,) = (lived / "backup").iterdir()
    assert str(made) in answer.out
    assert (made.stat().st_mode & 0o777) == 0o700
    assert {path.name for path in made.iterdir()} == {"shixun.db", "sites.yaml", "words.txt", NOTE}


def test_nothing_is_written_over(run: Run, lived: Path) -> None:
    target = lived / "backup" / "one"
    run("backup", target, home=lived)
    again = run("backup", target, home=lived)
    assert (again.status, "已经有了" in again.err) == (1, True)
    told = log_of(run, lived)
    back = run("restore", target, home=lived)
    assert (back.status, len(back.err.splitlines())) == (1, 1)
    assert log_of(run, lived) == told


def test_a_home_that_is_watched_is_not_restored(
    run: Run, lived: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run("backup", lived / "one", home=lived)
    other = tmp_path_factory.mktemp("other")
    lock = service_lock(other)
    assert lock.acquire()
    answer = run("restore", lived / "one", home=other)
    lock.release()
    assert (answer.status, (other / "shixun.db").exists()) == (1, False)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda made: (made / "shixun.db").write_bytes(b"SQLite format 3\0" + b"x" * 4096), id="changed"),
        pytest.param(lambda made: (made / NOTE).unlink(), id="no note"),
        pytest.param(lambda made: (made / NOTE).write_text("[]"), id="another note"),
        pytest.param(lambda made: (made / "shixun.db").unlink(), id="half"),
    ],
)
def test_a_damaged_backup_is_refused(run: Run, lived: Path, spoil: object) -> None:
    run("backup", lived / "one", home=lived)
    spoil(lived / "one")  # type: ignore[operator]
    answer = run("restore", lived / "one", home=lived / "anew")
    assert (answer.status, answer.out) == (1, "")
    assert len(answer.err.splitlines()) == 1
    assert not (lived / "anew" / "shixun.db").exists()


def test_a_home_without_an_archive_gets_none_by_being_copied(run: Run, home: Path) -> None:
    answer = run("backup", home / "one", home=home)
    assert (answer.status, len(answer.err.splitlines())) == (1, 1)
    assert {path.name for path in home.iterdir()} == {"sites.yaml"}


def test_a_postgresql_archive_is_copied_by_its_own_programs(home: Path, postgresql: object) -> None:
    addresses = [postgresql.fresh_database() for _ in "ab"]  # type: ignore[attr-defined]
    archive = open_archive(addresses[0])
    desk = Desk(archive)
    busy_day(desk)
    desk.drain()
    told = desk.log()
    archive.close()
    assert shixun("--home", home, "backup", home / "one", env={"SHIXUN_DATABASE": addresses[0]}).returncode == 0
    for status in (0, 1):
        done = shixun("--home", home, "restore", home / "one", env={"SHIXUN_DATABASE": addresses[1]})
        assert done.returncode == status, done.stderr
    restored = open_archive(addresses[1])
    assert restored.reading.changes() == told
    restored.close()
    # One database's copy is nothing to the other.
    other = shixun("--home", home / "anew", "restore", home / "one")
    assert (other.returncode, len(other.stderr.splitlines())) == (1, 1)


def test_pruning_says_first_what_would_go(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = open_archive(address_of(home))
    long_past(Desk(archive))
    archive.close()
    monkeypatch.setenv("SHIXUN_NOW", LATER)
    (would,) = run("prune", "--dry-run", "--json", home=home).lines
    assert (would["dry_run"], would["bodies"], would["versions"]) == (True, 3, 3)
    (did,) = run("prune", "--json", "--vacuum", home=home).lines
    assert (did["dry_run"], did["bodies"], did["versions"]) == (False, 3, 3)
    (again,) = run("prune", "--json", home=home).lines
    assert (again["bodies"], again["versions"]) == (0, 0)


@pytest.mark.parametrize("span", ["90", "d", "90 days", "-3d", "99999y", "3m"])
def test_a_span_that_is_none_is_refused(run: Run, home: Path, span: str) -> None:
    answer = run("prune", f"--bodies={span}", home=home)
    assert (answer.status, answer.out) == (2, "")
    assert "--bodies" in answer.err


def test_the_note_tells_what_stands_in_a_backup(run: Run, lived: Path) -> None:
    run("backup", lived / "one", home=lived)
    note = json.loads((lived / "one" / NOTE).read_text("utf-8"))
    assert set(note["files"]) == {"shixun.db", "sites.yaml", "words.txt"}
    assert all(set(said) == {"bytes", "sha256"} for said in note["files"].values())
