"""``shixun crawl`` and ``shixun compare``: one round by hand."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Annotated, Literal

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from crawler.launch import Order, launch
from crawler.sites import Catalogue, load_catalogue
from crawler.yamlfile import ConfigError
from monitor import tell
from monitor.commands.archives import archive_of, home_archive
from monitor.commands.screen import DONE, FAILED, context_of, errors, now, out, out_json, say
from storage.archive import Archive
from storage.records import Change, Outcome

UNREAD = {Outcome.FAILED, Outcome.BLOCKED, Outcome.REFUSED, Outcome.GONE, Outcome.SOFT_GONE, Outcome.EMPTY}


def crawl(
    context: typer.Context,
    keys: Annotated[list[str] | None, typer.Argument(metavar="KEY…", help="sites of sites.yaml")] = None,
    every: Annotated[bool, typer.Option("--all", help="every site of sites.yaml")] = False,
    recheck: Annotated[
        Literal["due", "all", "none"],
        typer.Option(
            help="which known articles to visit again; after `all` one visit is enough to call a page removed"
        ),
    ] = "due",
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line a change")] = False,
) -> None:
    """Crawl sites now, compare, and tell what changed. 立即抓取并比较。"""
    home = context_of(context).home
    catalogue = load_catalogue(home)
    if bool(keys) == every:
        raise ConfigError("name the sites to crawl, or --all" if not keys else "name sites or give --all, not both")
    sites = catalogue.choose(keys or list(catalogue.sites))
    if not sites:
        raise ConfigError(f"{catalogue.file.path}: no sites to crawl yet; add one below `sites:`")
    if catalogue.needs_contact():
        say("提示: sites.yaml 没有 contact:,站长无从联系您 (set `contact:` so that webmasters can write to you)")
    with archive_of(catalogue) as archive:
        archive.running.announce({site.key: site.name for site in catalogue.sites.values()})
        hosts = {site.key: site.host for site in sites}
        order = Order(catalogue.home, tuple(hosts), recheck=recheck, by_hand=recheck == "all", hosts=hosts)
        seen: Counter[bool] = Counter()
        troubles = _crawl(order, catalogue, seen)
        changes, held, failed = _compare(catalogue, archive, as_json, holds=recheck != "none")
        if held and recheck != "none":
            # A new page says what an older one said: whether that one moved here, its own address tells.
            troubles += _crawl(replace(order, columns="due", recheck="due"), catalogue, seen)
            more, _, failed = _compare(catalogue, archive, as_json, holds=False)
            changes += more
        troubles += [f"{failed} 次访问无法比较,详见上文"] if failed else []
    for trouble in troubles:
        say(trouble)
    if not as_json:
        # After a failure "no changes" would say more than is known.
        if changes or not troubles:
            say(tell.summary(changes, context_of(context).lang))
        hint = "" if recheck == "all" else ";--recheck all 回看全部已知文章"
        say(f"读 {seen[True]} 个列表页、{seen[False]} 篇文章{hint}")
    raise typer.Exit(FAILED if troubles else DONE)


def _crawl(order: Order, catalogue: Catalogue, seen: Counter[bool]) -> list[str]:
    """Launch, with a progress display; returns what went wrong, a line each.

    Counts into ``seen`` the visits that were answered, by whether they were to a list page.
    """
    columns = {column for key in order.sites for column in catalogue.sites[key].columns}
    troubles: list[str] = []
    with _progress() as display:
        task = display.add_task("抓取", total=None)

        def listen(event: dict[str, object]) -> None:
            if event.get("event") != "visit":
                return
            display.update(task, advance=1, description=f"抓取 {event['site']}")
            listed = event["url"] in columns or event["outcome"] == Outcome.LISTED
            seen[listed] += event["outcome"] not in (Outcome.FAILED, Outcome.REFUSED)
            if event["url"] in columns and event["outcome"] in UNREAD:
                how = event.get("how")
                troubles.append(
                    f"{event['site']}: 栏目未能读取 {event['url']} ({event['outcome']}{f': {how}' if how else ''})"
                )

        troubles += asyncio.run(launch(order, listen))
    return troubles


def _progress() -> Progress:
    """A progress display on standard error, silent where that is not a terminal."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        disable=not errors.is_terminal,
        transient=True,
    )


def _compare(catalogue: Catalogue, archive: Archive, as_json: bool, *, holds: bool) -> tuple[list[Change], int, int]:
    """Drain, printing as it goes.

    Returns the changes, how many new pages wait for another page's visit, and how many visits could not be decided.
    """
    # Loaded when pages are kept: so much sooner does a crawl begin.
    from monitor.compare.drain import Drain

    names = {key: site.name for key, site in catalogue.sites.items()}
    drain = Drain(archive, catalogue.sites, now, holds=holds)
    changes = []
    for change in drain.changes():
        changes.append(change)
        _show(change, names, as_json)
    return changes, drain.held, drain.failed


def _show(change: Change, names: dict[str, str], as_json: bool) -> None:
    """Print a change, as a JSON line or as readable ones."""
    if as_json:
        out_json(tell.as_json(change))
    else:
        out(tell.as_line(change, sites=names))
        out(f"    {tell.printable(change.url)}")


def compare(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="one JSON line a change")] = False
) -> None:
    """Compare whatever has not been compared yet. 比较尚未比较的版本。"""
    with home_archive(context_of(context).home) as (catalogue, archive):
        changes, held, failed = _compare(catalogue, archive, as_json, holds=True)
    if held:
        say(f"{held} 个新页面与旧页面相同,待旧页面下次访问后再定")
    if failed:
        say(f"{failed} 次访问无法比较,详见上文")
    if not as_json:
        say(tell.summary(changes, context_of(context).lang))
    raise typer.Exit(FAILED if failed else DONE)
