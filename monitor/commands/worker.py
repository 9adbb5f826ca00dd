"""``shixun worker``: crawls what the service has put into the queue, on this machine or any other."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.agent import program_version
from crawler.faults import fault
from crawler.yamlfile import ConfigError, read_yaml
from monitor import tell
from monitor.commands.screen import context_of, hush, log_in_china_time, out
from monitor.jobs import require_queue
from storage.crew import is_shared
from storage.records import Change
from storage.sql import open_archive

log = logging.getLogger(__name__)


def worker(
    context: typer.Context,
    crawls: Annotated[int, typer.Option(min=1, max=64, help="child processes that crawl at once", metavar="N")] = 2,
    name: Annotated[str | None, typer.Option(help="what status calls it; this machine's name", metavar="NAME")] = None,
) -> None:
    """A worker: crawl what the service has put into the queue. 在任意机器上抓取。"""
    options = context_of(context)
    database = _database(options.home)
    require_queue()
    log_in_china_time()
    for library in ("apscheduler", "alembic"):
        logging.getLogger(library).setLevel(logging.WARNING)

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
            place = Place(options.home, database, archive, lambda: datetime.now(UTC), lambda _event: None, told)
            post = Post(place, crawls, name)
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, post.stop)
            log.info("市讯 %s 开始抓取,名为 %s,同时 %d 路;Ctrl-C 结束", program_version(), post.name, crawls)
            await post.run()
        finally:
            archive.close()

    asyncio.run(work())


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
