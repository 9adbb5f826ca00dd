"""What one pending visit means to a reader: pure, from what is known of the page to the changes to tell.

The order of the questions is the rule "one event for one happening": a page that is hijacked is tampered with and
nothing else; one that is gone is not also edited; one that is back is told as back, with what is different now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from crawler.extraction.template import is_redrawn, template_similarity
from crawler.sites import Site
from monitor.compare import backdating
from monitor.compare.difference import Difference, honest_difference
from monitor.compare.presence import BY_HAND, SAME_EVERYWHERE, is_confirmed, is_outage, removal_evidence
from monitor.compare.redesign import redesigned
from monitor.compare.signs import hosts_of
from monitor.compare.tampering import note_of, tampering
from monitor.compare.weight import weight_of
from storage.records import (
    MISSING,
    Change,
    ChangeKind,
    Facts,
    Observation,
    Outcome,
    Page,
    PageKind,
    Role,
    Settlement,
    Told,
    Version,
)


@dataclass(frozen=True, slots=True)
class Case:
    """All that a decision looks at.

    ``base`` is the version to compare with and ``fresh`` the one the visit brought, both read by the same extractor.
    ``streak`` is the row of visits that found the page gone. ``original`` is the address that a new page reprints,
    ``old_address`` the one it moved from and ``before_move`` what was last told there. ``hosts`` are the outside hosts
    the site is known to link to. ``template`` is the site's told frame, ``templates`` those of its pages that still
    show it or changed theirs. ``presence`` counts the site's pages that are missing, and all that were looked at since
    this one went missing; ``heir`` is where the article of a missing page stands now. ``sharing`` counts other pages
    that show what this one shows, each in the place of its own article. ``column`` is the list that named a new page.
    """

    site: Site
    observation: Observation
    page: Page
    base: Version | None = None
    fresh: Version | None = None
    streak: tuple[Observation, ...] = ()
    original: str | None = None
    old_address: str | None = None
    before_move: Version | None = None
    hosts: frozenset[str] = frozenset()
    template: str = ""
    templates: tuple[str, ...] = ()
    presence: tuple[int, int] = (0, 0)
    heir: str | None = None
    sharing: int = 0
    column: Page | None = None


@dataclass(frozen=True, slots=True)
class _Verdict:
    """A decision in the making: what to tell, and what the page is called from now on."""

    changes: tuple[Change, ...] = ()
    told: Told | None = None
    base_version: int | None = None
    template: str | None = None
    moved_to: str | None = None


def decide(case: Case, now: datetime) -> Settlement:
    """The settlement of one pending visit."""
    outcome = case.observation.outcome
    if case.page.role is Role.COLUMN:
        verdict = _column(case, now)
    elif outcome in MISSING:
        verdict = _missing(case, now)
    elif outcome is Outcome.MOVED:
        verdict = _moved(case, now)
    elif case.fresh is not None:
        verdict = _read(case, case.fresh, now)
    else:
        verdict = _back(case, now)
    page = replace(
        case.page,
        told=verdict.told or case.page.told,
        base_version=case.page.base_version if verdict.base_version is None else verdict.base_version,
        moved_to=verdict.moved_to or case.page.moved_to,
    )
    honest = hosts_of(case.fresh.article.surface) if case.fresh and page.told is Told.LIVE else ()
    return Settlement(case.observation, case.page, page, verdict.changes, verdict.template, honest, case.template)


def is_sites_trouble(case: Case) -> bool:
    """Whether what a visit found is told of the site and not of the page: most of it gone, or all of it the same."""
    if case.observation.outcome in MISSING:
        waits = case.page.told not in (Told.REMOVED, Told.MOVED) and case.heir is None
        return waits and is_confirmed(case.streak, case.site.removal) and is_outage(case.streak, *case.presence)
    return case.fresh is not None and case.sharing + 1 >= SAME_EVERYWHERE


def _column(case: Case, now: datetime) -> _Verdict:
    """A list or home page is told when it was hijacked and when it is clean again; its news are its articles."""
    if case.fresh is None:
        return _Verdict()
    evidence = _hijack(case, case.fresh)
    if evidence:
        return _tampered(case, evidence, now)
    back = (_restored(case, None, now),) if case.page.told is Told.TAMPERED else ()
    return _Verdict(back, Told.LIVE, case.fresh.number)


def _hijack(case: Case, fresh: Version) -> Mapping[str, object] | None:
    """The evidence that the page was hijacked, measured against its last clean version and the hosts of its site."""
    old = case.base.article if case.base else None
    own = {urlsplit(column).hostname or "" for column in case.site.columns}
    evidence = tampering(old, fresh.article, case.hosts | own)
    if (
        evidence is None
        and old is not None
        and fresh.article.kind is not PageKind.ARTICLE
        and old.kind is PageKind.ARTICLE
    ):
        # Kept only because one look showed a hijacker's page in the article's place.
        return {"taken_over": fresh.article.surface.title}
    return evidence


def _missing(case: Case, now: datetime) -> _Verdict:
    if case.page.told in (Told.REMOVED, Told.MOVED) or not is_confirmed(case.streak, case.site.removal):
        return _Verdict()
    if case.heir is not None:
        last, evidence = case.streak[-1], {"to": case.heir, **removal_evidence(case.streak)}
        moved = _change(case, ChangeKind.MOVED, now, how=last.how, evidence=evidence, note=f"现址 {case.heir}")
        return _Verdict((moved,), Told.MOVED, moved_to=case.heir)
    if is_sites_trouble(case):
        # Settled without a word: the next visit that finds the page gone is asked again.
        return _Verdict()
    last = case.streak[-1]
    note = BY_HAND if last.by_hand and len(case.streak) == 1 else None
    gone = _change(case, ChangeKind.REMOVED, now, how=last.how, evidence=removal_evidence(case.streak), note=note)
    return _Verdict((gone,), Told.REMOVED)


def _moved(case: Case, now: datetime) -> _Verdict:
    if case.page.told is Told.MOVED:
        return _Verdict()
    seen = case.observation
    moved = _change(
        case, ChangeKind.MOVED, now, how=seen.how, evidence=seen.evidence, note=f"现址 {seen.evidence.get('to')}"
    )
    return _Verdict((moved,), Told.MOVED)


def _back(case: Case, now: datetime) -> _Verdict:
    """The page answers again, with what it said before."""
    if case.page.told not in (Told.REMOVED, Told.MOVED):
        return _Verdict()
    return _Verdict((_change(case, ChangeKind.RESTORED, now),), Told.LIVE)


def _read(case: Case, fresh: Version, now: datetime) -> _Verdict:
    old = case.base.article if case.base else None
    evidence = _hijack(case, fresh)
    if evidence:
        return _tampered(case, evidence, now)
    if case.page.told is Told.NOTHING:
        return _first(case, fresh, now)
    if is_sites_trouble(case):
        # The base stays what the page said itself: when it is back, nothing happened to it.
        return _Verdict()
    changed = honest_difference(old, fresh.article) if old else None
    if case.page.told is not Told.LIVE:
        return _Verdict((_restored(case, changed, now),), Told.LIVE, fresh.number)
    told = [_edited(case, changed, now)] if changed else []
    template = _redesign(case)
    if template:
        told.append(_redesigned(case, template, now))
    return _Verdict(tuple(told), Told.LIVE, fresh.number, template)


def _tampered(case: Case, evidence: Mapping[str, object], now: datetime) -> _Verdict:
    # The base stays the last clean version: when the page is clean again, that is what it is compared with.
    if case.page.told is Told.TAMPERED:
        return _Verdict()
    hijacked = _change(case, ChangeKind.TAMPERED, now, evidence=evidence, note=note_of(evidence))
    return _Verdict((hijacked,), Told.TAMPERED)


def _first(case: Case, fresh: Version, now: datetime) -> _Verdict:
    template = fresh.article.template if not case.template and fresh.article.template else None
    if case.old_address is not None:
        # The move was told of the old address; what was edited on the way is told of the new one.
        old = case.before_move.article if case.before_move else None
        changed = honest_difference(old, fresh.article) if old else None
        edited = [replace(_edited(case, changed, now), evidence={"moved_from": case.old_address})] if changed else []
        return _Verdict(tuple(edited), Told.LIVE, fresh.number, template)
    early = backdating.backdated(fresh.article.published_at, case.page, case.column)
    note = backdating.note_of(early) if early else None
    new = _change(case, ChangeKind.NEW, now, evidence=early, note=note, reprint_of=case.original)
    return _Verdict((new,), Told.LIVE, fresh.number, template)


def _restored(case: Case, changed: Difference | None, now: datetime) -> Change:
    note = "篡改已清除" if case.page.told is Told.TAMPERED else None
    back = _change(case, ChangeKind.RESTORED, now, note=note)
    return _with(back, changed) if changed else back


def _edited(case: Case, changed: Difference, now: datetime) -> Change:
    return _with(_change(case, changed.kind, now), changed)


def _with(change: Change, changed: Difference) -> Change:
    return replace(
        change,
        weight=max(change.weight, changed.weight) if change.kind is ChangeKind.RESTORED else changed.weight,
        edits=changed.edits,
        facts=changed.facts,
        paragraphs_added=changed.paragraphs_added,
        paragraphs_removed=changed.paragraphs_removed,
        note=change.note or changed.note,
    )


def _redesign(case: Case) -> str | None:
    """The site's new frame, where this visit shows that the site was redesigned."""
    if not case.template or case.fresh is None or case.base is None:
        return None
    if not is_redrawn(case.base.article.template, case.fresh.article.template):
        return None
    template = redesigned(case.template, case.templates, template_similarity)
    # What other pages show meanwhile (a notice in every article's place) is no design that this one was given.
    return template if template and not is_redrawn(template, case.fresh.article.template) else None


