"""The addresses that a visit makes known: articles and lists that a column names, and where a page moved to. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin

from crawler.addresses import may_be_list, may_be_page, plain_address
from crawler.discovery.service import is_standing
from crawler.sites import Site
from storage.lives import Why
from storage.records import Article, Link, Outcome, Page, Role, Told, Visit


def addresses_named(
    site: Site, visit: Visit, page: Page, known: Mapping[str, Page], outcome: Outcome
) -> tuple[Page, ...]:
    """The addresses that a visit makes known: those a column names, and where a page moved to."""
    if outcome is Outcome.LISTED:
        return _discovered(site, visit, page, known)
    there = visit.final_url or ""
    if outcome is Outcome.MOVED and page.told is not Told.MOVED and may_be_page(there):
        moved = Page(
            site=visit.site,
            url=there,
            role=Role.ARTICLE,
            first_seen_at=visit.at,
            column=page.column,
            listed_title=page.listed_title,
            listed_date=page.listed_date,
            due_at=visit.at,
        )
        return (moved,)
    return ()


def _discovered(site: Site, visit: Visit, page: Page, known: Mapping[str, Page]) -> tuple[Page, ...]:
    """Addresses that a column lists and the archive does not know; and the list page behind it, where it is needed.

    They are enlisted in the transaction that keeps the column's ETag: a crawl killed before it reads them finds them
    due the next time, though the column itself then answers 304.
    """
    article = visit.article
    assert article is not None
    found = {
        link.url: Page(
            site=visit.site,
            url=link.url,
            role=Role.ARTICLE,
            first_seen_at=visit.at,
            column=page.column or page.url,
            listed_title=link.title,
            listed_date=link.date,
            due_at=visit.at,
        )
        for link in article.links
        if link.url not in known and link.url not in site.columns
    }
    standing = (_list_page(visit, page, url, page.depth) for url in standing_lists(visit, page) or ())
    return (*found.values(), *standing, *_lists_behind(site, visit, page, known, brought=bool(found)))


def relisted(visit: Visit, page: Page, known: Mapping[str, Page], quickest: timedelta) -> tuple[Page, ...]:
    """Known articles of a column that it shows with another title or day than before: made due at once.

    A title that is only cut off elsewhere says nothing, and neither does a column's word on an article of another one,
    which may have its own headline for it. None is made due sooner than ``quickest`` after its latest visit.
    """
    if visit.article is None:
        return ()
    told = []
    for link in visit.article.links:
        article = known.get(link.url)
        if article is None or article.role is not Role.ARTICLE or article.due_at is None or not article.version:
            continue
        if article.column != (page.column or page.url):
            continue
        day = link.date and article.listed_date and link.date[:10] != article.listed_date[:10]
        if day or _is_retitled(link.title, article.listed_title):
            due = max(visit.at, (article.checked_at or visit.at) + quickest)
            listed = replace(article, listed_title=link.title, listed_date=link.date or article.listed_date)
            told.append(replace(listed, due_at=min(due, article.due_at), due_why=Why.HASTENED))
    return tuple(told)


def _is_retitled(shown: str, known: str | None) -> bool:
    if not known or not shown:
        return False
    one, other = (re.sub(r"\s|[.…]+$", "", unicodedata.normalize("NFKC", title).strip()) for title in (shown, known))
    return not (one.startswith(other) or other.startswith(one))


def standing_lists(visit: Visit, page: Page) -> tuple[str, ...] | None:
    """The lists that speak for a column besides its own page, asked as often as that; ``None`` for other list pages.

    A page that stays the same while its service brings news (304, an empty shell) would hide it otherwise.
    """
    if visit.article is None or page.depth or page.column not in (None, page.url):
        return None
    return tuple(url for url in visit.article.lists if is_standing(url) and url != page.url)


def _list_page(visit: Visit, page: Page, url: str, depth: int) -> Page:
    return Page(
        site=visit.site,
        url=url,
        role=Role.COLUMN,
        first_seen_at=visit.at,
        column=page.column or page.url,
        depth=depth,
        due_at=visit.at,
    )


def _lists_behind(site: Site, visit: Visit, page: Page, known: Mapping[str, Page], *, brought: bool) -> Iterator[Page]:
    """The list pages behind this one: those never read, and the next one again where this one brought something new."""
    article = visit.article
    assert article is not None
    if page.depth + 1 >= site.limits.list_pages:
        return
    wanted = [url for url in article.lists if url not in known and not is_standing(url)]
    if article.next_page and (brought or article.next_page not in known):
        wanted.append(article.next_page)
    for url in dict.fromkeys(wanted):
        if url not in site.columns:
            yield _list_page(visit, page, url, page.depth + 1)


def own_links(site: Site, base: str, article: Article) -> Article:
    """An article whose links are plain addresses of this site's own pages, each once, in order."""
    own: dict[str, Link] = {}
    for link in article.links:
        url = plain_address(urljoin(base, link.url))
        if may_be_page(url) and site.owns(url):
            own.setdefault(url, replace(link, url=url))
    behind = plain_address(urljoin(base, article.next_page)) if article.next_page else None
    if behind is not None and not (may_be_list(behind) and site.owns(behind)):
        behind = None
    lists = dict.fromkeys(plain_address(urljoin(base, url)) for url in article.lists)
    return replace(
        article,
        links=tuple(own.values()),
        next_page=behind,
        lists=tuple(url for url in lists if may_be_list(url) and site.owns(url)),
    )
