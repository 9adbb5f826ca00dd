"""``shixun migrate``: what it says, what it refuses, and that no password is printed."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from browsing_town import Town
from command_line import CATALOGUE, Run
from conftest import PostgreSQL

from crawler.locks import FileLock, service_lock, site_lock
from storage.crew import Worker
from storage.sql import open_archive
from storage.sql.transfer import shown


@pytest.fixture
def lived_in(home: Path) -> Path:
    archive = open_archive(f"sqlite:///{home / 'shixun.db'}")
    Town(archive).article("1")
    archive.close()
    return home


def test_it_says_what_was_moved_and_the_line_to_write(run: Run, lived_in: Path, postgresql: PostgreSQL) -> None:
    target = postgresql.fresh_database()
    secret = target.replace("postgres@", "postgres:geheim@")
    answer = run("migrate", secret)
    assert (answer.status, answer.err) == (0, "")
    masked = shown(secret)
    assert "postgres:***@" in masked
    assert "geheim" not in answer.out
    table, *_, moved, _, line = answer.out.splitlines()
    assert table.split()[:2] == ["bodies", "1"]
    assert moved == f"已从 sqlite:///{lived_in}/shixun.db 搬到 {masked}: 5 行,逐行核对无误"
    assert line == f"database: {masked}"
    assert (lived_in / "sites.yaml").read_text("utf-8") == CATALOGUE
    again = run("migrate", secret)
    assert (again.status, again.out) == (1, "")
    assert "那个数据库不是空的,没有改动" in again.err
    (lived_in / "sites.yaml").write_text(f"{CATALOGUE}database: {secret}\n", "utf-8")
    assert run("history", "http://127.0.0.1/yunxi/1").out.startswith("  1  ")


def test_as_json_it_is_a_line_a_table(run: Run, lived_in: Path) -> None:
    *tables, whole = run("migrate", f"sqlite:///{lived_in / 'new.db'}", "--json").lines
    assert {line["table"]: line["rows"] for line in tables if line["rows"]} == {
        "bodies": 1, "pages": 1, "observations": 1, "shelves": 1, "versions": 1,
    }  # fmt: skip
    assert whole == {
        "from": f"sqlite:///{lived_in / 'shixun.db'}", "to": f"sqlite:///{lived_in / 'new.db'}",
        "rows": 5, "verified": True, "went_on": False,
    }  # fmt: skip


@pytest.mark.parametrize("lock", [service_lock, lambda home: site_lock(home, "lanqiao")])
def test_it_waits_for_nobody(run: Run, lived_in: Path, lock: type[FileLock]) -> None:
    held = lock(lived_in)
    assert held.acquire()
    answer = run("--lang", "en", "migrate", f"sqlite:///{lived_in / 'new.db'}")
    held.release()
    assert answer.status == 1
    assert "stop it first" in answer.err
    assert not (lived_in / "new.db").exists()


def test_nothing_is_moved_while_workers_on_other_machines_are_at_it(
    run: Run, lived_in: Path, postgresql: PostgreSQL
) -> None:
    old = postgresql.fresh_database()
    (lived_in / "sites.yaml").write_text(f"{CATALOGUE}database: {old}\n", "utf-8")
    moment = datetime.now(UTC)
    seen = {"far": moment, "gone": moment - timedelta(minutes=2)}
    with closing(open_archive(old)) as archive:
        for name, at in seen.items():
            archive.running.note_worker(Worker(name, name, "h", 7, "0.4.0", at, at, 2))
        answer = run("--lang", "en", "migrate", f"sqlite:///{lived_in / 'new.db'}")
        assert answer.status == 1
        assert answer.err.strip().endswith("far still crawl what this database has waiting; stop them first")
        assert not (lived_in / "new.db").exists()
        archive.running.dismiss("far")
    assert run("migrate", f"sqlite:///{lived_in / 'new.db'}").status == 0


@pytest.mark.parametrize(
    ("address", "printed"),
    [
        ("postgresql://a:b%40c@h/d", "postgresql://a:***@h/d"),
        ("postgresql://h/d?password=x&user=a", "postgresql://h/d?password=***&user=a"),
        ("sqlite:////srv/a.db", "sqlite:////srv/a.db"),
    ],
)
def test_no_password_is_printed(address: str, printed: str) -> None:
    assert shown(address) == printed


def test_an_address_that_is_none_is_one_line(run: Run, lived_in: Path) -> None:
    answer = run("migrate", "mysql://u:geheim@h/d")
    assert answer.status == 1
    assert "geheim" not in answer.err
    assert len(answer.err.splitlines()) == 1
