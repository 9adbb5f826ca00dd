"""``shixun serve``: the service, with a line for every change it tells."""

from __future__ import annotations

import asyncio
import logging
import sys

import typer

from monitor import tell
from monitor.commands.screen import context_of, hush, log_in_china_time, out
from monitor.service import Service
from monitor.web.serving import beside
from storage.records import Change


def serve(context: typer.Context) -> None:
    """The service: crawl on schedule, compare, write the digest each morning. 后台服务。"""
    options = context_of(context)
    log_in_china_time()
    for library in ("apscheduler", "alembic"):
        logging.getLogger(library).setLevel(logging.WARNING)

    def told(change: Change) -> None:
        try:
            out(tell.as_line(change, options.lang, {key: site.name for key, site in service.catalogue.sites.items()}))
            sys.stdout.flush()
        except BrokenPipeError:
            hush()

    service = Service(options.home, on_change=told, open_pages=beside)
    asyncio.run(service.run())
