"""``shixun diff``: read two states of a page, compare them, and keep nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor import tell
from monitor.commands.read import gather, is_address, read_given, unread_line
from monitor.commands.screen import FAILED, context_of, now, out, out_json, say
from monitor.compare.pair import SOFT_GONE, compare_pages
from storage.records import PageKind

_UNREAD = (PageKind.EMPTY, PageKind.BLOCKED)
"""What says nothing about an article: an empty file, a frame around nothing, a firewall's page."""


def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="file or address of the older page")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="file or address of the newer page")],
    url: Annotated[str | None, typer.Option(help="the address that both files came from")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line, or none")] = False,
) -> None:
    """The change between two states of one page, or none. 比较同一网页的两个版本。"""
    options = context_of(context)
    articles, how = [], SOFT_GONE
    for given, article in (read_given(page, wary=True) for page in gather(context, [old, new], url)):
        if article is None:
            say(unread_line(options, given))
            raise typer.Exit(FAILED)
        if article.kind in _UNREAD:
            say(options.says("unread", given.name))
            raise typer.Exit(FAILED)
        articles.append(article)
        how = str(given.status) if given.status in (404, 410) else SOFT_GONE
    address = url or (new if is_address(new) else Path(new).name)
    change = compare_pages(articles[0], articles[1], url=address, now=now(), how=how)
    if change is None:
        if not as_json:
            say(options.says("no-change"))
    elif as_json:
        out_json(tell.as_json(change))
    else:
        out(tell.as_line(change, options.lang))
        for edit in change.edits:
            out(f"  {tell.edit_line(edit, options.lang, change.detected_at.year)}")
