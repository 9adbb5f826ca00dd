"""What answers in an article's place though the server says all is well: pure, against what the article said last.

Three kinds: a hijacker's page, which is tampering and no withdrawal; another page of the site (its home page, a list, a
notice without words), as some systems answer for whatever they no longer have; and the first half of the page itself.
"""

from __future__ import annotations

import re

from crawler.addresses import same_page
from crawler.extraction.pagetitle import squash
from crawler.extraction.stuffing import is_spam_title
from crawler.extraction.template import is_redrawn
from crawler.sites import Site
from storage.records import Article, PageKind, Visit

TAMPERED = "tampered"
"""The flag of a page that one look shows to be hijacked."""
UNCLOSED = "unclosed"
"""The flag of a page whose markup has no end."""
UNTOLD = frozenset({"scripted", "oversized", "binary"})
"""Flags of pages that say nothing of whether their article is there."""

_OWN_LINKS = 3
_NAME = 4
_PARTS = re.compile(r"[-_|—–>»·\s,，:：]+")


def is_hijackers(site: Site, visit: Visit, article: Article) -> bool:
    """Whether a hijacker's page answers: the article is tampered with, and neither emptied nor gone.

    An address that leads to another page of its own site is gone, however that other page looks.
    """
    led = visit.final_url is not None and not same_page(visit.final_url, visit.url)
    if TAMPERED not in article.flags or (led and site.owns(visit.final_url or "")):
        return False
    return led or article.kind is not PageKind.ARTICLE


def is_another_page(article: Article, known: Article) -> bool:
    """Whether a page of the same site answers that has nothing of the known article: not its headline, not a line.

    A new story at an old address stands in the old frame; a page drawn anew still has its headline.
    """
    headline = squash(known.title or "")
    if (
        UNTOLD & set(article.flags)
        or len(headline) < _NAME
        or not known.canonical
        or is_spam_title(article.surface.title)
    ):
        return False
    said = squash(" ".join((article.title or "", article.surface.title, *article.canonical)))
    if headline in said or headline[: 2 * _NAME] in said or not _is_of_the_site(article, known):
        return False
    if article.kind is PageKind.LIST:
        return True
    strange = is_redrawn(known.template, article.template)
    return article.kind is PageKind.ARTICLE and strange and set(known.canonical).isdisjoint(article.canonical)


def _is_of_the_site(article: Article, known: Article) -> bool:
    """Whether a page names its site as the known article's did, or lists pages of the site."""
    names = {part for part in _PARTS.split(known.surface.title) if len(part) >= _NAME} - {known.title}
    named = any(name in article.surface.title for name in names)
    return named or (article.kind is PageKind.LIST and len(article.links) >= _OWN_LINKS)


def broke_off(article: Article, known: Article) -> bool:
    """Whether only the first part of the known article came, on a page that has no end any more.

    An editor who cuts the last paragraphs leaves the page's end where it was.
    """
    if UNCLOSED not in article.flags or UNCLOSED in known.flags or article.kind is not PageKind.ARTICLE:
        return False
    came, was = "".join(article.canonical), "".join(known.canonical)
    return len(came) < len(was) and was.startswith(came)
