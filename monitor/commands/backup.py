"""``shixun backup`` and ``shixun restore``: a home copied while it is in use, and made anew of such a copy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.faults import fault
from crawler.locks import ServiceBusy, service_lock
from crawler.sites import load_catalogue
from monitor.backup import make_backup, read_note, restore_backup
from monitor.commands.screen import context_of, now, out
from storage.records import CHINA

MEGABYTE = 1_000_000


def backup(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(help="a new folder; else one below backup/ of the home")] = None,
) -> None:
    """Copy the home and its archive, also while it is in use. 备份。"""
    options = context_of(context)
    catalogue = load_catalogue(options.home)
    moment = now()
    target = folder or options.home / "backup" / f"{moment.astimezone(CHINA):%Y%m%d-%H%M%S}"
    target = target.expanduser().resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    written = make_backup(options.home, catalogue.database, target, moment)
    out(options.says("backed-up", target, f"{written / MEGABYTE:.1f}"))


def restore(
    context: typer.Context, folder: Annotated[Path, typer.Argument(help="a folder that `shixun backup` made")]
) -> None:
    """Make a home of a backup. 恢复。"""
    options = context_of(context)
    source = folder.expanduser().resolve()
    read_note(source)
    its_own = options.home / "sites.yaml"
    catalogue = load_catalogue(options.home, its_own if its_own.exists() else source / "sites.yaml")
    lock = service_lock(options.home)
    if not lock.acquire():
        raise ServiceBusy(fault("service-busy", lock.holder(), options.home))
    try:
        restore_backup(source, options.home, catalogue.database)
    finally:
        lock.release()
    out(options.says("restored", options.home))
