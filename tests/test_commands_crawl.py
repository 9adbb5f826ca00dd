"""The command line crawls by hand."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import (
    Run,
)

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
    assert line.startswith(f"dao: 栏目未能读取 {dead} (failed: ")
    again = run("crawl", "xueyuan")
    assert (again.status, again.out) == (0, "")
    assert again.err == "没有变化。\n读 1 个列表页、0 篇文章;--recheck all 回看全部已知文章\n"


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
