"""The service is ended in the middle of its work: by a signal to it, to all of its group, or by one that kills."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from service_watch import (
    PATIENCE,
    STOPS_WITHIN,
    Running,
    archive_at,
    articles,
    catalogue,
    entry,
    processes,
    told,
    until,
    visited,
)

from storage.demo import CityServer


def test_sigterm_in_the_middle_of_a_crawl_ends_it_cleanly(
    tmp_path: Path, city_server: CityServer, serve: Callable[[], Running]
) -> None:
    catalogue(tmp_path, entry(city_server, "jiaotong", delay=0.4))
    watch = serve()
    until(lambda: visited(tmp_path) >= 3, "the first pages of a slow crawl")
    children = watch.family()
    assert watch.crawls()
    status, seconds = watch.end()
    assert (status, seconds < STOPS_WITHIN) == (0, True)
    assert not children & set(processes())
    kept = visited(tmp_path)
    assert kept < len(articles(city_server, "jiaotong")), "the crawl was over before the signal came"
    with archive_at(tmp_path) as opened:
        (run,) = opened.running.runs()
    assert run.finished_at is not None
    assert run.reason == "shutdown"
    assert "Traceback" not in watch.err


def test_a_site_that_never_answers_does_not_keep_the_service_from_ending(
    tmp_path: Path, serve: Callable[[], Running]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        catalogue(tmp_path, f"  mo:\n    name: 沉默\n    columns: ['http://127.0.0.1:{port}/a/']\n")
        watch = serve()
        silent.settimeout(PATIENCE)
        connection, _ = silent.accept()
        children = watch.family()
        status, seconds = watch.end()
        connection.close()
    assert (status, seconds < STOPS_WITHIN) == (0, True)
    assert children
    assert not children & set(processes())


def test_killed_in_mid_crawl_it_loses_nothing_and_tells_nothing_twice(
    tmp_path: Path, city_server: CityServer, serve: Callable[[], Running]
) -> None:
    catalogue(tmp_path, entry(city_server, "jiaotong", delay=0.2))
    watch = serve()
    until(lambda: visited(tmp_path) >= 4, "the first pages of a slow crawl")
    children = watch.family()
    assert watch.crawls()
    watch.end(signal.SIGKILL)
    until(lambda: not children & set(processes()), "the orphans' end", 5)
    wanted = articles(city_server, "jiaotong")
    assert len(told(tmp_path)) < len(wanted), "the crawl was over before the signal came"
    catalogue(tmp_path, entry(city_server, "jiaotong"))
    again = serve()
    until(lambda: len(told(tmp_path)) >= len(wanted), "everything told after the second start")
    assert again.end()[0] == 0
    assert sorted(told(tmp_path)) == wanted


def test_a_signal_sent_to_the_whole_group_ends_it_as_well(
    tmp_path: Path, city_server: CityServer, serve: Callable[[], Running]
) -> None:
    """Ctrl-C in a terminal, and systemd's default, reach the children too."""
    catalogue(tmp_path, entry(city_server, "jiaotong", delay=0.4))
    watch = serve()
    until(lambda: visited(tmp_path) >= 2, "the first pages of a slow crawl")
    children = watch.family()
    for child in children:
        os.kill(child, signal.SIGINT)
    status, seconds = watch.end(signal.SIGINT)
    assert (status, seconds < STOPS_WITHIN) == (0, True)
    assert not children & set(processes())
