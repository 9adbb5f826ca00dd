"""``shixun sites add``: from one address to an entry of sites.yaml, with what was found shown on one screen."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from crawler.addresses import is_loopback
from crawler.enrol import Enrolled, check_free, enrol
from crawler.faults import fault
from crawler.fetch import Fetched, fetch_pages
from crawler.platforms import PLATFORMS
from crawler.settings import DOWNLOAD_DELAY
from crawler.sites import load_catalogue
from crawler.survey.naming import site_key
from crawler.survey.records import Column, Sample, Survey
from crawler.survey.walk import Fetch, survey
from crawler.yamlfile import ConfigError
from monitor import tell
from monitor.commands.screen import FAILED, Context, context_of, errors, out, out_json, say
from monitor.commands.troubles import survey_trouble
from monitor.config import load_settings

WIDEST = 100
NARROWEST = 40
SHOWN_PARAGRAPHS = 2
SHOWN_DOORS = 6
SHOWN_FEEDS = 3
KIND_CELLS, TITLE_CELLS = 8, 20
BATCH_SECONDS = 120
"""How long the pages of one step may take together; a silent host is told, not waited for."""


def add_site(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="home page, column, article, feed or sitemap")],
    key: Annotated[str | None, typer.Option(help="the site's key; made of its host otherwise")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="look, and write nothing")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line")] = False,
) -> None:
    """Look at a site, show what it has, write its entry into sites.yaml. 看一个网站,写进站点目录。"""
    options = context_of(context)
    home = options.home
    catalogue = load_catalogue(home)
    load_settings(catalogue)
    _check_address(url)
    check_free(catalogue, key, [url])
    with errors.status("") as waiting:
        found = survey(url, _polite(url, catalogue.contact), waiting.update)
    chosen = key or site_key(url, catalogue.sites)
    if found.columns and not as_json:
        _show(found, chosen, options)
    for trouble in found.troubles:
        say(f"✗ {survey_trouble(trouble, options.lang)}")
    if not found.columns:
        _tell_json(found, chosen, None, as_json)
        raise typer.Exit(FAILED)
    written = None
    if not dry_run:
        written = enrol(home, chosen, found.name, [(each.url, _comment(each)) for each in found.columns])
    else:
        check_free(catalogue, chosen, [each.url for each in found.columns])
    _tell_json(found, chosen, written, as_json)
    if not as_json:
        _tell_end(written, chosen, options)


def _polite(url: str, contact: str | None) -> Fetch:
    """Asks for pages of one site, with the pause between two steps that a crawl makes between two pages."""
    ended: float | None = None

    def fetch(urls: Sequence[str]) -> list[Fetched]:
        nonlocal ended
        if ended is not None and not is_loopback(url):
            time.sleep(max(0.0, DOWNLOAD_DELAY - (time.monotonic() - ended)))
        pages = fetch_pages(urls, contact, BATCH_SECONDS, own=url)
        ended = time.monotonic()
        return pages

    return fetch


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound:
        raise ConfigError(fault("address-given", repr(url)))


def _comment(column: Column) -> str:
    same = column.title in (column.kind.value, column.url)
    return column.kind.value if same else f"{column.kind.value} · {tell.printable(column.title)}"


def _said(text: str, style: str = "", cells: int = 0) -> Text:
    """A piece of a line, ``cells`` wide at least; what a page says is hostile."""
    shown = tell.printable(text)
    return Text(set_cell_size(shown, cells) if cell_len(shown) < cells else shown, style)


def _line(console: Console, *pieces: Text, indent: int = 2) -> None:
    """A line no wider than the screen, where Han characters take two cells."""
    line = Text(" " * indent) + Text("  ").join(pieces)
    line.truncate(max(NARROWEST, min(WIDEST, console.width)), overflow="ellipsis")
    console.print(line)


def _show(found: Survey, key: str, options: Context) -> None:
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=True)
    says = options.says
    _line(console, _said(found.name, "bold"), _said(key, "cyan"), indent=0)
    system = _system(found.system, options) or says("add-unknown")
    _line(console, _said(says("add-system"), "dim"), _said(f"{system} · {found.encoding}"))
    shown = (*found.columns, *found.others)
    if found.pattern:
        total = len({link.url for column in shown for link in column.links})
        covered = says("add-covered", found.covered, total)
        _line(console, _said(says("add-articles"), "dim"), _said(f"…{found.pattern}"), _said(covered, "dim"))
    for feed in found.feeds[:SHOWN_FEEDS]:
        _line(console, _said(says("add-feed"), "dim"), _said(feed))
    console.print()
    cells = min(TITLE_CELLS, max((cell_len(tell.printable(column.title)) for column in shown), default=0))
    for column in shown:
        _show_column(console, column, cells, options, watched=column in found.columns)
    if found.also:
        names = says("comma").join(door.title for door in found.also[:SHOWN_DOORS])
        _line(console, _said(says("add-also", len(found.also), names), "dim"))
    for sample in found.samples:
        console.print()
        _show_sample(console, sample, options)
    console.print()


def _system(name: str | None, options: Context) -> str | None:
    if options.lang == "en":
        return name
    return next((platform.chinese for platform in PLATFORMS if platform.name == name), name)


def _show_column(console: Console, column: Column, cells: int, options: Context, *, watched: bool) -> None:
    mark = _said("✓", "green") if watched else _said("·", "dim")
    says = options.says
    facts = ["" if watched else says("add-left"), says("links", len(column.links))]
    facts.append(says("add-newest", column.newest) if column.newest else "")
    facts.append(says("add-more") if column.next_page else "")
    kind, title = _said(column.kind.value, "dim", KIND_CELLS), _said(column.title, "bold", cells)
    _line(console, mark, kind, title, _said(" · ".join(fact for fact in facts if fact)))
    _line(console, _said(column.url, "dim"), indent=KIND_CELLS + 7)


def _show_sample(console: Console, sample: Sample, options: Context) -> None:
    article = sample.article
    if article is None:
        _line(console, _said("▷", "dim"), _said(sample.url))
        _line(console, _said(f"✗ {survey_trouble(sample.trouble or '', options.lang)}", "red"), indent=5)
        return
    _line(console, _said("▷", "dim"), _said(article.title or sample.url, "bold"))
    known = [
        (article.published_at or "")[:16].replace("T", " "),
        article.source or "",
        options.says("comma").join(article.authors),
    ]
    _line(console, _said(" · ".join(part for part in known if part) or options.says("add-unlabelled"), "dim"), indent=5)
    for paragraph in tell.readable(article)[:SHOWN_PARAGRAPHS] or [options.says("add-bodyless")]:
        _line(console, _said(paragraph.strip()), indent=5)


def _tell_end(written: Enrolled | None, key: str, options: Context) -> None:
    if written is None:
        out(options.says("add-looked"))
        return
    last = written.line + len(written.entry) - 1
    out(options.says("add-written", written.path, written.line, last))
    for line in written.entry:
        out(f"  {line}")
    out(options.says("add-next", key))


def _tell_json(found: Survey, key: str, written: Enrolled | None, as_json: bool) -> None:
    if not as_json:
        return
    out_json(
        {
            "url": found.url,
            "site": key,
            "name": found.name or None,
            "system": found.system,
            "encoding": found.encoding,
            "columns": [_column_json(column) for column in found.columns],
            "others": [_column_json(column) for column in found.others],
            "also": [{"url": door.url, "title": door.title, "kind": door.kind.value} for door in found.also],
            "article_pattern": found.pattern,
            "covered": found.covered,
            "feeds": list(found.feeds),
            "samples": [_sample_json(sample) for sample in found.samples],
            "troubles": list(found.troubles),
            "written": str(written.path) if written else None,
            "line": written.line if written else None,
        }
    )


def _column_json(column: Column) -> dict[str, object]:
    return {
        "url": column.url,
        "title": column.title,
        "kind": column.kind.value,
        "articles": len(column.links),
        "newest": column.newest,
        "next_page": column.next_page,
    }


def _sample_json(sample: Sample) -> dict[str, object]:
    article = sample.article
    if article is None:
        return {"url": sample.url, "trouble": sample.trouble}
    return {
        "url": sample.url,
        "title": article.title,
        "published_at": article.published_at,
        "source": article.source,
        "paragraphs": list(article.paragraphs),
    }
