"""``shixun export`` and ``import``: files, streams, refusals, and what is said."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from command_line import CATALOGUE, Run, shixun
from drain_desk import START
from sqlalchemy import text
from warc_reader import read

from crawler.locks import service_lock
from monitor.deliver.posting import ALERTS
from storage.outbox import Step
from storage.sql import open_archive
from storage.sql.engine import Database, make_engine

HEADER = b'{"format":"shixun-archive","number":1}\n'
PAGE = (
    b'{"is":"page","site":"yunxi","url":"http://127.0.0.1/%d","role":"article",'
    b'"first_seen_at":"2026-11-20T02:00:00Z"}\n'
)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A second home, with nothing in it yet."""
    home = tmp_path / "other"
    home.mkdir()
    (home / "sites.yaml").write_text(CATALOGUE, "utf-8")
    return home


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz"])
def test_a_file_is_exported_and_imported(run: Run, told: Path, other: Path, name: str) -> None:
    file = other / name
    exported = run("export", file, home=told)
    assert (exported.status, exported.out) == (0, "")
    packed = name.endswith(".gz")
    said = gzip.decompress(file.read_bytes()) if packed else file.read_bytes()
    first, *records, last = [json.loads(line) for line in said.splitlines()]
    assert {"format": "shixun-archive", "number": 1, "bodies": True}.items() <= first.items()
    assert last == {"is": "end", "records": len(records)}
    assert exported.err == f"已导出 {len(records)} 条\n"
    assert list(other.glob("*.part")) == []
    imported = run("import", file, home=other)
    assert (imported.status, imported.err) == (0, "")
    assert "变化: 新收" in imported.out
    assert run("export", home=other).out.splitlines()[1:] == said.decode().splitlines()[1:]
    again = run("import", file, "--json", home=other)
    assert again.lines[0]["new"] == {}
    assert run("changes", "--json", home=other).out == run("changes", "--json", home=told).out


def test_it_is_read_from_a_stream(told: Path, other: Path) -> None:
    said = shixun("--home", told, "export", "--site", "lanqiao", "--without-bodies").stdout
    assert b'"bodies":{' not in said
    assert b'"site":"yunxi"' not in said
    ended = shixun("--home", other, "import", "-", input=said)
    assert ended.returncode == 0
    assert shixun("--home", other, "export").stdout.splitlines()[1:] == said.splitlines()[1:]


def test_what_is_imported_wakes_nobody_and_what_waited_is_posted_first(run: Run, told: Path, other: Path) -> None:
    run("export", other / "all.jsonl", home=told)
    archive = open_archive(f"sqlite:///{other / 'shixun.db'}")
    archive.outbox.post([], START, Step(ALERTS, None, 0))
    archive.close()
    assert run("import", other / "all.jsonl", home=other).status == 0
    archive = open_archive(f"sqlite:///{other / 'shixun.db'}")
    assert archive.outbox.reached(ALERTS) == archive.outbox.latest_change() > 0
    assert archive.outbox.counts() == {}
    archive.close()


@pytest.mark.parametrize(
    ("held", "status", "says"),
    [
        (b"", 2, "不是 `shixun export` 写的文件"),
        (b"no json\n", 2, "不是 `shixun export` 写的文件"),
        (b'{"format":"other","number":1}\n', 2, "不是 `shixun export` 写的文件"),
        (b'{"format":"shixun-archive","number":2}\n', 2, "由更新版本的市讯写成(格式 2,本程序读到 1 为止)"),
        (HEADER, 1, "文件不完整:在第 1 行之后断了"),
        (HEADER + b'{"is":"page"}\n', 1, "第 2 行读不懂:site: Field required"),
        (gzip.compress(HEADER + b"".join(PAGE % number for number in range(9_000)))[:-9], 1, "文件不完整:在第"),
    ],
)
def test_a_file_that_is_none_is_one_line(run: Run, other: Path, held: bytes, status: int, says: str) -> None:
    (other / "bad.jsonl").write_bytes(held)
    answer = run("import", other / "bad.jsonl", home=other)
    assert (answer.status, answer.out, len(answer.err.splitlines())) == (status, "", 1)
    assert says in answer.err
    assert str(other / "bad.jsonl") in answer.err


def test_a_file_that_is_not_there_is_told(run: Run, other: Path) -> None:
    answer = run("import", other / "none", home=other)
    assert (answer.status, answer.err) == (2, f"shixun: {other / 'none'}: 没有这个文件\n")


def test_it_is_not_taken_in_beside_a_service(run: Run, told: Path, other: Path) -> None:
    run("export", other / "all.jsonl", home=told)
    lock = service_lock(other)
    assert lock.acquire()
    assert "请先停下它" in run("import", other / "all.jsonl", home=other).err
    lock.release()


def test_a_file_that_cannot_be_written_whole_is_not_there(
    run: Run, told: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device", str(other / "all.jsonl"))

    (other / "all.jsonl").write_text("before")
    monkeypatch.setattr("os.fsync", full)
    answer = run("export", other / "all.jsonl", home=told)
    assert (answer.status, (other / "all.jsonl").read_text()) == (1, "before")
    assert list(other.glob("*.part")) == []


def test_visits_are_exported_as_replay_tools_read_them(run: Run, told: Path, other: Path) -> None:
    file = other / "all.warc.gz"
    assert run("export", file, "--format", "warc", home=told).status == 0
    records = read(file.read_bytes())
    kinds = [record.kind for record in records]
    assert kinds.count("warcinfo") == 2
    assert kinds.count("response") == 2
    one = run("export", file, "--format", "warc", "--site", "lanqiao", home=told)
    assert one.status == 0
    assert len(read(file.read_bytes())) < len(records)


@pytest.mark.parametrize("words", [["--since", "7d"], ["--until", "7d"], ["--without-bodies"]])
def test_a_warc_has_no_span(run: Run, told: Path, words: list[str]) -> None:
    answer = run("export", "--format", "warc", *words, home=told)
    assert (answer.status, answer.out) == (2, "")


def test_a_damaged_body_is_left_out_and_told(run: Run, told: Path, other: Path) -> None:
    (other / "shixun.db").write_bytes((told / "shixun.db").read_bytes())
    opened = Database(make_engine(f"sqlite:///{other / 'shixun.db'}"))
    with opened.write() as connection:
        connection.execute(text("UPDATE bodies SET packed = x'78' WHERE hash = (SELECT min(hash) FROM bodies)"))
    opened.close()
    answer = run("export", other / "all.jsonl", home=other)
    assert answer.status == 1
    assert "1 份存下的网页已损坏" in answer.err
    assert (other / "all.jsonl").exists()


def test_an_unknown_site_is_told(run: Run, told: Path) -> None:
    answer = run("export", "--site", "nowhere", home=told)
    assert (answer.status, answer.out) == (2, "")
