"""``shixun sites check``: the catalogue validated, and each column tried once."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from crawler.extraction.read import read_page
from crawler.fetch import fetch_pages
from crawler.named import own_links
from crawler.sites import Site, load_catalogue
from monitor import tell
from monitor.commands.screen import FAILED, context_of, out
from monitor.commands.troubles import trouble
from monitor.config import load_settings
from storage.records import Article, Role


def check_sites(
    context: typer.Context, keys: Annotated[list[str] | None, typer.Argument(metavar="KEY…")] = None
) -> None:
    """Validate sites.yaml and try each column once. 检查目录并试读每个栏目。"""
    options = context_of(context)
    catalogue = load_catalogue(options.home)
    load_settings(catalogue)
    chosen = catalogue.choose(keys or list(catalogue.sites))
    columns = [(site, column) for site in chosen for column in site.columns]
    failed = False
    for (site, column), page in zip(
        columns, fetch_pages([column for _, column in columns], catalogue.contact), strict=True
    ):
        if page.error or page.status != 200:
            failed = True
            out(f"✗ {site.key}  {column}  {trouble(page.error or str(page.status), options.lang)}")
            continue
        article = own_links(site, page.final_url or column, read_page(page.body, page.final_url, role=Role.COLUMN))
        if not article.links and article.lists:
            article = _listed_elsewhere(site, article, catalogue.contact)
        failed = failed or not article.links
        count = options.says("links", len(article.links))
        mark = "✓" if article.links else "✗"
        out(f"{mark} {site.key}  {column}  {article.encoding}  {article.platform or '—'}  {count}")
        for link in article.links[:3]:
            out(f"    {link.date or '':10}  {tell.printable(link.title)}")
    if failed:
        raise typer.Exit(FAILED)


def _listed_elsewhere(site: Site, column: Article, contact: str | None) -> Article:
    """A column that prints no list itself, with what its service lists, or the first page of a paper's day."""
    (page,) = fetch_pages(column.lists[:1], contact)
    if page.error or page.status != 200:
        return column
    url = page.final_url or column.lists[0]
    return replace(column, links=own_links(site, url, read_page(page.body, url, role=Role.COLUMN)).links)
