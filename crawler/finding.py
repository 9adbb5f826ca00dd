"""What one visit came to: pure, from the page as it was read and what the archive knows of it to an outcome.

An error, a firewall's page, a log-in form, a notice of maintenance or an empty frame is never what an article says.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.addresses import same_page
from crawler.extraction.template import is_redrawn
from crawler.instead import (
    SERVER_ERROR,
    TAMPERED,
    UNTOLD,
    broke_off,
    is_another_page,
    is_emptied,
    is_furniture_only,
    is_hijackers,
    is_led_away,
    is_out_of_service,
)
from crawler.sites import Site
from storage.codec import dump
from storage.records import Article, Outcome, Page, PageKind, Role, Version, Visit

GONE = frozenset({404, 410})
FIREWALL = frozenset({403, 405, 412, 418, 429, 468, 493, 521})
"""Answers that city firewalls give to a visitor they distrust (FIELD.md); none of them says that a page is gone."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a visit came to, with how (404, soft-404, redirect, an error …) and what else speaks for it."""

    outcome: Outcome
    how: str | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)


def find(site: Site, visit: Visit, page: Page, latest: Version | None) -> Finding:
    """What a visit came to."""
    if visit.refused:
        return Finding(Outcome.REFUSED, visit.error)
    if visit.status is None:
        return Finding(Outcome.FAILED, visit.error or "no answer")
    kind = visit.article.kind if visit.article else None
    if is_led_away(site, visit) and not _shows_hijackers(visit, latest):
        # What a stranger answers, or a network's log-in page, says nothing of the page.
        return Finding(Outcome.REFUSED, "leads off the site", {"to": visit.final_url})
    if visit.status in GONE:
        return Finding(Outcome.GONE, str(visit.status))
    if visit.status == 304:
        return Finding(Outcome.NOT_MODIFIED)
    if visit.calm:
        return Finding(Outcome.UNCHANGED)
    if kind is PageKind.BLOCKED or visit.status in FIREWALL:
        return Finding(Outcome.BLOCKED, str(visit.status))
    if visit.status != 200 or visit.article is None:
        return Finding(Outcome.FAILED, str(visit.status))
    return _find_read(site, visit, visit.article, page, latest)


def _shows_hijackers(visit: Visit, latest: Version | None) -> bool:
    """Whether what answers elsewhere is a hijacker's: in a column's place, or in that of an article that was read."""
    if visit.status != 200 or visit.article is None:
        return False
    return TAMPERED in visit.article.flags and (visit.role is Role.COLUMN or latest is not None)


def _find_read(site: Site, visit: Visit, article: Article, page: Page, latest: Version | None) -> Finding:
    if latest is not None and is_hijackers(site, visit, article):
        return Finding(Outcome.UNCHANGED if fingerprint(article) == latest.fingerprint else Outcome.NEW_VERSION)
    if visit.role is Role.COLUMN and (article.links or article.lists):
        # A column may redirect to its own index page, or to its new address: it lists, and that is all it is for.
        return Finding(Outcome.LISTED)
    out_of_order = _out_of_order(article, page, latest)
    if out_of_order:
        return Finding(Outcome.FAILED, out_of_order)
    final = visit.final_url or visit.url
    # An address that always led there (a short link, a change of endings) is no news by leading there again.
    if not same_page(final, visit.url) and not (page.leads_to and same_page(final, page.leads_to)):
        elsewhere = _find_redirected(site, final, article, latest)
        if elsewhere:
            return elsewhere
    if article.kind is PageKind.MISSING:
        return Finding(Outcome.SOFT_GONE, "soft-404", {"printed": " ".join(article.paragraphs)[:120]})
    if visit.role is Role.COLUMN:
        return Finding(Outcome.EMPTY, "no links")
    if latest is not None and is_another_page(article, latest.article):
        return Finding(Outcome.SOFT_GONE, "replaced", {"printed": article.surface.title[:120]})
    if article.kind is not PageKind.ARTICLE:
        return _find_unread(article, latest)
    return _find_article(article, latest)