def _redesigned(case: Case, template: str, now: datetime) -> Change:
    alike = sum(template_similarity(template, other) > 0.5 for other in case.templates)
    return Change(
        site=case.site.key,
        url=case.site.columns[0],
        kind=ChangeKind.REDESIGNED,
        detected_at=now,
        title=case.site.name,
        weight=weight_of(ChangeKind.REDESIGNED, (), Facts()),
        evidence={"pages_seen": len(case.templates), "pages_in_new_frame": alike},
    )


def _change(
    case: Case,
    kind: ChangeKind,
    now: datetime,
    *,
    how: str | None = None,
    evidence: Mapping[str, object] | None = None,
    note: str | None = None,
    reprint_of: str | None = None,
) -> Change:
    """A change of the case's page; where nothing fresh was read it ends with no version."""
    known = case.fresh or case.base
    gone = kind in (ChangeKind.REMOVED, ChangeKind.MOVED)
    return Change(
        site=case.page.site,
        url=case.page.url,
        kind=kind,
        detected_at=now,
        title=(case.base or known).article.title if kind is ChangeKind.TAMPERED and known else _title(case, known),
        from_version=_from_version(case, kind),
        to_version=None if gone else (known.number if known else None),
        weight=weight_of(kind, (), Facts()),
        how=how,
        evidence=evidence or {},
        note=note,
        reprint_of=reprint_of,
    )


def _title(case: Case, known: Version | None) -> str | None:
    return (known.article.title if known else None) or case.page.listed_title


def _from_version(case: Case, kind: ChangeKind) -> int | None:
    if kind is ChangeKind.NEW:
        return None
    if case.fresh is not None and case.page.told is Told.TAMPERED:
        return case.fresh.number - 1
    return case.base.number if case.base else None
