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
from typer.core import TyperGroup
from typer.exceptions import TyperException

from crawler.agent import program_version
from crawler.faults import Fault, Lang
from crawler.yamlfile import ConfigError
from monitor.commands.deferred import Deferred, group
from monitor.commands.screen import DONE, FAILED, UNUSABLE, Context, hush, say
from monitor.commands.troubles import storage_line, system_line
from monitor.commands.usage import spoken, usage_line
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
    lang: Annotated[
        Literal["zh", "en"], typer.Option(help="the language of screens and digest", envvar="SHIXUN_LANG")
    ] = "zh",
    _version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    """市讯: a polite crawler and change monitor for Chinese municipal news pages."""
    chosen = home or Path(os.environ.get("SHIXUN_HOME") or ".")
    context.obj = Context(chosen.expanduser().resolve(), lang)


COMMANDS = (
    Deferred("init", "monitor.commands.house:init", "Write a commented sites.yaml."),
    Deferred("crawl", "monitor.commands.crawl:crawl", "Crawl sites now, compare, and tell what changed."),
    Deferred("compare", "monitor.commands.crawl:compare", "Compare whatever has not been compared yet."),
    Deferred("extract", "monitor.commands.read:extract", "Read pages, store nothing."),
    Deferred("diff", "monitor.commands.diff:diff", "The change between two states of one page, or none."),
    Deferred("changes", "monitor.commands.log:changes", "The change log."),
    Deferred("history", "monitor.commands.log:history", "One page's versions."),
    Deferred("show", "monitor.commands.log:show", "One version of a page."),
    Deferred("search", "monitor.commands.search:command", "Pages of which a version holds all the words."),
    Deferred("digest", "monitor.commands.digest:digest", "One China day, or a week, told."),
    Deferred("deliver", "monitor.commands.deliver:deliver", "Send what waits for its readers, and what is urgent."),
    Deferred(
        "serve",
        "monitor.commands.serve:serve",
        "The service: crawl on schedule, compare, write the digest each morning.",
    ),
    Deferred("worker", "monitor.commands.worker:worker", "A worker: crawl what the service has put into the queue."),
    Deferred("web", "monitor.commands.web:web", "The archive as web pages, without the service."),
    Deferred("demo", "monitor.commands.demo:demo", "The service on an embedded demonstration city."),
    Deferred(
        "status",
        "monitor.commands.state:status",
        "What is running, due and failing; of a page, when it is next due.",
    ),
    Deferred("backup", "monitor.commands.backup:backup", "Copy the home and its archive, also while it is in use."),
    Deferred("restore", "monitor.commands.backup:restore", "Make a home of a backup."),
    Deferred("prune", "monitor.commands.prune:prune", "Let go of old versions that nothing leads to."),
    Deferred("export", "monitor.commands.export:export", "The archive as a file that other archives take in."),
    Deferred("import", "monitor.commands.export:take", "Take in what another archive exported, or a WARC file."),
    Deferred("migrate", "monitor.commands.migrate:migrate", "Move the archive to another database, verified."),
    Deferred("doctor", "monitor.commands.doctor:doctor", "Is this installation sound."),
    group(
        "sites",
        "The catalogue of sites. 站点目录。",
        Deferred("list", "monitor.commands.house:list_sites", "The sites of sites.yaml."),
        Deferred("check", "monitor.commands.check:check_sites", "Validate sites.yaml and try each column once."),
        Deferred(
            "add",
            "monitor.commands.add:add_site",
            "Look at a site, show what it has, write its entry into sites.yaml.",
        ),
    ),
)


def program() -> TyperGroup:
    """The command line with all its commands."""
    whole = typer.main.get_group(app)
    for command in COMMANDS:
        whole.add_command(command)
    return whole


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
    lang = spoken(sys.argv[1:], os.environ)
    try:
        try:
            ended = program()(prog_name="shixun", standalone_mode=False)
        finally:
            sys.stdout.flush()
        sys.exit(ended if isinstance(ended, int) else DONE)
    except TyperException as error:
        _refuse(error, lang)
    except Fault as error:
        _end(error.said(lang), UNUSABLE if isinstance(error, ConfigError) else FAILED)
    except StorageError as error:
        _end(storage_line(error, lang), FAILED)
    except OSError as error:
        if error.filename is None:
            # It was our own output that failed; Python would try once more at its end.
            hush()
        if isinstance(error, BrokenPipeError):
            sys.exit(FAILED)
        _end(system_line(error, lang), FAILED)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(INTERRUPTED)


def _refuse(error: TyperException, lang: Lang) -> None:
    """A command line that cannot be read. Without any command the commands are listed."""
    said = error.format_message()
    if "\n" in said:
        typer.echo(said, err=True)
        sys.exit(UNUSABLE)
    _end(usage_line(error, lang), UNUSABLE)


def _end(line: str, status: int) -> None:
    say(f"shixun: {line}")
    sys.exit(status)


if __name__ == "__main__":
    main()
