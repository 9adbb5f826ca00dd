"""``shixun web``: the archive's pages alone, for an archive that no service watches just now."""

from __future__ import annotations

import asyncio
import signal
from typing import Annotated

import typer

from monitor.commands.archives import home_archive
from monitor.commands.screen import LogOption, begin_log, context_of, now
from monitor.config import load_settings
from monitor.web.serving import Pages, pages_of


def web(
    context: typer.Context,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="instead of web.port; 0 takes a free one")] = None,
    log_format: LogOption = "text",
) -> None:
    """The archive as web pages, without the service. Nothing is crawled. 只看网页。"""
    begin_log(log_format)
    with home_archive(context_of(context).home) as (catalogue, archive):
        settings = load_settings(catalogue)
        if port is not None:
            settings = settings.model_copy(update={"web": settings.web.model_copy(update={"port": port})})
        asyncio.run(_serve(pages_of(catalogue, archive, settings, now)))


async def _serve(pages: Pages) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    pages.start()
    try:
        await stop.wait()
    finally:
        await pages.stop()
