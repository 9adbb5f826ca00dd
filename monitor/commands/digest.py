"""``shixun digest``: one China day, told in files or on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from crawler.yamlfile import ConfigError
from monitor.commands.archives import home_archive
from monitor.commands.screen import context_of, now, out, read_day
from monitor.digest.edition import edition, publish, render, write_whole
from storage.records import china_day


def digest(
    context: typer.Context,
    day: Annotated[str | None, typer.Option(help="a China day: 2026-11-23, today, yesterday; today without")] = None,
    form: Annotated[Literal["html", "md", "json"] | None, typer.Option("--format", help="one format only")] = None,
    target: Annotated[Path | None, typer.Option("--out", help="a file, or - for standard output")] = None,
) -> None:
    """One China day, told. Without --format and --out all three formats are written to out/. 每日简报。"""
    lang = context_of(context).lang
    wanted = read_day(day)
    if wanted > china_day(now()):
        raise ConfigError(f"--day {wanted}: that day has not begun in China")
    with home_archive(context_of(context).home) as (catalogue, archive):
        told = edition(archive, wanted, now())
    if form is None and target is None:
        for path in publish(told, catalogue.home / "out", lang):
            out(str(path))
        return
    text = render(told, form or _form_of(target), lang)
    if target is None or str(target) == "-":
        out(text.rstrip("\n"))
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, text)
    out(str(target))


def _form_of(target: Path | None) -> Literal["html", "md", "json"]:
    ending = target.suffix.lstrip(".").lower() if target else "html"
    return "md" if ending == "md" else "json" if ending == "json" else "html"
