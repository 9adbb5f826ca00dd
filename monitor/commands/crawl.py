"""``shixun crawl`` and ``shixun compare``: one round by hand."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal, NamedTuple

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from crawler.faults import fault
from crawler.launch import Order, launch
from crawler.sites import Catalogue, load_catalogue
from crawler.yamlfile import ConfigError
from monitor import tell
from monitor.commands.archives import archive_of, home_archive
from monitor.commands.screen import DONE, FAILED, Context, context_of, errors, now, out, out_json, say
from monitor.commands.troubles import crawl_trouble, trouble
from monitor.config import load_settings
from monitor.web.wording import outcome_name
from storage.archive import Archive
from storage.records import Change, Outcome

NAMED = 3
"""Articles that could not be read which are named of a site; the others are counted."""
FAILING = {Outcome.FAILED, Outcome.BLOCKED}
"""Visits to an article that say nothing of it. A page that is gone is a change, one that robots forbid is not asked."""
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
    options = context_of(context)
    catalogue = load_catalogue(options.home)
    load_settings(catalogue)
    if bool(keys) == every:
        raise ConfigError(fault("sites-or-all" if keys else "which-sites"))
    sites = catalogue.choose(keys or list(catalogue.sites))
    if not sites:
        raise ConfigError(fault("nothing-to-crawl"), f"{catalogue.file.path}: ")
    if catalogue.needs_contact():
        say(options.says("no-contact"))
    with archive_of(catalogue) as archive:
        archive.running.announce({site.key: site.name for site in catalogue.sites.values()})
        hosts = {site.key: site.host for site in sites}
        order = Order(catalogue.home, tuple(hosts), recheck=recheck, by_hand=recheck == "all", hosts=hosts)
        seen: Counter[bool] = Counter()
        changes, troubles = _rounds(order, catalogue, archive, seen, _Teller(options, as_json))
    for line in troubles:
        say(line)
    if not as_json:
        # After a failure "no changes" would say more than is known.
        if changes or not troubles:
            say(tell.summary(changes, options.lang))
        say(options.says("crawled" if recheck == "all" else "crawled-hint", seen[True], seen[False]))
    raise typer.Exit(FAILED if troubles else DONE)


def _rounds(
    order: Order, catalogue: Catalogue, archive: Archive, seen: Counter[bool], teller: _Teller
) -> tuple[list[Change], list[str]]:
    """Crawl and compare; once more where a new page says what an older one said, unless nothing known is visited.

    Whether it moved here, the old address tells. Returns the changes, and what went wrong, a line each.
    """
    again = order.recheck != "none"
    options = teller.options
    troubles = _crawl(order, catalogue, seen, options)
    changes, held, failed, ill = _compare(catalogue, archive, teller, holds=again)
    if held and again:
        troubles += _crawl(replace(order, columns="due", recheck="due"), catalogue, seen, options)
        more, held, failed, later = _compare(catalogue, archive, teller, holds=False)
        changes, ill = changes + more, ill + later
    if held:
        say(options.says("held", held))
    troubles += [options.says("ill", key, n) for key, n in ill.items()]
    return changes, troubles + ([options.says("undecided", failed)] if failed else [])


def _crawl(order: Order, catalogue: Catalogue, seen: Counter[bool], options: Context) -> list[str]:
    """Launch, with a progress display; returns what went wrong, a line each.

    Counts into ``seen`` the visits that were answered, by whether they were to a list page.
    """
    columns = {column for key in order.sites for column in catalogue.sites[key].columns}
    troubles: list[str] = []
    unread: dict[str, dict[str, str]] = defaultdict(dict)
    with _progress() as display:
        task = display.add_task(options.says("crawling", ""), total=None)

        def listen(event: dict[str, object]) -> None:
            if event.get("event") != "visit":
                return
            display.update(task, advance=1, description=options.says("crawling", event["site"]))
            listed = event["url"] in columns or event["outcome"] == Outcome.LISTED
            seen[listed] += event["outcome"] not in (Outcome.FAILED, Outcome.REFUSED)
            outcome = str(event["outcome"])
            why = options.says("why", tell.printable(str(event["url"])), _why(outcome, event.get("how"), options))
            if event["url"] in columns and outcome in UNREAD:
                troubles.append(options.says("column-unread", event["site"], why))
            elif event["url"] not in columns and outcome in FAILING:
                unread[str(event["site"])][str(event["url"])] = why

        troubles += [crawl_trouble(line, options.lang) for line in asyncio.run(launch(order, listen))]
    return troubles + [_unread_line(site, list(pages.values()), options) for site, pages in unread.items()]


def _why(outcome: str, how: object, options: Context) -> str:
    """How a visit ended, with what stood in the way where that says more."""
    ended = outcome_name(outcome, options.lang)
    return f"{ended}: {trouble(str(how), options.lang)}" if how else ended


def _unread_line(site: str, pages: Sequence[str], options: Context) -> str:
    """The articles of a site that could not be read: the first few by name, the rest by number."""
    named = options.says("comma").join(pages[:NAMED])
    if len(pages) > NAMED:
        return options.says("articles-unread-more", site, len(pages), named, len(pages) - NAMED)
    return options.says("articles-unread", site, len(pages), named)


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


class _Teller(NamedTuple):
    """How changes are to be printed."""

    options: Context
    as_json: bool


class _Compared(NamedTuple):
    """The changes, how many new pages wait for another page's visit, how many visits could not be decided, and how many
    were, by site, of pages that are gone or shown otherwise with most of their site."""

    changes: list[Change]
    held: int
    failed: int
    ill: Counter[str]


def _compare(catalogue: Catalogue, archive: Archive, teller: _Teller, *, holds: bool) -> _Compared:
    """Drain, printing as it goes."""
    # Loaded when pages are kept: so much sooner does a crawl begin.
    from monitor.compare.drain import Drain

    names = {key: site.name for key, site in catalogue.sites.items()}
    drain = Drain(archive, catalogue.sites, now, holds=holds)
    changes = []
    for change in drain.changes():
        changes.append(change)
        _show(change, names, teller)
    return _Compared(changes, drain.held, drain.failed, +drain.troubled)


def _show(change: Change, names: dict[str, str], teller: _Teller) -> None:
    """Print a change, as a JSON line or as readable ones."""
    if teller.as_json:
        out_json(tell.as_json(change))
    else:
        out(tell.as_line(change, teller.options.lang, names))
        out(f"    {tell.printable(change.url)}")


def compare(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="one JSON line a change")] = False
) -> None:
    """Compare whatever has not been compared yet. 比较尚未比较的版本。"""
    options = context_of(context)
    with home_archive(options.home) as (catalogue, archive):
        changes, held, failed, _ = _compare(catalogue, archive, _Teller(options, as_json), holds=True)
    if held:
        say(options.says("held", held))
    if failed:
        say(options.says("undecided", failed))
    if not as_json:
        say(tell.summary(changes, options.lang))
    raise typer.Exit(FAILED if failed else DONE)
