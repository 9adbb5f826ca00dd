"""Pages known to be as they were before they are read, and what their bytes teach of that where they are.

Between ``crawler.calm``, which is pure, and the archive. An article of several pages is known by all of them: they are
asked for one after the other as they were the last time, held unread, and read only if they are not as they were.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from crawler.addresses import same_page
from crawler.calm import LONGEST_CALM, calm_of, carried, is_calm, is_restless, learn_calm, seen_again
from crawler.errand import Errand
from crawler.extraction.learned import reading_name
from crawler.extraction.read import EXTRACTOR, read_page
from crawler.extraction.whole import read_whole, stitch
from crawler.finding import fingerprint
from crawler.named import own_links
from storage.archive import Archive
from storage.calm import Calm
from storage.codec import dump
from storage.errors import BodyUnreadable
from storage.records import Article, Intake, Outcome, PageKind, Role, Told, Visit

MOST_CALM = 1_000_000
"""Bytes of a page whose places are looked for."""
LONGEST_CALM_LIST = timedelta(days=1)
"""After so long a list is read whole: a reading also tells which of its links lead to pages that are gone by now."""


def is_held(visit: Visit) -> bool:
    """Whether a visit's page came and waits unread for the article's further ones."""
    return visit.status == 200 and visit.body is not None and visit.article is None and not visit.calm


def awaited_part(errand: Errand) -> str | None:
    """The address of the page behind this one, where the article's pages are known and none had to be read yet."""
    calm, have = errand.calm, len(errand.parts)
    if calm is None or not calm.rest or have >= len(calm.parts) or not all(map(is_held, errand.parts)):
        return None
    return calm.parts[have]


def as_it_was(errand: Errand, visit: Visit, body: bytes) -> Visit | None:
    """The visit of a page whose bytes tell that it says what was read last; ``None`` where it is to be read.

    ``visit`` is that of the last page that came, ``body`` its bytes.
    """
    page, calm = errand.page, errand.calm
    settled = page.told in (Told.NOTHING, Told.LIVE) and page.missing_since is None and page.failures == 0
    if calm is None or visit.status != 200 or not settled or not _stands_there(errand, visit):
        return None
    if len(calm.parts) != len(errand.parts) or not all(map(is_held, errand.parts)):
        return None
    if (visit.role is Role.COLUMN) is not bool(calm.said):
        return None
    article = visit.role is Role.ARTICLE
    reading = reading_name(EXTRACTOR, errand.learned if article else None)
    whole = stitch([*(part.body or b"" for part in errand.parts), body])
    if not is_calm(whole, calm, reading, page.version, visit.at, LONGEST_CALM if article else LONGEST_CALM_LIST):
        return None
    first = errand.parts[0] if errand.parts else visit
    took = sum(part.duration_ms for part in errand.parts) + visit.duration_ms
    # Without a place nothing moved since the version was read: it is remembered by all of its bytes. A list's version
    # is of what it hides, and its bytes are other ones.
    same = article and not calm.places
    known = replace(first, body=whole, calm=True, same_bytes=same, duration_ms=took)
    return replace(known, etag=None, last_modified=None) if errand.parts else known


def _stands_there(errand: Errand, visit: Visit) -> bool:
    """Whether a page, or a further page of its article, answered where it did the last time."""
    where = visit.final_url or visit.url
    if errand.parts and errand.calm is not None:
        return same_page(where, errand.calm.parts[len(errand.parts) - 1])
    return same_page(where, errand.page.leads_to or errand.page.url)


def is_to_be_held(errand: Errand, visit: Visit) -> bool:
    """Whether a page that came is not read yet, since further pages of its article are asked for first."""
    article = visit.role is Role.ARTICLE and visit.status == 200
    return article and awaited_part(errand) is not None and _stands_there(errand, visit)


def calm_after(archive: Archive, errand: Errand, visit: Visit, intake: Intake) -> Calm | None:
    """What to remember of the bytes of a page that was read whole and is kept; ``None`` for nothing new."""
    body, article = visit.body, visit.article
    if body is None or article is None or len(body) > MOST_CALM:
        return None
    if visit.role is Role.COLUMN:
        return _list_after(errand, visit, article, body, intake)
    if article.kind is not PageKind.ARTICLE or errand.site.attachments == "keep":
        return None
    parts = tuple(part.article.next_page or "" for part in errand.parts if part.article is not None)
    if len(parts) != len(errand.parts) or not all(parts) or (article.next_page and not parts):
        return None
    plain = replace(calm_of(body, article.extractor, intake.page.version, visit.at), parts=parts)
    if intake.observation.outcome is Outcome.NEW_VERSION:
        return plain
    calm = errand.calm if errand.calm is not None and errand.calm.parts == parts else None
    restless = is_restless(calm, article.extractor, intake.page.version, visit.at)
    if intake.observation.outcome is not Outcome.UNCHANGED or restless:
        return None
    if calm is not None and (again := seen_again(body, calm, plain)) is not None:
        return again
    kept = kept_body(archive, errand.page.id, intake.page.version)
    if kept is None:
        return None
    said, where = fingerprint(article), visit.final_url or visit.url

    def says_the_same(less: bytes) -> bool:
        return fingerprint(read_whole(less, where, learned=errand.learned)) == said

    before = calm.places if calm is not None and calm.version == plain.version else ()
    return learn_calm(kept, body, plain, says_the_same, before)


def _list_after(errand: Errand, visit: Visit, article: Article, body: bytes, intake: Intake) -> Calm | None:
    """What to remember of a list: places are learned of two bodies that named the same."""
    if intake.observation.outcome is not Outcome.LISTED:
        return None
    calm, version, said = errand.calm, intake.page.version, said_of_list(article)
    plain = replace(calm_of(body, article.extractor, version, visit.at), said=said, seed=body)

    def names_the_same(less: bytes) -> bool:
        where = visit.final_url or visit.url
        return said_of_list(own_links(errand.site, where, read_page(less, where, role=Role.COLUMN))) == said

    if calm is None or (calm.reading, calm.version) != (article.extractor, version):
        return plain
    if calm.said != said:
        return carried(body, calm, plain, names_the_same) or plain
    if is_restless(calm, article.extractor, version, visit.at):
        return None
    if (again := seen_again(body, calm, plain)) is not None:
        return replace(again, seed=calm.seed)
    learned = learn_calm(calm.seed, body, plain, names_the_same, calm.places)
    return replace(learned, seed=calm.seed) if learned.rest else learned


def said_of_list(article: Article) -> str:
    """Hex SHA-256 over all that is taken from a list page: where it leads to, and what it shows and hides."""
    surface = article.surface
    links = [(link.url, link.title, link.date) for link in article.links]
    content = [fingerprint(replace(article, paragraphs=(), canonical=())), article.kind, links, article.next_page]
    return hashlib.sha256(dump([*content, article.lists, sorted(article.flags), surface.title]).encode()).hexdigest()


def kept_body(archive: Archive, page_id: int, number: int) -> bytes | None:
    """The bytes that a version was read from, where they are still there."""
    version = archive.learning.version(page_id, number)
    try:
        return archive.learning.body(version.body_hash) if version is not None and version.body_hash else None
    except BodyUnreadable:
        return None
