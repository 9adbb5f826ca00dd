"""What answers in an article's place though the server says all is well: pure, against what the article said last.

Four kinds: a hijacker's page, which is tampering and no withdrawal; another page of the site (its home page, a list, a
notice without words), as some systems answer for whatever they no longer have; the first half of the page itself; and
what a server shows for every page while it is being worked on or fails, which says nothing of the article.
"""

from __future__ import annotations

import re
from dataclasses import replace

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
FURNITURE_ONLY = "furniture-only"
"""The flag of a page on which stands nothing but what its site prints on every page."""
LINKS_ONLY = "links-only"
"""The flag of an article whose text is nothing but lines that lead elsewhere."""
MAINTENANCE = "maintenance"
"""The flag of a page that says in a few lines that a site or system is being worked on."""
SERVER_ERROR = "server-error"
"""The flag of a page on which a server says that it failed."""
UNTOLD = frozenset({"scripted", "oversized", "binary", SERVER_ERROR})
"""Flags of pages that say nothing of whether their article is there."""

_OWN_LINKS = 3
_NAME = 4
_PARTS = re.compile(r"[-_|—–>»·\s,，:：]+")


def is_led_away(site: Site, visit: Visit) -> bool:
    """Whether the address of a page led to another site, which answered."""
    final = visit.final_url
    return final is not None and not same_page(final, visit.url) and not site.owns(final)


def led_away(article: Article, final: str) -> Article:
    """What a stranger's page shows in the place of a known one: its words, and that visitors are sent there.

    That it says of itself what its title sells vouches for nothing here.
    """
    surface = replace(article.surface, redirects=tuple(dict.fromkeys((*article.surface.redirects, final))))
    sells = TAMPERED not in article.flags and is_spam_title(surface.title)
    flags = (*article.flags, TAMPERED) if sells else article.flags
    return replace(article, surface=surface, flags=flags, attachments=(), next_page=None)


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


def is_furniture_only(article: Article, known: Article) -> bool:
    """Whether of an article nothing is left but its site's furniture: the page was emptied, not edited.

    A site may have learned all of a notice that it prints on several pages; such an article was read so before.
    """
    if FURNITURE_ONLY not in article.flags or FURNITURE_ONLY in known.flags or not known.canonical:
        return False
    return set(known.canonical).isdisjoint(article.canonical)


def is_emptied(article: Article, known: Article) -> bool:
    """Whether under the known article's headline nothing is left but links that stood beside it (a hot list).

    An article that was links all along was read so before; text that became a list of files is an edit.
    """
    if LINKS_ONLY not in article.flags or LINKS_ONLY in known.flags or not known.canonical or article.attachments:
        return False
    return article.title == known.title and set(known.canonical).isdisjoint(article.canonical)


def is_out_of_service(article: Article, known: Article | None, listed_title: str | None) -> bool:
    """Whether a notice that the site is being worked on stands where another article is awaited.

    ``listed_title`` is what a list calls the page, for one that was never read. A city's own notice that some system is
    being worked on is known by its headline, and by having been read as such before.
    """
    if MAINTENANCE not in article.flags or (known is not None and MAINTENANCE in known.flags):
        return False
    headline = squash((known.title if known else listed_title) or "")
    said = squash(" ".join((article.title or "", article.surface.title, *article.canonical)))
    if known is None:
        return len(headline) >= _NAME and headline[: 2 * _NAME] not in said
    named = bool(headline) and headline[: 2 * _NAME] in said
    return not named and set(known.canonical).isdisjoint(article.canonical)


def broke_off(article: Article, known: Article) -> bool:
    """Whether only the first part of the known article came, on a page that has no end any more.

    An editor who cuts the last paragraphs leaves the page's end where it was.
    """
    if UNCLOSED not in article.flags or UNCLOSED in known.flags or article.kind is not PageKind.ARTICLE:
        return False
    came, was = "".join(article.canonical), "".join(known.canonical)
    return len(came) < len(was) and was.startswith(came)
