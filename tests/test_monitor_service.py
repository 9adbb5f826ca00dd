"""The service as it is run: a real process and real crawls of the made city."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from drain_desk import Desk
from service_watch import PACE, STOPS_WITHIN, Running, archive_at, articles, catalogue, entry, told, until, visited

from storage.demo import CityServer
from storage.records import CHINA, Role

FAULT = "sites:\n  jiaotong:\n    nmae: 错字\n"


def test_it_crawls_compares_and_prints_what_changed(
    tmp_path: Path, city_server: CityServer, serve: Callable[[], Running]
) -> None:
    catalogue(tmp_path, entry(city_server, "jiaotong"), pace=PACE)
    watch = serve()
    wanted = articles(city_server, "jiaotong")
    until(lambda: watch.out.count("【新增】栖川市交通运输局") == len(wanted), "all articles of round 1")
    assert sorted(told(tmp_path)) == wanted
    city_server.round = 2
    until(lambda: "5200万 → 5020万" in watch.out, "the edit of round 2")
    until(lambda: watch.out.count("【新增】") == len(wanted) + 2, "the two articles of round 2")
    status, _ = watch.end()
    assert status == 0
    assert sorted(Counter(told(tmp_path)).values()) == [1] * (len(wanted) + 1) + [2]
    assert "Traceback" not in watch.err
    assert watch.out.count("\n") == len(wanted) + 3


def test_a_second_service_on_one_home_is_refused(
    tmp_path: Path, city_server: CityServer, serve: Callable[[], Running]
) -> None:
    catalogue(tmp_path, entry(city_server, "xueyuan"))
    first = serve()
    until((tmp_path / "shixun.db").exists, "the first service")
    second = serve()
    assert second.process.wait(10) == 1
    (line,) = second.err.splitlines()
    assert f"另一个服务(进程 {first.process.pid})正在看守 {tmp_path}" in line
    assert second.out == ""
    until(lambda: len(told(tmp_path)) == len(articles(city_server, "xueyuan")), "the first service's crawl")
    assert first.end()[0] == 0


def test_a_site_is_added_while_it_runs_and_called_by_its_name(
    tmp_path: Path, city_server: CityServer, serve: Callable[[], Running]
) -> None:
    catalogue(tmp_path, entry(city_server, "xueyuan"))
    watch = serve()
    until(lambda: "栖川职业技术学院" in watch.out, "the first site")
    catalogue(tmp_path, entry(city_server, "xueyuan"), entry(city_server, "jiaotong"))
    until(lambda: "【新增】栖川市交通运输局" in watch.out, "the added site")
    assert watch.end()[0] == 0


def test_a_broken_catalogue_is_told_once_and_the_last_good_one_holds(
    tmp_path: Path, city_server: CityServer, serve: Callable[[], Running]
) -> None:
    catalogue(tmp_path, entry(city_server, "jiaotong"), pace=PACE)
    watch = serve()
    wanted = articles(city_server, "jiaotong")
    until(lambda: len(watch.out.splitlines()) >= len(wanted), "round 1")
    (tmp_path / "sites.yaml").write_text(PACE + FAULT, "utf-8")
    line = PACE.count("\n") + 3
    until(lambda: f"sites.yaml:{line}: sites.jiaotong.nmae: is not known here" in watch.err, "the fault")
    city_server.round = 2
    until(lambda: "5200万 → 5020万" in watch.out, "the edit of round 2, under the last good catalogue")
    catalogue(tmp_path, entry(city_server, "jiaotong"), entry(city_server, "xueyuan"), pace=PACE)
    until(lambda: "栖川职业技术学院" in watch.out, "the added site, after the file is right again")
    assert watch.end()[0] == 0
    assert watch.err.count("is not known here") == 1
    assert "was cut off" not in watch.err


def test_a_site_that_is_down_does_not_stop_the_others(
    tmp_path: Path, city_server: CityServer, serve: Callable[[], Running]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    dead = f"http://127.0.0.1:{port}/a/"
    down = f"  dao:\n    name: 倒下\n    columns: ['{dead}']\n"
    catalogue(tmp_path, down, entry(city_server, "xueyuan"), pace=PACE)
    watch = serve()
    wanted = articles(city_server, "xueyuan")
    until(lambda: len(watch.out.splitlines()) == len(wanted), "the site that is up")
    city_server.round = 2
    until(lambda: len(watch.out.splitlines()) == len(wanted) + 3, "its next round")
    assert watch.end()[0] == 0
    with archive_at(tmp_path) as opened:
        (column,) = opened.crawling.pages("dao", Role.COLUMN)
        tries = len(opened.reading.observations(dead))
    assert column.failures == tries >= 1
    assert "Traceback" not in watch.err


def test_a_digest_whose_hour_was_slept_through_is_written_soon_after_the_start(
    tmp_path: Path, city_server: CityServer, serve: Callable[[], Running]
) -> None:
    catalogue(tmp_path, entry(city_server, "xueyuan"), pace=PACE)
    with open(tmp_path / "sites.yaml", "a", encoding="utf-8") as file:
        file.write("digest: {at: '00:00'}\n")
    yesterday = datetime.now(CHINA) - timedelta(days=1)
    with archive_at(tmp_path) as opened:
        opened.running.announce({"yunxi": "云溪发布"})
        desk = Desk(opened, now=yesterday.replace(hour=9))
        desk.visit()
        desk.drain()
    names = [f"digest-{yesterday:%Y-%m-%d}.{form}" for form in ("html", "json", "md")]
    watch = serve()
    until(lambda: all((tmp_path / "out" / name).exists() for name in names), "yesterday's digest")
    assert watch.end()[0] == 0
    assert "市政府研究供暖保障" in (tmp_path / "out" / names[2]).read_text("utf-8")
    (tmp_path / "out" / names[0]).write_text("已发出的简报", "utf-8")
    again = serve()
    until(again.crawls, "its first crawl")
    assert again.end()[0] == 0
    assert (tmp_path / "out" / names[0]).read_text("utf-8") == "已发出的简报"


def test_a_service_that_nobody_listens_to_goes_on(tmp_path: Path, city_server: CityServer) -> None:
    catalogue(tmp_path, entry(city_server, "xueyuan"))
    reading, writing = os.pipe()
    os.close(reading)
    with open(tmp_path / "err", "wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor.cli", "--home", str(tmp_path), "serve"], stdout=writing, stderr=err
        )
    os.close(writing)
    try:
        until(
            lambda: visited(tmp_path) and len(told(tmp_path)) == len(articles(city_server, "xueyuan")),
            "a crawl that nobody hears of",
        )
        process.terminate()
        assert process.wait(STOPS_WITHIN) == 0
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in (tmp_path / "err").read_text("utf-8")
