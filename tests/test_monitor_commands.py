"""The command line as a person and a program use it: what it prints where, and how it ends."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from test_monitor_drain import EDITED, OTHER, START, STORY, Desk, address, busy_day, raw, story

import monitor
from crawler.locks import service_lock, site_lock
from monitor.cli import main
from monitor.commands import read
from storage.demo import City, CityServer
from storage.sql import engine, open_archive

CATALOGUE = """\
sites:
  yunxi:
    name: 云溪发布
    columns: ['http://www.yunxi.example/news/']
  lanqiao:
    name: 兰桥日报
    columns: ['http://www.lanqiao.example/news/']
contact: desk@example.org
"""
COMMANDS = (
    "init", "sites", "sites list", "sites check", "crawl", "compare", "extract", "diff", "changes", "history", "show",
    "search", "digest", "serve", "demo", "status", "doctor",
)  # fmt: skip
EXTRACT_KEYS = (
    "file", "url", "kind", "title", "published_at", "source", "authors", "editors", "abstract", "column", "site_name",
    "paragraphs", "canonical", "attachments", "next_page", "links", "encoding", "platform", "flags", "provenance",
    "extractor",
)  # fmt: skip
CHANGE_KEYS = (
    "site", "url", "kind", "detected_at", "title", "from_version", "to_version", "weight", "how", "edits", "facts",
    "paragraphs_added", "paragraphs_removed", "reprint_of", "evidence", "note",
)  # fmt: skip
LOUDI = "loudi/2021/1207/84213.html"
SHAOXING = "shaoxing/art/2021/5/8/art_1229_58.html"
WUHAN = "wuhan/info/1003/1002.htm"


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, object]]:
        """Standard output as JSON Lines; anything else on it is an error."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Answer]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command in this process, in the home ``tmp_path`` unless another is given."""
    for name in ("SHIXUN_HOME", "SHIXUN_DATABASE", "SHIXUN_NOW"):
        monkeypatch.delenv(name, raising=False)

    def call(*words: object, home: Path | None = tmp_path) -> Answer:
        given = ["--home", str(home)] if home else []
        monkeypatch.setattr(sys, "argv", ["shixun", *given, *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Answer(ended.value.code or 0, printed.out, printed.err)  # type: ignore[arg-type]

    return call


def shixun(*words: object, env: dict[str, str] | None = None, **more: object) -> subprocess.CompletedProcess[bytes]:
    """Runs a command as a process of its own; ``env`` is added to a bare environment."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SHIXUN", "PYTHON", "LC_", "LANG"))
    }
    command = [sys.executable, "-m", "monitor.cli", *map(str, words)]
    return subprocess.run(command, env=kept | (env or {}), timeout=120, check=False, **{"capture_output": True, **more})  # type: ignore[call-overload, no-any-return]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose archive knows a busy day and the quiet one after it."""
    home = tmp_path_factory.mktemp("told")
    (home / "sites.yaml").write_text(CATALOGUE, "utf-8")
    archive = open_archive(f"sqlite:///{home / 'shixun.db'}")
    archive.running.announce({"yunxi": "云溪发布", "lanqiao": "兰桥日报"})
    desk = Desk(archive)
    busy_day(desk)
    desk.drain()
    desk.now = START + timedelta(days=1)
    desk.visit(story(*OTHER, title="稻香文化节开幕"), page="8")
    desk.drain()
    archive.close()
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "sites.yaml").write_text(CATALOGUE, "utf-8")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    answer = run(*command.split(), "--help")
    assert answer.status == 0
    assert f"Usage: shixun {command}" in answer.out
    assert answer.err == ""


def test_the_contract_names_no_command_that_is_not_there(shared: Path, run: Run) -> None:
    promised = set(re.findall(r"`shixun ([a-z]+)", (shared / "CONTRACT.md").read_text("utf-8")))
    listed = run("--help").out
    assert len(promised) == 15
    assert [name for name in sorted(promised) if f"  {name} " not in listed] == []


@pytest.mark.parametrize(
    "words",
    [
        ("crawl", "yunxi"), ("compare",), ("changes",), ("history", "http://a/"), ("show", "http://a/"),
        ("search", "水"), ("digest",), ("status",), ("sites", "list"), ("sites", "check"), ("serve",),
    ],
)  # fmt: skip
def test_without_sites_yaml_every_command_says_how_to_get_one(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    answer = run(*words)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err == f"shixun: {tmp_path}/sites.yaml: no such file; `shixun init` writes one\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sites:\n  yunxi:\n    name: 云溪\n    colums: []\n", "sites.yaml:4: sites.yunxi.colums: is not known here"),
        (
            "sites:\n  yunxi:\n    name: 云溪\n    columns: [ftp://x/]\n",
            "sites.yaml:4: sites.yunxi.columns[0]: an address",
        ),
        ("sites:\n  yunxi: {name: 云溪\n", "sites.yaml:3: not YAML"),
        ("sites:\n\tyunxi:\n", "sites.yaml:2: not YAML"),
        ("site: {}\n", "sites.yaml:1: there is no `sites:` section"),
    ],
)
@pytest.mark.parametrize("command", ["crawl yunxi", "serve", "status", "sites check"])
def test_a_fault_in_sites_yaml_is_one_line_with_its_place(
    run: Run, tmp_path: Path, text: str, said: str, command: str
) -> None:
    (tmp_path / "sites.yaml").write_text(text, "utf-8")
    answer = run(*command.split())
    assert (answer.status, answer.out) == (2, "")
    (line,) = answer.err.splitlines()
    assert said in line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("crawl",), "name the sites to crawl, or --all"),
        (("crawl", "--all", "yunxi"), "name sites or give --all, not both"),
        (("crawl", "nowhere"), "no site 'nowhere'; there are: yunxi, lanqiao"),
        (("sites", "check", "nowhere"), "no site 'nowhere'"),
        (("changes", "--site", "nowhere"), "no site 'nowhere'"),
        (("changes", "--day", "2026-13-01"), "a day is written 2026-11-23, today or yesterday"),
        (("changes", "--day", "0001-01-01"), "no page is that old"),
        (("changes", "--day", "9999-12-31"), "no page is that new"),
        (("changes", "--day", "today", "--since", "7d"), "give --day, or --since and --until, not both"),
        (("changes", "--since", "soon"), "--since 'soon': write 2026-11-23"),
        (("changes", "--since", "0001-01-01"), "no page is that old"),
        (("changes", "--until", "99999999999d"), "--until '99999999999d': write"),
        (("digest", "--day", "昨日"), "a day is written"),
        (("digest", "--day", "9999-12-31"), "no page is that new"),
        (("search", " "), "give the words to look for"),
        (("history", "http://[::1"), "is no address"),
        (("show", "http://[::1"), "is no address"),
    ],
)
def test_unusable_arguments_are_one_line(run: Run, home: Path, words: tuple[str, ...], said: str) -> None:
    answer = run(*words)
    assert (answer.status, answer.out) == (2, "")
    (line,) = answer.err.splitlines()
    assert line.startswith("shixun: ")
    assert said in line


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",), ("changes", "--kind", "odd"), ("digest", "--format", "pdf"), ("extract",), ("diff", "one"),
        ("search",), ("crawl", "--recheck", "some"), ("show", "http://a/", "--version", "x"),
    ],
)  # fmt: skip
def test_a_usage_error_ends_with_2(run: Run, home: Path, words: tuple[str, ...]) -> None:
    answer = run(*words)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.splitlines()[-1].startswith("Error: ")


