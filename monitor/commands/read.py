"""``shixun extract``: read pages, and keep nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from crawler.extraction.read import read_page
from crawler.fetch import fetch_pages
from crawler.sites import load_catalogue
from crawler.yamlfile import ConfigError
from monitor import tell
from monitor.articlejson import article_json
from monitor.commands.crew import Died, in_order
from monitor.commands.screen import DONE, FAILED, Context, context_of, out, out_json, say
from monitor.commands.troubles import trouble
from storage.records import Article, PageKind

POOL_FROM = 8
"""Files from which starting other processes pays."""


@dataclass(frozen=True, slots=True)
class Given:
    """A page as named on the command line; ``body`` is ``None`` where it could not be had, and ``why`` says why.

    ``died`` is the exit status of the process that was to read it, where that died.
    """

    name: str
    url: str | None
    body: bytes | None = None
    status: int | None = None
    why: str | None = None
    died: int | None = None


def is_address(name: str) -> bool:
    """Whether an argument is an address rather than a file."""
    return name.startswith(("http://", "https://"))


def gather(context: typer.Context, names: Sequence[str], url: str | None) -> list[Given]:
    """What stands behind the arguments: files are read later, addresses are fetched now, politely."""
    addresses = [name for name in names if is_address(name)]
    fetched = {page.url: page for page in fetch_pages(addresses, _contact(context))} if addresses else {}
    given = []
    for name in names:
        if name not in fetched:
            given.append(Given(name, url))
            continue
        page = fetched[name]
        why = page.error or (None if page.status in (200, 404, 410) else f"answered {page.status}")
        given.append(Given(name, page.final_url or name, None if why else page.body, page.status, why))
    return given


def _contact(context: typer.Context) -> str | None:
    try:
        return load_catalogue(context_of(context).home).contact
    except ConfigError:
        return None


def read_given(given: Given, *, wary: bool = False) -> tuple[Given, Article | None]:
    """Read one page (``wary`` as in ``read_page``); where it cannot be had, the page with the reason instead."""
    body = given.body
    if body is None and given.why is None:
        try:
            body = Path(given.name).read_bytes()
        except OSError as error:
            given = replace(given, why=error.strerror or str(error))
    if body is None:
        return given, None
    article = read_page(body, given.url, wary=wary)
    if given.status in (404, 410):
        article = replace(article, kind=PageKind.MISSING)
    return replace(given, body=None), article


def _read_all(given: Sequence[Given]) -> Iterator[tuple[Given, Article | None]]:
    cores = os.cpu_count() or 1
    if len(given) < POOL_FROM or cores == 1:
        yield from map(read_given, given)
        return
    for page, answer in zip(given, in_order(read_given, given, cores), strict=True):
        if isinstance(answer, Died):
            yield replace(page, body=None, died=answer.status), None
        else:
            yield answer


def extract(
    context: typer.Context,
    pages: Annotated[list[str], typer.Argument(metavar="FILE|URL…")],
    url: Annotated[str | None, typer.Option(help="the address that the files came from")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line a page")] = False,
) -> None:
    """Read pages, store nothing. 读取网页,不保存。"""
    options, failed = context_of(context), False
    for given, article in _read_all(gather(context, pages, url)):
        if article is None:
            failed = True
            say(unread_line(options, given))
        elif as_json:
            out_json(article_json(article, given.name, given.url))
        else:
            _show(article, given.name, options)
            sys.stdout.flush()
    raise typer.Exit(FAILED if failed else DONE)


def unread_line(options: Context, given: Given) -> str:
    """Why a page could not be had."""
    if given.died is not None:
        return options.says("cannot-read", given.name, options.says("reader-died", given.died))
    why = given.why or ""
    return options.says("cannot-read", given.name, trouble(why, options.lang) if is_address(given.name) else why)


def _show(article: Article, name: str, options: Context) -> None:
    comma = options.says("comma")
    labels = {
        "kind": article.kind.value,
        "title": article.title,
        "time": article.published_at,
        "source": article.source,
        "authors": comma.join(article.authors),
        "editors": comma.join(article.editors),
        "abstract": article.abstract,
        "document": article.document_number,
        "index": article.index_number,
        "encoding": article.encoding,
        "platform": article.platform,
        "flags": comma.join(article.flags),
    }
    out(f"—— {tell.printable(name)}")
    for label, value in labels.items():
        if value:
            out(options.says("label", options.says(label), tell.printable(value)))
    for paragraph in tell.readable(article):
        out(f"    {tell.printable(paragraph)}")
    for link in article.links:
        out(f"  · {link.date or '          '}  {tell.printable(link.title)}  {tell.printable(link.url)}")
