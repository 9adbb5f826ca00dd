"""``shixun crawl`` and ``shixun compare``: one round by hand."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal, NamedTuple

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

NAMED = 3
"""Articles that could not be read which are named of a site; the others are counted."""
FAILING = {Outcome.FAILED, Outcome.BLOCKED}
"""Visits to an article that say nothing of it. A page that is gone is a change, one that robots forbid is not asked."""
_HELD = "个新页面与旧页面相同,待旧页面下次访问后再定"
_ILL = "同时打不开或换成同一内容,疑为网站故障,不计为撤下或修改"
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
        changes, troubles = _rounds(order, catalogue, archive, seen, as_json)
    for trouble in troubles:
        say(trouble)
    if not as_json:
        # After a failure "no changes" would say more than is known.
        if changes or not troubles:
            say(tell.summary(changes, context_of(context).lang))
        hint = "" if recheck == "all" else ";--recheck all 回看全部已知文章"
        say(f"读 {seen[True]} 个列表页、{seen[False]} 篇文章{hint}")
    raise typer.Exit(FAILED if troubles else DONE)


def _rounds(
    order: Order, catalogue: Catalogue, archive: Archive, seen: Counter[bool], as_json: bool
) -> tuple[list[Change], list[str]]:
    """Crawl and compare; once more where a new page says what an older one said, unless nothing known is visited.

    Whether it moved here, the old address tells. Returns the changes, and what went wrong, a line each.
    """
    again = order.recheck != "none"
    troubles = _crawl(order, catalogue, seen)
    changes, held, failed, ill = _compare(catalogue, archive, as_json, holds=again)
    if held and again:
        troubles += _crawl(replace(order, columns="due", recheck="due"), catalogue, seen)
        more, held, failed, later = _compare(catalogue, archive, as_json, holds=False)
        changes, ill = changes + more, ill + later
    if held:
        say(f"{held} {_HELD}")
    troubles += [f"{key}: {n} 篇文章{_ILL}" for key, n in ill.items()]
    return changes, troubles + ([f"{failed} 次访问无法比较,详见上文"] if failed else [])


def _crawl(order: Order, catalogue: Catalogue, seen: Counter[bool]) -> list[str]:
    """Launch, with a progress display; returns what went wrong, a line each.

    Counts into ``seen`` the visits that were answered, by whether they were to a list page.
    """
    columns = {column for key in order.sites for column in catalogue.sites[key].columns}
    troubles: list[str] = []
    unread: dict[str, dict[str, str]] = defaultdict(dict)
    with _progress() as display:
        task = display.add_task("抓取", total=None)

        def listen(event: dict[str, object]) -> None:
            if event.get("event") != "visit":
                return
            display.update(task, advance=1, description=f"抓取 {event['site']}")
            listed = event["url"] in columns or event["outcome"] == Outcome.LISTED
            seen[listed] += event["outcome"] not in (Outcome.FAILED, Outcome.REFUSED)
            outcome, how = event["outcome"], event.get("how")
            why = f"{event['url']} ({outcome}{f': {how}' if how else ''})"
            if event["url"] in columns and outcome in UNREAD:
                troubles.append(f"{event['site']}: 栏目未能读取 {why}")
            elif event["url"] not in columns and outcome in FAILING:
                unread[str(event["site"])][str(event["url"])] = why

        troubles += asyncio.run(launch(order, listen))
    return troubles + [_unread_line(site, list(pages.values())) for site, pages in unread.items()]


def _unread_line(site: str, pages: Sequence[str]) -> str:
    """The articles of a site that could not be read: the first few by name, the rest by number."""
    named = "、".join(tell.printable(page) for page in pages[:NAMED])
    more = f",另 {len(pages) - NAMED} 篇" if len(pages) > NAMED else ""
    return f"{site}: {len(pages)} 篇文章未能读取 {named}{more}"


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


class _Compared(NamedTuple):
    """The changes, how many new pages wait for another page's visit, how many visits could not be decided, and how many
    were, by site, of pages that are gone or shown otherwise with most of their site."""

    changes: list[Change]
    held: int
    failed: int
    ill: Counter[str]


def _compare(catalogue: Catalogue, archive: Archive, as_json: bool, *, holds: bool) -> _Compared:
    """Drain, printing as it goes."""
    # Loaded when pages are kept: so much sooner does a crawl begin.
    from monitor.compare.drain import Drain

    names = {key: site.name for key, site in catalogue.sites.items()}
    drain = Drain(archive, catalogue.sites, now, holds=holds)
    changes = []
    for change in drain.changes():
        changes.append(change)
        _show(change, names, as_json)
    return _Compared(changes, drain.held, drain.failed, +drain.troubled)


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
        changes, held, failed, _ = _compare(catalogue, archive, as_json, holds=True)
    if held:
        say(f"{held} {_HELD}")
    if failed:
        say(f"{failed} 次访问无法比较,详见上文")
    if not as_json:
        say(tell.summary(changes, context_of(context).lang))
    raise typer.Exit(FAILED if failed else DONE)
