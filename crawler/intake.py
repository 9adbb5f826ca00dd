"""What one visit is kept as: pure, from (site, visit, page, latest version) to observation, version and page.

The rules of the three logs live here: every visit is an observation; only an article that was really read, and says
something that its last version did not, is a version; an error, a firewall page or an empty frame never is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from crawler.addresses import same_page
from crawler.attachments import NOT_MODIFIED, failures, files_after, is_replaced
from crawler.extraction.template import is_redrawn
from crawler.habits import Habits, article_limits
from crawler.instead import TAMPERED, UNTOLD, broke_off, is_another_page, is_hijackers
from crawler.named import addresses_named, relisted, standing_lists
from crawler.recrawl import next_due
from crawler.sites import Site
from storage.attachments import KeptFile, with_hashes
from storage.bodies import body_hash
from storage.codec import dump
from storage.records import (
    AILING,
    MISSING,
    READ,
    Article,
    Intake,
    Observation,
    Outcome,
    Page,
    PageKind,
    Role,
    Surface,
    Told,
    Version,
    Visit,
)

GONE = frozenset({404, 410})
FIREWALL = frozenset({403, 405, 412, 418, 429, 468, 493, 521})
"""Answers that city firewalls give to a visitor they distrust (FIELD.md); none of them says that a page is gone."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a visit came to, with how (404, soft-404, redirect, an error …) and what else speaks for it."""

    outcome: Outcome
    how: str | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)


def take_in(
    site: Site,
    visit: Visit,
    page: Page,
    latest: Version | None,
    known: Mapping[str, Page],
    again: Version | None = None,
    habits: Habits | None = None,
) -> Intake:
    """Decide what a visit is kept as. ``known`` are the pages of the visit's links that the archive knows.

    ``again`` is the latest version as this visit's extractor reads it, where another one read it at the time;
    ``habits`` are the site's, for when to look again.
    """
    files = files_after(visit, latest)
    replaced = is_replaced(files, latest)
    if replaced and visit.status == NOT_MODIFIED and latest is not None:
        # The page stands as it was read; what is new is a file of it.
        visit = replace(visit, article=latest.article, etag=page.etag, last_modified=page.last_modified)
    told_by = latest if page.role is Role.ARTICLE else None
    finding = find(site, visit, page, _as_read_now(visit, page, told_by, again))
    finding = _with_files(finding, visit, replaced)
    after = _page_after(visit, page, finding.outcome)
    version = None
    if finding.outcome is Outcome.NEW_VERSION and visit.article is not None:
        version = _version(visit, page, latest, files)
        after = replace(after, version=version.number, changed_at=visit.at if page.version else None)
    elif _looks_otherwise(visit, page, finding.outcome, latest):
        version = _version(visit, page, latest, files)
        after = replace(after, version=version.number)
    after = replace(after, due_at=next_due(after, finding.outcome, site.schedule, visit.at, habits).at)
    observation = _observation(visit, page, finding, version)
    standing = standing_lists(visit, page) if finding.outcome is Outcome.LISTED else None
    discovered = addresses_named(site, visit, page, known, finding.outcome)
    listed = finding.outcome is Outcome.LISTED
    again_due = relisted(visit, page, known, article_limits(site.schedule)[0]) if listed else ()
    return Intake(
        observation, after, version, discovered, standing, files if finding.outcome in READ else (), again_due
    )


def _observation(visit: Visit, page: Page, finding: Finding, version: Version | None) -> Observation:
    return Observation(
        site=visit.site,
        url=visit.url,
        at=visit.at,
        run=visit.run,
        outcome=finding.outcome,
        page_id=page.id,
        status=visit.status,
        duration_ms=visit.duration_ms,
        size=len(visit.body or b""),
        version=version.number if version else None,
        how=finding.how,
        evidence=finding.evidence,
        by_hand=visit.by_hand,
        pending=version is not None or _is_pending(finding.outcome, page),
    )


def _looks_otherwise(visit: Visit, page: Page, outcome: Outcome, latest: Version | None) -> bool:
    """Whether a column's first page shows search engines, or hides from readers, what it did not before.

    That alone makes a version of a column: what it lists is links, and they become pages.
    """
    if visit.role is not Role.COLUMN or page.depth or visit.article is None or visit.article.surface == Surface():
        return False
    if outcome is not Outcome.LISTED and not (outcome is Outcome.EMPTY and latest is not None):
        return False
    return latest is None or fingerprint(_shown(visit.article)) != latest.fingerprint


def _shown(article: Article) -> Article:
    """What of a list page is kept as its version: neither what it lists nor text that stands beside it."""
    flags = tuple(flag for flag in article.flags if flag == TAMPERED)
    return Article(
        article.kind, surface=article.surface, flags=flags, extractor=article.extractor, encoding=article.encoding
    )


def _with_files(finding: Finding, visit: Visit, replaced: bool) -> Finding:
    """A finding with what its files say: one that was replaced is a new version of a page that stands as it was."""
    if finding.outcome not in READ:
        return finding
    missed = failures(visit)
    evidence = {**finding.evidence, "files": missed} if missed else finding.evidence
    outcome = Outcome.NEW_VERSION if replaced else finding.outcome
    return replace(finding, outcome=outcome, evidence=evidence)


