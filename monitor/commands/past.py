"""What ``shixun import`` does with a WARC file, and what it says of it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from typing import TYPE_CHECKING

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from crawler.faults import fault
from crawler.sites import Site
from crawler.yamlfile import ConfigError
from monitor.commands.screen import FAILED, Context, errors, now, out, out_json, say
from storage.archive import Archive

if TYPE_CHECKING:
    from monitor.exchange.past import Past

PEEKED = 512
"""Bytes that tell what a file is."""
SIGN = b"WARC/"
RECORDS = ("page", "version", "visit")
LEFT = {
    "foreign": "left-foreign",
    "redirects": "left-redirects",
    "unread": "left-unread",
    "bytes": "left-bytes",
    "undated": "left-undated",
}
"""Why answers are left out, and what is said of it."""


def is_warc(head: bytes) -> bool:
    """Whether a file that begins so is a WARC file, plain or compressed; its name says nothing."""
    try:
        # Compressed bytes that end early are no fault.
        return head.startswith(SIGN) or zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, len(SIGN)) == SIGN
    except zlib.error:
        return False


def take_warc(
    archive: Archive,
    file: BufferedReader,
    name: str,
    sites: Mapping[str, Site],
    options: Context,
    *,
    as_json: bool,
) -> None:
    """Take a WARC file in, as far as it speaks of these sites. Raises ConfigError, Exit where some of it is damaged."""
    # Loaded when it is one: it reads pages as a crawl does.
    from monitor.exchange.past import take_past

    if not file.seekable():
        raise ConfigError(fault("warc-stream"), f"{name}: ")
    with progress(options, "import-visits") as told:
        past = take_past(archive, file, name, sites, now(), told)
    pending = archive.running.counts()["pending"]
    if as_json:
        said = {"new": dict(past.new), "known": dict(past.known), "others": past.others, "pending": pending}
        out_json({"records": past.records, **said, "left": dict(past.left), "damaged": len(past.damaged)})
    else:
        _tell(past, pending, options)
    if past.damaged:
        say(options.says("import-damaged", name, len(past.damaged), past.damaged[0]))
        raise typer.Exit(FAILED)


def _tell(past: Past, pending: int, options: Context) -> None:
    names = dict(zip(("site", "lesson", "run", *RECORDS), options.says("records").split(), strict=False))
    for kind in RECORDS:
        if past.new[kind] or past.known[kind]:
            out(options.says("imported-kind", names[kind], past.new[kind], past.known[kind]))
    if past.others:
        out(options.says("imported-before", past.others))
    for why, words in LEFT.items():
        if past.left[why]:
            out(options.says(words, past.left[why]))
    if not (past.new or past.known):
        out(options.says("imported-nothing", past.records))
    if pending:
        out(options.says("imported-pending", pending))


@contextmanager
def progress(options: Context, key: str) -> Iterator[Callable[[int], None]]:
    """How far it is, on a terminal."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=errors, disable=not errors.is_terminal, transient=True) as display:
        task = display.add_task(options.says(key, 0))
        yield lambda lines: display.update(task, description=options.says(key, lines))
