"""Files as a channel: what a mail would bring, laid into a folder of ``out/``."""

from __future__ import annotations

from pathlib import Path

from monitor.deliver.addresses import Address
from monitor.deliver.message import Told
from monitor.deliver.outcome import Held
from monitor.digest.day import Digest
from monitor.digest.edition import publish, write_whole
from monitor.tell import Lang
from storage.outbox import Letter
from storage.records import CHINA


def folder(out: Path, address: Address) -> Path:
    """Where an address points to: below ``out``, unless it is a whole path."""
    return out / address.target


def lay_digest(out: Path, address: Address, digest: Digest, lang: Lang, archive: str | None = None) -> None:
    """Write a digest in all its formats, each file whole or not at all; ``archive`` is where readers reach the
    archive's pages. Raises Held."""
    try:
        publish(digest, folder(out, address), lang, archive=archive)
    except OSError as error:
        raise Held(f"the folder cannot be written to: {error.strerror or error}") from None


def lay_alert(out: Path, address: Address, told: Told, letter: Letter) -> None:
    """Write an alert as Markdown and as a page, named after the moment it was posted. Raises Held."""
    name = f"alert-{letter.created_at.astimezone(CHINA):%Y-%m-%d-%H%M}-{letter.id}"
    try:
        target = folder(out, address)
        target.mkdir(parents=True, exist_ok=True)
        write_whole(target / f"{name}.md", told.markdown)
        write_whole(target / f"{name}.html", told.page)
    except OSError as error:
        raise Held(f"the folder cannot be written to: {error.strerror or error}") from None
