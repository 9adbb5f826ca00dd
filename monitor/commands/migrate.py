"""``shixun migrate``: the archive of a home moved to another database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from crawler.faults import fault
from crawler.locks import ServiceBusy, allow_many_files, service_lock, site_lock
from crawler.sites import Catalogue, load_catalogue
from monitor.commands.screen import FAILED, Context, context_of, errors, now, out, out_json, say
from monitor.config import load_settings
from storage.crew import is_lost, is_shared
from storage.moving import Moved
from storage.sql import open_archive
from storage.sql.transfer import move_archive, shown

DIGITS = 16
"""Of a digest that a person compares."""


def migrate(
    context: typer.Context,
    to: Annotated[str, typer.Argument(metavar="TO", help="an empty database: postgresql://… or sqlite:///…")],
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line a table, then one of the whole")] = False,
) -> None:
    """Move the archive to another database, verified. 把存档搬到另一个数据库,逐行核对。

    The other database must be empty. The old one is left as it is; sites.yaml is not touched.
    """
    options = context_of(context)
    catalogue = load_catalogue(options.home)
    load_settings(catalogue)
    old, new = shown(catalogue.database), shown(to)
    with alone(catalogue), _progress() as display:
        moved = move_archive(catalogue.database, to, _Bars(display, options).step)
    if as_json:
        _tell_json(moved, old, new)
    else:
        _tell(moved, old, new, options)
    if moved.went_on:
        say(options.says("moved-on"))
        raise typer.Exit(FAILED)


@contextmanager
def alone(catalogue: Catalogue) -> Iterator[None]:
    """Hold off the service and all crawls of this home, on this machine.

    Raises ServiceBusy; also where workers, on whatever machine, still show signs of life.
    """
    allow_many_files()
    with ExitStack() as held:
        service = service_lock(catalogue.home)
        if not service.acquire():
            raise ServiceBusy(fault("service-busy", service.holder(), catalogue.home))
        held.callback(service.release)
        for key in catalogue.sites:
            site = site_lock(catalogue.home, key)
            if not site.acquire():
                raise ServiceBusy(fault("site-crawled", key, site.holder()))
            held.callback(site.release)
        if is_shared(catalogue.database):
            _without_workers(catalogue.database)
        yield


def _without_workers(database: str) -> None:
    moment = now()
    with closing(open_archive(database)) as archive:
        alive = [worker.name for worker in archive.running.workers(moment) if not is_lost(worker, moment)]
    if alive:
        raise ServiceBusy(fault("workers-busy", ", ".join(alive)))


class _Bars:
    """A bar for each thing that is done, on a terminal."""

    def __init__(self, display: Progress, options: Context) -> None:
        self._display, self._options = display, options
        self._tasks: dict[str, TaskID] = {}

    def step(self, what: str, done: int, whole: int) -> None:
        """So much of it is done."""
        if what not in self._tasks:
            words = {"copy": "move-copy", "verify": "move-verify", "index": "move-index"}
            self._tasks[what] = self._display.add_task(self._options.says(words[what]), total=whole)
        self._display.update(self._tasks[what], completed=done)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=errors, disable=not errors.is_terminal, transient=True)


def _tell(moved: Moved, old: str, new: str, options: Context) -> None:
    for table in moved.tables:
        if table.rows:
            out(options.says("move-table", table.name, table.rows, table.sha256[:DIGITS]))
    out(options.says("moved", old, new, moved.rows))
    if moved.went_on:
        return
    out(options.says("moved-set"))
    out(f"database: {new}")
    if os.environ.get("SHIXUN_DATABASE"):
        out(options.says("moved-env"))


def _tell_json(moved: Moved, old: str, new: str) -> None:
    for table in moved.tables:
        out_json({"table": table.name, "rows": table.rows, "sha256": table.sha256})
    out_json({"from": old, "to": new, "rows": moved.rows, "verified": True, "went_on": moved.went_on})