def test_init_writes_a_catalogue_that_is_sound_and_never_writes_over_one(run: Run, tmp_path: Path) -> None:
    fresh = tmp_path / "new" / "home"
    assert run("init", home=fresh).out == f"{fresh}/sites.yaml\n"
    assert run("sites", "list", home=fresh).status == 0
    (fresh / "sites.yaml").write_text(CATALOGUE, "utf-8")
    again = run("init", home=fresh)
    assert (again.status, again.out) == (2, "")
    assert "already there; nothing was changed" in again.err
    assert (fresh / "sites.yaml").read_text("utf-8") == CATALOGUE


def test_the_home_is_the_option_then_the_environment_then_the_folder(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "sites.yaml").write_text(CATALOGUE.replace("云溪发布", "别处"), "utf-8")
    monkeypatch.setenv("SHIXUN_HOME", str(elsewhere))
    assert "别处" in run("sites", "list", home=None).out
    assert "云溪发布" in run("sites", "list", home=home).out
    monkeypatch.delenv("SHIXUN_HOME")
    monkeypatch.chdir(home)
    assert "云溪发布" in run("sites", "list", home=None).out


def test_the_catalogue_is_listed(run: Run, home: Path) -> None:
    assert run("sites", "list").out == "yunxi\t云溪发布\t1 个栏目\nlanqiao\t兰桥日报\t1 个栏目\n"
    assert run("sites", "list", "--json").lines[1] == {
        "site": "lanqiao", "name": "兰桥日报", "columns": ["http://www.lanqiao.example/news/"],
    }  # fmt: skip


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
        room = (tmp_path / "shixun.db").stat().st_size + 60_000

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
        kept = database.execute("SELECT count(*) FROM pages WHERE version > 0").fetchone()
    database.close()
    assert kept == (counts["versions"],)


