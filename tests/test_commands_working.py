"""``shixun status`` of who crawls: workers on any machine, those without a sign of life, and what waits for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from command_line import Run
from drain_desk import HOUR, START

from monitor.commands.screen import Context
from monitor.commands.working import crew_json, crew_lines
from storage.crew import LOST, Queue, Worker
from storage.sql import open_archive

WELL = Worker(
    id="a-1",
    name="东\x1b机",
    host="north",
    pid=77,
    version="1",
    started_at=START - HOUR,
    seen_at=START - LOST,
    crawls=2,
    doing=("yunxi", "lanqiao"),
)
GONE = replace(WELL, id="b-1", name="b", seen_at=START - LOST - timedelta(seconds=1), doing=())
ZH, EN = Context(Path(), "zh"), Context(Path(), "en")


def lines(workers: list[Worker], queue: Queue | None = None, context: Context = ZH) -> list[str]:
    return list(crew_lines(workers, queue, START, context))


def test_who_is_there_and_who_gives_no_sign_of_life() -> None:
    well, gone = lines([WELL, GONE])
    assert well == "抓取机: 东 机 (north 进程 77)  自 11-20 08:00 起  同时 2 路  最近 08:59:00  yunxi、lanqiao"
    assert gone == "抓取机: b (north 进程 77)  自 11-20 08:00 起  失联: 08:58:59 之后没有消息  空闲"
    assert "no sign of life after 08:58:59" in lines([GONE], context=EN)[0]


def test_many_sites_of_a_worker_are_counted() -> None:
    busy = replace(WELL, doing=tuple(f"s{number}" for number in range(9)))
    assert lines([busy])[0].endswith("s0、s1、s2、s3、s4 等 9 个站点")
    assert lines([replace(busy, doing=busy.doing[:5])])[0].endswith("s0、s1、s2、s3、s4")


def test_the_queue_is_told_where_there_is_one() -> None:
    assert lines([]) == []
    assert lines([], Queue(3, 2, 1)) == ["队列: 等待 3 个站点  进行中 2  失败 1"]
    assert lines([], Queue(3, 2, 1, START))[0].endswith("最早自 11-20 09:00 起等待")


def test_programs_are_told_the_same() -> None:
    told = crew_json([WELL, GONE], Queue(3, 2, 1, START), START)
    assert told["queue"] == {"waiting": 3, "doing": 2, "failed": 1, "oldest_at": "2026-11-20T09:00:00+08:00"}
    first, second = told["workers"]  # type: ignore[misc]
    assert (first["doing"], first["lost"], second["lost"]) == (["yunxi", "lanqiao"], False, True)
    assert crew_json([], None, START) == {"workers": [], "queue": None}


def test_status_asks_the_archive(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = open_archive(f"sqlite:///{home / 'shixun.db'}")
    archive.running.note_worker(replace(WELL, name="机"))
    archive.close()
    monkeypatch.setenv("SHIXUN_NOW", START.isoformat())
    assert "抓取机: 机 (north 进程 77)" in run("status").out
    (line,) = run("status", "--json").lines
    assert [worker["name"] for worker in line["workers"]] == ["机"]  # type: ignore[attr-defined]
    assert line["queue"] is None
    monkeypatch.setenv("SHIXUN_NOW", (START + timedelta(days=2)).isoformat())
    assert "抓取机" not in run("status").out
