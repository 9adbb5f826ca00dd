"""The command ``shixun``: global options, the commands, and what a fault looks like.

Exit status: 0 done; 1 done with failures that were told; 2 unusable arguments or configuration.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from crawler.agent import program_version
from crawler.yamlfile import ConfigError
from monitor.commands import add, crawl, demo, house, log, read
from monitor.commands.screen import FAILED, UNUSABLE, Context, hush, say
from monitor.service import ServiceBusy
from storage.errors import StorageError

INTERRUPTED = 130

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(program_version())
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="holds sites.yaml, the database and out/", metavar="DIR")] = None,
    lang: Annotated[Literal["zh", "en"], typer.Option(help="the language of screens and digest")] = "zh",
    _version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    """市讯: a polite crawler and change monitor for Chinese municipal news pages."""
    chosen = home or Path(os.environ.get("SHIXUN_HOME") or ".")
    context.obj = Context(chosen.expanduser().resolve(), lang)


app.command()(house.init)
house.sites.command("add")(add.add_site)
app.add_typer(house.sites, name="sites")
app.command()(crawl.crawl)
app.command()(crawl.compare)
app.command()(read.extract)
app.command()(read.diff)
app.command()(log.changes)
app.command()(log.history)
app.command()(log.show)
app.command()(log.search)
app.command()(log.digest)
app.command()(house.serve)
app.command()(demo.demo)
app.command()(house.status)
app.command()(house.doctor)


def speak_utf8() -> None:
    """Make the standard streams take Chinese whatever the locale says; a terminal keeps an encoding that can."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            kept = stream.isatty() and codecs.lookup(stream.encoding).name != "ascii"
            # A page may hold half a surrogate pair, which no encoding has; JSON reads the escape as what it was.
            stream.reconfigure(encoding=stream.encoding if kept else "utf-8", errors="backslashreplace")


def main() -> None:
    """Run the command line; a fault is one line on standard error and an exit status."""
    speak_utf8()
    try:
        try:
            app(prog_name="shixun")
        finally:
            sys.stdout.flush()
    except ConfigError as error:
        _end(str(error), UNUSABLE)
    except (StorageError, ServiceBusy) as error:
        _end(str(error), FAILED)
    except OSError as error:
        if error.filename is None:
            # It was our own output that failed; Python would try once more at its end.
            hush()
        if isinstance(error, BrokenPipeError):
            sys.exit(FAILED)
        _end(f"{error.filename or ''}: {error.strerror or error}".lstrip(": "), FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _end(line: str, status: int) -> None:
    say(f"shixun: {line}")
    sys.exit(status)


if __name__ == "__main__":
    main()