def _out_of_order(article: Article, page: Page, latest: Version | None) -> str | None:
    """What a server shows for any page while it fails or is being worked on, in a few words; ``None`` for a page."""
    if SERVER_ERROR in article.flags:
        return "a server error's page"
    known = latest.article if latest else None
    return "a notice of maintenance" if is_out_of_service(article, known, page.listed_title) else None


def _find_article(article: Article, latest: Version | None) -> Finding:
    """What an article came to that answers where it is awaited."""
    if latest is None:
        return Finding(Outcome.NEW_VERSION)
    if is_furniture_only(article, latest.article) or is_emptied(article, latest.article):
        return Finding(Outcome.SOFT_GONE, "empty", {"flags": list(article.flags)})
    if broke_off(article, latest.article):
        return Finding(Outcome.FAILED, "the page broke off")
    redrawn = is_redrawn(latest.article.template, article.template)
    if redrawn or fingerprint(article) != latest.fingerprint:
        return Finding(Outcome.NEW_VERSION)
    return Finding(Outcome.UNCHANGED)


def _find_unread(article: Article, latest: Version | None) -> Finding:
    """A page with no article on it: withdrawn where its frame stands there with nothing in it, else nothing learned.

    What is drawn by script, is no text at all, or comes with no markup says nothing about the article.
    """
    flags = {"flags": list(article.flags)}
    emptied = article.kind is PageKind.EMPTY and article.template and not UNTOLD & set(article.flags)
    if latest is not None and emptied:
        return Finding(Outcome.SOFT_GONE, "empty", flags)
    return Finding(Outcome.EMPTY, article.kind.value, flags)


def _find_redirected(site: Site, final: str, article: Article, latest: Version | None) -> Finding | None:
    """An article that leads elsewhere: moved where it is told there again, gone where it is not."""
    evidence = {"to": final}
    if latest is None:
        # Never read under its own address: a front page or an error page is no article, a story is.
        gone = site.is_home(final) or article.kind is PageKind.MISSING
        return Finding(Outcome.SOFT_GONE, "redirect", evidence) if gone else None
    if article.kind is PageKind.ARTICLE and says_the_same(article, latest.article):
        return Finding(Outcome.MOVED, "redirect", evidence)
    return Finding(Outcome.SOFT_GONE, "redirect", evidence)


def says_the_same(one: Article, other: Article) -> bool:
    """Whether what stands at another address is the article: by its headline, or by half of the longer text."""
    if one.title and one.title == other.title:
        return True
    if not one.canonical or not other.canonical:
        return False
    if _squash(one.canonical) == _squash(other.canonical):
        return True
    # Moved and edited at once: paragraphs that make half of the longer of both stand in both.
    kept = set(one.canonical) & set(other.canonical)
    return 2 * len(_squash(tuple(kept))) >= max(len(_squash(one.canonical)), len(_squash(other.canonical)))


def fingerprint(article: Article) -> str:
    """Hex SHA-256 over what an article says to readers and to search engines; white space says nothing."""
    surface = article.surface
    content = [
        _squash([article.title or ""]),
        article.published_at,
        article.source,
        article.authors,
        article.editors,
        _squash([article.abstract or ""]),
        article.document_number,
        article.index_number,
        _squash(article.canonical),
        sorted((a.url, a.name) for a in article.attachments),
        _squash([surface.title, surface.keywords, surface.description]),
        sorted((link.url, link.title) for link in surface.hidden),
        sorted(surface.redirects),
        sorted((mark.kind, mark.seen) for mark in surface.marks),
        "tampered" in article.flags,
    ]
    return hashlib.sha256(dump(content).encode()).hexdigest()


def _squash(lines: tuple[str, ...] | list[str]) -> str:
    return re.sub(r"\s+", "", "".join(lines))