def _as_read_now(visit: Visit, page: Page, latest: Version | None, again: Version | None) -> Version | None:
    """The latest version as far as it is known how this visit's extractor reads it: its upgrade is never an edit."""
    if latest is None or visit.article is None:
        return latest
    if again is not None and again.number == latest.number:
        return again
    if page.read_as is not None and page.read_by == visit.article.extractor:
        return replace(latest, fingerprint=page.read_as)
    return latest


def find(site: Site, visit: Visit, page: Page, latest: Version | None) -> Finding:
    """What a visit came to."""
    if visit.refused:
        return Finding(Outcome.REFUSED, visit.error)
    if visit.status is None:
        return Finding(Outcome.FAILED, visit.error or "no answer")
    kind = visit.article.kind if visit.article else None
    if visit.status in GONE:
        return Finding(Outcome.GONE, str(visit.status))
    if visit.status == 304:
        return Finding(Outcome.NOT_MODIFIED)
    if kind is PageKind.BLOCKED or visit.status in FIREWALL:
        return Finding(Outcome.BLOCKED, str(visit.status))
    if visit.status != 200 or visit.article is None:
        return Finding(Outcome.FAILED, str(visit.status))
    return _find_read(site, visit, visit.article, page, latest)


def _find_read(site: Site, visit: Visit, article: Article, page: Page, latest: Version | None) -> Finding:
    if latest is not None and is_hijackers(site, visit, article):
        return Finding(Outcome.UNCHANGED if fingerprint(article) == latest.fingerprint else Outcome.NEW_VERSION)
    if visit.role is Role.COLUMN and (article.links or article.lists):
        # A column may redirect to its own index page, or to its new address: it lists, and that is all it is for.
        return Finding(Outcome.LISTED)
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
    if latest is not None and broke_off(article, latest.article):
        return Finding(Outcome.FAILED, "the page broke off")
    if (
        latest is None
        or fingerprint(article) != latest.fingerprint
        or is_redrawn(latest.article.template, article.template)
    ):
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
    if article.kind is PageKind.ARTICLE and _says_the_same(article, latest.article):
        return Finding(Outcome.MOVED, "redirect", evidence)
    return Finding(Outcome.SOFT_GONE, "redirect", evidence)


def _says_the_same(one: Article, other: Article) -> bool:
    if one.title and one.title == other.title:
        return True
    return bool(one.canonical) and _squash(one.canonical) == _squash(other.canonical)


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


def _version(visit: Visit, page: Page, latest: Version | None, files: tuple[KeptFile, ...]) -> Version:
    assert visit.article is not None
    article = visit.article if visit.role is Role.ARTICLE else _shown(visit.article)
    attachments = with_hashes(article.attachments, files)
    return Version(
        site=visit.site,
        url=visit.url,
        number=page.version + 1,
        seen_at=visit.at,
        fingerprint=fingerprint(article),
        article=replace(article, attachments=attachments),
        page_id=page.id,
        body_hash=_body_of(visit, latest),
        files=files,
    )


def _body_of(visit: Visit, latest: Version | None) -> str | None:
    """The name of the raw response; that of the version before where the page itself did not change."""
    if visit.body is not None:
        return body_hash(visit.body)
    return latest.body_hash if latest is not None and visit.status == NOT_MODIFIED else None


def _page_after(visit: Visit, page: Page, outcome: Outcome) -> Page:
    after = replace(page, checked_at=visit.at)
    if outcome in READ:
        after = replace(after, ok_at=visit.at, failures=0, missing_since=None)
        if outcome is not Outcome.NOT_MODIFIED:
            final = visit.final_url or visit.url
            leads_to = None if same_page(final, visit.url) else final
            after = replace(after, etag=visit.etag, last_modified=visit.last_modified, leads_to=leads_to)
        if visit.article is not None and visit.article.published_at and not page.listed_date:
            after = replace(after, listed_date=visit.article.published_at)
        if visit.article is not None and outcome is Outcome.LISTED:
            after = replace(after, read_by=visit.article.extractor)
        elif visit.article is not None:
            after = replace(after, read_by=visit.article.extractor, read_as=fingerprint(visit.article))
    elif outcome in MISSING:
        after = replace(after, failures=0, missing_since=page.missing_since or visit.at)
    elif outcome in AILING:
        after = replace(after, failures=page.failures + 1)
    return after


def _is_pending(outcome: Outcome, page: Page) -> bool:
    """Whether the comparison has something to say about a visit. It decides; this only spares it the rest."""
    if outcome is Outcome.NEW_VERSION:
        return True
    if page.role is Role.COLUMN:
        return False
    if outcome in MISSING:
        return page.version > 0 and page.told not in (Told.REMOVED, Told.MOVED)
    if outcome is Outcome.MOVED:
        return page.told is not Told.MOVED
    return outcome in READ and page.told in (Told.REMOVED, Told.MOVED)
