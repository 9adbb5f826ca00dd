"""``shixun serve``: the service, with a line for every change it tells."""

from __future__ import annotations

import asyncio
import sys

import typer

from monitor import tell
from monitor.commands.screen import LogOption, begin_log, context_of, hush, out
from monitor.service import Service
from monitor.web.serving import beside
from storage.records import Change


def serve(context: typer.Context, log_format: LogOption = "text") -> None:
    """The service: crawl on schedule, compare, write the digest each morning. 后台服务。"""
    options = context_of(context)
    begin_log(log_format)

    def told(change: Change) -> None:
        try:
            out(tell.as_line(change, options.lang, {key: site.name for key, site in service.catalogue.sites.items()}))
            sys.stdout.flush()
        except BrokenPipeError:
            hush()

    service = Service(options.home, on_change=told, open_pages=beside)
    asyncio.run(service.run())