# Reading pages.


def test_extract_prints_the_contracts_keys(run: Run, shared: Path) -> None:
    answer = run("extract", "--json", shared / "seeds/round1" / LOUDI, "--url", "http://127.0.0.1/a.html")
    (page,) = answer.lines
    assert tuple(key for key in page if key != "printed") == EXTRACT_KEYS
    assert (page["file"], page["url"], page["kind"]) == (
        str(shared / "seeds/round1" / LOUDI), "http://127.0.0.1/a.html", "article",
    )  # fmt: skip
    assert answer.err == ""


def test_a_page_that_cannot_be_read_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.html").write_bytes(raw(*(line for line in STORY.paragraphs)))
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "photo.html").write_bytes(bytes(range(256)) * 64)
    names = [tmp_path / name for name in ("nowhere.html", ".", "empty.html", "photo.html", "good.html")]
    answer = run("extract", "--json", *names, "/proc/self/mem")
    assert answer.status == 1
    assert [Path(str(page["file"])).name for page in answer.lines] == ["empty.html", "photo.html", "good.html"]
    assert [page["kind"] for page in answer.lines][::2] == ["empty", "article"]
    assert answer.err.splitlines() == [
        f"{tmp_path}/nowhere.html: No such file or directory",
        f"{tmp_path}: Is a directory",
        "/proc/self/mem: Input/output error",
    ]


def test_many_files_are_read_by_several_processes_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = []
    for number in range(13):
        text = raw(*(f"{line}第{number}号。" for line in STORY.paragraphs))
        names.append(tmp_path / f"{number}.html")
        names[-1].write_bytes(text.replace("市政府研究供暖保障".encode(), f"市政府研究第{number}号议题".encode()))
    names.insert(5, tmp_path / "nowhere.html")
    answer = shixun("extract", "--json", *names)
    assert answer.returncode == 1
    titles = [json.loads(line)["title"] for line in answer.stdout.splitlines()]
    assert titles == [f"市政府研究第{number}号议题" for number in range(13)]
    assert b"nowhere.html: No such file" in answer.stderr
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    with read._reader(read.POOL_FROM) as many, read._reader(read.POOL_FROM - 1) as few:
        assert many is not None
        assert few is None


def test_extract_for_a_person_is_safe_on_a_terminal(run: Run, tmp_path: Path) -> None:
    hostile = raw(
        "会议指出\x1b[31m，\u202e全市已完成老旧管网改造126公里，惠及居民4156户，年度投资6.89亿元。", *STORY.paragraphs
    )
    (tmp_path / "a.html").write_bytes(hostile)
    answer = run("extract", tmp_path / "a.html")
    assert "标题: 市政府研究供暖保障" in answer.out
    assert "\x1b" not in answer.out
    assert "\u202e" not in answer.out


