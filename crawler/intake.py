"""What one visit is kept as: pure, from (site, visit, page, latest version) to observation, version and page.

The rules of the three logs live here: every visit is an observation; only an article that was really read, and says
something that its last version did not, is a version; an error, a firewall page or an empty frame never is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from crawler.addresses import may_be_page, same_page
from crawler.attachments import NOT_MODIFIED, failures, files_after, is_replaced
from crawler.finding import Finding, find, fingerprint
from crawler.habits import Habits, article_limits
from crawler.instead import TAMPERED, is_led_away
from crawler.named import addresses_named, relisted, standing_lists
from crawler.recrawl import next_due
from crawler.sites import Site
from storage.attachments import KeptFile, with_hashes
from storage.bodies import SAME_BYTES, body_hash
from storage.health import DEAD
from storage.records import (
    AILING,
    MISSING,
    READ,
    Article,
    Intake,
    Observation,
    Outcome,
    Page,
    Role,
    Surface,
    Told,
    Version,
    Visit,
)

MOST_DEAD = 200
"""Dead links that are kept of one list."""


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
    finding = _with_dead(_with_bytes(_with_files(finding, visit, replaced), visit, latest), visit, known)
    after = _page_after(site, visit, page, finding.outcome)
    version = None
    if finding.outcome is Outcome.NEW_VERSION and visit.article is not None:
        version = _version(visit, page, latest, files)
        after = replace(after, version=version.number, changed_at=visit.at if page.version else None)
    elif _looks_otherwise(visit, page, finding.outcome, latest):
        version = _version(visit, page, latest, files)
        after = replace(after, version=version.number)
    due = next_due(after, finding.outcome, site.schedule, visit.at, habits)
    after = replace(after, due_at=due.at, due_why=due.why)
    observation = _observation(visit, page, finding, version)
    listed = finding.outcome is Outcome.LISTED
    standing = standing_lists(visit, page) if listed else None
    discovered = addresses_named(site, visit, page, known, finding.outcome)
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


def _with_bytes(finding: Finding, visit: Visit, latest: Version | None) -> Finding:
    """A finding that says where an unchanged page came as the very bytes that are kept: most differ in a counter."""
    if finding.outcome not in (Outcome.UNCHANGED, Outcome.LISTED) or visit.body is None:
        return finding
    kept = latest.body_hash if latest is not None else None
    if not (visit.same_bytes or (kept is not None and body_hash(visit.body) == kept)):
        return finding
    return replace(finding, evidence={**finding.evidence, SAME_BYTES: True})


def _with_dead(finding: Finding, visit: Visit, known: Mapping[str, Page]) -> Finding:
    """A finding that says which of a list's links lead to pages that are gone: what a list leads to is not kept."""
    if finding.outcome is not Outcome.LISTED or visit.article is None:
        return finding
    led_to = (known.get(link.url) for link in visit.article.links)
    gone = {page.id: None for page in led_to if page is not None and page.missing_since is not None}
    if not gone:
        return finding
    return replace(finding, evidence={**finding.evidence, DEAD: list(gone)[:MOST_DEAD]})


def _as_read_now(visit: Visit, page: Page, latest: Version | None, again: Version | None) -> Version | None:
    """The latest version as far as it is known how this visit's extractor reads it: its upgrade is never an edit."""
    if latest is None or visit.article is None:
        return latest
    if again is not None and again.number == latest.number:
        return again
    if page.read_as is not None and page.read_by == visit.article.extractor:
        return replace(latest, fingerprint=page.read_as)
    return latest


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


def _page_after(site: Site, visit: Visit, page: Page, outcome: Outcome) -> Page:
    after = replace(page, checked_at=visit.at)
    if outcome in READ:
        after = replace(after, ok_at=visit.at, failures=0, missing_since=None)
        if outcome is not Outcome.NOT_MODIFIED:
            final = visit.final_url or visit.url
            leads_to = None if same_page(final, visit.url) else final
            if is_led_away(site, visit):
                # Being led to a stranger's does not make it the place where the page is read.
                leads_to = page.leads_to
            after = replace(after, etag=visit.etag, last_modified=visit.last_modified, leads_to=leads_to)
        if visit.article is not None and visit.article.published_at and not page.listed_date:
            after = replace(after, listed_date=visit.article.published_at)
        if visit.article is not None and outcome is Outcome.LISTED:
            after = replace(after, read_by=visit.article.extractor)
        elif visit.article is not None:
            after = replace(after, read_by=visit.article.extractor, read_as=fingerprint(visit.article))
    elif outcome in MISSING:
        after = replace(after, failures=0, missing_since=page.missing_since or visit.at)
    elif outcome is Outcome.MOVED and visit.final_url and may_be_page(visit.final_url):
        after = replace(after, moved_to=visit.final_url)
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
