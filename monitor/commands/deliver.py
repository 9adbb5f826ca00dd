"""``shixun deliver`` and ``digest --send``: what waits for its readers is sent, and how each letter fared is told."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

import typer

from crawler.faults import fault
from crawler.sites import Catalogue
from monitor.commands.archives import home_archive
from monitor.commands.letters import tell_letters
from monitor.commands.screen import DONE, FAILED, Context, context_of, now, say
from monitor.config import Settings, load_settings
from monitor.deliver.dispatch import Dispatcher
from monitor.deliver.posting import post_alerts, post_now
from storage.archive import Archive
from storage.outbox import UNDER_WAY, Letter, LetterState

LISTED = 50
MOST = 10_000


def deliver(
    context: typer.Context,
    listing: Annotated[bool, typer.Option("--list", help="show the newest letters, send nothing")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line a letter")] = False,
) -> None:
    """Send what waits for its readers, and what is urgent. 投递。"""
    options = context_of(context)
    with home_archive(options.home) as (catalogue, archive):
        settings = load_settings(catalogue)
        if listing:
            shown = archive.outbox.letters(limit=LISTED)
            tell_letters(shown, options, as_json=as_json)
            if not shown:
                say(options.says("no-letters"))
            return
        post_alerts(archive, settings, now())
        letters = _send(catalogue, settings, archive, _due(archive))
    tell_letters(letters, options, as_json=as_json)
    if not letters:
        say(options.says("nothing-to-send"))
    raise typer.Exit(_status(letters))


def send_digest(options: Context, day: date, *, weekly: bool) -> int:
    """Send the digest of a China day, or of its week, to those of its readers who did not get it yet; exit status.

    Raises ConfigError where nobody reads it.
    """
    with home_archive(options.home) as (catalogue, archive):
        settings = load_settings(catalogue)
        what = "weekly" if weekly else "digest"
        if not any(what in subscriber.what for subscriber in settings.subscribers.values()):
            raise catalogue.file.error(("subscribers",), fault("no-reader", what))
        item = post_now(archive, settings, day, now(), weekly=weekly)
        _send(catalogue, settings, archive, _due(archive, item))
        letters = archive.outbox.letters(item=item, limit=MOST)
    tell_letters(letters, options, as_json=False)
    return _status(letters)


def _due(archive: Archive, item: str | None = None) -> frozenset[int]:
    moment = now()
    waiting = archive.outbox.letters(UNDER_WAY, item=item, limit=MOST)
    return frozenset(letter.id for letter in waiting if letter.next_at <= moment)


def _send(catalogue: Catalogue, settings: Settings, archive: Archive, ids: Collection[int]) -> list[Letter]:
    """Send what is due and wait for it; these letters as they are afterwards, those posted first before others."""
    dispatcher = Dispatcher(archive, catalogue.home, lambda: settings, now)
    with _once():
        try:
            dispatcher.drain()
        finally:
            dispatcher.stop()
    return [letter for letter in reversed(archive.outbox.letters(limit=MOST)) if letter.id in ids]


@contextmanager
def _once() -> Iterator[None]:
    """Each letter's fate is told at the end; the log of a service says it too."""
    log = logging.getLogger("monitor.deliver.dispatch")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def _status(letters: Iterable[Letter]) -> int:
    arrived = {LetterState.SENT, LetterState.DROPPED}
    return DONE if all(letter.state in arrived for letter in letters) else FAILED
