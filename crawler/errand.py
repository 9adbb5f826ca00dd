"""What a request is sent for."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.extraction.learned import Learned
from crawler.habits import Habits
from crawler.sites import Site
from storage.attachments import KeptFile
from storage.calm import Calm
from storage.records import Page, Visit


@dataclass(frozen=True, slots=True)
class Errand:
    """What a request was sent for; travels in its meta. ``parts`` are the visits of an article's pages before this.

    ``learned`` is what the site taught of its template, ``habits`` what it says of when to look again, ``calm`` what is
    remembered of the page's bytes. Where a file is asked for, ``files`` begins with it and holds those whose turn comes
    after it, and ``visit`` is the article's visit that waits for them.
    """

    site: Site
    page: Page
    run: str
    by_hand: bool
    parts: tuple[Visit, ...] = ()
    learned: Learned | None = None
    habits: Habits | None = None
    visit: Visit | None = None
    files: tuple[KeptFile, ...] = ()
    calm: Calm | None = None
