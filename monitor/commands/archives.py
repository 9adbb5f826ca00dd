"""The archive of a home, open for as long as a command asks it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.sites import Catalogue, load_catalogue
from monitor.config import load_settings
from storage.archive import Archive
from storage.sql import open_archive


@contextmanager
def archive_of(catalogue: Catalogue) -> Iterator[Archive]:
    """The archive of a home, closed afterwards."""
    archive = open_archive(catalogue.database)
    try:
        yield archive
    finally:
        archive.close()


@contextmanager
def home_archive(home: Path) -> Iterator[tuple[Catalogue, Archive]]:
    """The catalogue and archive of a home; a fault anywhere in ``sites.yaml`` is told before anything is done."""
    catalogue = load_catalogue(home)
    load_settings(catalogue)
    with archive_of(catalogue) as archive:
        yield catalogue, archive
