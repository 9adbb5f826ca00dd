"""What sites teach of their templates, between the archive and the pure learning; and kept versions read with it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from crawler.addresses import same_page
from crawler.extraction.decode import decode
from crawler.extraction.learned import Learned, lesson_name
from crawler.extraction.learning import LINE_PAGES, Sample, learn, sample_of
from crawler.extraction.markup import LONGEST
from crawler.extraction.outline import outline
from crawler.extraction.template import is_redrawn
from crawler.extraction.whole import SEAM, read_whole
from crawler.finding import fingerprint
from storage.archive import Learning
from storage.attachments import with_hashes
from storage.errors import BodyUnreadable
from storage.records import Lesson, Page, PageKind, Version, Visit

log = logging.getLogger(__name__)

MOST_PAGES = 32
"""Pages that are looked at, each in its two newest versions; reading one takes about 10 ms."""
LONGEST_LEARNING = 5.0
"""Seconds after which no further version is looked at, so that a crawl begins in time."""


def is_time_to_learn(articles: int, versions: int, told: str, last: Lesson | None) -> bool:
    """Whether a site has something new to teach: articles enough, a quarter more versions, or another frame.

    Versions are counted, not articles: a counter that is still told as an edit makes versions, and they teach it.
    """
    if articles < LINE_PAGES:
        return False
    if last is None or is_redrawn(last.template, told):
        return True
    return versions >= last.versions + max(LINE_PAGES, last.versions // 4)


def learn_site(learning: Learning, site: str, now: datetime) -> Learned | None:
    """What a site is to be read with: what it taught last, or what it teaches now. Raises StorageError."""
    last = learning.lesson(site)
    articles, versions = learning.taught(site)
    told = learning.site_template(site)
    if not is_time_to_learn(articles, versions, told, last):
        return _learned(last)
    learned = (_learned(last) or Learned()).joined(learn(_samples(learning, site)))
    lesson = Lesson(site, learned.name, now, learned.to_json(), versions, told)
    learning.remember(lesson)
    if last is None or last.name != lesson.name:
        log.info("%s: learned %s from %d versions", site, lesson.name, versions)
    return _learned(lesson)


def lesson_of(learning: Learning, site: str, reading: str) -> Learned | None:
    """What a reading of that name had learned of a site, ``None`` where it had learned nothing. Raises StorageError."""
    name = lesson_name(reading)
    if name is None:
        return None
    lesson = learning.lesson(site, name)
    if lesson is None:
        log.error("%s: the lesson %s is not kept; read with the newest one", site, name)
        lesson = learning.lesson(site)
    return _learned(lesson)


def read_again(learning: Learning, page: Page, visit: Visit, learned: Learned | None) -> Version | None:
    """A page's newest version, read as the article of ``visit`` was with ``learned``, so that the two compare.

    ``None`` where they compare as they are. A version is read again once after each change of the reading; what is not
    remembered of that is asked for where frames look redrawn, or the page answers elsewhere. Raises StorageError.
    """
    article = visit.article
    if article is None or article.kind is not PageKind.ARTICLE or not page.version:
        return None
    newest = learning.version(page.id, page.version)
    if newest is None or newest.body_hash is None or newest.article.extractor == article.extractor:
        return None
    elsewhere = visit.final_url is not None and not same_page(visit.final_url, page.leads_to or page.url)
    redrawn = is_redrawn(newest.article.template, article.template)
    if page.read_by == article.extractor and not redrawn and not elsewhere:
        return None
    again = read_kept(newest, learned, learning.body, visit.final_url)
    return None if again is newest else replace(again, fingerprint=fingerprint(again.article))


def read_kept(
    version: Version,
    learned: Learned | None,
    body_of: Callable[[str], bytes | None],
    address: str | None = None,
) -> Version:
    """A kept version as it is read now; unchanged where its body is not there any more.

    ``address`` is where the page answered, if that is not its own address.
    """
    try:
        body = body_of(version.body_hash) if version.body_hash else None
    except BodyUnreadable as error:
        # What was read of it at the time is still there, and all that is left to compare with.
        log.error("%s: %s", version.url, error)
        return version
    if body is None:
        return version
    article = read_whole(body, address or version.url, learned=learned)
    return replace(version, article=replace(article, attachments=with_hashes(article.attachments, version.files)))


def _learned(lesson: Lesson | None) -> Learned | None:
    return _learned_from(lesson.furniture) if lesson else None


@lru_cache(maxsize=64)
def _learned_from(furniture: str) -> Learned | None:
    return Learned.from_json(furniture) or None


def _samples(learning: Learning, site: str) -> Iterator[Sample]:
    ends = time.monotonic() + LONGEST_LEARNING
    for version in learning.samples(site, MOST_PAGES):
        if time.monotonic() > ends:
            return
        if version.article.kind is not PageKind.ARTICLE or "tampered" in version.article.flags:
            continue
        try:
            body = learning.body(version.body_hash or "")
        except BodyUnreadable as error:
            log.error("%s: %s", version.url, error)
            continue
        first = (body or b"").split(SEAM)[0]
        if 0 < len(first) <= LONGEST:
            page = outline(decode(first).text)
            yield sample_of(version.url, version.number, page.sheet, page.body.kept if page.body else ())
