"""``shixun search``: what is kept, found by its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from crawler.yamlfile import ConfigError
from monitor import tell
from monitor.commands.archives import home_archive
from monitor.commands.log import Json, version_json
from monitor.commands.screen import Context, context_of, out, out_json, say
from monitor.search.asjson import hit_json
from monitor.search.find import Hit, search
from monitor.search.query import Query, Unreadable, parse
from monitor.search.snippets import Snippet
from monitor.search.wording import fault_line
from storage.archive import Archive

AT_ONCE = 50


def command(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS…")],
    limit: Annotated[int, typer.Option(min=1, help="how many pages at most")] = 50,
    as_json: Json = False,
) -> None:
    """Pages of which a version holds all the words. 在全部版本中查找。

    Also "a phrase", site:KEY, day:2026-11..2026-12, kind:removed, title:WORD, and after -- also -WORD to leave out.
    """
    options = context_of(context)
    try:
        query = parse(" ".join(words))
        with home_archive(options.home) as (_, archive):
            hits = list(_hits(archive, query, limit))
            waiting = archive.searching.unindexed()
            versions = archive.reading.versions({(hit.url, hit.number) for hit in hits}) if as_json else {}
    except Unreadable as fault:
        raise ConfigError(fault_line(fault, options.lang)) from None
    for hit in hits:
        if as_json:
            out_json(version_json(versions[hit.url, hit.number]) | {"match": hit_json(hit)})
        else:
            _show(hit, options)
    if not as_json:
        say(options.says("found", len(hits)))
    if waiting:
        say(options.says("indexing", waiting))


def _hits(archive: Archive, query: Query, limit: int) -> Iterator[Hit]:
    cursor = None
    while limit > 0:
        found = search(archive, query, cursor=cursor, limit=min(limit, AT_ONCE))
        yield from found.hits
        limit, cursor = limit - len(found.hits), found.next
        if cursor is None:
            return


def _show(hit: Hit, options: Context) -> None:
    moment = tell.china_time(hit.seen_at)[:16].replace("T", " ")
    notes = [options.says("hit-version", hit.number)]
    if hit.versions > 1:
        notes.append(options.says("hit-versions", hit.versions))
    if hit.only_older:
        notes.append(options.says("hit-older"))
    out(f"{moment}  {options.says('hit-comma').join(notes)}  {tell.printable(hit.title)}  {tell.printable(hit.url)}")
    for snippet in hit.snippets:
        out(f"    {_line(snippet)}")


def _line(snippet: Snippet) -> str:
    before, after = "…" * snippet.cut_before, "…" * snippet.cut_after
    return f"{before}{tell.printable(snippet.text)}{after}"
