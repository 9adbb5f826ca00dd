"""Records to table rows and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from storage.codec import (
    article_from_json,
    dump,
    edits_from_list,
    edits_to_list,
    facts_from_dict,
    facts_to_dict,
    load,
)
from storage.lives import Why
from storage.records import Change, ChangeKind, Lesson, Observation, Outcome, Page, Role, Told, Version
from storage.sql.said import said_of, said_values

Values = dict[str, Any]


def words(outcomes: Iterable[Outcome]) -> list[str]:
    """Outcomes as they stand in a column."""
    return sorted(outcome.value for outcome in outcomes)


def page_values(page: Page) -> Values:
    """A page as columns, without its id."""
    return {
        "site": page.site,
        "url": page.url,
        "role": page.role.value,
        "found_on": page.column,
        "depth": page.depth,
        "listed_title": page.listed_title,
        "listed_date": page.listed_date,
        "first_seen_at": page.first_seen_at,
        "etag": page.etag,
        "last_modified": page.last_modified,
        "checked_at": page.checked_at,
        "ok_at": page.ok_at,
        "changed_at": page.changed_at,
        "due_at": page.due_at,
        "failures": page.failures,
        "missing_since": page.missing_since,
        "version": page.version,
        "base_version": page.base_version,
        "told": page.told.value,
        "leads_to": page.leads_to,
        "read_by": page.read_by,
        "read_as": page.read_as,
        "moved_to": page.moved_to,
        "due_why": page.due_why.value if page.due_why else None,
    }


def changed_values(before: Page, after: Page) -> Values:
    """The columns that differ: SQLite writes every index anew that has one of the columns in an update."""
    old = page_values(before)
    return {name: value for name, value in page_values(after).items() if value != old[name]}


def page_from(row: Row[Any]) -> Page:
    """The page of a row of ``pages``."""
    cell = row._mapping
    return Page(
        id=cell["id"],
        site=cell["site"],
        url=cell["url"],
        role=Role(cell["role"]),
        column=cell["found_on"],
        depth=cell["depth"],
        listed_title=cell["listed_title"],
        listed_date=cell["listed_date"],
        first_seen_at=cell["first_seen_at"],
        etag=cell["etag"],
        last_modified=cell["last_modified"],
        checked_at=cell["checked_at"],
        ok_at=cell["ok_at"],
        changed_at=cell["changed_at"],
        due_at=cell["due_at"],
        failures=cell["failures"],
        missing_since=cell["missing_since"],
        version=cell["version"],
        base_version=cell["base_version"],
        told=Told(cell["told"]),
        leads_to=cell["leads_to"],
        read_by=cell["read_by"],
        read_as=cell["read_as"],
        moved_to=cell["moved_to"],
        due_why=Why(cell["due_why"]) if cell["due_why"] else None,
    )


def observation_values(observation: Observation, page_id: int) -> Values:
    """An observation as columns, without its id."""
    return {
        "page_id": page_id,
        "run": observation.run,
        "at": observation.at,
        "status": observation.status,
        "outcome": observation.outcome.value,
        "duration_ms": observation.duration_ms,
        "size": observation.size,
        "version": observation.version,
        "how": observation.how,
        "evidence": dump(dict(observation.evidence)),
        "by_hand": observation.by_hand,
        "pending": observation.pending,
    }


def observation_from(row: Row[Any]) -> Observation:
    """The observation of a row of ``observations`` joined with ``site`` and ``url`` of its page."""
    cell = row._mapping
    return Observation(
        id=cell["id"],
        page_id=cell["page_id"],
        site=cell["site"],
        url=cell["url"],
        at=cell["at"],
        run=cell["run"],
        outcome=Outcome(cell["outcome"]),
        status=cell["status"],
        duration_ms=cell["duration_ms"],
        size=cell["size"],
        version=cell["version"],
        how=cell["how"],
        evidence=load(cell["evidence"]),
        by_hand=bool(cell["by_hand"]),
        pending=bool(cell["pending"]),
    )


def version_values(version: Version, page_id: int, base: tuple[int, bytes] | None = None) -> Values:
    """A version as columns, without its id; ``base`` as for ``said_values``."""
    return {
        "page_id": page_id,
        "number": version.number,
        "seen_at": version.seen_at,
        "fingerprint": version.fingerprint,
        "body_hash": version.body_hash,
        "title": version.article.title,
        "template": version.article.template,
        **said_values(version.article, base),
    }


def version_from(row: Row[Any]) -> Version:
    """The version of a row of ``select_versions``."""
    cell = row._mapping
    return Version(
        id=cell["id"],
        page_id=cell["page_id"],
        site=cell["site"],
        url=cell["url"],
        number=cell["number"],
        seen_at=cell["seen_at"],
        fingerprint=cell["fingerprint"],
        body_hash=cell["body_hash"],
        article=article_from_json(*said_of(row), cell["title"], cell["template"]),
    )


def lesson_values(lesson: Lesson) -> Values:
    """A lesson as columns."""
    return {
        "site": lesson.site,
        "name": lesson.name,
        "learned_at": lesson.learned_at,
        "versions": lesson.versions,
        "template": lesson.template,
        "furniture": lesson.furniture,
    }


def lesson_from(row: Row[Any]) -> Lesson:
    """The lesson of a row of ``lessons``."""
    cell = row._mapping
    return Lesson(
        site=cell["site"],
        name=cell["name"],
        learned_at=cell["learned_at"],
        versions=cell["versions"],
        template=cell["template"],
        furniture=cell["furniture"],
    )


def change_values(change: Change, page_id: int | None) -> Values:
    """A change as columns, without its id."""
    return {
        "site": change.site,
        "page_id": page_id,
        "url": change.url,
        "kind": change.kind.value,
        "detected_at": change.detected_at,
        "title": change.title,
        "from_version": change.from_version,
        "to_version": change.to_version,
        "weight": change.weight,
        "how": change.how,
        "paragraphs_added": change.paragraphs_added,
        "paragraphs_removed": change.paragraphs_removed,
        "reprint_of": change.reprint_of,
        "note": change.note,
        "edits": json.dumps(edits_to_list(change.edits), ensure_ascii=False),
        "facts": dump(facts_to_dict(change.facts)),
        "evidence": dump(dict(change.evidence)),
    }


def change_from(row: Row[Any]) -> Change:
    """The change of a row of ``changes``."""
    cell = row._mapping
    return Change(
        id=cell["id"],
        site=cell["site"],
        url=cell["url"],
        kind=ChangeKind(cell["kind"]),
        detected_at=cell["detected_at"],
        title=cell["title"],
        from_version=cell["from_version"],
        to_version=cell["to_version"],
        weight=cell["weight"],
        how=cell["how"],
        edits=edits_from_list(json.loads(cell["edits"])),
        facts=facts_from_dict(load(cell["facts"])),
        paragraphs_added=cell["paragraphs_added"],
        paragraphs_removed=cell["paragraphs_removed"],
        reprint_of=cell["reprint_of"],
        evidence=load(cell["evidence"]),
        note=cell["note"],
    )