def test_an_address_that_does_not_answer_is_told(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    answer = run("extract", "--json", f"http://127.0.0.1:{port}/a.html")
    assert (answer.status, answer.out) == (1, "")
    (line,) = answer.err.splitlines()
    assert line.startswith(f"http://127.0.0.1:{port}/a.html: ")


def test_diff_tells_what_the_monitor_would_report(run: Run, shared: Path) -> None:
    seeds = shared / "seeds"
    (change,) = run("diff", "--json", seeds / "round1" / LOUDI, seeds / "round2" / LOUDI).lines
    assert tuple(change) == CHANGE_KEYS
    assert change["kind"] == "edited"
    assert change["facts"]["numbers"] == [["4156名", "4165名"]]  # type: ignore[index, call-overload]
    person = run("diff", seeds / "round1" / LOUDI, seeds / "round2" / LOUDI)
    assert "4156名 → 4165名" in person.out
    assert person.status == 0


def test_diff_of_a_withdrawn_and_of_a_hijacked_page(run: Run, shared: Path) -> None:
    seeds = shared / "seeds"
    (gone,) = run("diff", "--json", seeds / "round2" / SHAOXING, seeds / "round3" / SHAOXING).lines
    assert (gone["kind"], gone["how"]) == ("removed", "soft-404")
    (hijacked,) = run("diff", "--json", seeds / "round2" / WUHAN, seeds / "round3" / WUHAN).lines
    assert hijacked["kind"] == "tampered"


@pytest.mark.parametrize("page", [SHAOXING, WUHAN])
def test_diff_of_what_says_the_same_is_no_line(run: Run, shared: Path, page: str) -> None:
    one, two = shared / "seeds/round1" / page, shared / "seeds/round2" / page
    for pair in ((one, one), (one, two)):
        assert run("diff", "--json", *pair) == Answer(0, "", "")
    assert run("diff", one, two) == Answer(0, "", "没有变化。\n")


def test_diff_with_a_file_that_is_not_there(run: Run, shared: Path, tmp_path: Path) -> None:
    answer = run("diff", "--json", shared / "seeds/round1" / LOUDI, tmp_path / "nowhere.html")
    assert answer == Answer(1, "", f"{tmp_path}/nowhere.html: No such file or directory\n")


# What is kept.


def kinds(answer: Answer) -> list[object]:
    assert answer.status == 0
    assert answer.err == ""
    assert all(tuple(line) == CHANGE_KEYS for line in answer.lines)
    return [line["kind"] for line in answer.lines]


def test_the_log_is_told_whole_and_in_its_order(run: Run, told: Path) -> None:
    assert kinds(run("changes", "--json", home=told)) == [
        *["new"] * 5, "edited", "tampered", "removed", "restored", "edited", "moved", "new",
    ]  # fmt: skip
    person = run("changes", home=told)
    assert "【修改】云溪发布  市政府研究供暖保障  4156户 → 4165户" in person.out
    assert len(person.out.splitlines()) == 12
    assert "共 12 件变化" in person.err


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--kind", "edited"), 2),
        (("--site", "lanqiao"), 1),
        (("--site", "yunxi", "--kind", "new"), 5),
        (("--kind", "redesigned"), 0),
        (("--day", "2026-11-21"), 12),
        (("--day", "2026-11-20"), 0),
        (("--day", "today"), 12),
        (("--day", "昨天"), 0),
        (("--since", "2026-11-21T10:00"), 1),
        (("--until", "2026-11-21T10:00"), 11),
        (("--since", "2026-11-21T02:00:00Z"), 1),
        (("--since", "2h"), 1),
        (("--since", "1d", "--until", "2h"), 11),
        (("--until", "2026-11-21"), 0),
    ],
)
def test_the_log_is_asked_for_in_parts(
    run: Run, told: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], count: int
) -> None:
    monkeypatch.setenv("SHIXUN_NOW", "2026-11-21T11:30:00+08:00")
    assert len(kinds(run("changes", "--json", *words, home=told))) == count


def test_the_history_of_a_page(run: Run, told: Path) -> None:
    versions = run("history", address("1"), "--json", home=told).lines
    assert [version["version"] for version in versions] == [1, 2, 3]
    assert [version["article"]["title"] for version in versions][::2] == [  # type: ignore[index, call-overload]
        "市政府研究供暖保障", "市政府研究部署供暖保障工作",
    ]  # fmt: skip
    person = run("history", address("1") + "#top", home=told)
    assert len(person.out.splitlines()) == 3
    assert "访问 3 次" in person.err
    unknown = run("history", address("999"), home=told)
    assert (unknown.status, unknown.out) == (1, "")
    assert "没有这个地址的记录" in unknown.err


