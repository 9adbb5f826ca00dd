"""``shixun export`` and ``import``: an archive, or a part of it, as a file that other archives take in."""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Annotated, BinaryIO, Literal, cast

import typer

from crawler.faults import fault
from crawler.sites import load_catalogue
from crawler.yamlfile import ConfigError
from monitor.commands.archives import archive_of, home_archive
from monitor.commands.migrate import alone
from monitor.commands.past import PEEKED, is_warc, progress, take_warc
from monitor.commands.screen import FAILED, Context, context_of, now, out, out_json, read_moment, say
from monitor.config import load_settings
from monitor.deliver.posting import post_alerts
from monitor.downloads.scope import Scope
from monitor.downloads.warc import as_warc
from monitor.exchange.files import Tally, take_in, write
from storage.archive import Archive
from storage.exchange import Part

STREAM = "-"
GZIP = b"\x1f\x8b"
RECORDS = ("site", "lesson", "run", "page", "version", "visit", "change")


def export(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="compressed where it ends in .gz")] = STREAM,
    form: Annotated[
        Literal["jsonl", "warc"], typer.Option("--format", help="all that is known; or the visits")
    ] = "jsonl",
    site: Annotated[str | None, typer.Option(help="only this site")] = None,
    since: Annotated[str | None, typer.Option(help="from when: 2026-11-23, 2026-11-23T08:00, or back: 24h, 7d")] = None,
    until: Annotated[str | None, typer.Option(help="until when, not included")] = None,
    bodies: Annotated[bool, typer.Option("--bodies/--without-bodies", help="with the raw responses")] = True,
) -> None:
    """The archive as a file that other archives take in. 导出存档。"""
    options = context_of(context)
    part = Part(site, read_moment(since, "--since"), read_moment(until, "--until"), bodies)
    if form == "warc" and (part.since or part.until or not bodies):
        raise ConfigError(fault("warc-span"))
    with home_archive(options.home) as (catalogue, archive):
        if site is not None and site not in archive.running.site_names():
            catalogue.choose([site])
        with _sink(file) as sink, progress(options, "export-lines") as told:
            if form == "warc":
                _write_warc(archive, part, sink)
                return
            tally = write(archive, part, sink, now(), told)
    say(options.says("exported", tally.lines))
    if tally.damaged:
        say(options.says("export-damaged", tally.damaged))
        raise typer.Exit(FAILED)


def take(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="what `shixun export` wrote, or any crawler's WARC")],
    site: Annotated[str | None, typer.Option(help="of a WARC only this site")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line")] = False,
) -> None:
    """Take in what another archive exported, or a WARC file. 导入别处导出的存档,或 WARC 文件。

    What is known already stays as it is: taking in the same file again changes nothing. No alert is sent of it.
    """
    options = context_of(context)
    catalogue = load_catalogue(options.home)
    settings = load_settings(catalogue)
    sites = {each.key: each for each in catalogue.choose([site] if site else list(catalogue.sites))}
    with alone(catalogue), _opened(file) as source, archive_of(catalogue) as archive:
        # What was told here before is news still; what comes now is not.
        post_alerts(archive, settings, now())
        if is_warc(source.peek(PEEKED)):
            take_warc(archive, source, file, sites, options, as_json=as_json)
            return
        if site:
            raise ConfigError(fault("jsonl-site"), f"{file}: ")
        with _unpacked(source) as lines, progress(options, "import-lines") as told:
            tally = take_in(archive, lines, file, told)
        pending = archive.running.counts()["pending"]
    if as_json:
        said = {"new": dict(tally.new), "known": dict(tally.known), "others": tally.others, "pending": pending}
        out_json({"records": tally.lines, **said})
    else:
        _tell(tally, pending, options)


def _tell(tally: Tally, pending: int, options: Context) -> None:
    for kind, name in zip(RECORDS, options.says("records").split(), strict=True):
        if tally.new[kind] or tally.known[kind]:
            out(options.says("imported-kind", name, tally.new[kind], tally.known[kind]))
    if tally.others:
        out(options.says("imported-others", tally.others))
    if pending:
        out(options.says("imported-pending", pending))


def _write_warc(archive: Archive, part: Part, sink: BinaryIO) -> None:
    for key in [part.site] if part.site is not None else archive.running.site_names():
        for piece in as_warc(archive, Scope(site=key), now(), largest=sys.maxsize):
            sink.write(piece)


@contextmanager
def _sink(name: str) -> Iterator[BinaryIO]:
    """Where it is written; a file takes its name once it is whole."""
    if name == STREAM:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = Path(f"{name}.part")
    try:
        with open(part, "wb") as file:
            # A WARC is compressed record by record.
            if name.endswith(".gz") and not name.endswith(".warc.gz"):
                with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                    yield cast(BinaryIO, packed)
            else:
                yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, name)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _opened(name: str) -> Iterator[BufferedReader]:
    if name != STREAM and not Path(name).exists():
        raise ConfigError(fault("export-none"), f"{name}: ")
    with open(sys.stdin.fileno() if name == STREAM else name, "rb", closefd=name != STREAM) as file:
        yield file


@contextmanager
def _unpacked(file: BufferedReader) -> Iterator[BinaryIO]:
    if file.peek(len(GZIP)).startswith(GZIP):
        with gzip.GzipFile(fileobj=file) as packed, BufferedReader(packed) as plain:
            yield cast(BinaryIO, plain)
    else:
        yield file
