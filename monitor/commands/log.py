"""``shixun changes``, ``history`` and ``show``: what is kept, asked for by a person."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.addresses import plain_address
from crawler.faults import fault
from crawler.yamlfile import ConfigError
from monitor import tell
from monitor.articlejson import article_json
from monitor.commands.archives import home_archive
from monitor.commands.screen import FAILED, Context, context_of, out, out_json, read_day, read_moment, say
from monitor.days import day_span
from monitor.web.wording import outcome_name
from storage.records import ChangeKind, Observation, Version

Json = Annotated[bool, typer.Option("--json", help="JSON Lines")]


def changes(
    context: typer.Context,
    since: Annotated[str | None, typer.Option(help="from when: 2026-11-23, 2026-11-23T08:00, or back: 24h, 7d")] = None,
    until: Annotated[str | None, typer.Option(help="until when, not included")] = None,
    day: Annotated[str | None, typer.Option(help="one China day: 2026-11-23, today, yesterday")] = None,
    site: Annotated[str | None, typer.Option(help="only this site")] = None,
    kind: Annotated[ChangeKind | None, typer.Option(help="only this kind")] = None,
    as_json: Json = False,
) -> None:
    """The change log. 变化记录。"""
    start, end = read_moment(since, "--since"), read_moment(until, "--until")
    if day is not None:
        if start or end:
            raise ConfigError(fault("day-or-span"))
        start, end = day_span(read_day(day))
    options = context_of(context)
    with home_archive(options.home) as (catalogue, archive):
        if site is not None:
            catalogue.choose([site])
        found = archive.reading.changes(since=start, until=end, site=site, kind=kind)
    names = {key: entry.name for key, entry in catalogue.sites.items()}
    for change in found:
        if not as_json:
            when = tell.china_time(change.detected_at)[:16].replace("T", " ")
            out(f"{when}  {tell.as_line(change, options.lang, names)}")
            out(f"    {tell.printable(change.url)}")
        else:
            out_json(tell.as_json(change))
    if not as_json:
        say(tell.summary(found, options.lang))


def history(context: typer.Context, url: Annotated[str, typer.Argument(metavar="URL")], as_json: Json = False) -> None:
    """One page's versions. 一个网页的全部版本。"""
    options = context_of(context)
    with home_archive(options.home) as (_, archive):
        versions = archive.reading.history(_address(url))
        visits = archive.reading.observations(_address(url))
    if not visits:
        say(options.says("no-record", tell.printable(url)))
        raise typer.Exit(FAILED)
    for version in versions:
        if as_json:
            out_json(version_json(version))
        else:
            out(f"{version.number:>3}  {_when(version)}  {tell.printable(version.article.title or '')}")
    if not as_json:
        say(_visited(visits, options))


def _address(url: str) -> str:
    try:
        return plain_address(url)
    except ValueError as error:
        raise ConfigError(fault("no-address", url, error)) from None


def version_json(version: Version) -> dict[str, object]:
    """One version as ``history --json`` prints it: what is kept about it, and the article as ``extract`` reads it."""
    return {
        "site": version.site,
        "url": version.url,
        "version": version.number,
        "seen_at": tell.china_time(version.seen_at),
        "fingerprint": version.fingerprint,
        "body": version.body_hash,
        "article": article_json(version.article, version.url, version.url),
    }


def _when(version: Version) -> str:
    return tell.china_time(version.seen_at)[:16].replace("T", " ")


def _visited(visits: list[Observation], options: Context) -> str:
    last = visits[-1]
    when = tell.china_time(last.at)[:16].replace("T", " ")
    return options.says("visited", len(visits), when, outcome_name(last.outcome, options.lang))


def show(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL")],
    version: Annotated[int | None, typer.Option(help="which version; the newest without")] = None,
    as_json: Json = False,
) -> None:
    """One version of a page. 一个网页的一个版本。"""
    options = context_of(context)
    with home_archive(options.home) as (_, archive):
        versions = archive.reading.history(_address(url))
    wanted = [kept for kept in versions if version is None or kept.number == version]
    if not wanted:
        say(
            options.says("no-version", tell.printable(url), versions[-1].number)
            if versions
            else options.says("no-record", tell.printable(url))
        )
        raise typer.Exit(FAILED)
    kept = wanted[-1]
    if as_json:
        out_json(version_json(kept))
        return
    article = kept.article
    out(tell.printable(article.title or ""))
    labels = [article.published_at, article.source, options.says("comma").join(article.authors)]
    out("  ".join(tell.printable(label) for label in labels if label))
    out(options.says("version", kept.number, _when(kept), tell.printable(kept.url)))
    for paragraph in tell.readable(article):
        out(f"　　{tell.printable(paragraph)}")
