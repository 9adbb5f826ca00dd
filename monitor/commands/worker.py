"""``shixun worker``: crawls what the service has put into the queue, on this machine or any other."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.faults import fault
from crawler.yamlfile import ConfigError, read_yaml
from monitor import tell
from monitor.commands.screen import LogOption, begin_log, context_of, hush, out
from monitor.jobs import require_queue
from monitor.metrics.pulse import Pulse
from storage.crew import is_shared
from storage.records import Change
from storage.sql import open_archive

log = logging.getLogger(__name__)


def worker(
    context: typer.Context,
    crawls: Annotated[int, typer.Option(min=1, max=64, help="child processes that crawl at once", metavar="N")] = 2,
    name: Annotated[str | None, typer.Option(help="what status calls it; this machine's name", metavar="NAME")] = None,
    log_format: LogOption = "text",
    metrics: Annotated[
        int | None, typer.Option(min=0, max=65535, help="figures for Prometheus at this port; 0 takes a free one")
    ] = None,
    metrics_host: Annotated[str, typer.Option(help="where that port is opened")] = "127.0.0.1",
) -> None:
    """A worker: crawl what the service has put into the queue. 在任意机器上抓取。"""
    options = context_of(context)
    database = _database(options.home)
    require_queue()
    begin_log(log_format)

    def told(change: Change) -> None:
        try:
            out(tell.as_line(change, options.lang, {}))
            sys.stdout.flush()
        except BrokenPipeError:
            hush()

    from monitor.jobs.post import Place, Post

    async def work() -> None:
        archive = open_archive(database)
        try:
            clock = lambda: datetime.now(UTC)  # noqa: E731
            place = Place(options.home, database, archive, clock, lambda _event: None, told, pulse)
            post = Post(place, crawls, name)
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, post.stop)
            await post.run()
        finally:
            archive.close()

    pulse = Pulse()
    with _figures(pulse, metrics, metrics_host):
        asyncio.run(work())


@contextmanager
def _figures(pulse: Pulse, port: int | None, host: str) -> Iterator[None]:
    """Tell this process's figures while it works, where that is asked for. Raises Fault."""
    if port is None:
        yield
        return
    from monitor.metrics.exposition import Exposition

    with Exposition(pulse).served(port, host) as address:
        log.info("%s", address)
        yield


def _database(home: Path) -> str:
    """The address that this home names; nothing else of its ``sites.yaml`` is read. Raises ConfigError."""
    named = os.environ.get("SHIXUN_DATABASE")
    if not named:
        file = read_yaml(home / "sites.yaml")
        named = str(file.data.get("database") or "")
        if not is_shared(named):
            raise file.error(("database",), fault("no-shared"))
    if not is_shared(named):
        raise ConfigError(fault("no-shared"), "SHIXUN_DATABASE: ")
    return named
