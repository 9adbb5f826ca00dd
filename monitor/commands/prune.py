"""``shixun prune``: old versions that nothing leads to lose their raw pages, then their texts."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated

import typer

from crawler.faults import fault
from crawler.yamlfile import ConfigError
from monitor.commands.archives import home_archive
from monitor.commands.screen import Context, context_of, now, out, out_json
from storage.records import china_day
from storage.retention import Pruned, Retention, Rule

MEGABYTE = 1_000_000
SPAN = re.compile(r"(\d{1,5})([hdwy])")
HOURS = {"h": 1, "d": 24, "w": 7 * 24, "y": 365 * 24}


def prune(
    context: typer.Context,
    bodies: Annotated[str, typer.Option(help="raw pages of spare versions older than this go", metavar="SPAN")] = "90d",
    texts: Annotated[str, typer.Option(help="spare versions older than this go whole", metavar="SPAN")] = "2y",
    site: Annotated[str | None, typer.Option(help="one site alone", metavar="KEY")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would go, change nothing")] = False,
    vacuum: Annotated[bool, typer.Option("--vacuum", help="give the room back to the disk afterwards")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line")] = False,
) -> None:
    """Let go of old versions that nothing leads to. 清理。"""
    options = context_of(context)
    moment = now()
    bodies_before, texts_before = _before(bodies, "bodies", moment), _before(texts, "texts", moment)
    with home_archive(options.home) as (catalogue, archive):
        if site is not None:
            catalogue.choose([site])
        # A version whose text may go is of no use without the page it was read from.
        rule = Rule(max(bodies_before, texts_before), texts_before, site)
        retention = archive.retention
        before = retention.size()
        pruned = retention.spare(rule) if dry_run else _all(retention, rule)
        if vacuum and not dry_run:
            retention.vacuum()
        after = retention.size()
    if as_json:
        sizes = {"bytes_before": before, "bytes_after": after}
        out_json({"dry_run": dry_run, "bodies": pruned.bodies, "versions": pruned.versions, **sizes})
        return
    _tell(options, pruned, rule, dry_run=dry_run)
    if vacuum and not dry_run:
        out(options.says("vacuumed", f"{before / MEGABYTE:.1f}", f"{after / MEGABYTE:.1f}"))
    elif pruned.bodies + pruned.versions and not dry_run:
        out(options.says("vacuum-hint"))


def _all(retention: Retention, rule: Rule) -> Pruned:
    whole = Pruned()
    while (some := retention.prune(rule)) != Pruned():
        whole += some
    return whole


def _before(span: str, option: str, moment: datetime) -> datetime:
    """The moment that a span reaches back to. Raises ConfigError."""
    found = SPAN.fullmatch(span)
    if found is None:
        raise ConfigError(fault("no-span", option, repr(span)))
    try:
        return moment - timedelta(hours=int(found[1]) * HOURS[found[2]])
    except OverflowError:
        raise ConfigError(fault("no-span", option, repr(span))) from None


def _tell(options: Context, pruned: Pruned, rule: Rule, *, dry_run: bool) -> None:
    if dry_run:
        assert rule.bodies_before is not None
        assert rule.texts_before is not None
        days = (china_day(rule.bodies_before), china_day(rule.texts_before))
        out(options.says("would-prune", pruned.bodies, days[0], pruned.versions, days[1]))
    else:
        out(options.says("pruned", pruned.bodies, pruned.versions))