def test_one_version_of_a_page(run: Run, told: Path) -> None:
    newest = run("show", address("1"), home=told)
    assert "市政府研究部署供暖保障工作" in newest.out
    (first,) = run("show", address("1"), "--version", 1, "--json", home=told).lines
    assert (first["version"], first["article"]["canonical"][1]) == (1, STORY.canonical[1])  # type: ignore[index, call-overload]
    assert EDITED.canonical[1] in run("show", address("1"), "--version", 2, home=told).out
    for number in (0, 4):
        answer = run("show", address("1"), "--version", number, home=told)
        assert (answer.status, answer.out) == (1, "")
        assert "有版本 1–3" in answer.err


def test_search_wants_all_words_and_finds_every_version(run: Run, told: Path) -> None:
    assert len(run("search", "4156户", "--json", home=told).lines) >= 1
    found = run("search", "供暖 4165户", "--json", home=told).lines
    assert {version["url"] for version in found} == {address("1")}
    assert run("search", "供暖", "稻香", "--json", home=told).lines == []
    assert run("search", "%", "--json", home=told).lines == []
    assert len(run("search", "供暖", "--limit", "1", "--json", home=told).lines) == 1
    person = run("search", "农耕", home=told)
    assert "农耕体验" in person.out


def test_the_digest_is_three_files_and_twice_the_same(run: Run, told: Path, tmp_path: Path) -> None:
    home = tmp_path / "copy"
    shutil.copytree(told, home)
    names = [f"digest-2026-11-21.{form}" for form in ("html", "md", "json")]
    answer = run("digest", "--day", "2026-11-21", home=home)
    assert answer.out.splitlines() == [str(home / "out" / name) for name in names]
    first = [(home / "out" / name).read_bytes() for name in names]
    run("digest", "--day", "2026-11-21", home=home)
    assert [(home / "out" / name).read_bytes() for name in names] == first
    assert sorted(path.name for path in (home / "out").iterdir()) == sorted(names)
    told_day = json.loads(first[2])
    assert told_day["counts"]["edited"] == 2
    assert tuple(told_day["changes"][0]) == CHANGE_KEYS
    assert tuple(told_day) == (
        "day", "generated_at", "sites", "counts", "stories", "changes", "keywords", "health",
    )  # fmt: skip


def test_the_digest_in_one_format_goes_where_it_is_sent(run: Run, told: Path, tmp_path: Path) -> None:
    printed = run("digest", "--day", "2026-11-21", "--format", "json", home=told)
    assert json.loads(printed.out)["day"] == "2026-11-21"
    assert not (told / "out").exists()
    target = tmp_path / "deep" / "day.md"
    assert run("digest", "--day", "2026-11-21", "--out", target, home=told).out == f"{target}\n"
    text = target.read_text("utf-8")
    assert text.startswith("# 市讯 2026年11月21日")
    assert run("digest", "--day", "2026-11-21", "--format", "md", "--out", "-", home=told).out == text
    into_folder = run("digest", "--day", "2026-11-21", "--out", tmp_path / "deep", home=told)
    assert (into_folder.status, into_folder.out) == (1, "")
    (line,) = into_folder.err.splitlines()
    assert "Is a directory" in line


def test_the_digest_of_an_empty_day(run: Run, told: Path) -> None:
    answer = run("digest", "--day", "2026-11-01", "--format", "json", home=told)
    assert (answer.status, json.loads(answer.out)["changes"]) == (0, [])


