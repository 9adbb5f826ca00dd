"""The command line crawls by hand."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import (
    Run,
)
from crawl_child import IMPATIENT, altered
from crawl_server import CrawlServer, listing, page, story

from crawler import launch as launching
from crawler.locks import site_lock
from storage.demo import City, CityServer


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
    assert line.startswith(f"dao: 栏目未能读取 {dead} (失败: 主机拒绝连接)")
    again = run("crawl", "xueyuan")
    assert (again.status, again.out) == (0, "")
    assert again.err == "没有变化。\n读 1 个列表页、0 篇文章;--recheck all 回看全部已知文章\n"


PATHS = [f"/n/{number}.html" for number in range(6)]


def published(home: Path, server: CrawlServer) -> None:
    """A site of six articles under one column, all of them read."""
    (home / "sites.yaml").write_text(f"sites:\n  yunxi: {{name: 云溪, columns: ['{server.url('/')}']}}\n", "utf-8")
    server.say("/", page(listing(*PATHS)))
    for number, path in enumerate(PATHS):
        text = [f"市有关部门今天通报第{number}号工程进展,第{line}段已完成{number * 97 + line}米。" for line in range(3)]
        server.say(path, page(story(f"第{number}号工程进展顺利", *text)))


def test_what_cannot_be_read_or_is_the_same_everywhere_is_told_and_is_no_change(run: Run, tmp_path: Path) -> None:
    with CrawlServer() as server:
        published(tmp_path, server)
        assert run("crawl", "yunxi", "--json").status == 0
        for path in PATHS[:5]:
            server.say(path, page("<body>Microsoft OLE DB Provider 错误 '80004005' 连接失败</body>".encode()))
        broken = run("crawl", "yunxi", "--recheck", "all")
        for path in PATHS:
            server.say(path, page(story("云上政务服务台", "请从左侧选择要办理的事项。")))
        same = run("crawl", "yunxi", "--recheck", "all")
        published(tmp_path, server)
        well = run("crawl", "yunxi", "--recheck", "all")
    line, *rest = broken.err.splitlines()
    assert (broken.status, broken.out, rest) == (1, "", ["读 1 个列表页、1 篇文章"])
    assert line.startswith("yunxi: 5 篇文章未能读取 http://")
    assert (line.count("(失败: 服务器出错页)"), line.endswith(",另 2 篇")) == (3, True)
    assert (same.status, same.out) == (1, "")
    assert same.err.startswith("yunxi: 6 篇文章同时打不开或换成同一内容,疑为网站故障")
    assert (well.status, well.out) == (0, "")


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


def test_a_site_that_is_being_crawled_is_left_alone(
    run: Run, tmp_path: Path, city: CityServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = launching._command
    monkeypatch.setattr(launching, "_command", lambda *given: altered(usual(*given), IMPATIENT))
    two_sites(tmp_path, city)
    other = site_lock(tmp_path, "xueyuan")
    assert other.acquire()
    answer = run("crawl", "xueyuan", "--json")
    other.release()
    assert (answer.status, answer.out) == (1, "")
    assert answer.err == "xueyuan is being crawled by another process\n"
