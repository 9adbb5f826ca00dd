"""``shixun digest``: one China day, or a week, told in files or on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from crawler.faults import fault
from crawler.yamlfile import ConfigError
from monitor.commands.archives import home_archive
from monitor.commands.deliver import send_digest
from monitor.commands.screen import context_of, now, out, read_day
from monitor.digest.choose import choose
from monitor.digest.day import Digest
from monitor.digest.edition import Format, edition, publish, render, week, write_whole
from monitor.tell import Lang
from monitor.terms import terms_of
from storage.records import ChangeKind, china_day


def digest(
    context: typer.Context,
    day: Annotated[str | None, typer.Option(help="a China day: 2026-11-23, today, yesterday; today without")] = None,
    in_week: Annotated[str | None, typer.Option("--week", help="the calendar week that this China day lies in")] = None,
    site: Annotated[list[str] | None, typer.Option(help="only this site; may be given several times")] = None,
    kind: Annotated[
        list[ChangeKind] | None, typer.Option(help="only changes of this kind; several may be given")
    ] = None,
    form: Annotated[
        Literal["html", "md", "json", "mail"] | None, typer.Option("--format", help="one format only")
    ] = None,
    target: Annotated[Path | None, typer.Option("--out", help="a file, or - for standard output")] = None,
    send: Annotated[bool, typer.Option("--send", help="also send it now to those who did not get it yet")] = False,
) -> None:
    """One China day, or a week, told. Without --format and --out all formats are written to out/. 每日简报。"""
    lang = context_of(context).lang
    if day is not None and in_week is not None:
        raise ConfigError(fault("day-or-week"))
    if send and (site or kind):
        raise ConfigError(fault("own-choice"))
    wanted = read_day(day) if in_week is None else read_day(in_week, "--week")
    if wanted > china_day(now()):
        raise ConfigError(fault("not-begun", "day" if in_week is None else "week", wanted))
    with home_archive(context_of(context).home) as (catalogue, archive):
        chosen = [one.key for one in catalogue.choose(site or ())]
        gather = edition if in_week is None else week
        told = choose(gather(archive, wanted, now(), terms=terms_of(catalogue.home)), chosen, kind or ())
    _write(told, form, target, catalogue.home / "out", lang)
    if send:
        raise typer.Exit(send_digest(context_of(context), wanted, weekly=in_week is not None))


def _write(told: Digest, form: Format | None, target: Path | None, folder: Path, lang: Lang) -> None:
    if form is None and target is None:
        for path in publish(told, folder, lang):
            out(str(path))
        return
    text = render(told, form or _form_of(target), lang)
    if target is None or str(target) == "-":
        out(text.rstrip("\n"))
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, text)
    out(str(target))


def _form_of(target: Path | None) -> Format:
    ending = target.suffix.lstrip(".").lower() if target else "html"
    return "md" if ending == "md" else "json" if ending == "json" else "html"
