"""The service as it is run: a real process, real crawls of the made city, real signals."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from drain_desk import Desk

from crawler.sites import load_catalogue
from monitor.config import load_settings
from monitor.service import Service
from storage.archive import Archive
from storage.demo import City, CityServer
from storage.records import CHINA, ChangeKind, Role
from storage.sql import open_archive

PACE = """\
defaults:
  schedule: {column: 2s, day: 2s, week: 2s, month: 2s, older: 2s, missing: 1s, failing: 2s}
  removal: {visits: 2, over: 1s}
service: {tick: 0.5s, crawls: 2}
"""
PATIENCE = 60
STOPS_WITHIN = 15
FAULT = "sites:\n  jiaotong:\n    nmae: 错字\n"


@pytest.fixture(scope="module")
def city() -> City:
    return City()


@pytest.fixture
def server(city: City) -> Iterator[CityServer]:
    with CityServer(city) as serving:
        yield serving


def until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Look again and again until something holds; fail with what was waited for when it does not in time."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"in vain for {seconds} s: {what}"
        pause.wait(0.05)


class Watch:
    """A running ``shixun serve`` and what it has printed so far."""

    def __init__(self, home: Path, number: int) -> None:
        self.home = home
        self._out, self._err = home / f"stdout-{number}", home / f"stderr-{number}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SHIXUN")}
        with open(self._out, "wb") as out, open(self._err, "wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "monitor.cli", "--home", str(home), "serve"],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment, cwd=home,
            )  # fmt: skip

    @property
    def out(self) -> str:
        return self._out.read_text("utf-8")

    @property
    def err(self) -> str:
        return self._err.read_text("utf-8")

    def children(self) -> list[int]:
        """Processes that it started and that run."""
        return [pid for pid, (parent, _) in processes().items() if parent == self.process.pid]

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal and wait: exit status, and seconds that it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(STOPS_WITHIN + 15), time.monotonic() - begun


def processes() -> dict[int, tuple[int, str]]:
    """Every process that runs (no zombies), with its parent and state."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state != "Z":
                found[int(folder.name)] = (int(parent), state)
    return found


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[], Watch]]:
    """Starts services on one home; whatever still runs at the end is killed."""
    begun: list[Watch] = []

    def start() -> Watch:
        begun.append(Watch(tmp_path, len(begun)))
        return begun[-1]

    yield start
    for watch in begun:
        if watch.process.poll() is None:
            watch.process.kill()
            watch.process.wait()


def entry(server: CityServer, key: str, *, delay: float | None = None) -> str:
    (site,) = [each for each in server.sites if each.key == key]
    lines = [f"  {key}:", f"    name: {site.name}", "    columns:"]
    lines += [f"      - {server.url(key, column.path)}" for column in site.columns]
    return "\n".join([*lines, *([f"    delay: {delay}"] if delay else [])]) + "\n"


def catalogue(home: Path, *entries: str) -> None:
    """Write ``sites.yaml`` in place, the way an editor that saves at one stroke does."""
    draft = home / "sites.yaml.part"
    draft.write_text(PACE + "sites:\n" + "".join(entries), "utf-8")
    draft.replace(home / "sites.yaml")


@contextmanager
def archive(home: Path) -> Iterator[Archive]:
    opened = open_archive(f"sqlite:///{home / 'shixun.db'}")
    try:
        yield opened
    finally:
        opened.close()


def told(home: Path, *kinds: ChangeKind) -> list[str]:
    """Addresses in the change log, as often as they were told."""
    with archive(home) as opened:
        return [change.url for change in opened.reading.changes() if not kinds or change.kind in kinds]


def visited(home: Path) -> int:
    if not (home / "shixun.db").exists():
        return 0
    with archive(home) as opened:
        return opened.running.counts()["versions"]


def articles(server: CityServer, key: str) -> list[str]:
    """The addresses of a site's articles in round 1."""
    return sorted(server.url(key, each.path) for each in server.city.truth(1) if each.site == key)


def test_it_crawls_compares_and_prints_what_changed(
    tmp_path: Path, server: CityServer, serve: Callable[[], Watch]
) -> None:
    catalogue(tmp_path, entry(server, "jiaotong"))
    watch = serve()
    wanted = articles(server, "jiaotong")
    until(lambda: watch.out.count("【新增】栖川市交通运输局") == len(wanted), "all articles of round 1")
    assert sorted(told(tmp_path)) == wanted
    server.round = 2
    until(lambda: "5200万 → 5020万" in watch.out, "the edit of round 2")
    until(lambda: watch.out.count("【新增】") == len(wanted) + 2, "the two articles of round 2")
    status, _ = watch.end()
    assert status == 0
    assert sorted(Counter(told(tmp_path)).values()) == [1] * (len(wanted) + 1) + [2]
    assert "Traceback" not in watch.err
    assert watch.out.count("\n") == len(wanted) + 3