def test_status_tells_what_is_due_and_failing(
    run: Run, told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHIXUN_NOW", "2026-11-25T08:00:00+08:00")
    home = tmp_path / "copy"
    shutil.copytree(told, home)
    (line,) = run("status", "--json", home=home).lines
    assert (line["service"], line["counts"]["pending"]) == (None, 0)  # type: ignore[index, call-overload]
    assert line["due"] == {"lanqiao": 1, "yunxi": 5}
    person = run("status", home=home).out
    assert "服务: 未运行" in person
    assert "该访问: yunxi 5 页" in person
    assert "当日没有访问" in person
    other = service_lock(home)
    assert other.acquire()
    assert run("status", "--json", home=home).lines[0]["service"] == os.getpid()
    other.release()


def test_doctor_finds_a_sound_home_sound_and_says_what_is_not(run: Run, home: Path) -> None:
    sound = run("doctor")
    assert (sound.status, "✗" in sound.out) == (0, False)
    (home / "sites.yaml").write_text(CATALOGUE.replace("contact: desk@example.org\n", ""), "utf-8")
    nameless = run("doctor")
    assert nameless.status == 1
    assert "✗ sites.yaml has no `contact:`" in nameless.out
    (home / "sites.yaml").write_text("sites: [1]\n", "utf-8")
    broken = run("doctor")
    assert broken.status == 1
    assert "✗" in broken.out
    assert "sites.yaml:1: sites" in broken.out
    missing = run("doctor", home=home / "nowhere")
    assert missing.status == 1
    assert "cannot be written to" in missing.out
    assert not (home / "nowhere").exists()


# Crawling by hand.


@pytest.fixture(scope="module")
def city() -> Iterator[CityServer]:
    with CityServer(City()) as server:
        yield server


def two_sites(home: Path, city: CityServer) -> str:
    """A catalogue of a site that answers and one whose door is shut; returns the shut one's column."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        dead = f"http://127.0.0.1:{closed.getsockname()[1]}/a/"
    (home / "sites.yaml").write_text(
        f"sites:\n  dao: {{name: 倒下, columns: ['{dead}']}}\n"
        f"  xueyuan: {{name: 学院, columns: ['{city.url('xueyuan', '/8955/list.htm')}']}}\n",
        "utf-8",
    )
    return dead


def test_a_site_that_cannot_be_reached_is_told_and_the_others_are_crawled(
    run: Run, tmp_path: Path, city: CityServer
) -> None:
    dead = two_sites(tmp_path, city)
    answer = run("crawl", "--all", "--json")
    assert answer.status == 1
    assert {line["kind"] for line in answer.lines} == {"new"}
    assert {line["site"] for line in answer.lines} == {"xueyuan"}
    assert len(answer.lines) == 16
    (line,) = answer.err.splitlines()
    assert line.startswith(f"dao: 栏目未能读取 {dead} (failed: ")
    again = run("crawl", "xueyuan")
    assert (again.status, again.out) == (0, "")
    assert again.err == "没有变化。\n"


def test_sites_check_tries_each_column_and_keeps_nothing(run: Run, tmp_path: Path, city: CityServer) -> None:
    dead = two_sites(tmp_path, city)
    answer = run("sites", "check")
    assert answer.status == 1
    lines = answer.out.splitlines()
    assert lines[0].startswith(f"✗ dao  {dead}  ")
    assert lines[1].startswith("✓ xueyuan  ")
    assert "10 条" in lines[1]
    assert len(lines) == 5
    assert not (tmp_path / "shixun.db").exists()
    assert run("sites", "check", "xueyuan").status == 0


def test_a_site_that_is_being_crawled_is_left_alone(run: Run, tmp_path: Path, city: CityServer) -> None:
    two_sites(tmp_path, city)
    other = site_lock(tmp_path, "xueyuan")
    assert other.acquire()
    answer = run("crawl", "xueyuan", "--json")
    other.release()
    assert (answer.status, answer.out) == (1, "")
    assert answer.err == "xueyuan is being crawled by another process\n"


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
def test_chinese_is_printed_whatever_the_locale_says(tmp_path: Path, locale: dict[str, str]) -> None:
    (tmp_path / "old.html").write_bytes(raw(*STORY.paragraphs))
    (tmp_path / "new.html").write_bytes(raw(*EDITED.paragraphs))
    answer = shixun("diff", tmp_path / "old.html", tmp_path / "new.html", env=locale)
    assert answer.returncode == 0, answer.stderr
    assert "4156户 → 4165户" in answer.stdout.decode("utf-8")
    same = shixun("diff", tmp_path / "old.html", tmp_path / "old.html", env=locale)
    assert same.stderr.decode("utf-8") == "没有变化。\n"


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
    assert answer.stderr.decode().splitlines()[-1] == "shixun: No space left on device"
    assert b"Traceback" not in answer.stderr


def test_the_program_names_its_version(run: Run) -> None:
    answer = run("--version", home=None)
    assert answer.status == 0
    assert answer.out.strip()
    assert monitor.__name__ == "monitor"
