"""The command line: options, faults told in one line, and exit statuses."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from command_line import (
    CATALOGUE,
    COMMANDS,
    Run,
)

import monitor
from monitor.cli import COMMANDS as COMMAND_TABLE
from monitor.commands.deferred import Deferred


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    answer = run(*command.split(), "--help")
    assert answer.status == 0
    assert f"Usage: shixun {command}" in answer.out
    assert answer.err == ""


def deferred() -> list[Deferred]:
    """All commands of the table, those of groups with them."""
    held = [getattr(command, "commands", {"": command}).values() for command in COMMAND_TABLE]
    return [command for commands in held for command in commands]


@pytest.mark.parametrize("command", deferred(), ids=lambda command: command.place.rpartition(":")[2])
def test_the_list_of_commands_says_what_a_command_says_of_itself(command: Deferred) -> None:
    module, _, function = command.place.partition(":")
    assert getattr(import_module(module), function).__doc__.startswith(f"{command.help} ")


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("monitor.cli", ("scrapy", "sqlalchemy", "pydantic", "lxml")),
        ("monitor.commands.house", ("scrapy", "sqlalchemy", "lxml")),
        ("monitor.commands.state", ("scrapy", "trafilatura", "apscheduler")),
        ("monitor.commands.log", ("scrapy", "trafilatura", "rjieba", "jinja2")),
        ("monitor.commands.read", ("scrapy", "sqlalchemy", "rjieba", "trafilatura")),
        ("monitor.commands.crawl", ("scrapy", "trafilatura", "apscheduler")),
        ("monitor.compare.drain", ("scrapy", "trafilatura")),
    ],
)
def test_a_command_loads_nothing_that_it_does_not_need(module: str, unwanted: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(*sys.modules.keys() & {set(unwanted)!r})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.split() == []


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
    assert answer.err == f"shixun: {tmp_path}/sites.yaml: 没有这个文件;`shixun init` 会写一份\n"
    english = run("--lang", "en", *words)
    assert english.err == f"shixun: {tmp_path}/sites.yaml: no such file; `shixun init` writes one\n"
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
@pytest.mark.parametrize(
    "command", ["crawl yunxi", "serve", "status", "sites check", "sites list", "history http://a/"]
)
def test_a_fault_in_sites_yaml_is_one_line_with_its_place(
    run: Run, tmp_path: Path, text: str, said: str, command: str
) -> None:
    (tmp_path / "sites.yaml").write_text(text, "utf-8")
    answer = run("--lang", "en", *command.split())
    assert (answer.status, answer.out) == (2, "")
    (line,) = answer.err.splitlines()
    assert said in line
    (chinese,) = run(*command.split()).err.splitlines()
    place = line.rpartition("sites.yaml:")[2].partition(":")[0]
    assert f"sites.yaml:{place}: " in chinese
    assert chinese != line


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
        (("search", " "), "write at least one word to look for"),
        (("search", "水", "kind:其他"), "no such kind of change: 其他"),
        (("digest", "--week", "昨日"), "--week '昨日': a day is written"),
        (("digest", "--day", "2026-11-23", "--week", "2026-11-23"), "give one of them"),
        (("digest", "--send", "--site", "yunxi"), "leave out --site and --kind"),
        (("sites", "add", "www.example.cn"), "'www.example.cn' is no address"),
        (("history", "http://[::1"), "is no address"),
        (("show", "http://[::1"), "is no address"),
    ],
)
def test_unusable_arguments_are_one_line(run: Run, home: Path, words: tuple[str, ...], said: str) -> None:
    answer = run("--lang", "en", *words)
    assert (answer.status, answer.out) == (2, "")
    (line,) = answer.err.splitlines()
    assert line.startswith("shixun: ")
    assert said in line
    (chinese,) = run(*words).err.splitlines()
    assert re.search("[一-龥]", chinese)


@pytest.mark.parametrize(
    ("words", "chinese", "english"),
    [
        ("nonsense", "没有命令 nonsense;用法见 `shixun --help`", "no command nonsense; see `shixun --help`"),
        ("crwl", "没有命令 crwl;是不是 crawl?;", "no command crwl; did you mean crawl?"),
        ("sites lst", "没有命令 lst;是不是 list?;用法见 `shixun sites --help`", "see `shixun sites --help`"),
        ("changes --kind odd", "--kind: 没有 odd,只能是 new, edited,", "--kind: no odd; there are new, edited,"),
        ("digest --format pdf", "--format: 没有 pdf,只能是 html, md, json", "no pdf; there are html, md, json"),
        ("extract", "缺少参数 FILE|URL…", "FILE|URL… is missing"),
        ("diff one", "缺少参数 NEW;用法见 `shixun diff --help`", "NEW is missing; see `shixun diff --help`"),
        ("search", "缺少参数 WORDS…", "WORDS… is missing"),
        ("crawl --recheck some", "只能是 due, all, none", "there are due, all, none"),
        ("show http://a/ --version x", "--version: 须是整数", "--version: must be a whole number"),
        ("search a --limit 0", "--limit: 不能小于 1", "--limit: must be at least 1"),
        ("web --port 99999", "--port: 不能大于 65535", "--port: must be at most 65535"),
        ("changes --foo", "没有选项 --foo", "no option --foo"),
        ("changes --day", "选项 --day 后面要写内容", "--day wants something after it"),
        ("digest x y", "多余的参数 x y", "too many arguments: x y"),
        ("deliver --list=3", "选项 --list 后面不写内容", "--list takes nothing after it"),
    ],
)
def test_a_usage_error_is_one_line_with_where_to_get_help(
    run: Run, home: Path, words: str, chinese: str, english: str
) -> None:
    for lang, said in (("zh", chinese), ("en", english)):
        answer = run("--lang", lang, *words.split())
        assert (answer.status, answer.out) == (2, "")
        (line,) = answer.err.splitlines()
        assert line.startswith("shixun: ")
        assert said in line
        assert line.endswith(("--help`",))


def test_a_language_that_is_not_spoken_is_told_in_chinese(run: Run) -> None:
    assert run("--lang", "fr", "status").err.startswith("shixun: --lang: 没有 fr,只能是 zh, en;")


def test_the_environment_may_choose_the_language(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIXUN_LANG", "en")
    assert run("status").out.startswith("service: not running\n")
    assert run("nonsense").err.startswith("shixun: no command nonsense")
    assert run("--lang", "zh", "status").out.startswith("服务: 未运行\n")
    assert run("--lang", "zh", "nonsense").err.startswith("shixun: 没有命令 nonsense")


def test_without_a_command_the_commands_are_listed(run: Run) -> None:
    answer = run(home=None)
    assert (answer.status, answer.out) == (2, "")
    assert "  status " in answer.err


BROKEN_SECTION = CATALOGUE + "service:\n  tick: soon\n"


@pytest.mark.parametrize(
    "command",
    [
        "crawl yunxi", "compare", "changes", "history http://a/", "show http://a/", "search 水", "digest", "deliver",
        "serve", "web", "status", "status http://a/", "sites list", "sites check", "sites add http://127.0.0.1:1/",
    ],
)  # fmt: skip
def test_a_section_that_a_command_does_not_need_is_told_too_when_it_is_broken(
    run: Run, tmp_path: Path, command: str
) -> None:
    (tmp_path / "sites.yaml").write_text(BROKEN_SECTION, "utf-8")
    answer = run(*command.split())
    line = len(BROKEN_SECTION.splitlines())
    assert (answer.status, answer.out) == (2, "")
    assert answer.err == (f"shixun: {tmp_path}/sites.yaml:{line}: service.tick: 时长写作数字加单位:30s、15m、2h、14d\n")
    assert not (tmp_path / "shixun.db").exists()


def test_init_writes_a_catalogue_that_is_sound_and_never_writes_over_one(run: Run, tmp_path: Path) -> None:
    fresh = tmp_path / "new" / "home"
    assert run("init", home=fresh).out == f"{fresh}/sites.yaml\n"
    assert run("sites", "list", home=fresh).status == 0
    (fresh / "sites.yaml").write_text(CATALOGUE, "utf-8")
    again = run("init", home=fresh)
    assert (again.status, again.out) == (2, "")
    assert "已经有了,没有改动" in again.err
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


def test_the_program_names_its_version(run: Run) -> None:
    answer = run("--version", home=None)
    assert answer.status == 0
    assert answer.out.strip()
    assert monitor.__name__ == "monitor"
