"""Two states of one page given by hand: the change that the monitor would report, and nothing kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crawler.finding import find
from crawler.sites import Site
from monitor.compare.decide import Case, decide
from monitor.compare.presence import BY_HAND
from storage.records import (
    MISSING,
    Article,
    Change,
    Observation,
    Outcome,
    Page,
    PageKind,
    Role,
    Told,
    Version,
    Visit,
)

SOFT_GONE = "soft-404"


def compare_pages(old: Article, new: Article, *, url: str, now: datetime, how: str = SOFT_GONE) -> Change | None:
    """The change from ``old`` to ``new``, or ``None``.

    Decided as a crawl and a drain decide it, by a person's visit. What says nothing about an article (a firewall's
    page, a notice of maintenance, a page drawn by script) makes no change. ``how`` is how ``new`` was found missing
    where it says so itself.
    """
    before = Version("", url, 1, now, "", old) if old.kind is PageKind.ARTICLE else None
    if before is None and old.kind is not PageKind.MISSING:
        return None
    told = Told.LIVE if before else Told.REMOVED
    page = Page("", url, Role.ARTICLE, now, version=1, base_version=1, told=told)
    seen = Observation("", url, now, "", Outcome.UNCHANGED, by_hand=True)
    site = Site.model_construct(key="", name="", columns=(url,))
    visit = Visit("", url, Role.ARTICLE, now, "", status=200, final_url=url, article=new, by_hand=True)
    found = find(site, visit, page, before)
    if found.outcome in MISSING:
        why = how if new.kind is PageKind.MISSING else found.how
        gone = replace(seen, outcome=Outcome.SOFT_GONE, how=why)
        case = Case(site, gone, page, base=before, streak=(gone,))
    elif found.outcome is Outcome.NEW_VERSION:
        fresh = Version("", url, 2, now, "", new)
        case = Case(site, replace(seen, outcome=Outcome.NEW_VERSION), page, base=before, fresh=fresh)
    else:
        return None
    changes = decide(case, now).changes
    # Nobody looked again: two states were handed in.
    return replace(changes[0], note=None if changes[0].note == BY_HAND else changes[0].note) if changes else None