def test_sigterm_in_the_middle_of_a_crawl_ends_it_cleanly(
    tmp_path: Path, server: CityServer, serve: Callable[[], Watch]
) -> None:
    catalogue(tmp_path, entry(server, "jiaotong", delay=0.4))
    watch = serve()
    until(lambda: visited(tmp_path) >= 3, "the first pages of a slow crawl")
    children = watch.children()
    assert children
    status, seconds = watch.end()
    assert (status, seconds < STOPS_WITHIN) == (0, True)
    assert not set(children) & set(processes())
    kept = visited(tmp_path)
    assert kept < len(articles(server, "jiaotong")), "the crawl was over before the signal came"
    with archive(tmp_path) as opened:
        (run,) = opened.running.runs()
    assert run.finished_at is not None
    assert run.reason == "shutdown"
    assert "Traceback" not in watch.err


def test_a_site_that_never_answers_does_not_keep_the_service_from_ending(
    tmp_path: Path, serve: Callable[[], Watch]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        catalogue(tmp_path, f"  mo:\n    name: 沉默\n    columns: ['http://127.0.0.1:{port}/a/']\n")
        watch = serve()
        silent.settimeout(PATIENCE)
        connection, _ = silent.accept()
        children = watch.children()
        status, seconds = watch.end()
        connection.close()
    assert (status, seconds < STOPS_WITHIN) == (0, True)
    assert children
    assert not set(children) & set(processes())


def test_a_second_service_on_one_home_is_refused(
    tmp_path: Path, server: CityServer, serve: Callable[[], Watch]
) -> None:
    catalogue(tmp_path, entry(server, "xueyuan"))
    first = serve()
    until((tmp_path / "shixun.db").exists, "the first service")
    second = serve()
    assert second.process.wait(10) == 1
    (line,) = second.err.splitlines()
    assert f"another service (process {first.process.pid}) watches {tmp_path}" in line
    assert second.out == ""
    until(lambda: len(told(tmp_path)) == len(articles(server, "xueyuan")), "the first service's crawl")
    assert first.end()[0] == 0


def test_killed_in_mid_crawl_it_loses_nothing_and_tells_nothing_twice(
    tmp_path: Path, server: CityServer, serve: Callable[[], Watch]
) -> None:
    catalogue(tmp_path, entry(server, "jiaotong", delay=0.2))
    watch = serve()
    until(lambda: visited(tmp_path) >= 4, "the first pages of a slow crawl")
    children = watch.children()
    assert children
    watch.end(signal.SIGKILL)
    until(lambda: not set(children) & set(processes()), "the orphans' end", 5)
    wanted = articles(server, "jiaotong")
    assert len(told(tmp_path)) < len(wanted), "the crawl was over before the signal came"
    catalogue(tmp_path, entry(server, "jiaotong"))
    again = serve()
    until(lambda: len(told(tmp_path)) >= len(wanted), "everything told after the second start")
    assert again.end()[0] == 0
    assert sorted(told(tmp_path)) == wanted


def test_a_site_is_added_while_it_runs_and_called_by_its_name(
    tmp_path: Path, server: CityServer, serve: Callable[[], Watch]
) -> None:
    catalogue(tmp_path, entry(server, "xueyuan"))
    watch = serve()
    until(lambda: "栖川职业技术学院" in watch.out, "the first site")
    catalogue(tmp_path, entry(server, "xueyuan"), entry(server, "jiaotong"))
    until(lambda: "【新增】栖川市交通运输局" in watch.out, "the added site")
    assert watch.end()[0] == 0


def test_a_broken_catalogue_is_told_once_and_the_last_good_one_holds(
    tmp_path: Path, server: CityServer, serve: Callable[[], Watch]
) -> None:
    catalogue(tmp_path, entry(server, "jiaotong"))
    watch = serve()
    wanted = articles(server, "jiaotong")
    until(lambda: len(watch.out.splitlines()) >= len(wanted), "round 1")
    (tmp_path / "sites.yaml").write_text(PACE + FAULT, "utf-8")
    line = PACE.count("\n") + 3
    until(lambda: f"sites.yaml:{line}: sites.jiaotong.nmae: is not known here" in watch.err, "the fault")
    server.round = 2
    until(lambda: "5200万 → 5020万" in watch.out, "the edit of round 2, under the last good catalogue")
    catalogue(tmp_path, entry(server, "jiaotong"), entry(server, "xueyuan"))
    until(lambda: "栖川职业技术学院" in watch.out, "the added site, after the file is right again")
    assert watch.end()[0] == 0
    assert watch.err.count("is not known here") == 1
    assert "was cut off" not in watch.err


def test_a_site_that_is_down_does_not_stop_the_others(
    tmp_path: Path, server: CityServer, serve: Callable[[], Watch]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    dead = f"http://127.0.0.1:{port}/a/"
    catalogue(tmp_path, f"  dao:\n    name: 倒下\n    columns: ['{dead}']\n", entry(server, "xueyuan"))
    watch = serve()
    wanted = articles(server, "xueyuan")
    until(lambda: len(watch.out.splitlines()) == len(wanted), "the site that is up")
    server.round = 2
    until(lambda: len(watch.out.splitlines()) == len(wanted) + 3, "its next round")
    assert watch.end()[0] == 0
    with archive(tmp_path) as opened:
        down = opened.crawling.pages("dao", Role.COLUMN)[0]
        tries = len(opened.reading.observations(dead))
    assert down.failures == tries >= 1
    assert "Traceback" not in watch.err


def test_a_digest_whose_hour_was_slept_through_is_written_soon_after_the_start(
    tmp_path: Path, server: CityServer, serve: Callable[[], Watch]
) -> None:
    catalogue(tmp_path, entry(server, "xueyuan"))
    with open(tmp_path / "sites.yaml", "a", encoding="utf-8") as file:
        file.write("digest: {at: '00:00'}\n")
    yesterday = datetime.now(CHINA) - timedelta(days=1)
    with archive(tmp_path) as opened:
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
    until(again.children, "its first crawl")
    assert again.end()[0] == 0
    assert (tmp_path / "out" / names[0]).read_text("utf-8") == "已发出的简报"


def test_a_service_that_nobody_listens_to_goes_on(tmp_path: Path, server: CityServer) -> None:
    catalogue(tmp_path, entry(server, "xueyuan"))
    reading, writing = os.pipe()
    os.close(reading)
    with open(tmp_path / "err", "wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor.cli", "--home", str(tmp_path), "serve"], stdout=writing, stderr=err
        )
    os.close(writing)
    try:
        until(
            lambda: visited(tmp_path) and len(told(tmp_path)) == len(articles(server, "xueyuan")),
            "a crawl that nobody hears of",
        )
        process.terminate()
        assert process.wait(STOPS_WITHIN) == 0
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in (tmp_path / "err").read_text("utf-8")


def begun(home: Path, opened: Archive) -> Service:
    """A service in this process as it stands once it has begun."""
    service = Service(home)
    service.catalogue = load_catalogue(home)
    service.settings = load_settings(service.catalogue)
    service.archive = opened
    return service


def test_a_crawl_that_cannot_begin_is_told_and_tried_again(
    tmp_path: Path, server: CityServer, caplog: pytest.LogCaptureFixture
) -> None:
    catalogue(tmp_path, entry(server, "xueyuan"))
    (tmp_path / "logs").write_text("a file where the folder of logs should be", "utf-8")

    async def two_ticks(service: Service) -> None:
        for _ in range(2):
            await service.tick()
            await asyncio.gather(*service._tasks)

    with archive(tmp_path) as opened:
        asyncio.run(two_ticks(begun(tmp_path, opened)))
    assert [record.getMessage() for record in caplog.records] == [
        f"the crawl of xueyuan: [Errno 17] File exists: '{tmp_path}/logs'"
    ] * 2


def test_a_comparison_that_is_cancelled_still_tells_what_it_wrote(tmp_path: Path, server: CityServer) -> None:
    """A crawl is cancelled at the end of the service; what its comparison was writing must not go unsaid."""
    catalogue(tmp_path, entry(server, "xueyuan"))
    heard: list[str] = []
    halfway, go_on = threading.Event(), threading.Event()

    def clock() -> datetime:
        halfway.set()
        assert go_on.wait(PATIENCE)
        return datetime.now(UTC)

    async def cancelled(service: Service) -> None:
        service._clock = clock
        service._on_change = lambda change: heard.append(change.url)
        crawl = asyncio.create_task(service.compare())
        service._tasks.add(crawl)
        await asyncio.to_thread(halfway.wait, PATIENCE)
        service.stop()
        ending = asyncio.create_task(service._end_tasks())
        await asyncio.wait({crawl})
        assert crawl.cancelled()
        assert not ending.done()
        go_on.set()
        await ending
        assert len(heard) == 1, "the service ended before its comparison did"

    with archive(tmp_path) as opened:
        desk = Desk(opened)
        for page in range(3):
            desk.visit(page=str(page))
        asyncio.run(cancelled(begun(tmp_path, opened)))
        log = [change.url for change in opened.reading.changes()]
        assert opened.running.counts()["pending"] == 2
    assert heard == log
    assert len(log) == 1


def test_a_signal_sent_to_the_whole_group_ends_it_as_well(
    tmp_path: Path, server: CityServer, serve: Callable[[], Watch]
) -> None:
    """Ctrl-C in a terminal, and systemd's default, reach the children too."""
    catalogue(tmp_path, entry(server, "jiaotong", delay=0.4))
    watch = serve()
    until(lambda: visited(tmp_path) >= 2, "the first pages of a slow crawl")
    children = watch.children()
    for child in children:
        os.kill(child, signal.SIGINT)
    status, seconds = watch.end(signal.SIGINT)
    assert (status, seconds < STOPS_WITHIN) == (0, True)
    assert not set(children) & set(processes())
