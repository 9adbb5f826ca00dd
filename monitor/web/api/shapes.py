"""Records as the API's JSON. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.articlejson import article_json
from monitor.stories import Part
from monitor.tell import as_json, china_time
from monitor.web.compared import compared as versions_compared
from storage.browsing import ArticleCard, ColumnCard, DayCount, Dossier, Entry, ResponseDay, SiteCard, VersionCard
from storage.records import Change, Observation, Page, Run, SiteHealth, Version
from storage.stories import Printing

Shape = dict[str, Any]


def moment(at: datetime | None) -> str | None:
    """A moment in China time."""
    return china_time(at) if at else None


def change(entry: Entry) -> Shape:
    """A change of the log."""
    return {**as_json(entry.change), "id": entry.change.id, "article": entry.page_id, "story": entry.story}


def site(card: SiteCard) -> Shape:
    """A site in few figures."""
    return {
        "key": card.key,
        "name": card.name,
        "articles": card.articles,
        "withdrawn": card.withdrawn,
        "columns": card.columns,
        "checked_at": moment(card.checked_at),
        "news_at": moment(card.news_at),
    }


def column(card: ColumnCard) -> Shape:
    """A watched column."""
    return {
        "id": card.page.id,
        "site": card.page.site,
        "url": card.page.url,
        "articles": card.articles,
        "news_at": moment(card.news_at),
        "checked_at": moment(card.page.checked_at),
        "failures": card.page.failures,
    }


def response(day: ResponseDay) -> Shape:
    """How a site answered on one day."""
    return {
        "day": day.day.isoformat(),
        "visits": day.visits,
        "failures": day.failures,
        "blocked": day.blocked,
        "median_ms": day.median_ms,
        "slowest_ms": day.slowest_ms,
    }


def page(known: Page, title: str | None, story: int | None) -> Shape:
    """A page in a list."""
    return {
        "id": known.id,
        "site": known.site,
        "url": known.url,
        "role": known.role.value,
        "title": title,
        "versions": known.version,
        "told": known.told.value,
        "story": story,
        "first_seen_at": moment(known.first_seen_at),
        "checked_at": moment(known.checked_at),
    }


def article(card: ArticleCard) -> Shape:
    """An article in a list."""
    return page(card.page, card.title, card.story)


def version_card(card: VersionCard) -> Shape:
    """A version without its text."""
    return {
        "number": card.number,
        "seen_at": moment(card.seen_at),
        "title": card.title,
        "body": card.body_hash,
        "size": card.size,
        "flags": list(card.flags),
    }


def dossier(known: Dossier) -> Shape:
    """A page with its versions and how its visits ended."""
    title = known.versions[-1].title if known.versions else None
    return {
        **page(known.page, title or known.page.listed_title, known.story),
        "column": known.page.column,
        "missing_since": moment(known.page.missing_since),
        "moved_to": known.page.moved_to,
        "visits": dict(known.visits),
        "history": [version_card(card) for card in known.versions],
    }


def version(kept: Version) -> Shape:
    """A version as ``history --json`` prints it."""
    return {
        "site": kept.site,
        "url": kept.url,
        "version": kept.number,
        "seen_at": moment(kept.seen_at),
        "fingerprint": kept.fingerprint,
        "body": kept.body_hash,
        "article": article_json(kept.article, kept.url, kept.url),
    }


def compared(old: Version, new: Version) -> Shape | None:
    """What a reader would be told of two versions of one page, of very long texts by their beginning."""
    found = versions_compared(old, new).found
    if found is None:
        return None
    return as_json(
        Change(
            site=new.site,
            url=new.url,
            kind=found.kind,
            detected_at=new.seen_at,
            title=new.article.title or old.article.title,
            from_version=old.number,
            to_version=new.number,
            weight=found.weight,
            edits=found.edits,
            facts=found.facts,
            paragraphs_added=found.paragraphs_added,
            paragraphs_removed=found.paragraphs_removed,
            note=found.note,
        )
    )


def visit(seen: Observation) -> Shape:
    """One visit to a page."""
    return {
        "id": seen.id,
        "at": moment(seen.at),
        "outcome": seen.outcome.value,
        "status": seen.status,
        "duration_ms": seen.duration_ms,
        "size": seen.size,
        "version": seen.version,
        "how": seen.how,
        "by_hand": seen.by_hand,
    }


def printing(kept: Printing, part: Part, original: bool) -> Shape:
    """A page's printing of a story."""
    return {
        "site": part.site,
        "url": part.url,
        "article": kept.newest.page_id,
        "title": part.title,
        "published_at": part.published_at,
        "source": part.source,
        "first_seen_at": moment(kept.first.seen_at),
        "first": kept.first.number,
        "newest": kept.newest.number,
        "original": original,
        "differs": part.differs,
        "behind": part.behind.changed() if part.behind else None,
        "since": part.since.value if part.since else None,
        "stands": part.stands,
    }


def day(counted: DayCount) -> Shape:
    """How many changes of each kind a day had."""
    return {
        "day": counted.day.isoformat(),
        "total": counted.total,
        "counts": {kind.value: number for kind, number in counted.counts.items()},
    }


def health(one: SiteHealth) -> Shape:
    """How a site did on a day."""
    return {
        "site": one.site,
        "name": one.name,
        "last_success_at": moment(one.last_success_at),
        "visits": one.visits,
        "failures": one.failures,
        "blocked": one.blocked,
        "pages": one.pages,
        "missing": one.missing,
        "dead_links": one.dead_links,
        "stale_columns": list(one.stale_columns),
        "stale_notices": list(one.stale_notices),
        "note": one.note,
    }


def run(one: Run) -> Shape:
    """One crawl of one site."""
    return {
        "id": one.id,
        "site": one.site,
        "started_at": moment(one.started_at),
        "finished_at": moment(one.finished_at),
        "reason": one.reason,
        "visits": one.visits,
        "requests": one.requests,
    }
